/**
 * The supervisor's page: who is still without a recorder, why, what closes the gap, and how long there is. Both ways of
 * counting are always shown with which one is reported; every figure comes from the station, nothing is counted anew
 * but how many gaps share a reason.
 */

import { type Html, html } from '../domain/html.ts';
import { codeText } from '../texts/code-texts.ts';
import { type CoverageAsked, coverageAddress } from './coverage-query.ts';
import { daysBetween } from './formats.ts';
import type { PageContext, PageLanguage } from './page-context.ts';
import { emptyState, renderPage } from './page-shell.ts';
import type { CoverageGapView, CoverageView } from './web-station.ts';

export interface CoveragePageInput {
  readonly asked: CoverageAsked;
  readonly view: CoverageView;
  /** For the line on paper. */
  readonly now: string;
}

export function coveragePage(context: PageContext, input: CoveragePageInput): Html {
  const { asked, view, now } = input;
  const { texts, station, formats } = context;
  const t = texts.coverage;
  const noRoster = view.basis === 'no-roster';
  return renderPage(context, {
    title: t.title,
    entry: 'coverage',
    main: html`<div class="heading"><h1>${t.title}</h1><p class="counted">${profileTitle(context, view.profile)} · ${t.asOfDay(formats.day(view.as_of))}${asked.query.unit !== undefined && html` · <bdi>${asked.query.unit}</bdi>`}</p></div>
${chooser(context, asked)}
${view.basis === 'before-first-roster' && html`<p class="notice">${t.beforeFirst}</p>`}
${view.unmapped_posts.length > 0 && html`<p class="notice">${t.unmappedPosts(view.unmapped_posts.map(({ post, officers }) => `${post || '—'} (${formats.count(officers)})`).join(', '))}</p>`}
${noRoster ? emptyState(t.noRosterTitle, t.noRosterNext) : html`${coverageBody(context, view, exportLinks(context, asked))}`}
<p class="paper">${t.printedAt(station.name, formats.dateTime(now))}</p>`,
  });
}

/** Figures, reasons, units and gaps: the same on the page and in a file. */
export function coverageBody(context: PageLanguage, view: CoverageView, exports: Html): Html {
  return html`${figures(context, view)}${breakdown(context, view)}${gaps(context, view, exports)}`;
}

function exportLinks({ texts }: PageContext, asked: CoverageAsked): Html {
  const t = texts.coverage;
  return html`<p class="exports"><a href="${coverageAddress('/coverage.csv', asked.query)}" download>${t.csv}</a> <a href="${coverageAddress('/coverage.json', asked.query)}">${t.json}</a> <span class="hint">${t.print}</span></p>`;
}

function chooser({ texts, station, language }: PageContext, { query }: CoverageAsked): Html {
  const t = texts.coverage;
  const title = language === 'zh' ? 'zh-CN' : 'en';
  const units = station.units(query.asOf);
  const option = (value: string, text: string, chosen: string): Html =>
    html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>`;
  const known = query.unit === undefined || units.includes(query.unit) ? units : [query.unit, ...units];
  return html`<form class="filters" method="get" action="/coverage">
<label>${t.profile}<select name="profile">${station.profiles().map((profile) => option(profile.name, profile.title[title], query.profile))}</select></label>
<label>${t.asOf}<input type="date" name="as-of" value="${query.asOf}" required></label>
<label>${t.unit}<select name="unit">${option('', t.allUnits, query.unit ?? '')}${known.map((unit) => option(unit, unit, query.unit ?? ''))}</select></label>
<button type="submit">${t.show}</button></form>`;
}

/** Stands in the heading as well as in the form, which is not printed. */
function profileTitle({ station, language }: PageContext, name: string): string {
  const title = station.profiles().find((profile) => profile.name === name)?.title;
  return title?.[language === 'zh' ? 'zh-CN' : 'en'] ?? name;
}

function figures(context: PageLanguage, view: CoverageView): Html {
  const { texts, formats } = context;
  const t = texts.coverage;
  const missing = view.population - view.covered;
  return html`<section class="figures" aria-label="${t.rate}">
<div class="figure main"><h2>${t.rate}</h2><p class="big">${view.rate === null ? '—' : formats.rate(view.rate)}</p>
${bar(view.population, view.covered)}<p>${view.rate === null ? t.rateNone : t[view.reported === 'personal-only' ? 'personalOnly' : 'includingShared']}</p></div>
<div class="figure"><h2>${t.population}</h2><p class="big">${formats.count(view.population)}</p></div>
<div class="figure"><h2>${t.covered}</h2><p class="big">${formats.count(view.covered)}</p></div>
<div class="figure${missing > 0 && ' gap'}"><h2>${t.gap}</h2><p class="big">${formats.count(missing)}</p></div>
${deadline(context, view, missing)}
</section>
<table class="both"><thead><tr><th scope="col">${t.way}</th><th scope="col" class="number">${t.population}</th><th scope="col" class="number">${t.covered}</th><th scope="col" class="number">${t.gap}</th><th scope="col" class="number">${t.rate}</th><td></td></tr></thead><tbody>
${way(context, view, 'personal-only')}${way(context, view, 'including-shared')}</tbody></table>`;
}

function way({ texts, formats }: PageLanguage, view: CoverageView, which: CoverageView['reported']): Html {
  const t = texts.coverage;
  const covered = which === 'personal-only' ? view.covered_personal_only : view.covered_including_shared;
  const rate = view.population === 0 ? null : covered / view.population;
  const reported = view.reported === which;
  return html`<tr${reported && html` class="reported"`}><th scope="row">${which === 'personal-only' ? t.personalOnly : t.includingShared}</th>
<td class="number">${formats.count(view.population)}</td><td class="number">${formats.count(covered)}</td><td class="number">${formats.count(view.population - covered)}</td><td class="number">${rate === null ? '—' : formats.rate(rate)}</td>
<td><span class="tag${reported && ' strong'}">${reported ? t.reported : t.notReported}</span></td></tr>`;
}

function deadline({ texts, formats }: PageLanguage, view: CoverageView, missing: number): Html {
  const t = texts.coverage;
  const days = daysBetween(view.as_of, view.deadline);
  const left = days > 0 ? t.daysLeft(formats.count(days)) : days === 0 ? t.lastDay : t.daysOver(formats.count(-days));
  const done = missing === 0 && view.population > 0;
  return html`<div class="figure deadline${!done && days < 0 && ' over'}${done && ' done'}"><h2>${t.deadline}</h2>
<p class="big">${done ? t.complete : left}</p><p>${formats.day(view.deadline)}</p><p class="clause">${t.clause} <bdi>${view.clause}</bdi></p></div>`;
}

/** Drawn with attributes: the policy of the pages allows no inline style. */
function bar(all: number, part: number): Html {
  const width = all === 0 ? 0 : Math.floor((part / all) * 1000);
  return html`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="bar-all" width="1000" height="10"/><rect class="bar-part" width="${width}" height="10"/></svg>`;
}

function breakdown(context: PageLanguage, view: CoverageView): Html {
  const { texts, formats, language } = context;
  const t = texts.coverage;
  if (view.gaps.length === 0) return html``;
  const reasons = [...Map.groupBy(view.gaps, ({ reason }) => reason)].sort(([, a], [, b]) => b.length - a.length);
  const rows = reasons.map(([reason, members]) => {
    const { word, more } = codeText('gap', reason, language);
    return html`<tr><th scope="row">${word}</th><td class="number">${formats.count(members.length)}</td><td class="with-bar">${bar(view.gaps.length, members.length)}</td><td>${more}</td></tr>`;
  });
  const units = view.by_unit.map(
    (unit) =>
      html`<tr><th scope="row"><bdi>${unit.unit}</bdi></th><td class="number">${formats.count(unit.covered)} / ${formats.count(unit.population)}</td><td class="with-bar">${bar(unit.population, unit.covered)}</td><td class="number">${unit.rate === null ? '—' : formats.rate(unit.rate)}</td></tr>`,
  );
  return html`<div class="columns"><section class="panel" aria-labelledby="reasons"><h2 id="reasons">${t.reasons}</h2><table class="reasons"><thead><tr><th scope="col">${t.reason}</th><th scope="col" class="number">${t.count}</th><td></td><th scope="col">${t.next}</th></tr></thead><tbody>${rows}</tbody></table></section>
${
  view.by_unit.length > 1 &&
  html`<section class="panel" aria-labelledby="units"><h2 id="units">${t.units}</h2><table class="reasons"><thead><tr><th scope="col">${t.unit}</th><th scope="col" class="number">${t.covered}</th><td></td><th scope="col" class="number">${t.rate}</th></tr></thead><tbody>${units}</tbody></table></section>`
}</div>`;
}

function gaps(context: PageLanguage, view: CoverageView, exports: Html): Html {
  const t = context.texts.coverage;
  if (view.gaps.length === 0) return html`${emptyState(t.noGapsTitle, t.noGapsNext)}${exports}`;
  return html`<section class="panel" aria-labelledby="gaps"><div class="heading"><h2 id="gaps">${t.gaps}</h2>${exports}</div>
<div class="scroll" role="region" aria-labelledby="gaps" tabindex="0"><table class="gaps"><thead><tr><th scope="col">${t.certificateNo}</th><th scope="col">${t.name}</th><th scope="col">${t.unit}</th><th scope="col">${t.reason}</th><th scope="col">${t.clause}</th></tr></thead>
<tbody>${view.gaps.map((gap) => gapRow(context, gap))}</tbody></table></div></section>`;
}

function gapRow({ texts, formats, language }: PageLanguage, gap: CoverageGapView): Html {
  const t = texts.coverage;
  const details = [
    gap.recorder_serial === undefined ? '' : t.recorder(gap.recorder_serial),
    gap.held_by === undefined ? '' : t.heldBy(gap.held_by),
    gap.starts_on === undefined ? '' : t.startsOn(formats.day(gap.starts_on)),
    gap.unregistered_recorder === undefined ? '' : t.notRegistered(gap.unregistered_recorder),
  ].filter((text) => text !== '');
  return html`<tr><td><code>${gap.certificate_no}</code></td><th scope="row"><bdi>${gap.name}</bdi></th><td><bdi>${gap.unit}</bdi></td>
<td>${codeText('gap', gap.reason, language).word}${details.length > 0 && html`<small><bdi>${details.join(' · ')}</bdi></small>`}</td><td class="clause"><bdi>${gap.clause}</bdi></td></tr>
`;
}
