/** The paths of RFC 6962 (2.1.1, 2.1.2) over hashes from tiles, in the order in which verifiers want them. */
import { largestPowerBelow, type ProofTiles } from './proof-tiles.ts';

/** PATH(index, D[size]); `index < size <= tiles.size`. */
export function inclusionPath(tiles: ProofTiles, index: number, size: number): Promise<Uint8Array[]> {
  return pathWithin(tiles, index, { start: 0, end: size });
}

/** PROOF(oldSize, D[newSize]); `0 < oldSize <= newSize <= tiles.size`. */
export function consistencyPath(tiles: ProofTiles, oldSize: number, newSize: number): Promise<Uint8Array[]> {
  return subproof(tiles, oldSize, { start: 0, end: newSize, isKnown: true });
}

async function pathWithin(
  tiles: ProofTiles,
  index: number,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<Uint8Array[]> {
  if (end - start === 1) return [];
  const split = start + largestPowerBelow(end - start);
  return index < split
    ? [...(await pathWithin(tiles, index, { start, end: split })), await tiles.range(split, end)]
    : [...(await pathWithin(tiles, index, { start: split, end })), await tiles.range(start, split)];
}

/** `isKnown`: the verifier has this subtree's root already, because it is the old tree. */
async function subproof(
  tiles: ProofTiles,
  oldEnd: number,
  { start, end, isKnown }: { readonly start: number; readonly end: number; readonly isKnown: boolean },
): Promise<Uint8Array[]> {
  if (oldEnd === end) return isKnown ? [] : [await tiles.range(start, end)];
  const split = start + largestPowerBelow(end - start);
  return oldEnd <= split
    ? [...(await subproof(tiles, oldEnd, { start, end: split, isKnown })), await tiles.range(split, end)]
    : [...(await subproof(tiles, oldEnd, { start: split, end, isKnown: false })), await tiles.range(start, split)];
}
