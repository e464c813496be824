/**
 * Goal: the kiosk's button in a real Chromium: one tap only asks, the second takes the recorder at once; other sites and
 * programs cannot make a browser do it; the printable certificate shows under its own content policy.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { certificateStyle, clearingCertificatePage } from '../../src/reporting/clearing-certificate-page.ts';
import { pacedEngine } from '../../src/simulator/paced-engine.ts';
import { UrgentDesk } from '../../src/station/urgent-desk.ts';
import { buildWebApp } from '../../src/web/build-web-app.ts';
import { listen } from '../../src/web/listen.ts';
import { launchBrowser } from '../support/browser.ts';
import { ClearingBench } from '../support/clearing-bench.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { openPage } from '../support/page-check.ts';
import { SampleWebStation } from '../support/sample-web-station.ts';

const silent = { error: () => undefined, warn: () => undefined };
const config = 'engine: { kind: native }\nlog: { level: fatal }\nclearing: { policy: after-seal }\n';
let browser: Browser;
let folder: string;
let bench: ClearingBench;
let app: FastifyInstance;
let base: string;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  folder = makeDiskFolder();
  bench = await ClearingBench.open({
    folder,
    config,
    aroundEngine: (engine) => pacedEngine(engine, { folder, bytesPerSecond: 40_000 }),
  });
  const urgent = new UrgentDesk(bench.station.context);
  urgent.serve(bench.keeper);
  const station = new SampleWebStation({ clips: 0, slots: bench.keeper.slots(), footer: { demo: false } });
  bench.keeper.onChange(() => station.show(bench.keeper.slots()));
  const actor = { kind: 'person', id: 'kiosk' } as const;
  app = buildWebApp({
    station,
    log: silent,
    urgent: { request: async (slot) => void (await urgent.request({ ...slot, actor })) },
    certificates: {
      style: certificateStyle,
      page: async (docking) =>
        clearingCertificatePage(await bench.station.clearings.certificate(docking), 'Asia/Shanghai').toString(),
    },
  });
  base = (await listen(app, { host: '127.0.0.1', port: 0 })).replace(/\/$/, '');
  complaints = [];
  page = await openPage(browser, complaints);
});
afterEach(async () => {
  await page.context().close();
  await app.close();
  await bench.close();
  removeFolder(folder);
});

async function copying(): Promise<void> {
  const names = Array.from({ length: 12 }, (_, at) => `DCIM/TA00716_JX0227_20261121${String(100_000 + at)}.MP4`);
  bench.card('TA00716', Object.fromEntries(names.map((name, at) => [name, Buffer.alloc(40_000, at + 1)])));
  await bench.plugIn('TA00716', '2');
  await bench.until('2', ['copying']);
  while (bench.view('2').filesDone < 1) await sleep(20);
}
const card = '[data-slot="simulated/2"]';

test('one tap asks, the second one takes the recorder at once; the card says how many follow', async () => {
  await page.goto(`${base}/`);
  await copying();
  const question = page.locator(`${card} .slot-urgent`);
  await question.locator('summary').waitFor();
  if (process.env.EVIDOCK_SHOTS !== undefined) await page.screenshot({ path: `${process.env.EVIDOCK_SHOTS}/shut.png` });
  expect(await page.locator('[data-slot="simulated/1"] .slot-urgent').isVisible()).toBe(false);
  await question.locator('summary').click();
  const confirm = question.getByRole('button', { name: '确认取用' });
  if (process.env.EVIDOCK_SHOTS !== undefined) await page.screenshot({ path: `${process.env.EVIDOCK_SHOTS}/open.png` });
  // Big enough for a thumb, and nothing was asked yet.
  const box = await confirm.boundingBox();
  expect(Math.min(box?.height ?? 0, box?.width ?? 0)).toBeGreaterThanOrEqual(44);
  expect(bench.view('2')).toMatchObject({ state: 'copying', urgent: 'offered' });
  // Taking it back: the first tap alone never stops anything.
  await question.locator('summary').click();
  expect(bench.view('2').urgent).toBe('offered');
  await question.locator('summary').click();
  const started = performance.now();
  await confirm.click();
  await page.locator(`${card}[data-verdict="go"]`).waitFor();
  expect(performance.now() - started).toBeLessThan(3000);
  await page.getByText(/\d+ 个文件未采集，下次接入时继续/).waitFor();
  expect(await question.isVisible()).toBe(false);
  expect(bench.records('urgent-requested')[0]?.body).toMatchObject({ slot: '2', state: 'copying' });
  expect(complaints).toEqual([]);
});

test('without script the same form works', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await copying();
  await plain.goto(`${base}/`);
  await plain.locator(`${card} .slot-urgent summary`).click();
  await plain.locator(`${card} .slot-urgent button`).click();
  await bench.until('2', ['attention']);
  expect(plain.url()).toBe(`${base}/`);
  await context.close();
});

test('neither another site nor a program without an origin gets a recorder stopped', async () => {
  await copying();
  const { host } = new URL(base);
  const own = { host, 'content-type': 'application/x-www-form-urlencoded' };
  const ask = async (headers: { readonly [name: string]: string }, url = '/slots/urgent'): Promise<number> =>
    (await app.inject({ method: 'POST', url, headers: { ...own, ...headers }, payload: 'slot=simulated/2' }))
      .statusCode;
  expect(await ask({})).toBe(403);
  expect(await ask({ origin: 'null' })).toBe(403);
  expect(await ask({ origin: 'null', 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await ask({ origin: 'http://evil.example' })).toBe(403);
  expect(await ask({ origin: `https://${host}` })).toBe(403);
  expect(await ask({ origin: 'http://127.0.0.1:1' })).toBe(403);
  expect(await ask({ origin: `http://${host}`, 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await ask({ 'sec-fetch-site': 'none' })).toBe(403);
  expect(await ask({ origin: `http://${host}`, 'content-type': 'text/plain' })).not.toBe(303);
  expect(await ask({ origin: `http://${host}` }, '/clips')).toBe(405);
  expect(await ask({ host: 'evil.example', origin: 'http://evil.example' })).toBe(421);
  // A page of another origin on this very machine, in the browser itself.
  await page.goto('data:text/html,<title>elsewhere</title>');
  await page.evaluate(async (url) => {
    await fetch(url, { method: 'POST', mode: 'no-cors', body: new URLSearchParams({ slot: 'simulated/2' }) }).catch(
      () => undefined,
    );
  }, `${base}/slots/urgent`);
  expect(bench.view('2')).toMatchObject({ urgent: 'offered' });
  expect(bench.records('urgent-requested')).toEqual([]);
  expect(await ask({ origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).toBe(303);
  expect(await ask({ origin: `http://${host}` })).toBe(409);
});

test('the certificate shows under its own policy, and fits an A4 page', async () => {
  bench.card('TA00716', { 'DCIM/TA00716_JX0227_20261121080000.MP4': 'one', 'DCIM/<img src=x>.MP4': 'two' });
  const view = await bench.visit('TA00716', '3');
  expect(view.counts).toMatchObject({ cleared: 2 });
  await page.goto(`${base}/dockings/${view.docking}/clearing`);
  expect(await page.locator('h1').textContent()).toContain('清空凭证');
  expect(await page.locator('tbody').first().textContent()).toContain('<img src=x>.MP4');
  expect(await page.evaluate('getComputedStyle(document.querySelector("h1")).textAlign')).toBe('center');
  expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
  expect(complaints).toEqual([]);
});
