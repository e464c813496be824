/**
 * Questions to a coverage cache: counts of a day by unit, one page of a list, what changed between two days. Each reads
 * what it answers with and the tallies beside it, never the history. It knows codes, not people: whoever shows a row
 * asks the policy about that person again.
 */
import { verdictCodes } from '../domain/coverage-codes.ts';
import type { Block } from './cache-blocks.ts';
import { type CacheFile, codesOfText } from './cache-file.ts';
import { addTally, monthOf } from './tallies.ts';

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

interface CountedBlock extends Block {
  readonly counts: Int32Array;
}

const tallyOfBlock = `(SELECT t.data FROM tallies t WHERE t.profile = @profile AND t.block = b.block AND t.month <= @month
  ORDER BY t.month DESC LIMIT 1)`;
const spanColumns = 'person, certificate, unit, from_day AS "from", until_day AS until, codes';

type SpanRow = Omit<CachedSpan, 'code'> & { readonly codes: string };

export class CacheReader {
  readonly #file: CacheFile;
  readonly #blocks: readonly [readonly Block[], readonly Block[]];

  constructor(file: CacheFile) {
    this.#file = file;
    const blocks = file.blocks();
    this.#blocks = [blocks.inOrder(0), blocks.inOrder(1)];
  }

  /** Counts by code for each unit that has anybody. */
  countsByUnit({ profile, day }: CachedDay, units: ReadonlySet<string> | null): Map<string, Int32Array> {
    const byUnit = new Map<string, Int32Array>();
    for (const { unit, counts } of this.#counted({ profile, day }, 0, units)) {
      const sums = byUnit.get(unit);
      if (sums === undefined) byUnit.set(unit, counts);
      else for (const [code, people] of counts.entries()) sums[code] = (sums[code] as number) + people;
    }
    return byUnit;
  }

  /** How many people have a post that the table does not know, by post. `posts`: the column of posts. */
  unmappedPosts({ profile: column, day }: CachedDay, units: ReadonlySet<string> | null): Map<string, number> {
    const posts = this.#file.db.prepare('SELECT number, post FROM posts').all() as { number: number; post: string }[];
    if (posts.length === 0) return new Map();
    const size = posts.reduce((most, { number }) => Math.max(most, number), 0) + 1;
    const sums = new Int32Array(size);
    for (const data of this.#tallies({ profile: column, day }, this.#chosen(0, units))) {
      if (data !== null) addTally(data, day, sums);
    }
    return new Map(posts.flatMap(({ number, post }) => (sums[number] ? [[post, sums[number]] as const] : [])));
  }

  #chosen(ordering: 0 | 1, units: ReadonlySet<string> | null): readonly Block[] {
    const all = this.#blocks[ordering];
    return units === null ? all : all.filter(({ unit }) => units.has(unit));
  }

  #tallies({ profile, day }: CachedDay, blocks: readonly Block[]): (Buffer | null)[] {
    const ids = JSON.stringify(blocks.map(({ block }) => block));
    return this.#file.db
      .prepare(`SELECT ${tallyOfBlock} FROM (SELECT value AS block FROM json_each(@blocks)) b`)
      .pluck()
      .all({ profile, month: monthOf(day), blocks: ids }) as (Buffer | null)[];
  }

  #counted(at: CachedDay, ordering: 0 | 1, units: ReadonlySet<string> | null): CountedBlock[] {
    const blocks = this.#chosen(ordering, units);
    return this.#tallies(at, blocks).map((data, index) => {
      const counts = new Int32Array(verdictCodes.length);
      if (data !== null) addTally(data, at.day, counts);
      return { ...(blocks[index] as Block), counts };
    });
  }

  /** One page, by skipping whole blocks by their counts. Units can only be chosen in the order by unit. */
  page(question: CachedListQuestion): { readonly total: number; readonly spans: CachedSpan[] } {
    const { groups, ordering, descending, units, offset, limit } = question;
    const counted = this.#counted(question, ordering, ordering === 0 ? units : null);
    if (descending) counted.reverse();
    const spans: CachedSpan[] = [];
    let total = 0;
    for (const group of descending ? groups.toReversed() : groups) {
      for (const { block, counts } of counted) {
        const here = sumOf(counts, group);
        const start = total;
        total += here;
        if (here === 0 || total <= offset || spans.length >= limit) continue;
        const found = this.#open({ ...question, block, group });
        spans.push(...found.slice(Math.max(0, offset - start), Math.max(0, offset - start) + limit - spans.length));
      }
    }
    return { total, spans };
  }

  /** Everything that matches, in no order: for orders in which nothing is kept. */
  all(question: Omit<CachedListQuestion, 'offset' | 'limit' | 'ordering' | 'descending'>): CachedSpan[] {
    const { units, groups } = question;
    const group = new Set(groups.flatMap((codes) => [...codes]));
    const counted = this.#counted(question, 0, units).filter(({ counts }) => sumOf(counts, group) > 0);
    return counted.flatMap(({ block }) => this.#open({ ...question, ordering: 0, descending: false, block, group }));
  }

  #open(
    at: CachedDay & {
      readonly ordering: 0 | 1;
      readonly descending: boolean;
      readonly block: number;
      readonly group: ReadonlySet<number>;
    },
  ): CachedSpan[] {
    const column = at.ordering === 0 ? 'unit_block' : 'certificate_block';
    const rows = this.#file.db
      .prepare(`SELECT ${spanColumns} FROM spans WHERE ${column} = ? AND until_day > ? AND from_day <= ?`)
      .all(at.block, at.day, at.day) as SpanRow[];
    const found: CachedSpan[] = [];
    for (const { codes, ...row } of rows) {
      const code = codes.charCodeAt(at.profile) - 48;
      if (at.group.has(code)) found.push({ ...row, code });
    }
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
    const rows = this.#file.db
      .prepare(`SELECT ${spanColumns} FROM spans WHERE person = ? ORDER BY from_day`)
      .all(person) as SpanRow[];
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
      tallies: explain(`SELECT ${tallyOfBlock} FROM (SELECT value AS block FROM json_each(@blocks)) b`, {
        profile: 0,
        month: 0,
        blocks: '[]',
      }),
      block: explain(`SELECT ${spanColumns} FROM spans WHERE unit_block = 1 AND until_day > 1 AND from_day <= 1`),
    };
  }
}

function sumOf(counts: Int32Array, codes: ReadonlySet<number>): number {
  let sum = 0;
  for (const code of codes) sum += counts[code] ?? 0;
  return sum;
}
