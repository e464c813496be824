/**
 * Which leaf has a given hash: an open table of 32-bit places, filled from the level-0 tiles as far as it was asked.
 * 4 bytes a place keep a ledger of millions in a few megabytes; the tile itself confirms each hit.
 */
import { tileWidth } from './ledger-layout.ts';
import type { ProofTiles } from './proof-tiles.ts';

const hashBytes = 32;
const placesMin = 1024;

export class ProofLeafIndex {
  /** Leaf index + 1, or 0 for an empty place; at most half of the places are taken. */
  #places = new Uint32Array(placesMin);
  /** The first 32 bits of each indexed leaf's hash, for growing without reading the tiles again. */
  #starts = new Uint32Array(placesMin / 2);
  #size = 0;
  #filling: Promise<void> = Promise.resolve();

  /** @returns undefined when none of the first `size` leaves has this hash */
  async find(hash: Uint8Array, tiles: ProofTiles, size: number): Promise<number | undefined> {
    // One after the other, so that two requests do not fill the same places.
    const filling = this.#filling.catch(() => undefined).then(() => this.#fill(tiles));
    this.#filling = filling;
    await filling;
    const start = Buffer.from(hash).readUInt32BE();
    for (let place = start % this.#places.length; ; place = (place + 1) % this.#places.length) {
      const entry = this.#places[place] as number;
      if (entry === 0) return undefined;
      const index = entry - 1;
      if (this.#starts[index] !== start || index >= size) continue;
      const tile = await tiles.tile(0, Math.floor(index / tileWidth));
      const at = (index % tileWidth) * hashBytes;
      if (tile.subarray(at, at + hashBytes).equals(hash)) return index;
    }
  }

  async #fill(tiles: ProofTiles): Promise<void> {
    while (this.#size < tiles.size) {
      const index = Math.floor(this.#size / tileWidth);
      const tile = await tiles.tile(0, index);
      const end = Math.min(tiles.size, (index + 1) * tileWidth);
      for (; this.#size < end; this.#size += 1) this.#add(tile.readUInt32BE((this.#size % tileWidth) * hashBytes));
    }
  }

  #add(start: number): void {
    if (this.#size >= this.#starts.length) this.#grow();
    this.#starts[this.#size] = start;
    this.#put(start, this.#size);
  }

  #put(start: number, index: number): void {
    let place = start % this.#places.length;
    while (this.#places[place] !== 0) place = (place + 1) % this.#places.length;
    this.#places[place] = index + 1;
  }

  #grow(): void {
    const starts = new Uint32Array(this.#starts.length * 2);
    starts.set(this.#starts);
    this.#starts = starts;
    this.#places = new Uint32Array(starts.length * 2);
    for (let index = 0; index < this.#size; index += 1) this.#put(starts[index] as number, index);
  }
}
