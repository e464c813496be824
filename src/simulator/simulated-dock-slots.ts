/**
 * A dock whose slots are folders: plugging a recorder in moves its card there, taking it out moves it away, also in
 * the middle of a copy, where the next file that is opened is gone. It knows no rhythm; someone else has the hands.
 */
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dock, DockedRecorder, WritableVolume } from '../domain/dock.ts';
import { StationError } from '../domain/errors.ts';
import { isThere } from '../files/if-there.ts';

export interface SimulatedRecorder {
  readonly serial: string;
  /** Absolute path of the card's folder while the recorder is not docked; on the same file system as the dock. */
  readonly card: string;
}

export interface SimulatedVisit {
  readonly recorder: SimulatedRecorder;
  readonly slot: string;
  /** Where the card lies as long as the recorder is docked. */
  readonly root: string;
  /** Settles when the station has let go. */
  readonly released: Promise<void>;
}

interface Seat {
  readonly visit: SimulatedVisit;
  readonly docked: DockedRecorder;
  readonly letGo: () => void;
}

export class SimulatedSlots implements Dock {
  readonly kind = 'simulated';
  readonly slots: readonly string[];
  readonly #folder: string;
  /** By slot; undefined while a recorder is on its way in or out. */
  readonly #seats = new Map<string, Seat | undefined>();
  readonly #hintListeners = new Set<() => void>();
  #visits = 0;

  /** `folder` is absolute and belongs to the dock. Slots are numbered from 1. */
  constructor(folder: string, slotCount: number) {
    this.#folder = folder;
    this.slots = Array.from({ length: slotCount }, (_, index) => String(index + 1));
  }

  async scan(): Promise<readonly DockedRecorder[]> {
    const seats = [...this.#seats.values()].filter((seat) => seat !== undefined);
    const there = await Promise.all(seats.map(({ visit }) => isThere(visit.root)));
    return seats.filter((_, index) => there[index]).map(({ docked }) => docked);
  }

  onHint(listener: () => void): () => void {
    this.#hintListeners.add(listener);
    return () => this.#hintListeners.delete(listener);
  }

  async release({ slot, generation }: DockedRecorder): Promise<void> {
    const seat = this.#seats.get(slot);
    if (seat?.docked.generation === generation) seat.letGo();
  }

  /** A folder can be written to anyway; what counts is that it is still the same visit, before and after. */
  async writable(
    { slot, generation }: DockedRecorder,
    root: Uint8Array,
    work: (volume: WritableVolume) => Promise<void>,
  ): Promise<void> {
    const assertSame = (): void => {
      if (this.#seats.get(slot)?.docked.generation === generation) return;
      throw new StationError('recorder-pulled', `the recorder in slot ${slot} was taken out`);
    };
    assertSame();
    await work({ root });
    assertSame();
  }

  async stop(): Promise<void> {
    this.#hintListeners.clear();
  }

  freeSlots(): readonly string[] {
    return this.slots.filter((slot) => !this.#seats.has(slot));
  }

  /** @throws Error when the slot is taken or the card is not there. */
  async plugIn(recorder: SimulatedRecorder, slot: string): Promise<SimulatedVisit> {
    if (this.#seats.has(slot) || !this.slots.includes(slot)) throw new Error(`slot ${slot} is not free`);
    this.#seats.set(slot, undefined);
    this.#visits += 1;
    const generation = `visit-${this.#visits}`;
    // A path of its own for each visit: work that is left over from the last one must not read the next card.
    const root = join(this.#folder, `slot-${slot}-${generation}`);
    try {
      await mkdir(this.#folder, { recursive: true });
      await rename(recorder.card, root);
    } catch (error) {
      this.#seats.delete(slot);
      throw error;
    }
    const { promise: released, resolve: letGo } = Promise.withResolvers<void>();
    const visit = { recorder, slot, root, released };
    const docked: DockedRecorder = {
      kind: 'simulated',
      slot,
      generation,
      serial: recorder.serial,
      recorderBasis: 'simulated',
      root: Buffer.from(root),
    };
    this.#seats.set(slot, { visit, docked, letGo });
    this.#hint();
    return visit;
  }

  /** Whether it was released or not: that is what taking out means. */
  async takeOut({ slot, root, recorder }: SimulatedVisit): Promise<void> {
    if (this.#seats.get(slot)?.visit.root !== root) return;
    this.#seats.set(slot, undefined);
    try {
      await rename(root, recorder.card);
    } finally {
      this.#seats.delete(slot);
      this.#hint();
    }
  }

  #hint(): void {
    for (const listener of this.#hintListeners) listener();
  }
}
