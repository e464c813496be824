/**
 * Goal: whatever single system call kills or fails while a mirror is copied or a clip is lawfully deleted, the records
 * claim nothing that is not so, the same work is finished afterwards, and fsck has no finding. `scripts/test` tries
 * some moments, `scripts/lab faults` every one (EVIDOCK_FAULTS=all).
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { verifyLedger } from '../../src/ledger/ledger-verification.ts';
import type { FaultPoint } from '../support/call-faults.ts';
import { filesOf } from '../support/checked-store.ts';
import { FaultBench, testFaults } from '../support/fault-bench.ts';
import { recordsOf } from '../support/store-check.ts';

const bench = new FaultBench('disk');
const { data } = bench;
const mirror = join(bench.folder, 'disk');
const documents = 'ledger/documents/000000.jsonl';
const consent = ['--rule', 'r', '--reason', 'x', '--requested-by', 'a', '--approved-by', 'b'];
let clip: string;
let original: string;

beforeAll(async () => {
  const card = join(bench.folder, 'card');
  for (const name of [card, data, mirror]) mkdirSync(name);
  writeFileSync(join(data, 'config.yaml'), `vault:\n  mirrors: ['${mirror}']\n`);
  for (const [at, bytes] of [900, 9000, 300_000].entries())
    writeFileSync(join(card, `${at}.mp4`), Buffer.alloc(bytes, at + 1));
  await bench.run('ingest', card);
  await bench.run('mirrors', 'add', mirror);
  bench.keep('empty mirror');
  expect((await bench.run('mirrors', 'sync')).code).toBe(0);
  bench.keep('full mirror');
  const known = (await bench.clips()).find(({ bytes }) => bytes === 9000);
  clip = known?.clip as string;
  original = `vault/originals/${known?.sha256?.slice(0, 2)}/${known?.sha256}`;
});

afterAll(() => bench.end());

const copying: readonly FaultPoint[] = [
  { call: 'mkdir', most: 40, kills: [], errors: [] },
  { call: 'fsync', most: 60, kills: [], errors: [34] },
  { call: 'fdatasync', most: 20, kills: [8], errors: [10] },
  { call: 'link', most: 12, kills: [3], errors: [] },
  { call: 'rename', most: 20, kills: [], errors: [] },
  { call: 'unlink', most: 40, kills: [], errors: [] },
  { call: 'pwrite64', most: 60, kills: [], errors: [12] },
  { call: 'write', most: 8, kills: [1], errors: [1], path: 'ledger/records/000000.jsonl' },
];

const deleting: readonly FaultPoint[] = [
  { call: 'unlink', most: 20, kills: [5], errors: [] },
  { call: 'fsync', most: 30, kills: [], errors: [10] },
  { call: 'fdatasync', most: 16, kills: [5], errors: [] },
  { call: 'pwrite64', most: 4, kills: [2], errors: [1], path: documents },
  { call: 'write', most: 6, kills: [1], errors: [1], path: 'ledger/records/000000.jsonl' },
  { call: 'rename', most: 8, kills: [2], errors: [] },
];

const digestOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Every copy that a record speaks of is there and is what it must be, but for what was lawfully deleted since. */
function expectTrueCopies(): void {
  const claimed = recordsOf(data)
    .filter(({ type }) => type === 'original-mirrored')
    .flatMap(({ body }) => body.originals as string[]);
  for (const sha256 of claimed) {
    if (!existsSync(join(data, `vault/originals/${sha256.slice(0, 2)}/${sha256}`))) continue;
    expect(digestOf(join(mirror, `vault/originals/${sha256.slice(0, 2)}/${sha256}`))).toBe(sha256);
  }
}

async function expectFinishedMirror(): Promise<void> {
  const next = await bench.run('mirrors', 'sync', '--json');
  expect(next.code, next.stdout + next.stderr).toBe(0);
  expectTrueCopies();
  expect(filesOf(mirror, 'vault/originals')).toEqual(filesOf(data, 'vault/originals'));
  expect(readdirSync(join(mirror, 'vault/incoming'))).toEqual([]);
  const id = recordsOf(data).find(({ type }) => type === 'mirror-added')?.body.mirror as string;
  expect((await verifyLedger(mirror, { place: id })).findings).toEqual([]);
  expect(await bench.findings()).toEqual([]);
}

describe('a mirror whose copying is interrupted at one system call is finished by the next', () => {
  testFaults(copying, async (fault) => {
    bench.begin('empty mirror');
    await bench.withFault(['mirrors', 'sync', '--json'], fault);
    expectTrueCopies();
    await expectFinishedMirror();
  });
});

describe('a deletion that is interrupted at one system call is carried out or never was', () => {
  testFaults(deleting, async (fault) => {
    bench.begin('full mirror');
    const said = await bench.withFault(['delete', 'clip', clip, ...consent, '--json'], fault);
    // The next command, whichever it is, goes on.
    const listed = (await bench.clips()).map((line) => line.clip);
    const isApproved = recordsOf(data).some(({ type }) => type === 'deletion-approved');
    if (said.stdout.includes('"deleted"')) expect(isApproved).toBe(true);
    expect(listed.includes(clip)).toBe(!isApproved);
    expect(existsSync(join(data, original))).toBe(!isApproved);
    expect(readFileSync(join(data, documents), 'utf8').includes('erasedBy')).toBe(isApproved);
    expect(existsSync(join(data, 'erasing.json'))).toBe(false);
    await expectFinishedMirror();
    expect(existsSync(join(mirror, original))).toBe(!isApproved);
    expect(recordsOf(data).filter(({ type }) => type === 'deletion-carried-out')).toHaveLength(isApproved ? 2 : 0);
  });
});
