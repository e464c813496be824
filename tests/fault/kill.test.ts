/**
 * Goal: `kill -9` of an ingest at any moment, many times, then the same command again: everything sealed once, nothing
 * half in the vault, no digest wrong, sealed clips keep their ids. The moments are random; the seed is printed.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingest, ingested, type JsonLine, startEvidock } from '../support/cli.ts';
import { digestsByPrograms } from '../support/digest-programs.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { clipsHere, evidockHere, ingestHere } from '../support/in-process.ts';
import { type SeededRandom, seededRandom } from '../support/random.ts';
import { recordsOf, storeTroubles } from '../support/store-check.ts';

const rounds = 15;
const folder = makeDiskFolder();
const source = join(folder, 'card');

beforeAll(() => {
  const random = seededRandom('files to copy');
  mkdirSync(join(source, 'DCIM/100'), { recursive: true });
  const sizes = [...Array.from({ length: 50 }, (_, at) => at * 1500), 5e6, 5e6, 6e6, 7e6, 8e6, 20e6];
  for (const [at, size] of sizes.entries()) {
    writeFileSync(join(source, at % 3 === 0 ? '' : 'DCIM/100', `clip-${at}.mp4`), random.bytes(size));
  }
  // Equal bytes under two names meet in the vault at the same moment.
  const twin = random.bytes(700_000);
  for (const name of ['a-twin.mp4', 'b-twin.mp4']) writeFileSync(join(source, name), twin);
});

afterAll(() => removeFolder(folder));

function sourcePaths(): Buffer[] {
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => Buffer.from(join(entry.parentPath, entry.name).slice(source.length + 1)));
}

/** Runs and kills, after so many milliseconds or when it has sealed the first file; what it told as sealed must stay. */
async function runAndKill(data: string, moment: number | 'first sealed'): Promise<readonly JsonLine[]> {
  const running = startEvidock(['ingest', source, '--data', data, '--json']);
  if (moment === 'first sealed') await running.printed('"event":"sealed"');
  else await Promise.race([sleep(moment), running.result]);
  running.child.kill('SIGKILL');
  const { lines, code, stderr } = ingested(await running.result);
  expect(code === null || code === 0, stderr).toBe(true);
  return lines.filter(({ event }) => event === 'sealed');
}

async function expectAllSealedOnce(data: string, told: readonly JsonLine[]): Promise<void> {
  const last = await ingestHere(source, data);
  expect(last.code, last.stderr).toBe(0);
  expect(await storeTroubles(data)).toEqual([]);
  const clips = await clipsHere(data);
  const digests = digestsByPrograms(source, sourcePaths());
  expect(new Map(clips.map(({ pathHex, sha256, sm3 }) => [pathHex, { sha256, sm3 }]))).toEqual(digests);
  expect(clips).toHaveLength(digests.size);
  // A clip that was told as sealed is that clip for ever.
  const ids = new Map(clips.map(({ pathHex, clip }) => [pathHex, clip]));
  for (const line of told) expect(ids.get(line.pathHex), line.path).toBe(line.clip);
}

function spread(random: SeededRandom, fullMs: number): number[] {
  return Array.from({ length: rounds }, (_, at) => ((at + random.next()) / rounds) * fullMs);
}

test('an ingest killed at many random moments seals everything exactly once in the end', async () => {
  const random = seededRandom('moments of killing');
  const started = performance.now();
  expect((await ingest(source, join(folder, 'measured'))).code).toBe(0);
  const fullMs = performance.now() - started;
  removeFolder(join(folder, 'measured'));
  const data = join(folder, 'data');
  const told = [...(await runAndKill(data, 'first sealed'))];
  for (const delayMs of spread(random, fullMs)) told.push(...(await runAndKill(data, delayMs)));
  await expectAllSealedOnce(data, told);
  const types = recordsOf(data).map(({ type }) => type);
  expect(types).toContain('docking-interrupted');
});

test('an ingest killed again and again from nothing leaves a folder that the next one finishes', async () => {
  const random = seededRandom('moments of killing from nothing');
  for (let round = 0; round < 3; round += 1) {
    const data = join(folder, `fresh-${round}`);
    // The first moments of a data folder: keys, first record, first checkpoint.
    const told = await runAndKill(data, 150 + random.next() * 250);
    await expectAllSealedOnce(data, told);
    removeFolder(data);
  }
});

test('reading commands work right after a kill', async () => {
  const data = join(folder, 'read');
  const told = await runAndKill(data, 'first sealed');
  const clips = await clipsHere(data);
  for (const line of told) expect(clips.map(({ clip }) => clip)).toContain(line.clip);
  const note = await evidockHere(['checkpoint', '--data', data]);
  expect(note.code, note.stderr).toBe(0);
  await expectAllSealedOnce(data, told);
});
