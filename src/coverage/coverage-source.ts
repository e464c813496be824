/** What the cache needs of the registry, in its own words; station/ hands in an implementation. */
import { personOfCertificate } from '../domain/coverage-day.ts';
import type { PersonSurroundings, SpanTerms } from '../domain/coverage-spans.ts';
import type { DockingFact } from '../domain/coverage-use.ts';
import type { Version } from '../domain/history.ts';
import type { AssignmentFacts, CalendarDate, OfficerFacts, RecorderFacts } from '../domain/people-facts.ts';

/** Every list holds the versions that count now. */
export interface CoverageSource<Revision = unknown> {
  inOneState<T>(ask: () => T): T;
  revision(): Revision;
  knownAt(): number;
  firstDay(kind: 'officers' | 'recorders' | 'assignments'): CalendarDate | null;
  unitsAndCertificates(): Iterable<{ readonly unit: string; readonly certificate: string }>;
  certificates(): Iterable<{ readonly certificate: string; readonly versions: Version<OfficerFacts>[] }>;
  versionsOf(kind: 'officers', certificate: string): Version<OfficerFacts>[];
  recorderVersions(serial: string): Version<RecorderFacts>[];
  assignmentsOfOfficer(certificate: string): Version<AssignmentFacts>[];
  assignmentsOfRecorder(serial: string): Version<AssignmentFacts>[];
  certificatesOfPerson(person: string): string[];
  dockingsOf(serial: string): DockingFact[];
  changedSince(revision: Revision): {
    readonly certificates: ReadonlySet<string>;
    readonly serials: ReadonlySet<string>;
  };
}

export function firstDaysOf(source: CoverageSource): SpanTerms['first'] {
  return {
    officers: source.firstDay('officers'),
    recorders: source.firstDay('recorders'),
    assignments: source.firstDay('assignments'),
  };
}

/** Who a certificate belongs to now, and every certificate of that person, in order. */
export function personBehind(
  source: CoverageSource,
  certificate: string,
  versions: readonly Version<OfficerFacts>[],
): { readonly person: string; readonly certificates: Map<string, readonly Version<OfficerFacts>[]> } {
  const person = personOf(certificate, versions);
  const certificates = new Map([[certificate, versions]]);
  if (person === certificate) return { person, certificates };
  const others = source.certificatesOfPerson(person);
  if (others.length < 2) return { person, certificates };
  for (const other of others.filter((key) => key !== certificate)) {
    const known = source.versionsOf('officers', other);
    if (personOf(other, known) === person) certificates.set(other, known);
  }
  return { person, certificates: new Map([...certificates].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

export function personOf(certificate: string, versions: readonly Version<OfficerFacts>[]): string {
  return personOfCertificate(versions, Number.POSITIVE_INFINITY) ?? certificate;
}

/** Everything that a person's verdicts depend on. */
export function surroundingsOf(
  source: CoverageSource,
  certificates: ReadonlyMap<string, readonly Version<OfficerFacts>[]>,
): PersonSurroundings {
  const own = [...certificates.keys()].flatMap((certificate) => source.assignmentsOfOfficer(certificate));
  const serials = new Set(own.map(({ facts }) => facts.serial));
  const recorders = new Map<string, Version<RecorderFacts>[]>();
  const dockings = new Map<string, DockingFact[]>();
  const others: Version<AssignmentFacts>[] = [];
  for (const serial of serials) {
    recorders.set(serial, source.recorderVersions(serial));
    dockings.set(serial, source.dockingsOf(serial));
    for (const version of source.assignmentsOfRecorder(serial)) {
      if (!certificates.has(version.facts.certificateNo)) others.push(version);
    }
  }
  return {
    certificates: [...certificates.values()],
    recorders,
    own: bySubject(own),
    others: bySubject(others),
    dockings,
  };
}

function bySubject<F>(versions: readonly Version<F>[]): Version<F>[][] {
  if (versions.length < 2) return versions.map((version) => [version]);
  return [...Map.groupBy(versions, ({ key }) => key).values()].map((list) => [...list]);
}
