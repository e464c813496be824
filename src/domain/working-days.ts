/**
 * Working days by a calendar of public holidays and make-up days. A year that the calendar does not have is not
 * guessed: days of it are answered by weekends alone, and the answer names the year.
 */
import { type CalendarDate, getCalendarDate } from './people-facts.ts';
import { dayAfter } from './station-time.ts';

export interface CalendarYear {
  /** Free days, also those that are no weekend. */
  readonly holidays: ReadonlySet<string>;
  /** Saturdays and Sundays that are worked. */
  readonly workdays: ReadonlySet<string>;
}

export type WorkingCalendar = ReadonlyMap<number, CalendarYear>;

export interface CountedDay {
  readonly day: CalendarDate;
  /** Years that the calendar does not know, among the days that were looked at: then `day` is only provisional. */
  readonly unknownYears: readonly number[];
}

const yearOf = (day: string): number => Number(day.slice(0, 4));
const weekend = (day: string): boolean => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());

export const nextDay = (day: CalendarDate): CalendarDate => getCalendarDate(dayAfter(day));

export function isWorkingDay(calendar: WorkingCalendar, day: CalendarDate): boolean {
  const year = calendar.get(yearOf(day));
  if (year?.workdays.has(day)) return true;
  if (year?.holidays.has(day)) return false;
  return !weekend(day);
}

/** The `count`-th working day after a day, which itself does not count. `count` from 1. */
export function workingDaysAfter(calendar: WorkingCalendar, from: CalendarDate, count: number): CountedDay {
  const unknown = new Set<number>();
  let day = from;
  for (let left = count; left > 0; ) {
    day = nextDay(day);
    if (!calendar.has(yearOf(day))) unknown.add(yearOf(day));
    if (isWorkingDay(calendar, day)) left -= 1;
  }
  return { day, unknownYears: [...unknown] };
}

export function calendarDaysAfter(from: CalendarDate, count: number): CalendarDate {
  let day = from;
  for (let left = count; left > 0; left -= 1) day = nextDay(day);
  return day;
}

/** The day itself when it is worked, else the next one that is. */
export function workingDayFrom(calendar: WorkingCalendar, day: CalendarDate): CountedDay {
  const unknown = new Set<number>();
  let at = day;
  for (;;) {
    if (!calendar.has(yearOf(at))) unknown.add(yearOf(at));
    if (isWorkingDay(calendar, at)) return { day: at, unknownYears: [...unknown] };
    at = nextDay(at);
  }
}

/** Days after `from`, up to and with `to`: working days, or all. Negative when `to` lies before `from`. */
export function daysLeft(
  calendar: WorkingCalendar,
  {
    from,
    to,
    counts,
  }: { readonly from: CalendarDate; readonly to: CalendarDate; readonly counts: 'working' | 'calendar' },
): number {
  const [start, end, sign] = from <= to ? [from, to, 1] : [to, from, -1];
  let count = 0;
  for (let day = start; day < end; ) {
    day = nextDay(day);
    if (counts === 'calendar' || isWorkingDay(calendar, day)) count += 1;
  }
  return count * sign || 0;
}
