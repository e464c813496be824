/**
 * Recomputes the tree from trusted leaf hashes: compares every tile above level 0 with what it must hold, and knows
 * the roots at the sizes that signed checkpoints speak of. Once a leaf's hash is not known it says nothing more about what stands on it.
 */
import type { StoreFinding } from '../domain/findings.ts';
import { readIfThere } from '../files/if-there.ts';
import { emptyRoot } from '../formats/merkle-hash.ts';
import type { LedgerFiles } from './ledger-files.ts';
import { type LedgerLayout, type TileName, tilePath, tileWidth } from './ledger-layout.ts';
import { type FullTile, TileTree } from './merkle-tree.ts';

const hashBytes = 32;

export class TreeVerification {
  readonly findings: StoreFinding[] = [];
  readonly #layout: LedgerLayout;
  readonly #files: LedgerFiles;
  readonly #roots = new Map<number, Buffer | undefined>();
  readonly #tree = new TileTree();
  #isBroken = false;
  tiles = 0;

  constructor(layout: LedgerLayout, files: LedgerFiles, sizes: readonly number[]) {
    this.#layout = layout;
    this.#files = files;
    for (const size of sizes) this.#roots.set(size, size === 0 ? emptyRoot : undefined);
  }

  /** Of one of the sizes, once so many leaves were added. */
  rootAt(size: number): Buffer | undefined {
    return this.#roots.get(size);
  }

  async add(hash: Uint8Array | undefined): Promise<void> {
    if (hash === undefined) this.#isBroken = true;
    if (hash === undefined || this.#isBroken) return;
    for (const full of this.#tree.add(hash)) if (full.tile.level !== 0) await this.#compare(full);
    if (this.#roots.has(this.#tree.size)) this.#roots.set(this.#tree.size, this.#tree.root());
  }

  /**
   * Whether these hashes of a full level-0 tile are the ones that the tile above was made of; undefined when there is
   * no tile above. For hashes that no leaf confirms.
   */
  async isOwnTile(index: number, hashes: readonly Uint8Array[]): Promise<boolean | undefined> {
    if (hashes.length < tileWidth) return undefined;
    const tree = new TileTree();
    for (const hash of hashes) tree.add(hash);
    const at = (index % tileWidth) * hashBytes;
    const above = { level: 1, index: Math.floor(index / tileWidth) };
    const width = this.#files.widths(above.level, above.index)[0];
    const bytes = width === undefined ? undefined : await readIfThere(this.#layout.path(tilePath({ ...above, width })));
    if (bytes === undefined || bytes.length < at + hashBytes) return undefined;
    return bytes.subarray(at, at + hashBytes).equals(tree.root());
  }

  /** Compares the unfinished tiles; upper tiles beyond them hold hashes of nothing that is here. */
  async finish(): Promise<void> {
    if (this.#isBroken) return;
    const partial = this.#tree.partialTiles();
    for (const tail of partial) if (tail.tile.level !== 0) await this.#compare(tail);
    for (const tile of this.#files.tiles) {
      if (tile.level === 'entries' || tile.level === 0) continue;
      const hashes = Math.floor(this.#tree.size / tileWidth ** tile.level);
      if (tile.index * tileWidth + tile.width <= hashes) continue;
      const file = this.#layout.relative(tilePath(tile));
      this.findings.push({ code: 'unexpected-file', file, detail: 'it holds hashes for which there are no records' });
    }
  }

  /** Every width on disk is the beginning of the same tile. */
  async #compare({ tile, bytes: wanted }: FullTile): Promise<void> {
    for (const width of this.#files.widths(tile.level, tile.index)) {
      if (width > tile.width) continue;
      const copy: TileName = { ...tile, width };
      const bytes = await readIfThere(this.#layout.path(tilePath(copy)));
      // A part that a running station has removed meanwhile.
      if (bytes === undefined) continue;
      this.tiles += 1;
      if (bytes.equals(wanted.subarray(0, width * hashBytes))) continue;
      const file = this.#layout.relative(tilePath(copy));
      this.findings.push({ code: 'tile-altered', file, detail: 'it does not hold the hashes of the tiles below it' });
    }
  }
}
