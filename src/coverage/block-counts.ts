/** How many people of each block have which verdict on a day, from the tallies: what figures add up and pages skip by. */
import type { Statement } from 'better-sqlite3';
import { verdictCodes } from '../domain/coverage-codes.ts';
import { type Block, type Ordering, orderings } from './cache-blocks.ts';
import type { CacheFile } from './cache-file.ts';
import { addTally, blockOfSlot, chunkOf, codeOfSlot, monthOf } from './tallies.ts';

export interface CachedDay {
  /** Index of the profile. */
  readonly profile: number;
  readonly day: number;
}

/** Counts of blocks by code: those of one block lie together. */
export interface CountedBlocks {
  readonly blocks: readonly Block[];
  readonly counts: Int32Array;
}

export const codesCount = verdictCodes.length;

const tallyOfChunk = `(SELECT t.data FROM tallies t WHERE t.profile = @profile AND t.chunk = c.chunk AND t.month <= @month
  ORDER BY t.month DESC LIMIT 1)`;
export const talliesOfChunks = `SELECT c.chunk, ${tallyOfChunk} FROM (SELECT value AS chunk FROM json_each(@chunks)) c`;

export class BlockCounts {
  readonly #blocks: readonly (readonly Block[])[];
  readonly #tallyRows: Statement;
  /** The greatest number of a block. */
  readonly lastBlock: number;

  constructor(file: CacheFile) {
    const blocks = file.blocks();
    this.#blocks = orderings.map((ordering) => blocks.inOrder(ordering));
    this.lastBlock = this.#blocks.flat().reduce((last, { block }) => Math.max(last, block), 0);
    this.#tallyRows = file.db.prepare(talliesOfChunks).raw();
  }

  /** In order. Only the first ordering knows units. */
  chosen(ordering: Ordering, units: ReadonlySet<string> | null): readonly Block[] {
    const all = this.#blocks[ordering] as readonly Block[];
    return units === null ? all : all.filter(({ unit }) => units.has(unit));
  }

  /** One row for each chunk that has any of the blocks. */
  tallies({ profile, day }: CachedDay, blocks: readonly Block[]): [chunk: number, data: Buffer][] {
    const chunks = JSON.stringify([...new Set(blocks.map(({ block }) => chunkOf(block)))]);
    const rows = this.#tallyRows.all({ profile, month: monthOf(day), chunks }) as [number, Buffer | null][];
    return rows.filter((row): row is [number, Buffer] => row[1] !== null);
  }

  /** Other blocks of the same chunks are counted, too, and not asked about. */
  counted(at: CachedDay, ordering: Ordering, units: ReadonlySet<string> | null): CountedBlocks {
    const blocks = this.chosen(ordering, units);
    const counts = new Int32Array((this.lastBlock + 1) * codesCount);
    for (const [chunk, data] of this.tallies(at, blocks)) {
      addTally(data, at.day, (slot, people) => {
        const place = blockOfSlot(chunk, slot) * codesCount + codeOfSlot(slot);
        counts[place] = (counts[place] as number) + people;
      });
    }
    return { blocks, counts };
  }
}

export function sumOf(counts: Int32Array, block: number, codes: readonly number[]): number {
  let sum = 0;
  for (const code of codes) sum += counts[block * codesCount + code] ?? 0;
  return sum;
}
