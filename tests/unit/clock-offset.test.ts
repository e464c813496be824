/**
 * The clock offset: a reading gives an offset whose bound holds the truth, a file only a lower bound, and an absurd
 * clock corrects nothing.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clockAbsurdMs,
  clockToleranceMs,
  correctedTime,
  judgeClock,
  measureClock,
} from '../../src/domain/clock-offset.ts';

const now = Date.parse('2026-11-20T08:00:00Z');

describe('a clock that was read', () => {
  test('the truth always lies within the bound, whenever in the round trip the recorder looked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (trueOffsetMs, roundTripMs, moment) => {
          const lookedAtMs = now + roundTripMs * moment;
          const offset = measureClock({
            reading: {
              recorderMs: Math.floor((lookedAtMs + trueOffsetMs) / 1000) * 1000,
              resolutionMs: 1000,
              askedAtMs: now,
              answeredAtMs: now + roundTripMs,
            },
          });
          if (offset.basis !== 'protocol') throw new Error('a reading is a reading');
          expect(Math.abs(offset.offsetMs - trueOffsetMs)).toBeLessThanOrEqual(offset.boundMs + 1e-3);
        },
      ),
    );
  });

  test.each([
    [0, []],
    [clockToleranceMs + 1000, ['clock-wrong']],
    [-clockToleranceMs - 1000, ['clock-wrong']],
    [-clockAbsurdMs - 86_400_000, ['clock-absurd']],
  ])('an offset of %d ms is judged %j', (offsetMs, findings) => {
    expect(judgeClock({ basis: 'protocol', offsetMs, boundMs: 500 })).toEqual(findings);
  });

  test('a recording two hours late is put right, one of an absurd clock is not', () => {
    const late = { basis: 'protocol', offsetMs: 7_200_000, boundMs: 500 } as const;
    expect(correctedTime(now + 7_200_000, late)).toEqual({ ms: now, boundMs: 500 });
    expect(correctedTime(now, { basis: 'protocol', offsetMs: -clockAbsurdMs * 2, boundMs: 500 })).toBeNull();
  });
});

describe('a clock that nobody can read', () => {
  test('the newest file bounds it from below only', () => {
    const offset = measureClock({ newestFile: { recorderMs: now + 3_600_000, listedAtMs: now } });
    expect(offset).toEqual({ basis: 'newest-file', atLeastMs: 3_600_000 });
    expect(judgeClock(offset)).toEqual(['clock-ahead']);
    expect(correctedTime(now, offset)).toBeNull();
  });

  test('a recorder that was not used for a week is not wrong by that', () => {
    expect(judgeClock(measureClock({ newestFile: { recorderMs: now - 7 * 86_400_000, listedAtMs: now } }))).toEqual([]);
    expect(judgeClock(measureClock({}))).toEqual([]);
    expect(judgeClock(measureClock({ newestFile: { recorderMs: now + clockAbsurdMs * 2, listedAtMs: now } }))).toEqual([
      'clock-absurd',
    ]);
  });
});
