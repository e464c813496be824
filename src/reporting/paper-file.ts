/**
 * Sheets of paper: one HTML file that needs nothing else, A4, with unit, day and rule on top, lines to sign below and
 * page numbers. The page of the station and the file on disk are the same bytes.
 */
import { Html, html } from '../domain/html.ts';
import type { Language } from '../texts/cli-texts.ts';
import { type CellValue, moneyText, rateText, type Sheet, type SheetColumn } from './sheet.ts';

export interface Paper {
  readonly title: string;
  readonly language: Language;
  readonly orientation: 'portrait' | 'landscape';
  readonly sheets: readonly Sheet[];
  /** What must be signed or filled in by hand, in the order of the form. */
  readonly signatures: readonly string[];
  /** Last line: which station made it, and when. */
  readonly made: string;
  /** Above the tables: figures and charts. */
  readonly lead?: Html;
}

/** Goes into the file as it is; the web route names its digest, because pages run no other style. */
export const paperStyle = (orientation: Paper['orientation']): string =>
  `@page{size:A4 ${orientation};margin:15mm 13mm 17mm;@bottom-center{content:counter(page) " / " counter(pages);font:9pt sans-serif;color:#444}}
html{background:#fff}body{font:10pt/1.45 "Noto Sans CJK SC","Source Han Sans SC","SimSun","Microsoft YaHei","WenQuanYi Micro Hei",sans-serif;color:#111;max-width:${orientation === 'portrait' ? 184 : 271}mm;margin:8mm auto;padding:0 4mm}
h1{font-size:18pt;text-align:center;margin:0 0 4mm;line-height:1.3}h2{font-size:12.5pt;margin:7mm 0 1.5mm}
.lines{display:flex;flex-wrap:wrap;gap:.5mm 8mm;margin:0 0 3mm;padding:0;list-style:none}
table{width:100%;border-collapse:collapse;font-size:9pt}th,td{border:.25mm solid #666;padding:1mm 1.4mm;text-align:left;vertical-align:top;overflow-wrap:anywhere}
thead{display:table-header-group}th{background:#f0f3f6;font-weight:700}tr{break-inside:avoid}.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}.day{white-space:nowrap}h2{break-after:avoid}
.totals td{font-weight:700}.none{text-align:center;color:#444}.notes{font-size:8.5pt;color:#333;margin:2mm 0 0;padding-left:5mm}
.signatures{display:grid;grid-template-columns:repeat(3,1fr);gap:9mm 10mm;margin:16mm 0 0;padding:0;list-style:none;break-inside:avoid}
.signatures li{border-bottom:.3mm solid #111;padding:0 0 1mm;min-height:7mm}.made{margin:8mm 0 0;font-size:8.5pt;color:#333;text-align:right}
@media print{body{max-width:none;margin:0;padding:0}}`;

const htmlLang = { zh: 'zh-CN', en: 'en' } as const;

export function paperFile(paper: Paper): string {
  const { title, language, sheets, signatures, made, lead } = paper;
  return html`<!doctype html>
<html lang="${htmlLang[language]}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${new Html(paperStyle(paper.orientation))}</style></head>
<body><main><h1>${title}</h1>
${lead}
${sheets.map((sheet) => sheetPart(sheet, { title, language }))}
${signatures.length > 0 && html`<ul class="signatures">${signatures.map((line) => html`<li>${line}</li>`)}</ul>`}
<p class="made">${made}</p></main></body></html>
`.toString();
}

function sheetPart(sheet: Sheet, { title, language }: Pick<Paper, 'title' | 'language'>): Html {
  const { columns, rows, totals, lines, notes = [] } = sheet;
  const none = language === 'zh' ? '（无）' : '(none)';
  const all = columns.reduce((sum, column) => sum + widthOf(column), 0);
  return html`<section>${sheet.title !== title && html`<h2>${sheet.title}</h2>`}
${lines.length > 0 && html`<ul class="lines">${lines.map((line) => html`<li>${line}</li>`)}</ul>`}
<table><colgroup>${columns.map((column) => html`<col width="${Math.round((widthOf(column) / all) * 1000) / 10}%">`)}</colgroup><thead><tr>${columns.map((column) => html`<th scope="col"${classOf(column)}>${column.title}</th>`)}</tr></thead><tbody>
${rows.map((cells) => rowPart(columns, cells))}${rows.length === 0 && html`<tr><td class="none" colspan="${columns.length}">${none}</td></tr>`}
${totals !== undefined && html`<tr class="totals">${totals.map((value, index) => cellPart(value, columns[index]))}</tr>`}</tbody></table>
${notes.length > 0 && html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}</section>`;
}

function rowPart(columns: readonly SheetColumn[], cells: readonly CellValue[]): Html {
  return html`<tr>${columns.map((column, index) => cellPart(cells[index] ?? null, column))}</tr>
`;
}

const isNumber = ({ kind }: SheetColumn): boolean => kind === 'count' || kind === 'rate' || kind === 'money';

/** A moment stands in two lines, day over time: four of them side by side would leave nothing for the names. */
const momentWidth = 12;
const widthOf = ({ kind, width }: SheetColumn): number => (kind === 'moment' ? momentWidth : width);

function classOf(column: SheetColumn | undefined): Html | false {
  if (column === undefined) return false;
  if (isNumber(column)) return html` class="number"`;
  return column.kind === 'day' && html` class="day"`;
}

function cellPart(value: CellValue, column: SheetColumn | undefined): Html {
  if (column?.kind === 'moment' && typeof value === 'string') {
    return html`<td>${value.split('T').map((part) => html`<span class="day">${part}</span> `)}</td>`;
  }
  return html`<td${classOf(column)}>${cellText(value, column)}</td>`;
}

function cellText(value: CellValue, column: SheetColumn | undefined): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (column?.kind === 'rate') return rateText(value);
  return column?.kind === 'money' ? moneyText(value) : value.toLocaleString('en-US');
}
