/** One page of the officers: who, where, why, since when; headings sort, and everything stands in the address. */
import type { CoverageList, CoverageRow, CoverageSort, ListReason } from '../domain/coverage-questions.ts';
import { gapReasons } from '../domain/coverage-verdict.ts';
import { type Html, html } from '../domain/html.ts';
import { codeText, codeWord } from '../texts/code-texts.ts';
import { coveragePageTexts } from '../texts/coverage-page-texts.ts';
import { type CoverageView, coverageAddress } from './coverage-query.ts';
import type { PageContext } from './page-context.ts';
import { emptyState } from './page-shell.ts';
import { pagination } from './pagination.ts';
import { personAddress } from './web-people.ts';
import { recorderAddress } from './web-recorders.ts';

export function coverageList(context: PageContext, view: CoverageView, list: CoverageList): Html {
  const { texts, formats, language } = context;
  const t = texts.coverage;
  const p = coveragePageTexts[language];
  const { asked, status } = view;
  const title = p.listTitle(p.statuses[status], reasonName(asked.reason, language), formats.count(list.total));
  if (list.total === 0) {
    const isPlain = status === 'gap' && asked.reason === undefined;
    return isPlain
      ? html`<div id="list">${emptyState(t.noGapsTitle, t.noGapsNext)}</div>`
      : html`<section class="panel" id="list" aria-labelledby="gaps"><h2 id="gaps">${title}</h2><p>${p.nobody}</p></section>`;
  }
  const pages = Math.max(1, Math.ceil(list.total / asked.pageSize));
  const page = Math.min(list.asked.page, pages);
  const address = (page: number): string => `${coverageAddress('/coverage', view, { page })}#list`;
  const head = (sort: CoverageSort, name: string): Html => sortHead(context, view, sort, name);
  return html`<section class="panel" id="list" aria-labelledby="gaps"><div class="heading"><h2 id="gaps">${title}</h2>${pages > 1 && html`<p class="on-paper">${p.pageOnPaper(formats.count(page), formats.count(pages), formats.count(asked.pageSize))}</p>`}</div>
<div class="scroll" role="group" aria-labelledby="gaps" tabindex="0"><table class="gaps"><thead><tr>${head('certificate', t.certificateNo)}${head('name', t.name)}${head('unit', t.unit)}${head('reason', t.reason)}${head('since', p.since)}<th scope="col">${p.dueOn}</th><th scope="col">${t.clause}</th></tr></thead>
<tbody>${list.rows.map((row) => officerRow(context, row))}</tbody></table></div>
${pagination(context, { page, pages, address })}</section>`;
}

function sortHead({ language }: PageContext, view: CoverageView, sort: CoverageSort, name: string): Html {
  const p = coveragePageTexts[language];
  const isCurrent = (view.asked.sort ?? 'unit') === sort;
  const descending = isCurrent && view.asked.descending !== true;
  const order = view.asked.descending === true ? 'descending' : 'ascending';
  const address = coverageAddress('/coverage', view, { sort, descending });
  const mark = isCurrent ? (order === 'ascending' ? '▲' : '▼') : '';
  return html`<th scope="col"${isCurrent && html` aria-sort="${order}"`}><a class="sort" href="${address}#list" title="${p.sortedBy(p.sorts[sort], descending)}">${name}${mark !== '' && html` <span aria-hidden="true">${mark}</span>`}</a></th>`;
}

function officerRow(context: PageContext, row: CoverageRow): Html {
  const { formats, language } = context;
  const p = coveragePageTexts[language];
  const { gap } = row;
  const details = detailsOf(context, row);
  const overdue = gap !== null && gap.overdueDays > 0;
  return html`<tr><td><code>${row.certificateNo}</code></td><th scope="row"><a href="${personAddress(row.certificateNo)}"><bdi>${row.name}</bdi></a></th><td><bdi>${row.unit}</bdi></td>
<td>${statusWord(context, row)}${details.length > 0 && html`<small>${details.map((detail, at) => html`${at > 0 && ' · '}${detail}`)}</small>`}</td><td class="time">${gap !== null && (row.gapSince === null ? '—' : formats.day(row.gapSince))}</td><td class="time">${gap !== null && formats.day(gap.dueOn)}${overdue && html`<small class="over">${p.overdue(formats.count(gap.overdueDays))}</small>`}</td><td class="clause"><bdi>${row.clause}</bdi></td></tr>
`;
}

function statusWord({ language }: PageContext, { status, gap, outOfPopulation, use }: CoverageRow): string {
  const p = coveragePageTexts[language];
  if (gap !== null) return codeText('gap', gap.reason, language).word;
  if (status === 'out') return outOfPopulation.map((reason) => codeWord('outOfCount', reason, language)).join('、');
  return use === null ? p.statuses[status] : `${p.statuses[status]} · ${p.use[use]}`;
}

function detailsOf({ texts, formats, language }: PageContext, row: CoverageRow): Html[] {
  const t = texts.coverage;
  const p = coveragePageTexts[language];
  const { gap, serial, notes } = row;
  const recorders = [...new Set([serial, gap?.serial ?? null])].filter((one) => one !== null);
  const said = [
    gap === null || gap.startsOn === null ? null : t.startsOn(formats.day(gap.startsOn)),
    gap === null || gap.unregisteredSerial === null ? null : t.notRegistered(gap.unregisteredSerial),
    ...notes.map((note) =>
      note.kind === 'certificate-about-to-end' ? p.endsOn(formats.day(note.on)) : p.standingOpen,
    ),
  ].filter((fact) => fact !== null);
  const holder = gap?.heldBy?.certificateNo;
  return [
    ...recorders.map((one) => html`<a href="${recorderAddress(one)}"><bdi>${t.recorder(one)}</bdi></a>`),
    ...(holder === undefined ? [] : [html`<a href="${personAddress(holder)}"><bdi>${t.heldBy(holder)}</bdi></a>`]),
    ...[...new Set(said)].map((fact) => html`<bdi>${fact}</bdi>`),
  ];
}

function reasonName(reason: ListReason | undefined, language: PageContext['language']): string | null {
  if (reason === undefined) return null;
  const isGap = gapReasons.some((one) => one === reason);
  return isGap ? codeText('gap', reason, language).word : codeWord('outOfCount', reason, language);
}
