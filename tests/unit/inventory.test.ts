/**
 * Goal: an inventory has each name once and figures that can be counted, whatever a damaged or forged directory says.
 */
import { expect, test } from 'vitest';
import { type ListedEntry, listingOf } from '../../src/intake/inventory.ts';

const file = (path: string, bytes: number): ListedEntry => ({
  path: Buffer.from(path),
  type: 'file',
  bytes,
  mtimeNs: 1n,
});

test('entries are sorted by the bytes of their paths, and only regular files are counted', () => {
  const folder: ListedEntry = { ...file('a', 0), type: 'unknown' };
  const listing = listingOf([file('b', 5), folder, file('B', 7)]);
  expect(listing.entries.map(({ path }) => path.toString())).toEqual(['B', 'a', 'b']);
  expect(listing).toMatchObject({ files: 2, bytes: 12, complete: true });
});

test('a name that a directory holds twice stands once, and the inventory is not complete', () => {
  const listing = listingOf([file('b', 5), file('a', 3), file('b', 9)]);
  expect(listing.entries.map(({ path, bytes }) => [path.toString(), bytes])).toEqual([
    ['a', 3],
    ['b', 5],
  ]);
  expect(listing).toMatchObject({ files: 2, bytes: 8, complete: false });
});

test('the sum of forged sizes stays a number that can be counted', () => {
  const listing = listingOf(['a', 'b', 'c'].map((name) => file(name, Number.MAX_SAFE_INTEGER)));
  expect(listing.bytes).toBe(Number.MAX_SAFE_INTEGER);
});
