/**
 * Goal: whatever single system call of an ingest kills the process or fails, nothing wrong is ever called sealed, the
 * end is clear, and the same command finishes the work afterwards. A slice of all points; `scripts/lab faults` goes
 * through every one (EVIDOCK_FAULTS=all).
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type CallFault,
  everyMoment,
  expectCame,
  type FaultPoint,
  faultName,
  faultsOf,
  ingestWithFault,
} from '../support/call-faults.ts';
import type { Ingested } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { ingestHere } from '../support/in-process.ts';
import { storeTroubles } from '../support/store-check.ts';

const folder = makeDiskFolder();
const source = join(folder, 'card');
const names = ['a.mp4', 'b.mp4', 'c-twin-of-b.mp4', 'd.mp4'];
const records = 'ledger/records/000000.jsonl';
const documents = 'ledger/documents/000000.jsonl';

beforeAll(() => {
  mkdirSync(source);
  const sizes = [3000, 300_000, 300_000, 70_000];
  for (const [at, name] of names.entries()) {
    writeFileSync(join(source, name), Buffer.alloc(sizes[at] ?? 0, name === 'a.mp4' ? 1 : sizes[at]));
  }
});

afterAll(() => removeFolder(folder));

const points: readonly FaultPoint[] = [
  { call: 'mkdir', most: 28, kills: [], errors: [13] },
  { call: 'fsync', most: 44, kills: [24], errors: [38] },
  { call: 'fdatasync', most: 32, kills: [9], errors: [14] },
  { call: 'link', most: 14, kills: [10], errors: [8] },
  { call: 'unlink', most: 32, kills: [17], errors: [] },
  { call: 'rename', most: 14, kills: [4], errors: [6] },
  { call: 'pwrite64', most: 230, kills: [], errors: [60] },
  { call: 'write', most: 26, kills: [3], errors: [9], path: records },
  { call: 'write', most: 20, kills: [2], errors: [2], path: documents },
  { call: 'ftruncate', most: 5, kills: [], errors: [1] },
  { call: 'fallocate', most: 1, kills: [], errors: [1] },
  { call: 'fchmod', most: 2, kills: [], errors: [] },
  { call: 'statfs', most: 6, kills: [], errors: [2] },
  { call: 'getdents64', most: 4, kills: [], errors: [] },
  { call: 'pread64', most: 2, kills: [], errors: [1], path: join(source, 'b.mp4') },
];

const twinDigest = createHash('sha256').update(Buffer.alloc(300_000, 300_000)).digest('hex');

const special: readonly CallFault[] = [
  // The block file of equal contents is placed and its original is not: the other one's must not be swept away.
  { call: 'mkdir', action: 'EIO', when: '1', path: `vault/originals/${twinDigest.slice(0, 2)}` },
  // From some moment on every call fails: a disk that is gone.
  { call: 'unlink', action: 'EIO', when: '13+' },
  { call: 'fsync', action: 'EIO', when: '24+' },
  { call: 'fdatasync', action: 'EIO', when: '12+' },
  { call: 'pwrite64', action: 'ENOSPC', when: '40+' },
  { call: 'link', action: 'ENOSPC', when: '8+' },
  { call: 'rename', action: 'EIO', when: '3+' },
  { call: 'write', action: 'ENOSPC', when: '6+', path: records },
];

const sealedOf = ({ lines }: Ingested) => lines.filter(({ event }) => event === 'sealed');

/** The same command without a fault finishes, and what was told as sealed is what it was. */
async function expectFinished(data: string, faulty: Ingested): Promise<void> {
  const next = await ingestHere(source, data);
  expect(next.code, next.stderr).toBe(0);
  expect(await storeTroubles(data)).toEqual([]);
  expect(next.lines.map(({ path }) => path).sort()).toEqual(names);
  for (const { path, clip, sha256 } of sealedOf(faulty)) {
    const known = next.lines.find((line) => line.path === path);
    expect([known?.event, known?.clip, known?.sha256], faulty.stdout).toEqual(['already-held', clip, sha256]);
  }
  removeFolder(data);
}

function expectClearEnd(faulty: Ingested): void {
  const { code, lines, stderr, stdout, ended } = faulty;
  expect([0, 1], `${stdout}${stderr}`).toContain(code);
  // One line a file: no file is both sealed and failed.
  expect(new Set(lines.map(({ pathHex }) => pathHex)).size, stdout).toBe(lines.length);
  if (code === 0) expect([sealedOf(faulty).length, ended?.sealed], stdout).toEqual([names.length, names.length]);
  const failed = lines.filter(({ event }) => event === 'failed' || event === 'refused');
  for (const { reason } of failed) expect(reason, stdout).toMatch(/^[a-z-]+$/);
  if (code === 1 && failed.length === 0) expect(stderr).toMatch(/^error \[[\w-]+\]: \S/m);
}

describe('an ingest killed at one system call is finished by the next', () => {
  for (const fault of faultsOf(points, 'KILL')) {
    test(faultName(fault), async () => {
      const data = join(folder, 'killed');
      const killed = await ingestWithFault({ source, data }, fault);
      expectCame(fault, killed);
      await expectFinished(data, killed);
    });
  }
});

describe('an ingest with one failing system call ends clearly and is finished by the next', () => {
  const full = everyMoment ? faultsOf(points, 'ENOSPC') : [];
  for (const fault of [...faultsOf(points, 'EIO'), ...special, ...full]) {
    test(faultName(fault), async () => {
      const data = join(folder, 'failed');
      const faulty = await ingestWithFault({ source, data }, fault);
      expectClearEnd(faulty);
      await expectFinished(data, faulty);
    });
  }
});
