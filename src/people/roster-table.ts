/**
 * The roster (执法人员名册) as a table: its columns and what they say of an officer. Whether somebody is front-line is
 * not decided here: posts are taken as they stand, and the profile's table maps them. Nor is who somebody is: several
 * certificates of one person are several rows (person-identity.ts joins them).
 */
import { type CertificateStatus, type OfficerCategory, type OfficerFacts, officerKey } from '../domain/people-facts.ts';
import { type CellValues, wordList } from './cell-values.ts';
import { readSubjects, type SubjectReading, type SubjectTable } from './subject-table.ts';
import type { TableOptions } from './table-reader.ts';

/** One row: the officer, and what it says of the unit above theirs. */
export type RosterLine = OfficerFacts & {
  /** Code or name of the unit above, as written. */
  readonly parentUnit?: string;
};

export type RosterColumn =
  | 'certificateNo'
  | 'name'
  | 'unit'
  | 'unitCode'
  | 'parentUnit'
  | 'post'
  | 'onDuty'
  | 'dutyReason'
  | 'certificateStatus'
  | 'statusFrom'
  | 'statusUntil'
  | 'personNo'
  | 'previousCertificateNo'
  | 'issuedOn'
  | 'validUntil'
  | 'leftOn'
  | 'leftReason'
  | 'category';

const yesOrNo = wordList<boolean>([
  [true, '是', 'yes', 'y', 'true', '1', '在岗'],
  [false, '否', 'no', 'n', 'false', '0', '不在岗', '离岗'],
]);

const statuses = wordList<CertificateStatus>([
  ['valid', '有效', 'valid', '正常'],
  ['suspended', '暂扣', 'suspended'],
  ['withdrawn', '收回', 'withdrawn'],
  ['cancelled', '注销', 'cancelled', 'canceled', '收回并注销', '吊销'],
]);

const categories = wordList<OfficerCategory>([
  ['officer', '执法人员', 'officer', '持证执法人员'],
  ['auxiliary', '辅助人员', 'auxiliary', '辅助执法人员', '执法辅助人员', '协管员'],
]);

const fleeting = new Set<RosterColumn>([
  'parentUnit',
  'dutyReason',
  'statusFrom',
  'statusUntil',
  'leftOn',
  'leftReason',
]);

export const rosterTable: SubjectTable<RosterColumn, RosterLine> = {
  columns: [
    {
      name: 'certificateNo',
      headings: ['执法证号', 'certificate_no', '执法证件号', '执法证件编号', '证件编号', '证号'],
    },
    { name: 'name', headings: ['姓名', 'name', '人员姓名', '执法人员姓名'] },
    { name: 'unit', headings: ['单位', 'unit', '单位名称', '所属单位', '所在单位', '工作单位', '执法单位'] },
    { name: 'unitCode', headings: ['单位编码', 'unit_code', '单位代码', '机构编码'], isOptional: true },
    { name: 'parentUnit', headings: ['上级单位', 'parent_unit', '上级单位编码', '主管单位'], isOptional: true },
    { name: 'post', headings: ['岗位', 'post', '岗位名称', '岗位类别', '工作岗位'], isOptional: true },
    { name: 'onDuty', headings: ['在岗', 'on_duty', '是否在岗', '在岗状态', '在岗情况'], isOptional: true },
    { name: 'dutyReason', headings: ['原因', 'duty_reason', '不在岗原因', '未在岗原因'], isOptional: true },
    { name: 'certificateStatus', headings: ['证件状态', 'certificate_status', '执法证状态', '证件当前状态'] },
    { name: 'statusFrom', headings: ['状态起始日期', 'status_from', '状态起始'], isOptional: true },
    { name: 'statusUntil', headings: ['状态截止日期', 'status_until', '状态截止'], isOptional: true },
    { name: 'personNo', headings: ['人员编号', 'person_no', '人员编码'], isOptional: true },
    {
      name: 'previousCertificateNo',
      headings: ['原执法证号', 'previous_certificate_no', '原证号', '旧执法证号', '原执法证件号'],
      isOptional: true,
    },
    { name: 'issuedOn', headings: ['发证日期', 'issued_on', '颁发日期', '发证时间'], isOptional: true },
    { name: 'validUntil', headings: ['有效期至', 'valid_until', '证件有效期至', '有效期截止', '有效截止日期'] },
    { name: 'leftOn', headings: ['离岗日期', 'left_on'], isOptional: true },
    { name: 'leftReason', headings: ['离岗原因', 'left_reason'], isOptional: true },
    { name: 'category', headings: ['人员类别', 'category', '人员类型'], isOptional: true },
  ],
  keyOf: officerKey,
  keyColumn: 'certificateNo',
  keyOfCells: (cells) => cells.peekCode('certificateNo'),
  // What goes with a status, with being there or with having left is not kept when the file says nothing of it.
  fieldsOf: (column) => (fleeting.has(column) ? [] : [column]),
  toFacts: rosterLine,
};

export function readRoster(bytes: Uint8Array, options?: TableOptions): SubjectReading<RosterLine> {
  return readSubjects(bytes, rosterTable, options);
}

function rosterLine(cells: CellValues<RosterColumn>): RosterLine | undefined {
  const certificateNo = cells.certificateNo('certificateNo');
  const name = cells.requiredText('name');
  const unit = cells.requiredText('unit');
  const post = cells.text('post');
  // A roster without the column lists those who are there.
  const onDuty = cells.has('onDuty') ? cells.choice('onDuty', yesOrNo) : true;
  const certificateStatus = cells.choice('certificateStatus', statuses);
  const validUntil = cells.date('validUntil');
  const optional = {
    unitCode: cells.optionalCode('unitCode'),
    parentUnit: cells.optionalText('parentUnit'),
    dutyReason: cells.optionalText('dutyReason'),
    statusFrom: cells.optionalDate('statusFrom'),
    statusUntil: cells.optionalDate('statusUntil'),
    personNo: cells.optionalCode('personNo'),
    previousCertificateNo: cells.optionalCertificateNo('previousCertificateNo'),
    issuedOn: cells.optionalDate('issuedOn'),
    leftOn: cells.optionalDate('leftOn'),
    leftReason: cells.optionalText('leftReason'),
    category: cells.optionalChoice('category', categories),
  };
  if (isBefore(optional.statusUntil, optional.statusFrom)) cells.complain('statusUntil', 'until-before-from');
  if (isBefore(validUntil, optional.issuedOn)) cells.complain('validUntil', 'until-before-from');
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
  return { certificateNo, name, unit, post, onDuty, certificateStatus, validUntil, ...said(optional) };
}

const isBefore = (last: string | null | undefined, first: string | null | undefined): boolean =>
  typeof last === 'string' && typeof first === 'string' && last < first;

/** What a roster does not say is absent from the facts, so that older versions and new ones compare. */
function said<T extends object>(optional: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const given: { [K in keyof T]?: NonNullable<T[K]> } = {};
  for (const field of Object.keys(optional) as (keyof T)[]) {
    const value = optional[field];
    if (value !== undefined && value !== null) given[field] = value;
  }
  return given;
}
