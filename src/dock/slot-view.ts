/** What the pages are shown of a slot, from its state and what is known of the visit. */
import type { DockedRecorder, DockKind, SlotNotice, SlotView, TakeProgress } from '../domain/dock.ts';
import { mayPull, recorderPulled, type Slot } from '../domain/slot-machine.ts';

/** One slot as the keeper holds it. */
export interface SlotPlace {
  readonly kind: DockKind;
  readonly name: string;
  readonly slot: Slot;
  readonly sinceMs: number;
  /** The last recorder that sat here; undefined once the slot is empty. */
  readonly recorder: DockedRecorder | undefined;
  readonly progress: TakeProgress | undefined;
  readonly secondsLeft: number | null;
  /** Someone asked for this visit's recorder at once. */
  readonly isUrgent: boolean;
}

const noProgress: TakeProgress = { filesDone: 0, files: 0, bytesDone: 0, bytes: 0 };

export function slotView(place: SlotPlace): SlotView {
  const { slot } = place;
  const summary = summaryOf(slot);
  const empty = slot.state === 'empty';
  return {
    kind: place.kind,
    slot: place.name,
    state: slot.state,
    mayPull: mayPull(slot),
    serial: empty ? null : (place.recorder?.serial ?? null),
    docking: dockingOf(slot),
    ...(slot.state === 'clearing'
      ? { ...noProgress, ...slot.clearing }
      : ((empty ? undefined : place.progress) ?? noProgress)),
    secondsLeft: slot.state === 'copying' ? place.secondsLeft : null,
    counts:
      summary === null
        ? null
        : {
            sealed: summary.sealed,
            held: summary.held,
            skipped: summary.skipped,
            refused: summary.refused,
            failed: summary.failed,
            notTaken: summary.notTaken ?? 0,
            cleared: summary.cleared ?? 0,
          },
    problem: problemOf(slot),
    since: new Date(place.sinceMs).toISOString(),
    ...urgentOf(place),
  };
}

/** Folders that people copied here are nobody's recorder. */
function urgentOf({ kind, slot, isUrgent }: SlotPlace): Pick<SlotView, 'urgent'> {
  if (kind === 'import-folder' || mayPull(slot) || slot.state === 'failed') return {};
  if (slot.state === 'finishing' && slot.outcome !== null) return isUrgent ? { urgent: 'asked' } : {};
  return { urgent: isUrgent ? 'asked' : 'offered' };
}

/** A device that is being opened, or is no recorder that can be read: shown where nothing else goes on in the slot. */
export function withNotice(view: SlotView, notice: SlotNotice | undefined): SlotView {
  if (notice === undefined || (view.state !== 'empty' && view.state !== 'pulled')) return view;
  const { problem, sinceMs } = notice;
  const isOpening = problem === null;
  const state = isOpening ? 'waiting' : 'failed';
  const nothing = { ...noProgress, serial: null, docking: null, counts: null, secondsLeft: null };
  return { ...view, ...nothing, state, mayPull: !isOpening, problem, since: new Date(sinceMs).toISOString() };
}

function problemOf(slot: Slot): string | null {
  if (slot.state === 'attention') return slot.summary.problem ?? null;
  return slot.state === 'failed' ? slot.problem : slot.state === 'pulled' ? recorderPulled : null;
}

function summaryOf(slot: Slot) {
  if (slot.state === 'done' || slot.state === 'attention' || slot.state === 'pulled') return slot.summary;
  return slot.state === 'finishing' && slot.outcome?.kind === 'ended' ? slot.outcome.summary : null;
}

function dockingOf(slot: Slot): string | null {
  if ('docking' in slot) return slot.docking;
  return 'summary' in slot ? slot.summary.docking : null;
}
