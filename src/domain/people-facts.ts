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

export type OfficerCategory = 'officer' | 'auxiliary';

/**
 * One certificate of one person, as a roster tells it. Fields that a roster does not say are absent, never null, so
 * that older versions and new ones compare.
 */
export type OfficerFacts = {
  /** Opaque id of the person (`p-…`), drawn when first imported; absent in versions of before it existed: see `personOf`. */
  readonly person?: string;
  readonly certificateNo: string;
  readonly name: string;
  readonly unit: string;
  readonly unitCode?: string;
  /** As the roster says it, may be empty; the profile's table says which posts are front-line. */
  readonly post: string;
  readonly onDuty: boolean;
  /** 借调, 病假, 产假, 学习, …: as written. */
  readonly dutyReason?: string;
  readonly category?: OfficerCategory;
  /** 人员编号: keeps one identity over several certificates. */
  readonly personNo?: string;
  readonly previousCertificateNo?: string;
  readonly certificateStatus: CertificateStatus;
  /** First and last day of a status other than valid, where the roster says so; outside of them it is valid. */
  readonly statusFrom?: CalendarDate;
  readonly statusUntil?: CalendarDate;
  readonly issuedOn?: CalendarDate;
  /** The last day on which the certificate is valid. */
  readonly validUntil: CalendarDate;
  /** From this day on no longer in the team. */
  readonly leftOn?: CalendarDate;
  readonly leftReason?: string;
  /**
   * Not written by a roster but by its import: from this version's day on the certificate of this number speaks for the
   * person, because the roster named that one and no longer this one.
   */
  readonly replacedBy?: string;
  /** First day of the certificate that took its place, where the roster says it. */
  readonly replacedOn?: CalendarDate;
};

/** A unit of the tree. Its key is the code where there is one, else the name. */
export type UnitFacts = {
  readonly unit: string;
  readonly unitCode?: string;
  /** Key of the unit above; absent at the top. */
  readonly parent?: string;
};

export type RecorderFacts = {
  readonly serial: string;
  readonly model: string;
  readonly state: RecorderState;
  /** Since when it is in that state: a day, or `YYYY-MM-DDTHH:MM:SS`, station time. */
  readonly stateSince?: string;
  /** Key of the unit that has it, for recorders in store and shared pools. */
  readonly unit?: string;
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
  /** The key of the enforcement system, where it has one besides the number. */
  readonly externalKey?: string;
  readonly kind?: string;
  /** 当事人. */
  readonly party?: string;
  readonly plate?: string;
  readonly place?: string;
  /** WGS 84, degrees. */
  readonly latitude?: number;
  readonly longitude?: number;
  readonly decidedAt?: CaseTime;
  /** Last day of the open case; absent while it is open. */
  readonly closedOn?: CalendarDate;
  readonly acts?: readonly CaseAct[];
};

/** One act of a case (询问, 先行登记保存, 送达, …). `act` is a code of `config/acts`, or the words of the file. */
export type CaseAct = {
  readonly act: string;
  readonly from: CaseTime;
  readonly until?: CaseTime;
  readonly place?: string;
};

/** A complaint (投诉举报): what it says of time and place proposes the clips that it touches. */
export type ComplaintFacts = {
  readonly complaintNumber: string;
  /** 12328, 12345, petition, press, …: as written. */
  readonly channel: string;
  readonly receivedAt: CaseTime;
  /** When it happened, as far as the complaint says. */
  readonly happenedFrom?: CaseTime;
  readonly happenedUntil?: CaseTime;
  readonly place?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly plate?: string;
  readonly unit?: string;
  readonly caseNumber?: string;
  readonly text?: string;
  readonly status?: string;
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

/** The person behind a certificate: whoever has no id is known by the certificate alone. */
export const personOf = (facts: OfficerFacts): string => facts.person ?? facts.certificateNo;
/** The key of the unit that an officer belongs to. */
export const unitKeyOf = (facts: OfficerFacts): string => facts.unitCode ?? facts.unit;

export const unitKey = (facts: UnitFacts): string => facts.unitCode ?? facts.unit;
export const officerKey = (facts: OfficerFacts): string => facts.certificateNo;
export const recorderKey = (facts: RecorderFacts): string => facts.serial;
/** Neither a certificate number nor a serial holds a space, so no two assignments share a key by accident. */
export const assignmentKey = (facts: AssignmentFacts): string => `${facts.certificateNo} ${facts.serial} ${facts.from}`;
export const complaintKey = (facts: ComplaintFacts): string => facts.complaintNumber;
export const caseKey = (facts: CaseFacts): string => facts.caseNumber;

/** First and last day included. */
export function isOpenOn(assignment: AssignmentFacts, day: CalendarDate): boolean {
  return assignment.from <= day && (assignment.until === null || day <= assignment.until);
}

/** Code-unit order: the same on every machine and in every locale, and the order SQLite's BINARY gives ASCII text. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
