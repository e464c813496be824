/**
 * Keeps the coverage cache: finds the newest file, has it built or brought up to date when the registry went on, and
 * throws it away when anything about it is doubtful. Files are `coverage/<number>.db`: a new one is made beside the old
 * one, so whoever reads is never in the way, and what is not named so is a remnant of a killed build.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { CacheFile, type CacheHead, cacheForm } from '../coverage/cache-file.ts';
import { CacheReader } from '../coverage/cache-reader.ts';
import type { CacheTerms } from '../coverage/person-batches.ts';
import { verdictCodes } from '../domain/coverage-codes.ts';
import type { CoverageWaiting, EngineStatus } from '../domain/coverage-questions.ts';
import { errorCode, errorMessage } from '../domain/errors.ts';
import type { CoverageQueries } from '../registry/coverage-queries.ts';
import { type CoverageNews, type CoverageWork, doCoverageWork } from './coverage-thread.ts';

/** A registry with at most so many versions is worked through at once, without a thread of its own. */
const versionsInline = 1_000;
/** The same for so many changed subjects: less work than starting a thread. */
const changesInline = 20;

export interface OpenCache {
  readonly path: string;
  readonly reader: CacheReader;
  readonly head: CacheHead;
}

export interface KeeperParts {
  readonly folder: string;
  readonly registryFile: string;
  readonly source: CoverageQueries;
  readonly terms: Omit<CacheTerms, 'digest'>;
  readonly timeZone: string;
  /** The last record that counts, where `source` is of an older state of knowledge. */
  readonly knownAt?: number;
  /** Of the ledger: a cache never outlives the history that it was made from. */
  readonly station: string;
  readonly log: Logger;
}

export class CoverageKeeper {
  readonly terms: CacheTerms;
  readonly #parts: KeeperParts;
  #open: (OpenCache & { readonly file: CacheFile }) | undefined;
  #work: Promise<void> | undefined;
  #status: EngineStatus = { state: 'building', done: 0, total: 0 };
  #worker: Worker | undefined;
  #isClosed = false;
  /** Files up to this number are not opened again. */
  #doubtful = 0;
  readonly #listeners = new Set<(done: number, total: number) => void>();

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.terms = { ...parts.terms, digest: cacheDigest(parts) };
  }

  status(): EngineStatus {
    const current = this.current();
    return current === undefined ? this.#status : { state: 'ready', knownAt: current.head.knownAt };
  }

  /** The cache, if it says what the registry says at this moment. */
  current(): OpenCache | undefined {
    if (this.#work !== undefined || this.#isClosed) return undefined;
    this.#open ??= this.#openNewest();
    const open = this.#open;
    return open !== undefined && open.head.revision === JSON.stringify(this.#parts.source.revision())
      ? open
      : undefined;
  }

  /** Waits until it does. @throws the signal's reason; what made building fail */
  async ensure({ onProgress, signal }: CoverageWaiting = {}): Promise<OpenCache> {
    if (onProgress !== undefined) this.#listeners.add(onProgress);
    try {
      for (;;) {
        signal?.throwIfAborted();
        const current = this.current();
        if (current !== undefined) return current;
        if (this.#isClosed) throw new Error('the coverage cache is closed');
        this.#work ??= this.#bringUpToDate().finally(() => {
          this.#work = undefined;
        });
        await raced(this.#work, signal);
      }
    } finally {
      if (onProgress !== undefined) this.#listeners.delete(onProgress);
    }
  }

  /** A person must be forgotten: every file goes, and the next question has it made anew. */
  async forget(): Promise<void> {
    await this.#work?.catch(() => undefined);
    this.#close();
    rmSync(this.#parts.folder, { recursive: true, force: true });
  }

  /** Asks the cache; one that SQLite cannot read is thrown away, and its successor is asked. */
  async ask<T>(question: (open: OpenCache) => T | Promise<T>, waiting: CoverageWaiting = {}): Promise<T> {
    const open = await this.ensure(waiting);
    try {
      return await question(open);
    } catch (error) {
      if (!errorCode(error).startsWith('SQLITE_')) throw error;
      this.drop(errorMessage(error));
      return question(await this.ensure(waiting));
    }
  }

  /** A question that takes long: others are answered wherever it yields. Asked anew when the cache went on meanwhile. */
  async askInSlices<T>(question: (open: OpenCache) => Generator<void, T>, waiting: CoverageWaiting = {}): Promise<T> {
    for (;;) {
      const answer = await this.ask(async (open) => {
        const slices = question(open);
        for (let slice = slices.next(); ; slice = slices.next()) {
          if (slice.done === true) return slice;
          await setImmediate();
          waiting.signal?.throwIfAborted();
          if (this.current()?.reader !== open.reader) return undefined;
        }
      }, waiting);
      if (answer !== undefined) return answer.value;
    }
  }

  /** Something about it was wrong: what it says is not to be read by anybody again. */
  drop(why: string): void {
    this.#parts.log.warn({ why }, 'the coverage cache is thrown away and made anew');
    this.#close();
    this.#doubtful = Math.max(this.#doubtful, ...this.#numbers());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
    await this.#work?.catch(() => undefined);
    this.#close();
  }

  #close(): void {
    this.#open?.file.close();
    this.#open = undefined;
  }

  #names(): string[] {
    return existsSync(this.#parts.folder) ? readdirSync(this.#parts.folder) : [];
  }

  /** Newest first. */
  #numbers(): number[] {
    const numbers = this.#names().flatMap((name) => /^(\d+)\.db$/.exec(name)?.[1] ?? []);
    return numbers.map(Number).sort((a, b) => b - a);
  }

  #path(number: number): string {
    return join(this.#parts.folder, `${number}.db`);
  }

  #openNewest() {
    const [newest] = this.#numbers();
    if (newest === undefined || newest <= this.#doubtful) return undefined;
    const path = this.#path(newest);
    try {
      const file = CacheFile.open(path, 'write');
      const head = file.head();
      if (head?.digest === this.terms.digest) return { file, head, path, reader: new CacheReader(file) };
      file.close();
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'the coverage cache cannot be read');
    }
    return undefined;
  }

  async #bringUpToDate(): Promise<void> {
    const path = this.#open?.path;
    if (path !== undefined && (await this.#update(path))) return;
    this.#close();
    mkdirSync(this.#parts.folder, { recursive: true, mode: 0o700 });
    const [newest = 0] = this.#numbers();
    await this.#do('build', this.#path(newest + 1));
  }

  /** @returns false when it has to be made anew */
  async #update(path: string): Promise<boolean> {
    try {
      const isDone = await this.#do('update', path);
      this.#close();
      return isDone;
    } catch (error) {
      if (this.#isClosed) throw error;
      this.#parts.log.warn({ err: error }, 'the coverage cache could not be brought up to date');
      return false;
    }
  }

  async #do(task: CoverageWork['task'], cacheFile: string): Promise<boolean> {
    const { source, registryFile, timeZone, knownAt } = this.#parts;
    const progress = (done: number, total: number): void => {
      this.#status = { state: task === 'build' ? 'building' : 'updating', done, total };
      for (const listener of this.#listeners) listener(done, total);
    };
    progress(0, 0);
    if (this.#isSmall(task)) return doCoverageWork({ task, cacheFile, terms: this.terms }, source, progress);
    const work: CoverageWork = { task, registryFile, cacheFile, terms: this.terms, timeZone, knownAt };
    const worker = new Worker(new URL('./coverage-thread.ts', import.meta.url), { workerData: work });
    this.#worker = worker;
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    worker.on('message', (news: CoverageNews) => {
      if (news.kind === 'progress') progress(news.done, news.total);
      else resolve(news.isDone);
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread of the coverage cache ended early')));
    try {
      return await promise;
    } finally {
      this.#worker = undefined;
    }
  }

  #isSmall(task: CoverageWork['task']): boolean {
    const { source } = this.#parts;
    if (task === 'build') return source.versionCount() <= versionsInline;
    const before = this.#open?.head.revision;
    if (before === undefined) return false;
    const { certificates, serials } = source.changedSince(JSON.parse(before));
    return certificates.size + serials.size <= changesInline;
  }
}

/** Profiles hold maps, which JSON would not show. */
export function cacheDigest({
  terms,
  timeZone,
  station,
  knownAt,
}: Pick<KeeperParts, 'terms' | 'timeZone' | 'station' | 'knownAt'>): string {
  const profiles = terms.profiles.map(({ posts, ...profile }) => ({ ...profile, posts: [...posts] }));
  const text = JSON.stringify({
    cacheForm,
    verdictCodes,
    profiles,
    useDays: terms.useDays,
    timeZone,
    station,
    knownAt,
  });
  return createHash('sha256').update(text).digest('hex');
}

async function raced(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
