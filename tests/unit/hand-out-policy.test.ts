/**
 * Goal: whatever is entered, now or afterwards, no recorder has two users at one moment; what only speaks against
 * handing it out is told each by its code.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckOut, checkOutsKnownAt } from '../../src/domain/checkout-facts.ts';
import { handOutObjections, planHandOut } from '../../src/domain/hand-out-policy.ts';
import { getCalendarDate } from '../../src/domain/people-facts.ts';

const hour = (at: number): string => new Date(Date.UTC(2026, 10, 20, at)).toISOString();
const now = hour(100);
const out = (certificateNo: string, from: number, until: number | null): CheckOut => ({
  checkout: `k-${certificateNo}-${from}`,
  recorder: 'R1',
  certificateNo,
  outAt: hour(from),
  outSeq: 1,
  returnedAt: until === null ? null : hour(until),
  returnedSeq: until === null ? null : 2,
  returnBasis: until === null ? null : 'by-hand',
  withdrawnSeq: null,
});
const wanted = (from: number, until: number | null, certificateNo = 'A') => ({
  certificateNo,
  at: hour(from),
  returnedAt: until === null ? null : hour(until),
});

describe('a plan', () => {
  it.each([
    ['nobody had it', wanted(5, null), [], 'possible'],
    ['to come', wanted(101, null), [], 'in-future'],
    ['returned to come', wanted(5, 101), [], 'in-future'],
    ['returned at once', wanted(5, 5), [], 'returned-before-out'],
    ['after the last', wanted(5, null), [out('B', 1, 5)], 'possible'],
    ['while it is out', wanted(5, null), [out('B', 1, null)], 'possible'],
    ['while the same has it', wanted(5, null), [out('A', 1, null)], 'out-already'],
    ['at the same moment', wanted(5, null), [out('B', 5, null)], 'overlaps'],
    ['before the next, open', wanted(3, null), [out('B', 5, 6)], 'overlaps'],
    ['before the next, over', wanted(3, 5), [out('B', 5, 6)], 'possible'],
    ['within another', wanted(3, 4), [out('B', 1, 6)], 'overlaps'],
    ['over, while it was out', wanted(3, 4), [out('B', 1, null)], 'overlaps'],
    ['around another', wanted(1, 9), [out('B', 3, 4)], 'overlaps'],
  ] as const)('%s: %s', (_name, one, known, expected) => {
    expect(planHandOut(one, { known, now }).kind).toBe(expected);
  });

  it('no two users at one moment, whatever is tried in whichever order', () => {
    const attempt = fc.record({
      who: fc.constantFrom('A', 'B', 'C'),
      from: fc.integer({ min: 0, max: 99 }),
      length: fc.option(fc.integer({ min: 1, max: 20 }), { nil: null }),
    });
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 12 }), (attempts) => {
        let rows: CheckOut[] = [];
        for (const [at, { who, from, length }] of attempts.entries()) {
          const until = length === null ? null : from + length;
          const plan = planHandOut(wanted(from, until, who), { known: checkOutsKnownAt(rows), now });
          if (plan.kind !== 'possible') continue;
          const end = { returnedAt: hour(from), returnedSeq: at, returnBasis: 'next-check-out' } as const;
          rows = rows.map((row) =>
            row === plan.ends || row.checkout === plan.ends?.checkout ? { ...row, ...end } : row,
          );
          rows.push({ ...out(who, from, until), checkout: `k-${at}` });
        }
        for (let moment = 0; moment < 120; moment += 1) {
          const users = rows.filter(
            ({ outAt, returnedAt }) => outAt <= hour(moment) && (returnedAt === null || hour(moment) < returnedAt),
          );
          expect(users.length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('what speaks against it', () => {
  const question = {
    certificateNo: 'A',
    serial: 'R1',
    ends: undefined,
    assignments: [],
    state: 'in-service',
    standing: 'valid',
    officersOpen: [],
  } as const;
  const assignment = {
    certificateNo: 'B',
    serial: 'R1',
    from: getCalendarDate('2026-01-01'),
    until: null,
    mode: 'personal',
  } as const;

  it.each([
    ['nothing', {}, []],
    ['out to another', { ends: out('B', 1, null) }, ['recorder-checked-out']],
    ['somebody’s own', { assignments: [assignment] }, ['recorder-held']],
    ['their own', { assignments: [{ ...assignment, certificateNo: 'A' }] }, []],
    ['shared', { assignments: [{ ...assignment, mode: 'shared' }] }, []],
    ['has another out', { officersOpen: [{ ...out('A', 1, null), recorder: 'R2' }] }, ['officer-has-another']],
    ['lost', { state: 'lost' }, ['recorder-not-in-service']],
    ['suspended', { standing: 'suspended' }, ['certificate-not-valid']],
  ] as const)('%s', (_name, change, expected) => {
    expect(handOutObjections({ ...question, ...change }).map(({ code }) => code)).toEqual(expected);
  });
});
