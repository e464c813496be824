/**
 * The coverage report as one file: the same figures and tables as the page, with its style inside, so that it can be
 * mailed, kept and printed without the station.
 */
import { readFileSync } from 'node:fs';
import { Html, html } from '../domain/html.ts';
import type { Language } from '../texts/cli-texts.ts';
import { coverageBody } from './coverage-page.ts';
import { pageLanguages } from './page-context.ts';
import { emptyState } from './page-shell.ts';
import type { CoverageView } from './web-station.ts';

export interface CoverageFileInput {
  readonly view: CoverageView & { readonly unit?: string | null };
  readonly profileTitle: string;
  readonly stationName: string;
  readonly timeZone: string;
  readonly language: Language;
  /** ISO time at which it is made. */
  readonly now: string;
}

export function coverageFile({ view, profileTitle, stationName, timeZone, language, now }: CoverageFileInput): string {
  const context = pageLanguages(timeZone)(language);
  const { texts, formats } = context;
  const t = texts.coverage;
  const style = new Html(readFileSync(new URL('assets/site.css', import.meta.url), 'utf8'));
  const body =
    view.basis === 'no-roster' ? emptyState(t.noRosterTitle, t.noRosterNext) : coverageBody(context, view, html``);
  return String(html`<!doctype html>
<html lang="${texts.htmlLang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${t.title} · ${stationName}</title>
<style>${style}</style>
</head>
<body>
<main id="main"><div class="heading"><h1>${t.title}</h1><p class="counted">${profileTitle} · ${t.asOfDay(formats.day(view.as_of))}${view.unit && html` · <bdi>${view.unit}</bdi>`}</p></div>
${view.basis === 'before-first-roster' && html`<p class="notice">${t.beforeFirst}</p>`}
${body}
<p class="paper">${t.printedAt(stationName, formats.dateTime(now))}</p></main>
</body>
</html>
`);
}
