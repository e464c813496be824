// Goal: a supervisor imports over the pages alone: what is confirmed is what was compared, byte for byte; nothing is
// written before; mistakes, other origins, sizes and repeated presses are answered. Real station, real fastify.
import { mkdirSync } from 'node:fs';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { getCalendarDate } from '../../src/domain/people-facts.ts';
import { ImportPages } from '../../src/station/import-pages.ts';
import { PeoplePages } from '../../src/station/people-pages.ts';
import { Station } from '../../src/station.ts';
import { buildWebApp } from '../../src/web/build-web-app.ts';
import { listen } from '../../src/web/listen.ts';
import { runFsck } from '../support/checked-store.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { SampleWebStation } from '../support/sample-web-station.ts';
import { sheetData, workbookBytes } from '../support/workbook-files.ts';

const root = makeDiskFolder();
const kiosk = { kind: 'person', id: 'kiosk' } as const;
const header = '执法证号,姓名,单位,岗位,证件状态,有效期至';
const roster = (...lines: string[]): string => [header, ...lines].join('\n');
const officer = (number: string, more = '路面执法'): string => `${number},张${number},一大队,${more},有效,2027-06-30`;
let station: Station;
let app: ReturnType<typeof buildWebApp>;
let origin: string;
let now = 0;
const failures: unknown[] = [];

beforeAll(async () => {
  mkdirSync(`${root}/data`, { mode: 0o700 });
  station = await Station.open({
    dataFolder: `${root}/data`,
    configuration: parseConfiguration('', 'test'),
    log: pino({ level: 'silent' }),
    command: 'test',
    version: 'test',
  });
  const pages = {
    people: new PeoplePages(station, kiosk),
    imports: new ImportPages(station, kiosk, () => now),
    today: () => '2026-07-20',
  };
  const log = { error: (fields: { err?: unknown }) => failures.push(fields.err), warn: () => undefined };
  app = buildWebApp({ station: Object.assign(new SampleWebStation({ clips: 1 }), pages), log });
  origin = (await listen(app, { host: '127.0.0.1', port: 0 })).replace(/\/$/, '');
}, 60_000);

afterAll(async () => {
  await app?.close();
  await station?.close();
  removeFolder(root);
});

const own = (): { origin: string } => ({ origin });
const page = async (path: string): Promise<string> => (await fetch(`${origin}${path}`)).text();

function upload(bytes: string | Uint8Array<ArrayBuffer>, fields: { [name: string]: string } = {}, headers = own()) {
  const form = new FormData();
  const said = { kind: 'officers', effective: '2026-07-01', ...fields };
  for (const [name, value] of Object.entries(said)) form.append(name, value);
  form.append('file', new File([bytes], '名册.csv'));
  return fetch(`${origin}/people/import`, { method: 'POST', body: form, headers, redirect: 'manual' });
}

const to = (response: Response): string => response.headers.get('location') ?? '';

async function comparison(...args: Parameters<typeof upload>): Promise<{ path: string; body: string }> {
  const response = await upload(...args);
  expect(response.status).toBe(303);
  return { path: to(response), body: await page(to(response)) };
}

const post = (path: string, fields: URLSearchParams, headers: { [name: string]: string } = own()) =>
  fetch(`${origin}${path}`, { method: 'POST', body: fields, headers, redirect: 'manual' });

/** The hidden fields of the form that confirms. */
function confirming(body: string, more: { [name: string]: string } = {}): URLSearchParams {
  const form = body.slice(body.indexOf('action="/people/import/take"'));
  const fields = Array.from(form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/gu), (match) => match);
  return new URLSearchParams({ ...Object.fromEntries(fields.map(([, name, value]) => [name, value])), ...more });
}

const records = (): number => station.context.registry.nextSeq;

describe('an import over the pages', () => {
  test('is compared first and writes nothing, then takes exactly what was compared, once', async () => {
    const before = records();
    const { body } = await comparison(roster(officer('1001'), officer('1002', '望风')));
    for (const text of ['尚未写入任何内容', '张1001', '望风', '名册.csv', '2026-07-01']) expect(body).toContain(text);
    expect(records()).toBe(before);
    const [first, second] = await Promise.all([1, 2].map(() => post('/people/import/take', confirming(body))));
    const result = to(first as Response);
    expect(result).toMatch(/^\/imports\/[^?]+\?taken=1$/u);
    expect(to(second as Response)).toBe(result);
    expect(station.roster.imports()).toMatchObject([{ kind: 'officers', added: 2, rows: 2, actor: 'kiosk' }]);
    expect(await page(result)).toContain('已导入，自 2026-07-01 起生效');
    expect(await page('/imports')).toContain(result.replace('?taken=1', ''));
    expect(await page('/people')).toContain('张1002');
  });

  test('shows changed and missing rows, and refuses to take what is no longer what was shown', async () => {
    const { body } = await comparison(roster(officer('1001', '内勤')), { effective: '2026-07-02' });
    expect(body).toContain('路面执法</bdi> → <strong><bdi>内勤</bdi></strong>');
    expect(body).toContain('文件中没有 (1)');
    const other = station.people.import({
      kind: 'officers',
      bytes: Buffer.from(roster(officer('1001', '治超站'), officer('1002', '望风'))),
      effective: getCalendarDate('2026-07-02'),
      ...{ dryRun: false, allowPartial: false, actor: kiosk, onProgress: () => undefined },
    });
    await other;
    const before = records();
    const refused = await post('/people/import/take', confirming(body));
    expect([refused.status, records()]).toEqual([409, before]);
    expect(await refused.text()).toContain('比对之后');
  });

  test('tells every bad row, and takes the good ones only when told', async () => {
    const bad = roster(
      officer('1001'),
      officer('1003').replace('2027-06-30', '明年'),
      '1.00E+17,甲,一大队,,有效,2027-01-01',
    );
    const { body } = await comparison(bad, { effective: '2026-07-03' });
    for (const text of ['明年', '有效期至', '1.00E+17', '科学计数', '错误的行 (2)']) expect(body).toContain(text);
    const before = records();
    const kept = await post('/people/import/take', confirming(body));
    expect([to(kept), records()]).toEqual([expect.stringMatching(/^\/people\/import\/compare\?/u), before]);
    const taken = await post('/people/import/take', confirming(body, { partial: '1' }));
    expect(to(taken)).toMatch(/^\/imports\//u);
    expect(station.roster.imports()[0]).toMatchObject({ effectiveFrom: '2026-07-03', rows: 1 });
  });

  test('is undone with a reason, only when it is confirmed', async () => {
    const [row] = station.roster.imports();
    const id = row?.import ?? '';
    const fields = { import: id, reason: '传错了 <b>' };
    expect((await post('/imports/undo', new URLSearchParams(fields))).status).toBe(400);
    expect((await post('/imports/undo', new URLSearchParams({ ...fields, reason: ' ', sure: '1' }))).status).toBe(400);
    const undone = await post('/imports/undo', new URLSearchParams({ ...fields, sure: '1' }));
    expect(to(undone)).toMatch(/\?undone=\d+$/u);
    expect(await page(to(undone))).toContain('已撤销');
    expect(station.roster.imports()[0]?.undoneBy).toBe('kiosk');
    expect((await post('/imports/undo', new URLSearchParams({ ...fields, sure: '1' }))).status).toBe(409);
  });

  test('lets the sheet and the day be chosen after the upload', async () => {
    const cells = [header.split(','), officer('1009').split(',')];
    const xml = sheetData(cells);
    const book = workbookBytes({ sheets: ['七月', '八月'].map((name) => ({ name, xml })) });
    const { path, body } = await comparison(new Uint8Array(book));
    expect(body).toContain('<option value="八月">');
    expect(body).not.toContain('--sheet');
    const chosen = await page(`${path.replace('2026-07-01', '2026-07-09')}&sheet=${encodeURIComponent('八月')}`);
    expect(chosen).toContain('张1009');
    expect(confirming(chosen).get('sheet')).toBe('八月');
    expect(confirming(chosen).get('effective')).toBe('2026-07-09');
  });

  test('takes recorders, assignments, cases and complaints too, and asks about nobody in a supplement', async () => {
    const tables = [
      ['recorders', '记录仪编号,型号,状态\nR1,DSJ,在用\n'],
      ['assignments', '执法证号,记录仪编号,起始,截止,方式\n1001,R1,2026-01-01,,个人\n'],
      ['cases', '案号,单位,立案时间,结束时间,执法人员,状态\n晋交罚〔2026〕1号,一大队,2026-07-02,,1001,调查\n'],
      ['complaints', '投诉编号,渠道,受理时间,内容\nT1,12328,2026-07-02 08:00,<script>alert(1)</script>\n'],
    ] as const;
    for (const [kind, text] of tables) {
      const { body } = await comparison(text, { kind });
      expect(body, kind).toContain('新增 (1)');
      expect(body).not.toContain('<script>');
      expect(to(await post('/people/import/take', confirming(body))), kind).toMatch(/^\/imports\//u);
    }
    const { body } = await comparison(roster(officer('1001')), { supplement: '1', effective: '2026-07-10' });
    expect(body).not.toContain('id="missing"');
    await post('/people/import/take', confirming(body));
    expect(station.roster.imports()[0]).toMatchObject({ isWhole: 0, effectiveFrom: '2026-07-10' });
  });
});

describe('what is not taken', () => {
  test('comes from another page, has no file, or is no such form', async () => {
    const foreign = await upload(roster(officer('1')), {}, { origin: 'http://evil.example' });
    expect(foreign.status).toBe(403);
    for (const answer of [
      await upload(''),
      await upload(roster(officer('1')), { kind: 'units' }),
      await upload(roster(officer('1')), { effective: '2026-02-30' }),
    ]) {
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('请选择一个不为空的文件');
    }
    const bare = await fetch(`${origin}/people/import`, { method: 'POST', body: 'x', headers: own() });
    expect(bare.status).toBe(400);
    const form = new FormData();
    form.append('slot', '1');
    const elsewhere = await fetch(`${origin}/imports/undo`, { method: 'POST', body: form, headers: own() });
    expect(elsewhere.status).toBe(415);
  });

  test('is too large: that is said on the page, and nothing is kept', async () => {
    const large = await app.inject({
      method: 'POST',
      url: '/people/import',
      headers: {
        host: '127.0.0.1',
        origin: 'http://127.0.0.1',
        'content-type': 'multipart/form-data; boundary=x',
        'content-length': `${200 * 1024 * 1024}`,
      },
      payload: 'x',
    });
    expect(large.statusCode).toBe(413);
    expect(large.body).toContain('超过 128 MiB 的上限');
  });

  test('waited too long, or was never there', async () => {
    const { path, body } = await comparison(roster(officer('1001')));
    now += 31 * 60_000;
    expect((await fetch(`${origin}${path}`)).status).toBe(409);
    const late = await post('/people/import/take', confirming(body));
    expect([late.status, await late.text()]).toEqual([409, expect.stringContaining('重新选择文件')]);
    expect((await fetch(`${origin}/people/import/compare?upload=../../etc`)).status).toBe(404);
    expect((await fetch(`${origin}/imports/none`)).status).toBe(404);
  });
});

test('no page failed, and the store is clean afterwards', async () => {
  expect(failures).toEqual([]);
  await station.close();
  expect((await runFsck(`${root}/data`)).findings).toEqual([]);
});
