/** What the commands that keep originals say to people: mirrors, scrubbing, lawful deletion, restriction. */
import type { Language } from './cli-texts.ts';

type InBoth<T = string> = { readonly [L in Language]: T };

export const mirrorStateTexts: { readonly [state: string]: InBoth } = {
  present: { zh: '在线', en: 'present' },
  away: { zh: '离线', en: 'away' },
  failing: { zh: '写入失败', en: 'failing' },
  foreign: { zh: '不是本站的镜像', en: 'not a mirror of this station' },
  'not-initialised': { zh: '未初始化', en: 'not initialised' },
};

interface KeepingTexts {
  readonly noMirrors: string;
  readonly mirrorAdded: (folder: string, mirror: string) => string;
  readonly mirrorAddToConfiguration: (folder: string) => string;
  readonly mirrorSameDisk: string;
  readonly mirrorAddNext: (folder: string) => string;
  readonly mirrorCopies: (copies: number, behind: number, size: string) => string;
  readonly mirrorLastCopy: (time: string) => string;
  readonly mirrorLedgerDiffers: (file: string) => string;
  readonly mirrorDamaged: (count: number) => string;
  readonly mirrorDeletionsOpen: (count: number) => string;
  readonly deleted: (clips: number, documents: number) => string;
  readonly deletionOpen: (place: string) => string;
  readonly restricted: (clip: string) => string;
  readonly restrictionLifted: (clip: string) => string;
  readonly place: (place: string) => string;
  readonly scrubProgress: (place: string, done: number, originals: number, size: string) => string;
  readonly scrubRepaired: (sha256: string, from: string) => string;
  readonly scrubEnded: (checked: number, size: string, damaged: number) => string;
  readonly scrubCancelled: string;
  readonly scrubRepairNext: string;
  readonly mirrorProgress: (folder: string, done: number, originals: number) => string;
}

export const keepingTexts: InBoth<KeepingTexts> = {
  zh: {
    noMirrors: '没有配置镜像（vault.mirrors）：原始数据只有证据库中的一份。',
    mirrorAdded: (folder, mirror) => `${folder} 已成为本站镜像 ${mirror}。`,
    mirrorAddToConfiguration: (folder) => `请把 ${folder} 写入配置 vault.mirrors，并重新启动采集站。`,
    mirrorSameDisk: '与数据目录在同一块磁盘：磁盘损坏时两份会一起丢失',
    mirrorAddNext: (folder) => `初始化一次：evidock mirrors add ${folder}`,
    mirrorCopies: (copies, behind, size) => `已有副本 ${copies}，待复制 ${behind}（${size}）`,
    mirrorLastCopy: (time) => `最近一次写入 ${time}`,
    mirrorLedgerDiffers: (file) => `存证日志副本与本站不一致：${file}`,
    mirrorDamaged: (count) => `损坏的副本 ${count}`,
    mirrorDeletionsOpen: (count) => `待执行的依规删除 ${count}`,
    deleted: (clips, documents) => `已依规删除：视音频文件 ${clips}，文书 ${documents}。此前的证明仍然有效。`,
    deletionOpen: (place) => `${place}中尚待执行：镜像盘接好后由运行中的采集站执行，也可运行 evidock mirrors sync。`,
    restricted: (clip) => `${clip} 已限制处理。`,
    restrictionLifted: (clip) => `${clip} 已解除限制处理。`,
    place: (place) => (place === 'vault' ? '证据库' : `镜像 ${place}`),
    scrubProgress: (place, done, originals, size) => `${place}：已巡检 ${done}/${originals}，${size}`,
    scrubRepaired: (sha256, from) => `已由镜像 ${from} 修复：${sha256}`,
    scrubEnded: (checked, size, damaged) => `已巡检 ${checked} 个（${size}）；目前损坏 ${damaged} 个。`,
    scrubCancelled: '已中止；下次从此处继续。',
    scrubRepairNext: '可由镜像修复：evidock scrub --repair',
    mirrorProgress: (folder, done, originals) => `${folder}：已复制 ${done}/${originals}`,
  },
  en: {
    noMirrors: 'No mirror is configured (vault.mirrors): there is one copy of each original, in the vault.',
    mirrorAdded: (folder, mirror) => `${folder} is now this station's mirror ${mirror}.`,
    mirrorAddToConfiguration: (folder) => `Put ${folder} into vault.mirrors of the configuration and start again.`,
    mirrorSameDisk: 'on the same disk as the data folder: both would be lost together',
    mirrorAddNext: (folder) => `initialise it once: evidock mirrors add ${folder}`,
    mirrorCopies: (copies, behind, size) => `${copies} copies, ${behind} originals behind (${size})`,
    mirrorLastCopy: (time) => `last copy ${time}`,
    mirrorLedgerDiffers: (file) => `its ledger is not ours: ${file}`,
    mirrorDamaged: (count) => `${count} damaged copies`,
    mirrorDeletionsOpen: (count) => `${count} lawful deletions to be carried out`,
    deleted: (clips, documents) => `Deleted: ${clips} clips, ${documents} documents. Every earlier proof stays valid.`,
    deletionOpen: (place) =>
      `Still to be carried out in ${place}: by the running station when its disk is there, or by evidock mirrors sync.`,
    restricted: (clip) => `${clip} is restricted.`,
    restrictionLifted: (clip) => `${clip} is no longer restricted.`,
    place: (place) => (place === 'vault' ? 'vault' : `mirror ${place}`),
    scrubProgress: (place, done, originals, size) => `${place}: ${done}/${originals} read, ${size}`,
    scrubRepaired: (sha256, from) => `put back from mirror ${from}: ${sha256}`,
    scrubEnded: (checked, size, damaged) => `${checked} read (${size}); damaged now: ${damaged}.`,
    scrubCancelled: 'Cancelled; the next scrub goes on from here.',
    scrubRepairNext: 'A mirror may put it back: evidock scrub --repair',
    mirrorProgress: (folder, done, originals) => `${folder}: ${done}/${originals} copied`,
  },
};
