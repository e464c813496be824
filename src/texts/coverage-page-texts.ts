/** Words of the coverage pages beyond the figures themselves: filters, alerts, over time, stock. Chinese first. */
import type { MoveKind } from '../domain/coverage-moves.ts';
import type { PaceVerdict, YearlyRise } from '../domain/coverage-pace.ts';
import type { CoverageSort } from '../domain/coverage-questions.ts';
import type { UseState, VerdictStatus } from '../domain/coverage-verdict.ts';
import type { Language } from './cli-texts.ts';

export interface CoveragePageTexts {
  readonly views: { readonly now: string; readonly time: string; readonly stock: string };
  readonly viewsLabel: string;
  readonly status: string;
  readonly statuses: { readonly [S in VerdictStatus | 'all']: string };
  readonly anyReason: string;
  readonly gapReasons: string;
  readonly outReasons: string;
  readonly useReasons: string;
  readonly knownAt: string;
  readonly knownAtHint: string;
  /** What can be written there. */
  readonly knownAtForms: string;
  readonly knownAtLine: (sequence: string) => string;
  readonly sortedBy: (name: string, descending: boolean) => string;
  readonly sorts: { readonly [S in CoverageSort]: string };
  readonly alerts: string;
  readonly alertsOfAll: string;
  readonly inUse: string;
  readonly inUseHint: (days: string) => string;
  readonly use: { readonly [S in UseState]: string };
  readonly since: string;
  readonly dueOn: string;
  readonly overdue: (days: string) => string;
  readonly endsOn: (day: string) => string;
  readonly standingOpen: string;
  readonly listTitle: (status: string, reason: string | null, count: string) => string;
  readonly nobody: string;
  readonly pageOnPaper: (page: string, pages: string, size: string) => string;
  readonly toStock: string;
  readonly allUnits: string;
  readonly ownPeople: string;
  readonly withBelow: string;
  readonly xlsx: string;
  readonly paper: string;
  readonly forms: string;
  readonly formNames: {
    readonly [F in
      | 'rectification'
      | 'look-back'
      | 'budget'
      | 'unrecorded-cases'
      | 'use-register'
      | 'person-register']: string;
  };
  readonly print: string;
  readonly sheet: string;
  readonly building: string;
  readonly buildingNext: (done: string, total: string) => string;
  readonly waiting: (seconds: string) => string;
  readonly reload: string;
  readonly page: string;
  readonly order: string;
  readonly wrongTitle: string;
  readonly wrongNext: string;
  readonly withoutWrong: string;
  readonly startOver: string;
  readonly pace: string;
  readonly verdicts: { readonly [V in PaceVerdict]: string };
  readonly needed: (count: string) => string;
  readonly actual: (count: string) => string;
  readonly assumption: (from: string, to: string, closed: string) => string;
  readonly atDeadline: (count: string) => string;
  readonly completeOn: (day: string) => string;
  readonly completeSince: (day: string) => string;
  readonly months: string;
  readonly month: string;
  readonly changes: string;
  readonly changesHint: string;
  readonly moves: { readonly [K in MoveKind]: string };
  readonly byRecorders: string;
  readonly byLeaving: string;
  readonly byEntering: string;
  readonly withoutLeaving: string;
  readonly onlyByLeaving: string;
  readonly leftBy: string;
  readonly opened: string;
  readonly closed: string;
  readonly rebounds: string;
  readonly years: string;
  readonly yearsHint: string;
  readonly year: string;
  readonly origin: string;
  readonly origins: { readonly computed: string; readonly 'handed-in': string };
  readonly source: string;
  readonly change: string;
  readonly rises: { readonly [R in YearlyRise]: string };
  readonly running: string;
  readonly unitsOverTime: string;
  /** Title of the report over time, on paper. */
  readonly trend: string;
  readonly trendFiles: string;
  readonly coming: string;
  readonly comingHint: string;
  readonly day: string;
  readonly daysLeft: string;
  readonly allowed: string;
  readonly projected: string;
  readonly known: string;
  readonly points: (value: string) => string;
  readonly handedIn: string;
  readonly handedInBy: string;
  readonly handedInRecord: string;
  readonly nothingHandedIn: string;
  readonly proposals: (count: string) => string;
  readonly proposalsHint: string;
  readonly noProposals: string;
  readonly idle: (count: string) => string;
  readonly outside: (count: string) => string;
  readonly outsideHint: string;
  readonly notCountedFor: string;
  /** Between several reasons. */
  readonly listComma: string;
  readonly stockFiles: string;
  readonly inRepair: (count: string) => string;
  readonly back: string;
  readonly recorder: string;
  readonly model: string;
  readonly to: string;
  readonly none: string;
  readonly give: string;
  readonly giveLabel: (serial: string, name: string) => string;
  readonly more: (count: string) => string;
  readonly moreInUnit: (count: string) => string;
  readonly casesWithout: (count: string) => string;
  readonly casesHint: string;
  readonly caseNumber: string;
  readonly recorderThen: string;
  readonly noneThen: string;
}

export const coveragePageTexts: { readonly [L in Language]: CoveragePageTexts } = {
  zh: {
    views: { now: '当日情况', time: '变化与进度', stock: '库存与调配' },
    viewsLabel: '配置率页面',
    status: '人员',
    statuses: { gap: '尚缺', covered: '已配', counted: '计入', out: '不计入', all: '全部' },
    anyReason: '全部原因',
    gapReasons: '尚缺原因',
    outReasons: '不计入原因',
    useReasons: '未在用原因',
    knownAt: '按所知（记录序号或时间）',
    knownAtHint: '留空为当前',
    knownAtForms:
      '已有记录的序号，或不早于第一条记录的时间，如 2026-11-20（至当日结束）、2026-11-20 08:30（采集站时间）。',
    knownAtLine: (sequence) => `按存证日志第 ${sequence} 条为止所知`,
    sortedBy: (name, descending) => `按${name}${descending ? '降序' : '升序'}排列`,
    sorts: { unit: '单位', certificate: '执法证号', name: '姓名', reason: '原因', since: '缺口起始' },
    alerts: '提醒',
    alertsOfAll: '全部单位',
    inUse: '实际在用',
    inUseHint: (days) => `${days} 天内接入且有录像`,
    use: {
      'in-use': '在用',
      'no-footage': '接入但无录像',
      'not-docked-lately': '近期未接入',
      'never-docked': '从未接入',
    },
    since: '缺口起始',
    dueOn: '应配齐日',
    overdue: (days) => `逾期 ${days} 天`,
    endsOn: (day) => `执法证 ${day} 到期`,
    standingOpen: '证件状态在两次名册之间不明，按前一次计',
    listTitle: (status, reason, count) => `${status}人员${reason === null ? '' : `（${reason}）`} ${count} 人`,
    nobody: '没有符合条件的人员。',
    pageOnPaper: (page, pages, size) =>
      `此处为第 ${page} / ${pages} 页（每页 ${size} 人）；全部名单见“打印报告（A4）”。`,
    toStock: '库存能补多少',
    allUnits: '全部单位',
    ownPeople: '本级人员',
    withBelow: '含下级单位',
    xlsx: '导出 Excel',
    paper: '打印报告（A4）',
    forms: '表格',
    formNames: {
      rectification: '问题清单',
      'look-back': '清查评估台账',
      budget: '缺口测算表',
      'unrecorded-cases': '办案无录像名单',
      'use-register': '使用台账',
      'person-register': '一人一档目录',
    },
    print: '打印',
    sheet: 'Excel',
    building: '正在统计',
    buildingNext: (done, total) => `正在整理历史数据（${done} / ${total}），完成后自动显示。`,
    waiting: (seconds) => `数据较多，已统计 ${seconds} 秒，完成后自动显示。`,
    reload: '刷新',
    page: '页码',
    order: '排序',
    wrongTitle: '查询条件有误',
    wrongNext: '没有按这些条件查询，以免把别的结果当成所要的结果。',
    withoutWrong: '去掉这些条件再查',
    startOver: '回到今天的配置率',
    pace: '进度',
    verdicts: {
      complete: '已全部配齐',
      'in-time': '按目前进度可如期配齐',
      late: '按目前进度不能如期配齐',
      'not-falling': '缺口没有减少',
      'no-history': '历史不足一周，无法判断进度',
      overdue: '期限已过，仍有缺口',
    },
    needed: (count) => `今后每 30 天需净补足 ${count} 人`,
    actual: (count) => `目前每 30 天净补足 ${count} 人`,
    assumption: (from, to, closed) => `假设：今后与 ${from} 至 ${to} 一样（净补足 ${closed} 人），且应配人员不增不减。`,
    atDeadline: (count) => `推算到期限日仍缺 ${count} 人`,
    completeOn: (day) => `推算 ${day} 配齐`,
    completeSince: (day) => `自 ${day} 起全部配齐`,
    months: '各月配置率',
    month: '截至',
    changes: '各月变化分解',
    changesHint:
      '配置率变化（百分点）= 因配发 + 因退出统计 + 因新进统计。（有）（无）指当时有无记录仪；退出统计的人不算补足。',
    moves: {
      issued: '新配发',
      'lost-cover': '失去记录仪',
      'entered-covered': '新进（有）',
      'entered-uncovered': '新进（无）',
      'left-covered': '退出（有）',
      'left-uncovered': '退出（无）',
    },
    byRecorders: '因配发',
    byLeaving: '因退出统计',
    byEntering: '因新进统计',
    withoutLeaving: '若无人退出',
    onlyByLeaving: '上升仅因有人退出统计',
    leftBy: '退出原因',
    opened: '新增缺口',
    closed: '补足缺口',
    rebounds: '反弹',
    years: '逐年提升',
    yearsHint: '上报数为安装前按文件上报的数字，只与上报数比较，不与系统统计数合并。',
    year: '年度',
    origin: '来源',
    origins: { computed: '系统统计', 'handed-in': '上报数' },
    source: '来源文件',
    change: '比上年',
    rises: {
      rose: '提升',
      fell: '下降',
      unchanged: '持平',
      complete: '已配齐',
      'not-comparable': '无可比数',
    },
    running: '（未满年）',
    unitsOverTime: '各单位各月配置率',
    trend: '执法记录仪配置率变化报告',
    trendFiles: '变化报告',
    coming: '到期限日的逐日清单',
    comingHint: '“仅按已登记变动”为今天已登记的证件到期、配发起止等变动之后的缺口，不计今后的配发。',
    day: '日期',
    daysLeft: '剩余天数',
    allowed: '均匀补足应剩缺口',
    projected: '按目前进度',
    known: '仅按已登记变动',
    points: (value) => `${value} 个百分点`,
    handedIn: '已上报月报',
    handedInBy: '填报人',
    handedInRecord: '存证记录',
    nothingHandedIn: '还没有上报记录：evidock coverage report --month 月份 --handed-in-by 填报人。',
    proposals: (count) => `今天可补足 ${count} 人：调配建议`,
    proposalsHint: '先本单位，再就近；同单位先给缺得最久的人。仅为建议，由主管决定。',
    noProposals: '没有可调配的库存记录仪。',
    idle: (count) => `库存记录仪 ${count} 台`,
    outside: (count) => `在不计入人员手中的记录仪 ${count} 台`,
    outsideHint: '收回后可调配。',
    notCountedFor: '不计入原因',
    listComma: '、',
    stockFiles: '库存与调配表',
    inRepair: (count) => `维修中 ${count} 台`,
    back: '预计返还',
    recorder: '记录仪',
    model: '型号',
    to: '配给',
    none: '无。',
    give: '配发',
    giveLabel: (serial, name) => `把 ${serial} 配发给 ${name}`,
    more: (count) => `另有 ${count} 条，见导出表格。`,
    moreInUnit: (count) => `另有 ${count} 条；选择单位后可看该单位的。`,
    casesWithout: (count) => `办案无录像 ${count} 人次`,
    casesHint:
      '近期在办、没有任何录像（含录音、照片）与之关联或写明其案号的案件，逐案列出经办人员；依法删除的录像不再可查，不计在内。',
    caseNumber: '案号',
    recorderThen: '其时的记录仪',
    noneThen: '未配发',
  },
  en: {
    views: { now: 'On the day', time: 'Change and pace', stock: 'Stock and proposals' },
    viewsLabel: 'Pages about coverage',
    status: 'Officers',
    statuses: { gap: 'without', covered: 'covered', counted: 'counted', out: 'not counted', all: 'all' },
    anyReason: 'any reason',
    gapReasons: 'why not covered',
    outReasons: 'why not counted',
    useReasons: 'why not in use',
    knownAt: 'As known at (record or time)',
    knownAtHint: 'empty: now',
    knownAtForms:
      'The number of a record that is there, or a time not before the first one: 2026-11-20 (its end), 2026-11-20 08:30 (station time).',
    knownAtLine: (sequence) => `as known up to record ${sequence} of the ledger`,
    sortedBy: (name, descending) => `sorted by ${name}, ${descending ? 'descending' : 'ascending'}`,
    sorts: { unit: 'unit', certificate: 'certificate', name: 'name', reason: 'reason', since: 'open since' },
    alerts: 'Alerts',
    alertsOfAll: 'all units',
    inUse: 'Really in use',
    inUseHint: (days) => `docked with footage within ${days} days`,
    use: {
      'in-use': 'in use',
      'no-footage': 'docked without footage',
      'not-docked-lately': 'not docked lately',
      'never-docked': 'never docked',
    },
    since: 'Open since',
    dueOn: 'Due on',
    overdue: (days) => `${days} days overdue`,
    endsOn: (day) => `certificate ends on ${day}`,
    standingOpen: 'standing between two rosters is not known; counted as before',
    listTitle: (status, reason, count) => `Officers ${status}${reason === null ? '' : ` (${reason})`}: ${count}`,
    nobody: 'Nobody fits these filters.',
    pageOnPaper: (page, pages, size) =>
      `This is page ${page} of ${pages} (${size} officers each); "Report to print (A4)" has all of them.`,
    toStock: 'What stock can close',
    allUnits: 'all units',
    ownPeople: 'directly in the unit',
    withBelow: 'with the units below',
    xlsx: 'Excel',
    paper: 'Report to print (A4)',
    forms: 'Forms',
    formNames: {
      rectification: 'Rectification list',
      'look-back': 'Look-back register',
      budget: 'Budget sheet',
      'unrecorded-cases': 'Cases without a recording',
      'use-register': 'Register of use',
      'person-register': 'Files of officers',
    },
    print: 'print',
    sheet: 'Excel',
    building: 'Being worked out',
    buildingNext: (done, total) => `The history is being read (${done} of ${total}). This page appears by itself.`,
    waiting: (seconds) => `There is much to count: ${seconds} seconds so far. This page appears by itself.`,
    reload: 'Reload',
    page: 'Page',
    order: 'Order',
    wrongTitle: 'These filters cannot be used',
    wrongNext: 'Nothing was looked up, so that no other result is taken for the one that was asked for.',
    withoutWrong: 'Ask again without them',
    startOver: 'Coverage of today',
    pace: 'Pace',
    verdicts: {
      complete: 'Everybody is covered',
      'in-time': 'In time at this pace',
      late: 'Not in time at this pace',
      'not-falling': 'The gaps do not become fewer',
      'no-history': 'Less than a week is known: no pace can be told',
      overdue: 'The deadline has passed with gaps',
    },
    needed: (count) => `${count} gaps must close in every 30 days from now on`,
    actual: (count) => `${count} gaps closed in 30 days so far, net`,
    assumption: (from, to, closed) =>
      `Assumed: it goes on as from ${from} to ${to} (${closed} closed, net), and nobody joins or leaves the count.`,
    atDeadline: (count) => `${count} gaps would be left on the deadline`,
    completeOn: (day) => `everybody would be covered on ${day}`,
    completeSince: (day) => `everybody covered since ${day}`,
    months: 'Rate by month',
    month: 'As of',
    changes: 'What each month changed',
    changesHint:
      'Change of the rate, in points of per cent = recorders issued + people who left the count + people who joined it. Leaving closes no gap.',
    moves: {
      issued: 'issued',
      'lost-cover': 'lost cover',
      'entered-covered': 'joined, covered',
      'entered-uncovered': 'joined, without',
      'left-covered': 'left, covered',
      'left-uncovered': 'left, without',
    },
    byRecorders: 'by recorders',
    byLeaving: 'by leaving',
    byEntering: 'by joining',
    withoutLeaving: 'had nobody left',
    onlyByLeaving: 'rose only because people left the count',
    leftBy: 'Left because',
    opened: 'gaps opened',
    closed: 'gaps closed',
    rebounds: 'rebounds',
    years: 'From year to year',
    yearsHint:
      'Figures that were handed in before the installation are compared with their own kind only, never mixed with computed ones.',
    year: 'Year',
    origin: 'Origin',
    origins: { computed: 'computed', 'handed-in': 'handed in' },
    source: 'Document',
    change: 'Against the year before',
    rises: {
      rose: 'rose',
      fell: 'fell',
      unchanged: 'unchanged',
      complete: 'complete',
      'not-comparable': 'nothing to compare with',
    },
    running: '(not over)',
    unitsOverTime: 'Rate by unit and month',
    trend: 'Recorder coverage over time',
    trendFiles: 'Report over time',
    coming: 'Day by day to the deadline',
    comingHint:
      '"By what is recorded": gaps after what is recorded today: certificates that end, assignments that begin or end.',
    day: 'Day',
    daysLeft: 'Days left',
    allowed: 'Gaps if closed evenly',
    projected: 'At this pace',
    known: 'By what is recorded',
    points: (value) => `${value} points`,
    handedIn: 'Monthly reports handed in',
    handedInBy: 'Handed in by',
    handedInRecord: 'Record',
    nothingHandedIn: 'Nothing was handed in: evidock coverage report --month MONTH --handed-in-by NAME.',
    proposals: (count) => `${count} gaps can be closed today`,
    proposalsHint: 'Own unit first, then the nearest; within a unit whoever has waited longest. Proposals only.',
    noProposals: 'No recorder in store could be issued.',
    idle: (count) => `Recorders in store: ${count}`,
    outside: (count) => `Recorders with people who do not count: ${count}`,
    outsideHint: 'They could be issued once they are back.',
    notCountedFor: 'Why not counted',
    listComma: ', ',
    stockFiles: 'Stock and proposals as files',
    inRepair: (count) => `In repair: ${count}`,
    back: 'Expected back',
    recorder: 'Recorder',
    model: 'Model',
    to: 'To',
    none: 'None.',
    give: 'Assign',
    giveLabel: (serial, name) => `Assign ${serial} to ${name}`,
    more: (count) => `${count} more, see the exported table.`,
    moreInUnit: (count) => `${count} more; choose a unit to see its own.`,
    casesWithout: (count) => `Officers on cases without any recording: ${count}`,
    casesHint:
      'Cases that were open lately and have no recording (video, audio, picture) tied to them or naming them, with each officer on them. What was lawfully deleted cannot be counted.',
    caseNumber: 'Case',
    recorderThen: 'Recorder then',
    noneThen: 'none issued',
  },
};
