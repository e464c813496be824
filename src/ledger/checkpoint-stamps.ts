/**
 * Where second signatures and time stamps over checkpoints lie: `ledger/stamps/<size>/`, with the very note that was
 * stamped as `checkpoint` beside `checkpoint.sm2` (DER) or `checkpoint.tsq` and `checkpoint.tsr` (RFC 3161), so that
 * openssl alone checks them. A later checkpoint holds everything an earlier one did: folders without a token are
 * removed but for the latest.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../domain/errors.ts';
import { createExclusively, ensureFolder } from '../files/durable-files.ts';
import { namesIn } from '../files/if-there.ts';
import type { LedgerLayout } from './ledger-layout.ts';

export const stampNames = ['checkpoint', 'checkpoint.sm2', 'checkpoint.tsq', 'checkpoint.tsr'] as const;
export type StampName = (typeof stampNames)[number];

/** Folders that hold no token: so many stay. */
const untimedKept = 32;

export interface StampedCheckpoint {
  readonly size: number;
  readonly folder: string;
  readonly names: readonly StampName[];
}

export class CheckpointStamps {
  readonly #folder: string;

  constructor(layout: LedgerLayout) {
    this.#folder = layout.path(layout.stamps);
  }

  /** Opens the folder of the checkpoint of this size. The note that it began with stays the one that is stamped. */
  async begin(size: number, note: string): Promise<{ readonly folder: string; readonly note: Buffer }> {
    const folder = join(this.#folder, String(size));
    await ensureFolder(folder, 0o755);
    const path = join(folder, 'checkpoint');
    await createExclusively(path, Buffer.from(note), 0o644).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
    return { folder, note: await readFile(path) };
  }

  async addSm2(folder: string, signature: Uint8Array): Promise<void> {
    await createExclusively(join(folder, 'checkpoint.sm2'), signature, 0o644);
  }

  /** In the order of their sizes. */
  async list(): Promise<readonly StampedCheckpoint[]> {
    return Promise.all((await this.#sizes()).map((size) => this.#look(size)));
  }

  /** The newest checkpoint with this stamp. Looked for from the newest back, since tokens are kept for ever. */
  async latest(name: StampName): Promise<StampedCheckpoint | undefined> {
    for (const size of (await this.#sizes()).reverse()) {
      const stamped = await this.#look(size);
      if (stamped.names.includes(name)) return stamped;
    }
    return undefined;
  }

  async #sizes(): Promise<number[]> {
    const names = (await namesIn(this.#folder)).filter((name) => /^\d{1,15}$/.test(name));
    return names.map(Number).sort((a, b) => a - b);
  }

  async #look(size: number): Promise<StampedCheckpoint> {
    const folder = join(this.#folder, String(size));
    const there = await namesIn(folder);
    return { size, folder, names: stampNames.filter((name) => there.includes(name)) };
  }

  async removeSuperseded(): Promise<void> {
    const untimed = (await this.list()).filter(({ names }) => !names.includes('checkpoint.tsr'));
    for (const { folder } of untimed.slice(0, -untimedKept)) await rm(folder, { recursive: true });
  }
}
