/**
 * What the coverage pages need of the station, in their own words: answers of the engine, what was told and handed in,
 * and files to take along. Everything may take a moment, and says by `coverage-building` when it is not ready yet.
 */
import type { AlertKind } from '../domain/coverage-alert-policy.ts';
import type { CoverageOverTime } from '../domain/coverage-over-time.ts';
import type {
  CaseWithoutRecording,
  CoverageAsked,
  CoverageList,
  CoverageListAsked,
  CoverageOfDay,
  EngineStatus,
  StandingSpan,
} from '../domain/coverage-questions.ts';
import type { StockAnswer } from '../domain/coverage-stock.ts';
import type { Language } from '../texts/cli-texts.ts';

export interface CoverageAlertView {
  readonly kind: AlertKind;
  readonly count: number;
  readonly asOf: string;
  readonly units: readonly { readonly unit: string; readonly count: number }[];
}

/** A report that was handed in, for the list beside the figures. */
export interface HandedInView {
  readonly report: string;
  readonly seq: number;
  readonly month: string;
  readonly asOf: string;
  readonly unit: string | null;
  readonly population: number;
  readonly covered: number;
  /** ISO UTC. */
  readonly reportedAt: string;
  readonly handedInBy: string | null;
}

export const coverageFormats = ['csv', 'json', 'xlsx', 'html'] as const;
export type CoverageFormat = (typeof coverageFormats)[number];

export const coverageForms = [
  'rectification',
  'look-back',
  'budget',
  'unrecorded-cases',
  'use-register',
  'person-register',
] as const;
export type CoverageForm = (typeof coverageForms)[number];

export interface CoverageFileView {
  readonly name: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
  /** The style that stands in an HTML file: the only one that a browser may apply there. */
  readonly style?: string;
}

/** @throws StationError profile-unknown, unit-unknown, coverage-building */
export interface WebCoverage {
  /** A recorder is in use when it was docked with footage within so many days. */
  readonly useDays: number;
  status(knownAt?: number): EngineStatus;
  /** Nothing can be asked as known later than at this one. */
  lastRecord(): number;
  /** The last record that is not later than this time (ISO UTC); undefined when the ledger begins after it. */
  lastRecordUntil(time: string): number | undefined;
  figures(asked: CoverageAsked): Promise<CoverageOfDay>;
  list(asked: CoverageListAsked): Promise<CoverageList>;
  stock(asked: CoverageAsked): Promise<StockAnswer>;
  overTime(asked: CoverageAsked): Promise<CoverageOverTime>;
  casesWithoutRecording(asked: CoverageAsked): Promise<readonly CaseWithoutRecording[]>;
  spansOf(profile: string, certificateNo: string): Promise<readonly StandingSpan[]>;
  alerts(profile: string): readonly CoverageAlertView[];
  handedIn(profile: string): readonly HandedInView[];
  file(asked: CoverageAsked, format: CoverageFormat, language: Language): Promise<CoverageFileView>;
  trendFile(asked: CoverageAsked, format: CoverageFormat, language: Language): Promise<CoverageFileView>;
  stockFile(asked: CoverageAsked, format: CoverageFormat, language: Language): Promise<CoverageFileView>;
  form(
    form: CoverageForm,
    asked: CoverageAsked,
    format: 'html' | 'xlsx',
    language: Language,
  ): Promise<CoverageFileView>;
}
