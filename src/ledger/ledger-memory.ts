/**
 * What the station remembers of its ledger outside `ledger/`: the last checkpoint it signed, and the last one that
 * witnesses cosigned. It lies with the keys, so yesterday's copy of `ledger/` put back does not bring it along. It
 * decides nothing: at start the tree is compared with it.
 */
import { join } from 'node:path';
import { replaceDurably } from '../files/durable-files.ts';
import { readIfThere } from '../files/if-there.ts';
import { openCheckpoint, parseCheckpoint } from '../formats/signed-note.ts';

/** Exact notes. */
export interface RememberedNotes {
  readonly checkpoint?: string;
  readonly cosigned?: string;
}

/** A checkpoint that the tree must agree with. */
export interface RememberedCheckpoint {
  readonly source: 'checkpoint' | 'cosigned';
  readonly size: number;
  readonly root: Buffer;
}

/** `ledger-rolled-back`: the tree is smaller now, or its log is gone; `ledger-differs`: it has other records at that size. */
export interface LedgerContradiction {
  readonly kind: 'ledger-rolled-back' | 'ledger-differs';
  readonly remembered: RememberedCheckpoint;
}

const memoryFile = (dataFolder: string): string => join(dataFolder, 'keys', 'remembered.json');

export class LedgerMemory {
  readonly #path: string;
  #notes: RememberedNotes;

  private constructor(path: string, notes: RememberedNotes) {
    this.#path = path;
    this.#notes = notes;
  }

  static async open(dataFolder: string): Promise<LedgerMemory> {
    const path = memoryFile(dataFolder);
    const bytes = await readIfThere(path);
    return new LedgerMemory(path, bytes === undefined ? {} : parseNotes(bytes));
  }

  /** Checkpoints of this log that are remembered. One that does not verify says nothing. */
  checkpoints(origin: string, logKey: Uint8Array): RememberedCheckpoint[] {
    return (['checkpoint', 'cosigned'] as const).flatMap((source) => {
      const note = this.#notes[source];
      const checkpoint = note === undefined ? 'nothing' : openCheckpoint(note, origin, logKey);
      return typeof checkpoint === 'string' ? [] : [{ source, size: checkpoint.size, root: checkpoint.root }];
    });
  }

  /** Checkpoints of logs that are none of these: logs that this ledger had and has no more. Nobody can verify them. */
  strangers(origins: ReadonlySet<string>): RememberedCheckpoint[] {
    return (['checkpoint', 'cosigned'] as const).flatMap((source) => {
      const checkpoint = parseCheckpoint(this.#notes[source] ?? '');
      const isStranger = checkpoint !== undefined && !origins.has(checkpoint.origin);
      return isStranger ? [{ source, size: checkpoint.size, root: checkpoint.root }] : [];
    });
  }

  /** @throws the kernel's error */
  async remember(notes: RememberedNotes): Promise<void> {
    const next = { ...this.#notes, ...notes };
    await replaceDurably(this.#path, Buffer.from(`${JSON.stringify(next)}\n`), 0o600);
    this.#notes = next;
  }

  /** After an administrator has seen that the ledger is another one: from now on it is the one to agree with. */
  async startAgain(checkpoint: string): Promise<void> {
    this.#notes = {};
    await this.remember({ checkpoint });
  }
}

function parseNotes(bytes: Buffer): RememberedNotes {
  try {
    const { checkpoint, cosigned } = JSON.parse(bytes.toString('utf8')) as { [key: string]: unknown };
    return {
      ...(typeof checkpoint === 'string' && { checkpoint }),
      ...(typeof cosigned === 'string' && { cosigned }),
    };
  } catch {
    // Half a file cannot be left by a crash (it is replaced whole); a damaged one remembers nothing.
    return {};
  }
}
