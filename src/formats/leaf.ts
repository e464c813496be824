/**
 * Sigsum's 128-byte leaf: checksum || Ed25519 signature || SHA-256 of the public key, with
 * checksum = SHA-256(SHA-256(record line)). The signature is deterministic, so a leaf follows from its record.
 * Source: sigsum.org specification "log", version 1.
 */
import { type KeyObject, sign, verify } from 'node:crypto';
import { sha256 } from './merkle-hash.ts';
import { publicKeyFromRaw } from './signed-note.ts';

export const leafBytes = 128;
const namespace = Buffer.from('sigsum.org/v1/tree-leaf\0');

/** The checksum of a record, its newline included in `line`. */
export const recordChecksum = (line: Uint8Array): Buffer => sha256(sha256(line));

export interface LeafSigner {
  readonly secretKey: KeyObject;
  /** SHA-256 of the raw public key. */
  readonly keyHash: Uint8Array;
}

export function signLeaf(checksum: Uint8Array, signer: LeafSigner): Buffer {
  const signature = sign(null, Buffer.concat([namespace, checksum]), signer.secretKey);
  return Buffer.concat([checksum, signature, signer.keyHash]);
}

export const leafChecksum = (leaf: Uint8Array): Uint8Array => leaf.subarray(0, 32);

/** True when the leaf's key is this one and its signature is right. */
export function verifyLeaf(leaf: Uint8Array, rawPublicKey: Uint8Array): boolean {
  if (leaf.length !== leafBytes || Buffer.compare(leaf.subarray(96), sha256(rawPublicKey)) !== 0) return false;
  const message = Buffer.concat([namespace, leafChecksum(leaf)]);
  return verify(null, message, publicKeyFromRaw(rawPublicKey), leaf.subarray(32, 96));
}

/** An entry of a bundle: big-endian u16 length, then the leaf. */
export const entryBytes = 2 + leafBytes;

export function entryBundle(leaves: readonly Uint8Array[]): Buffer {
  return Buffer.concat(leaves.flatMap((leaf) => [Uint8Array.of(0, leafBytes), leaf]));
}

/** The leaf at `at` of a bundle; undefined when the bundle is too short or the length before it is wrong. */
export function leafOfBundle(bundle: Uint8Array, at: number): Uint8Array | undefined {
  const start = at * entryBytes;
  if (bundle.length < start + entryBytes || bundle[start] !== 0 || bundle[start + 1] !== leafBytes) return undefined;
  return bundle.subarray(start + 2, start + entryBytes);
}
