/**
 * Tables as XLSX: numbers, rates, amounts and days are values that a spreadsheet reckons with, the heading stays when
 * the list is scrolled, and the font is one that has every Chinese character. Text never becomes a formula.
 */
import type { Cell, Sheet as FileSheet, Row } from 'write-excel-file/node';
import { xmlCellText } from '../domain/spreadsheet-text.ts';
import type { CellKind, CellValue, Sheet } from './sheet.ts';
import { withoutTimes } from './zip-times.ts';

/** 宋体: every Chinese spreadsheet has it, or a font that stands in for it. */
const fontFamily = 'SimSun';

const formats: { readonly [kind in CellKind]?: string } = {
  count: '#,##0',
  rate: '0.0%',
  money: '#,##0.00',
  day: 'yyyy-mm-dd',
  moment: 'yyyy-mm-dd hh:mm:ss',
};
/** What a spreadsheet allows in the name of a tab. */
const tabName = (name: string): string => name.replace(/[\\/?*[\]:]/gu, ' ').slice(0, 31) || 'Sheet';
const edge = { borderStyle: 'thin', borderColor: '#8b98a8' } as const;

/** The same sheets give the same bytes, whenever they are made. */
export async function xlsxFile(sheets: readonly Sheet[]): Promise<Buffer> {
  const all = sheets.map(fileSheet);
  // Loaded when the first file is asked for: most commands never write one.
  const { default: writeExcelFile } = await import('write-excel-file/node');
  return withoutTimes(await writeExcelFile(all, { fontFamily, fontSize: 11, features: [frozenHead] }).toBuffer());
}

/** Only rows stay: the library writes of columns, too, and a pane to the right of them that is not there. */
const frozenHead = {
  files: {
    transform: {
      'xl/worksheets/sheet{id}.xml': {
        transform: (xml: string): string =>
          xml.replace(/<pane [^>]*\/>/u, (pane) => {
            const below = pane.replace(/ xSplit="0"/u, '').replace('"bottomRight"', '"bottomLeft"');
            return `${below}<selection pane="bottomLeft"/>`;
          }),
      },
    },
  },
};

function fileSheet(sheet: Sheet): FileSheet<Buffer> {
  const { columns, rows, totals, lines, notes = [] } = sheet;
  const span = Math.max(1, columns.length);
  const wide = (text: string, more: object): Row => [
    { value: xmlCellText(text), type: String, columnSpan: span, wrap: true, ...more },
    ...Array.from({ length: span - 1 }, () => null),
  ];
  const head: Row[] = [
    wide(sheet.title, { fontWeight: 'bold', fontSize: 16, align: 'center', height: 28 }),
    ...lines.map((line) => wide(line, {})),
  ];
  const headings = columns.map(({ title }) => ({
    value: xmlCellText(title),
    type: String,
    fontWeight: 'bold' as const,
    backgroundColor: '#e3eefa',
    wrap: true,
    ...edge,
  }));
  const row = (cells: readonly CellValue[], more: object = {}): Row =>
    columns.map(({ kind }, index) => cellOf(cells[index] ?? null, kind, more));
  return {
    sheet: tabName(sheet.name),
    columns: columns.map(({ width }) => ({ width })),
    stickyRowsCount: head.length + 1,
    ...(columns.reduce((sum, { width }) => sum + width, 0) > 95 && { orientation: 'landscape' as const }),
    data: [
      ...head,
      headings,
      ...rows.map((cells) => row(cells)),
      ...(totals === undefined ? [] : [row(totals, { fontWeight: 'bold' })]),
      ...notes.map((note) => wide(note, { textColor: '#526071' })),
    ],
  };
}

function cellOf(value: CellValue, kind: CellKind, more: object): Cell {
  if (value === null) return { value: '', type: String, ...edge, ...more };
  const format = formats[kind];
  if (typeof value === 'number') {
    return { value, type: Number, ...(format === undefined ? {} : { format }), ...edge, ...more };
  }
  if (kind === 'day' || kind === 'moment') {
    // A spreadsheet's time has no zone: the digits are what the station's clock showed.
    const at = Date.parse(kind === 'day' ? `${value}T00:00:00Z` : `${value}Z`);
    if (!Number.isNaN(at)) return { value: new Date(at), type: Date, format, ...edge, ...more } as Cell;
  }
  return { value: xmlCellText(value), type: String, wrap: true, alignVertical: 'top', ...edge, ...more };
}
