/**
 * The pages of cases in a real Chromium over a real station: the self-check, the timeline, ticks that become records,
 * the note to print, complaints; free of barriers (axe) in both languages; news over POST /api/cases from our own
 * origin only. Nothing anywhere says a verdict.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { webCases } from '../../src/station/web-cases.ts';
import { Station } from '../../src/station.ts';
import { buildWebApp } from '../../src/web/build-web-app.ts';
import { listen } from '../../src/web/listen.ts';
import { launchBrowser } from '../support/browser.ts';
import { type CaseStage, caseNumber, makeCaseStage } from '../support/case-stage.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { barrierText, findBarriers, isGrave, openPage } from '../support/page-check.ts';
import { SampleWebStation } from '../support/sample-web-station.ts';

const root = makeDiskFolder();
const pictures = process.env.EVIDOCK_PICTURES;
const kiosk = { kind: 'person', id: 'kiosk' } as const;
const casePath = `/cases/${encodeURIComponent(caseNumber)}`;
let stage: CaseStage;
let station: Station;
let app: FastifyInstance;
let browser: Browser;
let page: Page;
let origin: string;
const complaints: string[] = [];

beforeAll(async () => {
  stage = await makeCaseStage(root);
  const table = `投诉编号,渠道,受理时间,发生时间,地点,车牌号,案号,内容\nT1,12328,2026-03-12 08:00,2026-03-10,治超站,晋E12345,${caseNumber},<b>态度</b>\n`;
  expect((await stage.run('complaints', 'import', stage.write('complaints.csv', table))).code).toBe(0);
  station = await Station.open({
    dataFolder: stage.data,
    configuration: loadConfiguration({ dataFolder: stage.data }),
    log: pino({ enabled: false }),
    command: 'test',
    version: '0',
  });
  const sample = new SampleWebStation({ clips: 3 });
  const log = { error: (fields: object) => complaints.push(JSON.stringify(fields)), warn: () => undefined };
  app = buildWebApp({ station: Object.assign(sample, { cases: webCases(station, kiosk) }), log });
  origin = (await listen(app, { host: '127.0.0.1', port: 0 })).replace(/\/$/, '');
  browser = await launchBrowser();
  page = await openPage(browser, complaints);
  if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await app?.close();
  await station?.close();
  removeFolder(root);
});

/** As for the other pages: what keeps somebody out. */
async function violations(): Promise<string[]> {
  const found = await findBarriers(page);
  return found.filter((barrier) => isGrave(barrier) || barrier.id === 'landmark-unique').map(barrierText);
}

const textOf = (of: Locator): Promise<string | null> => of.textContent();

test.each(['zh', 'en'])('every page of cases is free of barriers and of verdicts in %s', async (language) => {
  const act = encodeURIComponent('inquiry@2026-03-10T09:30:00');
  const paths = ['/cases', casePath, `${casePath}/note?act=${act}&break=0`, '/complaints'];
  for (const [index, path] of paths.entries()) {
    await page.goto(`${origin}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
    if (pictures !== undefined) {
      await page.screenshot({ path: join(pictures, `cases-${index}-${language}.png`), fullPage: true });
    }
    expect(await violations(), path).toEqual([]);
    expect(await page.content()).not.toMatch(/合法/u);
  }
  expect(complaints).toEqual([]);
});

test('the case shows what is doubtful, what is missing, and the timeline', async () => {
  await page.goto(`${origin}${casePath}?lang=zh`);
  expect(await textOf(page.locator('#check ~ .self-check'))).toContain('执法证 1001 自 2026-03-15 起暂扣');
  expect(await textOf(page.locator('li.act', { hasText: '送达' }).first())).toContain('无录制');
  expect(await page.locator('svg.timeline rect.clip').count()).toBe(3);
  expect(await page.locator('table.case-clips tbody tr').count()).toBe(3);
  expect(await textOf(page.locator('table.clocks'))).toContain('已超期');
  const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  expect(wide).toBe(false);
});

test('a tick becomes a record and stands on the page', async () => {
  await page.goto(`${origin}${casePath}?lang=zh`);
  const inquiry = page.locator('li.act', { hasText: '询问' }).first();
  await inquiry.locator('input[name="item-recording-announced"][value="yes"]').check();
  await inquiry.locator('input[name="reviewer"]').fill('赵六 <script>');
  await inquiry.locator('button').click();
  await page.waitForURL(/saved=1/u);
  expect(await textOf(page.locator('[role="status"]').first())).toContain('存证日志');
  expect(await textOf(page.locator('table.reviews'))).toContain('赵六 <script>');
  expect(await textOf(page.locator('.self-check'))).not.toContain('赵六');
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, 'cases-ticked.png'), fullPage: true });
  expect(station.cases.check(caseNumber).reviews).toHaveLength(1);
});

test('the note names the break and leaves room for the reason', async () => {
  await page.goto(`${origin}${casePath}?lang=zh`);
  await page.locator('li.act', { hasText: '询问' }).first().locator('a', { hasText: '打印情况说明' }).click();
  expect(await textOf(page.locator('h1'))).toBe('未录制/中断情况说明');
  const text = await textOf(page.locator('article.sheet'));
  expect(text).toContain('张三（1001）');
  expect(text).toContain('(0:40)');
});

test('the enforcement system sends news of a case, from our own origin only', async () => {
  const payload = [
    {
      case_number: '晋交罚〔2026〕99号',
      external_key: 'K1',
      unit: '一大队',
      started_at: '2026-03-10',
      ended_at: '2026-03-31',
      officers: ['1001', '1002'],
      status: '已决定',
    },
  ];
  const send = (body: unknown, headers: { [name: string]: string }) =>
    fetch(`${origin}/api/cases`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  expect((await send(payload, {})).status).toBe(403);
  expect((await send(payload, { origin: 'http://evil.example' })).status).toBe(403);
  const taken = await send(payload, { origin });
  expect([taken.status, await taken.json()]).toMatchObject([200, { added: [], changed: [caseNumber], problems: [] }]);
  const bad = await send([{ ...payload[0], started_at: 'yesterday' }], { origin });
  expect([bad.status, await bad.json()]).toMatchObject([
    422,
    { records: [], problems: [{ line: 1, reason: 'not-a-time' }] },
  ]);
  expect((await fetch(`${origin}/cases/${encodeURIComponent('晋交罚〔2026〕99号')}`)).status).toBe(200);
  expect((await fetch(`${origin}${casePath}`)).status).toBe(200);
  expect((await fetch(`${origin}/cases/nobody`)).status).toBe(404);
});
