/**
 * One look at everything in a folder, reduced to two digests: one by which the same content is known again, and one
 * that also notices what leaves no trace in size and time. It opens no file and follows no symbolic link.
 */
import { createHash, type Hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { errorCode } from '../domain/errors.ts';
import { fileKey } from './open-writers.ts';

export interface FolderLook {
  /** SHA-256 over path bytes, type, size and time of everything in it, as hex; a word where it cannot be listed. */
  readonly listing: string;
  /** Equal between two looks only when nothing moved in between. */
  readonly mark: string;
  /** Entries that are no folders. */
  readonly files: number;
  /** One of the files is among the open writers. */
  readonly written: boolean;
}

export interface LookLimits {
  readonly maxFiles: number;
  readonly maxDepth: number;
}

interface LookState {
  readonly root: Buffer;
  readonly writers: ReadonlySet<string>;
  readonly listing: Hash;
  readonly mark: Hash;
  readonly folders: { readonly path: Buffer; readonly depth: number }[];
  entries: number;
  files: number;
  written: boolean;
}

const slash = Buffer.from('/');
/** Entries looked at in one go; the event loop gets its turn in between. */
const batchEntries = 64;

/** Undefined when there is no such folder (any more), or something else of its name. */
export async function lookAtFolder(
  root: Buffer,
  limits: LookLimits,
  options: { readonly writers?: ReadonlySet<string>; readonly signal?: AbortSignal } = {},
): Promise<FolderLook | undefined> {
  const stats = await statsOf(root);
  if (typeof stats === 'string' || !stats.isDirectory()) return undefined;
  const state: LookState = {
    root,
    writers: options.writers ?? new Set(),
    listing: createHash('sha256'),
    mark: createHash('sha256').update(ownMark(stats)),
    folders: [{ path: Buffer.alloc(0), depth: 0 }],
    entries: 0,
    files: 0,
    written: false,
  };
  for (let folder = state.folders.pop(); folder !== undefined; folder = state.folders.pop()) {
    const names = await namesIn(state, folder.path, limits.maxFiles);
    if (typeof names === 'string') {
      // The folder itself is taken in, so that the docking can say what is wrong; deeper ones are part of the listing.
      if (folder.depth === 0) return unlistable(names, stats);
      note(state, folder.path, `unreadable ${names}`, '');
      continue;
    }
    if (state.entries > limits.maxFiles) return unlistable('too-large', stats);
    for (let at = 0; at < names.length; at += batchEntries) {
      options.signal?.throwIfAborted();
      const batch = names.slice(at, at + batchEntries).map((name) => below(folder.path, name));
      const all = await Promise.all(batch.map((path) => statsOf(below(root, path))));
      for (const [index, path] of batch.entries()) {
        noteEntry(state, path, { stats: all[index] ?? 'ENOENT', depth: folder.depth + 1, limits });
      }
    }
  }
  const { files, written } = state;
  return { listing: state.listing.digest('hex'), mark: state.mark.digest('hex'), files, written };
}

function unlistable(why: string, stats: BigIntStats): FolderLook {
  return { listing: why, mark: `${why} ${ownMark(stats)}`, files: 1, written: false };
}

/** Sorted names, or the code of the error that stood in the way. */
async function namesIn(state: LookState, folder: Buffer, entriesMax: number): Promise<Buffer[] | string> {
  try {
    const names: Buffer[] = [];
    // Read piece by piece, so that a folder of countless names is left before it fills the memory.
    const encoding = 'buffer' as BufferEncoding;
    for await (const { name } of await opendir(below(state.root, folder), { encoding, bufferSize: 256 })) {
      names.push(name as unknown as Buffer);
      state.entries += 1;
      if (state.entries > entriesMax) break;
    }
    return names.sort(Buffer.compare);
  } catch (error) {
    return errorCode(error);
  }
}

async function statsOf(path: Buffer): Promise<BigIntStats | string> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    return errorCode(error);
  }
}

interface SeenEntry {
  readonly stats: BigIntStats | string;
  readonly depth: number;
  readonly limits: LookLimits;
}

function noteEntry(state: LookState, path: Buffer, { stats, depth, limits }: SeenEntry): void {
  if (typeof stats === 'string') {
    state.files += 1;
    note(state, path, `unknown ${stats}`, '');
  } else if (stats.isDirectory()) {
    // A folder's own time tells that something came or went, which the listing itself shows better.
    note(state, path, 'folder', ownMark(stats));
    if (depth < limits.maxDepth) state.folders.push({ path, depth });
  } else {
    state.files += 1;
    state.written ||= stats.isFile() && state.writers.has(fileKey(stats.dev, stats.ino));
    note(state, path, `${stats.mode & 0o170000n} ${stats.size} ${stats.mtimeNs}`, ownMark(stats));
  }
}

/** The path comes last and with its length: no name can pass for another entry. */
function note(state: LookState, path: Buffer, listed: string, own: string): void {
  state.listing.update(`${listed} ${path.length} `).update(path);
  state.mark.update(`${listed} ${own} ${path.length} `).update(path);
}

const ownMark = (stats: BigIntStats): string => `${stats.dev}:${stats.ino} ${stats.mtimeNs} ${stats.ctimeNs}`;

const below = (folder: Buffer, name: Buffer): Buffer =>
  folder.length === 0 ? name : Buffer.concat([folder, slash, name]);
