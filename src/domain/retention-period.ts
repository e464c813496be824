/**
 * How long something is kept, as the configuration writes it (`24 months`, `case + 5 years`), and the last day of such
 * a time. Counted as law counts (民法典 201, 202): the first day is not counted, months and years end on the day that
 * has its number, and on the month's last day where there is none. Days are the station's; no clock is read here.
 */
import type { CalendarDate } from './people-facts.ts';
import { getCalendarDate } from './people-facts.ts';

export interface CalendarSpan {
  readonly count: number;
  readonly unit: 'days' | 'months' | 'years';
}

/** `case`: while the case is open, then `after`; without `after` as long as the case file, whose end nobody has told. */
export type RetentionPeriod =
  | { readonly kind: 'permanent' }
  | { readonly kind: 'case'; readonly after: CalendarSpan | null }
  | { readonly kind: 'span'; readonly span: CalendarSpan }
  | { readonly kind: 'after-mark'; readonly span: CalendarSpan };

const spanPattern = '[1-9]\\d{0,4} (?:days|months|years)';
export const periodPattern = `^(?:permanent|case(?: \\+ ${spanPattern})?|${spanPattern}|[1-9]\\d{0,4} days after mark)$`;

/** Undefined when the text is none of the forms, or longer than a calendar of four-digit years can count. */
export function readPeriod(text: string): RetentionPeriod | undefined {
  if (!new RegExp(periodPattern, 'u').test(text)) return undefined;
  if (text === 'permanent') return { kind: 'permanent' };
  if (text === 'case') return { kind: 'case', after: null };
  const [count = '', unit = ''] = text.replace('case + ', '').split(' ');
  const span: CalendarSpan = { count: Number(count), unit: unit as CalendarSpan['unit'] };
  if (!isCountable(span)) return undefined;
  if (text.startsWith('case')) return { kind: 'case', after: span };
  return text.endsWith('after mark') ? { kind: 'after-mark', span } : { kind: 'span', span };
}

/** At most a thousand years: the calendar ends with 9999, and nobody means more. */
const isCountable = ({ count, unit }: CalendarSpan): boolean =>
  count <= { days: 99_999, months: 12_000, years: 1000 }[unit];

/** The last day on which it is kept. @throws RangeError beyond the year 9999 */
export function lastDayOf(first: CalendarDate, { count, unit }: CalendarSpan): CalendarDate {
  const [year = 0, month = 0, day = 0] = first.split('-').map(Number);
  if (unit === 'days') return dateOf(year, month - 1, day + count);
  const months = month - 1 + (unit === 'years' ? count * 12 : count);
  const daysInMonth = new Date(Date.UTC(year, months + 1, 0)).getUTCDate();
  return dateOf(year, months, Math.min(day, daysInMonth));
}

function dateOf(year: number, monthIndex: number, day: number): CalendarDate {
  return getCalendarDate(new Date(Date.UTC(year, monthIndex, day)).toISOString().slice(0, 10));
}

/** No span is shorter than so many days, wherever it begins. */
export const daysAtLeast = ({ count, unit }: CalendarSpan): number => count * { days: 1, months: 28, years: 365 }[unit];
