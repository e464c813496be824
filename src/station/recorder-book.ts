/**
 * The part of the composition root that tells of recorders and who has them: the list, one recorder with its history,
 * and what is not as it should be, as of any day and as known at any moment. It asks and arranges; policies decide.
 */
import { assignmentsKnown } from '../domain/assignment-policy.ts';
import type { CertificateStanding } from '../domain/certificate-standing.ts';
import { type CheckOut, checkOutsKnownAt } from '../domain/checkout-facts.ts';
import { holdingsOn } from '../domain/coverage-holders.ts';
import { StationError } from '../domain/errors.ts';
import { answerAsOf, type Version, versionsAsOf } from '../domain/history.ts';
import { recorderSourceId } from '../domain/ids.ts';
import {
  type AssignmentFacts,
  assignmentKey,
  type CalendarDate,
  compareText,
  getCalendarDate,
  isOpenOn,
  type OfficerFacts,
  type RecorderFacts,
} from '../domain/people-facts.ts';
import { personStandingOn } from '../domain/person-standing.ts';
import { type NamedOfficer, type RecorderReviewFinding, reviewRecorders } from '../domain/recorder-review-policy.ts';
import type {
  CheckOutView,
  HolderView,
  RecorderDetail,
  RecorderMoment,
  RecorderRow,
} from '../domain/recorder-views.ts';
import { dayAfter, instantToLocalTime, localTimeToInstant, today } from '../domain/station-time.ts';
import { ClipLinker } from '../linking/clip-linker.ts';
import { linkRegistry } from './link-registry.ts';
import type { StationContext } from './station-context.ts';

/** Records of one recorder that a page shows. */
const recordsShown = 200;
/** What the files of an earlier visit say is no news. */
const namesTellMs = 60 * 86_400_000;

interface RecordersOfDay {
  readonly recorderVersions: readonly Version<RecorderFacts>[];
  readonly recorders: ReadonlyMap<string, Version<RecorderFacts>>;
  readonly assignments: readonly AssignmentFacts[];
  /** By key, the last day that is known by now, also where it lies after the day. */
  readonly ends: ReadonlyMap<string, CalendarDate | null>;
  /** Those that were out at that moment. */
  readonly checkOuts: readonly CheckOut[];
  readonly lastSeen: ReadonlyMap<string, string>;
}

export class RecorderBook {
  readonly #context: StationContext;

  constructor(context: StationContext) {
    this.#context = context;
  }

  get timeZone(): string {
    return this.#context.options.configuration.station.timeZone;
  }

  today(): CalendarDate {
    return getCalendarDate(today(Date.now(), this.timeZone));
  }

  /** By serial; those that only an assignment names as well. */
  list(moment: RecorderMoment): RecorderRow[] {
    return this.#rows(this.#day(moment), moment);
  }

  #rows(day: RecordersOfDay, moment: RecorderMoment): RecorderRow[] {
    const { recorders: onDay } = holdingsOn({
      asOf: moment.asOf,
      recorders: Array.from(day.recorders.values(), ({ facts }) => facts),
      assignments: day.assignments,
    });
    const open = new Map<string, AssignmentFacts[]>();
    for (const one of day.assignments) if (isOpenOn(one, moment.asOf)) append(open, one.serial, one);
    const units = this.#unitNames();
    const out = new Map(day.checkOuts.map((one) => [one.recorder, one]));
    const rows = [...onDay.keys()].map((serial): RecorderRow => {
      const version = day.recorders.get(serial);
      const checkOut = out.get(serial);
      return {
        serial,
        model: version?.facts.model ?? null,
        state: version?.facts.state ?? null,
        stateSince: version === undefined ? null : (version.facts.stateSince ?? version.effectiveFrom),
        unit: this.#unitName(units, version?.facts.unit),
        holders: (open.get(serial) ?? [])
          .sort((a, b) => compareText(a.mode, b.mode) || compareText(a.from, b.from))
          .map((one) => this.#holder({ ...one, until: day.ends.get(assignmentKey(one)) ?? one.until }, moment.asOf)),
        checkOut: checkOut === undefined ? null : this.#checkOutView(checkOut, moment.asOf),
        lastSeen: day.lastSeen.get(serial) ?? null,
      };
    });
    return rows.sort((a, b) => compareText(a.serial, b.serial));
  }

  /** @throws StationError recorder-not-listed */
  show(serial: string, moment: RecorderMoment): RecorderDetail {
    const { registry } = this.#context;
    const day = this.#day(moment, serial);
    const row = this.#rows(day, moment).find((one) => one.serial === serial);
    const versions = registry.people.versionsOfKey('recorders', serial);
    const assignments = assignmentsKnown(registry.people.assignmentsOfRecorder(serial), moment.knownAt);
    if (row === undefined && versions.length === 0 && assignments.length === 0) throw recorderUnknown(serial);
    const units = this.#unitNames();
    const none = { model: null, state: null, stateSince: null, unit: null, checkOut: null, lastSeen: null };
    const checkOuts = checkOutsKnownAt(registry.recorders.checkoutsOfRecorder(serial), moment.knownAt);
    return {
      ...(row ?? { serial, ...none, holders: [] }),
      states: versions
        .filter(
          ({ sequence, undoneSequence }) => sequence <= (moment.knownAt ?? sequence) && undoneSequence === undefined,
        )
        .sort((a, b) => compareText(a.effectiveFrom, b.effectiveFrom) || a.sequence - b.sequence)
        .map(({ facts, effectiveFrom, sequence }) => ({
          state: facts.state,
          since: facts.stateSince ?? effectiveFrom,
          unit: this.#unitName(units, facts.unit),
          sequence,
        })),
      assignments: assignments.sort((a, b) => compareText(b.from, a.from)).map((one) => this.#holder(one, moment.asOf)),
      checkOuts: checkOuts.toReversed().map((one) => this.#checkOutView(one, moment.asOf)),
      findings: this.#review(day, moment, serial).filter(
        (one) => one.serial === serial || one.others?.includes(serial) === true,
      ),
      records: registry.dockings.records(recorderSourceId(serial), recordsShown),
    };
  }

  findings(moment: RecorderMoment): RecorderReviewFinding[] {
    return this.#review(this.#day(moment), moment);
  }

  #review(day: RecordersOfDay, moment: RecorderMoment, serial?: string): RecorderReviewFinding[] {
    const { people } = this.#context.registry;
    const { notSeenDays, checkedOutHours } = this.#context.options.configuration.recorders;
    const first = firstDays(day.recorderVersions);
    return reviewRecorders({
      asOf: moment.asOf,
      now: this.#instant(moment),
      recorders: Array.from(day.recorders.values(), ({ key, facts, effectiveFrom }) => ({
        ...facts,
        since: facts.stateSince ?? effectiveFrom,
        listedSince: first.get(key) ?? effectiveFrom,
      })),
      assignments: day.assignments,
      standingOf: (certificateNo) => this.standing(certificateNo, moment),
      isOfficer: (certificateNo) => people.versionsOfKey('officers', certificateNo).length > 0,
      checkOuts: day.checkOuts,
      lastSeen: day.lastSeen,
      named: this.#named(serial === undefined ? [...day.lastSeen.keys()] : [serial], day, moment),
      toLocal: (instant) => instantToLocalTime(Date.parse(instant), this.timeZone),
      limits: { notSeenDays, checkedOutHours },
    });
  }

  /** Under whose number recorders that were docked lately record. */
  #named(serials: readonly string[], { lastSeen }: RecordersOfDay, moment: RecorderMoment): NamedOfficer[] {
    const { registry } = this.#context;
    const at = this.#instant(moment);
    const since = new Date(Date.parse(at) - namesTellMs).toISOString();
    const linker = new ClipLinker(linkRegistry(registry), this.timeZone, moment.knownAt);
    return serials.flatMap((serial) => {
      if ((lastSeen.get(serial) ?? '') < since) return [];
      return registry.recorders.namedOfficers(serial, at, moment.knownAt).flatMap(({ clip, officer }) => {
        const row = registry.links.clip(clip);
        if (row === undefined) return [];
        const evidence = linker.officerEvidence(row);
        const holder = evidence.officer === null || evidence.officer.basis === 'name' ? [] : [evidence.officer.number];
        const differs = evidence.findings.some((code) => otherThanRecorded.has(code));
        return [{ serial, certificateNo: officer, holders: holder, differs, since: row.occurredAt }];
      });
    });
  }

  /** Of whoever holds the certificate, by the best of all their certificates. */
  standing(certificateNo: string, moment: RecorderMoment): CertificateStanding {
    const { people } = this.#context.registry;
    return personStandingOn(people.certificatesOfHolder(certificateNo), moment)?.standing ?? { kind: 'unknown' };
  }

  /** What the roster says of an officer on a day; before their first day there, what it says then. */
  officer(certificateNo: string, asOf: CalendarDate): OfficerFacts | undefined {
    const versions = this.#context.registry.people.versionsOfKey('officers', certificateNo);
    return (versionsAsOf(versions, { asOf }).get(certificateNo) ?? versions[0])?.facts;
  }

  /** What the list of recorders says on a day; of days before its first one, what it says then. */
  recorder(serial: string, asOf: CalendarDate): RecorderFacts | undefined {
    const versions = this.#context.registry.people.versionsOfKey('recorders', serial);
    return answerAsOf(versions, { asOf }).versions.get(serial)?.facts;
  }

  #unitNames(): ReadonlyMap<string, string> {
    return new Map(this.#context.registry.people.versions('units').map(({ key, facts }) => [key, facts.unit]));
  }

  #unitName(names: ReadonlyMap<string, string>, key: string | undefined): string | null {
    return key === undefined ? null : (names.get(key) ?? key);
  }

  /** `serial`: only of this recorder, and what else its holders have. */
  #day(moment: RecorderMoment, serial?: string): RecordersOfDay {
    const { people, recorders } = this.#context.registry;
    const at = this.#instant(moment);
    const recorderVersions =
      serial === undefined ? people.versions('recorders') : people.versionsOfKey('recorders', serial);
    const assignmentVersions = serial === undefined ? people.versions('assignments') : this.#assignmentsAround(serial);
    const out = checkOutsKnownAt(recorders.checkoutsSince(at), moment.knownAt);
    const known = assignmentsKnown(assignmentVersions, moment.knownAt);
    // Days before the first import of a kind are answered with that import, also when one recorder is asked for.
    const held = <F>(versions: readonly Version<F>[], kind: 'recorders' | 'assignments') =>
      serial === undefined
        ? answerAsOf(versions, moment).versions
        : versionsAsOf(versions, { ...moment, asOf: laterOf(moment.asOf, people.firstDay(kind)) });
    return {
      recorderVersions,
      recorders: held(recorderVersions, 'recorders'),
      assignments: Array.from(held(assignmentVersions, 'assignments').values(), ({ facts }) => facts),
      ends: new Map(known.map((one) => [assignmentKey(one), one.until])),
      checkOuts: out.filter(({ outAt, returnedAt }) => outAt <= at && (returnedAt === null || returnedAt > at)),
      lastSeen: recorders.lastSeen(at, moment.knownAt),
    };
  }

  #assignmentsAround(serial: string): Version<AssignmentFacts>[] {
    const { people } = this.#context.registry;
    const own = people.assignmentsOfRecorder(serial);
    const officers = new Set(own.map(({ facts }) => facts.certificateNo));
    return [...own, ...[...officers].flatMap((certificateNo) => people.assignmentsOfOfficer(certificateNo))];
  }

  /** Now, of today; else the last moment of the day. */
  #instant({ asOf }: RecorderMoment): string {
    if (asOf === this.today()) return new Date().toISOString();
    return new Date(localTimeToInstant(`${dayAfter(asOf)}T00:00:00`, this.timeZone) - 1).toISOString();
  }

  #holder({ certificateNo, mode, from, until }: AssignmentFacts, asOf: CalendarDate): HolderView {
    const officer = this.officer(certificateNo, asOf);
    return { certificateNo, name: officer?.name ?? null, unit: officer?.unit ?? null, mode, from, until };
  }

  #checkOutView(one: CheckOut, asOf: CalendarDate): CheckOutView {
    const { checkout, certificateNo, outAt, returnedAt, returnBasis } = one;
    const name = this.officer(certificateNo, asOf)?.name ?? null;
    return { checkout, certificateNo, name, outAt, returnedAt, returnBasis };
  }
}

const otherThanRecorded: ReadonlySet<string> = new Set([
  'officer-differs-from-assignment',
  'officer-differs-from-check-out',
]);

export const recorderUnknown = (serial: string): StationError =>
  new StationError('recorder-not-listed', `the list of recorders has no ${serial}`, {
    next: `Register it first: evidock recorders add ${serial} --model MODEL.`,
  });

const laterOf = (day: CalendarDate, first: CalendarDate | null): CalendarDate =>
  first !== null && day < first ? first : day;

function firstDays(versions: readonly Version<unknown>[]): Map<string, CalendarDate> {
  const first = new Map<string, CalendarDate>();
  for (const { key, effectiveFrom } of versions) {
    const known = first.get(key);
    if (known === undefined || effectiveFrom < known) first.set(key, effectiveFrom);
  }
  return first;
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
