/** Millions of spans as columns of numbers, until they are counted by chunk. */
import { codesOfText } from './cache-file.ts';
import { chunkOf, type TalliedSpan } from './tallies.ts';

export class SpanColumns {
  #rows = new Int32Array(5 * 4096);
  #length = 0;
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  add(span: { unitBlock: number; certificateBlock: number; from: number; until: number; codes: string }): void {
    if (this.#length * 5 === this.#rows.length) {
      const larger = new Int32Array(this.#rows.length * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    let text = this.#numbers.get(span.codes);
    if (text === undefined) {
      text = this.#texts.push(span.codes) - 1;
      this.#numbers.set(span.codes, text);
    }
    this.#rows.set([span.unitBlock, span.certificateBlock, span.from, span.until, text], this.#length * 5);
    this.#length += 1;
  }

  /** Each span twice: in its block of either order. */
  *byChunk(): Generator<{ readonly chunk: number; readonly list: TalliedSpan[] }> {
    const codes = this.#texts.map(codesOfText);
    const { order, ends } = this.#inOrder();
    let at = 0;
    for (const [chunk, end] of ends.entries()) {
      const list: TalliedSpan[] = [];
      for (; at < end; at += 1) list.push(this.#span(order[at] as number, codes));
      if (list.length > 0) yield { chunk, list };
    }
  }

  /** Sorted by counting: entry `2 * row + ordering` of every span, by chunk; `ends`: where each chunk's entries end. */
  #inOrder(): { readonly order: Uint32Array; readonly ends: readonly number[] } {
    const entries = this.#length * 2;
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
    return this.#rows[(entry >> 1) * 5 + (entry & 1)] as number;
  }

  #span(entry: number, codes: readonly number[][]): TalliedSpan {
    const at = (entry >> 1) * 5;
    return {
      block: this.#block(entry),
      from: this.#rows[at + 2] as number,
      until: this.#rows[at + 3] as number,
      codes: codes[this.#rows[at + 4] as number] as number[],
    };
  }
}
