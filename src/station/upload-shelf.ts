/**
 * Tables that were handed in on a page and wait for somebody to say yes. They lie in memory only, by kind and digest:
 * nothing personal is left on a disk, a stop forgets them, and what is taken is byte for byte what was compared.
 */
import { createHash } from 'node:crypto';
import type { NewUpload } from '../web/web-imports.ts';

export interface ShelfLimits {
  readonly uploads: number;
  /** Of all of them; the newest stays whatever its size. */
  readonly bytes: number;
  readonly keptMs: number;
}

export interface KeptUpload extends NewUpload {
  readonly sha256: string;
}

interface Entry extends KeptUpload {
  readonly until: number;
}

export class UploadShelf {
  readonly #limits: ShelfLimits;
  readonly #now: () => number;
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>();

  constructor(limits: ShelfLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** The oldest make room. @returns its name */
  put({ kind, fileName, bytes }: NewUpload): string {
    const { uploads, bytes: bytesMax, keptMs } = this.#limits;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const name = `${kind}-${sha256}`;
    this.#entries.delete(name);
    this.#entries.set(name, { kind, fileName, bytes, sha256, until: this.#now() + keptMs });
    for (const oldest of this.#entries.keys()) {
      const whole = [...this.#entries.values()].reduce((sum, entry) => sum + entry.bytes.byteLength, 0);
      if (oldest === name || (this.#entries.size <= uploads && whole <= bytesMax)) break;
      this.#entries.delete(oldest);
    }
    setTimeout(() => this.#sweep(), keptMs).unref();
    return name;
  }

  find(name: string): KeptUpload | undefined {
    this.#sweep();
    return this.#entries.get(name);
  }

  remove(name: string): void {
    this.#entries.delete(name);
  }

  #sweep(): void {
    const now = this.#now();
    for (const [name, { until }] of this.#entries) if (until <= now) this.#entries.delete(name);
  }
}
