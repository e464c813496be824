/** Millions of spans as columns of numbers, until they are counted by chunk and packed by block. */
import { codesOfText } from './cache-file.ts';
import type { PlacedSpan } from './people-columns.ts';
import { chunkOf, type TalliedSpan } from './tallies.ts';

export interface ColumnSpan extends Omit<PlacedSpan, 'codes'> {
  readonly unitBlock: number;
  readonly codes: string;
}

/** A span in a chunk: in one of its blocks. */
export interface ChunkSpan extends TalliedSpan {
  readonly span: number;
  readonly isByUnit: boolean;
}

/** Blocks of the three orders, first and last day, text of codes; then since when, for each profile. */
const fixedColumns = 6;
const orders = 3;

export class SpanColumns {
  readonly #profiles: number;
  readonly #width: number;
  #rows: Int32Array;
  #length = 0;
  readonly #texts: string[] = [];
  readonly #codes: number[][] = [];
  readonly #numbers = new Map<string, number>();

  constructor(profiles: number) {
    this.#profiles = profiles;
    this.#width = fixedColumns + profiles;
    this.#rows = new Int32Array(this.#width * 4096);
  }

  add({ unitBlock, certificateBlock, nameBlock, from, until, codes, since }: ColumnSpan): void {
    if (this.#length * this.#width === this.#rows.length) {
      const larger = new Int32Array(this.#rows.length * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    let text = this.#numbers.get(codes);
    if (text === undefined) {
      text = this.#texts.push(codes) - 1;
      this.#codes.push(codesOfText(codes));
      this.#numbers.set(codes, text);
    }
    const at = this.#length * this.#width;
    this.#rows.set([unitBlock, certificateBlock, nameBlock, from, until, text], at);
    this.#rows.set(since, at + fixedColumns);
    this.#length += 1;
  }

  /** Each span three times: in its block of every order. */
  *byChunk(): Generator<{ readonly chunk: number; readonly list: ChunkSpan[] }> {
    const { order, ends } = this.#inOrder();
    let at = 0;
    for (const [chunk, end] of ends.entries()) {
      const list: ChunkSpan[] = [];
      for (; at < end; at += 1) list.push(this.#inBlock(order[at] as number));
      if (list.length > 0) yield { chunk, list };
    }
  }

  placed(span: number): PlacedSpan {
    const at = span * this.#width;
    return {
      certificateBlock: this.#rows[at + 1] as number,
      nameBlock: this.#rows[at + 2] as number,
      from: this.#rows[at + 3] as number,
      until: this.#rows[at + 4] as number,
      codes: this.#codes[this.#rows[at + 5] as number] as number[],
      since: this.#rows.subarray(at + fixedColumns, at + fixedColumns + this.#profiles),
    };
  }

  /** Sorted by counting: entry `3 * row + order` of every span, by chunk; `ends`: where each chunk's entries end. */
  #inOrder(): { readonly order: Uint32Array; readonly ends: readonly number[] } {
    const entries = this.#length * orders;
    const sizes: number[] = [];
    for (let entry = 0; entry < entries; entry += 1) {
      const chunk = chunkOf(this.#block(entry));
      while (sizes.length <= chunk) sizes.push(0);
      sizes[chunk] = (sizes[chunk] as number) + 1;
    }
    let end = 0;
    const ends = sizes.map((size) => (end += size));
    const next = ends.map((chunkEnd, chunk) => chunkEnd - (sizes[chunk] as number));
    const order = new Uint32Array(entries);
    for (let entry = 0; entry < entries; entry += 1) {
      const chunk = chunkOf(this.#block(entry));
      order[next[chunk] as number] = entry;
      next[chunk] = (next[chunk] as number) + 1;
    }
    return { order, ends };
  }

  #block(entry: number): number {
    return this.#rows[Math.floor(entry / orders) * this.#width + (entry % orders)] as number;
  }

  #inBlock(entry: number): ChunkSpan {
    const span = Math.floor(entry / orders);
    const at = span * this.#width;
    return {
      span,
      isByUnit: entry % orders === 0,
      block: this.#block(entry),
      from: this.#rows[at + 3] as number,
      until: this.#rows[at + 4] as number,
      codes: this.#codes[this.#rows[at + 5] as number] as number[],
    };
  }
}
