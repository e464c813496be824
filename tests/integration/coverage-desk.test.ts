/**
 * Goal: the desk answers figures, lists, changes, stock and the budget of a real station, narrowed to a unit and all
 * below it, now and as it was known before; a thread builds the cache of a large roster; a cache that is wrong, cut off
 * or of another configuration is never believed.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import readExcelFile from 'read-excel-file/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { coverageCsv } from '../../src/coverage/coverage-report.ts';
import { addDays } from '../../src/domain/day-number.ts';
import type { CalendarDate } from '../../src/domain/people-facts.ts';
import { Station } from '../../src/station.ts';
import { codeText } from '../../src/texts/code-texts.ts';

const day = (text: string): CalendarDate => text as CalendarDate;
const actor = { kind: 'person', id: 'os-user:0' } as const;

let dataFolder: string;
let station: Station;

async function open(): Promise<Station> {
  const configuration = parseConfiguration('engine: { kind: portable }\n', 'test');
  return Station.open({ dataFolder, configuration, log: pino({ level: 'silent' }), command: 'test', version: '0' });
}

async function take(kind: 'officers' | 'recorders' | 'assignments', effective: string, table: string): Promise<void> {
  const result = await station.people.import({
    kind,
    bytes: Buffer.from(table),
    effective: day(effective),
    dryRun: false,
    allowPartial: false,
    actor,
    onProgress: () => undefined,
  });
  expect(result.reading.problems).toEqual([]);
}

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'evidock-coverage-desk-'));
  station = await open();
});
afterEach(async () => {
  await station.close();
  rmSync(dataFolder, { recursive: true, force: true });
});
const roster = [
  '执法证号,姓名,单位,单位编码,上级单位,岗位,在岗,证件状态,有效期至',
  '1401,甲,交通局,J,,一线,是,有效,2030-12-31',
  '1402,乙,一大队,J1,J,一线,是,有效,2030-12-31',
  '1403,丙,一大队,J1,J,一线,是,有效,2030-12-31',
  '1404,丁,一中队,J11,J1,一线,是,有效,2030-12-31',
  '1405,戊,二大队,J2,J,内勤,是,有效,2030-12-31',
  '1406,己,二大队,J2,J,一线,否,有效,2030-12-31',
].join('\n');

async function takeAll(): Promise<void> {
  await take('officers', '2026-03-01', roster);
  await take('recorders', '2026-03-01', 'recorder_serial,model,state\nR1,K9,在用\nR2,K9,在用\nR3,K9,维修\nR4,K9,在用');
  await take(
    'assignments',
    '2026-03-01',
    '执法证号,记录仪编号,起始,截止,方式\n1402,R1,2026-03-01,2026-03-31,个人\n1403,R3,2026-03-01,,个人',
  );
}

const asked = { profile: 'ministry', asOf: day('2026-03-10'), unit: undefined };

describe('the coverage desk', () => {
  it('gives a unit as the sum of its children and its own, down the tree', async () => {
    await takeAll();
    const whole = await station.coverage.figures(asked);
    expect(whole).toMatchObject({
      population: 4,
      covered: 1,
      missing: 3,
      reasons: { 'no-recorder': 2, 'in-repair': 1 },
    });
    expect(whole.units).toMatchObject([{ unitKey: 'J', population: 4, own: { population: 1, covered: 0 } }]);
    const below = await station.coverage.figures({ ...asked, unit: 'J' });
    expect(below.units.map(({ unitKey, population, covered }) => [unitKey, population, covered])).toEqual([
      ['J1', 3, 1],
      ['J2', 0, 0],
    ]);
    expect(below.unitPath).toMatchObject([{ unitKey: 'J', name: '交通局' }]);
    for (const unit of ['J1', '一大队']) {
      expect(await station.coverage.figures({ ...asked, unit })).toMatchObject({ population: 3, covered: 1 });
      const { answer } = await station.coverage.report({ ...asked, unit });
      expect(answer).toMatchObject({ population: 3, covered: 1, unit });
    }
    await expect(station.coverage.figures({ ...asked, unit: 'J9' })).rejects.toMatchObject({ code: 'unit-unknown' });
  });

  it('lists gaps by page with reason, clause and since when', async () => {
    await takeAll();
    const list = (more: object) =>
      station.coverage.list({ ...asked, asOf: day('2026-04-05'), page: 1, pageSize: 2, ...more });
    const gaps = await list({ status: 'gap' });
    expect(gaps.total).toBe(4);
    expect(gaps.rows.map(({ certificateNo, gap, gapSince }) => [certificateNo, gap?.reason, gapSince])).toEqual([
      ['1401', 'no-recorder', null],
      // Its recorder was to be handed back on the last day of March.
      ['1402', 'no-recorder', '2026-04-01'],
    ]);
    expect(gaps.rows[0]?.clause).toBe('交办法〔2024〕25号 二(四)3');
    expect((await list({ status: 'gap', page: 2 })).rows.map(({ certificateNo }) => certificateNo)).toEqual([
      '1403',
      '1404',
    ]);
    expect((await list({ status: 'out' })).rows.map(({ outOfPopulation }) => outOfPopulation)).toEqual([
      ['not-front-line'],
      ['not-on-duty'],
    ]);
    const sorted = async (sort: string) =>
      (await list({ status: 'gap', sort })).rows.map(({ certificateNo }) => certificateNo);
    expect(await sorted('reason')).toEqual(['1403', '1401']);
    expect(await sorted('name')).toEqual(['1404', '1403']);
    expect(await sorted('since')).toEqual(['1402', '1401']);
    expect((await list({ reason: 'in-repair' })).rows.map(({ gap }) => gap?.serial)).toEqual(['R3']);
    expect((await list({ unit: 'J1', status: 'gap' })).total).toBe(3);
  });

  it('takes a period apart, tells one officer over time, proposes and adds up what to buy', async () => {
    await takeAll();
    const changes = await station.coverage.changes({ ...asked, since: day('2026-03-31'), asOf: day('2026-04-30') });
    expect(changes).toMatchObject({
      moves: [{ from: 'covered', to: 'gap', toReason: 'no-recorder', persons: 1 }],
      gapsOpened: 1,
      gapsClosed: 0,
    });
    const spans = await station.coverage.spansOf('ministry', '1402');
    expect(spans.slice(-3)).toMatchObject([
      { standing: 'covered', from: '2026-03-01', until: '2026-04-01' },
      { standing: 'gap', from: '2026-04-01', until: '2031-01-01' },
      { standing: 'out', from: '2031-01-01', until: null, reason: 'certificate-expired' },
    ]);
    const stock = await station.coverage.stock(asked);
    expect(stock.idle.map(({ serial }) => serial)).toEqual(['R2', 'R4']);
    expect(stock.proposals).toHaveLength(2);
    // A list of recorders may write a unit by its name, where rosters have codes.
    await take('recorders', '2026-03-02', 'recorder_serial,model,state,公用单位\nR4,K9,在用,一大队');
    // J1 itself only waits for a repair, so the nearest below it comes before J above.
    const named = await station.coverage.stock(asked);
    expect(named.idle.find(({ serial }) => serial === 'R4')).toMatchObject({ unitKey: 'J1', unit: '一大队' });
    expect(named.proposals.find(({ serial }) => serial === 'R4')).toMatchObject({ fromUnit: 'J1', toUnit: 'J11' });
    expect((await station.coverage.stock({ ...asked, unit: 'J1' })).idle.map(({ serial }) => serial)).toEqual(['R4']);
    expect(await station.coverage.budget(asked)).toMatchObject({
      total: { gap: 3, fromIdle: 2, fromRepair: 1, spare: 0, toBuy: 0, costFen: null },
    });
  });

  it('gives stock and proposals as files, each list whole, and the same in each form', async () => {
    await takeAll();
    await take('assignments', '2026-03-02', '执法证号,记录仪编号,起始,截止,方式\n1406,R4,2026-03-02,,个人');
    const file = async (format: 'json' | 'csv' | 'xlsx' | 'html', unit?: string) =>
      Buffer.from((await station.coverageAnswers.stockFile({ ...asked, unit }, format, 'zh')).bytes);
    expect(JSON.parse((await file('json')).toString())).toMatchObject({
      profile: 'ministry',
      as_of: '2026-03-10',
      unit: null,
      proposals: [{ recorder_serial: 'R2', certificate_no: '1401', to_unit_code: 'J', reason: 'no-recorder' }],
      idle: [{ recorder_serial: 'R2', model: 'K9', unit: null }],
      outside: [
        { recorder_serial: 'R4', certificate_no: '1406', name: '己', unit_code: 'J2', reasons: ['not-on-duty'] },
      ],
      in_repair: [{ recorder_serial: 'R3' }],
    });
    const sheets = await readExcelFile(await file('xlsx'));
    expect(sheets.map(({ sheet }) => sheet)).toEqual([
      '调配建议',
      '库存记录仪',
      '不计入人员手中的记录仪',
      '维修中的记录仪',
    ]);
    expect(sheets[0]?.data).toContainEqual([1, 'R2', 'K9', null, '交通局', '甲', '1401', '没有记录仪', null]);
    expect((await file('csv')).toString()).toContain('R4,己,1406,二大队,离岗\r\n');
    expect((await file('html')).toString()).toContain('<td>离岗</td>');
    expect(JSON.parse((await file('json', 'J1')).toString())).toMatchObject({ unit: 'J1', outside: [], idle: [] });
  });

  it('answers as it was known then, whatever is corrected later, and says how much was', async () => {
    await takeAll();
    const knownAt = (await station.coverage.figures(asked)).knownAt;
    const then = await station.coverage.report({ ...asked, knownAt });
    await take('recorders', '2026-03-05', 'recorder_serial,model,state,state_since\nR1,K9,丢失,2026-03-05 12:00');
    // Lost at noon: that day counts as lost.
    expect(await station.coverage.figures({ ...asked, asOf: day('2026-03-05') })).toMatchObject({ covered: 0 });
    expect(await station.coverage.figures({ ...asked, asOf: day('2026-03-04') })).toMatchObject({ covered: 1 });
    expect(await station.coverage.figures({ ...asked, knownAt })).toMatchObject({ covered: 1, missing: 3, knownAt });
    const again = await station.coverage.report({ ...asked, knownAt });
    expect({ ...again, correctionsSince: null }).toEqual({ ...then, correctionsSince: null });
    expect([then.correctionsSince?.recorders, again.correctionsSince?.recorders]).toEqual([0, 1]);
    expect((await station.coverage.list({ ...asked, knownAt, status: 'gap', page: 1, pageSize: 9 })).total).toBe(3);
  });

  it('never believes a cache that is wrong, cut off, or of another registry', async () => {
    await takeAll();
    const right = await station.coverage.figures(asked);
    const folder = join(dataFolder, 'coverage');
    await station.close();
    const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.db'));
    const db = new Database(join(folder, name));
    db.prepare(`UPDATE spans SET codes = '00' || substr(codes, 3) WHERE certificate = '1402'`).run();
    db.close();
    writeFileSync(join(folder, '9.db.part'), 'half of a build');
    station = await open();
    const rows = (await station.coverage.list({ ...asked, page: 1, pageSize: 20 })).rows;
    expect(rows.map(({ certificateNo, status }) => [certificateNo, status])).toContainEqual(['1402', 'covered']);
    expect(readdirSync(folder).filter((file) => file.endsWith('.part'))).toEqual([]);
    expect(readdirSync(folder)).not.toContain(name);
    await station.close();
    for (const file of readdirSync(folder)) writeFileSync(join(folder, file), 'no database');
    station = await open();
    expect(await station.coverage.figures(asked)).toMatchObject({ covered: right.covered, missing: right.missing });
    await station.close();
    rmSync(folder, { recursive: true });
    station = await open();
    expect((await station.coverage.figures(asked)).covered).toBe(right.covered);
    expect(existsSync(join(folder, '1.db'))).toBe(true);
  });

  it('has a large roster worked through by a thread, and goes on by what changed', async () => {
    const many = Array.from(
      { length: 5_100 },
      (_, at) => `14${10_000 + at},${'甲乙丙'[at % 3]},大队${at % 7},一线,是,有效,2030-12-31`,
    );
    await take('officers', '2026-03-01', `执法证号,姓名,单位,岗位,在岗,证件状态,有效期至\n${many.join('\n')}`);
    const told: number[] = [];
    const whole = await station.coverage.figures(asked, { onProgress: (done) => told.push(done) });
    expect(whole).toMatchObject({ population: 5_100, covered: 0 });
    expect(told.at(-1)).toBe(5_100);
    const page = { ...asked, page: 1, pageSize: 2 };
    const lastByName = await station.coverage.list({ ...page, sort: 'name', page: 2_550 });
    expect(lastByName.total).toBe(5_100);
    expect(lastByName.rows.map(({ name, certificateNo }) => name + certificateNo)).toEqual(['甲1415094', '甲1415097']);
    const byCertificate = await station.coverage.list({
      ...page,
      unit: '大队3',
      sort: 'certificate',
      descending: true,
    });
    expect(byCertificate.rows.map(({ certificateNo }) => certificateNo)).toEqual(['1415099', '1415092']);
    // Forms tell everybody, however many there are.
    expect((await station.coverage.gaps(asked)).size).toBe(5_100);
    const { sheets } = await station.coverageAnswers.formOf('rectification', asked, 'zh');
    expect(sheets[0]?.rows).toHaveLength(5_100);
    await expectMadeInThread();
    const few = many.slice(0, 40).map((line) => line.replace('有效', '暂扣'));
    await take(
      'officers',
      addDays(asked.asOf, -1),
      `执法证号,姓名,单位,岗位,在岗,证件状态,有效期至\n${few.join('\n')}`,
    );
    expect(await station.coverage.figures(asked)).toMatchObject({ population: 5_060 });
    expect((await station.coverage.list({ ...asked, status: 'out', page: 2, pageSize: 30 })).rows).toHaveLength(10);
  });
});

/** Files, gaps, stock and budget of a roster that a thread looks through say what every single verdict says. */
async function expectMadeInThread(): Promise<void> {
  const idle = Array.from({ length: 40 }, (_, at) => `R${at},K9,在用,大队${at % 7}`).join('\n');
  const { knownAt } = await station.coverage.figures(asked);
  await take('recorders', '2026-03-02', `recorder_serial,model,state,公用单位\n${idle}`);
  const report = await station.coverage.report(asked);
  expect(report.answer.verdicts).toHaveLength(5_100);
  const { bytes } = await station.coverageAnswers.file(asked, 'csv', 'zh');
  const csv = Buffer.from(bytes).toString();
  expect(csv).toBe(coverageCsv(report, (reason) => codeText('gap', reason, 'zh').word));
  expect(csv.split('\r\n')).toHaveLength(5_102);
  const workbook = await station.coverageAnswers.form('rectification', asked, 'xlsx', 'zh');
  const [read] = await readExcelFile(Buffer.from(workbook.bytes));
  // Title, three lines, headings.
  expect(read?.data).toHaveLength(5_105);
  expect([...(await station.coverage.gaps(asked)).keys()].sort()).toEqual(
    report.answer.verdicts.map(({ person }) => person).sort(),
  );
  expect((await station.coverage.gaps({ ...asked, knownAt })).size).toBe(5_100);
  const stock = await station.coverage.stock(asked);
  expect([stock.idle.length, stock.proposals.length, stock.waiting.length]).toEqual([40, 40, 40]);
  expect(stock.proposals.every(({ fromUnit, toUnit }) => fromUnit === toUnit)).toBe(true);
  const budget = await station.coverage.budget(asked);
  expect(budget.lines.map(({ gap }) => gap)).toEqual([729, 729, 729, 729, 728, 728, 728]);
  expect(budget.total).toMatchObject({ gap: 5_100, fromIdle: 40, toBuy: 5_060 });
  const then = { ...asked, knownAt, sort: 'name', page: 102, pageSize: 50 } as const;
  expect((await station.coverage.list(then)).rows.at(-1)).toMatchObject({ name: '甲', certificateNo: '1415097' });
  expect((await station.coverage.figures({ ...asked, knownAt, unit: '大队3' })).missing).toBe(729);
  const lookBack = station.coverageAnswers.form('look-back', asked, 'html', 'zh');
  await expect(lookBack).rejects.toMatchObject({ code: 'form-too-long' });
}
