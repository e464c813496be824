/** Brings a cache up to date: people whom a change touches are worked out anew, and the tallies follow what changed. */
import type { SpanTerms } from '../domain/coverage-spans.ts';
import type { CacheFile } from './cache-file.ts';
import { type CertificateVersions, type CoverageSource, firstDaysOf, personsBehind } from './coverage-source.ts';
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
  const deleteCertificates = file.db.prepare('DELETE FROM certificates WHERE person = ?');
  const insertCertificate = file.db.prepare('INSERT OR REPLACE INTO certificates VALUES (?, ?)');
  let added = 0;
  let done = 0;
  for (const person of persons.keys()) {
    for (const span of file.takeSpans(person)) changes.add(span, -1);
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
      for (const span of spans) changes.add({ ...span, ...file.addSpan(person, span, blocks), codes: span.codes }, 1);
    }
  }
  changes.writeTo(file);
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

  add(span: Omit<TalliedSpan, 'block'> & { unitBlock: number; certificateBlock: number }, by: 1 | -1): void {
    for (const block of [span.unitBlock, span.certificateBlock]) {
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

/** One more of a change, or one less of its opposite. */
function count(known: Map<number, number>, change: number): void {
  const opposite = change % 2 === 1 ? change - 1 : change + 1;
  const against = known.get(opposite) ?? 0;
  if (against > 1) known.set(opposite, against - 1);
  else if (against === 1) known.delete(opposite);
  else known.set(change, (known.get(change) ?? 0) + 1);
}
