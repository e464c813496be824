/** A clip's links on its page: its recording, what is proposed, who said what when, and saying something oneself. */
import { type Html, html } from '../domain/html.ts';
import { linkingTexts, reasonSentence, spanText } from '../texts/linking-texts.ts';
import { splitPath } from './clips-page.ts';
import type { PageContext } from './page-context.ts';
import { actorWords, section } from './page-parts.ts';
import { moment, word } from './page-shell.ts';
import { proposal } from './queue-page.ts';
import type { ClipLinksView, LinkStepView } from './web-links.ts';

export function clipLinks(context: PageContext, clip: string): Html | false {
  const view = context.station.links?.ofClip(clip);
  if (view === undefined) return false;
  const t = linkingTexts[context.language];
  return html`${recording(context, clip, view)}${section(
    'links',
    t.linksTitle,
    html`${proposals(context, clip, view)}${steps(context, view.steps)}${saying(context, clip, view)}`,
  )}`;
}

/** One list for all files of a recording, with what lies between them. */
function recording(context: PageContext, clip: string, { recording: parts }: ClipLinksView): Html | false {
  if (parts.length < 2) return false;
  const { language, formats } = context;
  const t = linkingTexts[language];
  const lengthMs = parts.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  const between = (gapMs: number | null): string =>
    gapMs === null ? '' : gapMs < 0 ? t.overlap(spanText(-gapMs, language)) : t.gap(spanText(gapMs, language));
  const items = parts.map((part) => {
    const name = splitPath(part.path).name;
    const label =
      part.clip === clip
        ? html`<strong><bdi>${name}</bdi></strong>`
        : html`<a href="/clips/${encodeURIComponent(part.clip)}"><bdi>${name}</bdi></a>`;
    return html`<li>${part.gapMs !== null && html`<small>${between(part.gapMs)}</small> `}${label} ${part.recordedAt !== null && moment(context, part.recordedAt)} ${part.durationMs !== null && formats.length(part.durationMs)}</li>`;
  });
  return section(
    'recording',
    t.recordingTitle,
    html`<p>${t.recordingSays(parts.length, formats.length(lengthMs))}</p><ol class="recording">${items}</ol>`,
  );
}

function proposals(context: PageContext, clip: string, view: ClipLinksView): Html | false {
  if (view.proposals.length === 0) return false;
  const t = linkingTexts[context.language];
  const hidden = (number: string): Html =>
    html`<input type="hidden" name="clip" value="${clip}"><input type="hidden" name="target" value="case"><input type="hidden" name="number" value="${number}">`;
  const items = view.proposals.map(
    (one) => html`<li>${proposal(context, one)}<form class="say" method="post" action="/clips/links">${hidden(one.key)}
<button class="button" type="submit" name="action" value="confirm" aria-label="${t.confirm} ${one.number}">${t.confirm}</button> <button class="button quiet" type="submit" name="action" value="reject" aria-label="${t.refuse} ${one.number}">${t.refuse}</button></form></li>`,
  );
  return html`<h3>${t.proposal}</h3><ul class="proposals">${items}</ul>`;
}

function steps(context: PageContext, list: readonly LinkStepView[]): Html {
  const t = linkingTexts[context.language];
  if (list.length === 0) return html`<p class="quiet">${t.nothingYet}</p>`;
  const rows = list.map((step) => {
    const why = [
      word(context, 'linkBasis', step.basis),
      ...step.reasons.map((reason) => reasonSentence(reason, context.language)),
      ...(step.reason === null ? [] : [step.reason]),
    ];
    return html`<tr><td class="number">${step.seq}</td><td class="time">${moment(context, step.at)}</td><th scope="row">${t.action[step.action]} ${t[step.target]} <bdi>${step.number}</bdi></th><td><bdi>${why.join('；')}</bdi></td><td><bdi>${actorWords(context, step.actor)}</bdi></td></tr>`;
  });
  const c = context.texts.clip;
  return html`<h3 id="link-steps">${t.stepsTitle}</h3><div class="scroll" role="region" aria-labelledby="link-steps" tabindex="0"><table class="custody"><thead><tr><th scope="col" class="number">${c.seq}</th><th scope="col">${c.time}</th><th scope="col">${c.what}</th><th scope="col">${t.why}</th><th scope="col">${c.actor}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function saying(context: PageContext, clip: string, view: ClipLinksView): Html {
  const t = linkingTexts[context.language];
  const isLinked = view.case !== null;
  return html`<form class="filters say" method="post" action="/clips/links"><input type="hidden" name="clip" value="${clip}"><input type="hidden" name="target" value="case">
${isLinked ? html`<input type="hidden" name="action" value="unlink">` : html`<input type="hidden" name="action" value="link"><label>${t.case}<input type="text" name="number" maxlength="200" required></label>`}
<label>${t.why}<input type="text" name="reason" maxlength="2000" required></label>
<button type="submit">${isLinked ? t.takeAway : t.linkNow}</button></form>`;
}
