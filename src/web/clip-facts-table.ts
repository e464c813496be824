/**
 * What a probe wrote down, as rows for people. Keys that are known get a word and a unit; anything else is shown as it
 * stands, cut to a length, because facts of another program version may say more than this one knows.
 */
import { type Html, html } from '../domain/html.ts';
import type { PageContext } from './page-context.ts';

type Facts = { readonly [key: string]: unknown };

const valueLengthMax = 300;
const rowsMax = 40;
/** Shown elsewhere on the page. */
const elsewhere = new Set(['kind', 'findings']);

const labels: { readonly [key: string]: { readonly zh: string; readonly en: string } } = {
  container: { zh: '容器格式', en: 'Container' },
  durationMs: { zh: '声明时长', en: 'Stated length' },
  place: { zh: '自称位置', en: 'Place it states' },
  first: { zh: '轨迹起点', en: 'Track begins' },
  last: { zh: '轨迹终点', en: 'Track ends' },
  createdAt: { zh: '容器自称时间', en: 'Time it states' },
  probedBy: { zh: '探测工具', en: 'Probed by' },
  video: { zh: '视频流', en: 'Video stream' },
  audio: { zh: '音频流', en: 'Audio stream' },
};

export function factRows(context: PageContext, facts: Facts): readonly (readonly [string, Html])[] {
  return Object.entries(facts)
    .filter(([key]) => !elsewhere.has(key))
    .flatMap(([key, value]) => rowsOf(key, value, context))
    .map(([key, text]) => [labelOf(key, context), html`<bdi>${text}</bdi>`] as const)
    .slice(0, rowsMax);
}

const labelOf = (key: string, { language }: PageContext): string =>
  Object.hasOwn(labels, key) ? (labels[key]?.[language] ?? key) : key;

/** Of one key; streams and the ends of a track have a row each. */
function rowsOf(key: string, value: unknown, context: PageContext): readonly (readonly [string, string])[] {
  if (key === 'streams' && Array.isArray(value)) {
    const streams = value as readonly Facts[];
    return streams.map((stream) => [String(stream?.type ?? ''), streamText(stream ?? {}, context)] as const);
  }
  if (key === 'track' && typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([end, point]) => [end, positionText(point, context)] as const);
  }
  if (key === 'place') return [[key, positionText(value, context)]];
  return [[key, key === 'durationMs' && typeof value === 'number' ? context.formats.length(value) : plain(value)]];
}

interface Position {
  readonly latitude: number;
  readonly longitude: number;
  readonly at?: unknown;
}

function isPosition(value: unknown): value is Position {
  const { latitude, longitude } = (value ?? {}) as Partial<Position>;
  return typeof latitude === 'number' && typeof longitude === 'number';
}

/** Latitude first, as on the pages of cases; the time is that of the recorder's receiver. */
function positionText(value: unknown, { formats }: PageContext): string {
  if (!isPosition(value)) return plain(value);
  const { latitude, longitude, at } = value;
  const degrees = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  return typeof at === 'string' ? `${degrees} · ${formats.dateTime(at)}` : degrees;
}

function streamText(stream: Facts, { formats }: PageContext): string {
  const number = (key: string, write: (value: number) => string): string =>
    typeof stream[key] === 'number' ? write(stream[key]) : '';
  const parts = [
    plain(stream.codec),
    number('width', (width) => `${width}×${plain(stream.height)}`),
    number('frameRate', (rate) => `${rate} fps`),
    plain(stream.pixelFormat),
    number('sampleRate', (rate) => `${formats.count(rate)} Hz`),
    number('channels', (channels) => `${channels} ch`),
    number('rotation', (degrees) => `${degrees}°`),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function plain(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > valueLengthMax ? `${text.slice(0, valueLengthMax)}…` : text;
}
