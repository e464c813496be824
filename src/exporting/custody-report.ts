/**
 * The custody report that people read and sign: one HTML file that needs nothing else and prints on A4. It arranges
 * facts; where one is not known it says so, and it claims nothing that the records do not show.
 */
import { type Html, html } from '../domain/html.ts';
import { type BothLanguages, limitTexts, custodyTexts as texts } from '../texts/custody-texts.ts';

export interface CustodyRecord {
  readonly seq: number;
  readonly type: BothLanguages;
  /** Station's local time. */
  readonly time: string;
  readonly actor: string;
}

export interface CustodyClip {
  readonly clip: string;
  readonly file: string;
  /** Previews of it that lie in the bag. */
  readonly derived: readonly string[];
  readonly kind: BothLanguages;
  readonly format: BothLanguages;
  readonly length: string | null;
  readonly bytes: number;
  readonly sha256: string;
  readonly sha512: string;
  readonly sm3: string;
  readonly fsverity: string;
  readonly name: string;
  readonly nameHex: string;
  readonly recorder: string | null;
  readonly recorderBasis: BothLanguages;
  readonly officer: string | null;
  readonly recordedAt: string | null;
  readonly clockError: BothLanguages | null;
  readonly correctedAt: string | null;
  readonly dockedAt: string;
  readonly dockKind: BothLanguages;
  /** Taken in through a folder that somebody named: nobody saw the recorder itself. */
  readonly isByHand: boolean;
  readonly slot: string | null;
  readonly volume: string | null;
  readonly clearedAt: string | null;
  readonly sealedAt: string;
  readonly readBack: BothLanguages;
  readonly engine: BothLanguages;
  readonly findings: readonly BothLanguages[];
  /** Holds that stand on it: kind, number, since when. */
  readonly holds: readonly string[];
  readonly records: readonly CustodyRecord[];
}

export interface CustodyReport {
  readonly station: string;
  readonly program: string;
  readonly madeAt: string;
  readonly timeZone: string;
  readonly stationClock: BothLanguages | null;
  readonly exportId: string;
  readonly purpose: string;
  readonly caseNumber: string | null;
  readonly basis: string | null;
  readonly applicant: string;
  readonly approvedBy: string | null;
  readonly recipient: string | null;
  readonly maker: string;
  readonly clips: readonly CustodyClip[];
  readonly checkpoint: string;
  readonly fingerprints: readonly string[];
}

/** Lines of the blank transcript form. */
const transcriptLines = 12;

const style = `@page{size:A4;margin:18mm 15mm}body{font:10.5pt/1.5 "Noto Serif CJK SC","SimSun","WenQuanYi Micro Hei",serif;
max-width:180mm;margin:0 auto;padding:0 4mm;color:#000}h1{font-size:17pt;text-align:center;margin:.4em 0}
h2{font-size:13pt;border-bottom:1px solid #000;break-after:avoid}h3{font-size:11pt;break-after:avoid}
table{border-collapse:collapse;width:100%;margin:.4em 0;table-layout:fixed}th,td{border:1px solid #444;padding:1.2mm 2mm;
text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#f2f2f2;font-weight:600}th[scope=row]{width:42mm}
.en{color:#333;font-size:8.5pt;display:block}code{font:8.5pt/1.4 ui-monospace,"Noto Sans Mono",monospace}
section{break-inside:auto}tr{break-inside:avoid}.blank td{height:9mm}.sign td{height:14mm}.annex{break-before:page}
.narrow{width:14mm}.middle{width:38mm}`;

export function custodyReport(report: CustodyReport): string {
  const page = html`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${texts.title.zh} ${report.exportId}</title>
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><style>${raw(style)}</style></head><body>
<h1>${both(texts.title)}</h1><p>${both(texts.lead)}</p>
<h2>${both(texts.exportHeading)}</h2>${exportTable(report)}
<h2>${both(texts.listHeading)}</h2>${listTable(report)}
${report.clips.map((clip, at) => clipSection(clip, at + 1))}
<h2>${both(texts.verifyHeading)}</h2><p>${both(texts.verifyText)}</p>
<table>${row(texts.checkpoint, code(report.checkpoint))}${row(
    texts.keys,
    report.fingerprints.map((text) => html`${code(text)}<br>`),
  )}</table>
<h2>${both(texts.limitsHeading)}</h2><ol>${limitTexts.map((text) => html`<li>${both(text)}</li>`)}</ol>
<h2>${both(texts.signHeading)}</h2>${signatures()}
${transcript()}</body></html>
`;
  return page.toString();
}

/** Our own style sheet: nothing in it came from elsewhere. */
const raw = (text: string): Html => html([text] as unknown as TemplateStringsArray);
const both = (text: BothLanguages): Html => html`${text.zh} <span class="en" lang="en">${text.en}</span>`;
/** Names of formats are one in both languages, and then stand once. */
const format = (text: BothLanguages): Cell => (text.zh.replaceAll('，', ', ') === text.en ? text.en : both(text));
const code = (text: string): Html => html`<code>${text}</code>`;
type Cell = Parameters<typeof html>[1];
const row = (label: BothLanguages, value: Cell): Html =>
  html`<tr><th scope="row">${both(label)}</th><td>${value}</td></tr>`;
const given = (value: string | null): Cell => value ?? both(texts.notGiven);

function exportTable(report: CustodyReport): Html {
  return html`<table>${row(texts.exportId, code(report.exportId))}${row(texts.station, report.station)}
${row(texts.program, report.program)}${row(texts.made, `${report.madeAt} (${report.timeZone})`)}
${row(texts.stationClock, report.stationClock === null ? both(texts.notMeasured) : both(report.stationClock))}
${row(texts.purpose, report.purpose)}${row(texts.caseNumber, given(report.caseNumber))}${row(texts.basis, given(report.basis))}
${row(texts.applicant, report.applicant)}${row(texts.approvedBy, given(report.approvedBy))}
${row(texts.recipient, given(report.recipient))}${row(texts.maker, report.maker)}</table>`;
}

function listTable({ clips }: CustodyReport): Html {
  return html`<table><thead><tr><th class="narrow">${both(texts.number)}</th><th>${both(texts.name)}</th>
<th class="middle">${both(texts.kind)}</th><th class="middle">${both(texts.size)}</th></tr></thead><tbody>
${clips.map(
  (clip, at) => html`<tr><td>${at + 1}</td><td>${clip.name}<br>${code(`SHA-256 ${clip.sha256}`)}</td>
<td>${both(clip.kind)}${clip.length}</td><td>${clip.bytes}</td></tr>`,
)}</tbody></table>`;
}

function clipSection(clip: CustodyClip, at: number): Html {
  const officer = clip.officer ?? both(texts.notKnown);
  return html`<section><h2>${both(texts.clipHeading(at))}</h2><table>
${row(texts.clip, code(clip.clip))}${row(texts.inBag, code(clip.file))}${row(texts.name, clip.name)}
${
  clip.derived.length > 0 &&
  row(
    texts.derived,
    clip.derived.map((path) => html`${code(path)}<br>`),
  )
}
${row(texts.nameBytes, code(clip.nameHex))}${row(texts.kind, both(clip.kind))}${row(texts.format, format(clip.format))}
${row(texts.length, clip.length ?? both(texts.notKnown))}${row(texts.size, clip.bytes)}
${row(texts.digest, digests(clip))}${row(texts.officer, officer)}
${row(texts.recorder, html`${clip.recorder ?? both(texts.notKnown)} ${both(clip.recorderBasis)}`)}
${row(texts.recordedAt, clip.recordedAt ?? both(texts.notKnown))}
${row(texts.clockError, both(clip.clockError ?? texts.notMeasured))}
${clip.correctedAt !== null && row(texts.correctedAt, clip.correctedAt)}
${row(texts.dockedAt, html`${clip.dockedAt} ${both(clip.dockKind)}${clip.slot !== null && html`${both(texts.slot)} ${clip.slot}`}`)}
${row(texts.sealedAt, clip.sealedAt)}${row(texts.method, both(clip.isByHand ? texts.methodByHand : texts.methodText))}${row(texts.readBack, both(clip.readBack))}
${row(texts.engine, both(clip.engine))}${row(texts.medium, medium(clip))}${row(texts.whyNotSealed, both(texts.whyNotSealedText))}
${row(texts.findings, clip.findings.length === 0 ? both(texts.none) : clip.findings.map(both))}
${
  clip.holds.length > 0 &&
  row(
    texts.holds,
    clip.holds.map((text) => html`${text}<br>`),
  )
}
${row(texts.proves, html`<br><br>`)}</table>
<h3>${both(texts.recordsHeading)}</h3>${recordsTable(clip.records)}<p>${both(texts.withheld)}</p></section>`;
}

const digests = ({ sha256, sha512, sm3, fsverity }: CustodyClip): Html =>
  html`${code(`SHA-256 ${sha256}`)}<br>${code(`SM3 ${sm3}`)}<br>${code(`SHA-512 ${sha512}`)}<br>${code(`fs-verity ${fsverity}`)}`;

function medium(clip: CustodyClip): Html {
  const state = clip.clearedAt === null ? texts.mediumKept : texts.mediumCleared(clip.clearedAt);
  return html`${both(clip.isByHand ? texts.mediumByHand : texts.mediumText)}
<br>${both(texts.volume)} ${clip.volume ?? both(texts.notKnown)}<br>${both(state)}`;
}

function recordsTable(records: readonly CustodyRecord[]): Html {
  return html`<table><thead><tr><th class="narrow">${both(texts.seq)}</th><th class="middle">${both(texts.time)}</th>
<th>${both(texts.act)}</th><th class="middle">${both(texts.actor)}</th></tr></thead><tbody>
${records.map(({ seq, time, type, actor }) => html`<tr><td>${seq}</td><td>${time}</td><td>${both(type)}</td><td>${actor}</td></tr>`)}
</tbody></table>`;
}

function signatures(): Html {
  const lines = [texts.collector, texts.collector, texts.holder, texts.witness];
  return html`<table class="sign">${lines.map(
    (line) =>
      html`<tr><th scope="row">${both(line)}</th><td></td><th class="middle">${both(texts.date)}</th><td></td></tr>`,
  )}</table>`;
}

function transcript(): Html {
  const lines = Array.from({ length: transcriptLines }, () => html`<tr><td></td><td></td><td></td></tr>`);
  return html`<section class="annex"><h2>${both(texts.transcriptHeading)}</h2><p>${both(texts.transcriptHint)}</p>
<table class="blank"><thead><tr><th class="middle">${both(texts.transcriptTime)}</th><th class="middle">${both(texts.transcriptSpeaker)}</th>
<th>${both(texts.transcriptText)}</th></tr></thead><tbody>${lines}</tbody></table>${signatures()}</section>`;
}
