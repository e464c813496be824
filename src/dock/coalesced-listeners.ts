/**
 * Tells listeners that something changed, at once and then at most every `gapMs`, with one more call after the last
 * change, so that nobody keeps an old picture. What a listener throws is logged and is nobody else's trouble.
 */
import type { DockLog } from './dock-log.ts';

export class CoalescedListeners {
  readonly #listeners = new Set<() => void>();
  readonly #gapMs: number;
  readonly #log: DockLog;
  #timer: NodeJS.Timeout | undefined;
  #again = false;

  constructor(gapMs: number, log: DockLog) {
    this.#gapMs = gapMs;
    this.#log = log;
  }

  /** The returned function ends it; a listener may be added twice and is then called twice. */
  add(listener: () => void): () => void {
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  tell(): void {
    if (this.#timer !== undefined) {
      this.#again = true;
      return;
    }
    this.#again = false;
    // Set before anyone is called: a listener may cause the next change.
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#again) this.tell();
    }, this.#gapMs);
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        this.#log.warn({ err: error }, 'a listener to the slots failed');
      }
    }
  }

  /** A change that was held back is told now. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#again) this.tell();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
