/**
 * Cases (案件) as a table. Times are the station's local ones; each keeps what the file said beside the instant, and
 * the conversion is handed in. Case numbers stay as written but for blanks and full-width digits, since brackets and
 * characters belong to them. What the file has no column for stays as it is known.
 */
import { type CaseFacts, caseKey } from '../domain/people-facts.ts';
import { type ActCode, readActs } from './act-cells.ts';
import type { CellValues, LocalToInstant } from './cell-values.ts';
import { readSubjects, type SubjectReading, type SubjectTable, told } from './subject-table.ts';
import type { TableColumn, TableOptions } from './table-reader.ts';

type CaseColumn = keyof CaseFacts;

export const caseColumns: readonly TableColumn<CaseColumn>[] = [
  { name: 'caseNumber', headings: ['案号', 'case_number'] },
  { name: 'unit', headings: ['单位', 'unit'] },
  { name: 'startedAt', headings: ['开始', 'started_at', '开始时间', '立案时间'] },
  { name: 'endedAt', headings: ['结束', 'ended_at', '结束时间'] },
  { name: 'officers', headings: ['执法人员', 'officers'] },
  { name: 'status', headings: ['状态', 'status', '案件状态'] },
  { name: 'externalKey', isOptional: true, headings: ['系统编号', 'external_key', '系统主键', '案件编号'] },
  { name: 'kind', isOptional: true, headings: ['案件类型', 'kind', '案件类别', '程序'] },
  { name: 'party', isOptional: true, headings: ['当事人', 'party'] },
  { name: 'plate', isOptional: true, headings: ['车牌号', 'plate', '车牌', '号牌'] },
  { name: 'place', isOptional: true, headings: ['地点', 'place', '案发地点'] },
  { name: 'latitude', isOptional: true, headings: ['纬度', 'latitude', 'lat'] },
  { name: 'longitude', isOptional: true, headings: ['经度', 'longitude', 'lng', 'lon'] },
  { name: 'decidedAt', isOptional: true, headings: ['决定时间', 'decided_at', '决定日期', '处罚决定日期'] },
  { name: 'closedOn', isOptional: true, headings: ['结案日期', 'closed_on'] },
  { name: 'acts', isOptional: true, headings: ['执法行为', 'acts', '行为'] },
];

export interface CaseReading {
  readonly toInstant: LocalToInstant;
  /** By default an act is what the file calls it. */
  readonly actCode?: ActCode;
  readonly options?: TableOptions;
}

export function readCases(bytes: Uint8Array, reading: LocalToInstant | CaseReading): SubjectReading<CaseFacts> {
  const {
    toInstant,
    actCode = () => undefined,
    options,
  } = typeof reading === 'function' ? { toInstant: reading } : reading;
  const table: SubjectTable<CaseColumn, CaseFacts> = {
    columns: caseColumns,
    keyOf: caseKey,
    keyColumn: 'caseNumber',
    toFacts: (cells) => caseFacts(cells, { toInstant, actCode }),
  };
  return readSubjects(bytes, table, options);
}

function caseFacts(
  cells: CellValues<CaseColumn>,
  by: { readonly toInstant: LocalToInstant; readonly actCode: ActCode },
): CaseFacts | undefined {
  const caseNumber = cells.caseNumber('caseNumber');
  const unit = cells.text('unit');
  const startedAt = cells.time('startedAt', by.toInstant, 'start');
  const endedAt = cells.optionalTime('endedAt', by.toInstant, 'end');
  const officers = cells.certificateNos('officers');
  const status = cells.text('status');
  const decidedAt = cells.optionalTime('decidedAt', by.toInstant, 'start');
  const closedOn = cells.optionalDate('closedOn');
  const acts = readActs(cells, 'acts', by);
  const more = {
    externalKey: cells.text('externalKey') || undefined,
    kind: cells.text('kind') || undefined,
    party: cells.text('party') || undefined,
    plate: cells.text('plate') || undefined,
    place: cells.text('place') || undefined,
    latitude: cells.optionalDegrees('latitude', 90),
    longitude: cells.optionalDegrees('longitude', 180),
    decidedAt: decidedAt ?? undefined,
    closedOn: closedOn ?? undefined,
    acts: acts === undefined || acts.length === 0 ? undefined : acts,
  };
  if (startedAt !== undefined && endedAt !== undefined && endedAt !== null && endedAt.utc < startedAt.utc) {
    return cells.complain('endedAt', 'ended-before-started');
  }
  if (caseNumber === undefined || startedAt === undefined || endedAt === undefined || officers === undefined) {
    return undefined;
  }
  return { caseNumber, unit, startedAt, endedAt, officers, status, ...told(more) };
}
