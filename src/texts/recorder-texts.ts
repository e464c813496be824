/**
 * What is said of recorders in people's hands, on pages and on the command line: states, assignments, check-outs,
 * claims, and what is not as it should be. Chinese first.
 */
import type { CertificateStanding } from '../domain/certificate-standing.ts';
import type { CheckOutCheck, CheckPoint } from '../domain/check-out-policy.ts';
import type { ReturnBasis } from '../domain/checkout-facts.ts';
import type { AssignmentMode, RecorderState } from '../domain/people-facts.ts';
import type { RecorderReviewCode, RecorderReviewFinding } from '../domain/recorder-review-policy.ts';
import type { Language } from './cli-texts.ts';
import { type Both, both, type Codes, pair, type Words } from './code-text.ts';

export const recorderStates: Words<RecorderState> = {
  'in-service': both('在用', 'in service'),
  repair: both('维修', 'in repair'),
  lost: both('丢失', 'lost'),
  scrapped: both('报废', 'scrapped'),
};

export const assignmentModes: Words<AssignmentMode> = {
  personal: both('专配', 'personal'),
  shared: both('公用', 'shared'),
};

export const returnBases: Words<ReturnBasis> = {
  'by-hand': both('登记交还', 'returned by hand'),
  docking: both('接入即交还', 'returned by docking'),
  'next-check-out': both('转由他人领用', 'taken over by the next'),
};

export const standings: Words<CertificateStanding['kind']> = {
  valid: both('有效', 'valid'),
  suspended: both('暂扣', 'suspended'),
  withdrawn: both('收回', 'withdrawn'),
  cancelled: both('注销', 'cancelled'),
  expired: both('已过有效期', 'expired'),
  'not-yet-issued': both('尚未发证', 'not yet issued'),
  left: both('已离岗', 'has left'),
  replaced: both('已换发新证', 'replaced by a new certificate'),
  open: both('起始日期不详', 'not known for these days'),
  unknown: both('名册未载', 'not known'),
};

export const checkStates: Words<CheckOutCheck['state']> = {
  ok: both('正常', 'ok'),
  warn: both('注意', 'warning'),
  unknown: both('未知', 'unknown'),
};

export const checkPointWords: Words<CheckPoint> = {
  battery: both('电量', 'battery'),
  space: both('存储空间', 'free space'),
  clock: both('时钟', 'clock'),
  card: both('存储卡', 'card'),
};

/** What speaks against giving a recorder to somebody; also the errors of whoever does it without saying why. */
export const objectionCodes = {
  'recorder-held': pair(
    '这台记录仪已配发给别人。',
    '先交还（recorders return）或移交（recorders swap）；确有需要时用 --even-so 说明理由。',
    'The recorder is somebody else’s.',
    'Take it back (recorders return) or hand it over (recorders swap); or say why with --even-so.',
  ),
  'second-personal-recorder': pair(
    '该执法人员已有一台专配记录仪。',
    '先交还原来的一台；确有需要时用 --even-so 说明理由。',
    'The officer has a personal recorder already.',
    'Take that one back first; or say why with --even-so.',
  ),
  'recorder-not-in-service': pair(
    '这台记录仪不在用（维修、丢失或报废）。',
    '先用 recorders state 更正状态；确有需要时用 --even-so 说明理由。',
    'The recorder is not in service.',
    'Correct its state with "recorders state"; or say why with --even-so.',
  ),
  'certificate-not-valid': pair(
    '该执法人员当日没有有效的执法证。',
    '核对名册；确有需要时用 --even-so 说明理由。',
    'The officer has no valid certificate that day.',
    'Check the roster; or say why with --even-so.',
  ),
  'recorder-checked-out': pair(
    '这台记录仪正由别人领用。',
    '先交还（recorders check-in）；确有需要时用 --even-so 说明理由，前一次领用同时结束。',
    'Somebody else has it checked out.',
    'Return it first (recorders check-in); or say why with --even-so, which ends that check-out.',
  ),
  'officer-has-another': pair(
    '该执法人员正领用另一台记录仪。',
    '先交还那一台；确有需要时用 --even-so 说明理由。',
    'The officer has another recorder out.',
    'Return that one first; or say why with --even-so.',
  ),
} as const satisfies Codes;

export const reviewCodes: Codes<RecorderReviewCode> = {
  'holder-left': pair(
    '持有人已离岗',
    '记录仪仍配发给已离岗人员，请收回。',
    'Holder has left',
    'It is still assigned to somebody who left; take it back.',
  ),
  'holder-not-valid': pair(
    '持有人执法证无效',
    '当日执法证暂扣、收回、注销、过期或不明。',
    'Holder without a valid certificate',
    'The certificate is suspended, withdrawn, cancelled, expired or not known that day.',
  ),
  'holder-unknown': pair(
    '持有人不在名册',
    '配发记录中的证号不在名册，请核对。',
    'Holder not in the roster',
    'No roster has the certificate of the assignment.',
  ),
  'two-personal-recorders': pair(
    '一人两台专配',
    '同一执法人员有两台以上专配记录仪，只计一台。',
    'Two personal recorders',
    'One officer has several personal recorders; only one counts.',
  ),
  'recorder-two-holders': pair(
    '一台多人持有',
    '专配的记录仪同时配发给了别人，请结束其中的配发。',
    'One recorder, two holders',
    'A personal recorder is assigned to others as well; end what is wrong.',
  ),
  'assigned-recorder-unknown': pair(
    '配发的记录仪未登记',
    '台账中没有这台记录仪，不计入配置率。',
    'Assigned recorder not registered',
    'The list of recorders lacks it, so it covers nobody.',
  ),
  'name-officer-differs': pair(
    '文件名中的执法人员不符',
    '最近一次接入的文件名写着另一执法人员，与配发或领用不符；请改正记录仪上的设置，或更正配发、领用。',
    'File names have another officer',
    'The files of its last visit name another officer than assignment or check-out: correct the recorder or the record.',
  ),
  'recorder-not-seen': pair(
    '长期未接入',
    '在用的记录仪超过规定天数没有接入采集站。',
    'Not seen for long',
    'A recorder in service was not docked for longer than the configured days.',
  ),
  'lost-recorder-docked': pair(
    '丢失的记录仪又接入',
    '台账标为丢失，却接入了采集站；请核实并更正状态。',
    'Lost recorder docked',
    'The list has it as lost, but it was docked: look into it and correct the state.',
  ),
  'repair-recorder-docked': pair(
    '维修中的记录仪接入',
    '台账标为维修，却接入了采集站；修好后请改为在用。',
    'Recorder in repair docked',
    'The list has it in repair, but it was docked: put it in service when it works.',
  ),
  'scrapped-recorder-docked': pair(
    '报废的记录仪接入',
    '台账标为报废，却接入了采集站；请核实并更正状态。',
    'Scrapped recorder docked',
    'The list has it as scrapped, but it was docked: look into it and correct the state.',
  ),
  'check-out-overdue': pair(
    '领用逾期未交还',
    '公用记录仪领用超过规定时数仍未交还。',
    'Checked out for too long',
    'A shared recorder was not returned within the configured hours.',
  ),
};

/** Whom, and which others, a finding is about; of two numbers it says which stands where. */
export function reviewWho(finding: RecorderReviewFinding, language: Language): string[] {
  const { code, certificateNo, others } = finding;
  const all = others?.join(', ');
  if (code !== 'name-officer-differs') return [certificateNo, all].filter((part) => part !== undefined);
  const isChinese = language === 'zh';
  return [
    isChinese ? `文件名 ${certificateNo}` : `in the names ${certificateNo}`,
    ...(all === undefined ? [] : [isChinese ? `登记 ${all}` : `by the records ${all}`]),
  ];
}

/** What refuses a change beside the objections. */
export const recorderProblems = {
  'recorder-not-listed': pair(
    '台账中没有这台记录仪。',
    '先登记：evidock recorders add 编号 --model 型号。',
    'The list of recorders does not have it.',
    'Register it first: evidock recorders add SERIAL --model MODEL.',
  ),
  'recorder-in-state': pair(
    '台账已是这个状态。',
    '用 evidock recorders show 查看已有记录。',
    'It is in that state already.',
    'See what is recorded with "evidock recorders show".',
  ),
  'assigned-already': pair(
    '这台记录仪已配发给该执法人员。',
    '要结束配发，用 evidock recorders return。',
    'The officer has it already.',
    'To end that, use "evidock recorders return".',
  ),
  'recorder-not-assigned': pair(
    '当日没有这项配发。',
    '用 evidock recorders show 查看谁在何时持有。',
    'It is not assigned that day.',
    'See who had it when with "evidock recorders show".',
  ),
  'returned-already': pair(
    '这台记录仪当日已经交回，不在外；没有重复登记。',
    '用 evidock recorders show 查看谁在何时持有。',
    'It has been returned already and is not out; nothing was recorded twice.',
    'See who had it when with "evidock recorders show".',
  ),
  'recorder-several-holders': pair(
    '当日有多人持有这台记录仪。',
    '在 recorders return 后写明证号。',
    'Several officers have it that day.',
    'Name the certificate after "recorders return SERIAL".',
  ),
  'swap-unknown': pair(
    '既不是台账中的记录仪，也不是名册中的证号，或两者都是。',
    '核对编号或证号。',
    'Neither a recorder of the list nor a certificate of the roster, or both.',
    'Check the serial or the certificate number.',
  ),
  'checkout-in-future': pair(
    '所给时间还没有到。',
    '按采集站时间填写实际领用或交还的时间。',
    'That time has not come.',
    'Give the time at which it was handed out or returned, station time.',
  ),
  'checkout-returned-before-out': pair(
    '交还时间不晚于领用时间。',
    '改正交还时间。',
    'It was returned before it was handed out.',
    'Correct the time of return.',
  ),
  'checked-out-already': pair(
    '该执法人员已领用这台记录仪。',
    '先交还：evidock recorders check-in 编号。',
    'The same officer has it out.',
    'Return it first: evidock recorders check-in SERIAL.',
  ),
  'checkout-overlaps': pair(
    '与另一次领用的时间重叠。',
    '补登已结束的班次要写 --returned；登记错误的领用用 recorders withdraw 撤销。',
    'Somebody had it then.',
    'Give --returned for a shift that is over; withdraw a wrong check-out with "recorders withdraw".',
  ),
  'recorder-not-out': pair(
    '这台记录仪没有被领用。',
    '用 evidock recorders show 查看领用记录。',
    'It is not checked out.',
    'See its check-outs with "evidock recorders show".',
  ),
  'checkout-unknown': pair(
    '没有这次领用，或已撤销。',
    '从 evidock recorders show 中取领用编号。',
    'There is no such check-out.',
    'Take its id from "evidock recorders show".',
  ),
  'claim-repeated': pair(
    '该执法人员已认领这个文件。',
    '有补充说明时再认领一次，写明说明。',
    'The officer has claimed it already.',
    'Claim it again with a statement if there is more to say.',
  ),
} as const satisfies Codes;

interface RecorderTexts {
  readonly none: string;
  readonly notListed: string;
  readonly idle: string;
  readonly pool: (unit: string) => string;
  readonly since: (when: string) => string;
  readonly until: (day: string) => string;
  readonly seen: (time: string) => string;
  readonly neverSeen: string;
  readonly out: (who: string, time: string) => string;
  readonly stateSet: (serial: string, state: string, since: string) => string;
  readonly laterState: (from: string, state: string) => string;
  readonly pooled: (serial: string, unit: string) => string;
  readonly unpooled: (serial: string) => string;
  readonly assigned: (serial: string, who: string, from: string, mode: string) => string;
  readonly returned: (serial: string, who: string, on: string) => string;
  readonly handedOver: (serial: string, from: string, to: string, on: string) => string;
  readonly exchanged: (old: string, now: string, who: string, on: string) => string;
  readonly checkedOut: (serial: string, who: string, checkout: string) => string;
  readonly checkedIn: (serial: string, who: string, time: string) => string;
  readonly withdrawn: (checkout: string) => string;
  readonly claimed: (clip: string, who: string, seq: number) => string;
  readonly noFindings: string;
  readonly headings: {
    readonly states: string;
    readonly assignments: string;
    readonly checkOuts: string;
    readonly findings: string;
  };
  readonly open: string;
  readonly figure: { readonly [P in CheckPoint]: (figure: number) => string };
  readonly colon: string;
}

export const recorderTexts: Both<RecorderTexts> = {
  zh: {
    none: '没有符合条件的记录仪。',
    notListed: '未登记',
    idle: '无人持有',
    pool: (unit) => `${unit}公用`,
    since: (when) => `${when} 起`,
    until: (day) => `至 ${day} 止`,
    seen: (time) => `最近接入 ${time}`,
    neverSeen: '从未接入',
    out: (who, time) => `${who} ${time} 领用`,
    stateSet: (serial, state, since) => `${serial}：自 ${since} 起${state}。`,
    laterState: (from, state) => `注意：${from} 起另有记录，仍为“${state}”。`,
    pooled: (serial, unit) => `${serial} 已列为${unit}公用。`,
    unpooled: (serial) => `${serial} 不再属于任何单位公用。`,
    assigned: (serial, who, from, mode) => `${serial} 自 ${from} 起配发给 ${who}（${mode}）。`,
    returned: (serial, who, on) => `${who} 交还 ${serial}，配发至 ${on} 止。`,
    handedOver: (serial, from, to, on) => `${serial} 自 ${on} 起由 ${from} 移交给 ${to}。`,
    exchanged: (old, now, who, on) => `${who} 自 ${on} 起由 ${old} 换用 ${now}。`,
    checkedOut: (serial, who, checkout) => `${who} 领用 ${serial}（${checkout}）。`,
    checkedIn: (serial, who, time) => `${who} ${time} 交还 ${serial}。`,
    withdrawn: (checkout) => `已撤销领用登记 ${checkout}。`,
    claimed: (clip, who, seq) => `${who} 认领 ${clip}（记录 ${seq}）。`,
    noFindings: '没有异常。',
    headings: { states: '状态', assignments: '配发', checkOuts: '领用', findings: '异常' },
    open: '至今',
    figure: {
      battery: (percent) => `${percent}%`,
      space: (bytes) => `剩余 ${Math.floor(bytes / 1_048_576)} MiB`,
      clock: (ms) => `误差不超过 ${Math.ceil(ms / 1000)} 秒`,
      card: (files) => (files === 0 ? '已清空' : `卡上还有 ${files} 个文件`),
    },
    colon: '：',
  },
  en: {
    none: 'No recorder fits.',
    notListed: 'not registered',
    idle: 'nobody has it',
    pool: (unit) => `pool of ${unit}`,
    since: (when) => `since ${when}`,
    until: (day) => `until ${day}`,
    seen: (time) => `last docked ${time}`,
    neverSeen: 'never docked',
    out: (who, time) => `checked out by ${who} ${time}`,
    stateSet: (serial, state, since) => `${serial} is ${state} since ${since}.`,
    laterState: (from, state) => `Note: an entry from ${from} goes on holding: ${state}.`,
    pooled: (serial, unit) => `${serial} belongs to the pool of ${unit}.`,
    unpooled: (serial) => `${serial} belongs to no pool.`,
    assigned: (serial, who, from, mode) => `${serial} is assigned to ${who} from ${from} (${mode}).`,
    returned: (serial, who, on) => `${who} returned ${serial}; ${on} is the last day.`,
    handedOver: (serial, from, to, on) => `${serial} goes from ${from} to ${to} on ${on}.`,
    exchanged: (old, now, who, on) => `${who} has ${now} in place of ${old} from ${on}.`,
    checkedOut: (serial, who, checkout) => `${who} checked ${serial} out (${checkout}).`,
    checkedIn: (serial, who, time) => `${who} returned ${serial} at ${time}.`,
    withdrawn: (checkout) => `Check-out ${checkout} is withdrawn.`,
    claimed: (clip, who, seq) => `${who} claimed ${clip} (record ${seq}).`,
    noFindings: 'No finding.',
    headings: { states: 'States', assignments: 'Assignments', checkOuts: 'Check-outs', findings: 'Findings' },
    open: 'open',
    figure: {
      battery: (percent) => `${percent}%`,
      space: (bytes) => `${Math.floor(bytes / 1_048_576)} MiB free`,
      clock: (ms) => `off by at most ${Math.ceil(ms / 1000)} s`,
      card: (files) => (files === 0 ? 'cleared' : `${files} files on the card`),
    },
    colon: ': ',
  },
};

/** `电量：正常（80%）`, one line a point. */
export function checkLine({ point, state, figure }: CheckOutCheck, language: Language): string {
  const texts = recorderTexts[language];
  const detail =
    figure === undefined
      ? ''
      : language === 'zh'
        ? `（${texts.figure[point](figure)}）`
        : ` (${texts.figure[point](figure)})`;
  return `${checkPointWords[point][language]}${texts.colon}${checkStates[state][language]}${detail}`;
}
