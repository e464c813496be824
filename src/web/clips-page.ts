/**
 * The clip list: fifty a page, filters in the address, so that a list can be kept as a bookmark and sent to others.
 * The time of recording (what the recorder said) and of collection (what the station knows) are two columns.
 */

import { type Html, html } from '../domain/html.ts';
import { codeText } from '../texts/code-texts.ts';
import { keepingPageTexts } from '../texts/keeping-page-texts.ts';
import { linkingTexts } from '../texts/linking-texts.ts';
import {
  clipAddress,
  clipKinds,
  clipsAddress,
  clipsPageSize,
  isFiltered,
  lackings,
  readClipsQuery,
} from './clips-query.ts';
import type { PageContext } from './page-context.ts';
import { emptyState, moment, renderPage, word } from './page-shell.ts';
import { pagination } from './pagination.ts';
import type { ClipQuery, ClipView, LinkView } from './web-station.ts';

export function clipsPage(context: PageContext): Html {
  const { texts, formats, station } = context;
  const { query, ignored } = readClipsQuery(context.query);
  const { rows, total } = station.clips(query);
  const pages = Math.max(1, Math.ceil(total / clipsPageSize));
  const first = (query.page - 1) * clipsPageSize + 1;
  return renderPage(context, {
    title: texts.clips.title,
    entry: 'clips',
    main: html`<div class="heading"><h1>${texts.clips.title}</h1>${
      rows.length > 0 &&
      html`<p class="counted">${texts.clips.counted(formats.count(first), formats.count(first + rows.length - 1), formats.count(total))}</p>`
    }</div>
${filters(context, query)}
${ignored.map((name) => html`<p class="notice" role="status">${texts.clips.ignoredFilter(texts.clips[name])}</p>`)}
${rows.length > 0 ? clipTable(context, query, rows) : nothing(context, query, { total, pages })}
${rows.length > 0 && pagination(context, { page: query.page, pages, address: (page) => clipsAddress(query, page) })}`,
  });
}

function filters({ texts, language }: PageContext, query: ClipQuery): Html {
  const t = texts.clips;
  const option = (value: string, text: string, chosen: string | undefined): Html =>
    html`<option value="${value}"${value === (chosen ?? '') && html` selected`}>${text}</option>`;
  const context = { language } as PageContext;
  const lackingWords = { officer: t.lackingOfficer, case: t.lackingCase, finding: t.lackingFinding };
  return html`<form class="filters" method="get" action="/clips" role="search" aria-label="${t.filters}">
<label>${t.search}<input type="search" name="search" value="${query.search}" placeholder="${t.searchHint}" maxlength="200"></label>
<label>${t.day}<input type="date" name="day" value="${query.day}"></label>
<label>${t.kind}<select name="kind">${option('', t.anyKind, query.kind)}${clipKinds.map((kind) => option(kind, word(context, 'kind', kind), query.kind))}</select></label>
<label>${t.lacking}<select name="lacking">${option('', t.anyLacking, query.lacking)}${lackings.map((lacking) => option(lacking, lackingWords[lacking], query.lacking))}</select></label>
<button type="submit">${t.apply}</button>
${isFiltered(query) && html`<a class="reset" href="/clips">${t.reset}</a>`}
</form>`;
}

function nothing({ texts, formats }: PageContext, query: ClipQuery, found: { total: number; pages: number }): Html {
  const t = texts.clips;
  if (found.total > 0) {
    const last = html`<p><a href="${clipsAddress(query, found.pages)}">${t.page(formats.count(found.pages))}</a></p>`;
    return emptyState(t.pastEndTitle, t.pastEndNext(formats.count(found.pages)), last);
  }
  if (isFiltered(query)) return emptyState(t.noMatchTitle, t.noMatchNext, html`<p><a href="/clips">${t.reset}</a></p>`);
  return emptyState(t.noneTitle, t.noneNext, html`<p><a href="/">${texts.trouble.toWall}</a></p>`);
}

function clipTable(context: PageContext, query: ClipQuery, rows: readonly ClipView[]): Html {
  const t = context.texts.clips;
  const parts = context.station.links?.parts(rows.map(({ clip }) => clip));
  return html`<div class="scroll" role="region" aria-label="${t.title}" tabindex="0"><table class="clips">
<thead><tr><th scope="col">${t.preview}</th><th scope="col">${t.file}</th><th scope="col">${t.recordedAt}</th><th scope="col">${t.collectedAt}</th><th scope="col">${t.officer}</th><th scope="col">${t.case}</th><th scope="col">${t.kindAndLength}</th><th scope="col" class="number">${t.size}</th><th scope="col">${t.findings}</th></tr></thead>
<tbody>${rows.map((clip) => clipRow(context, { query, part: parts?.get(clip.clip) }, clip))}</tbody></table></div>`;
}

interface RowOf {
  readonly query: ClipQuery;
  /** Where it stands in a recording of several files. */
  readonly part: { readonly at: number; readonly of: number } | undefined;
}

function clipRow(context: PageContext, { query, part }: RowOf, clip: ClipView): Html {
  const { formats, texts } = context;
  const t = texts.clips;
  const { name, folder } = splitPath(clip.path);
  const href = clipAddress(clip.clip, query);
  return html`<tr>
<td class="thumb"><a href="${href}" tabindex="-1" aria-hidden="true">${thumbnail(context, clip)}</a></td>
<th scope="row" class="file"><a href="${href}"><bdi>${name === '' ? texts.clip.unnamed : name}</bdi></a>${clip.important && html` <span class="tag">${t.important}</span>`}${keepingTags(context, clip)}<small><bdi>${[clip.recorder, folder].filter(Boolean).join(' · ')}</bdi>${part !== undefined && html` · ${linkingTexts[context.language].partOf(part.at, part.of)}`}</small></th>
<td class="time">${recordedAt(context, clip)}</td>
<td class="time">${moment(context, clip.sealedAt)}</td>
<td class="linked">${link(context, clip.officer, 'officer')}</td>
<td class="linked">${link(context, clip.case, 'case')}</td>
<td class="kind">${clip.kind === null ? html`<span class="quiet">${texts.shell.notKnown}</span>` : word(context, 'kind', clip.kind)}${clip.durationMs !== null && html`<small>${formats.length(clip.durationMs)}</small>`}</td>
<td class="number">${formats.bytes(clip.bytes)}</td>
<td>${findingTags(context, clip)}</td>
</tr>
`;
}

/** What a person said of it, and what holds it. */
function keepingTags({ language }: PageContext, { humanMark, isHeld }: ClipView): Html {
  const t = keepingPageTexts[language];
  return html`${humanMark !== undefined && html` <span class="tag">${humanMark === 'important' ? t.important : t.notImportant}</span>`}${isHeld && html` <span class="tag warn">${t.onHold}</span>`}`;
}

/** What the recorder's clock said, marked where it cannot be right. */
export function recordedAt(context: PageContext, { recordedAt: at, findings }: ClipView): Html {
  const t = context.texts.clips;
  if (at === null) return html`<span class="quiet">${t.timeUnknown}</span>`;
  const doubtful = findings.some(({ code }) => code.startsWith('name-time-'));
  return html`${moment(context, at)}${doubtful && html` <span class="tag warn">${t.timeDoubtful}</span>`}`;
}

function thumbnail(context: PageContext, clip: ClipView): Html {
  if (clip.hasPoster) {
    return html`<img src="/media/${encodeURIComponent(clip.clip)}/poster" alt="" width="96" height="54" loading="lazy" decoding="async">`;
  }
  return html`<span class="no-poster">${clip.kind === null ? '…' : word(context, 'kind', clip.kind)}</span>`;
}

function findingTags({ language, texts }: PageContext, { findings }: ClipView): Html {
  if (findings.length === 0) return html`<span class="quiet">${texts.clips.noFindings}</span>`;
  const words = findings.map(({ code }) => codeText('finding', code, language));
  return html`<ul class="tags">${words.map(({ word: text, more }) => html`<li class="tag warn" title="${more}">${text}</li>`)}</ul>`;
}

/** An officer or case with why it is believed; shared with the clip's own page. */
export function link(context: PageContext, linked: LinkView | null, what: 'officer' | 'case'): Html {
  const t = context.texts.clips;
  if (linked === null) return html`<span class="quiet">${what === 'officer' ? t.noOfficer : t.noCase}</span>`;
  const unknown = what === 'officer' ? t.notInRoster : t.notInCaseList;
  const why = [linked.unit ?? '', word(context, 'linkBasis', linked.basis)].filter((text) => text !== '');
  return html`<bdi>${linked.name ?? linked.number}</bdi>${!linked.known && html` <span class="tag warn">${unknown}</span>`}<small><bdi>${(linked.name === null ? why : [linked.number, ...why]).join(' · ')}</bdi></small>`;
}

export function splitPath(path: string): { readonly name: string; readonly folder: string } {
  const at = path.lastIndexOf('/');
  return at < 0 ? { name: path, folder: '' } : { name: path.slice(at + 1), folder: path.slice(0, at) };
}
