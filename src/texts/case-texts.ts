/**
 * What cases, the self-check and legal clocks say to people, in both languages. The self-check only ever says grounded,
 * doubtful or still to be checked: whether evidence may be used is for the court.
 */

import type { ActState, BreakKind } from '../domain/act-recordings.ts';
import type { ReviewAnswer } from '../domain/case-facts.ts';
import type { LegalClockKind, LegalClockState } from '../domain/legal-clocks.ts';
import type { CheckReason, CheckReasonCode, CheckState, Quality } from '../domain/self-check-policy.ts';
import type { Language } from './cli-texts.ts';
import { type Both, both, type Words } from './code-text.ts';
import { codeWord } from './code-texts.ts';

type Values = CheckReason['values'];
type Sentence = (values: Values) => string;
type Sentences = { readonly [C in CheckReasonCode]: { readonly [L in Language]: string | Sentence } };

export const checkStateWords: Words<CheckState> = {
  grounded: both('有依据', 'grounded'),
  doubtful: both('存疑', 'doubtful'),
  pending: both('待核', 'to be checked'),
};

export const qualityWords: Words<Quality> = {
  objective: both('客观性', 'Objective'),
  relevant: both('关联性', 'Relevant'),
  lawful: both('取证程序', 'Procedure'),
};

const standings: { readonly [kind: string]: Both<string> } = {
  suspended: both('暂扣', 'suspended'),
  withdrawn: both('收回', 'withdrawn'),
  cancelled: both('注销', 'cancelled'),
  expired: both('过期', 'expired'),
  left: both('离岗', 'left the team'),
  'not-yet-issued': both('尚未发证', 'not yet issued'),
  replaced: both('已换证', 'replaced'),
  valid: both('有效', 'valid'),
};

const standing = (kind: string | undefined, language: Language): string =>
  standings[kind ?? '']?.[language] ?? kind ?? '';

const lapseZh: Sentence = ({ certificateNo, day, standing: kind, since, until }) => {
  const status = standing(kind, 'zh');
  if (kind === 'expired') return `执法证 ${certificateNo} 的有效期至 ${since}，录制日 ${day} 已${status}`;
  if (kind === 'not-yet-issued') return `执法证 ${certificateNo} 于 ${since} 发证，录制日 ${day} ${status}`;
  const from = since ? `自 ${since} 起${status}` : status;
  return `执法证 ${certificateNo} ${from}${until ? `至 ${until}` : ''}，录制日 ${day} 处于该状态`;
};
const lapseEn: Sentence = ({ certificateNo, day, standing: kind, since, until }) => {
  const status = standing(kind, 'en');
  if (kind === 'expired') return `certificate ${certificateNo} was valid until ${since}; recorded on ${day}`;
  if (kind === 'not-yet-issued') return `certificate ${certificateNo} was issued on ${since}; recorded on ${day}`;
  const from = since ? ` from ${since}` : '';
  return `certificate ${certificateNo}: ${status}${from}${until ? ` until ${until}` : ''}; recorded on ${day}`;
};

const basis = (code: string | undefined, language: Language): string => codeWord('linkBasis', code ?? '', language);

const clockZh = (time: string | undefined): string => (time === 'corrected' ? '校正时间' : '记录仪时间，时钟误差未知');
const clockEn = (time: string | undefined): string =>
  time === 'corrected' ? 'corrected time' : "the recorder's own time, whose error is not known";

const reasonSentences: Sentences = {
  fixed: { zh: ({ on }) => `${on} 已固定，副本经回读一致`, en: ({ on }) => `sealed on ${on}, read back and equal` },
  'fixed-unproved': {
    zh: '已固定，但证据库不在磁盘上，回读不足以证明',
    en: 'sealed, but the vault is not on a disk, so reading back proves little',
  },
  unaltered: {
    zh: ({ on }) => `完整性校验值一致，最近读取于 ${on}`,
    en: ({ on }) => `its check value agrees; last read on ${on}`,
  },
  'original-damaged': { zh: '原始数据与固定时不一致', en: 'the original is not what was sealed' },
  'content-incomplete': {
    zh: ({ findings }) => `文件内容不完整（${findings}）`,
    en: ({ findings }) => `the content is incomplete (${findings})`,
  },
  'clock-known': {
    zh: ({ offsetSeconds, boundSeconds }) => `时钟误差已测量：${offsetSeconds} 秒 ± ${boundSeconds} 秒`,
    en: ({ offsetSeconds, boundSeconds }) => `clock error measured: ${offsetSeconds} s ± ${boundSeconds} s`,
  },
  'clock-unknown': { zh: '记录仪时钟误差未知', en: "the error of the recorder's clock is not known" },
  'clock-contradicted': {
    zh: ({ findings }) => `记录仪时间自相矛盾或不合理（${findings}）`,
    en: ({ findings }) => `the recorder's time contradicts itself or is absurd (${findings})`,
  },
  'recorded-by-doubtful': {
    zh: '文件名、配发、领用或认领所指的人员不一致，由谁录制存疑',
    en: 'name, assignment, check-out or claim name different officers: who recorded it is doubtful',
  },
  linked: {
    zh: ({ number, basis: by }) => `关联到案件 ${number}，依据：${basis(by, 'zh')}`,
    en: ({ number, basis: by }) => `linked to case ${number}: ${basis(by, 'en')}`,
  },
  'no-case': { zh: '尚未关联案件', en: 'not linked to a case' },
  'case-unknown': {
    zh: ({ number }) => `案件 ${number} 不在案件库中`,
    en: ({ number }) => `the list of cases has no ${number}`,
  },
  'case-differs-from-name': {
    zh: ({ number }) => `文件名中是另一案号，人工关联为 ${number}`,
    en: ({ number }) => `the file name has another case than ${number}`,
  },
  'inside-case': { zh: '录制时间在案件起止时间之内', en: "recorded within the case's span" },
  'outside-case': { zh: '录制时间不在案件起止时间之内', en: "recorded outside the case's span" },
  'case-span-unsure': {
    zh: '不能确定录制时间是否在案件起止时间之内',
    en: "whether it was recorded within the case's span cannot be told",
  },
  'officer-not-on-case': {
    zh: '录制人员不在本案执法人员名单中',
    en: 'whoever recorded it is not among the officers of the case',
  },
  'certificate-valid': {
    zh: ({ certificateNo, day, time }) => `执法证 ${certificateNo} 在录制日 ${day} 有效（${clockZh(time)}）`,
    en: ({ certificateNo, day, time }) => `certificate ${certificateNo} was valid on ${day} (${clockEn(time)})`,
  },
  'certificate-lapsed': { zh: lapseZh, en: lapseEn },
  'certificate-open': {
    zh: ({ certificateNo, after, before, was, becomes }) =>
      `名册未写明起始日期：执法证 ${certificateNo} 在 ${after} 为${standing(was, 'zh')}，${before} 为${standing(becomes, 'zh')}，其间不能确定`,
    en: ({ certificateNo, after, before, was, becomes }) =>
      `the rosters do not say since when: certificate ${certificateNo} was ${standing(was, 'en')} on ${after} and ${standing(becomes, 'en')} on ${before}`,
  },
  'certificate-unknown': {
    zh: ({ certificateNo, day }) => `名册不能说明执法证 ${certificateNo} 在 ${day} 的状态`,
    en: ({ certificateNo, day }) => `no roster says what certificate ${certificateNo} was on ${day}`,
  },
  'certificate-day-unsure': {
    zh: (values) => `时钟误差使录制日不能确定，其中有的日子存疑：${lapseZh(values)}`,
    en: (values) => `the clock error leaves the day open, and on one of them: ${lapseEn(values)}`,
  },
  'no-officer': { zh: '不知由谁录制', en: 'nobody knows who recorded it' },
  'no-recording-day': { zh: '不知录制于哪一天', en: 'nobody knows on which day it was recorded' },
  'two-officers': {
    zh: ({ sure }) => `本案有 ${sure} 名执法人员当日持有有效证件`,
    en: ({ sure }) => `${sure} officers of the case were certified that day`,
  },
  'fewer-than-two': {
    zh: ({ sure, named }) => `本案登记 ${named} 名执法人员，当日持有有效证件的不足两名（${sure} 名）`,
    en: ({ sure, named }) => `of ${named} officers of the case fewer than two were certified that day (${sure})`,
  },
  'two-officers-unsure': {
    zh: ({ sure }) => `不能确定当日持证执法人员是否不少于两名（已确定 ${sure} 名）`,
    en: ({ sure }) => `whether two officers were certified that day cannot be told (${sure} for sure)`,
  },
  'before-decision': {
    zh: ({ local }) => `录制于作出决定（${local}）之前`,
    en: ({ local }) => `recorded before the decision (${local})`,
  },
  'after-decision': {
    zh: ({ local }) => `录制于作出决定（${local}）之后`,
    en: ({ local }) => `recorded after the decision (${local})`,
  },
  'decision-unsure': {
    zh: ({ local }) => (local ? `不能确定录制是否早于决定（${local}）` : '没有案件，不能核对决定时间'),
    en: ({ local }) =>
      local
        ? `whether it is from before the decision (${local}) cannot be told`
        : 'without a case there is no decision',
  },
  'no-decision': { zh: '本案尚未作出决定', en: 'the case is not decided yet' },
  'decision-date-missing': { zh: '案件已结，但没有决定时间', en: 'the case is closed, but has no time of decision' },
  'shows-later-act': {
    zh: ({ local }) => `录制于决定（${local}）之后，内容为送达或执行`,
    en: ({ local }) => `from after the decision (${local}): it shows service or enforcement`,
  },
  announced: {
    zh: ({ by, on }) => `已告知录音录像（${by} 于 ${on} 勾选）`,
    en: ({ by, on }) => `the recording was announced (ticked by ${by} on ${on})`,
  },
  'not-announced': {
    zh: ({ by, on }) => `未告知录音录像（${by} 于 ${on} 勾选）`,
    en: ({ by, on }) => `the recording was not announced (ticked by ${by} on ${on})`,
  },
  'announcement-open': { zh: '是否告知录音录像，尚无人勾选', en: 'nobody has ticked whether it was announced' },
};

export function reasonSentence({ code, values }: CheckReason, language: Language): string {
  const sentence = reasonSentences[code][language];
  return typeof sentence === 'string' ? sentence : sentence(values);
}

export const actStateWords: Words<ActState> = {
  recorded: both('有录制', 'recorded'),
  perhaps: both('可能有录制', 'perhaps recorded'),
  'not-recorded': both('无录制', 'not recorded'),
  'not-dated': both('没有时间，不能对应', 'no time given'),
  paper: both('仅有文书', 'paper only'),
};

export const breakWords: Words<BreakKind> = {
  pause: both('中断', 'break'),
  'begins-late': both('开始后才录制', 'recorded only after it began'),
  'ends-early': both('结束前停止录制', 'recording ended before it did'),
};

export const answerWords: Words<ReviewAnswer> = {
  yes: both('是', 'yes'),
  no: both('否', 'no'),
  unclear: both('看不清', 'cannot be told'),
};

export const clockWords: Words<LegalClockKind> = {
  'evidence-registration': both('先行登记保存', 'Registered evidence'),
  seizure: both('查封扣押', 'Sealing or seizure'),
  reconsideration: both('行政复议答复', 'Answer in reconsideration'),
  litigation: both('行政诉讼答辩', 'Answer in litigation'),
};

export const clockStateWords: Words<LegalClockState> = {
  running: both('进行中', 'running'),
  'due-soon': both('即将到期', 'due soon'),
  'due-today': both('今天到期', 'due today'),
  overdue: both('已超期', 'overdue'),
  ended: both('已处理', 'dealt with'),
  'ended-late': both('超期处理', 'dealt with too late'),
};

export interface CaseTexts {
  readonly menu: string;
  readonly title: string;
  readonly caseTitle: (number: string) => string;
  readonly number: string;
  readonly kind: string;
  readonly unit: string;
  readonly status: string;
  readonly started: string;
  readonly ended: string;
  readonly decided: string;
  readonly closedOn: string;
  readonly officers: string;
  readonly party: string;
  readonly plate: string;
  readonly place: string;
  readonly coordinates: string;
  readonly externalKey: string;
  readonly formerNumbers: string;
  readonly procedure: string;
  readonly procedureAssumed: string;
  readonly facts: string;
  readonly clips: string;
  readonly clipsNone: string;
  readonly clip: string;
  readonly recorded: string;
  readonly recordedBy: string;
  readonly length: string;
  readonly timeRaw: string;
  readonly timeUnknown: string;
  readonly notRecorded: string;
  readonly breaks: string;
  readonly clock: string;
  readonly clocks: string;
  readonly clocksNone: string;
  readonly clockEnds: (day: string) => string;
  readonly daysLeft: (days: number, counts: 'working' | 'calendar') => string;
  readonly daysOver: (days: number, counts: 'working' | 'calendar') => string;
  readonly extended: string;
  readonly calendarUnknown: (years: string) => string;
  readonly shownBy: string;
  readonly notShown: string;
  readonly timeline: string;
  readonly timelineNote: string;
  readonly timelineEmpty: string;
  readonly day: string;
  readonly check: string;
  readonly checkNote: string;
  readonly reason: string;
  readonly clause: string;
  readonly checkedClips: (grounded: number, doubtful: number, pending: number) => string;
  readonly acts: string;
  readonly actsNote: string;
  readonly act: string;
  readonly stage: string;
  readonly state: string;
  readonly required: string;
  readonly when: string;
  readonly notDated: string;
  readonly breaksOf: string;
  readonly perhapsBreak: string;
  readonly note: string;
  readonly ticks: string;
  readonly tickedBy: (by: string, on: string) => string;
  readonly notTicked: string;
  readonly tick: string;
  readonly reviewer: string;
  readonly remark: string;
  readonly save: string;
  readonly reviews: string;
  readonly reviewsNone: string;
  readonly reviewSaved: string;
  readonly print: string;
  readonly search: string;
  readonly searchHint: string;
  readonly any: string;
  readonly open: string;
  readonly closed: string;
  readonly none: string;
  readonly noneNext: string;
  readonly noMatch: string;
  readonly counted: (shown: string, total: string) => string;
  readonly complaints: string;
  readonly complaintNumber: string;
  readonly channel: string;
  readonly received: string;
  readonly happened: string;
  readonly text: string;
  readonly complaintsNone: string;
  readonly complaintsNext: string;
  readonly back: string;
  readonly ofCase: string;
  readonly updated: (added: number, changed: number, unchanged: number) => string;
  readonly reviewed: (seq: number) => string;
}

const daysZh = (days: number, counts: 'working' | 'calendar'): string =>
  `${days} ${counts === 'working' ? '个工作日' : '天'}`;
const daysEn = (days: number, counts: 'working' | 'calendar'): string =>
  `${days} ${counts === 'working' ? 'working ' : ''}${days === 1 ? 'day' : 'days'}`;

export const caseTexts: { readonly [L in Language]: CaseTexts } = {
  zh: {
    menu: '案件',
    title: '案件',
    caseTitle: (number) => `案件 ${number}`,
    number: '案号',
    kind: '类型',
    unit: '单位',
    status: '状态',
    started: '开始',
    ended: '结束',
    decided: '决定时间',
    closedOn: '结案日期',
    officers: '执法人员',
    party: '当事人',
    plate: '车牌号',
    place: '地点',
    coordinates: '坐标（WGS 84）',
    externalKey: '系统编号',
    formerNumbers: '曾用案号',
    procedure: '程序',
    procedureAssumed: '案件类型不在清单中，按此程序对照',
    facts: '案件信息',
    clips: '视音频文件',
    clipsNone: '没有关联的视音频文件。',
    clip: '文件',
    recorded: '录制时间',
    recordedBy: '录制人员',
    length: '时长',
    timeRaw: '记录仪时间',
    timeUnknown: '时间不明',
    notRecorded: '无录制',
    breaks: '中断',
    clock: '期限',
    clocks: '法定期限',
    clocksNone: '没有正在计算的期限。',
    clockEnds: (day) => `至 ${day}`,
    daysLeft: (days, counts) => (days === 0 ? '今天到期' : `还有 ${daysZh(days, counts)}`),
    daysOver: (days, counts) => `超期 ${daysZh(days, counts)}`,
    extended: '已延长',
    calendarUnknown: (years) => `工作日历没有 ${years} 年，到期日仅按周末推算，请补充日历`,
    shownBy: '对应录像',
    notShown: '没有录像',
    timeline: '时间轴',
    timelineNote: '上方为执法行为，下方每行为一台记录仪；时间为校正后的采集站时间，没有文件的日子不画。',
    timelineEmpty: '没有已知时间的文件或行为。',
    day: '日期',
    check: '三性自查',
    checkNote: '仅为自查：有依据、存疑或待核，并列出理由。证据能否采用由人民法院认定。',
    reason: '理由',
    clause: '依据条款',
    checkedClips: (grounded, doubtful, pending) => `有依据 ${grounded}，存疑 ${doubtful}，待核 ${pending}`,
    acts: '应录制的执法行为',
    actsNote: '按清单对照：案件中有的行为，以及该程序必须有的行为。',
    act: '行为',
    stage: '阶段',
    state: '录制情况',
    required: '必须',
    when: '时间',
    notDated: '案件数据没有时间',
    breaksOf: '中断情况',
    perhapsBreak: '可能',
    note: '打印情况说明',
    ticks: '评查勾选',
    tickedBy: (by, on) => `${by} ${on}`,
    notTicked: '未勾选',
    tick: '勾选',
    reviewer: '评查人',
    remark: '备注',
    save: '保存',
    reviews: '评查记录',
    reviewsNone: '尚无评查记录。',
    reviewSaved: '已记入存证日志。',
    print: '打印本页用于案卷评查。',
    search: '查找',
    searchHint: '案号、当事人、车牌、单位、地点',
    any: '全部',
    open: '未结案',
    closed: '已结案',
    none: '还没有案件',
    noneNext: '用 evidock cases import 导入，或由执法系统通过接口更新。',
    noMatch: '没有符合条件的案件',
    counted: (shown, total) => `${shown} / ${total} 件`,
    complaints: '投诉举报',
    complaintNumber: '编号',
    channel: '渠道',
    received: '受理时间',
    happened: '发生时间',
    text: '内容',
    complaintsNone: '还没有投诉举报',
    complaintsNext: '用 evidock complaints import 导入。',
    back: '全部案件',
    ofCase: '所属案件',
    updated: (added, changed, unchanged) => `新增 ${added}，变更 ${changed}，未变 ${unchanged}。`,
    reviewed: (seq) => `已记入存证日志，第 ${seq} 条。`,
  },
  en: {
    menu: 'Cases',
    title: 'Cases',
    caseTitle: (number) => `Case ${number}`,
    number: 'Case number',
    kind: 'Kind',
    unit: 'Unit',
    status: 'Status',
    started: 'Started',
    ended: 'Ended',
    decided: 'Decided',
    closedOn: 'Closed on',
    officers: 'Officers',
    party: 'Party',
    plate: 'Plate',
    place: 'Place',
    coordinates: 'Coordinates (WGS 84)',
    externalKey: 'System key',
    formerNumbers: 'Former numbers',
    procedure: 'Procedure',
    procedureAssumed: 'the list does not know this kind of case; compared with this procedure',
    facts: 'The case',
    clips: 'Recordings',
    clipsNone: 'No recording is linked to it.',
    clip: 'File',
    recorded: 'Recorded',
    recordedBy: 'Recorded by',
    length: 'Length',
    timeRaw: "recorder's time",
    timeUnknown: 'time not known',
    notRecorded: 'Not recorded',
    breaks: 'Breaks',
    clock: 'Period',
    clocks: 'Legal periods',
    clocksNone: 'No period is running.',
    clockEnds: (day) => `until ${day}`,
    daysLeft: (days, counts) => (days === 0 ? 'due today' : `${daysEn(days, counts)} left`),
    daysOver: (days, counts) => `${daysEn(days, counts)} over`,
    extended: 'extended',
    calendarUnknown: (years) =>
      `the calendar of working days lacks ${years}: the last day counts weekends only; add the year`,
    shownBy: 'Shown by',
    notShown: 'no recording',
    timeline: 'Timeline',
    timelineNote:
      "Acts above, one line for each recorder below; corrected times by the station's clock. Days without anything are left out.",
    timelineEmpty: 'Nothing has a known time.',
    day: 'Day',
    check: 'Self-check of the three qualities',
    checkNote:
      'A self-check only: grounded, doubtful or to be checked, with reasons. Whether evidence may be used is for the court.',
    reason: 'Reason',
    clause: 'Clause',
    checkedClips: (grounded, doubtful, pending) =>
      `${grounded} grounded, ${doubtful} doubtful, ${pending} to be checked`,
    acts: 'Acts to record',
    actsNote: 'By the list: acts that the case had, and those that its procedure must have.',
    act: 'Act',
    stage: 'Stage',
    state: 'Recording',
    required: 'required',
    when: 'When',
    notDated: "no time in the case's data",
    breaksOf: 'Breaks',
    perhapsBreak: 'perhaps',
    note: 'Note to print',
    ticks: 'Review',
    tickedBy: (by, on) => `${by} ${on}`,
    notTicked: 'not ticked',
    tick: 'Tick',
    reviewer: 'Reviewer',
    remark: 'Remark',
    save: 'Save',
    reviews: 'Reviews',
    reviewsNone: 'Nobody has reviewed it.',
    reviewSaved: 'It stands in the ledger.',
    print: 'Print this page for the review of the case file.',
    search: 'Find',
    searchHint: 'number, party, plate, unit, place',
    any: 'All',
    open: 'Open',
    closed: 'Closed',
    none: 'No cases yet',
    noneNext: 'Import them with evidock cases import, or have the enforcement system send them.',
    noMatch: 'No case fits',
    counted: (shown, total) => `${shown} of ${total}`,
    complaints: 'Complaints',
    complaintNumber: 'Number',
    channel: 'Channel',
    received: 'Received',
    happened: 'Happened',
    text: 'Text',
    complaintsNone: 'No complaints yet',
    complaintsNext: 'Import them with evidock complaints import.',
    back: 'All cases',
    ofCase: 'Case',
    updated: (added, changed, unchanged) => `${added} new, ${changed} changed, ${unchanged} unchanged.`,
    reviewed: (seq) => `It stands in the ledger as record ${seq}.`,
  },
};
