/**
 * Complaints (投诉举报) as a table: through which channel, when it came, what it says of time, place and plate. Which
 * clips it touches is asked elsewhere.
 */
import { type ComplaintFacts, complaintKey } from '../domain/people-facts.ts';
import type { CellValues, LocalToInstant } from './cell-values.ts';
import { readSubjects, type SubjectReading, type SubjectTable, told } from './subject-table.ts';
import type { TableColumn, TableOptions } from './table-reader.ts';

type ComplaintColumn = keyof ComplaintFacts;

export const complaintColumns: readonly TableColumn<ComplaintColumn>[] = [
  { name: 'complaintNumber', headings: ['投诉编号', 'complaint_number', '工单号', '工单编号'] },
  { name: 'channel', headings: ['渠道', 'channel', '来源', '投诉渠道'] },
  { name: 'receivedAt', headings: ['受理时间', 'received_at', '受理日期', '投诉时间'] },
  { name: 'happenedFrom', isOptional: true, headings: ['发生时间', 'happened_from', 'happened_at', '发生开始'] },
  { name: 'happenedUntil', isOptional: true, headings: ['发生截止', 'happened_until', '发生结束'] },
  { name: 'place', isOptional: true, headings: ['地点', 'place', '发生地点'] },
  { name: 'latitude', isOptional: true, headings: ['纬度', 'latitude', 'lat'] },
  { name: 'longitude', isOptional: true, headings: ['经度', 'longitude', 'lng', 'lon'] },
  { name: 'plate', isOptional: true, headings: ['车牌号', 'plate', '车牌', '号牌'] },
  { name: 'unit', isOptional: true, headings: ['单位', 'unit', '被投诉单位'] },
  { name: 'caseNumber', isOptional: true, headings: ['案号', 'case_number'] },
  { name: 'text', isOptional: true, headings: ['内容', 'text', '投诉内容'] },
  { name: 'status', isOptional: true, headings: ['状态', 'status', '办理状态'] },
];

export function readComplaints(
  bytes: Uint8Array,
  toInstant: LocalToInstant,
  options?: TableOptions,
): SubjectReading<ComplaintFacts> {
  const table: SubjectTable<ComplaintColumn, ComplaintFacts> = {
    columns: complaintColumns,
    keyOf: complaintKey,
    keyColumn: 'complaintNumber',
    toFacts: (cells) => complaintFacts(cells, toInstant),
    // A day alone fills both ends.
    fieldsOf: (column) => (column === 'happenedFrom' ? ['happenedFrom', 'happenedUntil'] : [column]),
  };
  return readSubjects(bytes, table, options);
}

function complaintFacts(cells: CellValues<ComplaintColumn>, toInstant: LocalToInstant): ComplaintFacts | undefined {
  const complaintNumber = cells.caseNumber('complaintNumber');
  const channel = cells.requiredText('channel');
  const receivedAt = cells.time('receivedAt', toInstant, 'start');
  const from = cells.optionalTime('happenedFrom', toInstant, 'start');
  const until = cells.optionalTime('happenedUntil', toInstant, 'end');
  // A mere day is the whole of it.
  const wholeDay =
    from?.local.length === 10 && until === null ? cells.time('happenedFrom', toInstant, 'end') : undefined;
  const more = {
    happenedFrom: from ?? undefined,
    happenedUntil: until ?? wholeDay,
    place: cells.text('place') || undefined,
    latitude: cells.optionalDegrees('latitude', 90),
    longitude: cells.optionalDegrees('longitude', 180),
    plate: cells.text('plate') || undefined,
    unit: cells.text('unit') || undefined,
    caseNumber: cells.text('caseNumber') === '' ? undefined : cells.caseNumber('caseNumber'),
    text: cells.text('text') || undefined,
    status: cells.text('status') || undefined,
  };
  if (from && until && until.utc < from.utc) return cells.complain('happenedUntil', 'ended-before-started');
  if (complaintNumber === undefined || channel === undefined || receivedAt === undefined) return undefined;
  return { complaintNumber, channel, receivedAt, ...told(more) };
}
