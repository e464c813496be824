/** Recorders in store, in repair and with people who do not count, and which idle one could go to whom today. */
import type { CaseWithoutRecording } from '../domain/coverage-questions.ts';
import { type Issue, issuesOf, type StockAnswer } from '../domain/coverage-stock.ts';
import { type Html, html } from '../domain/html.ts';
import { codeText, codeWord } from '../texts/code-texts.ts';
import { coveragePageTexts } from '../texts/coverage-page-texts.ts';
import { caseAddress } from './cases-page.ts';
import { type CoverageChoice, chooser, coverageHeading, downloads, pageFiles, paperEnd } from './coverage-frame.ts';
import type { PageContext } from './page-context.ts';
import { renderPage } from './page-shell.ts';
import { personAddress } from './web-people.ts';
import { handOutAddress, recorderAddress } from './web-recorders.ts';

export interface CoverageStockPageInput extends CoverageChoice {
  readonly stock: StockAnswer;
  readonly cases: readonly CaseWithoutRecording[];
}

/** Rows of each table; the exported ones have all. */
const rowsShown = 200;

export function coverageStockPage(context: PageContext, input: CoverageStockPageInput): Html {
  const { view, stock, cases, now } = input;
  const { texts, language } = context;
  const t = texts.coverage;
  const p = coveragePageTexts[language];
  return renderPage(context, {
    title: `${p.views.stock} · ${t.title}`,
    entry: 'coverage',
    main: html`${coverageHeading(context, input, 'stock')}
${chooser(context, input, '/coverage/stock')}
${proposals(context, stock, view.asked.asOf === context.station.today())}
<div class="columns">${idle(context, stock)}${repair(context, stock)}${outside(context, stock)}${casesWithout(context, cases)}</div>
${pageFiles(context, view, { path: '/coverage/stock', title: p.stockFiles })}
${downloads(context, view)}
${paperEnd(context, now)}`,
  });
}

const recorderLink = (serial: string): Html => html`<a href="${recorderAddress(serial)}"><code>${serial}</code></a>`;

const personLink = (name: string, certificateNo: string): Html =>
  html`<a href="${personAddress(certificateNo)}"><bdi>${name}</bdi> <code>${certificateNo}</code></a>`;

interface ListPanel<T> {
  readonly id: string;
  readonly title: string;
  readonly hint?: string;
  /** Said in place of the table when there is nothing. */
  readonly empty?: string;
  readonly heads: readonly string[];
  readonly items: readonly T[];
  readonly row: (item: T) => Html;
}

function listPanel<T>(
  { formats, language }: PageContext,
  { id, title, hint, empty, heads, items, row }: ListPanel<T>,
): Html {
  const p = coveragePageTexts[language];
  const rest = items.length - rowsShown;
  const table = html`<div class="scroll tall" role="group" aria-labelledby="${id}" tabindex="0"><table><thead><tr>${heads.map((head) => (head === '' ? html`<td></td>` : html`<th scope="col">${head}</th>`))}</tr></thead><tbody>${items.slice(0, rowsShown).map(row)}</tbody></table></div>${rest > 0 && html`<p class="hint">${p.moreInUnit(formats.count(rest))}</p>`}`;
  return html`<section class="panel" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${items.length === 0 ? html`<p class="quiet">${empty ?? p.none}</p>` : html`${hint !== undefined && html`<p class="hint">${hint}</p>`}${table}`}</section>`;
}

/** `isToday`: a recorder can be assigned now, so each row leads there. */
function proposals(context: PageContext, stock: StockAnswer, isToday: boolean): Html {
  const { texts, formats, language } = context;
  const t = texts.coverage;
  const p = coveragePageTexts[language];
  const row = ({ recorder: { serial, unit }, gap }: Issue): Html => {
    const { certificateNo, name, since } = gap;
    const give = handOutAddress('assign', serial, { unit: gap.unitKey, officer: certificateNo });
    return html`<tr><td>${recorderLink(serial)}</td><td><bdi>${unit ?? '—'}</bdi></td><td><bdi>${gap.unit}</bdi></td><th scope="row">${personLink(name, certificateNo)}</th><td>${codeText('gap', gap.reason, language).word}</td><td class="time">${since === null ? '—' : formats.day(since)}</td>${isToday && html`<td class="on-screen"><a href="${give}" aria-label="${p.giveLabel(serial, name)}">${p.give}</a></td>`}</tr>`;
  };
  return listPanel(context, {
    id: 'proposals',
    title: p.proposals(formats.count(stock.proposals.length)),
    hint: p.proposalsHint,
    empty: p.noProposals,
    heads: [p.recorder, t.unit, p.to, t.name, t.reason, p.since, ...(isToday ? [''] : [])],
    items: issuesOf(stock),
    row,
  });
}

function idle(context: PageContext, stock: StockAnswer): Html {
  const { texts, formats, language } = context;
  const p = coveragePageTexts[language];
  return listPanel(context, {
    id: 'idle',
    title: p.idle(formats.count(stock.idle.length)),
    heads: [p.recorder, p.model, texts.coverage.unit],
    items: stock.idle,
    row: ({ serial, model, unit }) =>
      html`<tr><td>${recorderLink(serial)}</td><td><bdi>${model}</bdi></td><td><bdi>${unit ?? '—'}</bdi></td></tr>`,
  });
}

function repair(context: PageContext, stock: StockAnswer): Html {
  const { formats, language } = context;
  const p = coveragePageTexts[language];
  return listPanel(context, {
    id: 'repair',
    title: p.inRepair(formats.count(stock.inRepair.length)),
    heads: [p.recorder, p.model, p.back],
    items: stock.inRepair,
    row: ({ serial, model, back }) =>
      html`<tr><td>${recorderLink(serial)}</td><td><bdi>${model}</bdi></td><td class="time">${formats.day(back)}</td></tr>`,
  });
}

function outside(context: PageContext, stock: StockAnswer): Html {
  const { texts, formats, language } = context;
  const p = coveragePageTexts[language];
  return listPanel(context, {
    id: 'outside',
    title: p.outside(formats.count(stock.outside.length)),
    hint: p.outsideHint,
    heads: [p.recorder, texts.coverage.name, texts.coverage.unit, p.notCountedFor],
    items: stock.outside,
    row: ({ serial, certificateNo, name, unit, reasons }) =>
      html`<tr><td>${recorderLink(serial)}</td><th scope="row">${personLink(name, certificateNo)}</th><td><bdi>${unit}</bdi></td><td>${reasons.map((reason) => codeWord('outOfCount', reason, language)).join(p.listComma)}</td></tr>`,
  });
}

function casesWithout(context: PageContext, cases: readonly CaseWithoutRecording[]): Html {
  const { texts, formats, language } = context;
  const p = coveragePageTexts[language];
  return listPanel(context, {
    id: 'cases',
    title: p.casesWithout(formats.count(cases.length)),
    hint: p.casesHint,
    heads: [p.caseNumber, texts.coverage.name, texts.coverage.unit, p.recorderThen],
    items: cases,
    row: ({ caseNumber, name, certificateNo, unit, serial }) =>
      html`<tr><td><a href="${caseAddress(caseNumber)}"><bdi>${caseNumber}</bdi></a></td><th scope="row">${personLink(name, certificateNo)}</th><td><bdi>${unit}</bdi></td><td>${serial === null ? p.noneThen : recorderLink(serial)}</td></tr>`,
  });
}
