/**
 * The intake plan: what to do with each entry of an inventory, and why. By default every regular file is evidence;
 * only configured rules skip. Pure: the caller looks up what is held.
 */
import type { EntryType } from './clip-facts.ts';
import type { ClipId, Sha256Hex } from './ids.ts';

/** A clip that was sealed from the same source and path before. */
export interface HeldCandidate {
  readonly clip: ClipId;
  readonly sha256: Sha256Hex;
  readonly sm3: string;
  readonly bytes: number;
  readonly mtimeNs: string;
}

/** A clip from this source that was lawfully deleted; its path is forgotten, its digest stands in the ledger. */
export interface DeletedCandidate {
  readonly deletion: string;
  readonly sha256: Sha256Hex;
  readonly bytes: number;
}

/** How `already held` may be decided for a dock; by hand it is always `always`. */
export type RereadHeld = 'never' | 'sample' | 'always';

export interface PlanInput {
  readonly type: EntryType;
  readonly bytes: number;
  readonly mtimeNs: string;
  /** Id of the configured skip rule that matches, if one does. */
  readonly skipRule: string | undefined;
  readonly held: readonly HeldCandidate[];
  readonly deleted: readonly DeletedCandidate[];
  readonly rereadHeld: RereadHeld;
  /** With `sample`: whether this file was drawn. */
  readonly drawn: boolean;
}

export type PlanStep =
  | { readonly step: 'take' }
  /** Read and hash first: held when the digest is one of the candidates', skipped when it was deleted, else taken. */
  | {
      readonly step: 'compare';
      readonly candidates: readonly HeldCandidate[];
      readonly deleted: readonly DeletedCandidate[];
    }
  /** Held by recorder, path, size and time alone. */
  | { readonly step: 'held'; readonly candidate: HeldCandidate; readonly basis: 'listing' }
  | { readonly step: 'skip'; readonly reason: string }
  | { readonly step: 'refuse'; readonly reason: string };

const skippedTypes: Partial<Record<EntryType, string>> = {
  symlink: 'symbolic-link',
  fifo: 'fifo',
  socket: 'socket',
  device: 'device',
};

export function planEntry(input: PlanInput): PlanStep {
  const skipped = skippedTypes[input.type];
  if (skipped !== undefined) return { step: 'skip', reason: skipped };
  if (input.type !== 'file') return { step: 'refuse', reason: input.type };
  if (input.skipRule !== undefined) return { step: 'skip', reason: `rule:${input.skipRule}` };
  const sameSize = input.held.filter((candidate) => candidate.bytes === input.bytes);
  // What holds no byte is like every other empty file and tells nothing of what was deleted.
  const deleted = input.deleted.filter(({ bytes }) => bytes === input.bytes && bytes > 0);
  if (sameSize.length === 0 && deleted.length === 0) return { step: 'take' };
  const unchanged = sameSize.find((candidate) => candidate.mtimeNs === input.mtimeNs);
  const trustListing = input.rereadHeld === 'never' || (input.rereadHeld === 'sample' && !input.drawn);
  if (unchanged !== undefined && trustListing) return { step: 'held', candidate: unchanged, basis: 'listing' };
  return { step: 'compare', candidates: sameSize, deleted };
}
