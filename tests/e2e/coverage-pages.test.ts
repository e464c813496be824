/**
 * Goal: the coverage pages in a real Chromium, with hostile texts and without any: no barrier (axe), nothing against the
 * content policy, filters and sorting by keyboard and address, nothing wider than the screen, and a report on paper that
 * says unit, day and rule.
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
import { findBarriers, openPage } from '../support/page-check.ts';
import { SampleWebStation } from '../support/sample-web-station.ts';

const folder = mkdtempSync(join(tmpdir(), 'evidock-coverage-pages-'));
const silent = { error: () => undefined, warn: () => undefined };
const apps: FastifyInstance[] = [];
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
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

async function serve(options: { clips?: number; hostile?: boolean } = {}): Promise<string> {
  const app = buildWebApp({ station: new SampleWebStation({ clips: 3, ...options }), log: silent });
  apps.push(app);
  return (await listen(app, { host: '127.0.0.1', port: 0 })).replace(/\/$/, '');
}

const paths = ['/coverage', '/coverage?status=all&sort=name&dir=desc', '/coverage/trend', '/coverage/stock'];

async function barriers(): Promise<string[]> {
  const grave = (await findBarriers(page)).filter(
    ({ id, impact }) => impact !== 'moderate' || id === 'landmark-unique',
  );
  return grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

test('are free of barriers and of sideways scrolling, in both languages, also without a roster', async () => {
  for (const base of [await serve(), await serve({ clips: 0 })]) {
    for (const path of paths) {
      for (const language of ['zh', 'en']) {
        await page.goto(`${base}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
        expect(await barriers(), `${path} ${language}`).toEqual([]);
        const wide = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
        expect(wide, `${path} ${language}`).toBeLessThanOrEqual(0);
      }
    }
  }
  expect(complaints).toEqual([]);
});

test('show hostile texts and run none', async () => {
  const base = await serve({ hostile: true });
  for (const path of paths) await page.goto(base + path);
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(complaints).toEqual([]);
});

test('filter and sort by address: what was chosen stays chosen, and a reason leads to its officers', async () => {
  const base = await serve();
  await page.goto(`${base}/coverage?profile=county`);
  await page.locator('table.reasons a').first().click();
  await page.waitForURL(/reason=/);
  const reason = new URL(page.url()).searchParams.get('reason');
  expect(await page.locator('select[name=reason]').inputValue()).toBe(reason);
  expect(await page.locator('select[name=profile]').inputValue()).toBe('county');
  await page.locator('table.gaps thead a').nth(1).press('Enter');
  await page.waitForURL(/sort=name/);
  expect(await page.locator('th[aria-sort=ascending]').textContent()).toContain('姓名');
  await page.locator('th[aria-sort] a').click();
  await page.waitForURL(/dir=desc/);
  expect(new URL(page.url()).searchParams.get('reason')).toBe(reason);
});

test('lists of thousands come in pages, and both ways of counting say which is reported', async () => {
  const base = await serve();
  await page.goto(`${base}/coverage?status=all`);
  expect(await page.locator('table.gaps tbody tr').count()).toBe(100);
  await page.locator('.pagination a[rel=next]').click();
  await page.waitForURL(/page=2/);
  expect(await page.locator('table.gaps tbody tr').count()).toBe(44);
  expect(await page.locator('table.both tr.reported').textContent()).toContain('上报口径');
  expect(await page.locator('table.both tbody tr').count()).toBe(3);
});

test('a reason shows its people whatever status was chosen before, and the heading says both', async () => {
  const base = await serve();
  await page.goto(`${base}/coverage?status=gap&reason=auxiliary`);
  expect(await page.locator('select[name=status]').inputValue()).toBe('out');
  expect(await page.locator('#gaps').textContent()).toMatch(/^不计入人员（辅助人员） \d+ 人$/);
});

test('beyond the last page stands the last one', async () => {
  const base = await serve();
  await page.goto(`${base}/coverage?status=all&page=99`);
  expect(await page.locator('.pagination [aria-current=page]').textContent()).toBe('2');
  expect(await page.locator('table.gaps tbody tr').count()).toBe(44);
});

test('a filter that cannot be is named, and the others stay in the way on', async () => {
  const base = await serve();
  for (const path of ['/coverage', '/coverage/trend', '/coverage/stock', '/coverage/forms/budget.html']) {
    const answer = await page.goto(`${base}${path}?profile=county&as-of=2026-02-30`);
    expect(answer?.status(), path).toBe(404);
    expect(await page.locator('.trouble li').textContent(), path).toBe('统计日期: 2026-02-30');
    expect(await page.locator('.ways a').first().getAttribute('href'), path).toBe(`${path}?profile=county`);
  }
  await page.goto(`${base}/coverage?unit=unit-unknown&lang=en`);
  expect(await page.locator('.trouble li').textContent()).toBe('Unit: unit-unknown');
  expect(await barriers()).toEqual([]);
});

test('what takes long is said to be in the making, and comes when it is done', async () => {
  const station = new SampleWebStation({ clips: 3 });
  const { coverage } = station;
  const stock = coverage.stock.bind(coverage);
  const isDone = Promise.withResolvers<void>();
  coverage.status = () => ({ state: 'ready', knownAt: 40 });
  coverage.stock = async (asked) => {
    await isDone.promise;
    return stock(asked);
  };
  const app = buildWebApp({ station, log: silent });
  apps.push(app);
  const base = (await listen(app, { host: '127.0.0.1', port: 0 })).replace(/\/$/, '');
  const waiting = await page.goto(`${base}/coverage/stock`);
  expect(waiting?.status()).toBe(202);
  expect(await page.locator('.empty-state').textContent()).toContain('完成后自动显示');
  isDone.resolve();
  await page.locator('#proposals').waitFor();
  expect(complaints).toEqual([]);
});

test('a proposal leads to the assignment of that recorder to that officer', async () => {
  const base = await serve();
  await page.goto(`${base}/coverage/stock`);
  const row = page.locator('section[aria-labelledby=proposals] tbody tr').first();
  const to = new URL((await row.locator('a').last().getAttribute('href')) ?? '', base);
  expect(to.pathname).toBe('/hand-out');
  expect(to.searchParams.get('serial')).toBe('TA00990');
  expect(await row.locator('th a').getAttribute('href')).toBe(`/people/${to.searchParams.get('officer')}`);
  await page.goto(`${base}/coverage/stock?as-of=2026-01-01`);
  expect(await page.locator('a[href^="/hand-out"]').count()).toBe(0);
});

test('a gap says since when: the list is asked as of now, not as of what the figures knew', async () => {
  const base = await serve();
  await page.goto(`${base}/coverage`);
  expect(await page.locator('table.gaps tbody tr').first().textContent()).toContain('2026-03-01');
});

test('one unit above all others shows what is below it and its own people, so that the parts add up', async () => {
  const station = new SampleWebStation({ clips: 3 });
  const { coverage } = station;
  const figures = coverage.figures.bind(coverage);
  coverage.figures = async (asked) => {
    const day = await figures({ ...asked, unit: undefined });
    if (asked.unit === 'T') return day;
    return {
      ...day,
      population: day.population + 2,
      units: [{ ...day, unitKey: 'T', name: '总队', parent: null, own: day }],
    };
  };
  const app = buildWebApp({ station, log: silent });
  apps.push(app);
  const base = (await listen(app, { host: '127.0.0.1', port: 0 })).replace(/\/$/, '');
  await page.goto(`${base}/coverage`);
  const parts = await page.locator('section[aria-labelledby=units] tbody tr').allInnerTexts();
  expect(parts[0]).toMatch(/^本级人员\s+0 \/ 2\s+2\s+0\.0%$/);
  expect(parts.length).toBeGreaterThan(2);
  expect(parts.join()).not.toContain('总队');
  expect(await page.locator('.counted .on-paper').textContent()).toContain('总队');
});

test('paper names the unit, and what stands white on dark is black there', async () => {
  const base = await serve();
  await page.emulateMedia({ media: 'print' });
  await page.goto(`${base}/coverage`);
  expect(await page.locator('.counted .on-paper').textContent()).toContain('全部单位');
  const colour = "getComputedStyle(document.querySelector('tr.reported .tag')).color";
  expect(await page.evaluate(colour)).toBe('rgb(0, 0, 0)');
});

test('charts stand beside tables with the same figures', async () => {
  const base = await serve();
  await page.goto(`${base}/coverage/trend?lang=en`);
  for (const chart of await page.locator('.chart-and-table').all()) {
    expect(await chart.locator('svg[role=img] title').count()).toBe(1);
    expect(await chart.locator('table tbody tr').count()).toBeGreaterThan(1);
  }
  expect(await page.locator('text=/Assumed: it goes on as from/').count()).toBe(1);
  expect(await page.locator('#years ~ .scroll .tag.warn').first().textContent()).toBe('handed in');
});

test('paper has its style by digest, and the station says when it is not ready yet', async () => {
  const base = await serve();
  const answer = await page.goto(`${base}/coverage/forms/budget.html`);
  expect(answer?.headers()['content-security-policy']).toMatch(/style-src 'sha256-/);
  expect(complaints).toEqual([]);
  const building = await page.goto(`${base}/coverage?unit=unit-that-builds`);
  expect(building?.status()).toBe(503);
  expect(await page.locator('.empty-state').textContent()).toContain('3 / 9');
});
