/**
 * What lies in a folder that claims to be a bag: every plain file with its size, and everything that is no plain file.
 * Names are kept as their bytes, because a bag from elsewhere may name files in ways no text can. Links are not followed.
 */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder with more entries is no bag that anyone could check by hand. */
const entriesMax = 2_000_000;

/** The bytes of a path relative to the bag, one character a byte: equal keys are equal paths. */
export type PathKey = string;

export const keyOfPath = (path: string): PathKey => Buffer.from(path, 'utf8').toString('latin1');
export const bytesOfKey = (key: PathKey): Buffer => Buffer.from(key, 'latin1');

export interface BagTree {
  /** Plain files with their bytes. */
  readonly files: ReadonlyMap<PathKey, number>;
  readonly folders: ReadonlySet<PathKey>;
  /** Links, sockets and the like. */
  readonly odd: readonly PathKey[];
}

/** @throws the kernel's error; RangeError when there is too much */
export async function listBagTree(folder: string): Promise<BagTree> {
  const files = new Map<PathKey, number>();
  const folders = new Set<PathKey>();
  const odd: PathKey[] = [];
  const waiting: PathKey[] = [''];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const entries = await readdir(pathOnDisk(folder, at), { withFileTypes: true, encoding: 'buffer' });
    for (const entry of entries) {
      const key = `${at === '' ? '' : `${at}/`}${entry.name.toString('latin1')}`;
      if (entry.isDirectory()) {
        folders.add(key);
        waiting.push(key);
      } else if (entry.isFile()) files.set(key, (await lstat(pathOnDisk(folder, key))).size);
      else odd.push(key);
      if (files.size + folders.size + odd.length > entriesMax) throw new RangeError(`over ${entriesMax} entries`);
    }
  }
  return { files, folders, odd };
}

export function pathOnDisk(folder: string, key: PathKey): Buffer {
  return key === '' ? Buffer.from(folder) : Buffer.concat([Buffer.from(join(folder, '/')), bytesOfKey(key)]);
}
