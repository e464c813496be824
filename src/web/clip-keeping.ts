/** The clip page's part about keeping, and the page that stands in the place of a clip that was lawfully deleted. */
import { type Html, html } from '../domain/html.ts';
import { keepingPageTexts } from '../texts/keeping-page-texts.ts';
import { holdKindTexts, retentionReasonTexts, retentionTexts, wordOf } from '../texts/retention-texts.ts';
import { dockingAddress } from './dockings-query.ts';
import { whyItStays } from './keeping-page.ts';
import type { PageContext } from './page-context.ts';
import { pairs, section } from './page-parts.ts';
import { moment, renderPage } from './page-shell.ts';
import type { ClipKeepingView, DeletedClipView } from './web-keeping.ts';

export function clipKeeping(context: PageContext, view: ClipKeepingView): Html {
  const { language } = context;
  const t = keepingPageTexts[language];
  const r = retentionTexts[language];
  const end = (lastDay: string | null): string => (lastDay === null ? r.never : r.keptUntil(lastDay));
  const rules = view.rules.map((rule) => {
    const isWinner = rule.id === view.winner?.id;
    return html`<li>${r.rule(rule.title, rule.id, rule.clause)} — ${end(rule.lastDay)}<small> ${wordOf(retentionReasonTexts, rule.reason, language)}</small>${isWinner && html` <span class="tag strong">${r.wins}</span>`}</li>`;
  });
  const state =
    view.winner === null ? r.noRule : view.isOver ? r.over(view.winner.lastDay ?? '') : end(view.winner.lastDay);
  const marks = [
    ...(view.deviceMark ? [r.deviceMark] : []),
    ...(view.humanMark === null ? [] : [view.humanMark === 'important' ? t.important : t.notImportant]),
    ...(view.category === null ? [] : [r.category(view.category)]),
  ];
  const verdict = view.isOver && (view.reasons.length === 0 ? r.mayGo : r.staysBecause(whyItStays(context, view)));
  return section(
    'keeping',
    t.keepingOfClip,
    html`<p>${state}${marks.map((text) => html` <span class="tag">${text}</span>`)}</p>${holds(context, view)}<ul>${rules}</ul>${verdict !== false && html`<p class="hint">${verdict}</p>`}`,
  );
}

function holds({ language }: PageContext, { holds: all }: ClipKeepingView): Html | false {
  const t = keepingPageTexts[language];
  if (all.length === 0) return false;
  const items = all.map(
    ({ hold, kind, number }) =>
      html`<li><span class="tag warn">${t.onHold}</span> <a href="/keeping/holds/${hold}">${wordOf(holdKindTexts, kind, language)} <bdi>${number}</bdi></a></li>`,
  );
  return html`<ul>${items}</ul>`;
}

export function deletedClipPage(context: PageContext, view: DeletedClipView): Html {
  const t = keepingPageTexts[context.language];
  const text = (value: string): Html => html`<bdi>${value}</bdi>`;
  const facts = pairs([
    [t.clip, html`<code>${view.clip}</code>`],
    [t.deletedAt, moment(context, view.approvedAt)],
    [t.rule, text(view.rule)],
    [t.reason, text(view.reason)],
    [t.requestedBy, text(view.requestedBy)],
    [t.approvedBy, text(view.approvedBy)],
    [t.deletion, html`<code>${view.deletion}</code>`],
    ...(view.run === null
      ? []
      : [[t.run, html`<a href="/keeping/runs/${view.run}"><code>${view.run}</code></a>`] as const]),
    [t.record, context.formats.count(view.approvedSeq)],
    ['SHA-256', html`<code>${view.sha256}</code>`],
    [context.texts.clip.docking, html`<a href="${dockingAddress(view.docking)}"><code>${view.docking}</code></a>`],
  ]);
  return renderPage(context, {
    title: t.deletedTitle,
    entry: 'clips',
    main: html`<h1>${t.deletedTitle}</h1><p class="hint">${t.deletedNote}</p>${section('deletion', t.deletion, facts)}`,
  });
}
