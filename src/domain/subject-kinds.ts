/** The four kinds of subjects that are imported, and what the ledger writes when one is. */
import type { ImportDifference } from './import-difference.ts';
import type { AssignmentFacts, CalendarDate, CaseFacts, OfficerFacts, RecorderFacts } from './people-facts.ts';

export interface FactsOf {
  readonly officers: OfficerFacts;
  readonly recorders: RecorderFacts;
  readonly assignments: AssignmentFacts;
  readonly cases: CaseFacts;
}

export type SubjectKind = keyof FactsOf;

/** One document of an `import-part` record: what holds about one subject from a day on. */
export interface VersionDocument {
  readonly kind: SubjectKind;
  readonly key: string;
  readonly effectiveFrom: CalendarDate;
  readonly facts: FactsOf[SubjectKind];
}

/** Document of an `import-missing` record: keys the registry held and the file did not name; they stay. */
export interface MissingDocument {
  readonly keys: readonly string[];
}

/** Body of an `import-started` record. */
export interface ImportStartedBody {
  readonly import: string;
  readonly kind: SubjectKind;
  readonly effectiveFrom: CalendarDate;
  /** Of the file as it came. */
  readonly fileSha256: string;
  readonly fileBytes: number;
  readonly rows: number;
}

export type SubjectDifference = ImportDifference<FactsOf[SubjectKind]>;
