/**
 * RFC 6962 hashing and a growing tree that keeps, for each tile level, only the hashes of its unfinished tile.
 * So memory does not grow with the ledger, and finished tiles are handed out once, ready to be written.
 */
import { hash } from 'node:crypto';
import { type TileName, tileWidth } from './ledger-layout.ts';

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

/** MTH of one leaf: SHA-256(0x00 || leaf) (RFC 6962, 2.1). */
export const leafHash = (leaf: Uint8Array): Buffer => sha256(Buffer.concat([leafPrefix, leaf]));

/** SHA-256(0x01 || left || right) (RFC 6962, 2.1). */
const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.concat([nodePrefix, left, right]));

/** Root of the empty tree: SHA-256 of nothing. */
export const emptyRoot = sha256(new Uint8Array());

/** Root of a perfect subtree over 2^k hashes. */
function perfectRoot(hashes: readonly Uint8Array[]): Uint8Array {
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

export interface FullTile {
  readonly tile: TileName;
  readonly hashes: readonly Uint8Array[];
}

export class TileTree {
  #size = 0;
  /** Per tile level: how many tiles are full, and the hashes of the unfinished one. */
  readonly #levels: { full: number; tail: Uint8Array[] }[] = [];

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf's hash; returns the tiles that became full by it, lowest level first. */
  add(hash: Uint8Array): FullTile[] {
    this.#size += 1;
    const full: FullTile[] = [];
    let carried: Uint8Array | undefined = hash;
    for (let level = 0; carried !== undefined; level += 1) {
      const at = this.#level(level);
      at.tail.push(carried);
      carried = undefined;
      if (at.tail.length === tileWidth) {
        full.push({ tile: { level, index: at.full, width: tileWidth }, hashes: at.tail });
        carried = perfectRoot(at.tail);
        at.full += 1;
        at.tail = [];
      }
    }
    return full;
  }

  #level(level: number): { full: number; tail: Uint8Array[] } {
    let at = this.#levels[level];
    if (at === undefined) {
      at = { full: 0, tail: [] };
      this.#levels[level] = at;
    }
    return at;
  }

  /** The unfinished tile of each level, empty ones left out. */
  partialTiles(): FullTile[] {
    return this.#levels.flatMap((at, level) =>
      at.tail.length === 0 ? [] : [{ tile: { level, index: at.full, width: at.tail.length }, hashes: [...at.tail] }],
    );
  }

  /** The tree's root (RFC 6962 MTH over all leaves so far). */
  root(): Buffer {
    let root: Uint8Array | undefined;
    // From the smallest perfect subtree (at the right) to the biggest: each is joined on the left.
    for (const { tail } of this.#levels) {
      let end = tail.length;
      for (let block = 1; end > 0; block *= 2) {
        if ((tail.length & block) === 0) continue;
        const subtree = perfectRoot(tail.slice(end - block, end));
        root = root === undefined ? subtree : nodeHash(subtree, root);
        end -= block;
      }
    }
    return Buffer.from(root ?? emptyRoot);
  }
}
