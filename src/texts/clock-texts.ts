/** How a recorder's clock error and corrected times are told: words for spans, bounds and their basis, both languages. */
import type { ClockBasis } from '../domain/clock-offset.ts';
import type { Language } from './cli-texts.ts';

export interface ClockTexts {
  readonly originalTime: string;
  readonly correctedTime: string;
  readonly offset: string;
  /** Nothing can be said. */
  readonly unknown: string;
  /** A span of time, its two largest units. */
  readonly span: (ms: number) => string;
  readonly ahead: (span: string) => string;
  readonly behind: (span: string) => string;
  readonly exact: string;
  readonly bound: (span: string) => string;
  readonly atLeastAhead: (span: string) => string;
  readonly atMostAhead: (span: string) => string;
  readonly atLeastBehind: (span: string) => string;
  readonly atMostBehind: (span: string) => string;
  readonly between: (from: string, to: string) => string;
  readonly and: string;
  readonly notBefore: (time: string) => string;
  readonly notAfter: (time: string) => string;
  readonly basis: { readonly [B in ClockBasis]: string };
}

const units = [
  { ms: 86_400_000, zh: '天', en: 'd' },
  { ms: 3_600_000, zh: '小时', en: 'h' },
  { ms: 60_000, zh: '分', en: 'min' },
  { ms: 1000, zh: '秒', en: 's' },
] as const;

/** Rounded up to whole seconds: a bound must not be told smaller than it is. */
function span(ms: number, language: Language): string {
  let left = Math.ceil(Math.abs(ms) / 1000) * 1000;
  const first = units.findIndex((unit) => left >= unit.ms);
  const parts: string[] = [];
  for (const unit of units.slice(Math.max(0, first), Math.max(0, first) + 2)) {
    const count = Math.floor(left / unit.ms);
    left -= count * unit.ms;
    if (count > 0) parts.push(`${count} ${unit[language]}`);
  }
  return parts.length === 0 ? `0 ${units[3][language]}` : parts.join(' ');
}

export const clockTexts: { readonly [L in Language]: ClockTexts } = {
  zh: {
    originalTime: '原始时间（文件名所称）',
    correctedTime: '校正时间',
    offset: '时钟偏差',
    unknown: '无法判断',
    span: (ms) => span(ms, 'zh'),
    ahead: (text) => `快 ${text}`,
    behind: (text) => `慢 ${text}`,
    exact: '与采集站一致',
    bound: (text) => `误差不超过 ±${text}`,
    atLeastAhead: (text) => `至少快 ${text}`,
    atMostAhead: (text) => `至多快 ${text}`,
    atLeastBehind: (text) => `至少慢 ${text}`,
    atMostBehind: (text) => `至多慢 ${text}`,
    between: (from, to) => `介于${from}与${to}之间`,
    and: '，',
    notBefore: (time) => `不早于 ${time}`,
    notAfter: (time) => `不晚于 ${time}`,
    basis: { protocol: '采集时读取记录仪时钟', files: '按文件时间推断', none: '没有可用的时间' },
  },
  en: {
    originalTime: 'Original time (as the name has it)',
    correctedTime: 'Corrected time',
    offset: 'Clock error',
    unknown: 'cannot be told',
    span: (ms) => span(ms, 'en'),
    ahead: (text) => `${text} ahead`,
    behind: (text) => `${text} behind`,
    exact: "as the station's",
    bound: (text) => `within ±${text}`,
    atLeastAhead: (text) => `at least ${text} ahead`,
    atMostAhead: (text) => `at most ${text} ahead`,
    atLeastBehind: (text) => `at least ${text} behind`,
    atMostBehind: (text) => `at most ${text} behind`,
    between: (from, to) => `between ${from} and ${to}`,
    and: ', ',
    notBefore: (time) => `not before ${time}`,
    notAfter: (time) => `not after ${time}`,
    basis: {
      protocol: 'the recorder was asked at docking',
      files: 'judged by times of files',
      none: 'no usable time',
    },
  },
};
