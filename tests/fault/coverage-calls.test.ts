/**
 * Goal: whatever single system call kills or fails while a report is handed in or earlier figures are imported, a report
 * that was told is in the ledger with the digests of its files, what was not told is nowhere or whole, and fsck has no
 * finding. `scripts/test` tries some moments, `scripts/lab faults` every one (EVIDOCK_FAULTS=all).
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { FaultPoint } from '../support/call-faults.ts';
import { checkout, removeFolder } from '../support/disk-folder.ts';
import { FaultBench, testFaults } from '../support/fault-bench.ts';
import { recordsOf } from '../support/store-check.ts';

const bench = new FaultBench();
const { data } = bench;
const out = join(bench.folder, 'out');
const table = join(bench.folder, 'earlier.csv');

beforeAll(async () => {
  mkdirSync(data);
  for (const [kind, file] of [
    ['roster', 'roster'],
    ['recorders', 'recorders'],
    ['assignments', 'assignments'],
  ] as const) {
    const csv = join(checkout, `fixtures/people/${file}.csv`);
    const imported = await bench.run(kind, 'import', csv, '--effective', '2025-01-01');
    expect(imported.code, imported.stderr).toBe(0);
  }
  writeFileSync(table, '年度,口径,单位,应配人数,已配人数,来源文件\n2023,ministry,,120,60,年报\n');
  bench.keep();
});
afterAll(() => bench.end());

const points: readonly FaultPoint[] = [
  { call: 'mkdir', most: 6, kills: [], errors: [1] },
  { call: 'fdatasync', most: 8, kills: [2], errors: [1] },
  { call: 'fsync', most: 12, kills: [3], errors: [] },
  { call: 'link', most: 5, kills: [1], errors: [] },
  { call: 'write', most: 4, kills: [1], errors: [1], path: 'ledger/records/000000.jsonl' },
];
const reports = () => recordsOf(data).filter(({ type }) => type === 'coverage-reported');
const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('a report that is interrupted at one system call is in the ledger, or was never handed in', () => {
  testFaults(points, async (fault) => {
    bench.begin();
    removeFolder(out);
    const words = ['coverage', 'report', '--month', '2026-10', '--handed-in-by', 'x', '--out', out, '--json'];
    const said = await bench.withFault(words, fault);
    if (said.stdout.includes('"reported"')) expect(reports()).toHaveLength(1);
    // A file that is there is whole: its digest is the record's.
    const files = (reports()[0]?.body.files ?? []) as { name: string; sha256: string }[];
    const digests = new Map(files.map((file) => [file.name, file.sha256]));
    for (const name of ['figures.json', 'list.csv', 'report.xlsx', 'report.html']) {
      if (existsSync(join(out, name))) expect(sha256(join(out, name))).toBe(digests.get(name));
    }
    expect(await bench.findings()).toEqual([]);
    const listed = await bench.run('coverage', 'report', 'list', '--json');
    expect(listed.stdout.split('\n').filter(Boolean)).toHaveLength(reports().length);
  });
});

describe('earlier figures whose import is interrupted are taken whole or not at all', () => {
  testFaults(points, async (fault) => {
    bench.begin();
    const said = await bench.withFault(['coverage', 'baseline', 'import', table, '--json'], fault);
    const taken = recordsOf(data).filter(({ type }) => type === 'coverage-baseline-imported').length;
    if (said.stdout.includes('"imported"')) expect(taken).toBe(1);
    expect(await bench.findings()).toEqual([]);
    const listed = await bench.run('coverage', 'baseline', 'list', '--json');
    expect(listed.stdout.split('\n').filter(Boolean)).toHaveLength(taken);
  });
});
