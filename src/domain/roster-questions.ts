/**
 * Who must be asked about: certificates that a whole roster no longer names although nothing says that the person left.
 * Nobody is deleted for not being named. An answer holds until a newer roster leaves the person out again.
 */
import { type CalendarDate, compareText, type OfficerFacts } from './people-facts.ts';
import type { ChangeReasonDocument } from './subject-kinds.ts';

export type RosterAnswer = 'left' | 'stays';

/** Why, and what was answered: a document of an `officer-changed` record. */
export interface RosterAnswerDocument extends ChangeReasonDocument {
  readonly kind: 'officers';
  readonly answer: RosterAnswer;
}

/** A certificate that the newest whole roster did not name, and has not been answered since. */
export interface UnnamedCertificate {
  readonly certificateNo: string;
  /** What holds today; undefined when the import that brought it was undone. */
  readonly facts: OfficerFacts | undefined;
}

export interface RosterQuestion {
  readonly certificateNo: string;
  readonly facts: OfficerFacts;
}

/** By unit, then certificate number. */
export function rosterQuestions(unnamed: readonly UnnamedCertificate[], today: CalendarDate): RosterQuestion[] {
  const open = unnamed.flatMap(({ certificateNo, facts }) =>
    facts === undefined || !isAskedAbout(facts, today) ? [] : [{ certificateNo, facts }],
  );
  return open.sort((a, b) => compareText(a.facts.unit, b.facts.unit) || compareText(a.certificateNo, b.certificateNo));
}

/** Neither gone by then nor known under a newer certificate. */
export function isAskedAbout(facts: OfficerFacts, day: CalendarDate): boolean {
  return facts.replacedBy === undefined && (facts.leftOn === undefined || facts.leftOn > day);
}

export interface RosterAge {
  /** Day of the newest whole roster; null when there is none. */
  readonly newest: CalendarDate | null;
  /** The last day on which it is new enough. */
  readonly dueOn: CalendarDate | null;
  readonly isOverdue: boolean;
}

/** Rosters come every month (阳交字〔2024〕93号 二(五)17): due `months` after the newest, on the same day of the month. */
export function rosterAge(newest: CalendarDate | null, today: CalendarDate, months: number): RosterAge {
  if (newest === null) return { newest, dueOn: null, isOverdue: false };
  const dueOn = monthsAfter(newest, months);
  return { newest, dueOn, isOverdue: today > dueOn };
}

/** The same day some months on, or the month's last day where it has no such day. */
export function monthsAfter(day: CalendarDate, months: number): CalendarDate {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const count = year * 12 + (month - 1) + months;
  const [toYear, toMonth] = [Math.floor(count / 12), (count % 12) + 1];
  const isLeap = (toYear % 4 === 0 && toYear % 100 !== 0) || toYear % 400 === 0;
  const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const toDate = Math.min(date, lengths[toMonth - 1] ?? 31);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(toYear).padStart(4, '0')}-${two(toMonth)}-${two(toDate)}` as CalendarDate;
}
