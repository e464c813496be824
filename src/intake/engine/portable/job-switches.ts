/**
 * What the main thread and a portable job's worker share while it runs: the flag that cancels it and how far it is,
 * in shared memory, because a worker that is hashing answers no messages.
 */
import type { JobNumbers } from '../engine-job.ts';
import { failure, type Place } from './engine-failure.ts';

const numbersOffset = 8;
const sharedBytes = numbersOffset + 3 * Float64Array.BYTES_PER_ELEMENT;

export class JobSwitches {
  readonly shared: SharedArrayBuffer;
  readonly #cancelled: Int32Array;
  readonly #numbers: Float64Array;

  constructor(shared = new SharedArrayBuffer(sharedBytes)) {
    this.shared = shared;
    this.#cancelled = new Int32Array(shared, 0, 1);
    this.#numbers = new Float64Array(shared, numbersOffset, 3);
  }

  cancel(): void {
    Atomics.store(this.#cancelled, 0, 1);
  }

  /** @throws CANCELLED */
  assertGoingOn(place: Place): void {
    if (Atomics.load(this.#cancelled, 0) !== 0) {
      throw failure(place, 'CANCELLED', 'cancelled');
    }
  }

  enter(phase: 0 | 1, totalBytes: number): void {
    this.#numbers.set([phase, 0, totalBytes]);
  }

  reach(bytes: number): void {
    this.#numbers[1] = bytes;
  }

  numbers(): JobNumbers {
    const [phase = 0, bytes = 0, totalBytes = 0] = this.#numbers;
    return [phase, bytes, totalBytes];
  }
}
