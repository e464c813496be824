/**
 * Lets background work stand back while recorders are read: it waits before each step, and a step that runs when a
 * recorder comes is cancelled and begun again later. A step that was cancelled often is let finish, so that a long one
 * comes to its end on a busy day too.
 */
import { errorCode } from '../domain/errors.ts';

const cancelledMax = 3;

export class YieldSwitch {
  #holders = 0;
  #waiting: (() => void)[] = [];
  #running: AbortController | undefined;

  hold(): void {
    this.#holders += 1;
    this.#running?.abort();
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    for (const resume of this.#waiting.splice(0)) resume();
  }

  /** Settles when nobody holds, or when the signal is aborted. */
  async whenFree(signal: AbortSignal): Promise<void> {
    while (this.#holders > 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          signal.removeEventListener('abort', done);
          resolve();
        };
        this.#waiting.push(done);
        signal.addEventListener('abort', done, { once: true });
      });
    }
    signal.throwIfAborted();
  }

  /** Runs one step. @throws what the step throws, unless it was cancelled for a recorder */
  async run<T>(signal: AbortSignal, step: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (let cancelled = 0; ; cancelled += 1) {
      await this.whenFree(signal);
      const stop = new AbortController();
      if (cancelled < cancelledMax) this.#running = stop;
      try {
        return await step(AbortSignal.any([signal, stop.signal]));
      } catch (error) {
        if (signal.aborted || !stop.signal.aborted || !['CANCELLED', 'ABORT_ERR'].includes(errorCode(error)))
          throw error;
      } finally {
        this.#running = undefined;
      }
    }
  }
}
