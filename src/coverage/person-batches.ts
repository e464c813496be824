/** People worked out some hundred at a time, for building a cache and for bringing it up to date. */
import {
  type PersonSpan,
  type PersonSurroundings,
  type PostNumber,
  type SpanTerms,
  spansOfPerson,
} from '../domain/coverage-spans.ts';
import { type CertificateVersions, type CoverageSource, surroundingsOf } from './coverage-source.ts';
import { gapStarts } from './gap-starts.ts';

export interface CacheTerms extends Omit<SpanTerms, 'first'> {
  /** Of everything but the registry that the cache depends on. */
  readonly digest: string;
}

/** Told now and then; it may throw to stop the work. */
export type BuildProgress = (done: number, total: number) => void;

/** People who are read and worked out at a time: few questions about many, and little memory. */
const batchSize = 500;

export interface DatedSpan extends PersonSpan {
  readonly since: Int32Array;
}

/** Each person's spans, in the order of the persons. */
export function* spansOf(
  source: CoverageSource,
  persons: readonly (readonly [person: string, certificates: CertificateVersions])[],
  terms: SpanTerms,
  posts: PostNumber,
): Generator<{ readonly person: string; readonly spans: DatedSpan[] }> {
  const around = surroundingsOf(
    source,
    persons.map(([, certificates]) => certificates),
  );
  for (const [at, [person]] of persons.entries()) {
    const spans = spansOfPerson(around[at] as PersonSurroundings, terms, posts);
    const starts = gapStarts(spans, terms.profiles.length);
    yield { person, spans: spans.map((span, index) => ({ ...span, since: starts[index] as Int32Array })) };
  }
}

export function* batches<T>(items: Iterable<T>): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
