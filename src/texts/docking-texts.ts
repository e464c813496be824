/**
 * What pages and command line say of dockings (接入), Chinese first and English. Words for codes stand in
 * code-texts.ts; here are the sentences around them.
 */
import type { DockingState } from '../domain/docking-views.ts';
import type { Language } from './cli-texts.ts';

export interface DockingTexts {
  readonly title: string;
  readonly one: (docking: string) => string;
  readonly back: string;
  readonly none: string;
  readonly noneNext: string;
  readonly noMatch: string;
  readonly slot: string;
  readonly recorder: string;
  readonly recorderHint: string;
  readonly kind: string;
  readonly state: string;
  readonly anyState: string;
  readonly day: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly listed: string;
  readonly sealed: string;
  readonly held: string;
  readonly skipped: string;
  readonly missing: string;
  readonly findings: string;
  readonly noFindings: string;
  readonly notKnown: string;
  readonly notRegistered: string;
  readonly notRegisteredNext: (serial: string) => string;
  readonly allTaken: string;
  readonly allTakenText: string;
  readonly notTaken: (count: string) => string;
  readonly notTakenText: string;
  readonly underWay: string;
  readonly underWayText: string;
  readonly inventoryUnknown: string;
  readonly notCertain: string;
  readonly inventoryNone: string;
  readonly inventoryEmpty: string;
  readonly facts: string;
  readonly volume: string;
  readonly clearing: string;
  readonly clearedOf: (cleared: string, planned: string) => string;
  readonly inventory: string;
  readonly inventoryNote: string;
  readonly inventoryIncomplete: string;
  readonly inventoryErased: string;
  readonly inventoryCounted: (from: string, to: string, total: string) => string;
  readonly entry: string;
  readonly size: string;
  readonly outcome: string;
  readonly reason: string;
  readonly notReached: string;
  readonly pending: string;
  readonly records: string;
  readonly recordsNote: string;
  readonly recordsMore: (shown: string, total: string) => string;
  readonly seq: string;
  readonly receipt: string;
}

export const dockingTexts: { readonly [L in Language]: DockingTexts } = {
  zh: {
    title: '接入记录',
    one: (docking) => `接入 ${docking}`,
    back: '返回接入记录',
    none: '还没有接入记录',
    noneNext: '记录仪插入采集口，或用 evidock ingest 导入文件夹后，会列在这里。',
    noMatch: '没有符合条件的接入记录',
    slot: '采集口',
    recorder: '记录仪',
    recorderHint: '完整编号',
    kind: '方式',
    state: '结果',
    anyState: '全部结果',
    day: '接入日期',
    startedAt: '接入时间',
    endedAt: '结束时间',
    listed: '清点',
    sealed: '已固定',
    held: '已在库',
    skipped: '按规则跳过',
    missing: '未采集',
    findings: '异常',
    noFindings: '未发现异常。',
    notKnown: '未知',
    notRegistered: '未登记',
    notRegisteredNext: (serial) => `这台记录仪不在台账中；登记：evidock recorders add ${serial} --model 型号`,
    allTaken: '全部在库',
    allTakenText: '清单上应采集的文件都已在证据库中。',
    notTaken: (count) => `${count} 个文件未采集`,
    notTakenText: '下表最前面逐个列出；请勿清空记录仪，处理后重新插入即可续采。',
    underWay: '采集进行中',
    underWayText: '结束后这里会给出结果，请刷新本页。',
    inventoryUnknown: '清单尚未登记就已中断，无法说明少了哪些文件；请重新插入记录仪。',
    notCertain: '不能确认全部在库',
    inventoryNone: '清单尚未登记。',
    inventoryEmpty: '记录仪上没有文件。',
    facts: '基本情况',
    volume: '卷标识',
    clearing: '清空记录仪',
    clearedOf: (cleared, planned) => `已清空 ${cleared} / 计划 ${planned} 个文件（清空凭证）`,
    inventory: '文件清单',
    inventoryNote: '复制开始之前清点并写入存证日志；未采集的排在最前。',
    inventoryIncomplete: '有文件夹未能完整列出，清单可能不全。',
    inventoryErased: '清单中的文件名已依法删除，仅存数量。',
    inventoryCounted: (from, to, total) => `第 ${from}–${to} 项，共 ${total} 项`,
    entry: '文件',
    size: '大小',
    outcome: '处理结果',
    reason: '原因',
    notReached: '未处理到',
    pending: '处理中',
    records: '存证记录',
    recordsNote: '与本次接入本身有关的记录；每个文件的固定记录见该文件的保管链。',
    recordsMore: (shown, total) => `共 ${total} 条，显示前 ${shown} 条。`,
    seq: '序号',
    receipt: '交接回执',
  },
  en: {
    title: 'Dockings',
    one: (docking) => `Docking ${docking}`,
    back: 'Back to the dockings',
    none: 'No dockings yet',
    noneNext: 'They are listed here once a recorder was docked or a folder was taken in with "evidock ingest".',
    noMatch: 'No docking fits',
    slot: 'Slot',
    recorder: 'Recorder',
    recorderHint: 'whole serial',
    kind: 'By way of',
    state: 'Result',
    anyState: 'Any result',
    day: 'Day of docking',
    startedAt: 'Docked at',
    endedAt: 'Ended at',
    listed: 'Listed',
    sealed: 'Sealed',
    held: 'Held before',
    skipped: 'Skipped by rule',
    missing: 'Not taken',
    findings: 'Findings',
    noFindings: 'Nothing was found wrong.',
    notKnown: 'not known',
    notRegistered: 'not registered',
    notRegisteredNext: (serial) =>
      `This recorder is not in the list; register it: evidock recorders add ${serial} --model MODEL`,
    allTaken: 'All in the vault',
    allTakenText: 'Everything on the inventory that should be taken is in the vault.',
    notTaken: (count) => `${count} not taken`,
    notTakenText: 'The table names them first. Do not clear the recorder; dock it again and it goes on.',
    underWay: 'Under way',
    underWayText: 'The result stands here once it has ended; load the page again.',
    inventoryUnknown:
      'It was interrupted before the inventory was recorded, so what is missing cannot be told. Dock the recorder again.',
    notCertain: 'Not certain that all is in the vault',
    inventoryNone: 'The inventory was not recorded.',
    inventoryEmpty: 'There was nothing on the recorder.',
    facts: 'Facts',
    volume: 'Volume id',
    clearing: 'Clearing',
    clearedOf: (cleared, planned) => `${cleared} of ${planned} files cleared (certificate)`,
    inventory: 'Inventory',
    inventoryNote: 'Listed and recorded in the ledger before the first copy; what was not taken comes first.',
    inventoryIncomplete: 'A folder could not be listed whole: the inventory may lack files.',
    inventoryErased: 'The names on this inventory were lawfully deleted; only the counts remain.',
    inventoryCounted: (from, to, total) => `${from}–${to} of ${total}`,
    entry: 'File',
    size: 'Size',
    outcome: 'What became of it',
    reason: 'Why',
    notReached: 'not reached',
    pending: 'under way',
    records: 'Ledger records',
    recordsNote: 'Those about the docking itself; the seal of each file stands in its custody history.',
    recordsMore: (shown, total) => `The first ${shown} of ${total}.`,
    seq: 'No.',
    receipt: 'Receipt',
  },
};

/** One line of `evidock dockings` for people. */
export interface DockingLineTexts {
  readonly states: { readonly [S in DockingState]: string };
  readonly line: (counts: {
    listed: string;
    sealed: number;
    held: number;
    missing: string;
    findings: number;
  }) => string;
  readonly limited: (limit: number) => string;
}

export const dockingLineTexts: { readonly [L in Language]: DockingLineTexts } = {
  zh: {
    states: { open: '进行中', ended: '已完成', cancelled: '已中止', interrupted: '中断' },
    line: (c) =>
      `清点 ${c.listed}，已固定 ${c.sealed}，已在库 ${c.held}，未采集 ${c.missing}${c.findings === 0 ? '' : `，异常 ${c.findings}`}`,
    limited: (limit) => `只列出前 ${limit} 条；用 --limit 可多列。`,
  },
  en: {
    states: { open: 'under way', ended: 'ended', cancelled: 'cancelled', interrupted: 'interrupted' },
    line: (c) =>
      `listed ${c.listed}, sealed ${c.sealed}, held ${c.held}, not taken ${c.missing}${c.findings === 0 ? '' : `, findings ${c.findings}`}`,
    limited: (limit) => `Only the first ${limit}; --limit shows more.`,
  },
};
