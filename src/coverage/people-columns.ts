/**
 * The people of a unit's block as columns of numbers: their blocks in the other orders, from when until when they have
 * which verdict, and since when it is a gap. One row for each year in which something changes, so a question about a day
 * reads people of one year, however long the history is. Lists of some units in an order of their own, and lists by since
 * when, are counted from it; whoever is shown is looked up by the block.
 */
import { endDayNumber, firstDayNumber } from '../domain/coverage-spans.ts';
import { dayNumber, dayOfNumber } from '../domain/day-number.ts';
import type { CalendarDate } from '../domain/people-facts.ts';

export interface PlacedSpan {
  readonly certificateBlock: number;
  readonly nameBlock: number;
  readonly from: number;
  readonly until: number;
  /** For each profile, and more that is not kept here. */
  readonly codes: ArrayLike<number>;
  /** For each profile a day number; what begins on the first or last of all days has no date. */
  readonly since: ArrayLike<number>;
}

export interface PeopleRow {
  readonly year: number;
  readonly data: Buffer;
}

/** Where a gap is dated, its place among dates in 16 bits: to the day until 2079, which is beyond all plans. */
export const undated = 65_535;
export function sincePlace(day: number): number {
  return day === firstDayNumber || day === endDayNumber ? undated : Math.min(undated - 1, day - firstDayNumber);
}

/** The day at a place; undefined where several share it. */
export const dayAtPlace = (place: number): number | undefined =>
  place < undated - 1 ? firstDayNumber + place : undefined;

export const yearOf = (day: number): number => Number(dayOfNumber(day).slice(0, 4));
export const firstDayOfYear = (year: number): number => dayNumber(`${year}-01-01` as CalendarDate);

/** Days of a year that stand for every later one. */
const yearsEnd = 366;
const beyond = 400;
/** Numbers of 32 bits before the columns: how many people, how many profiles, first day of the year. */
const headLength = 3;

/** `spans`: of one block, all that end after the beginning of `fromYear`. @returns rows of that year and later ones */
export function peopleRows(spans: readonly PlacedSpan[], profiles: number, fromYear = 0): PeopleRow[] {
  const years = new Set<number>();
  for (const { from, until } of spans) {
    years.add(yearOf(from));
    if (until < endDayNumber) years.add(yearOf(until));
  }
  const inOrder = [...years].filter((year) => year >= fromYear).sort((a, b) => a - b);
  return inOrder.map((year) => {
    const start = firstDayOfYear(year);
    const end = firstDayOfYear(year + 1);
    const there = spans.filter(({ from, until }) => from < end && until > start);
    return { year, data: packed(there, profiles, start) };
  });
}

function packed(spans: readonly PlacedSpan[], profiles: number, start: number): Buffer {
  const { blocks, days, bytes } = columnsIn(new ArrayBuffer(sizeOf(spans.length, profiles)), spans.length);
  blocks.set([spans.length, profiles, start]);
  const { length } = spans;
  for (const [at, span] of spans.entries()) {
    blocks[headLength + at] = span.certificateBlock;
    blocks[headLength + length + at] = span.nameBlock;
    days[at] = Math.max(0, span.from - start);
    days[length + at] = Math.min(beyond, span.until - start);
    for (let profile = 0; profile < profiles; profile += 1) {
      days[(2 + 2 * profile) * length + at] = span.codes[profile] as number;
      days[(3 + 2 * profile) * length + at] = sincePlace(span.since[profile] as number);
    }
  }
  return bytes;
}

const sizeOf = (people: number, profiles: number): number =>
  4 * (headLength + 2 * people) + 4 * people * (1 + profiles);

function columnsIn(memory: ArrayBuffer, people: number, offset = 0) {
  const blocks = new Int32Array(memory, offset, headLength + 2 * people);
  const days = new Uint16Array(memory, offset + blocks.byteLength);
  return { blocks, days, bytes: Buffer.from(memory) };
}

export interface PeopleQuestion {
  readonly profile: number;
  readonly day: number;
  /** By code: whether it is asked about. */
  readonly wanted: Uint8Array;
  /** Whether somebody's block of names is asked for, or that of certificates. */
  readonly byName: boolean;
}

/** Whoever is asked about, as columns: their place among dates, and their block. */
export interface FoundPeople {
  readonly since: Uint16Array;
  readonly blocks: Int32Array;
}

/** Of all rows, one after the other. Plain loops over numbers: a million people are looked at for one page. */
export function findPeople(rows: readonly Buffer[], { profile, day, wanted, byName }: PeopleQuestion): FoundPeople {
  const columns = rows.map((data) => {
    // Columns of 32 bits must begin at a multiple of four bytes.
    const memory = data.byteOffset % 4 === 0 ? data : Buffer.from(Uint8Array.from(data).buffer);
    const [length = 0, , start = 0] = new Int32Array(memory.buffer, memory.byteOffset, headLength);
    return { length, start, ...columnsIn(memory.buffer as ArrayBuffer, length, memory.byteOffset) };
  });
  const most = columns.reduce((sum, { length }) => sum + length, 0);
  const since = new Uint16Array(most);
  const found = new Int32Array(most);
  let count = 0;
  for (const { length, start, blocks, days } of columns) {
    const at = Math.min(yearsEnd, day - start);
    const codes = (2 + 2 * profile) * length;
    const blocksAt = headLength + (byName ? length : 0);
    for (let index = 0; index < length; index += 1) {
      const isThere = (days[index] as number) <= at && (days[length + index] as number) > at;
      if (!isThere || wanted[days[codes + index] as number] === 0) continue;
      since[count] = days[codes + length + index] as number;
      found[count] = blocks[blocksAt + index] as number;
      count += 1;
    }
  }
  return { since: since.subarray(0, count), blocks: found.subarray(0, count) };
}
