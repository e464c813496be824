/** The acts of a case: which are recorded, where a recording breaks off, what a reviewer ticked and can tick. */
import type { ActBreak, ActState } from '../domain/act-recordings.ts';
import type { ActView, CaseView, ItemView } from '../domain/case-views.ts';
import { type Html, html } from '../domain/html.ts';
import { actStateWords, answerWords, breakWords, caseTexts } from '../texts/case-texts.ts';
import { caseAddress, clipAddressOf, localMoment, titleOf } from './cases-page.ts';
import type { PageContext } from './page-context.ts';

const classes: { readonly [S in ActState]: string } = {
  recorded: 'good',
  perhaps: 'warn',
  'not-recorded': 'alarm',
  'not-dated': 'warn',
  paper: '',
};
/** Clips of an act that are named. */
const clipsMax = 12;

export function actsPart(context: PageContext, view: CaseView): Html {
  const t = caseTexts[context.language];
  return html`<p class="hint">${t.actsNote}</p><ol class="acts">${view.acts.map((act) => actItem(context, view, act))}</ol>`;
}

function actItem(context: PageContext, view: CaseView, act: ActView): Html {
  const { language } = context;
  const t = caseTexts[language];
  const title = titleOf(context, act.title, act.act);
  const note = `${caseAddress(view.facts.caseNumber)}/note?${new URLSearchParams({ act: act.ref })}`;
  const wantsNote = act.state === 'not-recorded' || act.state === 'not-dated';
  return html`<li class="act"><h3>${title} <span class="tag ${classes[act.state]}">${actStateWords[act.state][language]}</span>${act.isRequired && html` <span class="tag">${t.required}</span>`}</h3>
<p class="quiet">${act.stage !== null && html`${titleOf(context, act.stage, '')} · `}${whenOf(context, act)}${act.clause !== null && html` · ${act.clause}`}</p>
${act.clips.length > 0 && html`<p>${t.shownBy}: ${act.clips.slice(0, clipsMax).map(({ clip, certainty }) => html`<a href="${clipAddressOf(clip)}">${clip.slice(2, 8)}</a>${certainty === 'perhaps' && '?'} `)}${act.clips.length > clipsMax && `… ${act.clips.length}`}</p>`}
${wantsNote && html`<p><a href="${note}">${t.note}</a></p>`}
${act.breaks.length > 0 && html`<h4>${t.breaksOf}</h4><ul>${act.breaks.map((gap, index) => html`<li>${breakText(context, gap)} <a href="${`${note}&break=${index}`}">${t.note}</a></li>`)}</ul>`}
${act.items.length > 0 && ticks(context, view, act)}</li>
`;
}

export function whenOf({ language }: PageContext, { dated }: ActView): string {
  if (dated === null) return caseTexts[language].notDated;
  const until = dated.until === undefined ? '' : ` – ${localMoment(dated.until)}`;
  return `${localMoment(dated.from)}${until}${dated.place === undefined ? '' : ` · ${dated.place}`}`;
}

export function breakText({ formats, language }: PageContext, gap: ActBreak): string {
  const t = caseTexts[language];
  const [from, until] = [new Date(gap.fromMs).toISOString(), new Date(gap.untilMs).toISOString()];
  const words = `${breakWords[gap.kind][language]} ${formats.dateTime(from)} – ${formats.clock(until)}`;
  return `${words} (${formats.length(gap.untilMs - gap.fromMs)})${gap.isSure ? '' : ` · ${t.perhapsBreak}`}`;
}

function ticks(context: PageContext, view: CaseView, act: ActView): Html {
  const { language } = context;
  const t = caseTexts[language];
  const id = `tick-${view.acts.indexOf(act)}`;
  const line = (
    item: ItemView,
  ): Html => html`<tr><th scope="row">${titleOf(context, item.title, item.code)}${item.clause !== null && html`<small class="clause">${item.clause}</small>`}</th>
<td>${item.answer === null ? html`<span class="quiet">${t.notTicked}</span>` : answerTag(context, item)}</td>
<td class="choice">${choice(context, item, id)}</td></tr>
`;
  return html`<form class="ticks" method="post" action="/cases/review" aria-label="${`${t.ticks}: ${titleOf(context, act.title, act.act)} ${whenOf(context, act)}`}">
<input type="hidden" name="case" value="${view.facts.caseNumber}"><input type="hidden" name="act" value="${act.ref}">
<table><thead><tr><th scope="col">${t.ticks}</th><th scope="col">${t.status}</th><th scope="col" class="choice">${t.tick}</th></tr></thead><tbody>${act.items.map(line)}</tbody></table>
<p class="save"><label>${t.reviewer}<input type="text" name="reviewer" required maxlength="100" autocomplete="name"></label> <label>${t.remark}<input type="text" name="note" maxlength="2000"></label> <button type="submit">${t.save}</button></p></form>`;
}

function answerTag({ formats, language }: PageContext, { answer, by, at }: ItemView): Html {
  if (answer === null) return html``;
  const kind = answer === 'yes' ? 'good' : answer === 'no' ? 'alarm' : 'warn';
  return html`<span class="tag ${kind}">${answerWords[answer][language]}</span><small><bdi>${by ?? ''}</bdi> ${at !== null && formats.dateTime(at)}</small>`;
}

function choice(context: PageContext, item: ItemView, id: string): Html {
  const name = `item-${item.code}`;
  const label = titleOf(context, item.title, item.code);
  const radio = (answer: 'yes' | 'no' | 'unclear'): Html =>
    html`<label><input type="radio" name="${name}" value="${answer}" id="${`${id}-${item.code}-${answer}`}">${answerWords[answer][context.language]}</label>`;
  return html`<fieldset><legend class="unseen">${label}</legend>${radio('yes')} ${radio('no')} ${radio('unclear')}</fieldset>`;
}
