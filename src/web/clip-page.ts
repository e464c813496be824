/**
 * One clip: its preview to watch, and everything an auditor needs to check the original without us: digests, where it
 * came from, what the content shows, and each ledger record about it. It keeps preview and evidence apart in words.
 */

import { type Html, html } from '../domain/html.ts';
import { caseTexts } from '../texts/case-texts.ts';
import { clockTexts } from '../texts/clock-texts.ts';
import { codeText } from '../texts/code-texts.ts';
import { clipClaims } from './clip-claims.ts';
import { clockRows } from './clip-clock.ts';
import { factRows } from './clip-facts-table.ts';
import { clipKeeping } from './clip-keeping.ts';
import { clipLinks } from './clip-links.ts';
import { link, recordedAt, splitPath } from './clips-page.ts';
import { clipsAddress, readClipsQuery } from './clips-query.ts';
import { dockingAddress } from './dockings-query.ts';
import type { PageContext } from './page-context.ts';
import { actorWords, findingItems, pairs, section } from './page-parts.ts';
import { moment, renderPage, word } from './page-shell.ts';
import { clipQualities } from './self-check-parts.ts';
import type { ClipDetail } from './web-station.ts';

export function clipPage(context: PageContext, clip: ClipDetail): Html {
  const t = context.texts.clip;
  const name = splitPath(clip.path).name || t.unnamed;
  const { query: list } = readClipsQuery(context.query);
  return renderPage(context, {
    title: t.title(name),
    entry: 'clips',
    main: html`<p class="back"><a href="${clipsAddress(list, list.page)}">← ${t.back}</a></p>
<h1 class="clip-name"><bdi>${name}</bdi>${clip.important && html` <span class="tag">${context.texts.clips.important}</span>`}</h1>
<div class="clip-top">${player(context, clip, name)}<div>${about(context, clip)}${findings(context, clip)}</div></div>
${selfCheck(context, clip)}
${digests(context, clip)}
${keeping(context, clip)}
<div class="columns">${origin(context, clip)}${facts(context, clip)}</div>
${clipLinks(context, clip.clip)}
${clipClaims(context, clip.clip)}
${custody(context, clip)}`,
  });
}

function player(context: PageContext, clip: ClipDetail, name: string): Html {
  const t = context.texts.clip;
  return html`<section class="player" aria-label="${t.player}">${playerBody(context, clip, name)}${
    clip.preview.state === 'ready' && html`<p class="hint">${t.previewNote}</p>`
  }</section>`;
}

function playerBody({ texts, language }: PageContext, clip: ClipDetail, name: string): Html {
  const t = texts.clip;
  const base = `/media/${encodeURIComponent(clip.clip)}`;
  const poster = clip.hasPoster && html`<img src="${base}/poster" alt="${t.posterOf(name)}">`;
  switch (clip.preview.state) {
    case 'ready': {
      const { mime } = clip.preview;
      if (mime.startsWith('image/')) return html`<img src="${base}/playable" alt="${t.posterOf(name)}">`;
      if (mime.startsWith('audio/')) {
        return html`${poster}<audio controls preload="metadata" src="${base}/playable" aria-label="${t.player}"></audio>`;
      }
      return html`<video controls preload="metadata" playsinline src="${base}/playable"${
        clip.hasPoster && html` poster="${base}/poster"`
      } aria-label="${t.player}"></video>`;
    }
    case 'waiting':
      return html`<div class="no-player">${poster}<p>${t.previewWaiting}</p></div>`;
    case 'none':
      return html`<div class="no-player">${poster}<p>${t.previewNone}</p></div>`;
    case 'withheld':
      return html`<div class="no-player"><p><strong>${t.withheld[clip.preview.why]}</strong></p></div>`;
    case 'failed':
      return html`<div class="no-player">${poster}<p><strong>${t.previewFailed}</strong> ${codeText('preview', clip.preview.code, language).word}</p><p>${t.originalUntouched}</p></div>`;
  }
}

function about(context: PageContext, clip: ClipDetail): Html {
  const { texts, formats } = context;
  const t = texts.clip;
  const c = texts.clips;
  const quiet = (text: string): Html => html`<span class="quiet">${text}</span>`;
  return section(
    'about',
    t.about,
    pairs([
      [clip.clock === null ? c.recordedAt : clockTexts[context.language].originalTime, recordedAt(context, clip)],
      ...clockRows(context, clip),
      [c.collectedAt, moment(context, clip.sealedAt)],
      [c.officer, link(context, clip.officer, 'officer')],
      [c.case, link(context, clip.case, 'case')],
      [c.kind, clip.kind === null ? quiet(texts.shell.notKnown) : word(context, 'kind', clip.kind)],
      ...(clip.durationMs === null ? [] : [[t.length, formats.length(clip.durationMs)] as const]),
      [c.size, html`${formats.bytes(clip.bytes)} <small>${formats.count(clip.bytes)} B</small>`],
    ]),
  );
}

function findings(context: PageContext, clip: ClipDetail): Html {
  const t = context.texts.clip;
  if (clip.findings.length === 0) return section('findings', t.findings, html`<p class="fine">${t.noFindings}</p>`);
  return section('findings', t.findings, findingItems(clip.findings, context.language));
}

/** 三性自查: grounded, doubtful or to be checked, with the clauses. */
function selfCheck(context: PageContext, { clip }: ClipDetail): Html | false {
  const check = context.station.cases?.findClipCheck(clip);
  if (check === undefined) return false;
  return section('self-check', caseTexts[context.language].check, clipQualities(context, check.qualities));
}

function keeping(context: PageContext, clip: ClipDetail): Html | false {
  const view = context.station.keeping?.clip(clip.clip);
  return view === undefined ? false : clipKeeping(context, view);
}

function digests({ texts }: PageContext, clip: ClipDetail): Html {
  const t = texts.clip;
  const rows = [
    ['SHA-256', clip.sha256],
    ['SM3', clip.sm3],
    ['fs-verity', clip.fsverity],
  ] as const;
  // Groups are set apart by style alone, so that a copied digest has no blanks.
  const groups = (hex: string): Html[] => (hex.match(/.{1,8}/gsu) ?? []).map((group) => html`<span>${group}</span>`);
  return section(
    'digests',
    t.digests,
    html`<dl class="digests">${rows.map(([name, hex]) => html`<div><dt>${name}</dt><dd><code>${groups(hex)}</code></dd></div>`)}</dl><p class="hint">${t.digestsNote}</p>`,
  );
}

function origin(context: PageContext, clip: ClipDetail): Html {
  const { texts } = context;
  const t = texts.clip;
  const { docking } = clip;
  const body = pairs([
    [t.recorder, html`<bdi>${clip.recorder ?? texts.shell.notKnown}</bdi>`],
    [t.path, html`<bdi class="path">${clip.path}</bdi>`],
    [t.docking, html`<a href="${dockingAddress(docking.docking)}"><code>${docking.docking}</code></a>`],
    [t.dockingKind, word(context, 'dockKind', docking.kind)],
    [t.dockingStarted, moment(context, docking.startedAt)],
    [t.dockingState, word(context, 'dockingState', docking.state)],
    [t.copyConfirmed, word(context, 'readBack', clip.readBack)],
    [t.clipId, html`<code>${clip.clip}</code>`],
  ]);
  return section('origin', t.origin, html`${body}<p class="hint">${t.legalNote}</p>`);
}

function facts(context: PageContext, clip: ClipDetail): Html {
  const t = context.texts.clip;
  if (clip.facts === null) return section('facts', t.facts, html`<p class="quiet">${t.factsNone}</p>`);
  return section('facts', t.facts, html`${pairs(factRows(context, clip.facts))}<p class="hint">${t.factsNote}</p>`);
}

function custody(context: PageContext, clip: ClipDetail): Html {
  const t = context.texts.clip;
  const rows = clip.history.map(
    ({
      seq,
      type,
      time,
      actor,
      detail,
    }) => html`<tr><td class="number">${seq}</td><td class="time">${moment(context, time)}</td>
<th scope="row">${word(context, 'recordType', type)} <code>${type}</code>${detail !== null && html`<small><bdi>${detail}</bdi></small>`}</th><td><bdi>${actorWords(context, actor)}</bdi></td></tr>`,
  );
  return section(
    'custody',
    t.custody,
    html`<p class="hint">${t.custodyNote}</p><div class="scroll" role="group" aria-labelledby="custody" tabindex="0"><table class="custody"><thead><tr><th scope="col" class="number">${t.seq}</th><th scope="col">${t.time}</th><th scope="col">${t.what}</th><th scope="col">${t.actor}</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  );
}
