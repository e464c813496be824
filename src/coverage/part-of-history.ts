/**
 * The history of some people and of everything that their verdicts depend on: their certificates, every recorder that
 * they were ever given, and everybody who was ever given one of those. Asked about it, the policy says of these people
 * what it says of them when asked about everybody, and of the others nothing that counts.
 */
import type { PeopleHistory } from '../domain/coverage-as-of.ts';
import type { DockingFact } from '../domain/coverage-use.ts';
import type { Version } from '../domain/history.ts';
import type { OfficerFacts } from '../domain/people-facts.ts';
import { type CoverageSource, firstDaysOf, personsBehind } from './coverage-source.ts';

export interface PartOfHistory {
  readonly history: PeopleHistory;
  readonly dockings: readonly DockingFact[];
}

export function partOfHistory(source: CoverageSource, certificates: Iterable<string>): PartOfHistory {
  const members = everyCertificate(source, certificates);
  const serials = new Set<string>();
  for (const { facts } of all(source.assignmentsOfOfficers(members.keys()))) serials.add(facts.serial);
  // Those of the members are among them.
  const assignments = all(source.assignmentsOfRecorders(serials));
  const others = new Set(assignments.map(({ facts }) => facts.certificateNo).filter((key) => !members.has(key)));
  return {
    history: {
      officers: all(new Map([...members, ...everyCertificate(source, others)])),
      recorders: all(source.recorderVersions(serials)),
      assignments,
      first: firstDaysOf(source),
    },
    dockings: all(source.dockingsOf(serials)),
  };
}

/** Of the people whom the certificates belong to. */
function everyCertificate(
  source: CoverageSource,
  certificates: Iterable<string>,
): Map<string, readonly Version<OfficerFacts>[]> {
  const persons = personsBehind(source, source.officerVersions(certificates));
  return new Map(Array.from(persons.values(), (own) => [...own]).flat());
}

const all = <T>(lists: ReadonlyMap<string, readonly T[]>): T[] => [...lists.values()].flat();
