/**
 * The digests of one reading pass in plain Node: SHA-256, SM3 and the fs-verity tree (SHA-256, 4 KiB blocks, no salt;
 * linux/Documentation/filesystems/fsverity.rst). Written apart from the native engine, so that each checks the other.
 */
import { createHash } from 'node:crypto';
import type { Digests } from '../../../domain/copy-engine.ts';
import { verityBlockBytes, verityBlockHash, verityDigest, verityHashBytes } from '../../../formats/fs-verity.ts';

export class FileDigests {
  readonly #sha256 = createHash('sha256');
  readonly #sm3;
  readonly #tree = new VerityTree();
  #bytes = 0;

  constructor(sm3: boolean) {
    this.#sm3 = sm3 ? createHash('sm3') : undefined;
  }

  /** Takes the next bytes; all but the last a whole number of blocks. Returns the hashes of their blocks. */
  update(chunk: Buffer): Buffer {
    this.#sha256.update(chunk);
    this.#sm3?.update(chunk);
    this.#bytes += chunk.length;
    const leaves: Buffer[] = [];
    for (let from = 0; from < chunk.length; from += verityBlockBytes) {
      const leaf = verityBlockHash(chunk.subarray(from, from + verityBlockBytes));
      this.#tree.add(0, leaf);
      leaves.push(leaf);
    }
    return Buffer.concat(leaves);
  }

  finish(): Digests {
    return {
      bytes: this.#bytes,
      sha256: this.#sha256.digest('hex'),
      sm3: this.#sm3?.digest('hex') ?? '',
      fsverity: verityDigest(this.#bytes, this.#tree.root()),
    };
  }
}

/** Merkle tree whose nodes are blocks of 128 hashes; each level holds at most one unfinished block. */
class VerityTree {
  readonly #levels: { hashes: number; block: Buffer[] }[] = [];

  add(level: number, digest: Buffer): void {
    this.#levels[level] ??= { hashes: 0, block: [] };
    const here = this.#levels[level];
    here.hashes += 1;
    here.block.push(digest);
    if (here.block.length === verityBlockBytes / verityHashBytes) {
      this.add(level + 1, verityBlockHash(Buffer.concat(here.block)));
      here.block = [];
    }
  }

  /** All zeros for an empty file. Ends the tree. */
  root(): Buffer {
    for (let level = 0; level < this.#levels.length; level += 1) {
      const here = this.#levels[level];
      const isTop = level + 1 === this.#levels.length;
      if (isTop && here?.hashes === 1) {
        return here.block[0] ?? Buffer.alloc(verityHashBytes);
      }
      if (here && here.block.length > 0) {
        this.add(level + 1, verityBlockHash(Buffer.concat(here.block)));
      }
    }
    return Buffer.alloc(verityHashBytes);
  }
}
