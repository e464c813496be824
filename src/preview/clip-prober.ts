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

/** At most so many probes are done twice after a crash. */
const recordGroupSize = 16;

export interface ProbedClip {
  readonly clip: string;
  readonly facts: ProbeFacts;
}

export interface ClipProberDependencies {
  /** The next clips without facts, oldest first. */
  readonly waiting: (limit: number) => readonly WaitingClip[];
  readonly probe: (clip: WaitingClip, signal: AbortSignal) => Promise<ProbeFacts>;
  readonly record: (probed: readonly ProbedClip[]) => Promise<void>;
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
      // Woken after the last look and before this.
      if (this.#woken && !this.#deps.signal.aborted) this.wake();
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

  /** Facts are recorded in groups, because each group costs the ledger two syncs. */
  async #probeBatch(batch: readonly WaitingClip[]): Promise<void> {
    const clips = batch.values();
    const probed: ProbedClip[] = [];
    let recording = Promise.resolve();
    const recordGroup = (): void => {
      const group = probed.splice(0);
      if (group.length > 0) recording = recording.then(() => this.#deps.record(group));
    };
    const worker = async (): Promise<void> => {
      for (const clip of clips) {
        if (this.#deps.signal.aborted) return;
        probed.push({ clip: clip.clip, facts: await this.#deps.probe(clip, this.#deps.signal) });
        if (probed.length >= recordGroupSize) recordGroup();
      }
    };
    try {
      await Promise.all(Array.from({ length: this.#deps.parallel }, worker));
    } finally {
      // What is known is recorded even when the station is closing.
      recordGroup();
      await recording;
    }
  }
}
