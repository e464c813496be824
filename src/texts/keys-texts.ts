/** What `evidock keys` says, Chinese first and English. */
import type { Language } from './cli-texts.ts';

interface ShownLog {
  readonly log: number;
  readonly firstSequence: number;
  readonly records: number;
  readonly folder: string;
  readonly closed: 'routine' | 'compromised' | null;
  readonly cosignatures: number;
}

export interface KeysTexts {
  readonly log: (log: ShownLog) => string;
  readonly changed: string;
  readonly compromised: string;
  readonly endedLogProof: (record: number) => string;
  readonly approverNeeded: string;
  readonly samePerson: string;
  readonly reasonLength: (max: number) => string;
}

export const keysTexts: { readonly [L in Language]: KeysTexts } = {
  zh: {
    log: ({ log, firstSequence, records, folder, closed, cosignatures }) => {
      const state = { routine: '已结束', compromised: '已结束，密钥已泄露' };
      const witnessed = `最新校验点有 ${cosignatures} 个副署`;
      return `日志 ${log}  ${folder}/  记录 ${firstSequence} 起 ${records} 条  ${closed === null ? '进行中' : state[closed]}  ${witnessed}`;
    },
    changed:
      '密钥已更换。请打印新的交接单，把新的 log.vkey 交给见证方（加入其 logs 文件后重启），并向核验人员重新提供 evidock trust 的文件。',
    compromised:
      '旧密钥已记为泄露：旧日志只有其最后校验点之内的记录得到证明（新日志首条载有该校验点，见证方的副署使它无法后补）；此后用旧密钥签的任何内容都不足为凭。此前导出、以旧日志较早校验点为准的证据包，请重新导出或用 evidock proof 补证。密钥泄露到更换之间写入的记录真伪无法由日志本身证明。',
    endedLogProof: (record) =>
      `该记录在已结束的日志中，证明以其最后校验点为准；后一本日志的首条（记录 ${record}，log-continued）载有该校验点：evidock proof ${record}`,
    approverNeeded: '--approved-by：批准人姓名，不超过 200 个字',
    samePerson: '--approved-by 须是另一人',
    reasonLength: (max) => `--reason：不能为空，不超过 ${max} 个字`,
  },
  en: {
    log: ({ log, firstSequence, records, folder, closed, cosignatures }) => {
      const state = { routine: 'ended', compromised: 'ended, its key was compromised' };
      const witnessed = `${cosignatures} cosignatures on its newest checkpoint`;
      return `log ${log}  ${folder}/  ${records} records from ${firstSequence} on  ${closed === null ? 'goes on' : state[closed]}  ${witnessed}`;
    },
    changed:
      'The keys are changed. Print a new hand-over sheet, give the new log.vkey to the witnesses (for their file logs, then they start again), and a new file of "evidock trust" to whoever checks.',
    compromised:
      'The old keys are on record as compromised: of the old log only what its last checkpoint covers is proved (the first record of the new log holds that checkpoint, and cosignatures of witnesses show that it was not made later); nothing that the old keys sign since proves anything. Bags that were exported against an earlier checkpoint of the old log: export them again, or add proofs with "evidock proof". Whether a record is true that was written between the theft and this change, the ledger alone cannot show.',
    endedLogProof: (record) =>
      `the record stands in a log that has ended, and the proof leads to its last checkpoint; the first record of the next log (record ${record}, log-continued) holds that checkpoint: evidock proof ${record}`,
    approverNeeded: '--approved-by: the name of who approved it, of at most 200 characters',
    samePerson: '--approved-by must be another person',
    reasonLength: (max) => `--reason: not empty, and at most ${max} characters`,
  },
};
