/** Links to the pages around the current one, the first and the last: plain links that work without script. */
import { type Html, html } from '../domain/html.ts';
import type { PageContext } from './page-context.ts';

export interface Paging {
  readonly page: number;
  readonly pages: number;
  readonly address: (page: number) => string;
}

const around = 2;

export function pagination({ texts, formats }: PageContext, { page, pages, address }: Paging): Html {
  if (pages <= 1) return html``;
  const t = texts.clips;
  const near = Array.from({ length: 2 * around + 1 }, (_, index) => page - around + index);
  const numbers = [...new Set([1, ...near, pages])].filter((number) => number >= 1 && number <= pages);
  const items = numbers.map((number, index) => {
    const gap = index > 0 && number - (numbers[index - 1] ?? 0) > 1 && html`<li class="gap" aria-hidden="true">…</li>`;
    const current = number === page && html` aria-current="page"`;
    return html`${gap}<li><a href="${address(number)}" aria-label="${t.page(formats.count(number))}"${current}>${formats.count(number)}</a></li>`;
  });
  return html`<nav class="pagination" aria-label="${t.pages}"><ul>
${page > 1 && html`<li><a rel="prev" href="${address(page - 1)}">← ${t.previous}</a></li>`}${items}
${page < pages && html`<li><a rel="next" href="${address(page + 1)}">${t.next} →</a></li>`}</ul></nav>`;
}
