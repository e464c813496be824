/**
 * Goal: rise, pace, projection and countdown say what their figures say and nothing more, with figures handed in before
 * the installation never compared with computed ones; each boundary of the deadline is a row of a table.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  completeSince,
  countdown,
  coveragePace,
  monthEnds,
  type PaceVerdict,
  type YearEndFigures,
  yearlyRise,
} from '../../src/domain/coverage-pace.ts';
import { addDays, daysFromTo } from '../../src/domain/day-number.ts';
import { getCalendarDate as day } from '../../src/domain/people-facts.ts';

const deadline = day('2026-12-31');
const figures = (asOf: string, population: number, covered: number) => ({ asOf: day(asOf), population, covered });

describe('the yearly rise', () => {
  const row = (asOf: string, origin: YearEndFigures['origin'], population: number, covered: number) => ({
    ...figures(asOf, population, covered),
    origin,
  });

  it('compares a year with the year before of the same origin only', () => {
    const rows = yearlyRise([
      row('2023-12-31', 'handed-in', 100, 60),
      row('2024-12-31', 'handed-in', 100, 70),
      row('2025-12-31', 'computed', 120, 60),
      row('2025-12-31', 'handed-in', 110, 77),
      row('2026-11-22', 'computed', 120, 90),
    ]);
    expect(rows.map(({ year, origin, rise, isRunning }) => [year, origin, rise, isRunning])).toEqual([
      [2023, 'handed-in', 'not-comparable', false],
      [2024, 'handed-in', 'rose', false],
      [2025, 'computed', 'not-comparable', false],
      [2025, 'handed-in', 'unchanged', false],
      [2026, 'computed', 'rose', true],
    ]);
    expect(rows[4]?.change).toBeCloseTo(0.25);
  });

  it('nothing can rise above everybody, a missing year compares with nothing, and a smaller rate fell', () => {
    const rows = yearlyRise([
      row('2023-12-31', 'computed', 10, 10),
      row('2024-12-31', 'computed', 10, 10),
      row('2025-12-31', 'computed', 10, 9),
      row('2027-12-31', 'computed', 10, 10),
      row('2028-12-31', 'computed', 0, 0),
    ]);
    expect(rows.map(({ rise }) => rise)).toEqual(['complete', 'complete', 'fell', 'complete', 'not-comparable']);
  });
});

describe('the pace', () => {
  const table: readonly [string, ReturnType<typeof figures>, ReturnType<typeof figures> | undefined, PaceVerdict][] = [
    ['nobody is missing', figures('2026-11-22', 10, 10), undefined, 'complete'],
    ['nobody must be covered', figures('2026-11-22', 0, 0), undefined, 'complete'],
    ['no older figures', figures('2026-11-22', 10, 5), undefined, 'no-history'],
    ['six days say nothing', figures('2026-11-22', 10, 5), figures('2026-11-16', 10, 1), 'no-history'],
    ['seven days do', figures('2026-11-22', 10, 5), figures('2026-11-15', 10, 1), 'in-time'],
    ['gaps grow', figures('2026-11-22', 10, 5), figures('2026-10-22', 10, 6), 'not-falling'],
    ['gaps stay', figures('2026-11-22', 10, 5), figures('2026-10-22', 10, 5), 'not-falling'],
    ['exactly on the deadline', figures('2026-12-01', 100, 70), figures('2026-11-01', 100, 40), 'in-time'],
    ['one gap too many', figures('2026-12-01', 100, 69), figures('2026-11-01', 100, 39), 'late'],
    ['the deadline day itself', figures('2026-12-31', 100, 99), figures('2026-12-01', 100, 69), 'late'],
    ['the day after, with a gap', figures('2027-01-01', 100, 99), figures('2026-12-01', 100, 69), 'overdue'],
    ['the day after, without', figures('2027-01-01', 100, 100), figures('2026-12-01', 100, 69), 'complete'],
  ];
  for (const [name, today, before, verdict] of table) {
    it(`${name}: ${verdict}`, () => expect(coveragePace({ today, before, deadline }).verdict).toBe(verdict));
  }

  it('says what is needed, what was, and when it would be done, with the days it is measured over', () => {
    const pace = coveragePace({
      today: figures('2026-11-01', 100, 40),
      before: figures('2026-10-02', 90, 15),
      deadline,
    });
    expect(pace).toMatchObject({
      gaps: 60,
      daysLeft: 60,
      neededPer30Days: 30,
      actualPer30Days: 15,
      gapsAtDeadline: 30,
    });
    expect(pace.measured).toEqual({ from: '2026-10-02', to: '2026-11-01', closed: 15 });
    expect(pace.completeOn).toBe('2027-03-01');
  });

  it('asks for everything on the last day, and for nothing when it is over', () => {
    expect(coveragePace({ today: figures('2026-12-31', 9, 2), before: undefined, deadline }).neededPer30Days).toBe(210);
    expect(
      coveragePace({ today: figures('2027-01-01', 9, 2), before: undefined, deadline }).neededPer30Days,
    ).toBeNull();
  });

  it('projects no gaps below zero and a day that agrees with the verdict', () => {
    const count = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(count, count, count, fc.integer({ min: 0, max: 700 }), (open, openBefore, passed, length) => {
        const today = figures(addDays(day('2026-06-01'), passed), 500, 500 - open);
        const before = figures(addDays(day('2026-06-01'), passed - length), 500, 500 - openBefore);
        const pace = coveragePace({ today, before, deadline });
        expect(pace.gapsAtDeadline ?? 0).toBeGreaterThanOrEqual(0);
        if (pace.verdict === 'in-time') expect(pace.completeOn !== null && pace.completeOn <= deadline).toBe(true);
        if (pace.verdict === 'in-time') expect(pace.gapsAtDeadline).toBe(0);
        if (pace.verdict === 'late') expect(pace.gapsAtDeadline).toBeGreaterThan(0);
        const days = countdown(pace, today.asOf);
        expect(days).toHaveLength(Math.max(0, daysFromTo(today.asOf, deadline) + 1));
        if (days.length > 0) expect(days.at(-1)).toMatchObject({ day: deadline, daysLeft: 0, gapsAllowed: 0 });
        if (days.length > 1) expect(days[0]?.gapsAllowed).toBe(open);
      }),
    );
  });
});

it('months end on their last days, and the list ends with the day asked for', () => {
  expect(monthEnds(day('2023-12-15'), day('2024-03-10'))).toEqual([
    '2023-12-31',
    '2024-01-31',
    '2024-02-29',
    '2024-03-10',
  ]);
  expect(monthEnds(day('2026-11-22'), day('2026-11-22'))).toEqual(['2026-11-22']);
  expect(monthEnds(day('2026-11-22'), day('2026-11-30'))).toEqual(['2026-11-30']);
});

it('complete since the first day of the last unbroken run', () => {
  expect(completeSince([])).toBeNull();
  expect(completeSince([figures('2026-01-01', 2, 2), figures('2026-02-01', 3, 3)])).toBe('2026-01-01');
  const broken = [figures('2026-01-01', 2, 2), figures('2026-02-01', 3, 2)];
  expect(completeSince([...broken, figures('2026-03-01', 3, 3)])).toBe('2026-03-01');
  expect(completeSince(broken)).toBeNull();
  expect(completeSince([figures('2026-01-01', 0, 0)])).toBeNull();
});
