/** One recorder: who has it now and had it before, its states and check-outs, and what can be done with it at the kiosk. */
import type { CheckOutCheck } from '../domain/check-out-policy.ts';
import { type Html, html } from '../domain/html.ts';
import type { RecorderDetail } from '../domain/recorder-views.ts';
import { codeWord } from '../texts/code-texts.ts';
import { recorderPageTexts } from '../texts/recorder-page-texts.ts';
import { recorderTexts } from '../texts/recorder-texts.ts';
import { dockingsAddress, readDockingsQuery } from './dockings-query.ts';
import type { PageContext } from './page-context.ts';
import { actorWords, pairs, section } from './page-parts.ts';
import { moment, renderPage, word } from './page-shell.ts';
import { holdersOf, reviewItems, stateOf } from './recorders-page.ts';
import { handOutAddress } from './web-recorders.ts';

export function recorderPage(context: PageContext, recorder: RecorderDetail, checks: readonly CheckOutCheck[]): Html {
  const t = recorderPageTexts[context.language];
  const { serial, findings } = recorder;
  const { query } = readDockingsQuery(new URLSearchParams({ recorder: serial }));
  return renderPage(context, {
    title: `${t.title} ${serial}`,
    entry: 'recorders',
    main: html`<p class="back"><a href="/recorders">← ${t.back}</a></p>
<h1><bdi>${serial}</bdi> <small class="quiet"><bdi>${recorder.model ?? ''}</bdi></small></h1>
${actions(context, recorder)}
<div class="columns">${section(
      'now',
      t.now,
      pairs([
        [t.state, stateOf(context, recorder)],
        [t.holder, holdersOf(context, recorder)],
        [
          t.lastSeen,
          recorder.lastSeen === null
            ? t.neverSeen
            : html`${moment(context, recorder.lastSeen)} <a href="${dockingsAddress(query, 1)}">${t.dockings}</a>`,
        ],
      ]),
    )}${section('self-check', t.selfCheck, checkList(context, checks))}</div>
${findings.length > 0 && section('findings', t.findings, reviewItems(context, findings))}
<div class="columns">${section('assignments', t.assignments, assignments(context, recorder))}${section('check-outs', t.checkOuts, checkOuts(context, recorder))}</div>
<div class="columns">${section('states', t.states, stateList(context, recorder))}${section('ledger', t.ledger, records(context, recorder))}</div>`,
  });
}

function actions({ language }: PageContext, { serial, state, checkOut }: RecorderDetail): Html {
  const t = recorderPageTexts[language];
  if (state === null) return html``;
  const who = checkOut === null ? '' : `${checkOut.name ?? ''} ${checkOut.certificateNo}`.trim();
  return html`<p class="choices few"><a href="${handOutAddress('assign', serial)}">${t.assign}</a>${
    checkOut === null && html` <a href="${handOutAddress('check-out', serial)}">${t.checkOut}</a>`
  }</p>${
    checkOut !== null &&
    html`<form method="post" action="/hand-out/check-in" class="hand-out"><input type="hidden" name="serial" value="${serial}"><p>${t.checkInAsk(who)}</p><button type="submit">${t.checkIn}</button></form>`
  }`;
}

/** Shared with the page that hands it out. */
export function checkList({ language }: PageContext, checks: readonly CheckOutCheck[]): Html {
  const texts = recorderTexts[language];
  const rows = checks.map(({ point, state, figure }): [string, Html] => [
    codeWord('checkPoint', point, language),
    html`<span class="tag${state === 'warn' && ' warn'}">${codeWord('checkState', state, language)}</span> ${figure !== undefined && texts.figure[point](figure)}`,
  ]);
  return html`${pairs(rows)}<p class="hint">${recorderPageTexts[language].selfCheckNote}</p>`;
}

function listOr(context: PageContext, rows: readonly Html[], list: (rows: readonly Html[]) => Html): Html {
  return rows.length === 0 ? html`<p class="quiet">${recorderPageTexts[context.language].noEntries}</p>` : list(rows);
}

function assignments(context: PageContext, recorder: RecorderDetail): Html {
  const { language } = context;
  const t = recorderPageTexts[language];
  const rows = recorder.assignments.map(
    ({
      certificateNo,
      name,
      mode,
      from,
      until,
    }) => html`<tr><th scope="row"><bdi>${name ?? ''}</bdi> <bdi class="quiet">${certificateNo}</bdi></th>
<td>${codeWord('assignmentMode', mode, language)}</td><td class="time">${from}</td><td class="time">${until ?? t.open}</td></tr>`,
  );
  return listOr(
    context,
    rows,
    (lines) =>
      html`<table><thead><tr><th scope="col">${t.officer}</th><th scope="col">${t.mode}</th><th scope="col">${t.from}</th><th scope="col">${t.until}</th></tr></thead><tbody>${lines}</tbody></table>`,
  );
}

function checkOuts(context: PageContext, recorder: RecorderDetail): Html {
  const t = recorderPageTexts[context.language];
  const rows = recorder.checkOuts.map(
    ({
      certificateNo,
      name,
      outAt,
      returnedAt,
      returnBasis,
    }) => html`<tr><th scope="row"><bdi>${name ?? ''}</bdi> <bdi class="quiet">${certificateNo}</bdi></th>
<td class="time">${moment(context, outAt)}</td><td class="time">${returnedAt === null ? t.open : moment(context, returnedAt)} ${
      returnBasis !== null &&
      returnBasis !== 'by-hand' &&
      html`<small>${codeWord('returnBasis', returnBasis, context.language)}</small>`
    }</td></tr>`,
  );
  return listOr(
    context,
    rows,
    (lines) =>
      html`<table><thead><tr><th scope="col">${t.officer}</th><th scope="col">${t.out}</th><th scope="col">${t.returned}</th></tr></thead><tbody>${lines}</tbody></table>`,
  );
}

function stateList(context: PageContext, recorder: RecorderDetail): Html {
  const t = recorderPageTexts[context.language];
  const rows = recorder.states.map(
    ({ state, since, unit }) =>
      html`<li>${since.replace('T', ' ')} ${codeWord('recorderState', state, context.language)}${unit !== null && html` <span class="tag">${t.pool(unit)}</span>`}</li>`,
  );
  return listOr(context, rows, (lines) => html`<ul>${lines}</ul>`);
}

function records(context: PageContext, recorder: RecorderDetail): Html {
  const rows = recorder.records.map(
    ({ seq, type, time, actor }) =>
      html`<li><span class="number">${seq}</span> ${moment(context, time)} ${word(context, 'recordType', type)} <bdi class="quiet">${actorWords(context, actor)}</bdi></li>`,
  );
  return listOr(context, rows, (lines) => html`<ul>${lines}</ul>`);
}
