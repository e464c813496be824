/** What clearing says to people: on the command line, and on the certificate, which prints both languages. */
import type { KeepReason } from '../domain/clearing-policy.ts';
import type { Language } from './cli-texts.ts';

type Both = { readonly [L in Language]: string };
const both = (zh: string, en: string): Both => ({ zh, en });

/** Why a file is still on the recorder, or may be. */
export const stayReasons: { readonly [R in KeepReason | 'may-be-gone']: Both } = {
  'policy-keep': both('按策略保留', 'kept by policy'),
  'docking-not-ended': both('该次接入没有正常结束', 'the docking did not end in order'),
  'inventory-incomplete': both('清单不完整，存储卡可能损坏', 'the inventory was incomplete; the card may be damaged'),
  'card-doubtful': both('存储卡有读取错误', 'the card gave read errors'),
  'serial-shared': both('编号不能确定是哪台记录仪', 'its serial does not tell which recorder it is'),
  'vault-unproved': both('证据库不能回读，不足以证明已写入磁盘', 'the vault cannot prove that it is on a disk'),
  'not-sealed-now': both('本次未固定', 'not sealed in this docking'),
  'not-reread': both('本次未重新读取', 'not read again in this docking'),
  'original-missing': both('证据库中缺少原始数据', 'the vault lacks the original'),
  'original-damaged': both('证据库中的原始数据已损坏', 'the original in the vault is damaged'),
  'on-hold': both('保全中，不得清空', 'on hold: it must not be cleared'),
  'linked-awaits-approval': both('已关联案件，须另一人批准', 'linked to a case: another person must approve'),
  'too-few-copies': both('副本份数不足', 'too few copies'),
  'changed-on-recorder': both('删除前已有变化', 'changed on the recorder'),
  'recheck-failed': both('删除前未能重新读取', 'could not be read again'),
  'not-reached': both('提前结束，未轮到', 'ended before its turn'),
  'delete-failed': both('未能删除', 'could not be deleted'),
  'may-be-gone': both('可能已删除，无法确认', 'may be gone, nobody can tell'),
};

export const policyWords: { readonly [policy: string]: Both } = {
  keep: both('全部保留', 'keep everything'),
  'after-seal': both('固定后删除', 'delete after sealing'),
  'after-copies': both('足够份数后删除', 'delete after enough copies'),
};

export const recheckWords: { readonly [recheck: string]: Both } = {
  digest: both('删除前重新读取全部字节并核对摘要', 'read whole and compared right before deleting'),
  'size-and-time': both('删除前核对大小和时间', 'size and time compared right before deleting'),
};

export const clearingStates: { readonly [state: string]: Both } = {
  open: both('正在清空', 'under way'),
  ended: both('已结束', 'ended'),
  interrupted: both('中断，未见其结束', 'cut off; nobody saw its end'),
};

/** Headings of the certificate. */
export const certificateWords = {
  title: both('清空凭证', 'Clearing certificate'),
  station: both('采集站', 'Station'),
  recorder: both('执法记录仪', 'Recorder'),
  slot: both('采集口', 'Slot'),
  docking: both('接入', 'Docking'),
  startedAt: both('接入时间', 'Docked at'),
  policy: both('策略', 'Policy'),
  recheck: both('核对', 'Check'),
  state: both('结果', 'Outcome'),
  plannedAt: both('开始清空', 'Clearing began'),
  endedAt: both('结束', 'Ended'),
  flushed: both('存储卡确认写完', 'Card confirmed its writes'),
  yes: both('是', 'yes'),
  no: both('否', 'no'),
  cleared: both('已从记录仪删除', 'Deleted from the recorder'),
  stayed: both('仍在记录仪上', 'Still on the recorder'),
  consents: both('批准', 'Consent'),
  requester: both('申请人', 'Asked by'),
  approver: both('批准人', 'Approved by'),
  reason: both('理由', 'Reason'),
  file: both('文件', 'File'),
  bytes: both('字节', 'Bytes'),
  clip: both('固定标识', 'Sealed as'),
  sequence: both('存证序号（固定 / 删除）', 'Ledger (sealed / deleted)'),
  total: both('合计', 'Total'),
  none: both('无', 'none'),
  more: both('其余见 evidock clearing certificate --json', 'the rest: evidock clearing certificate --json'),
  checkpoint: both('校验点', 'Checkpoint'),
  meaning: both(
    '上列文件在删除前均已固定于证据库，删除时记录仪上的字节与固定时一致；每项删除为存证日志中的一条记录，可凭校验点离线验证。',
    'Each file above was sealed in the vault before it was deleted, and was the same to the byte on the recorder. Each deletion is a record of the ledger and can be verified offline from the checkpoint.',
  ),
  operator: both('经办人', 'Handled by'),
  witness: both('见证人', 'Witnessed by'),
  signedOn: both('日期', 'Date'),
  printedTimes: both('时间为协调世界时（UTC）与采集站时间', 'Times are UTC and station time'),
} as const satisfies { readonly [name: string]: Both };

interface ClearingTexts {
  readonly requested: (request: string, clips: number) => string;
  readonly approved: (request: string, requester: string, clips: number) => string;
  readonly request: (line: { request: string; clips: number; requester: string; approver: string | null }) => string;
  readonly clearing: (line: {
    docking: string;
    recorder: string;
    cleared: number;
    toClear: number;
    state: string;
  }) => string;
  readonly nothing: string;
  readonly certificate: string;
}

export const clearingTexts: { readonly [L in Language]: ClearingTexts } = {
  zh: {
    requested: (request, clips) =>
      `申请 ${request}：${clips} 个文件。须另一人运行 evidock clearing approve ${request}。`,
    approved: (request, requester, clips) =>
      `已批准申请 ${request}（申请人 ${requester}，${clips} 个文件）；下次接入时清空。`,
    request: ({ request, clips, requester, approver }) =>
      `申请  ${request}  ${clips} 个文件  申请人 ${requester}  ${approver === null ? '待批准' : `批准人 ${approver}`}`,
    clearing: ({ docking, recorder, cleared, toClear, state }) =>
      `清空  ${docking}  ${recorder}  已删除 ${cleared} / ${toClear}  ${state}`,
    nothing: '没有清空记录，也没有申请。',
    certificate: '可打印的凭证：--html，或页面 /dockings/<接入>/clearing。',
  },
  en: {
    requested: (request, clips) =>
      `request ${request}: ${clips} clips. Another person approves it: evidock clearing approve ${request}`,
    approved: (request, requester, clips) =>
      `request ${request} by ${requester} is approved (${clips} clips); cleared at the next docking`,
    request: ({ request, clips, requester, approver }) =>
      `request   ${request}  ${clips} clips  asked by ${requester}  ${approver === null ? 'waits for approval' : `approved by ${approver}`}`,
    clearing: ({ docking, recorder, cleared, toClear, state }) =>
      `clearing  ${docking}  ${recorder}  ${cleared} of ${toClear} deleted  ${state}`,
    nothing: 'no clearing and no request yet',
    certificate: 'to print: --html, or the page /dockings/<docking>/clearing',
  },
};
