/**
 * Files on an exFAT image without a kernel that knows exFAT: entries written by hand into an image of mkfs.exfat. Names
 * are whatever the test wants, also what no operating system writes. `fsck.exfat` and `dump.exfat` judge the result
 * where the names are lawful. Format: Microsoft's exFAT specification, revision 1.00.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';

export interface ExfatFile {
  /** UTF-16, one component; `folder` says where. */
  readonly name: string;
  readonly content?: Buffer;
  /** A folder with these. */
  readonly files?: readonly ExfatFile[];
  /** Clusters from the table, every other one, instead of one run of them. */
  readonly scattered?: boolean;
  /** Shorter than the content. */
  readonly validBytes?: number;
}

const entryBytes = 32;

export function makeExfatImage(image: string, files: readonly ExfatFile[], bytes = 8 * 1024 * 1024): void {
  closeSync(openSync(image, 'w'));
  execFileSync('truncate', [`--size=${bytes}`, image]);
  execFileSync('mkfs.exfat', ['-c', '4K', '-L', 'CAM', image], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
  const disk = new Disk(readFileSync(image));
  disk.fillRoot(files);
  writeFileSync(image, disk.bytes);
}

class Disk {
  readonly bytes: Buffer;
  readonly #sector: number;
  readonly #cluster: number;
  readonly #table: number;
  readonly #heap: number;
  readonly #root: number;
  #next = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#sector = 2 ** (bytes[108] as number);
    this.#cluster = this.#sector * 2 ** (bytes[109] as number);
    this.#table = bytes.readUInt32LE(80) * this.#sector;
    this.#heap = bytes.readUInt32LE(88) * this.#sector;
    this.#root = bytes.readUInt32LE(96);
    this.#next = this.#root + 1;
  }

  fillRoot(files: readonly ExfatFile[]): void {
    const at = this.#at(this.#root);
    let free = at;
    while (this.bytes[free] !== 0) free += entryBytes;
    const entries = this.#sets(files);
    if (free + entries.length > at + this.#cluster) throw new Error('the root of the image is one cluster');
    entries.copy(this.bytes, free);
  }

  #sets(files: readonly ExfatFile[]): Buffer {
    return Buffer.concat(files.map((file) => this.#set(file)));
  }

  #set(file: ExfatFile): Buffer {
    const isFolder = file.files !== undefined;
    let content = file.content ?? Buffer.alloc(0);
    if (file.files !== undefined) {
      const entries = this.#sets(file.files);
      content = Buffer.concat([entries, Buffer.alloc(this.#cluster - (entries.length % this.#cluster))]);
    }
    const first = content.length === 0 ? 0 : this.#place(content, file.scattered === true || isFolder);
    const names = Math.ceil(file.name.length / 15);
    const set = Buffer.alloc(entryBytes * (2 + names));
    set[0] = 0x85;
    set[1] = 1 + names;
    set.writeUInt16LE(isFolder ? 0x10 : 0x20, 4);
    // 2026-08-04 10:00:00, in UTC+8.
    const stamp = ((2026 - 1980) << 25) | (8 << 21) | (4 << 16) | (10 << 11);
    for (const at of [8, 12, 16]) set.writeUInt32LE(stamp >>> 0, at);
    for (const at of [22, 23, 24]) set[at] = 0x80 | 32;
    set[32] = 0xc0;
    set[33] = content.length === 0 ? 0x01 : file.scattered === true || isFolder ? 0x01 : 0x03;
    set[35] = file.name.length;
    set.writeUInt16LE(nameHash(file.name), 36);
    set.writeBigUInt64LE(BigInt(file.validBytes ?? content.length), 40);
    set.writeUInt32LE(first, 52);
    set.writeBigUInt64LE(BigInt(content.length), 56);
    for (let unit = 0; unit < file.name.length; unit += 1) {
      const entry = 64 + Math.floor(unit / 15) * entryBytes;
      set[entry] = 0xc1;
      set.writeUInt16LE(file.name.charCodeAt(unit), entry + 2 + (unit % 15) * 2);
    }
    set.writeUInt16LE(setChecksum(set), 2);
    return set;
  }

  /** The first cluster. */
  #place(content: Buffer, isChained: boolean): number {
    const count = Math.ceil(content.length / this.#cluster);
    const step = isChained ? 2 : 1;
    const first = this.#next;
    for (let index = 0; index < count; index += 1) {
      const cluster = first + index * step;
      content.copy(this.bytes, this.#at(cluster), index * this.#cluster);
      this.#use(cluster);
      const after = index === count - 1 ? 0xffffffff : cluster + step;
      if (isChained) this.bytes.writeUInt32LE(after, this.#table + cluster * 4);
    }
    this.#next = first + count * step;
    return first;
  }

  /** In the allocation bitmap, which mkfs puts first. */
  #use(cluster: number): void {
    const bitmap = this.#at(2);
    const at = bitmap + ((cluster - 2) >> 3);
    this.bytes[at] = (this.bytes[at] as number) | (1 << ((cluster - 2) & 7));
  }

  #at(cluster: number): number {
    return this.#heap + (cluster - 2) * this.#cluster;
  }
}

function nameHash(name: string): number {
  let hash = 0;
  for (const byte of Buffer.from(name.toUpperCase(), 'utf16le')) hash = (rotated(hash) + byte) & 0xffff;
  return hash;
}

function setChecksum(set: Buffer): number {
  let sum = 0;
  for (const [at, byte] of set.entries()) if (at !== 2 && at !== 3) sum = (rotated(sum) + byte) & 0xffff;
  return sum;
}

const rotated = (value: number): number => (((value & 1) << 15) | (value >> 1)) & 0xffff;
