/** Goal: watching a clip is a record before it is shown, once in a while and not for every piece that a player asks for. */
import { expect, test } from 'vitest';
import type { NewRecord } from '../../src/domain/records.ts';
import { ViewBook } from '../../src/station/view-book.ts';

function bookOf(): { book: ViewBook; records: NewRecord[]; clock: { ms: number }; trouble: { error?: Error } } {
  const records: NewRecord[] = [];
  const clock = { ms: 1_000_000 };
  const trouble: { error?: Error } = {};
  const append = (record: NewRecord): Promise<never> => {
    if (trouble.error !== undefined) return Promise.reject(trouble.error);
    records.push(record);
    return Promise.resolve({} as never);
  };
  const ledger = { append } as never;
  return { book: new ViewBook({ ledger }, () => clock.ms), records, clock, trouble };
}

test('a player that asks for many pieces is one view; ten minutes later it is another', async () => {
  const { book, records, clock } = bookOf();
  for (let piece = 0; piece < 20; piece += 1) await book.record('c-1');
  await book.record('c-2');
  expect(records.map(({ type, subject }) => [type, subject])).toEqual([
    ['clip-viewed', 'c-1'],
    ['clip-viewed', 'c-2'],
  ]);
  clock.ms += 10 * 60_000;
  await book.record('c-1');
  expect(records).toHaveLength(3);
});

test('what could not be recorded is not shown, and is tried again', async () => {
  const { book, records, trouble } = bookOf();
  trouble.error = new Error('the disk is full');
  await expect(book.record('c-1')).rejects.toThrow('the disk is full');
  delete trouble.error;
  await book.record('c-1');
  expect(records).toHaveLength(1);
});

test('a clock that was turned back does not silence it', async () => {
  const { book, records, clock } = bookOf();
  await book.record('c-1');
  clock.ms -= 3_600_000;
  await book.record('c-1');
  expect(records).toHaveLength(2);
});
