/**
 * The list of dockings: fifty a page, filters in the address. What was not taken stands out, because that is what
 * somebody has to act on.
 */
import { type DockingView, dockingStates } from '../domain/docking-views.ts';
import { type Html, html } from '../domain/html.ts';
import { type DockingTexts, dockingTexts } from '../texts/docking-texts.ts';
import { receiptTexts } from '../texts/receipt-texts.ts';
import {
  dockingAddress,
  dockingsAddress,
  dockingsPageSize,
  isFilteredDockings,
  readDockingsQuery,
} from './dockings-query.ts';
import type { PageContext } from './page-context.ts';
import { emptyState, moment, renderPage, word } from './page-shell.ts';
import { pagination } from './pagination.ts';
import type { DockingsQuery } from './web-dockings.ts';

export function dockingsPage(context: PageContext): Html {
  const { formats, language, station } = context;
  const t = dockingTexts[language];
  const { query, ignored } = readDockingsQuery(context.query);
  const offset = (query.page - 1) * dockingsPageSize;
  const { rows, total } = station.dockings.list(query, { limit: dockingsPageSize, offset });
  const pages = Math.max(1, Math.ceil(total / dockingsPageSize));
  const counted = t.inventoryCounted(
    formats.count(offset + 1),
    formats.count(offset + rows.length),
    formats.count(total),
  );
  return renderPage(context, {
    title: t.title,
    entry: 'dockings',
    main: html`<div class="heading"><h1>${t.title}</h1><p class="counted"><a href="/receipts">${receiptTexts[language].checkLink}</a> ${rows.length > 0 && counted}</p></div>
${filters(context, t, query)}
${ignored.map((name) => html`<p class="notice" role="status">${context.texts.clips.ignoredFilter(nameOf(t, name))}</p>`)}
${rows.length > 0 ? table(context, t, rows) : nothing(context, t, { query, total, pages })}
${rows.length > 0 && pagination(context, { page: query.page, pages, address: (page) => dockingsAddress(query, page) })}`,
  });
}

const nameOf = (t: DockingTexts, name: 'day' | 'slot' | 'recorder' | 'state'): string => t[name];

function filters(context: PageContext, t: DockingTexts, query: DockingsQuery): Html {
  const c = context.texts.clips;
  const option = (value: string, text: string): Html =>
    html`<option value="${value}"${value === (query.state ?? '') && html` selected`}>${text}</option>`;
  return html`<form class="filters" method="get" action="/dockings" role="search" aria-label="${c.filters}">
<label>${t.day}<input type="date" name="day" value="${query.day}"></label>
<label>${t.slot}<input type="text" class="short" name="slot" value="${query.slot}" maxlength="64"></label>
<label>${t.recorder}<input type="search" class="serial" name="recorder" value="${query.recorder}" placeholder="${t.recorderHint}" maxlength="64"></label>
<label>${t.state}<select name="state">${option('', t.anyState)}${dockingStates.map((state) => option(state, word(context, 'dockingState', state)))}</select></label>
<button type="submit">${c.apply}</button>
${isFilteredDockings(query) && html`<a class="reset" href="/dockings">${c.reset}</a>`}
</form>`;
}

function nothing(
  { texts, formats }: PageContext,
  t: DockingTexts,
  { query, total, pages }: { readonly query: DockingsQuery; readonly total: number; readonly pages: number },
): Html {
  const c = texts.clips;
  if (total > 0) {
    const last = html`<p><a href="${dockingsAddress(query, pages)}">${c.page(formats.count(pages))}</a></p>`;
    return emptyState(c.pastEndTitle, c.pastEndNext(formats.count(pages)), last);
  }
  if (isFilteredDockings(query)) {
    return emptyState(t.noMatch, c.noMatchNext, html`<p><a href="/dockings">${c.reset}</a></p>`);
  }
  return emptyState(t.none, t.noneNext, html`<p><a href="/">${texts.trouble.toWall}</a></p>`);
}

function table(context: PageContext, t: DockingTexts, rows: readonly DockingView[]): Html {
  const { formats } = context;
  const number = (count: number | null): Html =>
    html`<td class="number">${count === null ? html`<span class="quiet">–</span>` : formats.count(count)}</td>`;
  const line = (row: DockingView): Html => html`<tr>
<th scope="row" class="time"><a href="${dockingAddress(row.docking)}">${moment(context, row.startedAt)}</a></th>
<td><bdi>${row.slot ?? ''}</bdi>${row.slot === null && html`<span class="quiet">${word(context, 'dockKind', row.kind)}</span>`}</td>
<td>${recorderOf(context, row)}</td>
<td>${stateOf(context, row)}</td>
${number(row.listed)}${number(row.sealed)}${number(row.held)}${number(row.skipped)}
<td class="number">${missingOf(context, row)}</td>
<td class="number">${row.findings === 0 ? html`<span class="quiet">0</span>` : html`<span class="tag warn">${formats.count(row.findings)}</span>`}</td>
</tr>
`;
  return html`<div class="scroll" role="region" aria-label="${t.title}" tabindex="0"><table class="dockings">
<thead><tr><th scope="col">${t.startedAt}</th><th scope="col">${t.slot}</th><th scope="col">${t.recorder}</th><th scope="col">${t.state}</th><th scope="col" class="number">${t.listed}</th><th scope="col" class="number">${t.sealed}</th><th scope="col" class="number">${t.held}</th><th scope="col" class="number">${t.skipped}</th><th scope="col" class="number">${t.missing}</th><th scope="col" class="number">${t.findings}</th></tr></thead>
<tbody>${rows.map(line)}</tbody></table></div>`;
}

/** The serial, and whether the list of recorders lacks it; shared with the docking's own page. */
export function recorderOf({ language }: PageContext, { recorder, isRegistered }: DockingView): Html {
  const t = dockingTexts[language];
  if (recorder === null) return html`<span class="quiet">${t.notKnown}</span>`;
  return html`<bdi class="serial">${recorder}</bdi>${isRegistered === false && html` <span class="tag warn">${t.notRegistered}</span>`}`;
}

export function stateOf(context: PageContext, { state }: DockingView): Html {
  const text = word(context, 'dockingState', state);
  return state === 'ended' ? html`${text}` : html`<span class="tag${state !== 'open' && ' warn'}">${text}</span>`;
}

function missingOf({ formats }: PageContext, { missing, state }: DockingView): Html {
  if (missing === null) return html`<span class="${state === 'open' ? 'quiet' : 'tag warn'}">–</span>`;
  return missing === 0
    ? html`<span class="quiet">0</span>`
    : html`<span class="tag alarm">${formats.count(missing)}</span>`;
}
