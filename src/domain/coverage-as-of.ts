/**
 * Coverage on a day out of the whole history: resolves roster, recorders and assignments as of the day and as known
 * at a sequence, then asks the policy. It says on which basis each of the three lists answered. A registry that
 * resolves the day by itself may call the policy directly.
 */
import { type CoverageAnswer, coverage } from './coverage-policy.ts';
import type { CoverageProfile } from './coverage-profile.ts';
import { answerAsOf, type HistoryBasis, type Version } from './history.ts';
import type { AssignmentFacts, CalendarDate, OfficerFacts, RecorderFacts } from './people-facts.ts';

export interface PeopleHistory {
  readonly officers: readonly Version<OfficerFacts>[];
  readonly recorders: readonly Version<RecorderFacts>[];
  readonly assignments: readonly Version<AssignmentFacts>[];
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

export interface DatedCoverageQuestion {
  readonly profile: CoverageProfile;
  readonly asOf: CalendarDate;
  readonly knownAt?: number;
  readonly history: PeopleHistory;
}

/**
 * Before the first roster the first roster's people are judged by the day that was asked for: their certificates and
 * assignments carry their own dates.
 */
export function coverageAsOf({ history, profile, ...when }: DatedCoverageQuestion): DatedCoverage {
  const officers = answerAsOf(history.officers, when);
  const recorders = answerAsOf(history.recorders, when);
  const assignments = answerAsOf(history.assignments, when);
  return {
    answer: coverage({
      profile,
      asOf: when.asOf,
      officers: factsOf(officers.versions),
      recorders: factsOf(recorders.versions),
      assignments: factsOf(assignments.versions),
    }),
    bases: { officers: officers.basis, recorders: recorders.basis, assignments: assignments.basis },
  };
}

function factsOf<F>(versions: ReadonlyMap<string, Version<F>>): F[] {
  return Array.from(versions.values(), (version) => version.facts);
}
