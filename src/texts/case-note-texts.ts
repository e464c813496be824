/** The printable note for an act without a recording or with a break. */
import type { Language } from './cli-texts.ts';

export interface CaseNoteTexts {
  readonly title: string;
  readonly print: string;
  readonly found: string;
  readonly notRecorded: string;
  readonly clips: string;
  readonly printedAt: string;
  readonly reason: string;
  readonly reasonHint: string;
  readonly measures: string;
  readonly officer: string;
  readonly head: string;
  readonly date: string;
  readonly rule: string;
}

export const caseNoteTexts: { readonly [L in Language]: CaseNoteTexts } = {
  zh: {
    title: '未录制/中断情况说明',
    print: '打印后由执法人员填写并签名，入卷。',
    found: '系统所见',
    notRecorded: '没有对应的视音频记录',
    clips: '前后文件',
    printedAt: '打印时间',
    reason: '原因',
    reasonHint: '设备故障、电量耗尽、存储已满、人为关闭或其他（请说明经过）',
    measures: '采取的补救措施及其他证据',
    officer: '执法人员签名',
    head: '负责人签名',
    date: '日期',
    rule: '执法行为应全程录音录像，除技术原因外不得中断；中断的，应当说明。',
  },
  en: {
    title: 'Note on an act that was not recorded, or a break',
    print: 'To be printed, filled in and signed by the officers, and put into the file.',
    found: 'What the station found',
    notRecorded: 'There is no recording of it',
    clips: 'Clips before and after',
    printedAt: 'Printed',
    reason: 'Reason',
    reasonHint: 'Fault, empty battery, full card, switched off, other: say what happened',
    measures: 'What was done about it, and other evidence',
    officer: 'Signature of the officer',
    head: 'Signature of the head',
    date: 'Date',
    rule: 'Acts are recorded throughout; a recording breaks off only for technical reasons, and then a note explains it.',
  },
};
