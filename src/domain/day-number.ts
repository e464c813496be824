/**
 * Days as whole numbers (days since 1970-01-01), for questions that compare or store very many of them. The text form
 * stays the one that people, documents and the ledger use.
 */
import type { CalendarDate } from './people-facts.ts';

const known = new Map<string, number>();

/** Every day of a century is remembered; what goes beyond starts anew, so that memory stays bounded. */
const knownMax = 50_000;

export function dayNumber(day: CalendarDate): number {
  const before = known.get(day);
  if (before !== undefined) return before;
  const number = Date.parse(`${day}T00:00:00Z`) / 86_400_000;
  if (known.size >= knownMax) known.clear();
  known.set(day, number);
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
