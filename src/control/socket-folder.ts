/**
 * The folder of the local socket, of this user and of mode 0700. Others find it by what the lock file says, so it need
 * not have a name that anyone can guess: where the user has no runtime folder, or it is not as it should be, it is a
 * new one below the folder for temporary files, which nobody can have made before.
 */
import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../domain/errors.ts';

export interface SocketFolder {
  readonly path: string;
  /** Made for this one process. */
  readonly isTemporary: boolean;
}

/** @param runtimeFolder of the user, undefined when there is none @throws the kernel's error */
export function openSocketFolder(runtimeFolder: string | undefined, ownUid: number): SocketFolder {
  if (runtimeFolder !== undefined && isOwn(runtimeFolder, ownUid)) return { path: runtimeFolder, isTemporary: false };
  return { path: mkdtempSync(join(tmpdir(), 'evidock-')), isTemporary: true };
}

function isOwn(folder: string, ownUid: number): boolean {
  try {
    makeIfMissing(folder);
    const stats = lstatSync(folder);
    return stats.isDirectory() && stats.uid === ownUid && (stats.mode & 0o077) === 0;
  } catch {
    // A runtime folder that went away with a login, or that is not this user's.
    return false;
  }
}

/** Its parent is the system's to make. */
function makeIfMissing(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
