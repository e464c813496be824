/**
 * Goal: whatever single system call kills or fails while a roster is imported, undone or answered about, it is there as
 * a whole or not at all, nothing is told that is not so, and fsck has no finding. `scripts/test` tries some moments,
 * `scripts/lab faults` every one (EVIDOCK_FAULTS=all).
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CallFault, type FaultPoint, faultName, faultsOf, straceWords } from '../support/call-faults.ts';
import { runFsck } from '../support/checked-store.ts';
import { type CliResult, evidock, startEvidock } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { recordsOf } from '../support/store-check.ts';

const folder = makeDiskFolder();
const data = join(folder, 'data');
const template = join(folder, 'template');
const file = (name: string): string => join(folder, `${name}.csv`);
/** More than the documents of one record. */
const officers = 250;
let first: string;

const header = '执法证号,姓名,单位,单位编码,岗位,证件状态,有效期至';
const roster = (post: string, count: number): string =>
  [header, ...Array.from({ length: count }, (_, at) => `${1000 + at},张${at},一大队,U1,${post},有效,2030-12-31`)].join(
    '\n',
  );

beforeAll(async () => {
  mkdirSync(data);
  writeFileSync(file('first'), roster('路面执法', officers));
  writeFileSync(file('second'), roster('内勤', officers - 2));
  const taken = await evidock([
    'roster',
    'import',
    file('first'),
    '--data',
    data,
    '--effective',
    '2026-01-01',
    '--json',
  ]);
  first = (JSON.parse(taken.stdout) as { import: string }).import;
  cpSync(data, template, { recursive: true });
});

afterAll(() => removeFolder(folder));

function begin(): void {
  removeFolder(data);
  cpSync(template, data, { recursive: true });
}

const withFault = (words: readonly string[], fault: CallFault): Promise<CliResult> =>
  startEvidock([...words, '--data', data], {
    env: { UV_THREADPOOL_SIZE: '1' },
    before: straceWords(fault, data),
  }).result;

const importing: readonly FaultPoint[] = [
  { call: 'openat', most: 12, kills: [2], errors: [], path: 'imports' },
  { call: 'link', most: 4, kills: [1], errors: [1] },
  { call: 'fsync', most: 12, kills: [2], errors: [] },
  { call: 'fdatasync', most: 14, kills: [6], errors: [4] },
  { call: 'write', most: 6, kills: [1, 3], errors: [2], path: 'ledger/records/000000.jsonl' },
  { call: 'write', most: 4, kills: [2], errors: [2], path: 'ledger/documents/000000.jsonl' },
  { call: 'pwrite64', most: 60, kills: [20], errors: [] },
];

/** What a next import of the same file would change tells whether the first try is there. */
async function changesLeft(): Promise<number> {
  const words = [
    'roster',
    'import',
    file('second'),
    '--data',
    data,
    '--effective',
    '2026-02-01',
    '--dry-run',
    '--json',
  ];
  const compared = await evidock(words);
  expect(compared.code, compared.stderr).toBe(0);
  return (JSON.parse(compared.stdout) as { changed: unknown[] }).changed.length;
}

describe('an import that is interrupted at one system call is there as a whole or not at all', () => {
  for (const fault of [...faultsOf(importing, 'KILL'), ...faultsOf(importing, 'EIO')]) {
    test(faultName(fault), async () => {
      begin();
      const words = ['roster', 'import', file('second'), '--effective', '2026-02-01', '--json'];
      const said = await withFault(words, fault);
      const left = await changesLeft();
      const isThere = recordsOf(data).filter(({ type }) => type === 'import-ended').length === 2;
      expect(left).toBe(isThere ? 0 : officers - 2);
      if (said.stdout.includes('"imported"')) expect(isThere).toBe(true);
      const asked = await evidock(['roster', 'questions', '--data', data, '--json']);
      expect(asked.stdout.trim().split('\n').filter(Boolean)).toHaveLength(isThere ? 2 : 0);
      expect((await runFsck(data)).findings).toEqual([]);
    });
  }
});

const single: readonly FaultPoint[] = [
  { call: 'fdatasync', most: 6, kills: [2], errors: [2] },
  { call: 'write', most: 3, kills: [1], errors: [1], path: 'ledger/records/000000.jsonl' },
];

describe('an undo that is interrupted at one system call is there or never was', () => {
  for (const fault of [...faultsOf(single, 'KILL'), ...faultsOf(single, 'EIO')]) {
    test(faultName(fault), async () => {
      begin();
      const said = await withFault(['imports', 'undo', first, '--reason', 'x'], fault);
      const status = await evidock(['roster', 'status', '--data', data, '--json']);
      const isUndone = recordsOf(data).some(({ type }) => type === 'import-undone');
      expect(JSON.parse(status.stdout)).toMatchObject({ certificates: isUndone ? 0 : officers });
      if (said.code === 0) expect(isUndone).toBe(true);
      expect((await runFsck(data)).findings).toEqual([]);
    });
  }
});
