/**
 * Bytes on their way into the vault that were not read from a path: a file in `incoming/`, written once, then the source
 * of an ordinary copy, so that every promise of a copy holds for them too. It is never an original itself.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExpectedSource, SourceFile } from '../domain/copy-engine.ts';

export class StagedSource {
  readonly source: SourceFile;
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #onDiscarded: () => void;
  #isOpen = true;

  private constructor(folder: string, name: string, handle: FileHandle, onDiscarded: () => void) {
    this.#path = join(folder, name);
    this.#handle = handle;
    this.#onDiscarded = onDiscarded;
    this.source = { root: Buffer.from(folder), path: Buffer.from(name) };
  }

  static async create(folder: string, name: string, onDiscarded: () => void): Promise<StagedSource> {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    return new StagedSource(folder, name, await open(join(folder, name), flags, 0o600), onDiscarded);
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, at, bytes.length - at);
      at += bytesWritten;
    }
  }

  /** No more is written: what the copy engine must find. */
  async finish(): Promise<ExpectedSource> {
    this.#isOpen = false;
    await this.#handle.close();
    const { size, mtimeNs } = await stat(this.#path, { bigint: true });
    return { bytes: Number(size), mtimeNs };
  }

  async discard(): Promise<void> {
    if (this.#isOpen) await this.#handle.close().catch(() => undefined);
    this.#isOpen = false;
    await unlink(this.#path).catch(() => undefined);
    this.#onDiscarded();
  }
}
