/**
 * Sheets as a file in the format that was asked for: tables, or the paper that they are printed on. A long one is made
 * in a thread of its own, and its rows go there in slices, so that the station goes on answering.
 */
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { csvFile } from '../reporting/csv-file.ts';
import { type Paper, paperFile } from '../reporting/paper-file.ts';
import type { Sheet } from '../reporting/sheet.ts';
import { xlsxFile } from '../reporting/xlsx-file.ts';
import { receiveSliced } from './sliced-answer.ts';

export type MadeFormat = 'csv' | 'xlsx' | 'html';
export type FileLayout = Omit<Paper, 'sheets'>;

export async function madeFile(sheets: readonly Sheet[], format: MadeFormat, layout: FileLayout): Promise<Uint8Array> {
  if (format === 'xlsx') return xlsxFile(sheets);
  if (format === 'csv') return Buffer.from(sheets.map(csvFile).join('\r\n'));
  return Buffer.from(paperFile({ ...layout, sheets }));
}

/** So many rows are made at once, in less time than a thread takes to begin. */
const rowsInline = 500;
const rowsOfSlice = 1_000;

export type FileWork =
  | { readonly kind: 'rows'; readonly sheet: number; readonly rows: Sheet['rows'] }
  | { readonly kind: 'make' };

export interface FileThreadData {
  readonly sheets: readonly Omit<Sheet, 'rows'>[];
  readonly format: MadeFormat;
  readonly layout: FileLayout;
}

export async function madeFileApart(
  sheets: readonly Sheet[],
  format: MadeFormat,
  layout: FileLayout,
): Promise<Uint8Array> {
  if (sheets.reduce((sum, { rows }) => sum + rows.length, 0) <= rowsInline) return madeFile(sheets, format, layout);
  const workerData: FileThreadData = { sheets: sheets.map(({ rows: _, ...sheet }) => sheet), format, layout };
  const worker = new Worker(new URL('./made-file-thread.ts', import.meta.url), { workerData });
  try {
    const made = receiveSliced<Uint8Array>(worker, {});
    const send = (work: FileWork): void => worker.postMessage(work);
    await Promise.race([made, sendRows(sheets, send)]);
    return await made;
  } finally {
    void worker.terminate();
  }
}

async function sendRows(sheets: readonly Sheet[], send: (work: FileWork) => void): Promise<void> {
  for (const [sheet, { rows }] of sheets.entries()) {
    for (let at = 0; at < rows.length; at += rowsOfSlice) {
      send({ kind: 'rows', sheet, rows: rows.slice(at, at + rowsOfSlice) });
      await setImmediate();
    }
  }
  send({ kind: 'make' });
}
