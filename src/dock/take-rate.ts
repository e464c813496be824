/**
 * How long a docking will still take, from the rate of the last seconds: an officer asks "can I wait?", and a rate
 * since the beginning answers for the small files that came first. Says nothing while it cannot know.
 */
import type { TakeProgress } from '../domain/dock.ts';

const windowMs = 10_000;
/** Two samples closer than this say nothing about a rate, and are kept as one. */
const sampleGapMs = 250;
const knownAfterMs = 1_500;

export class TakeRate {
  #samples: { readonly atMs: number; readonly bytes: number }[] = [];
  #bytesLeft = 0;

  /** `atMs` must not go back. */
  add(progress: TakeProgress, atMs: number): void {
    this.#bytesLeft = Math.max(0, progress.bytes - progress.bytesDone);
    const last = this.#samples.at(-1);
    if (last !== undefined && atMs - last.atMs < sampleGapMs) return;
    this.#samples.push({ atMs, bytes: progress.bytesDone });
    this.#samples = this.#samples.filter((sample) => atMs - sample.atMs <= windowMs);
  }

  secondsLeft(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs - first.atMs < knownAfterMs) return null;
    const bytesPerMs = (last.bytes - first.bytes) / (last.atMs - first.atMs);
    if (bytesPerMs <= 0) return null;
    return Math.ceil(this.#bytesLeft / bytesPerMs / 1000);
  }
}
