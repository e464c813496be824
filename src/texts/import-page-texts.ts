/** What the pages say of imports: handing in a table, what it would change, what was imported, taking it back. */

import type { Both } from './code-text.ts';
import type { ProblemFigures } from './import-texts.ts';

interface ImportPageTexts {
  readonly title: string;
  readonly listTitle: string;
  readonly toList: string;
  readonly toUpload: string;
  readonly kind: string;
  readonly file: string;
  readonly fileName: string;
  readonly fileHint: (limit: string, minutes: string) => string;
  readonly effective: string;
  readonly effectiveHint: string;
  readonly supplement: string;
  readonly compareButton: string;
  readonly noFile: string;
  readonly tooLarge: (limit: string) => string;
  readonly comparisonTitle: (kind: string) => string;
  readonly nothingYet: string;
  readonly compareAgain: string;
  readonly sheet: string;
  readonly readAs: string;
  readonly digest: string;
  readonly counts: string;
  readonly goodRows: string;
  readonly added: string;
  readonly changed: string;
  readonly unchanged: string;
  readonly missing: string;
  readonly missingMore: string;
  readonly missingAsked: string;
  readonly unitsChanged: string;
  readonly problems: string;
  readonly problemsNext: string;
  readonly line: string;
  readonly column: string;
  readonly value: string;
  readonly reason: string;
  readonly wholeFile: string;
  readonly unmappedPosts: string;
  readonly unmappedNext: string;
  readonly noPost: string;
  readonly officers: string;
  readonly ignored: (columns: string) => string;
  readonly shownOf: (shown: string, all: string) => string;
  readonly key: string;
  readonly says: string;
  readonly nothingElse: string;
  readonly partial: (good: string, bad: string) => string;
  readonly confirm: (effective: string) => string;
  readonly confirmTitle: string;
  readonly nothingToTake: string;
  readonly taken: (effective: string) => string;
  readonly id: string;
  readonly when: string;
  readonly who: string;
  readonly difference: string;
  readonly differenceOf: (added: string, changed: string, missing: string) => string;
  readonly state: string;
  readonly counting: string;
  readonly undone: string;
  readonly undoneOn: (time: string, by: string) => string;
  readonly noneTitle: string;
  readonly noneNext: string;
  readonly undo: string;
  readonly undoNext: string;
  readonly undoReason: string;
  readonly undoSure: string;
  readonly undoDone: (kept: string) => string;
  readonly isSupplement: string;
  readonly bytes: string;
  /** On a page a sheet is chosen in its own field, not by an option of a command. */
  readonly severalSheets: (figures: Pick<ProblemFigures, 'accepted'>) => string;
  readonly fields: { readonly [field: string]: string };
}

export const importPageTexts: Both<ImportPageTexts> = {
  zh: {
    title: '导入表格',
    listTitle: '导入记录',
    toList: '导入记录',
    toUpload: '导入表格',
    kind: '内容',
    file: '文件（XLSX、CSV 或 JSON）',
    fileName: '文件',
    fileHint: (limit, minutes) => `不超过 ${limit}。先只作比对，不写入；上传的文件只在内存中保留 ${minutes} 分钟。`,
    effective: '生效日期',
    effectiveHint: '表中所写的内容自哪天起成立',
    supplement: '补充名单：不询问未列出的人员（仅用于名册）',
    compareButton: '上传并比对',
    noFile: '请选择一个不为空的文件和内容，并写明生效日期。',
    tooLarge: (limit) => `文件超过 ${limit} 的上限，未读取。请拆成几个文件。`,
    comparisonTitle: (kind) => `比对：${kind}`,
    nothingYet: '以下只是比对，尚未写入任何内容。',
    compareAgain: '重新比对',
    sheet: '工作表',
    readAs: '读作',
    digest: '文件 SHA-256',
    counts: '比对结果',
    goodRows: '正确的行',
    added: '新增',
    changed: '变更',
    unchanged: '未变',
    missing: '文件中没有',
    missingMore: '文件中没有的仍然保留。',
    missingAsked: '文件中没有的仍然保留，导入后请在“名册”页面逐一说明已离岗还是仍在。',
    unitsChanged: '单位新增或变更',
    problems: '错误的行',
    problemsNext: '请在原表中改正后重新上传；也可以只导入正确的行。',
    line: '行',
    column: '列',
    value: '内容',
    reason: '原因',
    wholeFile: '整个文件',
    unmappedPosts: '未对照的岗位',
    unmappedNext: '以下岗位不在对照表中，暂按一线计。',
    noPost: '（未填岗位）',
    officers: '人数',
    ignored: (columns) => `未使用的列：${columns}`,
    shownOf: (shown, all) => `显示前 ${shown} 项，共 ${all} 项。`,
    key: '编号',
    says: '内容',
    nothingElse: '只影响身份的归并，所载内容不变',
    partial: (good, bad) => `只导入正确的 ${good} 行，不导入有 ${bad} 处错误的其余各行`,
    confirm: (effective) => `确认导入，自 ${effective} 起生效`,
    confirmTitle: '确认',
    nothingToTake: '没有可以导入的行，未写入任何内容。',
    taken: (effective) => `已导入，自 ${effective} 起生效。`,
    id: '导入编号',
    when: '时间',
    who: '操作人',
    difference: '差异',
    differenceOf: (added, changed, missing) => `新增 ${added}，变更 ${changed}，未列 ${missing}`,
    state: '状态',
    counting: '有效',
    undone: '已撤销',
    undoneOn: (time, by) => `已于 ${time} 撤销（${by}）`,
    noneTitle: '还没有导入过表格',
    noneNext: '导入名册、记录仪台账、配发记录、案件或投诉举报后，这里会列出。',
    undo: '撤销这次导入',
    undoNext: '撤销后，这次导入所写的内容不再计入；其后的导入所述不变。导入和撤销都留在存证日志中。',
    undoReason: '撤销理由',
    undoSure: '我确认撤销这次导入',
    undoDone: (kept) => `已撤销。其后的导入所述、另行记明的有 ${kept} 项。`,
    isSupplement: '补充名单',
    bytes: '大小',
    severalSheets: ({ accepted }) => `请在上面选择要读取的工作表：${accepted.join('、')}`,
    fields: {
      certificateNo: '执法证号',
      serial: '记录仪编号',
      model: '型号',
      state: '状态',
      stateSince: '状态起始',
      unit: '单位',
      from: '自',
      until: '至',
      mode: '配发方式',
      caseNumber: '案号',
      externalKey: '系统编号',
      kind: '案件类型',
      startedAt: '开始',
      endedAt: '结束',
      officers: '执法人员',
      status: '状态',
      party: '当事人',
      plate: '车牌号',
      place: '地点',
      latitude: '纬度',
      longitude: '经度',
      decidedAt: '决定日期',
      closedOn: '结案日期',
      acts: '执法行为',
      complaintNumber: '投诉编号',
      channel: '渠道',
      receivedAt: '受理时间',
      happenedFrom: '发生时间起',
      happenedUntil: '发生时间止',
      text: '内容',
      personal: '专配',
      shared: '公用',
      'in-service': '在用',
      repair: '维修',
      lost: '遗失',
      scrapped: '报废',
    },
  },
  en: {
    title: 'Import a table',
    listTitle: 'Imports',
    toList: 'Imports',
    toUpload: 'Import a table',
    kind: 'What it lists',
    file: 'File (XLSX, CSV or JSON)',
    fileName: 'File',
    fileHint: (limit, minutes) =>
      `Up to ${limit}. It is compared only, nothing is written; the file is kept in memory for ${minutes} minutes.`,
    effective: 'Effective date',
    effectiveHint: 'The day from which the table holds',
    supplement: 'Not the whole roster: ask about nobody who is not in it (rosters only)',
    compareButton: 'Upload and compare',
    noFile: 'Choose a file that is not empty, say what it lists, and give the effective date.',
    tooLarge: (limit) => `The file is over the limit of ${limit} and was not read. Split it into several files.`,
    comparisonTitle: (kind) => `Comparison: ${kind}`,
    nothingYet: 'This is a comparison only. Nothing has been written yet.',
    compareAgain: 'Compare again',
    sheet: 'Sheet',
    readAs: 'Read as',
    digest: 'SHA-256 of the file',
    counts: 'The difference',
    goodRows: 'Good rows',
    added: 'New',
    changed: 'Changed',
    unchanged: 'Unchanged',
    missing: 'Not in the file',
    missingMore: 'What is not in the file is kept.',
    missingAsked: 'Who is not in the file is kept; say of each on the roster page whether they have left or stay.',
    unitsChanged: 'Units new or changed',
    problems: 'Bad rows',
    problemsNext: 'Correct the table and upload it again, or take the good rows only.',
    line: 'Line',
    column: 'Column',
    value: 'What it says',
    reason: 'Why',
    wholeFile: 'the whole file',
    unmappedPosts: 'Posts in no table',
    unmappedNext: 'The table does not know these posts; they count as front-line.',
    noPost: '(no post)',
    officers: 'Officers',
    ignored: (columns) => `Columns not used: ${columns}`,
    shownOf: (shown, all) => `The first ${shown} of ${all}.`,
    key: 'Number',
    says: 'What it says',
    nothingElse: 'joins certificates of one person; nothing else changes',
    partial: (good, bad) => `Take the ${good} good rows only, without those that have ${bad} mistakes`,
    confirm: (effective) => `Import, effective ${effective}`,
    confirmTitle: 'Confirm',
    nothingToTake: 'There is no row to take; nothing was written.',
    taken: (effective) => `Imported; it holds from ${effective}.`,
    id: 'Import',
    when: 'When',
    who: 'Who',
    difference: 'Difference',
    differenceOf: (added, changed, missing) => `${added} new, ${changed} changed, ${missing} not named`,
    state: 'State',
    counting: 'counts',
    undone: 'undone',
    undoneOn: (time, by) => `undone ${time} (${by})`,
    noneTitle: 'Nothing was imported yet',
    noneNext: 'Rosters, lists of recorders, assignments, cases and complaints are listed here once imported.',
    undo: 'Undo this import',
    undoNext:
      'What it wrote no longer counts; what later imports said stays. The import and its undoing both stay in the ledger.',
    undoReason: 'Why it is undone',
    undoSure: 'I confirm that this import is undone',
    undoDone: (kept) => `Undone. ${kept} things that later imports said were written down and stay.`,
    isSupplement: 'not the whole roster',
    bytes: 'Size',
    severalSheets: ({ accepted }) => `choose above which sheet to read: ${accepted.join(', ')}`,
    fields: {
      certificateNo: 'certificate',
      serial: 'recorder',
      model: 'model',
      state: 'state',
      stateSince: 'state since',
      unit: 'unit',
      from: 'from',
      until: 'until',
      mode: 'mode',
      caseNumber: 'case',
      externalKey: 'key of the system',
      kind: 'kind of case',
      startedAt: 'started',
      endedAt: 'ended',
      officers: 'officers',
      status: 'status',
      party: 'party',
      plate: 'plate',
      place: 'place',
      latitude: 'latitude',
      longitude: 'longitude',
      decidedAt: 'decided',
      closedOn: 'closed on',
      acts: 'acts',
      complaintNumber: 'complaint',
      channel: 'channel',
      receivedAt: 'received',
      happenedFrom: 'happened from',
      happenedUntil: 'happened until',
      text: 'text',
      personal: 'personal',
      shared: 'shared',
      'in-service': 'in service',
      repair: 'in repair',
      lost: 'lost',
      scrapped: 'scrapped',
    },
  },
};
