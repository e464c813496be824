/**
 * Keeps the docks of a station: looks at them, gives each recorder its turn, has its recordings taken off, lets it go,
 * and knows what each slot shows. What may follow what is decided by domain/slot-machine.ts; this carries it out.
 * No dock, listener or docking can end it. A docking counts as ended only after a scan that began later still saw the
 * same visit: an unplugged card can look empty or healthy (shared/facts/dock-and-cards.md).
 */
import type { DockConfig } from '../config/schema.ts';
import type {
  Dock,
  DockedRecorder,
  DockingSummary,
  DockProblem,
  SlotView,
  TakeControl,
  TakeProgress,
} from '../domain/dock.ts';
import { errorCode, StationError } from '../domain/errors.ts';
import {
  emptySlot,
  hasEnded,
  nothingTaken,
  recorderPulled,
  type Slot,
  type SlotEffect,
  type SlotInput,
  stepSlot,
  type TakeOutcome,
  takenUrgently,
} from '../domain/slot-machine.ts';
import { CoalescedListeners } from './coalesced-listeners.ts';
import type { DockLog } from './dock-log.ts';
import { DockScanner } from './dock-scanner.ts';
import { letGo } from './let-go.ts';
import { settlesWithin } from './settles-within.ts';
import { type SlotPlace, slotView, withNotice } from './slot-view.ts';
import { TakeRate } from './take-rate.ts';

export interface DockKeeperParts {
  readonly docks: readonly Dock[];
  readonly config: DockConfig;
  /** Takes everything off one recorder. @throws StationError when it could not be carried out. */
  readonly take: (recorder: DockedRecorder, control: TakeControl) => Promise<DockingSummary>;
  readonly log: DockLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Listeners are called at most four times a second. */
const tellGapMs = 250;
/** Slots without a number (import folders) that have ended: so many are shown, the latest. */
const endedShownMax = 24;
/** `stop` does not wait longer for reads that hang in the kernel. */
const stopMsMax = 60_000;

interface Place extends SlotPlace {
  readonly key: string;
  readonly dock: Dock;
  readonly numbered: boolean;
  slot: Slot;
  sinceMs: number;
  recorder: DockedRecorder | undefined;
  progress: TakeProgress | undefined;
  rate: TakeRate;
  isUrgent: boolean;
}

/** One visit of a recorder, from its queueing until its volume was let go. */
interface Visit {
  readonly place: Place;
  readonly recorder: DockedRecorder;
  readonly cancel: AbortController;
  /** The same visit was seen before and its volume is still being let go. */
  readonly before: Promise<unknown>;
  ended: Promise<unknown>;
}

const visitKey = (place: Place, generation: string): string => `${place.key}\n${generation}`;

export class DockKeeper {
  readonly #parts: DockKeeperParts;
  readonly #scanners: ReadonlyMap<Dock, DockScanner>;
  readonly #listeners: CoalescedListeners;
  readonly #places = new Map<string, Place>();
  readonly #visits = new Map<string, Visit>();
  readonly #underWay = new Set<Promise<unknown>>();
  /** The notices that were told last, as text. */
  readonly #noticed = new Map<Dock, string>();
  #queue: Visit[] = [];
  /** Visits that have a turn: their recorders are being read. */
  readonly #reading = new Set<Visit>();
  #stopped = false;
  #saidTwice = false;

  constructor(parts: DockKeeperParts) {
    this.#parts = parts;
    this.#listeners = new CoalescedListeners(tellGapMs, parts.log);
    this.#scanners = new Map(
      parts.docks.map((dock) => [
        dock,
        new DockScanner({
          dock,
          everyMs: parts.config.scanMilliseconds,
          log: parts.log,
          now: parts.now,
          onScan: (recorders) => this.#compare(dock, recorders),
          onProblem: () => this.#listeners.tell(),
        }),
      ]),
    );
    for (const dock of parts.docks) {
      for (const name of dock.slots) this.#placeOf(dock, name, true);
    }
  }

  start(): void {
    for (const scanner of this.#scanners.values()) scanner.start();
  }

  /** Numbered slots in the order of their docks, then the others; of those that ended only the latest. */
  slots(): readonly SlotView[] {
    const places = [...this.#places.values()];
    const others = places.filter((place) => !place.numbered);
    const ended = others.filter((place) => hasEnded(place.slot.state)).sort((a, b) => b.sinceMs - a.sinceMs);
    const hidden = new Set(ended.slice(endedShownMax));
    return [...places.filter((place) => place.numbered), ...others.filter((place) => !hidden.has(place))].map((place) =>
      withNotice(
        slotView({ ...place, secondsLeft: place.rate.secondsLeft() }),
        place.dock.notices?.().find((notice) => notice.slot === place.name),
      ),
    );
  }

  problems(): readonly DockProblem[] {
    return [...this.#scanners].flatMap(([{ kind }, { problem }]) =>
      problem === undefined ? [] : [{ kind, code: problem.code, since: new Date(problem.sinceMs).toISOString() }],
    );
  }

  /** Calls `listener` after slots or problems changed, at most four times a second; the returned function stops that. */
  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * Someone needs the recorder in this slot at once: what is under way ends at the next safe point, and the volume is let
   * go. Answers what the slot was doing; undefined where no recorder is, or nothing is under way.
   */
  urgent(wanted: { readonly slot: string; readonly kind?: string | undefined }): SlotView | undefined {
    const views = this.slots();
    const view = views.find(
      ({ kind, slot, urgent }) => slot === wanted.slot && (wanted.kind ?? kind) === kind && urgent === 'offered',
    );
    const place = [...this.#places.values()].find(({ kind, name }) => kind === view?.kind && name === view.slot);
    if (view === undefined || place === undefined || place.slot.state === 'empty') return undefined;
    place.isUrgent = true;
    this.#feed(place, { kind: 'urgent', generation: place.slot.generation });
    this.#listeners.tell();
    return view;
  }

  /** Aborts what is under way and settles when it has come to its end; the docks are stopped by whoever made them. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#queue = [];
    const scans = [...this.#scanners.values()].map((scanner) => scanner.stop());
    const reason = new StationError('station-stopping', 'the station is being stopped');
    for (const visit of this.#visits.values()) visit.cancel.abort(reason);
    if (!(await settlesWithin(Promise.all([...scans, this.#rest()]), stopMsMax))) {
      this.#parts.log.error({ visits: this.#visits.size }, 'the docks did not come to rest in time');
    }
    this.#listeners.stop();
  }

  /** What ends lets its volume go, which is work again. */
  async #rest(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #compare(dock: Dock, recorders: readonly DockedRecorder[]): void {
    const seen = new Map<Place, DockedRecorder>();
    for (const recorder of recorders) {
      const place = this.#placeOf(dock, recorder.slot, false);
      if (!seen.has(place)) seen.set(place, recorder);
      else this.#sayTwice(recorder);
    }
    for (const place of this.#places.values()) {
      if (place.dock !== dock || place.slot.state === 'empty') continue;
      const { generation } = place.slot;
      if (seen.get(place)?.generation !== generation) this.#feed(place, { kind: 'gone', generation });
    }
    for (const [place, recorder] of seen) {
      this.#feed(place, { kind: 'appeared', generation: recorder.generation }, recorder);
    }
    this.#forget();
    this.#giveTurns();
    const notices = JSON.stringify(dock.notices?.() ?? []);
    if (this.#noticed.get(dock) !== notices) this.#listeners.tell();
    this.#noticed.set(dock, notices);
  }

  #sayTwice(recorder: DockedRecorder): void {
    if (this.#saidTwice) return;
    this.#saidTwice = true;
    this.#parts.log.warn({ dock: recorder.kind, slot: recorder.slot }, 'two recorders in one slot: the first is taken');
  }

  #placeOf(dock: Dock, name: string, numbered: boolean): Place {
    const key = `${this.#parts.docks.indexOf(dock)}\n${name}`;
    let place = this.#places.get(key);
    if (place === undefined) {
      const sinceMs = this.#parts.now();
      const nothing = {
        recorder: undefined,
        progress: undefined,
        secondsLeft: null,
        rate: new TakeRate(),
        isUrgent: false,
      };
      place = { key, kind: dock.kind, dock, name, numbered, slot: emptySlot, sinceMs, ...nothing };
      this.#places.set(key, place);
    }
    return place;
  }

  /** Slots without a number go with their recorder; of those pulled too early the latest stay to be seen. */
  #forget(): void {
    let pulled = 0;
    for (const [key, place] of [...this.#places].reverse()) {
      if (place.numbered) continue;
      if (place.slot.state === 'pulled') pulled += 1;
      const old = place.slot.state === 'pulled' && !place.slot.taking && pulled > endedShownMax;
      if (place.slot.state === 'empty' || old) this.#places.delete(key);
    }
  }

  #feed(place: Place, input: SlotInput, recorder?: DockedRecorder): void {
    const { slot, effects } = stepSlot(place.slot, input);
    if (slot === place.slot && effects.length === 0) return;
    if (slot.state !== place.slot.state) place.sinceMs = this.#parts.now();
    place.slot = slot;
    if (slot.state === 'empty') place.recorder = undefined;
    this.#listeners.tell();
    for (const effect of effects) this.#carryOut(place, effect, recorder);
  }

  #carryOut(place: Place, { kind, generation }: SlotEffect, recorder: DockedRecorder | undefined): void {
    const visit = this.#visits.get(visitKey(place, generation));
    switch (kind) {
      case 'queue':
        if (recorder !== undefined) this.#enqueue(place, recorder, visit?.ended);
        return;
      case 'leave-queue':
        this.#queue = this.#queue.filter((waiting) => waiting !== visit);
        return;
      case 'take':
        if (visit !== undefined) this.#track(visit, this.#take(visit));
        return;
      case 'abort':
        visit?.cancel.abort(new StationError(recorderPulled, `the recorder in slot ${place.name} was taken out`));
        return;
      case 'stop':
        visit?.cancel.abort(new StationError(takenUrgently, `the recorder in slot ${place.name} is needed at once`));
        return;
      case 'release':
        if (visit !== undefined) this.#track(visit, this.#release(visit));
        return;
    }
  }

  #enqueue(place: Place, recorder: DockedRecorder, before: Promise<unknown> = Promise.resolve()): void {
    place.recorder = recorder;
    place.progress = undefined;
    place.rate = new TakeRate();
    place.isUrgent = false;
    const visit: Visit = { place, recorder, cancel: new AbortController(), before, ended: Promise.resolve() };
    this.#visits.set(visitKey(place, recorder.generation), visit);
    this.#queue.push(visit);
  }

  #giveTurns(): void {
    while (!this.#stopped && this.#reading.size < this.#parts.config.parallelRecorders) {
      const visit = this.#queue.shift();
      if (visit === undefined) return;
      this.#feed(visit.place, { kind: 'turn', generation: visit.recorder.generation });
    }
  }

  #passTurn(visit: Visit): void {
    if (this.#reading.delete(visit)) this.#giveTurns();
  }

  #track(visit: Visit, work: Promise<unknown>): void {
    visit.ended = Promise.all([visit.ended, work]);
    this.#underWay.add(work);
    // Neither #take nor #release rejects: what goes wrong is an input of the slot.
    void work.finally(() => this.#underWay.delete(work));
  }

  async #take(visit: Visit): Promise<void> {
    const { place, recorder } = visit;
    const { generation } = recorder;
    this.#reading.add(visit);
    await visit.before;
    const outcome = await this.#outcomeOf(visit);
    this.#passTurn(visit);
    const silence = await this.#scanners.get(place.dock)?.confirm();
    const unsure = silence !== undefined && silence !== 'stopped' && outcome.kind === 'ended';
    this.#feed(place, unsure ? { kind: 'failed', problem: silence, generation } : { ...outcome, generation });
  }

  async #outcomeOf(visit: Visit): Promise<TakeOutcome> {
    const { place, recorder, cancel } = visit;
    const { generation } = recorder;
    let over = false;
    const tell = (input: SlotInput): void => {
      if (!over) this.#feed(place, input);
    };
    try {
      cancel.signal.throwIfAborted();
      const summary = await this.#parts.take(recorder, {
        signal: cancel.signal,
        onStarted: (docking) => tell({ kind: 'started', generation, docking }),
        onProgress: (progress) => {
          // A late word must not be shown for the recorder that sits there now.
          if (over || place.recorder !== recorder) return;
          place.progress = progress;
          place.rate.add(progress, this.#parts.now());
          tell({ kind: 'progress', generation, progress });
        },
        onFinishing: () => {
          tell({ kind: 'finishing', generation });
          this.#passTurn(visit);
        },
        onStopped: () => {
          tell({ kind: 'finishing', generation });
          this.#passTurn(visit);
          if (!over) this.#track(visit, this.#letGoEarly(visit));
        },
        onClearing: (clearing) => tell({ kind: 'clearing', generation, clearing }),
      });
      return { kind: 'ended', summary };
    } catch (error) {
      if (!cancel.signal.aborted) {
        this.#parts.log.error({ err: error, slot: place.name, serial: recorder.serial }, 'a docking failed');
      }
      // Stopped before there was a docking.
      if (errorCode(error) === takenUrgently) return { kind: 'ended', summary: nothingTaken };
      return { kind: 'failed', problem: errorCode(error) };
    } finally {
      over = true;
    }
  }

  /** While what was not taken is still written down; whatever fails here is tried again at the end. */
  async #letGoEarly({ place, recorder }: Visit): Promise<void> {
    const { generation } = recorder;
    await letGo(place.dock, recorder, {
      log: this.#parts.log,
      onReleased: () => this.#feed(place, { kind: 'released', generation }),
      onHeld: () => undefined,
    });
  }

  async #release(visit: Visit): Promise<void> {
    const { place, recorder } = visit;
    const { generation } = recorder;
    const key = visitKey(place, generation);
    await letGo(place.dock, recorder, {
      log: this.#parts.log,
      // The same visit may have been queued anew since.
      onReleased: () => {
        if (this.#visits.get(key) === visit) this.#feed(place, { kind: 'released', generation });
      },
      onHeld: (problem) => {
        if (this.#visits.get(key) === visit) this.#feed(place, { kind: 'not-released', generation, problem });
      },
    });
    if (this.#visits.get(key) === visit) this.#visits.delete(key);
  }
}
