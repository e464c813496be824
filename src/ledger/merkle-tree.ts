/**
 * A growing RFC 6962 tree that keeps, for each tile level, only the hashes of its unfinished tile.
 * So memory does not grow with the ledger, and finished tiles are handed out once, ready to be written.
 */
import { emptyRoot, hashBytes, leafHashInto, nodeHash, perfectRoot } from '../formats/merkle-hash.ts';
import { type TileName, tileWidth } from './ledger-layout.ts';

export interface FullTile {
  readonly tile: TileName;
  /** Its hashes, one after the other: the file's content. */
  readonly bytes: Buffer;
}

interface Level {
  /** How many tiles are full. */
  full: number;
  /** The unfinished tile and how many hashes it has. */
  tail: Buffer;
  width: number;
}

export class TileTree {
  #size = 0;
  readonly #levels: Level[] = [];

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf; returns the tiles that became full by it, lowest level first. */
  addLeaf(leaf: Uint8Array): FullTile[] {
    const level = this.#level(0);
    leafHashInto(level.tail, level.width * hashBytes, leaf);
    return this.#grow(level);
  }

  /** Adds a leaf by its hash. */
  add(hash: Uint8Array): FullTile[] {
    const level = this.#level(0);
    level.tail.set(hash, level.width * hashBytes);
    return this.#grow(level);
  }

  /** One hash more stands in the lowest level; full tiles carry their root upwards. */
  #grow(lowest: Level): FullTile[] {
    this.#size += 1;
    lowest.width += 1;
    if (lowest.width < tileWidth) return [];
    const full: FullTile[] = [];
    for (let level = 0, at = lowest; at.width === tileWidth; level += 1) {
      full.push({ tile: { level, index: at.full, width: tileWidth }, bytes: at.tail });
      const above = this.#level(level + 1);
      above.tail.set(perfectRoot(at.tail), above.width * hashBytes);
      above.width += 1;
      at.full += 1;
      at.tail = Buffer.alloc(tileWidth * hashBytes);
      at.width = 0;
      at = above;
    }
    return full;
  }

  #level(level: number): Level {
    const at = this.#levels[level] ?? { full: 0, tail: Buffer.alloc(tileWidth * hashBytes), width: 0 };
    this.#levels[level] = at;
    return at;
  }

  /** The unfinished tile of each level, empty ones left out. */
  partialTiles(): FullTile[] {
    return this.#levels.flatMap(({ full, tail, width }, level) =>
      width === 0
        ? []
        : [{ tile: { level, index: full, width }, bytes: Buffer.from(tail.subarray(0, width * hashBytes)) }],
    );
  }

  /** The hashes of the unfinished tile of a level, one after the other, and which tile it is. */
  unfinished(level: number): { readonly index: number; readonly bytes: Buffer } {
    const at = this.#levels[level];
    return { index: at?.full ?? 0, bytes: Buffer.from(at?.tail.subarray(0, at.width * hashBytes) ?? []) };
  }

  /** The tree's root (RFC 6962 MTH over all leaves so far). */
  root(): Buffer {
    let root: Uint8Array | undefined;
    // From the smallest perfect subtree (at the right) to the biggest: each is joined on the left.
    for (const { tail, width } of this.#levels) root = joinedOnTheLeft(tail.subarray(0, width * hashBytes), root);
    return Buffer.from(root ?? emptyRoot);
  }
}

/** The hashes of one unfinished tile, one after the other, above what lies to their right. */
export function joinedOnTheLeft(hashes: Uint8Array, right: Uint8Array | undefined): Uint8Array | undefined {
  let root = right;
  let end = hashes.length / hashBytes;
  for (let block = 1; end > 0; block *= 2) {
    if ((end & block) === 0) continue;
    const subtree = perfectRoot(hashes.subarray((end - block) * hashBytes, end * hashBytes));
    root = root === undefined ? subtree : nodeHash(subtree, root);
    end -= block;
  }
  return root;
}
