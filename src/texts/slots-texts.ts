/** What `evidock slots` says to people. */
import type { Language } from './cli-texts.ts';

interface SlotsTexts {
  readonly notCalibrated: string;
  readonly noUsb: string;
  readonly plugInto: (slot: number) => string;
  readonly alreadyLearnt: (slot: number) => string;
  readonly learnt: (slot: number, sockets: string) => string;
  readonly nextStart: string;
  readonly unknownSlot: string;
  readonly empty: string;
  readonly notOfDock: string;
  readonly nothingToStop: (slot: string) => string;
  readonly mayPullNow: (slot: string) => string;
  readonly notTaken: (files: number) => string;
}

export const slotsTexts: { readonly [L in Language]: SlotsTexts } = {
  zh: {
    notCalibrated: '采集口尚未校准：运行 evidock slots learn，按提示逐个插入记录仪。',
    noUsb: '本机没有 USB。',
    plugInto: (slot) => `请在 ${slot} 号采集口插入记录仪（Ctrl-C 结束）`,
    alreadyLearnt: (slot) => `这是刚才已记下的 ${slot} 号采集口；请拔出，插入所要求的那一个。`,
    learnt: (slot, sockets) => `${slot} 号采集口：${sockets}`,
    nextStart:
      '已保存；正在运行的采集站重新启动后生效。特权助手的清单 /etc/evidock/dock-sockets 也要更新：见 config/system/README.md 中的一行命令。',
    unknownSlot: '没有这个采集口',
    empty: '空',
    notOfDock: '未编号',
    nothingToStop: (slot) => `${slot} 号采集口没有正在进行的采集`,
    mayPullNow: (slot) => `${slot} 号采集口可以拔出`,
    notTaken: (files) => `${files} 个文件未采集，下次接入时继续`,
  },
  en: {
    notCalibrated: 'The dock is not calibrated: run "evidock slots learn" and plug a recorder into each slot in turn.',
    noUsb: 'This machine has no USB.',
    plugInto: (slot) => `Plug a recorder into slot ${slot} (Ctrl-C ends)`,
    alreadyLearnt: (slot) => `That is slot ${slot}, learnt just now; take it out and plug it into the slot asked for.`,
    learnt: (slot, sockets) => `slot ${slot}: ${sockets}`,
    nextStart:
      "Saved; a running station goes by it after its next start. The helper's list /etc/evidock/dock-sockets needs it too: config/system/README.md has the one line.",
    unknownSlot: 'there is no such slot',
    empty: 'empty',
    notOfDock: 'no slot',
    nothingToStop: (slot) => `nothing is under way in slot ${slot}`,
    mayPullNow: (slot) => `slot ${slot} may be pulled out`,
    notTaken: (files) => `${files} files were not taken; they follow at the next docking`,
  },
};
