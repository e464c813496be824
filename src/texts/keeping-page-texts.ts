/** Texts of the pages about keeping: what may be deleted when, holds, runs, and the clip page's part. */
import type { Both } from './code-text.ts';

interface KeepingPageTexts {
  readonly title: string;
  readonly intro: string;
  readonly rules: string;
  readonly ruleClass: string;
  readonly ruleKeep: string;
  readonly ruleClause: string;
  readonly rulesNote: string;
  readonly dueTitle: string;
  readonly dueCounted: (due: string, stays: string, looked: string) => string;
  readonly dueMore: string;
  readonly dueNone: string;
  readonly dueCommand: string;
  readonly staysTitle: string;
  readonly clip: string;
  readonly lastDay: string;
  readonly why: string;
  readonly noEnd: string;
  readonly marks: string;
  readonly markCounts: (device: string, human: string, both: string, denied: string) => string;
  readonly holds: string;
  readonly holdsNone: string;
  readonly holdsNote: string;
  readonly kind: string;
  readonly number: string;
  readonly placed: string;
  readonly placedBy: string;
  readonly covers: string;
  readonly namedClips: (count: string) => string;
  readonly ofCase: (number: string) => string;
  readonly ofOfficer: (number: string) => string;
  readonly answer: string;
  readonly stands: string;
  readonly released: string;
  readonly state: string;
  readonly received: string;
  readonly reason: string;
  readonly recorded: string;
  readonly complaint: string;
  readonly holdTitle: (kind: string, number: string) => string;
  readonly holdClips: (count: string) => string;
  readonly holdClipsMore: (shown: string) => string;
  readonly back: string;
  readonly bag: string;
  readonly bagNote: string;
  readonly bagApplicant: string;
  readonly bagApprover: string;
  readonly bagRecipient: string;
  readonly bagMake: string;
  readonly bagCommand: string;
  readonly bagUnderWay: (out: string) => string;
  readonly bagDone: (out: string) => string;
  readonly bagFailed: string;
  readonly runs: string;
  readonly runsNone: string;
  readonly run: string;
  readonly runTitle: (run: string) => string;
  readonly asOf: string;
  readonly proposedAt: string;
  readonly proposedBy: string;
  readonly approvedBy: string;
  readonly closedBy: string;
  readonly counted: string;
  readonly runCounts: (clips: string, deleted: string, kept: string) => string;
  readonly outcome: string;
  readonly deleted: string;
  readonly kept: string;
  readonly waiting: string;
  readonly runCommand: string;
  readonly rule: string;
  readonly keepingOfClip: string;
  readonly onHold: string;
  readonly important: string;
  readonly notImportant: string;
  readonly deletedTitle: string;
  readonly deletedNote: string;
  readonly deletedAt: string;
  readonly deletion: string;
  readonly requestedBy: string;
  readonly record: string;
}

export const keepingPageTexts: Both<KeepingPageTexts> = {
  zh: {
    title: '保管',
    intro:
      '每个文件按适用规则中最严的一条保管，自固定之日起算。期限届满不会自动删除：先列出，一人提出、另一人批准，逐个复核后执行。',
    rules: '保管规则',
    ruleClass: '类别',
    ruleKeep: '保管期限',
    ruleClause: '依据',
    rulesNote: '凡适用的规则都计算，取最严；没有规则适用的一直保存。规则在配置 keeping.rules。',
    dueTitle: '今天期限届满',
    dueCounted: (due, stays, looked) =>
      `可列入删除批次 ${due} 个，届满但须保留 ${stays} 个（查看了最早固定的 ${looked} 个文件）`,
    dueMore: '还有更早固定的文件未查看；完整清单用命令列出。',
    dueNone: '没有期限届满的文件。',
    dueCommand: '完整列出并提出批次：',
    staysTitle: '期限届满但须保留',
    clip: '文件',
    lastDay: '保管至',
    why: '保留原因',
    noEnd: '不届满',
    marks: '重要标记',
    markCounts: (device, human, both, denied) =>
      `记录仪标记 ${device} 个，人工标记 ${human} 个（其中两者都有 ${both} 个），人工标为非重要 ${denied} 个。两种标记分别保存。`,
    holds: '保全',
    holdsNone: '没有保全。',
    holdsNote: '保全期间任何人不得删除，也不得从记录仪清空；以后关联到该案件或人员的文件同样保全。',
    kind: '类别',
    number: '文号',
    placed: '保全时间',
    placedBy: '经办人',
    covers: '范围',
    namedClips: (count) => `指定文件 ${count} 个`,
    ofCase: (number) => `案件 ${number}`,
    ofOfficer: (number) => `执法证 ${number}`,
    answer: '答复期限',
    stands: '保全中',
    released: '已解除',
    state: '状态',
    received: '收到日期',
    reason: '说明',
    recorded: '录制时间范围',
    complaint: '投诉举报编号',
    holdTitle: (kind, number) => `保全：${kind} ${number}`,
    holdClips: (count) => `所涉文件 ${count} 个`,
    holdClipsMore: (shown) => `只显示前 ${shown} 个。`,
    back: '返回保管',
    bag: '证据包',
    bagNote: '一次导出本项保全所涉的全部文件，含证明和保管链报告。须由第二人批准，导出写入存证日志。',
    bagApplicant: '申请人',
    bagApprover: '批准人（第二人）',
    bagRecipient: '接收单位或人',
    bagMake: '导出证据包',
    bagCommand: '用命令导出：',
    bagUnderWay: (out) => `正在导出到 ${out}`,
    bagDone: (out) => `已导出：${out}`,
    bagFailed: '导出失败',
    runs: '删除批次',
    runsNone: '没有删除批次。',
    run: '批次',
    runTitle: (run) => `删除批次 ${run}`,
    asOf: '截至',
    proposedAt: '提出时间',
    proposedBy: '提出人',
    approvedBy: '批准人',
    closedBy: '取消人',
    counted: '文件',
    runCounts: (clips, deleted, kept) => `共 ${clips} 个，已删除 ${deleted}，保留 ${kept}`,
    outcome: '结果',
    deleted: '已删除',
    kept: '保留',
    waiting: '未处理',
    runCommand: '由另一人批准并执行：',
    rule: '规则',
    keepingOfClip: '保管期限',
    onHold: '保全',
    important: '人工标记：重要',
    notImportant: '人工标记：非重要',
    deletedTitle: '此文件已依规删除',
    deletedNote: '原始数据和个人信息已删除；删除前的校验点和证明仍然有效，删除记录本身长期保存。',
    deletedAt: '删除批准时间',
    deletion: '删除记录',
    requestedBy: '申请人',
    record: '存证日志序号',
  },
  en: {
    title: 'Keeping',
    intro:
      'Each clip is kept by the strictest rule that applies, counted from its sealing. Nothing is deleted because time passed: it is listed, one person proposes, another approves, and each clip is judged again before it goes.',
    rules: 'Rules',
    ruleClass: 'Class',
    ruleKeep: 'Kept for',
    ruleClause: 'Clause',
    rulesNote:
      'Every rule that matches counts, the strictest wins; what none matches is kept. They stand in keeping.rules.',
    dueTitle: 'Over their time today',
    dueCounted: (due, stays, looked) =>
      `${due} may go into a deletion run, ${stays} stay although a time is over (of the ${looked} clips sealed first)`,
    dueMore: 'More were sealed later and were not looked at; the command lists them all.',
    dueNone: 'No clip is over its time.',
    dueCommand: 'List all, and propose a run:',
    staysTitle: 'They stay although a time is over',
    clip: 'Clip',
    lastDay: 'Kept until',
    why: 'Why it stays',
    noEnd: 'no end',
    marks: 'Marks of importance',
    markCounts: (device, human, both, denied) =>
      `${device} marked by devices, ${human} by people (${both} of them by both), ${denied} called not important by people. The two are kept apart.`,
    holds: 'Holds',
    holdsNone: 'There is no hold.',
    holdsNote:
      'While a hold stands nobody deletes what it covers, nor is it cleared from a recorder; what is linked to its case or officer later is held as well.',
    kind: 'Kind',
    number: 'Number',
    placed: 'Placed',
    placedBy: 'Placed by',
    covers: 'Covers',
    namedClips: (count) => `${count} named clips`,
    ofCase: (number) => `case ${number}`,
    ofOfficer: (number) => `certificate ${number}`,
    answer: 'Answer due',
    stands: 'stands',
    released: 'released',
    state: 'State',
    received: 'Received on',
    reason: 'Why',
    recorded: 'Recorded between',
    complaint: 'Complaint',
    holdTitle: (kind, number) => `Hold: ${kind} ${number}`,
    holdClips: (count) => `It covers ${count} clips`,
    holdClipsMore: (shown) => `Only the first ${shown} are shown.`,
    back: 'Back to keeping',
    bag: 'Bag',
    bagNote:
      'Everything that this hold covers, with proofs and the custody report. A second person approves; the export stands in the ledger.',
    bagApplicant: 'Applicant',
    bagApprover: 'Approved by (a second person)',
    bagRecipient: 'Recipient',
    bagMake: 'Make the bag',
    bagCommand: 'By command:',
    bagUnderWay: (out) => `Being exported to ${out}`,
    bagDone: (out) => `Exported: ${out}`,
    bagFailed: 'The export failed',
    runs: 'Deletion runs',
    runsNone: 'There is no deletion run.',
    run: 'Run',
    runTitle: (run) => `Deletion run ${run}`,
    asOf: 'As of',
    proposedAt: 'Proposed at',
    proposedBy: 'Proposed by',
    approvedBy: 'Approved by',
    closedBy: 'Cancelled by',
    counted: 'Clips',
    runCounts: (clips, deleted, kept) => `${clips} clips, ${deleted} deleted, ${kept} kept`,
    outcome: 'Outcome',
    deleted: 'deleted',
    kept: 'kept',
    waiting: 'not yet',
    runCommand: 'Another person approves and carries it out:',
    rule: 'Rule',
    keepingOfClip: 'How long it is kept',
    onHold: 'On hold',
    important: 'marked important by a person',
    notImportant: 'marked as not important by a person',
    deletedTitle: 'This clip was lawfully deleted',
    deletedNote:
      'The original and what was personal are gone; checkpoints and proofs from before stay valid, and the record of the deletion stays.',
    deletedAt: 'Approved at',
    deletion: 'Deletion',
    requestedBy: 'Asked by',
    record: 'Record in the ledger',
  },
};
