/**
 * The kiosk: one card for each slot, to be read from two metres away. The same markup serves the first view, the
 * template for slots that appear later, and browsers without script, which load the page again every few seconds.
 */
import { type Html, html } from '../domain/html.ts';
import { recorderPageTexts } from '../texts/recorder-page-texts.ts';
import { icon } from './icons.ts';
import type { PageContext } from './page-context.ts';
import { renderPage } from './page-shell.ts';
import { type SlotCard, type SlotField, slotFields, slotWall } from './slot-card.ts';

const blankCard: SlotCard = {
  key: '',
  state: 'empty',
  mayPull: false,
  tone: 'free',
  icons: { state: 'empty', verdict: 'plug' },
  verdict: 'ask',
  named: false,
  permille: null,
  docking: null,
  urgent: false,
  assign: null,
  texts: Object.fromEntries(slotFields.map((field) => [field, ''])) as { readonly [F in SlotField]: string },
};

export function slotWallPage(context: PageContext): Html {
  const { texts, assets, language } = context;
  const wall = slotWall(context.station, context);
  const summary = [
    { field: 'mayPull', word: texts.wall.mayPullCount, sign: icon('eject') },
    { field: 'doNotPull', word: texts.wall.doNotPullCount, sign: icon('hand') },
    { field: 'attention', word: texts.wall.attentionCount, sign: icon('attention') },
    { field: 'free', word: texts.wall.freeCount, sign: icon('empty') },
  ] as const;
  const none = wall.cards.length === 0;
  return renderPage(context, {
    title: texts.wall.title,
    entry: 'wall',
    kiosk: true,
    head: html`<noscript><meta http-equiv="refresh" content="5"></noscript>
<script type="module" src="${assets.wallScript}"></script>`,
    main: html`<h1 class="unseen">${texts.wall.title}</h1>
<ul class="summary" aria-label="${texts.wall.summary}">${summary.map(
      ({ field, word, sign }) =>
        html`<li data-count="${field}">${sign}<b data-summary="${field}">${wall.summary[field]}</b> <span>${word}</span></li>`,
    )}</ul>
<div id="stale" class="banner danger" role="alert" hidden><strong>${texts.wall.staleTitle}</strong> ${texts.wall.staleNext}</div>
<div id="troubles" class="banner danger" role="alert"${wall.troubles.length === 0 && html` hidden`}>${wall.troubles.map((text) => html`<p>${text}</p>`)}</div>
<section id="no-slots" class="empty-state"${!none && html` hidden`}><h2>${texts.wall.emptyTitle}</h2><p>${texts.wall.emptyNext}</p></section>
<div id="slots" class="slots" data-columns="${wall.columns}" data-events="/events/slots?lang=${language}" data-version="${assets.version}"${none && html` hidden`}>${wall.cards.map((card) => slot(context, card))}</div>
<template id="slot-template">${slot(context, blankCard)}</template>
<p id="announcer" class="unseen" role="status"></p>`,
  });
}

/** Two taps, and without script as well: the first opens the question, the second asks. */
function urgentForm(texts: PageContext['texts']['wall'], card: SlotCard): Html {
  return html`<details class="slot-urgent"${!card.urgent && html` hidden`}><summary><span class="when-closed">${texts.urgent}</span><span class="when-open">${texts.urgentCancel}</span></summary>
<form method="post" action="/slots/urgent" data-refused="${texts.urgentRefused}"><input type="hidden" name="slot" value="${card.key}">
<p>${texts.urgentAsk}</p><button type="submit">${texts.urgentConfirm}</button></form></details>`;
}

function slot({ texts, language }: PageContext, card: SlotCard): Html {
  const field = (name: SlotField): Html => html`data-field="${name}"`;
  return html`<article class="slot" data-slot="${card.key}" data-state="${card.state}" data-tone="${card.tone}" data-verdict="${card.verdict}" data-word="${texts.wall.title}"${card.named && html` data-named`}>
<div class="slot-head"><h2 class="slot-number"><span class="unseen">${texts.wall.title} </span><bdi ${field('number')}>${card.texts.number}</bdi></h2>
<p class="slot-state">${icon(card.icons.state, 'state')}<span ${field('state')}>${card.texts.state}</span></p></div>
<div class="slot-body"><p class="slot-who"><bdi class="slot-officer" ${field('officer')}>${card.texts.officer}</bdi> <bdi class="slot-serial" ${field('serial')}>${card.texts.serial}</bdi> <b class="slot-left" ${field('left')}>${card.texts.left}</b></p>
<p class="slot-note" ${field('note')}>${card.texts.note}</p>
<p class="slot-figures"><span ${field('files')}>${card.texts.files}</span> <span ${field('bytes')}>${card.texts.bytes}</span></p>
<progress max="1000" value="${card.permille ?? 0}" aria-label="${texts.wall.progress}"${card.permille === null && html` hidden`}></progress></div>
${urgentForm(texts.wall, card)}
<a class="slot-assign" data-assign href="${card.assign ?? ''}"${card.assign === null && html` hidden`}>${recorderPageTexts[language].wallAssign}<span class="unseen"> ${card.texts.serial}</span></a>
<p class="slot-verdict">${icon(card.icons.verdict, 'verdict')}<span ${field('verdict')}>${card.texts.verdict}</span></p>
<a class="slot-docking" data-docking href="${card.docking ?? ''}"${card.docking === null && html` hidden`}><span class="unseen">${texts.wall.docking}</span></a>
</article>
`;
}
