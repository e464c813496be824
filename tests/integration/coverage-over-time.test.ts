/**
 * Goal: coverage over time is as known then: with a day and a state of knowledge fixed no part of any answer changes,
 * whatever is imported, corrected or undone later; what moved is told of then as of now; the units of a single top are
 * shown month by month; the look-back register has gaps that opened and closed between two ends of months.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { pino } from 'pino';
import readExcelFile from 'read-excel-file/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { type CalendarDate, getCalendarDate as day } from '../../src/domain/people-facts.ts';
import { Station } from '../../src/station.ts';
import { coverageSorts } from '../../src/web/coverage-query.ts';

const actor = { kind: 'person', id: 'os-user:0' } as const;
let dataFolder: string;
let station: Station;

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'evidock-coverage-time-'));
  station = await open();
});
afterEach(async () => {
  await station.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

async function open(): Promise<Station> {
  const configuration = parseConfiguration('engine: { kind: portable }\n', 'test');
  return Station.open({ dataFolder, configuration, log: pino({ level: 'silent' }), command: 'test', version: '0' });
}

async function take(kind: 'officers' | 'recorders' | 'assignments', effective: string, rows: readonly string[]) {
  const heads = {
    officers: '执法证号,姓名,单位,单位编码,上级单位,岗位,在岗,证件状态,有效期至',
    recorders: 'recorder_serial,model,state,state_since',
    assignments: '执法证号,记录仪编号,起始,截止,方式',
  };
  const result = await station.people.import({
    kind,
    bytes: Buffer.from([heads[kind], ...rows].join('\n')),
    effective: day(effective),
    dryRun: false,
    allowPartial: false,
    actor,
    onProgress: () => undefined,
  });
  expect(result.reading.problems).toEqual([]);
  return result;
}

const officers = [
  '1401,甲,交通局,J,,一线,是,有效,2030-12-31',
  '1402,乙,一大队,J1,J,一线,是,有效,2030-12-31',
  '1403,丙,一大队,J1,J,一线,是,有效,2030-12-31',
  '1404,丁,二大队,J2,J,一线,是,有效,2030-12-31',
];
const until = (officer: string, last: string) => officer.replace('2030-12-31', last);

/** 1402 has a gap from the 10th to the 12th of April, 1403 is issued one in May, 1404 leaves the count in June. */
async function takeAll(): Promise<void> {
  await take('officers', '2026-03-01', [...officers.slice(0, 3), until(officers[3] as string, '2026-06-10')]);
  await take('recorders', '2026-03-01', ['R1,K9,在用,', 'R2,K9,在用,', 'R3,K9,在用,', 'R9,K9,在用,']);
  await take('assignments', '2026-03-01', [
    '1401,R1,2026-03-01,,个人',
    '1402,R2,2026-03-01,2026-04-09,个人',
    '1402,R2,2026-04-13,,个人',
    '1403,R3,2026-05-04,,个人',
  ]);
}

async function correct(): Promise<void> {
  await take('recorders', '2026-04-20', [
    'R1,K9,丢失,2026-04-20',
    'R2,K9,在用,',
    'R3,K9,报废,2026-05-20',
    'R9,K9,在用,',
  ]);
  await take('officers', '2026-04-01', [
    '1401,甲甲,市交通局,J,,一线,是,有效,2030-12-31',
    '1402,乙,第一大队,J1,J,一线,是,有效,2030-12-31',
    '1403,丙,第一大队,J1,J,内勤,否,有效,2030-12-31',
    '1404,丁,二大队,J2,J,一线,是,有效,2030-12-31',
    '1405,一大队,一大队,J5,J,一线,是,有效,2030-12-31',
  ]);
  await take('assignments', '2026-05-01', ['1404,R9,2026-03-15,,个人']);
  await station.coverageBook.importBaseline({
    bytes: Buffer.from('年度,口径,单位,应配人数,已配人数,来源文件\n2024,ministry,,9,3,年报\n'),
    source: undefined,
    dryRun: false,
    actor,
  });
}

const asked = { profile: 'ministry', asOf: day('2026-07-15'), unit: undefined };
const knownNow = (): number => station.context.ledger.size - 1;

describe('with a day and a state of knowledge fixed', () => {
  it.each([undefined, 'J1', '一大队'])('nothing over time changes by what comes later (unit: %s)', async (unit) => {
    await takeAll();
    const knownAt = knownNow();
    const question = { ...asked, unit, knownAt };
    const before = await station.coverageAnswers.overTime(question);
    expect(before.months.flatMap(({ change }) => change?.parts.tally.issued ?? 0)).toContain(1);
    expect(before.coming.length).toBeGreaterThan(0);
    await correct();
    const told: number[] = [];
    const after = await station.coverageAnswers.overTime(question, { onProgress: (done) => told.push(done) });
    expect(after).toEqual(before);
    expect(told.length).toBeGreaterThan(0);
    expect(await station.coverageAnswers.overTime({ ...asked, unit })).not.toEqual(before);
  });

  it('nor figures, lists in any order, proposals, budget and forms', async () => {
    await takeAll();
    const knownAt = knownNow();
    const question = { ...asked, asOf: day('2026-04-11'), knownAt };
    const { coverage, coverageAnswers } = station;
    const all = async () => ({
      figures: await coverage.figures(question),
      unit: await coverage.figures({ ...question, unit: '一大队' }),
      lists: await Promise.all(
        coverageSorts.flatMap((sort) =>
          [true, false].map((descending) =>
            coverage.list({ ...question, status: 'gap', sort, descending, page: 1, pageSize: 9 }),
          ),
        ),
      ),
      stock: await coverage.stock(question),
      budget: await coverage.budget(question),
      forms: [
        (await coverageAnswers.formOf('rectification', question, 'zh')).sheets,
        (await coverageAnswers.formOf('look-back', question, 'zh')).sheets,
      ],
    });
    const before = await all();
    expect(before.lists[0]?.rows.map(({ certificateNo, gapSince }) => [certificateNo, gapSince])).toContainEqual([
      '1402',
      '2026-04-10',
    ]);
    await correct();
    expect(await all()).toEqual(before);
  });

  it('looking through the roster and the cache made of it say the same', async () => {
    await takeAll();
    const knownAt = knownNow();
    await correct();
    for (const unit of [undefined, 'J', 'J2']) {
      for (const asOf of ['2026-02-01', '2026-04-09', '2026-04-11', '2026-06-11'].map(day)) {
        const question = { ...asked, unit, knownAt };
        const [cached] = await station.coverage.series(question, [asOf]);
        expect(await station.coverage.figures({ ...question, asOf })).toEqual(cached);
      }
    }
  });

  it('what an import brought still counts after it was undone', async () => {
    await takeAll();
    const { import: brought } = await take(
      'officers',
      '2026-05-01',
      officers.map((one) => one.replace('是', '否')),
    );
    const question = { ...asked, knownAt: knownNow() };
    const before = await station.coverageAnswers.overTime(question);
    expect(before.today.population).toBe(0);
    await station.roster.undo({ import: brought as string, reason: 'wrong', actor });
    expect((await station.coverageAnswers.overTime(asked)).today.population).toBe(3);
    expect(await station.coverageAnswers.overTime(question)).toEqual(before);
  });
});

describe('caches of older states of knowledge', () => {
  it('are few, are let go, and are found again by the next process', async () => {
    await takeAll();
    const sequences: number[] = [];
    for (const last of ['2027-01-01', '2027-02-01', '2027-03-01', '2027-04-01']) {
      sequences.push(knownNow());
      await take('officers', '2026-06-01', [until(officers[0] as string, last), ...officers.slice(1)]);
    }
    const ask = (knownAt: number) => station.coverage.series({ ...asked, knownAt }, [asked.asOf]);
    const answers = await Promise.all(sequences.map(ask));
    for (const knownAt of sequences) await ask(knownAt);
    const folders = () => readdirSync(join(dataFolder, 'coverage')).filter((name) => name.startsWith('known-'));
    expect(folders().length).toBeLessThanOrEqual(2);
    await station.close();
    station = await open();
    expect(await Promise.all(sequences.map(ask))).toEqual(answers);
    await station.coverage.forget();
    expect(existsSync(join(dataFolder, 'coverage'))).toBe(false);
    expect(await ask(sequences[0] as number)).toEqual(answers[0]);
  });
});

it('others are answered between the days and the months that are counted', async () => {
  await takeAll();
  await station.coverageAnswers.figures(asked);
  let turns = 0;
  let isCounting = true;
  const turn = (): void => {
    turns += 1;
    if (isCounting) setImmediate(turn);
  };
  setImmediate(turn);
  const { months, coming } = await station.coverageAnswers.overTime(asked);
  isCounting = false;
  expect(coming.length).toBeGreaterThan(0);
  expect(turns).toBeGreaterThan(2 * months.length + coming.length);
});

describe('units by month', () => {
  it('are the parts of a single top, of the unit that was asked about, and its own people', async () => {
    await takeAll();
    const rates = ({ rows }: Awaited<ReturnType<typeof station.coverageAnswers.overTime>>['units']) =>
      rows.map(({ unit, months }) => [
        unit?.unitKey ?? null,
        months.map((one) => one && [one.covered, one.population]),
      ]);
    const whole = await station.coverageAnswers.overTime(asked);
    expect(whole.units.above).toEqual({ unitKey: 'J', name: '交通局' });
    expect(whole.units.days).toEqual(['2026-03-31', '2026-04-30', '2026-05-31', '2026-06-30', '2026-07-15']);
    const expected = [
      [
        'J1',
        [
          [1, 2],
          [1, 2],
          [2, 2],
          [2, 2],
          [2, 2],
        ],
      ],
      [
        'J2',
        [
          [0, 1],
          [0, 1],
          [0, 1],
          [0, 0],
          [0, 0],
        ],
      ],
      [
        null,
        [
          [1, 1],
          [1, 1],
          [1, 1],
          [1, 1],
          [1, 1],
        ],
      ],
    ];
    expect(rates(whole.units)).toEqual(expected);
    expect(rates((await station.coverageAnswers.overTime({ ...asked, unit: 'J' })).units)).toEqual(expected);
    expect((await station.coverageAnswers.overTime({ ...asked, unit: 'J1' })).units.rows).toEqual([]);
  });

  it('stand in the spreadsheet, the table, the paper and the JSON', async () => {
    await takeAll();
    const file = async (format: 'json' | 'csv' | 'xlsx' | 'html') =>
      Buffer.from((await station.coverageAnswers.trendFile(asked, format, 'zh')).bytes);
    const json = JSON.parse((await file('json')).toString());
    expect(json.units_by_month).toMatchObject({
      above: 'J',
      rows: [
        { unit: 'J1', name: '一大队' },
        { unit: 'J2' },
        { unit: null, months: [{ as_of: '2026-03-31', rate: 1 }, {}, {}, {}, {}] },
      ],
    });
    const sheets = await readExcelFile(await file('xlsx'));
    const units = sheets.find(({ sheet }) => sheet === '各单位各月配置率')?.data ?? expect.fail('no such sheet');
    expect(units.find(([name]) => name === '一大队')?.slice(1, 6)).toEqual([0.5, 0.5, 1, 1, 1]);
    const tables = (await file('csv')).toString().split('\r\n\r\n');
    const table = tables.map((text) => parse(text, { bom: true, relax_column_count: true }) as string[][]);
    expect(table.flat()).toContainEqual(['一大队', '0.5', '0.5', '1', '1', '1', '2', '0']);
    expect((await file('html')).toString()).toContain('<td>一大队</td>');
  });
});

it('complete since when: the day after the last gap, however far back', async () => {
  await take('officers', '2024-01-10', officers.slice(0, 2));
  await take('recorders', '2024-01-10', ['R1,K9,在用,', 'R2,K9,在用,']);
  await take('assignments', '2024-01-10', ['1401,R1,2024-01-01,,个人', '1402,R2,2024-02-20,,个人']);
  const since = async (asOf: string, profile = 'ministry') =>
    (await station.coverageAnswers.overTime({ ...asked, profile, asOf: day(asOf) })).completeSince;
  for (const profile of ['ministry', 'county']) {
    expect(await since('2024-02-19', profile)).toBeNull();
    expect(await since('2024-02-20', profile)).toBe('2024-02-20');
    expect(await since('2026-07-15', profile)).toBe('2024-02-20');
  }
  await take('recorders', '2026-06-20', ['R1,K9,维修,2026-06-20', 'R2,K9,在用,']);
  await take('recorders', '2026-06-22', ['R1,K9,在用,2026-06-22', 'R2,K9,在用,']);
  expect(await since('2026-06-21')).toBeNull();
  expect(await since('2026-07-15')).toBe('2026-06-22');
});

describe('the look-back register', () => {
  it('says of days before the first list of assignments that there was no recorder, not that one was to come', async () => {
    await take('officers', '2026-03-01', officers.slice(0, 1));
    await take('officers', '2026-03-05', officers.slice(0, 2));
    await take('recorders', '2026-03-10', ['R1,K9,在用,', 'R2,K9,在用,']);
    await take('assignments', '2026-03-10', ['1401,R1,2026-03-10,,个人', '1402,R2,2026-03-20,,个人']);
    expect((await rows('2026-03-01', '2026-03-15')).map(told)).toEqual([
      [
        '执法人员甲（执法证号 1401）自首次导入名册以前未配备执法记录仪：没有记录仪。',
        '已完成：2026-03-10 配备到位',
        '是',
        '否',
        '',
      ],
      [
        '执法人员乙（执法证号 1402）自 2026-03-05 起未配备执法记录仪：没有记录仪。',
        '未完成：配发日期未到',
        '否',
        '否',
        '',
      ],
    ]);
    const spans = await station.coverage.spansOf('ministry', '1402');
    expect(spans.map(({ from, reason }) => [from, reason]).slice(0, 2)).toEqual([
      ['2026-03-05', 'no-recorder'],
      ['2026-03-10', 'starts-later'],
    ]);
  });

  const rows = async (from: string, last: string, unit?: string): Promise<readonly (readonly unknown[])[]> => {
    const question = { ...asked, unit, asOf: day(last), from: day(from) as CalendarDate };
    return (await station.coverageAnswers.formOf('look-back', question, 'zh')).sheets[0]?.rows ?? [];
  };
  const told = (row: readonly unknown[] | undefined) => row?.slice(2, 7);

  it('has a gap that opened and closed within one month, and none that was over before', async () => {
    await takeAll();
    const april = await rows('2026-04-01', '2026-04-30', 'J1');
    expect(told(april.find((row) => String(row[2]).includes('1402')))).toEqual([
      '执法人员乙（执法证号 1402）自 2026-04-10 起未配备执法记录仪：配发日期未到。',
      '已完成：2026-04-13 配备到位',
      '是',
      '否',
      '',
    ]);
    expect(april.map((row) => row[0])).toEqual([1, 2]);
    // What the first roster says of the days before it was never closed, so nothing comes back of it.
    const month = { ...asked, since: day('2026-03-31'), asOf: day('2026-04-30') };
    expect(await station.coverage.changes(month)).toMatchObject({ gapsOpened: 1, gapsClosed: 1, rebounds: 0 });
    const has = async (from: string, last: string) =>
      (await rows(from, last)).some((row) => String(row[2]).includes('1402'));
    expect(await has('2026-04-10', '2026-04-10')).toBe(true);
    expect(await has('2026-04-12', '2026-05-01')).toBe(true);
    expect(await has('2026-04-13', '2026-05-01')).toBe(false);
    expect(await has('2026-03-01', '2026-04-09')).toBe(false);
    expect((await rows('2026-04-01', '2026-04-30', 'J2')).map((row) => String(row[2]).includes('1404'))).toEqual([
      true,
    ]);
  });

  it('tells every rebound, and of whoever left the count and came back a problem of its own', async () => {
    await take('officers', '2026-03-01', officers.slice(0, 1));
    await take('recorders', '2026-03-01', ['R1,K9,在用,']);
    await take('assignments', '2026-03-01', [
      '1401,R1,2026-03-05,2026-03-09,个人',
      '1401,R1,2026-03-12,2026-03-20,个人',
      '1401,R1,2026-04-02,2026-04-30,个人',
    ]);
    await take('officers', '2026-06-01', [(officers[0] as string).replace('是', '否')]);
    await take('officers', '2026-06-15', officers.slice(0, 1));
    const all = await rows('2026-03-01', '2026-06-30');
    expect(all.map(told)).toEqual([
      [
        '执法人员甲（执法证号 1401）自首次导入名册以前未配备执法记录仪：没有记录仪。',
        '已完成：2026-03-05 配备到位',
        '否',
        '是',
        '2026-03-10 再次缺配；2026-03-12 重新配备到位。2026-03-21 再次缺配；2026-04-02 重新配备到位。2026-05-01 再次缺配；2026-06-01 起不再统计：离岗。',
      ],
      [
        '执法人员甲（执法证号 1401）自 2026-06-15 起未配备执法记录仪：没有记录仪。',
        '未完成：没有记录仪',
        '否',
        '否',
        '',
      ],
    ]);
    expect((await rows('2026-06-16', '2026-06-30')).map((row) => row[2])).toEqual([all[1]?.[2]]);
  });
});
