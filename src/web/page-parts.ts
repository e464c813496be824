/** Parts of pages that show one thing with everything about it: panels, pairs of name and value, findings, actors. */

import { type Html, type HtmlValue, html } from '../domain/html.ts';
import type { Language } from '../texts/cli-texts.ts';
import { codeText } from '../texts/code-texts.ts';
import type { PageContext } from './page-context.ts';
import { word } from './page-shell.ts';

export function section(id: string, title: string, body: HtmlValue): Html {
  return html`<section class="panel" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`;
}

export function pairs(rows: readonly (readonly [string, HtmlValue])[]): Html {
  return html`<dl class="pairs">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

export function findingItems(
  findings: readonly { readonly code: string; readonly detail: string | null }[],
  language: Language,
): Html {
  const items = findings.map(({ code, detail }) => {
    const { word: text, more } = codeText('finding', code, language);
    return html`<li><strong>${text}</strong> <code>${code}</code><p>${more}</p>${
      detail !== null && html`<p class="detail"><bdi>${detail}</bdi></p>`
    }</li>`;
  });
  return html`<ul class="findings">${items}</ul>`;
}

/** `system:station` or `person:uid-1000`: the kind as a word, who it was as it stands. */
export function actorWords(context: PageContext, actor: string): string {
  const [kind = '', ...rest] = actor.split(/[:/ ]/u);
  const known = word(context, 'actorKind', kind);
  if (known === kind) return actor;
  return kind === 'system' ? known : `${known} ${rest.join(':')}`.trim();
}
