/** The list of cases: those with a running legal period first, what is missing in words, fifty a page. */
import type { CaseClock, CaseSummary } from '../domain/case-views.ts';
import { type Html, html } from '../domain/html.ts';
import type { LegalClockState } from '../domain/legal-clocks.ts';
import type { CaseTime } from '../domain/people-facts.ts';
import { type CaseTexts, caseTexts, clockStateWords } from '../texts/case-texts.ts';
import { pageOf } from './dockings-query.ts';
import type { PageContext } from './page-context.ts';
import { section } from './page-parts.ts';
import { emptyState, renderPage } from './page-shell.ts';
import { pagination } from './pagination.ts';
import type { CaseListQuery, WebCases } from './web-cases.ts';

const pageSize = 50;
const clocksShown = 20;

export const caseAddress = (number: string): string => `/cases/${encodeURIComponent(number.toWellFormed())}`;
export const clipAddressOf = (clip: string): string => `/clips/${encodeURIComponent(clip)}`;

/** What the case list wrote, in station time; it has no zone of its own. */
export const localMoment = ({ local }: CaseTime): string => local.replace('T', ' ');

export const titleOf = (
  { language }: Pick<PageContext, 'language'>,
  title: { readonly 'zh-CN': string; readonly en: string } | null,
  code: string,
): string => (title === null ? code : title[language === 'zh' ? 'zh-CN' : 'en']);

export function casesPage(context: PageContext, cases: WebCases): Html {
  const { formats, language } = context;
  const t = caseTexts[language];
  const query = readQuery(context.query);
  const found = cases.list(query);
  const page = pageOf(context.query);
  const pages = Math.max(1, Math.ceil(found.length / pageSize));
  const rows = found.slice((page - 1) * pageSize, page * pageSize);
  const running = cases.clocks().filter(({ endedOn }) => endedOn === null);
  const isFiltered = query.search !== undefined || query.state !== undefined;
  return renderPage(context, {
    title: t.title,
    entry: 'cases',
    main: html`<div class="heading"><h1>${t.title}</h1><p class="counted"><a href="/complaints">${t.complaints}</a> ${t.counted(formats.count(rows.length), formats.count(found.length))}</p></div>
${running.length > 0 && section('clocks', t.clocks, clockTable(context, running.slice(0, clocksShown)))}
${filters(context, query)}
${
  rows.length > 0
    ? table(context, rows)
    : emptyState(isFiltered ? t.noMatch : t.none, isFiltered ? context.texts.clips.noMatchNext : t.noneNext)
}
${pagination(context, { page, pages, address: (at) => address(query, at) })}`,
  });
}

function readQuery(params: URLSearchParams): CaseListQuery {
  const search = params.get('q')?.trim().slice(0, 100) || undefined;
  const state = params.get('state');
  return { search, state: state === 'open' || state === 'closed' ? state : undefined };
}

function address({ search, state }: CaseListQuery, page: number): string {
  const params = new URLSearchParams();
  if (search !== undefined) params.set('q', search);
  if (state !== undefined) params.set('state', state);
  if (page > 1) params.set('page', String(page));
  return params.size === 0 ? '/cases' : `/cases?${params}`;
}

function filters(context: PageContext, query: CaseListQuery): Html {
  const t = caseTexts[context.language];
  const c = context.texts.clips;
  const option = (value: string, text: string): Html =>
    html`<option value="${value}"${value === (query.state ?? '') && html` selected`}>${text}</option>`;
  return html`<form class="filters" method="get" action="/cases" role="search" aria-label="${c.filters}">
<label>${t.search}<input type="search" name="q" value="${query.search}" placeholder="${t.searchHint}" maxlength="100"></label>
<label>${t.status}<select name="state">${option('', t.any)}${option('open', t.open)}${option('closed', t.closed)}</select></label>
<button type="submit">${c.apply}</button>
${(query.search !== undefined || query.state !== undefined) && html`<a class="reset" href="/cases">${c.reset}</a>`}
</form>`;
}

function table(context: PageContext, rows: readonly CaseSummary[]): Html {
  const { formats, language } = context;
  const t = caseTexts[language];
  const count = (value: number): Html =>
    value === 0 ? html`<span class="quiet">0</span>` : html`<span class="tag warn">${formats.count(value)}</span>`;
  const line = (row: CaseSummary): Html => html`<tr>
<th scope="row"><a href="${caseAddress(row.number)}"><bdi>${row.number}</bdi></a></th>
<td><bdi>${row.kind ?? ''}</bdi></td><td><bdi>${row.unit}</bdi></td><td><bdi>${row.status}</bdi></td>
<td class="time">${localMoment(row.startedAt)}</td>
<td class="number">${row.clips === 0 ? html`<span class="tag warn">0</span>` : formats.count(row.clips)}</td>
<td class="number">${count(row.notRecorded)}</td><td class="number">${count(row.breaks)}</td>
<td>${row.clock !== null && clockWords(context, row.clock)}</td>
</tr>
`;
  return html`<div class="scroll" role="region" aria-label="${t.title}" tabindex="0"><table class="cases">
<thead><tr><th scope="col">${t.number}</th><th scope="col">${t.kind}</th><th scope="col">${t.unit}</th><th scope="col">${t.status}</th><th scope="col">${t.started}</th><th scope="col" class="number">${t.clips}</th><th scope="col" class="number">${t.notRecorded}</th><th scope="col" class="number">${t.breaks}</th><th scope="col">${t.clock}</th></tr></thead>
<tbody>${rows.map(line)}</tbody></table></div>`;
}

const alarming: readonly LegalClockState[] = ['overdue', 'due-today', 'ended-late'];
const stateClass = (state: LegalClockState): string =>
  alarming.includes(state) ? 'alarm' : state === 'due-soon' ? 'warn' : state === 'ended' ? 'good' : '';

/** Act, last day and what is left of it. */
function clockWords(context: PageContext, clock: CaseClock): Html {
  const t = caseTexts[context.language];
  return html`<span class="tag ${stateClass(clock.state)}">${clockStateWords[clock.state][context.language]}</span> ${titleOf(context, clock.title, clock.act)}<small>${t.clockEnds(context.formats.day(clock.dueOn))} · ${left(t, clock)}</small>`;
}

function left(t: CaseTexts, { daysLeft, counts }: CaseClock): string {
  return daysLeft < 0 ? t.daysOver(-daysLeft, counts) : t.daysLeft(daysLeft, counts);
}

/** Legal periods, each with the clip that shows its act. Also on the case's own page. */
export function clockTable(context: PageContext, clocks: readonly CaseClock[]): Html {
  const { formats, language } = context;
  const t = caseTexts[language];
  const years = [...new Set(clocks.flatMap(({ unknownYears }) => unknownYears))];
  const line = (clock: CaseClock): Html => {
    const [clip] = clock.clips;
    return html`<tr><th scope="row"><a href="${caseAddress(clock.number)}"><bdi>${clock.number}</bdi></a></th>
<td>${titleOf(context, clock.title, clock.act)}<small>${clock.clause}</small></td>
<td class="time">${formats.day(clock.startedOn)}</td>
<td class="time">${formats.day(clock.dueOn)}${clock.isExtended && html`<small>${t.extended}</small>`}</td>
<td><span class="tag ${stateClass(clock.state)}">${clockStateWords[clock.state][language]}</span><small>${clock.endedOn === null ? left(t, clock) : formats.day(clock.endedOn)}</small></td>
<td>${clip === undefined ? html`<span class="tag warn">${t.notShown}</span>` : html`<a href="${clipAddressOf(clip)}">${t.clip}${clock.clips.length > 1 && ` (${formats.count(clock.clips.length)})`}</a>`}</td></tr>
`;
  };
  return html`${years.length > 0 && html`<p class="notice" role="status">${t.calendarUnknown(years.join(', '))}</p>`}
<div class="scroll" role="region" aria-label="${t.clock}" tabindex="0"><table class="clocks"><thead><tr><th scope="col">${t.number}</th><th scope="col">${t.act}</th><th scope="col">${t.started}</th><th scope="col">${t.clock}</th><th scope="col">${t.status}</th><th scope="col">${t.shownBy}</th></tr></thead>
<tbody>${clocks.map(line)}</tbody></table></div>`;
}
