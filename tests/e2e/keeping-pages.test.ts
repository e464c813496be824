/**
 * Goal: the pages about keeping in a real Chromium, from a real station: what is over its time and why it stays, holds
 * with their countdown and the button that makes the bag, a run, and the page of a clip that was lawfully deleted;
 * without barriers (axe), in both languages and sizes, and nothing breaks the content policy.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { AuditDesk } from '../../src/station/audit-desk.ts';
import { KeepingPages } from '../../src/station/keeping-pages.ts';
import { PageAnswers } from '../../src/station/page-answers.ts';
import type { PreviewDesk } from '../../src/station/preview-desk.ts';
import { Station } from '../../src/station.ts';
import { buildWebApp } from '../../src/web/build-web-app.ts';
import { listen } from '../../src/web/listen.ts';
import { launchBrowser } from '../support/browser.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { evidockHere } from '../support/in-process.ts';
import { sealThen } from '../support/old-station.ts';
import { barrierText, commonScreen, findBarriers, openPage } from '../support/page-check.ts';

const root = makeDiskFolder();
const data = join(root, 'data');
const names = ['20240105080000', '20240106080000', '20240107080000', '19700101080000'].map(
  (time) => `TA00716_JX0227_${time}.LOG`,
);
const actor = { kind: 'person', id: 'test' } as const;
let browser: Browser;
let page: Page;
let station: Station;
let app: FastifyInstance;
let base: string;
let clips: string[];
let hold: string;
const complaints: string[] = [];

beforeAll(async () => {
  const bags = join(root, 'bags');
  mkdirSync(bags);
  const sealedAt = new Date('2024-01-10T02:00:00Z');
  await sealThen({
    data,
    card: join(root, 'card'),
    names,
    sealedAt,
    configuration: `keeping: { bagFolder: '${bags}' }\n`,
  });
  const roster = join(root, 'roster.csv');
  writeFileSync(
    roster,
    '姓名,执法证号,单位,岗位,有效期至,证件状态,在岗\n赵六,JX0227,一大队,路面执法,2028-01-01,有效,是\n',
  );
  await evidockHere(['roster', 'import', roster, '--effective', '2024-01-01', '--data', data]);
  const log = pino({ level: 'silent' });
  const configuration = loadConfiguration({ dataFolder: data });
  station = await Station.open({ dataFolder: data, configuration, log, command: 'test', version: 'test' });
  const rows = [...station.context.registry.clips()];
  clips = names.map((name) => rows.find(({ path }) => path.toString() === name)?.clip ?? '');
  const number = '（2026）晋0522行初1号';
  const words = { number, clips: [clips[1] ?? ''], name: '张三', receivedOn: station.today(), actor } as const;
  ({ hold } = await station.holds.place({ kind: 'litigation', ...words }));
  const pages = new PageAnswers({
    context: station.context,
    people: station.people,
    dockings: station.dockings,
    receipts: station.receipts,
    audit: new AuditDesk(station.context, station),
    coverage: station.coverageAnswers,
    previews: { waiting: 0, file: () => undefined, state: () => ({ state: 'none' }) } as unknown as PreviewDesk,
    alarms: station.alarms,
    slots: { views: () => [], problems: () => [], onChange: () => () => undefined },
    readBack: 'direct',
    keeping: new KeepingPages(station.context, station),
    holds: station.holds,
    demo: false,
  });
  app = buildWebApp({ station: pages, log: { error: () => undefined, warn: () => undefined } });
  base = await listen(app, { host: '127.0.0.1', port: 0 });
  browser = await launchBrowser();
  page = await openPage(browser, complaints);
});

afterAll(async () => {
  await browser?.close();
  await app?.close();
  await station?.close();
  removeFolder(root);
});

async function expectSound(path: string): Promise<void> {
  for (const language of ['zh', 'en']) {
    for (const viewport of [commonScreen, { width: 1920, height: 1080 }]) {
      await page.setViewportSize(viewport);
      await page.goto(`${base}${path}?lang=${language}`);
      const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect(wide, `${path} ${language} ${viewport.width}`).toBeLessThanOrEqual(0);
    }
    expect((await findBarriers(page)).map(barrierText)).toEqual([]);
    if (process.env.EVIDOCK_SHOTS !== undefined) {
      await page.screenshot({
        path: join(process.env.EVIDOCK_SHOTS, `${path.replaceAll('/', '_')}-${language}.png`),
        fullPage: true,
      });
    }
  }
  await page.goto(`${base}${path}?lang=zh`);
}

test('the page says what may go, what stays and why, and until when the answer is due', async () => {
  await expectSound('/keeping');
  const text = await page.locator('main').textContent();
  expect(text).toContain('可列入删除批次 2 个');
  expect(text).toContain('保全中 （2026）晋0522行初1号');
  expect(text).toContain('记录仪时钟或文件名时间不可信');
  expect(text).toMatch(/答复期限 \d{4}-\d{2}-\d{2}，还剩 1[5-9] 天/);
  await page.locator('nav a', { hasText: '保管' }).click();
  expect(new URL(page.url()).pathname).toBe('/keeping');
});

test("the button on a lawsuit's hold makes its bag, and only with a second person", async () => {
  await expectSound(`/keeping/holds/${hold}`);
  const applicant = page.locator('input[name=applicant]');
  expect(await applicant.inputValue()).toBe('张三');
  await page.locator('input[name=approvedBy]').fill('张 三');
  await page.locator('form button').click();
  expect(await page.locator('main').textContent()).toContain('export-approver-is-applicant');
  await page.goto(`${base}/keeping/holds/${hold}?lang=zh`);
  await page.locator('input[name=approvedBy]').fill('王五');
  await page.locator('form button').click();
  await expect
    .poll(
      async () => {
        await page.reload();
        return page.locator('#bag ~ .notice').textContent();
      },
      { timeout: 30_000 },
    )
    .toContain('已导出');
  const out = /已导出：(\S+)/.exec((await page.locator('#bag ~ .notice').textContent()) ?? '')?.[1] ?? '';
  expect(existsSync(join(out, 'data/custody.html'))).toBe(true);
  expect(readFileSync(join(out, 'data/custody.html'), 'utf8')).toContain('（2026）晋0522行初1号');
  const foreign = await fetch(`${base}/keeping/holds/bag`, { method: 'POST', body: new URLSearchParams({ hold }) });
  expect(foreign.status).toBe(403);
});

test('the clip list and the clip page show the hold; a deleted clip says how it was deleted', async () => {
  await page.goto(`${base}/clips?lang=zh`);
  expect(await page.locator('tr', { hasText: names[1] ?? '' }).textContent()).toContain('保全');
  await expectSound(`/clips/${clips[1]}`);
  expect(await page.locator('section:has(#keeping)').textContent()).toContain('行政诉讼');
  const due = [];
  for await (const line of station.keeping.survey(station.today())) if (line.decision === 'delete') due.push(line);
  const { run } = await station.keeping.propose(due, { asOf: station.today(), name: '李四', reason: '到期', actor });
  await expectSound(`/keeping/runs/${run}`);
  const control = { signal: new AbortController().signal, onProgress: () => undefined };
  expect(await station.keeping.approve(run, { name: '王五', actor }, control)).toMatchObject({ deleted: 2, kept: 0 });
  const gone = await fetch(`${base}/clips/${clips[0]}`);
  expect(gone.status).toBe(410);
  await expectSound(`/clips/${clips[0]}`);
  const text = await page.locator('main').textContent();
  for (const word of ['此文件已依规删除', '李四', '王五', 'ordinary', run]) expect(text).toContain(word);
  expect((await fetch(`${base}/clips/c-none`)).status).toBe(404);
  expect((await fetch(`${base}/keeping/runs/r-none`)).status).toBe(404);
  // A refusal (409) and a page that is gone (410) are answers that the browser notes.
  expect(complaints.filter((line) => !/409|410/.test(line))).toEqual([]);
});
