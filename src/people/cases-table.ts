/**
 * Cases (案件) as a table. Times are the station's local ones; each keeps what the file said beside the instant, and
 * the conversion is handed in. Case numbers stay as written but for blanks and full-width digits, since brackets and
 * characters belong to them.
 */
import { type CaseFacts, caseKey } from '../domain/people-facts.ts';
import type { CellValues, LocalToInstant } from './cell-values.ts';
import { readSubjects, type SubjectReading, type SubjectTable } from './subject-table.ts';
import type { TableLimits } from './table-reader.ts';

type CaseColumn = 'caseNumber' | 'unit' | 'startedAt' | 'endedAt' | 'officers' | 'status';

export function casesTable(toInstant: LocalToInstant): SubjectTable<CaseColumn, CaseFacts> {
  return {
    columns: [
      { name: 'caseNumber', headings: ['案号', 'case_number'] },
      { name: 'unit', headings: ['单位', 'unit'] },
      { name: 'startedAt', headings: ['开始', 'started_at'] },
      { name: 'endedAt', headings: ['结束', 'ended_at'] },
      { name: 'officers', headings: ['执法人员', 'officers'] },
      { name: 'status', headings: ['状态', 'status'] },
    ],
    keyOf: caseKey,
    keyColumn: 'caseNumber',
    toFacts: (cells) => caseFacts(cells, toInstant),
  };
}

export function readCases(
  bytes: Uint8Array,
  toInstant: LocalToInstant,
  limits?: TableLimits,
): SubjectReading<CaseFacts> {
  return readSubjects(bytes, casesTable(toInstant), limits);
}

function caseFacts(cells: CellValues<CaseColumn>, toInstant: LocalToInstant): CaseFacts | undefined {
  const caseNumber = cells.caseNumber('caseNumber');
  const unit = cells.text('unit');
  const startedAt = cells.time('startedAt', toInstant, 'start');
  const endedAt = cells.optionalTime('endedAt', toInstant, 'end');
  const officers = cells.certificateNos('officers');
  const status = cells.text('status');
  if (startedAt !== undefined && endedAt !== undefined && endedAt !== null && endedAt.utc < startedAt.utc) {
    return cells.complain('endedAt', 'ended-before-started');
  }
  if (caseNumber === undefined || startedAt === undefined || endedAt === undefined || officers === undefined) {
    return undefined;
  }
  return { caseNumber, unit, startedAt, endedAt, officers, status };
}
