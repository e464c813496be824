/**
 * Assignments (配发) as a table: which officer has which recorder, from when to when. Whether officer and recorder are
 * known, and who holds a recorder that several were given, are questions of coverage, not of reading.
 */
import { type AssignmentFacts, type AssignmentMode, assignmentKey } from '../domain/people-facts.ts';
import { type CellValues, wordList } from './cell-values.ts';
import { readSubjects, type SubjectReading, type SubjectTable } from './subject-table.ts';
import type { TableOptions } from './table-reader.ts';

type AssignmentColumn = 'certificateNo' | 'serial' | 'from' | 'until' | 'mode';

const modes = wordList<AssignmentMode>([
  ['personal', '个人', '专配', '专人专配', '专用', 'personal'],
  ['shared', '公用', 'shared'],
]);

export const assignmentsTable: SubjectTable<AssignmentColumn, AssignmentFacts> = {
  columns: [
    { name: 'certificateNo', headings: ['执法证号', 'certificate_no'] },
    { name: 'serial', headings: ['记录仪编号', 'recorder_serial'] },
    { name: 'from', headings: ['起始', 'from'] },
    { name: 'until', headings: ['截止', 'until'] },
    { name: 'mode', headings: ['方式', 'mode'] },
  ],
  keyOf: assignmentKey,
  keyColumn: 'certificateNo',
  toFacts: assignmentFacts,
};

export function readAssignments(bytes: Uint8Array, options?: TableOptions): SubjectReading<AssignmentFacts> {
  return readSubjects(bytes, assignmentsTable, options);
}

function assignmentFacts(cells: CellValues<AssignmentColumn>): AssignmentFacts | undefined {
  const certificateNo = cells.certificateNo('certificateNo');
  const serial = cells.serial('serial');
  const from = cells.date('from');
  const until = cells.optionalDate('until');
  const mode = cells.choice('mode', modes);
  if (from !== undefined && until !== undefined && until !== null && until < from) {
    return cells.complain('until', 'until-before-from');
  }
  if (certificateNo === undefined || serial === undefined || from === undefined) {
    return undefined;
  }
  return until === undefined || mode === undefined ? undefined : { certificateNo, serial, from, until, mode };
}
