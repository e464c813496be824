/**
 * Coverage by asking the policy about everybody at once: what needs each verdict, and every older state of knowledge.
 * A large roster is looked through in a thread of its own, with progress, so that the station goes on answering.
 */
import { Worker } from 'node:worker_threads';
import type { CacheReader } from '../coverage/cache-reader.ts';
import { type DatedCoverage, factsOfDay } from '../domain/coverage-as-of.ts';
import { holdingsOn } from '../domain/coverage-holders.ts';
import { coverage, coverageOfUnits } from '../domain/coverage-policy.ts';
import type { CoverageProfile } from '../domain/coverage-profile.ts';
import type { CoverageWaiting } from '../domain/coverage-questions.ts';
import { dockingUse } from '../domain/coverage-use.ts';
import type { OfficerVerdict } from '../domain/coverage-verdict.ts';
import { dayNumber } from '../domain/day-number.ts';
import type { CalendarDate, RecorderFacts } from '../domain/people-facts.ts';
import type { CoverageQueries } from '../registry/coverage-queries.ts';
import type { PeopleQueries } from '../registry/people-queries.ts';
import type { Registry } from '../registry/registry.ts';
import { type GapStartsAsked, gapStarts } from './coverage-gap-starts.ts';
import {
  type CoverageProduct,
  type CoverageProducts,
  gapDates,
  makeProduct,
  type ProductKind,
} from './coverage-products.ts';
import { receiveSliced } from './sliced-answer.ts';

/** With at most so many versions it takes less than a thread takes to begin, and holds nobody up. */
const versionsInline = 4_000;

export interface ScanQuestion {
  readonly profile: CoverageProfile;
  readonly asOf: CalendarDate;
  readonly knownAt: number;
  readonly unit: { readonly name: string; readonly below: ReadonlySet<string> } | null;
  readonly withRecorders: boolean;
  /** An older state of knowledge was asked for by name: then it is said what came after it. */
  readonly saysCorrections: boolean;
}

export interface ScannedCoverage extends DatedCoverage {
  readonly knownAt: number;
  readonly recorders: readonly RecorderFacts[];
  readonly holders: ReadonlyMap<string, string>;
}

/** The cache as a scan asks it. */
export interface CacheOfScan {
  readonly reader: CacheReader;
  readonly path: string;
  /** Index of the profile. */
  readonly profile: number;
}

export interface ScanWork {
  readonly question: ScanQuestion;
  readonly product: CoverageProduct;
  readonly cache: Omit<CacheOfScan, 'reader'> | null;
  readonly registryFile: string;
  readonly useDays: number;
  readonly timeZone: string;
}

/** Reading is most of the work: each list is a step. */
const steps = 5;

export function scanCoverage(
  { profile, asOf, knownAt, unit, withRecorders }: ScanQuestion,
  from: { readonly people: PeopleQueries; readonly source: CoverageQueries; readonly useDays: number },
  progress: (done: number, total: number) => void,
): ScannedCoverage {
  let done = 0;
  const step = <T>(result: T): T => {
    done += 1;
    progress(done, steps);
    return result;
  };
  const history = {
    officers: step(from.people.versions('officers')),
    recorders: step(from.people.versions('recorders')),
    assignments: step(from.people.versions('assignments')),
  };
  const dockings = step(dockingUse(from.useDays, from.source.dockings(knownAt)));
  const { bases, ...facts } = factsOfDay(history, asOf, knownAt);
  const whole = coverage({ profile, ...facts, dockings });
  const answer = unit === null ? whole : coverageOfUnits(whole, unit.name, unit.below);
  const holders = new Map<string, string>();
  if (withRecorders) {
    for (const { serial, holder } of holdingsOn(facts).recorders.values()) {
      if (holder !== null) holders.set(serial, holder.certificateNo);
    }
  }
  return step({ answer, bases, knownAt, recorders: withRecorders ? facts.recorders : [], holders });
}

export const sinceQuestion = (
  { asOf, unit }: ScanQuestion,
  { profile }: Pick<CacheOfScan, 'profile'>,
): Parameters<typeof gapDates>[1] => ({ profile, day: dayNumber(asOf), units: unit?.below ?? null });

export function startsThen(
  { profile, asOf, knownAt }: ScanQuestion,
  of: Pick<GapStartsAsked, 'source' | 'useDays' | 'verdicts'>,
  waiting: CoverageWaiting,
): Promise<Map<string, CalendarDate>> {
  return gapStarts({ ...of, source: of.source.asKnownAt(knownAt), profile, asOf }, waiting);
}

export const correctionsOf = (
  { saysCorrections, asOf, knownAt }: ScanQuestion,
  source: CoverageQueries,
): Readonly<Record<string, number>> | undefined => (saysCorrections ? source.laterVersions(asOf, knownAt) : undefined);

export interface ScanParts {
  readonly source: CoverageQueries;
  readonly registry: Registry;
  readonly registryFile: string;
  readonly useDays: number;
  readonly timeZone: string;
}

export class CoverageScan {
  readonly #parts: ScanParts;
  readonly #workers = new Set<Worker>();

  constructor(parts: ScanParts) {
    this.#parts = parts;
  }

  /** `cache`: for products that say since when; null for an older state of knowledge, of which it is worked out. */
  async make<K extends ProductKind>(
    question: ScanQuestion,
    product: CoverageProducts[K]['asked'],
    cache: CacheOfScan | null,
    waiting: CoverageWaiting = {},
  ): Promise<CoverageProducts[K]['answer']> {
    const { source, registry, registryFile, useDays, timeZone } = this.#parts;
    const { onProgress = () => undefined, signal } = waiting;
    if (source.versionCount() <= versionsInline) {
      const from = { people: registry.people, source, useDays };
      const scanned = scanCoverage(question, from, onProgress);
      const facts = {
        scanned,
        startsOf: async (verdicts: readonly OfficerVerdict[]) =>
          cache === null
            ? startsThen(question, { source, useDays, verdicts }, waiting)
            : gapDates(cache.reader, sinceQuestion(question, cache)),
        correctionsSince: correctionsOf(question, source),
      };
      return makeProduct(product, facts) as Promise<CoverageProducts[K]['answer']>;
    }
    const work: ScanWork = {
      question,
      product,
      cache: cache && { path: cache.path, profile: cache.profile },
      registryFile,
      useDays,
      timeZone,
    };
    const worker = new Worker(new URL('./coverage-scan-thread.ts', import.meta.url), { workerData: work });
    this.#workers.add(worker);
    try {
      return await receiveSliced(worker, { onProgress, signal });
    } finally {
      this.#workers.delete(worker);
      void worker.terminate();
    }
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#workers, (worker) => worker.terminate()));
  }
}
