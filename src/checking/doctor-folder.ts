/**
 * What the data folder's disk can do: reading back past the page cache, without which nothing can be sealed, and its
 * free space; that nobody else can read the secret keys in it; and what the coverage cache takes. A folder that is not there yet is judged by the one it will be made in, without a probe.
 */
import { readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CopyEngine } from '../domain/copy-engine.ts';
import { errorMessage } from '../domain/errors.ts';
import type { DoctorLine } from './doctor.ts';
import { fileExists } from './machine-facts.ts';

export interface FolderMachine {
  readonly dataFolder: string;
  readonly allowMemoryFileSystem: boolean;
  /** Configured mirrors, and whether the disk of each is there. */
  readonly mirrors: readonly { readonly folder: string; readonly state: 'present' | 'same-disk' | 'away' }[];
  readonly allowNoReadBack: boolean;
  /** The engine that the configuration chooses. @throws StationError engine-not-built */
  readonly engine: () => Pick<CopyEngine, 'probeReadBack'>;
}

/** A full recorder has about so much. */
const freeBytesWanted = 32 * 2 ** 30;

export async function* checkFolder(machine: FolderMachine): AsyncGenerator<DoctorLine> {
  yield await checkReadBack(machine);
  yield await checkFreeSpace(machine.dataFolder);
  yield await checkSecretKeys(machine.dataFolder);
  yield await checkCoverageCache(machine.dataFolder);
  yield* checkMirrors(machine);
}

async function checkReadBack(machine: FolderMachine): Promise<DoctorLine> {
  const { dataFolder } = machine;
  if (!fileExists(dataFolder)) return { check: 'read-back', state: 'unknown', found: `${dataFolder} is not made yet` };
  // What a kill leaves in `incoming` is removed before the next docking.
  const incoming = join(dataFolder, 'vault/incoming');
  try {
    const { mode, fileSystem } = await machine.engine().probeReadBack(fileExists(incoming) ? incoming : dataFolder);
    const isRefused =
      (mode === 'none' && !machine.allowNoReadBack) || (mode === 'memory-fs' && !machine.allowMemoryFileSystem);
    const isWeak = mode === 'none' || mode === 'memory-fs';
    const state = isRefused ? 'missing' : isWeak ? 'warning' : 'ok';
    return { check: 'read-back', state, found: `${mode} on ${fileSystem}` };
  } catch (error) {
    return { check: 'read-back', state: 'missing', found: errorMessage(error) };
  }
}

/** A back-up put back, or a well-meant `chmod -R`, opens keys to every account of the machine without a sign. */
async function checkSecretKeys(dataFolder: string): Promise<DoctorLine> {
  const check = 'secret-keys';
  const keys = join(dataFolder, 'keys');
  if (!fileExists(keys)) return { check, state: 'unknown', found: `${keys} is not made yet` };
  try {
    const open: string[] = [];
    for (const path of [keys, ...(await readdir(keys)).sort().map((name) => join(keys, name))]) {
      if (((await stat(path)).mode & 0o077) !== 0) open.push(path);
    }
    const found = open.length === 0 ? keys : `${open[0]} is open to other accounts (${open.length} in all)`;
    const mend = `chmod -R go= ${keys}`;
    return open.length === 0 ? { check, state: 'ok', found } : { check, state: 'warning', found, mend };
  } catch (error) {
    return { check, state: 'unknown', found: errorMessage(error) };
  }
}

function* checkMirrors({ mirrors }: FolderMachine): Generator<DoctorLine> {
  const check = 'mirrors';
  if (mirrors.length === 0) yield { check, state: 'warning', found: 'none (vault.mirrors): one copy of each original' };
  for (const { folder, state } of mirrors) {
    if (state === 'present') yield { check, state: 'ok', found: folder };
    if (state === 'same-disk') yield { check, state: 'warning', found: `${folder} is on the same disk as the data` };
    if (state === 'away') yield { check, state: 'warning', found: `${folder} is away`, mend: 'evidock mirrors' };
  }
}

/** Days after which a cache that nobody asked, or that an interrupted build left, only takes room. */
const cacheDaysMax = 90;

/** A new one is made beside the old one; nothing is lost when the folder goes while the station is stopped. */
async function checkCoverageCache(dataFolder: string): Promise<DoctorLine> {
  const check = 'coverage-cache';
  const folder = join(dataFolder, 'coverage');
  if (!fileExists(folder)) return { check, state: 'ok', found: 'none: it is made when somebody asks' };
  try {
    const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const files = await Promise.all(
      names.map(async ({ name, parentPath }) => ({ name, ...sizeAndAge(await stat(join(parentPath, name))) })),
    );
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const databases = files.filter(({ name }) => name.endsWith('.db'));
    const largest = databases.reduce((most, file) => Math.max(most, file.bytes), 0);
    const days = Math.floor(files.reduce((least, file) => Math.min(least, file.days), Number.POSITIVE_INFINITY));
    const left = files.filter(({ name, days: age }) => name.includes('.part') && age >= 1);
    const { bavail, bsize } = await statfs(folder);
    const found = `${(bytes / 2 ** 20).toFixed(0)} MiB in ${files.length} files`;
    const mend = `rm -r ${folder}  (station stopped)`;
    if (left.length > 0) return { check, state: 'warning', found: `${found}; a build was cut off`, mend };
    if (days > cacheDaysMax) return { check, state: 'warning', found: `${found}; unused for ${days} days`, mend };
    if (bavail * bsize < largest) return { check, state: 'warning', found: `${found}; no room to make it anew`, mend };
    return { check, state: 'ok', found };
  } catch (error) {
    return { check, state: 'unknown', found: errorMessage(error) };
  }
}

const sizeAndAge = ({ size, mtimeMs }: { readonly size: number; readonly mtimeMs: number }) => ({
  bytes: size,
  days: (Date.now() - mtimeMs) / 86_400_000,
});

async function checkFreeSpace(dataFolder: string): Promise<DoctorLine> {
  let folder = dataFolder;
  while (!fileExists(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const found = `${(free / 2 ** 30).toFixed(1)} GiB at ${folder}`;
  return { check: 'free-space', state: free < freeBytesWanted ? 'warning' : 'ok', found };
}
