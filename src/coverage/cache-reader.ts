/**
 * Questions to a coverage cache: counts of a day by unit, one page of a list, what changed between two days. Each reads
 * what it answers with and the tallies beside it, never the history. It knows codes, not people: whoever shows a row
 * asks the policy about that person again.
 */
import type { Statement } from 'better-sqlite3';
import { verdictCodes } from '../domain/coverage-codes.ts';
import type { Block } from './cache-blocks.ts';
import { type CacheFile, codeCharacter, codesOfText } from './cache-file.ts';
import { addTally, blockOfSlot, chunkOf, codeOfSlot, monthOf } from './tallies.ts';

export interface CachedDay {
  /** Index of the profile. */
  readonly profile: number;
  readonly day: number;
}

export interface CachedSpan {
  readonly person: string;
  readonly certificate: string;
  readonly unit: string;
  readonly from: number;
  readonly until: number;
  readonly code: number;
}

export interface CachedListQuestion extends CachedDay {
  /** Null: all units. */
  readonly units: ReadonlySet<string> | null;
  /** Codes that the list wants, in groups that follow one another; within a group the ordering holds. */
  readonly groups: readonly ReadonlySet<number>[];
  readonly ordering: 0 | 1;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** Counts of blocks by code: those of one block lie together. */
interface CountedBlocks {
  readonly blocks: readonly Block[];
  readonly counts: Int32Array;
}

const codesCount = verdictCodes.length;

const tallyOfChunk = `(SELECT t.data FROM tallies t WHERE t.profile = @profile AND t.chunk = c.chunk AND t.month <= @month
  ORDER BY t.month DESC LIMIT 1)`;
const talliesOfChunks = `SELECT c.chunk, ${tallyOfChunk} FROM (SELECT value AS chunk FROM json_each(@chunks)) c`;
const spanColumns = 'person, certificate, unit, from_day AS "from", until_day AS until, codes';

type SpanRow = Omit<CachedSpan, 'code'> & { readonly codes: string };

/** The index says who matches; only their rows are looked up. */
const wantedHere = `until_day > @day AND from_day <= @day AND instr(@wanted, substr(codes, @at, 1)) > 0`;
const spansOfBlock = [
  `SELECT ${spanColumns} FROM spans WHERE unit_block = @block AND ${wantedHere}`,
  `SELECT ${spanColumns} FROM spans WHERE certificate_block = @block AND ${wantedHere}`,
] as const;

export class CacheReader {
  readonly #file: CacheFile;
  readonly #blocks: readonly [readonly Block[], readonly Block[]];
  readonly #tallyRows: Statement;
  readonly #spansOfBlock: readonly [Statement, Statement];
  readonly #spansOfPerson: Statement;
  /** The greatest number of a block. */
  readonly #lastBlock: number;

  constructor(file: CacheFile) {
    this.#file = file;
    const blocks = file.blocks();
    this.#blocks = [blocks.inOrder(0), blocks.inOrder(1)];
    this.#lastBlock = this.#blocks.flat().reduce((last, { block }) => Math.max(last, block), 0);
    this.#tallyRows = file.db.prepare(talliesOfChunks).raw();
    this.#spansOfBlock = [file.db.prepare(spansOfBlock[0]), file.db.prepare(spansOfBlock[1])];
    this.#spansOfPerson = file.db.prepare(`SELECT ${spanColumns} FROM spans WHERE person = ? ORDER BY from_day`);
  }

  /** Counts by code for each unit that has anybody. */
  countsByUnit(at: CachedDay, units: ReadonlySet<string> | null): Map<string, Int32Array> {
    const byUnit = new Map<string, Int32Array>();
    const { blocks, counts } = this.#counted(at, 0, units);
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
    const blocks = this.#chosen(0, units);
    const chosen = new Set(blocks.map(({ block }) => block));
    for (const [chunk, data] of this.#tallies({ profile: column, day }, blocks)) {
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
    for (const { unit, block } of this.#blocks[0]) {
      if (members.has(unit) || !isAsked(unit)) continue;
      const certificate = last.get(block) as string | undefined;
      if (certificate !== undefined) members.set(unit, certificate);
    }
    return members;
  }

  #chosen(ordering: 0 | 1, units: ReadonlySet<string> | null): readonly Block[] {
    const all = this.#blocks[ordering];
    return units === null ? all : all.filter(({ unit }) => units.has(unit));
  }

  /** One row for each chunk that has any of the blocks. */
  #tallies({ profile, day }: CachedDay, blocks: readonly Block[]): [chunk: number, data: Buffer][] {
    const chunks = JSON.stringify([...new Set(blocks.map(({ block }) => chunkOf(block)))]);
    const rows = this.#tallyRows.all({ profile, month: monthOf(day), chunks }) as [number, Buffer | null][];
    return rows.filter((row): row is [number, Buffer] => row[1] !== null);
  }

  /** Other blocks of the same chunks are counted, too, and not asked about. */
  #counted(at: CachedDay, ordering: 0 | 1, units: ReadonlySet<string> | null): CountedBlocks {
    const blocks = this.#chosen(ordering, units);
    const counts = new Int32Array((this.#lastBlock + 1) * codesCount);
    for (const [chunk, data] of this.#tallies(at, blocks)) {
      addTally(data, at.day, (slot, people) => {
        const place = blockOfSlot(chunk, slot) * codesCount + codeOfSlot(slot);
        counts[place] = (counts[place] as number) + people;
      });
    }
    return { blocks, counts };
  }

  /** One page, by skipping whole blocks by their counts. */
  page(question: CachedListQuestion): { readonly total: number; readonly spans: CachedSpan[] } {
    const { groups, ordering, descending, units, offset, limit } = question;
    const isNarrowed = ordering === 1 && units !== null;
    const { blocks, counts } = this.#counted(question, ordering, isNarrowed ? null : units);
    const inOrder = descending ? blocks.toReversed() : blocks;
    const spans: CachedSpan[] = [];
    let total = 0;
    for (const group of descending ? groups.toReversed() : groups) {
      const narrowed = isNarrowed ? this.#byCertificateBlock(question, units, group) : undefined;
      const codes = [...group];
      for (const { block } of inOrder) {
        const here = narrowed === undefined ? sumOf(counts, block, codes) : (narrowed.get(block) ?? 0);
        const skipped = Math.max(0, offset - total);
        total += here;
        if (here <= skipped || spans.length >= limit) continue;
        const found = this.#open({ ...question, block, group }).filter(({ unit }) => !isNarrowed || units.has(unit));
        spans.push(...found.slice(skipped, skipped + limit - spans.length));
      }
    }
    return { total, spans };
  }

  /** Units by certificate: no tally says it, so the people of those units are counted. */
  #byCertificateBlock(
    at: CachedDay,
    units: ReadonlySet<string>,
    group: ReadonlySet<number>,
  ): ReadonlyMap<number, number> {
    const rows = this.#file.db
      .prepare(
        `SELECT certificate_block, count(*) FROM json_each(@blocks) b CROSS JOIN spans s ON s.unit_block = b.value
         WHERE ${wantedHere} GROUP BY certificate_block`,
      )
      .raw()
      .all({ ...wantedOf(at, group), blocks: JSON.stringify(this.#chosen(0, units).map(({ block }) => block)) });
    return new Map(rows as [number, number][]);
  }

  /** Everything that matches, in no order: for orders in which nothing is kept. Undefined when it is more than `most`. */
  all(
    question: Omit<CachedListQuestion, 'offset' | 'limit' | 'ordering' | 'descending'>,
    most: number,
  ): CachedSpan[] | undefined {
    const { units, groups } = question;
    const group = new Set(groups.flatMap((codes) => [...codes]));
    const codes = [...group];
    const { blocks, counts } = this.#counted(question, 0, units);
    const matching = blocks.filter(({ block }) => sumOf(counts, block, codes) > 0);
    if (matching.reduce((sum, { block }) => sum + sumOf(counts, block, codes), 0) > most) return undefined;
    return matching.flatMap(({ block }) => this.#open({ ...question, ordering: 0, descending: false, block, group }));
  }

  #open(
    at: CachedDay & {
      readonly ordering: 0 | 1;
      readonly descending: boolean;
      readonly block: number;
      readonly group: ReadonlySet<number>;
    },
  ): CachedSpan[] {
    const rows = this.#spansOfBlock[at.ordering].all({ ...wantedOf(at, at.group), block: at.block }) as SpanRow[];
    const found = rows.map(({ codes, ...row }) => ({ ...row, code: codes.charCodeAt(at.profile) - 48 }));
    const sign = at.descending ? -1 : 1;
    return found.sort((a, b) => (a.certificate < b.certificate ? -sign : a.certificate > b.certificate ? sign : 0));
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

  /** Everybody with a verdict (under any profile) that begins after `since`, up to `until`. */
  changedPersons(since: number, until: number): string[] {
    return this.#file.db
      .prepare('SELECT DISTINCT person FROM spans WHERE from_day > ? AND from_day <= ?')
      .pluck()
      .all(since, until) as string[];
  }

  /** SQLite's own words on how the two questions that must be quick are answered. */
  plans(): { readonly tallies: string[]; readonly block: string[] } {
    const explain = (sql: string, ...values: unknown[]): string[] =>
      (this.#file.db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]).map(
        ({ detail }) => detail,
      );
    return {
      tallies: explain(talliesOfChunks, { profile: 0, month: 0, chunks: '[]' }),
      block: explain(spansOfBlock[0], { block: 1, day: 1, wanted: '0', at: 1 }),
    };
  }
}

function wantedOf({ profile, day }: CachedDay, group: ReadonlySet<number>) {
  return { day, at: profile + 1, wanted: Array.from(group, codeCharacter).join('') };
}

function sumOf(counts: Int32Array, block: number, codes: readonly number[]): number {
  let sum = 0;
  for (const code of codes) sum += counts[block * codesCount + code] ?? 0;
  return sum;
}
