/**
 * A file that only grows, line by line. It knows its good length: a write that fails is taken back, so that a full
 * disk never leaves half a line in the middle. A sync that fails is final: the file takes nothing more.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './durable-files.ts';

const rewriteBytes = 1024 * 1024;

export class AppendFile {
  readonly path: string;
  readonly #handle: FileHandle;
  #length: number;
  #broken = false;

  private constructor(path: string, handle: FileHandle, length: number) {
    this.path = path;
    this.#handle = handle;
    this.#length = length;
  }

  /**
   * Opens or creates the file; `length` cuts off what a crash left behind it. What lies from `unsureFrom` on is written
   * again: after a failed sync the page cache can show bytes that the disk does not have, and no later sync of
   * unchanged pages would bring them there.
   */
  static async open(path: string, length: number, unsureFrom = length, mode = 0o600): Promise<AppendFile> {
    if (unsureFrom < length) await rewrite(path, unsureFrom, length);
    const handle = await open(path, 'a+', mode);
    const present = (await handle.stat()).size;
    if (present > length) {
      await handle.truncate(length);
      await handle.datasync();
    }
    await syncFolder(dirname(path));
    return new AppendFile(path, handle, Math.min(present, length));
  }

  get length(): number {
    return this.#length;
  }

  /** Appends and makes durable. @throws the kernel's error; the file then has its former length, or is given up */
  async append(bytes: Uint8Array): Promise<void> {
    if (this.#broken) throw new Error(`${this.path} was given up after a failed write or sync`);
    try {
      await this.#handle.appendFile(bytes);
    } catch (error) {
      await this.#takeBack();
      throw error;
    }
    try {
      await this.#handle.datasync();
    } catch (error) {
      this.#broken = true;
      throw error;
    }
    this.#length += bytes.length;
  }

  /** Cuts the file back by what was appended last, for a caller whose next step failed. */
  async cutBackTo(length: number): Promise<void> {
    this.#length = length;
    await this.#takeBack();
  }

  async #takeBack(): Promise<void> {
    try {
      await this.#handle.truncate(this.#length);
      await this.#handle.datasync();
    } catch {
      this.#broken = true;
    }
  }

  get broken(): boolean {
    return this.#broken;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Writes the same bytes to the same place and syncs them; a crash in between changes nothing. */
async function rewrite(path: string, from: number, to: number): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    for (let at = from; at < to; ) {
      const wanted = Math.min(rewriteBytes, to - at);
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(wanted), 0, wanted, at);
      if (bytesRead === 0) break;
      await handle.write(buffer, 0, bytesRead, at);
      at += bytesRead;
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
