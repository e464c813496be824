/**
 * Names that no operating system writes, patched into a finished card image: FAT's long names and exFAT's file name
 * entries hold any character, and what the kernel makes of them is the station's problem. Formats: Microsoft's FAT
 * specification (long directory entries), exFAT revision 1.00 section 7.
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** Where the 13 UTF-16 units of a long FAT entry lie. */
const fatUnits = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

/**
 * Replaces one long FAT name of up to 13 characters by another of the same length.
 * @throws Error unless the name is there exactly once
 */
export function renameOnFat(image: string, from: string, to: string): void {
  const bytes = readFileSync(image);
  const found: number[] = [];
  // 0x41: the last and only long entry of a set; 0x0f: what makes it one.
  for (let at = 0; at + 32 <= bytes.length; at += 32) {
    if (bytes[at] === 0x41 && bytes[at + 11] === 0x0f && fatName(bytes, at) === from) found.push(at);
  }
  const at = theOnly(found, from, to);
  for (const [index, unit] of [...units(to)].entries()) bytes.writeUInt16LE(unit, at + (fatUnits[index] as number));
  writeFileSync(image, bytes);
}

function fatName(bytes: Buffer, at: number): string {
  const codes = fatUnits.map((offset) => bytes.readUInt16LE(at + offset));
  const end = codes.indexOf(0);
  return String.fromCharCode(...(end === -1 ? codes : codes.slice(0, end)));
}

/**
 * Replaces one exFAT name of up to 15 characters by another of the same length, with its hash and checksum.
 * @throws Error unless the name is there exactly once
 */
export function renameOnExfat(image: string, from: string, to: string): void {
  const bytes = readFileSync(image);
  const found: number[] = [];
  // File, stream extension and one name entry: 0x85, 0xc0, 0xc1.
  for (let at = 0; at + 96 <= bytes.length; at += 32) {
    if (bytes[at] !== 0x85 || bytes[at + 32] !== 0xc0 || bytes[at + 64] !== 0xc1) continue;
    const length = bytes[at + 32 + 3] as number;
    if (bytes.toString('utf16le', at + 66, at + 66 + 2 * length) === from) found.push(at);
  }
  const at = theOnly(found, from, to);
  bytes.write(to, at + 66, 'utf16le');
  bytes.writeUInt16LE(exfatNameHash(to), at + 32 + 4);
  bytes.writeUInt16LE(exfatSetChecksum(bytes.subarray(at, at + 96)), at + 2);
  writeFileSync(image, bytes);
}

/** Over the upper-case name; the volume's own table maps ASCII as this does. */
function exfatNameHash(name: string): number {
  let hash = 0;
  for (const byte of Buffer.from(name.toUpperCase(), 'utf16le')) hash = rotated(hash) + byte;
  return hash & 0xffff;
}

/** The checksum's own two bytes are left out. */
function exfatSetChecksum(set: Buffer): number {
  let sum = 0;
  for (const [at, byte] of set.entries()) {
    if (at !== 2 && at !== 3) sum = (rotated(sum) + byte) & 0xffff;
  }
  return sum;
}

function rotated(value: number): number {
  return (((value & 1) << 15) | ((value & 0xffff) >> 1)) & 0xffff;
}

function* units(text: string): Generator<number> {
  for (let at = 0; at < text.length; at += 1) yield text.charCodeAt(at);
}

function theOnly(found: readonly number[], from: string, to: string): number {
  const [at] = found;
  if (from.length !== to.length) throw new Error(`${from} and ${to} differ in length`);
  if (at === undefined || found.length > 1) throw new Error(`${from} is there ${found.length} times`);
  return at;
}
