/** One hold: what it covers, until when an answer is due, and the button that makes its bag. */
import { type Html, html } from '../domain/html.ts';
import { keepingPageTexts } from '../texts/keeping-page-texts.ts';
import { holdKindTexts, wordOf } from '../texts/retention-texts.ts';
import { holdScope, holdState } from './keeping-page.ts';
import type { PageContext } from './page-context.ts';
import { pairs, section } from './page-parts.ts';
import { moment, renderPage } from './page-shell.ts';
import type { BagState, HoldPageView } from './web-keeping.ts';

export const bagPath = '/keeping/holds/bag';
const clipsShown = 200;

export function holdPage(context: PageContext, view: HoldPageView, canMakeBag: 'here' | 'by-command'): Html {
  const t = keepingPageTexts[context.language];
  const title = t.holdTitle(wordOf(holdKindTexts, view.kind, context.language), view.number);
  return renderPage(context, {
    title,
    entry: 'keeping',
    main: html`<p class="back"><a href="/keeping">← ${t.back}</a></p><h1><bdi>${title}</bdi></h1>
<div class="columns">${facts(context, view)}${bag(context, view, canMakeBag)}</div>${clips(context, view)}`,
  });
}

function facts(context: PageContext, view: HoldPageView): Html {
  const t = keepingPageTexts[context.language];
  const text = (value: string | null): Html => html`<bdi>${value ?? ''}</bdi>`;
  const { recordedFrom, recordedUntil, receivedOn, reason, complaint, releasedAt } = view;
  const range = (at: string | null): Html | string => (at === null ? '…' : moment(context, at));
  return section(
    'facts',
    t.holds,
    pairs([
      [t.state, holdState(context, t, view)],
      [t.number, text(view.number)],
      [t.covers, holdScope(context, t, view)],
      ...(recordedFrom === null && recordedUntil === null
        ? []
        : [[t.recorded, html`${range(recordedFrom)} ~ ${range(recordedUntil)}`] as const]),
      ...(receivedOn === null ? [] : [[t.received, receivedOn] as const]),
      ...(complaint === null ? [] : [[t.complaint, text(complaint)] as const]),
      [t.placed, moment(context, view.placedAt)],
      [t.placedBy, text(view.placedBy)],
      ...(reason === null ? [] : [[t.reason, text(reason)] as const]),
      ...(releasedAt === null
        ? []
        : [
            [
              t.released,
              html`${moment(context, releasedAt)} ${text(view.releasedBy)} ${text(view.releaseReason)}`,
            ] as const,
          ]),
      ['ID', html`<code>${view.hold}</code>`],
    ]),
  );
}

function bag(context: PageContext, view: HoldPageView, canMakeBag: 'here' | 'by-command'): Html {
  const t = keepingPageTexts[context.language];
  const command = html`<p class="hint">${t.bagCommand} <code>evidock hold bag ${view.hold} --out DIR --approved-by …</code></p>`;
  const body = canMakeBag === 'here' && view.bag?.state !== 'under-way' ? form(context, view) : command;
  const state = view.bag === null ? false : bagState(context, view.bag);
  return section('bag', t.bag, html`<p>${t.bagNote}</p>${state}${body}`);
}

function bagState({ language }: PageContext, state: BagState): Html {
  const t = keepingPageTexts[language];
  if (state.state === 'failed') {
    return html`<p class="notice warn" role="status">${t.bagFailed} <code>${state.code}</code></p>`;
  }
  return html`<p class="notice" role="status"><bdi>${state.state === 'done' ? t.bagDone(state.out) : t.bagUnderWay(state.out)}</bdi></p>`;
}

function form({ language }: PageContext, view: HoldPageView): Html {
  const t = keepingPageTexts[language];
  const field = (name: string, label: string, value: string): Html =>
    html`<label>${label}<input name="${name}" value="${value}" maxlength="60"${name !== 'recipient' && html` required`}></label>`;
  return html`<form class="filters" method="post" action="${bagPath}"><input type="hidden" name="hold" value="${view.hold}">
${field('applicant', t.bagApplicant, view.placedBy)}${field('approvedBy', t.bagApprover, '')}${field('recipient', t.bagRecipient, '')}
<button type="submit">${t.bagMake}</button></form>`;
}

function clips(context: PageContext, view: HoldPageView): Html {
  const t = keepingPageTexts[context.language];
  const items = view.clips
    .slice(0, clipsShown)
    .map((clip) => html`<li><a href="/clips/${encodeURIComponent(clip)}"><code>${clip}</code></a></li>`);
  const more = view.clips.length > clipsShown && html`<p class="hint">${t.holdClipsMore(String(clipsShown))}</p>`;
  return section('clips', t.holdClips(context.formats.count(view.clips.length)), html`<ul>${items}</ul>${more}`);
}
