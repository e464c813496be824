/** What commands and pages say about links: reasons with their figures, the queue, hand-in, recordings. */
import type { HoldBack } from '../domain/linking-decision-policy.ts';
import type { LinkReason, LinkReasonCode } from '../domain/linking-facts.ts';
import type { Language } from './cli-texts.ts';

type InBoth<T> = { readonly [L in Language]: T };
type ReasonSentence = (reason: LinkReason) => string;

/** `2 天 3 小时`, `5 min`: two units at most. */
export function spanText(ms: number, language: Language): string {
  const units = language === 'zh' ? ['天', '小时', '分', '秒'] : ['d', 'h', 'min', 's'];
  const sizes = [86_400_000, 3_600_000, 60_000, 1000];
  const at = Math.max(
    0,
    sizes.findIndex((size) => Math.abs(ms) >= size),
  );
  const first = Math.abs(ms) < 1000 ? 3 : at;
  const whole = Math.floor(Math.abs(ms) / (sizes[first] ?? 1));
  const rest = Math.floor((Math.abs(ms) % (sizes[first] ?? 1)) / (sizes[first + 1] ?? Number.POSITIVE_INFINITY));
  const parts = [`${whole} ${units[first]}`, ...(rest > 0 ? [`${rest} ${units[first + 1]}`] : [])];
  return parts.join(' ');
}

const metresText = (metres: number): string => (metres < 1000 ? `${metres} m` : `${(metres / 1000).toFixed(1)} km`);

const officerBases: { readonly [basis: string]: InBoth<string> } = {
  'by-hand': { zh: '人工确认', en: 'a person said so' },
  confirmed: { zh: '人工确认', en: 'a person said so' },
  'check-out': { zh: '领用记录', en: 'by check-out' },
  assignment: { zh: '配发', en: 'by assignment' },
  claim: { zh: '本人认领', en: 'claimed' },
  name: { zh: '文件名', en: 'by the file name' },
};

export const linkReasonSentences: { readonly [C in LinkReasonCode]: InBoth<ReasonSentence> } = {
  'number-in-name': {
    zh: ({ word }) => (word === 'similar' ? '文件名中有相近写法的案号' : '文件名中有此案号'),
    en: ({ word }) => (word === 'similar' ? 'the name has this number, written otherwise' : 'the name has this number'),
  },
  'same-officer': {
    zh: ({ word = '' }) => `录制人是本案执法人员（${officerBases[word]?.zh ?? word}）`,
    en: ({ word = '' }) => `recorded by an officer of the case (${officerBases[word]?.en ?? word})`,
  },
  'possible-officer': {
    zh: ({ figure = 0 }) => `可能的录制人（${figure} 人）中有本案执法人员`,
    en: ({ figure = 0 }) => `one of ${figure} who may have recorded it is an officer of the case`,
  },
  'same-unit': { zh: () => '同一单位', en: () => 'same unit' },
  'during-act': {
    zh: ({ word, names }) => `录制于本案“${names?.['zh-CN'] ?? word}”期间`,
    en: ({ word, names }) => `recorded during the act "${names?.en ?? word}"`,
  },
  'within-time': {
    zh: ({ figure = 0 }) => `校正后的时间全部在案件起止之内（距边界 ${spanText(figure, 'zh')}）`,
    en: ({ figure = 0 }) => `its corrected time lies inside the case (${spanText(figure, 'en')} from the nearer end)`,
  },
  'overlaps-time': {
    zh: ({ figure = 0 }) => `与案件时间重叠 ${figure}%`,
    en: ({ figure = 0 }) => `${figure} % of it overlaps the case`,
  },
  'in-long-case': {
    zh: ({ figure = 0 }) => `案件开始后 ${spanText(figure, 'zh')}，案件时间跨度长`,
    en: ({ figure = 0 }) => `${spanText(figure, 'en')} after the beginning of a case that lasts long`,
  },
  'near-in-time': {
    zh: ({ figure = 0 }) => `与案件时间相隔 ${spanText(figure, 'zh')}`,
    en: ({ figure = 0 }) => `${spanText(figure, 'en')} from the case's time`,
  },
  'near-in-place': {
    zh: ({ figure = 0 }) => `距案发地 ${metresText(figure)}`,
    en: ({ figure = 0 }) => `${metresText(figure)} from its place`,
  },
  'plate-in-name': { zh: () => '文件名中有本案车牌', en: () => "the name has the case's plate" },
  'neighbour-linked': {
    zh: ({ figure = 0, word }) =>
      `同一段录像的相邻文件（间隔 ${spanText(figure, 'zh')}）已关联此案（${word === 'person' ? '人工' : '系统'}）`,
    en: ({ figure = 0, word }) =>
      `another file of the recording (${spanText(figure, 'en')} apart) is linked to it by ${word === 'person' ? 'a person' : 'the station'}`,
  },
  'companion-recorded': {
    zh: () => '本案另一名执法人员同时在录制',
    en: () => 'another officer of the case recorded at the same time',
  },
  'companion-linked': {
    zh: () => '他人同时录制的文件已关联此案',
    en: () => 'what another officer recorded at the same time is linked to it',
  },
  'other-number-in-name': { zh: () => '文件名中是另一案号', en: () => 'the name has the number of another case' },
  'other-officer': { zh: () => '录制人不是本案执法人员', en: () => 'whoever recorded it is no officer of the case' },
  'officer-unsure': {
    zh: () => '文件名、配发、领用或认领对录制人的说法不一',
    en: () => 'name, assignment, check-out or claim disagree about who recorded it',
  },
  'outside-time': {
    zh: ({ figure = 0 }) => `在案件时间之外 ${spanText(figure, 'zh')}`,
    en: ({ figure = 0 }) => `${spanText(figure, 'en')} outside the case's time`,
  },
  'far-in-place': {
    zh: ({ figure = 0 }) => `距案发地 ${metresText(figure)}，较远`,
    en: ({ figure = 0 }) => `${metresText(figure)} away from its place`,
  },
  'clock-unmeasured': {
    zh: ({ figure }) =>
      figure === undefined ? '记录仪时钟误差未测定' : `记录仪时钟误差只知在 ${spanText(figure, 'zh')} 之内`,
    en: ({ figure }) =>
      figure === undefined
        ? "nobody measured the recorder's clock"
        : `the recorder's clock is known only to within ${spanText(figure, 'en')}`,
  },
  'time-unknown': { zh: () => '录制时间不明', en: () => 'nobody knows when it was recorded' },
};

export const reasonSentence = (reason: LinkReason, language: Language): string =>
  linkReasonSentences[reason.code]?.[language](reason) ?? reason.code;

/** Why the station did not link its best proposal itself. */
export const heldBackSentences: { readonly [H in HoldBack]: InBoth<string> } = {
  'persons-word': { zh: '未自动关联：已有人处理过此文件', en: 'left to people: somebody has spoken about this clip' },
  doubt: { zh: '未自动关联：存在上述疑点', en: 'left to people: something speaks against it' },
  rival: { zh: '未自动关联：另有案件同样可能', en: 'left to people: another case may be meant as well' },
  'long-case': {
    zh: '未自动关联：案件只有日期或跨度长，仅凭文件名中的案号不足（案号可能沿用未改）',
    en: 'left to people: the case has days only or lasts long, and a number may have stayed set on the recorder',
  },
  'evidence-too-thin': { zh: '未自动关联：依据不足', en: 'left to people: too little to go by' },
};

interface LinkingTexts {
  readonly linked: (clips: number, number: string) => string;
  readonly unlinked: (clips: number) => string;
  readonly rejected: (clips: number, number: string) => string;
  readonly settled: (clips: number) => string;
  readonly queueEmpty: string;
  readonly queueCounted: (clips: number, withoutOfficer: number, withoutCase: number) => string;
  readonly looking: (clips: number, of: number) => string;
  readonly noOfficer: string;
  readonly noCase: string;
  readonly best: (number: string, score: number) => string;
  readonly noProposal: string;
  readonly late: (by: string) => string;
  readonly age: (span: string) => string;
  readonly officer: string;
  readonly case: string;
  readonly action: { readonly [A in 'linked' | 'unlinked' | 'rejected' | 'settled']: string };
  readonly nothingYet: string;
  readonly queueTitle: string;
  readonly queueFigures: (clips: string, withoutOfficer: string, withoutCase: string) => string;
  readonly queueEmptyNext: string;
  readonly queueHint: string;
  readonly choose: string;
  readonly chooseThis: (name: string) => string;
  readonly recordedAge: string;
  readonly proposal: string;
  readonly say: string;
  readonly confirm: string;
  readonly refuse: string;
  readonly noCaseAtAll: string;
  readonly confirmChosen: string;
  readonly orElse: (others: string) => string;
  readonly points: (score: number) => string;
  readonly partOf: (at: number, of: number) => string;
  readonly linksTitle: string;
  readonly stepsTitle: string;
  readonly why: string;
  readonly takeAway: string;
  readonly linkNow: string;
  readonly recordingTitle: string;
  readonly recordingSays: (parts: number, length: string) => string;
  readonly gap: (span: string) => string;
  readonly overlap: (span: string) => string;
}

export const linkingTexts: InBoth<LinkingTexts> = {
  zh: {
    linked: (clips, number) => `已将 ${clips} 个文件关联到 ${number}。`,
    unlinked: (clips) => `已解除 ${clips} 个文件的关联；此前的记录保留。`,
    rejected: (clips, number) => `已记录：${clips} 个文件与 ${number} 无关，以后不再建议。`,
    settled: (clips) => `已记录：${clips} 个文件不属于任何案件。`,
    queueEmpty: '没有待关联的文件。',
    queueCounted: (clips, officers, cases) => `待关联 ${clips} 个：无执法人员 ${officers}，无案件 ${cases}`,
    looking: (clips, of) => `自动关联 ${clips}/${of}`,
    noOfficer: '无执法人员',
    noCase: '无案件',
    best: (number, score) => `建议 ${number}（${score} 分）`,
    noProposal: '没有建议',
    late: (by) => `逾期上交 ${by}`,
    age: (span) => `已 ${span}`,
    officer: '执法人员',
    case: '案件',
    action: { linked: '关联', unlinked: '解除关联', rejected: '否定建议', settled: '不属于任何案件' },
    nothingYet: '没有任何关联记录。',
    queueTitle: '待关联',
    queueFigures: (clips, officers, cases) => `共 ${clips} 个；无执法人员 ${officers}，无案件 ${cases}`,
    queueEmptyNext: '新采集的文件由系统先自动关联，拿不准的会出现在这里。',
    queueHint: '按录制时间从早到晚。点“确认”即关联到建议的案件；也可勾选多个后一并确认。每一步都写入存证日志。',
    choose: '勾选',
    chooseThis: (name) => `勾选 ${name} 的建议`,
    recordedAge: '录制时间与时长至今',
    proposal: '建议的案件与理由',
    say: '处理',
    confirm: '确认',
    refuse: '不是',
    noCaseAtAll: '不属于案件',
    confirmChosen: '确认已勾选的建议',
    orElse: (others) => `其他：${others}`,
    points: (score) => `${score} 分`,
    partOf: (at, of) => `同一段录制的第 ${at}/${of} 个文件`,
    linksTitle: '关联',
    stepsTitle: '关联的经过',
    why: '理由',
    takeAway: '解除案件关联',
    linkNow: '关联到此案件',
    recordingTitle: '同一段录制',
    recordingSays: (parts, length) => `由 ${parts} 个相接的文件组成，共 ${length}。间隔与重叠按记录仪时钟计。`,
    gap: (span) => `间隔 ${span}`,
    overlap: (span) => `重叠 ${span}`,
  },
  en: {
    linked: (clips, number) => `${clips} clips are linked to ${number}.`,
    unlinked: (clips) => `${clips} clips are no longer linked; what was recorded stays.`,
    rejected: (clips, number) => `Recorded: ${clips} clips do not belong to ${number}; it is not proposed again.`,
    settled: (clips) => `Recorded: ${clips} clips belong to no case.`,
    queueEmpty: 'No clip waits for an officer or a case.',
    queueCounted: (clips, officers, cases) =>
      `${clips} waiting: ${officers} without an officer, ${cases} without a case`,
    looking: (clips, of) => `linking ${clips} of ${of}`,
    noOfficer: 'no officer',
    noCase: 'no case',
    best: (number, score) => `proposed ${number} (${score})`,
    noProposal: 'nothing proposed',
    late: (by) => `handed in ${by} late`,
    age: (span) => `${span} old`,
    officer: 'officer',
    case: 'case',
    action: {
      linked: 'linked',
      unlinked: 'unlinked',
      rejected: 'refused',
      settled: 'belongs to no case',
    },
    nothingYet: 'No record ties this clip to anything.',
    queueTitle: 'To be linked',
    queueFigures: (clips, officers, cases) => `${clips} clips: ${officers} without an officer, ${cases} without a case`,
    queueEmptyNext: 'The station links what is sure by itself; whatever is not appears here.',
    queueHint:
      'Oldest recording first. Confirm takes the proposed case; several can be chosen and confirmed at once. Each step is a record in the ledger.',
    choose: 'Choose',
    chooseThis: (name) => `Choose the proposal for ${name}`,
    recordedAge: 'Recorded, and how long ago',
    proposal: 'Proposed case, and why',
    say: 'Say',
    confirm: 'Confirm',
    refuse: 'Not this',
    noCaseAtAll: 'No case',
    confirmChosen: 'Confirm what is chosen',
    orElse: (others) => `Or: ${others}`,
    points: (score) => `${score} points`,
    partOf: (at, of) => `file ${at} of ${of} of a recording`,
    linksTitle: 'Links',
    stepsTitle: 'How the links came about',
    why: 'Why',
    takeAway: 'Take the case away',
    linkNow: 'Link to this case',
    recordingTitle: 'One recording',
    recordingSays: (parts, length) =>
      `${parts} files that follow each other, ${length} together. Gaps and overlaps are by the recorder's clock.`,
    gap: (span) => `gap ${span}`,
    overlap: (span) => `overlap ${span}`,
  },
};
