/** The list of recorders (记录仪台账) as a table: its columns and what they say of a recorder, not who has it. */
import { type RecorderFacts, type RecorderState, recorderKey } from '../domain/people-facts.ts';
import { type CellValues, wordList } from './cell-values.ts';
import { readSubjects, type SubjectReading, type SubjectTable, told } from './subject-table.ts';
import type { TableOptions } from './table-reader.ts';

type RecorderColumn = 'serial' | 'model' | 'state' | 'stateSince' | 'unit';

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
    { name: 'stateSince', headings: ['状态日期', 'state_since', '状态起始日期', '状态时间'], isOptional: true },
    { name: 'unit', headings: ['公用单位', 'pool_unit', '单位', 'unit', '单位编码', 'unit_code'], isOptional: true },
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
  // Only what it says counts: a day, or a day and a time, of the station.
  const since = cells.optionalTime('stateSince', () => 0, 'start')?.local;
  const unit = cells.text('unit') || undefined;
  if (serial === undefined || state === undefined) return undefined;
  return { serial, model, state, ...told({ stateSince: since, unit }) };
}

/** A list without days: since when it was in the state before says nothing of the new one. */
export function withoutStaleSince(facts: RecorderFacts, held: RecorderFacts | undefined): RecorderFacts {
  if (held === undefined || held.state === facts.state || facts.stateSince !== held.stateSince) return facts;
  const { stateSince: _before, ...rest } = facts;
  return rest;
}
