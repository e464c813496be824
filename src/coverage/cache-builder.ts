/**
 * Fills a new cache file: everybody's spans, one person after the other, then the tallies of every block and the people
 * of every unit's, then the indexes. It reads one state of the registry from beginning to end.
 */
import type { SpanTerms } from '../domain/coverage-spans.ts';
import { Blocks, drawBlocks, nameKey } from './cache-blocks.ts';
import { CacheFile } from './cache-file.ts';
import {
  type CertificateVersions,
  type CoverageSource,
  firstDaysOf,
  personOf,
  personsBehind,
} from './coverage-source.ts';
import { peopleRows } from './people-columns.ts';
import { type BuildProgress, batches, type CacheTerms, spansOf } from './person-batches.ts';
import { type ChunkSpan, SpanColumns } from './span-columns.ts';
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
  const total = addBlocks(file, source, blocks);
  const profiles = terms.profiles.length;
  const spans = new SpanColumns(profiles);
  const persons = addEverybody({ file, source, terms: { ...terms, first }, blocks, spans }, (done) =>
    progress(done, total),
  );
  for (const { chunk, list } of spans.byChunk()) {
    for (const [block, inside] of Map.groupBy(
      list.filter(({ isByUnit }) => isByUnit),
      (one) => one.block,
    )) {
      file.writePeople(
        block,
        peopleRows(
          inside.map((one) => spans.placed(one.span)),
          profiles,
        ),
      );
    }
    for (let column = 0; column <= profiles; column += 1) {
      file.writeTallies(column, chunk, changesIn(list, column));
    }
  }
  const revision = JSON.stringify(source.revision());
  file.writeHead({ digest: terms.digest, revision, knownAt: source.knownAt(), first, persons });
  progress(total, total);
}

/** Draws the blocks of every order. @returns how many certificates there are */
function addBlocks(file: CacheFile, source: CoverageSource, blocks: Blocks): number {
  const certificates: string[] = [];
  const names: string[] = [];
  for (const block of drawBlocks(noting(source.places(), certificates, names))) {
    blocks.add(file.addBlock({ ordering: 0, ...block }));
  }
  for (const [ordering, keys] of [
    [1, certificates],
    [2, names],
  ] as const) {
    keys.sort();
    for (const block of drawBlocks(ofNoUnit(keys))) blocks.add(file.addBlock({ ordering, ...block }));
  }
  return countDistinct(certificates);
}

function* changesIn(list: readonly ChunkSpan[], column: number): Generator<number> {
  for (const span of list) yield* changesOf(span, column, 1);
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
      for (const span of found) spans.add(file.addSpan(person, span, blocks));
    }
  }
  return persons;
}

const leastOf = (certificates: CertificateVersions): string => certificates.keys().next().value as string;

function* noting(places: ReturnType<CoverageSource['places']>, certificates: string[], names: string[]) {
  for (const { unit, certificate, name } of places) {
    certificates.push(certificate);
    names.push(nameKey(name, certificate));
    yield { unit, key: certificate };
  }
}

function* ofNoUnit(sorted: readonly string[]): Generator<{ unit: string; key: string }> {
  let last: string | undefined;
  for (const key of sorted) {
    if (key !== last) yield { unit: '', key };
    last = key;
  }
}

/** Of a sorted list: a certificate that moved stands in it once for each unit. */
function countDistinct(sorted: readonly string[]): number {
  return sorted.reduce((count, value, at) => (value === sorted[at - 1] ? count : count + 1), 0);
}
