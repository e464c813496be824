/**
 * Urgent requests (紧急取用): someone needs a recorder while it is being taken. First the work is told to stop, then the
 * request is written down: nobody waits for a disk to get a recorder. There is something to ask only while the docks run.
 */
import type { SlotView } from '../domain/dock.ts';
import { errorMessage, StationError } from '../domain/errors.ts';
import type { Actor } from '../domain/records.ts';
import { hasEnded } from '../domain/slot-machine.ts';
import type { StationContext } from './station-context.ts';

export interface UrgentSlots {
  /** What the slot was doing when it was told to stop; undefined where there is nothing to stop. */
  urgent(wanted: { readonly slot: string; readonly kind?: string | undefined }): SlotView | undefined;
  slots(): readonly SlotView[];
  onChange(listener: () => void): () => void;
}

export interface UrgentRequest {
  readonly slot: string;
  /** Where two docks have a slot of that number. */
  readonly kind?: string | undefined;
  readonly actor: Actor;
}

/** As long as anyone waits at a slot for an answer. */
const waitMsMax = 30_000;

export class UrgentDesk {
  readonly #context: StationContext;
  #slots: UrgentSlots | undefined;

  constructor(context: StationContext) {
    this.#context = context;
  }

  /** Called by the service once its docks run; the returned function ends it. */
  serve(slots: UrgentSlots): () => void {
    this.#slots = slots;
    return () => {
      this.#slots = undefined;
    };
  }

  /** Stops the work and says what was stopped. @throws StationError docks-not-running, slot-not-busy */
  async request({ slot, kind, actor }: UrgentRequest): Promise<SlotView> {
    const view = this.#running().urgent({ slot, kind });
    if (view === undefined) {
      throw new StationError('slot-not-busy', `there is nothing to stop in slot ${slot}`, {
        next: 'Look at the slot: a recorder that is done may be pulled out.',
      });
    }
    const { ledger, options } = this.#context;
    const { docking, state } = view;
    options.log.info({ slot, docking, state }, 'a recorder is taken urgently');
    await ledger.append({
      type: 'urgent-requested',
      actor,
      subject: docking ?? `slot-${slot}`,
      body: { slot, kind: view.kind, docking, state },
    });
    return view;
  }

  /** Resolves when the recorder may be pulled out. @throws StationError urgent-slow; the signal's reason */
  mayPull(asked: SlotView, signal: AbortSignal): Promise<SlotView> {
    return this.#until(asked, signal, (view) => view.mayPull);
  }

  /** Resolves when it is written down what was not taken. @throws as mayPull */
  settled(asked: SlotView, signal: AbortSignal): Promise<SlotView> {
    return this.#until(asked, signal, ({ state }) => state === 'empty' || hasEnded(state));
  }

  async #until({ kind, slot }: SlotView, signal: AbortSignal, isRight: (view: SlotView) => boolean): Promise<SlotView> {
    const slots = this.#running();
    const late = AbortSignal.any([signal, AbortSignal.timeout(waitMsMax)]);
    const { promise, resolve, reject } = Promise.withResolvers<SlotView>();
    const look = (): void => {
      const view = slots.slots().find((one) => one.kind === kind && one.slot === slot);
      if (view !== undefined && isRight(view)) resolve(view);
    };
    const stopListening = slots.onChange(look);
    late.addEventListener('abort', () => reject(late.reason), { once: true });
    look();
    try {
      return await promise;
    } catch (error) {
      signal.throwIfAborted();
      throw new StationError('urgent-slow', `slot ${slot} is not free after ${waitMsMax / 1000} s`, {
        cause: error,
        next: `Do not pull the recorder out yet (${errorMessage(error)}); look at the slot.`,
      });
    } finally {
      stopListening();
    }
  }

  #running(): UrgentSlots {
    if (this.#slots !== undefined) return this.#slots;
    throw new StationError('docks-not-running', 'no station runs on this data folder', {
      next: 'Start it with "evidock run".',
    });
  }
}
