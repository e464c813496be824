/**
 * Goal: the file system, label and volume id of a card are what mkfs wrote and blkid reads, and no truncated, mutated or
 * hostile image makes the helper do anything but answer. The last test runs its pure parts under sanitizers.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkout, makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { helperProgram, run } from '../support/dock-helper-stage.ts';

let folder: string;

beforeAll(() => {
  run('scripts/build-native', []);
  folder = makeDiskFolder();
});
afterAll(() => removeFolder(folder));

interface Found {
  readonly fileSystem: string;
  readonly uuid: string;
  readonly label: string;
}

/** Undefined when it is none of ours. */
function identify(image: string): Found | undefined {
  const { status, stdout, stderr } = spawnSync(helperProgram, ['--identify-file', image], { encoding: 'utf8' });
  expect([status, stdout, stderr]).toEqual([status === 0 ? 0 : 1, status === 0 ? expect.any(String) : 'none\n', '']);
  const [fileSystem = '', uuid = '', label = ''] = stdout.trimEnd().split(' ');
  return status === 0 ? { fileSystem, uuid, label: Buffer.from(label, 'hex').toString('utf8') } : undefined;
}

function makeImage(name: string, size: string, command: readonly string[]): string {
  const image = join(folder, name);
  run('rm', ['-f', image]);
  run('truncate', [`--size=${size}`, image]);
  const [program = '', ...words] = command;
  run(program, [...words, image]);
  return image;
}

const blkid = (image: string, what: string): string =>
  spawnSync('/sbin/blkid', ['-p', '-o', 'value', '-s', what, image], { encoding: 'utf8' }).stdout.trim();

function patch(image: string, at: number, bytes: readonly number[]): void {
  const fd = openSync(image, 'r+');
  writeSync(fd, Uint8Array.from(bytes), 0, bytes.length, at);
  closeSync(fd);
}

describe('a card as its maker wrote it', () => {
  test.each([
    ['fat12', '4M', ['mkfs.vfat', '-F', '12', '-n', 'CAM01'], 'vfat', 'CAM01'],
    ['fat16', '64M', ['mkfs.vfat', '-F', '16', '-n', 'JX0227'], 'vfat', 'JX0227'],
    ['fat32', '300M', ['mkfs.vfat', '-F', '32', '-n', 'TA00716'], 'vfat', 'TA00716'],
    ['fat32 with large sectors', '300M', ['mkfs.vfat', '-F', '32', '-S', '4096'], 'vfat', ''],
    ['fat without label', '64M', ['mkfs.vfat'], 'vfat', ''],
    ['exfat', '64M', ['mkfs.exfat', '-L', '执法记录😀'], 'exfat', '执法记录😀'],
    ['exfat without label', '64M', ['mkfs.exfat'], 'exfat', ''],
    ['ext4', '16M', ['mkfs.ext4', '-q', '-L', 'sixteen-byte-lab'], 'ext4', 'sixteen-byte-lab'],
    ['ext4 with 4 KiB blocks', '64M', ['mkfs.ext4', '-q', '-b', '4096'], 'ext4', ''],
  ] as const)('%s', (name, size, command, fileSystem, label) => {
    const image = makeImage(name, size, command);
    expect(identify(image)).toEqual({ fileSystem, uuid: blkid(image, 'UUID'), label });
    expect(blkid(image, 'TYPE')).toBe(fileSystem);
  });

  test('the label in the root folder goes before the one in the boot sector', () => {
    const image = makeImage('two-labels', '64M', ['mkfs.vfat', '-F', '16', '-n', 'OLD']);
    const fat = readFileSync(image);
    const root = (fat.readUInt16LE(14) + 2 * fat.readUInt16LE(22)) * 512;
    patch(image, root, [...Buffer.from('NEW        ')]);
    expect(identify(image)?.label).toBe('NEW');
    patch(image, root, [0xe5]);
    expect(identify(image)?.label).toBe('OLD');
  });

  test('a file system that was written over an ext4 counts, not what is left behind it', () => {
    const image = makeImage('over', '64M', ['mkfs.ext4', '-q']);
    const old = readFileSync(image).subarray(1024, 2048);
    run('mkfs.vfat', ['-F', '32', '-R', '32', image]);
    patch(image, 1024, [...old]);
    expect(identify(image)?.fileSystem).toBe('vfat');
  });
});

describe('none of ours', () => {
  test('is an empty card, a partition table, another file system or an ext4 journal', () => {
    expect(identify(makeImage('zeros', '1M', ['true']))).toBeUndefined();
    const table = makeImage('table', '1M', ['true']);
    patch(table, 446, [0x80, 0, 2, 0, 0x0c, 0, 0, 0, 0, 8, 0, 0, 0, 0x10, 0, 0]);
    patch(table, 510, [0x55, 0xaa]);
    expect(identify(table)).toBeUndefined();
    expect(identify(makeImage('journal', '16M', ['mkfs.ext4', '-q', '-O', 'journal_dev']))).toBeUndefined();
    expect(identify(makeImage('swap', '1M', ['mkswap', '-q']))).toBeUndefined();
    const ntfs = makeImage('ntfs', '64M', ['mkfs.vfat']);
    patch(ntfs, 3, [...Buffer.from('NTFS    ')]);
    patch(ntfs, 14, [0, 0]);
    expect(identify(ntfs)).toBeUndefined();
  });

  test('is a folder, a device or nothing at all', () => {
    for (const path of [folder, '/dev/null', join(folder, 'missing')]) {
      const { status, stderr } = spawnSync(helperProgram, ['--identify-file', path], { encoding: 'utf8' });
      expect([status, stderr]).toEqual([1, expect.stringContaining('cannot be read as a file')]);
    }
  });
});

test('truncated cards and tables that lead far away are answered without their label', () => {
  for (const [name, command] of [
    ['short-vfat', ['mkfs.vfat', '-F', '32', '-n', 'CAM']],
    ['short-exfat', ['mkfs.exfat', '-L', 'CAM']],
    ['short-ext4', ['mkfs.ext4', '-q']],
  ] as const) {
    const image = makeImage(name, '64M', command);
    for (const bytes of [4096, 2048, 2047, 1024, 513, 512, 511, 100, 1, 0]) {
      copyFileSync(image, `${image}.cut`);
      truncateSync(`${image}.cut`, bytes);
      const found = identify(`${image}.cut`);
      const enough = name === 'short-ext4' ? bytes >= 2048 : bytes >= 512;
      expect([name, bytes, found !== undefined]).toEqual([name, bytes, enough]);
    }
  }
  const far = makeImage('far-exfat', '64M', ['mkfs.exfat', '-L', 'CAM']);
  patch(far, 92, [0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff]);
  expect(identify(far)).toMatchObject({ fileSystem: 'exfat', label: '' });
});

test('mutated frames, names, paths and images do nothing undefined, under sanitizers', () => {
  const program = join(folder, 'mutate');
  const sources = ['fuzz/mutate.cc', 'frame.cc', 'names.cc', 'signature.cc'];
  run('g++', [
    ...['-std=c++20', '-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-o', program],
    ...sources.map((source) => join(checkout, 'native/helper', source)),
  ]);
  const images = [
    makeImage('seed-16', '16M', ['mkfs.vfat', '-n', 'CAM']),
    makeImage('seed-32', '40M', ['mkfs.vfat', '-F', '32', '-s', '1']),
    makeImage('seed-exfat', '32M', ['mkfs.exfat', '-L', '记录']),
    makeImage('seed-ext4', '16M', ['mkfs.ext4', '-q']),
  ];
  const seed = String(Math.floor(Math.random() * 1e9));
  const { status, stdout, stderr } = spawnSync(program, [seed, '4000', ...images], { encoding: 'utf8' });
  expect({ seed, status, stdout, stderr }).toEqual({ seed, status: 0, stdout: '4000 rounds\n', stderr: '' });
});
