/**
 * Goal: whatever single system call kills or fails while a roster is imported, undone or answered about, it is there as
 * a whole or not at all, nothing is told that is not so, and fsck has no finding. `scripts/test` tries some moments,
 * `scripts/lab faults` every one (EVIDOCK_FAULTS=all).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { FaultPoint } from '../support/call-faults.ts';
import { FaultBench, testFaults } from '../support/fault-bench.ts';
import { recordsOf } from '../support/store-check.ts';

const bench = new FaultBench();
const { data } = bench;
const file = (name: string): string => join(bench.folder, `${name}.csv`);
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
  const taken = await bench.run('roster', 'import', file('first'), '--effective', '2026-01-01', '--json');
  first = (JSON.parse(taken.stdout) as { import: string }).import;
  bench.keep();
});
afterAll(() => bench.end());

const importing: readonly FaultPoint[] = [
  { call: 'openat', most: 12, kills: [1], errors: [], path: 'imports' },
  { call: 'link', most: 4, kills: [1], errors: [1] },
  { call: 'fsync', most: 12, kills: [2], errors: [] },
  { call: 'fdatasync', most: 14, kills: [6], errors: [4] },
  { call: 'write', most: 6, kills: [1, 3], errors: [2], path: 'ledger/records/000000.jsonl' },
  { call: 'write', most: 4, kills: [2], errors: [2], path: 'ledger/documents/000000.jsonl' },
  { call: 'pwrite64', most: 60, kills: [20], errors: [] },
];

const importSecond = ['roster', 'import', file('second'), '--effective', '2026-02-01', '--json'];

/** What a next import of the same file would change tells whether the first try is there. */
async function changesLeft(): Promise<number> {
  const compared = await bench.run(...importSecond, '--dry-run');
  expect(compared.code, compared.stderr).toBe(0);
  return (JSON.parse(compared.stdout) as { changed: unknown[] }).changed.length;
}

describe('an import that is interrupted at one system call is there as a whole or not at all', () => {
  testFaults(importing, async (fault) => {
    bench.begin();
    const said = await bench.withFault(importSecond, fault);
    const left = await changesLeft();
    const isThere = recordsOf(data).filter(({ type }) => type === 'import-ended').length === 2;
    expect(left).toBe(isThere ? 0 : officers - 2);
    if (said.stdout.includes('"imported"')) expect(isThere).toBe(true);
    const asked = await bench.run('roster', 'questions', '--json');
    expect(asked.stdout.trim().split('\n').filter(Boolean)).toHaveLength(isThere ? 2 : 0);
    expect(await bench.findings()).toEqual([]);
  });
});

const single: readonly FaultPoint[] = [
  { call: 'fdatasync', most: 6, kills: [2], errors: [2] },
  { call: 'write', most: 3, kills: [1], errors: [1], path: 'ledger/records/000000.jsonl' },
];

describe('an undo that is interrupted at one system call is there or never was', () => {
  testFaults(single, async (fault) => {
    bench.begin();
    const said = await bench.withFault(['imports', 'undo', first, '--reason', 'x'], fault);
    const status = await bench.run('roster', 'status', '--json');
    const isUndone = recordsOf(data).some(({ type }) => type === 'import-undone');
    expect(JSON.parse(status.stdout)).toMatchObject({ certificates: isUndone ? 0 : officers });
    if (said.code === 0) expect(isUndone).toBe(true);
    expect(await bench.findings()).toEqual([]);
  });
});
