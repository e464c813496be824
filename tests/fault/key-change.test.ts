/**
 * Goal: whatever single system call kills or fails while keys are changed, afterwards the old log goes on or the new one
 * has begun, the record that says so is there once, every command works, and fsck has no finding.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { FaultPoint } from '../support/call-faults.ts';
import { runFsck } from '../support/checked-store.ts';
import { jsonLines } from '../support/cli.ts';
import { FaultBench, testFaults } from '../support/fault-bench.ts';
import { recordsOf } from '../support/store-check.ts';

const bench = new FaultBench();
const { data } = bench;
const cardOf = (name: string): string => join(bench.folder, name);

beforeAll(async () => {
  for (const name of ['card', 'next']) {
    mkdirSync(cardOf(name));
    writeFileSync(join(cardOf(name), 'clip.mp4'), Buffer.alloc(5000, name));
  }
  expect((await bench.run('ingest', cardOf('card'))).code).toBe(0);
  bench.keep();
});
afterAll(() => bench.end());

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

const change = ['keys', 'change', '--approved-by', '李四', '--json'];

describe('a change of keys that is interrupted at one system call was made or never was', () => {
  testFaults(changing, async (fault) => {
    bench.begin();
    const said = await bench.withFault(change, fault);
    expect((await runFsck(data)).findings.filter(({ file }) => !file.startsWith('registry'))).toEqual([]);
    // The next command, whichever it is, goes on; an open alarm would refuse it.
    const next = await bench.run('ingest', cardOf('next'));
    expect(next.code, next.stderr).toBe(0);
    const types = recordsOf(data).map(({ type }) => type);
    const logs = existsSync(join(data, 'ledger/logs')) ? readdirSync(join(data, 'ledger/logs')) : [];
    const isClosed = types.includes('log-closed');
    expect(types.filter((type) => type === 'log-closed' || type === 'log-continued')).toEqual(
      isClosed ? ['log-closed', 'log-continued'] : [],
    );
    expect(logs.filter((name) => name === '1')).toHaveLength(isClosed ? 1 : 0);
    if (said.code === 0) expect(isClosed).toBe(true);
    expect(await bench.findings()).toEqual([]);
    // And again, whatever was left of the first try.
    const again = await bench.run(...change);
    expect(again.code, again.stderr).toBe(0);
    expect(jsonLines(again.stdout)[0]?.logs).toHaveLength(isClosed ? 3 : 2);
    expect(await bench.findings()).toEqual([]);
  });
});
