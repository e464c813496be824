/**
 * Goal: fsck names every damaged, missing or foreign file of the vault and the registry, with its clips, and no other;
 * it changes nothing, takes what a crash leaves for what it is, and notices a ledger that was set back.
 */
import { createHash } from 'node:crypto';
import {
  cpSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tryLockFolder } from '../../src/files/folder-lock.ts';
import { drawOffsets, filesOf, flipByte, ingestDrawn, namedFiles, runFsck } from '../support/checked-store.ts';
import { clipsOf, type JsonLine } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { seededRandom } from '../support/random.ts';

const random = seededRandom('fsck');
let root: string;
let store: string;
/** The store after its first docking only. */
let earlier: string;
let clips: JsonLine[];
let copies = 0;

beforeAll(async () => {
  root = makeDiskFolder();
  store = join(root, 'store');
  earlier = join(root, 'earlier');
  // Several empty files share one original; 5000 and 300000 bytes have block files.
  await ingestDrawn(store, join(root, 'first'), { count: 12, sizes: [0, 900, 5000, 4096], random });
  cpSync(store, earlier, { recursive: true });
  await ingestDrawn(store, join(root, 'second'), { count: 12, sizes: [0, 4097, 300_000], random });
  clips = await clipsOf(store);
});

afterAll(() => removeFolder(root));

function copyStore(): string {
  copies += 1;
  const data = join(root, `copy-${copies}`);
  cpSync(store, data, { recursive: true });
  return data;
}

/** Everything that fsck must leave alone: names, sizes, content. */
function stateOf(data: string): string[] {
  return filesOf(data, '.')
    .filter((file) => file !== 'lock')
    .map((file) => {
      const digest = createHash('sha256')
        .update(readFileSync(join(data, file)))
        .digest('hex');
      return `${file} ${statSync(join(data, file)).mtimeMs} ${digest}`;
    });
}

const clipsOfFile = (file: string): string[] =>
  clips.filter(({ sha256 }) => file.endsWith(`${sha256}`)).map(({ clip }) => clip as string);
const originalOf = (bytes: number): string => {
  const sha256 = clips.find((clip) => clip.bytes === bytes)?.sha256 as string;
  return `vault/originals/${sha256.slice(0, 2)}/${sha256}`;
};
const blocksOf = (original: string): string => original.replace('originals', 'blocks');

it('a sound store has no finding, is compared whole and is left as it was', async () => {
  const data = copyStore();
  const before = stateOf(data);
  const { code, findings, checked } = await runFsck(data);
  expect(findings).toEqual([]);
  expect(code).toBe(0);
  const originals = new Set(clips.map(({ sha256 }) => sha256)).size;
  expect(checked).toMatchObject({ event: 'checked', originals, findings: 0, registryCompared: true });
  expect(checked.records).toBe(readFileSync(join(data, 'ledger/records/000000.jsonl'), 'utf8').split('\n').length - 1);
  expect(stateOf(data)).toEqual(before);
});

describe('one flipped byte', () => {
  it('in any original names it and its clips, in any block file that file, and no other', async () => {
    const data = copyStore();
    for (const file of filesOf(data, 'vault')) {
      const path = join(data, file);
      if (statSync(path).size === 0) continue;
      const [offset] = drawOffsets(path, 1, random).slice(-1);
      const mend = flipByte(path, offset as number, 1 << Math.floor(random.next() * 8));
      const { code, findings } = await runFsck(data);
      const isOriginal = file.startsWith('vault/originals/');
      expect(namedFiles(findings), `${file} at ${offset}`).toEqual([file]);
      expect(findings.map(({ clip }) => clip).sort()).toEqual(clipsOfFile(file).sort());
      expect(findings[0]).toMatchObject({ code: isOriginal ? 'original-altered' : 'blocks-altered' });
      expect(findings[0]?.sha256).toBe(file.slice(-64));
      if (isOriginal)
        expect(findings[0]?.detail).toContain(`damaged 4 KiB blocks: ${Math.floor((offset ?? 0) / 4096)}`);
      expect(code).toBe(1);
      mend();
    }
    expect((await runFsck(data)).findings).toEqual([]);
  });

  it('in every file at once names them all', async () => {
    const data = copyStore();
    const files = filesOf(data, 'vault').filter((file) => statSync(join(data, file)).size > 0);
    for (const file of files) flipByte(join(data, file), 0);
    expect(namedFiles((await runFsck(data)).findings)).toEqual(files);
  });

  it('in the ledger is found beside damage in an original', async () => {
    const data = copyStore();
    const original = originalOf(4097);
    flipByte(join(data, original), 4096);
    flipByte(join(data, 'ledger/records/000000.jsonl'), 40);
    const { findings, checked } = await runFsck(data);
    expect(namedFiles(findings)).toEqual(['ledger/records/000000.jsonl', original]);
    expect(checked.registryCompared).toBe(false);
  });
});

describe('files of the vault', () => {
  it('that are missing are named, an original with every clip that shares it', async () => {
    const data = copyStore();
    const empty = originalOf(0);
    const big = originalOf(300_000);
    const other = blocksOf(originalOf(5000));
    for (const file of [empty, big, other]) rmSync(join(data, file));
    const { findings } = await runFsck(data);
    expect(namedFiles(findings)).toEqual([empty, big, other].sort());
    expect(findings.filter(({ file }) => file === empty).map(({ clip }) => clip)).toEqual(clipsOfFile(empty));
    expect(clipsOfFile(empty).length).toBeGreaterThan(3);
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['original-missing', 'blocks-missing']));
  });

  it('that do not belong there are named', async () => {
    const data = copyStore();
    const sha256 = 'ab'.repeat(32);
    const added = [`vault/originals/ab/${sha256}`, `vault/blocks/ab/${sha256}`, 'vault/originals/ab/x', 'vault/other'];
    for (const folder of ['originals', 'blocks']) mkdirSync(join(data, 'vault', folder, 'ab'), { recursive: true });
    for (const file of added) writeFileSync(join(data, file), 'x');
    const { findings } = await runFsck(data);
    expect(namedFiles(findings)).toEqual([...added].sort());
    expect(findings.find(({ file }) => file === added[0])).toMatchObject({ code: 'original-unknown', sha256 });
  });

  it('that were swapped, cut, lengthened or made links are named, their block files are not', async () => {
    const data = copyStore();
    const [one, other, cut, longer] = [originalOf(900), originalOf(4096), originalOf(5000), originalOf(300_000)];
    renameSync(join(data, one), join(data, 'aside'));
    renameSync(join(data, other), join(data, one));
    renameSync(join(data, 'aside'), join(data, other));
    truncateSync(join(data, cut), 100);
    truncateSync(join(data, longer), 300_001);
    const linked = originalOf(4097);
    renameSync(join(data, linked), join(root, 'elsewhere'));
    symlinkSync(join(root, 'elsewhere'), join(data, linked));
    const { findings } = await runFsck(data);
    expect(namedFiles(findings)).toEqual([one, other, cut, longer, linked].sort());
  });
});

describe('a crash leaves no finding', () => {
  it('in incoming, unsealed and damaged, nor an original that incoming still has a name for', async () => {
    const data = copyStore();
    const sha256 = createHash('sha256').update('unsealed').digest('hex');
    const draw = 'a'.repeat(16);
    for (const folder of ['damaged', 'unsealed', `originals/${sha256.slice(0, 2)}`, `blocks/${sha256.slice(0, 2)}`]) {
      mkdirSync(join(data, 'vault', folder), { recursive: true });
    }
    writeFileSync(join(data, `vault/incoming/${draw}-${sha256}`), 'unsealed');
    writeFileSync(join(data, `vault/incoming/${draw}-${sha256}.blocks`), 'blocks');
    writeFileSync(join(data, `vault/incoming/${'b'.repeat(16)}`), 'half');
    linkSync(
      join(data, `vault/incoming/${draw}-${sha256}`),
      join(data, `vault/originals/${sha256.slice(0, 2)}`, sha256),
    );
    linkSync(
      join(data, `vault/incoming/${draw}-${sha256}.blocks`),
      join(data, `vault/blocks/${sha256.slice(0, 2)}`, sha256),
    );
    writeFileSync(join(data, 'vault/unsealed', sha256), 'x');
    writeFileSync(join(data, 'vault/damaged', `${sha256}.${draw}`), 'x');
    expect((await runFsck(data)).findings).toEqual([]);
  });

  it('when the registry has not caught up with the ledger', async () => {
    const data = copyStore();
    cpSync(join(earlier, 'registry.db'), join(data, 'registry.db'));
    expect(await runFsck(data)).toMatchObject({ code: 0, findings: [], checked: { registryCompared: true } });
  });
});

describe('the registry', () => {
  it('that is missing, no database, or damaged inside is named', async () => {
    const data = copyStore();
    const path = join(data, 'registry.db');
    const whole = readFileSync(path);
    rmSync(path);
    expect((await runFsck(data)).findings).toEqual([
      { event: 'finding', code: 'registry-missing', file: 'registry.db' },
    ]);
    writeFileSync(path, 'no database at all');
    expect((await runFsck(data)).findings).toMatchObject([{ code: 'registry-unreadable', file: 'registry.db' }]);
    writeFileSync(path, whole.fill(0xff, whole.length / 2, whole.length / 2 + 4096));
    const damaged = await runFsck(data);
    expect(namedFiles(damaged.findings)).toEqual(['registry.db']);
    expect(damaged.code).toBe(1);
  });

  it('that was changed, robbed of a row or given one differs', async () => {
    const clip = clips[3]?.clip as string;
    for (const sql of [
      `UPDATE clips SET officer = 'someone else' WHERE clip = '${clip}'`,
      `DELETE FROM records WHERE seq = 5`,
      `INSERT INTO findings VALUES (3, 9, 'invented', NULL, '${clip}', NULL)`,
    ]) {
      const data = copyStore();
      const database = new Database(join(data, 'registry.db'));
      database.exec(sql);
      database.close();
      const { findings } = await runFsck(data);
      expect(findings.length, sql).toBeGreaterThan(0);
      for (const finding of findings) expect(finding).toMatchObject({ code: 'registry-differs', file: 'registry.db' });
    }
  });

  it('shows that ledger and checkpoint were set back together, and the vault what is no longer recorded', async () => {
    const data = copyStore();
    rmSync(join(data, 'ledger'), { recursive: true });
    cpSync(join(earlier, 'ledger'), join(data, 'ledger'), { recursive: true });
    const { findings } = await runFsck(data);
    expect(findings.filter(({ code }) => code === 'registry-differs')).toMatchObject([
      { file: 'registry.db', detail: expect.stringContaining('set back') },
    ]);
    const later = new Set(
      filesOf(store, 'vault/originals').filter((file) => !filesOf(earlier, 'vault').includes(file)),
    );
    const unknown = findings.filter(({ code }) => code === 'original-unknown').map(({ file }) => file);
    expect(new Set(unknown)).toEqual(later);
  });

  it('is left alone while another process owns the folder', async () => {
    const data = copyStore();
    rmSync(join(data, 'registry.db'));
    const lock = tryLockFolder(data);
    try {
      expect(await runFsck(data)).toMatchObject({ code: 0, findings: [], checked: { registryCompared: false } });
    } finally {
      lock?.release();
    }
  });
});

it('a cancelled check ends with 130 and gives the folder back', async () => {
  const data = copyStore();
  expect((await runFsck(data, {}, AbortSignal.abort())).code).toBe(130);
  const lock = tryLockFolder(data);
  expect(lock).toBeDefined();
  lock?.release();
});
