/** The list of recorders (记录仪台账) as a table: its columns and what they say of a recorder, not who has it. */
import { type RecorderFacts, type RecorderState, recorderKey } from '../domain/people-facts.ts';
import { type CellValues, wordList } from './cell-values.ts';
import { readSubjects, type SubjectReading, type SubjectTable } from './subject-table.ts';
import type { TableOptions } from './table-reader.ts';

type RecorderColumn = 'serial' | 'model' | 'state';

const states = wordList<RecorderState>([
  ['in-service', '在用', 'in-service', 'in use'],
  ['repair', '维修', 'repair', 'in-repair'],
  ['lost', '丢失', 'lost'],
  ['scrapped', '报废', 'scrapped'],
]);

export const recordersTable: SubjectTable<RecorderColumn, RecorderFacts> = {
  columns: [
    { name: 'serial', headings: ['记录仪编号', 'recorder_serial'] },
    { name: 'model', headings: ['型号', 'model'] },
    { name: 'state', headings: ['状态', 'state'] },
  ],
  keyOf: recorderKey,
  keyColumn: 'serial',
  toFacts: recorderFacts,
};

export function readRecorders(bytes: Uint8Array, options?: TableOptions): SubjectReading<RecorderFacts> {
  return readSubjects(bytes, recordersTable, options);
}

function recorderFacts(cells: CellValues<RecorderColumn>): RecorderFacts | undefined {
  const serial = cells.serial('serial');
  const model = cells.text('model');
  const state = cells.choice('state', states);
  return serial === undefined || state === undefined ? undefined : { serial, model, state };
}
