/**
 * Goal: bags that other people made, good and bad, get the verdict of RFC 8493. Every bag here is written by hand, with
 * digests from node:crypto, and never by the code that writes our own.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type VerificationCode, verifyExitCode } from '../../src/domain/verification.ts';
import { validateBag } from '../../src/exporting/bagit-validation.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';

const root = makeDiskFolder();
afterAll(() => removeFolder(root));

type Files = { [path: string]: string | Buffer };
const digest = (algorithm: string, bytes: string | Buffer): string => createHash(algorithm).update(bytes).digest('hex');
const declaration = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';
/** A manifest line, of the bytes that the file has. */
const line = (path: string, bytes: string | Buffer, algorithm = 'sha256'): string =>
  `${digest(algorithm, bytes)}  ${path}\n`;

/** The smallest bag: one file. */
const plain = (): Files => ({
  'bagit.txt': declaration,
  'data/a.txt': 'a',
  'manifest-sha256.txt': line('data/a.txt', 'a'),
});

function write(files: Files): string {
  const folder = mkdtempSync(join(root, 'bag-'));
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(join(folder, path), bytes);
    else mkdirSync(join(folder, path), { recursive: true });
  }
  return folder;
}

async function codesOf(folder: string): Promise<{ codes: VerificationCode[]; exit: number; files: string[] }> {
  const { findings } = await validateBag(folder);
  return {
    codes: [...new Set(findings.map(({ code }) => code))],
    exit: verifyExitCode(findings),
    files: findings.map(({ file }) => file),
  };
}

const good: [string, () => Files][] = [
  ['one file, SHA-256', plain],
  ...['md5', 'sha1', 'sha256', 'sha512'].map((algorithm): [string, () => Files] => [
    `one file, ${algorithm}`,
    () => ({
      'bagit.txt': declaration,
      'data/a.txt': 'a',
      [`manifest-${algorithm}.txt`]: line('data/a.txt', 'a', algorithm),
    }),
  ]),
  ['two manifests', () => ({ ...plain(), 'manifest-sha512.txt': line('data/a.txt', 'a', 'sha512') })],
  [
    'upper-case digests',
    () => ({ ...plain(), 'manifest-sha256.txt': `${digest('sha256', 'a').toUpperCase()}  data/a.txt\n` }),
  ],
  ['an empty payload', () => ({ 'bagit.txt': declaration, 'data/': '', 'manifest-sha256.txt': '' })],
  ['no newline at the end', () => ({ ...plain(), 'manifest-sha256.txt': line('data/a.txt', 'a').trim() })],
  [
    'CRLF line ends',
    () => ({
      ...plain(),
      'bagit.txt': declaration.replaceAll('\n', '\r\n'),
      'manifest-sha256.txt': line('data/a.txt', 'a').replace('\n', '\r\n'),
    }),
  ],
  [
    'names with blanks, and folders',
    () => ({
      ...plain(),
      'data/b/c d.txt': 'cd',
      'manifest-sha256.txt': line('data/a.txt', 'a') + line('data/b/c d.txt', 'cd'),
    }),
  ],
  [
    'Chinese names',
    () => ({
      ...plain(),
      'data/现场.mp4': 'v',
      'manifest-sha256.txt': line('data/a.txt', 'a') + line('data/现场.mp4', 'v'),
    }),
  ],
  [
    'names with newline, return and percent sign, encoded',
    () => ({
      ...plain(),
      'data/x\ny\rz%.txt': 'q',
      'manifest-sha256.txt': line('data/a.txt', 'a') + line('data/x%0Ay%0dz%25.txt', 'q'),
    }),
  ],
  [
    'a percent sign that encodes nothing',
    () => ({
      ...plain(),
      'data/b%7E.txt': 'b',
      'manifest-sha256.txt': line('data/a.txt', 'a') + line('data/b%7E.txt', 'b'),
    }),
  ],
  [
    'the marker of binary mode',
    () => ({ ...plain(), 'manifest-sha256.txt': `${digest('sha256', 'a')} *data/a.txt\n` }),
  ],
  [
    'a byte order mark before a manifest',
    () => ({ ...plain(), 'manifest-sha256.txt': `\ufeff${line('data/a.txt', 'a')}` }),
  ],
  [
    'a name in another Unicode form',
    () => ({
      ...plain(),
      'data/Nu\u0301n.txt': 'n',
      'manifest-sha256.txt': line('data/a.txt', 'a') + line('data/N\u00fan.txt', 'n'),
    }),
  ],
  [
    'Payload-Oxum and repeated labels',
    () => ({ ...plain(), 'bag-info.txt': 'Contact-Name: x\nContact-Name: y\n  goes on\nPayload-Oxum: 1.1\n' }),
  ],
  [
    'a fetch list whose files are here',
    () => ({ ...plain(), 'fetch.txt': 'https://example.invalid/a 1 data/a.txt\n' }),
  ],
  [
    'a tag manifest and tag files beside it',
    () => ({
      ...plain(),
      'notes/n.txt': 'n',
      'tagmanifest-sha256.txt': line('bagit.txt', declaration) + line('notes/n.txt', 'n'),
      'extra.txt': 'not listed, and need not be',
    }),
  ],
  [
    'another algorithm beside a known one',
    () => ({ ...plain(), 'manifest-blake99.txt': `${'ab'.repeat(8)}  data/a.txt\n` }),
  ],
  [
    'ISO-8859-1 tag files',
    () => ({
      'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: ISO-8859-1\n',
      'data/ü.txt': 'u',
      'manifest-sha256.txt': Buffer.from(line('data/ü.txt', 'u'), 'latin1'),
    }),
  ],
  [
    'UTF-16 tag files with their mark',
    () => ({
      'bagit.txt': 'BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-16\n',
      'data/a.txt': 'a',
      'manifest-sha256.txt': Buffer.from(`\ufeff${line('data/a.txt', 'a')}`, 'utf16le').swap16(),
    }),
  ],
  [
    '0.97: a path listed twice with one digest, and one manifest of two that is not complete',
    () => ({
      'bagit.txt': 'BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n',
      'data/a.txt': 'a',
      'data/b.txt': 'b',
      'manifest-md5.txt': line('data/b.txt', 'b', 'md5'),
      'manifest-sha1.txt': line('data/a.txt', 'a', 'sha1').repeat(2),
    }),
  ],
];

test.each(good)('valid: %s', async (_, files) => {
  const { codes, exit } = await codesOf(write(files()));
  expect(exit, codes.join()).toBe(0);
});

const bad: [string, VerificationCode, number, () => Files][] = [
  ['no bagit.txt', 'bag-declaration-missing', 10, () => omit(plain(), 'bagit.txt')],
  [
    'a byte order mark in bagit.txt',
    'bag-declaration-invalid',
    11,
    () => ({ ...plain(), 'bagit.txt': `\ufeff${declaration}` }),
  ],
  [
    'a blank before the colon',
    'bag-declaration-invalid',
    11,
    () => ({ ...plain(), 'bagit.txt': declaration.replace('Version:', 'Version :') }),
  ],
  ['no encoding', 'bag-declaration-invalid', 11, () => ({ ...plain(), 'bagit.txt': 'BagIt-Version: 1.0\n' })],
  [
    'a version of the future',
    'bag-version-unknown',
    11,
    () => ({ ...plain(), 'bagit.txt': declaration.replace('1.0', '2.0') }),
  ],
  [
    'an encoding that nobody knows',
    'bag-encoding-unknown',
    11,
    () => ({ ...plain(), 'bagit.txt': declaration.replace('UTF-8', 'KLINGON') }),
  ],
  [
    'tag files in another encoding than they say',
    'manifest-invalid',
    11,
    () => ({ ...plain(), 'manifest-sha256.txt': Buffer.from([0xff, 0xfe, 0x20]) }),
  ],
  ['no payload folder', 'payload-folder-missing', 10, () => ({ 'bagit.txt': declaration, 'manifest-sha256.txt': '' })],
  ['no manifest', 'manifest-missing', 10, () => omit(plain(), 'manifest-sha256.txt')],
  [
    'only a tag manifest',
    'manifest-missing',
    10,
    () => ({ ...omit(plain(), 'manifest-sha256.txt'), 'tagmanifest-sha256.txt': line('bagit.txt', declaration) }),
  ],
  [
    'a line without a path',
    'manifest-invalid',
    11,
    () => ({ ...plain(), 'manifest-sha256.txt': `${digest('sha256', 'a')}\n` }),
  ],
  [
    'a digest of another length',
    'manifest-invalid',
    11,
    () => ({ ...plain(), 'manifest-sha256.txt': line('data/a.txt', 'a', 'md5') }),
  ],
  [
    'only an unknown algorithm',
    'manifest-unreadable',
    12,
    () => ({ ...omit(plain(), 'manifest-sha256.txt'), 'manifest-blake99.txt': `${'ab'.repeat(8)}  data/a.txt\n` }),
  ],
  ['an altered file', 'file-altered', 11, () => ({ ...plain(), 'data/a.txt': 'b' })],
  ['a missing file', 'file-missing', 10, () => ({ ...omit(plain(), 'data/a.txt'), 'data/': '' })],
  ['a file that no manifest lists', 'file-added', 11, () => ({ ...plain(), 'data/b.txt': 'b' })],
  [
    'one manifest of two not complete',
    'manifest-incomplete',
    11,
    () => ({
      ...plain(),
      'data/b.txt': 'b',
      'manifest-sha256.txt': line('data/a.txt', 'a') + line('data/b.txt', 'b'),
      'manifest-md5.txt': line('data/a.txt', 'a', 'md5'),
    }),
  ],
  [
    'a path listed twice',
    'manifest-duplicate',
    11,
    () => ({ ...plain(), 'manifest-sha256.txt': line('data/a.txt', 'a').repeat(2) }),
  ],
  [
    'a path listed with two digests',
    'manifest-duplicate',
    11,
    () => ({ ...plain(), 'manifest-sha256.txt': line('data/a.txt', 'a') + line('data/a.txt', 'b') }),
  ],
  [
    'a path out of the bag',
    'manifest-path-unsafe',
    11,
    () => ({ ...plain(), 'manifest-sha256.txt': line('data/a.txt', 'a') + line('data/../../etc/passwd', 'x') }),
  ],
  [
    'an absolute path',
    'manifest-path-unsafe',
    11,
    () => ({ ...plain(), 'manifest-sha256.txt': line('data/a.txt', 'a') + line('/etc/passwd', 'x') }),
  ],
  [
    'a path of a home folder',
    'manifest-path-unsafe',
    11,
    () => ({ ...plain(), 'tagmanifest-sha256.txt': line('~root/x', 'x') }),
  ],
  [
    'a payload manifest that lists a tag file',
    'manifest-path-unsafe',
    11,
    () => ({ ...plain(), 'manifest-sha256.txt': line('data/a.txt', 'a') + line('bagit.txt', declaration) }),
  ],
  [
    'a tag manifest that lists payload',
    'manifest-path-unsafe',
    11,
    () => ({ ...plain(), 'tagmanifest-sha256.txt': line('data/a.txt', 'a') }),
  ],
  [
    'an altered tag file',
    'file-altered',
    11,
    () => ({ ...plain(), 'tagmanifest-sha256.txt': line('bagit.txt', 'other') }),
  ],
  [
    'a tag file that is gone',
    'file-missing',
    10,
    () => ({ ...plain(), 'tagmanifest-sha256.txt': line('bag-info.txt', 'x') }),
  ],
  [
    'a Payload-Oxum of another size',
    'payload-oxum-differs',
    11,
    () => ({ ...plain(), 'bag-info.txt': 'Payload-Oxum: 2.1\n' }),
  ],
  [
    'a Payload-Oxum of another count',
    'payload-oxum-differs',
    11,
    () => ({ ...plain(), 'bag-info.txt': 'Payload-Oxum: 1.2\n' }),
  ],
  [
    'a Payload-Oxum that is none',
    'bag-info-invalid',
    11,
    () => ({ ...plain(), 'bag-info.txt': 'Payload-Oxum: much\n' }),
  ],
  [
    'two of them',
    'bag-info-invalid',
    11,
    () => ({ ...plain(), 'bag-info.txt': 'Payload-Oxum: 1.1\nPayload-Oxum: 1.1\n' }),
  ],
  [
    'a file still to be fetched',
    'fetch-pending',
    10,
    () => ({
      ...plain(),
      'fetch.txt': 'https://example.invalid/b - data/b.txt\n',
      'manifest-sha256.txt': line('data/a.txt', 'a') + line('data/b.txt', 'b'),
    }),
  ],
  [
    'a fetch list that leads out of the bag',
    'fetch-invalid',
    11,
    () => ({ ...plain(), 'fetch.txt': 'https://example.invalid/b 1 data/../b.txt\n' }),
  ],
  [
    'a fetch list with what no manifest lists',
    'fetch-invalid',
    11,
    () => ({ ...plain(), 'fetch.txt': 'https://example.invalid/b 1 data/b.txt\n' }),
  ],
  [
    'a name that differs in case',
    'file-missing',
    11,
    () => ({ ...plain(), 'manifest-sha256.txt': line('data/A.txt', 'a') }),
  ],
];

test.each(bad)('invalid: %s', async (_, code, exit, files) => {
  const verdict = await codesOf(write(files()));
  expect(verdict.codes).toContain(code);
  expect(verdict.exit, verdict.codes.join()).toBe(exit);
});

test('a link in the payload is no file of the bag, wherever it leads, and nothing behind it is read', async () => {
  const folder = write(omit(plain(), 'data/a.txt'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(root, 'outside'), 'a');
  symlinkSync(join(root, 'outside'), join(folder, 'data/a.txt'));
  const { codes, exit } = await codesOf(folder);
  expect([codes, exit]).toEqual([['file-not-plain'], 11]);
});

test('everything that is wrong is told at once', async () => {
  const files: Files = { ...plain(), 'data/b.txt': 'b', 'data/c.txt': 'c', 'bag-info.txt': 'Payload-Oxum: 9.9\n' };
  files['manifest-sha256.txt'] = line('data/a.txt', 'x') + line('data/gone.txt', 'g') + line('data/c.txt', 'c');
  const { codes, files: named } = await codesOf(write(files));
  expect(codes.sort()).toEqual(['file-added', 'file-altered', 'file-missing', 'payload-oxum-differs']);
  expect(named.sort()).toEqual(['bag-info.txt', 'data/a.txt', 'data/b.txt', 'data/gone.txt']);
});

test('a folder that is gone is an error, not a verdict', async () => {
  const folder = write(plain());
  rmSync(folder, { recursive: true });
  await expect(validateBag(folder)).rejects.toThrow(/ENOENT/);
});

function omit(files: Files, name: string): Files {
  return Object.fromEntries(Object.entries(files).filter(([path]) => path !== name));
}
