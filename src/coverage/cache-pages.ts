/**
 * One page of a list out of the cache. Where blocks are in the order of the list, whole blocks are skipped by their
 * counts. In every other order (some units by certificate or name, anything by since when) the people of the units asked
 * about are counted first, by the block of the order in which they will be found. Either way only blocks that the page
 * shows are opened.
 */
import type { Statement } from 'better-sqlite3';
import { compareText } from '../domain/people-facts.ts';
import { type BlockCounts, type CachedDay, codesCount, sumOf } from './block-counts.ts';
import { nameKey, type Ordering, orderings } from './cache-blocks.ts';
import { type CacheFile, codeCharacter, sinceAt, sinceColumn, sinceText } from './cache-file.ts';
import { dayAtPlace, findPeople, sincePlace, undated, yearOf } from './people-columns.ts';

export type CachedOrder = 'unit' | 'certificate' | 'name' | 'since';

export interface CachedListQuestion extends CachedDay {
  /** Null: all units. */
  readonly units: ReadonlySet<string> | null;
  /** Codes that the list wants, in groups that follow one another; within a group the order holds. By `since` one. */
  readonly groups: readonly ReadonlySet<number>[];
  readonly order: CachedOrder;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** One row of the list, with what it is ordered by. */
export interface CachedPerson {
  readonly person: string;
  readonly certificate: string;
  readonly name: string;
  readonly unit: string;
  readonly code: number;
  /** Day number since when the gap is open. */
  readonly since: number;
}

export interface CachedPage {
  readonly total: number;
  readonly people: CachedPerson[];
}

/** A row as a list: thousands of them are read for a page, and objects take longer. */
type PersonRow = readonly [
  person: string,
  certificate: string,
  name: string,
  unit: string,
  code: string,
  since: number,
];

const blockColumns = ['unit_block', 'certificate_block', 'name_block'] as const;
/** The index says who matches; only their rows are looked up. */
export const peopleOfBlock = (ordering: Ordering): string =>
  `SELECT person, certificate, name, unit, substr(codes, @at, 1), ${sinceColumn} FROM spans WHERE ${blockColumns[ordering]} = @block
   AND until_day > @day AND from_day <= @day AND instr(@wanted, substr(codes, @at, 1)) > 0`;
/** Of the few whose gap is open since one day, however many others are in the block. */
export const sinceOfBlock = `${peopleOfBlock(1)} AND substr(since, @sinceAt, 7) = @since`;
export const columnsOfBlocks = `SELECT b.value, (SELECT p.data FROM people p WHERE p.block = b.value AND p.year <= @year
  ORDER BY p.year DESC LIMIT 1) FROM json_each(@blocks) b`;

const orderingOf: Readonly<Record<CachedOrder, Ordering>> = { unit: 0, certificate: 1, name: 2, since: 1 };
/** So few blocks of units are sorted at once: few people lie far apart in every other order. */
export const blocksAtOnce = 24;
/** Of columns that stay in memory; a year takes 34 MB for a million people. The year that is asked about always stays. */
const columnBytesKept = 256 * 1024 ** 2;

/** Which people of one block are asked about. */
export interface Opening extends CachedDay {
  readonly group: ReadonlySet<number>;
  readonly order: CachedOrder;
  readonly descending: boolean;
}

interface YearColumns {
  bytes: number;
  readonly byBlock: Map<number, Buffer>;
}

export class CachePages {
  readonly #counts: BlockCounts;
  readonly #peopleOfBlock: readonly Statement[];
  readonly #sinceOfBlock: Statement;
  readonly #columnsOfBlocks: Statement;
  readonly #atOnce: number;
  /** The year asked about last is the last. */
  readonly #years = new Map<number, YearColumns>();

  constructor(file: CacheFile, counts: BlockCounts, atOnce: number) {
    this.#counts = counts;
    this.#atOnce = atOnce;
    this.#peopleOfBlock = orderings.map((ordering) => file.db.prepare(peopleOfBlock(ordering)).raw());
    this.#sinceOfBlock = file.db.prepare(sinceOfBlock).raw();
    this.#columnsOfBlocks = file.db.prepare(columnsOfBlocks).raw();
  }

  page(question: CachedListQuestion): CachedPage {
    const { order, units } = question;
    if (order === 'unit' || (units === null && order !== 'since')) return this.#byBlocks(question);
    return this.#byPeople({ ...question, units });
  }

  /** Everybody with one of the codes, block after block of the units. */
  *people(asked: Omit<Opening, 'order' | 'descending'> & Pick<CachedListQuestion, 'units'>): Generator<CachedPerson[]> {
    const { blocks, counts } = this.#counts.counted(asked, 0, asked.units);
    const codes = [...asked.group];
    for (const { block } of blocks) {
      if (sumOf(counts, block, codes) > 0) yield this.#open({ ...asked, order: 'unit', descending: false }, 0, block);
    }
  }

  #byBlocks(question: CachedListQuestion): CachedPage {
    const { groups, order, descending, units, offset, limit } = question;
    const ordering = orderingOf[order];
    const { blocks, counts } = this.#counts.counted(question, ordering, units);
    const turned = descending ? blocks.toReversed() : blocks;
    const people: CachedPerson[] = [];
    let total = 0;
    for (const group of descending ? groups.toReversed() : groups) {
      const codes = [...group];
      for (const { block } of turned) {
        const here = sumOf(counts, block, codes);
        const skipped = Math.max(0, offset - total);
        total += here;
        if (here <= skipped || people.length >= limit) continue;
        const found = this.#open({ ...question, group }, ordering, block);
        people.push(...found.slice(skipped, skipped + limit - people.length));
      }
    }
    return { total, people };
  }

  #byPeople(question: CachedListQuestion): CachedPage {
    const { groups, units, offset, limit } = question;
    const group = new Set(groups.flatMap((codes) => [...codes]));
    const codes = [...group];
    const { blocks, counts } = this.#counts.counted(question, 0, units);
    const matching = blocks.map(({ block }) => block).filter((block) => sumOf(counts, block, codes) > 0);
    if (matching.length > this.#atOnce) return this.#byCounting({ ...question, group }, matching);
    const opening = { ...question, group };
    const people = inOrder(
      matching.flatMap((block) => this.#open(opening, 0, block)),
      opening,
    );
    return { total: people.length, people: people.slice(offset, offset + limit) };
  }

  /** People with one date (or all of them, where dates are no matter) follow one another by block. */
  #byCounting(question: CachedListQuestion & Opening, unitBlocks: readonly number[]): CachedPage {
    const { order, descending, units, offset, limit, group, profile } = question;
    const wanted = new Uint8Array(codesCount);
    for (const code of group) wanted[code] = 1;
    const ordering = orderingOf[order];
    const columns = this.#columns(yearOf(question.day), unitBlocks);
    const everybody = findPeople(columns, { profile, day: question.day, wanted, byName: ordering === 2 });
    // Where dates are no matter, everybody has the same.
    const dateOf = order === 'since' ? sincePlace : (): number => undated;
    const since = order === 'since' ? everybody.since : new Uint16Array(everybody.since.length).fill(undated);
    const byDate = new Uint32Array(undated + 1);
    for (const date of since) byDate[date] = (byDate[date] as number) + 1;
    const { total, dates } = datesOfPage(byDate, question);
    const blocks = this.#counts.chosen(ordering, null);
    const turned = descending ? blocks.toReversed() : blocks;
    const perDate = this.#counts.lastBlock + 1;
    const byBlock = new Uint32Array(dates.length * perDate);
    const rowOf = new Int32Array(undated + 1).fill(-1);
    for (const [row, { date }] of dates.entries()) rowOf[date] = row;
    for (let at = 0; at < since.length; at += 1) {
      const row = rowOf[since[at] as number] as number;
      if (row === -1) continue;
      const place = row * perDate + (everybody.blocks[at] as number);
      byBlock[place] = (byBlock[place] as number) + 1;
    }
    const found: CachedPerson[] = [];
    for (const [row, { date, before }] of dates.entries()) {
      let passed = before;
      for (const { block } of turned) {
        const here = byBlock[row * perDate + block] as number;
        const skipped = Math.max(0, offset - passed);
        passed += here;
        if (here <= skipped || found.length >= limit) continue;
        const inside = this.#open(question, ordering, block, dayAtPlace(date)).filter(
          ({ unit, since: day }) => (units === null || units.has(unit)) && dateOf(day) === date,
        );
        found.push(...inside.slice(skipped, skipped + limit - found.length));
      }
    }
    return { total, people: found };
  }

  /** Of each block, kept for the years that were asked about last: whoever sorts a list looks at more than one page. */
  #columns(year: number, blocks: readonly number[]): Buffer[] {
    const known = this.#years.get(year) ?? { bytes: 0, byBlock: new Map<number, Buffer>() };
    this.#years.delete(year);
    this.#years.set(year, known);
    const missing = blocks.filter((block) => !known.byBlock.has(block));
    const rows = this.#columnsOfBlocks.all({ year, blocks: JSON.stringify(missing) }) as [number, Buffer | null][];
    for (const [block, data] of rows) {
      if (data === null) continue;
      known.byBlock.set(block, data);
      known.bytes += data.length;
    }
    let kept = [...this.#years.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [oldest, { bytes }] of this.#years) {
      if (kept <= columnBytesKept || oldest === year) break;
      this.#years.delete(oldest);
      kept -= bytes;
    }
    return blocks.flatMap((block) => known.byBlock.get(block) ?? []);
  }

  /** `since`: only people with this date. */
  #open(at: Opening, ordering: Ordering, block: number, since?: number): CachedPerson[] {
    const { day, profile, group } = at;
    const wanted = Array.from(group, codeCharacter).join('');
    const asked = { day, at: profile + 1, wanted, block, sinceAt: sinceAt(profile) };
    const rows =
      since === undefined
        ? this.#peopleOfBlock[ordering]?.all(asked)
        : this.#sinceOfBlock.all({ ...asked, since: sinceText(since) });
    return inOrder((rows as PersonRow[]).map(personOf), at);
  }
}

const personOf = ([person, certificate, name, unit, code, since]: PersonRow): CachedPerson => ({
  person,
  certificate,
  name,
  unit,
  code: code.charCodeAt(0) - 48,
  since,
});

/** Dates that the page shows somebody of, in its order, with how many come before each. */
function datesOfPage(
  byDate: Uint32Array,
  { descending, offset, limit }: Pick<CachedListQuestion, 'descending' | 'offset' | 'limit'>,
): { readonly total: number; readonly dates: { readonly date: number; readonly before: number }[] } {
  const dates: { readonly date: number; readonly before: number }[] = [];
  let total = 0;
  for (let step = 0; step < byDate.length; step += 1) {
    const date = descending ? byDate.length - 1 - step : step;
    const here = byDate[date] as number;
    if (here > 0 && total < offset + limit && total + here > offset) dates.push({ date, before: total });
    total += here;
  }
  return { total, dates };
}

/** Each key is made once: comparing is most of the work. */
function inOrder(
  people: readonly CachedPerson[],
  { order, descending }: Pick<Opening, 'order' | 'descending'>,
): CachedPerson[] {
  const sign = descending ? -1 : 1;
  const keyed = people.map((one) => ({
    one,
    date: order === 'since' ? sincePlace(one.since) : 0,
    key: order === 'name' ? nameKey(one.name, one.certificate) : one.certificate,
  }));
  keyed.sort((a, b) => sign * (a.date - b.date || compareText(a.key, b.key)));
  return keyed.map(({ one }) => one);
}
