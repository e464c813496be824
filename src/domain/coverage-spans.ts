/**
 * One person's verdicts over all days: spans of days on which every profile says the same of them. Worked out from
 * what lies around the person alone (their certificates, their recorders, everyone who was ever given one of those),
 * by asking the policy on each day on which any of it changes. What it says of a day is what the policy says of
 * `factsOfDay`.
 */

import { codeOf } from './coverage-codes.ts';
import { assignmentOnDay, dayOf, officerOnDay, recorderOnDay } from './coverage-day.ts';
import { holdingsOn } from './coverage-holders.ts';
import { type PersonOnDay, personsOnDay } from './coverage-persons.ts';
import { judgePerson, outOfPopulation, personByCertificate } from './coverage-policy.ts';
import type { CoverageProfile } from './coverage-profile.ts';
import type { DockingFact, DockingUse } from './coverage-use.ts';
import type { HolderStanding, OfficerVerdict } from './coverage-verdict.ts';
import { dayNumber, dayOfNumber } from './day-number.ts';
import type { Version } from './history.ts';
import {
  type AssignmentFacts,
  type CalendarDate,
  isOpenOn,
  type OfficerFacts,
  type RecorderFacts,
} from './people-facts.ts';

/** Versions that count, each list all of one subject. */
export interface PersonSurroundings {
  readonly certificates: readonly (readonly Version<OfficerFacts>[])[];
  readonly recorders: ReadonlyMap<string, readonly Version<RecorderFacts>[]>;
  /** Those of the person's certificates. */
  readonly own: readonly (readonly Version<AssignmentFacts>[])[];
  /** Those of other certificates on recorders that the person was ever given. */
  readonly others: readonly (readonly Version<AssignmentFacts>[])[];
  /** By serial, oldest first. */
  readonly dockings: ReadonlyMap<string, readonly DockingFact[]>;
}

export interface SpanTerms {
  readonly profiles: readonly CoverageProfile[];
  readonly useDays: number;
  /** First day of the history of each kind: earlier days are answered from it. */
  readonly first: {
    readonly officers: CalendarDate | null;
    readonly recorders: CalendarDate | null;
    readonly assignments: CalendarDate | null;
  };
}

/** The number of a post that the table does not know; 0 for one that it knows. Counted beside the verdicts. */
export type PostNumber = (verdict: OfficerVerdict) => number;

export interface PersonSpan {
  /** Day numbers: the first, and the first one after it. */
  readonly from: number;
  readonly until: number;
  readonly unitKey: string;
  readonly certificateNo: string;
  readonly name: string;
  /** One code for each profile, in their order, and last the number of the post. */
  readonly codes: readonly number[];
}

/** Days that spans reach from and to; nothing is asked beyond them. */
export const firstDayNumber = dayNumber('1900-01-01' as CalendarDate);
export const endDayNumber = dayNumber('9999-12-31' as CalendarDate);

export function spansOfPerson(around: PersonSurroundings, terms: SpanTerms, postNumber: PostNumber): PersonSpan[] {
  const days = daysOfChange(around, terms);
  const spans: { -readonly [field in keyof PersonSpan]: PersonSpan[field] }[] = [];
  for (const [index, from] of days.entries()) {
    const verdicts = verdictsOn(around, terms, dayOfNumber(from));
    const [verdict] = verdicts;
    if (verdict === undefined) continue;
    const { unitKey, certificateNo, name } = verdict;
    const codes = [...verdicts.map(codeOf), postNumber(verdict)];
    const until = days[index + 1] ?? endDayNumber;
    const last = spans.at(-1);
    if (
      last?.until === from &&
      last.certificateNo === certificateNo &&
      last.unitKey === unitKey &&
      last.name === name &&
      same(last.codes, codes)
    ) {
      last.until = until;
    } else {
      spans.push({ from, until, unitKey, certificateNo, name, codes });
    }
  }
  return spans;
}

const same = (a: readonly number[], b: readonly number[]): boolean => a.every((code, index) => code === b[index]);

/** Whether somebody else counts on a day: a holder who does not is another kind of gap. */
export function standingOn(
  certificates: PersonSurroundings['certificates'],
  { profile, ...terms }: Pick<SpanTerms, 'first'> & { readonly profile: CoverageProfile },
  asOf: CalendarDate,
): HolderStanding {
  const person = personOn(certificates, terms, asOf);
  if (person === undefined) return 'not-in-roster';
  return outOfPopulation(person, { profile, asOf }).length === 0 ? 'in-population' : 'out-of-population';
}

/**
 * What each profile says of the person on a day; empty when no roster names them. Of a holder who is somebody else it
 * knows nothing: see `standingOn`.
 */
export function verdictsOn(around: PersonSurroundings, terms: SpanTerms, asOf: CalendarDate): OfficerVerdict[] {
  const person = personOn(around.certificates, terms, asOf);
  if (person === undefined) return [];
  const persons = personByCertificate([person]);
  const holdings = holdingsOn({ asOf, persons, ...holdingFacts(around, terms, asOf) });
  const dockings: DockingUse = { useDays: terms.useDays, bySerial: around.dockings };
  return terms.profiles.map((profile) => {
    const out = new Map([[person.person, outOfPopulation(person, { profile, asOf })]]);
    return judgePerson(person, { profile, asOf, holdings, dockings, outOfPopulation: out });
  });
}

function personOn(
  certificates: PersonSurroundings['certificates'],
  { first }: Pick<SpanTerms, 'first'>,
  asOf: CalendarDate,
): PersonOnDay | undefined {
  const when = { asOf, knownAt: Number.POSITIVE_INFINITY, lookupDay: lookupDay(asOf, first.officers) };
  const officers = certificates.flatMap((versions) => officerOnDay(versions, when) ?? []);
  const [only] = officers;
  if (only === undefined) return undefined;
  if (officers.length === 1) return { ...only, others: [] };
  return personsOnDay({
    asOf,
    officers: officers.map(({ facts }) => facts),
    standings: new Map(officers.map(({ facts, standing }) => [facts.certificateNo, standing])),
    persons: new Map(officers.map(({ facts, person }) => [facts.certificateNo, person])),
  })[0];
}

/** The person's assignments of the day, and for the recorders in their hands their state and who else claims them. */
function holdingFacts(around: PersonSurroundings, { first }: SpanTerms, asOf: CalendarDate) {
  const knownAt = Number.POSITIVE_INFINITY;
  const assignmentDay = { knownAt, lookupDay: lookupDay(asOf, first.assignments) };
  const assignments = around.own.flatMap((versions) => assignmentOnDay(versions, assignmentDay) ?? []);
  const serials = new Set<string>();
  for (const assignment of assignments) if (isOpenOn(assignment, asOf)) serials.add(assignment.serial);
  const recorders: RecorderFacts[] = [];
  if (serials.size > 0) {
    const recorderDay = { asOf, knownAt, lookupDay: lookupDay(asOf, first.recorders) };
    for (const serial of serials) {
      const facts = recorderOnDay(around.recorders.get(serial) ?? [], recorderDay);
      if (facts !== undefined) recorders.push(facts);
    }
    for (const versions of around.others) {
      const assignment = assignmentOnDay(versions, assignmentDay);
      if (assignment !== undefined && serials.has(assignment.serial)) assignments.push(assignment);
    }
  }
  return { recorders, assignments };
}

const lookupDay = (asOf: CalendarDate, first: CalendarDate | null): CalendarDate =>
  first !== null && asOf < first ? first : asOf;

/** Every day on which anything may be different from the day before, in order; the first is the beginning of days. */
function daysOfChange(
  { certificates, recorders, own, others, dockings }: PersonSurroundings,
  terms: SpanTerms,
): number[] {
  const days = new Set<number>([firstDayNumber]);
  const begins = (day: string | null | undefined): void => {
    if (day !== null && day !== undefined) days.add(dayNumber(dayOf(day)));
  };
  const ends = (day: CalendarDate | null | undefined): void => {
    if (day !== null && day !== undefined) days.add(dayNumber(day) + 1);
  };
  for (const first of Object.values(terms.first)) begins(first);
  for (const { effectiveFrom, facts } of certificates.flat()) {
    begins(effectiveFrom);
    // An open standing begins on the day after the last roster that called the certificate valid.
    ends(effectiveFrom);
    begins(facts.statusFrom);
    ends(facts.statusUntil);
    begins(facts.issuedOn);
    begins(facts.replacedOn);
    begins(facts.leftOn);
    ends(facts.validUntil);
  }
  for (const { effectiveFrom, facts } of [...recorders.values()].flat()) {
    begins(effectiveFrom);
    begins(facts.stateSince);
  }
  for (const { effectiveFrom, facts } of [...own.flat(), ...others.flat()]) {
    begins(effectiveFrom);
    begins(facts.from);
    ends(facts.until);
  }
  for (const list of dockings.values()) for (const day of useChanges(list, own, terms.useDays)) days.add(day);
  return [...days].filter((day) => day >= firstDayNumber && day < endDayNumber).sort((a, b) => a - b);
}

/** Days on which a recorder comes into use and falls out of it: dockings that follow each other closely are one. */
function useChanges(list: readonly DockingFact[], own: PersonSurroundings['own'], useDays: number): number[] {
  const days: number[] = [];
  const starts = new Set(own.flat().map(({ facts }) => facts.from));
  for (const kind of [list, list.filter(({ hasFootage }) => hasFootage)]) {
    let end = Number.NEGATIVE_INFINITY;
    for (const [index, { day }] of kind.entries()) {
      const number = dayNumber(day);
      // An assignment makes dockings before it somebody else's, so the first one after its start counts by itself.
      const before = kind[index - 1]?.day;
      const isFirstOfHolder = before === undefined || [...starts].some((from) => before < from && from <= day);
      if (number > end || isFirstOfHolder) days.push(number);
      if (number > end && end > 0) days.push(end);
      end = number + useDays;
    }
    if (kind.length > 0) days.push(end);
  }
  return days;
}
