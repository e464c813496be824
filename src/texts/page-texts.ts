/**
 * Every text of the pages, Chinese first and English. A text with values is a function; numbers come in already
 * written the language's way. The type makes a missing translation an error. Words for codes are in code-texts.ts.
 */
import type { Language } from './cli-texts.ts';

export interface PageTexts {
  readonly htmlLang: string;
  readonly otherLanguage: string;
  readonly shell: ShellTexts;
  readonly wall: WallTexts;
  readonly clips: ClipsTexts;
  readonly clip: ClipTexts;
  readonly coverage: CoverageTexts;
  readonly trouble: TroubleTexts;
}

export interface ShellTexts {
  readonly product: string;
  readonly skip: string;
  readonly mainMenu: string;
  readonly wall: string;
  readonly dockings: string;
  readonly clips: string;
  readonly recorders: string;
  readonly coverage: string;
  readonly keeping: string;
  readonly audit: string;
  readonly demo: string;
  readonly memoryTitle: string;
  readonly memoryNext: string;
  readonly state: string;
  readonly diskFree: (free: string, total: string) => string;
  readonly disk: string;
  readonly diskLow: (disk: string) => string;
  readonly clipsCount: string;
  readonly records: string;
  readonly previewsWaiting: string;
  readonly readBack: string;
  readonly mirrors: string;
  readonly mirrorsNone: string;
  readonly mirrorsAway: (away: string, all: string) => string;
  readonly notKnown: string;
  readonly none: string;
}

export interface WallTexts {
  readonly title: string;
  readonly slot: (slot: string) => string;
  readonly summary: string;
  readonly mayPullCount: string;
  readonly doNotPullCount: string;
  readonly attentionCount: string;
  readonly freeCount: string;
  readonly mayPull: string;
  readonly doNotPull: string;
  readonly mayRemoveFolder: string;
  readonly doNotTouchFolder: string;
  readonly plugIn: string;
  readonly plugInAgain: string;
  readonly noHolder: string;
  readonly serialUnknown: string;
  readonly files: (done: string, all: string) => string;
  readonly left: (time: string) => string;
  readonly leftUnknown: string;
  readonly progress: string;
  readonly stopping: string;
  readonly notCleared: string;
  readonly urgent: string;
  readonly urgentAsk: string;
  readonly urgentConfirm: string;
  readonly urgentCancel: string;
  readonly urgentRefused: string;
  readonly sealed: (count: string) => string;
  readonly held: (count: string) => string;
  readonly skipped: (count: string) => string;
  readonly refused: (count: string) => string;
  readonly failed: (count: string) => string;
  readonly notTaken: (count: string) => string;
  readonly cleared: (count: string) => string;
  readonly since: (time: string) => string;
  readonly docking: string;
  readonly notRegistered: (serial: string) => string;
  readonly trouble: (dock: string, what: string, since: string) => string;
  readonly troubleNext: string;
  readonly ledgerAlarm: (what: string, since: string) => string;
  readonly staleTitle: string;
  readonly staleNext: string;
  readonly emptyTitle: string;
  readonly emptyNext: string;
}

export interface ClipsTexts {
  readonly title: string;
  readonly filters: string;
  readonly day: string;
  readonly kind: string;
  readonly anyKind: string;
  readonly search: string;
  readonly searchHint: string;
  readonly lacking: string;
  readonly anyLacking: string;
  readonly lackingOfficer: string;
  readonly lackingCase: string;
  readonly lackingFinding: string;
  readonly apply: string;
  readonly reset: string;
  readonly counted: (from: string, to: string, total: string) => string;
  readonly preview: string;
  readonly recordedAt: string;
  readonly collectedAt: string;
  readonly officer: string;
  readonly case: string;
  readonly file: string;
  readonly kindAndLength: string;
  readonly size: string;
  readonly findings: string;
  readonly important: string;
  readonly timeUnknown: string;
  readonly timeDoubtful: string;
  readonly noOfficer: string;
  readonly noCase: string;
  readonly notInRoster: string;
  readonly notInCaseList: string;
  readonly noFindings: string;
  readonly pages: string;
  readonly previous: string;
  readonly next: string;
  readonly page: (page: string) => string;
  readonly noneTitle: string;
  readonly noneNext: string;
  readonly noMatchTitle: string;
  readonly noMatchNext: string;
  readonly pastEndTitle: string;
  readonly pastEndNext: (pages: string) => string;
  readonly ignoredFilter: (name: string) => string;
}

export interface ClipTexts {
  readonly title: (name: string) => string;
  readonly back: string;
  readonly player: string;
  readonly posterOf: (name: string) => string;
  readonly previewNote: string;
  readonly previewWaiting: string;
  readonly previewNone: string;
  readonly previewFailed: string;
  readonly withheld: { readonly damaged: string; readonly restricted: string };
  readonly originalUntouched: string;
  readonly about: string;
  readonly recorder: string;
  readonly length: string;
  readonly path: string;
  readonly clipId: string;
  readonly digests: string;
  readonly digestsNote: string;
  readonly findings: string;
  readonly noFindings: string;
  readonly origin: string;
  readonly docking: string;
  readonly dockingKind: string;
  readonly dockingStarted: string;
  readonly dockingState: string;
  readonly copyConfirmed: string;
  readonly legalNote: string;
  readonly facts: string;
  readonly factsNone: string;
  readonly factsNote: string;
  readonly custody: string;
  readonly custodyNote: string;
  readonly seq: string;
  readonly time: string;
  readonly what: string;
  readonly actor: string;
  readonly unnamed: string;
}

export interface CoverageTexts {
  readonly title: string;
  readonly profile: string;
  readonly asOf: string;
  readonly unit: string;
  readonly allUnits: string;
  readonly show: string;
  readonly asOfDay: (day: string) => string;
  readonly population: string;
  readonly covered: string;
  readonly gap: string;
  readonly rate: string;
  readonly people: (count: string) => string;
  readonly personalOnly: string;
  readonly includingShared: string;
  readonly reported: string;
  readonly notReported: string;
  readonly way: string;
  readonly rateNone: string;
  readonly deadline: string;
  readonly daysLeft: (days: string) => string;
  readonly lastDay: string;
  readonly daysOver: (days: string) => string;
  readonly complete: string;
  readonly clause: string;
  readonly reasons: string;
  readonly reason: string;
  readonly next: string;
  readonly count: string;
  readonly units: string;
  readonly gaps: string;
  readonly certificateNo: string;
  readonly name: string;
  readonly noGapsTitle: string;
  readonly noGapsNext: string;
  readonly noRosterTitle: string;
  readonly noRosterNext: string;
  readonly beforeFirst: string;
  readonly unmappedPosts: (posts: string) => string;
  readonly csv: string;
  readonly json: string;
  readonly print: string;
  readonly recorder: (serial: string) => string;
  readonly heldBy: (number: string) => string;
  readonly startsOn: (day: string) => string;
  readonly notRegistered: (serial: string) => string;
  readonly printedAt: (station: string, time: string) => string;
}

export interface TroubleTexts {
  readonly notFoundTitle: string;
  readonly notFoundNext: string;
  readonly failedTitle: string;
  readonly failedNext: string;
  readonly refusedTitle: string;
  readonly code: string;
  readonly request: string;
  readonly toWall: string;
  readonly toClips: string;
}

const zh: PageTexts = {
  htmlLang: 'zh-CN',
  otherLanguage: 'English',
  shell: {
    product: '执法记录仪采集站',
    skip: '跳到正文',
    mainMenu: '主菜单',
    wall: '采集口',
    dockings: '接入记录',
    clips: '视音频文件',
    recorders: '记录仪',
    coverage: '配置率',
    keeping: '保管',
    audit: '核验',
    demo: '演示：记录仪、人员和画面均为模拟，不是真实执法数据。',
    memoryTitle: '证据库位于内存文件系统：断电即全部丢失，回读不能证明数据已写入磁盘。',
    memoryNext: '请勿用于真实采集；把数据目录移到本地磁盘后重新启动。',
    state: '采集站状态',
    diskFree: (free, total) => `剩余 ${free} / 共 ${total}`,
    disk: '磁盘',
    diskLow: (disk) => `空间不足：${disk}`,
    clipsCount: '已固定文件',
    records: '存证记录',
    previewsWaiting: '待制作预览',
    readBack: '回读方式',
    mirrors: '镜像',
    mirrorsNone: '无',
    mirrorsAway: (away, all) => `${all} 个中有 ${away} 个离线`,
    notKnown: '未知',
    none: '无',
  },
  wall: {
    title: '采集口',
    slot: (slot) => `采集口 ${slot}`,
    summary: '汇总',
    mayPullCount: '可以拔出',
    doNotPullCount: '请勿拔出',
    attentionCount: '需要处理',
    freeCount: '空闲',
    mayPull: '可以拔出',
    doNotPull: '请勿拔出',
    mayRemoveFolder: '可以移走',
    doNotTouchFolder: '请勿改动',
    plugIn: '请插入记录仪',
    plugInAgain: '请重新插入',
    noHolder: '未配发到人',
    serialUnknown: '编号未知',
    files: (done, all) => `${done} / ${all} 个文件`,
    left: (time) => `还需 ${time}`,
    leftUnknown: '正在估算时间',
    progress: '采集进度',
    stopping: '正在停止',
    notCleared: '未能清空',
    urgent: '紧急取用',
    urgentAsk: '停止采集并尽快放开记录仪？未采集的文件下次接入时继续。',
    urgentConfirm: '确认取用',
    urgentCancel: '取消',
    urgentRefused: '未能提出紧急取用，请看采集口状态后再试。',
    sealed: (count) => `已固定 ${count}`,
    held: (count) => `已在库 ${count}`,
    skipped: (count) => `按规则跳过 ${count}`,
    refused: (count) => `不采集 ${count}`,
    failed: (count) => `失败 ${count}`,
    notTaken: (count) => `${count} 个文件未采集，下次接入时继续`,
    cleared: (count) => `已清空 ${count}`,
    since: (time) => `${time} 起`,
    docking: '详情与回执',
    notRegistered: (serial) => `未登记，须运行 evidock recorders add ${serial}`,
    trouble: (dock, what, since) => `${dock}（${since} 起）：${what}`,
    troubleNext: '恢复之前，下面显示的可能不是当前状态。',
    ledgerAlarm: (what, since) => `停止采集（${since} 起）：${what}管理员核实确认之前，本站不采集任何记录仪。`,
    staleTitle: '画面已停止更新，以下内容可能不是当前状态',
    staleNext: '请勿拔出任何记录仪；正在重新连接采集站，若一分钟内不恢复，请联系管理员。',
    emptyTitle: '还没有采集口',
    emptyNext: '把记录仪插入采集站，或把存储卡内容复制到导入目录，这里会自动显示。',
  },
  clips: {
    title: '视音频文件',
    filters: '筛选',
    day: '录制日期',
    kind: '类型',
    anyKind: '全部类型',
    search: '查找',
    searchHint: '文件名、记录仪、人员或案号',
    lacking: '待处理',
    anyLacking: '不限',
    lackingOfficer: '未关联执法人员',
    lackingCase: '未关联案件',
    lackingFinding: '有异常（最新 20000 个内）',
    apply: '筛选',
    reset: '清除条件',
    counted: (from, to, total) => `第 ${from}–${to} 个，共 ${total} 个`,
    preview: '预览',
    recordedAt: '录制时间',
    collectedAt: '采集时间',
    officer: '执法人员',
    case: '案件',
    file: '文件',
    kindAndLength: '类型',
    size: '大小',
    findings: '异常',
    important: '重要',
    timeUnknown: '文件名未载明',
    timeDoubtful: '存疑',
    noOfficer: '未关联',
    noCase: '未关联',
    notInRoster: '不在名册',
    notInCaseList: '不在案件表',
    noFindings: '无异常',
    pages: '分页',
    previous: '上一页',
    next: '下一页',
    page: (page) => `第 ${page} 页`,
    noneTitle: '还没有已固定的视音频文件',
    noneNext: '把记录仪插入采集口，采集完成后文件会列在这里。',
    noMatchTitle: '没有符合条件的文件',
    noMatchNext: '放宽条件，或清除全部条件后再看。',
    pastEndTitle: '没有这一页',
    pastEndNext: (pages) => `符合条件的文件共 ${pages} 页，请从最后一页看起。`,
    ignoredFilter: (name) => `条件“${name}”的值无法识别，已忽略。`,
  },
  clip: {
    title: (name) => `文件 ${name}`,
    back: '返回文件列表',
    player: '播放预览',
    posterOf: (name) => `${name} 的预览画面`,
    previewNote: '此处播放的是预览，不是证据；原始数据未经改动，保存在证据库中。',
    previewWaiting: '预览正在排队制作，采集优先。稍后刷新本页。',
    previewNone: '这类文件没有预览。',
    previewFailed: '无法制作预览',
    withheld: {
      damaged: '原始数据已损坏，不提供播放和导出；请由镜像修复（evidock scrub --repair）。',
      restricted: '限制处理：只保存，不展示、不播放、不导出。',
    },
    originalUntouched: '原始数据不受影响，已完整固定。',
    about: '基本情况',
    recorder: '记录仪',
    length: '时长',
    path: '记录仪上的路径',
    clipId: '文件标识',
    digests: '完整性校验值',
    digestsNote: '对原始数据计算。复制时得到不含空格的连续字符，可用任何第三方工具复核。',
    findings: '异常',
    noFindings: '固定和探测时未发现异常。',
    origin: '来源',
    docking: '接入',
    dockingKind: '接入方式',
    dockingStarted: '接入时间',
    dockingState: '接入结果',
    copyConfirmed: '副本确认方式',
    legalNote: '法律意义上，证据库中的数据是复制件，原始载体是记录仪的存储卡。',
    facts: '内容探测',
    factsNone: '尚未探测内容。',
    factsNote: '只依据文件内容得出；容器自带的时间仅是其自称，未经采信。',
    custody: '保管链',
    custodyNote: '与该文件有关的全部存证记录，含其接入，最早的在前。',
    seq: '序号',
    time: '时间',
    what: '事项',
    actor: '操作者',
    unnamed: '（未命名）',
  },
  coverage: {
    title: '执法记录仪配置率',
    profile: '统计口径',
    asOf: '统计日期',
    unit: '单位',
    allUnits: '全部单位',
    show: '查看',
    asOfDay: (day) => `截至 ${day}`,
    population: '应配人数',
    covered: '已配人数',
    gap: '尚缺人数',
    rate: '配置率',
    people: (count) => `${count} 人`,
    personalOnly: '专人专配',
    includingShared: '含公用',
    reported: '上报口径',
    notReported: '仅供参考',
    way: '统计方式',
    rateNone: '无应配人员',
    deadline: '完成期限',
    daysLeft: (days) => `还剩 ${days} 天`,
    lastDay: '今天是最后一天',
    daysOver: (days) => `已逾期 ${days} 天`,
    complete: '已全部配齐',
    clause: '依据条款',
    reasons: '缺口原因',
    reason: '原因',
    next: '怎么补上',
    count: '人数',
    units: '各单位',
    gaps: '尚缺人员名单',
    certificateNo: '执法证号',
    name: '姓名',
    noGapsTitle: '没有缺口',
    noGapsNext: '按此口径，应配人员当日都有记录仪。',
    noRosterTitle: '还没有人员名册',
    noRosterNext: '先导入名册、记录仪和配发表：scripts/evidock roster import 文件，再看配置率。',
    beforeFirst: '该日期早于第一次导入名册，以下按第一次导入的名册统计。',
    unmappedPosts: (posts) => `以下岗位不在对照表中，暂按一线统计：${posts}`,
    csv: '导出表格（CSV）',
    json: '数据（JSON）',
    print: '打印本页可得书面报告。',
    recorder: (serial) => `记录仪 ${serial}`,
    heldBy: (number) => `现由 ${number} 持有`,
    startsOn: (day) => `自 ${day} 起配发`,
    notRegistered: (serial) => `记录仪 ${serial} 未登记`,
    printedAt: (station, time) => `${station} · 生成于 ${time}`,
  },
  trouble: {
    notFoundTitle: '没有这个页面',
    notFoundNext: '地址可能有误，或文件标识不属于本采集站。请从下面的入口重新进入。',
    failedTitle: '页面暂时无法显示',
    failedNext: '采集不受影响，记录仪仍在正常采集。请稍后刷新；反复出现时，把下面的编号告诉管理员。',
    refusedTitle: '这个请求不能执行',
    code: '代码',
    request: '编号',
    toWall: '查看采集口',
    toClips: '查看视音频文件',
  },
};

const en: PageTexts = {
  htmlLang: 'en',
  otherLanguage: '中文',
  shell: {
    product: 'Recorder docking station',
    skip: 'Skip to content',
    mainMenu: 'Main menu',
    wall: 'Slots',
    dockings: 'Dockings',
    clips: 'Clips',
    recorders: 'Recorders',
    coverage: 'Coverage',
    keeping: 'Keeping',
    audit: 'Audit',
    demo: 'Demo: recorders, people and footage are simulated. None of this is real enforcement data.',
    memoryTitle:
      'The vault lies in a memory file system: a power cut loses all of it, and reading back proves nothing about a disk.',
    memoryNext: 'Do not use it for real footage; move the data folder to a local disk and start again.',
    state: 'Station status',
    diskFree: (free, total) => `${free} free of ${total}`,
    disk: 'Disk',
    diskLow: (disk) => `nearly full: ${disk}`,
    clipsCount: 'Sealed clips',
    records: 'Ledger records',
    previewsWaiting: 'Previews waiting',
    readBack: 'Read back',
    mirrors: 'Mirrors',
    mirrorsNone: 'none',
    mirrorsAway: (away, all) => `${away} of ${all} away`,
    notKnown: 'not known',
    none: 'none',
  },
  wall: {
    title: 'Slots',
    slot: (slot) => `Slot ${slot}`,
    summary: 'Summary',
    mayPullCount: 'may be pulled out',
    doNotPullCount: 'do not pull out',
    attentionCount: 'need attention',
    freeCount: 'free',
    mayPull: 'May be pulled out',
    doNotPull: 'Do not pull out',
    mayRemoveFolder: 'May be removed',
    doNotTouchFolder: 'Do not change',
    plugIn: 'Plug in a recorder',
    plugInAgain: 'Plug in again',
    noHolder: 'Assigned to nobody',
    serialUnknown: 'Serial not known',
    files: (done, all) => `${done} / ${all} files`,
    left: (time) => `${time} left`,
    leftUnknown: 'estimating time',
    progress: 'Progress',
    stopping: 'Stopping',
    notCleared: 'Not cleared',
    urgent: 'Urgent',
    urgentAsk: 'Stop and let the recorder go? What is not taken follows at the next docking.',
    urgentConfirm: 'Yes, stop now',
    urgentCancel: 'Cancel',
    urgentRefused: 'It could not be asked for; look at the slot and try again.',
    sealed: (count) => `${count} sealed`,
    held: (count) => `${count} already held`,
    skipped: (count) => `${count} skipped by rule`,
    refused: (count) => `${count} refused`,
    failed: (count) => `${count} failed`,
    notTaken: (count) => `${count} files not taken, they follow at the next docking`,
    cleared: (count) => `${count} cleared`,
    since: (time) => `since ${time}`,
    docking: 'Details and receipt',
    notRegistered: (serial) => `Not registered: have "evidock recorders add ${serial}" run`,
    trouble: (dock, what, since) => `${dock} (since ${since}): ${what}`,
    troubleNext: 'Until it is back, what is shown below may be old.',
    ledgerAlarm: (what, since) =>
      `Nothing is taken in (since ${since}): ${what} An administrator must look into it and acknowledge it first.`,
    staleTitle: 'This display has stopped updating; what it shows may be out of date',
    staleNext:
      'Do not pull out any recorder. Reconnecting to the station; if it takes over a minute, call the administrator.',
    emptyTitle: 'No slots yet',
    emptyNext: 'Plug a recorder into the station, or copy a card into the import folder. It appears here by itself.',
  },
  clips: {
    title: 'Clips',
    filters: 'Filters',
    day: 'Recorded on',
    kind: 'Kind',
    anyKind: 'All kinds',
    search: 'Search',
    searchHint: 'File, recorder, officer or case',
    lacking: 'To do',
    anyLacking: 'Everything',
    lackingOfficer: 'Without an officer',
    lackingCase: 'Without a case',
    lackingFinding: 'With findings (of the newest 20,000)',
    apply: 'Filter',
    reset: 'Clear filters',
    counted: (from, to, total) => `${from}–${to} of ${total}`,
    preview: 'Preview',
    recordedAt: 'Recorded',
    collectedAt: 'Collected',
    officer: 'Officer',
    case: 'Case',
    file: 'File',
    kindAndLength: 'Kind',
    size: 'Size',
    findings: 'Findings',
    important: 'Important',
    timeUnknown: 'not in the file name',
    timeDoubtful: 'doubtful',
    noOfficer: 'not linked',
    noCase: 'not linked',
    notInRoster: 'not in the roster',
    notInCaseList: 'not in the case list',
    noFindings: 'none',
    pages: 'Pages',
    previous: 'Previous',
    next: 'Next',
    page: (page) => `Page ${page}`,
    noneTitle: 'No clip has been sealed yet',
    noneNext: 'Plug a recorder into a slot; its clips are listed here once they are sealed.',
    noMatchTitle: 'No clip matches',
    noMatchNext: 'Widen the filters, or clear them all.',
    pastEndTitle: 'There is no such page',
    pastEndNext: (pages) => `The clips that match fill ${pages} pages; start from the last one.`,
    ignoredFilter: (name) => `The value of "${name}" is not understood and was ignored.`,
  },
  clip: {
    title: (name) => `Clip ${name}`,
    back: 'Back to the clips',
    player: 'Watch the preview',
    posterOf: (name) => `A frame of ${name}`,
    previewNote: 'What plays here is a preview, not evidence. The original lies unaltered in the vault.',
    previewWaiting: 'The preview waits its turn; collecting comes first. Reload this page in a while.',
    previewNone: 'There is no preview for this kind of file.',
    previewFailed: 'No preview could be made',
    withheld: {
      damaged:
        'The original is damaged: it is neither played nor exported until it is put back (evidock scrub --repair).',
      restricted: 'Restricted: it is kept, and neither shown nor played nor exported.',
    },
    originalUntouched: 'The original is not affected: it is sealed in full.',
    about: 'About this clip',
    recorder: 'Recorder',
    length: 'Length',
    path: 'Path on the recorder',
    clipId: 'Clip id',
    digests: 'Integrity check values',
    digestsNote: 'Computed over the original. Copying gives one unbroken string; any other tool can check it.',
    findings: 'Findings',
    noFindings: 'Sealing and probing found nothing wrong.',
    origin: 'Where it came from',
    docking: 'Docking',
    dockingKind: 'Kind of docking',
    dockingStarted: 'Docked',
    dockingState: 'Outcome',
    copyConfirmed: 'Copy confirmed by',
    legalNote: "In law the bytes in the vault are a copy; the original medium is the recorder's card.",
    facts: 'What the content shows',
    factsNone: 'The content has not been probed yet.',
    factsNote: 'Read from the content alone; a time that the container states is its own claim and is not relied on.',
    custody: 'Custody history',
    custodyNote: 'Every ledger record about this clip and its docking, oldest first.',
    seq: 'No.',
    time: 'Time',
    what: 'What happened',
    actor: 'By',
    unnamed: '(unnamed)',
  },
  coverage: {
    title: 'Recorder coverage',
    profile: 'Profile',
    asOf: 'As of',
    unit: 'Unit',
    allUnits: 'All units',
    show: 'Show',
    asOfDay: (day) => `as of ${day}`,
    population: 'Must have one',
    covered: 'Have one',
    gap: 'Still without',
    rate: 'Coverage',
    people: (count) => `${count}`,
    personalOnly: 'Personal recorders only',
    includingShared: 'Including shared',
    reported: 'reported',
    notReported: 'for comparison',
    way: 'How it is counted',
    rateNone: 'nobody must have one',
    deadline: 'Deadline',
    daysLeft: (days) => `${days} days left`,
    lastDay: 'last day',
    daysOver: (days) => `${days} days overdue`,
    complete: 'Complete',
    clause: 'Clause',
    reasons: 'Why they are without',
    reason: 'Reason',
    next: 'What closes the gap',
    count: 'Officers',
    units: 'By unit',
    gaps: 'Officers still without a recorder',
    certificateNo: 'Certificate',
    name: 'Name',
    noGapsTitle: 'No gaps',
    noGapsNext: 'Under this profile, everyone who must have a recorder had one that day.',
    noRosterTitle: 'No roster yet',
    noRosterNext: 'Import roster, recorders and assignments first: scripts/evidock roster import FILE.',
    beforeFirst: 'This day lies before the first roster import; the first roster is counted instead.',
    unmappedPosts: (posts) => `These posts are not in the table and count as front-line for now: ${posts}`,
    csv: 'Spreadsheet (CSV)',
    json: 'Data (JSON)',
    print: 'Print this page for a written report.',
    recorder: (serial) => `recorder ${serial}`,
    heldBy: (number) => `held by ${number}`,
    startsOn: (day) => `assigned from ${day}`,
    notRegistered: (serial) => `recorder ${serial} is not registered`,
    printedAt: (station, time) => `${station} · made ${time}`,
  },
  trouble: {
    notFoundTitle: 'There is no such page',
    notFoundNext: 'The address may be wrong, or the clip is not one of this station. Start again from here.',
    failedTitle: 'This page cannot be shown right now',
    failedNext:
      'Collecting is not affected. Reload in a moment; if it happens again, give the administrator the number below.',
    refusedTitle: 'This request cannot be carried out',
    code: 'Code',
    request: 'Number',
    toWall: 'See the slots',
    toClips: 'See the clips',
  },
};

export const pageTexts: { readonly [L in Language]: PageTexts } = { zh, en };
