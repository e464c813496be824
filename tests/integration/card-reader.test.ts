/**
 * Goal: the fallback reader gives every file of FAT12, FAT16, FAT32 and exFAT cards with its bytes and its own name,
 * also the names that the kernel hides or confuses; mtools and exfatprogs agree where they can; and a check costs little.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CardEntry } from '../../src/domain/card-reading.ts';
import { readablePath } from '../../src/domain/readable-path.ts';
import { renameOnExfat, renameOnFat } from '../lab/usb/hostile-names.ts';
import { contentOf, filesOf, imageSource, listed, readerOf, sha256 } from '../support/card-files.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { makeExfatImage } from '../support/exfat-writer.ts';

let folder: string;
const environment = {
  ...process.env,
  PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  MTOOLS_SKIP_CHECK: '1',
};
const run = (program: string, words: readonly string[]): string =>
  execFileSync(program, words, { env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

beforeAll(() => {
  folder = makeDiskFolder();
});
afterAll(() => removeFolder(folder));

const modified = new Date('2026-08-04T10:00:02Z');

/** A card by mkfs.vfat and mtools; `bits` and size go together. */
function makeFat(name: string, bits: 12 | 16 | 32, files: ReadonlyMap<string, Buffer>): string {
  const image = join(folder, `${name}.img`);
  const staging = join(folder, `${name}-files`);
  const size = { 12: '2M', 16: '16M', 32: '40M' }[bits];
  run('truncate', [`--size=${size}`, image]);
  run('mkfs.vfat', ['-F', String(bits), '-s', bits === 32 ? '1' : '4', '-n', 'CAM', image]);
  const tops = new Set<string>();
  for (const [path, content] of files) {
    const target = join(staging, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    utimesSync(target, modified, modified);
    tops.add(join(staging, path.split('/')[0] as string));
  }
  if (tops.size > 0) run('mcopy', ['-i', image, '-s', '-m', '-Q', ...tops, '::/']);
  return image;
}

const lawful = (): Map<string, Buffer> =>
  new Map([
    ['SHORT.MOV', randomBytes(10)],
    ['empty.txt', Buffer.alloc(0)],
    ['执法视频 2026年.mp4', randomBytes(70_001)],
    ['DCIM/100MEDIA/TA00716_JX0227_20260804100000.MOV', randomBytes(150_000)],
    ['DCIM/100MEDIA/TA00716_JX0227_20260804100500.MOV', randomBytes(4096)],
    ['DCIM/100MEDIA/㊙ long name that needs a few entries of thirteen units each.jpg', randomBytes(513)],
    ['police/video/20260804/deep.mp4', randomBytes(2048)],
  ]);

describe.each([12, 16, 32] as const)('FAT%s', (bits) => {
  test('every file is there with its bytes, size and time, as mtools put it', async () => {
    const files = lawful();
    const image = makeFat(`lawful-${bits}`, bits, files);
    const reader = readerOf(imageSource(image));
    const entries = await listed(reader);
    expect(filesOf(entries)).toEqual([...files.keys()].sort());
    for (const entry of entries.filter(({ type }) => type === 'file')) {
      const expected = files.get(readablePath(entry.path)) as Buffer;
      expect(sha256(await contentOf(reader, entry))).toBe(sha256(expected));
      expect(entry.bytes).toBe(expected.length);
      expect(Buffer.from(entry.shownAs as Uint8Array)).toEqual(Buffer.from(entry.path));
      // The card's local time is eight hours ahead of UTC.
      expect(entry.mtimeNs).toBe(BigInt(modified.getTime() - 8 * 3_600_000) * 1_000_000n);
    }
  });

  test('mdir lists the same, after files were deleted and others took their places', async () => {
    const image = makeFat(`changed-${bits}`, bits, lawful());
    run('mdel', ['-i', image, '::/SHORT.MOV', '::/DCIM/100MEDIA/TA00716_JX0227_20260804100500.MOV']);
    const more = join(folder, 'more-than-thirteen-units.mp4');
    writeFileSync(more, randomBytes(12_345));
    run('mcopy', ['-i', image, more, '::/DCIM/100MEDIA/']);
    const shown = run('mdir', ['-i', image, '-/', '-b', '::/'])
      .trim()
      .split('\n')
      .filter((line) => !line.endsWith('/'))
      .map((line) => line.replace(/^::\//, ''));
    const entries = await listed(readerOf(imageSource(image)));
    expect(filesOf(entries)).toEqual(shown.sort());
  });
});

describe('exFAT', () => {
  test('every file is there with its bytes, in one run or scattered, and exfatprogs finds the card sound', async () => {
    const image = join(folder, 'lawful.exfat');
    const [clip, scattered, half] = [randomBytes(100_000), randomBytes(50_000), randomBytes(20_000)];
    makeExfatImage(image, [
      { name: 'empty.txt' },
      { name: '😀 执法视频 2026年 with a name of more than fifteen units.mp4', content: clip },
      {
        name: 'DCIM',
        files: [{ name: '100MEDIA', files: [{ name: 'scattered.mov', content: scattered, scattered: true }] }],
      },
      { name: 'half.mov', content: half, validBytes: 5000 },
    ]);
    expect(run('fsck.exfat', ['-n', image])).toContain('clean');
    const reader = readerOf(imageSource(image));
    const entries = await listed(reader);
    const byPath = new Map(entries.map((entry) => [readablePath(entry.path), entry]));
    const content = async (path: string): Promise<Buffer> => contentOf(reader, byPath.get(path) as never);
    expect(filesOf(entries)).toHaveLength(4);
    expect((await content('empty.txt')).length).toBe(0);
    expect(sha256(await content('😀 执法视频 2026年 with a name of more than fifteen units.mp4'))).toBe(sha256(clip));
    expect(sha256(await content('DCIM/100MEDIA/scattered.mov'))).toBe(sha256(scattered));
    // What was never written reads as zeros.
    expect(await content('half.mov')).toEqual(Buffer.concat([half.subarray(0, 5000), Buffer.alloc(15_000)]));
    expect(byPath.get('half.mov')?.place.validBytes).toBe(5000);
    expect(byPath.get('half.mov')?.mtimeNs).toBe(BigInt(Date.UTC(2026, 7, 4, 2)) * 1_000_000n);
  });
});

/** The three cards of the contract, and worse, by the tool that each file system has here. */
async function readAll(image: string): Promise<Record<string, string>> {
  const reader = readerOf(imageSource(image));
  const contents: Record<string, string> = {};
  for (const entry of await listed(reader)) {
    if (entry.type !== 'file') continue;
    const key = [readablePath(entry.path), ...(entry.doubt === undefined ? [] : [entry.doubt])].join(' ');
    contents[key] = (await contentOf(reader, entry)).toString();
  }
  return contents;
}

describe('hostile names', () => {
  const named = (names: readonly string[]): Map<string, Buffer> =>
    new Map(names.map((name) => [name, Buffer.from(name)]));

  test('on FAT32 are each another path, with their own bytes', async () => {
    const image = makeFat(
      'hostile',
      32,
      named([
        'b#Clip.mp4',
        'clip-one.mp4',
        'clip-one.mp4x',
        'twins-noa.mp4',
        'twins-nob.mp4',
        'half-no-#.mp4',
        'z/in.mp4',
      ]),
    );
    renameOnFat(image, 'b#Clip.mp4', 'b/Clip.mp4');
    renameOnFat(image, 'clip-one.mp4x', 'clip-one.mp4.');
    renameOnFat(image, 'twins-nob.mp4', 'TWINS-NOA.mp4');
    renameOnFat(image, 'half-no-#.mp4', 'half-no-\ud800.mp4');
    expect(await readAll(image)).toEqual({
      'b\\xff002fClip.mp4 slash': 'b#Clip.mp4',
      'clip-one.mp4 twin': 'clip-one.mp4',
      'clip-one.mp4. tail': 'clip-one.mp4x',
      'twins-noa.mp4 twin': 'twins-noa.mp4',
      'TWINS-NOA.mp4 twin': 'twins-nob.mp4',
      'half-no-\\xffd800.mp4 surrogate': 'half-no-#.mp4',
      'z/in.mp4': 'z/in.mp4',
    });
  });

  test('on exFAT are each another path, with their own bytes', async () => {
    const image = join(folder, 'hostile.exfat');
    const file = (name: string, content = name) => ({ name, content: Buffer.from(content) });
    makeExfatImage(image, [
      file('b/Clip.mp4', 'slash'),
      ...[file('clip.mp4'), file('clip.mp4.')],
      ...[file('twin-a.mp4'), file('TWIN-A.mp4')],
      ...[file('same.mp4', 'first'), file('same.mp4', 'second')],
      file('..', 'dots'),
      file('x\0y', 'nul'),
      { name: 'FOLDER', files: [file('one.mp4')] },
      { name: 'folder', files: [file('two.mp4')] },
    ]);
    expect(await readAll(image)).toEqual({
      'b\\xff002fClip.mp4 slash': 'slash',
      'clip.mp4 twin': 'clip.mp4',
      'clip.mp4. tail': 'clip.mp4.',
      'twin-a.mp4 twin': 'twin-a.mp4',
      'TWIN-A.mp4 twin': 'TWIN-A.mp4',
      'same.mp4 twin': 'first',
      'same.mp4\\xff#2 twin': 'second',
      '\\xff002e\\xff002e dot-name': 'dots',
      'x\\xff0000y slash': 'nul',
      'FOLDER/one.mp4 parent': 'one.mp4',
      'folder/two.mp4 parent': 'two.mp4',
    });
  });

  test('of the laboratory are told from each other on exFAT as well', async () => {
    const image = join(folder, 'lab.exfat');
    makeExfatImage(image, [
      { name: 'twin-a.mp4', content: Buffer.from('a') },
      { name: 'twin-b.mp4', content: Buffer.from('b') },
    ]);
    renameOnExfat(image, 'twin-b.mp4', 'TWIN-A.mp4');
    expect(await readAll(image)).toEqual({ 'twin-a.mp4 twin': 'a', 'TWIN-A.mp4 twin': 'b' });
  });

  test('in short entries alone are what the kernel shows: code page 437, small letters by their two bits', async () => {
    const image = makeFat('short', 32, named(['GBK.MOV', 'SMALL.MOV']));
    const bytes = readFileSync(image);
    // As a recorder that writes GBK does it.
    Buffer.from([0xd6, 0xd0, 0x20]).copy(bytes, bytes.indexOf('GBK     MOV'));
    bytes[bytes.indexOf('SMALL   MOV') + 12] = 0x18;
    writeFileSync(image, bytes);
    expect(await readAll(image)).toEqual({ '╓╨.MOV': 'GBK.MOV', 'small.mov': 'SMALL.MOV' });
  });

  test('that only the short name of another makes ambiguous are twins', async () => {
    const image = makeFat('alias', 32, named(['a long name.mp4', 'plain 12.mp4']));
    // The alias that mtools gave to the long name.
    renameOnFat(image, 'plain 12.mp4', 'PLAIN 12.MP4');
    expect(Object.keys(await readAll(image))).toEqual(['a long name.mp4', 'PLAIN 12.MP4']);
    const bytes = readFileSync(image);
    const at = bytes.indexOf('ALONGN~1MP4');
    expect(at).toBeGreaterThan(0);
    const twin = makeFat('alias-2', 32, named(['a long name.mp4', 'other 12.mp4']));
    renameOnFat(twin, 'other 12.mp4', 'alongn~1.mp4');
    expect(Object.keys(await readAll(twin))).toEqual(['a long name.mp4 twin', 'alongn~1.mp4 twin']);
  });
});

test('a device that is shorter than its volume gives what lies on it, and the rest by name', async () => {
  const image = join(folder, 'short-device.exfat');
  const near = randomBytes(9000);
  makeExfatImage(image, [
    { name: 'near.mov', content: near },
    { name: 'gap.mov', content: Buffer.alloc(3_000_000) },
    { name: 'far.mov', content: randomBytes(9000) },
  ]);
  const bytes = readFileSync(image);
  writeFileSync(image, bytes.subarray(0, bytes.length - 5_000_000));
  const reader = readerOf(imageSource(image));
  const [first, , far] = await listed(reader);
  expect(sha256(await contentOf(reader, first as CardEntry))).toBe(sha256(near));
  await expect(contentOf(reader, far as CardEntry)).rejects.toMatchObject({ code: 'card-damaged' });
});

test('a check of 2,000 files reads folders and their chains only', async () => {
  const clip = (at: number) => ({
    name: `TA00716_JX0227_2026080410${String(at).padStart(4, '0')}.MOV`,
    content: randomBytes(600),
  });
  const media = [0, 1, 2, 3].map((part) => ({
    name: `10${part}MEDIA`,
    files: Array.from({ length: 500 }, (_, at) => clip(part * 500 + at)),
  }));
  const image = join(folder, 'many.exfat');
  makeExfatImage(image, [{ name: 'DCIM', files: media }], 16 * 1024 * 1024);
  const source = imageSource(image);
  const entries = await listed(readerOf(source));
  expect(entries.filter(({ type }) => type === 'file')).toHaveLength(2000);
  expect(source.bytes).toBeLessThan(1_000_000);
  expect(source.reads).toBeLessThan(150);
});
