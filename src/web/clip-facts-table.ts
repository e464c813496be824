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
  createdAt: { zh: '容器自称时间', en: 'Time it states' },
  probedBy: { zh: '探测工具', en: 'Probed by' },
  video: { zh: '视频流', en: 'Video stream' },
  audio: { zh: '音频流', en: 'Audio stream' },
};

export function factRows(context: PageContext, facts: Facts): readonly (readonly [string, Html])[] {
  const { language, formats } = context;
  const label = (key: string): string => (Object.hasOwn(labels, key) ? (labels[key]?.[language] ?? key) : key);
  const rows: [string, Html][] = [];
  for (const [key, value] of Object.entries(facts)) {
    if (elsewhere.has(key)) continue;
    if (key === 'streams' && Array.isArray(value)) {
      for (const stream of value as readonly Facts[]) {
        rows.push([label(String(stream?.type ?? '')), html`<bdi>${streamText(stream ?? {}, context)}</bdi>`]);
      }
    } else if (key === 'durationMs' && typeof value === 'number') {
      rows.push([label(key), html`${formats.length(value)}`]);
    } else {
      rows.push([label(key), html`<bdi>${plain(value)}</bdi>`]);
    }
  }
  return rows.slice(0, rowsMax);
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
