/**
 * The clips of a case over its span as SVG: one block for each day on which something happened, acts above, one lane
 * for each recorder below. Times are the station's; what the clock error leaves open is drawn pale. The table beside it
 * says the same in words, so the picture has one name for readers that do not see it.
 */
import type { ActView, CaseView, ClipCheckView } from '../domain/case-views.ts';
import { type Html, html } from '../domain/html.ts';
import { instantToLocalTime } from '../domain/station-time.ts';
import { caseTexts } from '../texts/case-texts.ts';
import { titleOf } from './cases-page.ts';
import type { PageContext } from './page-context.ts';

const width = 960;
const labelWidth = 150;
/** Room on the right for half of the last hour's name. */
const plotWidth = width - labelWidth - 20;
const laneHeight = 16;
const dayGap = 12;
/** Blocks that are drawn; the table has the rest. */
const daysMax = 40;
const hourMs = 3_600_000;

interface Bar {
  readonly lane: string;
  readonly kind: 'act' | 'clip';
  readonly title: string;
  /** Hours of its day. */
  readonly from: number;
  readonly until: number;
  /** Where the clock error could put its ends. */
  readonly around: readonly [from: number, until: number] | null;
}

export function caseTimeline(context: PageContext, view: CaseView): Html {
  const t = caseTexts[context.language];
  const days = new Map<string, Bar[]>();
  const add = (day: string, bar: Bar): void => {
    const bars = days.get(day);
    if (bars === undefined) days.set(day, [bar]);
    else bars.push(bar);
  };
  const zone = context.station.timeZone;
  for (const act of view.acts) addAct(context, act, add);
  for (const clip of view.clips) addClip(clip, zone, add);
  if (days.size === 0) return html`<p class="quiet">${t.timelineEmpty}</p>`;
  return drawing(t.timeline, [...days].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, daysMax));
}

type Add = (day: string, bar: Bar) => void;

function addAct(context: PageContext, act: ActView, add: Add): void {
  const { dated } = act;
  // A day without a time has no place on a scale of hours.
  if (dated === null || dated.from.local.length === 10) return;
  const zone = context.station.timeZone;
  const until = dated.until === undefined ? Date.parse(dated.from.utc) : Date.parse(dated.until.utc);
  const title = titleOf(context, act.title, act.act);
  for (const [day, from, to] of piecesOf(Date.parse(dated.from.utc), until, zone)) {
    add(day, { lane: '', kind: 'act', title, from, until: to, around: null });
  }
}

function addClip({ time, recorder, clip }: ClipCheckView, zone: string, add: Add): void {
  if (time === null) return;
  const half = (time.startMs[1] - time.startMs[0]) / 2;
  const [start, end] = [time.startMs[0] + half, time.endMs[0] + half];
  for (const [day, from, until] of piecesOf(start, end, zone)) {
    const around = half > 0 ? ([from - half / hourMs, until + half / hourMs] as const) : null;
    add(day, { lane: recorder ?? '?', kind: 'clip', title: clip, from, until, around });
  }
}

/** A span cut at midnights: the day, and hours of it. At most the days that are drawn. */
function piecesOf(fromMs: number, untilMs: number, zone: string): [day: string, from: number, until: number][] {
  const pieces: [string, number, number][] = [];
  let at = fromMs;
  for (let count = 0; count < daysMax; count += 1) {
    const local = instantToLocalTime(at, zone);
    const hour = hourOf(local);
    const midnight = at + (24 - hour) * hourMs;
    const until = Math.min(untilMs, midnight);
    pieces.push([local.slice(0, 10), hour, hour + (until - at) / hourMs]);
    if (untilMs <= midnight) return pieces;
    at = midnight;
  }
  return pieces;
}

const hourOf = (local: string): number =>
  Number(local.slice(11, 13)) + Number(local.slice(14, 16)) / 60 + Number(local.slice(17, 19)) / 3600;

function drawing(name: string, days: readonly (readonly [string, readonly Bar[]])[]): Html {
  const bars = days.flatMap(([, of]) => of);
  const first = Math.max(0, Math.floor(Math.min(...bars.map(({ from }) => from))));
  const last = Math.min(24, Math.max(first + 1, Math.floor(Math.max(...bars.map(({ until }) => until))) + 1));
  const x = (hour: number): number => {
    const inside = Math.min(last, Math.max(first, hour));
    return Math.round((labelWidth + ((inside - first) / (last - first)) * plotWidth) * 10) / 10;
  };
  const blocks: Html[] = [];
  let top = 18;
  for (const [day, of] of days) {
    const lanes = [...new Set(of.map(({ lane }) => lane))].sort();
    const height = lanes.length * laneHeight;
    blocks.push(html`<text class="day" x="0" y="${top + 11}">${day}</text>
<rect class="ground" x="${labelWidth}" y="${top}" width="${plotWidth}" height="${height}"></rect>
${lanes.map((lane, index) => laneOf(of, { lane, y: top + index * laneHeight, x }))}`);
    top += height + dayGap;
  }
  const step = Math.max(1, Math.ceil((last - first) / 12));
  const hours = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
  const grid = hours.map(
    (hour) =>
      html`<line class="hour" x1="${x(hour)}" x2="${x(hour)}" y1="16" y2="${top - dayGap}"></line><text class="hour" x="${x(hour)}" y="11" text-anchor="middle">${String(hour).padStart(2, '0')}:00</text>`,
  );
  return html`<svg class="timeline" viewBox="0 0 ${width} ${top}" role="img" aria-label="${name}">${grid}${blocks}</svg>`;
}

function laneOf(
  bars: readonly Bar[],
  { lane, y, x }: { readonly lane: string; readonly y: number; readonly x: (hour: number) => number },
): Html {
  const rect = (kind: string, from: number, until: number, title: string): Html =>
    html`<rect class="${kind}" x="${x(from)}" y="${y + 2}" width="${Math.max(2, x(until) - x(from)).toFixed(1)}" height="${laneHeight - 4}"><title>${title}</title></rect>`;
  const own = bars.filter((bar) => bar.lane === lane);
  return html`${lane !== '' && html`<text class="lane" x="${labelWidth - 6}" y="${y + 12}" text-anchor="end">${lane.slice(0, 9)}</text>`}
${own.map(({ around, title }) => around !== null && rect('doubt', around[0], around[1], title))}
${own.map(({ kind, from, until, title }) => rect(kind, from, until, title))}`;
}
