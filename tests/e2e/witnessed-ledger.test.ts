/**
 * Goal: a station whose checkpoints are witnessed notices yesterday's ledger put back, takes nothing in until an
 * administrator has acknowledged it, and gets cosignatures over the network and by stick. Station and witness run as
 * processes, and so does what they refuse or are asked about the witness; cards and checks between are done here.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { evidock, ingest, jsonLines, type RunningCli, startEvidock } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { evidockHere, ingestHere } from '../support/in-process.ts';

const folder = makeDiskFolder();
let round = 0;
let home: string;
let data: string;
let witness: string;
const running: RunningCli[] = [];

beforeEach(() => {
  round += 1;
  home = join(folder, String(round));
  data = join(home, 'data');
  witness = join(home, 'witness');
  mkdirSync(data, { recursive: true });
});
afterEach(async () => {
  for (const one of running.splice(0)) {
    one.child.kill('SIGTERM');
    await one.result;
  }
});
afterAll(() => removeFolder(folder));

let cards = 0;

/** Takes in a card with one new clip. */
async function takeIn(how: typeof ingest = ingestHere): ReturnType<typeof ingest> {
  cards += 1;
  const card = join(home, `card${cards}`);
  mkdirSync(card);
  writeFileSync(join(card, `clip${cards}.mp4`), `clip ${cards}`);
  return how(card, data);
}

async function startWitness(): Promise<string> {
  const process = startEvidock(['witness', '--data', witness, '--listen', '127.0.0.1:0']);
  running.push(process);
  let said = '';
  process.child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  await process.said('runs at ');
  return /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
}

/** Makes a witness that knows the station; returns its line for the policy. */
async function makeWitness(): Promise<string> {
  const made = await evidockHere(['witness', 'init', '--data', witness, '--name', 'witness.example/w1']);
  expect(made.code, made.stderr).toBe(0);
  writeFileSync(join(witness, 'logs'), readFileSync(join(data, 'ledger/keys/log.vkey')));
  return made.stdout.split('\n')[1]?.replace('witness.example/w1', 'w1') ?? '';
}

function setPolicy(witnessLine: string): void {
  writeFileSync(join(home, 'policy'), `${witnessLine}\nquorum w1\n`);
  writeFileSync(join(data, 'config.yaml'), `web: { port: 0 }\nledger: { policyFile: ${join(home, 'policy')} }\n`);
}

const noteOf = (file: string): string => readFileSync(join(data, 'ledger', file), 'utf8');

test('yesterday’s ledger and registry put back is an alarm; nothing is taken in until it is acknowledged', async () => {
  expect((await takeIn()).code).toBe(0);
  cpSync(join(data, 'ledger'), join(home, 'yesterday/ledger'), { recursive: true });
  cpSync(join(data, 'registry.db'), join(home, 'yesterday/registry.db'));
  expect((await takeIn()).code).toBe(0);
  expect((await evidockHere(['alarm', 'list', '--data', data])).code).toBe(0);

  rmSync(join(data, 'ledger'), { recursive: true });
  cpSync(join(home, 'yesterday/ledger'), join(data, 'ledger'), { recursive: true });
  for (const end of ['', '-wal', '-shm']) rmSync(join(data, `registry.db${end}`), { force: true });
  cpSync(join(home, 'yesterday/registry.db'), join(data, 'registry.db'));

  const refused = await takeIn(ingest);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('evidock alarm acknowledge');
  const listed = await evidock(['alarm', 'list', '--data', data, '--json']);
  expect(listed.code).toBe(1);
  const [alarm] = jsonLines(listed.stdout);
  expect(alarm).toMatchObject({ kind: 'ledger-rolled-back', acknowledgedAt: null });

  const words = ['--by', '李静', '--reason', '磁盘更换后误用旧备份', '--data', data];
  expect((await evidockHere(['alarm', 'acknowledge', '999', ...words])).code).toBe(1);
  const done = await evidock(['alarm', 'acknowledge', String(alarm?.alarm), ...words]);
  expect(done.code, done.stderr).toBe(0);
  expect((await takeIn()).code).toBe(0);
  // Once seen, the same roll-back is not raised again; the names stand in a document, not in the record.
  const after = await evidockHere(['alarm', 'list', '--data', data, '--json']);
  expect(after.code).toBe(0);
  expect(jsonLines(after.stdout)).toMatchObject([{ acknowledgedBy: '李静', reason: '磁盘更换后误用旧备份' }]);
  expect(readFileSync(join(data, 'ledger/records/000000.jsonl'), 'utf8')).not.toContain('李静');
  // The clip that the lost records told of: its original is there, and nothing says why.
  const checked = jsonLines((await evidockHere(['fsck', '--data', data, '--json'])).stdout);
  expect(checked.filter(({ event }) => event === 'finding')).toMatchObject([{ code: 'original-unknown' }]);
}, 120_000);

test('the ledger alone put back is an alarm too: commands answer from what it has, and intake is refused', async () => {
  expect((await takeIn()).code).toBe(0);
  cpSync(join(data, 'ledger'), join(home, 'yesterday/ledger'), { recursive: true });
  expect((await takeIn()).code).toBe(0);
  // Nothing remembers the newer checkpoint, so the registry is the only witness.
  rmSync(join(data, 'keys/remembered.json'), { force: true });
  rmSync(join(data, 'ledger'), { recursive: true });
  cpSync(join(home, 'yesterday/ledger'), join(data, 'ledger'), { recursive: true });

  const listed = await evidock(['alarm', 'list', '--data', data, '--json']);
  expect(listed.code, listed.stderr).toBe(1);
  const [alarm] = jsonLines(listed.stdout);
  expect(alarm).toMatchObject({ kind: 'registry-ahead', evidence: expect.stringMatching(/^\d+ \d+$/) });
  const clips = await evidockHere(['clips', '--data', data, '--json']);
  expect(jsonLines(clips.stdout)).toHaveLength(1);
  const refused = await takeIn(ingest);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('evidock alarm acknowledge');
  const number = String(alarm?.alarm);
  const seen = await evidockHere([
    'alarm',
    'acknowledge',
    number,
    '--by',
    '管理员',
    '--reason',
    '磁盘更换',
    '--data',
    data,
  ]);
  expect(seen.code, seen.stderr).toBe(0);
  expect((await takeIn()).code).toBe(0);
  const checked = jsonLines((await evidockHere(['fsck', '--data', data, '--json'])).stdout);
  expect(checked.filter(({ event }) => event === 'finding')).toMatchObject([{ code: 'original-unknown' }]);
}, 120_000);

test('a witness cosigns each checkpoint of the running station, and its absence is shown', async () => {
  expect((await takeIn()).code).toBe(0);
  const line = await makeWitness();
  const address = await startWitness();
  setPolicy(`${line} ${address}`);
  const station = startEvidock(['run', '--data', data]);
  running.push(station);
  await station.said('The station runs: ');
  expect((await takeIn()).code).toBe(0);
  const size = noteOf('checkpoint').split('\n')[1];
  for (let tries = 0; tries < 100 && !noteOf('checkpoint').includes('witness.example/w1'); tries += 1) await sleep(100);
  expect(noteOf('checkpoint').split('\n')[1]).toBe(size);
  expect(noteOf('checkpoint')).toMatch(/\u2014 witness\.example\/w1 /);
  for (let tries = 0; tries < 50 && noteOf('cosigned-checkpoint').split('\n')[1] !== size; tries += 1) await sleep(100);
  expect(noteOf('cosigned-checkpoint')).toBe(noteOf('checkpoint'));

  const there = await evidock(['witness', 'ask', '--data', data, '--json']);
  expect(there.code, there.stderr).toBe(0);
  expect(jsonLines(there.stdout)).toMatchObject([{ name: 'w1', trouble: null }]);
  running[0]?.child.kill('SIGTERM');
  await running[0]?.result;
  const gone = await evidock(['witness', 'ask', '--data', data, '--json']);
  expect(gone.code).toBe(1);
  expect(jsonLines(gone.stdout)[0]?.trouble).toContain('fetch failed');
  expect((await evidockHere(['fsck', '--data', data])).code).toBe(0);
}, 120_000);

test('a witness that has seen more than the station has raises an alarm, even when the station remembers nothing', async () => {
  expect((await takeIn()).code).toBe(0);
  cpSync(data, join(home, 'yesterday'), { recursive: true });
  expect((await takeIn()).code).toBe(0);
  const line = await makeWitness();
  setPolicy(`${line} ${await startWitness()}`);
  expect((await evidock(['witness', 'ask', '--data', data])).code).toBe(0);
  const configuration = readFileSync(join(data, 'config.yaml'));
  rmSync(data, { recursive: true });
  cpSync(join(home, 'yesterday'), data, { recursive: true });
  writeFileSync(join(data, 'config.yaml'), configuration);
  expect((await evidock(['witness', 'ask', '--data', data])).code).toBe(1);
  expect(jsonLines((await evidockHere(['alarm', 'list', '--data', data, '--json'])).stdout)).toMatchObject([
    { kind: 'witness-ahead' },
  ]);
  expect((await takeIn(ingest)).stderr).toContain('witness-ahead');
}, 120_000);

test('by stick: carried, signed, taken back; nothing wrong on the stick is taken', async () => {
  expect((await takeIn()).code).toBe(0);
  setPolicy(await makeWitness());
  const stick = join(home, 'stick');
  const carry = (...more: string[]): ReturnType<typeof evidock> =>
    evidock(['witness', 'carry', '--out', stick, '--data', data, ...more]);
  const sign = (): ReturnType<typeof evidock> => evidock(['witness', 'sign', stick, '--data', witness]);
  const take = (): ReturnType<typeof evidock> => evidock(['witness', 'take', stick, '--data', data]);
  expect((await carry()).code).toBe(0);
  expect((await take()).code).toBe(1);
  expect((await sign()).code).toBe(0);
  // The stick came back to the witness: the same checkpoint is signed once more.
  const again = await sign();
  expect(again.code, again.stderr).toBe(0);
  expect((await take()).stdout).toBe('w1\n');
  const first = noteOf('cosigned-checkpoint');
  expect(first).toContain('witness.example/w1');

  expect((await takeIn()).code).toBe(0);
  rmSync(stick, { recursive: true });
  expect((await carry()).code).toBe(0);
  const signed = await sign();
  expect(signed.code, signed.stderr).toBe(0);
  const answer = readFileSync(join(stick, 'answer'), 'utf8');
  const at = answer.length - 20;
  writeFileSync(
    join(stick, 'answer'),
    `${answer.slice(0, at)}${answer[at] === 'A' ? 'B' : 'A'}${answer.slice(at + 1)}`,
  );
  expect((await take()).code).toBe(1);
  expect(noteOf('cosigned-checkpoint')).toBe(first);
  writeFileSync(join(stick, 'answer'), answer);
  expect((await take()).code).toBe(0);
  expect(Number(noteOf('cosigned-checkpoint').split('\n')[1])).toBeGreaterThan(Number(first.split('\n')[1]));
  expect((await evidockHere(['fsck', '--data', data])).code).toBe(0);
}, 120_000);
