/**
 * The folder that is taken in by hand: that it is there, and that it has nothing to do with the data folder.
 */
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, StationError } from '../domain/errors.ts';
import { readablePath } from '../domain/readable-path.ts';

/**
 * The real path of a source, as raw bytes. `dataFolder` need not exist yet.
 * @throws StationError source-missing, source-overlaps-data
 */
export function openSourceFolder(folder: Uint8Array | string, dataFolder: string): Buffer {
  const source = realSourceFolder(folder);
  if (!statSync(source).isDirectory()) {
    throw new StationError('source-missing', `${readablePath(source)} is not a folder`, {
      next: 'Name the folder that the file lies in: a whole folder is taken in at a time.',
    });
  }
  const data = Buffer.from(realPathOfNew(dataFolder));
  // Taking in the data folder itself would copy secret keys into the vault, and grow while it is read.
  if (isWithin(source, data) || isWithin(data, source)) {
    throw new StationError(
      'source-overlaps-data',
      `the source ${readablePath(source)} and the data folder ${dataFolder} overlap`,
      {
        next: 'Choose a data folder outside of the source.',
      },
    );
  }
  return source;
}

function realSourceFolder(folder: Uint8Array | string): Buffer {
  const path = Buffer.from(folder as Uint8Array);
  try {
    return realpathSync(path, { encoding: 'buffer' });
  } catch (cause) {
    throw new StationError('source-missing', `there is no folder ${readablePath(path)}`, {
      cause,
      next: 'Check the path, and that the card is mounted.',
    });
  }
}

/** The real path that a folder has or will have once it is made. */
function realPathOfNew(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    const parent = dirname(folder);
    if (errorCode(error) !== 'ENOENT' || parent === folder) return folder;
    return join(realPathOfNew(parent), basename(folder));
  }
}

function isWithin(inner: Buffer, outer: Buffer): boolean {
  const folder = outer.at(-1) === 0x2f ? outer : Buffer.concat([outer, Buffer.from('/')]);
  return inner.equals(outer) || inner.subarray(0, folder.length).equals(folder);
}
