/** What `evidock witness` says to people. */
import type { Language } from './cli-texts.ts';

export interface WitnessTexts {
  readonly made: (logs: string) => string;
  readonly running: (name: string, address: string) => string;
  readonly needsProof: (size: number) => string;
  readonly noRequest: (folder: string) => string;
  readonly noAnswer: (folder: string) => string;
  readonly refused: (status: number, reason: string) => string;
}

export const witnessTexts: { readonly [L in Language]: WitnessTexts } = {
  zh: {
    made: (logs) =>
      `见证方已建立。把采集站的 log.vkey（更换过密钥的，见 evidock keys list）加到 ${logs}；把上面 witness 一行交给采集站写入见证策略文件。`,
    running: (name, address) => `见证方 ${name} 正在运行：${address}`,
    needsProof: (size) =>
      `见证方上次见过 ${size} 条记录，U 盘中没有从那里开始的证明。请在采集站用 --from ${size} 重新写出；若采集站记录更少，说明其日志被回退。`,
    noRequest: (folder) => `${folder} 中没有采集站写出的校验点。`,
    noAnswer: (folder) => `${folder} 中没有见证方的副署。`,
    refused: (status, reason) => `拒绝副署（${status}）：${reason}`,
  },
  en: {
    made: (logs) =>
      `The witness is made. Add the station's log.vkey (ledger/keys/log.vkey; after a change of keys see evidock keys list) to ${logs}; the station puts the witness line above into its policy file.`,
    running: (name, address) => `Witness ${name} runs at ${address}`,
    needsProof: (size) =>
      `The witness has seen ${size} records last and the stick has no proof from there. Write it again at the station with --from ${size}; if the station has fewer records, its ledger was rolled back.`,
    noRequest: (folder) => `There is no checkpoint of a station in ${folder}.`,
    noAnswer: (folder) => `There is no cosignature of a witness in ${folder}.`,
    refused: (status, reason) => `Not cosigned (${status}): ${reason}`,
  },
};
