/**
 * Coverage over time, as figures: did the rate rise from year to year as the ministry wants, how many gaps must close
 * from today on, and what becomes of the gaps if nothing changes. Pure; the days come from whoever asks. Figures that
 * were handed in before the installation (上报数) stand beside computed ones and are never mixed with them.
 */
import { addDays, daysFromTo } from './day-number.ts';
import { type CalendarDate, getCalendarDate } from './people-facts.ts';

export interface DayFigures {
  readonly asOf: CalendarDate;
  readonly population: number;
  /** As the profile counts. */
  readonly covered: number;
}

export type FiguresOrigin = 'computed' | 'handed-in';

export interface YearEndFigures extends DayFigures {
  readonly origin: FiguresOrigin;
}

/**
 * - `rose`, `fell`, `unchanged`: against the year before, both of the same origin;
 * - `complete`: nobody was missing, so there was nothing to rise to;
 * - `not-comparable`: there is no year before of the same origin, or nobody to be covered.
 */
export type YearlyRise = 'rose' | 'fell' | 'unchanged' | 'complete' | 'not-comparable';

export interface YearRow extends YearEndFigures {
  readonly year: number;
  readonly rate: number | null;
  /** Points of the rate, 0..1; null when there is nothing to compare with. */
  readonly change: number | null;
  readonly rise: YearlyRise;
  /** The year is not over: its last figures so far. */
  readonly isRunning: boolean;
}

export const rateOf = ({ population, covered }: { population: number; covered: number }): number | null =>
  population === 0 ? null : covered / population;

/** Years in order; a year may have both a computed and a handed-in row, computed first. */
export function yearlyRise(figures: readonly YearEndFigures[]): YearRow[] {
  const rows: YearRow[] = [];
  const sorted = [...figures].sort((a, b) => compare(a.asOf, b.asOf) || compare(a.origin, b.origin));
  for (const one of sorted) {
    const year = Number(one.asOf.slice(0, 4));
    const before = rows.find((row) => row.year === year - 1 && row.origin === one.origin && !row.isRunning);
    const rate = rateOf(one);
    const change = rate === null || before === undefined || before.rate === null ? null : rate - before.rate;
    rows.push({ ...one, year, rate, change, rise: riseOf(rate, change), isRunning: !one.asOf.endsWith('-12-31') });
  }
  return rows;
}

function riseOf(rate: number | null, change: number | null): YearlyRise {
  if (rate === 1) return 'complete';
  if (change === null) return 'not-comparable';
  return change > 0 ? 'rose' : change < 0 ? 'fell' : 'unchanged';
}

/**
 * - `complete`: no gap; `in-time`: at this pace none is left on the deadline; `late`: some are;
 * - `not-falling`: the gaps did not become fewer; `no-history`: too few days are known to say;
 * - `overdue`: the deadline has passed with gaps.
 */
export type PaceVerdict = 'complete' | 'in-time' | 'late' | 'not-falling' | 'no-history' | 'overdue';

export interface PaceQuestion {
  readonly today: DayFigures;
  readonly deadline: CalendarDate;
  /** Where the pace so far is measured from; undefined when nothing that old is known. */
  readonly before: DayFigures | undefined;
}

export interface Pace {
  readonly gaps: number;
  /** To the deadline, its own day included after today; negative: days past it. */
  readonly daysLeft: number;
  /** Gaps that must close in each 30 days; null when no day is left or none is open. */
  readonly neededPer30Days: number | null;
  readonly actualPer30Days: number | null;
  /** The assumption: the pace between these two days goes on, and nobody joins or leaves the count. */
  readonly measured: { readonly from: CalendarDate; readonly to: CalendarDate; readonly closed: number } | null;
  /** Gaps left on the deadline at the pace so far; null when it is not known. */
  readonly gapsAtDeadline: number | null;
  /** The first day without a gap at the pace so far; null when there is none within ten years. */
  readonly completeOn: CalendarDate | null;
  readonly verdict: PaceVerdict;
}

const month = 30;
const projectedDaysMax = 3653;
/** A shorter stretch says nothing about a pace. */
const measuredDaysMin = 7;

export function coveragePace({ today, deadline, before }: PaceQuestion): Pace {
  const gaps = today.population - today.covered;
  const daysLeft = daysFromTo(today.asOf, deadline);
  const stretch = before === undefined ? 0 : daysFromTo(before.asOf, today.asOf);
  const closed = before === undefined ? 0 : before.population - before.covered - gaps;
  const isKnown = stretch >= measuredDaysMin;
  const perDay = isKnown ? closed / stretch : null;
  const daysToGo = perDay === null || perDay <= 0 ? null : Math.ceil(gaps / perDay);
  const left = perDay === null ? null : Math.max(0, Math.ceil(gaps - Math.max(0, perDay) * Math.max(0, daysLeft)));
  return {
    gaps,
    daysLeft,
    neededPer30Days: gaps === 0 || daysLeft < 0 ? null : gaps / (Math.max(1, daysLeft) / month),
    actualPer30Days: perDay === null ? null : perDay * month,
    measured: isKnown && before !== undefined ? { from: before.asOf, to: today.asOf, closed } : null,
    gapsAtDeadline: gaps === 0 ? 0 : left,
    completeOn: gaps > 0 && daysToGo !== null && daysToGo <= projectedDaysMax ? addDays(today.asOf, daysToGo) : null,
    verdict: verdictOf({ gaps, daysLeft, perDay, daysToGo }),
  };
}

function verdictOf(at: {
  gaps: number;
  daysLeft: number;
  perDay: number | null;
  daysToGo: number | null;
}): PaceVerdict {
  if (at.gaps === 0) return 'complete';
  if (at.daysLeft < 0) return 'overdue';
  if (at.perDay === null) return 'no-history';
  if (at.daysToGo === null) return 'not-falling';
  return at.daysToGo <= at.daysLeft ? 'in-time' : 'late';
}

export interface CountdownDay {
  readonly day: CalendarDate;
  readonly daysLeft: number;
  /** Gaps that may still be open at the end of the day if they close evenly. */
  readonly gapsAllowed: number;
  /** Gaps at the pace so far; null when it is not known. */
  readonly gapsProjected: number | null;
}

/** Every day from today to the deadline, both included; empty once it has passed. */
export function countdown(pace: Pace, today: CalendarDate): CountdownDay[] {
  const { gaps, daysLeft, actualPer30Days } = pace;
  return Array.from({ length: Math.max(0, Math.min(daysLeft, projectedDaysMax) + 1) }, (_, passed) => ({
    day: addDays(today, passed),
    daysLeft: daysLeft - passed,
    gapsAllowed: daysLeft === 0 ? 0 : Math.floor((gaps * (daysLeft - passed)) / daysLeft),
    gapsProjected:
      actualPer30Days === null ? null : Math.max(0, Math.round(gaps - (Math.max(0, actualPer30Days) * passed) / month)),
  }));
}

/** The days on which months end, oldest first, and then the last day itself. */
export function monthEnds(first: CalendarDate, last: CalendarDate): CalendarDate[] {
  const days: CalendarDate[] = [];
  let [year, number] = [Number(first.slice(0, 4)), Number(first.slice(5, 7))];
  for (;;) {
    const end = getCalendarDate(new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10));
    if (end >= last) return [...days, last];
    days.push(end);
    number = number === 12 ? 1 : number + 1;
    if (number === 1) year += 1;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Since when nobody is missing: the first day of the unbroken run up to the last one, out of figures of days, oldest
 * first. Null when somebody is missing now, or nobody has to be covered.
 */
export function completeSince(days: readonly DayFigures[]): CalendarDate | null {
  let since: CalendarDate | null = null;
  for (const { asOf, population, covered } of days) {
    if (population === 0 || covered < population) since = null;
    else since ??= asOf;
  }
  return since;
}
