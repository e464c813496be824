/** What drawing cases to ask about (案件回访) says to people, on the command line and on the sheet. */
import type { FollowUpMeans, Satisfaction, SeedSource } from '../domain/drawing-facts.ts';
import type { Both, Words } from './code-text.ts';
import { both } from './code-text.ts';

export const meansTexts: Words<FollowUpMeans> = {
  phone: both('电话', 'by telephone'),
  visit: both('上门', 'by visit'),
};

export const satisfactionTexts: Words<Satisfaction> = {
  satisfied: both('满意', 'satisfied'),
  fair: both('基本满意', 'fairly satisfied'),
  dissatisfied: both('不满意', 'dissatisfied'),
  'no-answer': both('未联系上', 'no answer'),
};

export const seedTexts: Words<SeedSource> = {
  witness: both('见证方签名', "a witness's cosignature"),
  public: both('公开号码', 'a public number'),
};

export interface DrawingTexts {
  list(list: string, month: string, count: number, percent: number): string;
  closed(seq: number, at: string, sha256: string): string;
  seedFrom(word: string, source: string | null): string;
  round(round: number): string;
  redraw(reason: string, requestedBy: string, approvedBy: string, seq: number): string;
  drawn(count: number, of: number, seq: number, at: string): string;
  waits(word: string): string;
  seed(seed: string): string;
  checkpoint(size: number): string;
  typedBy(by: string, and: string): string;
  readonly erased: string;
  readonly notFollowedUp: string;
  readonly followUps: string;
  followUp(on: string, by: string, means: string, satisfaction: string): string;
  opinion(text: string): string;
  handling(text: string): string;
  readonly noLists: string;
  readonly followedUp: string;
  readonly nextWitness: string;
  readonly nextPublic: string;
  readonly method: readonly string[];
  readonly title: string;
  readonly columns: readonly [string, string, string, string, string, string];
  readonly signatures: readonly string[];
  made(station: string, at: string): string;
  all(count: number): string;
}

export const drawingTexts: Both<DrawingTexts> = {
  zh: {
    list: (list, month, count, percent) => `${list}  ${month}  已结处罚案件 ${count} 件，抽取 ${percent}%`,
    closed: (seq, at, sha256) => `名单已写入存证日志：第 ${seq} 条，${at}，SHA-256 ${sha256}`,
    seedFrom: (word, source) => `随机数来源：${word}${source === null ? '' : `（${source}）`}`,
    round: (round) => `第 ${round} 轮`,
    redraw: (reason, requestedBy, approvedBy, seq) =>
      `重抽理由：${reason}；提出人 ${requestedBy}，批准人 ${approvedBy}（第 ${seq} 条）`,
    drawn: (count, of, seq, at) => `${of} 件中抽取 ${count} 件，第 ${seq} 条，${at}`,
    waits: (word) => `尚未抽取，等待${word}`,
    seed: (seed) => `随机数：${seed}`,
    checkpoint: (size) => `取自覆盖 ${size} 条记录的检查点上最早的见证签名（64 字节，十六进制）；检查点原文见 --json`,
    typedBy: (by, and) => `由 ${by}、${and} 分别填写`,
    erased: '（案件已依法删除）',
    notFollowedUp: '尚未回访',
    followUps: '回访',
    followUp: (on, by, means, satisfaction) => `${on}  ${by}  ${means}  ${satisfaction}`,
    opinion: (text) => `意见：${text}`,
    handling: (text) => `处理：${text}`,
    noLists: '还没有抽取名单。用 evidock drawing list-month YYYY-MM 建立。',
    followedUp: '回访已登记。',
    nextWitness: '见证方签名后自动抽取；也可执行 evidock witness ask，再执行 evidock drawing draw。',
    nextPublic: '号码公布后执行 evidock drawing draw，由两人分别填写。',
    method: [
      '方法：对名单中每个键计算 SHA-256(随机数 + 换行 + 键)，按十六进制从小到大排列，取前若干个。任何人都可以复算：',
      `printf '%s\\n%s' "随机数" "键" | sha256sum`,
      '名单摘要：全部键从小到大排列，每个一行，计算 SHA-256。键是存证日志中写有案号的文书的编号。',
    ],
    title: '案件回访抽取表',
    columns: ['序号', '案号', '键', '摘要', '回访', '意见和处理'],
    signatures: ['抽取人', '监督人', '负责人'],
    made: (station, at) => `${station} · ${at}`,
    all: (count) => `名单共 ${count} 件（键和案号）`,
  },
  en: {
    list: (list, month, count, percent) => `${list}  ${month}  ${count} closed penalty cases, ${percent}% to draw`,
    closed: (seq, at, sha256) => `The list stands in the ledger: record ${seq}, ${at}, SHA-256 ${sha256}`,
    seedFrom: (word, source) => `Seed from ${word}${source === null ? '' : ` (${source})`}`,
    round: (round) => `Round ${round}`,
    redraw: (reason, requestedBy, approvedBy, seq) =>
      `Drawn again because: ${reason}; asked by ${requestedBy}, approved by ${approvedBy} (record ${seq})`,
    drawn: (count, of, seq, at) => `${count} of ${of} drawn, record ${seq}, ${at}`,
    waits: (word) => `not drawn yet, waiting for ${word}`,
    seed: (seed) => `Seed: ${seed}`,
    checkpoint: (size) =>
      `It is the earliest cosignature (64 bytes, hex) on the checkpoint over ${size} records; the checkpoint stands in --json`,
    typedBy: (by, and) => `typed in by ${by} and ${and}`,
    erased: '(the case was lawfully deleted)',
    notFollowedUp: 'not followed up yet',
    followUps: 'Follow-ups',
    followUp: (on, by, means, satisfaction) => `${on}  ${by}  ${means}  ${satisfaction}`,
    opinion: (text) => `Opinion: ${text}`,
    handling: (text) => `Handling: ${text}`,
    noLists: 'There is no list yet. Make one with: evidock drawing list-month YYYY-MM',
    followedUp: 'The follow-up is recorded.',
    nextWitness:
      'It is drawn by itself once a witness has cosigned; or: evidock witness ask, then evidock drawing draw.',
    nextPublic: 'When the number is published: evidock drawing draw, typed in by two people.',
    method: [
      'Method: SHA-256(seed + newline + key) for each key of the list, in ascending hexadecimal order; the first ones are drawn. Anybody can repeat it:',
      `printf '%s\\n%s' "SEED" "KEY" | sha256sum`,
      'Digest of the list: SHA-256 of all keys in ascending order, one a line. A key is the id of the document in the ledger that names the case.',
    ],
    title: 'Cases drawn for follow-up',
    columns: ['No.', 'Case', 'Key', 'Hash', 'Follow-up', 'Opinion and handling'],
    signatures: ['Drawn by', 'Observed by', 'In charge'],
    made: (station, at) => `${station} · ${at}`,
    all: (count) => `All ${count} cases of the list, by key`,
  },
};
