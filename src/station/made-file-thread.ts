/** The thread in which a long file is made out of sheets whose rows come in slices. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { CellValue } from '../reporting/sheet.ts';
import { type FileThreadData, type FileWork, madeFile } from './made-file.ts';
import { sendSliced } from './sliced-answer.ts';

const { sheets, format, layout } = workerData as FileThreadData;
const port = parentPort as MessagePort;
const rows: (readonly CellValue[])[][] = sheets.map(() => []);

async function take(work: FileWork): Promise<void> {
  if (work.kind === 'rows') {
    for (const row of work.rows) rows[work.sheet]?.push(row);
    return;
  }
  port.off('message', take);
  const whole = sheets.map((sheet, index) => ({ ...sheet, rows: rows[index] ?? [] }));
  await sendSliced(port, await madeFile(whole, format, layout));
  port.close();
}

port.on('message', take);
