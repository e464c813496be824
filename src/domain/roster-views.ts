/** What pages show of the roster: people of a day, one person with everything said of them, units with head counts. */
import type { CertificateStanding } from './certificate-standing.ts';
import type { FieldChange } from './import-difference.ts';
import type { CalendarDate, OfficerFacts } from './people-facts.ts';
import type { RosterAnswer } from './roster-questions.ts';

export interface OfficerRow {
  readonly facts: OfficerFacts;
  readonly standing: CertificateStanding;
  /** Whether no table says that the post is front-line or not. */
  readonly isPostUnmapped: boolean;
}

export interface UnitRow {
  readonly unitKey: string;
  readonly name: string;
  /** Certificates of the unit and everything below it. */
  readonly officers: number;
}

export interface OfficerList {
  readonly rows: readonly OfficerRow[];
  /** Those that the filter finds, and all of the day. */
  readonly found: number;
  readonly all: number;
  /** From the top down to the chosen unit; empty without one. */
  readonly path: readonly UnitRow[];
  /** Right below it, or at the top. */
  readonly units: readonly UnitRow[];
}

/** Something said of a certificate from a day on. */
export interface OfficerStatement {
  readonly effectiveFrom: CalendarDate;
  readonly sequence: number;
  /** ISO UTC, of the record that made it known. */
  readonly knownSince: string;
  readonly undone: boolean;
  /** Against what held before that day; everything for the first. */
  readonly changes: readonly FieldChange[];
}

export interface CertificateHistory {
  readonly row: OfficerRow;
  /** Newest day first. */
  readonly statements: readonly OfficerStatement[];
}

export interface PersonDetail {
  readonly certificateNo: string;
  readonly name: string;
  /** The best of all certificates on the day. */
  readonly standing: CertificateStanding;
  readonly certificates: readonly CertificateHistory[];
  readonly isAsked: boolean;
  readonly answers: readonly {
    readonly answer: RosterAnswer;
    readonly reason: string;
    readonly time: string;
    readonly actor: string;
  }[];
}
