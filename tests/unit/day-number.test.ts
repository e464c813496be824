/** Goal: days as numbers are those of the calendar, leap days and days long before 1970 included. */
import { expect, it } from 'vitest';
import { addDays, dayNumber, dayOfNumber } from '../../src/domain/day-number.ts';
import type { CalendarDate } from '../../src/domain/people-facts.ts';

it.each([
  ['1970-01-01', 0],
  ['1969-12-31', -1],
  ['2000-02-29', 11_016],
  ['2000-03-01', 11_017],
  ['1900-01-01', -25_567],
  ['9999-12-31', 2_932_896],
])('%s is day %i', (day, number) => {
  expect(dayNumber(day as CalendarDate)).toBe(number);
  expect(dayOfNumber(number)).toBe(day);
});

it('counts every day of four centuries as the calendar does', () => {
  const first = Date.UTC(1800, 0, 1) / 86_400_000;
  for (let number = first; number < first + 146_097; number += 1) {
    expect(dayNumber(new Date(number * 86_400_000).toISOString().slice(0, 10) as CalendarDate)).toBe(number);
  }
  expect(addDays('2027-02-28' as CalendarDate, 1)).toBe('2027-03-01');
});
