/**
 * Reading what need not be there: that it is missing is an answer, every other trouble is the kernel's error.
 */
import type { Dirent, PathLike } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { errorCode } from '../domain/errors.ts';

/** What the file system says, or undefined where there is no such file or folder. @throws the kernel's error */
export const ifThere = <T>(asked: Promise<T>): Promise<T | undefined> =>
  asked.catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });

export const readIfThere = (path: string): Promise<Buffer | undefined> => ifThere(readFile(path));

/** UTF-8. */
export const readTextIfThere = (path: string): Promise<string | undefined> => ifThere(readFile(path, 'utf8'));

/** A folder that is missing has no names in it. */
export const namesIn = async (folder: string): Promise<string[]> => (await ifThere(readdir(folder))) ?? [];

/** A folder that went away meanwhile, or turned out to be none, is an empty one. */
export const entriesIn = (folder: string): Promise<Dirent[]> =>
  readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return [];
    throw error;
  });

/** Of the name itself: a link counts, wherever it leads. */
export const isThere = async (path: PathLike): Promise<boolean> => (await ifThere(lstat(path))) !== undefined;
