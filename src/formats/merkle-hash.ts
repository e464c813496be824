/**
 * The hashes of RFC 6962 trees (2.1), SHA-256 only. Each is one call of the one-shot hash over one buffer: that is
 * what lets a ledger of a million records be recomputed at every start.
 */
import { hash } from 'node:crypto';

export const hashBytes = 32;

export const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

/** MTH of one leaf: SHA-256(0x00 || leaf). */
export function leafHash(leaf: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(1 + leaf.length);
  input[0] = 0;
  input.set(leaf, 1);
  return sha256(input);
}

/** SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(1 + 2 * hashBytes);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + hashBytes);
  return sha256(input);
}

/** Root of the empty tree: SHA-256 of nothing. */
export const emptyRoot = sha256(new Uint8Array());

/** Root of a perfect subtree over 2^k hashes. */
export function perfectRoot(hashes: readonly Uint8Array[]): Uint8Array {
  let level = hashes;
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += 2) {
      above.push(nodeHash(level[at] as Uint8Array, level[at + 1] as Uint8Array));
    }
    level = above;
  }
  return level[0] as Uint8Array;
}
