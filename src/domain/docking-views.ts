/**
 * A docking as people are shown it, on pages, on the command line and on its receipt: the same words and the same
 * counts everywhere. `missing` is what nobody can fetch from the vault and no rule left out.
 */

import type { Outcome } from './clip-facts.ts';

export type DockingState = 'open' | 'ended' | 'cancelled' | 'interrupted';
export const dockingStates: readonly DockingState[] = ['open', 'ended', 'cancelled', 'interrupted'];

export interface DockingCountsView {
  /** Everything that the inventory listed; null until it was recorded. */
  readonly listed: number | null;
  readonly bytes: number | null;
  readonly sealed: number;
  /** Null where no outcome was recorded: while it runs, and after an interruption. */
  readonly held: number | null;
  readonly skipped: number | null;
  /** Null while it runs, and when the inventory was never recorded. */
  readonly missing: number | null;
}

export interface DockingView extends DockingCountsView {
  readonly docking: string;
  readonly kind: string;
  readonly slot: string | null;
  readonly recorder: string | null;
  /** Whether the list of recorders has it; null when there is no list, or no serial. */
  readonly isRegistered: boolean | null;
  readonly state: DockingState;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** How many findings there are about the docking itself. */
  readonly findings: number;
}

/** Null at an end that nothing limits. */
export interface DockingClock {
  readonly basis: 'protocol' | 'files' | 'none';
  readonly atLeastMs: number | null;
  readonly atMostMs: number | null;
}

export interface DockingDetail extends DockingView {
  /** Null where it was not measured. */
  readonly clock: DockingClock | null;
  /** Of the clearing, of which there is a certificate; null when none was planned. */
  readonly clearing: { readonly state: string; readonly toClear: number; readonly cleared: number } | null;
  readonly recorderBasis: string;
  readonly inventoryComplete: boolean | null;
  readonly volumeUuid: string | null;
  readonly findingList: readonly { readonly code: string; readonly detail: string | null }[];
  readonly records: readonly {
    readonly seq: number;
    readonly type: string;
    readonly time: string;
    readonly actor: string;
  }[];
  /** All of them, of which `records` may be the first. */
  readonly recordCount: number;
}

export interface DockingEntryView {
  readonly path: string;
  /** The exact bytes of the path. */
  readonly pathHex: string;
  readonly type: string;
  readonly bytes: number | null;
  /** Null: not reached, or not yet. */
  readonly outcome: Outcome | null;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly clip: string | null;
}

export interface DockingCountsInput {
  readonly state: DockingState;
  readonly entries: number | null;
  readonly sealed: number;
  readonly held: number | null;
  readonly skipped: number | null;
}

/** Entries that are neither in the vault nor left out by a rule. */
export function missingOf({ state, entries, sealed, held, skipped }: DockingCountsInput): number | null {
  if (state === 'open' || entries === null) return null;
  return Math.max(0, entries - sealed - (held ?? 0) - (skipped ?? 0));
}
