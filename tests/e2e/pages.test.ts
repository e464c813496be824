/**
 * The pages in a real Chromium: the wall changes without a reload and says when it no longer knows, everything can be
 * reached by keyboard, both languages are free of barriers (axe), nothing breaks the content policy, a clip plays.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildWebApp } from '../../src/web/build-web-app.ts';
import { listen } from '../../src/web/listen.ts';
import { launchBrowser } from '../support/browser.ts';
import { barrierText, findBarriers, isGrave, openPage } from '../support/page-check.ts';
import { sampleDockingIds } from '../support/sample-dockings.ts';
import {
  everySlotState,
  hostileTexts,
  makeSampleMedia,
  type SampleMedia,
  type SampleOptions,
  SampleWebStation,
  sampleSlot,
} from '../support/sample-web-station.ts';

const folder = mkdtempSync(join(tmpdir(), 'evidock-pages-'));
const firstClip = `/clips/c-${'0'.repeat(20)}`;
const silent = { error: () => undefined, warn: () => undefined };
let browser: Browser;
let media: SampleMedia;
let page: Page;
let complaints: string[];
const apps: FastifyInstance[] = [];

beforeAll(async () => {
  media = makeSampleMedia(folder);
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  complaints = [];
  page = await openPage(browser, complaints);
});

afterEach(async () => {
  await page.context().close();
  for (const app of apps.splice(0)) await app.close();
});

interface Shown {
  readonly station: SampleWebStation;
  readonly app: FastifyInstance;
  readonly base: string;
}

async function serve(options: Partial<SampleOptions> = {}): Promise<Shown> {
  const station = new SampleWebStation({ clips: 120, media, ...options });
  const app = buildWebApp({ station, log: silent });
  apps.push(app);
  return { station, app, base: await listen(app, { host: '127.0.0.1', port: 0 }) };
}

const card = (slot: string) => page.locator(`[data-slot="usb/${slot}"]`);

test('the wall follows the slots without a reload: progress, the end, a new slot, one that is gone', async () => {
  const { station, base } = await serve({ slots: [sampleSlot('1', {}), sampleSlot('2', { state: 'empty' })] });
  await page.goto(base);
  await page.evaluate('window.notReloaded = true');
  expect(await card('1').locator('.slot-verdict').textContent()).toBe('请勿拔出');
  station.show([sampleSlot('1', { filesDone: 20, files: 50, bytesDone: 4e9, bytes: 8e9, secondsLeft: 61 })]);
  await expect.poll(() => card('1').textContent()).toContain('20 / 50 个文件');
  expect(await card('1').textContent()).toContain('还需 2 分钟');
  expect(await card('1').locator('progress').getAttribute('value')).toBe('500');
  expect(await card('2').count()).toBe(0);
  const counts = { sealed: 50, held: 0, skipped: 0, refused: 0, failed: 0 };
  station.show([sampleSlot('1', { state: 'done', mayPull: true, counts }), sampleSlot('3', { state: 'listing' })]);
  await expect.poll(() => card('1').locator('.slot-verdict').textContent()).toBe('可以拔出');
  expect(await card('1').getAttribute('data-tone')).toBe('done');
  expect(await card('1').locator('[data-icon="verdict"] use').getAttribute('href')).toBe('#icon-eject');
  await expect.poll(() => card('3').locator('.slot-state').textContent()).toBe('正在清点');
  expect(await page.locator('[data-summary="mayPull"]').textContent()).toBe('1');
  expect(await page.evaluate('window.notReloaded')).toBe(true);
  expect(complaints).toEqual([]);
});

test('what a live event carries is text: a hostile name of a folder is shown, not run', async () => {
  const { station, base } = await serve({ slots: [], hostile: true });
  await page.goto(base);
  expect(await page.locator('#no-slots').isVisible()).toBe(true);
  station.show(hostileTexts.map((text) => sampleSlot(text, { kind: 'import-folder', problem: text, serial: text })));
  await expect.poll(() => page.locator('#slots article').count()).toBe(hostileTexts.length);
  station.show(hostileTexts.map((text) => sampleSlot(text, { kind: 'import-folder', state: 'done', mayPull: true })));
  await expect.poll(() => page.locator('#slots [data-tone="done"]').count()).toBe(hostileTexts.length);
  expect(await page.locator('#slots article').first().locator('bdi').first().textContent()).toBe(hostileTexts[0]);
  for (const path of ['/clips', firstClip, '/coverage']) await page.goto(base + path);
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(complaints).toEqual([]);
});

test('when the station falls silent the wall takes its permissions back, and recovers by itself', async () => {
  const { app, base } = await serve({ slots: [sampleSlot('1', { state: 'done', mayPull: true })] });
  await page.goto(base);
  await expect.poll(() => card('1').locator('.slot-verdict').isVisible()).toBe(true);
  await app.close();
  await expect.poll(() => page.locator('#stale').isVisible(), { timeout: 15_000 }).toBe(true);
  expect(await card('1').locator('.slot-verdict').isVisible()).toBe(false);
  const again = buildWebApp({
    station: new SampleWebStation({ clips: 3, slots: [sampleSlot('1', {})], footer: { freeBytes: 1e9 } }),
    log: silent,
  });
  apps.push(again);
  await listen(again, { host: '127.0.0.1', port: Number(new URL(base).port) });
  await expect.poll(() => page.locator('#stale').isVisible(), { timeout: 20_000 }).toBe(false);
  // A disk that filled up in the meantime is told without a reload, too.
  expect(await page.locator('.status .warn [data-footer="disk"]').textContent()).toContain('空间不足');
  expect(await card('1').locator('.slot-verdict').textContent()).toBe('请勿拔出');
});

test('without script the wall loads itself again', async () => {
  const { station, base } = await serve({ slots: [sampleSlot('1', {})] });
  const plain = await browser.newContext({ javaScriptEnabled: false });
  try {
    const still = await plain.newPage();
    await still.goto(base);
    station.show([sampleSlot('1', { state: 'done', mayPull: true })]);
    await still.waitForSelector('[data-verdict="go"]', { timeout: 15_000 });
  } finally {
    await plain.close();
  }
});

test('the keyboard reaches everything, and focus can be seen', async () => {
  const { base } = await serve();
  await page.goto(`${base}/clips`);
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.className')).toBe('skip');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('main');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.name')).toBe('search');
  expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
  await page.keyboard.type('TA00717');
  await page.keyboard.press('Enter');
  await page.waitForURL(/search=TA00717/);
  expect(await page.locator('tbody tr').count()).toBe(3);
  await page.locator('tbody th a').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/clips\/c-/);
  expect(await page.title()).toContain('TA00717');
});

test('the language is switched on the page that one reads, and stays', async () => {
  const { base } = await serve();
  await page.goto(`${base}/coverage?profile=county`);
  expect(await page.title()).toContain('执法记录仪配置率');
  await page.getByRole('link', { name: 'English' }).click();
  await page.waitForURL(/profile=county.*lang=en/);
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await page.getByRole('link', { name: 'Clips' }).click();
  await page.waitForURL(/\/clips$/);
  expect(await page.locator('h1').textContent()).toBe('Clips');
  await page.getByRole('link', { name: '中文' }).click();
  await page.waitForURL(/lang=zh/);
  expect(await page.locator('h1').textContent()).toBe('视音频文件');
});

test('an H.264 clip plays, can be sought in, and has its poster', async () => {
  const { base } = await serve();
  await page.goto(base + firstClip);
  const ask = (expression: string) =>
    page.evaluate(`(() => { const v = document.querySelector('video'); ${expression} })()`);
  await ask('return v.play()');
  await expect.poll(() => ask('return v.currentTime')).toBeGreaterThan(0.3);
  expect(await ask('return [v.videoWidth, v.error]')).toEqual([640, null]);
  await ask('v.pause(); v.currentTime = 1.5');
  await expect.poll(() => ask('return v.seeking')).toBe(false);
  expect(await ask('return v.currentTime')).toBeCloseTo(1.5, 1);
  await page.goto(`${base}/clips`);
  await expect.poll(() => page.evaluate(`document.querySelector('.thumb img').naturalWidth`)).toBe(640);
  expect(complaints).toEqual([]);
});

test('digests are copied as one unbroken string', async () => {
  const { base } = await serve();
  await page.goto(base + firstClip);
  const copied = await page.evaluate(
    `(() => { getSelection().selectAllChildren(document.querySelector('.digests code')); return String(getSelection()); })()`,
  );
  expect(copied).toBe('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08');
});

test('a dock of twenty fits the two common screens without scrolling, and no verdict is cut off', async () => {
  const { base } = await serve({ slots: everySlotState(), footer: { demo: false } });
  for (const viewport of [
    { width: 1366, height: 768 },
    { width: 1920, height: 1080 },
  ]) {
    await page.setViewportSize(viewport);
    for (const lang of ['zh', 'en']) {
      await page.goto(`${base}/?lang=${lang}`);
      expect(
        await page.evaluate(
          '(() => { const m = document.querySelector("main"); return m.scrollHeight - m.clientHeight; })()',
        ),
      ).toBe(0);
      const cut = `[...document.querySelectorAll('#slots .slot-verdict, #slots .slot-body, #slots .slot-state')]
        .filter((part) => part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1)
        .map((part) => part.textContent)`;
      expect(await page.evaluate(cut)).toEqual([]);
    }
  }
});

test('the name of the officer is never cut off, and with eight slots the serial is not either', async () => {
  const copying = { state: 'copying', filesDone: 7, files: 33, bytesDone: 2e6, bytes: 8e6 } as const;
  const slots = Array.from({ length: 20 }, (_, index) =>
    sampleSlot(String(index + 1), { ...copying, serial: 'TA00721', secondsLeft: index % 2 === 0 ? null : 1234 }),
  );
  const cutOf = (part: string): string =>
    `[...document.querySelectorAll('#slots .${part}')].filter((el) => el.scrollWidth > el.clientWidth + 1).length`;
  for (const [shown, parts] of [
    [8, ['slot-officer', 'slot-serial', 'slot-left']],
    [20, ['slot-officer']],
  ] as const) {
    const { base } = await serve({ slots: slots.slice(0, shown) });
    for (const viewport of [
      { width: 1366, height: 768 },
      { width: 1920, height: 1080 },
    ]) {
      await page.setViewportSize(viewport);
      for (const lang of ['zh', 'en']) {
        await page.goto(`${base}/?lang=${lang}`);
        for (const part of parts) expect([part, lang, await page.evaluate(cutOf(part))]).toEqual([part, lang, 0]);
      }
    }
  }
});

test('a card of an ended slot opens its docking at a touch, and the link goes with the recorder', async () => {
  const [docking] = sampleDockingIds as [string];
  const { station, base } = await serve({ slots: [sampleSlot('1', { docking })] });
  await page.goto(base);
  expect(await card('1').locator('[data-docking]').isVisible()).toBe(false);
  station.show([sampleSlot('1', { state: 'empty' })]);
  station.show([sampleSlot('1', { state: 'done', mayPull: true, docking })]);
  await expect.poll(() => card('1').locator('[data-docking]').isVisible()).toBe(true);
  await card('1').click();
  await page.waitForURL(`${base}/dockings/${docking}`);
  expect(await page.locator('.docking-verdict').textContent()).toContain('2 个文件未采集');
  await page.getByRole('link', { name: '交接回执' }).click();
  expect(await page.locator('.slip .qr').isVisible()).toBe(true);
  expect(complaints).toEqual([]);
});

test('the slip of a receipt fits 58 mm paper, and the rest of the page is not printed', async () => {
  const { base } = await serve();
  await page.goto(`${base}/dockings/${sampleDockingIds[0]}/receipt`);
  await page.emulateMedia({ media: 'print' });
  // What a 58 mm printer reaches: 48 mm.
  await page.setViewportSize({ width: Math.floor((48 / 25.4) * 96), height: 800 });
  for (const part of ['.masthead', '.status', '.back']) expect(await page.locator(part).isVisible()).toBe(false);
  const { width } = (await page.locator('.slip').boundingBox()) ?? { width: Number.NaN };
  expect(width).toBeLessThanOrEqual((48 / 25.4) * 96);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  const qr = (await page.locator('.slip .qr').boundingBox()) ?? { width: 0 };
  // 41 modules with the light edge: over 0.5 mm each, which any scanner resolves.
  expect(qr.width / 41 / (96 / 25.4)).toBeGreaterThan(0.5);
});

test.each(['zh', 'en'])('axe finds no serious barrier on any page (%s)', async (lang) => {
  const full = await serve();
  const receipt = await full.station.dockings.receipt(sampleDockingIds[1] as string);
  const none = await serve({ clips: 0, dockings: 0, slots: [], footer: { readBack: 'memory-fs', freeBytes: 1e9 } });
  const addresses = [
    ...[
      '/',
      '/clips',
      '/clips?search=none',
      firstClip,
      `${firstClip.slice(0, -1)}3`,
      '/coverage',
      '/audit',
      '/nope',
    ].map((path) => full.base + path),
    ...[
      '/dockings',
      ...sampleDockingIds.map((id) => `/dockings/${id}`),
      `/dockings/${sampleDockingIds[0]}/receipt`,
    ].map((path) => full.base + path),
    ...['/receipts', '/receipts?code=EVR1.1', `/receipts?code=${receipt.text}`].map((path) => full.base + path),
    ...['/', '/clips', '/coverage', '/dockings'].map((path) => none.base + path),
  ];
  for (const address of addresses) {
    await page.goto(`${address}${address.includes('?') ? '&' : '?'}lang=${lang}`);
    const grave = (await findBarriers(page)).filter(isGrave);
    expect(
      grave.map((barrier) => barrierText(barrier).slice(0, 400)),
      address,
    ).toEqual([]);
  }
  // The browser itself reports a page that is not there as an error; that one is asked for.
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
});
