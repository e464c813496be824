/**
 * Goal: where a recording says that it was made is taken in with it, counts when its case is looked for, is shown, and
 * is the same after a rebuild; a clip whose probe knew of no place is linked as before.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getCalendarDate } from '../../src/domain/people-facts.ts';
import { Registry } from '../../src/registry/registry.ts';
import { nmeaTrack } from '../../src/simulator/footage-bytes.ts';
import { systemActor } from '../../src/station/station-context.ts';
import { factRows } from '../../src/web/clip-facts-table.ts';
import { Formats } from '../../src/web/formats.ts';
import type { PageContext } from '../../src/web/page-context.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { InProcess } from '../support/in-process.ts';
import { ffmpeg } from './sample-media.ts';

const root = makeDiskFolder();
const card = join(root, 'card');
const officers = `执法证号,姓名,单位,岗位,在岗,证件状态,有效期至
JX1001,张三,一大队,路面执法,是,有效,2030-12-31
`;
const assignments = '执法证号,记录仪编号,起始,截止,方式\nJX1001,TA10001,2026-01-01,,个人\n';
/** Two at one time, of one officer: only the place tells them apart. */
const cases = `案号,单位,开始,结束,执法人员,状态,纬度,经度
晋交罚〔2026〕1号,一大队,2026-11-18 09:00,2026-11-18 10:00,JX1001,办理中,36.1000,113.1000
晋交罚〔2026〕2号,一大队,2026-11-18 09:00,2026-11-18 10:00,JX1001,办理中,35.4870,112.4140
`;
let program: InProcess;

beforeAll(async () => {
  const data = join(root, 'data');
  for (const folder of [data, card]) mkdirSync(folder);
  const picture = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=160x90:rate=5:duration=2',
    '-c:v',
    'libx264',
    '-pix_fmt',
    'yuv420p',
  ];
  const here = ['-metadata', 'location=+35.4868+112.4138+820.5/'];
  ffmpeg([...picture, ...here, join(card, 'TA10001_JX1001_20261118092000.mp4')]);
  ffmpeg([...picture, join(card, 'TA10001_JX1001_20261118094000.mp4')]);
  writeFileSync(
    join(card, 'track.nmea'),
    nmeaTrack(Date.parse('2026-11-18T01:00:00Z'), 60, () => 0.5),
  );
  program = await InProcess.open(data, 'engine: { kind: portable }\n');
  const { station } = program;
  for (const [kind, table] of Object.entries({ officers, assignments, cases })) {
    await station.people.import({
      kind: kind as 'officers',
      bytes: Buffer.from(table),
      effective: getCalendarDate('2026-01-01'),
      dryRun: false,
      allowPartial: false,
      actor: systemActor,
      onProgress: () => undefined,
    });
  }
  await station.intake.ingest(
    {
      kind: 'ingest',
      root: Buffer.from(card),
      recorder: 'TA10001',
      recorderBasis: 'given',
      rereadHeld: 'never',
      actor: systemActor,
      awaitsProbe: true,
    },
    { signal: new AbortController().signal, onEvent: () => undefined, onProgress: () => undefined },
  );
}, 60_000);

afterAll(async () => {
  await program.close();
  removeFolder(root);
});

const clipNamed = (name: string): string => {
  const clip = [...program.station.clips()].find(({ path }) => path.toString() === name)?.clip;
  if (clip === undefined) throw new Error(`there is no ${name}`);
  return clip;
};
const located = (): string => clipNamed('TA10001_JX1001_20261118092000.mp4');
const elsewhere = (): string => clipNamed('TA10001_JX1001_20261118094000.mp4');

test('the case that is near comes first, with the metres, and the far one says so', () => {
  const [first, second] = program.station.links.proposals(located());
  expect([first?.number, second?.number]).toEqual(['晋交罚〔2026〕2号', '晋交罚〔2026〕1号']);
  expect(first?.reasons).toContainEqual({ code: 'near-in-place', figure: 29 });
  expect(second?.reasons).toContainEqual({ code: 'far-in-place', figure: expect.any(Number) });
  expect((first?.score ?? 0) - (second?.score ?? 0)).toBe(27);
});

test('a clip without a place has both with one score', () => {
  const proposals = program.station.links.proposals(elsewhere());
  expect(proposals.map(({ score }) => score)).toEqual([proposals[0]?.score, proposals[0]?.score]);
  expect(proposals.flatMap(({ reasons }) => reasons.map(({ code }) => code))).not.toContain('near-in-place');
});

test('the facts on the page have it in both languages, and those of an older probe stay as they were', () => {
  const rowsOf = (clip: string, language: 'zh' | 'en'): string[] => {
    const facts = JSON.parse(program.station.context.registry.pages.clip(clip)?.facts ?? '{}');
    const context = { language, formats: new Formats(language, 'Asia/Shanghai') } as PageContext;
    return factRows(context, facts).map(([label, value]) => `${label}: ${String(value).replaceAll(/<[^>]+>/g, '')}`);
  };
  expect(rowsOf(located(), 'zh')).toContain('自称位置: 35.48680, 112.41380');
  expect(rowsOf(located(), 'en')).toContain('Place it states: 35.48680, 112.41380');
  expect(rowsOf(elsewhere(), 'zh').join()).not.toContain('位置');
  expect(rowsOf(clipNamed('track.nmea'), 'zh')).toEqual(
    expect.arrayContaining([
      '轨迹起点: 37.85000, 113.55000 · 2026-11-18 09:00:00',
      '轨迹终点: 37.85000, 113.55000 · 2026-11-18 09:00:59',
    ]),
  );
});

test('a rebuild gives the same rows', async () => {
  const { registry, ledger } = program.station.context;
  const expected = Registry.open(':memory:');
  await expected.replay(ledger.replay(0), ledger.size);
  expect(registry.differencesFrom(expected)).toEqual([]);
  expect(expected.links.clip(located())).toMatchObject({ latitude: 35.4868, longitude: 112.4138 });
  expect(expected.links.clip(elsewhere())).toMatchObject({ latitude: null, longitude: null });
  expected.close();
});
