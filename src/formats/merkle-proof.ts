/**
 * Verifying RFC 6962 proofs, step by step as RFC 9162 writes them (2.1.3.2 inclusion, 2.1.4.2 consistency).
 * Sizes are bigint: a proof may claim any 64-bit number, and none of them may wrap or round.
 */
import { nodeHash } from './merkle-hash.ts';

/** More hashes than this prove nothing that 64-bit sizes can describe. */
export const proofHashesMax = 63;

export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: bigint;
  readonly size: bigint;
  readonly root: Uint8Array;
  readonly path: readonly Uint8Array[];
}

export function verifyInclusion({ leafHash, index, size, root, path }: InclusionClaim): boolean {
  if (index < 0n || index >= size || path.length > proofHashesMax) return false;
  const place = new Place(index, size - 1n);
  let hash = leafHash;
  for (const sibling of path) {
    if (place.isRoot) return false;
    hash = place.isRight ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    place.rise();
  }
  return place.isRoot && isEqual(hash, root);
}

export interface ConsistencyClaim {
  readonly oldSize: bigint;
  readonly oldRoot: Uint8Array;
  readonly newSize: bigint;
  readonly newRoot: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/** The empty tree is consistent with every tree, and a tree with itself, both by an empty path. */
export function verifyConsistency({ oldSize, oldRoot, newSize, newRoot, path }: ConsistencyClaim): boolean {
  if (oldSize < 0n || oldSize > newSize || path.length > proofHashesMax) return false;
  if (oldSize === 0n) return path.length === 0;
  if (oldSize === newSize) return path.length === 0 && isEqual(oldRoot, newRoot);
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...path] : path;
  if (first === undefined || path.length === 0) return false;
  const place = new Place(oldSize - 1n, newSize - 1n);
  place.riseWhileRight();
  let oldHash = first;
  let newHash = first;
  for (const sibling of rest) {
    if (place.isRoot) return false;
    if (place.isRight) oldHash = nodeHash(sibling, oldHash);
    newHash = place.isRight ? nodeHash(sibling, newHash) : nodeHash(newHash, sibling);
    place.rise();
  }
  return place.isRoot && isEqual(oldHash, oldRoot) && isEqual(newHash, newRoot);
}

/** `fn` and `sn` of RFC 9162: a node and the last node of its level, on their way up to the root. */
class Place {
  #node: bigint;
  #last: bigint;

  constructor(node: bigint, last: bigint) {
    this.#node = node;
    this.#last = last;
  }

  get isRoot(): boolean {
    return this.#last === 0n;
  }

  /** Its sibling is on the left: it is a right child, or the last node, which rises until it is one. */
  get isRight(): boolean {
    return isOdd(this.#node) || this.#node === this.#last;
  }

  rise(): void {
    if (this.isRight) while (!isOdd(this.#node) && this.#node !== 0n) this.#step();
    this.#step();
  }

  riseWhileRight(): void {
    while (isOdd(this.#node)) this.#step();
  }

  #step(): void {
    this.#node >>= 1n;
    this.#last >>= 1n;
  }
}

const isOdd = (value: bigint): boolean => (value & 1n) === 1n;
const isPowerOfTwo = (value: bigint): boolean => (value & (value - 1n)) === 0n;
const isEqual = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
