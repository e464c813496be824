/**
 * Days as whole numbers (days since 1970-01-01), for questions that compare or store very many of them. The text form
 * stays the one that people, documents and the ledger use.
 */
import type { CalendarDate } from './people-facts.ts';

/** Every day of a century is remembered; what goes beyond starts anew, so that memory stays bounded. */
const knownMax = 50_000;

/** Counted, because looking a text up takes longer. Years begin in March here, so that the leap day is the last one. */
export function dayNumber(day: CalendarDate): number {
  const month = digits(day, 5, 7);
  const year = digits(day, 0, 4) - (month <= 2 ? 1 : 0);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + digits(day, 8, 10) - 1;
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  return year * 365 + leapDays + dayOfYear - 719_468;
}

function digits(text: string, from: number, until: number): number {
  let number = 0;
  for (let at = from; at < until; at += 1) number = number * 10 + text.charCodeAt(at) - 48;
  return number;
}

const texts = new Map<number, CalendarDate>();

export function dayOfNumber(number: number): CalendarDate {
  const before = texts.get(number);
  if (before !== undefined) return before;
  const day = new Date(number * 86_400_000).toISOString().slice(0, 10) as CalendarDate;
  if (texts.size >= knownMax) texts.clear();
  texts.set(number, day);
  return day;
}

/** Positive when `to` is later. */
export function daysFromTo(from: CalendarDate, to: CalendarDate): number {
  return dayNumber(to) - dayNumber(from);
}

export function addDays(day: CalendarDate, days: number): CalendarDate {
  return dayOfNumber(dayNumber(day) + days);
}
