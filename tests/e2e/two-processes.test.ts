/**
 * Goal: one process owns a data folder. Others work through it, or say plainly who holds it; there are never two
 * writers, each file is sealed once, and whoever waits hears it when the owner dies.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evidock, type Ingested, ingest, ingested, jsonLines, type RunningCli, startEvidock } from '../support/cli.ts';
import { checkout, makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { clipsHere, ingestHere } from '../support/in-process.ts';
import { storeTroubles } from '../support/store-check.ts';

const fileCount = 20;
/** Long enough that the owner is still there when another process has started, on a busy machine too. */
const syncDelayMs = 120;
const folder = makeDiskFolder();
const source = join(folder, 'card');
const other = join(folder, 'other card');

beforeAll(() => {
  for (const at of [source, other]) {
    mkdirSync(at);
    // Equal contents in both folders meet in the vault.
    for (let file = 0; file < fileCount; file += 1)
      writeFileSync(join(at, `clip-${file}.mp4`), Buffer.alloc(20_000, file + 1));
  }
});

afterAll(() => removeFolder(folder));

/** An ingest that takes its time, because each of its syncs is slowed down; it owns the folder when this resolves. */
async function startSlowOwner(data: string): Promise<RunningCli & { readonly ownerPid: number }> {
  const slow = ['-e', 'trace=fdatasync', '-e', `inject=fdatasync:delay_enter=${syncDelayMs * 1000}`];
  const before = ['strace', '-f', '-qqq', '--seccomp-bpf', '-o', '/dev/null', ...slow];
  const running = startEvidock(['ingest', source, '--data', data, '--json'], { before });
  await running.printed('"event":"sealed"');
  return { ...running, ownerPid: JSON.parse(readFileSync(join(data, 'lock'), 'utf8')).pid };
}

const sealedPaths = (...results: readonly Ingested[]): string[] =>
  results.flatMap(({ lines }) => lines.filter(({ event }) => event === 'sealed').map(({ path }) => path)).sort();

const allPaths = Array.from({ length: fileCount }, (_, file) => `clip-${file}.mp4`).sort();

test('a second ingest works through the one that runs, says so, and no file is sealed twice', async () => {
  const data = join(folder, 'shared');
  const owner = await startSlowOwner(data);
  const [second, third] = await Promise.all([ingest(source, data), ingest(other, data)]);
  const first = ingested(await owner.result);
  expect([first.code, second.code, third.code], second.stderr + third.stderr).toEqual([0, 0, 0]);
  for (const { stderr } of [second, third]) expect(stderr).toContain(`${owner.ownerPid}`);
  expect(sealedPaths(first, second)).toEqual(allPaths);
  expect(sealedPaths(third)).toEqual(allPaths);
  for (const result of [first, second, third]) expect(result.lines).toHaveLength(fileCount);
  expect(await clipsHere(data)).toHaveLength(2 * fileCount);
  expect(await storeTroubles(data)).toEqual([]);
});

test('three ingests started at the same moment on a folder that is not there yet seal each file once', async () => {
  const data = join(folder, 'race');
  const results = await Promise.all([ingest(source, data), ingest(source, data), ingest(source, data)]);
  expect(
    results.map(({ code }) => code),
    results.map(({ stderr }) => stderr).join(''),
  ).toEqual([0, 0, 0]);
  expect(sealedPaths(...results)).toEqual(allPaths);
  expect(await storeTroubles(data)).toEqual([]);
});

test('reading commands work through the owner with the same results, and rebuild says who holds the folder', async () => {
  const data = join(folder, 'read');
  const owner = await startSlowOwner(data);
  const clips = await evidock(['clips', '--data', data, '--json']);
  expect([clips.code, clips.stderr]).toEqual([0, expect.stringContaining(`${owner.ownerPid}`)]);
  expect(jsonLines(clips.stdout).length).toBeGreaterThan(0);
  const note = await evidock(['checkpoint', '--data', data]);
  expect(note.code, note.stderr).toBe(0);
  expect(note.stdout).toMatch(/^sigsum\.org\/v1\/tree\/[0-9a-f]{64}\n\d+\n[\w+/=]+\n\n— \S+ \S+\n$/);
  const rebuild = await evidock(['rebuild', '--data', data]);
  expect([rebuild.code, rebuild.stdout]).toEqual([75, '']);
  expect(rebuild.stderr).toMatch(new RegExp(`\\[folder-in-use\\].*process ${owner.ownerPid} \\(ingest`));
  const first = ingested(await owner.result);
  expect([first.code, sealedPaths(first)]).toEqual([0, allPaths]);
  expect(await storeTroubles(data)).toEqual([]);
});

test('when the owner is killed the other one ends with 75 and says what to do, and the next run finishes', async () => {
  const data = join(folder, 'killed');
  const owner = await startSlowOwner(data);
  const waiting = startEvidock(['ingest', other, '--data', data, '--json']);
  await waiting.printed('"event":"sealed"');
  process.kill(owner.ownerPid, 'SIGKILL');
  const second = await waiting.result;
  expect([second.code, second.stderr]).toEqual([75, expect.stringContaining('[holder-gone]')]);
  const told = ingested(second).lines;
  await owner.result;
  const next = await ingestHere(other, data);
  expect(next.code, next.stderr).toBe(0);
  for (const { clip, path } of told) expect(next.lines.find((line) => line.path === path)?.clip).toBe(clip);
  expect((await ingestHere(source, data)).code).toBe(0);
  expect(await storeTroubles(data)).toEqual([]);
});

test('cancelling the second one ends it with 130 and leaves the owner at work', async () => {
  const data = join(folder, 'cancelled');
  const owner = await startSlowOwner(data);
  const waiting = startEvidock(['ingest', other, '--data', data, '--json']);
  await waiting.printed('"event":"sealed"');
  waiting.child.kill('SIGINT');
  expect((await waiting.result).code).toBe(130);
  const first = ingested(await owner.result);
  expect([first.code, sealedPaths(first)]).toEqual([0, allPaths]);
  expect(await storeTroubles(data)).toEqual([]);
});

test('cancelling the owner does not cancel silently what it does for another', async () => {
  const data = join(folder, 'owner-cancelled');
  const owner = await startSlowOwner(data);
  const waiting = startEvidock(['ingest', other, '--data', data, '--json']);
  await waiting.printed('"event":"sealed"');
  process.kill(owner.ownerPid, 'SIGINT');
  expect((await owner.result).code).toBe(130);
  const second = ingested(await waiting.result);
  // It was either carried out whole, or its end says that it was not.
  expect([0, 75, 130]).toContain(second.code);
  if (second.code === 0) expect(sealedPaths(second)).toEqual(allPaths);
  expect((await ingestHere(other, data)).code).toBe(0);
  expect(await storeTroubles(data)).toEqual([]);
});

test('readers that hang up neither end an ingest nor make a command crash', async () => {
  const data = join(folder, 'hung-up');
  const run = (command: string) =>
    spawnSync('bash', ['-o', 'pipefail', '-c', command], {
      encoding: 'utf8',
      env: {
        ...process.env,
        DATA: data,
        SOURCE: source,
        NODE: join(checkout, 'node_modules/.bin/node'),
        MAIN: join(checkout, 'src/main.ts'),
      },
    });
  const both = run('"$NODE" "$MAIN" ingest "$SOURCE" --data "$DATA" 2>&1 | head -n 1');
  expect([both.status, both.stdout.split('\n').length]).toEqual([0, 2]);
  expect(await clipsHere(data)).toHaveLength(fileCount);
  const one = run('"$NODE" "$MAIN" clips --data "$DATA" --json | head -n 1');
  expect([one.status, one.stderr, jsonLines(one.stdout)]).toEqual([
    0,
    '',
    [expect.objectContaining({ kind: 'other' })],
  ]);
  const full = run('"$NODE" "$MAIN" clips --data "$DATA" --json --lang en > /dev/full');
  expect([full.status, full.stderr]).toEqual([1, expect.stringContaining('ENOSPC')]);
  expect(await storeTroubles(data)).toEqual([]);
});
