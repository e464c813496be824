/**
 * Reading a ZIP archive (APPNOTE.TXT 6.3, with ZIP64 sizes) that somebody else made: its directory, and single entries
 * unpacked. Sizes that the archive claims are believed for nothing: unpacking stops at the limit that the caller names.
 */
import { inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly packedBytes: number;
  readonly headerOffset: number;
}

/** The archive breaks the format; `passedLimit` when an entry is larger than the caller allows. */
export class ZipTrouble extends Error {
  readonly passedLimit: boolean;

  constructor(message: string, passedLimit: 'passed-limit' | 'broken' = 'broken') {
    super(message);
    this.passedLimit = passedLimit === 'passed-limit';
  }
}

const endMark = 0x06054b50;
const end64LocatorMark = 0x07064b50;
const end64Mark = 0x06064b50;
const entryMark = 0x02014b50;
const localMark = 0x04034b50;
const endBytes = 22;
const commentBytesMax = 0xffff;

export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** Entries by name; of two with one name the first. @throws ZipTrouble */
export function readZipDirectory(bytes: Uint8Array, entriesMax: number): ReadonlyMap<string, ZipEntry> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return directoryOf(buffer, entriesMax);
  } catch (cause) {
    if (cause instanceof RangeError) throw new ZipTrouble('the directory points outside of the file');
    throw cause;
  }
}

function directoryOf(buffer: Buffer, entriesMax: number): ReadonlyMap<string, ZipEntry> {
  const { count, offset } = directoryPlace(buffer);
  if (count > entriesMax) throw new ZipTrouble(`over ${entriesMax} entries`, 'passed-limit');
  const entries = new Map<string, ZipEntry>();
  let at = offset;
  for (let number = 0; number < count; number += 1) {
    if (buffer.readUInt32LE(at) !== entryMark) throw new ZipTrouble('an entry of the directory is broken');
    const nameBytes = buffer.readUInt16LE(at + 28);
    const extraBytes = buffer.readUInt16LE(at + 30);
    const name = buffer.toString('utf8', at + 46, at + 46 + nameBytes).replaceAll('\\', '/');
    const extra = buffer.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes);
    const sizes = entrySizes(buffer, at, extra);
    const isEncrypted = (buffer.readUInt16LE(at + 8) & 1) !== 0;
    if (!entries.has(name)) entries.set(name, { name, method: buffer.readUInt16LE(at + 10), isEncrypted, ...sizes });
    at += 46 + nameBytes + extraBytes + buffer.readUInt16LE(at + 32);
  }
  return entries;
}

function directoryPlace(buffer: Buffer): { count: number; offset: number } {
  const lowest = Math.max(0, buffer.length - endBytes - commentBytesMax);
  for (let at = buffer.length - endBytes; at >= lowest; at -= 1) {
    if (buffer.readUInt32LE(at) !== endMark) continue;
    const count = buffer.readUInt16LE(at + 10);
    const offset = buffer.readUInt32LE(at + 16);
    if (count !== 0xffff && offset !== 0xffffffff) return { count, offset };
    return directoryPlace64(buffer, at - 20);
  }
  throw new ZipTrouble('the end of the directory is missing');
}

function directoryPlace64(buffer: Buffer, locator: number): { count: number; offset: number } {
  if (buffer.readUInt32LE(locator) !== end64LocatorMark) throw new ZipTrouble('the ZIP64 locator is missing');
  const end = Number(buffer.readBigUInt64LE(locator + 8));
  if (buffer.readUInt32LE(end) !== end64Mark) throw new ZipTrouble('the ZIP64 end is missing');
  return {
    count: Number(buffer.readBigUInt64LE(end + 32)),
    offset: Number(buffer.readBigUInt64LE(end + 48)),
  };
}

function entrySizes(buffer: Buffer, at: number, extra: Buffer): Pick<ZipEntry, 'packedBytes' | 'headerOffset'> {
  const packed = buffer.readUInt32LE(at + 20);
  const unpacked = buffer.readUInt32LE(at + 24);
  const offset = buffer.readUInt32LE(at + 42);
  // ZIP64 keeps, in this order, only those fields that did not fit.
  const wide = zip64Fields(extra);
  if (unpacked === 0xffffffff) wide.shift();
  const packedBytes = packed === 0xffffffff ? wide.shift() : packed;
  const headerOffset = offset === 0xffffffff ? wide.shift() : offset;
  if (packedBytes === undefined || headerOffset === undefined) throw new ZipTrouble('a ZIP64 size is missing');
  return { packedBytes, headerOffset };
}

function zip64Fields(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
    return Array.from({ length: Math.floor(field.length / 8) }, (_, number) =>
      Number(field.readBigUInt64LE(number * 8)),
    );
  }
  return [];
}

/** The entry's bytes, at most `bytesMax`. @throws ZipTrouble */
export function unpackZipEntry(bytes: Uint8Array, entry: ZipEntry, bytesMax: number): Buffer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { headerOffset: at, packedBytes } = entry;
  if (entry.isEncrypted) throw new ZipTrouble(`${entry.name} is encrypted`);
  if (at + 30 > buffer.length || buffer.readUInt32LE(at) !== localMark) {
    throw new ZipTrouble(`the header of ${entry.name} is missing`);
  }
  const start = at + 30 + buffer.readUInt16LE(at + 26) + buffer.readUInt16LE(at + 28);
  if (start + packedBytes > buffer.length) throw new ZipTrouble(`${entry.name} is cut off`);
  const packed = buffer.subarray(start, start + packedBytes);
  if (entry.method === 0) {
    if (packed.length > bytesMax) throw new ZipTrouble(`${entry.name} is too large`, 'passed-limit');
    return packed;
  }
  if (entry.method !== 8) throw new ZipTrouble(`${entry.name} is packed by an unknown method ${entry.method}`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytesMax) });
  } catch (cause) {
    const isTooLarge = cause instanceof RangeError;
    throw new ZipTrouble(`${entry.name} cannot be unpacked`, isTooLarge ? 'passed-limit' : 'broken');
  }
}
