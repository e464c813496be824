/**
 * The clearing certificate (清空凭证) and requests as people are shown them. Everything comes from the ledger, so it says
 * the same at any later time.
 */
import type { ClearingPolicy, ClearingRecheck } from './clearing-policy.ts';

export interface ClearingCertificate {
  readonly station: { readonly id: string; readonly name: string };
  readonly docking: string;
  readonly recorder: string | null;
  readonly slot: string | null;
  readonly startedAt: string;
  readonly policy: ClearingPolicy;
  readonly copiesWanted: number;
  readonly recheck: ClearingRecheck;
  readonly plannedAt: string;
  readonly plannedSeq: number;
  /** `interrupted`: nobody saw its end; what was planned and not confirmed may be gone. */
  readonly state: 'open' | 'ended' | 'interrupted';
  readonly endedAt: string | null;
  readonly endedSeq: number | null;
  /** Code of what ended it early. */
  readonly stopped: string | null;
  readonly flushed: boolean | null;
  readonly clearedBytes: number;
  readonly cleared: readonly ClearedFile[];
  readonly stayed: readonly StayedFile[];
  readonly consents: readonly ClearingConsentView[];
  /** The signed tree that holds all of it; null while it has no end. */
  readonly checkpoint: { readonly size: number; readonly root: string } | null;
}

export interface ClearedFile {
  readonly path: string;
  readonly pathHex: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly clip: string;
  readonly sealedSeq: number;
  readonly clearedSeq: number;
  readonly clearedAt: string;
}

export interface StayedFile {
  readonly path: string;
  readonly pathHex: string;
  readonly bytes: number | null;
  /** A reason to keep, or `may-be-gone`. */
  readonly reason: string;
}

export interface ClearingConsentView {
  readonly request: string;
  readonly requestedAt: string;
  readonly requestedSeq: number;
  /** Null when the name was lawfully erased. */
  readonly requester: string | null;
  readonly reason: string | null;
  readonly approvedAt: string | null;
  readonly approvedSeq: number | null;
  readonly approver: string | null;
  readonly approvalReason: string | null;
  readonly clips: number;
}

/** One clearing in a list. */
export interface ClearingView {
  readonly docking: string;
  readonly recorder: string | null;
  readonly plannedAt: string;
  readonly state: 'open' | 'ended' | 'interrupted';
  readonly toClear: number;
  readonly cleared: number;
  readonly stopped: string | null;
}
