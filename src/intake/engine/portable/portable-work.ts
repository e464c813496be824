/**
 * The order of the steps of copy and hash in plain Node, as the contract has them; runs in a worker thread, where
 * synchronous calls hold up nobody.
 *
 * Limits against the native engine: nothing is preallocated and written or read pages stay in the cache until they are
 * read back; a process that ends in the middle leaves its targets behind (intake empties its folder at start).
 */

import { createHash } from 'node:crypto';
import { closeSync } from 'node:fs';
import type { CopyRequest, CopyResult, HashRequest, HashResult, ReadBackMode } from '../../../domain/copy-engine.ts';
import { verityBlockBytes } from '../../../formats/fs-verity.ts';
import { BlockComparer } from './block-comparer.ts';
import { dropPages, readCached, readDirect } from './disk-reading.ts';
import { failure } from './engine-failure.ts';
import { FileDigests } from './file-digests.ts';
import type { JobSwitches } from './job-switches.ts';
import { OpenSource } from './source-file.ts';
import { TargetFile } from './target-file.ts';

type Chunks = Iterable<Buffer> | AsyncIterable<Buffer>;

export async function copyFile(request: CopyRequest, switches: JobSwitches): Promise<CopyResult> {
  using source = new OpenSource(request.source, request.expected);
  using target = new TargetFile(request.target);
  const hasBlocks = request.blocksTarget !== undefined && source.bytes > verityBlockBytes;
  using blocks = hasBlocks ? new TargetFile(request.blocksTarget) : undefined;

  switches.enter(0, source.bytes);
  const digests = new FileDigests(request.sm3);
  await readSource(source, readCached(source.place, source.fd), switches, (chunk) => {
    const leaves = digests.update(chunk);
    blocks?.append(leaves);
    target.append(chunk);
  });
  const result = digests.finish();
  target.finish();
  blocks?.finish();

  switches.enter(1, source.bytes);
  const back = await readBackSha256(target, request.readBack, switches);
  if (back !== result.sha256) {
    throw failure(target.place, 'READ_BACK_DIFFERS', 'the disk gave back other bytes', 'read');
  }
  switches.assertGoingOn(target.place);
  blocks?.keep();
  target.keep();
  return { ...result, readBack: request.readBack, mtimeNs: source.mtimeNs };
}

export async function hashFile(request: HashRequest, switches: JobSwitches): Promise<HashResult> {
  using source = new OpenSource(request.source, request.expected);
  using comparer = request.blocksFile === undefined ? undefined : new BlockComparer(request.blocksFile, source.bytes);
  switches.enter(0, source.bytes);
  const digests = new FileDigests(request.sm3);
  const chunks = request.reading === 'direct' ? readPastCache(source) : readCached(source.place, source.fd);
  await readSource(source, chunks, switches, (chunk) => {
    const leaves = digests.update(chunk);
    comparer?.take(leaves);
  });
  const result = { ...digests.finish(), mtimeNs: source.mtimeNs };
  return comparer ? { ...result, blocks: comparer.result() } : result;
}

async function readSource(
  source: OpenSource,
  chunks: Chunks,
  switches: JobSwitches,
  take: (chunk: Buffer) => void,
): Promise<void> {
  let bytes = 0;
  switches.assertGoingOn(source.place);
  for await (const chunk of chunks) {
    bytes += chunk.length;
    // A source that keeps growing must not fill the disk.
    if (bytes > source.bytes) {
      source.changed('it grew while it was read');
    }
    take(chunk);
    switches.reach(bytes);
    switches.assertGoingOn(source.place);
    source.assertStill();
  }
  source.assertUnchanged(bytes);
}

async function readBackSha256(target: TargetFile, mode: ReadBackMode, switches: JobSwitches): Promise<string> {
  const fd = target.openForReading();
  try {
    if (mode === 'dropped-cache' && !(await dropPages(fd))) {
      throw failure(target.place, 'READ_BACK_IMPOSSIBLE', 'pages stay in the cache, or dd or fincore is missing');
    }
    const chunks = mode === 'direct' ? readDirect(target.place, fd) : readCached(target.place, fd);
    const sha256 = createHash('sha256');
    let bytes = 0;
    for await (const chunk of chunks) {
      sha256.update(chunk);
      bytes += chunk.length;
      switches.reach(bytes);
      switches.assertGoingOn(target.place);
    }
    return sha256.digest('hex');
  } finally {
    closeSync(fd);
  }
}

/** Where there is no O_DIRECT the pages are dropped instead, as far as the kernel does it. */
async function* readPastCache(source: OpenSource): AsyncGenerator<Buffer> {
  let hasBegun = false;
  try {
    for await (const chunk of readDirect(source.place, source.fd)) {
      hasBegun = true;
      yield chunk;
    }
    return;
  } catch (error) {
    if (hasBegun || (error as NodeJS.ErrnoException).code !== 'READ_BACK_IMPOSSIBLE') {
      throw error;
    }
  }
  await dropPages(source.fd);
  yield* readCached(source.place, source.fd);
}
