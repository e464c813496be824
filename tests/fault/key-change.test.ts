/**
 * Goal: whatever single system call kills or fails while keys are changed, afterwards the old log goes on or the new one
 * has begun, the record that says so is there once, every command works, and fsck has no finding.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CallFault, type FaultPoint, faultName, faultsOf, straceWords } from '../support/call-faults.ts';
import { runFsck } from '../support/checked-store.ts';
import { type CliResult, evidock, ingest, jsonLines, startEvidock } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { recordsOf } from '../support/store-check.ts';

const folder = makeDiskFolder();
const data = join(folder, 'data');
const template = join(folder, 'template');

beforeAll(async () => {
  for (const name of ['card', 'next']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'clip.mp4'), Buffer.alloc(5000, name));
  }
  expect((await ingest(join(folder, 'card'), template)).code).toBe(0);
});

afterAll(() => removeFolder(folder));

const changing: readonly FaultPoint[] = [
  { call: 'mkdir', most: 24, kills: [], errors: [6] },
  { call: 'link', most: 7, kills: [2], errors: [] },
  { call: 'unlink', most: 25, kills: [], errors: [] },
  { call: 'rename', most: 9, kills: [3, 8, 9], errors: [8] },
  { call: 'fdatasync', most: 17, kills: [], errors: [4] },
  { call: 'fsync', most: 36, kills: [], errors: [22] },
  { call: 'write', most: 1, kills: [1], errors: [1], path: 'ledger/records/000000.jsonl' },
  { call: 'write', most: 1, kills: [], errors: [], path: 'ledger/documents/000000.jsonl' },
];

const change = (fault: CallFault): Promise<CliResult> =>
  startEvidock(['keys', 'change', '--approved-by', '李四', '--data', data, '--json'], {
    env: { UV_THREADPOOL_SIZE: '1' },
    before: straceWords(fault, data),
  }).result;

describe('a change of keys that is interrupted at one system call was made or never was', () => {
  for (const fault of [...faultsOf(changing, 'KILL'), ...faultsOf(changing, 'EIO')]) {
    test(faultName(fault), async () => {
      removeFolder(data);
      cpSync(template, data, { recursive: true });
      const said = await change(fault);
      expect((await runFsck(data)).findings.filter(({ file }) => !file.startsWith('registry'))).toEqual([]);
      // The next command, whichever it is, goes on; an open alarm would refuse it.
      const next = await ingest(join(folder, 'next'), data);
      expect(next.code, next.stderr).toBe(0);
      const types = recordsOf(data).map(({ type }) => type);
      const logs = existsSync(join(data, 'ledger/logs')) ? readdirSync(join(data, 'ledger/logs')) : [];
      const isClosed = types.includes('log-closed');
      expect(types.filter((type) => type === 'log-closed' || type === 'log-continued')).toEqual(
        isClosed ? ['log-closed', 'log-continued'] : [],
      );
      expect(logs.filter((name) => name === '1')).toHaveLength(isClosed ? 1 : 0);
      if (said.code === 0) expect(isClosed).toBe(true);
      expect((await runFsck(data)).findings).toEqual([]);
      // And again, whatever was left of the first try.
      const again = await evidock(['keys', 'change', '--approved-by', '李四', '--data', data, '--json']);
      expect(again.code, again.stderr).toBe(0);
      expect(jsonLines(again.stdout)[0]?.logs).toHaveLength(isClosed ? 3 : 2);
      expect((await runFsck(data)).findings).toEqual([]);
    });
  }
});
