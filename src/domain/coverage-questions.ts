/**
 * What may be asked of coverage and what is answered: the words between the engine and whoever shows its answers. One
 * answer is a function of (profile, asOf, knownAt, configuration); where `knownAt` is not asked for it says up to which
 * record it knows.
 */
import type { CoverageBases, DatedCoverage } from './coverage-as-of.ts';
import type { CoverageProfile } from './coverage-profile.ts';
import type { BudgetSheet, StockAnswer } from './coverage-stock.ts';
import type { CoverageFigures, ReportedFigure, UnmappedPost } from './coverage-summary.ts';
import type { GapReason, OfficerVerdict, OutOfPopulationReason, UseReason, VerdictStatus } from './coverage-verdict.ts';
import type { CalendarDate } from './people-facts.ts';

export interface CoverageAsked {
  /** The first profile when not given. */
  readonly profile: string | undefined;
  readonly asOf: CalendarDate;
  /** Code or name of a unit: it and everything below it as of the day. */
  readonly unit: string | undefined;
  /** The last sequence of the ledger that counts; by default everything known. */
  readonly knownAt?: number | undefined;
}

export interface UnitOfTree {
  readonly unitKey: string;
  readonly name: string;
  /** Key of the unit above as of the day; null at the top. */
  readonly parent: string | null;
}

/** A unit with everything below it: the sum of its children's and its own. */
export interface UnitTreeFigures extends UnitOfTree, CoverageFigures {
  /** Of the unit without those below it. */
  readonly own: CoverageFigures;
}

export interface CoverageOfDay extends CoverageFigures {
  readonly profile: CoverageProfile;
  readonly asOf: CalendarDate;
  /** Records up to this sequence are in the answer. */
  readonly knownAt: number;
  readonly bases: CoverageBases;
  readonly reported: ReportedFigure;
  /** From the top down to the unit that was asked about; empty for all. */
  readonly unitPath: readonly UnitOfTree[];
  /** The units right below the one that was asked about (for all: the tops), each with its subtree, by key. */
  readonly units: readonly UnitTreeFigures[];
  readonly unmappedPosts: readonly UnmappedPost[];
}

export type CoverageSort = 'unit' | 'certificate' | 'reason' | 'name' | 'since';
export type ListReason = GapReason | OutOfPopulationReason | UseReason;

export interface CoverageListAsked extends CoverageAsked {
  /** All of them when not given. */
  readonly status?: VerdictStatus | undefined;
  /** Of the gap, of being out (the first of its reasons), or of not being in use. */
  readonly reason?: ListReason | undefined;
  readonly sort?: CoverageSort | undefined;
  readonly descending?: boolean | undefined;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

export interface CoverageRow extends OfficerVerdict {
  /** Since when the gap is open without a break; null for who has none. */
  readonly gapSince: CalendarDate | null;
}

/** Somebody whose gap is open. */
export interface GapPerson {
  readonly person: string;
  readonly certificateNo: string;
  readonly name: string;
  readonly unitKey: string;
}

export interface CoverageList {
  readonly asked: CoverageListAsked;
  readonly knownAt: number;
  readonly total: number;
  readonly rows: readonly CoverageRow[];
}

/** Where a person stands, as coarse as changes of a rate are told. Absent: in no roster (or not in the unit). */
export type StandingWord = 'absent' | 'out' | 'covered' | 'gap' | 'counted';

/** People whose standing at the end of the period differs from that before it (or who changed the unit). */
export interface CoverageMove {
  readonly from: StandingWord;
  readonly to: StandingWord;
  /** For `out`: why, now or before; else null. */
  readonly fromReason: OutOfPopulationReason | GapReason | null;
  readonly toReason: OutOfPopulationReason | GapReason | null;
  readonly persons: number;
}

export interface CoverageChangesAsked extends CoverageAsked {
  /** The day before the period; `asOf` is its last day. */
  readonly since: CalendarDate;
}

export interface CoverageChanges {
  readonly since: CalendarDate;
  readonly asOf: CalendarDate;
  readonly knownAt: number;
  /** Net, end against beginning. */
  readonly moves: readonly CoverageMove[];
  /** Gross: how often a gap opened and closed in the period, and how often one opened that had been closed before. */
  readonly gapsOpened: number;
  readonly gapsClosed: number;
  readonly rebounds: number;
}

/** One person's standing over time, the latest last; `until` is null where it goes on. */
export interface StandingSpan {
  readonly from: CalendarDate;
  readonly until: CalendarDate | null;
  readonly unitKey: string;
  readonly certificateNo: string;
  readonly standing: StandingWord;
  readonly reason: OutOfPopulationReason | GapReason | UseReason | null;
}

export interface GapCoursesAsked extends CoverageAsked {
  /** First day of the period; `asOf` is its last one. */
  readonly from: CalendarDate;
  readonly personsMax: number;
}

/** One person who had a gap in a period, with their whole course. */
export interface GapCourse {
  readonly certificateNo: string;
  readonly name: string;
  readonly spans: readonly StandingSpan[];
}

export interface CaseWithoutRecording {
  readonly caseNumber: string;
  readonly certificateNo: string;
  readonly name: string;
  readonly unitKey: string;
  readonly unit: string;
  /** The recorder that the officer had been given while the case was open; null: they had none to record with. */
  readonly serial: string | null;
}

export type EngineStatus =
  | { readonly state: 'ready'; readonly knownAt: number }
  | { readonly state: 'building' | 'updating'; readonly done: number; readonly total: number };

export interface FullCoverage extends DatedCoverage {
  readonly knownAt: number;
  /** Where an earlier state of knowledge was asked for: facts about the day that came, or stopped counting, after it. */
  readonly correctionsSince?: Readonly<Record<string, number>>;
}

export interface CoverageWaiting {
  /** Told while an answer takes its time. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** @throws StationError profile-unknown, unit-unknown, coverage-building */
export interface CoverageEngine {
  readonly profiles: ReadonlyMap<string, CoverageProfile>;
  /** Of what is known now, or of what was known then. */
  status(knownAt?: number): EngineStatus;
  /** The figures of a day, whole or of a unit. */
  figures(asked: CoverageAsked, waiting?: CoverageWaiting): Promise<CoverageOfDay>;
  /** The same for several days, in their order: what a chart over time is drawn from. */
  series(
    asked: Omit<CoverageAsked, 'asOf'>,
    days: readonly CalendarDate[],
    waiting?: CoverageWaiting,
  ): Promise<CoverageOfDay[]>;
  list(asked: CoverageListAsked, waiting?: CoverageWaiting): Promise<CoverageList>;
  changes(asked: CoverageChangesAsked, waiting?: CoverageWaiting): Promise<CoverageChanges>;
  /** Everybody who had a gap on any day of a period, at most so many, by certificate. @throws StationError too-many */
  coursesOfGaps(asked: GapCoursesAsked, waiting?: CoverageWaiting): Promise<GapCourse[]>;
  /** The first day of which a roster tells; null without one. */
  firstDay(knownAt: number | undefined): CalendarDate | null;
  /** Everybody whose gap is open, by person, without a word on why: for comparing days, however many there are. */
  gaps(asked: CoverageAsked, waiting?: CoverageWaiting): Promise<Map<string, GapPerson>>;
  /** Everything about one person under a profile; empty for a certificate that nobody knows. */
  spansOf(profile: string | undefined, certificateNo: string): Promise<StandingSpan[]>;
  /** Every verdict and note: for exports. It takes the longer the more officers there are. */
  report(asked: CoverageAsked, waiting?: CoverageWaiting): Promise<FullCoverage>;
  stock(asked: CoverageAsked, waiting?: CoverageWaiting): Promise<StockAnswer>;
  budget(asked: CoverageAsked): Promise<BudgetSheet>;
  /** Officers on cases of the last days (`useDays`) to which no recording is linked. */
  casesWithoutRecording(asked: CoverageAsked): Promise<CaseWithoutRecording[]>;
}
