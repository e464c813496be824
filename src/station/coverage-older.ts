/**
 * Caches of older states of knowledge (`--known-at`): made like that of now, from what counted when the ledger ended with
 * a record, so that everything over time is answered by the same code. Each lies in a folder of its own beside the
 * cache of now; the last few are kept.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CoverageQueries } from '../registry/coverage-queries.ts';
import { CoverageKeeper, type KeeperParts } from './coverage-keeper.ts';

/** Kept beside those that are being asked. */
const keptMax = 2;
const folderPrefix = 'known-';

/** A cache and the source that it is made of; `knownAt` undefined: of everything that is known. */
export interface KnownCache {
  readonly keeper: CoverageKeeper;
  readonly source: CoverageQueries;
  readonly knownAt: number | undefined;
}

interface OlderCache extends KnownCache {
  readonly folder: string;
  asking: number;
}

export class OlderCaches {
  /** Of the cache of now. */
  readonly #parts: KeeperParts;
  /** The last asked one comes last. */
  readonly #caches = new Map<number, OlderCache>();

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  async use<T>(knownAt: number, ask: (known: KnownCache) => Promise<T>): Promise<T> {
    const cache = this.#caches.get(knownAt) ?? this.#make(knownAt);
    this.#caches.delete(knownAt);
    this.#caches.set(knownAt, cache);
    cache.asking += 1;
    try {
      await this.#letGo();
      return await ask(cache);
    } finally {
      cache.asking -= 1;
    }
  }

  find(knownAt: number): CoverageKeeper | undefined {
    return this.#caches.get(knownAt)?.keeper;
  }

  /** A person must be forgotten: every file goes. */
  async forget(): Promise<void> {
    for (const { keeper } of this.#caches.values()) await keeper.forget();
    for (const name of this.#folders()) rmSync(join(this.#parts.folder, name), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    for (const { keeper } of this.#caches.values()) await keeper.close();
  }

  #make(knownAt: number): OlderCache {
    const folder = join(this.#parts.folder, `${folderPrefix}${knownAt}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const source = this.#parts.source.asKnownAt(knownAt);
    return {
      keeper: new CoverageKeeper({ ...this.#parts, folder, source, knownAt }),
      source,
      knownAt,
      folder,
      asking: 0,
    };
  }

  /** The longest unasked ones that nobody waits for, and what an earlier process left. */
  async #letGo(): Promise<void> {
    for (const [knownAt, { keeper, folder, asking }] of [...this.#caches]) {
      if (this.#caches.size <= keptMax) break;
      if (asking > 0) continue;
      this.#caches.delete(knownAt);
      await keeper.close();
      // Somebody may have asked again in the meantime.
      if (!this.#caches.has(knownAt)) rmSync(folder, { recursive: true, force: true });
    }
    const known = new Set(Array.from(this.#caches.values(), ({ folder }) => folder));
    for (const name of this.#folders().slice(0, -keptMax)) {
      const folder = join(this.#parts.folder, name);
      if (!known.has(folder)) rmSync(folder, { recursive: true, force: true });
    }
  }

  #folders(): string[] {
    const { folder } = this.#parts;
    return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(folderPrefix)) : [];
  }
}
