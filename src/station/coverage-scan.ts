/**
 * Coverage by asking the policy about everybody at once: what needs each verdict, and every older state of knowledge.
 * A large roster is looked through in a thread of its own, with progress, so that the station goes on answering.
 */
import { Worker } from 'node:worker_threads';
import { type DatedCoverage, factsOfDay } from '../domain/coverage-as-of.ts';
import { codeOf, verdictCodes } from '../domain/coverage-codes.ts';
import { holdingsOn } from '../domain/coverage-holders.ts';
import { coverage, coverageOfUnits } from '../domain/coverage-policy.ts';
import type { CoverageProfile } from '../domain/coverage-profile.ts';
import type {
  CaseWithoutRecording,
  CoverageAsked,
  CoverageList,
  CoverageListAsked,
  CoverageWaiting,
} from '../domain/coverage-questions.ts';
import { type StockAnswer, stockOf } from '../domain/coverage-stock.ts';
import { dockingUse } from '../domain/coverage-use.ts';
import type { OfficerVerdict } from '../domain/coverage-verdict.ts';
import { addDays } from '../domain/day-number.ts';
import { versionsAsOf } from '../domain/history.ts';
import { type CalendarDate, compareText, type RecorderFacts, unitKeyOf } from '../domain/people-facts.ts';
import type { UnitTree } from '../domain/unit-tree.ts';
import type { ClipLinker } from '../linking/clip-linker.ts';
import type { CoverageQueries } from '../registry/coverage-queries.ts';
import type { PeopleQueries } from '../registry/people-queries.ts';
import type { Registry } from '../registry/registry.ts';
import { isWanted } from './coverage-list-groups.ts';
import { type UnitNames, unitKeysOf } from './coverage-units.ts';

/** With at most so many versions it takes less than a thread takes to begin. */
const versionsInline = 40_000;

export interface ScanQuestion {
  readonly profile: CoverageProfile;
  readonly asOf: CalendarDate;
  readonly knownAt: number;
  readonly unit: { readonly name: string; readonly below: ReadonlySet<string> } | null;
  /** `stock` adds the recorders of the day and who holds which. */
  readonly parts: 'verdicts' | 'stock';
}

export interface ScannedCoverage extends DatedCoverage {
  readonly knownAt: number;
  readonly recorders: readonly RecorderFacts[];
  readonly holders: ReadonlyMap<string, string>;
}

export interface ScanWork {
  readonly question: ScanQuestion;
  readonly registryFile: string;
  readonly useDays: number;
  readonly timeZone: string;
}

export type ScanNews =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'answer'; readonly answer: ScannedCoverage };

/** Reading is most of the work: each list is a step. */
const steps = 5;

export function scanCoverage(
  { profile, asOf, knownAt, unit, parts }: ScanQuestion,
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
  if (parts === 'stock') {
    for (const { serial, holder } of holdingsOn(facts).recorders.values()) {
      if (holder !== null) holders.set(serial, holder.certificateNo);
    }
  }
  return step({ answer, bases, knownAt, recorders: parts === 'stock' ? facts.recorders : [], holders });
}

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

  async report(question: ScanQuestion, { onProgress, signal }: CoverageWaiting = {}): Promise<ScannedCoverage> {
    const { source, registry, registryFile, useDays, timeZone } = this.#parts;
    const progress = onProgress ?? (() => undefined);
    if (source.versionCount() <= versionsInline) {
      return scanCoverage(question, { people: registry.people, source, useDays }, progress);
    }
    const work: ScanWork = { question, registryFile, useDays, timeZone };
    const worker = new Worker(new URL('./coverage-scan-thread.ts', import.meta.url), { workerData: work });
    this.#workers.add(worker);
    const stop = (): void => void worker.terminate();
    signal?.addEventListener('abort', stop, { once: true });
    const { promise, resolve, reject } = Promise.withResolvers<ScannedCoverage>();
    worker.on('message', (news: ScanNews) => {
      if (news.kind === 'progress') progress(news.done, news.total);
      else resolve(news.answer);
    });
    worker.once('error', reject);
    worker.once('exit', () =>
      reject(signal?.reason ?? new Error('the thread that looks through the roster ended early')),
    );
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#workers.delete(worker);
    }
  }

  /** The list of an older state of knowledge. `startsOf`: since when gaps are open, by certificate. */
  async list(
    asked: CoverageListAsked,
    { answer, knownAt }: DatedCoverage & { readonly knownAt: number },
    startsOf: (verdicts: readonly OfficerVerdict[]) => Promise<ReadonlyMap<string, CalendarDate>>,
  ): Promise<CoverageList> {
    const { sort = 'unit', descending = false, page, pageSize } = asked;
    const wanted = answer.verdicts.filter((verdict) => {
      const code = verdictCodes[codeOf(verdict)];
      return code !== undefined && isWanted(code, asked);
    });
    const starts = sort === 'since' ? await startsOf(wanted) : undefined;
    const key = (row: OfficerVerdict): string => {
      if (sort === 'since') return starts?.get(row.certificateNo) ?? '9999';
      if (sort === 'certificate') return row.certificateNo;
      if (sort === 'name') return row.name;
      const code = codeOf(row).toString().padStart(3, '0');
      return sort === 'reason' ? `${code} ${row.unitKey}` : row.unitKey;
    };
    const sign = descending ? -1 : 1;
    wanted.sort((a, b) => sign * (compareText(key(a), key(b)) || compareText(a.certificateNo, b.certificateNo)));
    const offset = (page - 1) * pageSize;
    const shown = wanted.slice(offset, offset + pageSize);
    const since = starts ?? (await startsOf(shown));
    const rows = shown.map((row) => ({
      ...row,
      gapSince: row.gap === null ? null : (since.get(row.certificateNo) ?? null),
    }));
    return { asked, knownAt, total: wanted.length, rows };
  }

  stock(
    { answer, recorders, holders }: ScannedCoverage,
    more: {
      readonly gapSince: ReadonlyMap<string, CalendarDate>;
      readonly tree: UnitTree;
      readonly repairDays: number;
      readonly units: ReadonlySet<string> | null;
      readonly names: UnitNames;
    },
  ): StockAnswer {
    const { units } = more;
    const keyOf = unitKeysOf(more.names);
    const keyed = recorders.map((one) => (one.unit === undefined ? one : { ...one, unit: keyOf(one.unit) }));
    const own = units === null ? keyed : keyed.filter(({ unit }) => unit !== undefined && units.has(unit));
    return stockOf({ answer, recorders: own, holders, ...more });
  }

  /** Cases that were open in the last days and have no recording at all, for each officer on them. */
  casesWithoutRecording(
    asked: CoverageAsked & { readonly useDays: number; readonly units: ReadonlySet<string> | null },
    linker: ClipLinker,
  ): CaseWithoutRecording[] {
    const { source, registry } = this.#parts;
    const when = asked.knownAt === undefined ? {} : { knownAt: asked.knownAt };
    const recorded = new Set(source.clipsWithCase().flatMap((clip) => linker.link(clip).case?.number ?? []));
    const from = addDays(asked.asOf, 1 - asked.useDays);
    const found: CaseWithoutRecording[] = [];
    for (const { facts } of versionsAsOf(registry.people.versions('cases'), { asOf: asked.asOf, ...when }).values()) {
      const starts = facts.startedAt.local.slice(0, 10);
      const ends = facts.endedAt?.local.slice(0, 10) ?? '9999-12-31';
      if (starts > asked.asOf || ends < from || recorded.has(facts.caseNumber)) continue;
      for (const certificateNo of facts.officers) {
        const versions = registry.people.versionsOfKey('officers', certificateNo);
        const officer =
          versionsAsOf(versions, { asOf: asked.asOf, ...when }).get(certificateNo)?.facts ?? versions[0]?.facts;
        const unitKey = officer === undefined ? facts.unit : unitKeyOf(officer);
        if (asked.units !== null && !asked.units.has(unitKey)) continue;
        const unit = officer?.unit ?? facts.unit;
        found.push({ caseNumber: facts.caseNumber, certificateNo, name: officer?.name ?? '', unitKey, unit });
      }
    }
    return found.sort(
      (a, b) =>
        compareText(a.unitKey, b.unitKey) ||
        compareText(a.certificateNo, b.certificateNo) ||
        compareText(a.caseNumber, b.caseNumber),
    );
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#workers, (worker) => worker.terminate()));
  }
}
