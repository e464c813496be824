/** What the pages say of the roster. Chinese first. */
import type { OfficerFacts } from '../domain/people-facts.ts';
import type { Both } from './code-text.ts';

interface PeoplePageTexts {
  readonly menu: string;
  readonly title: string;
  readonly asOf: string;
  readonly search: string;
  readonly searchHint: string;
  readonly show: string;
  readonly counted: (found: string, all: string) => string;
  readonly units: string;
  readonly allUnits: string;
  readonly certificateNo: string;
  readonly name: string;
  readonly unit: string;
  readonly post: string;
  readonly noPost: string;
  readonly unmapped: string;
  readonly onDuty: string;
  readonly offDuty: string;
  readonly standing: string;
  readonly validUntil: string;
  readonly auxiliary: string;
  readonly noneTitle: string;
  readonly noneNext: string;
  readonly noRosterTitle: string;
  readonly noRosterNext: string;
  readonly age: (newest: string, dueOn: string) => string;
  readonly overdue: (newest: string, dueOn: string) => string;
  readonly unmappedPosts: (list: string) => string;
  readonly questions: string;
  readonly questionsNext: string;
  readonly questionsMore: (count: string) => string;
  readonly back: string;
  readonly now: string;
  readonly standingOn: (day: string) => string;
  readonly certificates: string;
  readonly history: string;
  readonly effectiveFrom: string;
  readonly said: string;
  readonly knownSince: string;
  readonly undone: string;
  readonly nothingChanged: string;
  readonly none: string;
  readonly asked: string;
  readonly answers: string;
  readonly left: string;
  readonly stays: string;
  readonly leftOn: string;
  readonly reason: string;
  readonly record: string;
  readonly yes: string;
  readonly no: string;
  readonly fields: { readonly [K in keyof Required<Omit<OfficerFacts, 'person'>>]: string };
}

export const peoplePageTexts: Both<PeoplePageTexts> = {
  zh: {
    menu: '名册',
    title: '人员名册',
    asOf: '截至',
    search: '查找',
    searchHint: '证号、姓名、单位或岗位',
    show: '查看',
    counted: (found, all) => (found === all ? `共 ${all} 个执法证` : `${found} 个，共 ${all} 个执法证`),
    units: '单位',
    allUnits: '全部单位',
    certificateNo: '执法证号',
    name: '姓名',
    unit: '单位',
    post: '岗位',
    noPost: '（未填）',
    unmapped: '岗位未对照',
    onDuty: '在岗',
    offDuty: '不在岗',
    standing: '证件',
    validUntil: '有效期至',
    auxiliary: '辅助人员',
    noneTitle: '没有符合条件的人员',
    noneNext: '换一个日期、单位或查找内容。',
    noRosterTitle: '这一天还没有名册',
    noRosterNext: '点“导入表格”，或用 evidock roster import 文件。之前的日期没有资料。',
    age: (newest, dueOn) => `最新名册为 ${newest}，下次更新不晚于 ${dueOn}。`,
    overdue: (newest, dueOn) => `名册已逾期：最新名册为 ${newest}，应于 ${dueOn} 前更新。请导入新的名册。`,
    unmappedPosts: (list) => `以下岗位不在对照表中，暂按一线计：${list}。请在统计口径文件的 posts 中补充。`,
    questions: '最新名册未列出，待确认',
    questionsNext: '打开人员页面，说明是已离岗还是仍在；未说明前按原样计入。',
    questionsMore: (count) => `另有 ${count} 个，见 evidock roster questions。`,
    back: '人员名册',
    now: '当日情况',
    standingOn: (day) => `${day} 的证件状况`,
    certificates: '执法证',
    history: '历次记载',
    effectiveFrom: '自',
    said: '内容',
    knownSince: '登记于',
    undone: '已撤销',
    nothingChanged: '与之前相同',
    none: '无',
    asked: '最新名册未列出此证号。请说明：',
    answers: '已作说明',
    left: '已离岗',
    stays: '仍在',
    leftOn: '离岗日期（已离岗时填写）',
    reason: '理由',
    record: '记录',
    yes: '是',
    no: '否',
    fields: {
      certificateNo: '执法证号',
      name: '姓名',
      unit: '单位',
      unitCode: '单位编码',
      post: '岗位',
      onDuty: '在岗',
      dutyReason: '原因',
      category: '人员类别',
      personNo: '人员编号',
      previousCertificateNo: '原执法证号',
      certificateStatus: '证件状态',
      statusFrom: '状态起始日期',
      statusUntil: '状态截止日期',
      issuedOn: '发证日期',
      validUntil: '有效期至',
      leftOn: '离岗日期',
      leftReason: '离岗原因',
      replacedBy: '换发为',
      replacedOn: '新证发证日期',
    },
  },
  en: {
    menu: 'Roster',
    title: 'Roster',
    asOf: 'As of',
    search: 'Search',
    searchHint: 'certificate, name, unit or post',
    show: 'Show',
    counted: (found, all) => (found === all ? `${all} certificates` : `${found} of ${all} certificates`),
    units: 'Units',
    allUnits: 'All units',
    certificateNo: 'Certificate',
    name: 'Name',
    unit: 'Unit',
    post: 'Post',
    noPost: '(none)',
    unmapped: 'post in no table',
    onDuty: 'On duty',
    offDuty: 'not on duty',
    standing: 'Standing',
    validUntil: 'Valid until',
    auxiliary: 'auxiliary',
    noneTitle: 'Nobody matches',
    noneNext: 'Choose another day, unit or search.',
    noRosterTitle: 'There is no roster for this day',
    noRosterNext: 'Choose "Import a table", or evidock roster import FILE. Nothing is known of days before the first.',
    age: (newest, dueOn) => `The newest roster is of ${newest}; the next is due by ${dueOn}.`,
    overdue: (newest, dueOn) => `The roster is overdue: the newest is of ${newest}, the next was due by ${dueOn}.`,
    unmappedPosts: (list) =>
      `Posts in no table, counted as front-line: ${list}. Add them to posts in the profiles file.`,
    questions: 'Not named by the newest roster',
    questionsNext: 'Open the person and say whether they have left or stay; until then they count as before.',
    questionsMore: (count) => `${count} more: evidock roster questions.`,
    back: 'Roster',
    now: 'On the day',
    standingOn: (day) => `Standing on ${day}`,
    certificates: 'Certificates',
    history: 'What rosters said',
    effectiveFrom: 'From',
    said: 'Said',
    knownSince: 'Recorded',
    undone: 'undone',
    nothingChanged: 'as before',
    none: 'none',
    asked: 'The newest roster does not name this certificate. Say what is so:',
    answers: 'What was answered',
    left: 'has left',
    stays: 'stays',
    leftOn: 'First day out of the team (for who has left)',
    reason: 'Why',
    record: 'Record',
    yes: 'yes',
    no: 'no',
    fields: {
      certificateNo: 'certificate',
      name: 'name',
      unit: 'unit',
      unitCode: 'unit code',
      post: 'post',
      onDuty: 'on duty',
      dutyReason: 'reason',
      category: 'category',
      personNo: 'person number',
      previousCertificateNo: 'certificate before',
      certificateStatus: 'certificate status',
      statusFrom: 'status from',
      statusUntil: 'status until',
      issuedOn: 'issued on',
      validUntil: 'valid until',
      leftOn: 'left on',
      leftReason: 'reason for leaving',
      replacedBy: 'replaced by',
      replacedOn: 'new one issued on',
    },
  },
};
