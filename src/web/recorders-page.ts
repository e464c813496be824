/** The list of recorders on a day: state, who has it, when it was last docked; what is not as it should be comes first. */
import { type Html, html } from '../domain/html.ts';
import { findCalendarDate, getCalendarDate } from '../domain/people-facts.ts';
import type { RecorderReviewFinding } from '../domain/recorder-review-policy.ts';
import { isIdle, type RecorderRow } from '../domain/recorder-views.ts';
import { codeText, codeWord } from '../texts/code-texts.ts';
import { recorderPageTexts } from '../texts/recorder-page-texts.ts';
import { recorderTexts, reviewWho } from '../texts/recorder-texts.ts';
import type { PageContext } from './page-context.ts';
import { emptyState, moment, renderPage } from './page-shell.ts';
import { pagination } from './pagination.ts';
import { recorderAddress, type WebRecorders } from './web-recorders.ts';

const pageSize = 100;
const findingsShown = 50;
const states = ['in-service', 'repair', 'lost', 'scrapped', 'idle'] as const;

interface Query {
  readonly asOf: string;
  readonly search: string;
  readonly state: string;
  readonly page: number;
}

export function recordersPage(context: PageContext, recorders: WebRecorders): Html {
  const { language, formats } = context;
  const t = recorderPageTexts[language];
  const query = readQuery(context);
  const asOf = { asOf: getCalendarDate(query.asOf) };
  const all = recorders.list(asOf);
  const rows = all.filter((row) => isWanted(row, query));
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const page = Math.min(query.page, pages);
  const findings = recorders.findings(asOf);
  return renderPage(context, {
    title: t.title,
    entry: 'recorders',
    main: html`<div class="heading"><h1>${t.title}</h1><p class="counted">${t.counted(formats.count(rows.length), formats.count(all.length))}</p></div>
${filters(context, query)}
${findings.length > 0 && findingsPanel(context, findings)}
${rows.length === 0 ? emptyState(t.noneTitle, t.noneNext) : table(context, rows.slice((page - 1) * pageSize, page * pageSize))}
${rows.length > 0 && pagination(context, { page, pages, address: (to) => address({ ...query, page: to }) })}`,
  });
}

function readQuery({ query, station }: PageContext): Query {
  const state = query.get('state') ?? '';
  return {
    asOf: findCalendarDate(query.get('day') ?? '') ?? station.today(),
    search: (query.get('search') ?? '').trim().slice(0, 100),
    state: states.some((one) => one === state) ? state : '',
    page: Math.max(1, Math.min(1_000_000, Math.trunc(Number(query.get('page'))) || 1)),
  };
}

function address({ asOf, search, state, page }: Query): string {
  return `/recorders?${new URLSearchParams({ day: asOf, search, state, page: String(page) })}`;
}

function isWanted(row: RecorderRow, { search, state }: Query): boolean {
  if (state === 'idle' ? !isIdle(row) : state !== '' && row.state !== state) return false;
  const text = search.toLowerCase();
  const words = [row.serial, row.model, row.checkOut?.name, row.checkOut?.certificateNo];
  for (const { name, certificateNo, unit } of row.holders) words.push(name, certificateNo, unit);
  return text === '' || words.some((word) => word?.toLowerCase().includes(text) === true);
}

function filters(context: PageContext, query: Query): Html {
  const t = recorderPageTexts[context.language];
  const option = (value: string, text: string): Html =>
    html`<option value="${value}"${value === query.state && html` selected`}>${text}</option>`;
  const word = (state: string): string =>
    state === 'idle' ? t.idle : codeWord('recorderState', state, context.language);
  return html`<form class="filters" method="get" action="/recorders" role="search" aria-label="${context.texts.clips.filters}">
<label>${t.asOf}<input type="date" name="day" value="${query.asOf}"></label>
<label>${t.search}<input type="search" name="search" value="${query.search}" placeholder="${t.searchHint}" maxlength="100"></label>
<label>${t.state}<select name="state">${option('', t.anyState)}${states.map((state) => option(state, word(state)))}</select></label>
<button type="submit">${t.show}</button></form>`;
}

function findingsPanel(context: PageContext, findings: readonly RecorderReviewFinding[]): Html {
  const t = recorderPageTexts[context.language];
  const more = findings.length - findingsShown;
  return html`<details class="panel review"><summary><strong>${t.findings}</strong> <span class="tag warn">${context.formats.count(findings.length)}</span></summary>
${reviewItems(context, findings.slice(0, findingsShown))}${more > 0 && html`<p class="hint">${t.findingsMore(context.formats.count(more))}</p>`}</details>`;
}

/** Shared with the recorder's own page. */
export function reviewItems(context: PageContext, findings: readonly RecorderReviewFinding[]): Html {
  const { language } = context;
  const items = findings.map((finding) => {
    const { code, serial, since, standing } = finding;
    const { word, more } = codeText('recorderReview', code, language);
    const facts = [
      ...reviewWho(finding, language),
      standing === undefined ? undefined : codeWord('standing', standing, language),
    ].filter((fact) => fact !== undefined);
    return html`<li><strong>${word}</strong> <a href="${recorderAddress(serial)}"><bdi>${serial}</bdi></a> <bdi>${facts.join(' · ')}</bdi>${
      since !== undefined && html` ${since.endsWith('Z') ? moment(context, since) : since}`
    }<p>${more}</p></li>`;
  });
  return html`<ul class="findings">${items}</ul>`;
}

function table(context: PageContext, rows: readonly RecorderRow[]): Html {
  const t = recorderPageTexts[context.language];
  const line = (row: RecorderRow): Html => html`<tr>
<th scope="row"><a href="${recorderAddress(row.serial)}"><bdi class="serial">${row.serial}</bdi></a></th>
<td><bdi>${row.model ?? ''}</bdi></td>
<td>${stateOf(context, row)}</td>
<td>${holdersOf(context, row)}</td>
<td class="time">${row.lastSeen === null ? html`<span class="quiet">${t.neverSeen}</span>` : moment(context, row.lastSeen)}</td>
</tr>
`;
  return html`<div class="scroll" role="region" aria-label="${t.title}" tabindex="0"><table class="dockings">
<thead><tr><th scope="col">${t.serial}</th><th scope="col">${t.model}</th><th scope="col">${t.state}</th><th scope="col">${t.holder}</th><th scope="col">${t.lastSeen}</th></tr></thead>
<tbody>${rows.map(line)}</tbody></table></div>`;
}

export function stateOf({ language }: PageContext, { state, stateSince, unit }: RecorderRow): Html {
  const t = recorderPageTexts[language];
  if (state === null) return html`<span class="tag warn">${t.notListed}</span>`;
  const word = codeWord('recorderState', state, language);
  const shown = state === 'in-service' ? html`${word}` : html`<span class="tag warn">${word}</span>`;
  const since = stateSince === null ? '' : t.since(stateSince.replace('T', ' '));
  return html`${shown} <small class="quiet">${since}</small>${unit !== null && html` <span class="tag">${t.pool(unit)}</span>`}`;
}

export function holdersOf(context: PageContext, row: RecorderRow): Html {
  const { language } = context;
  const t = recorderPageTexts[language];
  const people = row.holders.map(
    ({ certificateNo, name, mode, until }) =>
      html`<p><bdi>${name ?? ''}</bdi> <bdi class="quiet">${certificateNo}</bdi> <span class="tag">${codeWord('assignmentMode', mode, language)}</span>${until !== null && html` <small class="quiet">${recorderTexts[language].until(until)}</small>`}</p>`,
  );
  const out = row.checkOut;
  const outNow =
    out !== null &&
    html`<p><bdi>${out.name ?? ''}</bdi> <bdi class="quiet">${out.certificateNo}</bdi> <span class="tag">${t.checkOut}</span> ${moment(context, out.outAt)}</p>`;
  return people.length === 0 && out === null ? html`<span class="quiet">${t.nobody}</span>` : html`${people}${outNow}`;
}
