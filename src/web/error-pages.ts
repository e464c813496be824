/** Pages for when something is not there or went wrong: what that means, what is not affected, where to go on. */

import { type Html, html } from '../domain/html.ts';
import { errorNext, errorText } from '../texts/error-texts.ts';
import type { PageContext } from './page-context.ts';
import { renderPage } from './page-shell.ts';

export function notFoundPage(context: PageContext): Html {
  const t = context.texts.trouble;
  return troublePage(context, t.notFoundTitle, html`<p>${t.notFoundNext}</p>`);
}

/** A StationError: its code in words, and what to do. */
export function refusedPage(context: PageContext, code: string): Html {
  const t = context.texts.trouble;
  const word = errorText(code, context.language) ?? code;
  const more = errorNext(code, context.language) ?? '';
  return troublePage(
    context,
    t.refusedTitle,
    html`<p>${word} ${more}</p><p class="hint">${t.code} <code>${code}</code></p>`,
  );
}

/** `id` is in the log beside the error itself, which a page never shows. */
export function failedPage(context: PageContext, id: string): Html {
  const t = context.texts.trouble;
  return troublePage(
    context,
    t.failedTitle,
    html`<p>${t.failedNext}</p><p class="hint">${t.request} <code>${id}</code></p>`,
  );
}

function troublePage(context: PageContext, title: string, body: Html): Html {
  const t = context.texts.trouble;
  return renderPage(context, {
    title,
    entry: null,
    main: html`<section class="trouble"><h1>${title}</h1>${body}<p class="ways"><a href="/">${t.toWall}</a> <a href="/clips">${t.toClips}</a></p></section>`,
  });
}
