/**
 * Charts as SVG that the server draws: attributes only, since the pages' policy allows no inline style. Each stands
 * beside a table with the same figures; what tells lines apart is dash and mark as well as colour.
 */
import { type Html, html } from '../domain/html.ts';

export interface ChartLine {
  readonly name: string;
  /** In the order of the labels; null where there is no figure. */
  readonly values: readonly (number | null)[];
  /** Which of the drawn styles: strong, dashed, dotted. */
  readonly look: 'strong' | 'dashed' | 'dotted';
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly lines: readonly ChartLine[];
  readonly max: number;
  /** Where lines are drawn across, with their words. */
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

const width = 640;
const height = 240;
const left = 56;
const right = 16;
const top = 14;
const bottom = 34;
/** More labels than this along the axis would run into each other. */
const labelsMax = 8;

export function lineChart({ id, title, labels, lines, max, ticks }: Chart): Html {
  const x = (index: number): number =>
    labels.length < 2 ? (left + width - right) / 2 : left + ((width - left - right) * index) / (labels.length - 1);
  const y = (value: number): number => top + (height - top - bottom) * (1 - value / Math.max(max, Number.EPSILON));
  const step = Math.max(1, Math.ceil(labels.length / labelsMax));
  const isShown = (index: number): boolean => (labels.length - 1 - index) % step === 0;
  return html`<figure class="chart"><svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}"><title id="${id}">${title}</title>
${ticks.map(({ value, text }) => html`<line class="chart-tick" x1="${left}" x2="${width - right}" y1="${round(y(value))}" y2="${round(y(value))}"/><text class="chart-text" text-anchor="end" x="${left - 8}" y="${round(y(value) + 4)}">${text}</text>`)}
${labels.map((label, index) => isShown(index) && html`<text class="chart-text" text-anchor="${anchorOf(index, labels.length)}" x="${round(x(index))}" y="${height - 10}">${label}</text>`)}
${lines.map((line) => drawn(line, x, y))}</svg>
<figcaption><ul class="legend">${lines.map(({ name, look }) => html`<li><svg class="legend-line" viewBox="0 0 32 10" aria-hidden="true" focusable="false"><line class="chart-line ${look}" x1="0" x2="32" y1="5" y2="5"/></svg>${name}</li>`)}</ul></figcaption></figure>`;
}

const anchorOf = (index: number, count: number): string =>
  count > 1 && index === count - 1 ? 'end' : count > 1 && index === 0 ? 'start' : 'middle';

function drawn({ values, look }: ChartLine, x: (index: number) => number, y: (value: number) => number): Html {
  const runs: string[][] = [[]];
  for (const [index, value] of values.entries()) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push(`${round(x(index))},${round(y(value))}`);
  }
  const marks = values.flatMap((value, index) =>
    value === null || values.length > 40 ? [] : [[x(index), y(value)] as const],
  );
  return html`${runs.map((points) => points.length > 1 && html`<polyline class="chart-line ${look}" points="${points.join(' ')}"/>`)}${marks.map(([cx, cy]) => html`<circle class="chart-mark ${look}" cx="${round(cx)}" cy="${round(cy)}" r="3"/>`)}`;
}

const round = (value: number): string => value.toFixed(1);

/** Drawn with attributes: the policy of the pages allows no inline style. */
export function bar(all: number, part: number): Html {
  const filled = all === 0 ? 0 : Math.floor((part / all) * 1000);
  return html`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="bar-all" width="1000" height="10"/><rect class="bar-part" width="${filled}" height="10"/></svg>`;
}

export const rateTicks = [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, text: `${value * 100}%` }));

/** Round numbers from nothing to a little over the greatest. */
export function countTicks(
  greatest: number,
  word: (count: number) => string,
): { readonly max: number; readonly ticks: Chart['ticks'] } {
  const raw = Math.max(1, greatest) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, [1, 2, 5, 10].map((digit) => digit * power).find((size) => size >= raw) ?? raw);
  const count = Math.max(1, Math.ceil(greatest / step));
  return {
    max: step * count,
    ticks: Array.from({ length: count + 1 }, (_, index) => ({ value: index * step, text: word(index * step) })),
  };
}
