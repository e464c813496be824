/**
 * The thread in which the coverage cache is built or brought up to date, so that the station goes on answering. It reads
 * the registry by a connection of its own and writes nothing but the cache.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { buildCache } from '../coverage/cache-builder.ts';
import { CacheFile } from '../coverage/cache-file.ts';
import { updateCache } from '../coverage/cache-updater.ts';
import type { CacheTerms } from '../coverage/person-batches.ts';
import { CoverageQueries } from '../registry/coverage-queries.ts';
import { openForReading } from '../registry/database.ts';

export interface CoverageWork {
  readonly task: 'build' | 'update';
  readonly registryFile: string;
  /** The cache's file; while it is built it bears `.part`. */
  readonly cacheFile: string;
  readonly terms: CacheTerms;
  readonly timeZone: string;
  /** The last record that counts; undefined: all. */
  readonly knownAt: number | undefined;
}

/** `ended`: whether the file is now what it should be; an update may give up in favour of building anew. */
export type CoverageNews =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'ended'; readonly isDone: boolean };

export function doCoverageWork(
  { task, cacheFile, terms }: Omit<CoverageWork, 'registryFile' | 'timeZone' | 'knownAt'>,
  source: CoverageQueries,
  progress: (done: number, total: number) => void,
): boolean {
  if (task === 'update') {
    const file = CacheFile.open(cacheFile, 'write');
    try {
      return updateCache(file, source, terms, progress);
    } finally {
      file.close();
    }
  }
  const folder = dirname(cacheFile);
  const before = readdirSync(folder).filter((name) => /^\d+\.db/.test(name));
  for (const name of before.filter((other) => other.includes('.part'))) wipe(join(folder, name));
  buildCache(`${cacheFile}.part`, source, terms, progress);
  const fd = openSync(`${cacheFile}.part`, 'r');
  fsyncSync(fd);
  closeSync(fd);
  renameSync(`${cacheFile}.part`, cacheFile);
  for (const name of before) wipe(join(folder, name));
  return true;
}

/** Overwritten before it goes: it holds numbers of people, and one of them may have to be forgotten. */
function wipe(path: string): void {
  if (!existsSync(path)) return;
  try {
    const { size } = statSync(path);
    const fd = openSync(path, 'r+');
    const zeros = Buffer.alloc(1024 * 1024);
    for (let at = 0; at < size; at += zeros.length) writeSync(fd, zeros, 0, Math.min(zeros.length, size - at), at);
    fsyncSync(fd);
    closeSync(fd);
  } finally {
    rmSync(path, { force: true });
  }
}

if (parentPort !== null) {
  const work = workerData as CoverageWork;
  const db = openForReading(work.registryFile);
  const tell = (news: CoverageNews): void => parentPort?.postMessage(news);
  const source = new CoverageQueries(db, work.timeZone, work.knownAt);
  tell({
    kind: 'ended',
    isDone: doCoverageWork(work, source, (done, total) => tell({ kind: 'progress', done, total })),
  });
  db.close();
}
