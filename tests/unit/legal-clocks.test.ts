/**
 * Goal: legal periods end on the day that the law says, by the published holidays and make-up days (each figure below
 * was counted by hand on the calendar), and a year that the calendar lacks is named instead of guessed.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadWorkingCalendar } from '../../src/config/case-tables.ts';
import { type LegalClockKind, type LegalClockQuestion, legalClock } from '../../src/domain/legal-clocks.ts';
import { getCalendarDate } from '../../src/domain/people-facts.ts';
import { calendarDaysAfter, daysLeft, isWorkingDay, workingDaysAfter } from '../../src/domain/working-days.ts';

const calendar = loadWorkingCalendar(null);
const day = getCalendarDate;
const clock = (kind: LegalClockKind, startedOn: string, more: Partial<LegalClockQuestion> = {}) =>
  legalClock({
    kind,
    startedOn: day(startedOn),
    endedOn: null,
    today: day(startedOn),
    soonDays: 2,
    calendar,
    ...more,
  });

describe('working days', () => {
  it.each([
    ['2024-02-04', true, 'a Sunday that is worked before the Spring Festival'],
    ['2024-02-12', false, 'the Spring Festival'],
    ['2025-01-28', false, 'its eve'],
    ['2025-02-08', true, 'a Saturday that is worked'],
    ['2025-10-08', false, 'the last day of the double holiday'],
    ['2026-02-23', false, 'the ninth day of the Spring Festival'],
    ['2026-09-20', true, 'a Sunday that is worked'],
    ['2026-10-08', true, 'the Thursday after the National Day'],
    ['2026-11-21', false, 'a plain Saturday'],
    ['2026-11-23', true, 'a plain Monday'],
  ])('%s is worked: %s (%s)', (of, isWorked) => {
    expect(isWorkingDay(calendar, day(of))).toBe(isWorked);
  });
});

describe('registered evidence: seven working days', () => {
  it.each([
    // Tuesday: Wed 11, Thu, Fri 13, Mon 16, Tue, Wed, Thu 19.
    ['2026-03-10', '2026-03-19'],
    // Friday before the Spring Festival: Sat 14 worked, festival 15-23, then 24 to 28 (a Saturday that is worked), Mon 2.
    ['2026-02-13', '2026-03-02'],
    // Wednesday before the National Day of 2026: 8, 9, 10 (Saturday, worked), 12, 13, 14, 15.
    ['2026-09-30', '2026-10-15'],
  ])('from %s to %s', (from, until) => {
    expect(clock('evidence-registration', from)).toMatchObject({ dueOn: until, daysLeft: 7, unknownYears: [] });
  });

  it('names a year that the calendar lacks', () => {
    expect(clock('evidence-registration', '2026-12-29')).toMatchObject({ dueOn: '2027-01-07', unknownYears: [2027] });
    expect(clock('evidence-registration', '2026-12-18')).toMatchObject({ dueOn: '2026-12-29', unknownYears: [] });
  });

  it.each([
    ['2026-03-11', 'running', 6],
    ['2026-03-17', 'due-soon', 2],
    ['2026-03-19', 'due-today', 0],
    ['2026-03-20', 'overdue', -1],
  ])('on %s it is %s with %s days', (today, state, left) => {
    expect(clock('evidence-registration', '2026-03-10', { today: day(today) })).toMatchObject({
      state,
      daysLeft: left,
    });
  });

  it.each([
    ['2026-03-19', 'ended'],
    ['2026-03-20', 'ended-late'],
  ])('dealt with on %s it is %s, whatever the day is today', (endedOn, state) => {
    const more = { endedOn: day(endedOn), today: day('2026-11-22') };
    expect(clock('evidence-registration', '2026-03-10', more)).toMatchObject({ state });
  });

  it('knows no extension', () => {
    const more = { extendedOn: [day('2026-03-11')] };
    expect(clock('evidence-registration', '2026-03-10', more)).toMatchObject({
      dueOn: '2026-03-19',
      isExtended: false,
    });
  });
});

describe('sealing and seizure: thirty days, and thirty more when recorded in time', () => {
  it.each([
    [[], '2026-04-09', false],
    [['2026-04-09'], '2026-05-09', true],
    [['2026-03-20', '2026-04-30'], '2026-05-09', true],
    [['2026-04-10'], '2026-04-09', false],
    [['2026-03-09'], '2026-04-09', false],
  ])('extended on %j until %s', (extendedOn, dueOn, isExtended) => {
    expect(clock('seizure', '2026-03-10', { extendedOn: extendedOn.map(day) })).toMatchObject({ dueOn, isExtended });
  });

  it('does not roll over a holiday, which would hold somebody longer', () => {
    expect(clock('seizure', '2026-09-03').dueOn).toBe('2026-10-03');
  });
});

describe('answers to reconsideration and litigation', () => {
  it('counts ten working days', () => {
    // Wednesday 9-23; 9-24, festival 25-27, 28, 29, 30, National Day, then 8, 9, 10, 12, 13, 14.
    expect(clock('reconsideration', '2026-09-23').dueOn).toBe('2026-10-14');
  });

  it.each([
    ['2026-11-02', '2026-11-17'],
    // The fifteenth day is a Sunday: the Monday.
    ['2026-11-07', '2026-11-23'],
    // It falls into the National Day.
    ['2026-09-18', '2026-10-08'],
  ])('counts fifteen days from %s and ends on a working day: %s', (from, until) => {
    expect(clock('litigation', from).dueOn).toBe(until);
  });
});

describe('properties', () => {
  const days = fc.integer({ min: 0, max: 1000 }).map((count) => calendarDaysAfter(day('2024-01-01'), count));

  it('the n-th working day is worked, and n working days lie between', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 40 }), (from, count) => {
        const { day: to } = workingDaysAfter(calendar, from, count);
        expect(isWorkingDay(calendar, to)).toBe(true);
        expect(daysLeft(calendar, { from, to, counts: 'working' })).toBe(count);
      }),
    );
  });

  it('days left are the same forwards and backwards', () => {
    fc.assert(
      fc.property(days, days, fc.constantFrom('working' as const, 'calendar' as const), (from, to, counts) => {
        const there = daysLeft(calendar, { from, to, counts });
        const back = daysLeft(calendar, { from: to, to: from, counts });
        expect(there + back).toBe(0);
      }),
    );
  });
});
