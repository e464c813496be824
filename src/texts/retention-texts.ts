/** What keeping says to people: retention, marks, holds, deletion runs; on the command line and on pages. */

import type { ProposalReason } from '../domain/complaint-clips-policy.ts';
import type { StayReason } from '../domain/deletion-run-policy.ts';
import type { HoldKind } from '../domain/hold-policy.ts';
import type { CalendarSpan, RetentionPeriod } from '../domain/retention-period.ts';
import type { RetentionReason } from '../domain/retention-policy.ts';
import type { Language } from './cli-texts.ts';
import { type Both, both, type Words } from './code-text.ts';

export const holdKindTexts: Words<HoldKind> = {
  case: both('案件', 'Case'),
  complaint: both('投诉举报', 'Complaint'),
  review: both('行政复议', 'Administrative review'),
  litigation: both('行政诉讼', 'Administrative lawsuit'),
  discipline: both('纪检监察', 'Discipline inspection'),
  transfer: both('移送', 'Transfer'),
  other: both('其他', 'Other'),
};

export const stayReasonTexts: Words<StayReason | 'gone'> = {
  held: both('保全中', 'on hold'),
  restricted: both('限制处理中', 'restricted'),
  'not-over': both('另有更严的规则，保管期限未届满', 'a stricter rule keeps it; its time is not over'),
  'clock-absurd': both('记录仪时钟或文件名时间不可信', "the recorder's clock or the time in the name cannot be right"),
  'time-unknown': both('录制时间不明', 'nobody knows when it was recorded'),
  'no-officer': both('未确定执法人员', 'no officer'),
  'link-open': both('人员或案件关联存疑', 'its links are in question'),
  'certificate-open': both('当日执法证状态存疑', "the officer's certificate that day is in question"),
  'not-probed': both('内容尚未探测', 'nobody has looked into its content'),
  'original-damaged': both('原始数据损坏过', 'its original is or was damaged'),
  finding: both('文件有异常待核', 'it has findings'),
  gone: both('已不在库', 'it is not there any more'),
};

export const retentionReasonTexts: Words<RetentionReason> = {
  period: both('自固定之日起算', 'counted from the sealing, or from the mark'),
  permanent: both('永久保存', 'permanent'),
  'case-open': both('案件未结，随案保存', 'the case is open'),
  'case-unknown': both('案件不在案件表中，不自动届满', 'no case list has the case, so it has no end'),
  'case-file': both('与案卷同期保存，案卷期限未配置', 'as long as the case file, for which no time is configured'),
  'case-closed': both('自结案之日起算', 'counted from the closing of the case'),
};

export const runStateTexts: Words<'proposing' | 'proposed' | 'approved' | 'ended' | 'cancelled'> = {
  proposing: both('未提交完整', 'not proposed in whole'),
  proposed: both('待批准', 'waits for approval'),
  approved: both('已批准，执行中', 'approved, being carried out'),
  ended: both('已完成', 'ended'),
  cancelled: both('已取消', 'cancelled'),
};

export const proposalReasonTexts: Words<ProposalReason> = {
  case: both('同一案件', 'same case'),
  plate: both('同一车牌', 'same plate'),
  time: both('时间相合', 'time fits'),
  place: both('地点相近', 'near in place'),
  unit: both('同一单位', 'same unit'),
};

interface RetentionTexts {
  readonly never: string;
  readonly keptUntil: (day: string) => string;
  readonly over: (day: string) => string;
  readonly noRule: string;
  readonly rule: (title: string, id: string, clause: string) => string;
  readonly wins: string;
  readonly sealedOn: (day: string) => string;
  readonly deviceMark: string;
  readonly humanMark: string;
  readonly humanNotImportant: string;
  readonly category: (id: string) => string;
  readonly staysBecause: (words: string) => string;
  readonly mayGo: string;
  readonly marked: (clip: string) => string;
  readonly surveyed: (due: number, stays: number, asOf: string) => string;
  readonly listOnly: string;
  readonly runProposed: (run: string, clips: number) => string;
  readonly runProgress: (done: number, clips: number) => string;
  readonly runEnded: (run: string, deleted: number, kept: number) => string;
  readonly runStopped: (run: string, deleted: number, left: number) => string;
  readonly runCancelled: (run: string, deleted: number) => string;
  readonly noRuns: string;
  readonly run: (run: string, state: string, asOf: string, clips: number, deleted: number, kept: number) => string;
  readonly holdPlaced: (hold: string, kind: string, number: string) => string;
  readonly answerBy: (day: string, left: number) => string;
  readonly provisional: (years: string) => string;
  readonly caseNotKnown: (number: string) => string;
  readonly holdReleased: (hold: string, number: string) => string;
  readonly noHolds: string;
  readonly hold: (hold: string, kind: string, number: string, since: string) => string;
  readonly released: (by: string, day: string) => string;
  readonly holdCovers: (clips: number) => string;
  readonly nothingProposed: (complaint: string) => string;
  readonly proposed: (count: number) => string;
  readonly deletedClip: (clip: string, day: string) => string;
  readonly deletedBy: (rule: string, requestedBy: string, approvedBy: string) => string;
  readonly deletedOf: (deletion: string, sha256: string) => string;
}

export const retentionTexts: Both<RetentionTexts> = {
  zh: {
    never: '不届满',
    keptUntil: (day) => `保存至 ${day}（含当日）`,
    over: (day) => `已于 ${day} 届满`,
    noRule: '没有规则适用：一直保存。',
    rule: (title, id, clause) => `${title}（${id}${clause === '' ? '' : `，${clause}`}）`,
    wins: '适用本规则（最严）',
    sealedOn: (day) => `固定日期 ${day}`,
    deviceMark: '记录仪标记：重要',
    humanMark: '人工标记：重要',
    humanNotImportant: '人工标记：非重要',
    category: (id) => `人工分类：${id}`,
    staysBecause: (words) => `不因时间届满而删除：${words}`,
    mayGo: '期限届满，可列入删除批次（须另一人批准）。',
    marked: (clip) => `已标记 ${clip}。`,
    surveyed: (due, stays, asOf) => `截至 ${asOf}：可删除 ${due} 个；期限届满但须保留 ${stays} 个。`,
    listOnly: '仅列出，未登记批次。',
    runProposed: (run, clips) =>
      `已登记删除批次 ${run}（${clips} 个）。由另一人批准：evidock keeping approve ${run} --approved-by 姓名`,
    runProgress: (done, clips) => `已处理 ${done}/${clips}`,
    runEnded: (run, deleted, kept) => `批次 ${run} 完成：已删除 ${deleted}，保留 ${kept}。`,
    runStopped: (run, deleted, left) =>
      `批次 ${run} 已中止：已删除 ${deleted}，剩余 ${left}；继续：evidock keeping resume ${run}`,
    runCancelled: (run, deleted) => `批次 ${run} 已取消；此前已删除 ${deleted}。`,
    noRuns: '没有删除批次。',
    run: (run, state, asOf, clips, deleted, kept) =>
      `${run}  ${state}  截至 ${asOf}  共 ${clips}，已删除 ${deleted}，保留 ${kept}`,
    holdPlaced: (hold, kind, number) => `已保全 ${hold}：${kind} ${number}。解除前任何人不得删除或清空。`,
    answerBy: (day, left) =>
      left < 0
        ? `答复期限 ${day}，已超期 ${-left} 天`
        : left === 0
          ? `答复期限 ${day}，今天到期`
          : `答复期限 ${day}，还剩 ${left} 天`,
    provisional: (years) => `工作日历缺 ${years} 年，期限按周末推算，仅供参考。`,
    caseNotKnown: (number) => `案件表中没有 ${number}：凡关联到该案号的仍予保全。`,
    holdReleased: (hold, number) => `已解除保全 ${hold}（${number}）。`,
    noHolds: '没有保全。',
    hold: (hold, kind, number, since) => `${hold}  ${kind}  ${number}  自 ${since}`,
    released: (by, day) => `已由 ${by} 于 ${day} 解除`,
    holdCovers: (clips) => `涉及视音频文件 ${clips} 个。`,
    nothingProposed: (complaint) => `没有视音频文件与投诉 ${complaint} 相合。`,
    proposed: (count) => `共 ${count} 个；确认并保全：evidock hold confirm`,
    deletedClip: (clip, day) => `${clip} 已于 ${day} 依规删除。`,
    deletedBy: (rule, requestedBy, approvedBy) => `依据 ${rule}；申请人 ${requestedBy}，批准人 ${approvedBy}`,
    deletedOf: (deletion, sha256) => `删除记录 ${deletion}；原始数据 SHA-256 ${sha256}`,
  },
  en: {
    never: 'no end',
    keptUntil: (day) => `kept until ${day}, that day included`,
    over: (day) => `over since ${day}`,
    noRule: 'No rule speaks of it: it is kept.',
    rule: (title, id, clause) => `${title} (${id}${clause === '' ? '' : `, ${clause}`})`,
    wins: 'this rule counts: the strictest',
    sealedOn: (day) => `sealed on ${day}`,
    deviceMark: 'marked important by the device',
    humanMark: 'marked important by a person',
    humanNotImportant: 'marked as not important by a person',
    category: (id) => `category by a person: ${id}`,
    staysBecause: (words) => `not deleted because time passed: ${words}`,
    mayGo: 'Its time is over: a deletion run may take it, when another person approves.',
    marked: (clip) => `${clip} is marked.`,
    surveyed: (due, stays, asOf) => `As of ${asOf}: ${due} may be deleted; ${stays} stay although a time is over.`,
    listOnly: 'Listed only; no run was recorded.',
    runProposed: (run, clips) =>
      `Deletion run ${run} is recorded (${clips} clips). Another person approves it: evidock keeping approve ${run} --approved-by NAME`,
    runProgress: (done, clips) => `${done}/${clips} done`,
    runEnded: (run, deleted, kept) => `Run ${run} has ended: ${deleted} deleted, ${kept} kept.`,
    runStopped: (run, deleted, left) =>
      `Run ${run} was stopped: ${deleted} deleted, ${left} left; go on: evidock keeping resume ${run}`,
    runCancelled: (run, deleted) => `Run ${run} is cancelled; ${deleted} were deleted before.`,
    noRuns: 'There is no deletion run.',
    run: (run, state, asOf, clips, deleted, kept) =>
      `${run}  ${state}  as of ${asOf}  ${clips} clips, ${deleted} deleted, ${kept} kept`,
    holdPlaced: (hold, kind, number) =>
      `Hold ${hold} is placed: ${kind} ${number}. Until it is released nobody deletes or clears what it covers.`,
    answerBy: (day, left) =>
      left < 0
        ? `answer was due on ${day}, ${-left} days over`
        : left === 0
          ? `answer due today, ${day}`
          : `answer due by ${day}, ${left} days left`,
    provisional: (years) => `The calendar of working days lacks ${years}: the day counts weekends only.`,
    caseNotKnown: (number) => `No case list has ${number}: what is linked to that number is held all the same.`,
    holdReleased: (hold, number) => `Hold ${hold} (${number}) is released.`,
    noHolds: 'There is no hold.',
    hold: (hold, kind, number, since) => `${hold}  ${kind}  ${number}  since ${since}`,
    released: (by, day) => `released by ${by} on ${day}`,
    holdCovers: (clips) => `It covers ${clips} clips.`,
    nothingProposed: (complaint) => `No clip fits the complaint ${complaint}.`,
    proposed: (count) => `${count} clips; confirm and hold them: evidock hold confirm`,
    deletedClip: (clip, day) => `${clip} was lawfully deleted on ${day}.`,
    deletedBy: (rule, requestedBy, approvedBy) => `by ${rule}; asked by ${requestedBy}, approved by ${approvedBy}`,
    deletedOf: (deletion, sha256) => `deletion ${deletion}; original SHA-256 ${sha256}`,
  },
};

export const wordOf = (words: Words<string>, code: string, language: Language): string =>
  words[code]?.[language] ?? code;

const unitTexts: Words<'days' | 'months' | 'years'> = {
  days: both('天', 'days'),
  months: both('个月', 'months'),
  years: both('年', 'years'),
};

/** A period of the configuration in words. */
export function periodText(period: RetentionPeriod, language: Language): string {
  const isZh = language === 'zh';
  const span = ({ count, unit }: CalendarSpan): string => `${count} ${unitTexts[unit][language]}`;
  switch (period.kind) {
    case 'permanent':
      return isZh ? '永久' : 'permanent';
    case 'case':
      if (period.after === null) return isZh ? '随案卷' : 'as long as the case file';
      return isZh ? `结案后 ${span(period.after)}` : `${span(period.after)} after the closing of the case`;
    case 'span':
      return span(period.span);
    case 'after-mark':
      return isZh ? `标记后 ${span(period.span)}` : `${span(period.span)} after the mark`;
  }
}
