/**
 * The queue: clips without an officer or a case, oldest first, each with what the station proposes and why. One tap
 * takes a proposal; boxes take many at once.
 */
import { type Html, html } from '../domain/html.ts';
import { heldBackSentences, linkingTexts, reasonSentence, spanText } from '../texts/linking-texts.ts';
import { link, splitPath } from './clips-page.ts';
import type { PageContext } from './page-context.ts';
import { emptyState, moment, renderPage } from './page-shell.ts';
import { pagination } from './pagination.ts';
import type { ProposalView, QueueRowView, WebLinks } from './web-links.ts';

const pageSize = 25;

export const queueAddress = (page: number): string => (page > 1 ? `/queue?page=${page}` : '/queue');

export function queuePage(context: PageContext, links: WebLinks, page: number): Html {
  const t = linkingTexts[context.language];
  const view = links.queue({ limit: pageSize, offset: (page - 1) * pageSize });
  const pages = Math.max(1, Math.ceil(view.clips / pageSize));
  const { formats } = context;
  const [clips, officers, cases] = [view.clips, view.withoutOfficer, view.withoutCase].map((n) => formats.count(n));
  return renderPage(context, {
    title: t.queueTitle,
    entry: 'queue',
    main: html`<div class="heading"><h1>${t.queueTitle}</h1>${
      view.clips > 0 && html`<p class="counted">${t.queueFigures(clips ?? '', officers ?? '', cases ?? '')}</p>`
    }</div>
${view.rows.length === 0 ? emptyState(t.queueEmpty, t.queueEmptyNext) : table(context, view.rows, page)}
${view.rows.length > 0 && pagination(context, { page, pages, address: queueAddress })}`,
  });
}

function table(context: PageContext, rows: readonly QueueRowView[], page: number): Html {
  const t = linkingTexts[context.language];
  const c = context.texts.clips;
  return html`<form class="queue" method="post" action="/queue/say"><input type="hidden" name="page" value="${page}">
<p class="hint">${t.queueHint}</p>
<div class="scroll" role="region" aria-label="${t.queueTitle}" tabindex="0"><table class="queue">
<thead><tr><th scope="col">${t.choose}</th><th scope="col">${c.file}</th><th scope="col">${t.recordedAge}</th><th scope="col">${c.officer}</th><th scope="col">${t.proposal}</th><th scope="col">${t.say}</th></tr></thead>
<tbody>${rows.map((row) => queueRow(context, row))}</tbody></table></div>
<p><button class="button" type="submit">${t.confirmChosen}</button></p></form>`;
}

function queueRow(context: PageContext, row: QueueRowView): Html {
  const { language } = context;
  const t = linkingTexts[language];
  const name = splitPath(row.path).name || context.texts.clip.unnamed;
  const [best, ...others] = row.proposals;
  const value = best && `${row.clip} ${best.key}`;
  return html`<tr>
<td>${value !== undefined && html`<input type="checkbox" name="confirm" value="${value}" aria-label="${t.chooseThis(name)}">`}</td>
<th scope="row" class="file"><a href="/clips/${encodeURIComponent(row.clip)}"><bdi>${name}</bdi></a><small><bdi>${row.recorder ?? ''}</bdi>${row.part.of > 1 && html` · ${t.partOf(row.part.at, row.part.of)}`}</small></th>
<td class="time">${moment(context, row.occurredAt)}<small>${t.age(spanText(row.ageMs, language))}${row.lateMs !== null && row.lateMs > 0 && html` <span class="tag warn">${t.late(spanText(row.lateMs, language))}</span>`}</small></td>
<td class="linked">${link(context, row.officer, 'officer')}</td>
<td class="proposal">${row.case !== null ? link(context, row.case, 'case') : best === undefined ? html`<span class="quiet">${t.noProposal}</span>` : proposal(context, best)}${
    others.length > 0 &&
    html`<small>${t.orElse(others.map(({ number, score }) => `${number} (${score})`).join('、'))}</small>`
  }</td>
<td class="say">${best !== undefined && html`<button class="button" type="submit" name="one" value="${value ?? ''}">${t.confirm}</button> <button class="button quiet" type="submit" name="reject" value="${value ?? ''}">${t.refuse}</button> `}${row.case === null && html`<button class="button quiet" type="submit" name="settle" value="${row.clip}">${t.noCaseAtAll}</button>`}</td>
</tr>
`;
}

/** A case that is proposed, with the reasons; shared with the clip's page. */
export function proposal({ language }: PageContext, { number, score, reasons, heldBack }: ProposalView): Html {
  const t = linkingTexts[language];
  return html`<strong><bdi>${number}</bdi></strong> <span class="tag">${t.points(score)}</span><ul class="reasons">${reasons.map(
    (reason) => html`<li>${reasonSentence(reason, language)}</li>`,
  )}</ul>${heldBack !== null && html`<small>${heldBackSentences[heldBack][language]}</small>`}`;
}
