/**
 * The line of clips that wait for their previews. It yields to copying: while it is paused nothing begins, and what
 * runs is stopped where it stands. It is bounded, forgets nothing it accepted, tries again only where the station was
 * at fault, and never throws at whoever hands it a clip: results and failures are events. It keeps no state on disk;
 * which clips lack a preview is asked of the registry by whoever composes the station.
 */
import { errorMessage } from '../domain/errors.ts';
import { PauseSwitch } from './pause-switch.ts';
import { PreviewMaker } from './preview-maker.ts';
import {
  isTemporary,
  type PreviewFailure,
  type PreviewJob,
  type PreviewLimits,
  type PreviewResult,
} from './preview-result.ts';

export type PreviewEvent =
  | { readonly kind: 'queued'; readonly clip: string; readonly waiting: number }
  | { readonly kind: 'started'; readonly clip: string; readonly attempt: number }
  /** `share` is 0..1. */
  | { readonly kind: 'progress'; readonly clip: string; readonly share: number }
  | { readonly kind: 'retrying'; readonly clip: string; readonly failure: PreviewFailure; readonly afterMs: number }
  | { readonly kind: 'done'; readonly clip: string; readonly result: PreviewResult; readonly tookMs: number }
  | { readonly kind: 'cancelled'; readonly clip: string };

/** What a pino logger offers, as far as it is needed here. */
export interface PreviewLog {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export interface PreviewQueueParts {
  /** Absolute path of the preview folder; it exists. */
  readonly folder: string;
  readonly limits: PreviewLimits;
  readonly log: PreviewLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onEvent?: (event: PreviewEvent) => void;
}

interface Waiting {
  readonly job: PreviewJob;
  readonly attempt: number;
  readonly notBeforeMs: number;
}

interface Running {
  readonly cancel: AbortController;
  ended: Promise<void>;
}

export class PreviewQueue {
  readonly maker: PreviewMaker;
  readonly #parts: PreviewQueueParts;
  readonly #pause = new PauseSwitch();
  readonly #waiting = new Map<string, Waiting>();
  readonly #running = new Map<string, Running>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #idleWatchers: (() => void)[] = [];

  constructor(parts: PreviewQueueParts) {
    this.#parts = parts;
    this.maker = new PreviewMaker(parts);
  }

  /** `full`: offer it again later; `stopped`: the queue takes nothing any more. */
  add(job: PreviewJob): 'queued' | 'already-queued' | 'full' | 'stopped' {
    if (this.#stopped) {
      return 'stopped';
    }
    if (this.#waiting.has(job.clip) || this.#running.has(job.clip)) {
      return 'already-queued';
    }
    if (this.#waiting.size >= this.#parts.limits.queueMax) {
      return 'full';
    }
    this.#waiting.set(job.clip, { job, attempt: 1, notBeforeMs: 0 });
    this.#tell({ kind: 'queued', clip: job.clip, waiting: this.#waiting.size });
    this.#pump();
    return 'queued';
  }

  /** Takes a clip out of the line, or ends its work and the process that does it. False when it is not here. */
  cancel(clip: string): boolean {
    const running = this.#running.get(clip);
    if (running !== undefined) {
      running.cancel.abort(new Error('preview cancelled'));
      return true;
    }
    if (!this.#waiting.delete(clip)) {
      return false;
    }
    this.#tell({ kind: 'cancelled', clip });
    this.#pump();
    return true;
  }

  /** Copying begins: nothing starts, and what runs stands still. Calls do not nest. */
  pause(): void {
    this.#pause.set(true);
  }

  resume(): void {
    this.#pause.set(false);
    this.#pump();
  }

  state(): { readonly paused: boolean; readonly running: readonly string[]; readonly waiting: number } {
    return { paused: this.#pause.paused, running: [...this.#running.keys()], waiting: this.#waiting.size };
  }

  /** Settles when nothing runs or waits, retries included. */
  async whenIdle(): Promise<void> {
    if (this.#waiting.size + this.#running.size > 0) {
      await new Promise<void>((resolve) => this.#idleWatchers.push(resolve));
    }
  }

  /** Ends everything; settles when no process of the queue is left. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const clip of [...this.#waiting.keys(), ...this.#running.keys()]) {
      this.cancel(clip);
    }
    await Promise.all([...this.#running.values()].map((running) => running.ended));
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#waiting.size + this.#running.size === 0) {
      for (const watcher of this.#idleWatchers.splice(0)) {
        watcher();
      }
    }
    if (this.#stopped || this.#pause.paused) {
      return;
    }
    const now = this.#parts.now();
    for (const waiting of [...this.#waiting.values()]) {
      if (this.#running.size >= this.#parts.limits.atOnce) {
        return;
      }
      if (waiting.notBeforeMs <= now) {
        this.#waiting.delete(waiting.job.clip);
        this.#start(waiting);
      }
    }
    const next = Math.min(...[...this.#waiting.values()].map((waiting) => waiting.notBeforeMs));
    if (Number.isFinite(next)) {
      this.#timer = setTimeout(() => this.#pump(), Math.max(10, next - now));
    }
  }

  #start(waiting: Waiting): void {
    const { clip } = waiting.job;
    const cancel = new AbortController();
    const running: Running = { cancel, ended: Promise.resolve() };
    // Known before it runs: a listener may cancel a clip the moment it hears of its start.
    this.#running.set(clip, running);
    running.ended = this.#run(waiting, cancel.signal).finally(() => {
      this.#running.delete(clip);
      this.#pump();
    });
  }

  async #run(waiting: Waiting, signal: AbortSignal): Promise<void> {
    const { job, attempt } = waiting;
    const { clip } = job;
    const startedMs = this.#parts.now();
    this.#tell({ kind: 'started', clip, attempt });
    try {
      const onProgress = (share: number): void => this.#tell({ kind: 'progress', clip, share });
      const result = await this.maker.make(job, { signal, pause: this.#pause, onProgress });
      this.#settle(waiting, result, this.#parts.now() - startedMs);
    } catch (error) {
      if (signal.aborted) {
        this.#tell({ kind: 'cancelled', clip });
        return;
      }
      // A broken invariant of one clip must not end the line for the others, nor be passed over in silence.
      this.#parts.log.warn({ err: error, clip }, 'a preview broke an assumption of its maker');
      const failure: PreviewFailure = { code: 'io', step: 'playable', detail: errorMessage(error).slice(0, 1000) };
      this.#tell({ kind: 'done', clip, result: { failure }, tookMs: this.#parts.now() - startedMs });
    }
  }

  #settle(waiting: Waiting, result: PreviewResult, tookMs: number): void {
    const { job, attempt } = waiting;
    const { limits, log, now } = this.#parts;
    const { failure } = result;
    if (failure !== undefined && isTemporary(failure.code) && attempt < limits.attemptsMax && !this.#stopped) {
      const afterMs = limits.retryAfterMs * attempt;
      this.#waiting.set(job.clip, { job, attempt: attempt + 1, notBeforeMs: now() + afterMs });
      this.#tell({ kind: 'retrying', clip: job.clip, failure, afterMs });
      return;
    }
    if (failure !== undefined) {
      log.info({ clip: job.clip, failure }, 'a preview could not be made whole');
    }
    this.#tell({ kind: 'done', clip: job.clip, result, tookMs });
  }

  #tell(event: PreviewEvent): void {
    try {
      this.#parts.onEvent?.(event);
    } catch (error) {
      this.#parts.log.warn({ err: error, event: event.kind, clip: event.clip }, 'a listener to previews failed');
    }
  }
}
