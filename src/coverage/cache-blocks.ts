/**
 * People in pieces of a few hundred, so that a page of a list opens one or two of them and counts stand beside each.
 * Order 0 is by unit and certificate, order 1 by certificate, order 2 by name and certificate. Limits are drawn when the
 * cache is built and stay; who comes later falls between them.
 */
export const orderings = [0, 1, 2] as const;
export type Ordering = (typeof orderings)[number];

export interface Block {
  readonly block: number;
  readonly ordering: Ordering;
  /** Empty where the order does not begin with it. */
  readonly unit: string;
  /** The least key that belongs to it; empty for the first of its unit. */
  readonly first: string;
}

interface Placed {
  readonly unit: string;
  readonly certificate: string;
  readonly name: string;
}

/** Where somebody stands in an order; texts of keys are in the order of the people. */
export function placeIn(
  ordering: Ordering,
  { unit, certificate, name }: Placed,
): { readonly unit: string; readonly key: string } {
  if (ordering === 0) return { unit, key: certificate };
  return { unit: '', key: ordering === 1 ? certificate : nameKey(name, certificate) };
}

/** A name that begins another one comes before it. */
export const nameKey = (name: string, certificate: string): string => `${name}\u0001${certificate}`;

export const blockSize = 400;

/** `places` by unit, then key. */
export function* drawBlocks(
  places: Iterable<{ readonly unit: string; readonly key: string }>,
): Generator<Omit<Block, 'block' | 'ordering'>> {
  let unit: string | undefined;
  let count = 0;
  for (const place of places) {
    if (place.unit !== unit) {
      unit = place.unit;
      count = 0;
      yield { unit, first: '' };
    } else if (count % blockSize === 0) {
      yield { unit, first: place.key };
    }
    count += 1;
  }
}

export class Blocks {
  readonly #byUnit = orderings.map(() => new Map<string, Block[]>());

  constructor(blocks: Iterable<Block>) {
    for (const block of blocks) this.add(block);
  }

  add(block: Block): void {
    const byUnit = this.#units(block.ordering);
    const list = byUnit.get(block.unit);
    if (list === undefined) byUnit.set(block.unit, [block]);
    else {
      list.push(block);
      if ((list.at(-2) as Block).first > block.first) list.sort((a, b) => (a.first < b.first ? -1 : 1));
    }
  }

  /** Undefined for a unit that has none yet. */
  find(ordering: Ordering, { unit, key }: { readonly unit: string; readonly key: string }): number | undefined {
    const list = this.#units(ordering).get(unit);
    if (list === undefined) return undefined;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle] as Block).first <= key) low = middle + 1;
      else high = middle;
    }
    return list[Math.max(0, low - 1)]?.block;
  }

  /** Of one ordering, in its order. */
  inOrder(ordering: Ordering): Block[] {
    const units = [...this.#units(ordering)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return units.flatMap(([, list]) => list);
  }

  #units(ordering: Ordering): Map<string, Block[]> {
    return this.#byUnit[ordering] as Map<string, Block[]>;
  }
}
