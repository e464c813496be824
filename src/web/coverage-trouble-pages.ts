/** Coverage pages for when there is no answer: still being worked out, or asked for something that there is not. */
import { type Html, html } from '../domain/html.ts';
import { coveragePageTexts } from '../texts/coverage-page-texts.ts';
import type { CoverageParameter } from './coverage-query.ts';
import type { PageContext } from './page-context.ts';
import { emptyState, renderPage } from './page-shell.ts';

/** Seconds after which the page asks again by itself. */
export const reloadSeconds = 3;

/** How far it is where that is known, else for how long it goes on already. */
export function waitingPage(
  context: PageContext,
  { waitedMs, knownAt }: { readonly waitedMs: number; readonly knownAt: number | undefined },
): Html {
  const { formats, language, station } = context;
  const p = coveragePageTexts[language];
  const status = station.coverage.status(knownAt);
  const how =
    status.state === 'ready'
      ? p.waiting(formats.count(Math.round(waitedMs / 1000)))
      : p.buildingNext(formats.count(status.done), formats.count(status.total));
  const reload = html`<p><a class="button" href="${addressOf(context)}">${p.reload}</a></p>`;
  return frame(context, emptyState(p.building, how, reload));
}

/** Names what is wrong, and leads to the same question without it. */
export function wrongQueryPage(context: PageContext, wrong: readonly CoverageParameter[]): Html {
  const { language, query, texts } = context;
  const t = texts.coverage;
  const p = coveragePageTexts[language];
  const names: Readonly<Record<CoverageParameter, string>> = {
    profile: t.profile,
    'as-of': t.asOf,
    unit: t.unit,
    'known-at': p.knownAt,
    page: p.page,
    status: p.status,
    reason: t.reason,
    sort: p.order,
  };
  const rest = new URLSearchParams(query);
  for (const name of wrong) rest.delete(name);
  const items = wrong.map(
    (name) =>
      html`<li>${names[name]}: <bdi>${(query.get(name) ?? '').slice(0, 100)}</bdi>${name === 'known-at' && html`<p class="hint">${p.knownAtForms}</p>`}</li>`,
  );
  return frame(
    context,
    html`<section class="trouble"><h2>${p.wrongTitle}</h2><ul>${items}</ul><p>${p.wrongNext}</p>
<p class="ways"><a href="${addressOf({ ...context, query: rest })}">${p.withoutWrong}</a> <a href="/coverage">${p.startOver}</a></p></section>`,
  );
}

const frame = (context: PageContext, main: Html): Html =>
  renderPage(context, {
    title: context.texts.coverage.title,
    entry: 'coverage',
    main: html`<h1>${context.texts.coverage.title}</h1>${main}`,
  });

const addressOf = ({ path, query }: Pick<PageContext, 'path' | 'query'>): string =>
  query.size === 0 ? path : `${path}?${query}`;
