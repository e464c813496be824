/**
 * Goal: officers are named for a case without a recording exactly where the station holds none that is tied to it,
 * whoever recorded it and however it was tied, on every boundary of the days looked at, as of any day and as known then;
 * and it is told whether they had a recorder at the time.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getCalendarDate as day } from '../../src/domain/people-facts.ts';
import { systemActor } from '../../src/station/station-context.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { InProcess } from '../support/in-process.ts';

const root = makeDiskFolder();
const actor = { kind: 'person', id: 'os-user:1' } as const;
let program: InProcess;
/** Before any recording was taken in; before one was deleted. */
const knownAt = { cases: 0, clips: 0 };

const number = (of: number): string => `晋交罚〔2026〕${of}号`;
const tables = {
  officers: `执法证号,姓名,单位,岗位,在岗,证件状态,有效期至
JX1001,张三丰,一大队,路面执法,是,有效,2030-12-31
JX1002,李思远,一大队,路面执法,是,有效,2030-12-31
JX1003,王小明,二大队,路面执法,是,有效,2030-12-31
`,
  assignments: `执法证号,记录仪编号,起始,截止,方式
JX1001,TA10001,2026-01-01,,个人
JX1002,TA10002,2026-01-01,,个人
JX1003,TA10003,2026-11-19,,个人
`,
};
const caseHead = '案号,系统编号,单位,开始,结束,执法人员,状态\n';
const caseRow = (of: string, key: string, officers: string, days = ['2026-11-18 09:00', '2026-11-18 10:00']) =>
  `${of},${key},一大队,${days.join(',')},${officers},办理中\n`;
const cases = [
  caseRow(number(11), 'K11', 'JX1001'),
  caseRow(number(12), 'K12', 'JX1001;JX1002'),
  caseRow(number(13), 'K13', 'JX1002'),
  caseRow(number(14), 'K14', 'JX1003'),
  caseRow(number(15), 'K15', 'JX1002'),
  caseRow(number(16), 'K16', 'JX1001;JX1002', ['2026-10-05 09:00', '2026-10-06 10:00']),
  caseRow(number(18), 'K18', 'JX1001'),
  caseRow(number(19), 'K19', 'JX9999', ['2026-11-19 09:00', '']),
];
const nameOf = (of: number, officer: string, time: string): string =>
  `police/video/20261118/${number(of)}_${officer}_video_20261118_${time}.mp4`;
const cards: Readonly<Record<string, readonly string[]>> = {
  TA10001: [
    nameOf(11, 'JX1001', '091000'),
    nameOf(12, 'JX1001', '092000'),
    'TA10001_JX1001_20261118120000.mp4',
    nameOf(18, 'JX1001', '093000'),
  ],
  TA10002: [nameOf(15, 'JX1002', '094000')],
};

/** A bitmap's header and the name: footage enough, and no two alike. */
function pictureOf(name: string): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(2, 18);
  header.writeInt32LE(2, 22);
  return Buffer.concat([header, Buffer.from(name)]);
}

async function take(kind: 'officers' | 'assignments' | 'cases', table: string, effective: string): Promise<void> {
  const { reading } = await program.station.people.import({
    kind,
    bytes: Buffer.from(table),
    effective: day(effective),
    dryRun: false,
    allowPartial: false,
    actor: systemActor,
    onProgress: () => undefined,
  });
  expect(reading.problems).toEqual([]);
}

async function ingest(recorder: string, names: readonly string[]): Promise<void> {
  const card = join(root, recorder);
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

const clipNamed = (name: string): string =>
  [...program.station.clips()].find(({ path }) => path.toString() === name)?.clip ?? expect.fail(`no clip ${name}`);
const last = (): number => program.station.context.ledger.size - 1;

const ask = (asOf: string, more: object = {}) =>
  program.station.coverage.casesWithoutRecording({ profile: undefined, unit: undefined, asOf: day(asOf), ...more });
/** Case, certificate and the recorder that they had. */
const told = async (asOf: string, more: object = {}) =>
  (await ask(asOf, more)).map(({ caseNumber, certificateNo, serial }) => [caseNumber, certificateNo, serial]);

beforeAll(async () => {
  const data = join(root, 'data');
  mkdirSync(data);
  program = await InProcess.open(data, 'engine: { kind: portable }\ncoverage: { useDays: 30 }\n');
  await take('officers', tables.officers, '2026-01-01');
  await take('assignments', tables.assignments, '2026-01-01');
  await take('cases', caseHead + cases.join(''), '2026-11-20');
  knownAt.cases = last();
  for (const [recorder, names] of Object.entries(cards)) await ingest(recorder, names);
  await program.station.links.decide();
  const said = { reason: 'his word', actor };
  // Somebody who is not on the case recorded it.
  await program.station.links.link({
    clips: [clipNamed('TA10001_JX1001_20261118120000.mp4')],
    target: 'case',
    number: number(13),
    ...said,
  });
  knownAt.clips = last();
});

afterAll(async () => {
  await program.close();
  removeFolder(root);
});

const never = [
  [number(19), 'JX9999', null],
  [number(14), 'JX1003', null],
];

describe('a case has a recording', () => {
  it('by a number in a name alone, by one of two officers, by somebody who is not on it', async () => {
    expect(await told('2026-11-20')).toEqual(never);
    expect((await ask('2026-11-20')).map(({ name, unit }) => [name, unit])).toEqual([
      ['', '一大队'],
      ['王小明', '二大队'],
    ]);
  });

  it('under whatever number it goes on', async () => {
    await take('cases', caseHead + caseRow(`${number(18)}之一`, 'K18', 'JX1001'), '2026-11-20');
    expect(await told('2026-11-20')).toEqual(never);
  });

  it('from the day on which it was recorded, and not before it was taken in', async () => {
    expect(await told('2026-11-17')).toEqual([]);
    const then = await told('2026-11-20', { knownAt: knownAt.cases });
    expect(then.map(([of]) => of).sort()).toEqual([11, 12, 12, 13, 14, 15, 18, 19].map((of) => number(of)).sort());
    // The case of the 18th, on the 18th: its recordings are of that day.
    expect((await told('2026-11-18')).map(([of]) => of)).toEqual([number(14)]);
  });

  it('no more where a person took the link away, which changes nothing of what was known then', async () => {
    const clip = clipNamed('TA10001_JX1001_20261118120000.mp4');
    await program.station.links.unlink({ clips: [clip], target: 'case', reason: 'not this one', actor });
    expect(await told('2026-11-20')).toEqual([[number(13), 'JX1002', 'TA10002'], ...never].sort(byOfficer));
    expect(await told('2026-11-20', { knownAt: knownAt.clips })).toEqual(never);
    await program.station.links.link({ clips: [clip], target: 'case', number: number(13), reason: 'yes', actor });
    expect(await told('2026-11-20')).toEqual(never);
  });
});

const byOfficer = (a: readonly unknown[], b: readonly unknown[]): number =>
  unitOf(a) - unitOf(b) || String(a[1]).localeCompare(String(b[1]));
const unitOf = ([, certificate]: readonly unknown[]): number => (certificate === 'JX1003' ? 1 : 0);

describe('the days looked at', () => {
  const october = [
    [number(16), 'JX1001', 'TA10001'],
    [number(16), 'JX1002', 'TA10002'],
  ];
  it.each<[string, string, boolean]>([
    ['the day before it began', '2026-10-04', false],
    ['its first day', '2026-10-05', true],
    ['a month without any clip', '2026-10-31', true],
    ['its last day is the first of the 30', '2026-11-04', true],
    ['its last day is a day before them', '2026-11-05', false],
  ])('%s', async (_, asOf, isTold) => {
    expect(await told(asOf)).toEqual(isTold ? october : []);
  });

  it('an open case counts from its first day on, without an end', async () => {
    const of19 = async (asOf: string) => (await told(asOf)).some(([of]) => of === number(19));
    expect([await of19('2026-11-18'), await of19('2026-11-19'), await of19('2027-11-18')]).toEqual([false, true, true]);
  });
});

it('tells who had a recorder then: an act before it was assigned was without', async () => {
  const of14 = async (asOf: string) => (await told(asOf)).find(([of]) => of === number(14));
  expect(await of14('2026-11-20')).toEqual([number(14), 'JX1003', null]);
  await take('assignments', `${tables.assignments}JX1003,TA10004,2026-11-10,2026-11-18,公用\n`, '2026-11-10');
  expect(await of14('2026-11-20')).toEqual([number(14), 'JX1003', 'TA10004']);
});

it('is of one unit where one is asked, and stands in a form', async () => {
  expect((await told('2026-11-20', { unit: '二大队' })).map(([of]) => of)).toEqual([number(14)]);
  const asked = { profile: undefined, asOf: day('2026-11-20'), unit: undefined };
  const { sheets } = await program.station.coverageAnswers.formOf('unrecorded-cases', asked, 'zh');
  expect(sheets[0]?.rows).toEqual([
    [1, number(19), '', 'JX9999', '一大队', '未配发'],
    [2, number(14), '王小明', 'JX1003', '二大队', 'TA10004'],
  ]);
});

it('a recording that was lawfully deleted is not counted, and the form says so', async () => {
  const consent = ['--rule', 'PIPL 47', '--reason', 'period over', '--requested-by', '李四', '--approved-by', '王五'];
  const words = ['delete', 'clip', clipNamed(nameOf(15, 'JX1002', '094000')), ...consent, '--override'];
  const { code, stderr } = await program.run(words);
  expect(code, stderr).toBe(0);
  expect((await told('2026-11-20')).map(([of]) => of)).toContain(number(15));
  const asked = { profile: undefined, asOf: day('2026-11-20'), unit: undefined };
  const { sheets } = await program.station.coverageAnswers.formOf('unrecorded-cases', asked, 'zh');
  expect(sheets[0]?.notes?.join()).toContain('依法删除的录像不再可查');
});
