/** What a folder's file system can do for reading back, found in plain Node by trying with a small file. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readFileSync,
  statfsSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { ReadBackAbility } from '../../../domain/copy-engine.ts';
import { dropPages, readCached, readDirect, residentPages } from './disk-reading.ts';
import { attempt, attemptSync, type Place } from './engine-failure.ts';

const probeBytes = 16_384;
const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY } = constants;
const memoryMagics = new Set([0x0102_1994, 0x8584_58f6, 0x9584_58f6]);
const overlayMagic = 0x794c_7630;
const fileSystemNames = new Map([
  [0xef53, 'ext4'],
  [0x5846_5342, 'xfs'],
  [0x9123_683e, 'btrfs'],
  [0xf2f5_2010, 'f2fs'],
  [0x0102_1994, 'tmpfs'],
  [0x8584_58f6, 'ramfs'],
  [overlayMagic, 'overlay'],
]);

export async function probeReadBack(folder: string): Promise<ReadBackAbility> {
  const place: Place = { path: folder, side: 'target' };
  const { name, inMemory } = attempt(place, () => fileSystemOf(folder));
  const path = `${folder}/.evidock-probe-${randomBytes(8).toString('hex')}`;
  const fd = attempt(place, () => openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600));
  try {
    return { mode: inMemory ? 'memory-fs' : await tryModes({ path, side: 'target' }, fd), fileSystem: name };
  } finally {
    closeSync(fd);
    unlinkSync(path);
  }
}

async function tryModes(place: Place, fd: number): Promise<ReadBackAbility['mode']> {
  const data = randomBytes(probeBytes);
  attempt(place, () => writeSync(fd, data, 0, data.length, 0));
  attemptSync(place, () => fsyncSync(fd));
  const dropped = await dropPages(fd);
  // A file system may take O_DIRECT and still go through the cache; then pages come back.
  if (dropped && (await readsBackDirect(place, data)) && residentPages(fd) === 0) {
    return 'direct';
  }
  return dropped && data.equals(Buffer.concat([...readCached(place, fd)])) ? 'dropped-cache' : 'none';
}

async function readsBackDirect(place: Place, data: Buffer): Promise<boolean> {
  const fd = attempt(place, () => openSync(place.path, O_RDONLY | O_NOFOLLOW));
  try {
    const back: Buffer[] = [];
    for await (const chunk of readDirect(place, fd)) {
      back.push(chunk);
    }
    return data.equals(Buffer.concat(back));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'READ_BACK_IMPOSSIBLE') {
      return false;
    }
    throw error;
  } finally {
    closeSync(fd);
  }
}

function fileSystemOf(folder: string): { name: string; inMemory: boolean } {
  const magic = statfsSync(folder).type;
  const mount = mountOf(folder);
  const name = mount?.type ?? fileSystemNames.get(magic) ?? `0x${magic.toString(16)}`;
  // In a container the upper folder of an overlay is a path of the host and may not be seen; then the trial decides.
  const upper = magic === overlayMagic ? mount?.options.match(/(?:^|,)upperdir=([^,]*)/)?.[1] : undefined;
  const isUpperInMemory = upper !== undefined && memoryMagics.has(magicOf(unescapeMount(upper)));
  return { name, inMemory: memoryMagics.has(magic) || isUpperInMemory };
}

/** The mount whose device is the folder's; fields as in proc(5), /proc/pid/mountinfo. */
function mountOf(folder: string): { type: string; options: string } | undefined {
  const device = statSync(folder, { bigint: true }).dev;
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn);
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const line = lines.find((fields) => fields.split(' ')[2] === `${major}:${minor}`);
  const [type, , options = ''] = line?.split(' - ')[1]?.split(' ') ?? [];
  return type === undefined ? undefined : { type, options };
}

function magicOf(path: string): number {
  try {
    return statfsSync(path).type;
  } catch {
    return 0;
  }
}

function unescapeMount(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
