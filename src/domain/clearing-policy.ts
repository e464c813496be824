/**
 * Clearing (清空记录仪): which file of a docking may be deleted from the recorder, and why another may not. The recorder's
 * card is the original medium, so whatever is doubtful keeps its file: a reason to keep always wins, and the first one
 * that applies is told. Pure: the caller has looked everything up and re-read the recorder.
 */
import type { Outcome } from './clip-facts.ts';
import type { SealedReadBack } from './copy-engine.ts';

/** `after-copies`: only what lies in so many verified places, the vault counted. */
export type ClearingPolicy = 'keep' | 'after-seal' | 'after-copies';

/** How a file is looked at right before it is deleted. `digest` reads it whole; both compare size and time. */
export type ClearingRecheck = 'digest' | 'size-and-time';

/** What was true of the whole docking when it ended. */
export interface ClearingDocking {
  readonly ended: 'ended' | 'cancelled' | 'interrupted';
  /** False when a folder could not be listed whole: a damaged file system must not be written to. */
  readonly inventoryComplete: boolean;
  /**
   * A file could not be read, or the card's inventory is doubtful (`cardDoubts`): writing to it may cost what was not
   * taken yet.
   */
  readonly readErrors: boolean;
  /** The serial does not tell this recorder from others. */
  readonly isSerialShared: boolean;
  readonly readBack: SealedReadBack;
}

/** What is known of one file of the inventory. */
export interface ClearingFile {
  /** Null while nothing became of it, as after a docking that was broken off. */
  readonly outcome: Outcome | null;
  /** For `already-held`: whether its bytes were read and compared in this docking, not only its listing. */
  readonly readNow: boolean;
  /** The original as the vault has it now: read again where it was not written in this docking. */
  readonly original: 'verified' | 'missing' | 'damaged';
  /** Verified copies, the vault's own included. */
  readonly copies: number;
  readonly isLinkedToCase: boolean;
  readonly isHeld: boolean;
  /** Two different people agreed to delete this clip from the recorder. */
  readonly isApproved: boolean;
}

export interface ClearingInput {
  readonly policy: ClearingPolicy;
  /** With `after-copies`. */
  readonly copiesWanted: number;
  readonly docking: ClearingDocking;
  readonly file: ClearingFile;
}

/**
 * Findings after which a docking's card is never written to: its names are not safe to delete by, or nobody could check
 * what lies on it. Deleting one of two case twins by its name deletes the other.
 */
export const cardDoubts: readonly string[] = [
  'card-read-past-kernel',
  'card-listing-differs',
  'card-entry-unreachable',
  'card-check-failed',
];

export type KeepReason =
  | 'policy-keep'
  | 'docking-not-ended'
  | 'inventory-incomplete'
  | 'card-doubtful'
  | 'serial-shared'
  | 'vault-unproved'
  | 'not-sealed-now'
  | 'not-reread'
  | 'original-missing'
  | 'original-damaged'
  | 'on-hold'
  | 'linked-awaits-approval'
  | 'too-few-copies'
  // Found right before deleting.
  | 'changed-on-recorder'
  | 'recheck-failed'
  | 'not-reached'
  | 'delete-failed';

export type ClearingDecision =
  /** `single-copy`: the vault will hold the only one. */
  | { readonly decision: 'clear'; readonly warnings: readonly 'single-copy'[] }
  | { readonly decision: 'keep'; readonly reason: KeepReason };

export function decideClearing(input: ClearingInput): ClearingDecision {
  const { policy, copiesWanted, docking, file } = input;
  const reason = ofPolicy(policy) ?? ofDocking(docking) ?? ofFile(file) ?? ofCopies(policy, copiesWanted, file.copies);
  if (reason !== undefined) return { decision: 'keep', reason };
  return { decision: 'clear', warnings: file.copies < 2 ? ['single-copy'] : [] };
}

const ofPolicy = (policy: ClearingPolicy): KeepReason | undefined => (policy === 'keep' ? 'policy-keep' : undefined);

function ofDocking(docking: ClearingDocking): KeepReason | undefined {
  if (docking.ended !== 'ended') return 'docking-not-ended';
  if (!docking.inventoryComplete) return 'inventory-incomplete';
  if (docking.readErrors) return 'card-doubtful';
  if (docking.isSerialShared) return 'serial-shared';
  // Copies that were never read back from a disk prove nothing; the card stays the proof.
  if (docking.readBack === 'none' || docking.readBack === 'memory-fs') return 'vault-unproved';
  return undefined;
}

function ofFile(file: ClearingFile): KeepReason | undefined {
  if (file.outcome !== 'sealed' && file.outcome !== 'already-held') return 'not-sealed-now';
  if (file.outcome === 'already-held' && !file.readNow) return 'not-reread';
  if (file.original === 'missing') return 'original-missing';
  if (file.original === 'damaged') return 'original-damaged';
  return awaitedApproval(file);
}

/** Asked again right before deleting: somebody may have linked or held the clip since the plan was made. */
export function awaitedApproval({
  isHeld,
  isLinkedToCase,
  isApproved,
}: Pick<ClearingFile, 'isHeld' | 'isLinkedToCase' | 'isApproved'>): KeepReason | undefined {
  // What is on hold stays on its recorder, too, whoever agrees to something else.
  if (isHeld) return 'on-hold';
  if (isApproved) return undefined;
  return isLinkedToCase ? 'linked-awaits-approval' : undefined;
}

function ofCopies(policy: ClearingPolicy, wanted: number, copies: number): KeepReason | undefined {
  return policy === 'after-copies' && copies < wanted ? 'too-few-copies' : undefined;
}

/** What lies on the recorder right before deleting; `digest` undefined where only size and time were looked at. */
export interface RecheckInput {
  readonly recheck: ClearingRecheck;
  readonly listed: { readonly bytes: number; readonly mtimeNs: string; readonly sha256: string };
  /** Undefined: it is not there, or no regular file. */
  readonly found: { readonly bytes: number; readonly mtimeNs: string; readonly sha256: string | undefined } | undefined;
}

/** Whether it is still, to the byte, the file that was sealed. */
export function judgeRecheck({ recheck, listed, found }: RecheckInput): 'same' | 'changed-on-recorder' {
  const isSame =
    found !== undefined &&
    found.bytes === listed.bytes &&
    found.mtimeNs === listed.mtimeNs &&
    (recheck === 'digest' ? found.sha256 === listed.sha256 : (found.sha256 ?? listed.sha256) === listed.sha256);
  return isSame ? 'same' : 'changed-on-recorder';
}

/** What an error of writing to the recorder means for the slot. */
export type ClearingProblem =
  | 'clearing-card-read-only'
  | 'clearing-card-error'
  | 'clearing-card-full'
  | 'clearing-not-flushed'
  | 'recorder-pulled'
  | 'clearing-failed';

const problems: { readonly [code: string]: ClearingProblem } = {
  EROFS: 'clearing-card-read-only',
  EIO: 'clearing-card-error',
  ENOSPC: 'clearing-card-full',
  ENODEV: 'recorder-pulled',
  ENXIO: 'recorder-pulled',
  ESTALE: 'recorder-pulled',
  'recorder-pulled': 'recorder-pulled',
  'flush-failed': 'clearing-not-flushed',
};

export const clearingProblem = (code: string): ClearingProblem => problems[code] ?? 'clearing-failed';

/** Stopped because someone asked for it, not because something is wrong. */
export const isAskedStop = (code: string): boolean => code === 'taken-urgently' || code === 'station-stopping';
