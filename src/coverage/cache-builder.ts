/**
 * Fills a new cache file: everybody's spans, one person after the other, then the tallies of every block, then the
 * indexes. It reads one state of the registry from beginning to end.
 */
import type { SpanTerms } from '../domain/coverage-spans.ts';
import { Blocks, drawBlocks } from './cache-blocks.ts';
import { CacheFile } from './cache-file.ts';
import {
  type CertificateVersions,
  type CoverageSource,
  firstDaysOf,
  personOf,
  personsBehind,
} from './coverage-source.ts';
import { type BuildProgress, batches, type CacheTerms, spansOf } from './person-batches.ts';
import { SpanColumns } from './span-columns.ts';
import { changesOf } from './tallies.ts';

export function buildCache(path: string, source: CoverageSource, terms: CacheTerms, progress: BuildProgress): void {
  const file = CacheFile.create(path);
  try {
    source.inOneState(() => {
      file.db.exec('BEGIN');
      fill(file, source, terms, progress);
      file.db.exec('COMMIT');
    });
    file.makeIndexes();
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
  const persons = addEverybody({ file, source, terms: { ...terms, first }, blocks, spans }, (done) =>
    progress(done, total),
  );
  for (const { chunk, list } of spans.byChunk()) {
    for (let column = 0; column <= terms.profiles.length; column += 1) {
      file.writeTallies(
        column,
        chunk,
        list.flatMap((span) => [...changesOf(span, column, 1)]),
      );
    }
  }
  const revision = JSON.stringify(source.revision());
  file.writeHead({ digest: terms.digest, revision, knownAt: source.knownAt(), first, persons });
  progress(total, total);
}

interface Filling {
  readonly file: CacheFile;
  readonly source: CoverageSource;
  readonly terms: SpanTerms;
  readonly blocks: Blocks;
  readonly spans: SpanColumns;
}

/** @returns how many people there are */
function addEverybody({ file, source, terms, blocks, spans }: Filling, progress: (done: number) => void): number {
  const insertCertificate = file.db.prepare('INSERT INTO certificates VALUES (?, ?)');
  const posts = file.posts();
  let persons = 0;
  let done = 0;
  for (const batch of batches(source.certificates())) {
    progress(done);
    done += batch.length;
    const known = new Map(batch.map(({ certificate, versions }) => [certificate, versions]));
    for (const { certificate, versions } of batch) insertCertificate.run(certificate, personOf(certificate, versions));
    // Somebody with several certificates comes with the least of them.
    const beginning = [...personsBehind(source, known)].filter(([, certificates]) => known.has(leastOf(certificates)));
    persons += beginning.length;
    for (const { person, spans: found } of spansOf(source, beginning, terms, posts)) {
      for (const span of found) {
        const { unitBlock, certificateBlock, codes } = file.addSpan(person, span, blocks);
        spans.add({ unitBlock, certificateBlock, from: span.from, until: span.until, codes });
      }
    }
  }
  return persons;
}

const leastOf = (certificates: CertificateVersions): string => certificates.keys().next().value as string;

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
