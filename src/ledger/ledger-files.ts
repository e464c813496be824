/**
 * What lies in a log's folder, by name alone: segments, tiles of every width, and names that nobody here gives.
 * Stamps over checkpoints are stamp-verification.ts's.
 * Levels are listed from the top down, because a station that runs beside writes them from the bottom up: whatever
 * an upper tile stands on is then listed too. It reads no content and judges nothing.
 */
import type { Dirent } from 'node:fs';
import { entriesIn } from '../files/if-there.ts';
import { type LedgerLayout, parseTilePath, segmentOfName, type TileName, tileWidth } from './ledger-layout.ts';

/** What a crash may leave beside a file that was being replaced (files/durable-files.ts). */
const temporarySuffix = '.new';

export class LedgerFiles {
  readonly recordSegments = new Set<number>();
  readonly documentSegments = new Set<number>();
  /** Paths below the ledger with names that are not the ledger's. */
  readonly foreign: string[] = [];
  /** Present when a checkpoint was being replaced. */
  hasNewCheckpoint = false;
  readonly #widths = new Map<string, number[]>();
  readonly #tiles: TileName[] = [];

  static async list(layout: LedgerLayout): Promise<LedgerFiles> {
    const files = new LedgerFiles();
    await files.#walk(layout, layout.tiles);
    // Documents before records: a record that is listed has its documents' segment listed or written later.
    for (const folder of [layout.documents, layout.records, layout.keys, '']) {
      for (const entry of await entriesIn(layout.path(folder))) {
        if (folder !== '' || !files.#isOwnFolder(layout, entry)) files.#take(entry, `${folder}/${entry.name}`);
      }
    }
    return files;
  }

  /** Widths on disk of one tile, widest first. */
  widths(level: TileName['level'], index: number): readonly number[] {
    return this.#widths.get(`${level}/${index}`) ?? [];
  }

  /** Every tile and bundle that is listed. */
  get tiles(): readonly TileName[] {
    return this.#tiles;
  }

  has(tile: TileName): boolean {
    return this.widths(tile.level, tile.index).includes(tile.width);
  }

  get lastRecordSegment(): number {
    return Math.max(-1, ...this.recordSegments);
  }

  #isOwnFolder(layout: LedgerLayout, entry: Dirent): boolean {
    return (
      entry.isDirectory() &&
      [layout.tiles, layout.records, layout.documents, layout.keys, layout.stamps, ...logsOf(layout)].includes(
        entry.name,
      )
    );
  }

  async #walk(layout: LedgerLayout, folder: string): Promise<void> {
    const entries = await entriesIn(layout.path(folder));
    if (folder === layout.tiles) entries.sort((a, b) => writtenLast(b.name) - writtenLast(a.name));
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) await this.#walk(layout, path);
      else this.#take(entry, `/${path}`);
    }
  }

  /** `path` begins with a slash when it lies in the ledger's folder itself or below `tile`. */
  #take(entry: Dirent, path: string): void {
    const name = path.startsWith('/') ? path.slice(1) : path;
    const isTemporary = name.endsWith(temporarySuffix);
    const meant = isTemporary ? name.slice(0, -temporarySuffix.length) : name;
    if (!entry.isFile() || !this.#know(meant, isTemporary)) this.foreign.push(name);
  }

  #know(path: string, isTemporary: boolean): boolean {
    const tile = parseTilePath(path);
    if (tile !== undefined) {
      if (!isTemporary) this.#addTile(tile);
      return true;
    }
    const segment = /^(records|documents)\/(.+)$/.exec(path);
    const number = segmentOfName(segment?.[2] ?? '');
    if (number !== undefined && !isTemporary) {
      (segment?.[1] === 'records' ? this.recordSegments : this.documentSegments).add(number);
      return true;
    }
    if (path === 'checkpoint' && isTemporary) this.hasNewCheckpoint = true;
    return [
      'checkpoint',
      'cosigned-checkpoint',
      'keys/log.vkey',
      'keys/log.pub',
      'keys/leaf.pub',
      'keys/sm2.pem',
      'keys/export.pub',
    ].includes(path);
  }

  #addTile(tile: TileName): void {
    this.#tiles.push(tile);
    const key = `${tile.level}/${tile.index}`;
    const widths = this.#widths.get(key) ?? [];
    this.#widths.set(
      key,
      [...widths, tile.width].sort((a, b) => b - a),
    );
  }
}

/** The tiles and bundles that a tree of this size consists of (C2SP tlog-tiles), partial ones at their exact width. */
export function* neededTiles(size: number): Generator<TileName> {
  for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / tileWidth)) {
    const full = Math.floor(hashes / tileWidth);
    for (const at of level === 0 ? ([0, 'entries'] as const) : [level]) {
      for (let index = 0; index < full; index += 1) yield { level: at, index, width: tileWidth };
      if (hashes % tileWidth > 0) yield { level: at, index: full, width: hashes % tileWidth };
    }
  }
}

/** Only the first log's folder holds the others. */
const logsOf = (layout: LedgerLayout): readonly string[] => (layout.log === 0 ? [layout.logs] : []);

const writtenLast = (name: string): number => (name === 'entries' ? -1 : Number(name));
