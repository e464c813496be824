/**
 * The note for an act that was not recorded, or whose recording broke off (未录制/中断情况说明): what the station knows
 * stands in it, the reason and the signatures are for people. On paper, one a gap.
 */
import type { ActBreak } from '../domain/act-recordings.ts';
import type { ActView, CaseView } from '../domain/case-views.ts';
import { type Html, html } from '../domain/html.ts';
import { caseNoteTexts } from '../texts/case-note-texts.ts';
import { caseTexts } from '../texts/case-texts.ts';
import { breakText, whenOf } from './case-acts.ts';
import { caseAddress, titleOf } from './cases-page.ts';
import type { PageContext } from './page-context.ts';
import { pairs } from './page-parts.ts';
import { moment, renderPage } from './page-shell.ts';

export interface CaseNote {
  readonly view: CaseView;
  readonly act: ActView;
  /** Null: the act has no recording at all. */
  readonly gap: ActBreak | null;
}

export function caseNotePage(context: PageContext, { view, act, gap }: CaseNote): Html {
  const t = caseTexts[context.language];
  const n = caseNoteTexts[context.language];
  const { facts, officers } = view;
  const names = officers.map(({ name, certificateNo }) =>
    name === null ? certificateNo : `${name}（${certificateNo}）`,
  );
  const blank = html`<p class="blank"></p>`;
  return renderPage(context, {
    title: n.title,
    entry: 'cases',
    main: html`<p class="back"><a href="${caseAddress(facts.caseNumber)}">← ${t.caseTitle(facts.caseNumber)}</a> · ${n.print}</p>
<article class="sheet"><h1>${n.title}</h1>
${pairs([
  [t.number, html`<bdi>${facts.caseNumber}</bdi>`],
  [t.unit, html`<bdi>${facts.unit}</bdi>`],
  [t.party, html`<bdi>${facts.party ?? ''}</bdi>`],
  [t.place, html`<bdi>${act.dated?.place ?? facts.place ?? ''}</bdi>`],
  [t.officers, html`<bdi>${names.join('、')}</bdi>`],
  [t.act, html`${titleOf(context, act.title, act.act)}${act.clause !== null && html` <small>${act.clause}</small>`}`],
  [t.when, whenOf(context, act)],
  [n.found, gap === null ? n.notRecorded : breakText(context, gap)],
  ...(gap === null
    ? []
    : [[n.clips, html`<code>${[gap.before ?? '–', gap.after ?? '–'].join(' → ')}</code>`] as const]),
  [n.printedAt, moment(context, new Date().toISOString())],
])}
<h2>${n.reason}</h2><p class="quiet">${n.reasonHint}</p>${blank}
<h2>${n.measures}</h2>${blank}
<table class="signatures"><tbody>${[n.officer, n.officer, n.head].map((who) => html`<tr><th scope="row">${who}</th><td></td><th scope="row">${n.date}</th><td></td></tr>`)}</tbody></table>
<p class="quiet">${n.rule}</p></article>`,
  });
}
