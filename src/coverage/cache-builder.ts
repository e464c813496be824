/**
 * Fills a new cache file: everybody's spans, one person after the other, then the tallies of every block, then the
 * indexes. It reads one state of the registry from beginning to end.
 */
import { type SpanTerms, spansOfPerson } from '../domain/coverage-spans.ts';
import { Blocks, drawBlocks } from './cache-blocks.ts';
import { CacheFile, codesOfText } from './cache-file.ts';
import { type CoverageSource, firstDaysOf, personBehind, surroundingsOf } from './coverage-source.ts';
import type { TalliedSpan } from './tallies.ts';

export interface CacheTerms extends Omit<SpanTerms, 'first'> {
  /** Of everything but the registry that the cache depends on. */
  readonly digest: string;
}

/** Told now and then; it may throw to stop the work. */
export type BuildProgress = (done: number, total: number) => void;

const progressEvery = 1_000;

export function buildCache(path: string, source: CoverageSource, terms: CacheTerms, progress: BuildProgress): void {
  const file = CacheFile.create(path);
  try {
    source.inOneState(() => {
      file.db.exec('BEGIN');
      fill(file, source, terms, progress);
      file.db.exec('COMMIT');
    });
    file.makeIndexes();
    file.db.exec('ANALYZE');
  } finally {
    file.close();
  }
}

function fill(file: CacheFile, source: CoverageSource, terms: CacheTerms, progress: BuildProgress): void {
  const first = firstDaysOf(source);
  const blocks = new Blocks([]);
  const certificates: string[] = [];
  for (const block of drawBlocks(noting(source.unitsAndCertificates(), certificates))) {
    blocks.add(file.addBlock({ ordering: 0, ...block }));
  }
  certificates.sort();
  for (const block of drawBlocks(ofNoUnit(certificates))) blocks.add(file.addBlock({ ordering: 1, ...block }));
  const total = countDistinct(certificates);
  const spans = new SpanColumns();
  const insertCertificate = file.db.prepare('INSERT INTO certificates VALUES (?, ?)');
  const posts = file.posts();
  let persons = 0;
  let done = 0;
  for (const { certificate, versions } of source.certificates()) {
    if (done % progressEvery === 0) progress(done, total);
    done += 1;
    const behind = personBehind(source, certificate, versions);
    insertCertificate.run(certificate, behind.person);
    const [least] = behind.certificates.keys();
    if (certificate !== least) continue;
    persons += 1;
    const around = surroundingsOf(source, behind.certificates);
    for (const span of spansOfPerson(around, { ...terms, first }, posts)) {
      const { unitBlock, certificateBlock, codes } = file.addSpan(behind.person, span, blocks);
      spans.add({ unitBlock, certificateBlock, from: span.from, until: span.until, codes });
    }
  }
  for (const ordering of [0, 1] as const) {
    for (const { block, list } of spans.byBlock(ordering)) file.writeTallies(block, list, terms.profiles.length + 1);
  }
  const revision = JSON.stringify(source.revision());
  file.writeHead({ digest: terms.digest, revision, knownAt: source.knownAt(), first, persons });
  progress(total, total);
}

function* noting(pairs: Iterable<{ unit: string; certificate: string }>, certificates: string[]) {
  for (const pair of pairs) {
    certificates.push(pair.certificate);
    yield pair;
  }
}

function* ofNoUnit(sorted: readonly string[]): Generator<{ unit: string; certificate: string }> {
  let last: string | undefined;
  for (const certificate of sorted) {
    if (certificate !== last) yield { unit: '', certificate };
    last = certificate;
  }
}

/** Of a sorted list: a certificate that moved stands in it once for each unit. */
function countDistinct(sorted: readonly string[]): number {
  return sorted.reduce((count, value, at) => (value === sorted[at - 1] ? count : count + 1), 0);
}

/** Millions of spans as columns of numbers, until they are counted by block. */
class SpanColumns {
  #rows = new Int32Array(5 * 4096);
  #length = 0;
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  add(span: { unitBlock: number; certificateBlock: number; from: number; until: number; codes: string }): void {
    if (this.#length * 5 === this.#rows.length) {
      const larger = new Int32Array(this.#rows.length * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    let text = this.#numbers.get(span.codes);
    if (text === undefined) {
      text = this.#texts.push(span.codes) - 1;
      this.#numbers.set(span.codes, text);
    }
    this.#rows.set([span.unitBlock, span.certificateBlock, span.from, span.until, text], this.#length * 5);
    this.#length += 1;
  }

  *byBlock(ordering: 0 | 1): Generator<{ block: number; list: TalliedSpan[] }> {
    const rows = this.#rows;
    const codes = this.#texts.map(codesOfText);
    const order = new Uint32Array(this.#length);
    for (let row = 0; row < this.#length; row += 1) order[row] = row;
    const blockOf = (row: number): number => rows[row * 5 + ordering] as number;
    order.sort((a, b) => blockOf(a) - blockOf(b));
    let list: TalliedSpan[] = [];
    for (const [index, row] of order.entries()) {
      const at = row * 5;
      list.push({
        from: rows[at + 2] as number,
        until: rows[at + 3] as number,
        codes: codes[rows[at + 4] as number] as number[],
      });
      const next = order[index + 1];
      if (next === undefined || blockOf(next) !== blockOf(row)) {
        yield { block: blockOf(row), list };
        list = [];
      }
    }
  }
}

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

interface Touched {
  /** Every certificate of the person now; empty for one that is gone. */
  readonly certificates: ReturnType<typeof personBehind>['certificates'];
}

function touchedPersons(
  file: CacheFile,
  source: CoverageSource,
  changed: { readonly certificates: ReadonlySet<string>; readonly serials: ReadonlySet<string> },
): Map<string, Touched> {
  const certificates = new Set(changed.certificates);
  for (const serial of changed.serials) {
    for (const { facts } of source.assignmentsOfRecorder(serial)) certificates.add(facts.certificateNo);
  }
  const oldPerson = file.db.prepare('SELECT person FROM certificates WHERE certificate = ?').pluck();
  const oldCertificates = file.db.prepare('SELECT certificate FROM certificates WHERE person = ?').pluck();
  const persons = new Map<string, Touched>();
  // A person whose certificate went to another one is touched, and so is everyone behind their other certificates.
  for (const certificate of certificates) {
    const old = oldPerson.get(certificate) as string | undefined;
    if (old !== undefined) for (const other of oldCertificates.all(old) as string[]) certificates.add(other);
    if (old !== undefined && !persons.has(old)) persons.set(old, { certificates: new Map() });
    const versions = source.versionsOf('officers', certificate);
    if (versions.length === 0) continue;
    const behind = personBehind(source, certificate, versions);
    for (const other of behind.certificates.keys()) certificates.add(other);
    persons.set(behind.person, behind);
  }
  return persons;
}

interface Replacement {
  readonly file: CacheFile;
  readonly source: CoverageSource;
  readonly terms: SpanTerms;
  readonly persons: ReadonlyMap<string, Touched>;
  readonly progress: BuildProgress;
}

/** @returns by how many there are more people than before */
function replacePersons({ file, source, terms, persons, progress }: Replacement): number {
  const { db } = file;
  const blocks = file.blocks();
  const posts = file.posts();
  const touched: readonly [Set<number>, Set<number>] = [new Set(), new Set()];
  const oldSpans = db.prepare('SELECT unit_block AS unit, certificate_block AS other FROM spans WHERE person = ?');
  const deleteSpans = db.prepare('DELETE FROM spans WHERE person = ?');
  const deleteCertificates = db.prepare('DELETE FROM certificates WHERE person = ?');
  const insertCertificate = db.prepare('INSERT OR REPLACE INTO certificates VALUES (?, ?)');
  let added = 0;
  let done = 0;
  for (const person of persons.keys()) {
    for (const { unit, other } of oldSpans.all(person) as { unit: number; other: number }[]) {
      touched[0].add(unit);
      touched[1].add(other);
    }
    deleteSpans.run(person);
    if (deleteCertificates.run(person).changes > 0) added -= 1;
  }
  for (const [person, { certificates }] of persons) {
    if (done % progressEvery === 0) progress(done, persons.size);
    done += 1;
    if (certificates.size === 0) continue;
    added += 1;
    for (const certificate of certificates.keys()) insertCertificate.run(certificate, person);
    for (const span of spansOfPerson(surroundingsOf(source, certificates), terms, posts)) {
      const { unitBlock, certificateBlock } = file.addSpan(person, span, blocks);
      touched[0].add(unitBlock);
      touched[1].add(certificateBlock);
    }
  }
  for (const ordering of [0, 1] as const) {
    for (const block of touched[ordering]) file.retally(block, ordering, terms.profiles.length + 1);
  }
  progress(persons.size, persons.size);
  return added;
}
