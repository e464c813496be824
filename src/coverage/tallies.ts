/**
 * How many people of a block have which verdict on any day. Blocks are tallied in chunks: for each chunk and each month
 * in which something changes, the counts before it and the changes in it, packed. A question about a day reads one row
 * of each chunk and adds the changes up to that day, however long the history is.
 */
import { endDayNumber } from '../domain/coverage-spans.ts';
import { dayOfNumber } from '../domain/day-number.ts';

/** A span as the tallies need it: day numbers and a code for each profile. */
export interface TalliedSpan {
  readonly block: number;
  readonly from: number;
  readonly until: number;
  readonly codes: readonly number[];
}

export interface TallyRow {
  /** Months since year 0. */
  readonly month: number;
  readonly data: Buffer;
}

const blocksOfChunk = 32;
export const chunkOf = (block: number): number => Math.floor(block / blocksOfChunk);

/** A code in a block of a chunk, as one small number: what is counted. */
export const blockOfSlot = (chunk: number, slot: number): number => chunk * blocksOfChunk + (slot % blocksOfChunk);
export const codeOfSlot = (slot: number): number => Math.floor(slot / blocksOfChunk);
const slotOf = (block: number, code: number): number => code * blocksOfChunk + (block % blocksOfChunk);

/** Codes are below 8192. */
const slots = 8192 * blocksOfChunk;
/** Days before 1970 are negative, and packed numbers are not. */
const dayOffset = 1_000_000;

/**
 * One person more or less in a slot from a day on, as one number, so that the natural order of numbers is the order of
 * days: millions of them are sorted.
 */
export function* changesOf(span: TalliedSpan, column: number, by: 1 | -1): Generator<number> {
  const slot = slotOf(span.block, span.codes[column] as number);
  yield changeOf(span.from, slot, by);
  if (span.until < endDayNumber) yield changeOf(span.until, slot, by === 1 ? -1 : 1);
}

const changeOf = (day: number, slot: number, by: 1 | -1): number =>
  ((day + dayOffset) * slots + slot) * 2 + (by === 1 ? 1 : 0);
export const dayOfChange = (change: number): number => Math.floor(change / 2 / slots) - dayOffset;

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

/** `counts`: by slot, before the first of the changes. */
export function tallyRows(unsorted: Iterable<number>, counts = new Map<number, number>()): TallyRow[] {
  const changes = Float64Array.from(unsorted).sort();
  const rows: TallyRow[] = [];
  for (let at = 0; at < changes.length; ) {
    const first = dayOfChange(changes[at] as number);
    const month = monthOf(first);
    const packed = new Packed();
    packed.put(first + dayOffset);
    packed.put(counts.size);
    for (const [slot, people] of counts) {
      packed.put(slot);
      packed.put(people);
    }
    at = putChanges(packed, counts, { changes, at, end: changeOf(firstDayAfter(month), 0, -1) });
    rows.push({ month, data: packed.bytes() });
  }
  return rows;
}

interface MonthOfChanges {
  readonly changes: Float64Array;
  readonly at: number;
  /** The least change that is not of the month any more. */
  readonly end: number;
}

/** Packs the changes of one month, those of one day and slot as one. @returns where the next month begins */
function putChanges(packed: Packed, counts: Map<number, number>, { changes, at: start, end }: MonthOfChanges): number {
  let at = start;
  let day = dayOfChange(changes[at] as number);
  while (at < changes.length && (changes[at] as number) < end) {
    const place = placeOf(changes[at] as number);
    let sum = 0;
    for (; at < changes.length && placeOf(changes[at] as number) === place; at += 1) {
      sum += (changes[at] as number) % 2 === 1 ? 1 : -1;
    }
    if (sum === 0) continue;
    const on = Math.floor(place / slots) - dayOffset;
    const slot = place % slots;
    packed.put(on - day);
    packed.put(slot);
    packed.put(sum > 0 ? sum * 2 : -sum * 2 - 1);
    day = on;
    const people = (counts.get(slot) ?? 0) + sum;
    if (people === 0) counts.delete(slot);
    else counts.set(slot, people);
  }
  return at;
}

/** Day and slot, without whether it is more or less. */
const placeOf = (change: number): number => Math.floor(change / 2);

/** `rows`: the last one not after the month of the earliest change, and all after it. @returns what replaces them */
export function changedRows(rows: readonly Buffer[], changes: Iterable<number>): TallyRow[] {
  const all = [...changes];
  const before = new Map<number, number>();
  for (const [index, data] of rows.entries()) {
    readTally(data, Number.POSITIVE_INFINITY, {
      before: (slot, people) => {
        if (index === 0) before.set(slot, people);
      },
      change: (slot, sum, day) => {
        const change = changeOf(day, slot, sum > 0 ? 1 : -1);
        for (let left = Math.abs(sum); left > 0; left -= 1) all.push(change);
      },
    });
  }
  return tallyRows(all, before);
}

/** Numbers of seven bits a byte: counts, then changes as days since the one before, slot, and a signed sum. */
class Packed {
  #bytes = Buffer.allocUnsafe(1024);
  #length = 0;

  put(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  bytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }
}

type TellTally = (slot: number, people: number, day: number) => void;

/** Tells the counts before the month and each change in it up to the day, included. */
function readTally(data: Uint8Array, until: number, tell: { readonly before: TellTally; readonly change: TellTally }) {
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
  let day = take() - dayOffset;
  for (let left = take(); left > 0; left -= 1) tell.before(take(), take(), day);
  while (at < data.length) {
    day += take();
    if (day > until) return;
    const slot = take();
    const sum = take();
    tell.change(slot, sum % 2 === 0 ? sum / 2 : -(sum + 1) / 2, day);
  }
}

/** What to add to each slot for the counts of the day. */
export function addTally(data: Uint8Array, day: number, add: (slot: number, people: number) => void): void {
  readTally(data, day, { before: add, change: add });
}
