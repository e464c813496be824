/**
 * Goal: at the kiosk, in a real Chromium, a docked recorder that nobody has is assigned in a few taps; a shared one is
 * checked out with its self-check and returned; a clip is claimed. Big enough for a thumb, free of barriers in both
 * languages, without script as well, and never asked for by another site.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { getCalendarDate } from '../../src/domain/people-facts.ts';
import { AuditDesk } from '../../src/station/audit-desk.ts';
import { PageAnswers } from '../../src/station/page-answers.ts';
import type { PreviewDesk } from '../../src/station/preview-desk.ts';
import { RecorderPages } from '../../src/station/recorder-pages.ts';
import { buildWebApp } from '../../src/web/build-web-app.ts';
import { listen } from '../../src/web/listen.ts';
import { launchBrowser } from '../support/browser.ts';
import { ClearingBench } from '../support/clearing-bench.ts';
import { checkout, makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { barrierText, findBarriers, isGrave, openPage } from '../support/page-check.ts';

const kiosk = { kind: 'person', id: 'kiosk' } as const;
const silent = { error: () => undefined, warn: () => undefined };
let browser: Browser;
let folder: string;
let bench: ClearingBench;
let app: FastifyInstance;
let base: string;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await launchBrowser();
  folder = makeDiskFolder();
  bench = await ClearingBench.open({ folder, config: 'engine: { kind: native }\nlog: { level: fatal }\n' });
  const { station } = bench;
  for (const [kind, file] of [
    ['officers', 'roster-gbk'],
    ['recorders', 'recorders'],
    ['assignments', 'assignments'],
  ] as const) {
    const bytes = readFileSync(join(checkout, `fixtures/people/${file}.csv`));
    const request = { kind, bytes, effective: getCalendarDate('2026-01-01'), dryRun: false, allowPartial: false };
    await station.people.import({ ...request, actor: kiosk, onProgress: () => undefined } as never);
  }
  const pages = new PageAnswers({
    context: station.context,
    people: station.people,
    dockings: station.dockings,
    receipts: station.receipts,
    audit: new AuditDesk(station.context, station),
    coverage: station.coverageAnswers,
    previews: { waiting: 0, file: () => undefined, state: () => ({ state: 'none' }) } as unknown as PreviewDesk,
    alarms: station.alarms,
    slots: {
      views: () => bench.keeper.slots(),
      problems: () => [],
      onChange: (listener) => bench.keeper.onChange(listener),
    },
    readBack: 'direct',
    demo: false,
    recorders: new RecorderPages(station, kiosk),
  });
  app = buildWebApp({ station: pages, log: silent });
  base = (await listen(app, { host: '127.0.0.1', port: 0 })).replace(/\/$/, '');
  const name = 'DCIM/TA00716_JX0227_20261121100000.LOG';
  bench.card('R009', { [name]: '2026-11-21 10:00:00 REC START\r\n'.repeat(40) });
  await bench.plugIn('R009', '2');
  await bench.until('2', ['done', 'attention']);
});
afterAll(async () => {
  await browser.close();
  await app.close();
  await bench.close();
  removeFolder(folder);
});

beforeEach(async () => {
  complaints = [];
  page = await openPage(browser, complaints);
  return () => page.context().close();
});

async function shot(name: string): Promise<void> {
  const shots = process.env.EVIDOCK_SHOTS;
  if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: name.endsWith('-full') });
}

async function expectThumb(target: Locator): Promise<void> {
  const box = await target.boundingBox();
  expect(Math.min(box?.height ?? 0, box?.width ?? 0)).toBeGreaterThanOrEqual(44);
}

async function expectNoBarrier(): Promise<void> {
  expect((await findBarriers(page)).filter(isGrave).map(barrierText)).toEqual([]);
}

test('an unassigned recorder in a slot goes to an officer without one in five taps', async () => {
  await page.goto(`${base}/`);
  const card = page.locator('[data-slot="simulated/2"]');
  const assign = card.getByRole('link', { name: /^配发/ });
  await shot('wall');
  await assign.waitFor();
  await expectThumb(assign);
  await assign.click();
  await page.getByRole('heading', { name: '选择单位' }).waitFor();
  await shot('units');
  await expectNoBarrier();
  const unit = page.getByRole('link', { name: /二大队/ });
  await expectThumb(unit);
  await unit.click();
  await shot('officers');
  await expectNoBarrier();
  const officers = page.locator('.choices').first().locator('a');
  const texts = await officers.allInnerTexts();
  const firstWith = texts.findIndex((text) => text.includes('已有'));
  expect(firstWith).toBeGreaterThan(0);
  expect(texts.slice(firstWith).every((text) => text.includes('已有'))).toBe(true);
  const name = (await officers.first().locator('b').textContent())?.trim() as string;
  await officers.first().click();
  await shot('confirm');
  await expectNoBarrier();
  const confirm = page.getByRole('button', { name: '确认配发' });
  await expectThumb(confirm);
  await confirm.click();
  await page.waitForURL(`${base}/`);
  await card.locator('[data-field="officer"]').filter({ hasText: name }).waitFor();
  expect(await assign.isVisible()).toBe(false);
  await shot('wall-assigned');
  expect(bench.records('assignment-changed').at(-1)).toMatchObject({ actor: kiosk, body: { change: 'assigned' } });
  expect(complaints).toEqual([]);
});

test('what speaks against it is said, and needs a reason', async () => {
  await page.goto(`${base}/hand-out?kind=assign&serial=R002&unit=一大队&officer=14052201004`);
  await expectNoBarrier();
  await shot('objections');
  await page.getByText('这台记录仪已配发给别人').waitFor();
  await page.getByText('该执法人员已有一台专配记录仪').waitFor();
  const before = bench.records('assignment-changed').length;
  await page.getByRole('button', { name: '仍要办理' }).click();
  expect(new URL(page.url()).pathname).toBe('/hand-out');
  expect(bench.records('assignment-changed')).toHaveLength(before);
  await page.getByLabel('理由').fill('临时替换');
  await page.getByRole('button', { name: '仍要办理' }).click();
  await page.waitForURL(`${base}/recorders/R002`);
  expect(bench.records('assignment-changed')).toHaveLength(before + 1);
  expect(complaints).toEqual([]);
});

test('a shared recorder is checked out with its self-check and returned, in English and without script', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1366, height: 768 } });
  const plain = await context.newPage();
  await bench.station.recorders.assign({
    serial: 'R004',
    certificateNo: '14052201002',
    from: getCalendarDate('2026-11-01'),
    mode: 'shared',
    evenSo: 'x',
    actor: kiosk,
  });
  await plain.goto(`${base}/recorders/R004?lang=en`);
  await plain.getByRole('link', { name: 'Check out' }).click();
  await plain.getByRole('link', { name: /一大队/ }).click();
  await plain.locator('.choices a').first().click();
  await plain.getByText('Self-check').first().waitFor();
  const reason = plain.getByLabel('Why');
  if (await reason.isVisible()) await reason.fill('shift');
  await plain.locator('.hand-out button').click();
  await plain.waitForURL(`${base}/recorders/R004`);
  const { certificateNo, returnedAt } = bench.station.context.registry.recorders.openCheckouts()[0] ?? {};
  expect(returnedAt).toBeNull();
  expect(await plain.getByText(certificateNo as string).count()).toBeGreaterThan(0);
  await plain.getByRole('button', { name: 'Return' }).click();
  await plain.waitForURL(`${base}/recorders/R004`);
  expect(bench.station.context.registry.recorders.openCheckouts()).toEqual([]);
  await context.close();
});

test('the list, one recorder and a claimed clip are free of barriers in both languages', async () => {
  const [clip] = [...bench.station.clips()].map((row) => row.clip);
  for (const lang of ['zh', 'en']) {
    for (const path of ['/recorders', '/recorders?state=idle', '/recorders/R004', `/clips/${clip}`]) {
      await page.goto(`${base}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
      await page.locator('details.review').evaluateAll((all) => {
        for (const one of all) one.setAttribute('open', '');
      });
      await shot(`${path.replaceAll(/[^a-z0-9]/gi, '-')}-${lang}-full`);
      await expectNoBarrier();
    }
  }
  await page.goto(`${base}/clips/${clip}?lang=zh`);
  await page.getByLabel('执法证号').fill('14052201004');
  await page.getByLabel('说明（可不填）').fill('是我在 G55 收费站录的。');
  await page.getByRole('button', { name: '认领：是我录的' }).click();
  await page.getByText('是我在 G55 收费站录的。').waitFor();
  await shot('claimed-full');
  const claims = bench.station.context.registry.recorders.claimsOfClip(clip as string);
  expect(claims.map(({ certificateNo, statement }) => [certificateNo, statement])).toEqual([
    ['14052201004', '是我在 G55 收费站录的。'],
  ]);
  await page.getByLabel('执法证号').fill('nobody');
  await page.getByRole('button', { name: '认领：是我录的' }).click();
  await page.getByText('名册中没有').waitFor();
  expect(bench.station.context.registry.recorders.claimsOfClip(clip as string)).toHaveLength(1);
});

test('no other site and no program without an origin changes anything', async () => {
  const { host } = new URL(base);
  const own = { host, 'content-type': 'application/x-www-form-urlencoded' };
  const ask = async (url: string, headers: { readonly [name: string]: string }, payload = 'serial=R004') =>
    (await app.inject({ method: 'POST', url, headers: { ...own, ...headers }, payload })).statusCode;
  for (const url of ['/hand-out/give', '/hand-out/check-in', '/hand-out/claim']) {
    expect(await ask(url, {})).toBe(403);
    expect(await ask(url, { origin: 'http://evil.example' })).toBe(403);
    expect(await ask(url, { origin: `http://${host}`, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await ask(url, { origin: `http://${host}` }, 'nothing=1')).toBe(400);
  }
  expect(await ask('/hand-out/check-in', { origin: `http://${host}` })).toBe(409);
  expect(await ask('/recorders/R004', { origin: `http://${host}` })).toBe(405);
});
