/**
 * Coverage (配置率): who must have a recorder on a day, who has, and for each gap the reason and the clause. A pure
 * question over the facts of that day; it never ranks people or units and knows nothing of clips or dockings.
 *
 * One person counts once, whatever certificates they have; an unclear standing (one roster called the certificate valid,
 * the next one did not, without a day) counts as the earlier roster said, with a note. A recorder's state is that at the
 * end of the day.
 *
 * An assignment counts when it is personal, or when the profile counts shared ones. Several reasons may apply to one
 * officer; the reason given is the first of this table. It answers "why not today", so what is in the officer's
 * hands comes before what is promised; among recorders issued to them, the one nearest to covering again comes first.
 *
 * | rank | reason          | when                                                                                    |
 * |------|-----------------|-----------------------------------------------------------------------------------------|
 * |    1 | in-repair       | holds a recorder by a counting assignment, and it is in repair: it comes back            |
 * |    2 | held-by-another | has a counting assignment on a recorder that somebody else holds: a decision frees it    |
 * |    3 | lost            | holds a recorder that is lost: it may be found                                           |
 * |    4 | scrapped        | holds a recorder that is scrapped: it never comes back                                   |
 * |    5 | shared-only     | has a shared recorder, whatever its state, and the profile does not count shared ones    |
 * |    6 | starts-later    | a counting assignment begins after the day                                               |
 * |    7 | no-recorder     | none of these                                                                            |
 *
 * A recorder that stands in no list of recorders cannot be said to be in service: its open assignments cover nobody
 * and give no reason but `no-recorder`, with a note that names it.
 */

import { type Claim, type Holdings, holdingsOn, isCovering } from './coverage-holders.ts';
import { type OfficersOfDay, type PersonOnDay, personsOnDay } from './coverage-persons.ts';
import { type CoverageProfile, findPost, isPostOf, type RecorderRequirement } from './coverage-profile.ts';
import { type CoverageNote, type CoverageSummary, summarise } from './coverage-summary.ts';
import { type DockingUse, useOf } from './coverage-use.ts';
import {
  type Gap,
  type GapReason,
  gapReasons,
  type HolderStanding,
  type OfficerVerdict,
  type OutOfPopulationReason,
  type VerdictNote,
} from './coverage-verdict.ts';
import { addDays, daysFromTo } from './day-number.ts';
import type { AssignmentFacts, CalendarDate, OfficerFacts, RecorderFacts, RecorderState } from './people-facts.ts';
import { compareText, unitKeyOf } from './people-facts.ts';

export interface CoverageQuestion extends OfficersOfDay {
  readonly profile: CoverageProfile;
  /** The facts of the day, each subject once. */
  readonly recorders: readonly RecorderFacts[];
  readonly assignments: readonly AssignmentFacts[];
  /** Without it nothing is said of use. */
  readonly dockings?: DockingUse;
}

export interface CoverageAnswer extends CoverageSummary {
  readonly profile: CoverageProfile;
  readonly asOf: CalendarDate;
  /** Null for all; else the figures, verdicts and notes are those of this unit (and of the units below it) alone. */
  readonly unit: string | null;
  /** By unit, then certificate number. */
  readonly verdicts: readonly OfficerVerdict[];
  readonly notes: readonly CoverageNote[];
}

/** The day as one table of look-ups; `persons` has the standing of each person in the roster, once asked for. */
export interface DayBook {
  readonly profile: CoverageProfile;
  readonly asOf: CalendarDate;
  readonly holdings: Holdings;
  readonly dockings: DockingUse | undefined;
  /** For everyone in the roster. */
  readonly outOfPopulation: ReadonlyMap<string, readonly OutOfPopulationReason[]>;
}

export function coverage(question: CoverageQuestion): CoverageAnswer {
  const { profile, asOf } = question;
  const persons = personsOnDay(question);
  const book: DayBook = {
    profile,
    asOf,
    holdings: holdingsOn({ ...question, persons: personByCertificate(persons) }),
    dockings: question.dockings,
    outOfPopulation: new Map(persons.map((person) => [person.person, outOfPopulation(person, question)])),
  };
  const verdicts = byUnitAndCertificate(persons).map((person) => judgePerson(person, book));
  return { profile, asOf, unit: null, verdicts, notes: notesOf(book), ...summarise(profile, verdicts) };
}

/** Only those whose person is not simply their certificate. */
export function personByCertificate(persons: readonly PersonOnDay[]): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const { person, facts, others } of persons) {
    if (person !== facts.certificateNo) known.set(facts.certificateNo, person);
    for (const other of others) known.set(other, person);
  }
  return known;
}

/**
 * The same answer for some units. Narrowed afterwards, never by asking about fewer officers: a recorder that somebody of
 * another unit holds must stay held.
 */
export function coverageOfUnits(answer: CoverageAnswer, unit: string, keys: ReadonlySet<string>): CoverageAnswer {
  const verdicts = answer.verdicts.filter((verdict) => keys.has(verdict.unitKey));
  const members = new Set(
    verdicts.flatMap(({ certificateNo, otherCertificates }) => [certificateNo, ...otherCertificates]),
  );
  const notes = answer.notes.filter((note) => members.has(note.certificateNo));
  return { ...answer, unit, verdicts, notes, ...summarise(answer.profile, verdicts) };
}

/** Every condition of the profile that the person fails on the day, in a fixed order. The last valid day still counts. */
export function outOfPopulation(
  { facts, standing }: Pick<PersonOnDay, 'facts' | 'standing'>,
  { profile, asOf }: { readonly profile: CoverageProfile; readonly asOf: CalendarDate },
): readonly OutOfPopulationReason[] {
  const reasons: OutOfPopulationReason[] = [];
  if (standing.kind === 'left') reasons.push('left');
  if (facts.category === 'auxiliary') reasons.push('auxiliary');
  if (profile.population.includes('certified')) reasons.push(...notCertified(facts, standing, asOf));
  if (profile.population.includes('on-duty') && !facts.onDuty) reasons.push('not-on-duty');
  if (profile.population.includes('front-line') && findPost(profile.posts, facts.post) === false) {
    reasons.push('not-front-line');
  }
  return reasons;
}

function notCertified(
  facts: OfficerFacts,
  standing: PersonOnDay['standing'],
  asOf: CalendarDate,
): OutOfPopulationReason[] {
  const expired: OutOfPopulationReason[] = facts.validUntil < asOf ? ['certificate-expired'] : [];
  switch (standing.kind) {
    case 'valid':
      return [];
    case 'open':
      // Counted as the earlier roster said; a renewal whose first day nobody told leaves no gap.
      return standing.was === 'valid' || standing.was === 'expired' ? [] : [`certificate-${standing.was}`];
    case 'suspended':
    case 'withdrawn':
    case 'cancelled':
      return [`certificate-${standing.kind}`, ...expired];
    case 'not-yet-issued':
      return ['certificate-not-yet-issued'];
    default:
      return expired;
  }
}

export function judgePerson(person: PersonOnDay, book: DayBook): OfficerVerdict {
  const { profile, asOf } = book;
  const { facts } = person;
  const open = book.holdings.open.get(person.person) ?? [];
  const out = book.outOfPopulation.get(person.person) ?? [];
  const covering = open.filter(isCovering);
  const isCoveredPersonally = covering.some(({ assignment }) => assignment.mode === 'personal');
  const isCoveredIncludingShared = covering.length > 0;
  const status = statusOf(profile, { facts, out, isCoveredPersonally, isCoveredIncludingShared });
  return {
    certificateNo: facts.certificateNo,
    person: person.person,
    otherCertificates: person.others,
    name: facts.name,
    unit: facts.unit,
    unitKey: unitKeyOf(facts),
    post: facts.post,
    postIsUnmapped: findPost(profile.posts, facts.post) === undefined,
    outOfPopulation: out,
    isCoveredPersonally,
    isCoveredIncludingShared,
    serial: covering[0]?.recorder.serial ?? null,
    gap: status === 'gap' ? gapOf(person, open, book) : null,
    status,
    clause: profile.clause,
    use:
      covering[0] === undefined || book.dockings === undefined
        ? null
        : useOf(covering[0].assignment, asOf, book.dockings),
    notes: verdictNotes(person, out, book),
  };
}

interface Standing {
  readonly facts: OfficerFacts;
  readonly out: readonly OutOfPopulationReason[];
  readonly isCoveredPersonally: boolean;
  readonly isCoveredIncludingShared: boolean;
}

function statusOf({ requirement }: CoverageProfile, standing: Standing): OfficerVerdict['status'] {
  if (standing.out.length > 0) return 'out';
  switch (requirement.kind) {
    case 'recorder-per-officer':
      return (requirement.countsShared ? standing.isCoveredIncludingShared : standing.isCoveredPersonally)
        ? 'covered'
        : 'gap';
    case 'share-of-officers':
      return isPostOf(requirement.posts, standing.facts.post) ? 'covered' : 'counted';
  }
}

function verdictNotes(
  { facts, standing }: PersonOnDay,
  out: readonly OutOfPopulationReason[],
  { profile, asOf }: DayBook,
): VerdictNote[] {
  const notes: VerdictNote[] = [];
  if (standing.kind === 'open') {
    const { after, before, was, becomes } = standing;
    notes.push({ kind: 'standing-open', after, before, was, becomes });
  }
  if (out.length === 0 && profile.warnDays > 0 && profile.population.includes('certified')) {
    if (facts.validUntil < addDays(asOf, profile.warnDays)) {
      notes.push({ kind: 'certificate-about-to-end', on: facts.validUntil });
    }
  }
  return notes;
}

function gapOf({ person, facts }: PersonOnDay, open: readonly Claim[], book: DayBook): Gap {
  const { countsShared } = book.profile.requirement as RecorderRequirement;
  const counts = (assignment: AssignmentFacts) => countsShared || assignment.mode === 'personal';
  const due = dueOf(facts, book);
  let nearest = gap('no-recorder', due, {
    unregisteredSerial: open.find(({ recorder }) => recorder.state === undefined)?.recorder.serial ?? null,
  });
  const upcoming = book.holdings.upcoming.get(person)?.find(counts);
  if (upcoming !== undefined) {
    nearest = gap('starts-later', due, { serial: upcoming.serial, startsOn: upcoming.from });
  }
  for (const claim of open) {
    const candidate = counts(claim.assignment) ? gapOfCounting(claim, due, book) : gapOfShared(claim, due);
    if (candidate !== null && gapReasons.indexOf(candidate.reason) < gapReasons.indexOf(nearest.reason)) {
      nearest = candidate;
    }
  }
  return nearest;
}

type Due = Pick<Gap, 'dueOn' | 'overdueDays'>;

function dueOf({ issuedOn }: OfficerFacts, { profile, asOf }: DayBook): Due {
  const graceEnds = issuedOn === undefined ? profile.deadline : addDays(issuedOn, profile.graceDays);
  const dueOn = graceEnds > profile.deadline && profile.graceDays > 0 ? graceEnds : profile.deadline;
  return { dueOn, overdueDays: Math.max(0, daysFromTo(dueOn, asOf)) };
}

function gapOfCounting({ person, recorder }: Claim, due: Due, book: DayBook): Gap | null {
  const { serial, state, holder, holderPerson } = recorder;
  if (state === undefined || holder === null || holderPerson === null) {
    return null;
  }
  if (holderPerson !== person) {
    const heldBy = { certificateNo: holder.certificateNo, standing: standingOf(holderPerson, book) };
    return gap('held-by-another', due, { serial, heldBy });
  }
  const reason = reasonOfState[state];
  return reason === null ? null : gap(reason, due, { serial });
}

const reasonOfState: Readonly<Record<RecorderState, GapReason | null>> = {
  'in-service': null,
  repair: 'in-repair',
  lost: 'lost',
  scrapped: 'scrapped',
};

function gapOfShared({ recorder }: Claim, due: Due): Gap | null {
  return recorder.state === undefined ? null : gap('shared-only', due, { serial: recorder.serial });
}

function gap(reason: GapReason, due: Due, details: Partial<Gap> = {}): Gap {
  return { serial: null, heldBy: null, startsOn: null, unregisteredSerial: null, ...due, ...details, reason };
}

function standingOf(person: string, book: DayBook): HolderStanding {
  const reasons = book.outOfPopulation.get(person);
  if (reasons === undefined) {
    return 'not-in-roster';
  }
  return reasons.length === 0 ? 'in-population' : 'out-of-population';
}

/** What the lists do not agree on, and recorders with people who do not count, by recorder and certificate number. */
function notesOf(book: DayBook): CoverageNote[] {
  const notes: CoverageNote[] = [];
  for (const [person, open] of book.holdings.open) {
    const standing = standingOf(person, book);
    for (const claim of open) {
      const { serial, state } = claim.recorder;
      const { certificateNo } = claim.assignment;
      if (state === undefined) {
        notes.push({ kind: 'recorder-not-registered', serial, certificateNo });
      }
      if (standing === 'not-in-roster') {
        notes.push({ kind: 'officer-not-in-roster', serial, certificateNo });
      } else if (standing === 'out-of-population' && claim.assignment.mode === 'personal' && isCovering(claim)) {
        notes.push({ kind: 'held-outside-population', serial, certificateNo });
      }
    }
  }
  return notes.sort(
    (a, b) =>
      compareText(a.serial, b.serial) || compareText(a.certificateNo, b.certificateNo) || compareText(a.kind, b.kind),
  );
}

/** Units first, then officers within each: for a province far fewer comparisons than one sort by both. */
function byUnitAndCertificate(persons: readonly PersonOnDay[]): PersonOnDay[] {
  const units = [...Map.groupBy(persons, ({ facts }) => unitKeyOf(facts))].sort(([a], [b]) => compareText(a, b));
  return units.flatMap(([, members]) =>
    members.sort((a, b) => compareText(a.facts.certificateNo, b.facts.certificateNo)),
  );
}
