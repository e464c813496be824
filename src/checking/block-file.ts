/**
 * Whether a block file is sound by itself: the fs-verity digest that follows from its block hashes must be the one in
 * the seal record. So a damaged original and a damaged block file are told apart when they disagree.
 * Format: linux/Documentation/filesystems/fsverity.rst; SHA-256, 4 KiB blocks, no salt.
 */
import { hash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** Originals up to this size are one block and have no block file. */
export const blockBytes = 4096;
const hashBytes = 32;

/** @throws the kernel's error, ENOENT included */
export async function isBlockFileSound(path: string, bytes: number, fsverity: string): Promise<boolean> {
  const blocks = Math.ceil(bytes / blockBytes);
  const handle = await open(path, 'r');
  try {
    if ((await handle.stat()).size !== blocks * hashBytes) return false;
    let level: Buffer[] = [];
    const page = Buffer.alloc(blockBytes);
    for (let at = 0; at < blocks * hashBytes; at += blockBytes) {
      const { bytesRead } = await handle.read(page, 0, blockBytes, at);
      level.push(blockHash(page.subarray(0, bytesRead)));
    }
    while (level.length > 1) level = levelAbove(level);
    return hash('sha256', descriptor(bytes, level[0] ?? Buffer.alloc(hashBytes)), 'hex') === fsverity;
  } finally {
    await handle.close();
  }
}

function levelAbove(hashes: readonly Buffer[]): Buffer[] {
  const perBlock = blockBytes / hashBytes;
  const above: Buffer[] = [];
  for (let at = 0; at < hashes.length; at += perBlock) {
    above.push(blockHash(Buffer.concat(hashes.slice(at, at + perBlock))));
  }
  return above;
}

const blockHash = (block: Buffer): Buffer => hash('sha256', Buffer.concat([block], blockBytes), 'buffer');

/** struct fsverity_descriptor: version 1, SHA-256, 2^12 bytes a block, no salt, no signature. */
function descriptor(bytes: number, root: Buffer): Buffer {
  const fields = Buffer.alloc(256);
  fields.set([1, 1, 12]);
  fields.writeBigUInt64LE(BigInt(bytes), 8);
  root.copy(fields, 16);
  return fields;
}
