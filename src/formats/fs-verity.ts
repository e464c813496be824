/**
 * The fs-verity digest as Evidock has it: SHA-256, 4 KiB blocks, no salt, no signature.
 * Format: linux/Documentation/filesystems/fsverity.rst.
 */
import { hash } from 'node:crypto';

export const verityBlockBytes = 4096;
export const verityHashBytes = 32;

/** Of a block of the file or of the tree; the last one of each may be short and counts as filled up with zeros. */
export function verityBlockHash(block: Buffer): Buffer {
  const whole = block.length === verityBlockBytes ? block : Buffer.concat([block], verityBlockBytes);
  return hash('sha256', whole, 'buffer');
}

/** Hex, of a file of so many bytes; the root of an empty one is all zeros. */
export function verityDigest(bytes: number, root: Buffer): string {
  // struct fsverity_descriptor: version 1, SHA-256, 2^12 bytes a block.
  const descriptor = Buffer.alloc(256);
  descriptor.set([1, 1, 12]);
  descriptor.writeBigUInt64LE(BigInt(bytes), 8);
  root.copy(descriptor, 16);
  return hash('sha256', descriptor, 'hex');
}
