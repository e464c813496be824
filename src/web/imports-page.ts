/** The list of imports, newest first, and one of them with taking it back. */
import { type Html, html } from '../domain/html.ts';
import { importPageTexts } from '../texts/import-page-texts.ts';
import { rosterTexts } from '../texts/roster-texts.ts';
import { pageOf } from './dockings-query.ts';
import type { PageContext } from './page-context.ts';
import { actorWords, pairs, section } from './page-parts.ts';
import { emptyState, moment, renderPage } from './page-shell.ts';
import { pagination } from './pagination.ts';
import { type ImportView, importAddress, type WebImports } from './web-imports.ts';

const pageSize = 50;

export function importsPage(context: PageContext, imports: WebImports): Html {
  const { language, query } = context;
  const t = importPageTexts[language];
  const all = imports.list();
  const pages = Math.max(1, Math.ceil(all.length / pageSize));
  const page = Math.min(pages, pageOf(query));
  const rows = all.slice((page - 1) * pageSize, page * pageSize);
  return renderPage(context, {
    title: t.listTitle,
    entry: 'people',
    main: html`<div class="heading"><h1>${t.listTitle}</h1><p class="counted"><a class="reset" href="/people/import">${t.toUpload}</a></p></div>
${all.length === 0 ? emptyState(t.noneTitle, t.noneNext) : table(context, rows)}
${pagination(context, { page, pages, address: (to) => `/imports?page=${to}` })}`,
  });
}

function table(context: PageContext, rows: readonly ImportView[]): Html {
  const { language, formats } = context;
  const t = importPageTexts[language];
  const lines = rows.map(
    (
      row,
    ) => html`<tr><th scope="row" class="time"><a href="${importAddress(row.import)}"><code>${row.import}</code></a></th>
<td class="time">${moment(context, row.startedAt)}</td><td>${actorWords(context, `person:${row.actor}`)}</td>
<td>${rosterTexts[language].kinds[row.kind]}${row.isSupplement && html` <span class="tag">${t.isSupplement}</span>`}</td>
<td class="time">${formats.day(row.effectiveFrom)}</td><td>${formats.count(row.rows)}</td><td>${differenceWords(context, row)}</td>
<td><bdi>${row.fileName}</bdi></td><td>${stateWords(context, row)}</td></tr>
`,
  );
  const heads = [t.id, t.when, t.who, t.kind, t.effective, t.goodRows, t.difference, t.fileName, t.state];
  return html`<div class="scroll" role="region" aria-label="${t.listTitle}" tabindex="0"><table class="dockings"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${lines}</tbody></table></div>`;
}

export function importPage(context: PageContext, row: ImportView): Html {
  const { language, formats, query } = context;
  const t = importPageTexts[language];
  const kind = rosterTexts[language].kinds[row.kind];
  const told =
    row.undone !== null && query.has('undone')
      ? t.undoDone(formats.count(Math.max(0, Math.trunc(Number(query.get('undone'))) || 0)))
      : row.undone === null && query.has('taken') && t.taken(formats.day(row.effectiveFrom));
  const facts = pairs([
    [t.id, html`<code>${row.import}</code>`],
    [t.kind, html`${kind}${row.isSupplement && html` <span class="tag">${t.isSupplement}</span>`}`],
    [t.when, moment(context, row.startedAt)],
    [t.who, actorWords(context, `person:${row.actor}`)],
    [t.effective, formats.day(row.effectiveFrom)],
    [t.goodRows, formats.count(row.rows)],
    [t.difference, differenceWords(context, row)],
    [t.fileName, html`<bdi>${row.fileName}</bdi> (${formats.bytes(row.fileBytes)})`],
    [t.digest, html`<code>${row.fileSha256}</code>`],
    [t.state, stateWords(context, row)],
  ]);
  return renderPage(context, {
    title: `${t.id} ${row.import}`,
    entry: 'people',
    main: html`<p class="back"><a href="/imports">← ${t.toList}</a></p>
${told !== false && html`<p class="notice" role="status">${told}</p>`}
<h1>${kind} <small class="quiet">${formats.day(row.effectiveFrom)}</small></h1>
${section('import', t.id, facts)}${row.undone === null && undoForm(context, row)}`,
  });
}

function undoForm({ language }: PageContext, row: ImportView): Html {
  const t = importPageTexts[language];
  return html`<details class="panel review"><summary><strong>${t.undo}</strong></summary><p>${t.undoNext}</p>
<form class="hand-out" method="post" action="/imports/undo"><input type="hidden" name="import" value="${row.import}">
<label>${t.undoReason}<input type="text" name="reason" required maxlength="500"></label>
<label class="tick"><input type="checkbox" name="sure" value="1" required> ${t.undoSure}</label>
<button type="submit">${t.undo}</button></form></details>`;
}

function differenceWords({ language, formats }: PageContext, { added, changed, missing }: ImportView): string {
  if (added === null || changed === null || missing === null) return '–';
  return importPageTexts[language].differenceOf(formats.count(added), formats.count(changed), formats.count(missing));
}

function stateWords(context: PageContext, { undone }: ImportView): Html {
  const { language, formats } = context;
  const t = importPageTexts[language];
  if (undone === null) return html`${t.counting}`;
  return html`<span class="tag warn">${t.undone}</span> ${t.undoneOn(formats.dateTime(undone.at), actorWords(context, `person:${undone.by}`))}`;
}
