/**
 * Goal: whatever single system call kills or fails while news of cases are taken or a reviewer ticks, each record is
 * there as a whole or not at all, the same message afterwards brings the rest, nothing is told that is not so, and fsck
 * has no finding. `scripts/test` tries some moments, `scripts/lab faults` every one (EVIDOCK_FAULTS=all).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { FaultPoint } from '../support/call-faults.ts';
import { jsonLines } from '../support/cli.ts';
import { FaultBench, testFaults } from '../support/fault-bench.ts';
import { recordsOf } from '../support/store-check.ts';

const bench = new FaultBench();
const { data } = bench;
const news = join(bench.folder, 'news.json');
/** The documents of one record, and some more. */
const first = 100;
const all = 150;

const caseOf = (number: number, status: string) => ({
  case_number: `${number}号`,
  external_key: `K${number}`,
  unit: '一大队',
  started_at: '2026-03-10',
  ended_at: null,
  officers: ['1001', '1002'],
  status,
  acts: [{ act: '询问', from: '2026-03-10 09:30' }],
});
const message = (status: string): string => JSON.stringify(Array.from({ length: all }, (_, at) => caseOf(at, status)));

beforeAll(async () => {
  mkdirSync(data);
  writeFileSync(news, message('办理中'));
  expect((await bench.run('cases', 'update', news)).code).toBe(0);
  writeFileSync(news, message('已决定'));
  bench.keep();
});
afterAll(() => bench.end());

async function decided(): Promise<number> {
  const { stdout } = await bench.run('cases', '--json');
  return jsonLines(stdout).filter(({ status }) => status === '已决定').length;
}

const updating: readonly FaultPoint[] = [
  { call: 'fdatasync', most: 12, kills: [2, 5], errors: [3] },
  { call: 'write', most: 4, kills: [1, 2], errors: [2], path: 'ledger/records/000000.jsonl' },
  { call: 'write', most: 4, kills: [2], errors: [1], path: 'ledger/documents/000000.jsonl' },
  { call: 'pwrite64', most: 60, kills: [20], errors: [30] },
];

describe('news of cases that are interrupted at one system call are there by whole records', () => {
  testFaults(updating, async (fault) => {
    bench.begin();
    const said = await bench.withFault(['cases', 'update', news, '--json'], fault);
    const known = await decided();
    expect([0, first, all]).toContain(known);
    if (said.stdout.includes('"updated"')) expect(known).toBe(all);
    const again = await bench.run('cases', 'update', news, '--json');
    expect(again.code, again.stderr).toBe(0);
    expect((JSON.parse(again.stdout) as { changed: unknown[] }).changed).toHaveLength(all - known);
    expect(await decided()).toBe(all);
    expect(await bench.findings()).toEqual([]);
  });
});

const ticking: readonly FaultPoint[] = [
  { call: 'fdatasync', most: 6, kills: [2], errors: [2] },
  { call: 'write', most: 3, kills: [1], errors: [1], path: 'ledger/records/000000.jsonl' },
];

describe('a tick that is interrupted at one system call is there or never was', () => {
  testFaults(ticking, async (fault) => {
    bench.begin();
    const words = ['--act', 'inquiry', '--tick', 'recording-announced=yes', '--reviewer', '赵六', '--json'];
    const said = await bench.withFault(['cases', 'review', '7号', ...words], fault);
    const { stdout } = await bench.run('cases', 'check', '7号', '--json');
    const isThere = recordsOf(data).some(({ type }) => type === 'act-reviewed');
    expect((JSON.parse(stdout) as { reviews: unknown[] }).reviews).toHaveLength(isThere ? 1 : 0);
    if (said.stdout.includes('"reviewed"')) expect(isThere).toBe(true);
    expect(await bench.findings()).toEqual([]);
  });
});
