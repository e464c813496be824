/**
 * Goal: a folder that somebody else prepared is taken in whole. Every regular file is sealed with the digests that
 * sha256sum and openssl compute, everything else is in the inventory with a reason, a second run copies nothing, and
 * the forms that other programs rely on (JSON lines, exit codes) are exactly those that were promised.
 */
import { appendFileSync, lstatSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clipsOf, evidock, type Ingested, ingest } from '../support/cli.ts';
import { digestsByPrograms, type FileDigests } from '../support/digest-programs.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { clipsHere, evidockHere, ingestHere } from '../support/in-process.ts';
import { seededRandom } from '../support/random.ts';
import { documentsOf, recordsOf, storeTroubles } from '../support/store-check.ts';
import { makeStrangeFolder, type StrangeFolder } from '../support/strange-folder.ts';

const folder = makeDiskFolder();
const source = join(folder, 'card');
const data = join(folder, 'data');
let strange: StrangeFolder;
let digests: Map<string, FileDigests>;
let first: Ingested;

beforeAll(async () => {
  strange = await makeStrangeFolder(source, seededRandom('a strange folder'));
  digests = digestsByPrograms(source, strange.files);
  first = await ingest(source, data);
});

afterAll(async () => {
  await strange.close();
  removeFolder(folder);
});

test('every regular file is sealed with the digests of sha256sum and openssl, and nothing else is', () => {
  expect(first.code, first.stderr).toBe(0);
  const sealed = first.lines.filter(({ event }) => event === 'sealed');
  expect(sealed).toHaveLength(strange.files.length);
  expect(new Map(sealed.map(({ pathHex, sha256, sm3 }) => [pathHex, { sha256, sm3 }]))).toEqual(digests);
  expect(new Set(sealed.map(({ clip }) => clip)).size).toBe(strange.files.length);
});

test('links, FIFOs and sockets are skipped, each with its reason', () => {
  const others = first.lines.filter(({ event }) => event !== 'sealed');
  expect(others.every(({ event }) => event === 'skipped')).toBe(true);
  expect(new Map(others.map(({ path, reason }) => [path, reason]))).toEqual(strange.others);
});

test('the JSON lines have the promised keys, and paths are readable and exact', () => {
  const ofEvent = (event: string) => first.lines.filter((line) => line.event === event);
  for (const line of ofEvent('sealed')) {
    expect(Object.keys(line).sort()).toEqual(['bytes', 'clip', 'event', 'path', 'pathHex', 'sha256', 'sm3']);
  }
  for (const line of ofEvent('skipped')) {
    expect(Object.keys(line).sort()).toEqual(['event', 'path', 'pathHex', 'reason']);
  }
  expect(first.ended).toMatchObject({
    sealed: 200,
    held: 0,
    skipped: strange.others.size,
    refused: 0,
    failed: 0,
    files: 200,
  });
  const pathOf = (hex: string): string => first.lines.find(({ pathHex }) => pathHex === hex)?.path ?? '';
  expect(pathOf(Buffer.from('现场执法.mp4').toString('hex'))).toBe('现场执法.mp4');
  expect(pathOf(Buffer.from('new\nline.mp4').toString('hex'))).toBe('new\\nline.mp4');
  expect(pathOf('fffe802e6d7034')).toBe('\\xff\\xfe\\x80.mp4');
  // Nothing that a terminal would obey.
  for (const { path } of first.lines) expect(/[\p{Cc}\u202e]/u.test(path), path).toBe(false);
});

test('the whole inventory stands in the ledger before the first clip is sealed', () => {
  const records = recordsOf(data);
  const documents = documentsOf(data);
  const types = records.map(({ type }) => type);
  expect(types.lastIndexOf('inventory-listed')).toBeLessThan(types.indexOf('clip-sealed'));
  const entries = records
    .filter(({ type }) => type === 'inventory-listed')
    .flatMap(
      (record) => documents.get(record.documents?.[0]?.id ?? '')?.entries as { pathHex: string; type: string }[],
    );
  const listed = new Map(entries.map(({ pathHex, type }) => [pathHex, type]));
  expect(listed.size).toBe(strange.files.length + strange.others.size);
  for (const path of strange.files) expect(listed.get(path.toString('hex'))).toBe('file');
  const outcomes = records
    .filter(({ type }) => type === 'outcomes-listed')
    .flatMap(
      (record) => documents.get(record.documents?.[0]?.id ?? '')?.entries as { pathHex: string; reason: string }[],
    );
  const reasons = new Map(outcomes.map(({ pathHex, reason }) => [Buffer.from(pathHex, 'hex').toString(), reason]));
  expect(reasons).toEqual(strange.others);
});

test('the data folder is sound in every file, by its own files and by fsck', async () => {
  expect(await storeTroubles(data)).toEqual([]);
});

test('clips tells each clip with what its name says', async () => {
  const clips = await clipsOf(data);
  expect(clips).toHaveLength(200);
  for (const clip of clips) {
    expect(Object.keys(clip)).toEqual(
      'clip kind recorder path pathHex bytes sha256 sm3 officer case recordedAt correctedAt clock sealedAt state'.split(
        ' ',
      ),
    );
  }
  const said = (path: string) => {
    const found = clips.find((clip) => clip.path === path);
    return { officer: found?.officer, case: found?.case, recordedAt: found?.recordedAt };
  };
  expect(said('police/video/20260804/JX0227_video_20260804_100000.mp4')).toEqual({
    officer: 'JX0227',
    case: null,
    recordedAt: '2026-08-04T02:00:00.000Z',
  });
  expect(said('police/sound/20260804/晋交执罚〔2026〕0123号_140522010017_sound_20260804_100000_IMP.mp3')).toEqual({
    officer: '140522010017',
    case: '晋交执罚〔2026〕0123号',
    recordedAt: '2026-08-04T02:00:00.000Z',
  });
  expect(said('no-extension')).toEqual({ officer: null, case: null, recordedAt: null });
});

/** Inode, times and links of everything in the vault. */
function vaultStates(): string[] {
  return readdirSync(join(data, 'vault'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const { ino, mtimeMs, ctimeMs, nlink, mode, size } = lstatSync(join(entry.parentPath, entry.name));
      return [entry.name, ino, mtimeMs, ctimeMs, nlink, mode.toString(8), size].join(' ');
    })
    .sort();
}

test('originals are plain files that nobody may write, and equal contents are stored once', () => {
  const originals = readdirSync(join(data, 'vault/originals'), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile(),
  );
  expect(originals.map(({ name }) => name).sort()).toEqual(
    [...new Set([...digests.values()].map(({ sha256 }) => sha256))].sort(),
  );
  for (const { parentPath, name } of originals) {
    const { mode, nlink } = lstatSync(join(parentPath, name));
    expect([(mode & 0o7777).toString(8), nlink]).toEqual(['444', 1]);
  }
});

test('a second run copies nothing and says for each file which clip it is', async () => {
  const before = vaultStates();
  const second = await ingest(source, data);
  expect(second.code, second.stderr).toBe(0);
  const held = second.lines.filter(({ event }) => event === 'already-held');
  const known = first.lines.filter(({ event }) => event === 'sealed');
  const plain = (lines: Ingested['lines']) =>
    lines.map(({ pathHex, clip, bytes, sha256, sm3 }) => [pathHex, clip, bytes, sha256, sm3].join(' ')).sort();
  expect(plain(held)).toEqual(plain(known));
  expect(second.ended).toMatchObject({ sealed: 0, held: 200 });
  expect(vaultStates()).toEqual(before);
});

test('rebuild brings the same clips back when the registry is gone', async () => {
  const before = await evidockHere(['clips', '--data', data, '--json']);
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(data, `registry.db${suffix}`), { force: true });
  const rebuilt = await evidock(['rebuild', '--data', data]);
  expect(rebuilt.code, rebuilt.stderr).toBe(0);
  const after = await evidockHere(['clips', '--data', data, '--json']);
  expect(after.stdout).toBe(before.stdout);
  expect(await storeTroubles(data)).toEqual([]);
});

test('a file that changed since is a new clip, even with its old size and time, and the old clip stays', async () => {
  const path = join(source, 'no-extension');
  const { atime, mtime, size } = lstatSync(path);
  const old = (await clipsHere(data)).find((clip) => clip.path === 'no-extension');
  writeFileSync(path, Buffer.alloc(size, 1));
  utimesSync(path, atime, mtime);
  const changed = await ingestHere(source, data);
  expect(changed.lines.filter(({ event }) => event === 'sealed').map((line) => line.path)).toEqual(['no-extension']);
  appendFileSync(path, 'more');
  const grown = await ingestHere(source, data);
  expect(grown.ended).toMatchObject({ sealed: 1, held: 199 });
  const clips = (await clipsHere(data)).filter((clip) => clip.path === 'no-extension');
  expect(clips.map(({ bytes }) => bytes)).toEqual([size, size, size + 4]);
  expect(clips[0]?.clip).toBe(old?.clip);
});
