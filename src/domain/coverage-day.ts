/**
 * The facts of one day out of the whole history, as coverage asks for them: what each certificate was worth, whose it
 * is, the state of each recorder, each assignment. Dated statements of a later list reach back (lost since the 5th,
 * told on the 12th), and a state that begins later than the day does not hold yet.
 */
import { type CertificateStanding, certificateStandingOn, standingOfFacts } from './certificate-standing.ts';
import { countsAt, type HistoryBasis, supersedes, timelineOf, type Version } from './history.ts';
import type { AssignmentFacts, CalendarDate, OfficerFacts, RecorderFacts, RecorderState } from './people-facts.ts';

/** The question, and the day that is looked up instead of one before the first import of the kind. */
export interface DayLookup {
  readonly asOf: CalendarDate;
  readonly knownAt: number;
  readonly lookupDay: CalendarDate;
}

export interface OfficerOnDay {
  readonly facts: OfficerFacts;
  readonly standing: CertificateStanding;
  /** Who it is: the latest person id that any roster gave the certificate, else the certificate number. */
  readonly person: string;
}

/** `first`: the smallest effective day of all versions of the kind that count; null when there are none. */
export function lookupOf(
  asOf: CalendarDate,
  first: CalendarDate | null,
): { readonly basis: HistoryBasis; readonly lookupDay: CalendarDate } {
  if (first === null) return { basis: 'none', lookupDay: asOf };
  return asOf < first ? { basis: 'before-first', lookupDay: first } : { basis: 'history', lookupDay: asOf };
}

/** `versions`: all of one certificate. Undefined: no roster named it by that day. */
export function officerOnDay(versions: readonly Version<OfficerFacts>[], when: DayLookup): OfficerOnDay | undefined {
  const { held, latest } = around(versions, when);
  if (held === undefined) return undefined;
  const standing = certificateStandingOn(versions, when);
  return {
    facts: held.facts,
    // Days before the first roster are judged by that roster, for want of better.
    standing: standing.kind === 'unknown' ? standingOfFacts(held.facts, when.asOf) : standing,
    person: latest ?? held.facts.certificateNo,
  };
}

/** The last known person id of a certificate, also when the version that holds on a day is older than person ids. */
export function personOfCertificate(versions: readonly Version<OfficerFacts>[], knownAt: number): string | undefined {
  let latest: Version<OfficerFacts> | undefined;
  for (const version of versions) {
    if (!countsAt(version, knownAt) || version.facts.person === undefined) continue;
    if (latest === undefined || version.sequence > latest.sequence) latest = version;
  }
  return latest?.facts.person;
}

function around(versions: readonly Version<OfficerFacts>[], { lookupDay, knownAt }: DayLookup) {
  return { held: holding(versions, { lookupDay, knownAt }), latest: personOfCertificate(versions, knownAt) };
}

/**
 * `versions`: all of one recorder. Its state is that at the end of the day: lost at noon, it counts as lost that day.
 * Undefined: no list named it by that day.
 */
export function recorderOnDay(versions: readonly Version<RecorderFacts>[], when: DayLookup): RecorderFacts | undefined {
  const timeline = timelineOf(versions, when.knownAt);
  const at = timeline.findLastIndex(({ effectiveFrom }) => effectiveFrom <= when.lookupDay);
  const held = timeline[at]?.facts;
  if (held === undefined) return undefined;
  const next = timeline[at + 1]?.facts;
  if (next?.stateSince !== undefined && dayOf(next.stateSince) <= when.asOf) {
    return { ...held, state: next.state, stateSince: next.stateSince };
  }
  if (held.stateSince === undefined || dayOf(held.stateSince) <= when.asOf) return held;
  const before: RecorderState = timeline[at - 1]?.facts.state ?? 'in-service';
  const { stateSince: _, ...rest } = held;
  return { ...rest, state: before };
}

/** `versions`: all of one assignment. */
export function assignmentOnDay(
  versions: readonly Version<AssignmentFacts>[],
  when: Omit<DayLookup, 'asOf'>,
): AssignmentFacts | undefined {
  return holding(versions, when)?.facts;
}

/** A day of the station's time out of `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`. */
export function dayOf(moment: string): CalendarDate {
  return moment.slice(0, 10) as CalendarDate;
}

function holding<F>(
  versions: readonly Version<F>[],
  { lookupDay, knownAt }: Omit<DayLookup, 'asOf'>,
): Version<F> | undefined {
  let held: Version<F> | undefined;
  for (const version of versions) {
    if (version.effectiveFrom > lookupDay || !countsAt(version, knownAt)) continue;
    if (held === undefined || supersedes(version, held)) held = version;
  }
  return held;
}
