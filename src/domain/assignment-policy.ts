/**
 * Giving a recorder to an officer, taking it back, handing it on: what speaks against it, and which versions of which
 * assignments say so afterwards. Everything is dated, and back-dating corrects what was entered before; versions are
 * never altered, so what was known on an earlier day stays answerable.
 */
import type { CertificateStanding } from './certificate-standing.ts';
import { countsAt, type Version } from './history.ts';
import {
  type AssignmentFacts,
  type AssignmentMode,
  assignmentKey,
  type CalendarDate,
  compareText,
  type RecorderState,
} from './people-facts.ts';
import { dayBefore } from './station-time.ts';
import type { VersionDocument } from './subject-kinds.ts';

/** Each assignment as it is known by now, with the dates that hold in the end; those that never were are left out. */
export function assignmentsKnown(
  versions: readonly Version<AssignmentFacts>[],
  knownAt = Number.POSITIVE_INFINITY,
): AssignmentFacts[] {
  const last = new Map<string, Version<AssignmentFacts>>();
  for (const version of versions) {
    if (!countsAt(version, knownAt)) continue;
    const other = last.get(version.key);
    const order =
      other === undefined
        ? 1
        : compareText(version.effectiveFrom, other.effectiveFrom) || version.sequence - other.sequence;
    if (order > 0) last.set(version.key, version);
  }
  return Array.from(last.values(), ({ facts }) => facts).filter(({ from, until }) => until === null || from <= until);
}

/** Whether both are open on one day at least. */
export function overlap(
  a: Pick<AssignmentFacts, 'from' | 'until'>,
  b: Pick<AssignmentFacts, 'from' | 'until'>,
): boolean {
  return (b.until === null || a.from <= b.until) && (a.until === null || b.from <= a.until);
}

/** What speaks against giving a recorder to somebody. Whoever does it by hand may do it even so, and says why. */
export type AssignmentObjection =
  | { readonly code: 'recorder-held'; readonly certificateNo: string; readonly from: CalendarDate }
  | { readonly code: 'second-personal-recorder'; readonly serial: string; readonly from: CalendarDate }
  | { readonly code: 'recorder-not-in-service'; readonly state: RecorderState }
  | { readonly code: 'certificate-not-valid'; readonly standing: CertificateStanding['kind'] }
  | { readonly code: 'recorder-checked-out'; readonly certificateNo: string };

export interface AssignmentQuestion {
  readonly certificateNo: string;
  readonly serial: string;
  readonly from: CalendarDate;
  readonly mode: AssignmentMode;
  /** On that day; undefined where no list of recorders has it. */
  readonly state: RecorderState | undefined;
  readonly standing: CertificateStanding['kind'];
  /** As they are known by now: of the recorder, and of the officer. */
  readonly ofRecorder: readonly AssignmentFacts[];
  readonly ofOfficer: readonly AssignmentFacts[];
  /** Who has it for this shift. */
  readonly checkedOutTo: string | undefined;
}

export function assignmentObjections(question: AssignmentQuestion): AssignmentObjection[] {
  const { certificateNo, serial, from, mode, state, standing, checkedOutTo } = question;
  const wanted = { from, until: null };
  const objections: AssignmentObjection[] = [];
  for (const held of question.ofRecorder) {
    // Several may share one recorder; a personal one is nobody else's.
    const isShared = held.mode === 'shared' && mode === 'shared';
    if (held.certificateNo === certificateNo || isShared || !overlap(held, wanted)) continue;
    objections.push({ code: 'recorder-held', certificateNo: held.certificateNo, from: held.from });
  }
  for (const held of question.ofOfficer) {
    const isSecond = held.serial !== serial && held.mode === 'personal' && mode === 'personal';
    if (isSecond && overlap(held, wanted))
      objections.push({ code: 'second-personal-recorder', serial: held.serial, from: held.from });
  }
  if (state !== undefined && state !== 'in-service') objections.push({ code: 'recorder-not-in-service', state });
  if (standing !== 'valid') objections.push({ code: 'certificate-not-valid', standing });
  if (checkedOutTo !== undefined && checkedOutTo !== certificateNo)
    objections.push({ code: 'recorder-checked-out', certificateNo: checkedOutTo });
  return objections;
}

/** The assignment of this officer and recorder that is open from the day on already; undefined when there is none. */
export function alreadyAssigned(
  known: readonly AssignmentFacts[],
  wanted: Pick<AssignmentFacts, 'certificateNo' | 'serial' | 'from' | 'mode'>,
): AssignmentFacts | undefined {
  return known.find(
    (held) =>
      held.certificateNo === wanted.certificateNo &&
      held.serial === wanted.serial &&
      held.mode === wanted.mode &&
      overlap(held, { from: wanted.from, until: null }),
  );
}

/**
 * Days before the first import are answered with that import, so nothing is dated before it: the assignment carries its
 * own dates, and that answer has it, too. `firstDay`: of the history of its kind.
 */
export function effectiveDay(day: CalendarDate, firstDay: CalendarDate | null): CalendarDate {
  return firstDay !== null && day < firstDay ? firstDay : day;
}

/** The version that begins an assignment. */
export function beginning(facts: AssignmentFacts, firstDay: CalendarDate | null): VersionDocument {
  return {
    kind: 'assignments',
    key: assignmentKey(facts),
    effectiveFrom: effectiveDay(facts.from, firstDay),
    facts,
  };
}

/**
 * The versions that end an assignment with `lastDay`. A day before its first one says that it never was. Versions from
 * later days that still called it open are replaced as well: whoever says when it ended knows of all days after.
 */
export function ending(
  facts: AssignmentFacts,
  lastDay: CalendarDate,
  {
    versions,
    firstDay,
  }: { readonly versions: readonly Version<AssignmentFacts>[]; readonly firstDay: CalendarDate | null },
): VersionDocument[] {
  const key = assignmentKey(facts);
  const own = versions.filter((version) => version.key === key && countsAt(version, Number.POSITIVE_INFINITY));
  const begins = own.map(({ effectiveFrom }) => effectiveFrom).sort(compareText)[0] ?? facts.from;
  // Where it never was, from when it would have begun.
  const from = effectiveDay(lastDay < begins ? begins : lastDay, firstDay);
  const later = own.filter((version) => version.effectiveFrom > from).map(({ effectiveFrom }) => effectiveFrom);
  const ended: AssignmentFacts = { ...facts, until: lastDay };
  return [from, ...new Set(later)].map((effectiveFrom) => ({ kind: 'assignments', key, effectiveFrom, facts: ended }));
}

/** The last day of whoever hands over on a day, so that no day has two holders. */
export const lastDayBefore = (day: CalendarDate): CalendarDate => dayBefore(day) as CalendarDate;
