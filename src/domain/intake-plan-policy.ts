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

/** How `already held` may be decided for a dock; by hand it is always `always`. */
export type RereadHeld = 'never' | 'sample' | 'always';

export interface PlanInput {
  readonly type: EntryType;
  readonly bytes: number;
  readonly mtimeNs: string;
  /** Id of the configured skip rule that matches, if one does. */
  readonly skipRule: string | undefined;
  readonly held: readonly HeldCandidate[];
  readonly rereadHeld: RereadHeld;
  /** With `sample`: whether this file was drawn. */
  readonly drawn: boolean;
}

export type PlanStep =
  | { readonly step: 'take' }
  /** Read and hash first; held when the digest is one of the candidates', else taken. */
  | { readonly step: 'compare'; readonly candidates: readonly HeldCandidate[] }
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
  if (sameSize.length === 0) return { step: 'take' };
  const unchanged = sameSize.find((candidate) => candidate.mtimeNs === input.mtimeNs);
  const trustListing = input.rereadHeld === 'never' || (input.rereadHeld === 'sample' && !input.drawn);
  if (unchanged !== undefined && trustListing) return { step: 'held', candidate: unchanged, basis: 'listing' };
  return { step: 'compare', candidates: sameSize };
}
