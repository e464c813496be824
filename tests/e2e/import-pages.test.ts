/**
 * A supervisor imports a roster in a real Chromium over a real station, with script and without: choose, compare,
 * confirm, undo. Every page on the way is free of barriers (axe) in both languages and fits a small screen, and so
 * does the menu with all its entries.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { ImportPages } from '../../src/station/import-pages.ts';
import { KeepingPages } from '../../src/station/keeping-pages.ts';
import { PeoplePages } from '../../src/station/people-pages.ts';
import { RecorderPages } from '../../src/station/recorder-pages.ts';
import { webCases } from '../../src/station/web-cases.ts';
import { webLinks } from '../../src/station/web-links.ts';
import { Station } from '../../src/station.ts';
import { buildWebApp } from '../../src/web/build-web-app.ts';
import { listen } from '../../src/web/listen.ts';
import { launchBrowser } from '../support/browser.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { barrierText, findBarriers, isGrave, openPage } from '../support/page-check.ts';
import { SampleWebStation } from '../support/sample-web-station.ts';

const root = makeDiskFolder();
const pictures = process.env.EVIDOCK_PICTURES;
const kiosk = { kind: 'person', id: 'kiosk' } as const;
const header = '执法证号,姓名,单位,岗位,证件状态,有效期至,备注';
const officer = (number: number, more = '路面执法'): string =>
  `${number},张${number},平陆县交通运输综合行政执法大队一中队,${more},有效,2027-06-30,`;
let station: Station;
let app: FastifyInstance;
let browser: Browser;
let origin: string;
const complaints: string[] = [];

beforeAll(async () => {
  mkdirSync(join(root, 'data'), { mode: 0o700 });
  station = await Station.open({
    dataFolder: join(root, 'data'),
    configuration: parseConfiguration('', 'test'),
    log: pino({ enabled: false }),
    command: 'test',
    version: '0',
  });
  const pages = {
    people: new PeoplePages(station, kiosk),
    imports: new ImportPages(station, kiosk),
    recorders: new RecorderPages(station, kiosk),
    cases: webCases(station, kiosk),
    links: webLinks(station, kiosk),
    keeping: new KeepingPages(station.context, station),
    today: () => station.today(),
  };
  const log = { error: (fields: { err?: unknown }) => complaints.push(String(fields.err)), warn: () => undefined };
  app = buildWebApp({ station: Object.assign(new SampleWebStation({ clips: 3 }), pages), log });
  origin = (await listen(app, { host: '127.0.0.1', port: 0 })).replace(/\/$/, '');
  browser = await launchBrowser();
  if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await app?.close();
  await station?.close();
  removeFolder(root);
});

async function open(language: string, script: 'script' | 'no script'): Promise<Page> {
  const page = await openPage(browser, complaints, { javaScriptEnabled: script === 'script' });
  await page.goto(`${origin}/people?lang=${language}`);
  return page;
}

/** What keeps somebody out, or does not fit. */
async function troubles(page: Page, name: string): Promise<string[]> {
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `import-${name}.png`), fullPage: true });
  const found = await findBarriers(page);
  const grave = found.filter((barrier) => isGrave(barrier) || barrier.id === 'landmark-unique');
  const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  const rows = await page.evaluate(`new Set([...document.querySelectorAll('.masthead nav a, .masthead .language')]
    .flatMap((link) => {
      const text = document.createRange();
      text.selectNodeContents(link);
      return [...text.getClientRects()].map((line) => Math.round(line.bottom / 8));
    })).size`);
  return [
    ...grave.map(barrierText),
    ...(wide === true ? ['wider than the screen'] : []),
    ...(rows === 1 ? [] : [`the menu has ${rows} rows`]),
  ];
}

const choose = (page: Page, lines: readonly string[]) =>
  page.locator('input[name="file"]').setInputFiles({
    name: '七月 "名册".csv',
    mimeType: 'text/csv',
    buffer: Buffer.from([header, ...lines].join('\n')),
  });
const heading = (page: Page): Promise<string | null> => page.locator('h1').first().textContent();

describe.each([
  ['zh', 'script'],
  ['en', 'no script'],
] as const)('in %s, with %s', (language, script) => {
  test('a roster is chosen, compared, confirmed and undone', async () => {
    const before = station.roster.imports().length;
    const page = await open(language, script);
    await page.locator('a[href="/people/import"]').first().click();
    await choose(
      page,
      Array.from({ length: 130 }, (_, at) => officer(1001 + at, at % 3 === 0 ? '望风' : '路面执法')),
    );
    await page.locator('main form button').click();
    await page.waitForURL(/\/people\/import\/compare/u);
    const text = await page.locator('main').textContent();
    expect(text).toContain('七月');
    expect(text).toContain(language === 'zh' ? '显示前 100 项，共 130 项' : 'The first 100 of 130');
    expect(text).toContain('望风');
    expect(station.roster.imports()).toHaveLength(before);
    await page.locator('form[action="/people/import/take"] button').click();
    await page.waitForURL(/taken=1/u);
    expect(station.roster.imports()[0]).toMatchObject({ added: 130, fileName: '七月 "名册".csv', undoneSeq: null });
    await page.locator('summary', { hasText: language === 'zh' ? '撤销这次导入' : 'Undo this import' }).click();
    await page.locator('input[name="reason"]').fill('传错了月份');
    await page.locator('form[action="/imports/undo"] button').click();
    expect(page.url()).toContain('taken=1');
    await page.locator('input[name="sure"]').check();
    await page.locator('form[action="/imports/undo"] button').click();
    await page.waitForURL(/undone=/u);
    expect(await page.locator('[role="status"]').first().textContent()).toContain(
      language === 'zh' ? '已撤销' : 'Undone',
    );
    await page.context().close();
  }, 120_000);

  test('bad rows are told with line, column and reason, and only the good ones can be taken', async () => {
    const page = await open(language, script);
    await page.goto(`${origin}/people/import?kind=officers`);
    await choose(page, [officer(2001), officer(2002).replace('2027-06-30', '明年'), officer(2003)]);
    await page.locator('main form button').click();
    await page.waitForURL(/compare/u);
    expect(await page.locator('table.problems tbody tr').textContent()).toMatch(/^3\s*有效期至\s*明年/u);
    const confirm = page.locator('form[action="/people/import/take"] button');
    await confirm.click();
    expect(page.url()).toContain('compare');
    await page.locator('input[name="partial"]').check();
    await confirm.click();
    await page.waitForURL(/taken=1/u);
    expect(station.roster.imports()[0]).toMatchObject({ rows: 2, undoneSeq: null });
    await page.context().close();
  }, 120_000);
});

test.each(['zh', 'en'])(
  'every page of imports is free of barriers and fits the screen in %s',
  async (language) => {
    const page = await open(language, 'script');
    expect(await troubles(page, `people-${language}`)).toEqual([]);
    await page.goto(`${origin}/people/import`);
    expect(await troubles(page, `upload-${language}`)).toEqual([]);
    const long = officer(2003, '超限检测站值守与路面巡查联合执法岗').replace('张2003', '欧阳诸葛'.repeat(6));
    await choose(page, [officer(2001, '内勤'), long, officer(3001), officer(2004).replace('有效', '好')]);
    await page.locator('main form button').click();
    await page.waitForURL(/compare/u);
    expect(await troubles(page, `compare-${language}`)).toEqual([]);
    await page.goto(`${origin}/imports`);
    expect(await heading(page)).toBe(language === 'zh' ? '导入记录' : 'Imports');
    expect(await troubles(page, `list-${language}`)).toEqual([]);
    await page.locator('tbody a').first().click();
    await page.locator('summary').click();
    expect(await troubles(page, `one-${language}`)).toEqual([]);
    await page.goto(`${origin}/people/import/compare?upload=officers-${'0'.repeat(64)}`);
    expect(await troubles(page, `gone-${language}`)).toEqual([]);
    expect(complaints.filter((text) => !text.includes('409'))).toEqual([]);
    await page.context().close();
  },
  120_000,
);
