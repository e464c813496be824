/** What the clip page says of a recorder's clock, in both languages: never more than is known. */
import { describe, expect, test } from 'vitest';
import { clockTexts } from '../../src/texts/clock-texts.ts';
import { clockRows } from '../../src/web/clip-clock.ts';
import type { PageContext } from '../../src/web/page-context.ts';
import { pageLanguages } from '../../src/web/page-context.ts';
import type { ClipDetail } from '../../src/web/web-station.ts';

const hour = 3_600_000;
const recordedAt = '2026-11-20T08:00:00.000Z';

function told(
  clock: { atLeastMs: number | null; atMostMs: number | null; basis?: 'protocol' | 'files' | 'none' } | null,
  correctedAt: ClipDetail['correctedAt'] = null,
  language: 'zh' | 'en' = 'zh',
): string[] {
  const context = pageLanguages('Asia/Shanghai')(language) as unknown as PageContext;
  const clip = { recordedAt, correctedAt, clock: clock === null ? null : { basis: 'files', ...clock } };
  return clockRows(context, clip as ClipDetail).map(
    ([name, value]) => `${name}: ${String(value).replaceAll(/<[^>]*>/g, '')}`,
  );
}

describe('the rows of a clip', () => {
  test('without a measurement there are none', () => {
    expect(told(null)).toEqual([]);
  });

  test('a clock that was read', () => {
    const clock = { basis: 'protocol', atLeastMs: -2 * hour - 520, atMostMs: -2 * hour + 520 } as const;
    const corrected = { earliest: '2026-11-20T09:59:59.480Z', latest: '2026-11-20T10:00:01.520Z' };
    expect(told(clock, corrected)).toEqual([
      '校正时间: 2026-11-20 17:59:59 — 2026-11-20 18:00:01',
      '时钟偏差: 慢 2 小时，误差不超过 ±1 秒 采集时读取记录仪时钟',
    ]);
    expect(told(clock, corrected, 'en')[1]).toBe(
      'Clock error: 2 h behind, within ±1 s the recorder was asked at docking',
    );
    expect(told({ ...clock, atLeastMs: -400, atMostMs: 500 })[1]).toContain('与采集站一致，误差不超过 ±1 秒');
  });

  test.each([
    [{ atLeastMs: hour, atMostMs: null }, '至少快 1 小时'],
    [{ atLeastMs: -hour, atMostMs: null }, '至多慢 1 小时'],
    [{ atLeastMs: null, atMostMs: -hour }, '至少慢 1 小时'],
    [{ atLeastMs: null, atMostMs: 90_000 }, '至多快 1 分 30 秒'],
    [{ atLeastMs: -hour, atMostMs: 2 * hour }, '介于慢 1 小时与快 2 小时之间'],
    [{ atLeastMs: null, atMostMs: null }, '无法判断'],
  ])('bounds %j', (clock, text) => {
    expect(told(clock)[1]).toContain(text);
  });

  test('one end of the corrected time is told only where it says more than the original', () => {
    const clock = { atLeastMs: hour, atMostMs: null };
    expect(told(clock, { earliest: null, latest: '2026-11-20T07:00:00.000Z' })[0]).toContain(
      '不晚于 2026-11-20 15:00:00',
    );
    expect(told(clock, { earliest: null, latest: '2026-11-20T18:00:00.000Z' })[0]).toContain('无法判断');
    expect(told(clock, { earliest: '2026-11-20T09:00:00.000Z', latest: null })[0]).toContain(
      '不早于 2026-11-20 17:00:00',
    );
  });

  test('spans are rounded up, never down', () => {
    const { span } = clockTexts.zh;
    expect([0, 1, 59_001, 90_061_000, -3_600_000].map(span)).toEqual(['0 秒', '1 秒', '1 分', '1 天 1 小时', '1 小时']);
  });
});
