/**
 * Giving a recorder to somebody at the kiosk, by touch and without script: unit, officer (those without a recorder
 * first), then one page that says what will be recorded and what speaks against it.
 */
import { type Html, html } from '../domain/html.ts';
import { codeText } from '../texts/code-texts.ts';
import { recorderPageTexts } from '../texts/recorder-page-texts.ts';
import type { PageContext } from './page-context.ts';
import { pairs, section } from './page-parts.ts';
import { emptyState, renderPage } from './page-shell.ts';
import { checkList } from './recorder-page.ts';
import { type HandOutKind, handOutAddress, recorderAddress, type WebRecorders } from './web-recorders.ts';

export interface HandOutAsked {
  readonly kind: HandOutKind;
  readonly serial: string;
  readonly unit: string | undefined;
  readonly officer: string | undefined;
  /** Asked for on the slot wall, so that is where it ends. */
  readonly fromWall: boolean;
}

/** Undefined when the address asks for nothing that there is. */
export function readHandOut(query: URLSearchParams): HandOutAsked | undefined {
  const kind = query.get('kind') ?? 'assign';
  const serial = query.get('serial') ?? '';
  if ((kind !== 'assign' && kind !== 'check-out') || serial === '') return undefined;
  return {
    kind,
    serial,
    unit: query.get('unit') ?? undefined,
    officer: query.get('officer') ?? undefined,
    fromWall: query.get('from') === 'wall',
  };
}

export function handOutPage(context: PageContext, recorders: WebRecorders, asked: HandOutAsked): Html {
  const t = recorderPageTexts[context.language];
  const title = asked.kind === 'assign' ? t.assignTitle(asked.serial) : t.checkOutTitle(asked.serial);
  const step =
    asked.unit === undefined
      ? unitStep(context, recorders, asked)
      : asked.officer === undefined
        ? officerStep(context, recorders, { ...asked, unit: asked.unit })
        : confirmStep(context, recorders, { ...asked, unit: asked.unit, officer: asked.officer });
  const home = asked.fromWall ? '/' : recorderAddress(asked.serial);
  return renderPage(context, {
    title,
    entry: asked.fromWall ? 'wall' : 'recorders',
    main: html`<div class="heading"><h1><bdi>${title}</bdi></h1><p class="counted"><a class="reset" href="${home}">${t.cancel}</a></p></div>${step}`,
  });
}

const to = (
  { kind, serial, fromWall }: HandOutAsked,
  chosen: { readonly unit?: string; readonly officer?: string } = {},
): string => handOutAddress(kind, serial, { ...chosen, ...(fromWall ? { from: 'wall' } : {}) });

function unitStep({ language, formats }: PageContext, recorders: WebRecorders, asked: HandOutAsked): Html {
  const t = recorderPageTexts[language];
  const units = recorders.units();
  if (units.length === 0) return emptyState(t.noUnitsTitle, t.noUnitsNext);
  return html`<h2>${t.chooseUnit}</h2><p class="choices">${units.map(
    ({ key, name, officers, withoutRecorder }) =>
      html`<a href="${to(asked, { unit: key })}"><b><bdi>${name}</bdi></b> <small>${t.withoutRecorder(formats.count(withoutRecorder), formats.count(officers))}</small></a>`,
  )}</p>`;
}

function officerStep(
  { language }: PageContext,
  recorders: WebRecorders,
  asked: HandOutAsked & { readonly unit: string },
): Html {
  const t = recorderPageTexts[language];
  const officers = recorders.officers(asked.unit);
  const other = html`<p class="choices few"><a href="${to(asked)}">${t.otherUnit}</a></p>`;
  if (officers.length === 0) return emptyState(t.noOfficersTitle, t.noOfficersNext, other);
  return html`<h2>${t.chooseOfficer}</h2><p class="choices">${officers.map(
    ({ certificateNo, name, recorders: own }) =>
      html`<a href="${to(asked, { unit: asked.unit, officer: certificateNo })}"${own.length > 0 && html` class="has"`}><b><bdi>${name}</bdi></b> <small><bdi>${certificateNo}</bdi></small> <small>${own.length === 0 ? t.without : t.has(own.join(', '))}</small></a>`,
  )}</p>${other}`;
}

function confirmStep(
  context: PageContext,
  recorders: WebRecorders,
  asked: HandOutAsked & { readonly unit: string; readonly officer: string },
): Html {
  const { language } = context;
  const t = recorderPageTexts[language];
  const { kind, serial, officer, unit, fromWall } = asked;
  const chosen = recorders.officers(unit).find(({ certificateNo }) => certificateNo === officer);
  const objections = recorders.objections({ kind, serial, certificateNo: officer, shared: false });
  const warnings =
    objections.length > 0 &&
    html`<div class="banner danger" role="note"><strong>${t.objections}</strong><ul>${objections.map(({ code }) => html`<li>${codeText('objection', code, language).word}</li>`)}</ul>
<label>${t.evenSoReason} <input type="text" name="evenSo" required maxlength="200"></label></div>`;
  const isAssign = kind === 'assign';
  return html`<form method="post" action="/hand-out/give" class="hand-out">
<input type="hidden" name="kind" value="${kind}"><input type="hidden" name="serial" value="${serial}"><input type="hidden" name="officer" value="${officer}">${fromWall && html`<input type="hidden" name="from" value="wall">`}
${section(
  'what',
  isAssign ? t.assign : t.checkOut,
  pairs([
    [t.serial, html`<bdi class="serial">${serial}</bdi>`],
    [t.officer, html`<b><bdi>${chosen?.name ?? ''}</bdi></b> <bdi>${officer}</bdi>`],
    ...(isAssign ? [[t.from, t.today] as const] : []),
  ]),
)}
${!isAssign && section('self-check', t.selfCheck, checkList(context, recorders.selfCheck(serial)))}
${isAssign && html`<fieldset><legend>${t.mode}</legend><label><input type="radio" name="mode" value="personal" checked> ${t.asPersonal}</label> <label><input type="radio" name="mode" value="shared"> ${t.asShared}</label></fieldset>`}
${warnings}
<button type="submit">${objections.length > 0 ? t.evenSo : isAssign ? t.confirmAssign : t.confirmCheckOut}</button>
</form><p class="choices few"><a href="${to(asked, { unit })}">${t.otherOfficer}</a></p>`;
}
