/** What all coverage pages share: heading with profile, day and unit path, the three views, filters, files to take along. */
import type { CoverageOfDay, UnitOfTree } from '../domain/coverage-questions.ts';
import { gapReasons, outOfPopulationReasons, useReasons } from '../domain/coverage-verdict.ts';
import { type Html, html } from '../domain/html.ts';
import { codeText, codeWord } from '../texts/code-texts.ts';
import { coveragePageTexts } from '../texts/coverage-page-texts.ts';
import { coverageSheetTexts } from '../texts/coverage-sheet-texts.ts';
import { importPageTexts } from '../texts/import-page-texts.ts';
import { type CoverageView, coverageAddress } from './coverage-query.ts';
import type { PageContext } from './page-context.ts';
import { coverageForms } from './web-coverage.ts';

export interface CoverageChoice {
  readonly view: CoverageView;
  readonly day: Pick<CoverageOfDay, 'profile' | 'asOf' | 'unitPath' | 'units' | 'knownAt'>;
  /** For the line on paper. */
  readonly now: string;
}

export type CoverageViewName = 'now' | 'time' | 'stock';

const paths: Readonly<Record<CoverageViewName, string>> = {
  now: '/coverage',
  time: '/coverage/trend',
  stock: '/coverage/stock',
};

export function coverageHeading(context: PageContext, { view, day }: CoverageChoice, current: CoverageViewName): Html {
  const { texts, formats, language } = context;
  const t = texts.coverage;
  const p = coveragePageTexts[language];
  const title = day.profile.title[language === 'zh' ? 'zh-CN' : 'en'];
  const links = (['now', 'time', 'stock'] as const).map(
    (name) =>
      html`<li><a href="${coverageAddress(paths[name], view, { status: 'gap', reason: null })}"${name === current && html` aria-current="page"`}>${p.views[name]}</a></li>`,
  );
  return html`<div class="heading"><h1>${t.title}</h1><p class="counted">${day.unitPath.length === 0 && html`<span class="on-paper"><bdi>${day.units.length === 1 ? day.units[0]?.name : p.allUnits}</bdi> · </span>`}${title} · <bdi>${day.profile.clause}</bdi> · ${t.asOfDay(formats.day(day.asOf))}${view.asked.knownAt !== undefined && html` · ${p.knownAtLine(formats.count(view.asked.knownAt))}`}</p></div>
<nav class="tabs" aria-label="${p.viewsLabel}"><ul>${links}</ul></nav>
${unitPath(context, { view, path: day.unitPath, current })}`;
}

function unitPath(
  { language }: PageContext,
  at: { readonly view: CoverageView; readonly path: readonly UnitOfTree[]; readonly current: CoverageViewName },
): Html {
  if (at.path.length === 0) return html``;
  const p = coveragePageTexts[language];
  const link = (unit: string | null, name: string): Html =>
    html`<li><a href="${coverageAddress(paths[at.current], at.view, { unit })}"><bdi>${name}</bdi></a></li>`;
  const last = at.path.length - 1;
  const steps = at.path.map(({ unitKey, name }, index) =>
    index === last ? html`<li aria-current="true"><bdi>${name}</bdi></li>` : link(unitKey, name),
  );
  return html`<ol class="unit-path">${link(null, p.allUnits)}${steps}</ol>`;
}

const option = (value: string, text: string, chosen: string): Html =>
  html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>`;

/** Units that a list to choose from holds; deeper ones are reached by going down the tree. */
const unitOptionsMax = 500;

export function chooser(context: PageContext, { view, day }: CoverageChoice, path = '/coverage'): Html {
  const { texts, station, language } = context;
  const { asked, status } = view;
  const t = texts.coverage;
  const p = coveragePageTexts[language];
  const title = language === 'zh' ? 'zh-CN' : 'en';
  const units = [...day.unitPath, ...day.units.slice(0, unitOptionsMax)];
  const group = (label: string, codes: readonly string[], word: (code: string) => string): Html =>
    html`<optgroup label="${label}">${codes.map((code) => option(code, word(code), asked.reason ?? ''))}</optgroup>`;
  const filters = html`<label>${p.status}<select name="status">${(['gap', 'covered', 'out', 'all'] as const).map((one) => option(one, p.statuses[one], status))}</select></label>
<label>${t.reason}<select name="reason">${option('', p.anyReason, asked.reason ?? '')}${group(p.gapReasons, gapReasons, (code) => codeText('gap', code, language).word)}${group(p.outReasons, outOfPopulationReasons, (code) => codeWord('outOfCount', code, language))}${group(p.useReasons, useReasons, (code) => codeWord('outOfCount', code, language))}</select></label>`;
  return html`<form class="filters compact" method="get" action="${path}">
<label>${t.profile}<select name="profile">${station.profiles().map((profile) => option(profile.name, profile.title[title], asked.profile))}</select></label>
<label>${t.asOf}<input type="date" name="as-of" value="${asked.asOf}" required></label>
<label>${t.unit}<select name="unit">${option('', t.allUnits, asked.unit ?? '')}${units.map(({ unitKey, name }) => option(unitKey, name, day.unitPath.at(-1)?.unitKey ?? ''))}</select></label>
${path === '/coverage' && filters}
<label>${p.knownAt}<input class="known-at" name="known-at" title="${p.knownAtForms}" value="${asked.knownAt ?? ''}" placeholder="${p.knownAtHint}"></label>
<button type="submit">${t.show}</button></form>`;
}

/** What a page shows, whole: paper, workbook, table and JSON. */
function fileLinks({ texts, language }: PageContext, view: CoverageView, path: string): Html {
  const p = coveragePageTexts[language];
  const file = (format: string): string => coverageAddress(`${path}.${format}`, view);
  return html`<p class="exports"><a class="button" href="${file('html')}">${p.paper}</a> <a href="${file('xlsx')}" download>${p.xlsx}</a> <a href="${file('csv')}" download>${texts.coverage.csv}</a> <a href="${file('json')}">${texts.coverage.json}</a></p>`;
}

/** Files of one page that are not the report of the day. */
export function pageFiles(
  context: PageContext,
  view: CoverageView,
  { path, title }: { readonly path: string; readonly title: string },
): Html {
  return html`<section class="panel downloads" aria-labelledby="page-files"><h2 id="page-files">${title}</h2>
${fileLinks(context, view, path)}</section>`;
}

export function downloads(context: PageContext, view: CoverageView): Html {
  const { language } = context;
  const p = coveragePageTexts[language];
  const forms = coverageForms.map((form) => {
    const address = (format: string): string => coverageAddress(`/coverage/forms/${form}.${format}`, view);
    const name = p.formNames[form];
    return html`<li>${name} <a href="${address('html')}" aria-label="${name} ${p.print}">${p.print}</a> <a href="${address('xlsx')}" aria-label="${name} ${p.sheet}" download>${p.sheet}</a></li>`;
  });
  return html`<section class="panel downloads" aria-labelledby="files"><h2 id="files">${p.forms}</h2>
${fileLinks(context, view, '/coverage')}
<ul class="forms">${forms}</ul></section>`;
}

/** The first thing to do in a station without people. */
export function toImport({ language }: PageContext): Html {
  return html`<p class="ways"><a href="/people/import">${importPageTexts[language].title}</a></p>`;
}

/** Shown on paper only: unit, day and rule stand on top, here are the lines to sign and who made it. */
export function paperEnd({ texts, station, formats, language }: PageContext, now: string): Html {
  const { signatures } = coverageSheetTexts[language];
  return html`<ul class="paper-signatures">${signatures.map((line) => html`<li>${line}</li>`)}</ul>
<p class="paper">${texts.coverage.printedAt(station.name, formats.dateTime(now))}</p>`;
}
