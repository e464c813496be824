/**
 * The part of the composition root that fills the forms about recorders: it asks registry and coverage engine for what
 * the sheets of reporting/ need, and decides nothing that a policy should.
 */
import { checkOutsKnownAt } from '../domain/checkout-facts.ts';
import type { CoverageAsked, CoverageEngine } from '../domain/coverage-questions.ts';
import { StationError } from '../domain/errors.ts';
import { versionsAsOf } from '../domain/history.ts';
import { type CalendarDate, getCalendarDate, isOpenOn, type OfficerFacts, unitKeyOf } from '../domain/people-facts.ts';
import { instantToLocalDate, instantToLocalTime, localTimeToInstant } from '../domain/station-time.ts';
import { subtreeOf, unitTreeOn } from '../domain/unit-tree.ts';
import type { CheckOutRow } from '../registry/recorder-queries.ts';
import type { RegisterClip, RegisterDocking } from '../registry/register-queries.ts';
import type { PersonFacts, PersonFile, PersonLine, UseLength, UseRow } from '../reporting/use-forms.ts';
import type { PeopleDesk } from './people-desk.ts';
import type { StationContext } from './station-context.ts';

/** Persons whose course one look-back register tells. */
const lookBackMax = 5000;

export interface MonthAsked {
  /** `YYYY-MM` */
  readonly month: string;
  readonly unit: string | undefined;
}

type Roster = ReadonlyMap<string, OfficerFacts>;

export class FormDesk {
  readonly #context: StationContext;
  readonly #people: PeopleDesk;
  readonly #engine: CoverageEngine;

  constructor(context: StationContext, people: PeopleDesk, engine: CoverageEngine) {
    this.#context = context;
    this.#people = people;
    this.#engine = engine;
  }

  /** Everybody who had a gap on any day of the period. @throws StationError form-too-long */
  lookBack(asked: Pick<CoverageAsked, 'profile' | 'unit' | 'knownAt'>, from: CalendarDate, until: CalendarDate) {
    const { profile, unit, knownAt } = asked;
    return this.#engine.coursesOfGaps({ profile, unit, knownAt, from, asOf: until, personsMax: lookBackMax });
  }

  /** Uses of the month, by time. */
  uses(asked: MonthAsked): UseRow[] {
    const { from, to, lastDay } = this.#monthOf(asked.month);
    const roster = this.#roster(lastDay);
    const units = this.#unitsOf(asked.unit, lastDay);
    const isAsked = ({ users }: UseRow): boolean =>
      units === undefined || users.some(({ certificateNo }) => units.has(this.#unitKey(roster, certificateNo)));
    return this.#allUses(from, to, roster).filter(isAsked);
  }

  /** One line for everybody of the roster on the month's last day (or today). */
  persons(asked: MonthAsked): PersonLine[] {
    const { registry } = this.#context;
    const { from, to, lastDay } = this.#monthOf(asked.month);
    const roster = this.#roster(lastDay);
    const units = this.#unitsOf(asked.unit, lastDay);
    const uses = Map.groupBy(
      this.#allUses(from, to, roster).flatMap((use) => use.users.map(({ certificateNo }) => ({ certificateNo, use }))),
      ({ certificateNo }) => certificateNo,
    );
    const assignments = Map.groupBy(
      [...versionsAsOf(registry.people.versions('assignments'), { asOf: lastDay }).values()]
        .map(({ facts }) => facts)
        .filter((facts) => isOpenOn(facts, lastDay)),
      ({ certificateNo }) => certificateNo,
    );
    return [...roster.values()]
      .filter((facts) => units === undefined || units.has(unitKeyOf(facts)))
      .sort((a, b) => compare(a.unit, b.unit) || compare(a.certificateNo, b.certificateNo))
      .map((facts) => {
        const own = (uses.get(facts.certificateNo) ?? []).map(({ use }) => use);
        const [assignment = null] = (assignments.get(facts.certificateNo) ?? []).sort((a, b) =>
          compare(a.mode, b.mode),
        );
        return {
          ...facts,
          status: facts.certificateStatus,
          assignment,
          checkOuts: own.filter(({ outAt }) => outAt !== null).length,
          dockings: own.filter(({ isDocked }) => isDocked).length,
          clips: sum(own, ({ clips }) => clips),
          length: {
            files: sum(own, ({ length }) => length.files),
            unknown: sum(own, ({ length }) => length.unknown),
            ms: sum(own, ({ length }) => length.ms),
          },
        };
      });
  }

  /** @throws StationError officer-unknown */
  personFile(certificateNo: string, month: string): Omit<PersonFile, 'language'> {
    const { people } = this.#context.registry;
    const { from, to, lastDay } = this.#monthOf(month);
    const known = people.versionsOfKey('officers', certificateNo);
    const person = known.findLast(({ facts }) => facts.person !== undefined)?.facts.person;
    const versions = person === undefined ? known : people.certificatesOfPerson(person);
    const history = versions
      .filter(({ undoneSequence, effectiveFrom }) => undoneSequence === undefined && effectiveFrom <= lastDay)
      .sort((a, b) => compare(a.effectiveFrom, b.effectiveFrom) || a.sequence - b.sequence)
      .map(
        ({ effectiveFrom, facts }): PersonFacts => ({ ...facts, from: effectiveFrom, status: facts.certificateStatus }),
      );
    const [first, ...rest] = history;
    if (first === undefined) {
      throw new StationError('officer-unknown', `the roster has no certificate ${certificateNo}`, {
        next: 'Import the roster first: evidock roster import FILE.',
      });
    }
    const certificates = [...new Set(history.map((one) => one.certificateNo))];
    const assignments = certificates
      .flatMap((number) => [...versionsAsOf(people.assignmentsOfOfficer(number), { asOf: lastDay }).values()])
      .map(({ facts }) => facts)
      .sort((a, b) => compare(a.from, b.from));
    const uses = this.#allUses(from, to, this.#roster(lastDay)).filter(({ users }) =>
      users.some((user) => certificates.includes(user.certificateNo)),
    );
    return { month, history: [first, ...rest], assignments, uses };
  }

  /** The unit as people write it, for the head of a form. @throws StationError unit-unknown */
  unitName(unit: string | undefined, asOf: CalendarDate): string | null {
    if (unit === undefined) return null;
    this.#unitsOf(unit, asOf);
    return unitTreeOn(this.#context.registry.people.versions('units'), asOf).get(unit)?.name ?? unit;
  }

  #allUses(from: string, to: string, roster: Roster): UseRow[] {
    const { registry } = this.#context;
    const checkOuts = checkOutsKnownAt(registry.recorders.checkoutsSince(from)).filter(({ outAt }) => outAt < to);
    const taken = new Set<string>();
    const rows: (UseRow & { readonly at: string })[] = [];
    const linker = this.#people.linker();
    const person = (certificateNo: string) => {
      const facts = roster.get(certificateNo);
      return { certificateNo, name: facts?.name ?? '', unit: facts?.unit ?? '' };
    };
    for (const docking of registry.register.dockings(from, to)) {
      const clips = registry.register.clipsOf(docking.docking);
      const links = clips.map((clip) => linker.link(clip));
      const checkOut = checkOutOf(docking, checkOuts, taken);
      if (checkOut !== undefined) taken.add(checkOut.checkout);
      const linked = links.flatMap(({ officer }) => officer?.number ?? []);
      const users = linked.length > 0 ? linked : this.#holder(docking, checkOut);
      const times = clips.flatMap(({ recordedAt }) => recordedAt ?? []).sort(compare);
      rows.push({
        at: docking.startedAt,
        recorder: docking.recorder,
        users: [...new Set(users)].map(person),
        outAt: this.#local(checkOut?.outAt ?? null),
        backAt: this.#local(docking.startedAt),
        isDocked: true,
        firstRecorded: this.#local(times[0] ?? null),
        lastRecorded: this.#local(times.at(-1) ?? null),
        clips: clips.length,
        length: lengthOf(clips),
        interrupted: clips.filter(({ interrupted }) => interrupted === 1).length,
        cases: [...new Set(links.flatMap(({ case: link }) => link?.number ?? []))],
      });
    }
    for (const { checkout, recorder, certificateNo, outAt, returnedAt } of checkOuts) {
      if (taken.has(checkout)) continue;
      const nothing = { firstRecorded: null, lastRecorded: null, clips: 0, interrupted: 0, cases: [] };
      const users = [person(certificateNo)];
      const backAt = this.#local(returnedAt);
      rows.push({
        at: outAt,
        recorder,
        users,
        outAt: this.#local(outAt),
        backAt,
        isDocked: false,
        length: lengthOf([]),
        ...nothing,
      });
    }
    return rows.sort((a, b) => compare(a.at, b.at)).map(({ at: _, ...row }) => row);
  }

  /** Whoever had it handed out, else whom it is assigned to that day. */
  #holder(docking: RegisterDocking, checkOut: CheckOutRow | undefined): string[] {
    if (checkOut !== undefined) return [checkOut.certificateNo];
    const { people } = this.#context.registry;
    const { timeZone } = this.#context.options.configuration.station;
    const asOf = getCalendarDate(instantToLocalDate(Date.parse(docking.startedAt), timeZone));
    return [...versionsAsOf(people.assignmentsOfRecorder(docking.recorder), { asOf }).values()]
      .filter(({ facts }) => facts.mode === 'personal' && isOpenOn(facts, asOf))
      .map(({ facts }) => facts.certificateNo);
  }

  #local(iso: string | null): string | null {
    const { timeZone } = this.#context.options.configuration.station;
    return iso === null ? null : instantToLocalTime(Date.parse(iso), timeZone);
  }

  #roster(asOf: CalendarDate): Roster {
    const held = versionsAsOf(this.#context.registry.people.versions('officers'), { asOf });
    return new Map(Array.from(held.values(), ({ facts }) => [facts.certificateNo, facts]));
  }

  #unitKey(roster: Roster, certificateNo: string): string {
    const facts = roster.get(certificateNo);
    return facts === undefined ? '' : unitKeyOf(facts);
  }

  /** Undefined: all. By code or name, with everything below it. @throws StationError unit-unknown */
  #unitsOf(unit: string | undefined, asOf: CalendarDate): ReadonlySet<string> | undefined {
    if (unit === undefined) return undefined;
    const { people } = this.#context.registry;
    const tree = unitTreeOn(people.versions('units'), asOf);
    const named = [...tree.values()].find(({ unitKey, name }) => unitKey === unit || name === unit);
    if (named !== undefined) return subtreeOf(tree, named.unitKey);
    const keys = people
      .versions('officers')
      .flatMap(({ facts }) => (facts.unit === unit || facts.unitCode === unit ? [unitKeyOf(facts)] : []));
    if (keys.length > 0) return new Set(keys);
    throw new StationError('unit-unknown', `no roster has the unit "${unit}"`, {
      next: 'Write the unit as the roster does.',
    });
  }

  #monthOf(month: string): { readonly from: string; readonly to: string; readonly lastDay: CalendarDate } {
    const { timeZone } = this.#context.options.configuration.station;
    const first = getCalendarDate(`${month}-01`);
    const last = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).toISOString().slice(0, 10);
    const next = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1)).toISOString().slice(0, 10);
    const instant = (day: string): string => new Date(localTimeToInstant(`${day}T00:00:00`, timeZone)).toISOString();
    return { from: instant(first), to: instant(next), lastDay: getCalendarDate(last) };
  }
}

/** Of any other file, also one that no probe could read, a length may be asked for. */
const withoutLength: ReadonlySet<string | null> = new Set(['picture', 'track', 'log']);

function lengthOf(clips: readonly Pick<RegisterClip, 'kind' | 'durationMs'>[]): UseLength {
  // A file that says 0 of itself was cut off before its length was written.
  const lengths = clips.filter(({ kind }) => !withoutLength.has(kind)).map(({ durationMs }) => durationMs ?? 0);
  return { files: lengths.length, unknown: lengths.filter((ms) => ms <= 0).length, ms: sum(lengths, (ms) => ms) };
}

/** The last one of the recorder that had begun, if it was still out then or was ended by this docking. */
function checkOutOf(
  { recorder, startedAt }: RegisterDocking,
  checkOuts: readonly CheckOutRow[],
  taken: ReadonlySet<string>,
): CheckOutRow | undefined {
  const last = checkOuts.findLast((one) => one.recorder === recorder && one.outAt <= startedAt);
  const wasOut = last !== undefined && (last.returnedAt === null || last.returnedAt >= startedAt);
  // Given back by hand, then put into the dock for the first time: the same use.
  const isBack = last !== undefined && last.returnBasis === 'by-hand' && !taken.has(last.checkout);
  return wasOut || isBack ? last : undefined;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const sum = <T>(list: readonly T[], value: (item: T) => number): number =>
  list.reduce((total, item) => total + value(item), 0);
