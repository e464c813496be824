/**
 * What the station believes of officers, recorders, assignments and cases, in the normalised form that documents of
 * the ledger keep and the registry hands back. The types are plain JSON (no Date, no Map), so a fact survives both
 * unchanged. Keys say which rows speak of the same subject; nothing here knows files, history or who counts.
 */
import { isCalendarDate } from './station-time.ts';

declare const calendarDate: unique symbol;
/** A day as `YYYY-MM-DD` that the calendar has. Compared as text: earlier days sort first. */
export type CalendarDate = string & { readonly [calendarDate]: true };

export type CertificateStatus = 'valid' | 'suspended' | 'withdrawn' | 'cancelled';
export type RecorderState = 'in-service' | 'repair' | 'lost' | 'scrapped';
export type AssignmentMode = 'personal' | 'shared';

export type OfficerFacts = {
  readonly certificateNo: string;
  readonly name: string;
  readonly unit: string;
  /** As the roster says it, may be empty; the profile's table says which posts are front-line. */
  readonly post: string;
  readonly onDuty: boolean;
  readonly certificateStatus: CertificateStatus;
  /** The last day on which the certificate is valid. */
  readonly validUntil: CalendarDate;
};

export type RecorderFacts = {
  readonly serial: string;
  readonly model: string;
  readonly state: RecorderState;
};

export type AssignmentFacts = {
  readonly certificateNo: string;
  readonly serial: string;
  /** First day of the assignment. */
  readonly from: CalendarDate;
  /** Last day of the assignment, itself included; null while it is open-ended. */
  readonly until: CalendarDate | null;
  readonly mode: AssignmentMode;
};

/**
 * A moment of a case. `local` is what the file said, in the station's time zone: `YYYY-MM-DD` where it named only the
 * day, else `YYYY-MM-DDTHH:MM:SS`. `utc` is where that begins for a start, and for an end that names only a day the
 * first moment after it, so that a case spans `startedAt.utc <= t < endedAt.utc`. Kept because the zone may change later.
 */
export type CaseTime = {
  readonly local: string;
  readonly utc: string;
};

export type CaseFacts = {
  readonly caseNumber: string;
  readonly unit: string;
  readonly startedAt: CaseTime;
  readonly endedAt: CaseTime | null;
  /** Certificate numbers in the order of the file, each once. */
  readonly officers: readonly string[];
  readonly status: string;
};

export function findCalendarDate(text: string): CalendarDate | undefined {
  return isCalendarDate(text) ? (text as CalendarDate) : undefined;
}

/** @throws RangeError when the text is no day of the calendar: the caller should have checked. */
export function getCalendarDate(text: string): CalendarDate {
  const date = findCalendarDate(text);
  if (date === undefined) {
    throw new RangeError(`not a calendar date: ${text}`);
  }
  return date;
}

export const officerKey = (facts: OfficerFacts): string => facts.certificateNo;
export const recorderKey = (facts: RecorderFacts): string => facts.serial;
/** Neither a certificate number nor a serial holds a space, so no two assignments share a key by accident. */
export const assignmentKey = (facts: AssignmentFacts): string => `${facts.certificateNo} ${facts.serial} ${facts.from}`;
export const caseKey = (facts: CaseFacts): string => facts.caseNumber;

/** First and last day included. */
export function isOpenOn(assignment: AssignmentFacts, day: CalendarDate): boolean {
  return assignment.from <= day && (assignment.until === null || day <= assignment.until);
}

/** Code-unit order: the same on every machine and in every locale, and the order SQLite's BINARY gives ASCII text. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
