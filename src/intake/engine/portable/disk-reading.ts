/**
 * Reading a file in chunks from plain Node, through the cache or past it. Node cannot align buffers for O_DIRECT or
 * drop pages, so coreutils' dd does it with the open file as its standard input, and util-linux's fincore tells
 * whether pages are left. Chunks are chunkBytes long but for the last.
 */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, failure, type Place } from './engine-failure.ts';

export const chunkBytes = 1 << 20;
const dropTries = 20;
const dropPauseMs = 25;
const stderrBytesMax = 4096;
// dd's complaints are read below, so they must come in English.
const dd = ['LC_ALL=C', 'dd', 'status=none'] as const;

export function* readCached(place: Place, fd: number): Generator<Buffer> {
  for (let offset = 0; ; ) {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let filled = 0;
    while (filled < chunkBytes) {
      const got = attempt(place, () => readSync(fd, chunk, filled, chunkBytes - filled, offset + filled));
      if (got === 0) {
        break;
      }
      filled += got;
    }
    if (filled > 0) {
      yield chunk.subarray(0, filled);
    }
    if (filled < chunkBytes) {
      return;
    }
    offset += filled;
  }
}

/** @throws READ_BACK_IMPOSSIBLE when the file system has no O_DIRECT or dd is missing; EIO when the disk fails. */
export async function* readDirect(place: Place, fd: number): AsyncGenerator<Buffer> {
  const reader = spawn('env', [...dd, 'iflag=direct', `bs=${chunkBytes}`], {
    stdio: [fd, 'pipe', 'pipe'],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  const ended = new Promise<{ status: number | null; why: string }>((resolve) => {
    let why = '';
    reader.stderr.on('data', (text: Buffer) => {
      why = (why + text).slice(0, stderrBytesMax);
    });
    reader.once('error', (error) => resolve({ status: null, why: error.message }));
    reader.once('close', (status) => resolve({ status, why: why.trim() }));
  });
  let isReadOut = false;
  try {
    yield* regroup(reader.stdout);
    isReadOut = true;
  } finally {
    // A reader that stops early leaves dd at a full pipe.
    if (!isReadOut) {
      reader.kill('SIGKILL');
    }
  }
  const { status, why } = await ended;
  if (status !== 0) {
    const isInputError = why.includes('Input/output error');
    throw Object.assign(failure(place, isInputError ? 'EIO' : 'READ_BACK_IMPOSSIBLE', `dd: ${why}`, 'read'), {
      errno: isInputError ? 5 : 0,
    });
  }
}

/** False when pages stay, or when dd or fincore is missing. */
export async function dropPages(fd: number): Promise<boolean> {
  const stdio: [number, 'pipe', 'ignore'] = [fd, 'pipe', 'ignore'];
  for (let tries = 0; tries < dropTries; tries += 1) {
    if (tries > 0) {
      await sleep(dropPauseMs);
    }
    const drop = spawnSync('env', [...dd, 'iflag=nocache', 'count=0'], { stdio });
    const pages = residentPages(fd);
    if (drop.status !== 0 || pages === undefined) {
      return false;
    }
    if (pages === 0) {
      return true;
    }
  }
  return false;
}

/** How many pages of the file lie in the page cache; undefined when fincore cannot say. */
export function residentPages(fd: number): number | undefined {
  const seen = spawnSync('fincore', ['--bytes', '--noheadings', '--output', 'PAGES', '/proc/self/fd/0'], {
    stdio: [fd, 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  return seen.status === 0 && /^\s*\d+\s*$/.test(seen.stdout) ? Number(seen.stdout) : undefined;
}

async function* regroup(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let chunk = Buffer.allocUnsafe(chunkBytes);
  let filled = 0;
  for await (const piece of pieces) {
    for (let from = 0; from < piece.length; ) {
      const taken = piece.copy(chunk, filled, from);
      from += taken;
      filled += taken;
      if (filled === chunkBytes) {
        yield chunk;
        chunk = Buffer.allocUnsafe(chunkBytes);
        filled = 0;
      }
    }
  }
  if (filled > 0) {
    yield chunk.subarray(0, filled);
  }
}
