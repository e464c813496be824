/**
 * HTML by tagged template: everything interpolated is escaped unless it is itself Html. Attributes are always written
 * in double quotes in the templates. Characters that a reader cannot see or that reorder what they see (controls,
 * bidirectional overrides, zero-width) are written out as `\u{…}`, so a hostile name shows what it is.
 */

export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[];

export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = strings[0] ?? '';
  for (const [index, value] of values.entries()) {
    markup += markupOf(value) + (strings[index + 1] ?? '');
  }
  return new Html(markup);
}

function markupOf(value: HtmlValue): string {
  if (value instanceof Html) return value.toString();
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'object') return value.map(markupOf).join('');
  return escapeText(String(value));
}

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** Controls, format characters (bidi marks and overrides, zero-width, tags), separators, and letters drawn as nothing. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f/gu;

/** The text with unseen characters written out and lone surrogates replaced: safe to show, in HTML or by script. */
export function visibleText(text: string): string {
  return text
    .toWellFormed()
    .replace(unseen, (found) =>
      found === '\n' || found === '\t' ? found : `\\u{${found.codePointAt(0)?.toString(16)}}`,
    );
}
