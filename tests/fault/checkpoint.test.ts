/**
 * Goal: a kill at any step of signing a checkpoint leaves a ledger that opens. The step that matters is the one where
 * a tile becomes full: its parts, which the checkpoint on disk still speaks of, must not be gone before the new one.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ingestWithFault, straceWords } from '../support/call-faults.ts';
import { evidock } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { evidockHere, ingestHere } from '../support/in-process.ts';
import { recordsOf, storeTroubles } from '../support/store-check.ts';

const folder = makeDiskFolder();
const source = join(folder, 'card');
const data = join(folder, 'data');
const partless = join(folder, 'partless');
afterAll(() => removeFolder(folder));

function addFiles(from: number, to: number): void {
  for (let at = from; at < to; at += 1) writeFileSync(join(source, `clip-${at}.mp4`), `clip ${at}`);
}

const checkpointSize = (): number => Number(readFileSync(join(data, 'ledger/checkpoint'), 'utf8').split('\n')[1]);

test('a kill between full tiles and their checkpoint leaves a ledger that opens, and the parts go in the end', async () => {
  mkdirSync(source);
  addFiles(0, 60);
  expect((await ingestHere(source, data)).code).toBe(0);
  const before = checkpointSize();
  expect(before).toBeLessThan(256);
  addFiles(60, 140);
  const renamed = { call: 'rename', action: 'KILL', when: '1', path: 'ledger/checkpoint.new' } as const;
  const killed = await ingestWithFault({ source, data }, renamed);
  expect(killed.code === 0).toBe(false);
  expect(recordsOf(data).length).toBeGreaterThan(256);
  // Records and full tiles are there, the checkpoint is the old one, and so is the part it speaks of.
  expect(checkpointSize()).toBe(before);
  expect(existsSync(join(data, 'ledger/tile/entries/000'))).toBe(true);
  expect(readdirSync(join(data, 'ledger/tile/entries/000.p'))).toContain(`${before}`);
  cpSync(data, partless, { recursive: true });
  const next = await ingestHere(source, data);
  expect(next.code, next.stderr).toBe(0);
  expect(next.ended).toMatchObject({ held: 140, sealed: 0 });
  expect(checkpointSize()).toBe(recordsOf(data).length);
  expect(existsSync(join(data, 'ledger/tile/entries/000.p'))).toBe(false);
  expect(await storeTroubles(data)).toEqual([]);
});

test('a ledger whose partial tiles are gone opens from the full ones', async () => {
  // C2SP tlog-tiles allows it, and it is what a kill left of the first version of this program.
  for (const level of ['entries', '0']) removeFolder(join(partless, `ledger/tile/${level}/000.p`));
  const next = await ingestHere(source, partless);
  expect(next.code, next.stderr).toBe(0);
  expect(next.ended).toMatchObject({ held: 140, sealed: 0 });
  expect(await storeTroubles(partless)).toEqual([]);
});

test('records that no checkpoint covers are written again before they count, because a failed sync may have lost them', async () => {
  const unsure = join(folder, 'unsure');
  const renamed = { call: 'rename', action: 'KILL', when: '1', path: 'ledger/checkpoint.new' } as const;
  await ingestWithFault({ source, data: unsure }, renamed);
  const size = recordsOf(unsure).length;
  for (const path of ['ledger/records/000000.jsonl', 'ledger/documents/000000.jsonl']) {
    // `clips` appends nothing: the only sync of this file is the one that makes sure of what is there.
    const before = straceWords({ call: 'fdatasync', action: 'EIO', when: '1', path }, unsure);
    const result = await evidock(['clips', '--data', unsure, '--json'], { before });
    expect([result.code, result.stdout, result.stderr]).toEqual([1, '', expect.stringContaining('EIO')]);
  }
  expect((await evidockHere(['clips', '--data', unsure])).code).toBe(0);
  expect(recordsOf(unsure)).toHaveLength(size);
  expect((await ingestHere(source, unsure)).ended).toMatchObject({ held: 140, sealed: 0 });
  expect(await storeTroubles(unsure)).toEqual([]);
});
