/**
 * Goal: doctor says what this machine has and lacks, as it really is, each lack with the command that mends it, and
 * its exit code tells whether the station can work here.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DoctorLine } from '../../src/checking/doctor.ts';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { doctorCommand } from '../../src/control/doctor-command.ts';
import { doctorCheckTexts } from '../../src/texts/doctor-texts.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';

let root: string;
beforeAll(() => {
  root = makeDiskFolder();
});
afterAll(() => removeFolder(root));

interface Answer {
  readonly code: number;
  readonly out: readonly string[];
}

async function ask(dataFolder: string, configuration = '', json = true): Promise<Answer> {
  const out: string[] = [];
  const code = await doctorCommand.run(
    { dataFolder, configuration: parseConfiguration(configuration, 'test.yaml'), log: pino({ enabled: false }) },
    { values: { json }, lists: {}, positionals: [], language: 'zh', actorId: 'os-user:0' },
    {
      out: (line) => out.push(line),
      err: () => undefined,
      bytes: () => undefined,
      progress: () => undefined,
      signal: new AbortController().signal,
    },
  );
  return { code, out };
}

const linesOf = (answer: Answer): Map<string, DoctorLine> =>
  new Map(answer.out.map((line) => JSON.parse(line) as DoctorLine).map((line) => [line.check, line]));

it('answers every check once, and finds what the tests themselves need', async () => {
  const answer = await ask(root);
  const lines = linesOf(answer);
  expect([...lines.keys()].sort()).toEqual(Object.keys(doctorCheckTexts).sort());
  expect(answer.out.length).toBe(lines.size);
  for (const check of ['node', 'engine', 'sqlite', 'ffmpeg', 'ffprobe', 'prlimit', 'flock', 'read-back']) {
    expect(lines.get(check), check).toMatchObject({ state: 'ok' });
  }
  expect(answer.code).toBe(0);
  const ffprobe = spawnSync('ffprobe', ['-version'], { encoding: 'utf8' }).stdout;
  expect(ffprobe).toContain(lines.get('ffprobe')?.found);
  expect(readdirSync(root)).toEqual([]);
});

it('names a program that is not there, the package it comes in, and exits with 1', async () => {
  const answer = await ask(root, 'probe:\n  ffprobePath: /nowhere/ffprobe\n');
  expect(linesOf(answer).get('ffprobe')).toMatchObject({ state: 'missing', mend: 'apt-get install -y ffmpeg' });
  expect(answer.code).toBe(1);
});

it('calls a data folder in memory missing its disk, unless the configuration allows it', async () => {
  const memory = mkdtempSync('/dev/shm/ev-');
  try {
    const refused = await ask(memory);
    expect(linesOf(refused).get('read-back')).toMatchObject({
      state: 'missing',
      found: expect.stringMatching('tmpfs'),
    });
    expect(refused.code).toBe(1);
    const allowed = await ask(memory, 'vault:\n  allowMemoryFileSystem: true\n');
    expect(linesOf(allowed).get('read-back')).toMatchObject({ state: 'warning' });
    expect(allowed.code).toBe(0);
  } finally {
    rmSync(memory, { recursive: true });
  }
});

it('says when others can read the secret keys', async () => {
  const data = mkdtempSync(join(root, 'keys-'));
  try {
    const [folder, key] = [join(data, 'keys'), join(data, 'keys/log.pem')];
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(key, 'secret', { mode: 0o600 });
    expect(linesOf(await ask(data)).get('secret-keys')).toMatchObject({ state: 'ok' });
    chmodSync(key, 0o640);
    const found = `${key} is open to other accounts (1 in all)`;
    const mend = `chmod -R go= ${folder}`;
    expect(linesOf(await ask(data)).get('secret-keys')).toMatchObject({ state: 'warning', found, mend });
  } finally {
    rmSync(data, { recursive: true });
  }
});

it('says how much the coverage cache takes, and what of it is of no use any more', async () => {
  const data = mkdtempSync(join(root, 'cache-'));
  const state = async () => linesOf(await ask(data)).get('coverage-cache');
  try {
    expect(await state()).toMatchObject({ state: 'ok' });
    mkdirSync(join(data, 'coverage/known-7'), { recursive: true });
    writeFileSync(join(data, 'coverage/3.db'), Buffer.alloc(3 * 2 ** 20));
    writeFileSync(join(data, 'coverage/known-7/1.db'), Buffer.alloc(2 ** 20));
    expect(await state()).toMatchObject({ state: 'ok', found: '4 MiB in 2 files' });
    const part = join(data, 'coverage/4.db.part');
    writeFileSync(part, '');
    const old = (days: number): Date => new Date(Date.now() - days * 86_400_000);
    utimesSync(part, old(2), old(2));
    const mend = `rm -r ${join(data, 'coverage')}  (station stopped)`;
    expect(await state()).toMatchObject({ state: 'warning', found: expect.stringContaining('cut off'), mend });
    rmSync(part);
    for (const name of ['3.db', 'known-7/1.db']) utimesSync(join(data, 'coverage', name), old(100), old(100));
    expect(await state()).toMatchObject({ state: 'warning', found: '4 MiB in 2 files; unused for 100 days', mend });
  } finally {
    rmSync(data, { recursive: true });
  }
});

it('works before there is a data folder and makes none', async () => {
  const folder = join(root, 'not/yet');
  const answer = await ask(folder);
  expect(linesOf(answer).get('read-back')).toMatchObject({ state: 'unknown' });
  expect(linesOf(answer).get('free-space')).toMatchObject({ found: expect.stringContaining(root) });
  expect(answer.code).toBe(0);
  expect(readdirSync(root)).toEqual([]);
});

it('speaks to people in their language, with the mending command', async () => {
  const { out } = await ask(root, 'probe:\n  ffprobePath: /nowhere/ffprobe\n', false);
  expect(out).toContain('缺少  ffprobe（识别内容）  /nowhere/ffprobe does not run  修复: apt-get install -y ffmpeg');
});
