/**
 * The inventory (文件清单): everything that lies on a volume, as it was listed, before anything is copied. Names are
 * raw bytes. It opens nothing, follows no symbolic link, and says when a folder could not be listed whole.
 */
import type { BigIntStats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import type { CardEntry } from '../domain/card-reading.ts';
import type { EntryType } from '../domain/clip-facts.ts';
import { errorCode, StationError } from '../domain/errors.ts';

export interface ListedEntry {
  /** Relative to the volume's root. */
  readonly path: Buffer;
  readonly type: EntryType;
  readonly bytes: number;
  readonly mtimeNs: bigint;
  /** Why a folder could not be listed, or an entry not be looked at or believed. */
  readonly detail?: string;
  /** Set where the kernel's path is not to be trusted: it is read by the card's raw reader. */
  readonly card?: CardEntry;
}

export interface VolumeListing {
  /** Sorted by path bytes. */
  readonly entries: readonly ListedEntry[];
  /** Regular files and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** False when a folder could not be listed whole, or held one name twice. */
  readonly complete: boolean;
}

export interface ListingLimits {
  readonly maxFiles: number;
  readonly maxDepth: number;
  /** A root that cannot be listed is an entry with an empty path, not an error: something else knows what is in it. */
  readonly keepUnlistableRoot?: boolean;
}

const slash = Buffer.from('/');
const sizeMax = BigInt(Number.MAX_SAFE_INTEGER);

/** @throws StationError source-missing, source-too-large; the signal's reason */
export async function listVolume(root: Buffer, limits: ListingLimits, signal?: AbortSignal): Promise<VolumeListing> {
  const entries: ListedEntry[] = [];
  const waiting: { path: Buffer; depth: number }[] = [{ path: Buffer.alloc(0), depth: 0 }];
  let folders = 0;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    signal?.throwIfAborted();
    folders += 1;
    for (const entry of await listFolder(root, folder.path, limits)) {
      if (entry.type === 'folder' && folder.depth < limits.maxDepth) {
        waiting.push({ path: entry.path, depth: folder.depth + 1 });
      } else if (entry.type === 'folder') {
        entries.push({ ...entry, type: 'unreadable-folder', detail: `deeper than ${limits.maxDepth} folders` });
      } else entries.push(entry);
    }
    // Folders count as well: a card of a million empty ones is no card either.
    if (entries.length + folders > limits.maxFiles) {
      throw new StationError('source-too-large', `the volume holds more than ${limits.maxFiles} entries`, {
        next: 'Look at the card with another program, or raise intake.maxFiles in the configuration.',
      });
    }
  }
  return listingOf(entries);
}

/**
 * What was listed, sorted and each name once: a damaged directory may hold a name twice, of which only the first file
 * can be opened, so the inventory is then not complete.
 */
export function listingOf(listed: readonly ListedEntry[]): VolumeListing {
  const sorted = listed.toSorted((a, b) => Buffer.compare(a.path, b.path));
  const entries = sorted.filter(({ path }, at) => sorted[at - 1]?.path.equals(path) !== true);
  const files = entries.filter((entry) => entry.type === 'file');
  return {
    entries,
    files: files.length,
    bytes: Math.min(
      files.reduce((sum, entry) => sum + entry.bytes, 0),
      Number.MAX_SAFE_INTEGER,
    ),
    complete: entries.length === listed.length && entries.every((entry) => entry.type !== 'unreadable-folder'),
  };
}

async function listFolder(root: Buffer, folder: Buffer, limits: ListingLimits): Promise<ListedEntry[]> {
  let names: Buffer[];
  try {
    names = await readdir(folder.length === 0 ? root : Buffer.concat([root, slash, folder]), { encoding: 'buffer' });
  } catch (error) {
    if (folder.length > 0 || limits.keepUnlistableRoot === true) return [unlistable(folder, error)];
    throw rootMissing(errorCode(error), error);
  }
  const entries: ListedEntry[] = [];
  for (const name of names) {
    const path = folder.length === 0 ? name : Buffer.concat([folder, slash, name]);
    entries.push(await lookAt(root, path));
  }
  return entries;
}

export function rootMissing(why: string, cause: unknown): StationError {
  return new StationError('source-missing', `the source folder cannot be listed: ${why}`, {
    cause,
    next: 'Check the path, and that the card is still there and may be read.',
  });
}

function unlistable(path: Buffer, error: unknown): ListedEntry {
  return { path, type: 'unreadable-folder', bytes: 0, mtimeNs: 0n, detail: errorCode(error) };
}

/** One entry by its path. Never throws: what cannot be looked at is `unknown`. */
export async function lookAt(root: Buffer, path: Buffer): Promise<ListedEntry> {
  try {
    const stats = await lstat(Buffer.concat([root, slash, path]), { bigint: true });
    const type = typeOf(stats);
    // A size that no disk holds is a damaged or forged directory entry, and could not be counted exactly.
    if (type === 'file' && (stats.size < 0n || stats.size > sizeMax)) {
      return { path, type: 'unknown', bytes: 0, mtimeNs: stats.mtimeNs, detail: 'size-impossible' };
    }
    return { path, type, bytes: type === 'file' ? Number(stats.size) : 0, mtimeNs: stats.mtimeNs };
  } catch (error) {
    // Listed and not to be looked at: a hostile name, a bad sector, or gone since. The plan refuses it by name.
    return { path, type: 'unknown', bytes: 0, mtimeNs: 0n, detail: errorCode(error) };
  }
}

function typeOf(stats: BigIntStats): EntryType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() || stats.isCharacterDevice() ? 'device' : 'unknown';
}
