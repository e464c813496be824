/**
 * Whether a block file is sound by itself: the fs-verity digest that follows from its block hashes must be the one in
 * the seal record. So a damaged original and a damaged block file are told apart when they disagree.
 */
import { open } from 'node:fs/promises';
import { verityBlockBytes, verityBlockHash, verityDigest, verityHashBytes } from '../formats/fs-verity.ts';

/** @throws the kernel's error, ENOENT included */
export async function isBlockFileSound(path: string, bytes: number, fsverity: string): Promise<boolean> {
  const blocks = Math.ceil(bytes / verityBlockBytes);
  const handle = await open(path, 'r');
  try {
    if ((await handle.stat()).size !== blocks * verityHashBytes) return false;
    let level: Buffer[] = [];
    const page = Buffer.alloc(verityBlockBytes);
    for (let at = 0; at < blocks * verityHashBytes; at += verityBlockBytes) {
      const { bytesRead } = await handle.read(page, 0, verityBlockBytes, at);
      level.push(verityBlockHash(page.subarray(0, bytesRead)));
    }
    while (level.length > 1) level = levelAbove(level);
    return verityDigest(bytes, level[0] ?? Buffer.alloc(verityHashBytes)) === fsverity;
  } finally {
    await handle.close();
  }
}

function levelAbove(hashes: readonly Buffer[]): Buffer[] {
  const perBlock = verityBlockBytes / verityHashBytes;
  const above: Buffer[] = [];
  for (let at = 0; at < hashes.length; at += perBlock) {
    above.push(verityBlockHash(Buffer.concat(hashes.slice(at, at + perBlock))));
  }
  return above;
}
