/**
 * The hand-over sheet of a shift: the signed checkpoint as text and QR code with the keys' fingerprints, for two
 * signatures on paper. Paper that left the station is what shows later that its ledger was rewritten.
 */
import { type Html, html } from '../domain/html.ts';
import { auditTexts } from '../texts/audit-texts.ts';
import { handoverTexts } from '../texts/handover-texts.ts';
import { endedLogs, keyRows } from './audit-page.ts';
import type { PageContext } from './page-context.ts';
import { pairs } from './page-parts.ts';
import { moment, renderPage } from './page-shell.ts';
import { qrSvg } from './qr-svg.ts';
import type { AuditView } from './web-audit.ts';

export function handoverPage(context: PageContext, view: AuditView, now: string): Html {
  const t = handoverTexts[context.language];
  return renderPage(context, {
    title: t.title,
    entry: 'audit',
    main: html`<p class="back"><a href="/audit">← ${auditTexts[context.language].title}</a> · ${t.print}</p>
<article class="sheet"><h1>${t.title}</h1><p>${t.intro}</p>
${pairs([
  [t.station, html`<bdi>${context.station.name}</bdi> <code>${view.station}</code>`],
  [t.printedAt, moment(context, now)],
  [t.records, context.formats.count(view.records)],
])}
<h2>${t.checkpoint}</h2>${checkpoint(t, view.checkpoint)}
<h2>${t.keys}</h2>${pairs(keyRows(auditTexts[context.language], view))}
${endedLogs(auditTexts[context.language], { ...view, isPublic: false }, context.formats)}
<h2>${t.remarks}</h2><p class="blank"></p>
<table class="signatures"><tbody>${[t.from, t.to].map((who) => html`<tr><th scope="row">${who}</th><td></td><th scope="row">${t.signature}</th><td></td><th scope="row">${t.date}</th><td></td></tr>`)}</tbody></table>
<p class="quiet">${t.keep}</p></article>`,
  });
}

function checkpoint(t: (typeof handoverTexts)['zh'], note: string | null): Html {
  if (note === null) return html`<p class="quiet">${t.noCheckpoint}</p>`;
  return html`<div class="checkpoint"><pre class="note">${note}</pre>${qrSvg({ text: note, label: t.qr })}</div>`;
}
