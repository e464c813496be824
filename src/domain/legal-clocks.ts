/**
 * Periods of law that run from an act or from a paper that came in: until when, how many days are left, which clause.
 * The day on which a period begins does not count. Pure: the calendar and today are handed in.
 */
import type { CalendarDate } from './people-facts.ts';
import { calendarDaysAfter, daysLeft, type WorkingCalendar, workingDayFrom, workingDaysAfter } from './working-days.ts';

export interface LegalPeriod {
  readonly days: number;
  readonly counts: 'working' | 'calendar';
  /** What one recorded extension adds. Only the first counts. */
  readonly extensionDays?: number;
  /** Whether a last day that is free moves on to the next working day. */
  readonly rollsOver: boolean;
  readonly clause: string;
}

/**
 * A period that limits what an authority may do to somebody does not roll over: the earlier day is the safe one.
 * `reconsideration` and `litigation` run from the day on which the copy of the application or complaint arrived.
 */
export const legalPeriods = {
  'evidence-registration': { days: 7, counts: 'working', rollsOver: false, clause: '行政处罚法 56, 85' },
  seizure: { days: 30, counts: 'calendar', extensionDays: 30, rollsOver: false, clause: '行政强制法 25' },
  reconsideration: { days: 10, counts: 'working', rollsOver: false, clause: '行政复议法 48, 88' },
  litigation: { days: 15, counts: 'calendar', rollsOver: true, clause: '行政诉讼法 67, 101' },
} as const satisfies { readonly [kind: string]: LegalPeriod };

export type LegalClockKind = keyof typeof legalPeriods;

export interface LegalClockQuestion {
  readonly kind: LegalClockKind;
  /** The day of the act, or on which the paper arrived. */
  readonly startedOn: CalendarDate;
  /** Days on which extensions were recorded. */
  readonly extendedOn?: readonly CalendarDate[];
  /** The day on which it was dealt with; null while it is not. */
  readonly endedOn: CalendarDate | null;
  readonly today: CalendarDate;
  /** So many days before the end (of the kind that is counted) it is `due-soon`. */
  readonly soonDays: number;
  readonly calendar: WorkingCalendar;
}

export type LegalClockState = 'running' | 'due-soon' | 'due-today' | 'overdue' | 'ended' | 'ended-late';

export interface LegalClock {
  readonly kind: LegalClockKind;
  readonly startedOn: CalendarDate;
  /** The last day of the period. */
  readonly dueOn: CalendarDate;
  readonly isExtended: boolean;
  readonly state: LegalClockState;
  /** Days left after today; negative: so many over. */
  readonly daysLeft: number;
  readonly counts: 'working' | 'calendar';
  readonly endedOn: CalendarDate | null;
  readonly clause: string;
  /** Finding: the calendar lacks these years, so `dueOn` counts weekends only and is provisional. */
  readonly unknownYears: readonly number[];
}

export function legalClock(question: LegalClockQuestion): LegalClock {
  const { kind, startedOn, endedOn, today, calendar } = question;
  const period: LegalPeriod = legalPeriods[kind];
  const due = dueDay(period, question);
  const asOf = endedOn ?? today;
  return {
    kind,
    startedOn,
    dueOn: due.day,
    isExtended: due.isExtended,
    state: stateOf(question, due.day),
    daysLeft: daysLeft(calendar, { from: asOf, to: due.day, counts: period.counts }),
    counts: period.counts,
    endedOn,
    clause: period.clause,
    unknownYears: due.unknownYears,
  };
}

function dueDay(period: LegalPeriod, { startedOn, extendedOn = [], calendar }: LegalClockQuestion) {
  const first = lastDay(period, startedOn, calendar);
  const { extensionDays } = period;
  // An extension that was recorded after the period had ended does not bring it back.
  const isExtended = extensionDays !== undefined && extendedOn.some((day) => startedOn <= day && day <= first.day);
  if (!isExtended) return { ...first, isExtended };
  return { day: calendarDaysAfter(first.day, extensionDays), unknownYears: first.unknownYears, isExtended };
}

function lastDay({ days, counts, rollsOver }: LegalPeriod, startedOn: CalendarDate, calendar: WorkingCalendar) {
  if (counts === 'working') return workingDaysAfter(calendar, startedOn, days);
  const day = calendarDaysAfter(startedOn, days);
  return rollsOver ? workingDayFrom(calendar, day) : { day, unknownYears: [] };
}

function stateOf(
  { kind, endedOn, today, soonDays, calendar }: LegalClockQuestion,
  dueOn: CalendarDate,
): LegalClockState {
  if (endedOn !== null) return endedOn <= dueOn ? 'ended' : 'ended-late';
  if (today > dueOn) return 'overdue';
  if (today === dueOn) return 'due-today';
  const { counts } = legalPeriods[kind];
  return daysLeft(calendar, { from: today, to: dueOn, counts }) <= soonDays ? 'due-soon' : 'running';
}
