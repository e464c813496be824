/**
 * What a slot goes through, as data: (slot, input) -> { slot, effects }. It decides when a recorder may be pulled out,
 * which is never while anything may still be read from it or its volume has not been let go.
 * Every input names the visit (generation) it speaks of, so a late word about a recorder that is gone changes nothing
 * for the one that sits there now. Effects are carried out by the dock keeper; nothing here waits or does anything.
 */
import type { ClearingProgress, DockingSummary, SlotState, TakeProgress } from './dock.ts';

export const recorderPulled = 'recorder-pulled';
/** Why work was stopped: someone needs the recorder at once. */
export const takenUrgently = 'taken-urgently';

/** How taking recordings off ended. */
export type TakeOutcome =
  | { readonly kind: 'ended'; readonly summary: DockingSummary }
  | { readonly kind: 'failed'; readonly problem: string };

interface Visit {
  readonly generation: string;
  readonly docking: string | null;
}

export type Slot =
  | { readonly state: 'empty' }
  | { readonly state: 'waiting'; readonly generation: string }
  | (Visit & { readonly state: 'listing' })
  | (Visit & { readonly state: 'copying'; readonly progress: TakeProgress })
  /** With an outcome: the volume is being let go. */
  | (Visit & {
      readonly state: 'finishing';
      readonly progress: TakeProgress | null;
      readonly outcome: TakeOutcome | null;
      /** The volume was let go before what became of its files was all written down: someone needed the recorder. */
      readonly released?: true;
    })
  | (Visit & {
      readonly state: 'clearing';
      readonly progress: TakeProgress | null;
      readonly clearing: ClearingProgress;
    })
  | { readonly state: 'done' | 'attention'; readonly generation: string; readonly summary: DockingSummary }
  | (Visit & { readonly state: 'failed'; readonly problem: string; readonly released: boolean })
  /** `taking`: what was begun has not come to its end yet. */
  | (Visit & { readonly state: 'pulled'; readonly taking: boolean; readonly summary: DockingSummary | null });

export type SlotInput = { readonly generation: string } & (
  | { readonly kind: 'appeared' }
  | { readonly kind: 'turn' }
  | { readonly kind: 'started'; readonly docking: string }
  | { readonly kind: 'progress'; readonly progress: TakeProgress }
  | { readonly kind: 'finishing' }
  | { readonly kind: 'clearing'; readonly clearing: ClearingProgress }
  | { readonly kind: 'ended'; readonly summary: DockingSummary }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'released' }
  | { readonly kind: 'not-released'; readonly problem: string }
  | { readonly kind: 'gone' }
  /** Someone needs the recorder at once. */
  | { readonly kind: 'urgent' }
);

/**
 * `queue`: wants a turn; `leave-queue`: no longer; `take`: the work; `abort`: the recorder is gone; `stop`: end at the next
 * safe point; `release`: let the volume go.
 */
export interface SlotEffect {
  readonly kind: 'queue' | 'leave-queue' | 'take' | 'abort' | 'stop' | 'release';
  readonly generation: string;
}

export interface SlotStep {
  readonly slot: Slot;
  readonly effects: readonly SlotEffect[];
}

export const emptySlot: Slot = { state: 'empty' };

/** Of a recorder that was needed at once before its files were listed: there is no docking. */
export const nothingTaken: DockingSummary = {
  docking: null,
  sealed: 0,
  held: 0,
  skipped: 0,
  refused: 0,
  failed: 0,
  cancelled: true,
  problem: takenUrgently,
};

/** Total: every input is allowed in every state; one that says nothing new gives the same slot and no effects. */
export function stepSlot(slot: Slot, input: SlotInput): SlotStep {
  switch (input.kind) {
    case 'appeared':
      return appeared(slot, input.generation);
    case 'gone':
      return isOf(slot, input) ? gone(slot) : stay(slot);
    case 'ended':
      return takeEnded(slot, input, { kind: 'ended', summary: input.summary });
    case 'failed':
      return takeEnded(slot, input, { kind: 'failed', problem: input.problem });
    case 'turn':
    case 'started':
    case 'progress':
    case 'finishing':
    case 'clearing':
      return isOf(slot, input) ? advanced(slot, input) : stay(slot);
    case 'released':
    case 'not-released':
      return isOf(slot, input) ? letGo(slot, input) : stay(slot);
    case 'urgent':
      return isOf(slot, input) ? urgent(slot) : stay(slot);
  }
}

/** The one thing an officer must see from two metres away. */
export function mayPull(slot: Slot): boolean {
  switch (slot.state) {
    case 'empty':
    case 'done':
    case 'attention':
    case 'pulled':
      return true;
    case 'failed':
      return slot.released;
    case 'finishing':
      return slot.released === true;
    case 'waiting':
    case 'listing':
    case 'copying':
    case 'clearing':
      return false;
  }
}

/** Nothing more will happen in this slot until its recorder is taken out. */
export function hasEnded(state: SlotState): boolean {
  return state === 'done' || state === 'attention' || state === 'failed' || state === 'pulled';
}

function appeared(slot: Slot, generation: string): SlotStep {
  const waiting: SlotStep = { slot: { state: 'waiting', generation }, effects: [{ kind: 'queue', generation }] };
  if (slot.state === 'empty') return waiting;
  if (slot.state === 'pulled') {
    // The same visit seen again, as after a scan that missed it: only once the old work has closed its files.
    return slot.taking && slot.generation === generation ? stay(slot) : waiting;
  }
  if (slot.generation === generation) return stay(slot);
  // Swapped between two scans: nobody saw the slot empty.
  const left = gone(slot);
  return { slot: waiting.slot, effects: [...left.effects, ...waiting.effects] };
}

function gone(slot: Slot): SlotStep {
  switch (slot.state) {
    case 'empty':
    case 'pulled':
      return stay(slot);
    case 'done':
    case 'attention':
    case 'failed':
      return { slot: emptySlot, effects: [] };
    case 'waiting': {
      const { generation } = slot;
      return {
        slot: { state: 'pulled', generation, docking: null, taking: false, summary: null },
        effects: [
          { kind: 'leave-queue', generation },
          { kind: 'release', generation },
        ],
      };
    }
    case 'listing':
    case 'copying':
    case 'clearing':
      return pulledWhileTaking(slot);
    case 'finishing': {
      if (slot.released === true) return { slot: emptySlot, effects: [] };
      if (slot.outcome === null) return pulledWhileTaking(slot);
      const { generation, docking, outcome } = slot;
      const summary = outcome.kind === 'ended' ? outcome.summary : null;
      // Letting go was under way, so nobody knows whether the card was left in order.
      return { slot: { state: 'pulled', generation, docking, taking: false, summary }, effects: [] };
    }
  }
}

/** The work ends itself, so that nothing is half sealed; where none was begun the volume is let go at once. */
function urgent(slot: Slot): SlotStep {
  switch (slot.state) {
    case 'waiting': {
      const { generation } = slot;
      const outcome: TakeOutcome = { kind: 'ended', summary: nothingTaken };
      return {
        slot: { state: 'finishing', generation, docking: null, progress: null, outcome },
        effects: [
          { kind: 'leave-queue', generation },
          { kind: 'release', generation },
        ],
      };
    }
    case 'finishing':
    case 'listing':
    case 'copying':
    case 'clearing': {
      const isOver = slot.state === 'finishing' && slot.outcome !== null;
      return { slot, effects: isOver ? [] : [{ kind: 'stop', generation: slot.generation }] };
    }
    case 'empty':
    case 'done':
    case 'attention':
    case 'failed':
    case 'pulled':
      return stay(slot);
  }
}

function pulledWhileTaking({ generation, docking }: Visit): SlotStep {
  return {
    slot: { state: 'pulled', generation, docking, taking: true, summary: null },
    effects: [{ kind: 'abort', generation }],
  };
}

function takeEnded(slot: Slot, input: SlotInput, outcome: TakeOutcome): SlotStep {
  const release: SlotEffect = { kind: 'release', generation: input.generation };
  if (!isOf(slot, input)) return { slot, effects: [release] };
  switch (slot.state) {
    case 'listing':
    case 'copying':
    case 'clearing':
    case 'finishing': {
      if (slot.state === 'finishing' && slot.outcome !== null) return stay(slot);
      const { generation } = slot;
      const progress = slot.state === 'listing' ? null : slot.progress;
      const docking = outcome.kind === 'ended' ? outcome.summary.docking : slot.docking;
      if (slot.state === 'finishing' && slot.released === true) {
        return { slot: endedSlot({ generation, docking }, outcome), effects: [release] };
      }
      return { slot: { state: 'finishing', generation, docking, progress, outcome }, effects: [release] };
    }
    case 'pulled': {
      if (!slot.taking) return stay(slot);
      const ended = outcome.kind === 'ended' ? outcome.summary : null;
      const docking = ended?.docking ?? slot.docking;
      return { slot: { ...slot, docking, taking: false, summary: ended }, effects: [release] };
    }
    case 'empty':
    case 'waiting':
    case 'done':
    case 'attention':
    case 'failed':
      return stay(slot);
  }
}

type WorkInput = Extract<SlotInput, { kind: 'turn' | 'started' | 'progress' | 'finishing' | 'clearing' }>;

function advanced(slot: Slot, input: WorkInput) {
  switch (slot.state) {
    case 'waiting': {
      const { generation } = slot;
      if (input.kind !== 'turn') return stay(slot);
      const listing: Slot = { state: 'listing', generation, docking: null };
      return { slot: listing, effects: [{ kind: 'take', generation } as const] };
    }
    case 'listing':
    case 'copying':
      return stay(worked(slot, input));
    case 'finishing':
      return stay(slot.outcome === null ? finished(slot, input) : slot);
    case 'clearing':
      if (input.kind === 'clearing') return stay({ ...slot, clearing: input.clearing });
      // Stopped, and what was not deleted is written down.
      return stay(input.kind === 'finishing' ? finishingOf(slot, slot.progress) : slot);
    case 'pulled':
      return stay(input.kind === 'started' && slot.taking ? { ...slot, docking: input.docking } : slot);
    case 'empty':
    case 'done':
    case 'attention':
    case 'failed':
      return stay(slot);
  }
}

/** Content is looked at and the checkpoint signed; then sealed files may be deleted from the recorder. */
function finished(slot: Extract<Slot, { state: 'finishing' }>, input: WorkInput): Slot {
  const { generation, docking, progress } = slot;
  switch (input.kind) {
    case 'started':
      return { ...slot, docking: input.docking };
    case 'progress':
      return { ...slot, progress: input.progress };
    case 'clearing':
      // What was let go is never touched again.
      if (slot.released === true) return slot;
      return { state: 'clearing', generation, docking, progress, clearing: input.clearing };
    case 'turn':
    case 'finishing':
      return slot;
  }
}

function worked(slot: Extract<Slot, { state: 'listing' | 'copying' }>, input: WorkInput): Slot {
  const { generation, docking } = slot;
  switch (input.kind) {
    case 'turn':
      return slot;
    case 'started':
      return { ...slot, docking: input.docking };
    case 'progress':
      return { state: 'copying', generation, docking, progress: input.progress };
    // Nothing may be deleted before everything was taken and its checkpoint signed.
    case 'clearing':
      return slot;
    case 'finishing': {
      return finishingOf(slot, slot.state === 'copying' ? slot.progress : null);
    }
  }
}

function letGo(slot: Slot, input: Extract<SlotInput, { kind: 'released' | 'not-released' }>): SlotStep {
  if (slot.state === 'failed') return stay(input.kind === 'released' ? { ...slot, released: true } : slot);
  if (slot.state !== 'finishing') return stay(slot);
  const { generation, docking, outcome } = slot;
  // Let go early; if that did not work it is tried again at the end.
  if (outcome === null) return stay(input.kind === 'released' ? { ...slot, released: true } : slot);
  if (input.kind === 'not-released') {
    return stay({ state: 'failed', generation, docking, problem: input.problem, released: false });
  }
  return stay(endedSlot({ generation, docking }, outcome));
}

/** What a slot shows once the volume was let go. */
function endedSlot({ generation, docking }: Visit, outcome: TakeOutcome): Slot {
  if (outcome.kind === 'failed') {
    return { state: 'failed', generation, docking, problem: outcome.problem, released: true };
  }
  const { summary } = outcome;
  return { state: tookAll(summary) ? 'done' : 'attention', generation, summary };
}

const finishingOf = ({ generation, docking }: Visit, progress: TakeProgress | null): Slot => ({
  state: 'finishing',
  generation,
  docking,
  progress,
  outcome: null,
});

function tookAll(summary: DockingSummary): boolean {
  return summary.refused === 0 && summary.failed === 0 && !summary.cancelled && summary.problem === undefined;
}

function isOf(slot: Slot, input: SlotInput): boolean {
  return slot.state !== 'empty' && slot.generation === input.generation;
}

const stay = (slot: Slot): SlotStep => ({ slot, effects: [] });
