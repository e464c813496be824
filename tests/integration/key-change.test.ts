/**
 * Goal: after any number of changes of keys the ledger is one ledger: every record is proved in its log, each log
 * leads to the next, what is damaged is named, and a log that was set back or taken away is noticed at start.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  parseTlogProof,
  tlogProofText,
  verifySigsumProof,
  verifyTlogProof,
} from '../../src/formats/inclusion-proofs.ts';
import { sigsumProofText } from '../../src/formats/sigsum-text.ts';
import { eraseDocuments } from '../../src/ledger/document-erasure.ts';
import { readExactLines } from '../../src/ledger/exact-lines.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { verifyLedger } from '../../src/ledger/ledger-verification.ts';
import { LogProofs } from '../../src/ledger/log-proofs.ts';
import { drawOffsets, filesOf, flipByte, namedFiles } from '../support/checked-store.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { notesOf, openNotesLedger } from '../support/notes-ledger.ts';
import { seededRandom } from '../support/random.ts';
import { logFolders, recordsOf } from '../support/store-check.ts';

const random = seededRandom('key-change');
const folder = makeDiskFolder();
afterAll(() => removeFolder(folder));

const open = (data: string): Promise<Ledger> => openNotesLedger(data, random);
const change = (ledger: Ledger, reason: 'routine' | 'compromised' = 'routine'): Promise<void> =>
  ledger.changeKeys({
    actor: { kind: 'person', id: 'os-user:0' },
    reason,
    document: { id: `x-${random.bytes(10).toString('hex')}` as never, body: { approvedBy: '李四', reason: null } },
    cosign: async () => undefined,
  });

async function append(ledger: Ledger, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 200) await ledger.appendAll(notesOf(Math.min(200, left)));
}

let copies = 0;

/** A data folder with logs of so many notes each. */
async function makeLedger(...notes: number[]): Promise<string> {
  copies += 1;
  const data = join(folder, `made-${copies}`);
  const ledger = await open(data);
  for (const [at, count] of notes.entries()) {
    if (at > 0) await change(ledger);
    await append(ledger, count);
  }
  await ledger.close();
  return data;
}

function copyOf(data: string): string {
  copies += 1;
  const copy = join(folder, `copy-${copies}`);
  cpSync(data, copy, { recursive: true });
  return copy;
}

const findingsOf = async (data: string) => (await verifyLedger(data)).findings;

describe('a ledger after changes of its keys', () => {
  it('goes on counting, chains over the logs, and proves every record in its log', async () => {
    const data = await makeLedger(30, 0, 600, 1);
    const ledger = await open(data);
    const records = recordsOf(data);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, at) => at));
    expect(ledger.size).toBe(records.length);
    expect(ledger.logs.logs.map(({ firstSequence, size }) => [firstSequence, size])).toEqual([
      [0, 32],
      [32, 2],
      [34, 602],
      [636, 2],
    ]);
    const replayed = [];
    for await (const { record } of ledger.replay(31)) replayed.push(record.seq);
    expect(replayed).toEqual(records.slice(31).map(({ seq }) => seq));
    const proofs = new LogProofs({ dataFolder: data, logs: () => ledger.logs, witnessKeys: [] });
    for (const exact of await readExactLines(
      ledger.logs,
      records.map(({ seq }) => seq),
    )) {
      const { log, source, index } = proofs.placeOf(exact.record.seq);
      const head = await source.headFor(index);
      if (head === undefined) throw new Error('no head');
      expect(head.size).toBe(log.size);
      const tiles = source.tiles(head.size);
      const leaf = await source.leaf(tiles, index);
      const path = await source.inclusionPath(tiles, index, head.size);
      const inclusion = { index, path };
      const sigsum = sigsumProofText({ logKey: log.logKey, leaf, head, inclusion });
      expect(verifySigsumProof(sigsum, exact.line, log)).toMatchObject({ index: BigInt(index) });
      const tlog = parseTlogProof(tlogProofText({ leaf, record: exact.line, note: head.note, ...inclusion }));
      expect(tlog && verifyTlogProof(tlog, log)).toMatchObject({ index: BigInt(index) });
    }
    await ledger.close();
    expect(await findingsOf(data)).toEqual([]);
  });

  it('each log begins with the last checkpoint of the one before, which names its keys', async () => {
    const data = await makeLedger(3, 4);
    const records = recordsOf(data);
    const [closing, first] = [records[4], records[5]];
    expect([closing?.type, first?.type]).toEqual(['log-closed', 'log-continued']);
    const continues = first?.body.continues as { [name: string]: unknown };
    expect(continues.checkpoint).toBe(readFileSync(join(data, 'ledger/checkpoint'), 'utf8'));
    expect(continues).toMatchObject({ log: 0, size: 5, reason: 'routine' });
    expect(closing?.body).toMatchObject({ logKey: first?.body.logKey, leafKey: first?.body.leafKey, log: 0 });
    expect(JSON.stringify(records)).not.toContain('李四');
    expect(readdirSync(join(data, 'keys')).filter((name) => /^(log|leaf)-[0-9a-f]{16}\.pem$/.test(name))).toHaveLength(
      2,
    );
  });

  it('a head is known for every size, also of logs that have ended', async () => {
    const data = await makeLedger(3);
    const ledger = await open(data);
    const before = await ledger.headAt(3);
    await change(ledger);
    expect(await ledger.headAt(3)).toEqual(before);
    expect((await ledger.headAt(5)).size).toBe(5);
    expect((await ledger.headAt(6)).size).toBe(1);
    await expect(ledger.headAt(7)).rejects.toThrow(RangeError);
    await ledger.close();
    const again = await open(data);
    expect(await again.headAt(3)).toEqual(before);
    await again.close();
  });

  it('segments are those of each log, over their ends', async () => {
    const data = await makeLedger(4096, 4100);
    expect(logFolders(data).map((log) => readdirSync(join(log, 'records')))).toEqual([
      ['000000.jsonl', '000001.jsonl'],
      ['000000.jsonl', '000001.jsonl'],
    ]);
    expect(await findingsOf(data)).toEqual([]);
    const ledger = await open(data);
    await append(ledger, 10);
    await ledger.close();
    expect(await findingsOf(data)).toEqual([]);
  });

  it('whoever appends during a change waits, and stands in one log or the other', async () => {
    const data = await makeLedger(1);
    const ledger = await open(data);
    const appended = Array.from({ length: 20 }, (_, at) => (at === 10 ? change(ledger) : append(ledger, 3)));
    await Promise.all(appended);
    await ledger.close();
    expect(recordsOf(data).filter(({ type }) => type === 'note')).toHaveLength(1 + 19 * 3);
    expect(await findingsOf(data)).toEqual([]);
  });

  it('a document of a log that has ended is overwritten, and nothing else changes', async () => {
    const data = await makeLedger(5, 5);
    const before = readFileSync(join(data, 'ledger/logs/1/documents/000000.jsonl'));
    const named = recordsOf(data)[2]?.documents?.[0]?.id as never;
    const ledger = await open(data);
    const { record } = await ledger.append({
      type: 'deletion-approved',
      actor: { kind: 'system', id: 'test' },
      body: { deletion: 'd-1', documents: [named], clips: [] },
    });
    await eraseDocuments(data, new Set([named]), record.seq);
    await ledger.close();
    expect(readFileSync(join(data, 'ledger/logs/1/documents/000000.jsonl'))).toEqual(before);
    expect(readFileSync(join(data, 'ledger/documents/000000.jsonl'), 'utf8')).toContain(`{"erasedBy":${record.seq}`);
    expect(await findingsOf(data)).toEqual([]);
  });
});

describe('what is wrong is named', () => {
  let data: string;
  beforeAll(async () => {
    data = await makeLedger(300, 20, 20);
  });

  it('one flipped byte of any file of any log names that file and no other', async () => {
    const copy = copyOf(data);
    for (const file of filesOf(copy, 'ledger')) {
      const path = join(copy, file);
      for (const offset of drawOffsets(path, 2, random)) {
        const mend = flipByte(path, offset, 1 << Math.floor(random.next() * 8));
        const findings = await findingsOf(copy);
        expect(namedFiles(findings), `${file} at ${offset}: ${JSON.stringify(findings)}`).toEqual([file]);
        mend();
      }
    }
  }, 120_000);

  it.each(['ledger/checkpoint', 'ledger/records/000000.jsonl', 'ledger/keys/log.vkey', 'ledger/tile/0/001.p/46'])(
    'a file of a log that has ended is missing: %s',
    async (file) => {
      const copy = copyOf(data);
      rmSync(join(copy, file));
      expect(namedFiles(await findingsOf(copy))).toEqual([file]);
    },
  );

  it('a line less, a line more, half a line at the end of a log that has ended', async () => {
    const file = 'ledger/logs/1/records/000000.jsonl';
    const text = readFileSync(join(data, file), 'utf8');
    const lines = text.split('\n').slice(0, -1);
    for (const bad of [`${lines.slice(0, -1).join('\n')}\n`, `${text}${lines.at(-1)}\n`, `${text}{"v":1`]) {
      const copy = copyOf(data);
      writeFileSync(join(copy, file), bad);
      expect(namedFiles(await findingsOf(copy))).toEqual([file]);
      // Half a line hides no record: a start goes on, and fsck says it.
      if (bad.endsWith('\n')) await expect(open(copy)).rejects.toMatchObject({ code: 'ledger-altered' });
    }
  });

  it('an earlier checkpoint of a log that has ended, put back, is not its last one', async () => {
    const early = join(folder, 'early');
    const ledger = await open(early);
    await append(ledger, 4);
    const note = await ledger.checkpoint();
    await append(ledger, 4);
    await change(ledger);
    await ledger.close();
    writeFileSync(join(early, 'ledger/checkpoint'), note);
    expect(await findingsOf(early)).toMatchObject([{ code: 'checkpoint-altered', file: 'ledger/checkpoint' }]);
  });

  it('a log in the middle that is gone, and names that nobody gives', async () => {
    const copy = copyOf(data);
    renameSync(join(copy, 'ledger/logs/1'), join(copy, 'ledger/logs/one'));
    const findings = await findingsOf(copy);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'record-missing', file: 'ledger/logs/1' }));
    expect(findings).toContainEqual({ code: 'unexpected-file', file: 'ledger/logs/one' });
    await expect(open(copy)).rejects.toMatchObject({ code: 'ledger-altered' });
  });

  it('the log of another ledger in the place of the next one does not go on from here', async () => {
    const copy = copyOf(data);
    const other = await makeLedger(300, 20);
    rmSync(join(copy, 'ledger/logs'), { recursive: true });
    cpSync(join(other, 'ledger/logs'), join(copy, 'ledger/logs'), { recursive: true });
    const findings = await findingsOf(copy);
    expect(findings.map(({ code }) => code)).toContain('record-invalid');
    await expect(open(copy)).rejects.toMatchObject({ code: 'ledger-altered' });
  });
});

describe('at start', () => {
  const kindsOf = (ledger: Ledger): string[] => ledger.checkpoints.contradictions.map(({ kind }) => kind);

  it('a new log that was set back is noticed, and remembered until somebody has seen it', async () => {
    const data = await makeLedger(3, 2);
    const yesterday = copyOf(data);
    let ledger = await open(data);
    await append(ledger, 3);
    await ledger.close();
    rmSync(join(data, 'ledger'), { recursive: true });
    cpSync(join(yesterday, 'ledger'), join(data, 'ledger'), { recursive: true });
    for (let start = 0; start < 2; start += 1) {
      ledger = await open(data);
      expect(kindsOf(ledger)).toEqual(['ledger-rolled-back']);
      await ledger.close();
    }
    ledger = await open(data);
    await ledger.checkpoints.acceptContradictions();
    await ledger.close();
    ledger = await open(data);
    expect(kindsOf(ledger)).toEqual([]);
    await ledger.close();
  });

  it('the old log in the place of both is noticed, also as it was when it ended', async () => {
    const data = await makeLedger(3);
    const yesterday = copyOf(data);
    let ledger = await open(data);
    await change(ledger);
    await append(ledger, 3);
    await ledger.close();
    const ended = copyOf(data);
    rmSync(join(ended, 'ledger/logs'), { recursive: true });
    ledger = await open(ended);
    expect(kindsOf(ledger)).toEqual(['ledger-rolled-back']);
    await ledger.close();
    rmSync(join(data, 'ledger'), { recursive: true });
    cpSync(join(yesterday, 'ledger'), join(data, 'ledger'), { recursive: true });
    ledger = await open(data);
    expect(kindsOf(ledger)).toEqual(['ledger-rolled-back']);
    // Its keys are there still, so the alarm can be recorded, and after it keys can be changed again.
    await append(ledger, 1);
    await ledger.checkpoints.acceptContradictions();
    await change(ledger);
    await ledger.close();
    ledger = await open(data);
    expect(kindsOf(ledger)).toEqual([]);
    await ledger.close();
    expect(await findingsOf(data)).toEqual([]);
  });

  it('other records in a log that has ended stop the start', async () => {
    const data = await makeLedger(3, 2);
    const path = join(data, 'ledger/records/000000.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"number":', '"numbr":'));
    await expect(open(data)).rejects.toMatchObject({ code: 'ledger-altered' });
  });

  it('a change that was interrupted after the last record of the old log is brought to its end', async () => {
    const data = await makeLedger(3);
    let ledger = await open(data);
    await expect(
      ledger.changeKeys({
        actor: { kind: 'system', id: 'test' },
        reason: 'compromised',
        document: { id: 'x-1' as never, body: { approvedBy: 'b', reason: 'compromised' } },
        cosign: () => Promise.reject(new Error('the power goes')),
      }),
    ).rejects.toMatchObject({ code: 'ledger-failed' });
    await expect(append(ledger, 1)).rejects.toMatchObject({ code: 'ledger-failed' });
    await ledger.close().catch(() => undefined);
    expect(existsSync(join(data, 'ledger/logs'))).toBe(false);
    // What fsck sees in between is what a crash leaves.
    expect(await findingsOf(data)).toEqual([]);
    mkdirSync(join(data, 'ledger/logs/1.new/records'), { recursive: true });
    expect(await findingsOf(data)).toEqual([]);
    ledger = await open(data);
    expect(ledger.logs.logs.map(({ closed }) => closed)).toEqual(['compromised', undefined]);
    await append(ledger, 2);
    await ledger.close();
    expect(await findingsOf(data)).toEqual([]);
    expect(recordsOf(data).map(({ type }) => type)).toEqual([
      ...['ledger-opened', 'note', 'note', 'note', 'log-closed', 'log-continued', 'note', 'note'],
    ]);
  });

  it('secret keys of a log that has ended are not needed, those of the one that goes on are', async () => {
    const data = await makeLedger(3, 2);
    for (const name of ['log.pem', 'leaf.pem']) rmSync(join(data, 'keys', name));
    const ledger = await open(data);
    const hash = createHash('sha256').update(ledger.publicKeys.logKey).digest('hex').slice(0, 16);
    await ledger.close();
    rmSync(join(data, `keys/log-${hash}.pem`));
    await expect(open(data)).rejects.toMatchObject({ code: 'key-missing' });
  });
});
