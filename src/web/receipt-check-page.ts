/**
 * Checking a receipt: one box for a scanned or typed code, and whether the station still has what it says. It answers
 * in words that a person at the counter can read out.
 */

import { type Html, html } from '../domain/html.ts';
import type { ReceiptCheck } from '../domain/receipt.ts';
import { type ReceiptTexts, receiptTexts } from '../texts/receipt-texts.ts';
import { dockingAddress } from './dockings-query.ts';
import type { PageContext } from './page-context.ts';
import { pairs, section } from './page-parts.ts';
import { moment, renderPage } from './page-shell.ts';

export interface AskedReceipt {
  readonly typed: string;
  /** Undefined while nothing was asked. */
  readonly checked: ReceiptCheck | undefined;
}

export function receiptCheckPage(context: PageContext, { typed, checked }: AskedReceipt): Html {
  const t = receiptTexts[context.language];
  return renderPage(context, {
    title: t.checkTitle,
    entry: 'dockings',
    main: html`<div class="heading"><h1>${t.checkTitle}</h1></div>
<form class="filters" method="get" action="/receipts" role="search"><label class="wide">${t.codeLabel}<input type="text" class="code" name="code" value="${typed}" maxlength="400" autocomplete="off" autocapitalize="characters" spellcheck="false" autofocus aria-describedby="code-hint"></label><button type="submit">${t.check}</button><p class="hint" id="code-hint">${t.codeHint}</p></form>
${checked !== undefined && answer(context, t, checked)}`,
  });
}

function answer(context: PageContext, t: ReceiptTexts, checked: ReceiptCheck): Html {
  const { formats } = context;
  if (checked.kind === 'unreadable') {
    return html`<p class="docking-verdict stop" role="status"><strong>${t.troubles[checked.trouble]}</strong></p>`;
  }
  const { findings, findingsCount, clips } = checked;
  if (findingsCount === 0) {
    return html`<p class="docking-verdict go" role="status"><strong>${t.good}</strong> ${t.goodText(formats.count(clips))}</p>${stands(context, t, checked)}`;
  }
  const items = findings.map(
    ({ code, about }) => html`<li><strong>${t.findings[code]}</strong> <bdi>${about}</bdi> <code>${code}</code></li>`,
  );
  return html`<div class="docking-verdict stop" role="status"><strong>${t.bad}</strong> ${t.badText(formats.count(findingsCount))}</div>
<ul class="findings panel">${items}${findingsCount > findings.length && html`<li>${t.badMore(formats.count(findings.length))}</li>`}</ul>${stands(context, t, checked)}`;
}

function stands(context: PageContext, t: ReceiptTexts, checked: Extract<ReceiptCheck, { kind: 'checked' }>): Html {
  const { formats } = context;
  const { facts, docking } = checked;
  const code = html`<code>${facts.docking}</code>`;
  return section(
    'stands',
    t.stands,
    pairs([
      [t.docking, docking === undefined ? code : html`<a href="${dockingAddress(facts.docking)}">${code}</a>`],
      ...(docking === undefined ? [] : [[t.recorder, html`<bdi>${docking.recorder ?? '–'}</bdi>`] as const]),
      [t.endedAt, moment(context, new Date(facts.endedAtSeconds * 1000).toISOString())],
      [t.listed, formats.count(facts.listed)],
      [t.kept, formats.count(facts.kept)],
      [t.missing, formats.count(facts.missing)],
      [t.inventory, html`<code>${facts.inventory}</code>`],
      [t.checkpoint, t.checkpointText(formats.count(facts.size), facts.root)],
    ]),
  );
}
