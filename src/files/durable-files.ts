/**
 * The few verbs that own durability of small files: make a folder, create a file exclusively, replace it, sync a
 * folder. Each returns only when a power cut can no longer undo it.
 * Big files are the copy engine's. After a failed fsync a file is given up, never synced again: the kernel may have
 * dropped the dirty pages and would report success (ext4, measured).
 */
import { constants } from 'node:fs';
import { type FileHandle, link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../domain/errors.ts';

/** @throws the kernel's error */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes `folder` and its missing parents, each synced into its parent. Existing folders keep their mode. */
export async function ensureFolder(folder: string, mode = 0o700): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    if (errorCode(error) !== 'ENOENT') throw error;
    await ensureFolder(dirname(folder), mode);
    return ensureFolder(folder, mode);
  }
  await syncFolder(dirname(folder));
}

async function writeNew(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const handle: FileHandle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
}

/**
 * The file appears whole or not at all.
 * @throws EEXIST when the file is there
 */
export async function createExclusively(path: string, bytes: Uint8Array, mode = 0o600): Promise<void> {
  const temporary = `${path}.new`;
  await unlink(temporary).catch(() => undefined);
  await writeNew(temporary, bytes, mode);
  try {
    await link(temporary, path);
  } finally {
    await unlink(temporary);
  }
  await syncFolder(dirname(path));
}

/** Replaces `path` whole: readers see the old bytes or the new ones, never a mixture. */
export async function replaceDurably(path: string, bytes: Uint8Array, mode = 0o600): Promise<void> {
  const temporary = `${path}.new`;
  await unlink(temporary).catch(() => undefined);
  await writeNew(temporary, bytes, mode);
  await rename(temporary, path);
  await syncFolder(dirname(path));
}
