/**
 * One process owns a data folder, by a kernel lock (flock) on `DATA/lock`: it goes when the process goes, even by
 * kill -9, so there is no stale lock to clean up. What stands in the file only tells others whom to ask.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, StationError } from '../domain/errors.ts';

/** Who holds the folder; for messages, and for finding the holder's socket. */
export interface LockHolder {
  readonly pid: number;
  readonly command: string;
  /** ISO time. */
  readonly since: string;
  readonly socket?: string;
}

export interface FolderLock {
  describe(holder: LockHolder): void;
  release(): void;
}

/**
 * Takes the lock without waiting; undefined when another process has it. `flock` locks the open file description
 * that this process keeps, so the lock outlives the helper program and ends with this process.
 * @throws StationError lock-unavailable when flock (util-linux) cannot be run, folder-not-usable
 */
export function tryLockFolder(dataFolder: string): FolderLock | undefined {
  const fd = openLockFile(join(dataFolder, 'lock'));
  const result = spawnSync('flock', ['--exclusive', '--nonblock', '3'], { stdio: ['ignore', 'ignore', 'pipe', fd] });
  if (result.status === 1) {
    closeSync(fd);
    return undefined;
  }
  if (result.status !== 0) {
    closeSync(fd);
    const why = result.error?.message ?? String(result.stderr).trim();
    throw new StationError('lock-unavailable', `the data folder could not be locked: ${why}`, {
      next: 'Install util-linux (it has the program flock) and use a local file system.',
    });
  }
  // What a killed holder wrote must not be taken for what this one says.
  ftruncateSync(fd);
  return {
    describe(holder) {
      ftruncateSync(fd);
      try {
        writeSync(fd, `${JSON.stringify(holder)}\n`);
      } catch (error) {
        // A full disk: the lock holds all the same, only nobody learns whom to ask. A check must not fail for that.
        if (!['ENOSPC', 'EDQUOT'].includes(errorCode(error))) throw error;
      }
    },
    release() {
      ftruncateSync(fd);
      closeSync(fd);
    },
  };
}

function openLockFile(path: string): number {
  try {
    return openSync(path, 'a+', 0o600);
  } catch (cause) {
    throw new StationError('folder-not-usable', `the lock file ${path} cannot be written: ${errorCode(cause)}`, {
      cause,
      next: 'The folder must be writable for its owner; look at its mount and its permissions.',
    });
  }
}

/** What the holder wrote; undefined when it has not written yet. */
export function readLockHolder(dataFolder: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(join(dataFolder, 'lock'), 'utf8')) as LockHolder;
  } catch {
    return undefined;
  }
}
