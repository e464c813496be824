/**
 * A table as CSV (RFC 4180): UTF-8 with a byte-order mark and CRLF, so that a Chinese spreadsheet opens it rightly, and
 * no cell that it would take for a formula. The first line has the headings; title and notes would be no table.
 */
import { spreadsheetText } from '../domain/spreadsheet-text.ts';
import type { CellValue, Sheet } from './sheet.ts';

export function csvFile({ columns, rows }: Sheet): string {
  return csvMark + [columns.map(({ title }) => title), ...rows].map(csvLine).join('');
}

/** What a file begins with. */
export const csvMark = '\ufeff';

export function csvLine(cells: readonly CellValue[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: CellValue): string {
  if (value === null) return '';
  // A negative number is one, not a formula.
  const safe = typeof value === 'number' ? String(value) : spreadsheetText(value);
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
