/**
 * What each table of the monthly exchange holds, column by column: the one description from which schema, CSV, JSON and
 * the pages of the API are made. Columns that an import reads bear its English heading, so that another station can
 * take the file as it is. A change of meaning or a column that goes raises the version.
 */
export const exchangeVersion = 1;
export const exchangeFormat = `evidock-exchange/${exchangeVersion}`;

export const exchangeTables = ['officers', 'recorders', 'assignments', 'cases', 'links', 'coverage'] as const;
export type ExchangeTable = (typeof exchangeTables)[number];

export type ExchangeCell = string | number | boolean | null;
export type ExchangeRow = Readonly<Record<string, ExchangeCell>>;

/** `day` is `YYYY-MM-DD`, `moment` ISO UTC, `local` a day or `YYYY-MM-DDTHH:MM:SS` of the station's time zone. */
export type ExchangeKind = 'text' | 'count' | 'rate' | 'yes-no' | 'day' | 'local' | 'moment' | 'sha256';

export interface ExchangeColumn {
  readonly name: string;
  readonly kind: ExchangeKind;
  readonly zh: string;
  readonly en: string;
  /** May be null, in CSV an empty cell. */
  readonly nullable: boolean;
  readonly values?: readonly string[];
}

const column =
  (nullable: boolean) =>
  (name: string, kind: ExchangeKind, zh: string, en: string, values?: readonly string[]): ExchangeColumn => ({
    name,
    kind,
    zh,
    en,
    nullable,
    ...(values === undefined ? {} : { values }),
  });
const always = column(false);
const maybe = column(true);

const bases = ['by-hand', 'confirmed', 'automatic', 'assignment', 'check-out', 'claim', 'name'];

export const exchangeColumns: Readonly<Record<ExchangeTable, readonly ExchangeColumn[]>> = {
  officers: [
    always('certificate_no', 'text', '执法证号', 'certificate number'),
    always('person_id', 'text', '人员标识（本站内）', 'opaque id of the person in this station'),
    always('name', 'text', '姓名', 'name'),
    always('unit', 'text', '单位', 'unit'),
    maybe('unit_code', 'text', '单位编码', 'code of the unit'),
    maybe('parent_unit', 'text', '上级单位（编码，无编码时为名称）', 'unit above: its code, else its name'),
    always('post', 'text', '岗位，按名册原文，可为空', 'post as the roster says it, may be empty'),
    always('on_duty', 'yes-no', '在岗', 'on duty'),
    maybe('duty_reason', 'text', '不在岗原因', 'why not on duty'),
    always('certificate_status', 'text', '证件状态', 'status of the certificate', [
      ...['valid', 'suspended', 'withdrawn', 'cancelled'],
    ]),
    maybe('status_from', 'day', '状态起始日期', 'first day of the status'),
    maybe('status_until', 'day', '状态截止日期', 'last day of the status'),
    maybe('person_no', 'text', '人员编号', 'personnel number'),
    maybe('previous_certificate_no', 'text', '原执法证号', 'certificate before this one'),
    maybe('issued_on', 'day', '发证日期', 'issued on'),
    always('valid_until', 'day', '有效期至', 'last day of validity'),
    maybe('left_on', 'day', '离岗日期', 'left on'),
    maybe('left_reason', 'text', '离岗原因', 'why left'),
    maybe('category', 'text', '人员类别', 'officer or auxiliary', ['officer', 'auxiliary']),
    maybe('replaced_by', 'text', '已由此证号接替', 'certificate that speaks for the person in its place'),
    always('effective_from', 'day', '本行内容自该日起', 'since when what this row says holds'),
  ],
  recorders: [
    always('recorder_serial', 'text', '记录仪编号', 'serial of the recorder'),
    always('model', 'text', '型号，可为空', 'model, may be empty'),
    always('state', 'text', '状态', 'state', ['in-service', 'repair', 'lost', 'scrapped']),
    maybe('state_since', 'local', '状态日期', 'in that state since'),
    maybe('pool_unit', 'text', '保管或公用单位（编码，无编码时为名称）', 'unit that has it: its code, else its name'),
    maybe('holder_certificate_no', 'text', '持有人执法证号', 'certificate of whoever holds it'),
    maybe('holder_mode', 'text', '持有方式', 'how it is held', ['personal', 'shared']),
    always('effective_from', 'day', '本行内容自该日起', 'since when what this row says holds'),
  ],
  assignments: [
    always('certificate_no', 'text', '执法证号', 'certificate number'),
    always('recorder_serial', 'text', '记录仪编号', 'serial of the recorder'),
    always('from', 'day', '起始', 'first day'),
    maybe('until', 'day', '截止（含当日），空为长期', 'last day, included; none while it is open'),
    always('mode', 'text', '方式', 'personal or shared', ['personal', 'shared']),
  ],
  cases: [
    always('case_number', 'text', '案号', 'number of the case'),
    maybe('external_key', 'text', '系统编号', 'key in the enforcement system'),
    maybe('kind', 'text', '案件类型', 'kind'),
    always('unit', 'text', '单位', 'unit'),
    always(
      'officers',
      'text',
      '执法人员证号，用分号分隔，可为空',
      'certificate numbers joined by semicolons, may be empty',
    ),
    always('started_at', 'local', '开始', 'begin'),
    maybe('ended_at', 'local', '结束', 'end'),
    always('status', 'text', '状态，按案件表原文', 'status as the case list says it'),
    maybe('decided_at', 'local', '决定时间', 'decided at'),
    maybe('closed_on', 'day', '结案日期', 'closed on'),
  ],
  links: [
    always('clip_id', 'text', '视音频文件标识', 'id of the clip'),
    always('sha256', 'sha256', '原始数据 SHA-256', 'SHA-256 of the original'),
    maybe('recorder_serial', 'text', '记录仪编号', 'serial of the recorder'),
    maybe('case_number', 'text', '案号', 'number of the case'),
    maybe('case_basis', 'text', '案件关联依据', 'basis of the link to the case', bases),
    maybe('officer_certificate_no', 'text', '执法人员证号', 'certificate number of the officer'),
    maybe('officer_basis', 'text', '人员关联依据', 'basis of the link to the officer', bases),
    maybe('recorded_at', 'moment', '录制时间（记录仪时钟，UTC）', 'recorded at by the recorder’s clock, UTC'),
    maybe('corrected_earliest', 'moment', '校正后最早录制时间（UTC）', 'corrected time, earliest, UTC'),
    maybe('corrected_latest', 'moment', '校正后最晚录制时间（UTC）', 'corrected time, latest, UTC'),
    maybe('length_ms', 'count', '时长（毫秒）', 'length in milliseconds'),
    always('sealed_at', 'moment', '固定时间（UTC）', 'sealed at, UTC'),
  ],
  coverage: [
    always('profile', 'text', '统计口径', 'profile'),
    always('clause', 'text', '依据条款', 'document and clause'),
    always('deadline', 'day', '期限', 'last day by which it is due'),
    always('scope', 'text', '全部，或单位本级（不含下级）', 'all, or a unit without those below it', ['all', 'unit']),
    maybe('unit_key', 'text', '单位编码，无编码时为名称', 'code of the unit, else its name'),
    maybe('unit', 'text', '单位', 'unit'),
    always('population', 'count', '应配人数', 'officers who must have one'),
    always('covered', 'count', '已配人数（按口径）', 'covered, as the profile counts'),
    maybe('rate', 'rate', '配置率（0 至 1）', 'covered over population, 0 to 1'),
    always('required', 'count', '要求人数', 'required by the profile'),
    always('missing', 'count', '缺口', 'still missing'),
    always('reported_figure', 'text', '上报采用的算法', 'which of the two figures the profile reports', [
      ...['personal-only', 'including-shared'],
    ]),
    always('covered_personally', 'count', '专配已配人数', 'covered by a personal recorder'),
    maybe('rate_personally', 'rate', '专配配置率', 'rate, personal recorders only'),
    always('covered_including_shared', 'count', '含公用已配人数', 'covered, shared recorders included'),
    maybe('rate_including_shared', 'rate', '含公用配置率', 'rate, shared recorders included'),
  ],
};

export const tableTitles: Readonly<Record<ExchangeTable, { readonly zh: string; readonly en: string }>> = {
  officers: { zh: '执法人员（每证一行）', en: 'officers, one row for each certificate' },
  recorders: { zh: '记录仪', en: 'recorders' },
  assignments: { zh: '配发（当月有效）', en: 'assignments that were open in the month' },
  cases: { zh: '案件（未结，或当月开始、变更、结案）', en: 'cases: open, or begun, changed or closed in the month' },
  links: {
    zh: '视音频关联（当月固定，或属于上述案件）',
    en: 'links of clips sealed in the month or tied to those cases',
  },
  coverage: { zh: '配置率', en: 'coverage by profile and unit' },
};
