/**
 * Goal: a lawful deletion of a clip, and of a person with cases, takes along everything that linking wrote about them:
 * links of the station and of people, what was unlinked, rejected and settled. Nothing of it is left in the data folder,
 * the rows are those of a rebuild, fsck is clean, and what was said of others stays. Released holds on a person, case or
 * complaint go along; while one stands, nothing does.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getCalendarDate } from '../../src/domain/people-facts.ts';
import { Registry } from '../../src/registry/registry.ts';
import { systemActor } from '../../src/station/station-context.ts';
import { filesOf, runFsck } from '../support/checked-store.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { InProcess } from '../support/in-process.ts';
import { documentsOf, recordsOf } from '../support/store-check.ts';

const root = makeDiskFolder();
const data = join(root, 'data');
const officers = `执法证号,姓名,单位,岗位,在岗,证件状态,有效期至
JX1001,张三丰,一大队,路面执法,是,有效,2030-12-31
JX1002,李思远,一大队,路面执法,是,有效,2030-12-31
`;
const assignments = `执法证号,记录仪编号,起始,截止,方式
JX1001,TA10001,2026-01-01,,个人
JX1002,TA10002,2026-01-01,,个人
`;
const cases = `案号,单位,开始,结束,执法人员,状态
晋交罚〔2026〕11号,一大队,2026-11-18 09:00,2026-11-18 10:00,JX1001,办理中
晋交罚〔2026〕12号,一大队,2026-11-18 09:00,2026-11-18 10:00,JX1002,办理中
晋交罚〔2026〕13号,一大队,2026-11-18 14:00,2026-11-18 15:00,JX1001,办理中
`;
/** One whose number stands in the name, so that the station links it although nobody read the clock. */
const files = [
  'police/video/20261118/晋交罚〔2026〕11号_JX1001_video_20261118_092000.mp4',
  'TA10001_JX1001_20261118140500.mp4',
  'TA10001_JX1001_20261118142000.mp4',
  'TA10002_JX1002_20261118092500.mp4',
];
const consent = ['--rule', 'PIPL 47', '--reason', 'period over', '--requested-by', '李四', '--approved-by', '王五'];
const actor = { kind: 'person', id: 'os-user:1' } as const;
let program: InProcess;
const clips: string[] = [];

/** A bitmap's header and the name: footage enough for linking, and no two alike. */
function pictureOf(name: string): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(2, 18);
  header.writeInt32LE(2, 22);
  return Buffer.concat([header, Buffer.from(name)]);
}

async function ingest(recorder: string, names: readonly string[]): Promise<void> {
  const card = join(root, recorder);
  mkdirSync(card);
  for (const name of names) {
    mkdirSync(dirname(join(card, name)), { recursive: true });
    writeFileSync(join(card, name), pictureOf(name));
  }
  await program.station.intake.ingest(
    {
      kind: 'ingest',
      root: Buffer.from(card),
      recorder,
      recorderBasis: 'given',
      rereadHeld: 'never',
      actor: systemActor,
      awaitsProbe: true,
    },
    { signal: new AbortController().signal, onEvent: () => undefined, onProgress: () => undefined },
  );
}

beforeAll(async () => {
  mkdirSync(data);
  program = await InProcess.open(data, 'engine: { kind: portable }\n');
  for (const [kind, table] of Object.entries({ officers, assignments, cases })) {
    await program.station.people.import({
      kind: kind as 'officers',
      bytes: Buffer.from(table),
      effective: getCalendarDate('2026-01-01'),
      dryRun: false,
      allowPartial: false,
      actor: systemActor,
      onProgress: () => undefined,
    });
  }
  await ingest('TA10001', files.slice(0, 3));
  await ingest('TA10002', files.slice(3));
  for (const name of files) {
    const found = [...program.station.clips()].find(({ path }) => path.toString() === name);
    clips.push(found?.clip ?? '');
  }
});

afterAll(async () => {
  await program.close();
  removeFolder(root);
});

const [caseA, caseB, caseC] = ['晋交罚〔2026〕11号', '晋交罚〔2026〕12号', '晋交罚〔2026〕13号'] as const;
const at = (number: number): string => clips[number] ?? '';

/** Every kind of record that linking writes, about each clip. */
async function speak(): Promise<void> {
  const { links } = program.station;
  await links.decide();
  const [first, second, third, other] = [at(0), at(1), at(2), at(3)];
  const said = (reason: string) => ({ reason, actor });
  await links.link({ clips: [second], target: 'case', number: caseC, ...said('secret-confirmed') });
  await links.unlink({ clips: [second], target: 'case', ...said('secret-unlinked') });
  await links.link({ clips: [second], target: 'case', number: caseB, ...said('secret-by-hand') });
  await links.reject({ clips: [third], target: 'case', number: caseC, ...said('secret-rejected') });
  await links.settle({ clips: [third], ...said('secret-settled') });
  await links.unlink({ clips: [third], target: 'officer', ...said('secret-not-him') });
  await links.link({ clips: [third], target: 'officer', number: 'JX1002', ...said('secret-her') });
  await links.reject({ clips: [other], target: 'officer', number: 'JX1001', ...said('secret-not-he-either') });
  await links.reject({ clips: [other], target: 'case', number: caseA, ...said('secret-not-this') });
  await links.link({ clips: [first], target: 'officer', number: 'JX1001', ...said('secret-his') });
}

const linking = new Set(['clip-linked', 'clip-unlinked', 'link-rejected', 'link-settled']);
/** Records of linking with the bodies of their documents; undefined: overwritten. */
function spoken() {
  const documents = documentsOf(data);
  return recordsOf(data)
    .filter(({ type }) => linking.has(type))
    .map((record) => ({ record, said: documents.get(record.documents?.[0]?.id ?? '') }));
}

function holds(text: string): string[] {
  const needle = Buffer.from(text).toString('latin1');
  const searched = filesOf(data, '.').filter((file) => !file.startsWith('vault/'));
  return searched.filter((file) => readFileSync(join(data, file), 'latin1').includes(needle));
}

async function expectSound(): Promise<void> {
  const { registry, ledger } = program.station.context;
  const rebuilt = Registry.open(':memory:');
  await rebuilt.replay(ledger.replay(0), ledger.size);
  expect(registry.differencesFrom(rebuilt)).toEqual([]);
  rebuilt.close();
  await program.close();
  const { findings, checked } = await runFsck(data);
  program = await InProcess.open(data, 'engine: { kind: portable }\n');
  expect([findings, checked.registryCompared]).toEqual([[], true]);
}

test('of a clip overwrites every document of its links, and nothing of others', async () => {
  await speak();
  const types = spoken().map(({ record }) => `${record.type} ${record.body.basis ?? ''}`.trim());
  expect(types).toEqual(
    expect.arrayContaining([
      ...['clip-linked automatic', 'clip-linked assignment', 'clip-linked confirmed', 'clip-linked by-hand'],
      ...['clip-unlinked', 'link-rejected', 'link-settled'],
    ]),
  );
  const before = spoken();
  await expectSound();
  for (const clip of [at(1), at(2)]) {
    const { code, stderr } = await program.run(['delete', 'clip', clip, ...consent, '--override']);
    expect(code, stderr).toBe(0);
  }
  const gone = [at(1), at(2)];
  for (const [number, { record, said }] of spoken().entries()) {
    const isGone = gone.includes(record.body.clip as string);
    expect(said, `${record.seq} ${record.type}`).toEqual(isGone ? undefined : before[number]?.said);
  }
  for (const word of ['confirmed', 'unlinked', 'by-hand', 'rejected', 'settled', 'not-him', 'her']) {
    expect(holds(`secret-${word}`), word).toEqual([]);
  }
  expect(holds('secret-not-this')).not.toEqual([]);
  await expectSound();
  expect(program.station.links.clipsOfCase(caseB)).toEqual([]);
  expect(await program.station.links.decide()).toMatchObject({ linkedCases: 0, linkedOfficers: 0 });
});

/** @returns the hold */
async function place(name: string, ...on: string[]): Promise<string> {
  const words = [
    '--kind',
    '其他',
    '--number',
    `secret-${name}`,
    '--by',
    `secret-${name}-by`,
    '--reason',
    `secret-${name}-why`,
  ];
  const { code, stdout, stderr } = await program.run(['hold', 'place', ...words, ...on, '--json']);
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as { hold: string }).hold;
}
async function release(name: string, hold: string): Promise<void> {
  const words = ['hold', 'release', hold, '--by', `secret-${name}-off`, '--reason', `secret-${name}-over`];
  expect((await program.run(words)).code).toBe(0);
}
function expectHoldGone(name: string, hold: string): void {
  for (const part of ['', '-by', '-why', '-off', '-over']) expect(holds(`secret-${name}${part}`)).toEqual([]);
  const left = program.station.holds.holds(50).find((one) => one.hold === hold);
  expect(left).toMatchObject({ number: '', placedBy: '', releasedBy: '', officer: null, caseNumber: null });
}

test('of a complaint waits for its hold, and takes it along', async () => {
  const table = '投诉编号,渠道,受理时间,发生时间,内容\nT-1,12345,2026-11-19,2026-11-18,secret-complaint\n';
  const file = join(root, 'complaints.csv');
  writeFileSync(file, table);
  expect((await program.run(['complaints', 'import', file, '--effective', '2026-01-01'])).code).toBe(0);
  const confirmed = await program.run(['hold', 'confirm', 'T-1', '--clip', at(3), '--by', 'secret-T-by', '--json']);
  const { hold } = JSON.parse(confirmed.stdout) as { hold: string };
  const kept = await place('other', '--officer', 'JX1002');
  expect((await program.run(['delete', 'complaint', 'T-1', ...consent])).stderr).toContain('subject-on-hold');
  await release('T', hold);
  expect((await program.run(['delete', 'complaint', 'T-1', ...consent])).code).toBe(0);
  for (const word of ['secret-complaint', 'secret-T-by', 'secret-T-off', 'secret-T-over'])
    expect(holds(word)).toEqual([]);
  await expectSound();
  await release('other', kept);
  expect(program.station.holds.hold(kept)).toMatchObject({ number: 'secret-other', officer: 'JX1002' });
});

test('of a person overwrites links to that person and to the cases, by whomever, and keeps the clips and others', async () => {
  const [person, ofCase] = [await place('person', '--officer', 'JX1001'), await place('case', '--case', caseC)];
  const asked = ['delete', 'person', 'JX1001', ...consent, '--with-cases'];
  expect((await program.run(asked)).stderr).toContain('person-on-hold');
  await release('person', person);
  expect((await program.run(asked)).stderr).toContain('subject-on-hold');
  await release('case', ofCase);
  const { code, stderr } = await program.run(['delete', 'person', 'JX1001', ...consent, '--with-cases']);
  expect(code, stderr).toBe(0);
  expectHoldGone('person', person);
  expectHoldGone('case', ofCase);
  expect(holds('secret-other-by')).not.toEqual([]);
  const left = spoken().filter(({ said }) => said !== undefined);
  expect(left.map(({ said }) => said?.number)).not.toContain('JX1001');
  expect(left.map(({ said }) => said?.number)).not.toContain(caseA);
  for (const word of ['secret-his', 'secret-not-he-either', 'secret-not-this', '张三丰']) {
    expect(holds(word), word).toEqual([]);
  }
  expect(left.some(({ record }) => record.body.clip === at(3))).toBe(true);
  expect([...program.station.clips()].map(({ clip }) => clip).sort()).toEqual([at(0), at(3)].sort());
  await expectSound();
  // The station goes on: neither person nor case comes back.
  await program.station.links.decide();
  expect(program.station.links.linksOf(at(0)).case?.basis).not.toBe('automatic');
  expect(program.station.links.linksOf(at(3)).officer?.number).toBe('JX1002');
  await expectSound();
});

test('what is said of a person while the deletion reads the ledger goes as well', async () => {
  const { station } = program;
  const clipsOfHers = [at(0), at(3)];
  let isOver = false;
  const deleting = program.run(['delete', 'person', 'JX1002', ...consent]).finally(() => {
    isOver = true;
  });
  let said = 0;
  for (; !isOver && said < 3; said += 1) {
    const link = {
      clips: clipsOfHers,
      target: 'officer',
      number: 'JX1002',
      reason: 'secret-meanwhile',
      actor,
    } as const;
    await station.links.link(link).catch((error: unknown) => expect(error).toMatchObject({ code: 'officer-unknown' }));
  }
  expect((await deleting).code).toBe(0);
  expect(said).toBeGreaterThan(0);
  expect(holds('secret-meanwhile')).toEqual([]);
  await expectSound();
});
