/** The kinds of subjects with a history by effective date, and what the ledger writes when one changes. */
import type { ImportDifference } from './import-difference.ts';
import type {
  AssignmentFacts,
  CalendarDate,
  CaseFacts,
  ComplaintFacts,
  OfficerFacts,
  RecorderFacts,
  UnitFacts,
} from './people-facts.ts';

export interface FactsOf {
  readonly units: UnitFacts;
  readonly officers: OfficerFacts;
  readonly recorders: RecorderFacts;
  readonly assignments: AssignmentFacts;
  readonly cases: CaseFacts;
  readonly complaints: ComplaintFacts;
}

export type SubjectKind = keyof FactsOf;

/** Kinds that a table of their own brings; units come with the roster. */
export type ImportKind = Exclude<SubjectKind, 'units'>;

/**
 * One document of an `import-part` record, or of a record that changes subjects without an import (`subjectChanges`):
 * what holds about one subject from a day on.
 */
export interface VersionDocument {
  readonly kind: SubjectKind;
  readonly key: string;
  readonly effectiveFrom: CalendarDate;
  readonly facts: FactsOf[SubjectKind];
  /** The earlier import in whose name it stands: what that file said, and what no other version says any more. */
  readonly says?: string;
}

/** Document of an `import-missing` record: keys the registry held and the file did not name; they stay. */
export interface MissingDocument {
  readonly keys: readonly string[];
  /** The file does name them, in rows that could not be taken: nobody asks where they are. */
  readonly unread?: true;
}

/** Document of an `import-started` record. */
export interface ImportFileDocument {
  readonly fileName: string;
}

/** Body of an `import-started` record. */
export interface ImportStartedBody {
  readonly import: string;
  readonly kind: ImportKind;
  readonly effectiveFrom: CalendarDate;
  /** Of the file as it came. */
  readonly fileSha256: string;
  readonly fileBytes: number;
  readonly rows: number;
  /** Differences against what held on that day; absent in records of before they were counted. */
  readonly added?: number;
  readonly changed?: number;
  readonly unchanged?: number;
  readonly missing?: number;
  /** The file was not the whole list: nobody is asked about for not being in it. */
  readonly supplement?: true;
}

export type SubjectDifference = ImportDifference<FactsOf[SubjectKind]>;

/**
 * Records that change subjects by themselves, not through an import: each document is a `VersionDocument`, and counts
 * at once.
 */
export const subjectChanges = [
  'officer-changed',
  'recorder-changed',
  'assignment-changed',
  'case-changed',
  // What later imports said, written in their name before an import that they confirmed is undone.
  'import-pinned',
] as const;
export type SubjectChange = (typeof subjectChanges)[number];

/** A further document of such a record: why. It names its subject, so that both are forgotten together. */
export interface ChangeReasonDocument {
  readonly kind: SubjectKind;
  readonly key: string;
  readonly reason: string;
}

export const isVersionDocument = (body: unknown): body is VersionDocument =>
  typeof body === 'object' && body !== null && 'effectiveFrom' in body && 'facts' in body;

/** Body of an `import-undone` record: from then on its versions no longer count. */
export interface ImportUndoneBody {
  readonly import: string;
}
