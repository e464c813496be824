/**
 * The pages' icons as one hidden sprite in the document: shapes that differ in outline, so that a state can be told
 * without its colour. Script changes a state by pointing to another symbol.
 */
import type { SlotState } from '../domain/dock.ts';
import { type Html, html } from '../domain/html.ts';

/** Each state of a slot has its own. */
export type Icon = SlotState | 'eject' | 'hand' | 'plug';

const shapes: { readonly [I in Icon]: Html } = {
  empty: html`<circle cx="12" cy="12" r="8.5" stroke-dasharray="3.2 3.2"/>`,
  waiting: html`<path d="M7 3h10M7 21h10M8 3c0 5 8 6 8 9s-8 4-8 9M16 3c0 5-8 6-8 9s8 4 8 9"/>`,
  listing: html`<path d="M9 6h11M9 12h11M9 18h11M4 6h.5M4 12h.5M4 18h.5"/>`,
  copying: html`<path d="M12 3v12M6.5 9.5 12 15l5.5-5.5M3 17v4h18v-4"/>`,
  finishing: html`<path d="M12 2.5 4.5 5.5v6c0 5 3.2 8.2 7.5 10 4.3-1.8 7.5-5 7.5-10v-6zM8.5 12h.1M12 12h.1M15.500 12h.1"/>`,
  clearing: html`<path d="M4 6.500h16M9 6.500V3.500h6v3M6.500 6.500 7.500 21h9l1-14.500M10.500 10.500v6.500M13.500 10.500v6.500"/>`,
  done: html`<circle cx="12" cy="12" r="9.200"/><path d="m7.500 12.500 3 3 6-6.500"/>`,
  attention: html`<path d="M12 3 1.800 20.500h20.400zM12 9.500v5M12 17.500v.1"/>`,
  pulled: html`<path d="M3 21l5-5M10 9l5 5M8.500 10.500 6 13a3.500 3.500 0 0 0 5 5l2.500-2.500M15.500 13.500 18 11a3.500 3.500 0 0 0-5-5l-2.500 2.500M16 8l5-5"/>`,
  failed: html`<path d="M8 2.500h8l5.500 5.500v8L16 21.500H8L2.500 16V8zM8.500 8.500l7 7M15.500 8.500l-7 7"/>`,
  eject: html`<path d="M12 3.500 4 14h16zM4 19.500h16" fill="currentColor"/>`,
  hand: html`<circle cx="12" cy="12" r="9.500" fill="currentColor"/><path class="knock" d="M6.500 12h11"/>`,
  plug: html`<path d="M8 2.500v6M16 2.500v6M5.500 8.500h13v3.500a6.500 6.500 0 0 1-13 0zM12 18.500v3"/>`,
};

export function iconSprite(): Html {
  const symbols = Object.entries(shapes).map(
    ([name, shape]) => html`<symbol id="icon-${name}" viewBox="0 0 24 24">${shape}</symbol>`,
  );
  return html`<svg class="sprite" aria-hidden="true" focusable="false">${symbols}</svg>`;
}

export function icon(name: Icon, field?: string): Html {
  const marked = field === undefined ? '' : html` data-icon="${field}"`;
  return html`<svg class="icon" aria-hidden="true" focusable="false"${marked}><use href="#icon-${name}"/></svg>`;
}
