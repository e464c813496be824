/**
 * The clearing certificate (清空凭证) as one HTML file that needs nothing else: A4, both languages, blank lines to sign.
 * The page of the station and the file on disk are the same bytes.
 */
import type { ClearingCertificate } from '../domain/clearing-certificate.ts';
import { Html, html } from '../domain/html.ts';
import { instantToLocalTime } from '../domain/station-time.ts';
import { certificateWords, clearingStates, policyWords, recheckWords, stayReasons } from '../texts/clearing-texts.ts';

/** Rows that are printed of each list. */
const rowsMax = 5000;

/** Goes into the file as it is; the web route names its digest, because pages run no other style. */
export const certificateStyle = `@page{size:A4;margin:16mm 14mm}
body{font:10pt/1.45 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",sans-serif;color:#111;max-width:182mm;margin:8mm auto}
h1{font-size:18pt;text-align:center;margin:0 0 1mm}h2{font-size:12pt;margin:6mm 0 1.5mm}.en{color:#444;font-weight:400}
h1 .en{display:block;font-size:11pt}dl{display:grid;grid-template-columns:auto 1fr;gap:.6mm 4mm;margin:4mm 0}dt{color:#444}dd{margin:0}
table{width:100%;border-collapse:collapse;font-size:8.5pt}th,td{border:.25mm solid #777;padding:.8mm 1.2mm;text-align:left;vertical-align:top}
thead{display:table-header-group}tr{break-inside:avoid}.number{text-align:right;white-space:nowrap}code{font:7.5pt/1.3 monospace;word-break:break-all}
.signatures{display:grid;grid-template-columns:1fr 1fr 1fr;gap:8mm;margin-top:14mm;break-inside:avoid}.signatures p{border-top:.3mm solid #111;padding-top:1mm;margin:0}
.note{font-size:8.5pt}`;

type Words = { readonly zh: string; readonly en: string } | undefined;

const twice = (words: Words, fallback = ''): Html =>
  html`${words?.zh ?? fallback} <span class="en">${words?.en ?? ''}</span>`;

export function clearingCertificatePage(certificate: ClearingCertificate, timeZone: string): Html {
  const w = certificateWords;
  return html`<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${w.title.zh} ${certificate.docking}</title><style>${new Html(certificateStyle)}</style></head>
<body><h1>${twice(w.title)}</h1>
${head(certificate, timeZone)}
<h2>${twice(w.cleared)}</h2>${clearedTable(certificate, timeZone)}
<p class="note">${w.meaning.zh}<br><span class="en" lang="en">${w.meaning.en}</span></p>
<h2>${twice(w.stayed)}</h2>${stayedTable(certificate)}
${certificate.consents.length > 0 && html`<h2>${twice(w.consents)}</h2>${consents(certificate, timeZone)}`}
<h2>${twice(w.checkpoint)}</h2><p>${checkpoint(certificate)}</p>
<div class="signatures"><p>${twice(w.operator)}</p><p>${twice(w.witness)}</p><p>${twice(w.signedOn)}</p></div>
</body></html>
`;
}

function head(certificate: ClearingCertificate, timeZone: string): Html {
  const w = certificateWords;
  const { station, recorder, slot, docking, policy, copiesWanted, recheck, state, stopped, flushed } = certificate;
  const copies = policy === 'after-copies' ? ` (${copiesWanted})` : '';
  const rows: readonly (readonly [Words, Html | string])[] = [
    [w.station, html`${station.name} <code>${station.id}</code>`],
    [w.recorder, recorder ?? '-'],
    [w.slot, slot ?? '-'],
    [w.docking, html`<code>${docking}</code>`],
    [w.startedAt, moment(certificate.startedAt, timeZone)],
    [w.plannedAt, html`${moment(certificate.plannedAt, timeZone)} · <code>${certificate.plannedSeq}</code>`],
    [w.endedAt, certificate.endedAt === null ? '-' : moment(certificate.endedAt, timeZone)],
    [w.policy, html`${twice(policyWords[policy], policy)}${copies} <code>${policy}</code>`],
    [w.recheck, twice(recheckWords[recheck], recheck)],
    [w.state, html`${twice(clearingStates[state], state)}${stopped !== null && html` <code>${stopped}</code>`}`],
    [w.flushed, flushed === null ? '-' : twice(flushed ? w.yes : w.no)],
  ];
  return html`<dl>${rows.map(([name, value]) => html`<dt>${twice(name)}</dt><dd>${value}</dd>`)}</dl>`;
}

/** UTC, and what the clock on the station's wall said. */
const moment = (iso: string, timeZone: string): string =>
  `${iso} · ${instantToLocalTime(Date.parse(iso), timeZone).replace('T', ' ')} ${timeZone}`;

function clearedTable({ cleared, clearedBytes }: ClearingCertificate, timeZone: string): Html {
  const w = certificateWords;
  const rows = cleared.slice(0, rowsMax).map(
    (
      file,
      index,
    ) => html`<tr><td class="number">${index + 1}</td><td>${file.path}<br>${moment(file.clearedAt, timeZone)}</td>
<td class="number">${file.bytes}</td><td><code>${file.sha256}</code></td><td><code>${file.clip}</code></td>
<td class="number">${file.sealedSeq} / ${file.clearedSeq}</td></tr>`,
  );
  return html`<table><thead><tr><th></th><th>${twice(w.file)}</th><th>${twice(w.bytes)}</th><th>SHA-256</th><th>${twice(w.clip)}</th><th>${twice(w.sequence)}</th></tr></thead>
<tbody>${rows}${cleared.length === 0 && html`<tr><td colspan="6">${twice(w.none)}</td></tr>`}${more(cleared.length, 6)}</tbody>
<tfoot><tr><td></td><td>${twice(w.total)}: ${cleared.length}</td><td class="number">${clearedBytes}</td><td colspan="3"></td></tr></tfoot></table>`;
}

function stayedTable({ stayed }: ClearingCertificate): Html {
  const w = certificateWords;
  const reasons: { readonly [code: string]: Words } = stayReasons;
  const rows = stayed
    .slice(0, rowsMax)
    .map(
      ({ path, bytes, reason }) =>
        html`<tr><td>${path}</td><td class="number">${bytes ?? '-'}</td><td>${twice(reasons[reason], reason)}</td></tr>`,
    );
  return html`<table><thead><tr><th>${twice(w.file)}</th><th>${twice(w.bytes)}</th><th>${twice(w.reason)}</th></tr></thead>
<tbody>${rows}${stayed.length === 0 && html`<tr><td colspan="3">${twice(w.none)}</td></tr>`}${more(stayed.length, 3)}</tbody></table>`;
}

const more = (rows: number, columns: number): Html | false =>
  rows > rowsMax && html`<tr><td colspan="${columns}">${twice(certificateWords.more)}</td></tr>`;

function consents({ consents: given }: ClearingCertificate, timeZone: string): Html {
  const w = certificateWords;
  const rows = given.map(
    (one) => html`<tr><td><code>${one.request}</code> (${one.clips})</td>
<td>${one.requester ?? '-'}<br>${moment(one.requestedAt, timeZone)} · ${one.requestedSeq}<br>${one.reason ?? '-'}</td>
<td>${one.approver ?? '-'}<br>${one.approvedAt !== null && moment(one.approvedAt, timeZone)} · ${one.approvedSeq}<br>${one.approvalReason ?? '-'}</td></tr>`,
  );
  return html`<table><thead><tr><th></th><th>${twice(w.requester)}</th><th>${twice(w.approver)}</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function checkpoint({ checkpoint: at }: ClearingCertificate): Html {
  return at === null ? html`-` : html`${at.size} · <code>${at.root}</code>`;
}
