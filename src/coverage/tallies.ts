/**
 * How many people of a block have which verdict on any day: for each month in which something changes, the counts
 * before it and the changes in it, packed. A question about a day reads one row of each block and adds the few changes
 * up to that day, however long the history is. Only ever made from the block's spans as a whole.
 */
import { endDayNumber } from '../domain/coverage-spans.ts';
import { dayOfNumber } from '../domain/day-number.ts';

/** A span as the tallies need it: day numbers and a code for each profile. */
export interface TalliedSpan {
  readonly from: number;
  readonly until: number;
  readonly codes: readonly number[];
}

export interface TallyRow {
  readonly profile: number;
  /** Months since year 0. */
  readonly month: number;
  readonly data: Buffer;
}

export function monthOf(day: number): number {
  const text = dayOfNumber(day);
  return Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1;
}

/** Day number of the first day of the next month. */
function firstDayAfter(month: number): number {
  const next = new Date(0);
  next.setUTCFullYear(Math.floor(month / 12), (month % 12) + 1, 1);
  return next.getTime() / 86_400_000;
}

interface Change {
  readonly day: number;
  readonly code: number;
  readonly by: 1 | -1;
}

export function tallyRows(spans: readonly TalliedSpan[], profiles: number): TallyRow[] {
  const rows: TallyRow[] = [];
  for (let profile = 0; profile < profiles; profile += 1) rows.push(...rowsOf(changesOf(spans, profile), profile));
  return rows;
}

function changesOf(spans: readonly TalliedSpan[], profile: number): Change[] {
  const changes: Change[] = [];
  for (const { from, until, codes } of spans) {
    const code = codes[profile] as number;
    changes.push({ day: from, code, by: 1 });
    if (until < endDayNumber) changes.push({ day: until, code, by: -1 });
  }
  return changes.sort((a, b) => a.day - b.day);
}

function rowsOf(changes: readonly Change[], profile: number): TallyRow[] {
  const rows: TallyRow[] = [];
  const counts = new Map<number, number>();
  for (let at = 0; at < changes.length; ) {
    const month = monthOf((changes[at] as Change).day);
    const before = [...counts].filter(([, people]) => people !== 0);
    const within = new Map<number, Change & { sum: number }>();
    const first = (changes[at] as Change).day;
    const end = firstDayAfter(month);
    for (; at < changes.length && (changes[at] as Change).day < end; at += 1) {
      const change = changes[at] as Change;
      const key = (change.day - first) * 65_536 + change.code;
      const known = within.get(key);
      if (known === undefined) within.set(key, { ...change, sum: change.by });
      else known.sum += change.by;
      counts.set(change.code, (counts.get(change.code) ?? 0) + change.by);
    }
    rows.push({ profile, month, data: packed(first, before, [...within.values()]) });
  }
  return rows;
}

/** Numbers of seven bits a byte: counts, then changes as days since the one before, code, and a signed sum. */
function packed(
  firstDay: number,
  before: readonly (readonly [number, number])[],
  changes: readonly { readonly day: number; readonly code: number; readonly sum: number }[],
): Buffer {
  const bytes: number[] = [];
  const put = (value: number): void => {
    let rest = value;
    while (rest > 127) {
      bytes.push((rest & 127) | 128);
      rest >>>= 7;
    }
    bytes.push(rest);
  };
  put(firstDay + dayOffset);
  put(before.length);
  for (const [code, people] of before) {
    put(code);
    put(people);
  }
  let day = firstDay;
  for (const change of changes) {
    if (change.sum === 0) continue;
    put(change.day - day);
    put(change.code);
    put(change.sum > 0 ? change.sum * 2 : -change.sum * 2 - 1);
    day = change.day;
  }
  return Buffer.from(bytes);
}

/** Days before 1970 are negative, and packed numbers are not. */
const dayOffset = 1_000_000;

/** Adds the counts of the day to `counts`, by code. */
export function addTally(data: Uint8Array, day: number, counts: Int32Array | number[]): void {
  let at = 0;
  const take = (): number => {
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = data[at++] as number;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
      shift += 7;
    }
  };
  let current = take() - dayOffset;
  for (let left = take(); left > 0; left -= 1) {
    const code = take();
    counts[code] = (counts[code] as number) + take();
  }
  while (at < data.length) {
    current += take();
    if (current > day) return;
    const code = take();
    const sum = take();
    counts[code] = (counts[code] as number) + (sum % 2 === 0 ? sum / 2 : -(sum + 1) / 2);
  }
}
