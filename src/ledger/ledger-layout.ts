/**
 * Where everything of the ledger lies below `DATA/ledger/`. The only file that joins these paths.
 * A ledger is one log, and after a change of its key several: the first lies in `ledger/` itself, those after it in
 * `ledger/logs/<n>/`, each whole with its records, tiles and public keys. Within a log records are counted from 0
 * (their index in its tree); they lie in segments of a fixed number, so a record's file follows from its index.
 */
import { join } from 'node:path';

/** Records of one segment file; fixed by the format. */
export const recordsPerSegment = 4096;
/** Hashes of a full tile and leaves of a full entry bundle (C2SP tlog-tiles). */
export const tileWidth = 256;

export const segmentOf = (index: number): number => Math.floor(index / recordsPerSegment);
const segmentName = (segment: number): string => `${String(segment).padStart(6, '0')}.jsonl`;

/** The segment number of a file name, undefined when it is not one of ours. */
export function segmentOfName(name: string): number | undefined {
  const match = /^(\d{6})\.jsonl$/.exec(name);
  return match ? Number(match[1]) : undefined;
}

/** A tile's number as tlog-tiles writes it: groups of three digits, all but the last with an `x`. */
function tileNumber(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

const logsFolder = 'logs';
const unfinishedSuffix = '.new';

/** The number of a log after the first by its folder's name; undefined when it is none. */
export function logOfName(name: string): number | undefined {
  return /^[1-9]\d{0,5}$/.test(name) ? Number(name) : undefined;
}

/** Whether this is what a change of keys left that never came to its end. */
export const isUnfinishedLog = (name: string): boolean =>
  name.endsWith(unfinishedSuffix) && logOfName(name.slice(0, -unfinishedSuffix.length)) !== undefined;

export interface TileName {
  /** Tree level in tiles (0 = leaf hashes), or `entries` for the bundles of leaves. */
  readonly level: number | 'entries';
  readonly index: number;
  /** 1 to 256; less than 256 is a partial tile. */
  readonly width: number;
}

export function tilePath(tile: TileName): string {
  const path = `tile/${tile.level}/${tileNumber(tile.index)}`;
  return tile.width === tileWidth ? path : `${path}.p/${tile.width}`;
}

/** The tile that a path below the ledger names, undefined when no tile is named so. */
export function parseTilePath(path: string): TileName | undefined {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (!match) return undefined;
  const level = match[1] === 'entries' ? 'entries' : Number(match[1]);
  const index = Number((match[2] ?? '').replaceAll(/[x/]/g, ''));
  const tile: TileName = { level, index, width: match[3] === undefined ? tileWidth : Number(match[3]) };
  return tilePath(tile) === path && tile.width > 0 ? tile : undefined;
}

export class LedgerLayout {
  readonly dataFolder: string;
  /** 0 for the first. */
  readonly log: number;
  readonly folder: string;
  readonly #name: string;

  constructor(dataFolder: string, log = 0) {
    this.dataFolder = dataFolder;
    this.log = log;
    this.#name = log === 0 ? 'ledger' : `ledger/${logsFolder}/${log}`;
    this.folder = join(dataFolder, this.#name);
  }

  /** Another log of the same ledger. */
  ofLog(log: number): LedgerLayout {
    return new LedgerLayout(this.dataFolder, log);
  }

  /** Names relative to the data folder, as findings give them. */
  relative(path: string): string {
    return `${this.#name}/${path}`;
  }

  /** The folder of the logs after the first, and where this one is made before it gets its name. */
  get logsFolder(): string {
    return join(this.dataFolder, 'ledger', logsFolder);
  }

  get unfinishedFolder(): string {
    return `${this.folder}${unfinishedSuffix}`;
  }

  /** A public key of the station and not of one log: it stays where it is. */
  stationKey(name: string): string {
    return join(this.dataFolder, 'ledger', 'keys', name);
  }

  path(relative: string): string {
    return join(this.folder, relative);
  }

  readonly records = 'records';
  readonly documents = 'documents';
  readonly tiles = 'tile';
  readonly keys = 'keys';
  readonly checkpoint = 'checkpoint';
  /** The newest checkpoint that enough witnesses have cosigned. */
  readonly cosignedCheckpoint = 'cosigned-checkpoint';
  /** A folder for each stamped checkpoint, named by its size. */
  readonly stamps = 'stamps';
  /** Only in the first log's folder: the logs after it. */
  readonly logs = logsFolder;

  recordSegment(segment: number): string {
    return `records/${segmentName(segment)}`;
  }

  documentSegment(segment: number): string {
    return `documents/${segmentName(segment)}`;
  }
}
