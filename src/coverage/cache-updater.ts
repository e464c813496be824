/** Brings a cache up to date: people whom a change touches are worked out anew, and everything counted follows. */
import type { SpanTerms } from '../domain/coverage-spans.ts';
import { type CacheFile, codesOfText, type StoredSpan } from './cache-file.ts';
import { type CertificateVersions, type CoverageSource, firstDaysOf, personsBehind } from './coverage-source.ts';
import { yearOf } from './people-columns.ts';
import { type BuildProgress, batches, type CacheTerms, spansOf } from './person-batches.ts';
import { changesOf, chunkOf, type TalliedSpan } from './tallies.ts';

/**
 * Brings a cache up to the registry's state: only people whom a change touches, and the blocks they are or were in.
 * @returns false when so much changed that making it anew is quicker, or the days before the history moved
 */
export function updateCache(
  file: CacheFile,
  source: CoverageSource,
  terms: CacheTerms,
  progress: BuildProgress,
): boolean {
  return source.inOneState(() => {
    const head = file.head();
    if (head === undefined || head.digest !== terms.digest) return false;
    const before = JSON.parse(head.revision) as { readonly forgotten: number | null };
    const now = source.revision() as { readonly forgotten: number | null };
    const first = firstDaysOf(source);
    // What was lawfully forgotten must not stay in the file, and nothing says any more whose rows those were.
    if (before.forgotten !== now.forgotten || JSON.stringify(first) !== JSON.stringify(head.first)) return false;
    const persons = touchedPersons(file, source, source.changedSince(before));
    if (persons.size > Math.max(2_000, head.persons * rebuildShare)) return false;
    file.db.transaction(() => {
      const added = replacePersons({ file, source, terms: { ...terms, first }, persons, progress });
      const revision = JSON.stringify(now);
      file.writeHead({ ...head, revision, knownAt: source.knownAt(), persons: head.persons + added });
    })();
    return true;
  });
}

/** Over this share of all people, making everything anew is quicker. */
const rebuildShare = 0.25;

/** Everybody behind what changed, before and now; without certificates who is gone. */
function touchedPersons(
  file: CacheFile,
  source: CoverageSource,
  changed: { readonly certificates: ReadonlySet<string>; readonly serials: ReadonlySet<string> },
): Map<string, CertificateVersions> {
  const oldPerson = file.db.prepare('SELECT person FROM certificates WHERE certificate = ?').pluck();
  const oldCertificates = file.db.prepare('SELECT certificate FROM certificates WHERE person = ?').pluck();
  const persons = new Map<string, CertificateVersions>();
  const seen = new Set<string>();
  const holders = [...source.assignmentsOfRecorders(changed.serials).values()].flat();
  let next = new Set([...changed.certificates, ...holders.map(({ facts }) => facts.certificateNo)]);
  // A person whose certificate went to another one is touched, and so is everyone behind their other certificates.
  while (next.size > 0) {
    const asked = next;
    next = new Set();
    const before = [...asked].flatMap((certificate) => (oldPerson.get(certificate) as string | undefined) ?? []);
    for (const person of before) {
      for (const other of oldCertificates.all(person) as string[]) next.add(other);
      if (!persons.has(person)) persons.set(person, new Map());
    }
    for (const [person, certificates] of personsBehind(source, source.officerVersions(asked))) {
      persons.set(person, certificates);
      for (const other of certificates.keys()) next.add(other);
    }
    for (const certificate of asked) seen.add(certificate);
    next = next.difference(seen);
  }
  return persons;
}

interface Replacement {
  readonly file: CacheFile;
  readonly source: CoverageSource;
  readonly terms: SpanTerms;
  readonly persons: ReadonlyMap<string, CertificateVersions>;
  readonly progress: BuildProgress;
}

/** @returns by how many there are more people than before */
function replacePersons({ file, source, terms, persons, progress }: Replacement): number {
  const blocks = file.blocks();
  const posts = file.posts();
  const changes = new TallyChanges(terms.profiles.length + 1);
  const people = new PeopleChanges();
  const before = new Map<string, readonly StoredSpan[]>();
  const deleteCertificates = file.db.prepare('DELETE FROM certificates WHERE person = ?');
  const insertCertificate = file.db.prepare('INSERT OR REPLACE INTO certificates VALUES (?, ?)');
  let added = 0;
  let done = 0;
  for (const person of persons.keys()) {
    const spans = file.takeSpans(person);
    before.set(person, spans);
    for (const span of spans) changes.add(span, -1);
    if (deleteCertificates.run(person).changes > 0) added -= 1;
  }
  const staying = [...persons].filter(([, certificates]) => certificates.size > 0);
  for (const batch of batches(staying)) {
    progress(done, persons.size);
    done += batch.length;
    added += batch.length;
    for (const [person, certificates] of batch) {
      for (const certificate of certificates.keys()) insertCertificate.run(certificate, person);
    }
    for (const { person, spans } of spansOf(source, batch, terms, posts)) {
      const stored = spans.map((span) => file.addSpan(person, span, blocks));
      for (const span of stored) changes.add(span, 1);
      people.add(before.get(person) ?? [], stored);
      before.delete(person);
    }
  }
  for (const spans of before.values()) people.add(spans, []);
  changes.writeTo(file);
  people.writeTo(file, terms.profiles.length);
  progress(persons.size, persons.size);
  return added;
}

/** What people's spans change in the tallies: what goes and comes again is nothing. */
class TallyChanges {
  readonly #columns: number;
  readonly #byPlace = new Map<string, Map<number, number>>();

  constructor(columns: number) {
    this.#columns = columns;
  }

  add({ unitBlock, certificateBlock, nameBlock, from, until, codes }: StoredSpan, by: 1 | -1): void {
    const span: Omit<TalliedSpan, 'block'> = { from, until, codes: codesOfText(codes) };
    for (const block of [unitBlock, certificateBlock, nameBlock]) {
      for (let column = 0; column < this.#columns; column += 1) {
        const place = `${column} ${chunkOf(block)}`;
        const known = this.#byPlace.get(place) ?? new Map<number, number>();
        this.#byPlace.set(place, known);
        for (const change of changesOf({ ...span, block }, column, by)) count(known, change);
      }
    }
  }

  writeTo(file: CacheFile): void {
    for (const [place, known] of this.#byPlace) {
      const [column, chunk] = place.split(' ').map(Number) as [number, number];
      const changes = [...known].flatMap(([change, times]) => Array.from({ length: times }, () => change));
      if (changes.length > 0) file.changeTallies(column, chunk, changes);
    }
  }
}

/** Blocks of units in which somebody is otherwise than before, with the first year of it. */
class PeopleChanges {
  readonly #years = new Map<number, number>();

  /** All spans of one person, before and after, the earliest first. */
  add(before: readonly StoredSpan[], after: readonly StoredSpan[]): void {
    const day = firstDifference(before, after);
    if (day === undefined) return;
    for (const { unitBlock, from, until } of [...before, ...after]) {
      if (until <= day) continue;
      const year = yearOf(Math.max(from, day));
      this.#years.set(unitBlock, Math.min(year, this.#years.get(unitBlock) ?? year));
    }
  }

  writeTo(file: CacheFile, profiles: number): void {
    for (const [block, year] of this.#years) file.changePeople(block, profiles, year);
  }
}

/** The first day from which the two are not the same; undefined when they are. */
function firstDifference(before: readonly StoredSpan[], after: readonly StoredSpan[]): number | undefined {
  for (let at = 0; at < Math.max(before.length, after.length); at += 1) {
    const [old, next] = [before[at], after[at]];
    if (old === undefined || next === undefined) return (old ?? next)?.from;
    if (old.from !== next.from || signature(old) !== signature(next)) return Math.min(old.from, next.from);
    if (old.until !== next.until) return Math.min(old.until, next.until);
  }
  return undefined;
}

const signature = ({ unitBlock, certificateBlock, nameBlock, codes, since }: StoredSpan): string =>
  `${unitBlock} ${certificateBlock} ${nameBlock} ${since.join(' ')} ${codes}`;

/** One more of a change, or one less of its opposite. */
function count(known: Map<number, number>, change: number): void {
  const opposite = change % 2 === 1 ? change - 1 : change + 1;
  const against = known.get(opposite) ?? 0;
  if (against > 1) known.set(opposite, against - 1);
  else if (against === 1) known.delete(opposite);
  else known.set(change, (known.get(change) ?? 0) + 1);
}
