/**
 * The copy on its way to the disk, in plain Node: created exclusively, written through the page cache, made read-only,
 * synced. Until `keep` is called, disposing of it removes it, so that no failure leaves half a copy.
 */
import { closeSync, constants, fchmodSync, fstatSync, fsyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { attempt, attemptSync, failure, type Place } from './engine-failure.ts';

const { O_WRONLY, O_RDONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

export class TargetFile {
  readonly place: Place;
  #fd: number;
  #written = 0;
  #kept = false;

  constructor(path: string) {
    this.place = { path, side: 'target' };
    this.#fd = attempt(this.place, () => openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600));
  }

  append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const put = attempt(this.place, () => writeSync(this.#fd, bytes, done, bytes.length - done, this.#written));
      done += put;
      this.#written += put;
    }
  }

  /** @throws SYNC_FAILED */
  finish(): void {
    attempt(this.place, () => fchmodSync(this.#fd, 0o444));
    attemptSync(this.place, () => fsyncSync(this.#fd));
  }

  /** Opens the same file for reading. @throws READ_BACK_DIFFERS when another one lies in its place. */
  openForReading(): number {
    const fd = attempt(this.place, () => openSync(this.place.path, O_RDONLY | O_NOFOLLOW));
    const [ours, there] = [fstatSync(this.#fd, { bigint: true }), fstatSync(fd, { bigint: true })];
    if (ours.dev !== there.dev || ours.ino !== there.ino) {
      closeSync(fd);
      throw failure(this.place, 'READ_BACK_DIFFERS', 'another file lies in its place', 'fstat');
    }
    return fd;
  }

  keep(): void {
    attemptSync(this.place, () => this.#close());
    this.#kept = true;
  }

  [Symbol.dispose](): void {
    if (!this.#kept) {
      this.#close();
      unlinkSync(this.place.path);
    }
  }

  #close(): void {
    const fd = this.#fd;
    this.#fd = -1;
    if (fd >= 0) {
      closeSync(fd);
    }
  }
}
