/**
 * The pages about keeping: what may be deleted when, what is on hold and until when an answer is due, which runs there
 * are. They show and explain; nothing is deleted from a page.
 */
import { type Html, html } from '../domain/html.ts';
import { type keepingPageTexts as allTexts, keepingPageTexts } from '../texts/keeping-page-texts.ts';
import {
  holdKindTexts,
  periodText,
  retentionTexts,
  runStateTexts,
  stayReasonTexts,
  wordOf,
} from '../texts/retention-texts.ts';
import type { PageContext } from './page-context.ts';
import { pairs, section } from './page-parts.ts';
import { moment, renderPage } from './page-shell.ts';
import type { ClipKeepingView, HoldLineView, KeepingOverview, RunLineView, RunPageView } from './web-keeping.ts';

type Texts = (typeof allTexts)['zh'];

/** Lines of each list; the command has them all. */
const shownMax = 50;
/** So few days before it is due an answer is marked. */
const soonDays = 3;

export function keepingPage(context: PageContext, view: KeepingOverview): Html {
  const t = keepingPageTexts[context.language];
  return renderPage(context, {
    title: t.title,
    entry: 'keeping',
    main: html`<div class="heading"><h1>${t.title}</h1></div><p class="hint">${t.intro}</p>
${holds(context, t, view.holds)}${due(context, t, view)}${runs(context, t, view.runs)}
<div class="columns">${rules(context, t, view)}${marks(context, t, view)}</div>`,
  });
}

const table = (labelled: string, head: readonly string[], rows: readonly Html[]): Html =>
  html`<div class="scroll" role="group" aria-labelledby="${labelled}" tabindex="0"><table><thead><tr>${head.map(
    (text) => html`<th scope="col">${text}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table></div>`;

const clipLink = (clip: string, text: string): Html =>
  html`<a href="/clips/${encodeURIComponent(clip)}"><bdi>${text}</bdi></a>`;

function rules({ language }: PageContext, t: Texts, { rules: all }: KeepingOverview): Html {
  const rows = all.map(
    ({ id, title, period, clause }) =>
      html`<tr><th scope="row">${title} <small><code>${id}</code></small></th><td>${periodText(period, language)}</td><td>${clause}</td></tr>`,
  );
  const body = html`${table('rules', [t.ruleClass, t.ruleKeep, t.ruleClause], rows)}<p class="hint">${t.rulesNote}</p>`;
  return section('rules', t.rules, body);
}

function marks({ formats }: PageContext, t: Texts, { marks: counts }: KeepingOverview): Html {
  const count = (value: number): string => formats.count(value);
  const text = t.markCounts(count(counts.device), count(counts.human), count(counts.both), count(counts.denied));
  return section('marks', t.marks, html`<p>${text}</p>`);
}

function due(context: PageContext, t: Texts, view: KeepingOverview): Html {
  const { formats } = context;
  const { due: may, stays } = view;
  if (may.length + stays.length === 0) return section('due', t.dueTitle, html`<p class="quiet">${t.dueNone}</p>`);
  const line = (clip: ClipKeepingView): Html =>
    html`<tr><th scope="row">${clipLink(clip.clip, clip.path)}</th><td>${clip.winner?.title ?? ''}</td><td>${clip.winner?.lastDay ?? t.noEnd}</td></tr>`;
  const staysLine = (clip: ClipKeepingView): Html =>
    html`<tr><th scope="row">${clipLink(clip.clip, clip.path)}</th><td>${clip.winner?.title ?? ''}</td><td>${clip.winner?.lastDay ?? t.noEnd}</td><td>${whyItStays(context, clip)}</td></tr>`;
  const counts = t.dueCounted(formats.count(may.length), formats.count(stays.length), formats.count(view.looked));
  return section(
    'due',
    t.dueTitle,
    html`<p>${counts}</p>${!view.isWhole && html`<p class="hint">${t.dueMore}</p>`}
${may.length > 0 && table('due', [t.clip, t.rule, t.lastDay], may.slice(0, shownMax).map(line))}
${stays.length > 0 && html`<h3 id="stays">${t.staysTitle}</h3>${table('stays', [t.clip, t.rule, t.lastDay, t.why], stays.slice(0, shownMax).map(staysLine))}`}
<p class="hint">${t.dueCommand} <code>evidock keeping run --list</code></p>`,
  );
}

export function whyItStays({ language }: PageContext, { reasons, holds: own }: ClipKeepingView): string {
  const words = reasons.map((reason) => {
    const numbers = reason === 'held' ? ` ${own.map(({ number }) => number).join(', ')}` : '';
    return `${wordOf(stayReasonTexts, reason, language)}${numbers}`;
  });
  return words.join(language === 'zh' ? '；' : '; ');
}

function holds(context: PageContext, t: Texts, all: readonly HoldLineView[]): Html {
  if (all.length === 0) return section('holds', t.holds, html`<p class="quiet">${t.holdsNone}</p>`);
  const rows = all.map(
    (hold) => html`<tr><th scope="row"><a href="/keeping/holds/${hold.hold}"><bdi>${hold.number}</bdi></a></th>
<td>${wordOf(holdKindTexts, hold.kind, context.language)}</td><td>${holdScope(context, t, hold)}</td><td class="time">${moment(context, hold.placedAt)}</td>
<td><bdi>${hold.placedBy}</bdi></td><td>${holdState(context, t, hold)}</td></tr>`,
  );
  const head = [t.number, t.kind, t.covers, t.placed, t.placedBy, t.state];
  return section('holds', t.holds, html`${table('holds', head, rows)}<p class="hint">${t.holdsNote}</p>`);
}

export function holdScope({ formats }: PageContext, t: Texts, hold: HoldLineView): Html {
  const parts = [
    ...(hold.caseNumber === null ? [] : [t.ofCase(hold.caseNumber)]),
    ...(hold.officer === null ? [] : [t.ofOfficer(hold.officer)]),
    ...(hold.namedClips === 0 ? [] : [t.namedClips(formats.count(hold.namedClips))]),
  ];
  return html`<bdi>${parts.join(' · ')}</bdi>`;
}

/** While it stands, until when the answer is due. */
export function holdState({ language }: PageContext, t: Texts, hold: HoldLineView): Html {
  if (hold.releasedAt !== null) return html`<span class="tag">${t.released}</span>`;
  if (hold.answerBy === null || hold.daysLeft === null) return html`<span class="tag strong">${t.stands}</span>`;
  const text = retentionTexts[language].answerBy(hold.answerBy, hold.daysLeft);
  return html`<span class="tag${hold.daysLeft <= soonDays ? ' warn' : ' strong'}">${text}</span>`;
}

function runs(context: PageContext, t: Texts, all: readonly RunLineView[]): Html {
  if (all.length === 0) return section('runs', t.runs, html`<p class="quiet">${t.runsNone}</p>`);
  const rows = all.map(
    (run) => html`<tr><th scope="row"><a href="/keeping/runs/${run.run}"><code>${run.run}</code></a></th>
<td>${wordOf(runStateTexts, run.state, context.language)}</td><td>${run.asOf}</td><td>${runCounts(context, t, run)}</td>
<td><bdi>${run.proposedBy}</bdi></td><td><bdi>${run.approvedBy ?? ''}</bdi></td></tr>`,
  );
  const head = [t.run, t.state, t.asOf, t.counted, t.proposedBy, t.approvedBy];
  return section('runs', t.runs, table('runs', head, rows));
}

const runCounts = ({ formats }: PageContext, t: Texts, { clips, deleted, kept }: RunLineView): string =>
  t.runCounts(formats.count(clips), formats.count(deleted), formats.count(kept));

export function runPage(context: PageContext, view: RunPageView): Html {
  const t = keepingPageTexts[context.language];
  const outcomes = { deleted: t.deleted, kept: t.kept };
  const rows = view.lines.map(
    ({ clip, title, rule, lastDay, outcome, reasons }) => html`<tr><th scope="row">${clipLink(clip, clip)}</th>
<td>${title} <small><code>${rule}</code></small></td><td>${lastDay}</td><td>${outcome === null ? t.waiting : outcomes[outcome]}</td>
<td>${reasons.map((reason) => wordOf(stayReasonTexts, reason, context.language)).join('; ')}</td></tr>`,
  );
  const facts = pairs([
    [t.state, wordOf(runStateTexts, view.state, context.language)],
    [t.asOf, view.asOf],
    [t.proposedAt, moment(context, view.proposedAt)],
    [t.proposedBy, html`<bdi>${view.proposedBy}</bdi>`],
    [t.reason, html`<bdi>${view.reason}</bdi>`],
    ...(view.approvedBy === null ? [] : [[t.approvedBy, html`<bdi>${view.approvedBy}</bdi>`] as const]),
    ...(view.closedBy === null ? [] : [[t.closedBy, html`<bdi>${view.closedBy}</bdi>`] as const]),
    [t.counted, runCounts(context, t, view)],
  ]);
  const next =
    view.state === 'proposed' &&
    html`<p class="hint">${t.runCommand} <code>evidock keeping approve ${view.run} --approved-by …</code></p>`;
  return renderPage(context, {
    title: t.runTitle(view.run),
    entry: 'keeping',
    main: html`<p class="back"><a href="/keeping">← ${t.back}</a></p><h1>${t.runTitle(view.run)}</h1>
${section('facts', t.run, html`${facts}${next}`)}
${section('clips', t.counted, table('clips', [t.clip, t.rule, t.lastDay, t.outcome, t.why], rows))}`,
  });
}
