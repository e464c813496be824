/**
 * A folder on a local disk into which people copy cards, as a dock: each direct sub-folder is a docking once nothing
 * in it changed for `settleMs` and no process that we may look into has a file of it open for writing. It is docked
 * again only when its listing changed. Looking is the truth; chokidar's events only make it look sooner.
 *
 * Left alone: names that begin with a dot (tools put what is not finished there), symbolic links, files that lie
 * directly in the folder, and sub-folders without any file. What a docking could not take stays until it changes.
 */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { Dock, DockedRecorder } from '../domain/dock.ts';
import { errorCode, StationError } from '../domain/errors.ts';
import { readablePath } from '../domain/readable-path.ts';
import type { DockLog } from './dock-log.ts';
import { type FolderLook, type LookLimits, lookAtFolder } from './folder-look.ts';
import { findOpenWriters } from './open-writers.ts';

export interface ImportFolderParts {
  /** Absolute. */
  readonly folder: string;
  readonly settleMs: number;
  readonly limits: LookLimits;
  /** Whether this sub-folder (absolute path bytes) with this listing was taken in before, as the registry has it. */
  readonly wasTaken: (folder: Uint8Array, listing: string) => boolean;
  readonly log: DockLog;
  /** Milliseconds that never go back, such as performance.now(). */
  readonly monotonicMs: () => number;
}

/** Sub-folders that are looked at; more are left alone and said once. */
const subFoldersMax = 2_000;
/** What is settled is looked at this often without a hint. */
const quietMs = 30_000;
/** A look at a large folder is repeated after so many times its own duration, so that looking never fills a core. */
const restFactor = 10;
/** How deep chokidar watches: the sub-folders and what lies directly in them. */
const hintDepth = 1;

interface SubFolder {
  readonly name: Buffer;
  readonly path: Buffer;
  mark: string | undefined;
  changedMs: number;
  nextLookMs: number;
  docked: { readonly recorder: DockedRecorder; released: boolean } | undefined;
}

export class ImportFolder implements Dock {
  readonly kind = 'import-folder';
  readonly slots: readonly string[] = [];
  readonly #parts: ImportFolderParts;
  readonly #subFolders = new Map<string, SubFolder>();
  readonly #hintListeners = new Set<() => void>();
  readonly #stopping = new AbortController();
  readonly #said = new Set<string>();
  #looking: Promise<void> | undefined;
  #watcher: FSWatcher | undefined;
  #visits = 0;

  constructor(parts: ImportFolderParts) {
    // Without a slash at its end, so that what lies below can be told by its length.
    this.#parts = { ...parts, folder: resolve(parts.folder) };
  }

  /** @throws StationError import-folder-unreadable */
  async scan(): Promise<readonly DockedRecorder[]> {
    const names = await this.#names();
    for (const key of [...this.#subFolders.keys()]) {
      if (!names.has(key)) this.#subFolders.delete(key);
    }
    const nextLookMs = this.#parts.monotonicMs();
    for (const [key, name] of names) {
      if (this.#subFolders.has(key)) continue;
      const path = Buffer.concat([Buffer.from(`${this.#parts.folder}/`), name]);
      this.#subFolders.set(key, { name, path, mark: undefined, changedMs: 0, nextLookMs, docked: undefined });
    }
    this.#looking ??= this.#lookAround().finally(() => {
      this.#looking = undefined;
    });
    return [...this.#subFolders.values()].flatMap(({ docked }) => (docked === undefined ? [] : [docked.recorder]));
  }

  onHint(listener: () => void): () => void {
    this.#hintListeners.add(listener);
    this.#watcher ??= this.#watch();
    return () => this.#hintListeners.delete(listener);
  }

  async release({ generation }: DockedRecorder): Promise<void> {
    for (const subFolder of this.#subFolders.values()) {
      if (subFolder.docked?.recorder.generation !== generation) continue;
      subFolder.docked.released = true;
      subFolder.nextLookMs = this.#parts.monotonicMs();
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#hintListeners.clear();
    await this.#watcher?.close();
    await this.#looking;
  }

  /** Exact names of the sub-folders, by hex. */
  async #names(): Promise<Map<string, Buffer>> {
    const { folder } = this.#parts;
    let entries: Dirent<Buffer>[];
    try {
      entries = await readdir(folder, { encoding: 'buffer', withFileTypes: true });
    } catch (cause) {
      throw new StationError('import-folder-unreadable', `${folder} cannot be listed: ${errorCode(cause)}`, {
        cause,
        next: 'Make the folder, or mend importFolder.path in the configuration.',
      });
    }
    const names = new Map<string, Buffer>();
    for (const entry of entries) {
      const readable = (): object => ({ name: readablePath(entry.name) });
      if (entry.name[0] === 0x2e) continue;
      if (entry.isSymbolicLink()) this.#sayOnce('symbolic links in the import folder are left alone', readable());
      else if (!entry.isDirectory()) this.#sayOnce('files directly in the import folder are left alone', readable());
      else if (names.size >= subFoldersMax) this.#sayOnce('the import folder holds too many sub-folders', {});
      else names.set(entry.name.toString('hex'), entry.name);
    }
    return names;
  }

  #sayOnce(message: string, facts: object): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.#parts.log.warn({ folder: this.#parts.folder, ...facts }, message);
  }

  /** Looks at one sub-folder after the other as long as one is due. */
  async #lookAround(): Promise<void> {
    const { monotonicMs, log } = this.#parts;
    for (let due = this.#due(); due !== undefined; due = this.#due()) {
      const began = monotonicMs();
      try {
        await this.#look(due);
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        log.warn({ err: error, folder: readablePath(due.path) }, 'a sub-folder could not be looked at');
        due.nextLookMs = monotonicMs() + quietMs;
      }
      const tookMs = monotonicMs() - began;
      due.nextLookMs = Math.max(due.nextLookMs, monotonicMs() + tookMs * restFactor);
    }
  }

  #due(): SubFolder | undefined {
    if (this.#stopping.signal.aborted) return undefined;
    const nowMs = this.#parts.monotonicMs();
    const due = [...this.#subFolders.values()].filter(
      (subFolder) => subFolder.nextLookMs <= nowMs && !isHeld(subFolder),
    );
    return due.sort((a, b) => a.nextLookMs - b.nextLookMs)[0];
  }

  async #look(subFolder: SubFolder): Promise<void> {
    const { limits, settleMs, monotonicMs } = this.#parts;
    const look = await lookAtFolder(subFolder.path, limits, { signal: this.#stopping.signal });
    const nowMs = monotonicMs();
    const paceMs = Math.min(1000, settleMs / 4);
    if (look === undefined || look.mark !== subFolder.mark) {
      subFolder.mark = look?.mark;
      subFolder.changedMs = nowMs;
      subFolder.nextLookMs = nowMs + paceMs;
    } else if (nowMs - subFolder.changedMs < settleMs) subFolder.nextLookMs = nowMs + paceMs;
    else if (this.#isKnown(subFolder, look)) subFolder.nextLookMs = nowMs + quietMs;
    else if (await this.#isBeingWritten(subFolder, look)) subFolder.nextLookMs = nowMs + paceMs;
    else this.#dock(subFolder, look);
  }

  #isKnown(subFolder: SubFolder, look: FolderLook): boolean {
    if (look.files === 0) return true;
    if (subFolder.docked?.recorder.listing === look.listing) return true;
    if (!this.#parts.wasTaken(subFolder.path, look.listing)) return false;
    subFolder.docked = undefined;
    return true;
  }

  /** Writers first, then a second look: a file that was opened meanwhile and written to has changed the mark. */
  async #isBeingWritten(subFolder: SubFolder, look: FolderLook): Promise<boolean> {
    const { signal } = this.#stopping;
    const writers = await findOpenWriters(signal);
    if (writers.hidden > 0) {
      this.#sayOnce("other users' processes cannot be seen: a copy that pauses may be taken for finished", {});
    }
    const again = await lookAtFolder(subFolder.path, this.#parts.limits, { writers: writers.files, signal });
    return again === undefined || again.written || again.mark !== look.mark;
  }

  #dock(subFolder: SubFolder, { listing }: FolderLook): void {
    this.#visits += 1;
    subFolder.docked = {
      recorder: {
        kind: 'import-folder',
        slot: readablePath(subFolder.name),
        generation: `${this.#visits}-${listing}`,
        serial: undefined,
        recorderBasis: 'none',
        root: subFolder.path,
        listing,
      },
      released: false,
    };
    this.#hint();
  }

  #watch(): FSWatcher {
    const { folder, log } = this.#parts;
    const watcher = watch(folder, {
      depth: hintDepth,
      followSymlinks: false,
      ignoreInitial: true,
      ignorePermissionErrors: true,
      atomic: false,
    });
    watcher.on('all', (_event, path) => this.#moved(path));
    watcher.on('error', (error) => {
      if (this.#said.has('watch')) return;
      this.#said.add('watch');
      log.warn({ err: error, folder }, 'the import folder cannot be watched; it is still looked at every second');
    });
    return watcher;
  }

  #moved(path: string): void {
    const name = path.slice(this.#parts.folder.length + 1).split('/')[0] ?? '';
    if (name.startsWith('.')) return;
    const subFolder = this.#subFolders.get(Buffer.from(name).toString('hex'));
    const nowMs = this.#parts.monotonicMs();
    // A sub-folder that is being filled is looked at anyway, and would hint with every block that is written.
    const settling = subFolder !== undefined && nowMs - subFolder.changedMs < this.#parts.settleMs;
    if (settling || (subFolder !== undefined && isHeld(subFolder))) return;
    if (subFolder !== undefined) subFolder.nextLookMs = nowMs;
    this.#hint();
  }

  #hint(): void {
    for (const listener of this.#hintListeners) listener();
  }
}

/** While it is being taken in it is not looked at: what changes meanwhile is the next docking's. */
const isHeld = ({ docked }: SubFolder): boolean => docked !== undefined && !docked.released;
