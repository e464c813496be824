/**
 * The pages of dockings and receipts say first what is missing, keep filters in the address, run nothing that a card
 * said, and carry a code that a scanner reads. The station behind them is a sample.
 */
import type { FastifyInstance } from 'fastify';
import { decodeQR } from 'qr/decode.js';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { buildWebApp } from '../../src/web/build-web-app.ts';
import { sampleDockingIds } from '../support/sample-dockings.ts';
import { hostileTexts, type SampleOptions, SampleWebStation, sampleSlot } from '../support/sample-web-station.ts';

const apps: FastifyInstance[] = [];
const [ended, interrupted, open, whole] = sampleDockingIds as [string, string, string, string];

afterAll(async () => {
  for (const app of apps) await app.close();
});

function appOf(options: Partial<SampleOptions> = {}): { app: FastifyInstance; station: SampleWebStation } {
  const station = new SampleWebStation({ clips: 3, ...options });
  const app = buildWebApp({ station, log: { error: () => undefined, warn: () => undefined } });
  apps.push(app);
  return { app, station };
}

const bodyOf = async (url: string, options: Partial<SampleOptions> = {}): Promise<string> =>
  (await appOf(options).app.inject({ url })).body;

/** What a reader sees, without markup. */
const textOf = (body: string): string => body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('the list of dockings', () => {
  test('shows who is not registered, what was interrupted and what was not taken, and leads to each', async () => {
    const body = await bodyOf('/dockings');
    expect(body.match(/<tr>\s*<th scope="row"/g)).toHaveLength(4);
    for (const id of sampleDockingIds) expect(body).toContain(`href="/dockings/${id}"`);
    expect(textOf(body)).toContain('TA00711 未登记 中断');
    expect(body).toContain('<span class="tag alarm">150</span>');
  });

  test('keeps its filters in the address, and names those that it does not understand', async () => {
    const filtered = await bodyOf('/dockings?state=interrupted&slot=2&day=2026-11-21&recorder=TA00711');
    expect(filtered.match(/<tr>\s*<th scope="row"/g)).toHaveLength(1);
    expect(filtered).toContain('<option value="interrupted" selected>');
    const ignored = await bodyOf('/dockings?state=lost&day=2026-02-30&recorder=%0A');
    expect(ignored.match(/role="status"/g)).toHaveLength(2);
    expect(textOf(await bodyOf('/dockings?slot=99'))).toContain('没有符合条件的接入记录');
  });

  test('is paged by plain links that keep the filters', async () => {
    const body = await bodyOf('/dockings?state=ended&page=2', { dockings: 240 });
    expect(body.match(/<tr>\s*<th scope="row"/g)).toHaveLength(50);
    expect(body).toContain('href="/dockings?state=ended&amp;page=3"');
    expect(textOf(await bodyOf('/dockings?page=99', { dockings: 240 }))).toContain('没有这一页');
    expect(textOf(await bodyOf('/dockings', { dockings: 0 }))).toContain('还没有接入记录');
  });
});

describe('one docking', () => {
  test('says first how many are missing, and names them before the rest', async () => {
    const text = textOf(await bodyOf(`/dockings/${ended}`));
    expect(text).toContain('2 个文件未采集');
    const order = ['采集失败', '未处理到', '按规则跳过 DCIM', '已固定 DCIM'].map((word) => text.indexOf(word));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(text).toContain('存储卡读取出错。');
    expect(text).toContain('第 1–100 项，共 250 项');
  });

  test('pages its inventory', async () => {
    const last = await bodyOf(`/dockings/${ended}?page=3`);
    expect(textOf(last)).toContain('第 201–250 项，共 250 项');
    expect(last).toContain(`href="/dockings/${ended}?page=2"`);
  });

  test('is green only when everything is in the vault', async () => {
    expect(await bodyOf(`/dockings/${whole}`)).toContain('docking-verdict go');
    for (const id of [ended, interrupted]) expect(await bodyOf(`/dockings/${id}`)).toContain('docking-verdict stop');
    const running = await bodyOf(`/dockings/${open}`);
    expect(running).toContain('docking-verdict work');
    expect(running).not.toContain('/receipt"');
    expect(running).not.toContain('tag alarm');
  });

  test('says how a recorder that is not registered is registered', async () => {
    expect(textOf(await bodyOf(`/dockings/${whole}?lang=en`))).toContain('evidock recorders add TA00713 --model MODEL');
  });

  test('tells the clock that it measured, and leads to the certificate of its clearing', async () => {
    const body = await bodyOf(`/dockings/${whole}`);
    expect(body).toContain(`href="/dockings/${whole}/clearing"`);
    expect(textOf(body)).toContain('已清空 8 / 计划 9 个文件');
    expect(textOf(body)).toMatch(/4[0-9] ?秒/);
    expect(await bodyOf(`/dockings/${ended}`)).not.toContain('/clearing');
  });

  test('that is not there is not found, nor its receipt', async () => {
    for (const url of ['/dockings/d-none', '/dockings/d-none/receipt']) {
      expect((await appOf().app.inject({ url })).statusCode).toBe(404);
    }
  });

  test('has no receipt before its end, and says so in words', async () => {
    const answer = await appOf().app.inject({ url: `/dockings/${open}/receipt` });
    expect(answer.statusCode).toBe(409);
    expect(textOf(answer.body)).toContain('接入尚未结束');
  });
});

describe('a receipt', () => {
  test('carries a code that a scanner reads from the page, and that the page of checking understands', async () => {
    const { app, station } = appOf();
    const { body } = await app.inject({ url: `/dockings/${ended}/receipt` });
    const svg = /<svg class="qr".*?<\/svg>/s.exec(body)?.[0] ?? '';
    const { data, info } = await sharp(Buffer.from(svg))
      .resize(500, 500, { kernel: 'nearest' })
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const code = decodeQR({ data, width: info.width, height: info.height }, { timeLimit: 10_000 });
    expect(code).toBe((await station.dockings.receipt(ended)).text);
    expect(body.replaceAll(/<wbr>/g, '')).toContain(code);
    const checked = await app.inject({ url: `/receipts?code=${encodeURIComponent(code.toLowerCase())}` });
    expect(textOf(checked.body)).toContain('采集站仍保有回执所列的全部文件');
  });

  test('says what is not there any more, and when the code is mistyped', async () => {
    const { app, station } = appOf();
    const { text } = await station.dockings.receipt(interrupted);
    const gone = await app.inject({ url: `/receipts?code=${text}` });
    expect(textOf(gone.body)).toContain('证据库中缺少原始数据： c-1');
    const wrong = await app.inject({ url: `/receipts?code=${text.replace('5AF9', '5AF8')}` });
    expect(textOf(wrong.body)).toContain('校验字母不符');
    expect((await app.inject({ url: '/receipts' })).body).not.toContain('docking-verdict');
  });

  test('prints on its own paper only', async () => {
    expect(await bodyOf(`/dockings/${ended}/receipt`)).toContain('/assets/slip.css?v=');
    expect(await bodyOf('/coverage')).not.toContain('slip.css');
  });
});

test('a card that says hostile things in every field changes no page', async () => {
  for (const url of ['/dockings', `/dockings/${ended}`, `/dockings/${ended}/receipt`]) {
    const [body, plain] = [await bodyOf(url, { hostile: true }), await bodyOf(url)];
    const tags = /<(script|style|title|base|iframe|img)\b/g;
    expect(body.match(tags)).toEqual(plain.match(tags));
    expect(body).not.toContain(hostileTexts[0]);
  }
  const typed = await bodyOf(`/receipts?code=${encodeURIComponent(hostileTexts[0])}`);
  expect(typed).not.toContain(hostileTexts[0]);
});

test('a card of an ended slot leads to its docking, and says when the recorder is not registered', async () => {
  const counts = { sealed: 3, held: 0, skipped: 0, refused: 0, failed: 0 };
  const slots = [
    sampleSlot('1', { state: 'done', mayPull: true, docking: ended, serial: 'TA00710', counts }),
    sampleSlot('2', { state: 'copying', docking: open }),
  ];
  const body = await bodyOf('/', { slots });
  const cards = body.slice(body.indexOf('id="slots"'), body.indexOf('<template'));
  expect(cards).toContain(`data-docking href="/dockings/${ended}">`);
  expect(cards).toContain('data-docking href="" hidden>');
  expect(textOf(cards)).toContain('已固定 3 未登记，须运行 evidock recorders add TA00710');
});
