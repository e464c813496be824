/**
 * Writing tiles and entry bundles (C2SP tlog-tiles) and the checkpoint over them. A tile is written once it is full,
 * and in part at each checkpoint; the parts go when a checkpoint over the full tile is durable.
 */
import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureFolder, replaceDurably } from '../files/durable-files.ts';
import { entryBundle, leafOfBundle } from '../formats/leaf.ts';
import { emptyRoot, hashBytes } from '../formats/merkle-hash.ts';
import { type LedgerLayout, type TileName, tilePath, tileWidth } from './ledger-layout.ts';
import { type FullTile, joinedOnTheLeft, TileTree } from './merkle-tree.ts';

const publicMode = 0o644;

export class TileStore {
  readonly tree = new TileTree();
  readonly #layout: Pick<LedgerLayout, 'path'>;
  /** Leaves of the bundle that is not full yet. */
  #leaves: Uint8Array[] = [];
  /** Full tiles and bundles that are not on disk yet. */
  #pending: { tile: TileName; bytes: Uint8Array }[] = [];
  #writtenSize = 0;
  /** Full tiles whose parts on disk can go. */
  #superseded: TileName[] = [];

  constructor(layout: Pick<LedgerLayout, 'path'>) {
    this.#layout = layout;
  }

  /** Adds the next leaf. `stored`: its full tiles are on disk already, because a checkpoint covers it. */
  add(leaf: Uint8Array, stored: boolean): void {
    const full: FullTile[] = this.tree.addLeaf(leaf);
    this.#leaves.push(leaf);
    if (stored) this.#writtenSize = this.tree.size;
    if (!stored) this.#pending.push(...full);
    if (this.#leaves.length === tileWidth) {
      const tile: TileName = { level: 'entries', index: this.tree.size / tileWidth - 1, width: tileWidth };
      if (!stored) this.#pending.push({ tile, bytes: entryBundle(this.#leaves) });
      this.#leaves = [];
    }
  }

  /** Makes every leaf so far readable from tiles on disk. @throws the kernel's error; may be called again then */
  async write(): Promise<void> {
    if (this.#writtenSize === this.tree.size) return;
    const size = this.tree.size;
    // Copied: leaves that come while this is writing add to the list.
    const full = [...this.#pending];
    const parts: { tile: TileName; bytes: Uint8Array }[] = this.tree.partialTiles();
    if (this.#leaves.length > 0) {
      const tile: TileName = { level: 'entries', index: Math.floor(size / tileWidth), width: this.#leaves.length };
      parts.push({ tile, bytes: entryBundle(this.#leaves) });
    }
    for (const { tile, bytes } of [...full, ...parts]) {
      const path = this.#layout.path(tilePath(tile));
      await ensureFolder(dirname(path), 0o755);
      await replaceDurably(path, bytes, publicMode);
    }
    this.#writtenSize = size;
    this.#pending = this.#pending.slice(full.length);
    this.#superseded.push(...full.map(({ tile }) => tile));
  }

  /** The root that the tree had at a size (RFC 6962), from its full tiles. @throws RangeError when it never was so big */
  async rootAt(size: number): Promise<Buffer> {
    if (!Number.isSafeInteger(size) || size < 0 || size > this.tree.size) throw new RangeError(`no tree of ${size}`);
    let root: Uint8Array | undefined;
    let rest = size;
    for (let level = 0; rest > 0; level += 1) {
      const [index, width] = [Math.floor(rest / tileWidth), rest % tileWidth];
      if (width > 0) root = joinedOnTheLeft((await this.#hashes(level, index)).subarray(0, width * hashBytes), root);
      rest = index;
    }
    return Buffer.from(root ?? emptyRoot);
  }

  /** Of a full tile, or of the unfinished one of its level. */
  async #hashes(level: number, index: number): Promise<Uint8Array> {
    const unfinished = this.tree.unfinished(level);
    if (unfinished.index === index) return unfinished.bytes;
    const waiting = this.#pending.find(({ tile }) => tile.level === level && tile.index === index);
    const path = this.#layout.path(tilePath({ level, index, width: tileWidth }));
    return waiting?.bytes ?? (await readFile(path));
  }

  /** Removes the parts of tiles that are full; called when no checkpoint on disk speaks of them any more. */
  async removeSuperseded(): Promise<void> {
    for (const tile of this.#superseded.splice(0)) {
      // A part that stays is no harm: the full tile holds the same.
      await rm(`${this.#layout.path(tilePath(tile))}.p`, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

/** The stored leaf at `at` of a bundle; undefined when the bundle does not hold it. */
export const storedLeaf = (bundle: Uint8Array | undefined, at: number): Uint8Array | undefined =>
  bundle === undefined ? undefined : leafOfBundle(bundle, at);
