/**
 * Simulated recorders that come and go in a rhythm one can watch: a shift with new footage, into a free slot, there
 * until the station has let go and a little longer, back on shift, into another slot. Faults come by seed. Cards are
 * real files below one folder, which belongs to the simulator and is removed by whoever made it.
 */
import { constants } from 'node:fs';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Dock } from '../domain/dock.ts';
import { type FootageFile, makeCard } from './footage.ts';
import type { Make } from './footage-names.ts';
import type { FootageScenes } from './footage-scenes.ts';
import { planFaults, planVisit, type RecorderFault, type VisitPlan } from './simulated-dock-plan.ts';
import { SimulatedSlots, type SimulatedVisit } from './simulated-dock-slots.ts';

export interface SimulatedOfficersRecorder {
  readonly serial: string;
  /** Officer number as set on the recorder; `000000` when nobody set it. */
  readonly officer: string;
  /** Default: drawn by the seed. */
  readonly make?: Make;
  /** Put into some names by makes that know cases. */
  readonly caseNumber?: string;
}

export interface SimulatorClock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** @throws the signal's reason */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface SimulatorLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export interface SimulatedDockOptions {
  /** Absolute; cards and slots lie below it. */
  readonly folder: string;
  readonly scenes: FootageScenes;
  readonly slots: number;
  readonly recorders: readonly SimulatedOfficersRecorder[];
  readonly seed: number;
  readonly log: SimulatorLog;
  readonly clock?: SimulatorClock;
  /** How much faster than life; default 1. */
  readonly tempo?: number;
  /** New clips of one shift; default 6 to 14. */
  readonly clips?: { readonly min: number; readonly max: number };
  /** Share of recorders with a fault, 0 to 1; default a half. */
  readonly faultShare?: number;
}

export interface SimulatedDock extends Dock {
  readonly writable: NonNullable<Dock['writable']>;
  /** Begins the rhythm; the first recorders are docked after two or three seconds. */
  start(): void;
  /** The fault of each recorder, in their order. */
  readonly faults: readonly (RecorderFault | undefined)[];
}

export const realClock: SimulatorClock = {
  nowMs: Date.now,
  sleep: async (ms, signal) => {
    await sleepFor(ms, undefined, { signal });
  },
};

/** An officer who was never told that the recorder may be pulled takes it all the same. */
const patienceMs = 600_000;
const slotFreeMs = 500;
/** A card with more is formatted, as officers do. */
const cardClipsMax = 60;
/** All recorders together; then they come back with nothing new. */
const clipsMax = 3_000;
/** Often enough that it has grown between its listing and its copy. */
const growMs = 50;
const growBytes = 8 * 1024;
const growPiecesMax = 1_200;
/** A file that was cleared does not come back. */
const growFlags = constants.O_WRONLY | constants.O_APPEND;
const dayMs = 86_400_000;
/** Cards are made in Asia/Shanghai. */
const zoneMs = 28_800_000;

export function createSimulatedDock(options: SimulatedDockOptions): SimulatedDock {
  const dock = new SimulatedSlots(join(options.folder, 'dock'), options.slots);
  const faults = planFaults(options.seed, options.recorders.length, options.faultShare ?? 0.5);
  const stopping = new AbortController();
  const footage = new FootageLine(options);
  let lives: Promise<unknown> = Promise.resolve();
  return {
    kind: dock.kind,
    slots: dock.slots,
    faults,
    start: () => {
      options.log.info(
        { seed: options.seed, recorders: options.recorders.length, faults },
        'the simulated dock starts',
      );
      lives = Promise.all(
        options.recorders.map((recorder, index) =>
          new RecorderLife({ options, dock, footage, recorder, index, fault: faults[index] }).run(stopping.signal),
        ),
      );
    },
    scan: () => dock.scan(),
    onHint: (listener) => dock.onHint(listener),
    release: (recorder) => dock.release(recorder),
    writable: (recorder, root, work) => dock.writable(recorder, root, work),
    stop: async () => {
      stopping.abort();
      await lives;
      await dock.stop();
    },
  };
}

interface FootageWish {
  readonly card: string;
  readonly recorder: SimulatedOfficersRecorder;
  readonly plan: VisitPlan;
  readonly onCard: number;
}

/** Footage is made for one card after the other, so that a demonstration leaves the machine to the station. */
class FootageLine {
  readonly #options: SimulatedDockOptions;
  readonly #clock: SimulatorClock;
  #line: Promise<unknown> = Promise.resolve();
  #clips = 0;

  constructor(options: SimulatedDockOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
  }

  /** What is new on the card. */
  add(wish: FootageWish, signal: AbortSignal): Promise<readonly FootageFile[]> {
    const made = this.#line.then(() => {
      signal.throwIfAborted();
      return this.#make(wish);
    });
    this.#line = made.catch(() => undefined);
    return made;
  }

  async #make({ card, recorder, plan, onCard }: FootageWish): Promise<readonly FootageFile[]> {
    const { log, scenes } = this.#options;
    if (onCard === 0) await rm(card, { recursive: true, force: true });
    await mkdir(card, { recursive: true });
    const clips = Math.min(plan.newClips, clipsMax - this.#clips);
    if (clips <= 0) return [];
    log.info({ serial: recorder.serial, clips }, 'footage of a simulated recorder is being made');
    const yesterday = new Date(this.#clock.nowMs() + zoneMs - dayMs * (1 + plan.daysBack)).toISOString().slice(0, 10);
    const files = await makeCard(scenes, {
      ...recorder,
      folder: card,
      day: plan.absurdDay ?? yesterday,
      seed: plan.footageSeed,
      clips,
      ...(plan.mix === undefined ? {} : { mix: plan.mix }),
    });
    this.#clips += files.length;
    log.info({ serial: recorder.serial, clips: files.length, clipsMade: this.#clips }, 'footage is ready');
    return files;
  }
}

interface LifeParts {
  readonly options: SimulatedDockOptions;
  readonly dock: SimulatedSlots;
  readonly footage: FootageLine;
  readonly recorder: SimulatedOfficersRecorder;
  readonly index: number;
  readonly fault: RecorderFault | undefined;
}

/** One recorder's shifts and visits, for ever. */
class RecorderLife {
  readonly #parts: LifeParts;
  readonly #recorder: SimulatedOfficersRecorder;
  readonly #card: string;
  readonly #clock: SimulatorClock;
  #onCard = 0;
  #lastSlot: string | undefined;

  constructor(parts: LifeParts) {
    const { options, recorder, index, fault } = parts;
    this.#parts = parts;
    this.#recorder = fault === 'default-serial' ? { ...recorder, serial: '0000000', officer: '000000' } : recorder;
    this.#card = join(options.folder, 'cards', String(index + 1));
    this.#clock = options.clock ?? realClock;
  }

  /** Settles when the signal is aborted, or when this recorder broke: the others go on. */
  async run(signal: AbortSignal): Promise<void> {
    const { options, index, fault } = this.#parts;
    try {
      for (let visit = 0; ; visit += 1) {
        const clips = options.clips ?? { min: 6, max: 14 };
        await this.#visit(planVisit({ seed: options.seed, recorder: index, visit, fault, clips }), signal);
      }
    } catch (error) {
      if (!signal.aborted)
        options.log.warn({ err: error, serial: this.#recorder.serial }, 'a simulated recorder broke');
    }
  }

  async #visit(plan: VisitPlan, signal: AbortSignal): Promise<void> {
    const { dock, footage, options } = this.#parts;
    const fresh = await footage.add({ card: this.#card, recorder: this.#recorder, plan, onCard: this.#onCard }, signal);
    this.#onCard += fresh.length;
    await this.#sleep(plan.shiftMs, signal);
    const slot = await this.#freeSlot(plan.slotDraw, signal);
    const visit = await dock.plugIn({ serial: this.#recorder.serial, card: this.#card }, slot);
    this.#lastSlot = slot;
    const leaving = new AbortController();
    const untilLeaving = AbortSignal.any([signal, leaving.signal]);
    const growing = plan.stillRecording ? this.#growLast(visit, fresh, untilLeaving) : Promise.resolve();
    try {
      const pulled = this.#sleep(plan.pulledAfterMs ?? patienceMs, untilLeaving).then(() => 'pulled');
      const first = await Promise.race([pulled, visit.released.then(() => 'released')]);
      if (first === 'released') await this.#sleep(plan.lingerMs, signal);
      options.log.info({ serial: this.#recorder.serial, slot, first }, 'a simulated recorder is taken out');
    } finally {
      leaving.abort();
      await growing;
    }
    await dock.takeOut(visit);
    if (this.#onCard > cardClipsMax) this.#onCard = 0;
  }

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return this.#clock.sleep(ms / (this.#parts.options.tempo ?? 1), signal);
  }

  /** The drawn one or the next free one after it, another than last time if there is a choice. */
  async #freeSlot(draw: number, signal: AbortSignal): Promise<string> {
    const { dock } = this.#parts;
    for (;;) {
      const free = dock.freeSlots();
      const others = free.filter((slot) => slot !== this.#lastSlot);
      const choices = others.length > 0 ? others : free;
      const from = Math.floor(draw * dock.slots.length);
      const chosen = choices.find((slot) => Number(slot) > from) ?? choices[0];
      if (chosen !== undefined) return chosen;
      await this.#sleep(slotFreeMs, signal);
    }
  }

  /** The recorder was not switched off: its last video goes on growing, and can be taken at the next visit only. */
  async #growLast(visit: SimulatedVisit, fresh: readonly FootageFile[], signal: AbortSignal): Promise<void> {
    const last = fresh.findLast(({ sort }) => sort === 'h264' || sort === 'h265') ?? fresh.at(-1);
    if (last === undefined) return;
    try {
      for (let pieces = 0; pieces < growPiecesMax; pieces += 1) {
        await appendFile(join(visit.root, last.path), Buffer.alloc(growBytes), { flag: growFlags });
        await this.#clock.sleep(growMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) this.#parts.options.log.warn({ err: error }, 'a simulated recording could not go on');
    }
  }
}
