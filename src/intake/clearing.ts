/**
 * Clearing one volume of a recorder after its docking has ended: the plan is durable before the first deletion; each
 * file is read again right before and recorded as cleared right after it is gone. It deletes nothing that the policy
 * (domain/clearing-policy.ts) did not name, follows no symbolic link, stops at the first error of the card, and never
 * tries to mend one. What it cannot say for certain ("may be gone") it says so.
 */
import { type FileHandle, lstat, open, unlink } from 'node:fs/promises';
import type { ClipClearedBody } from '../domain/clearing-facts.ts';
import {
  type ClearingDecision,
  type ClearingProblem,
  clearingProblem,
  isAskedStop,
  judgeRecheck,
  type KeepReason,
} from '../domain/clearing-policy.ts';
import type { CopyEngine, HashResult } from '../domain/copy-engine.ts';
import type { WritableVolume } from '../domain/dock.ts';
import { errorCode, errorMessage, StationError } from '../domain/errors.ts';
import type { ClipId, Sha256Hex } from '../domain/ids.ts';
import type { NewRecord } from '../domain/records.ts';
import { takenUrgently } from '../domain/slot-machine.ts';
import { isThere } from '../files/if-there.ts';
import {
  type ClearingContext,
  clearingEnded,
  clearingFinding,
  clearingKept,
  clearingPlanned,
  clipCleared,
  type KeptEntry,
} from './clearing-records.ts';

/** One entry of the inventory with what was decided. */
export interface ClearingEntry {
  /** Relative to the volume's root. */
  readonly path: Buffer;
  readonly clip?: ClipId;
  /** Null: is to be cleared. */
  readonly keep: KeepReason | null;
}

export interface ClearableEntry extends ClearingEntry {
  readonly clip: ClipId;
  readonly keep: null;
  readonly bytes: number;
  readonly mtimeNs: bigint;
  readonly sha256: Sha256Hex;
  readonly copies: number;
  readonly warnings: Extract<ClearingDecision, { decision: 'clear' }>['warnings'];
}

export interface ClearingParts {
  readonly ledger: { append(record: NewRecord): Promise<unknown> };
  readonly engine: CopyEngine;
  /** What keeps a clip as of now; a plan of a big card is carried out for an hour. */
  readonly awaitedApproval: (clip: ClipId) => KeepReason | undefined;
  /** Makes the volume writable for the moment of `work`. */
  readonly writable: (work: (volume: WritableVolume) => Promise<void>) => Promise<void>;
}

export interface ClearingControl {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { readonly filesDone: number; readonly files: number }) => void;
  /** Someone needs the recorder, and it was let go; what stayed is still to be written down. */
  readonly onStopped: () => void;
}

export interface ClearingResult {
  readonly cleared: number;
  readonly kept: number;
  /** Of those cleared, how many the vault alone has now. */
  readonly singleCopy: number;
  /** What the slot shows; null when it ended as planned or because someone asked for the recorder. */
  readonly problem: ClearingProblem | null;
}

const slash = Buffer.from('/');

export class Clearing {
  readonly #parts: ClearingParts;
  readonly #context: ClearingContext;
  readonly #control: ClearingControl;
  readonly #kept: KeptEntry[] = [];
  #cleared: ClearableEntry[] = [];
  #stopped: { readonly code: string; readonly message: string } | undefined;
  /** Single files could not be deleted though the card as a whole can be written. */
  #refusals = 0;

  constructor(parts: ClearingParts, context: ClearingContext, control: ClearingControl) {
    this.#parts = parts;
    this.#context = context;
    this.#control = control;
  }

  /**
   * Runs to its end; trouble with the card is a result.
   * @throws StationError ledger-full, ledger-failed: then the plan has no end, and the next start says so
   */
  async run(entries: readonly ClearingEntry[]): Promise<ClearingResult> {
    const toClear = entries.filter(isClearable);
    for (const planned of clearingPlanned(this.#context, entries, toClear)) await this.#append(planned);
    const flushed = toClear.length === 0 || (await this.#clearAll(toClear));
    return this.#end(entries.length, toClear, flushed);
  }

  /** Whether the card took leave in order. */
  async #clearAll(toClear: readonly ClearableEntry[]): Promise<boolean> {
    let ledgerTrouble: unknown;
    let flushed = true;
    try {
      await this.#parts.writable(async ({ root }) => {
        for (const [index, entry] of toClear.entries()) {
          this.#control.onProgress({ filesDone: index, files: toClear.length });
          if (!this.#goesOn()) return;
          try {
            await this.#clearOne(Buffer.from(root), entry);
          } catch (error) {
            // Without the ledger nothing may be deleted any more, and the volume is let go first.
            ledgerTrouble = error;
            return;
          }
        }
        this.#control.onProgress({ filesDone: toClear.length, files: toClear.length });
      });
    } catch (error) {
      flushed = false;
      if (isAskedStop(this.#stopped?.code ?? '')) this.#stopped = undefined;
      this.#stop(errorCode(error), errorMessage(error));
    }
    if (ledgerTrouble !== undefined) throw ledgerTrouble;
    if (this.#stopped?.code === takenUrgently) this.#control.onStopped();
    return flushed;
  }

  #goesOn(): boolean {
    const { signal } = this.#control;
    if (signal.aborted) this.#stop(errorCode(signal.reason), errorMessage(signal.reason));
    return this.#stopped === undefined;
  }

  /** The first reason is the one that counts. */
  #stop(code: string, message: string): void {
    this.#stopped ??= { code, message };
  }

  async #clearOne(root: Buffer, entry: ClearableEntry): Promise<void> {
    const checked = await this.#recheck(root, entry);
    if (checked === undefined) return;
    try {
      await assertPlainParents(root, entry.path);
      const reason = this.#parts.awaitedApproval(entry.clip);
      if (reason !== undefined) {
        this.#kept.push({ path: entry.path, reason });
        return;
      }
      await unlink(inside(root, entry.path));
    } catch (error) {
      return this.#notDeleted(entry, errorCode(error));
    }
    try {
      await settleGone(root, entry.path);
    } catch (error) {
      this.#kept.push({ path: entry.path, reason: 'may-be-gone', detail: errorCode(error) });
      return this.#stop(errorCode(error), `after a deletion: ${errorMessage(error)}`);
    }
    await this.#append(clipCleared(this.#context, entry, checked));
    this.#cleared.push(entry);
  }

  #notDeleted(entry: ClearableEntry, code: string): void {
    this.#kept.push({ path: entry.path, reason: 'delete-failed', detail: code });
    this.#refusals += 1;
    // A card that cannot be written, or is gone, fails for every file.
    if (clearingProblem(code) !== 'clearing-failed') this.#stop(code, `a file could not be deleted: ${code}`);
  }

  /** How it was found to be the same; undefined when it was not, which is then noted. */
  async #recheck(root: Buffer, entry: ClearableEntry): Promise<ClipClearedBody['recheck'] | undefined> {
    try {
      const { recheck } = this.#context;
      const { found, how } = await this.#lookAt(root, entry);
      const listed = { bytes: entry.bytes, mtimeNs: String(entry.mtimeNs), sha256: entry.sha256 };
      if (judgeRecheck({ recheck, listed, found }) === 'same') return how;
      this.#kept.push({ path: entry.path, reason: 'changed-on-recorder' });
    } catch (error) {
      const code = errorCode(error);
      if (code === 'CANCELLED') this.#goesOn();
      else if (['ENOENT', 'ENOTDIR', 'SOURCE_CHANGED', 'SOURCE_NOT_REGULAR'].includes(code)) {
        this.#kept.push({ path: entry.path, reason: 'changed-on-recorder', detail: code });
      } else {
        // It could be read an hour ago: the card is failing, and is left alone.
        this.#kept.push({ path: entry.path, reason: 'recheck-failed', detail: code });
        this.#stop(code, `a file could not be read again: ${errorMessage(error)}`);
      }
    }
    return undefined;
  }

  async #lookAt(root: Buffer, entry: ClearableEntry) {
    const stats = await lstat(inside(root, entry.path), { bigint: true });
    if (!stats.isFile()) return { found: undefined, how: 'size-and-time' as const };
    const found = { bytes: Number(stats.size), mtimeNs: String(stats.mtimeNs), sha256: undefined };
    if (this.#context.recheck === 'size-and-time') return { found, how: 'size-and-time' as const };
    const { result, how } = await this.#read(root, entry);
    return { found: { bytes: result.bytes, mtimeNs: String(result.mtimeNs), sha256: result.sha256 }, how };
  }

  /** Past the cache; where the card's file system knows no such way, the volume was mounted only just now. */
  async #read(
    root: Buffer,
    { path, bytes, mtimeNs }: ClearableEntry,
  ): Promise<{ result: HashResult; how: 'digest' | 'digest-cached' }> {
    const { engine } = this.#parts;
    const request = { source: { root, path }, expected: { bytes, mtimeNs }, sm3: false };
    const control = { signal: this.#control.signal };
    try {
      return { result: await engine.hash({ ...request, reading: 'direct' }, control), how: 'digest' };
    } catch (error) {
      if (errorCode(error) !== 'READ_BACK_IMPOSSIBLE') throw error;
      return { result: await engine.hash({ ...request, reading: 'cached' }, control), how: 'digest-cached' };
    }
  }

  async #end(all: number, toClear: readonly ClearableEntry[], flushed: boolean): Promise<ClearingResult> {
    const settled = new Set<Buffer>([...this.#cleared, ...this.#kept].map(({ path }) => path));
    for (const { path } of toClear) if (!settled.has(path)) this.#kept.push({ path, reason: 'not-reached' });
    for (const kept of clearingKept(this.#context, this.#kept)) await this.#append(kept);
    const stopped = this.#stopped ?? (this.#refusals > 0 ? refused(this.#refusals) : undefined);
    const cleared = this.#cleared.length;
    await this.#append(
      clearingEnded(this.#context, {
        cleared,
        clearedBytes: this.#cleared.reduce((sum, { bytes }) => sum + bytes, 0),
        kept: all - cleared,
        stopped: stopped?.code ?? null,
        flushed,
      }),
    );
    const isTrouble = stopped !== undefined && !isAskedStop(stopped.code);
    if (isTrouble) {
      const detail = `${stopped.code}: ${stopped.message}; ${cleared} of ${toClear.length} files were deleted`;
      await this.#append(clearingFinding(this.#context, 'clearing-failed', detail));
    }
    return {
      cleared,
      kept: all - cleared,
      singleCopy: this.#cleared.filter(({ copies }) => copies < 2).length,
      problem: isTrouble ? clearingProblem(stopped.code) : null,
    };
  }

  #append(record: NewRecord): Promise<unknown> {
    return this.#parts.ledger.append(record);
  }
}

const isClearable = (entry: ClearingEntry): entry is ClearableEntry => entry.keep === null;
const inside = (root: Buffer, path: Buffer): Buffer => Buffer.concat([root, slash, path]);
const refused = (files: number) => ({ code: 'delete-failed', message: `${files} files could not be deleted` });

/** A symbolic link among the folders would lead out of the card. @throws StationError SOURCE_NOT_REGULAR */
async function assertPlainParents(root: Buffer, path: Buffer): Promise<void> {
  for (let at = path.indexOf(slash); at >= 0; at = path.indexOf(slash, at + 1)) {
    if ((await lstat(inside(root, path.subarray(0, at)))).isDirectory()) continue;
    throw new StationError('SOURCE_NOT_REGULAR', 'a folder of the path is none any more');
  }
}

/** The folder without the file is on the card, and the file is really not there any more. */
async function settleGone(root: Buffer, path: Buffer): Promise<void> {
  const at = path.lastIndexOf(slash);
  const folder: FileHandle = await open(at < 0 ? root : inside(root, path.subarray(0, at)), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  if (await isThere(inside(root, path))) throw new StationError('delete-failed', 'the file is still there');
}
