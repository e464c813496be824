/**
 * Getting hold of a data folder: making it, becoming its owner's user, locking it, or finding who holds it.
 */
import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, StationError } from '../domain/errors.ts';
import { ensureFolder } from '../files/durable-files.ts';
import { type FolderLock, type LockHolder, readLockHolder, tryLockFolder } from '../files/folder-lock.ts';

/** A holder that is just starting or ending is waited for so long. */
const holderWaitMs = 10_000;
const holderPollMs = 100;

export interface FolderAccess {
  readonly dataFolder: string;
  /** Made with its parents when it is missing; otherwise a missing folder is an error. */
  readonly make: boolean;
}

/** @throws StationError folder-missing, folder-not-usable */
export async function prepareFolder(access: FolderAccess): Promise<string> {
  try {
    if (access.make) await ensureFolder(access.dataFolder, 0o700);
    const real = realpathSync(access.dataFolder);
    if (!statSync(real).isDirectory()) throw new StationError('folder-not-usable', `${real} is not a folder`);
    return real;
  } catch (error) {
    if (error instanceof StationError) throw error;
    const missing = errorCode(error) === 'ENOENT';
    throw new StationError(
      missing ? 'folder-missing' : 'folder-not-usable',
      `the data folder ${access.dataFolder}: ${errorCode(error)}`,
      { cause: error, next: 'Check --data; "evidock ingest" and "evidock run" make a new folder.' },
    );
  }
}

/**
 * As root, goes on as the owner of the folder, so that every file in it has one owner.
 * @returns the uid it changed to, undefined when nothing changed
 */
export function becomeOwner(dataFolder: string): number | undefined {
  const { uid, gid } = statSync(dataFolder);
  const own = process.geteuid?.();
  if (own === uid || own === undefined) return undefined;
  if (own !== 0) {
    throw new StationError('folder-not-usable', `the data folder belongs to uid ${uid}, this process to uid ${own}`, {
      next: `Run the command as that user, or as root.`,
    });
  }
  process.setgroups?.([gid]);
  process.setgid?.(gid);
  process.setuid?.(uid);
  return uid;
}

/** The file name of the socket on which the owner of this data folder listens: one a folder. */
export function socketName(dataFolder: string): string {
  return `${createHash('sha256').update(realpathSync(dataFolder)).digest('hex').slice(0, 16)}.sock`;
}

/**
 * Locks the folder, or hands the work to whoever holds it. A holder that does not answer may be starting or ending:
 * then both are tried again for some seconds.
 * @param ask runs the work in the holder; undefined when it does not answer
 * @throws StationError folder-in-use
 */
export async function lockOrAsk<T>(
  dataFolder: string,
  signal: AbortSignal,
  ask: (holder: LockHolder) => Promise<T | undefined>,
): Promise<{ readonly lock: FolderLock } | { readonly answer: T }> {
  for (let waited = 0; ; waited += holderPollMs) {
    const lock = tryLockFolder(dataFolder);
    if (lock !== undefined) return { lock };
    const holder = readLockHolder(dataFolder);
    const answer = holder === undefined ? undefined : await ask(holder);
    if (answer !== undefined) return { answer };
    if (waited >= holderWaitMs || signal.aborted) throw folderInUse(holder);
    await sleep(holderPollMs);
  }
}

export function folderInUse(holder: LockHolder | undefined): StationError {
  const who =
    holder === undefined ? 'another process' : `process ${holder.pid} (${holder.command}, since ${holder.since})`;
  return new StationError('folder-in-use', `the data folder is held by ${who}`, {
    next: 'Wait until it has ended, or end it, then run the command again.',
  });
}
