/**
 * Coverage on a day out of the whole history: resolves roster, recorders and assignments as of the day and as known
 * at a sequence, for the policy to be asked. It says on which basis each of the three lists answered.
 */
import { assignmentOnDay, lookupOf, officerOnDay, recorderOnDay } from './coverage-day.ts';
import type { CoverageAnswer, CoverageQuestion } from './coverage-policy.ts';
import { countsAt, type HistoryBasis, type Version } from './history.ts';
import type { AssignmentFacts, CalendarDate, OfficerFacts, RecorderFacts } from './people-facts.ts';

export interface PeopleHistory {
  readonly officers: readonly Version<OfficerFacts>[];
  readonly recorders: readonly Version<RecorderFacts>[];
  readonly assignments: readonly Version<AssignmentFacts>[];
  /** First day of the whole history of each kind, where this is a part of it. */
  readonly first?: { readonly [kind in 'officers' | 'recorders' | 'assignments']: CalendarDate | null };
}

export interface CoverageBases {
  readonly officers: HistoryBasis;
  readonly recorders: HistoryBasis;
  readonly assignments: HistoryBasis;
}

export interface DatedCoverage {
  readonly answer: CoverageAnswer;
  readonly bases: CoverageBases;
}

export type FactsOfDay = Omit<CoverageQuestion, 'profile' | 'dockings'> & { readonly bases: CoverageBases };

/**
 * Before the first roster the first roster's people are judged by the day that was asked for: their certificates and
 * assignments carry their own dates.
 */
export function factsOfDay(history: PeopleHistory, asOf: CalendarDate, knownAt: number): FactsOfDay {
  const { first } = history;
  const officerDay = lookupOf(asOf, first ? first.officers : firstDayOf(history.officers, knownAt));
  const recorderDay = lookupOf(asOf, first ? first.recorders : firstDayOf(history.recorders, knownAt));
  const assignmentDay = lookupOf(asOf, first ? first.assignments : firstDayOf(history.assignments, knownAt));
  const people = resolved(history.officers, (versions) =>
    officerOnDay(versions, { asOf, knownAt, lookupDay: officerDay.lookupDay }),
  );
  return {
    asOf,
    officers: people.map(({ facts }) => facts),
    standings: new Map(people.map(({ facts, standing }) => [facts.certificateNo, standing])),
    persons: new Map(people.map(({ facts, person }) => [facts.certificateNo, person])),
    recorders: resolved(history.recorders, (versions) =>
      recorderOnDay(versions, { asOf, knownAt, lookupDay: recorderDay.lookupDay }),
    ),
    assignments: resolved(history.assignments, (versions) =>
      assignmentOnDay(versions, { knownAt, lookupDay: assignmentDay.lookupDay }),
    ),
    bases: { officers: officerDay.basis, recorders: recorderDay.basis, assignments: assignmentDay.basis },
  };
}

/** Null when nothing of the kind was known. */
export function firstDayOf(versions: readonly Version<unknown>[], knownAt: number): CalendarDate | null {
  let first: CalendarDate | null = null;
  for (const version of versions) {
    if (countsAt(version, knownAt) && (first === null || version.effectiveFrom < first)) first = version.effectiveFrom;
  }
  return first;
}

function resolved<F, R>(
  versions: readonly Version<F>[],
  resolve: (versions: readonly Version<F>[]) => R | undefined,
): R[] {
  const found: R[] = [];
  for (const ofSubject of Map.groupBy(versions, ({ key }) => key).values()) {
    const facts = resolve(ofSubject);
    if (facts !== undefined) found.push(facts);
  }
  return found;
}
