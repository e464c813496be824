/** What the pages say of recorders in people's hands. Chinese first. */
import type { Both } from './code-text.ts';

interface RecorderPageTexts {
  readonly title: string;
  readonly asOf: string;
  readonly search: string;
  readonly searchHint: string;
  readonly state: string;
  readonly anyState: string;
  readonly idle: string;
  readonly show: string;
  readonly counted: (count: string, all: string) => string;
  readonly serial: string;
  readonly model: string;
  readonly holder: string;
  readonly nobody: string;
  readonly lastSeen: string;
  readonly neverSeen: string;
  readonly notListed: string;
  readonly pool: (unit: string) => string;
  readonly since: (when: string) => string;
  readonly outSince: (time: string) => string;
  readonly findings: string;
  readonly findingsMore: (count: string) => string;
  readonly noneTitle: string;
  readonly noneNext: string;
  readonly back: string;
  readonly now: string;
  readonly states: string;
  readonly assignments: string;
  readonly checkOuts: string;
  readonly noEntries: string;
  readonly officer: string;
  readonly mode: string;
  readonly from: string;
  readonly until: string;
  readonly open: string;
  readonly out: string;
  readonly returned: string;
  readonly ledger: string;
  readonly assign: string;
  readonly checkOut: string;
  readonly checkIn: string;
  readonly checkInAsk: (who: string) => string;
  readonly dockings: string;
  readonly selfCheck: string;
  readonly selfCheckNote: string;
  readonly assignTitle: (serial: string) => string;
  readonly checkOutTitle: (serial: string) => string;
  readonly chooseUnit: string;
  readonly chooseOfficer: string;
  readonly withoutRecorder: (count: string, all: string) => string;
  readonly without: string;
  readonly has: (serials: string) => string;
  readonly noUnitsTitle: string;
  readonly noUnitsNext: string;
  readonly noOfficersTitle: string;
  readonly noOfficersNext: string;
  readonly otherUnit: string;
  readonly otherOfficer: string;
  readonly cancel: string;
  readonly confirmAssign: string;
  readonly confirmCheckOut: string;
  readonly objections: string;
  readonly evenSo: string;
  readonly evenSoReason: string;
  readonly asPersonal: string;
  readonly asShared: string;
  readonly today: string;
  readonly claims: string;
  readonly noClaims: string;
  readonly claimNote: string;
  readonly claim: string;
  readonly certificateNo: string;
  readonly statement: string;
  readonly claimedAt: string;
  readonly wallAssign: string;
}

export const recorderPageTexts: Both<RecorderPageTexts> = {
  zh: {
    title: '记录仪',
    asOf: '日期',
    search: '查找',
    searchHint: '编号、型号、姓名或证号',
    state: '状态',
    anyState: '不限',
    idle: '在用而无人持有',
    show: '显示',
    counted: (count, all) => `${count} 台，共 ${all} 台`,
    serial: '编号',
    model: '型号',
    holder: '持有人',
    nobody: '无人持有',
    lastSeen: '最近接入',
    neverSeen: '从未接入',
    notListed: '未登记',
    pool: (unit) => `${unit}公用`,
    since: (when) => `${when} 起`,
    outSince: (time) => `${time} 领用`,
    findings: '异常',
    findingsMore: (count) => `另有 ${count} 项，见 evidock recorders findings`,
    noneTitle: '没有符合条件的记录仪',
    noneNext: '换一个条件；台账还没有记录仪时，用 evidock recorders import 导入。',
    back: '记录仪',
    now: '现况',
    states: '状态经过',
    assignments: '配发经过',
    checkOuts: '领用经过',
    noEntries: '没有记录。',
    officer: '执法人员',
    mode: '方式',
    from: '起',
    until: '止',
    open: '至今',
    out: '领用',
    returned: '交还',
    ledger: '存证记录',
    assign: '配发给个人',
    checkOut: '领用',
    checkIn: '交还',
    checkInAsk: (who) => `${who} 交还这台记录仪？`,
    dockings: '接入记录',
    selfCheck: '自检',
    selfCheckNote: '按最近一次接入时所知。',
    assignTitle: (serial) => `配发 ${serial}`,
    checkOutTitle: (serial) => `领用 ${serial}`,
    chooseUnit: '选择单位',
    chooseOfficer: '选择执法人员',
    withoutRecorder: (count, all) => `${count} 人无记录仪，共 ${all} 人`,
    without: '无记录仪',
    has: (serials) => `已有 ${serials}`,
    noUnitsTitle: '名册中没有在岗持证人员',
    noUnitsNext: '先导入名册：evidock roster import。',
    noOfficersTitle: '该单位没有有效持证人员',
    noOfficersNext: '另选一个单位，或核对名册。',
    otherUnit: '另选单位',
    otherOfficer: '另选人员',
    cancel: '取消',
    confirmAssign: '确认配发',
    confirmCheckOut: '确认领用',
    objections: '请注意',
    evenSo: '仍要办理',
    evenSoReason: '理由',
    asPersonal: '专配',
    asShared: '公用',
    today: '自今日起',
    claims: '认领',
    noClaims: '无人认领。',
    claimNote: '认领是一项陈述，记入存证日志，不改变任何已有的关联。',
    claim: '认领：是我录的',
    certificateNo: '执法证号',
    statement: '说明（可不填）',
    claimedAt: '认领时间',
    wallAssign: '配发',
  },
  en: {
    title: 'Recorders',
    asOf: 'Day',
    search: 'Search',
    searchHint: 'serial, model, name or certificate',
    state: 'State',
    anyState: 'any',
    idle: 'in service, nobody has it',
    show: 'Show',
    counted: (count, all) => `${count} of ${all}`,
    serial: 'Serial',
    model: 'Model',
    holder: 'Holder',
    nobody: 'nobody has it',
    lastSeen: 'Last docked',
    neverSeen: 'never docked',
    notListed: 'not registered',
    pool: (unit) => `pool of ${unit}`,
    since: (when) => `since ${when}`,
    outSince: (time) => `checked out ${time}`,
    findings: 'Findings',
    findingsMore: (count) => `${count} more: evidock recorders findings`,
    noneTitle: 'No recorder fits',
    noneNext: 'Ask for something else; while the list is empty, import it with "evidock recorders import".',
    back: 'Recorders',
    now: 'Now',
    states: 'States',
    assignments: 'Assignments',
    checkOuts: 'Check-outs',
    noEntries: 'No entry.',
    officer: 'Officer',
    mode: 'Kind',
    from: 'From',
    until: 'Until',
    open: 'open',
    out: 'Out',
    returned: 'Returned',
    ledger: 'Records',
    assign: 'Assign to an officer',
    checkOut: 'Check out',
    checkIn: 'Return',
    checkInAsk: (who) => `${who} returns this recorder?`,
    dockings: 'Dockings',
    selfCheck: 'Self-check',
    selfCheckNote: 'As known from its last docking.',
    assignTitle: (serial) => `Assign ${serial}`,
    checkOutTitle: (serial) => `Check ${serial} out`,
    chooseUnit: 'Choose the unit',
    chooseOfficer: 'Choose the officer',
    withoutRecorder: (count, all) => `${count} of ${all} without a recorder`,
    without: 'without a recorder',
    has: (serials) => `has ${serials}`,
    noUnitsTitle: 'No certified officer in the roster',
    noUnitsNext: 'Import the roster first: evidock roster import.',
    noOfficersTitle: 'No certified officer in this unit',
    noOfficersNext: 'Choose another unit, or check the roster.',
    otherUnit: 'Another unit',
    otherOfficer: 'Another officer',
    cancel: 'Cancel',
    confirmAssign: 'Assign',
    confirmCheckOut: 'Check out',
    objections: 'Please note',
    evenSo: 'Even so',
    evenSoReason: 'Why',
    asPersonal: 'personal',
    asShared: 'shared',
    today: 'from today',
    claims: 'Claims',
    noClaims: 'Nobody has claimed it.',
    claimNote: 'A claim is a statement: it goes into the ledger and changes no link.',
    claim: 'Claim: this was me',
    certificateNo: 'Certificate number',
    statement: 'Statement (optional)',
    claimedAt: 'Claimed',
    wallAssign: 'Assign',
  },
};
