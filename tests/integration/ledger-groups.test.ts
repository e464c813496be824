/**
 * Records that callers append at the same time share a sync, but not each other's mistakes: one that is too long or
 * that the registry could not follow is refused alone, before anything of it is written.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { NewRecord } from '../../src/domain/records.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { Registry } from '../../src/registry/registry.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';

const folder = makeDiskFolder();
let round = 0;

afterAll(() => removeFolder(folder));

async function openLedger(): Promise<{ ledger: Ledger; registry: Registry; dataFolder: string }> {
  round += 1;
  const dataFolder = join(folder, `data${round}`);
  mkdirSync(dataFolder);
  return { dataFolder, ...(await openIn(dataFolder)) };
}

async function openIn(dataFolder: string): Promise<{ ledger: Ledger; registry: Registry }> {
  const registry = Registry.open(join(dataFolder, 'registry.db'));
  const ledger = await Ledger.open({
    dataFolder,
    random: randomBytes,
    now: Date.now,
    upMs: () => 1,
    boot: 'test',
    checkpointMs: 60_000,
    rehearse: (records) => registry.rehearse(records),
    onDurable: (records) => registry.apply(records),
    onTrouble: (error) => {
      throw error;
    },
  });
  return { ledger, registry };
}

const note = (text: string): NewRecord => ({ type: 'note', actor: { kind: 'system', id: 'test' }, body: { text } });
/** A kind that the registry does not know: its CHECK refuses the row. */
const unprojectable: NewRecord = {
  type: 'import-started',
  actor: { kind: 'system', id: 'test' },
  body: { import: 'i-1', kind: 'no such kind', effectiveFrom: '2026-01-01', fileSha256: '', fileBytes: 0, rows: 0 },
};

test.each([
  ['too long', note('x'.repeat(20_000))],
  ['not to be projected', unprojectable],
])('a record that is %s is refused alone, and the ledger goes on and opens again', async (_what, bad) => {
  const { ledger, registry, dataFolder } = await openLedger();
  const answers = await Promise.allSettled([ledger.append(note('a')), ledger.append(bad), ledger.append(note('b'))]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  await ledger.append(note('c'));
  expect(ledger.size).toBe(4);
  expect(registry.nextSeq).toBe(4);
  await ledger.close();
  registry.close();
  const again = await openIn(dataFolder);
  expect(again.ledger.size).toBe(4);
  const texts: unknown[] = [];
  for await (const { record } of again.ledger.replay(1)) texts.push(record.body.text);
  expect(texts.sort()).toEqual(['a', 'b', 'c']);
  await again.ledger.close();
  again.registry.close();
});
