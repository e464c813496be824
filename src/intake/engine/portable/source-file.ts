/**
 * Opens a recorder's file in plain Node without being led elsewhere: there is no openat, but a path below
 * /proc/self/fd/N with O_NOFOLLOW is the same thing on Linux, since only the last component is left to follow.
 */

import type { BigIntStats } from 'node:fs';
import { closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs';
import type { ExpectedSource, SourceFile } from '../../../domain/copy-engine.ts';
import { sourceComponents, sourceText } from '../engine-request.ts';
import { attempt, failure, type Place } from './engine-failure.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;

export class OpenSource {
  readonly place: Place;
  readonly fd: number;
  readonly #parent: number;
  readonly #name: Buffer;
  readonly #stats: BigIntStats;

  constructor(source: SourceFile, expected: ExpectedSource | undefined) {
    this.place = { path: sourceText(source), side: 'source' };
    const components = sourceComponents(source.path);
    this.#name = components.pop() ?? Buffer.alloc(0);
    this.#parent = openFolders(this.place, source.root, components);
    try {
      this.fd = openRegular(this.place, below(this.#parent, this.#name));
    } catch (error) {
      closeSync(this.#parent);
      throw error;
    }
    this.#stats = fstatSync(this.fd, { bigint: true });
    try {
      this.#assertAsExpected(expected);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  get bytes(): number {
    return Number(this.#stats.size);
  }

  get mtimeNs(): bigint {
    return this.#stats.mtimeNs;
  }

  /** @throws SOURCE_CHANGED when size or time are not those of the opening, or the file has been removed. */
  assertStill(): void {
    const now = attempt(this.place, () => fstatSync(this.fd, { bigint: true }));
    if (now.size !== this.#stats.size) {
      this.changed('its size changed while it was read');
    }
    if (now.mtimeNs !== this.#stats.mtimeNs) {
      this.changed('it was written to while it was read');
    }
    if (now.nlink === 0n && this.#stats.nlink > 0n) {
      this.changed('it was removed while it was read');
    }
  }

  /** @throws SOURCE_CHANGED at the end of the reading: also when not `bytesRead` long, or another file by now. */
  assertUnchanged(bytesRead: number): void {
    this.assertStill();
    if (bytesRead !== this.bytes) {
      this.changed('it gave fewer bytes than its size');
    }
    const named = attempt(this.place, () =>
      lstatSync(below(this.#parent, this.#name), { bigint: true, throwIfNoEntry: false }),
    );
    if (named?.ino !== this.#stats.ino || named.dev !== this.#stats.dev) {
      this.changed('it was removed or replaced while it was read');
    }
  }

  changed(why: string): never {
    throw failure(this.place, 'SOURCE_CHANGED', why, 'fstat');
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
    closeSync(this.#parent);
  }

  #assertAsExpected(expected: ExpectedSource | undefined): void {
    if (!this.#stats.isFile()) {
      throw failure(this.place, 'SOURCE_NOT_REGULAR', 'not a regular file', 'fstat');
    }
    if (expected && expected.bytes !== this.bytes) {
      this.changed('its size is not the listed one');
    }
    if (expected && expected.mtimeNs !== this.mtimeNs) {
      this.changed('its time is not the listed one');
    }
  }
}

function openFolders(place: Place, root: Uint8Array, components: readonly Buffer[]): number {
  let folder = attempt(place, () => openSync(Buffer.from(root), O_RDONLY | O_DIRECTORY));
  for (const component of components) {
    const parent = folder;
    try {
      folder = openChecked(place, below(parent, component), O_DIRECTORY);
    } finally {
      closeSync(parent);
    }
  }
  return folder;
}

function openRegular(place: Place, path: Buffer): number {
  // Looked at before it is opened: opening a device or a FIFO can already do something.
  const stats = attempt(place, () => lstatSync(path));
  if (!stats.isFile()) {
    throw failure(place, 'SOURCE_NOT_REGULAR', 'not a regular file', 'lstat');
  }
  return openChecked(place, path, O_NONBLOCK | O_NOCTTY);
}

function openChecked(place: Place, path: Buffer, flags: number): number {
  try {
    return attempt(place, () => openSync(path, O_RDONLY | O_NOFOLLOW | flags));
  } catch (error) {
    const { code = '', errno = 0 } = error as NodeJS.ErrnoException;
    if (['ELOOP', 'ENOTDIR', 'ENXIO'].includes(code)) {
      throw Object.assign(failure(place, 'SOURCE_NOT_REGULAR', 'not a regular file below plain folders', 'open'), {
        errno,
      });
    }
    throw error;
  }
}

function below(folder: number, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`/proc/self/fd/${folder}/`), name]);
}
