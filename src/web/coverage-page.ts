/**
 * The supervisor's page of a day: who is still without a recorder, why, and how long there is. Both ways of counting
 * are always shown with which one is reported, paper beside in use; every figure comes from the engine.
 */
import type { CoverageList, CoverageOfDay } from '../domain/coverage-questions.ts';
import { type GapReason, gapReasons } from '../domain/coverage-verdict.ts';
import { type Html, html } from '../domain/html.ts';
import { alertTexts } from '../texts/alert-texts.ts';
import { codeText } from '../texts/code-texts.ts';
import { coveragePageTexts } from '../texts/coverage-page-texts.ts';
import { bar } from './coverage-charts.ts';
import { type CoverageChoice, chooser, coverageHeading, downloads, paperEnd, toImport } from './coverage-frame.ts';
import { coverageList } from './coverage-list.ts';
import { type CoverageView, coverageAddress } from './coverage-query.ts';
import { daysBetween } from './formats.ts';
import type { PageContext } from './page-context.ts';
import { emptyState, renderPage } from './page-shell.ts';
import type { CoverageAlertView } from './web-coverage.ts';

export interface CoveragePageInput extends CoverageChoice {
  readonly day: CoverageOfDay;
  /** The unit whose parts are shown: where all are asked about and one unit is above all others, that one. */
  readonly below: CoverageOfDay;
  readonly list: CoverageList;
  readonly alerts: readonly CoverageAlertView[];
}

export function coveragePage(context: PageContext, input: CoveragePageInput): Html {
  const { view, day, below, list, alerts, now } = input;
  const { texts, formats } = context;
  const t = texts.coverage;
  const noRoster = day.bases.officers === 'none';
  return renderPage(context, {
    title: t.title,
    entry: 'coverage',
    main: html`${coverageHeading(context, input, 'now')}
${chooser(context, { ...input, day: below === day ? day : { ...day, units: [...day.units, ...below.units] } })}
${alertList(context, view, { alerts, units: [...day.units, ...below.units] })}
${day.bases.officers === 'before-first' && html`<p class="notice">${t.beforeFirst}</p>`}
${day.unmappedPosts.length > 0 && html`<p class="notice">${t.unmappedPosts(day.unmappedPosts.map(({ post, officers }) => `${post || '—'} (${formats.count(officers)})`).join(', '))}</p>`}
${noRoster ? emptyState(t.noRosterTitle, t.noRosterNext, toImport(context)) : html`${figures(context, view, day)}${ways(context, day)}${breakdown(context, view, { ...day, units: below.units.length === 0 ? day.units : below.units })}${downloads(context, view)}${coverageList(context, view, list)}`}
${paperEnd(context, now)}`,
  });
}

/** Where each kind of alert is looked into. */
function alertAddress(view: CoverageView, kind: CoverageAlertView['kind']): string {
  const { profile } = view.asked;
  switch (kind) {
    case 'roster-old':
      return '/people/import';
    case 'pace-too-slow':
    case 'deadline-near':
      return `/coverage/trend?${new URLSearchParams({ profile })}`;
    case 'new-gap':
    case 'rebound':
      return `/coverage?${new URLSearchParams({ profile, sort: 'since', dir: 'desc' })}#list`;
  }
}

interface ShownAlerts {
  readonly alerts: readonly CoverageAlertView[];
  /** Those of the page, which knows their names; another one is told by its key. */
  readonly units: CoverageOfDay['units'];
}

/** They are about the newest day and all units, whatever the page is asked about. */
function alertList(context: PageContext, view: CoverageView, { alerts, units: known }: ShownAlerts): Html {
  const { language, formats } = context;
  const p = coveragePageTexts[language];
  if (alerts.length === 0) return html``;
  const names = new Map(known.map(({ unitKey, name }) => [unitKey, name]));
  const items = alerts.map(({ kind, count, asOf, units }) => {
    const text = alertTexts[kind][language](formats.count(count), '');
    const where = units
      .slice(0, 5)
      .map(({ unit, count: persons }) => `${names.get(unit) ?? unit} ${formats.count(persons)}`);
    return html`<li><a href="${alertAddress(view, kind)}"><strong>${text}</strong></a> <span class="hint">${view.asked.unit !== undefined && `${p.alertsOfAll} · `}${formats.day(asOf)}${where.length > 0 && html` · <bdi>${where.join(' · ')}</bdi>`}</span></li>`;
  });
  return html`<section class="notice alerts" aria-label="${p.alerts}"><ul>${items}</ul></section>`;
}

function figures(context: PageContext, view: CoverageView, day: CoverageOfDay): Html {
  const { texts, formats, language } = context;
  const t = texts.coverage;
  return html`<section class="figures" aria-label="${t.rate}">
<div class="figure main"><h2>${t.rate}</h2><p class="big">${day.rate === null ? '—' : formats.rate(day.rate)}</p>
${bar(day.population, day.covered)}<p>${day.rate === null ? t.rateNone : t[day.reported === 'personal-only' ? 'personalOnly' : 'includingShared']}</p></div>
<div class="figure"><h2>${t.population}</h2><p class="big">${formats.count(day.population)}</p></div>
<div class="figure"><h2>${t.covered}</h2><p class="big">${formats.count(day.covered)}</p></div>
<div class="figure${day.missing > 0 && ' gap'}"><h2>${t.gap}</h2><p class="big">${formats.count(day.missing)}</p>${day.missing > 0 && html`<p class="on-screen"><a href="${coverageAddress('/coverage/stock', view, { status: 'gap', reason: null })}">${coveragePageTexts[language].toStock}</a></p>`}</div>
${deadline(context, day)}
</section>`;
}

function deadline({ texts, formats }: PageContext, day: CoverageOfDay): Html {
  const t = texts.coverage;
  const { deadline: last, clause } = day.profile;
  const days = daysBetween(day.asOf, last);
  const left = days > 0 ? t.daysLeft(formats.count(days)) : days === 0 ? t.lastDay : t.daysOver(formats.count(-days));
  const done = day.missing === 0 && day.population > 0;
  return html`<div class="figure deadline${!done && days < 0 && ' over'}${done && ' done'}"><h2>${t.deadline}</h2>
<p class="big">${done ? t.complete : left}</p><p>${formats.day(last)}</p><p class="clause">${t.clause} <bdi>${clause}</bdi></p></div>`;
}

/** Both ways of counting on paper, and really in use. */
function ways({ texts, formats, language, station }: PageContext, day: CoverageOfDay): Html {
  const t = texts.coverage;
  const p = coveragePageTexts[language];
  const row = (name: string, covered: number, mark: Html, reported: boolean): Html => {
    const rate = day.population === 0 ? null : covered / day.population;
    return html`<tr${reported && html` class="reported"`}><th scope="row">${name}</th>
<td class="number">${formats.count(day.population)}</td><td class="number">${formats.count(covered)}</td><td class="number">${formats.count(day.population - covered)}</td><td class="number">${rate === null ? '—' : formats.rate(rate)}</td><td>${mark}</td></tr>`;
  };
  const way = (which: CoverageOfDay['reported'], covered: number): Html => {
    const reported = day.reported === which;
    const mark = html`<span class="tag${reported && ' strong'}">${reported ? t.reported : t.notReported}</span>`;
    return row(which === 'personal-only' ? t.personalOnly : t.includingShared, covered, mark, reported);
  };
  const unused = (['no-footage', 'not-docked-lately', 'never-docked'] as const)
    .filter((state) => day.use[state] > 0)
    .map((state) => `${p.use[state]} ${formats.count(day.use[state])}`);
  const inUse = html`<span class="hint">${[p.inUseHint(formats.count(station.coverage.useDays)), ...unused].join(' · ')}</span> <bdi class="clause">${day.profile.clauses.use}</bdi>`;
  return html`<table class="both"><thead><tr><th scope="col">${t.way}</th><th scope="col" class="number">${t.population}</th><th scope="col" class="number">${t.covered}</th><th scope="col" class="number">${t.gap}</th><th scope="col" class="number">${t.rate}</th><td></td></tr></thead><tbody>
${way('personal-only', day.coveredPersonally)}${way('including-shared', day.coveredIncludingShared)}${row(p.inUse, day.use['in-use'], inUse, false)}</tbody></table>`;
}

function breakdown(context: PageContext, view: CoverageView, day: CoverageOfDay): Html {
  const reasons = gapReasons.filter((reason) => day.reasons[reason] > 0);
  if (reasons.length === 0 && day.units.length === 0) return html``;
  return html`<div class="columns">${reasons.length > 0 && reasonTable(context, view, day, reasons)}${day.units.length > 0 && unitTable(context, view, day)}</div>`;
}

function reasonTable(
  { texts, formats, language }: PageContext,
  view: CoverageView,
  day: CoverageOfDay,
  reasons: readonly GapReason[],
): Html {
  const t = texts.coverage;
  const all = reasons.reduce((sum, reason) => sum + day.reasons[reason], 0);
  const rows = [...reasons]
    .sort((a, b) => day.reasons[b] - day.reasons[a])
    .map((reason) => {
      const { word, more } = codeText('gap', reason, language);
      const address = coverageAddress('/coverage', view, { status: 'gap', reason });
      return html`<tr><th scope="row"><a href="${address}#list">${word}</a></th><td class="number">${formats.count(day.reasons[reason])}</td><td class="with-bar">${bar(all, day.reasons[reason])}</td><td>${more}</td></tr>`;
    });
  return html`<section class="panel" aria-labelledby="reasons"><h2 id="reasons">${t.reasons}</h2><table class="reasons"><thead><tr><th scope="col">${t.reason}</th><th scope="col" class="number">${t.count}</th><td></td><th scope="col">${t.next}</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

/** Units of a page; a province's tops with more would make it slow to read. */
const unitsShown = 200;

function unitTable(context: PageContext, view: CoverageView, day: CoverageOfDay): Html {
  const { texts, formats, language } = context;
  const t = texts.coverage;
  const p = coveragePageTexts[language];
  const rows = day.units
    .slice(0, unitsShown)
    .map(
      (unit) =>
        html`<tr><th scope="row"><a href="${coverageAddress('/coverage', view, { unit: unit.unitKey })}"><bdi>${unit.name}</bdi></a></th><td class="number">${formats.count(unit.covered)} / ${formats.count(unit.population)}</td><td class="with-bar">${bar(unit.population, unit.covered)}</td><td class="number">${formats.count(unit.missing)}</td><td class="number">${unit.rate === null ? '—' : formats.rate(unit.rate)}</td></tr>`,
    );
  const rest = day.units.length - rows.length;
  const own = ownRow(context, day);
  return html`<section class="panel" aria-labelledby="units"><h2 id="units">${t.units}</h2><div class="scroll tall" role="group" aria-labelledby="units" tabindex="0"><table class="reasons"><thead><tr><th scope="col">${t.unit}</th><th scope="col" class="number">${t.covered}</th><td></td><th scope="col" class="number">${t.gap}</th><th scope="col" class="number">${t.rate}</th></tr></thead><tbody>${own}${rows}</tbody></table></div>${rest > 0 && html`<p class="hint">${p.more(formats.count(rest))}</p>`}</section>`;
}

/** People of the unit itself, so that the parts add up to the whole. */
function ownRow({ formats, language }: PageContext, day: CoverageOfDay): Html {
  const inParts = (count: 'population' | 'covered'): number =>
    day[count] - day.units.reduce((sum, unit) => sum + unit[count], 0);
  const [population, covered] = [inParts('population'), inParts('covered')];
  if (population <= 0 || day.units.length === 0) return html``;
  return html`<tr><th scope="row">${coveragePageTexts[language].ownPeople}</th><td class="number">${formats.count(covered)} / ${formats.count(population)}</td><td class="with-bar">${bar(population, covered)}</td><td class="number">${formats.count(population - covered)}</td><td class="number">${formats.rate(covered / population)}</td></tr>`;
}
