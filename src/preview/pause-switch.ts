/**
 * One switch that the copying side throws and the preview side obeys. It carries no reason and decides nothing: it
 * exists so that a running tool, the wall clock around it and the queue all see the same state.
 */
export class PauseSwitch {
  #paused = false;
  readonly #watchers = new Set<(paused: boolean) => void>();

  get paused(): boolean {
    return this.#paused;
  }

  set(paused: boolean): void {
    if (paused === this.#paused) {
      return;
    }
    this.#paused = paused;
    for (const watcher of [...this.#watchers]) {
      watcher(paused);
    }
  }

  /** Calls at each change until the returned function is called. */
  watch(watcher: (paused: boolean) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Settles when the switch is off, or at once when `signal` is aborted (the caller looks at its signal next). */
  whenRunning(signal?: AbortSignal): Promise<void> {
    if (!this.#paused || signal?.aborted === true) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const done = (): void => {
        unwatch();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const unwatch = this.watch((paused) => {
        if (!paused) {
          done();
        }
      });
      signal?.addEventListener('abort', done, { once: true });
    });
  }
}
