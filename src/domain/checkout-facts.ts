/**
 * Check-outs of shared recorders (领用, 交还) and claims (认领): what their records say, and which of them counted at a
 * moment of the ledger. A check-out spans from when it was handed out until it was returned; a mistaken one is withdrawn
 * by a record of its own, never altered. Instants are ISO UTC with milliseconds, so they compare as text.
 */
import type { CheckOutCheck } from './check-out-policy.ts';

/** Body of `recorder-checked-out`. */
export interface CheckedOutBody {
  /** `k-…` */
  readonly checkout: string;
  readonly recorder: string;
  /** When it was handed out, which may be before it was recorded. */
  readonly at: string;
  /** A shift that was entered afterwards: when it had been given back. */
  readonly returnedAt?: string;
  /** The check-out that this one ended, at `at`. */
  readonly ends?: string;
}

/** Its only document. */
export interface CheckOutDocument {
  readonly certificateNo: string;
  readonly checks: readonly CheckOutCheck[];
  /** Why it was handed out although something spoke against it. */
  readonly evenSo?: string;
}

export type ReturnBasis =
  /** Somebody said so. */
  | 'by-hand'
  /** It was docked, and `recorders.returnAtDock` was on. */
  | 'docking'
  /** It was handed to somebody else: whoever had it had given it back. */
  | 'next-check-out';

/** Body of `recorder-returned`; it has no document. */
export interface ReturnedBody {
  readonly checkout: string;
  readonly recorder: string;
  readonly at: string;
  readonly basis: ReturnBasis;
}

/** Body of `checkout-withdrawn`: it never was. */
export interface CheckOutWithdrawnBody {
  readonly checkout: string;
}

export interface CheckOutWithdrawnDocument {
  /** So that a person who is forgotten is forgotten here, too. */
  readonly certificateNo: string;
  readonly reason: string;
}

/** Body of `clip-claimed`. */
export interface ClaimedBody {
  readonly clip: string;
}

/** Its only document. */
export interface ClaimDocument {
  readonly certificateNo: string;
  /** In the officer's words; may be empty. */
  readonly statement: string;
}

/** Body of `recorder-condition`: what driver and card said while it was docked. */
export interface RecorderConditionBody {
  readonly docking: string;
  readonly recorder: string;
  /** Each is a docking of its own. */
  readonly volumes: number;
  /** Null where the driver does not say. */
  readonly batteryPercent: number | null;
  /** Of all volumes, before anything was cleared. */
  readonly freeBytes: number | null;
}

export interface CheckOut {
  readonly checkout: string;
  readonly recorder: string;
  readonly certificateNo: string;
  readonly outAt: string;
  readonly outSeq: number;
  readonly returnedAt: string | null;
  readonly returnedSeq: number | null;
  readonly returnBasis: ReturnBasis | null;
  /** Sequence of the record that withdrew it. */
  readonly withdrawnSeq: number | null;
}

export interface OfficerClaim {
  readonly clip: string;
  readonly certificateNo: string;
  readonly statement: string;
  readonly seq: number;
  readonly at: string;
}

/** Check-outs as they were known at a sequence of the ledger; withdrawn ones are none. */
export function checkOutsKnownAt<C extends CheckOut>(checkOuts: readonly C[], knownAt = Number.POSITIVE_INFINITY): C[] {
  return checkOuts.flatMap((one) => {
    if (one.outSeq > knownAt || (one.withdrawnSeq !== null && one.withdrawnSeq <= knownAt)) return [];
    const isReturnKnown = one.returnedSeq !== null && one.returnedSeq <= knownAt;
    return [isReturnKnown ? one : { ...one, returnedAt: null, returnedSeq: null, returnBasis: null }];
  });
}

/** An instant that is known up to a range (a recording with its clock's error), both ends included. */
export interface InstantRange {
  readonly earliest: string;
  readonly latest: string;
}

/**
 * Whether somebody had it then: `whole`, all the range long; `part`, for some of it, so that it may have been. The
 * moment of the return itself belongs to nobody.
 */
export function checkOutCovers({ outAt, returnedAt }: CheckOut, range: InstantRange): 'whole' | 'part' | 'none' {
  const begins = outAt <= range.earliest;
  const ends = returnedAt === null || range.latest < returnedAt;
  if (begins && ends) return 'whole';
  const touches = outAt <= range.latest && (returnedAt === null || range.earliest < returnedAt);
  return touches ? 'part' : 'none';
}
