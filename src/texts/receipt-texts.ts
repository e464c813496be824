/** What a receipt (交接回执) says, and what checking one found: Chinese first and English, every code in both. */
import type { ReceiptFindingCode } from '../domain/receipt-policy.ts';
import type { Language } from './cli-texts.ts';

export interface ReceiptTexts {
  readonly title: string;
  readonly checkTitle: string;
  readonly checkLink: string;
  readonly back: string;
  readonly print: string;
  readonly station: string;
  readonly recorder: string;
  readonly slot: string;
  readonly docking: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly listed: string;
  readonly kept: string;
  readonly keptOf: (sealed: string, held: string) => string;
  readonly skipped: string;
  readonly missing: string;
  readonly missingNext: string;
  readonly inventory: string;
  readonly checkpoint: string;
  readonly checkpointText: (size: string, root: string) => string;
  readonly code: string;
  readonly qrLabel: string;
  readonly note: string;
  readonly interrupted: string;
  readonly codeLabel: string;
  readonly codeHint: string;
  readonly check: string;
  readonly asked: string;
  readonly good: string;
  readonly goodText: (clips: string) => string;
  readonly bad: string;
  readonly badText: (count: string) => string;
  readonly badMore: (shown: string) => string;
  readonly stands: string;
  readonly troubles: { readonly [T in 'not-a-receipt' | 'other-version' | 'mistyped']: string };
  readonly findings: { readonly [C in ReceiptFindingCode]: string };
}

export const receiptTexts: { readonly [L in Language]: ReceiptTexts } = {
  zh: {
    title: '交接回执',
    checkTitle: '核对回执',
    checkLink: '核对回执',
    back: '返回本次接入',
    print: '用浏览器的打印功能可打成 58 毫米小票。',
    station: '采集站',
    recorder: '记录仪',
    slot: '采集口',
    docking: '接入',
    startedAt: '接入时间',
    endedAt: '结束时间',
    listed: '清点',
    kept: '在库',
    keptOf: (sealed, held) => `本次固定 ${sealed}，此前已在库 ${held}`,
    skipped: '按规则跳过',
    missing: '未采集',
    missingNext: '有文件未采集：请勿清空记录仪，处理后重新插入。',
    inventory: '清单摘要',
    checkpoint: '存证日志',
    checkpointText: (size, root) => `${size} 条，根 ${root}`,
    code: '回执码',
    qrLabel: '回执码的二维码',
    note: '凭回执码可随时核对采集站是否仍保有这些文件。',
    interrupted: '本次接入中断，未记录结果的文件计为未采集。',
    codeLabel: '回执码',
    codeHint: '扫描或逐字输入；大小写、空格不限，O 与 0、I 与 1 可互换',
    check: '核对',
    asked: '所核对的回执码',
    good: '采集站仍保有回执所列的全部文件',
    goodText: (clips) =>
      `回执与存证日志一致；${clips} 个文件均已固定，原始数据在证据库中且大小正确，未经删除。内容逐字节核验请用 evidock fsck。`,
    bad: '与回执不符',
    badText: (count) => `发现 ${count} 处不符：`,
    badMore: (shown) => `只列出前 ${shown} 处。`,
    stands: '回执载明',
    troubles: {
      'not-a-receipt': '这不是回执码：回执码以 EVR1 开头。',
      'other-version': '这是另一版本程序的回执码，请用新版程序核对。',
      mistyped: '回执码有误：末尾的校验字母不符，请重新扫描或逐字核对。',
    },
    findings: {
      'receipt-of-another-station': '这是另一台采集站的回执，请到那台采集站核对。',
      'receipt-docking-unknown': '存证日志中没有这次接入。',
      'receipt-differs': '回执与存证日志所载不同（回执／日志）：',
      'receipt-ledger-shorter': '存证日志比开具回执时短，可能被回退：',
      'receipt-ledger-differs': '存证日志在开具回执时的内容已被改写，记录数：',
      'receipt-clips-fewer': '回执所列的文件已无登记：',
      'receipt-clip-deleted': '已依法删除：',
      'receipt-original-damaged': '原始数据经核验已损坏：',
      'receipt-original-missing': '证据库中缺少原始数据：',
      'receipt-original-size': '原始数据大小不对：',
    },
  },
  en: {
    title: 'Receipt',
    checkTitle: 'Check a receipt',
    checkLink: 'Check a receipt',
    back: 'Back to the docking',
    print: "The browser's print makes a slip of 58 mm of it.",
    station: 'Station',
    recorder: 'Recorder',
    slot: 'Slot',
    docking: 'Docking',
    startedAt: 'Docked at',
    endedAt: 'Ended at',
    listed: 'Listed',
    kept: 'In the vault',
    keptOf: (sealed, held) => `sealed now ${sealed}, held before ${held}`,
    skipped: 'Skipped by rule',
    missing: 'Not taken',
    missingNext: 'Something was not taken: do not clear the recorder; dock it again.',
    inventory: 'Inventory digest',
    checkpoint: 'Ledger',
    checkpointText: (size, root) => `${size} records, root ${root}`,
    code: 'Receipt code',
    qrLabel: 'The receipt code as a QR code',
    note: 'With this code anyone can ask whether the station still has these files.',
    interrupted: 'This docking was interrupted; files without a recorded outcome count as not taken.',
    codeLabel: 'Receipt code',
    codeHint: 'Scan or type it; small letters and blanks do not matter, nor O for 0 and I for 1',
    check: 'Check',
    asked: 'The code that was checked',
    good: 'The station still has everything on the receipt',
    goodText: (clips) =>
      `The receipt agrees with the ledger; all ${clips} clips are sealed, their originals are in the vault at the right size, and none was deleted. To compare every byte, run "evidock fsck".`,
    bad: 'Not as the receipt says',
    badText: (count) => `${count} found wrong:`,
    badMore: (shown) => `The first ${shown} only.`,
    stands: 'What the receipt says',
    troubles: {
      'not-a-receipt': 'This is no receipt code: those begin with EVR1.',
      'other-version': 'This code was made by another version of the program; check it with the newer one.',
      mistyped: 'The code is mistyped: its last letters do not fit. Scan it again, or compare letter by letter.',
    },
    findings: {
      'receipt-of-another-station': 'This receipt is of another station; check it there.',
      'receipt-docking-unknown': 'The ledger has no such docking.',
      'receipt-differs': 'Receipt and ledger differ (receipt / ledger):',
      'receipt-ledger-shorter': 'The ledger is shorter than when the receipt was made; it may have been set back:',
      'receipt-ledger-differs': 'The ledger was rewritten since the receipt was made; records then:',
      'receipt-clips-fewer': 'The clips of the receipt are not known any more:',
      'receipt-clip-deleted': 'Lawfully deleted:',
      'receipt-original-damaged': 'A check found the original damaged:',
      'receipt-original-missing': 'The vault lacks the original:',
      'receipt-original-size': 'The original has another size:',
    },
  },
};
