/**
 * One case: what the list says of it, its legal periods, the self-check of its recordings, its timeline, the acts that
 * are to be recorded with what is missing, and the ticks of reviewers. It prints as the sheet of a review (案卷评查).
 */
import type { CaseView, ClipCheckView, ReviewView } from '../domain/case-views.ts';
import { type Html, type HtmlValue, html } from '../domain/html.ts';
import { qualities } from '../domain/self-check-policy.ts';
import { answerWords, caseTexts, qualityWords } from '../texts/case-texts.ts';
import { actsPart } from './case-acts.ts';
import { caseTimeline } from './case-timeline.ts';
import { clipAddressOf, clockTable, localMoment, titleOf } from './cases-page.ts';
import { splitPath } from './clips-page.ts';
import type { PageContext } from './page-context.ts';
import { actorWords, pairs, section } from './page-parts.ts';
import { moment, renderPage } from './page-shell.ts';
import { caseQualities, stateTag } from './self-check-parts.ts';

/** Clips that the page lists; a case has rarely more. */
const clipsMax = 500;

export function casePage(context: PageContext, view: CaseView): Html {
  const t = caseTexts[context.language];
  const isSaved = context.query.get('saved') === '1';
  return renderPage(context, {
    title: t.caseTitle(view.facts.caseNumber),
    entry: 'cases',
    main: html`<p class="back"><a href="/cases">← ${t.back}</a> · ${t.print}</p>
<h1><bdi>${t.caseTitle(view.facts.caseNumber)}</bdi> <span class="tag">${view.facts.status}</span></h1>
${isSaved && html`<p class="notice" role="status">${t.reviewSaved}</p>`}
${section('facts', t.facts, facts(context, view))}
${view.clocks.length > 0 && section('clocks', t.clocks, clockTable(context, view.clocks))}
${section('check', t.check, caseQualities(context, view.qualities))}
${section('timeline', t.timeline, html`${caseTimeline(context, view)}<p class="hint">${t.timelineNote}</p>${clips(context, view)}`)}
${section('acts', t.acts, actsPart(context, view))}
${section('reviews', t.reviews, reviews(context, view))}`,
  });
}

function facts(context: PageContext, view: CaseView): Html {
  const t = caseTexts[context.language];
  const { facts: of } = view;
  const optional = (name: string, value: HtmlValue): readonly (readonly [string, HtmlValue])[] =>
    value === undefined || value === null || value === '' ? [] : [[name, html`<bdi>${value}</bdi>`]];
  const officers = view.officers.map(
    ({ certificateNo, name }, index) =>
      html`${index > 0 && ', '}<bdi>${name === null ? certificateNo : `${name} ${certificateNo}`}</bdi>`,
  );
  const procedure = titleOf(context, view.procedure.title, view.procedure.code);
  return pairs([
    [t.number, html`<bdi>${of.caseNumber}</bdi>`],
    ...optional(t.formerNumbers, view.formerNumbers.join(', ')),
    ...optional(t.externalKey, of.externalKey),
    ...optional(t.kind, of.kind),
    [t.procedure, html`${procedure}${view.procedure.isAssumed && html` <small>${t.procedureAssumed}</small>`}`],
    ...optional(t.unit, of.unit),
    [t.officers, officers],
    ...optional(t.party, of.party),
    ...optional(t.plate, of.plate),
    ...optional(t.place, of.place),
    ...optional(
      t.coordinates,
      of.latitude === undefined || of.longitude === undefined ? undefined : `${of.latitude}, ${of.longitude}`,
    ),
    [t.started, localMoment(of.startedAt)],
    ...optional(t.ended, of.endedAt === null ? undefined : localMoment(of.endedAt)),
    ...optional(t.decided, of.decidedAt === undefined ? undefined : localMoment(of.decidedAt)),
    ...optional(t.closedOn, of.closedOn),
  ]);
}

function clips(context: PageContext, { clips: of }: CaseView): Html {
  const { formats, language } = context;
  const t = caseTexts[language];
  if (of.length === 0) return html`<p class="quiet">${t.clipsNone}</p>`;
  const line = (clip: ClipCheckView): Html => html`<tr>
<td class="time">${whenOf(context, clip)}</td>
<th scope="row"><a href="${clipAddressOf(clip.clip)}"><bdi>${splitPath(clip.path).name}</bdi></a><small><bdi>${clip.recorder ?? ''}</bdi></small></th>
<td><bdi>${clip.officerName ?? clip.officer ?? ''}</bdi></td>
<td class="number">${clip.durationMs === null ? '' : formats.length(clip.durationMs)}</td>
${clip.qualities.map(({ state }) => html`<td>${stateTag(context, state)}</td>`)}</tr>
`;
  return html`<div class="scroll" role="region" aria-label="${t.clips}" tabindex="0"><table class="case-clips">
<thead><tr><th scope="col">${t.recorded}</th><th scope="col">${t.clip}</th><th scope="col">${t.recordedBy}</th><th scope="col" class="number">${t.length}</th>${qualityHeads(language)}</tr></thead>
<tbody>${of.slice(0, clipsMax).map(line)}</tbody></table></div>${of.length > clipsMax && html`<p class="hint">${t.counted(formats.count(clipsMax), formats.count(of.length))}</p>`}`;
}

const qualityHeads = (language: PageContext['language']): Html[] =>
  qualities.map((quality) => html`<th scope="col">${qualityWords[quality][language]}</th>`);

/** The middle of the range, and how far it may be off; or the recorder's own time, marked as such. */
function whenOf(context: PageContext, { time }: ClipCheckView): Html {
  const t = caseTexts[context.language];
  if (time === null) return html`<span class="quiet">${t.timeUnknown}</span>`;
  const half = (time.startMs[1] - time.startMs[0]) / 2;
  const at = moment(context, new Date(time.startMs[0] + half).toISOString());
  if (time.basis === 'raw') return html`${at}<small>${t.timeRaw}</small>`;
  return html`${at}${half >= 1000 && html`<small>± ${context.formats.length(half)}</small>`}`;
}

function reviews(context: PageContext, view: CaseView): Html {
  const t = caseTexts[context.language];
  if (view.reviews.length === 0) return html`<p class="quiet">${t.reviewsNone}</p>`;
  const titles = new Map(
    view.acts.flatMap(({ items }) => items.map(({ code, title }) => [code, titleOf(context, title, code)] as const)),
  );
  const acts = new Map(view.acts.map(({ ref, act, title }) => [ref, titleOf(context, title, act)] as const));
  const words = ({ answers }: ReviewView): string =>
    Object.entries(answers)
      .map(([item, answer]) => `${titles.get(item) ?? item}: ${answerWords[answer][context.language]}`)
      .join('; ');
  const line = (review: ReviewView): Html => html`<tr><td class="number">${review.seq}</td>
<td class="time">${moment(context, review.at)}</td><td><bdi>${review.reviewer}</bdi><small>${actorWords(context, review.actor)}</small></td>
<td>${review.act !== null ? (acts.get(review.act) ?? review.act) : html`<a href="${clipAddressOf(review.clip ?? '')}">${t.clip}</a>`}</td>
<td>${words(review)}${review.note !== '' && html`<small><bdi>${review.note}</bdi></small>`}</td></tr>
`;
  return html`<div class="scroll" role="region" aria-label="${t.ticks}" tabindex="0"><table class="reviews"><thead><tr><th scope="col" class="number">#</th><th scope="col">${t.when}</th><th scope="col">${t.reviewer}</th><th scope="col">${t.act}</th><th scope="col">${t.ticks}</th></tr></thead><tbody>${view.reviews.map(line)}</tbody></table></div>`;
}
