/**
 * Callers that wait for their records to be durable: those that come together share a group, and so a sync. Groups are
 * settled one after the other, and so is whatever else must not happen while one is written.
 */
import type { NewRecord, ReplayedRecord } from '../domain/records.ts';

/** One group of records shares a sync; more wait for the next. */
export const groupRecordsMax = 256;
/** More records that are queued and not yet durable show a caller that does not wait: a mistake of the program. */
const queuedRecordsMax = 4096;

export interface Waiting {
  readonly requests: readonly NewRecord[];
  readonly resolve: (records: ReplayedRecord[]) => void;
  readonly reject: (error: unknown) => void;
}

export class AppendQueue {
  readonly #settle: (group: readonly Waiting[]) => Promise<void>;
  #waiting: Waiting[] = [];
  #records = 0;
  #draining: Promise<void> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param settle answers every caller of the group; never throws */
  constructor(settle: (group: readonly Waiting[]) => Promise<void>) {
    this.#settle = settle;
  }

  /** Records that stand together, at most 256. */
  add(requests: readonly NewRecord[]): Promise<ReplayedRecord[]> {
    if (requests.length > groupRecordsMax) throw new Error('too many records in one group');
    if (this.#records > queuedRecordsMax) throw new Error('the ledger queue overflows: a caller does not wait');
    return new Promise((resolve, reject) => {
      this.#waiting.push({ requests, resolve, reject });
      this.#records += requests.length;
      this.#startDraining();
    });
  }

  /** Runs when no group is being written, and none is until it has ended. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work, work);
    this.#turn = turn;
    return turn;
  }

  /** Resolves when nobody waits any more. */
  async idle(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
    await this.#turn.catch(() => undefined);
  }

  #startDraining(): void {
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
      // What came after the last look at the queue and before this must not wait for the next caller.
      if (this.#waiting.length > 0) this.#startDraining();
    });
  }

  async #drain(): Promise<void> {
    // A turn of the event loop lets callers that are ready now share the sync.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.exclusively(() => this.#settle(this.#takeGroup()));
  }

  #takeGroup(): Waiting[] {
    const group: Waiting[] = [];
    let records = 0;
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined || (group.length > 0 && records + next.requests.length > groupRecordsMax)) break;
      this.#waiting.shift();
      records += next.requests.length;
      group.push(next);
    }
    this.#records -= records;
    return group;
  }
}
