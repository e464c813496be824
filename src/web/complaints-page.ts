/** The list of complaints (投诉举报): channel, when it came and happened, where, which case. */
import type { ComplaintView } from '../domain/case-views.ts';
import { type Html, html } from '../domain/html.ts';
import { caseTexts } from '../texts/case-texts.ts';
import { caseAddress, localMoment } from './cases-page.ts';
import { pageOf } from './dockings-query.ts';
import type { PageContext } from './page-context.ts';
import { emptyState, renderPage } from './page-shell.ts';
import { pagination } from './pagination.ts';
import type { WebCases } from './web-cases.ts';

const pageSize = 50;

export function complaintsPage(context: PageContext, cases: WebCases): Html {
  const t = caseTexts[context.language];
  const all = cases.complaints();
  const page = pageOf(context.query);
  const rows = all.slice((page - 1) * pageSize, page * pageSize);
  const pages = Math.max(1, Math.ceil(all.length / pageSize));
  const counted = t.counted(context.formats.count(rows.length), context.formats.count(all.length));
  return renderPage(context, {
    title: t.complaints,
    entry: 'cases',
    main: html`<p class="back"><a href="/cases">← ${t.back}</a></p>
<div class="heading"><h1>${t.complaints}</h1><p class="counted">${counted}</p></div>
${rows.length > 0 ? table(context, rows) : emptyState(t.complaintsNone, t.complaintsNext)}
${pagination(context, { page, pages, address: (at) => (at > 1 ? `/complaints?page=${at}` : '/complaints') })}`,
  });
}

function table(context: PageContext, rows: readonly ComplaintView[]): Html {
  const t = caseTexts[context.language];
  const line = ({ facts }: ComplaintView): Html => html`<tr>
<th scope="row"><bdi>${facts.complaintNumber}</bdi></th><td><bdi>${facts.channel}</bdi></td>
<td class="time">${localMoment(facts.receivedAt)}</td>
<td class="time">${facts.happenedFrom && localMoment(facts.happenedFrom)}${facts.happenedUntil && html`<small>– ${localMoment(facts.happenedUntil)}</small>`}</td>
<td><bdi>${facts.place ?? ''}</bdi></td><td><bdi>${facts.plate ?? ''}</bdi></td>
<td>${facts.caseNumber !== undefined && html`<a href="${caseAddress(facts.caseNumber)}"><bdi>${facts.caseNumber}</bdi></a>`}</td>
<td><bdi>${facts.status ?? ''}</bdi></td><td class="wide"><bdi>${facts.text ?? ''}</bdi></td></tr>
`;
  return html`<div class="scroll" role="region" aria-label="${t.complaints}" tabindex="0"><table class="complaints">
<thead><tr><th scope="col">${t.complaintNumber}</th><th scope="col">${t.channel}</th><th scope="col">${t.received}</th><th scope="col">${t.happened}</th><th scope="col">${t.place}</th><th scope="col">${t.plate}</th><th scope="col">${t.ofCase}</th><th scope="col">${t.status}</th><th scope="col">${t.text}</th></tr></thead>
<tbody>${rows.map(line)}</tbody></table></div>`;
}
