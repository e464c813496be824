/**
 * Goal: in a real Chromium, an open alarm about the ledger stands on the slot wall and nothing is taken in; once it is
 * acknowledged the page that was open all the time loses it without being loaded again, the recorder is taken in, and
 * the page's own button works as before.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pacedEngine } from '../../src/simulator/paced-engine.ts';
import { AuditDesk } from '../../src/station/audit-desk.ts';
import { PageAnswers } from '../../src/station/page-answers.ts';
import type { PreviewDesk } from '../../src/station/preview-desk.ts';
import { UrgentDesk } from '../../src/station/urgent-desk.ts';
import { codeWord } from '../../src/texts/code-texts.ts';
import { buildWebApp } from '../../src/web/build-web-app.ts';
import { listen } from '../../src/web/listen.ts';
import { launchBrowser } from '../support/browser.ts';
import { ClearingBench } from '../support/clearing-bench.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { openPage } from '../support/page-check.ts';

const silent = { error: () => undefined, warn: () => undefined };
const actor = { kind: 'person', id: 'kiosk' } as const;
const folder = makeDiskFolder();
let browser: Browser;
let bench: ClearingBench;
let app: FastifyInstance;
let page: Page;
let base: string;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  bench = await ClearingBench.open({
    folder,
    config: 'engine: { kind: native }\nlog: { level: fatal }\n',
    aroundEngine: (engine) => pacedEngine(engine, { folder, bytesPerSecond: 40_000 }),
  });
  const { station, keeper } = bench;
  const urgent = new UrgentDesk(station.context);
  urgent.serve(keeper);
  const pages = new PageAnswers({
    ...{ context: station.context, people: station.people, dockings: station.dockings, receipts: station.receipts },
    audit: new AuditDesk(station.context, station),
    coverage: station.coverageAnswers,
    previews: { waiting: 0, file: () => undefined, state: () => ({ state: 'none' }) } as unknown as PreviewDesk,
    alarms: station.alarms,
    slots: {
      views: () => keeper.slots(),
      problems: () => [],
      onChange: (listener) => keeper.onChange(listener),
    },
    readBack: 'direct',
    demo: false,
  });
  app = buildWebApp({
    station: pages,
    log: silent,
    urgent: { request: async (slot) => void (await urgent.request({ ...slot, actor })) },
  });
  base = (await listen(app, { host: '127.0.0.1', port: 0 })).replace(/\/$/, '');
  page = await openPage(browser, complaints);
});

afterAll(async () => {
  await browser.close();
  await app.close();
  await bench.close();
  removeFolder(folder);
});

const card = '[data-slot="simulated/2"]';

test('an alarm stands on the open page until it is acknowledged; then its button takes a recorder at once', async () => {
  const { alarms } = bench.station;
  const names = Array.from({ length: 12 }, (_, at) => `DCIM/TA00716_JX0227_20261121${String(100_000 + at)}.MP4`);
  bench.card('TA00716', Object.fromEntries(names.map((name, at) => [name, Buffer.alloc(40_000, at + 1)])));
  await page.goto(`${base}/`);
  const banner = page.getByText(codeWord('alarm', 'ledger-rolled-back', 'zh'));
  expect(await banner.isVisible()).toBe(false);
  await alarms.raise({ kind: 'ledger-rolled-back', evidence: 'checkpoint 5 ab' });
  await banner.waitFor();

  const refused = await bench.plugIn('TA00716', '2');
  await bench.until('2', ['attention', 'failed']);
  expect(bench.records('clip-sealed')).toEqual([]);
  expect(await page.locator(`${card} .slot-urgent`).isVisible()).toBe(false);
  await bench.slots.takeOut(refused);
  await bench.until('2', ['empty']);

  const [open] = alarms.open();
  await alarms.acknowledge({ alarm: open?.alarm ?? -1, by: '李静', reason: '误用旧备份', actor });
  await banner.waitFor({ state: 'hidden' });
  await bench.plugIn('TA00716', '2');
  await bench.until('2', ['copying']);
  while (bench.view('2').filesDone < 1) await sleep(20);
  const question = page.locator(`${card} .slot-urgent`);
  await question.locator('summary').click();
  await question.getByRole('button').click();
  await page.locator(`${card}[data-verdict="go"]`).waitFor();
  expect(bench.records('alarm-raised', 'alarm-acknowledged', 'urgent-requested').map(({ type }) => type)).toEqual([
    'alarm-raised',
    'alarm-acknowledged',
    'urgent-requested',
  ]);
  expect(bench.records('clip-sealed').length).toBeGreaterThan(0);
  expect(complaints).toEqual([]);
}, 60_000);
