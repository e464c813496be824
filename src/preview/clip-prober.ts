/**
 * Looks at every sealed clip once and has the facts recorded. It asks for what is waiting instead of keeping a queue,
 * so an interrupted run goes on by itself, and its memory does not grow with a card. Never in the way of sealing.
 */
import type { ProbeFacts } from './probe-facts.ts';

/** Clips asked for at a time. */
const batchSize = 64;

export interface WaitingClip {
  readonly clip: string;
  /** Absolute path of the original. */
  readonly originalPath: string;
  /** From the recorder's name, without the dot; only a hint. */
  readonly extension: string | undefined;
}

export interface ClipProberDependencies {
  /** The next clips without facts, oldest first. */
  readonly waiting: (limit: number) => readonly WaitingClip[];
  readonly probe: (clip: WaitingClip, signal: AbortSignal) => Promise<ProbeFacts>;
  readonly record: (clip: string, facts: ProbeFacts) => Promise<void>;
  readonly parallel: number;
  readonly signal: AbortSignal;
}

export class ClipProber {
  readonly #deps: ClipProberDependencies;
  #running: Promise<void> | undefined;
  #woken = false;

  constructor(deps: ClipProberDependencies) {
    this.#deps = deps;
  }

  /** Something may be waiting. */
  wake(): void {
    this.#woken = true;
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
    // Whoever waits with `idle` gets the error; nobody waiting must not end the process.
    this.#running.catch(() => undefined);
  }

  /** Resolves when nothing is waiting any more, or when `signal` is aborted. @throws what recording threw */
  async idle(signal?: AbortSignal): Promise<void> {
    this.wake();
    const done = new AbortController();
    const aborted = new Promise<void>((resolve) => {
      if (signal?.aborted) resolve();
      signal?.addEventListener('abort', () => resolve(), { once: true, signal: done.signal });
    });
    try {
      while (this.#running !== undefined && !signal?.aborted) await Promise.race([this.#running, aborted]);
    } finally {
      done.abort();
    }
  }

  async #work(): Promise<void> {
    while (this.#woken && !this.#deps.signal.aborted) {
      this.#woken = false;
      for (let batch = this.#deps.waiting(batchSize); batch.length > 0; batch = this.#deps.waiting(batchSize)) {
        await this.#probeBatch(batch);
        if (this.#deps.signal.aborted) return;
      }
    }
  }

  async #probeBatch(batch: readonly WaitingClip[]): Promise<void> {
    const clips = batch.values();
    const worker = async (): Promise<void> => {
      for (const clip of clips) {
        if (this.#deps.signal.aborted) return;
        const facts = await this.#deps.probe(clip, this.#deps.signal);
        await this.#deps.record(clip.clip, facts);
      }
    };
    await Promise.all(Array.from({ length: this.#deps.parallel }, worker));
  }
}
