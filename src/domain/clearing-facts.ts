/**
 * What the records and documents of a clearing say. Order in the ledger: `clearing-planned` in parts, the last one
 * durable before the first deletion; `clip-cleared` for each file right after it is gone; `clearing-kept` for what was
 * planned and stayed; `clearing-ended`. A plan without an end was cut off: `clearing-interrupted` names what may be gone.
 */
import type { ClearingPolicy, ClearingRecheck, KeepReason } from './clearing-policy.ts';
import type { ClipId, DockingId, Sha256Hex } from './ids.ts';

export interface ClearingPlannedBody {
  readonly docking: DockingId;
  readonly policy: ClearingPolicy;
  readonly copiesWanted: number;
  readonly recheck: ClearingRecheck;
  /** 1, 2, …; `last` on the final one. Each part's entries stand in its document. */
  readonly part: number;
  readonly last: boolean;
  readonly entries: number;
  /** Of the whole plan. */
  readonly toClear: number;
  readonly bytesToClear: number;
  readonly toKeep: number;
  /** How many will have the vault's copy only. */
  readonly singleCopy: number;
}

/** Document of a `clearing-planned` record. */
export interface ClearingPlanDocument {
  readonly entries: readonly ClearingPlanEntry[];
}

export interface ClearingPlanEntry {
  readonly path: string;
  readonly pathHex: string;
  /** Null means: is to be cleared. */
  readonly keep: KeepReason | null;
  readonly clip?: string;
}

export interface ClipClearedBody {
  readonly clip: ClipId;
  readonly docking: DockingId;
  readonly sha256: Sha256Hex;
  readonly bytes: number;
  /** How it was looked at right before: `digest` past the cache, `digest-cached`, or `size-and-time`. */
  readonly recheck: 'digest' | 'digest-cached' | 'size-and-time';
  readonly copies: number;
}

/** Document of a `clip-cleared` record. */
export interface ClipClearedDocument {
  readonly path: string;
  readonly pathHex: string;
}

/** Document of a `clearing-kept` and of a `clearing-interrupted` record; in the latter all of them may be gone. */
export interface ClearingKeptDocument {
  readonly entries: readonly {
    readonly path: string;
    readonly pathHex: string;
    readonly reason: KeepReason | 'may-be-gone';
    readonly detail?: string;
  }[];
}

export interface ClearingEndedBody {
  readonly docking: DockingId;
  readonly cleared: number;
  readonly clearedBytes: number;
  readonly kept: number;
  /** Why it ended before the plan did; null when it did not. */
  readonly stopped: string | null;
  /** Whether the recorder's file system took leave in order: all written, read-only again. */
  readonly flushed: boolean;
}

/** Document of a `clearing-requested` and a `clearing-approved` record. */
export interface ClearingConsentDocument {
  readonly name: string;
  readonly reason: string;
}
