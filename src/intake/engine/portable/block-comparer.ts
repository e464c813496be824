/** Follows the leaf hashes of a reading pass and notes where a file of known leaf hashes says otherwise. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { HashResult } from '../../../domain/copy-engine.ts';
import { verityBlockBytes, verityHashBytes } from '../../../formats/fs-verity.ts';
import { attempt, type Place } from './engine-failure.ts';

type BlockComparison = NonNullable<HashResult['blocks']>;

const rangesMax = 64;

export class BlockComparer {
  readonly #place: Place;
  readonly #fd: number | undefined;
  #state: BlockComparison['state'];
  #block = 0;
  readonly #ranges: [number, number][] = [];

  constructor(path: string, fileBytes: number) {
    this.#place = { path, side: 'target' };
    this.#fd = this.#open(path);
    this.#state = 'missing';
    if (this.#fd !== undefined) {
      const stats = fstatSync(this.#fd);
      const fits = stats.isFile() && stats.size === Math.ceil(fileBytes / verityBlockBytes) * verityHashBytes;
      this.#state = fits ? 'equal' : 'malformed';
    }
  }

  take(leaves: Buffer): void {
    const fd = this.#fd;
    if (fd === undefined || this.#state === 'malformed') {
      return;
    }
    const known = Buffer.alloc(leaves.length);
    const got = attempt(this.#place, () => readSync(fd, known, 0, known.length, this.#block * verityHashBytes));
    if (got !== known.length) {
      this.#state = 'malformed';
      this.#ranges.length = 0;
      return;
    }
    for (let at = 0; at < leaves.length; at += verityHashBytes, this.#block += 1) {
      if (leaves.compare(known, at, at + verityHashBytes, at, at + verityHashBytes) !== 0) {
        this.#note(this.#block);
      }
    }
  }

  result(): BlockComparison {
    return { state: this.#state, ranges: this.#ranges };
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) {
      closeSync(this.#fd);
    }
  }

  #open(path: string): number | undefined {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    try {
      return attempt(this.#place, () => openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return undefined;
      }
      throw error;
    }
  }

  #note(block: number): void {
    this.#state = 'differ';
    const last = this.#ranges.at(-1);
    if (last && last[1] + 1 === block) {
      last[1] = block;
    } else if (this.#ranges.length < rangesMax) {
      this.#ranges.push([block, block]);
    }
  }
}
