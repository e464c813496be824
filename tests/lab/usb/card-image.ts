/**
 * Cards of virtual recorders: image files with a FAT32, exFAT or ext4 file system, with or without a partition table,
 * filled with given files by the file systems' own tools. Needs root only for exFAT, which has no tool that fills an
 * image: the kernel does it through a loop device. Runs in the guest.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const cardFileSystems = ['fat32', 'exfat', 'ext4'] as const;
export type CardFileSystem = (typeof cardFileSystems)[number];

export interface CardFile {
  /** Relative, with slashes. */
  readonly path: string;
  readonly content: Buffer;
  readonly modified?: Date;
}

export interface CardWish {
  /** Where the image goes. */
  readonly image: string;
  readonly fileSystem: CardFileSystem;
  /** With a DOS partition table and one partition, or the file system from the first byte on. */
  readonly partitioned: boolean;
  /** At most 11 characters. */
  readonly label: string;
  /** Of the whole image; without it just enough for FAT32, and less for the others, since guests hash slowly. */
  readonly bytes?: number;
  readonly files: readonly CardFile[];
}

const mebibyte = 1024 * 1024;
const smallBytes: Record<CardFileSystem, number> = { fat32: 36 * mebibyte, exfat: 16 * mebibyte, ext4: 16 * mebibyte };
/** MBR partition types: FAT32 with LBA, exFAT, Linux. */
const partitionTypes: Record<CardFileSystem, string> = { fat32: 'c', exfat: '7', ext4: '83' };

/** @throws the tool's error with its words */
export async function makeCardImage(wish: CardWish): Promise<void> {
  const bytes = wish.bytes ?? smallBytes[wish.fileSystem];
  await writeFile(wish.image, '');
  await truncate(wish.image, bytes);
  const start = wish.partitioned ? mebibyte : 0;
  if (wish.partitioned) {
    await withInput('sfdisk', ['--quiet', wish.image], `start=2048, type=${partitionTypes[wish.fileSystem]}\n`);
  }
  const staging = await mkdtemp(`${wish.image}-files-`);
  try {
    await stage(staging, wish.files);
    const volume = { ...wish, staging, start, bytes: bytes - start };
    if (wish.fileSystem === 'fat32') await fillFat(volume);
    else if (wish.fileSystem === 'exfat') await fillExfat(volume);
    else await fillExt4(volume);
  } finally {
    await rm(staging, { recursive: true });
  }
}

/** SHA-256 of the whole image, hex: the same before and after a docking that only read. */
export async function imageDigest(image: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(image, { highWaterMark: mebibyte }), hash);
  return hash.digest('hex');
}

/** Opens a loop device over the volume, for as long as `use` takes. */
export async function withLoop<T>(image: string, start: number, use: (device: string) => Promise<T>): Promise<T> {
  const { stdout } = await run('losetup', ['--find', '--show', '--offset', String(start), image]);
  const device = stdout.trim();
  try {
    return await use(device);
  } finally {
    await run('losetup', ['--detach', device]);
  }
}

interface Volume extends CardWish {
  readonly staging: string;
  /** Of the file system in the image, in bytes. */
  readonly start: number;
  readonly bytes: number;
}

async function stage(folder: string, files: readonly CardFile[]): Promise<void> {
  for (const { path, content, modified } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
    if (modified !== undefined) await utimes(target, modified, modified);
  }
}

async function fillFat(volume: Volume): Promise<void> {
  // One sector a cluster: a small image is still FAT32 by its number of clusters, as readers count them.
  const geometry = ['-F', '32', '-s', '1', '--offset', String(volume.start / 512), '-n', volume.label];
  await run('mkfs.vfat', [...geometry, volume.image, String(volume.bytes / 1024)]);
  const entries = topEntries(volume.files).map((name) => join(volume.staging, name));
  if (entries.length === 0) return;
  // -s whole folders, -m keeps times, -Q stops at the first error.
  await run('mcopy', ['-i', `${volume.image}@@${volume.start}`, '-s', '-m', '-Q', ...entries, '::/'], {
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
  });
}

function fillExfat(volume: Volume): Promise<void> {
  return withLoop(volume.image, volume.start, async (device) => {
    await run('mkfs.exfat', ['-L', volume.label, device]);
    const mounted = await mkdtemp(`${volume.image}-mounted-`);
    await run('mount', ['-t', 'exfat', '-o', 'keep_last_dots,iocharset=utf8', device, mounted]);
    try {
      await run('cp', ['-r', '--preserve=timestamps', `${volume.staging}/.`, mounted]);
    } finally {
      await run('umount', [mounted]);
      await rm(mounted, { recursive: true });
    }
  });
}

async function fillExt4(volume: Volume): Promise<void> {
  const options = ['-q', '-F', '-L', volume.label, '-d', volume.staging, '-E', `offset=${volume.start}`];
  await run('mkfs.ext4', [...options, volume.image, `${volume.bytes / 1024}k`]);
}

function topEntries(files: readonly CardFile[]): string[] {
  return [...new Set(files.map(({ path }) => path.split('/')[0] as string))];
}

function withInput(program: string, words: readonly string[], input: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, words, (error) => (error === null ? resolve() : reject(error)));
    child.stdin?.end(input);
  });
}
