/** The roster of a day: by unit or search, with what is open about it: when the next is due, who is asked about. */
import { type Html, html } from '../domain/html.ts';
import { findCalendarDate, getCalendarDate } from '../domain/people-facts.ts';
import type { RosterQuestion } from '../domain/roster-questions.ts';
import type { OfficerList, OfficerRow, UnitRow } from '../domain/roster-views.ts';
import { codeWord } from '../texts/code-texts.ts';
import { importPageTexts } from '../texts/import-page-texts.ts';
import { peoplePageTexts } from '../texts/people-page-texts.ts';
import type { PageContext } from './page-context.ts';
import { emptyState, renderPage } from './page-shell.ts';
import { pagination } from './pagination.ts';
import { type PeopleQuery, personAddress, type WebPeople } from './web-people.ts';

const pageSize = 100;
const questionsShown = 100;

export function peoplePage(context: PageContext, people: WebPeople): Html {
  const { language, formats } = context;
  const t = peoplePageTexts[language];
  const query = readQuery(context);
  const list = people.list(query);
  const pages = Math.max(1, Math.ceil(list.found / pageSize));
  const page = Math.min(query.page, pages);
  const shown = page === query.page ? list : people.list({ ...query, page });
  return renderPage(context, {
    title: t.title,
    entry: 'people',
    main: html`<div class="heading"><h1>${t.title}</h1><p class="counted">${t.counted(formats.count(list.found), formats.count(list.all))}</p>${context.station.imports !== undefined && html`<p class="counted"><a class="reset" href="/people/import">${importPageTexts[language].toUpload}</a> <a class="reset" href="/imports">${importPageTexts[language].toList}</a></p>`}</div>
${notices(context, people, query)}
${filters(context, query)}
${questions(context, people.questions())}
${units(context, list, query)}
${list.all === 0 ? emptyState(t.noRosterTitle, t.noRosterNext) : list.found === 0 ? emptyState(t.noneTitle, t.noneNext) : table(context, shown.rows)}
${list.found > 0 && pagination(context, { page, pages, address: (to) => address({ ...query, page: to }) })}`,
  });
}

function readQuery({ query, station }: PageContext): PeopleQuery {
  const unit = (query.get('unit') ?? '').slice(0, 200);
  return {
    asOf: findCalendarDate(query.get('day') ?? '') ?? getCalendarDate(station.today()),
    search: (query.get('search') ?? '').trim().slice(0, 100),
    unit: unit === '' ? undefined : unit,
    page: Math.max(1, Math.min(1_000_000, Math.trunc(Number(query.get('page'))) || 1)),
    pageSize,
  };
}

function address({ asOf, search, unit, page }: PeopleQuery): string {
  return `/people?${new URLSearchParams({ day: asOf, search, unit: unit ?? '', page: String(page) })}`;
}

function notices({ language, formats }: PageContext, people: WebPeople, { asOf }: PeopleQuery): Html {
  const t = peoplePageTexts[language];
  const { newest, dueOn, isOverdue } = people.age();
  const posts = people.unmappedPosts(asOf);
  const named = posts.slice(0, 20).map(({ post, officers }) => `${post || t.noPost} (${formats.count(officers)})`);
  return html`${
    newest !== null &&
    dueOn !== null &&
    html`<p class="${isOverdue ? 'notice' : 'hint'}">${(isOverdue ? t.overdue : t.age)(formats.day(newest), formats.day(dueOn))}</p>`
  }${posts.length > 0 && html`<p class="notice">${t.unmappedPosts(`${named.join(', ')}${posts.length > 20 ? ' …' : ''}`)}</p>`}`;
}

function filters({ language, texts }: PageContext, query: PeopleQuery): Html {
  const t = peoplePageTexts[language];
  return html`<form class="filters" method="get" action="/people" role="search" aria-label="${texts.clips.filters}">
<label>${t.asOf}<input type="date" name="day" value="${query.asOf}"></label>
<label>${t.search}<input type="search" name="search" value="${query.search}" placeholder="${t.searchHint}" maxlength="100"></label>
${query.unit !== undefined && html`<input type="hidden" name="unit" value="${query.unit}">`}
<button type="submit">${t.show}</button></form>`;
}

function questions({ language, formats }: PageContext, all: readonly RosterQuestion[]): Html | false {
  if (all.length === 0) return false;
  const t = peoplePageTexts[language];
  const items = all
    .slice(0, questionsShown)
    .map(
      ({ certificateNo, facts }) =>
        html`<li><a href="${personAddress(certificateNo)}"><bdi>${facts.name}</bdi> <bdi class="quiet">${certificateNo}</bdi></a> <bdi>${facts.unit}</bdi></li>`,
    );
  const more = all.length - questionsShown;
  return html`<details class="panel review"><summary><strong>${t.questions}</strong> <span class="tag warn">${formats.count(all.length)}</span></summary>
<p>${t.questionsNext}</p><ul class="findings">${items}</ul>${more > 0 && html`<p class="hint">${t.questionsMore(formats.count(more))}</p>`}</details>`;
}

function units(
  { language, formats }: PageContext,
  { path, units: below }: OfficerList,
  query: PeopleQuery,
): Html | false {
  const t = peoplePageTexts[language];
  const link = ({ unitKey, name, officers }: UnitRow): Html =>
    html`<li><a href="${address({ ...query, unit: unitKey, page: 1 })}"><bdi>${name}</bdi></a> <span class="quiet">${formats.count(officers)}</span></li>`;
  if (path.length === 0 && below.length === 0) return false;
  const up = html`<ul class="findings"><li><a href="${address({ ...query, unit: undefined, page: 1 })}">${t.allUnits}</a></li>${path.map(link)}</ul>`;
  return html`<details class="panel review"${path.length > 0 && html` open`}><summary><strong>${t.units}</strong>${
    path.length > 0 && html` <bdi>${path.map(({ name }) => name).join(' / ')}</bdi>`
  }</summary>${path.length > 0 && up}${below.length > 0 && html`<ul class="findings">${below.map(link)}</ul>`}</details>`;
}

function table(context: PageContext, rows: readonly OfficerRow[]): Html {
  const t = peoplePageTexts[context.language];
  const line = ({ facts, standing, isPostUnmapped }: OfficerRow): Html => html`<tr>
<td><a href="${personAddress(facts.certificateNo)}"><code>${facts.certificateNo}</code></a></td>
<th scope="row"><bdi>${facts.name}</bdi>${facts.category === 'auxiliary' && html` <span class="tag">${t.auxiliary}</span>`}</th>
<td><bdi>${facts.unit}</bdi></td>
<td><bdi>${facts.post || t.noPost}</bdi>${isPostUnmapped && html` <span class="tag warn">${t.unmapped}</span>`}</td>
<td>${facts.onDuty ? t.yes : html`<span class="tag">${t.offDuty}</span> <bdi>${facts.dutyReason ?? ''}</bdi>`}</td>
<td>${standingWord(context, standing.kind)}</td>
<td class="time">${context.formats.day(facts.validUntil)}</td>
</tr>
`;
  return html`<div class="scroll" role="region" aria-label="${t.title}" tabindex="0"><table class="dockings">
<thead><tr><th scope="col">${t.certificateNo}</th><th scope="col">${t.name}</th><th scope="col">${t.unit}</th><th scope="col">${t.post}</th><th scope="col">${t.onDuty}</th><th scope="col">${t.standing}</th><th scope="col">${t.validUntil}</th></tr></thead>
<tbody>${rows.map(line)}</tbody></table></div>`;
}

/** Shared with the person's own page. */
export function standingWord({ language }: PageContext, kind: string): Html {
  const text = codeWord('standing', kind, language);
  return kind === 'valid' ? html`${text}` : html`<span class="tag warn">${text}</span>`;
}
