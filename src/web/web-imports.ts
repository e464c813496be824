/** What the pages need of imports, in their own words; station/ hands an implementation in. */
import type { ChangedSubject, KeyedFacts } from '../domain/import-difference.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import type { ImportKind } from '../domain/subject-kinds.ts';
import type { problemSentences } from '../texts/import-texts.ts';

export const importKinds: readonly ImportKind[] = ['officers', 'recorders', 'assignments', 'cases', 'complaints'];

/** A table that somebody handed in, kept for a while until it is taken or forgotten. */
export interface NewUpload {
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

export interface AskedComparison {
  /** As `keep` named it: kind and digest of the bytes. */
  readonly upload: string;
  readonly effective: CalendarDate;
  /** Of a workbook; undefined for the one with the headings. */
  readonly sheet: string | undefined;
  /** Of a roster: not the whole list. */
  readonly isSupplement: boolean;
}

export interface AskedImport extends AskedComparison {
  readonly allowPartial: boolean;
  /** Of the comparison that was looked at. */
  readonly fingerprint: string;
}

export interface ProblemView {
  readonly line: number | null;
  readonly column: string | null;
  readonly value: string | null;
  readonly reason: keyof typeof problemSentences;
  readonly accepted?: readonly string[];
  readonly otherLine?: number;
  readonly limit?: number;
}

export interface ComparisonView {
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly fileBytes: number;
  readonly sha256: string;
  readonly format: string;
  readonly encoding: string | null;
  readonly sheet: string | null;
  /** Good rows. */
  readonly rows: number;
  readonly unchanged: number;
  readonly added: readonly KeyedFacts<object>[];
  readonly changed: readonly ChangedSubject<object>[];
  /** In the registry and not in the file; they stay. */
  readonly missing: readonly KeyedFacts<object>[];
  /** Units that the roster brings or changes. */
  readonly units: number;
  readonly unmappedPosts: readonly { readonly post: string; readonly officers: number }[];
  readonly problems: readonly ProblemView[];
  readonly ignoredColumns: readonly string[];
  /** Says of two comparisons whether they would write the same. */
  readonly fingerprint: string;
}

export interface ImportView {
  readonly import: string;
  readonly kind: ImportKind;
  readonly effectiveFrom: CalendarDate;
  readonly fileName: string | null;
  readonly fileSha256: string;
  readonly fileBytes: number;
  readonly isSupplement: boolean;
  readonly rows: number;
  /** Null in records of before they were counted. */
  readonly added: number | null;
  readonly changed: number | null;
  readonly unchanged: number | null;
  readonly missing: number | null;
  /** ISO UTC. */
  readonly startedAt: string;
  readonly actor: string;
  readonly undone: { readonly at: string; readonly by: string } | null;
}

export interface WebImports {
  /** Of one table. */
  readonly bytesMax: number;
  /** For how long an upload can be compared and taken. */
  readonly minutesKept: number;
  /** @returns the name of the upload */
  keep(upload: NewUpload): string;
  /** @throws StationError upload-gone */
  compare(asked: AskedComparison): Promise<ComparisonView>;
  /** The import's id; undefined when the file has mistakes and not only good rows were asked for. @throws StationError upload-gone, import-differs, ledger-full, ledger-failed */
  take(asked: AskedImport): Promise<string | undefined>;
  /** Newest first. */
  list(): readonly ImportView[];
  find(id: string): ImportView | undefined;
  /** @returns statements of later imports that were written down first @throws StationError import-unknown, import-undone */
  undo(request: { readonly import: string; readonly reason: string }): Promise<number>;
}

export const comparisonAddress = ({ upload, effective, sheet, isSupplement }: AskedComparison): string =>
  `/people/import/compare?${new URLSearchParams({
    upload,
    effective,
    ...(sheet === undefined ? {} : { sheet }),
    ...(isSupplement ? { supplement: '1' } : {}),
  })}`;

export const importAddress = (id: string): string => `/imports/${encodeURIComponent(id)}`;
