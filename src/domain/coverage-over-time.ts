/** What a page or a sheet shows of coverage over time: months, what moved in each, years, pace, the days to the deadline. */
import type { ChangeParts } from './coverage-moves.ts';
import type { CountdownDay, Pace, YearRow } from './coverage-pace.ts';
import type { CoverageOfDay } from './coverage-questions.ts';
import type { CalendarDate } from './people-facts.ts';

export interface MonthOfCoverage {
  readonly figures: CoverageOfDay;
  /** Against the end of the month before; null for the first one. */
  readonly change: MonthChange | null;
}

export interface MonthChange {
  readonly since: CalendarDate;
  readonly parts: ChangeParts;
  readonly gapsOpened: number;
  readonly gapsClosed: number;
  readonly rebounds: number;
}

/** A year end of before the installation, with the document that says so. */
export interface YearOfCoverage extends YearRow {
  /** Null for computed figures. */
  readonly source: string | null;
}

export interface ComingDay extends CountdownDay {
  /** What is already known of the day: certificates that end, assignments that begin. */
  readonly gapsKnown: number;
  readonly populationKnown: number;
}

export interface CoverageOverTime {
  readonly today: CoverageOfDay;
  /** Oldest first; the last one is the day that was asked for. */
  readonly months: readonly MonthOfCoverage[];
  readonly years: readonly YearOfCoverage[];
  readonly pace: Pace;
  /** Days from the one that was asked for to the deadline, at most so many. */
  readonly coming: readonly ComingDay[];
  /** Null while somebody is missing. */
  readonly completeSince: CalendarDate | null;
}
