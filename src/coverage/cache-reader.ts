/**
 * Questions to a coverage cache: counts of a day by unit, one page of a list, what changed between two days. Each reads
 * what it answers with and the tallies beside it, never the history. It knows codes, not people: whoever shows a row
 * asks the policy about that person again.
 */
import type { Statement } from 'better-sqlite3';
import { BlockCounts, type CachedDay, codesCount, talliesOfChunks } from './block-counts.ts';
import { type CacheFile, codeCharacter, codesOfText } from './cache-file.ts';
import {
  blocksAtOnce,
  type CachedListQuestion,
  type CachedPage,
  CachePages,
  columnsOfBlocks,
  peopleOfBlock,
  sinceOfBlock,
} from './cache-pages.ts';
import { addTally, blockOfSlot, codeOfSlot } from './tallies.ts';

export interface CachedSpan {
  readonly person: string;
  readonly certificate: string;
  readonly unit: string;
  readonly from: number;
  readonly until: number;
  readonly code: number;
}

const spanColumns = 'person, certificate, unit, from_day AS "from", until_day AS until, codes';

type SpanRow = Omit<CachedSpan, 'code'> & { readonly codes: string };

/** One question about many; what holds of a person is told in order. */
const spansOfPersons = `SELECT s.person, s.certificate, s.unit, s.from_day, s.until_day, substr(s.codes, @at, 1)
  FROM json_each(@persons) j CROSS JOIN spans s ON s.person = j.value ORDER BY j.key, s.from_day`;
/** The index says who it is; only they are looked up. */
const changedOfBlock = `SELECT person FROM spans WHERE unit_block = @block
  AND until_day > @since AND from_day <= @until AND (from_day > @since OR until_day <= @until)`;
/** Blocks that are looked through, and people whose spans are read, at once: some milliseconds. */
const blocksAtATime = 16;
const personsAtOnce = 200;

/** A period: the day before it and its last day, and the units that are asked about; null for all. */
export interface CachedPeriod {
  readonly since: number;
  readonly until: number;
  readonly units: ReadonlySet<string> | null;
}

export class CacheReader {
  readonly #file: CacheFile;
  readonly #counts: BlockCounts;
  readonly #pages: CachePages;
  readonly #spansOfPerson: Statement;
  readonly #spansOfPersons: Statement;
  readonly #changedOfBlock: Statement;

  /** `atOnce`: blocks of units up to which an order of its own is made by sorting, not by counting. */
  constructor(file: CacheFile, atOnce = blocksAtOnce) {
    this.#file = file;
    this.#counts = new BlockCounts(file);
    this.#pages = new CachePages(file, this.#counts, atOnce);
    this.#spansOfPerson = file.db.prepare(`SELECT ${spanColumns} FROM spans WHERE person = ? ORDER BY from_day`);
    this.#spansOfPersons = file.db.prepare(spansOfPersons).raw();
    this.#changedOfBlock = file.db.prepare(changedOfBlock).pluck();
  }

  /** Counts by code for each unit that has anybody. */
  countsByUnit(at: CachedDay, units: ReadonlySet<string> | null): Map<string, Int32Array> {
    const byUnit = new Map<string, Int32Array>();
    const { blocks, counts } = this.#counts.counted(at, 0, units);
    for (const { unit, block } of blocks) {
      const here = counts.subarray(block * codesCount, (block + 1) * codesCount);
      const sums = byUnit.get(unit);
      if (sums === undefined) byUnit.set(unit, here);
      else
        for (let code = 0; code < codesCount; code += 1) sums[code] = (sums[code] as number) + (here[code] as number);
    }
    return byUnit;
  }

  /** How many people have a post that the table does not know, by post. `posts`: the column of posts. */
  unmappedPosts({ profile: column, day }: CachedDay, units: ReadonlySet<string> | null): Map<string, number> {
    const posts = this.#file.db.prepare('SELECT number, post FROM posts').all() as { number: number; post: string }[];
    if (posts.length === 0) return new Map();
    const size = posts.reduce((most, { number }) => Math.max(most, number), 0) + 1;
    const sums = new Int32Array(size);
    const blocks = this.#counts.chosen(0, units);
    const chosen = new Set(blocks.map(({ block }) => block));
    for (const [chunk, data] of this.#counts.tallies({ profile: column, day }, blocks)) {
      addTally(data, day, (slot, people) => {
        const post = codeOfSlot(slot);
        if (post > 0 && chosen.has(blockOfSlot(chunk, slot))) sums[post] = (sums[post] as number) + people;
      });
    }
    return new Map(posts.flatMap(({ number, post }) => (sums[number] ? [[post, sums[number]] as const] : [])));
  }

  /** For each of the units the certificate of somebody who was in it last. */
  memberOfUnits(isAsked: (unit: string) => boolean): Map<string, string> {
    const last = this.#file.db
      .prepare('SELECT certificate FROM spans WHERE unit_block = ? ORDER BY until_day DESC LIMIT 1')
      .pluck();
    const members = new Map<string, string>();
    for (const { unit, block } of this.#counts.chosen(0, null)) {
      if (members.has(unit) || !isAsked(unit)) continue;
      const certificate = last.get(block) as string | undefined;
      if (certificate !== undefined) members.set(unit, certificate);
    }
    return members;
  }

  page(question: CachedListQuestion): CachedPage {
    return this.#pages.page(question);
  }

  people(...asked: Parameters<CachePages['people']>): ReturnType<CachePages['people']> {
    return this.#pages.people(...asked);
  }

  personOf(certificate: string): string | undefined {
    return this.#file.db.prepare('SELECT person FROM certificates WHERE certificate = ?').pluck().get(certificate) as
      | string
      | undefined;
  }

  /** All of one person, the earliest first. */
  spansOf(person: string, profile: number): CachedSpan[] {
    const rows = this.#spansOfPerson.all(person) as SpanRow[];
    return rows.map(({ codes, ...row }) => ({ ...row, code: codesOfText(codes)[profile] as number }));
  }

  /**
   * All spans of everybody of whom a verdict (under any profile) begins in the period, and who was in one of the units
   * then or right before; some hundred people at a time, and nobody's in between, so that others may be answered.
   */
  *changedHistories(period: CachedPeriod, profile: number): Generator<CachedSpan[][]> {
    const { since, until, units } = period;
    const persons = new Set<string>();
    for (const [at, { block }] of this.#counts.chosen(0, units).entries()) {
      for (const person of this.#changedOfBlock.all({ block, since, until }) as string[]) persons.add(person);
      if (at % blocksAtATime === blocksAtATime - 1) yield [];
    }
    const begins = (spans: readonly CachedSpan[]): boolean => spans.some(({ from }) => since < from && from <= until);
    const all = [...persons];
    for (let at = 0; at < all.length; at += personsAtOnce) {
      yield this.#histories(all.slice(at, at + personsAtOnce), profile).filter(begins);
    }
  }

  #histories(persons: readonly string[], profile: number): CachedSpan[][] {
    const asked = { persons: JSON.stringify(persons), at: profile + 1 };
    const rows = this.#spansOfPersons.all(asked) as [string, string, string, number, number, string][];
    const histories: CachedSpan[][] = [];
    for (const [person, certificate, unit, from, until, code] of rows) {
      let spans = histories.at(-1);
      if (spans?.[0]?.person !== person) {
        spans = [];
        histories.push(spans);
      }
      spans.push({ person, certificate, unit, from, until, code: codesOfText(code)[0] as number });
    }
    return histories;
  }

  /** Everybody of whom one of these verdicts holds on any day of a period, at most so many of them, in no order. */
  personsBetween(asked: {
    readonly profile: number;
    readonly from: number;
    readonly until: number;
    readonly units: ReadonlySet<string> | null;
    readonly group: ReadonlySet<number>;
    readonly limit: number;
  }): string[] {
    const { profile, from, until, units, group, limit } = asked;
    const sql = `SELECT DISTINCT person FROM spans
      WHERE from_day <= @until AND until_day > @from AND instr(@wanted, substr(codes, @at, 1)) > 0
      ${units === null ? '' : 'AND unit IN (SELECT value FROM json_each(@units))'} LIMIT @limit`;
    const wanted = Array.from(group, codeCharacter).join('');
    const named = units === null ? {} : { units: JSON.stringify([...units]) };
    return this.#file.db
      .prepare(sql)
      .pluck()
      .all({ from, until, wanted, at: profile + 1, limit, ...named }) as string[];
  }

  /** SQLite's own words on how the questions that must be quick are answered. */
  plans(): { readonly [question in 'tallies' | 'changed' | 'histories' | 'block' | 'since' | 'people']: string[] } {
    const explain = (sql: string, ...values: unknown[]): string[] =>
      (this.#file.db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]).map(
        ({ detail }) => detail,
      );
    return {
      tallies: explain(talliesOfChunks, { profile: 0, month: 0, chunks: '[]' }),
      changed: explain(changedOfBlock, { block: 1, since: 1, until: 2 }),
      histories: explain(spansOfPersons, { persons: '[]', at: 1 }),
      block: explain(peopleOfBlock(2), { block: 1, day: 1, wanted: '0', at: 1, sinceAt: 1 }),
      since: explain(sinceOfBlock, { block: 1, day: 1, wanted: '0', at: 1, sinceAt: 1, since: '0000000' }),
      people: explain(columnsOfBlocks, { year: 2000, blocks: '[]' }),
    };
  }
}
