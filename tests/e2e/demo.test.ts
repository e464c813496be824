/**
 * The demo as a stranger meets it: `scripts/start --demo` alone ends with a station in the browser where simulated
 * recorders dock, are read, get sealed and can be watched (H.264 and H.265), and coverage shows gaps with reasons.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { type RunningCli, startEvidock } from '../support/cli.ts';
import { checkout, makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { clipsHere } from '../support/in-process.ts';

const folder = makeDiskFolder();
const config = join(folder, 'config.yaml');
/** Previews are made at the lowest priority: beside other tests on the same cores they take minutes. */
const waitMs = 240_000;
const testMsMax = 300_000;
/** Runs in the page, so it is text: the tests have no DOM types. */
const playForAWhile = `(async () => {
  const video = document.querySelector('video');
  if (video === null) return 'no player';
  video.muted = true;
  await video.play();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return video.error === null && video.currentTime > 0 && video.videoWidth > 0 ? 'played' : 'stood still';
})()`;
let station: RunningCli;
let address: string;
let data: string;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  writeFileSync(config, 'web: { port: 0 }\n');
  station = startEvidock(['--demo', '--config', config], { program: [join(checkout, 'scripts/start')] });
  let said = '';
  station.child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  await station.said('The station runs: ');
  address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? `no address in: ${said}`;
  data = /data folder (\S+?)\)/.exec(said)?.[1] ?? '';
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
}, 180_000);

afterAll(async () => {
  await browser?.close();
  station?.child.kill('SIGINT');
  await station?.result;
  removeFolder(folder);
  if (data) for (const left of [data, `${data}-cards`]) rmSync(left, { recursive: true, force: true });
}, 60_000);

test(
  'recorders come, and the wall says without a reload when one may be pulled out',
  async () => {
    await page.goto(address);
    await page.waitForSelector('.slot[data-state="done"], .slot[data-state="attention"]', { timeout: waitMs });
    expect(await page.locator('.slot').count()).toBe(8);
    expect(
      await page.locator('.slot[data-state="done"], .slot[data-state="attention"]').first().textContent(),
    ).toContain('可以拔出');
  },
  testMsMax,
);

test(
  'what they brought is sealed, and H.264 and H.265 clips play',
  async () => {
    for (const codec of ['h264', 'hevc']) {
      const id = await firstClip((text) => text.includes(codec) && text.includes('/playable'));
      await page.goto(`${address}/clips/${id}`);
      expect(await page.evaluate(playForAWhile), codec).toBe('played');
    }
  },
  testMsMax,
);

/** The first video whose page fulfils the condition; previews are made one after another, so it waits. */
async function firstClip(fits: (page: string) => boolean): Promise<string> {
  const deadline = performance.now() + waitMs;
  while (performance.now() < deadline) {
    for (const { clip, kind } of await clipsHere(data)) {
      if (kind !== 'video' || clip === undefined) continue;
      if (fits(await (await fetch(`${address}/clips/${clip}`)).text())) return clip;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error('no such clip in time');
}

test('coverage shows officers without a recorder, with the reason and the clause', async () => {
  await page.goto(`${address}/coverage`);
  const text = await page.locator('main').textContent();
  for (const words of ['配置率', '记录仪丢失', '交办法〔2024〕25号']) expect(text).toContain(words);
  expect(await page.locator('table.gaps tbody tr').count()).toBeGreaterThanOrEqual(7);
  await page.goto(`${address}/coverage?profile=county&lang=en`);
  expect(await page.locator('table.gaps tbody tr').count()).toBeGreaterThan(8);
  expect(complaints).toEqual([]);
});

test('Ctrl-C ends it and leaves nothing behind', async () => {
  station.child.kill('SIGINT');
  const result = await station.result;
  expect(result.code, result.stderr).toBe(0);
  expect(existsSync(data)).toBe(false);
  expect(existsSync(`${data}-cards`)).toBe(false);
}, 60_000);
