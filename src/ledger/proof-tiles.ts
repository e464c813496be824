/**
 * Hashes of the tree, read from the tiles on disk: any perfect subtree, and any aligned range. One instance serves one
 * request and reads each tile once; a proof over a million records touches a handful of 8 KiB files.
 */
import { readIfThere } from '../files/if-there.ts';
import { nodeHash, perfectRoot } from '../formats/merkle-hash.ts';
import { type LedgerLayout, type TileName, tilePath, tileWidth } from './ledger-layout.ts';
import { ledgerAltered } from './ledger-reading.ts';

const hashBytes = 32;
const tileHeight = 8;

export class ProofTiles {
  /** Leaves that the tiles on disk surely hold: the size of a checkpoint. */
  readonly size: number;
  readonly #layout: LedgerLayout;
  readonly #read = new Map<string, Promise<Buffer>>();

  constructor(layout: LedgerLayout, size: number) {
    this.#layout = layout;
    this.size = size;
  }

  /** Bytes of the tile or bundle `index`, as wide as `size` has it at least. @throws StationError ledger-altered */
  tile(level: TileName['level'], index: number): Promise<Buffer> {
    const key = `${level}/${index}`;
    const known = this.#read.get(key) ?? this.#readTile(level, index);
    this.#read.set(key, known);
    return known;
  }

  async #readTile(level: TileName['level'], index: number): Promise<Buffer> {
    const hashes = Math.floor(this.size / tileWidth ** (level === 'entries' ? 0 : level));
    const width = Math.min(tileWidth, hashes - index * tileWidth);
    if (width < 1) throw new Error(`tile ${level}/${index} lies beyond ${this.size} leaves`);
    const path = tilePath({ level, index, width });
    const part = await readIfThere(this.#layout.path(path));
    // A running station fills the tile and then removes its parts.
    const bytes = part ?? (await readIfThere(this.#layout.path(tilePath({ level, index, width: tileWidth }))));
    if (bytes === undefined) throw ledgerAltered(`${path} is missing`);
    return bytes;
  }

  /** Root of the perfect subtree over the leaves `index * 2^height` to `(index + 1) * 2^height`. */
  async node(height: number, index: number): Promise<Uint8Array> {
    const level = Math.floor(height / tileHeight);
    const hashes = 2 ** (height % tileHeight);
    const first = index * hashes;
    const tile = await this.tile(level, Math.floor(first / tileWidth));
    const start = (first % tileWidth) * hashBytes;
    if (tile.length < start + hashes * hashBytes) throw ledgerAltered(`a tile of level ${level} is too short`);
    return perfectRoot(tile.subarray(start, start + hashes * hashBytes));
  }

  /** MTH(D[start:end]) of RFC 6962; `start` is a multiple of the power of two at or above the range's length. */
  async range(start: number, end: number): Promise<Uint8Array> {
    const count = end - start;
    const split = largestPowerBelow(count);
    if (count === 1 || split * 2 === count) return this.node(Math.log2(count), start / count);
    return nodeHash(await this.range(start, start + split), await this.range(start + split, end));
  }
}

/** The largest power of two smaller than `count`; 1 for `count` 1 and 2. */
export function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}
