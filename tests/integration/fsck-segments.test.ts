/**
 * Goal: a ledger of several segments is verified as precisely as a small one, and one that grows while it is verified
 * has no finding.
 */
import { cpSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyLedger } from '../../src/ledger/ledger-verification.ts';
import { flipByte, namedFiles } from '../support/checked-store.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { notesOf, openNotesLedger } from '../support/notes-ledger.ts';
import { seededRandom } from '../support/random.ts';

const random = seededRandom('fsck-segments');
let root: string;

beforeAll(() => {
  root = makeDiskFolder();
});
afterAll(() => removeFolder(root));

function copyLedger(data: string, name: string): string {
  const copy = join(root, name);
  cpSync(join(data, 'ledger'), join(copy, 'ledger'), { recursive: true });
  return copy;
}

it('a ledger of three segments: damage in one, and a missing or swapped one, is told from the others', async () => {
  const data = join(root, 'long');
  const ledger = await openNotesLedger(data, random);
  for (let group = 0; group < 33; group += 1) await ledger.appendAll(notesOf(250));
  await ledger.close();
  expect(await verifyLedger(data)).toMatchObject({ findings: [], records: 8251 });
  const second = 'ledger/records/000001.jsonl';
  const middle = Math.floor(statSync(join(data, second)).size / 2);
  const mend = flipByte(join(data, second), middle);
  expect(namedFiles((await verifyLedger(data)).findings)).toEqual([second]);
  mend();
  for (const file of ['ledger/tile/1/000.p/32', 'ledger/tile/0/017', 'ledger/documents/000001.jsonl']) {
    const undo = flipByte(join(data, file), 70);
    expect(namedFiles((await verifyLedger(data)).findings), file).toEqual([file]);
    undo();
  }
  const gone = copyLedger(data, 'gone');
  rmSync(join(gone, second));
  expect((await verifyLedger(gone)).findings).toMatchObject([{ code: 'record-missing', file: second }]);
  expect(existsSync(join(gone, second))).toBe(false);
  const swapped = copyLedger(data, 'swapped');
  renameSync(join(swapped, second), join(swapped, 'aside'));
  renameSync(join(swapped, 'ledger/records/000000.jsonl'), join(swapped, second));
  renameSync(join(swapped, 'aside'), join(swapped, 'ledger/records/000000.jsonl'));
  expect(namedFiles((await verifyLedger(swapped)).findings)).toEqual(['ledger/records/000000.jsonl', second]);
});

it('beside a station that appends and signs checkpoints all the time nothing is found', async () => {
  const data = join(root, 'live');
  const ledger = await openNotesLedger(data, random);
  let isDone = false;
  const writing = (async () => {
    for (let round = 0; round < 30; round += 1) {
      await ledger.appendAll(notesOf(1 + Math.floor(random.next() * 30)));
      await ledger.checkpoint();
    }
    await ledger.close();
    isDone = true;
  })();
  let rounds = 0;
  while (!isDone) {
    const { findings } = await verifyLedger(data);
    expect(findings).toEqual([]);
    rounds += 1;
  }
  await writing;
  expect(rounds).toBeGreaterThan(3);
});
