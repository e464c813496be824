/**
 * Where an export grows: `<out>.part/`, which holds the unfinished bag and what was asked for. The bag gets its own name
 * by one rename when it is whole, so nothing that looks like a bag is ever half of one. The same request goes on where
 * it stopped; another one is refused.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson, type Json } from '../domain/canonical-json.ts';
import { errorCode, StationError } from '../domain/errors.ts';
import { ensureFolder, replaceDurably, syncFolder } from '../files/durable-files.ts';
import { isThere } from '../files/if-there.ts';
import type { WrittenBag } from './bag-writer.ts';

const folderMode = 0o755;

interface ExportState {
  readonly export: string;
  /** Digest of everything that was asked for. */
  readonly request: string;
  /** Set when the bag is whole and only its name and its record are missing. */
  readonly ready?: WrittenBag & { readonly checkpointSize: number };
}

export class ExportFolder {
  readonly #target: string;
  readonly #part: string;
  #state: ExportState;
  /** The export was begun before this process. */
  readonly isResumed: boolean;

  private constructor(target: string, state: ExportState, isResumed: boolean) {
    this.#target = target;
    this.#part = `${target}.part`;
    this.#state = state;
    this.isResumed = isResumed;
  }

  /** @throws StationError export-out-taken, export-other-begun */
  static async open(target: string, request: Json, newId: () => string): Promise<ExportFolder> {
    const digest = createHash('sha256').update(canonicalJson(request)).digest('hex');
    const part = `${target}.part`;
    const known = await readState(part);
    if (known !== undefined && known.request !== digest) {
      throw new StationError('export-other-begun', `${part} holds an export that was begun with other words`, {
        next: 'Repeat that export exactly, or remove the folder and begin anew.',
      });
    }
    if ((await isThere(target)) && known?.ready === undefined) {
      throw new StationError('export-out-taken', `${target} is there already`, {
        next: 'Choose a name that does not exist; an export never writes into a folder.',
      });
    }
    if (known !== undefined) return new ExportFolder(target, known, true);
    await ensureFolder(dirname(target), folderMode);
    // Exclusively: a folder of that name that is not ours stays untouched.
    await mkdir(part, { mode: folderMode }).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
      throw new StationError('export-out-taken', `${part} is there and is no export that was begun`, {
        next: 'Remove it, or choose another --out.',
      });
    });
    const folder = new ExportFolder(target, { export: newId(), request: digest }, false);
    await folder.#saveState();
    return folder;
  }

  get id(): string {
    return this.#state.export;
  }

  get ready(): ExportState['ready'] {
    return this.#state.ready;
  }

  /** The unfinished bag. */
  get bag(): string {
    return join(this.#part, 'bag');
  }

  /** For what is made on the way and goes with the folder. */
  get scratch(): string {
    return join(this.#part, 'stamps');
  }

  /** Where a packed bag is written before it gets its name. */
  get packed(): string {
    return join(this.#part, 'bag.zip');
  }

  async #saveState(): Promise<void> {
    await replaceDurably(join(this.#part, 'export.json'), Buffer.from(JSON.stringify(this.#state)), 0o644);
  }

  async markReady(ready: NonNullable<ExportState['ready']>): Promise<void> {
    this.#state = { ...this.#state, ready };
    await this.#saveState();
  }

  /** Gives what is whole its name; nothing happens when a run before did that. */
  async publish(what: 'bag' | 'packed'): Promise<void> {
    if (await isThere(this.#target)) return;
    await rename(this[what], this.#target);
    await syncFolder(dirname(this.#target));
  }

  /** After the record of the end, or of a refusal. */
  async remove(): Promise<void> {
    await rm(this.#part, { recursive: true, force: true });
    await syncFolder(dirname(this.#part));
  }
}

async function readState(part: string): Promise<ExportState | undefined> {
  try {
    return JSON.parse(await readFile(join(part, 'export.json'), 'utf8')) as ExportState;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
