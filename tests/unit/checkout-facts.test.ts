/**
 * Goal: which check-outs count at a moment of the ledger is a function of rows and sequence; whether somebody had the
 * recorder during a range of time is told as whole, part or none, and never both ways at the moment of a hand-over.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkOutChecks } from '../../src/domain/check-out-policy.ts';
import { type CheckOut, checkOutCovers, checkOutsKnownAt } from '../../src/domain/checkout-facts.ts';

const day = (time: string): string => `2026-11-20T${time}:00.000Z`;
const checkOut = (fields: Partial<CheckOut>): CheckOut => ({
  checkout: 'k-1',
  recorder: 'R-1',
  certificateNo: '14052201001',
  outAt: day('08:00'),
  outSeq: 10,
  returnedAt: null,
  returnedSeq: null,
  returnBasis: null,
  withdrawnSeq: null,
  ...fields,
});
const returned = checkOut({ returnedAt: day('12:00'), returnedSeq: 20, returnBasis: 'by-hand' });

describe('check-outs known at a sequence', () => {
  it.each([
    [returned, 9, []],
    [returned, 10, [null]],
    [returned, 19, [null]],
    [returned, 20, [day('12:00')]],
    [{ ...returned, withdrawnSeq: 30 }, 29, [day('12:00')]],
    [{ ...returned, withdrawnSeq: 30 }, 30, []],
    [{ ...returned, withdrawnSeq: 15 }, 25, []],
    [checkOut({}), undefined, [null]],
  ] as const)('%j at %s', (row, knownAt, expected) => {
    expect(checkOutsKnownAt([row], knownAt).map(({ returnedAt }) => returnedAt)).toEqual(expected);
  });
});

describe('who had it', () => {
  it.each([
    ['08:00', '08:00', 'whole'],
    ['09:00', '10:00', 'whole'],
    ['07:59', '08:00', 'part'],
    ['07:00', '07:59', 'none'],
    ['11:59', '12:00', 'part'],
    ['12:00', '12:30', 'none'],
    ['07:00', '13:00', 'part'],
  ] as const)('from %s to %s: %s', (earliest, latest, expected) => {
    expect(checkOutCovers(returned, { earliest: day(earliest), latest: day(latest) })).toBe(expected);
  });

  it('while it is out, everything after is covered', () => {
    expect(checkOutCovers(checkOut({}), { earliest: day('23:00'), latest: day('23:59') })).toBe('whole');
  });

  it('at no instant two people have it when one shift follows the other', () => {
    const minute = fc.integer({ min: 0, max: 1439 }).map((at) => {
      const text = (part: number): string => String(part).padStart(2, '0');
      return day(`${text(Math.floor(at / 60))}:${text(at % 60)}`);
    });
    fc.assert(
      fc.property(fc.tuple(minute, minute, minute), minute, (shifts, instant) => {
        const [first, second, third] = [...shifts].sort() as [string, string, string];
        const range = { earliest: instant, latest: instant };
        const covering = [
          checkOut({ outAt: first, returnedAt: second }),
          checkOut({ outAt: second, returnedAt: third }),
        ];
        const answers = covering.map((one) => checkOutCovers(one, range));
        expect(answers.filter((answer) => answer === 'whole').length).toBe(first <= instant && instant < third ? 1 : 0);
        expect(answers).not.toContain('part');
      }),
    );
  });
});

describe('the self-check', () => {
  const thresholds = { batteryPercentMin: 80, freeBytesMin: 4000, clockErrorMsMax: 30_000, filesOnCardMax: 0 };
  const good = { batteryPercent: 80, freeBytes: 4000, clock: { atLeastMs: -30_000, atMostMs: 30_000 }, filesOnCard: 0 };
  const states = (facts: typeof good | object): string =>
    checkOutChecks({ ...good, ...facts }, thresholds)
      .map(({ state }) => state)
      .join(' ');

  it.each([
    [{}, 'ok ok ok ok'],
    [{ batteryPercent: 79 }, 'warn ok ok ok'],
    [{ batteryPercent: null }, 'unknown ok ok ok'],
    [{ freeBytes: 3999 }, 'ok warn ok ok'],
    [{ freeBytes: null }, 'ok unknown ok ok'],
    [{ clock: { atLeastMs: -30_001, atMostMs: 0 } }, 'ok ok warn ok'],
    [{ clock: { atLeastMs: 0, atMostMs: 30_001 } }, 'ok ok warn ok'],
    [{ clock: { atLeastMs: 0, atMostMs: null } }, 'ok ok unknown ok'],
    // One open end is enough when the other already proves too much.
    [{ clock: { atLeastMs: 60_000, atMostMs: null } }, 'ok ok warn ok'],
    [{ clock: { atLeastMs: null, atMostMs: -60_000 } }, 'ok ok warn ok'],
    [{ clock: null }, 'ok ok unknown ok'],
    [{ filesOnCard: 1 }, 'ok ok ok warn'],
    [{ filesOnCard: null }, 'ok ok ok unknown'],
  ])('%j: %s', (facts, expected) => {
    expect(states(facts)).toBe(expected);
  });
});
