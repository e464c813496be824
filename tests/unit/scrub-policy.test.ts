/** Goal: N scrubs of 1/N leave nothing out, and a station that is off at night is scrubbed all the same. */
import { expect, test } from 'vitest';
import { isScrubDue, originalsOfSubset, parseSubset } from '../../src/domain/scrub-policy.ts';

test('a subset is a fraction up to the whole', () => {
  expect(parseSubset('1/30')).toEqual({ parts: 1, of: 30 });
  expect(parseSubset('7/7')).toEqual({ parts: 7, of: 7 });
  for (const text of ['0/3', '4/3', '1/0', '1/1001', '1', '1/3/5', '-1/3', '1/ 3', '']) {
    expect(parseSubset(text), text).toBeUndefined();
  }
});

test('N scrubs of 1/N read at least all', () => {
  for (const originals of [0, 1, 7, 29, 30, 31, 1000]) {
    for (const of of [1, 3, 30])
      expect(originalsOfSubset(originals, { parts: 1, of }) * of).toBeGreaterThanOrEqual(originals);
    expect(originalsOfSubset(originals, { parts: 5, of: 5 })).toBe(originals);
  }
});

test('a scrub is due once in its hour, and after two days at any hour', () => {
  const table = [
    { hoursSince: 24, hour: 2, due: true },
    { hoursSince: 12, hour: 2, due: true },
    { hoursSince: 0.5, hour: 2, due: false },
    { hoursSince: 24, hour: 3, due: false },
    { hoursSince: 47.9, hour: 9, due: false },
    { hoursSince: 48, hour: 9, due: true },
  ];
  for (const { due, ...clock } of table)
    expect(isScrubDue({ ...clock, wantedHour: 2 }), JSON.stringify(clock)).toBe(due);
});
