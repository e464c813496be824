/** A card's image file as the fallback reader's source, and its listing and bytes as a test wants to see them. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { RawSource } from '../../src/dock/usb/card-reader/card-bytes.ts';
import { FallbackCardReader } from '../../src/dock/usb/card-reader/fallback-card-reader.ts';
import type { CardEntry } from '../../src/domain/card-reading.ts';
import { readablePath } from '../../src/domain/readable-path.ts';

export const cardLimits = { maxFiles: 20_000, maxDepth: 16 };

/** Keeps book of what was read. */
export function imageSource(image: string): RawSource & { reads: number; bytes: number } {
  const source = async (offset: number, length: number) => {
    source.reads += 1;
    source.bytes += length;
    const fd = openSync(image, 'r');
    try {
      const bytes = Buffer.alloc(length);
      if (readSync(fd, bytes, 0, length, offset) !== length) throw new Error(`${length} bytes at ${offset}`);
      return { bytes, deviceBytes: fstatSync(fd).size };
    } finally {
      closeSync(fd);
    }
  };
  source.reads = 0;
  source.bytes = 0;
  return source;
}

export const bytesSource =
  (bytes: Buffer): RawSource =>
  async (offset, length) => {
    if (offset + length > bytes.length) throw new Error(`${length} bytes at ${offset}`);
    return { bytes: bytes.subarray(offset, offset + length), deviceBytes: bytes.length };
  };

export const readerOf = (source: RawSource): FallbackCardReader => new FallbackCardReader(source, 480);

export async function listed(reader: FallbackCardReader): Promise<readonly CardEntry[]> {
  return reader.list(cardLimits, new AbortController().signal);
}

export async function contentOf(reader: FallbackCardReader, entry: CardEntry): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const take = async (bytes: Uint8Array): Promise<void> => void pieces.push(Buffer.from(bytes));
  await reader.read(entry, take, new AbortController().signal);
  return Buffer.concat(pieces);
}

/** `path doubt`, sorted, of the files. */
export const filesOf = (entries: readonly CardEntry[]): string[] =>
  entries
    .filter(({ type }) => type === 'file')
    .map(({ path, doubt }) => [readablePath(path), ...(doubt === undefined ? [] : [doubt])].join(' '))
    .sort();

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
