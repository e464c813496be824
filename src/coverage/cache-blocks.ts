/**
 * People in pieces of a few hundred, so that a page of a list opens one or two of them and counts stand beside each.
 * Order 0 is by unit and certificate, order 1 by certificate. Limits are drawn when the cache is built and stay; who
 * comes later falls between them.
 */
export interface Block {
  readonly block: number;
  readonly ordering: 0 | 1;
  readonly unit: string;
  /** The least certificate that belongs to it; empty for the first of its unit. */
  readonly first: string;
}

export const blockSize = 400;

/** `pairs` by unit, then certificate. */
export function* drawBlocks(
  pairs: Iterable<{ readonly unit: string; readonly certificate: string }>,
): Generator<Omit<Block, 'block' | 'ordering'>> {
  let unit: string | undefined;
  let count = 0;
  for (const pair of pairs) {
    if (pair.unit !== unit) {
      unit = pair.unit;
      count = 0;
      yield { unit, first: '' };
    } else if (count % blockSize === 0) {
      yield { unit, first: pair.certificate };
    }
    count += 1;
  }
}

export class Blocks {
  readonly #byUnit: readonly [Map<string, Block[]>, Map<string, Block[]>] = [new Map(), new Map()];

  constructor(blocks: Iterable<Block>) {
    for (const block of blocks) this.add(block);
  }

  add(block: Block): void {
    const byUnit = this.#byUnit[block.ordering];
    const list = byUnit.get(block.unit);
    if (list === undefined) byUnit.set(block.unit, [block]);
    else {
      list.push(block);
      if ((list.at(-2) as Block).first > block.first) list.sort((a, b) => (a.first < b.first ? -1 : 1));
    }
  }

  /** Undefined for a unit that has none yet. */
  find(ordering: 0 | 1, unit: string, certificate: string): number | undefined {
    const list = this.#byUnit[ordering].get(unit);
    if (list === undefined) return undefined;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle] as Block).first <= certificate) low = middle + 1;
      else high = middle;
    }
    return list[Math.max(0, low - 1)]?.block;
  }

  /** Of one ordering, in its order. */
  inOrder(ordering: 0 | 1): Block[] {
    const units = [...this.#byUnit[ordering]].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return units.flatMap(([, list]) => list);
  }
}
