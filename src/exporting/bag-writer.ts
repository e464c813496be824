/**
 * Writes a bag (RFC 8493): originals are copied and hashed in one pass, everything else is small and comes as bytes.
 * Manifests come after all they list, the tag manifest last, its signature after it: until then nothing here is a bag.
 * A folder that an interrupted export left is gone on with: finished originals are read again, never copied again.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, StationError } from '../domain/errors.ts';
import { createExclusively, ensureFolder, syncFolder } from '../files/durable-files.ts';
import { digestsOfFile } from './stream-digests.ts';

const chunkBytes = 1024 * 1024;
const folderMode = 0o755;
const fileMode = 0o644;
/** Of every payload file; the order is that of the lists below. */
const algorithms = ['sha256', 'sha512', 'sm3'] as const;

export const tagManifestName = 'tagmanifest-sha256.txt';
export const signatureName = `${tagManifestName}.sshsig`;

export interface BagOriginal {
  readonly clip: string;
  /** Relative to the bag: `data/clips/<clip>.<ext>`. */
  readonly path: string;
  /** Absolute path in the vault. */
  readonly source: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly sm3: string;
}

export interface BagContent {
  /** Payload that is small, by path below the bag, `data/…`. */
  readonly payload: ReadonlyMap<string, Uint8Array>;
  /** Tag files beside bag-info, manifests and signature. */
  readonly tags: ReadonlyMap<string, Uint8Array>;
  /** Lines of `bag-info.txt`; the payload's size is added. */
  readonly info: readonly (readonly [label: string, value: string])[];
  readonly sign: (tagManifest: Uint8Array) => string;
}

export interface BagControl {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { bytesDone: number; bytes: number; file: string }) => void;
}

interface Listed {
  readonly path: string;
  readonly bytes: number;
  readonly digests: ReadonlyMap<string, string>;
}

/**
 * Copies the originals that are not there yet, each confirmed by its digests.
 * @throws StationError original-altered, original-missing, with the clip in `cause`; the kernel's error; AbortError
 */
export async function writeOriginals(
  folder: string,
  originals: readonly BagOriginal[],
  control: BagControl,
): Promise<readonly Listed[]> {
  await ensureFolder(join(folder, 'data/clips'), folderMode);
  await keepOnly(folder, new Set(originals.map(({ path }) => path)));
  const bytes = originals.reduce((sum, original) => sum + original.bytes, 0);
  let bytesDone = 0;
  const listed: Listed[] = [];
  for (const original of originals) {
    control.signal.throwIfAborted();
    const onBytes = (count: number): void => {
      bytesDone += count;
      control.onProgress({ bytesDone, bytes, file: original.path });
    };
    listed.push(await placeOriginal(join(folder, original.path), original, { signal: control.signal, onBytes }));
  }
  await syncFolder(join(folder, 'data/clips'));
  return listed;
}

/** Something derived from an original (a playable copy, a poster): goes along for convenience and proves nothing. */
export interface BagDerived {
  readonly clip: string;
  /** Relative to the bag: `data/derived/<clip>.<name>`. */
  readonly path: string;
  /** Absolute path among the previews. */
  readonly source: string;
}

/** Copies what is derived; a preview that is gone by now is left out, since it can be made again and proves nothing. */
export async function writeDerived(
  folder: string,
  derived: readonly BagDerived[],
  control: BagControl,
): Promise<readonly Listed[]> {
  if (derived.length === 0) return [];
  await ensureFolder(join(folder, 'data/derived'), folderMode);
  const listed: Listed[] = [];
  for (const file of derived) {
    control.signal.throwIfAborted();
    const target = join(folder, file.path);
    try {
      const copied = await copyHashed(file.source, target, { signal: control.signal, onBytes: () => undefined });
      await rename(`${target}.copy`, target);
      listed.push({ path: file.path, ...copied });
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      await rm(`${target}.copy`, { force: true });
    }
  }
  await syncFolder(join(folder, 'data/derived'));
  return listed;
}

export interface WrittenBag {
  readonly tagManifestSha256: string;
  readonly files: number;
  readonly bytes: number;
}

/** Writes everything else beside the originals that `writeOriginals` has confirmed. */
export async function finishBag(
  folder: string,
  content: BagContent,
  originals: readonly Listed[],
): Promise<WrittenBag> {
  const payload = [...originals];
  for (const [path, bytes] of content.payload) payload.push(await writeText(folder, path, bytes));
  payload.sort((a, b) => (a.path < b.path ? -1 : 1));
  const bytes = payload.reduce((sum, file) => sum + file.bytes, 0);
  const info = [...content.info, ['Payload-Oxum', `${bytes}.${payload.length}`] as const];
  const tags = new Map(content.tags);
  const add = (name: string, text: string): void => {
    tags.set(name, Buffer.from(text));
  };
  add('bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n');
  add('bag-info.txt', info.map(([label, value]) => `${label}: ${oneLine(value)}\n`).join(''));
  add('manifest-sha256.txt', listText(payload, 'sha256'));
  add('manifest-sha512.txt', listText(payload, 'sha512'));
  add('sm3sums.txt', listText(payload, 'sm3'));
  add('hashdeep.txt', hashdeepText(payload));
  const written: Listed[] = [];
  for (const name of [...tags.keys()].sort()) {
    written.push(await writeText(folder, name, tags.get(name) as Uint8Array));
  }
  const tagManifest = Buffer.from(listText(written, 'sha256'));
  const { digests } = await writeText(folder, tagManifestName, tagManifest);
  await writeText(folder, signatureName, Buffer.from(content.sign(tagManifest)));
  await syncFolder(folder);
  return { tagManifestSha256: digests.get('sha256') as string, files: payload.length + tags.size + 2, bytes };
}

const oneLine = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();

const listText = (files: readonly Listed[], algorithm: (typeof algorithms)[number]): string =>
  files.map(({ path, digests }) => `${digests.get(algorithm)}  ${path}\n`).join('');

/** What `hashdeep -a -k` audits against. */
function hashdeepText(files: readonly Listed[]): string {
  const lines = files.map(({ path, bytes, digests }) => `${bytes},${digests.get('sha256')},${path}\n`);
  return `%%%% HASHDEEP-1.0\n%%%% size,sha256,filename\n## hashdeep -a -v -r -l -k hashdeep.txt data\n##\n${lines.join('')}`;
}

async function writeText(folder: string, path: string, bytes: Uint8Array): Promise<Listed> {
  await ensureFolder(dirname(join(folder, path)), folderMode);
  await createExclusively(join(folder, path), bytes, fileMode);
  const digests = new Map(algorithms.map((name) => [name, createHash(name).update(bytes).digest('hex')]));
  return { path, bytes: bytes.length, digests };
}

/** Takes away all that an interrupted export left but these files. */
async function keepOnly(folder: string, paths: ReadonlySet<string>, at = ''): Promise<void> {
  for (const entry of await readdir(join(folder, at), { withFileTypes: true })) {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    if (entry.isDirectory()) await keepOnly(folder, paths, path);
    else if (!paths.has(path)) await rm(join(folder, path));
  }
}

interface CopyControl {
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

async function placeOriginal(target: string, original: BagOriginal, control: CopyControl): Promise<Listed> {
  if (await isThere(target)) {
    const { bytes, digests } = await digestsOfFile(target, algorithms, control);
    if (digests.get('sha256') === original.sha256) return { path: original.path, bytes, digests };
    await rm(target);
    control.onBytes(-bytes);
  }
  const { bytes, digests } = await copyHashed(original.source, target, control).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw originalTrouble('original-missing', original, 'it is not in the vault');
  });
  const differs = digests.get('sha256') !== original.sha256 || digests.get('sm3') !== original.sm3;
  if (differs || bytes !== original.bytes) {
    await rm(`${target}.copy`);
    throw originalTrouble('original-altered', original, 'its digest is not the one that was sealed');
  }
  await rename(`${target}.copy`, target);
  return { path: original.path, bytes, digests };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Into `<target>.copy`. */
async function copyHashed(
  from: string,
  target: string,
  control: CopyControl,
): Promise<{ bytes: number; digests: ReadonlyMap<string, string> }> {
  const hashes = algorithms.map((name) => ({ name, hash: createHash(name) }));
  let bytes = 0;
  const handle: FileHandle = await open(`${target}.copy`, 'w', fileMode);
  try {
    const source = createReadStream(from, { highWaterMark: chunkBytes, signal: control.signal });
    for await (const chunk of source as AsyncIterable<Buffer>) {
      for (const { hash } of hashes) hash.update(chunk);
      await handle.writeFile(chunk);
      bytes += chunk.length;
      control.onBytes(chunk.length);
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
  return { bytes, digests: new Map(hashes.map(({ name, hash }) => [name, hash.digest('hex')])) };
}

const originalTrouble = (code: string, { clip, sha256 }: BagOriginal, what: string): StationError =>
  new StationError(code, `the original ${sha256} of clip ${clip}: ${what}`, {
    cause: { clip },
    next: 'Run "evidock fsck"; restore the original from a copy. Nothing was exported.',
  });
