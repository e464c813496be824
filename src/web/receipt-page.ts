/**
 * The receipt (交接回执) of a docking as a slip: on the screen, and by the browser's print on 58 mm paper. Its code is
 * drawn for a scanner and written out for typing.
 */

import { type Html, type HtmlValue, html } from '../domain/html.ts';
import type { Receipt } from '../domain/receipt.ts';
import { receiptTexts } from '../texts/receipt-texts.ts';
import { dockingAddress } from './dockings-query.ts';
import type { PageContext } from './page-context.ts';
import { moment, renderPage } from './page-shell.ts';
import { qrSvg } from './qr-svg.ts';

export function receiptPage(context: PageContext, receipt: Receipt): Html {
  const t = receiptTexts[context.language];
  const address = dockingAddress(receipt.docking.docking);
  return renderPage(context, {
    title: t.title,
    entry: 'dockings',
    head: html`<link rel="stylesheet" href="${context.assets.slipStyle}">`,
    main: html`<p class="back"><a href="${address}">← ${t.back}</a></p>
${slip(context, receipt)}
<p class="hint slip-hint">${t.print}</p>`,
  });
}

function slip(context: PageContext, { station, docking, facts, text }: Receipt): Html {
  const { formats, language } = context;
  const t = receiptTexts[language];
  const count = (value: number): string => formats.count(value);
  const holder = docking.recorder === null ? null : context.station.holderOf(docking.recorder);
  const rows: readonly (readonly [string, HtmlValue])[] = [
    [t.station, html`<bdi>${station.name}</bdi>`],
    [t.recorder, html`<bdi>${docking.recorder ?? '–'}</bdi>`],
    ...(holder === null
      ? []
      : [[context.texts.clips.officer, html`<bdi>${holder.name || holder.certificateNo}</bdi>`] as const]),
    ...(docking.slot === null ? [] : [[t.slot, html`<bdi>${docking.slot}</bdi>`] as const]),
    [t.startedAt, moment(context, docking.startedAt)],
    [t.endedAt, docking.endedAt === null ? '–' : moment(context, docking.endedAt)],
  ];
  const counts: readonly (readonly [string, string, boolean])[] = [
    [t.listed, count(facts.listed), false],
    [t.kept, count(facts.kept), false],
    [t.skipped, count(docking.skipped ?? 0), false],
    [t.missing, count(facts.missing), facts.missing > 0],
  ];
  return html`<article class="slip" aria-label="${t.title}"><h1>${t.title}</h1>
<dl>${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<dl class="counts">${counts.map(([name, value, alarm]) => html`<div${alarm && html` class="alarm"`}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${docking.state === 'interrupted' && html`<p>${t.interrupted}</p>`}${facts.missing > 0 && html`<p class="alarm">${t.missingNext}</p>`}
${qrSvg({ text, label: t.qrLabel })}
<p class="slip-code" aria-label="${t.code}"><code>${codeLines(text)}</code></p>
<dl><div><dt>${t.inventory}</dt><dd><code>${facts.inventory}</code></dd></div><div><dt>${t.checkpoint}</dt><dd>${t.checkpointText(count(facts.size), facts.root)}</dd></div></dl>
<p class="slip-note">${t.note}</p></article>`;
}

/** Broken after its points only, so that a line ends where a field does. */
function codeLines(text: string): Html[] {
  return text.split('.').map((field, at, all) => html`${field}${at < all.length - 1 && html`.<wbr>`}`);
}
