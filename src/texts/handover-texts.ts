/** The hand-over sheet of a shift (交接单), on the page and from the command line, Chinese first and English. */
import type { Language } from './cli-texts.ts';

export interface HandoverTexts {
  readonly title: string;
  readonly intro: string;
  readonly print: string;
  readonly station: string;
  readonly printedAt: string;
  readonly records: string;
  readonly checkpoint: string;
  readonly noCheckpoint: string;
  readonly qr: string;
  readonly keys: string;
  readonly from: string;
  readonly to: string;
  readonly signature: string;
  readonly date: string;
  readonly remarks: string;
  readonly keep: string;
  readonly recorded: (seq: string) => string;
  readonly samePerson: string;
  readonly bothNames: string;
}

export const handoverTexts: { readonly [L in Language]: HandoverTexts } = {
  zh: {
    title: '交接单',
    intro: '交接双方签名后各执一份。日后任何人可凭此单核对：采集站的存证日志此后只增不改。',
    print: '用浏览器的打印功能打印本页（A4）。',
    station: '采集站',
    printedAt: '打印时间',
    records: '存证记录数',
    checkpoint: '校验点',
    noCheckpoint: '尚无校验点。',
    qr: '校验点二维码',
    keys: '公钥指纹',
    from: '交班人',
    to: '接班人',
    signature: '签名',
    date: '日期',
    remarks: '备注（在位记录仪、未采集文件、异常）',
    keep: '请妥善保存，勿只存放在采集站内。',
    recorded: (seq) => `交接已记入存证日志，记录 ${seq}。`,
    samePerson: '交班人与接班人不能是同一人。',
    bothNames: '--from 与 --to 须同时给出。',
  },
  en: {
    title: 'Hand-over sheet',
    intro:
      'Both sign, and each keeps a copy. With it anyone can check later that the ledger of this station was only added to since.',
    print: 'Print this page with the browser (A4).',
    station: 'Station',
    printedAt: 'Printed',
    records: 'Records',
    checkpoint: 'Checkpoint',
    noCheckpoint: 'There is no checkpoint yet.',
    qr: 'The checkpoint as a QR code',
    keys: 'Key fingerprints',
    from: 'Handed over by',
    to: 'Taken over by',
    signature: 'Signature',
    date: 'Date',
    remarks: 'Remarks (recorders docked, files not taken, findings)',
    keep: 'Keep it well, and not only at the station.',
    recorded: (seq) => `The hand-over stands in the ledger, record ${seq}.`,
    samePerson: 'Whoever hands over and whoever takes over must be two persons.',
    bothNames: '--from and --to go together.',
  },
};
