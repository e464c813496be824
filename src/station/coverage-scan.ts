/**
 * Coverage by asking the policy about everybody at once: what needs each verdict, and every older state of knowledge.
 * Where some units are asked about and a cache says who is in them, only these people and whoever was ever given one of
 * their recorders are looked at. A large roster is looked through in a thread of its own, with progress, so that the station goes on answering.
 */
import { Worker } from 'node:worker_threads';
import type { CacheFile } from '../coverage/cache-file.ts';
import { CacheReader } from '../coverage/cache-reader.ts';
import { partOfHistory } from '../coverage/part-of-history.ts';
import { type DatedCoverage, factsOfDay, type PeopleHistory } from '../domain/coverage-as-of.ts';
import { verdictCodes } from '../domain/coverage-codes.ts';
import { holdingsOn } from '../domain/coverage-holders.ts';
import { coverage, coverageOfUnits } from '../domain/coverage-policy.ts';
import type { CoverageProfile } from '../domain/coverage-profile.ts';
import type { CoverageWaiting } from '../domain/coverage-questions.ts';
import { type DockingUse, dockingUse } from '../domain/coverage-use.ts';
import type { OfficerVerdict } from '../domain/coverage-verdict.ts';
import { dayNumber } from '../domain/day-number.ts';
import { type CalendarDate, compareText, type RecorderFacts } from '../domain/people-facts.ts';
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
  /** By serial: to whom the first assignment that is still to begin gives it. */
  readonly promised: ReadonlyMap<string, string>;
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
/** Asking about a larger part of all people takes longer than asking about all of them. */
const largestPart = 0.25;
const everyCode: ReadonlySet<number> = new Set(verdictCodes.keys());

/** What is asked; `source` and `people` are of one state of the registry. */
export interface ScanFrom {
  readonly people: PeopleQueries;
  readonly source: CoverageQueries;
  readonly useDays: number;
}

/** `members`: certificates of everybody in the units that are asked about, where that is known. */
export function scanCoverage(
  question: ScanQuestion,
  from: ScanFrom,
  progress: (done: number, total: number) => void,
  members: ReadonlySet<string> | null = null,
): ScannedCoverage {
  if (members !== null) {
    const { history, dockings } = partOfHistory(from.source, members);
    const part = judged(question, history, dockingUse(from.useDays, dockings));
    const { verdicts } = part.answer;
    // Else it was no cache of this registry: everybody is asked about.
    if (verdicts.length === members.size && verdicts.every(({ certificateNo }) => members.has(certificateNo))) {
      progress(steps, steps);
      return part;
    }
  }
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
  const dockings = step(dockingUse(from.useDays, from.source.dockings(question.knownAt)));
  return step(judged(question, history, dockings));
}

function judged(
  { profile, asOf, knownAt, unit, withRecorders }: ScanQuestion,
  history: PeopleHistory,
  dockings: DockingUse,
): ScannedCoverage {
  const { bases, ...facts } = factsOfDay(history, asOf, knownAt);
  const whole = coverage({ profile, ...facts, dockings });
  const answer = unit === null ? whole : coverageOfUnits(whole, unit.name, unit.below);
  const holders = new Map<string, string>();
  const promised = new Map<string, string>();
  if (withRecorders) {
    const { recorders, upcoming } = holdingsOn(facts);
    for (const { serial, holder } of recorders.values()) {
      if (holder !== null) holders.set(serial, holder.certificateNo);
    }
    for (const { serial, certificateNo } of [...upcoming.values()].flat().sort((a, b) => compareText(a.from, b.from))) {
      if (!promised.has(serial)) promised.set(serial, certificateNo);
    }
  }
  return { answer, bases, knownAt, recorders: withRecorders ? facts.recorders : [], holders, promised };
}

/** Null: the cache does not know what is asked, or looking at everybody is as quick. */
export function membersIn(
  file: CacheFile,
  question: ScanQuestion,
  of: Pick<CacheOfScan, 'profile'> & { readonly source: CoverageQueries },
): ReadonlySet<string> | null {
  // Idle recorders and their holders may be anywhere.
  if (question.unit === null || question.withRecorders) return null;
  return file.db
    .transaction(() => {
      const head = file.head();
      if (head?.revision !== JSON.stringify(of.source.revision()) || head.knownAt > question.knownAt) return null;
      const members = new Set<string>();
      for (const people of new CacheReader(file).people({ ...sinceQuestion(question, of), group: everyCode })) {
        for (const { certificate } of people) members.add(certificate);
        if (members.size > head.persons * largestPart) return null;
      }
      return members;
    })
    .deferred();
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

  /** `cache`: says who is in a unit, and since when gaps are open; null for an older state of knowledge. */
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
