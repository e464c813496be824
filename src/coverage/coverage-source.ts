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
  /** Every unit, certificate and name that ever stood together in a roster, by unit, then certificate. */
  places(): Iterable<{ readonly unit: string; readonly certificate: string; readonly name: string }>;
  certificates(): Iterable<{ readonly certificate: string; readonly versions: Version<OfficerFacts>[] }>;
  /** Each of these is asked about many at once; who has none is absent. */
  officerVersions(certificates: Iterable<string>): Map<string, Version<OfficerFacts>[]>;
  recorderVersions(serials: Iterable<string>): Map<string, Version<RecorderFacts>[]>;
  assignmentsOfOfficers(certificates: Iterable<string>): Map<string, Version<AssignmentFacts>[]>;
  assignmentsOfRecorders(serials: Iterable<string>): Map<string, Version<AssignmentFacts>[]>;
  /** Oldest first. */
  dockingsOf(serials: Iterable<string>): Map<string, DockingFact[]>;
  /** Certificates to which any roster gives the person. */
  certificatesOfPersons(persons: Iterable<string>): Map<string, string[]>;
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

export type CertificateVersions = ReadonlyMap<string, readonly Version<OfficerFacts>[]>;

/** Who the certificates belong to now: each person with every certificate of theirs, in order. */
export function personsBehind(source: CoverageSource, known: CertificateVersions): Map<string, CertificateVersions> {
  const persons = new Map<string, Map<string, readonly Version<OfficerFacts>[]>>();
  for (const [certificate, versions] of known) {
    if (versions.length > 0) persons.set(personOf(certificate, versions), new Map());
  }
  const named = source.certificatesOfPersons(persons.keys());
  const missing = new Set([...named.values()].flat().filter((certificate) => !known.has(certificate)));
  for (const certificates of [known, source.officerVersions(missing)]) {
    for (const [certificate, versions] of certificates) {
      if (versions.length > 0) persons.get(personOf(certificate, versions))?.set(certificate, versions);
    }
  }
  for (const [person, certificates] of persons) {
    if (certificates.size < 2) continue;
    persons.set(person, new Map([...certificates].sort(([a], [b]) => (a < b ? -1 : 1))));
  }
  return persons;
}

export function personOf(certificate: string, versions: readonly Version<OfficerFacts>[]): string {
  return personOfCertificate(versions, Number.POSITIVE_INFINITY) ?? certificate;
}

/** Everything that the verdicts of each person depend on, in their order. */
export function surroundingsOf(source: CoverageSource, persons: readonly CertificateVersions[]): PersonSurroundings[] {
  const own = source.assignmentsOfOfficers(persons.flatMap((certificates) => [...certificates.keys()]));
  const serials = new Set<string>();
  for (const versions of own.values()) for (const { facts } of versions) serials.add(facts.serial);
  const recorders = source.recorderVersions(serials);
  const dockings = source.dockingsOf(serials);
  const holders = source.assignmentsOfRecorders(serials);
  return persons.map((certificates) => {
    const assignments = [...certificates.keys()].flatMap((certificate) => own.get(certificate) ?? []);
    const around = new Set(assignments.map(({ facts }) => facts.serial));
    const others = [...around].flatMap((serial) =>
      (holders.get(serial) ?? []).filter(({ facts }) => !certificates.has(facts.certificateNo)),
    );
    return {
      certificates: [...certificates.values()],
      recorders: only(recorders, around),
      own: bySubject(assignments),
      others: bySubject(others),
      dockings: only(dockings, around),
    };
  });
}

function only<V>(all: ReadonlyMap<string, V>, keys: ReadonlySet<string>): Map<string, V> {
  const some = new Map<string, V>();
  for (const key of keys) {
    const value = all.get(key);
    if (value !== undefined) some.set(key, value);
  }
  return some;
}

function bySubject<F>(versions: readonly Version<F>[]): Version<F>[][] {
  if (versions.length < 2) return versions.map((version) => [version]);
  return [...Map.groupBy(versions, ({ key }) => key).values()].map((list) => [...list]);
}
