/**
 * The part of the composition root for keeping: how long each clip is kept and why, marks of importance, and deletion
 * runs from their list to their end. It asks and records; policies and persons decide.
 */
import { retentionRules } from '../config/keeping-rules.ts';
import { StationError } from '../domain/errors.ts';
import { newDocumentId } from '../domain/ids.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import { readablePath } from '../domain/readable-path.ts';
import type { Actor } from '../domain/records.ts';
import type { ClipMarkedBody, MarkDocument, RunEntry } from '../domain/retention-facts.ts';
import { daysAtLeast } from '../domain/retention-period.ts';
import type { RetentionRule } from '../domain/retention-policy.ts';
import { localTimeToInstant } from '../domain/station-time.ts';
import type { ClipJudge, ClipKeeping } from '../keeping/clip-judge.ts';
import { DeletionRuns, type RunControl } from '../keeping/deletion-runs.ts';
import type {
  DeletedClipRow,
  HoldRow,
  KeepableRow,
  MarkRow,
  RunClipRow,
  RunRow,
} from '../registry/retention-queries.ts';
import type { DeletionDesk } from './deletion-desk.ts';
import type { HoldDesk } from './hold-desk.ts';
import { random, type StationContext, systemActor } from './station-context.ts';

/** What is kept of a clip, and its marks. */
export interface ShownKeeping extends ClipKeeping<HoldRow> {
  readonly path: string;
  readonly bytes: number;
  readonly deviceMark: boolean;
  readonly humanMark: MarkRow | null;
}

export interface MarkRequest {
  readonly clip: string;
  readonly important: boolean;
  readonly category: string | undefined;
  readonly reason: string;
  readonly actor: Actor;
}

/** One line of the list before a run: it would go, it stays although a time is over, or neither (then there is no line). */
export type SurveyLine = ShownKeeping & { readonly decision: 'delete' | 'stays' };

export interface RunProposal {
  readonly run: string;
  readonly clips: number;
}

export class KeepingDesk {
  readonly #context: StationContext;
  readonly #holds: HoldDesk;
  readonly #runs: DeletionRuns;
  readonly #rules: readonly RetentionRule[];

  constructor(context: StationContext, parts: { readonly holds: HoldDesk; readonly deletions: DeletionDesk }) {
    this.#context = context;
    this.#holds = parts.holds;
    this.#rules = retentionRules(context.options.configuration.keeping);
    const { registry, ledger } = context;
    this.#runs = new DeletionRuns({
      registry: registry.retention,
      ledger,
      deletions: parts.deletions,
      random,
      judge: (clip) => {
        const row = registry.retention.keepable(clip);
        return row === undefined ? undefined : this.#holds.judge().judge(row).reasons;
      },
    });
  }

  get rules(): readonly RetentionRule[] {
    return this.#rules;
  }

  /** @throws StationError clip-unknown */
  show(clip: string, asOf: CalendarDate = this.#holds.today()): ShownKeeping {
    const row = this.#context.registry.retention.keepable(clip);
    if (row !== undefined) return this.#shown(row, this.#holds.judge(asOf));
    throw new StationError('clip-unknown', `there is no clip ${clip}`, {
      next: 'List the clips with "evidock clips".',
    });
  }

  /** How a clip was lawfully deleted; undefined when it was not. */
  deleted(clip: string): DeletedClipRow | undefined {
    return this.#context.registry.retention.deletedClip(clip);
  }

  #shown(row: KeepableRow, judge: ClipJudge<HoldRow>): ShownKeeping {
    return {
      ...judge.judge(row),
      path: readablePath(row.path),
      bytes: row.bytes,
      deviceMark: row.important === 1,
      humanMark: this.#context.registry.retention.mark(row.clip) ?? null,
    };
  }

  /** A person's word beside the device's; the latest one counts. @throws StationError clip-unknown, category-unknown */
  async mark({ clip, important, category, reason, actor }: MarkRequest): Promise<ShownKeeping> {
    this.show(clip);
    const { categories } = this.#context.options.configuration.keeping;
    if (category !== undefined && !categories.some(({ id }) => id === category)) {
      throw new StationError('category-unknown', `the configuration has no category ${category}`, {
        next: 'Name it in keeping.categories of the configuration.',
      });
    }
    const body: ClipMarkedBody = { clip, important, ...(category === undefined ? {} : { category }) };
    const document: MarkDocument = { reason };
    const documents = [{ id: newDocumentId(random), body: { ...document } }];
    await this.#context.ledger.append({ type: 'clip-marked', actor, subject: clip, body: { ...body }, documents });
    return this.show(clip);
  }

  markCounts(): ReturnType<StationContext['registry']['retention']['markCounts']> {
    return this.#context.registry.retention.markCounts();
  }

  /** Clips of which some time is over on a day, in the order of sealing: those that may go, and those that stay, with why. */
  async *survey(asOf: CalendarDate): AsyncGenerator<SurveyLine> {
    const judge = this.#holds.judge(asOf);
    for await (const row of this.#holds.allClips(this.#sealedBefore(asOf))) {
      const line = this.#line(row, judge, asOf);
      if (line !== undefined) yield line;
    }
  }

  /** The same of the clips that were sealed first, as many as a page has time for. */
  async look(
    asOf: CalendarDate,
    lookedMax: number,
  ): Promise<{ readonly looked: number; readonly isWhole: boolean; readonly lines: readonly SurveyLine[] }> {
    const judge = this.#holds.judge(asOf);
    const lines: SurveyLine[] = [];
    let looked = 0;
    for await (const row of this.#holds.allClips(this.#sealedBefore(asOf))) {
      if (looked === lookedMax) return { looked, isWhole: false, lines };
      looked += 1;
      const line = this.#line(row, judge, asOf);
      if (line !== undefined) lines.push(line);
    }
    return { looked, isWhole: true, lines };
  }

  #line(row: KeepableRow, judge: ClipJudge<HoldRow>, asOf: CalendarDate): SurveyLine | undefined {
    const shown = this.#shown(row, judge);
    if (shown.isOver && shown.reasons.length === 0) return { ...shown, decision: 'delete' };
    const isOneOver = shown.retention.applied.some(({ lastDay }) => lastDay !== null && lastDay < asOf);
    return isOneOver ? { ...shown, decision: 'stays' } : undefined;
  }

  /** No clip that was sealed later can be at the end of any period. */
  #sealedBefore(asOf: CalendarDate): string {
    const spans = this.#rules.map(({ period }) =>
      period.kind === 'permanent' ? undefined : period.kind === 'case' ? (period.after ?? undefined) : period.span,
    );
    const days = Math.min(...spans.map((span) => (span === undefined ? Number.POSITIVE_INFINITY : daysAtLeast(span))));
    if (days === Number.POSITIVE_INFINITY) return '';
    const { timeZone } = this.#context.options.configuration.station;
    return new Date(localTimeToInstant(`${asOf}T00:00:00`, timeZone) - (days - 1) * 86_400_000).toISOString();
  }

  /** Records a list of what may go. @throws StationError run-in-future, run-empty, run-too-large */
  async propose(
    due: readonly SurveyLine[],
    by: { asOf: CalendarDate; name: string; reason: string; actor: Actor },
  ): Promise<RunProposal> {
    if (by.asOf > this.#holds.today()) {
      throw new StationError('run-in-future', `${by.asOf} has not come yet`, {
        next: 'Look ahead with --list; what is deleted must be over today.',
      });
    }
    const entries = due.flatMap(({ clip, retention, decision }): RunEntry[] => {
      const { winner } = retention;
      if (decision !== 'delete' || winner === null || winner.lastDay === null) return [];
      return [{ clip, rule: winner.id, title: winner.title, clause: winner.clause, lastDay: winner.lastDay }];
    });
    if (entries.length === 0) {
      throw new StationError('run-empty', 'no clip may be deleted by time', {
        next: 'See why with "evidock keeping run --list".',
      });
    }
    return { run: await this.#runs.propose(entries, by), clips: entries.length };
  }

  /** Another person agrees, and the run is carried out. @throws StationError run-unknown, run-closed, run-same-person, run-under-way */
  async approve(run: string, by: { name: string; actor: Actor }, control: RunControl): Promise<RunRow> {
    await this.#runs.approve(run, by);
    return this.resume(run, by.actor, control);
  }

  /** @throws StationError run-unknown, run-not-approved, run-under-way */
  async resume(run: string, actor: Actor, control: RunControl): Promise<RunRow> {
    await this.#runs.carryOut(run, actor, control);
    return this.run(run);
  }

  /** @throws StationError run-unknown, run-closed */
  async cancel(run: string, by: { name: string; reason: string; actor: Actor }): Promise<RunRow> {
    await this.#runs.cancel(run, by);
    return this.run(run);
  }

  /** @throws StationError run-unknown */
  run(run: string): RunRow {
    const row = this.#context.registry.retention.run(run);
    if (row !== undefined && row.state !== 'proposing') return row;
    throw new StationError('run-unknown', `there is no deletion run ${run}`, {
      next: 'List them with "evidock keeping runs".',
    });
  }

  runClips(run: string): readonly RunClipRow[] {
    return this.#context.registry.retention.runClips(run);
  }

  runs(limit: number): readonly RunRow[] {
    return this.#context.registry.retention.runs(limit);
  }

  /** The running station goes on with what was approved and cut off. */
  async resumeAll(signal: AbortSignal): Promise<void> {
    for (const run of this.#context.registry.retention.openRuns()) {
      if (signal.aborted) return;
      await this.resume(run, systemActor, { signal, onProgress: () => undefined });
    }
  }
}
