// Goal: a roster by command does what the issue asks: differences first, persons over several certificates, units,
// renewals without a gap, questions about whoever is not named, undoing, and every past day as it was. Real station.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { versionsAsOf } from '../../src/domain/history.ts';
import { type CalendarDate, getCalendarDate, type OfficerFacts } from '../../src/domain/people-facts.ts';
import { personStandingOn } from '../../src/domain/person-standing.ts';
import { unitTreeOn } from '../../src/domain/unit-tree.ts';
import type { PeopleImportRequest } from '../../src/people/people-import.ts';
import { AuditDesk } from '../../src/station/audit-desk.ts';
import { PageAnswers } from '../../src/station/page-answers.ts';
import { PeoplePages } from '../../src/station/people-pages.ts';
import type { PreviewDesk } from '../../src/station/preview-desk.ts';
import { Station } from '../../src/station.ts';
import { buildWebApp } from '../../src/web/build-web-app.ts';
import { runFsck } from '../support/checked-store.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { sheetData, workbookBytes } from '../support/workbook-files.ts';

const folder = makeDiskFolder();
const actor = { kind: 'person', id: 'test' } as const;
const day = getCalendarDate;
const today = day('2026-07-20');
let number = 0;
let dataFolder: string;
let station: Station;

const heads = [
  '证件编号',
  '姓名',
  '单位',
  '单位编码',
  '上级单位',
  '岗位',
  '证件状态',
  '人员编号',
  '原执法证号',
  '发证日期',
  '有效期至',
];
const line = (certificate: string, more: Partial<Record<string, string>> = {}): string[] =>
  heads.map(
    (head) =>
      ({
        证件编号: certificate,
        姓名: `张${certificate}`,
        单位: '一大队',
        单位编码: 'U1',
        上级单位: 'U0',
        岗位: '路面执法',
        证件状态: '有效',
        有效期至: '2026-06-30',
        ...more,
      })[head] ?? '',
  );
const csv = (...rows: string[][]): Buffer => Buffer.from([heads, ...rows].map((row) => row.join(',')).join('\n'));

const open = (): Promise<Station> => {
  const configuration = parseConfiguration(
    "people:\n  columns:\n    - { table: roster, column: post, headings: ['干什么的'] }\n",
    'test',
  );
  return Station.open({ dataFolder, configuration, log: pino({ level: 'silent' }), command: 'test', version: 'test' });
};

const take = (effective: string, bytes: Uint8Array, more: Partial<PeopleImportRequest> = {}) =>
  station.people.import({
    kind: 'officers',
    bytes,
    effective: day(effective),
    dryRun: false,
    allowPartial: false,
    actor,
    onProgress: () => undefined,
    ...more,
  });

const officersOn = (asOf: string): Map<string, OfficerFacts> => {
  const held = versionsAsOf(station.context.registry.people.versions('officers'), { asOf: day(asOf) });
  return new Map(Array.from(held, ([key, { facts }]) => [key, facts]));
};
const standingOn = (certificate: string, asOf: string) =>
  personStandingOn(station.context.registry.people.certificatesOfHolder(certificate), { asOf: day(asOf) })?.standing
    .kind;
const unitsOn = (asOf: CalendarDate) => unitTreeOn(station.context.registry.people.versions('units'), asOf);

async function begin(): Promise<void> {
  if (number > 0) await station.close();
  number += 1;
  dataFolder = join(folder, `data-${number}`);
  mkdirSync(dataFolder);
  station = await open();
}

beforeAll(begin);
afterAll(async () => {
  await station.close();
  removeFolder(folder);
});

describe('persons', () => {
  test('a certificate with a new number is the same person, without a gap, and nobody asks about the old one', async () => {
    await begin();
    await take('2026-01-01', csv(line('1001', { 人员编号: 'P1' }), line('1002', { 人员编号: 'P2' }), line('1003')));
    const renewed = { 有效期至: '2032-06-30', 发证日期: '2026-07-01' };
    const result = await take(
      '2026-07-10',
      csv(
        line('2001', { 人员编号: 'P1', ...renewed }),
        line('1002', { 人员编号: 'P2', ...renewed }),
        line('2003', { 原执法证号: '1003', ...renewed, 发证日期: '' }),
      ),
    );
    expect(result.difference.added.map(({ key }) => key)).toEqual(['2001', '2003']);
    expect(result.difference.missing).toEqual([]);
    expect(station.roster.questions(today)).toEqual([]);
    const people = officersOn('2026-07-10');
    expect(people.get('2001')?.person).toBe(officersOn('2026-01-01').get('1001')?.person);
    expect(people.get('2003')?.person).toBe(officersOn('2026-01-01').get('1003')?.person);
    const days = ['2026-06-30', '2026-07-01', '2026-07-09', '2026-07-10', '2026-12-31'];
    for (const certificate of ['1001', '2001', '1002']) {
      expect(days.map((asOf) => standingOn(certificate, asOf))).toEqual(days.map(() => 'valid'));
    }
    expect(days.map((asOf) => standingOn('1003', asOf))).toEqual(['valid', 'open', 'open', 'valid', 'valid']);
    expect(station.roster.status(today)).toMatchObject({ persons: 3, certificates: 3, questions: 0 });
    // The recorder was given to the old certificate and stays with the person.
    await take('2026-01-01', Buffer.from('记录仪编号,型号,状态\nR1,X,在用\n'), { kind: 'recorders' });
    const assigned = '执法证号,记录仪编号,起始,截止,方式\n1001,R1,2026-01-01,,个人\n';
    await take('2026-01-01', Buffer.from(assigned), { kind: 'assignments' });
    for (const asOf of days) {
      const figures = await station.coverage.figures({ profile: 'county', asOf: day(asOf), unit: undefined });
      expect([asOf, figures.population, figures.covered]).toEqual([asOf, 3, 1]);
    }
  });

  test('two certificates of one person count once; numbers that contradict are told with line and reason', async () => {
    await begin();
    await take(
      '2026-01-01',
      csv(line('1001', { 人员编号: 'P1' }), line('1002', { 人员编号: 'P1' }), line('1003', { 人员编号: 'P3' })),
    );
    expect(station.roster.status(today)).toMatchObject({ persons: 2, certificates: 3 });
    const { import: id, reading } = await take(
      '2026-02-01',
      csv(line('1001', { 人员编号: 'P1' }), line('1009', { 人员编号: 'P9', 原执法证号: '1003' })),
    );
    expect(id).toBeNull();
    expect(reading.problems).toMatchObject([{ line: 3, value: '1003', reason: 'previous-of-another-person' }]);
  });
});

describe('units', () => {
  test('come with the roster, above by code or by name, and are what they were on each day', async () => {
    await begin();
    await take(
      '2026-01-01',
      csv(
        line('1', { 单位: '支队', 单位编码: 'U0', 上级单位: '' }),
        line('2'),
        line('3', { 单位: '二大队', 单位编码: 'U2', 上级单位: '支队' }),
      ),
    );
    await take(
      '2026-03-01',
      csv(
        line('1', { 单位: '支队', 单位编码: 'U0', 上级单位: '' }),
        line('2'),
        line('3', { 单位: '二大队', 单位编码: 'U2', 上级单位: '一大队' }),
      ),
    );
    expect(unitsOn(day('2026-02-01')).get('U2')).toMatchObject({ name: '二大队', parent: 'U0' });
    expect(unitsOn(day('2026-03-01')).get('U2')).toMatchObject({ parent: 'U1' });
    const wrong = await take(
      '2026-04-01',
      csv(line('2', { 上级单位: 'U2' }), line('3', { 单位: '二大队', 单位编码: 'U2', 上级单位: 'U1' })),
    );
    expect(wrong.reading.problems.map(({ reason, line: at }) => [at, reason])).toEqual([
      [2, 'unit-below-itself'],
      [3, 'unit-below-itself'],
    ]);
    expect(wrong.import).toBeNull();
  });
});

describe('whoever is not named', () => {
  test('is asked about, not deleted; an answer holds until a newer roster leaves them out again', async () => {
    await begin();
    await take('2026-01-01', csv(line('1001'), line('1002'), line('1003')));
    const { difference } = await take('2026-02-01', csv(line('1001')));
    expect(difference.missing.map(({ key }) => key)).toEqual(['1002', '1003']);
    expect(officersOn('2026-02-01').size).toBe(3);
    const asked = () => station.roster.questions(today).map(({ certificateNo }) => certificateNo);
    expect(asked()).toEqual(['1002', '1003']);
    const answer = { reason: '退休', actor };
    await station.roster.answer({ certificateNo: '1002', answer: 'left', on: day('2026-01-15'), ...answer }, today);
    await station.roster.answer({ certificateNo: '1003', answer: 'stays', on: undefined, ...answer }, today);
    expect(asked()).toEqual([]);
    expect(standingOn('1002', '2026-01-14')).toBe('valid');
    expect(standingOn('1002', '2026-01-15')).toBe('left');
    await expect(
      station.roster.answer({ certificateNo: '1001', answer: 'stays', on: undefined, ...answer }, today),
    ).rejects.toMatchObject({ code: 'roster-not-asked' });
    await take('2026-03-01', csv(line('1001')));
    expect(asked()).toEqual(['1003']);
  });

  test('is not asked about after a supplement, nor when the row was there but wrong', async () => {
    await begin();
    await take('2026-01-01', csv(line('1001'), line('1002')));
    await take('2026-02-01', csv(line('1003')), { isSupplement: true });
    expect(station.roster.questions(today)).toEqual([]);
    const { difference } = await take('2026-03-01', csv(line('1001', { 证件状态: '不明' }), line('1003')), {
      allowPartial: true,
    });
    expect(difference.missing.map(({ key }) => key)).toEqual(['1002']);
    expect(station.roster.questions(today).map(({ certificateNo }) => certificateNo)).toEqual(['1002']);
  });
});

describe('imports', () => {
  test('what the file has no column for stays as it is known; own headings are read', async () => {
    await begin();
    await take('2026-01-01', csv(line('1001', { 人员编号: 'P1', 发证日期: '2020-01-01' })));
    const short = Buffer.from(
      '执法证号,姓名,单位,干什么的,证件状态,有效期至\n1001,张1001,一大队,内勤,有效,2026-06-30\n',
    );
    const { difference } = await take('2026-02-01', short);
    expect(difference.changed.map(({ fields }) => fields)).toEqual([[{ field: 'post', from: '路面执法', to: '内勤' }]]);
    expect(officersOn('2026-02-01').get('1001')).toMatchObject({
      personNo: 'P1',
      issuedOn: '2020-01-01',
      unitCode: 'U1',
    });
  });

  test('a workbook and a CSV of the same table say the same', async () => {
    await begin();
    const rows = [line('1001'), line('1002', { 有效期至: '2028年2月29日' })];
    await take(
      '2026-01-01',
      workbookBytes({ sheets: [{ name: '名册', xml: sheetData([['某县名册'], heads, ...rows]) }] }),
    );
    const { difference } = await take('2026-02-01', csv(...rows), { dryRun: true });
    expect(difference).toMatchObject({ added: [], changed: [], missing: [] });
    expect(difference.unchanged).toHaveLength(2);
  });

  test('are listed with who and what, and undone as if they had never been, what later ones say staying true', async () => {
    await begin();
    await take('2026-01-01', csv(line('1001', { 岗位: '内勤' }), line('1002')));
    const february = await take('2026-02-01', csv(line('1001'), line('1002'), line('1003', { 单位编码: 'U7' })), {
      fileName: '二月.csv',
    });
    await take('2026-03-01', csv(line('1001'), line('1002')));
    await station.roster.undo({ import: february.import as string, reason: '错了', actor });
    expect(officersOn('2026-02-15').get('1001')?.post).toBe('内勤');
    expect(officersOn('2026-03-01').get('1001')?.post).toBe('路面执法');
    expect([...officersOn('2026-02-15').keys()]).toEqual(['1001', '1002']);
    expect(station.roster.questions(today)).toEqual([]);
    expect(
      station.roster.imports().map(({ effectiveFrom, fileName, undoneBy }) => [effectiveFrom, fileName, undoneBy]),
    ).toEqual([
      ['2026-03-01', null, null],
      ['2026-02-01', '二月.csv', 'test'],
      ['2026-01-01', null, null],
    ]);
    await expect(station.roster.undo({ import: february.import as string, reason: 'x', actor })).rejects.toMatchObject({
      code: 'import-undone',
    });
    const answers = () => ['2026-01-10', '2026-02-15', '2026-03-10'].map((asOf) => [...officersOn(asOf)]);
    const before = answers();
    await station.close();
    expect((await runFsck(dataFolder)).findings).toEqual([]);
    writeFileSync(join(dataFolder, 'registry.db'), '');
    station = await open();
    expect(answers()).toEqual(before);
  });
});

describe('the pages', () => {
  const headers = { host: '127.0.0.1' };
  const webOf = (): ReturnType<typeof buildWebApp> => {
    const slots = { views: () => [], problems: () => [], onChange: () => () => undefined };
    const pages = new PageAnswers({
      context: station.context,
      people: station.people,
      dockings: station.dockings,
      coverage: station.coverageAnswers,
      receipts: station.receipts,
      audit: new AuditDesk(station.context, station),
      previews: { waiting: 0, file: () => undefined } as unknown as PreviewDesk,
      alarms: station.alarms,
      slots,
      roster: new PeoplePages(station, { kind: 'person', id: 'kiosk' }),
      readBack: 'direct',
      demo: false,
    });
    return buildWebApp({ station: pages, log: pino({ level: 'silent' }) });
  };

  test('show the roster of a day, one person with everything said, and take an answer', async () => {
    await begin();
    const app = webOf();
    const page = async (url: string) => (await app.inject({ url, headers })).body;
    expect(await page('/people')).toContain('这一天还没有名册');
    await take('2026-01-01', csv(line('1001'), line('1002', { 岗位: '望风' }), line('1003', { 姓名: '<李&四>' })));
    await take('2026-02-01', csv(line('1001', { 岗位: '内勤' }), line('1002', { 岗位: '望风' })));
    const now = await page('/people');
    for (const text of ['张1001', '&lt;李&amp;四&gt;', '最新名册未列出，待确认', '望风 (1)', '名册已逾期'])
      expect(now).toContain(text);
    expect(await page('/people?unit=U1&search=1002')).not.toContain('张1001');
    const person = await page('/people/1001?day=2026-01-15');
    for (const text of ['岗位: ', '路面执法', '内勤']) expect(person).toContain(text);
    expect((await app.inject({ url: '/people/none', headers })).statusCode).toBe(404);
    const answered = await app.inject({
      method: 'POST',
      url: '/people/answer',
      headers: { ...headers, origin: 'http://127.0.0.1', 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({
        certificate: '1003',
        answer: 'left',
        on: '2026-01-20',
        reason: '调离',
      }).toString(),
    });
    expect(answered.statusCode).toBe(303);
    expect(await page('/people/1003')).toContain('调离');
    expect(station.roster.questions(today)).toEqual([]);
    expect(await page('/people?lang=en')).toContain('Roster');
    await app.close();
  });
});
