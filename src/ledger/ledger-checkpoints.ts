/**
 * The ledger's checkpoints: signing one over everything that is durable, keeping cosignatures with it, and remembering
 * both outside `ledger/`. One after the other, so that text, tiles and memory always speak of the same tree.
 */
import { replaceDurably } from '../files/durable-files.ts';
import { readIfThere } from '../files/if-there.ts';
import { checkpointText, openCheckpoint, signNote } from '../formats/signed-note.ts';
import type { LedgerKeys } from './ledger-keys.ts';
import type { LedgerLayout } from './ledger-layout.ts';
import type { LedgerContradiction, LedgerMemory, RememberedNotes } from './ledger-memory.ts';
import type { OpenedState } from './ledger-opening.ts';
import { writeFailed } from './write-failed.ts';

/** A cosigned checkpoint of a log that has ended: its last one, or one before that had been on its way. */
export async function storeEndedCosignatures(
  layout: LedgerLayout,
  { note, size, isEnough }: { readonly note: string; readonly size: number; readonly isEnough: boolean },
): Promise<void> {
  const own = sizeOf(note);
  const before = sizeOf((await readIfThere(layout.path(layout.cosignedCheckpoint)))?.toString('utf8') ?? '');
  try {
    if (own === size) await replaceDurably(layout.path(layout.checkpoint), Buffer.from(note), 0o644);
    if (!isEnough || own < before) return;
    await replaceDurably(layout.path(layout.cosignedCheckpoint), Buffer.from(note), 0o644);
  } catch (error) {
    throw writeFailed(error);
  }
}

const sizeOf = (note: string): number => Number(note.split('\n')[1] ?? 0);

export interface CheckpointParts {
  readonly layout: LedgerLayout;
  readonly keys: LedgerKeys;
  readonly memory: LedgerMemory;
  readonly state: Pick<OpenedState, 'tiles' | 'checkpointSize' | 'checkpointNote' | 'contradictions'>;
  /** Called with each new checkpoint once it is durable. */
  readonly onCheckpoint: (() => void) | undefined;
}

export class LedgerCheckpoints {
  readonly #parts: CheckpointParts;
  #contradictions: readonly LedgerContradiction[];
  #size: number;
  #note: string | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
    this.#contradictions = parts.state.contradictions;
    this.#size = parts.state.checkpointSize;
    this.#note = parts.state.checkpointNote;
  }

  /** The last note, with the cosignatures that are kept with it; undefined before the first. */
  get note(): string | undefined {
    return this.#note;
  }

  /** Remembered checkpoints that the ledger on disk does not agree with; empty in a sound station. */
  get contradictions(): readonly LedgerContradiction[] {
    return this.#contradictions;
  }

  /** Signs a checkpoint over all durable records and returns the note; the last note when nothing is new. */
  sign(): Promise<string> {
    return this.#next(() => this.#sign());
  }

  /** `isEnough`: the policy of witnesses is met, so this is the checkpoint to prove records against. */
  storeCosignatures(note: string, isEnough: boolean): Promise<void> {
    return this.#next(() => this.#storeCosignatures(note, isEnough));
  }

  /** An administrator has seen the contradictions: from now on this ledger is the one to agree with. */
  async acceptContradictions(): Promise<void> {
    const note = await this.sign();
    await this.#parts.memory.startAgain(note);
    this.#contradictions = [];
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn;
    return turn;
  }

  async #sign(): Promise<string> {
    const { layout, keys, state, onCheckpoint } = this.#parts;
    const { tree } = state.tiles;
    if (this.#note !== undefined && this.#size === tree.size) return this.#note;
    const size = tree.size;
    const text = checkpointText({ origin: keys.origin, size, root: tree.root() });
    const note = signNote(text, keys.origin, keys.logSecretKey, keys.logKey);
    try {
      // Takes its copy of the tree in this same turn, so text and tiles speak of one size while appending goes on.
      await state.tiles.write();
      await replaceDurably(layout.path(layout.checkpoint), Buffer.from(note), 0o644);
    } catch (error) {
      throw writeFailed(error);
    }
    this.#size = size;
    this.#note = note;
    // What an administrator has not seen yet must not be forgotten.
    if (this.#contradictions.length === 0) await this.#remember({ checkpoint: note });
    onCheckpoint?.();
    // Only now: until here the checkpoint on disk spoke of the partial tiles.
    await state.tiles.removeSuperseded();
    return note;
  }

  async #storeCosignatures(note: string, isEnough: boolean): Promise<void> {
    const { layout, keys } = this.#parts;
    const checkpoint = openCheckpoint(note, keys.origin, keys.logKey);
    if (typeof checkpoint === 'string') throw new Error(`a cosigned checkpoint is not ours: ${checkpoint}`);
    try {
      if (checkpoint.size === this.#size) {
        await replaceDurably(layout.path(layout.checkpoint), Buffer.from(note), 0o644);
        this.#note = note;
      }
      if (!isEnough || this.#contradictions.length > 0 || checkpoint.size < this.#cosignedSize()) return;
      await replaceDurably(layout.path(layout.cosignedCheckpoint), Buffer.from(note), 0o644);
    } catch (error) {
      throw writeFailed(error);
    }
    await this.#remember({ cosigned: note });
  }

  /** A witness's answer may come late, by stick: what is proved against only moves forward. */
  #cosignedSize(): number {
    const { memory, keys } = this.#parts;
    const remembered = memory.checkpoints(keys.origin, keys.logKey);
    return remembered.find(({ source }) => source === 'cosigned')?.size ?? 0;
  }

  async #remember(notes: RememberedNotes): Promise<void> {
    try {
      await this.#parts.memory.remember(notes);
    } catch (error) {
      throw writeFailed(error);
    }
  }
}
