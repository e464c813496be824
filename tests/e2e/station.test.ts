/**
 * The running station as its three people meet it: a card copied into the import folder is sealed, linked and shown
 * without a restart, not touched while it is still being copied, and not taken in twice; imports go through the
 * running process; a rebuilt registry says exactly the same.
 */
import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeCard } from '../../src/simulator/footage.ts';
import { FootageScenes } from '../../src/simulator/footage-scenes.ts';
import { evidock, type RunningCli, startEvidock } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { clipsHere, evidockHere } from '../support/in-process.ts';

const folder = makeDiskFolder();
const scenes = new FootageScenes(join(folder, 'scenes'));
const card = join(folder, 'card');
const caseNumber = '晋交执罚〔2026〕0231号';
const waitMs = 60_000;
let round = 0;
let data: string;
let inbox: string;
let running: RunningCli | undefined;
let address = '';

beforeAll(async () => {
  await makeCard(scenes, {
    folder: card,
    serial: 'TA00716',
    officer: 'JX0227',
    day: '2026-11-20',
    seed: 11,
    clips: 6,
    make: 'serial-first',
    mix: { h264: 3, picture: 1, log: 1 },
  });
}, 120_000);

beforeEach(() => {
  round += 1;
  data = join(folder, `data${round}`);
  inbox = join(folder, `inbox${round}`);
  mkdirSync(data, { recursive: true });
  // Through a symbolic link, as administrators like to have it.
  mkdirSync(`${inbox}-real`);
  symlinkSync(`${inbox}-real`, inbox);
  writeFileSync(
    join(data, 'config.yaml'),
    `web: { port: 0 }\nlog: { level: warn }\nimportFolder: { path: ${inbox}, settleSeconds: 1 }\n`,
  );
});

afterEach(async () => {
  running?.child.kill('SIGTERM');
  await running?.result;
  running = undefined;
});

afterAll(() => removeFolder(folder));

async function start(): Promise<void> {
  running = startEvidock(['run', '--data', data]);
  let said = '';
  running.child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  await running.said('The station runs: ');
  address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
  expect(address, said).not.toBe('');
}

async function until<T>(question: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const answer = await question();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error('waited too long');
    await sleep(300);
  }
}

const countClips = async (): Promise<number> => (await clipsHere(data)).length;

async function importTable(kind: string, text: string): Promise<void> {
  const file = join(folder, `${kind}.csv`);
  writeFileSync(file, text);
  const result = await evidockHere([kind, 'import', file, '--data', data, '--effective', '2026-01-01']);
  expect(result.code, result.stderr).toBe(0);
}

async function importPeople(): Promise<void> {
  await importTable(
    'roster',
    '执法证号,姓名,单位,岗位,在岗,证件状态,有效期至\nJX0227,张建国,一大队,一线,是,有效,2026-12-31\nJX0301,陈志强,二大队,一线,是,有效,2026-12-31\n',
  );
  await importTable('recorders', '记录仪编号,型号,状态\nTA00716,T6,在用\n');
  await importTable('assignments', '执法证号,记录仪编号,起始,截止,方式\nJX0301,TA00716,2026-01-05,,个人\n');
  await importTable(
    'cases',
    `案号,单位,开始,结束,执法人员,状态\n${caseNumber},一大队,2026-11-02,,JX0227;JX0301,办理中\n`,
  );
}

test('a card copied into the import folder is sealed, linked and shown; the same card is not taken in again', async () => {
  await start();
  await importPeople();
  cpSync(card, join(inbox, 'card one'), { recursive: true });
  await until(async () => ((await countClips()) >= 6 ? true : undefined));
  const clips = await clipsHere(data);
  // The assignment says JX0301, the name says JX0227: the assignment counts, and the page says that they differ.
  expect(new Set(clips.map((clip) => clip.officer))).toEqual(new Set(['JX0301']));
  const page = await until(async () => {
    const text = await (await fetch(`${address}/clips/${clips[0]?.clip}`)).text();
    return text.includes('docking-ended') ? text : undefined;
  });
  expect(page).toContain('陈志强');
  expect(page).toContain(clips[0]?.sha256?.slice(0, 8));
  expect(page).toContain('docking-started');
  const id = clips[0]?.clip ?? '';
  const linked = await evidock(['link', id, '--case', caseNumber, '--reason', '现场核对', '--data', data]);
  expect(linked.stderr).toContain('carries the command out');
  expect(linked.code).toBe(0);
  expect(await (await fetch(`${address}/clips/${id}`)).text()).toContain('现场核对');
  const list = await (await fetch(`${address}/clips?lang=en`)).text();
  expect(list).toContain('TA00716_JX0227_');

  const before = await countClips();
  running?.child.kill('SIGTERM');
  expect((await running?.result)?.code).toBe(0);
  await start();
  await sleep(3000);
  const wall = await (await fetch(`${address}/`)).text();
  expect(wall).toContain('id="no-slots"');
  expect(wall).not.toContain('card one');
  expect(await countClips()).toBe(before);
});

test('a folder that is still being written is not touched before it settles', async () => {
  await start();
  const slow = join(inbox, 'slow');
  mkdirSync(slow);
  const file = openSync(join(slow, 'TA00716_JX0227_20261120101500.MP4'), 'w');
  const chunk = Buffer.alloc(100_000, 7);
  // The writer keeps the file open and rests longer than the folder must: an open writer alone must hold it back.
  for (let part = 0; part < 3; part += 1) {
    writeSync(file, chunk);
    await sleep(2000);
    expect(await countClips()).toBe(0);
  }
  closeSync(file);
  const [clip] = await until(async () => {
    const clips = await clipsHere(data);
    return clips.length > 0 ? clips : undefined;
  });
  expect(clip?.bytes).toBe(300_000);
});

test('registry deleted and rebuilt: officers, assignments, cases, links, clips and coverage are exactly the same', async () => {
  await importPeople();
  const ingested = await evidockHere(['ingest', card, '--data', data, '--json', '--recorder', 'TA00716']);
  expect(ingested.code, ingested.stderr).toBe(0);
  const [clip] = await clipsHere(data);
  const link = await evidockHere([
    'link',
    clip?.clip ?? '',
    '--case',
    '晋交执罚[2026]0231号',
    '--reason',
    '现场',
    '--data',
    data,
  ]);
  expect(link.code, link.stderr).toBe(0);
  const coverage = (): Promise<string> =>
    evidockHere(['coverage', '--data', data, '--as-of', '2026-11-20', '--json']).then(({ stdout }) => stdout);
  const clipsBefore = await clipsHere(data);
  const coverageBefore = await coverage();
  expect(clipsBefore[0]).toMatchObject({ case: caseNumber, officer: 'JX0301' });
  expect(JSON.parse(coverageBefore)).toMatchObject({ population: 2, covered: 1 });
  renameSync(join(data, 'registry.db'), join(folder, 'registry.old'));
  for (const suffix of ['-wal', '-shm']) rmSync(join(data, `registry.db${suffix}`), { force: true });
  expect((await evidockHere(['rebuild', '--data', data])).code).toBe(0);
  expect(await clipsHere(data)).toEqual(clipsBefore);
  expect(await coverage()).toBe(coverageBefore);
  const checked = await evidockHere(['fsck', '--data', data, '--json']);
  expect(checked.stdout).not.toContain('"finding"');
  expect(checked.code).toBe(0);
});

test('an import with a bad row takes nothing, names line and heading, and takes the rest when told to', async () => {
  const file = join(folder, 'bad.csv');
  writeFileSync(
    file,
    'certificate_no,name,unit,post,on_duty,certificate_status,valid_until\nA1,One,U,一线,是,有效,2026-12-31\nA2,Two,U,一线,也许,有效,2026-12-31\n',
  );
  const refused = await evidock(['roster', 'import', file, '--data', data, '--json']);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    event: 'refused',
    problems: [{ line: 3, column: 'on_duty', value: '也许' }],
  });
  const empty = await evidockHere(['coverage', '--data', data, '--json']);
  expect(JSON.parse(empty.stdout)).toMatchObject({ population: 0, rate: null });
  const partial = await evidockHere(['roster', 'import', file, '--data', data, '--allow-partial', '--json']);
  expect(JSON.parse(partial.stdout)).toMatchObject({ event: 'imported', added: [{ key: 'A1' }] });
  const again = await evidockHere(['roster', 'import', file, '--data', data, '--allow-partial', '--dry-run', '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({ event: 'compared', added: [], changed: [], unchanged: 1 });
});

test('an address that others can reach is refused', async () => {
  writeFileSync(join(data, 'config.yaml'), 'web: { host: 0.0.0.0 }\n');
  const result = await evidock(['run', '--data', data]);
  expect(result.code).toBe(78);
  expect(result.stderr).toContain('web.host');
});
