/**
 * Coverage (配置率): who must have a recorder on a day, who has, and for each gap the reason and the clause. A pure
 * question over the facts of that day; it never ranks people or units and knows nothing of clips or dockings.
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
import { type CoverageProfile, findPost } from './coverage-profile.ts';
import { type CoverageNote, type CoverageSummary, summarise } from './coverage-summary.ts';
import {
  type Gap,
  type GapReason,
  gapReasons,
  type HolderStanding,
  type OfficerVerdict,
  type OutOfPopulationReason,
} from './coverage-verdict.ts';
import type { AssignmentFacts, CalendarDate, OfficerFacts, RecorderFacts, RecorderState } from './people-facts.ts';
import { compareText } from './people-facts.ts';

export interface CoverageQuestion {
  readonly profile: CoverageProfile;
  readonly asOf: CalendarDate;
  /** The facts of the day, each subject once. */
  readonly officers: readonly OfficerFacts[];
  readonly recorders: readonly RecorderFacts[];
  readonly assignments: readonly AssignmentFacts[];
}

export interface CoverageAnswer extends CoverageSummary {
  readonly profile: CoverageProfile;
  readonly asOf: CalendarDate;
  /** Null for all; else the figures, verdicts and notes are those of this unit alone. */
  readonly unit: string | null;
  /** By unit, then certificate number. */
  readonly verdicts: readonly OfficerVerdict[];
  readonly notes: readonly CoverageNote[];
}

/** The day as one table of look-ups. */
interface DayBook {
  readonly profile: CoverageProfile;
  readonly holdings: Holdings;
  /** For everyone in the roster. */
  readonly outOfPopulation: ReadonlyMap<string, readonly OutOfPopulationReason[]>;
}

export function coverage(question: CoverageQuestion): CoverageAnswer {
  const { profile, asOf, officers } = question;
  const book: DayBook = {
    profile,
    holdings: holdingsOn(question),
    outOfPopulation: new Map(officers.map((officer) => [officer.certificateNo, outOfPopulation(officer, question)])),
  };
  const verdicts = byUnitAndCertificate(officers).map((officer) => judge(officer, book));
  return { profile, asOf, unit: null, verdicts, notes: notesOf(book), ...summarise(profile, verdicts) };
}

/**
 * The same answer for one unit. Narrowed afterwards, never by asking about fewer officers: a recorder that somebody of
 * another unit holds must stay held.
 */
export function coverageOfUnit(answer: CoverageAnswer, unit: string): CoverageAnswer {
  const verdicts = answer.verdicts.filter((verdict) => verdict.unit === unit);
  const members = new Set(verdicts.map((verdict) => verdict.certificateNo));
  const notes = answer.notes.filter((note) => members.has(note.certificateNo));
  return { ...answer, unit, verdicts, notes, ...summarise(answer.profile, verdicts) };
}

/** Every condition of the profile that the officer fails on the day, in a fixed order. The last valid day still counts. */
export function outOfPopulation(
  officer: OfficerFacts,
  { profile, asOf }: Pick<CoverageQuestion, 'profile' | 'asOf'>,
): readonly OutOfPopulationReason[] {
  const reasons: OutOfPopulationReason[] = [];
  if (profile.population.includes('certified')) {
    if (officer.certificateStatus !== 'valid') {
      reasons.push(`certificate-${officer.certificateStatus}`);
    }
    if (officer.validUntil < asOf) {
      reasons.push('certificate-expired');
    }
  }
  if (profile.population.includes('on-duty') && !officer.onDuty) {
    reasons.push('not-on-duty');
  }
  if (profile.population.includes('front-line') && findPost(profile.posts, officer.post) === false) {
    reasons.push('not-front-line');
  }
  return reasons;
}

function judge(officer: OfficerFacts, book: DayBook): OfficerVerdict {
  const { profile } = book;
  const open = book.holdings.open.get(officer.certificateNo) ?? [];
  const covering = open.filter(isCovering);
  const isCoveredPersonally = covering.some(({ assignment }) => assignment.mode === 'personal');
  const isCoveredIncludingShared = covering.length > 0;
  const out = book.outOfPopulation.get(officer.certificateNo) ?? [];
  const isCovered = profile.requirement.countsShared ? isCoveredIncludingShared : isCoveredPersonally;
  return {
    certificateNo: officer.certificateNo,
    name: officer.name,
    unit: officer.unit,
    post: officer.post,
    postIsUnmapped: findPost(profile.posts, officer.post) === undefined,
    outOfPopulation: out,
    isCoveredPersonally,
    isCoveredIncludingShared,
    serial: covering[0]?.recorder.serial ?? null,
    gap: out.length === 0 && !isCovered ? gapOf(officer.certificateNo, open, book) : null,
  };
}

function gapOf(certificateNo: string, open: readonly Claim[], book: DayBook): Gap {
  const { countsShared } = book.profile.requirement;
  const counts = (assignment: AssignmentFacts) => countsShared || assignment.mode === 'personal';
  let nearest = gap('no-recorder', {
    unregisteredSerial: open.find(({ recorder }) => recorder.state === undefined)?.recorder.serial ?? null,
  });
  const upcoming = book.holdings.upcoming.get(certificateNo)?.find(counts);
  if (upcoming !== undefined) {
    nearest = gap('starts-later', { serial: upcoming.serial, startsOn: upcoming.from });
  }
  for (const claim of open) {
    const candidate = counts(claim.assignment) ? gapOfCounting(claim, book) : gapOfShared(claim);
    if (candidate !== null && gapReasons.indexOf(candidate.reason) < gapReasons.indexOf(nearest.reason)) {
      nearest = candidate;
    }
  }
  return nearest;
}

function gapOfCounting({ assignment, recorder }: Claim, book: DayBook): Gap | null {
  const { serial, state, holder } = recorder;
  if (state === undefined || holder === null) {
    return null;
  }
  if (holder.certificateNo !== assignment.certificateNo) {
    const heldBy = { certificateNo: holder.certificateNo, standing: standingOf(holder.certificateNo, book) };
    return gap('held-by-another', { serial, heldBy });
  }
  const reason = reasonOfState[state];
  return reason === null ? null : gap(reason, { serial });
}

const reasonOfState: Readonly<Record<RecorderState, GapReason | null>> = {
  'in-service': null,
  repair: 'in-repair',
  lost: 'lost',
  scrapped: 'scrapped',
};

function gapOfShared({ recorder }: Claim): Gap | null {
  return recorder.state === undefined ? null : gap('shared-only', { serial: recorder.serial });
}

function gap(reason: GapReason, details: Partial<Gap> = {}): Gap {
  return { serial: null, heldBy: null, startsOn: null, unregisteredSerial: null, ...details, reason };
}

function standingOf(certificateNo: string, book: DayBook): HolderStanding {
  const reasons = book.outOfPopulation.get(certificateNo);
  if (reasons === undefined) {
    return 'not-in-roster';
  }
  return reasons.length === 0 ? 'in-population' : 'out-of-population';
}

/** What the lists do not agree on, and recorders with people who do not count, by recorder and certificate number. */
function notesOf(book: DayBook): CoverageNote[] {
  const notes: CoverageNote[] = [];
  for (const [certificateNo, open] of book.holdings.open) {
    const standing = standingOf(certificateNo, book);
    for (const claim of open) {
      const { serial, state } = claim.recorder;
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
function byUnitAndCertificate(officers: readonly OfficerFacts[]): OfficerFacts[] {
  const units = [...Map.groupBy(officers, (officer) => officer.unit)].sort(([a], [b]) => compareText(a, b));
  return units.flatMap(([, members]) => members.sort((a, b) => compareText(a.certificateNo, b.certificateNo)));
}
