/**
 * Goal: whatever single system call kills or fails while a month is handed out, and when it is cancelled, a folder that
 * has its name is whole and stands in the ledger by its digest, what was told is so, a failure or Ctrl-C leaves no file,
 * the same month can be asked again, and fsck has no finding. `scripts/test` tries some moments, `scripts/lab faults`
 * every one (EVIDOCK_FAULTS=all).
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExchangeManifest } from '../../src/reporting/exchange-files.ts';
import type { FaultPoint } from '../support/call-faults.ts';
import { startEvidock } from '../support/cli.ts';
import { checkout, removeFolder } from '../support/disk-folder.ts';
import { FaultBench, testFaults } from '../support/fault-bench.ts';
import { recordsOf } from '../support/store-check.ts';

const bench = new FaultBench();
const { data } = bench;
const out = join(bench.folder, 'out');
const part = `${out}.part`;
const words = ['exchange', '--month', '2026-02', '--out', out, '--json'];

beforeAll(async () => {
  mkdirSync(data);
  for (const [kind, file] of [
    ['roster', 'roster'],
    ['recorders', 'recorders'],
    ['assignments', 'assignments'],
  ] as const) {
    const csv = join(checkout, `fixtures/people/${file}.csv`);
    const { code, stderr } = await bench.run(kind, 'import', csv, '--effective', '2025-01-01');
    expect(code, stderr).toBe(0);
  }
  bench.keep();
});

afterAll(() => bench.end());

function begin(): void {
  for (const path of [out, part]) removeFolder(path);
  bench.begin();
}

const made = () => recordsOf(data).filter(({ type }) => type === 'exchange-made');
const digestOf = (file: string): string =>
  createHash('sha256')
    .update(readFileSync(join(out, file)))
    .digest('hex');

/** A folder that has its name is what the last record says, file by file. */
function expectWhole(): void {
  const manifest = JSON.parse(readFileSync(join(out, 'exchange.json'), 'utf8')) as ExchangeManifest;
  expect(made().at(-1)?.body.manifestSha256).toBe(digestOf('exchange.json'));
  for (const { name, sha256 } of manifest.files) expect(digestOf(name), name).toBe(sha256);
  expect(readdirSync(out).sort()).toEqual([...manifest.files.map(({ name }) => name), 'exchange.json'].sort());
}

/** The same month, asked again, is handed out; a folder that is there is never written into. */
async function expectAgain(): Promise<void> {
  if (existsSync(part)) {
    // Only a kill leaves it, and it is nobody's business but people's to say that nothing grows in it.
    expect((await bench.run(...words)).stderr).toContain('exchange-part-left');
    removeFolder(part);
  }
  const isThere = existsSync(out);
  const again = await bench.run(...words);
  if (isThere) expect(again.stderr).toContain('out-file-taken');
  else expect(again.code, again.stderr).toBe(0);
  expectWhole();
  expect(await bench.findings()).toEqual([]);
}

const points: readonly FaultPoint[] = [
  { call: 'mkdir', most: 1, kills: [], errors: [1], path: part },
  { call: 'fdatasync', most: 19, kills: [5], errors: [2, 15] },
  { call: 'fsync', most: 10, kills: [], errors: [2] },
  { call: 'write', most: 3, kills: [1], errors: [1], path: 'ledger/records/000000.jsonl' },
  { call: 'rename', most: 5, kills: [1], errors: [1] },
];

describe('a month whose files are interrupted at one system call is handed out whole, or not at all', () => {
  testFaults(points, async (fault) => {
    begin();
    const said = await bench.withFault(words, fault);
    if (said.stdout.includes('"exchange-made"')) expect([made().length, existsSync(out)]).toEqual([1, true]);
    if (existsSync(out)) expectWhole();
    if (fault.action !== 'KILL') expect(existsSync(part)).toBe(false);
    await expectAgain();
  });
});

test('cancelled by Ctrl-C it leaves no file and no record, and ends with 130', async () => {
  begin();
  // Each file takes a moment to reach the disk, so that there is something to interrupt.
  const slow = ['strace', '-f', '--seccomp-bpf', '-qqq', '-o', '/dev/null', '-e', 'trace=fdatasync'];
  const running = startEvidock([...words, '--data', data], {
    before: [...slow, '-e', 'inject=fdatasync:delay_enter=300000'],
  });
  let isOver = false;
  const result = running.result.finally(() => {
    isOver = true;
  });
  while (!isOver && !existsSync(join(part, 'officers.csv'))) await pause(5);
  // strace passes no signal on: its child is meant.
  const children = readFileSync(`/proc/${running.pid}/task/${running.pid}/children`, 'latin1').trim().split(' ');
  for (const child of children) process.kill(Number(child), 'SIGINT');
  const { code, stdout, stderr } = await result;
  expect([code, stdout]).toEqual([130, '']);
  expect(stderr).toContain('nothing is recorded');
  expect([existsSync(out), existsSync(part), made().length]).toEqual([false, false, 0]);
  await expectAgain();
});
