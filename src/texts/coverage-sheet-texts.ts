/** Headings of the coverage report and its forms as tables on paper and in spreadsheets: Chinese first and English. */
import type { Language } from './cli-texts.ts';

export interface CoverageSheetTexts {
  readonly title: string;
  readonly unitLine: (unit: string) => string;
  readonly allUnits: string;
  readonly dayLine: (day: string) => string;
  readonly knownLine: (sequence: string) => string;
  readonly ruleLine: (title: string, clause: string) => string;
  readonly deadlineLine: (day: string) => string;
  readonly made: (station: string, time: string) => string;
  readonly figures: string;
  readonly way: string;
  readonly ways: { readonly 'personal-only': string; readonly 'including-shared': string };
  readonly reported: string;
  readonly isReported: string;
  readonly notReported: string;
  readonly population: string;
  readonly covered: string;
  readonly gap: string;
  readonly rate: string;
  readonly inUse: string;
  readonly inUseRate: string;
  readonly gaps: string;
  readonly number: string;
  readonly certificateNo: string;
  readonly name: string;
  readonly unit: string;
  readonly post: string;
  readonly reason: string;
  readonly recorder: string;
  readonly heldBy: string;
  readonly since: string;
  readonly dueOn: string;
  readonly overdueDays: string;
  readonly clause: string;
  readonly units: string;
  readonly total: string;
  readonly stock: {
    readonly title: string;
    readonly closable: (count: string) => string;
    readonly proposals: string;
    readonly idle: string;
    readonly outside: string;
    readonly inRepair: string;
    readonly fromUnit: string;
    readonly toUnit: string;
  };
  readonly signatures: readonly string[];
  readonly beforeFirst: string;
  readonly noRoster: string;
}

export const coverageSheetTexts: { readonly [L in Language]: CoverageSheetTexts } = {
  zh: {
    title: '执法记录仪配置率报告',
    unitLine: (unit) => `单位：${unit}`,
    allUnits: '全部单位',
    dayLine: (day) => `统计日期：${day}`,
    knownLine: (sequence) => `按存证日志第 ${sequence} 条为止所知`,
    ruleLine: (title, clause) => `统计口径：${title}（${clause}）`,
    deadlineLine: (day) => `完成期限：${day}`,
    made: (station, time) => `${station} · 生成于 ${time}`,
    figures: '配置情况',
    way: '统计方式',
    ways: { 'personal-only': '专人专配', 'including-shared': '含公用' },
    reported: '上报',
    isReported: '上报口径',
    notReported: '仅供参考',
    population: '应配人数',
    covered: '已配人数',
    gap: '尚缺人数',
    rate: '配置率',
    inUse: '在用人数',
    inUseRate: '在用率',
    gaps: '尚缺人员名单',
    number: '序号',
    certificateNo: '执法证号',
    name: '姓名',
    unit: '单位',
    post: '岗位',
    reason: '原因',
    recorder: '记录仪',
    heldBy: '现持有人',
    since: '缺口起始',
    dueOn: '应配齐日',
    overdueDays: '逾期天数',
    clause: '依据条款',
    units: '各单位',
    total: '合计',
    stock: {
      title: '执法记录仪库存与调配表',
      closable: (count) => `库存可补足 ${count} 人`,
      proposals: '调配建议',
      idle: '库存记录仪',
      outside: '不计入人员手中的记录仪',
      inRepair: '维修中的记录仪',
      fromUnit: '所在单位',
      toUnit: '配给单位',
    },
    signatures: ['单位（公章）：', '负责人（签字）：', '填报人（签字）：', '联系电话：', '填报日期：'],
    beforeFirst: '该日期早于第一次导入名册，按第一次导入的名册统计。',
    noRoster: '还没有人员名册。',
  },
  en: {
    title: 'Recorder coverage report',
    unitLine: (unit) => `Unit: ${unit}`,
    allUnits: 'all units',
    dayLine: (day) => `As of ${day}`,
    knownLine: (sequence) => `As known up to record ${sequence} of the ledger`,
    ruleLine: (title, clause) => `Profile: ${title} (${clause})`,
    deadlineLine: (day) => `Deadline: ${day}`,
    made: (station, time) => `${station} · made ${time}`,
    figures: 'Figures',
    way: 'Counted',
    ways: { 'personal-only': 'personal recorders only', 'including-shared': 'shared ones included' },
    reported: 'Reported',
    isReported: 'the reported figure',
    notReported: 'for information',
    population: 'Must have one',
    covered: 'Have one',
    gap: 'Lacking',
    rate: 'Rate',
    inUse: 'In use',
    inUseRate: 'Rate in use',
    gaps: 'Officers without a recorder',
    number: 'No.',
    certificateNo: 'Certificate',
    name: 'Name',
    unit: 'Unit',
    post: 'Post',
    reason: 'Reason',
    recorder: 'Recorder',
    heldBy: 'Held by',
    since: 'Open since',
    dueOn: 'Due on',
    overdueDays: 'Days overdue',
    clause: 'Clause',
    units: 'Units',
    total: 'Total',
    stock: {
      title: 'Recorders in stock and proposals',
      closable: (count) => `Gaps that stock can close: ${count}`,
      proposals: 'Proposals',
      idle: 'In store',
      outside: 'With people who do not count',
      inRepair: 'In repair',
      fromUnit: 'From unit',
      toUnit: 'To unit',
    },
    signatures: ['Unit (seal):', 'Head (signature):', 'Filled in by (signature):', 'Telephone:', 'Date:'],
    beforeFirst: 'The day lies before the first roster; its people are those of the first roster.',
    noRoster: 'There is no roster yet.',
  },
};
