// Goal: the time left is said only when it can be known, follows the rate of the last seconds, and never runs backwards
// into nonsense when a card turns out slower or stands still.
import { expect, test } from 'vitest';
import { TakeRate } from '../../src/dock/take-rate.ts';

function rateAfter(samples: readonly (readonly [atMs: number, bytesDone: number])[]): number | null {
  const rate = new TakeRate();
  for (const [atMs, bytesDone] of samples) rate.add({ filesDone: 0, files: 1, bytesDone, bytes: 10_000 }, atMs);
  return rate.secondsLeft();
}

test('nothing is said before there is a rate, or without one', () => {
  expect(rateAfter([])).toBeNull();
  expect(rateAfter([[0, 100]])).toBeNull();
  expect(
    rateAfter([
      [0, 0],
      [1000, 500],
    ]),
  ).toBeNull();
  expect(
    rateAfter([
      [0, 500],
      [5000, 500],
    ]),
  ).toBeNull();
});

test('a steady rate tells the rest', () => {
  expect(
    rateAfter([
      [0, 0],
      [1000, 1000],
      [2000, 2000],
    ]),
  ).toBe(8);
});

test('the last ten seconds count, not the beginning', () => {
  const slow = Array.from({ length: 12 }, (_, second): [number, number] => [(second + 1) * 1000, 5000 + second * 100]);
  expect(rateAfter([[0, 0], ...slow])).toBe(39);
});

test('updates in quick succession are one sample, and the rest is still the latest', () => {
  const quick = Array.from({ length: 2001 }, (_, ms): [number, number] => [ms, ms]);
  expect(rateAfter(quick)).toBe(8);
});
