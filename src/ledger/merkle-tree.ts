/**
 * A growing RFC 6962 tree that keeps, for each tile level, only the hashes of its unfinished tile.
 * So memory does not grow with the ledger, and finished tiles are handed out once, ready to be written.
 */
import { emptyRoot, nodeHash, perfectRoot } from '../formats/merkle-hash.ts';
import { type TileName, tileWidth } from './ledger-layout.ts';

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

  /** The hashes of the unfinished tile of a level, and which tile it is. */
  unfinished(level: number): { readonly index: number; readonly hashes: readonly Uint8Array[] } {
    const at = this.#levels[level];
    return { index: at?.full ?? 0, hashes: at?.tail ?? [] };
  }

  /** The tree's root (RFC 6962 MTH over all leaves so far). */
  root(): Buffer {
    let root: Uint8Array | undefined;
    // From the smallest perfect subtree (at the right) to the biggest: each is joined on the left.
    for (const { tail } of this.#levels) root = joinedOnTheLeft(tail, root);
    return Buffer.from(root ?? emptyRoot);
  }
}

/** The hashes of one unfinished tile above what lies to their right. */
export function joinedOnTheLeft(hashes: readonly Uint8Array[], right: Uint8Array | undefined): Uint8Array | undefined {
  let root = right;
  let end = hashes.length;
  for (let block = 1; end > 0; block *= 2) {
    if ((hashes.length & block) === 0) continue;
    const subtree = perfectRoot(hashes.slice(end - block, end));
    root = root === undefined ? subtree : nodeHash(subtree, root);
    end -= block;
  }
  return root;
}
