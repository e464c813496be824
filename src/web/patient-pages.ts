/**
 * Pages whose figures may take longer than a reader looks at a blank screen. The work goes on after the patience is
 * over, the reader gets a page that says so and asks again, and whoever asks the same finds the answer or joins in.
 */
import type { Html } from '../domain/html.ts';

/** So many at once are kept track of; the oldest one beyond them is made anew when it is asked for again. */
const pagesMax = 32;
/** A finished page that nobody came back for is no longer shown after this. */
const keptMs = 60_000;

interface Making {
  readonly page: Promise<Html>;
  readonly sinceMs: number;
  doneMs: number | null;
}

/** Still in the making, for so long now. */
export interface NotYet {
  readonly waitedMs: number;
}

export class PatientPages {
  readonly #patienceMs: number;
  readonly #pages = new Map<string, Making>();

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** @throws what `make` throws, also when it failed after an earlier request had given up waiting */
  async get(key: string, make: () => Promise<Html>): Promise<Html | NotYet> {
    const making = this.#making(key) ?? this.#begin(key, make);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, this.#patienceMs, undefined);
    });
    try {
      const page = await Promise.race([making.page, patience]);
      if (page === undefined) return { waitedMs: performance.now() - making.sinceMs };
      this.#forget(key, making);
      return page;
    } catch (error) {
      this.#forget(key, making);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #making(key: string): Making | undefined {
    const making = this.#pages.get(key);
    const isStale = making !== undefined && making.doneMs !== null && performance.now() - making.doneMs > keptMs;
    return isStale ? undefined : making;
  }

  #begin(key: string, make: () => Promise<Html>): Making {
    const making: Making = { page: make(), sinceMs: performance.now(), doneMs: null };
    const isDone = (): void => {
      making.doneMs = performance.now();
    };
    making.page.then(isDone, isDone);
    this.#pages.delete(key);
    this.#pages.set(key, making);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > pagesMax && oldest !== undefined) this.#pages.delete(oldest);
    return making;
  }

  #forget(key: string, making: Making): void {
    if (this.#pages.get(key) === making) this.#pages.delete(key);
  }
}
