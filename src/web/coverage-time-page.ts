/**
 * Coverage over time: pace and projection with their assumption in words, the rate by month with what moved in each,
 * years as the ministry wants them to rise, units by month, and the days to the deadline. Each chart has its table.
 */

import { moveKinds } from '../domain/coverage-moves.ts';
import type {
  ComingDay,
  CoverageOverTime,
  MonthOfCoverage,
  UnitOverTime,
  YearOfCoverage,
} from '../domain/coverage-over-time.ts';
import { type Html, html } from '../domain/html.ts';
import { codeWord } from '../texts/code-texts.ts';
import { coveragePageTexts } from '../texts/coverage-page-texts.ts';
import { countTicks, lineChart, rateTicks } from './coverage-charts.ts';
import { type CoverageChoice, chooser, coverageHeading, pageFiles, paperEnd, toImport } from './coverage-frame.ts';
import { type CoverageView, coverageAddress } from './coverage-query.ts';
import type { PageContext } from './page-context.ts';
import { emptyState, renderPage } from './page-shell.ts';
import type { HandedInView } from './web-coverage.ts';

export interface CoverageTimePageInput extends Omit<CoverageChoice, 'day'> {
  readonly time: CoverageOverTime;
  readonly handedIn: readonly HandedInView[];
}

export function coverageTimePage(context: PageContext, input: CoverageTimePageInput): Html {
  const { view, time, handedIn, now } = input;
  const { texts, language } = context;
  const t = texts.coverage;
  const p = coveragePageTexts[language];
  const choice = { view, day: time.today, now };
  const noRoster = time.today.bases.officers === 'none';
  return renderPage(context, {
    title: `${p.views.time} · ${t.title}`,
    entry: 'coverage',
    main: html`${coverageHeading(context, choice, 'time')}
${chooser(context, choice, '/coverage/trend')}
${
  noRoster
    ? emptyState(t.noRosterTitle, t.noRosterNext, toImport(context))
    : html`${pacePanel(context, time)}${monthPanel(context, time)}${changePanel(context, time.months)}${yearPanel(context, time.years)}${unitPanel(context, view, time)}${comingPanel(context, time)}${handedInPanel(context, handedIn)}${pageFiles(context, view, { path: '/coverage/trend', title: p.trendFiles })}`
}
${paperEnd(context, now)}`,
  });
}

const section = (id: string, title: string, body: Html): Html =>
  html`<section class="panel" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`;

const rateCell = ({ formats }: PageContext, rate: number | null): string => (rate === null ? '—' : formats.rate(rate));

/** Points of per cent with their sign. */
function points(value: number | null): string {
  if (value === null) return '—';
  const tenths = Math.round(value * 1000) / 10;
  return tenths === 0 ? '0' : `${tenths > 0 ? '+' : ''}${tenths.toFixed(1)}`;
}

function pacePanel(context: PageContext, { pace, completeSince }: CoverageOverTime): Html {
  const { formats, language } = context;
  const p = coveragePageTexts[language];
  const round = (value: number): string => formats.count(value < 10 ? Math.ceil(value * 10) / 10 : Math.ceil(value));
  const tone =
    pace.verdict === 'complete' || pace.verdict === 'in-time' ? 'good' : pace.verdict === 'no-history' ? '' : 'alarm';
  const isOpen = pace.gaps > 0 && pace.daysLeft >= 0;
  const facts = [
    completeSince !== null && p.completeSince(formats.day(completeSince)),
    pace.neededPer30Days !== null && p.needed(round(pace.neededPer30Days)),
    pace.actualPer30Days !== null && pace.gaps > 0 && p.actual(round(pace.actualPer30Days)),
    isOpen &&
      pace.gapsAtDeadline !== null &&
      pace.gapsAtDeadline > 0 &&
      p.atDeadline(formats.count(pace.gapsAtDeadline)),
    pace.completeOn !== null && p.completeOn(formats.day(pace.completeOn)),
  ].filter((fact) => fact !== false);
  const { measured } = pace;
  const assumption =
    measured !== null &&
    pace.gaps > 0 &&
    html`<p class="hint">${p.assumption(formats.day(measured.from), formats.day(measured.to), formats.count(measured.closed))}</p>`;
  return section(
    'pace',
    p.pace,
    html`<p class="pace"><span class="tag ${tone}">${p.verdicts[pace.verdict]}</span></p><ul class="facts">${facts.map((fact) => html`<li>${fact}</li>`)}</ul>${assumption}`,
  );
}

function monthPanel(context: PageContext, { months, today }: CoverageOverTime): Html {
  const { texts, formats, language } = context;
  const t = texts.coverage;
  const p = coveragePageTexts[language];
  const share = (part: (month: MonthOfCoverage) => number) =>
    months.map((month) => (month.figures.population === 0 ? null : part(month) / month.figures.population));
  const strong = today.reported === 'personal-only' ? 'strong' : 'dashed';
  const chart = lineChart({
    id: 'chart-months',
    title: p.months,
    labels: months.map(({ figures }) => figures.asOf.slice(2)),
    max: 1,
    ticks: rateTicks,
    lines: [
      { name: t.personalOnly, look: strong, values: share(({ figures }) => figures.coveredPersonally) },
      {
        name: t.includingShared,
        look: strong === 'strong' ? 'dashed' : 'strong',
        values: share(({ figures }) => figures.coveredIncludingShared),
      },
      { name: p.inUse, look: 'dotted', values: share(({ figures }) => figures.use['in-use']) },
    ],
  });
  const rows = months.map(
    ({ figures }) =>
      html`<tr><th scope="row" class="time">${formats.day(figures.asOf)}</th><td class="number">${formats.count(figures.population)}</td><td class="number">${formats.count(figures.covered)}</td><td class="number">${formats.count(figures.missing)}</td><td class="number">${rateCell(context, figures.rate)}</td><td class="number">${rateCell(context, figures.population === 0 ? null : figures.use['in-use'] / figures.population)}</td></tr>`,
  );
  return section(
    'months',
    p.months,
    html`<div class="chart-and-table">${chart}<div class="scroll" role="group" aria-labelledby="months" tabindex="0"><table><thead><tr><th scope="col">${p.month}</th><th scope="col" class="number">${t.population}</th><th scope="col" class="number">${t.covered}</th><th scope="col" class="number">${t.gap}</th><th scope="col" class="number">${t.rate}</th><th scope="col" class="number">${p.inUse}</th></tr></thead><tbody>${rows}</tbody></table></div></div>`,
  );
}

function changePanel(context: PageContext, months: readonly MonthOfCoverage[]): Html {
  const { formats, language } = context;
  const p = coveragePageTexts[language];
  const rows = months.flatMap(({ figures, change }) => {
    if (change === null) return [];
    const { parts } = change;
    const left = parts.leftBy.map(
      ({ reason, persons }) => `${codeWord('outOfCount', reason, language)} ${formats.count(persons)}`,
    );
    const number = (value: number): Html => html`<td class="number">${formats.count(value)}</td>`;
    return [
      html`<tr><th scope="row" class="time">${formats.day(figures.asOf)}</th>${moveKinds.map((kind) => number(parts.tally[kind]))}<td class="number">${points(parts.rate.byRecorders)}</td><td class="number">${points(parts.rate.byLeaving)}</td><td class="number">${points(parts.rate.byEntering)}</td><td class="number">${rateCell(context, parts.rate.withoutLeaving)}</td>${number(change.gapsOpened)}${number(change.gapsClosed)}${number(change.rebounds)}<td>${parts.onlyByLeaving && html`<span class="tag warn">${p.onlyByLeaving}</span> `}${left.join('，')}</td></tr>`,
    ];
  });
  const head = (name: string): Html => html`<th scope="col" class="number">${name}</th>`;
  return section(
    'changes',
    p.changes,
    html`<p class="hint">${p.changesHint}</p><div class="scroll" role="group" aria-labelledby="changes" tabindex="0"><table class="dense"><thead><tr><th scope="col">${p.month}</th>${moveKinds.map((kind) => head(p.moves[kind]))}${head(p.byRecorders)}${head(p.byLeaving)}${head(p.byEntering)}${head(p.withoutLeaving)}${head(p.opened)}${head(p.closed)}${head(p.rebounds)}<th scope="col">${p.leftBy}</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  );
}

function yearPanel(context: PageContext, years: readonly YearOfCoverage[]): Html {
  const { texts, formats, language } = context;
  const t = texts.coverage;
  const p = coveragePageTexts[language];
  const rows = years.map((row) => {
    const tone = row.rise === 'rose' || row.rise === 'complete' ? 'good' : row.rise === 'not-comparable' ? '' : 'warn';
    return html`<tr><th scope="row">${row.year}${row.isRunning && html` <span class="hint">${p.running}</span>`}</th><td><span class="tag${row.origin === 'handed-in' && ' warn'}">${p.origins[row.origin]}</span></td><td class="number">${formats.count(row.population)}</td><td class="number">${formats.count(row.covered)}</td><td class="number">${rateCell(context, row.rate)}</td><td class="number">${row.change === null ? '—' : p.points(points(row.change))}</td><td><span class="tag ${tone}">${p.rises[row.rise]}</span></td><td><bdi>${row.source}</bdi></td></tr>`;
  });
  return section(
    'years',
    p.years,
    html`<p class="hint">${p.yearsHint}</p><div class="scroll" role="group" aria-labelledby="years" tabindex="0"><table><thead><tr><th scope="col">${p.year}</th><th scope="col">${p.origin}</th><th scope="col" class="number">${t.population}</th><th scope="col" class="number">${t.covered}</th><th scope="col" class="number">${t.rate}</th><th scope="col" class="number">${p.change}</th><td></td><th scope="col">${p.source}</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  );
}

/** Units of the table, and months: a wider one is no longer read. */
const unitsShown = 100;

function unitPanel(context: PageContext, view: CoverageView, { units }: CoverageOverTime): Html {
  const { texts, formats, language } = context;
  const p = coveragePageTexts[language];
  if (units.rows.length === 0) return html``;
  const name = ({ unit }: UnitOverTime): Html =>
    unit === null
      ? html`${p.ownPeople}`
      : html`<a href="${coverageAddress('/coverage/trend', view, { unit: unit.unitKey })}"><bdi>${unit.name}</bdi></a>`;
  const rows = units.rows
    .slice(0, unitsShown)
    .map(
      (row) =>
        html`<tr><th scope="row">${name(row)}</th>${row.months.map((figures) => html`<td class="number">${rateCell(context, figures?.rate ?? null)}</td>`)}</tr>`,
    );
  const rest = units.rows.length - rows.length;
  return section(
    'units',
    p.unitsOverTime,
    html`${units.above !== null && html`<p class="hint"><bdi>${units.above.name}</bdi></p>`}<div class="scroll tall" role="group" aria-labelledby="units" tabindex="0"><table class="dense"><thead><tr><th scope="col">${texts.coverage.unit}</th>${units.days.map((day) => html`<th scope="col" class="number">${day.slice(2)}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>${rest > 0 && html`<p class="hint">${p.more(formats.count(rest))}</p>`}`,
  );
}

function comingPanel(context: PageContext, { coming }: CoverageOverTime): Html {
  const { formats, language } = context;
  const p = coveragePageTexts[language];
  if (coming.length === 0) return html``;
  const greatest = Math.max(
    ...coming.map(({ gapsAllowed, gapsKnown, gapsProjected }) => Math.max(gapsAllowed, gapsKnown, gapsProjected ?? 0)),
  );
  const chart = lineChart({
    id: 'chart-coming',
    title: p.coming,
    labels: coming.map(({ day }) => day.slice(5)),
    ...countTicks(greatest, (count) => formats.count(count)),
    lines: [
      { name: p.allowed, look: 'strong', values: coming.map(({ gapsAllowed }) => gapsAllowed) },
      { name: p.projected, look: 'dashed', values: coming.map(({ gapsProjected }) => gapsProjected) },
      { name: p.known, look: 'dotted', values: coming.map(({ gapsKnown }) => gapsKnown) },
    ],
  });
  const row = (day: ComingDay): Html =>
    html`<tr><th scope="row" class="time">${formats.day(day.day)}</th><td class="number">${formats.count(day.daysLeft)}</td><td class="number">${formats.count(day.gapsAllowed)}</td><td class="number">${day.gapsProjected === null ? '—' : formats.count(day.gapsProjected)}</td><td class="number">${formats.count(day.gapsKnown)}</td></tr>`;
  return section(
    'coming',
    p.coming,
    html`<p class="hint">${p.comingHint}</p><div class="chart-and-table">${chart}<div class="scroll tall" role="group" aria-labelledby="coming" tabindex="0"><table><thead><tr><th scope="col">${p.day}</th><th scope="col" class="number">${p.daysLeft}</th><th scope="col" class="number">${p.allowed}</th><th scope="col" class="number">${p.projected}</th><th scope="col" class="number">${p.known}</th></tr></thead><tbody>${coming.map(row)}</tbody></table></div></div>`,
  );
}

function handedInPanel(context: PageContext, reports: readonly HandedInView[]): Html {
  const { texts, formats, language } = context;
  const t = texts.coverage;
  const p = coveragePageTexts[language];
  if (reports.length === 0) return section('handed-in', p.handedIn, html`<p class="hint">${p.nothingHandedIn}</p>`);
  const rows = reports.map(
    (one) =>
      html`<tr><th scope="row">${one.month}</th><td class="time">${formats.day(one.asOf)}</td><td><bdi>${one.unit ?? p.allUnits}</bdi></td><td class="number">${formats.count(one.covered)} / ${formats.count(one.population)}</td><td><bdi>${one.handedInBy}</bdi></td><td class="time">${formats.dateTime(one.reportedAt)}</td><td class="number">${formats.count(one.seq)}</td></tr>`,
  );
  return section(
    'handed-in',
    p.handedIn,
    html`<div class="scroll" role="group" aria-labelledby="handed-in" tabindex="0"><table><thead><tr><th scope="col">${p.month}</th><th scope="col">${t.asOf}</th><th scope="col">${t.unit}</th><th scope="col" class="number">${t.covered}</th><th scope="col">${p.handedInBy}</th><td></td><th scope="col" class="number">${p.handedInRecord}</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  );
}
