/**
 * What records about coverage say: figures from before the installation (上报数), reports that were handed in, the
 * daily check, alerts and whether their webhook got them. Bodies hold ids, days, counts and digests; units, names of
 * people and typed text stand in the documents.
 */
import type { AlertKind } from './coverage-alert-policy.ts';
import type { Sha256Hex } from './ids.ts';
import type { CalendarDate } from './people-facts.ts';

/** Body of `coverage-baseline-imported`; its document is a BaselineDocument. */
export interface BaselineBody {
  /** Of the table as it came. */
  readonly fileSha256: string;
  readonly rows: number;
  /** Of the source document itself (a scan, a report), when it was handed in with the table; it lies in `imports/`. */
  readonly sourceSha256?: string;
}

export interface BaselineDocument {
  readonly rows: readonly BaselineRow[];
}

export interface BaselineRow {
  readonly profile: string;
  /** Name or code as the file writes it; empty for all. */
  readonly unit: string;
  readonly asOf: CalendarDate;
  readonly population: number;
  readonly covered: number;
  /** The document that says so: its name and number. */
  readonly source: string;
}

/** One record has them all, so that half an import never counts. */
export const baselineRowsMax = 5000;

/** Body of `coverage-reported`, subject: the report. Its document is a ReportDocument. */
export interface CoverageReportedBody {
  readonly report: string;
  readonly profile: string;
  /** `YYYY-MM` */
  readonly month: string;
  readonly asOf: CalendarDate;
  /** The last sequence that counted: with it and the day the answer never changes. */
  readonly knownAt: number;
  readonly population: number;
  readonly covered: number;
  readonly coveredPersonally: number;
  readonly coveredIncludingShared: number;
  readonly reported: 'personal-only' | 'including-shared';
  /** Of the exact bytes: the figures (JSON, kept in the document) and the list of gaps (CSV, with names, not kept). */
  readonly figuresSha256: Sha256Hex;
  readonly listSha256: Sha256Hex;
  readonly listBytes: number;
  /** Every file of the report, by name; absent in reports of before files were recorded one by one. */
  readonly files?: readonly ReportFileDigest[];
}

/** A report is these files, in this order; those of before files were recorded named only the first two. */
export const reportFileNames = ['figures.json', 'list.csv', 'report.xlsx', 'report.html'] as const;
export type ReportFileName = (typeof reportFileNames)[number];

export interface ReportFileDigest {
  readonly name: ReportFileName;
  readonly sha256: Sha256Hex;
  readonly bytes: number;
}

export interface ReportDocument {
  /** Null: all units. */
  readonly unit: string | null;
  readonly handedInBy: string;
  readonly handedInTo: string | null;
  /** The exact bytes of the figures, as text. */
  readonly figures: string;
  /** What the words on paper and in the workbook depend on; absent in older reports. */
  readonly wording?: ReportWording;
}

export interface ReportWording {
  readonly language: 'zh' | 'en';
  /** The last line of the paper: which station made it, and when. */
  readonly made: string;
}

/** Body of `coverage-checked`: what a day's look at coverage found; the next one is compared with it. */
export interface CoverageCheckedBody {
  readonly profile: string;
  readonly asOf: CalendarDate;
  readonly knownAt: number;
  readonly population: number;
  readonly covered: number;
}

/** Body of `coverage-alerted`, subject: the alert. Its document is an AlertDocument. */
export interface CoverageAlertedBody {
  readonly alert: string;
  readonly kind: AlertKind;
  readonly profile: string;
  readonly asOf: CalendarDate;
  /** Gaps, days, or whatever the kind counts. */
  readonly count: number;
  /** It is to be sent: a webhook was configured when it was raised. */
  readonly webhook: boolean;
}

export interface AlertDocument {
  /** What would be the same alert: it is raised once. */
  readonly key: string;
  readonly units: readonly { readonly unit: string; readonly count: number }[];
}

/** Body of `coverage-alert-ended`: what it spoke of is over. */
export interface CoverageAlertEndedBody {
  readonly alert: string;
}

/** Body of `coverage-alert-sent` and, after the last attempt, of `coverage-alert-not-sent`. */
export interface CoverageAlertDeliveryBody {
  readonly alert: string;
  readonly attempts: number;
  /** The webhook's answer, or what went wrong in one word. */
  readonly status: string;
}
