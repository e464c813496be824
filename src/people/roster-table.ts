/**
 * The roster (执法人员名册) as a table: its columns and what they say of an officer. Whether somebody is front-line is
 * not decided here: posts are taken as they stand, and the profile's table maps them.
 */
import { type CertificateStatus, type OfficerFacts, officerKey } from '../domain/people-facts.ts';
import { type CellValues, wordList } from './cell-values.ts';
import { readSubjects, type SubjectReading, type SubjectTable } from './subject-table.ts';
import type { TableLimits } from './table-reader.ts';

type RosterColumn = 'certificateNo' | 'name' | 'unit' | 'post' | 'onDuty' | 'certificateStatus' | 'validUntil';

const yesOrNo = wordList<boolean>([
  [true, '是', 'yes', 'y', 'true', '1', '在岗'],
  [false, '否', 'no', 'n', 'false', '0', '不在岗'],
]);

const statuses = wordList<CertificateStatus>([
  ['valid', '有效', 'valid'],
  ['suspended', '暂扣', 'suspended'],
  ['withdrawn', '收回', 'withdrawn'],
  ['cancelled', '注销', 'cancelled', 'canceled'],
]);

export const rosterTable: SubjectTable<RosterColumn, OfficerFacts> = {
  columns: [
    { name: 'certificateNo', headings: ['执法证号', 'certificate_no'] },
    { name: 'name', headings: ['姓名', 'name'] },
    { name: 'unit', headings: ['单位', 'unit'] },
    { name: 'post', headings: ['岗位', 'post'] },
    { name: 'onDuty', headings: ['在岗', 'on_duty'] },
    { name: 'certificateStatus', headings: ['证件状态', 'certificate_status'] },
    { name: 'validUntil', headings: ['有效期至', 'valid_until'] },
  ],
  keyOf: officerKey,
  keyColumn: 'certificateNo',
  toFacts: officerFacts,
};

export function readRoster(bytes: Uint8Array, limits?: TableLimits): SubjectReading<OfficerFacts> {
  return readSubjects(bytes, rosterTable, limits);
}

function officerFacts(cells: CellValues<RosterColumn>): OfficerFacts | undefined {
  const certificateNo = cells.certificateNo('certificateNo');
  const name = cells.requiredText('name');
  const unit = cells.requiredText('unit');
  const post = cells.text('post');
  const onDuty = cells.choice('onDuty', yesOrNo);
  const certificateStatus = cells.choice('certificateStatus', statuses);
  const validUntil = cells.date('validUntil');
  if (
    certificateNo === undefined ||
    name === undefined ||
    unit === undefined ||
    onDuty === undefined ||
    certificateStatus === undefined ||
    validUntil === undefined
  ) {
    return undefined;
  }
  return { certificateNo, name, unit, post, onDuty, certificateStatus, validUntil };
}
