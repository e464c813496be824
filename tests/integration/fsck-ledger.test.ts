/**
 * Goal: whatever single byte of the ledger is damaged, the verification names that file and no other; and what a
 * crash leaves is no finding.
 */
import { cpSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../src/ledger/ledger-verification.ts';
import { drawOffsets, filesOf, flipByte, ingestDrawn, namedFiles } from '../support/checked-store.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { notesOf, openNotesLedger } from '../support/notes-ledger.ts';
import { seededRandom } from '../support/random.ts';

const random = seededRandom('fsck-ledger');
let root: string;
/** 300 clips of three dockings, so a full tile, and partial ones of several checkpoints. */
let store: string;

beforeAll(async () => {
  root = makeDiskFolder();
  store = join(root, 'store');
  const sizes = [0, 700, 5000];
  await ingestDrawn(store, join(root, 'first'), { count: 60, sizes, random });
  await ingestDrawn(store, join(root, 'second'), { count: 240, sizes, random });
  await ingestDrawn(store, join(root, 'third'), { count: 5, sizes, random });
});

afterAll(() => removeFolder(root));

let copies = 0;

/** A copy of a data folder's ledger, to do things to. */
function copyLedger(from = store): string {
  copies += 1;
  const data = join(root, `copy-${copies}`);
  cpSync(join(from, 'ledger'), join(data, 'ledger'), { recursive: true });
  return data;
}

const openLedger = (data: string): ReturnType<typeof openNotesLedger> => openNotesLedger(data, random);

/** How many records or documents findings speak of; one finding may speak of `records 5 to 7`. */
function damagedLines(findings: readonly { readonly detail?: string }[]): number {
  const ranges = findings.map(({ detail }) => /records (\d+) to (\d+)/.exec(detail ?? ''));
  return ranges.reduce((sum, range) => sum + (range === null ? 1 : Number(range[2]) - Number(range[1]) + 1), 0);
}

describe('one flipped byte', () => {
  it('of any file of the ledger names that file and no other', async () => {
    const data = copyLedger();
    expect((await verifyLedger(data)).findings).toEqual([]);
    const files = filesOf(data, 'ledger');
    expect(files.filter((file) => file.includes('.p/')).length).toBeGreaterThan(3);
    expect(files).toContain('ledger/tile/0/000');
    for (const file of files) {
      const path = join(data, file);
      for (const offset of drawOffsets(path, 2, random)) {
        const mend = flipByte(path, offset, 1 << Math.floor(random.next() * 8));
        const { findings } = await verifyLedger(data);
        expect(namedFiles(findings), `${file} at ${offset}: ${JSON.stringify(findings)}`).toEqual([file]);
        mend();
      }
    }
    expect((await verifyLedger(data)).findings).toEqual([]);
  });

  it.each(['records', 'documents'])('that is a newline of %s names the two lines that it merged', async (folder) => {
    const data = copyLedger();
    const file = `ledger/${folder}/000000.jsonl`;
    const newlines = [...readFileSync(join(data, file)).entries()].filter(([, byte]) => byte === 10);
    for (const at of [0, 1, Math.floor(newlines.length / 2), newlines.length - 2, newlines.length - 1]) {
      const mend = flipByte(join(data, file), newlines[at]?.[0] as number);
      const { findings } = await verifyLedger(data);
      expect(namedFiles(findings), `newline ${at}`).toEqual([file]);
      // The last newline has no line behind it.
      expect(damagedLines(findings), `newline ${at}`).toBe(at === newlines.length - 1 ? 1 : 2);
      mend();
    }
  });

  it('that becomes a newline names one record', async () => {
    const data = copyLedger();
    const file = 'ledger/records/000000.jsonl';
    const middle = readFileSync(join(data, file)).indexOf('"nonce":"', 20_000) + 12;
    const byte = readFileSync(join(data, file))[middle] as number;
    flipByte(join(data, file), middle, byte ^ 10);
    const { findings } = await verifyLedger(data);
    expect(findings.map(({ code }) => code)).toEqual(['record-altered']);
    expect(namedFiles(findings)).toEqual([file]);
  });

  it('in the record of a clip or in its document names the clip', async () => {
    const data = copyLedger();
    const records = readFileSync(join(data, 'ledger/records/000000.jsonl'));
    const sealed = records
      .toString('latin1')
      .split('\n')
      .map((line) => (line === '' ? undefined : JSON.parse(line)));
    const record = sealed.filter((line) => line?.type === 'clip-sealed')[100];
    const mend = flipByte(join(data, 'ledger/records/000000.jsonl'), records.indexOf(record.nonce));
    expect((await verifyLedger(data)).findings).toMatchObject([{ code: 'record-altered', clip: record.subject }]);
    mend();
    const documents = readFileSync(join(data, 'ledger/documents/000000.jsonl'));
    flipByte(join(data, 'ledger/documents/000000.jsonl'), documents.indexOf(record.documents[0].id) - 20);
    expect((await verifyLedger(data)).findings).toMatchObject([{ code: 'document-altered', clip: record.subject }]);
  });
});

describe('files', () => {
  it('that are missing are named, each alone', async () => {
    const size = Number(readFileSync(join(store, 'ledger/checkpoint'), 'utf8').split('\n')[1]);
    for (const file of filesOf(store, 'ledger')) {
      // Parts of former checkpoints are not needed any more.
      const part = /\.p\/(\d+)$/.exec(file)?.[1];
      const isOld = part !== undefined && Number(part) !== size % 256 && !file.includes('tile/1/');
      const data = copyLedger();
      rmSync(join(data, file));
      expect(namedFiles((await verifyLedger(data)).findings), file).toEqual(isOld ? [] : [file]);
    }
  });

  it('that do not belong there are named', async () => {
    const data = copyLedger();
    const strange = [
      'notes.txt',
      'records/000001.txt',
      'tile/0/notes',
      'tile/0/900',
      'tile/4/000.p/3',
      'keys/extra.pub',
    ];
    for (const file of strange) {
      cpSync(join(data, 'ledger/checkpoint'), join(data, 'ledger', file), { recursive: true });
    }
    const { findings } = await verifyLedger(data);
    expect(namedFiles(findings)).toEqual(strange.map((file) => `ledger/${file}`).sort());
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['unexpected-file']));
  });

  it.each([
    ['ledger/tile/entries/000', 'ledger/tile/entries/001'],
    ['ledger/tile/0/000', 'ledger/tile/0/001'],
    ['ledger/tile/0/000', 'ledger/tile/entries/000'],
    ['ledger/tile/0/001', 'ledger/tile/1/000.p/2'],
    ['ledger/keys/log.pub', 'ledger/keys/leaf.pub'],
  ])('that were swapped are both named: %s and %s', async (one, other) => {
    const data = copyLedger();
    renameSync(join(data, one), join(data, 'aside'));
    renameSync(join(data, other), join(data, one));
    renameSync(join(data, 'aside'), join(data, other));
    expect(namedFiles((await verifyLedger(data)).findings)).toEqual([one, other].sort());
  });

  it('that are wiped together with what they could be told by are still the only ones named', async () => {
    const data = copyLedger();
    const wiped = ['ledger/tile/0/001', 'ledger/tile/entries/001'];
    for (const file of wiped) writeFileSync(join(data, file), Buffer.alloc(statSync(join(data, file)).size));
    expect(namedFiles((await verifyLedger(data)).findings)).toEqual(wiped);
  });

  it('that were cut short are named', async () => {
    for (const file of filesOf(store, 'ledger').filter((name) => !name.includes('keys/'))) {
      const data = copyLedger();
      const bytes = readFileSync(join(data, file));
      writeFileSync(join(data, file), bytes.subarray(0, bytes.length - 3));
      expect(namedFiles((await verifyLedger(data)).findings), file).toEqual([file]);
    }
  });
});

describe('a rewritten ledger', () => {
  it('whose records and tiles are those of another station does not fit its keys and its checkpoint', async () => {
    const data = join(root, 'rewritten');
    const other = join(root, 'rewriter');
    for (const folder of [data, other]) {
      const ledger = await openLedger(folder);
      await ledger.appendAll(notesOf(5));
      await ledger.close();
    }
    for (const part of ['records', 'documents', 'tile']) {
      cpSync(join(other, 'ledger', part), join(data, 'ledger', part), { recursive: true });
    }
    const { findings } = await verifyLedger(data);
    expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['key-altered', 'checkpoint-altered']));
  });

  it('whose records are sound but not those that were signed differs as a tree', async () => {
    const data = join(root, 'forked');
    const ledger = await openLedger(data);
    await ledger.appendAll(notesOf(5));
    await ledger.checkpoint();
    const early = copyLedger(data);
    await ledger.close();
    // The same keys continue an old copy in another way: someone set the ledger back and went on.
    cpSync(join(data, 'keys'), join(early, 'keys'), { recursive: true });
    for (const [folder, count] of [
      [data, 4],
      [early, 4],
    ] as const) {
      const going = await openLedger(folder);
      await going.appendAll(notesOf(count));
      await going.close();
    }
    cpSync(join(early, 'ledger/checkpoint'), join(data, 'ledger/checkpoint'));
    expect((await verifyLedger(data)).findings).toMatchObject([{ code: 'tree-differs', file: 'ledger/checkpoint' }]);
  });
});

describe('a crash leaves no finding', () => {
  it('behind the checkpoint: whole records, half a record, documents of a record that never came', async () => {
    const data = join(root, 'beyond');
    const ledger = await openLedger(data);
    await ledger.appendAll(notesOf(20));
    await ledger.checkpoint();
    await ledger.appendAll(notesOf(9));
    const crashed = copyLedger(data);
    await ledger.close();
    const records = join(crashed, 'ledger/records/000000.jsonl');
    const documents = join(crashed, 'ledger/documents/000000.jsonl');
    const whole = readFileSync(records);
    writeFileSync(records, Buffer.concat([whole, whole.subarray(0, 100)]));
    writeFileSync(
      documents,
      Buffer.concat([readFileSync(documents), Buffer.from('{"body":{},"id":"x-1","salt":"0"}\n{"bo')]),
    );
    expect(await verifyLedger(crashed)).toMatchObject({ findings: [], records: 30, isReplayable: true });

    // Beyond the checkpoint only the chain can tell; it cannot for the very last record's own bytes.
    const lines = whole.toString('latin1').split('\n');
    const offset = Buffer.byteLength(lines.slice(0, 25).join('\n'), 'latin1') + 40;
    flipByte(records, offset);
    expect(namedFiles((await verifyLedger(crashed)).findings)).toEqual(['ledger/records/000000.jsonl']);
  });

  it('between tiles and checkpoint, and with temporaries of files that were being replaced', async () => {
    const data = join(root, 'between');
    const ledger = await openLedger(data);
    await ledger.appendAll(notesOf(43));
    await ledger.checkpoint();
    const former = readFileSync(join(data, 'ledger/checkpoint'));
    await ledger.appendAll(notesOf(250));
    await ledger.close();
    const crashed = copyLedger(data);
    writeFileSync(join(crashed, 'ledger/checkpoint'), former);
    for (const file of ['checkpoint', 'keys/log.vkey', 'tile/0/000', 'tile/entries/001.p/99']) {
      writeFileSync(join(crashed, 'ledger', `${file}.new`), 'half');
    }
    expect((await verifyLedger(crashed)).findings).toEqual([]);
    // Tiles beyond the checkpoint are judged all the same.
    flipByte(join(crashed, 'ledger/tile/entries/001.p/38'), 50);
    expect(namedFiles((await verifyLedger(crashed)).findings)).toEqual(['ledger/tile/entries/001.p/38']);
  });

  it('before the first checkpoint, but a checkpoint that is gone is one', async () => {
    const data = join(root, 'young');
    const ledger = await openLedger(data);
    await ledger.appendAll(notesOf(3));
    expect((await verifyLedger(data)).findings).toEqual([]);
    await ledger.close();
    rmSync(join(data, 'ledger/checkpoint'));
    expect(namedFiles((await verifyLedger(data)).findings)).toEqual(['ledger/checkpoint']);
    writeFileSync(join(data, 'ledger/checkpoint.new'), 'half');
    expect((await verifyLedger(data)).findings).toEqual([]);
  });
});

it('a lawfully erased document is fine only with the record that says so', async () => {
  const data = join(root, 'erased');
  const ledger = await openLedger(data);
  await ledger.appendAll(notesOf(6));
  const actor = { kind: 'system', id: 'test' } as const;
  const path = join(data, 'ledger/documents/000000.jsonl');
  const lines = readFileSync(path, 'utf8').split('\n');
  const { id } = JSON.parse(lines[2] as string);
  const body = { deletion: 'e-1', kind: 'clip', clips: [], documents: [id] };
  const { record } = await ledger.append({ type: 'deletion-approved', actor, body });
  await ledger.close();
  const erase = (by: number): void => {
    const text = JSON.stringify({ erasedBy: by, id }).padEnd(lines[2]?.length ?? 0);
    writeFileSync(path, lines.with(2, text).join('\n'));
  };
  erase(record.seq);
  expect(await verifyLedger(data)).toMatchObject({ findings: [], isReplayable: true });
  erase(record.seq - 1);
  expect((await verifyLedger(data)).findings).toMatchObject([
    { code: 'document-altered', file: 'ledger/documents/000000.jsonl' },
  ]);
});
