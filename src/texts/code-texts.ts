/**
 * Words for codes: states, problems, findings, record types, reasons. Each entry has both languages, so that a missing
 * translation is a type error; where domain/ names the codes, a missing code is one as well. A code that nobody knows
 * here is shown as it is, never hidden.
 */

import type { EntryType, Outcome } from '../domain/clip-facts.ts';
import type { GapReason, OutOfPopulationReason, UseReason } from '../domain/coverage-verdict.ts';
import type { DockKind, SlotState } from '../domain/dock.ts';
import type { LinkBasis } from '../domain/linking-facts.ts';
import type { Language } from './cli-texts.ts';
import { type Both, both, type Codes, type CodeText, pair, type Words } from './code-text.ts';
import { helperProblems } from './helper-problem-texts.ts';
import {
  assignmentModes,
  checkPointWords,
  checkStates,
  objectionCodes,
  recorderProblems,
  recorderStates,
  returnBases,
  reviewCodes,
  standings,
} from './recorder-texts.ts';

const slotStates: Words<SlotState> = {
  empty: both('空闲', 'Free'),
  waiting: both('排队等候', 'Waiting'),
  listing: both('正在清点', 'Listing'),
  copying: both('正在采集', 'Copying'),
  finishing: both('正在收尾', 'Finishing'),
  clearing: both('正在清空', 'Clearing'),
  done: both('采集完成', 'Done'),
  attention: both('有文件未采集', 'Not all taken'),
  pulled: both('过早拔出', 'Pulled too early'),
  failed: both('采集失败', 'Failed'),
};

const dockKinds: Words<DockKind | 'ingest'> = {
  'import-folder': both('导入目录', 'Import folder'),
  simulated: both('模拟采集口', 'Simulated dock'),
  usb: both('USB 采集口', 'USB dock'),
  ingest: both('手工导入', 'By hand, from a folder'),
};

const dockingStates = {
  open: both('进行中', 'under way'),
  ended: both('已完成', 'ended'),
  cancelled: both('已中止', 'cancelled'),
  interrupted: both('中断', 'interrupted'),
} as const satisfies Words<string>;

const outcomes: Words<Outcome> = {
  sealed: both('已固定', 'sealed'),
  'already-held': both('已在库', 'held before'),
  skipped: both('按规则跳过', 'skipped by rule'),
  refused: both('不采集', 'refused'),
  failed: both('采集失败', 'failed'),
  'not-taken': both('留待下次', 'left for next time'),
};

const entryTypes: Words<EntryType> = {
  file: both('文件', 'file'),
  folder: both('文件夹', 'folder'),
  symlink: both('符号链接', 'symbolic link'),
  fifo: both('管道', 'pipe'),
  socket: both('套接字', 'socket'),
  device: both('设备文件', 'device node'),
  'unreadable-folder': both('读不了的文件夹', 'unreadable folder'),
  unknown: both('类型未知', 'unknown type'),
};

const kinds: Words<'video' | 'audio' | 'picture' | 'track' | 'log' | 'other'> = {
  video: both('视频', 'Video'),
  audio: both('音频', 'Audio'),
  picture: both('图片', 'Picture'),
  track: both('轨迹', 'Track'),
  log: both('日志', 'Log'),
  other: both('其他', 'Other'),
};

const linkBases: Words<LinkBasis> = {
  'by-hand': both('人工关联', 'linked by hand'),
  confirmed: both('人工确认建议', 'proposed, confirmed by a person'),
  automatic: both('自动关联', 'linked by the station'),
  assignment: both('按配发', 'by assignment'),
  'check-out': both('按领用', 'by check-out'),
  claim: both('本人认领', 'claimed'),
  name: both('按文件名', 'by file name'),
};

const recorderBases = {
  given: both('操作人员指定', 'given by the operator'),
  'identity-file': both('据记录仪中的标识文件', 'from the recorder’s identity file'),
  protocol: both('据记录仪应答', 'as the recorder answered'),
  name: both('据文件名', 'from the file name'),
  none: both('来源未标明', 'no serial known'),
} as const satisfies Words<string>;

const readBackModes = {
  direct: both('绕过缓存直接回读磁盘', 'direct reading of the disk'),
  'dropped-cache': both('清除缓存后回读', 'reading after dropping the cache'),
  'memory-fs': both('内存文件系统，不能证明', 'memory file system, proves nothing'),
  none: both('不能回读', 'not possible'),
} as const satisfies Words<string>;

const gapReasonCodes: Codes<GapReason> = {
  'no-recorder': pair('没有记录仪', '配发一台专用记录仪。', 'No recorder', 'Assign a personal recorder.'),
  'shared-only': pair('只有公用记录仪', '改为专人专配。', 'Shared only', 'Assign a recorder of their own.'),
  lost: pair('记录仪丢失', '查找，或另行配发一台。', 'Lost', 'Find it, or assign another one.'),
  'in-repair': pair('记录仪维修中', '催修，或先配发备用机。', 'In repair', 'Speed up the repair, or assign a spare.'),
  scrapped: pair('记录仪已报废', '列入采购并配发新机。', 'Scrapped', 'Budget for a new one and assign it.'),
  'held-by-another': pair('记录仪在他人名下', '更正配发，各配一台。', 'Held by another', 'Correct the assignment.'),
  'starts-later': pair('配发日期未到', '提前配发，或等到该日。', 'Starts later', 'Bring the date forward, or wait.'),
};

const alarms = {
  'ledger-rolled-back': both(
    '存证日志被回退：现有记录少于此前签名的校验点。',
    'The ledger was rolled back: it has fewer records than a checkpoint signed before.',
  ),
  'ledger-differs': both(
    '存证日志被改写：与此前签名的校验点不一致。',
    'The ledger was rewritten: it does not fit a checkpoint signed before.',
  ),
  'registry-ahead': both(
    '登记库知道的记录多于存证日志：日志曾被单独回退，登记库原件另存为 registry.db.ahead。',
    'The registry knew more records than the ledger has: the ledger alone was set back. It is kept as registry.db.ahead.',
  ),
  'witness-ahead': both(
    '见证方见过更长的存证日志：本站日志可能被回退。',
    'A witness has seen a longer ledger: this one may have been rolled back.',
  ),
  'witness-contradicts': both(
    '见证方拒绝：本站日志与其见证过的不一致。',
    'A witness refuses: this ledger does not continue what it has cosigned.',
  ),
};

const recordTypes = {
  'alarm-raised': both('发出告警', 'Alarm raised'),
  'alarm-acknowledged': both('确认告警', 'Alarm acknowledged'),
  'act-reviewed': both('评查勾选', 'Review ticked'),
  'case-changed': both('更新案件', 'Case changed'),
  'case-followed-up': both('登记案件回访', 'Follow-up of a case recorded'),
  'drawing-list-part': both('回访抽取名单的案件', 'Cases of a list to draw from'),
  'drawing-list-closed': both('回访抽取名单封存', 'List to draw from closed'),
  'drawing-redraw-ordered': both('批准重新抽取', 'Another draw ordered'),
  'drawing-drawn': both('抽取回访案件', 'Cases drawn for follow-up'),
  'clock-state': both('记录采集站时钟状态', "Station's clock recorded"),
  'ledger-opened': both('存证日志建立', 'Ledger opened'),
  'station-started': both('采集站启动', 'Station started'),
  'docking-started': both('记录仪接入', 'Recorder docked'),
  'inventory-listed': both('清点文件并登记清单', 'Inventory listed'),
  'clip-sealed': both('副本回读一致，文件固定', 'Copy read back and sealed'),
  'clip-probed': both('内容探测', 'Content probed'),
  'clock-setting': both('即将校准记录仪时钟', "Recorder's clock about to be set"),
  'clock-set': both('记录仪时钟校准结果', "How setting the recorder's clock ended"),
  'clock-measured': both('测量记录仪时钟偏差', "Recorder's clock measured"),
  'outcomes-listed': both('登记每个文件的处理结果', 'Outcomes listed'),
  'docking-ended': both('接入结束', 'Docking ended'),
  'docking-interrupted': both('接入中断', 'Docking interrupted'),
  'finding-raised': both('发现异常', 'Finding raised'),
  'original-restored': both('原始数据重新放回证据库', 'Original put back into the vault'),
  'original-unsealed': both('未固定的原始数据移出', 'Unsealed original set aside'),
  'mirror-added': both('新增镜像', 'Mirror added'),
  'original-mirrored': both('副本已核验写入镜像', 'Confirmed copy in a mirror'),
  'mirror-ledger-differs': both('镜像中的存证日志不一致', 'Ledger of a mirror differs'),
  'mirror-ledger-agrees': both('镜像中的存证日志恢复一致', 'Ledger of a mirror agrees again'),
  'scrub-part': both('巡检通过', 'Scrubbed and sound'),
  'scrub-ended': both('巡检结束', 'Scrub ended'),
  'original-damaged': both('原始数据损坏', 'Original damaged'),
  'original-repaired': both('原始数据已由副本修复', 'Original put back from a copy'),
  'deletion-approved': both('依规删除获批准', 'Lawful deletion approved'),
  'deletion-carried-out': both('依规删除已执行', 'Lawful deletion carried out'),
  'clip-restricted': both('限制处理', 'Restricted'),
  'restriction-lifted': both('解除限制处理', 'Restriction lifted'),
  'clip-viewed': both('在采集站上观看', 'Watched at the station'),
  'clip-linked': both('关联案件或执法人员', 'Linked to case or officer'),
  'clip-unlinked': both('解除关联', 'Link taken away'),
  'link-rejected': both('否定关联建议', 'Proposed link refused'),
  'link-settled': both('不属于任何案件', 'Belongs to no case'),
  'links-decided': both('自动关联一轮', 'Links decided by the station'),
  'recorder-changed': both('记录仪状态变更', 'Recorder changed'),
  'assignment-changed': both('配发变更', 'Assignment changed'),
  'recorder-condition': both('登记记录仪电量与剩余空间', 'Battery and free space of a recorder'),
  'recorder-checked-out': both('领用记录仪', 'Recorder checked out'),
  'recorder-returned': both('交还记录仪', 'Recorder returned'),
  'checkout-withdrawn': both('撤销领用登记', 'Check-out withdrawn'),
  'clip-claimed': both('认领视音频文件', 'Clip claimed'),
  'clearing-planned': both('确定清空计划', 'Clearing planned'),
  'clip-cleared': both('从记录仪删除（证据库已固定）', 'Deleted from the recorder (sealed in the vault)'),
  'clearing-kept': both('登记未清空的文件', 'Files left on the recorder listed'),
  'clearing-ended': both('清空结束', 'Clearing ended'),
  'clearing-interrupted': both('清空中断', 'Clearing interrupted'),
  'clearing-requested': both('申请清空', 'Clearing requested'),
  'clearing-approved': both('批准清空', 'Clearing approved'),
  'urgent-requested': both('紧急取用', 'Recorder taken urgently'),
  'export-key-made': both('启用导出签名密钥', 'Export key made'),
  'export-requested': both('申请导出', 'Export requested'),
  'export-clips': both('登记导出的文件', 'Clips of an export'),
  'export-ended': both('导出完成', 'Export ended'),
  'export-refused': both('导出被拒绝', 'Export refused'),
  'import-started': both('开始导入', 'Import started'),
  'import-part': both('导入内容', 'Import content'),
  'import-ended': both('导入完成', 'Import ended'),
  'coverage-baseline-imported': both('导入历史上报数', 'Figures of earlier reports imported'),
  'coverage-reported': both('上报配置率', 'Coverage reported'),
  'exchange-made': both('导出月度数据交换', 'Monthly exchange made'),
  'coverage-checked': both('每日核对配置率', 'Daily look at coverage'),
  'coverage-alerted': both('配置率提醒', 'Alert about coverage'),
  'coverage-alert-ended': both('配置率提醒解除', 'Alert about coverage over'),
  'coverage-alert-sent': both('提醒已推送', 'Alert sent'),
  'coverage-alert-not-sent': both('提醒推送失败', 'Alert could not be sent'),
  'clip-marked': both('人工标记重要程度', 'Importance marked by a person'),
  'hold-placed': both('保全', 'Hold placed'),
  'hold-extended': both('登记保全的文件', 'Clips of a hold'),
  'hold-released': both('解除保全', 'Hold released'),
  'deletion-run-proposed': both('提出删除批次', 'Deletion run proposed'),
  'deletion-run-approved': both('批准删除批次', 'Deletion run approved'),
  'deletion-run-kept': both('删除批次中保留', 'Kept by a deletion run'),
  'deletion-run-cancelled': both('取消删除批次', 'Deletion run cancelled'),
  'deletion-run-ended': both('删除批次完成', 'Deletion run ended'),
} as const satisfies Words<string>;

/** Why somebody does not count, or has left the count; and why a recorder that covers somebody is not in use. */
const standingReasons: Words<OutOfPopulationReason | UseReason | 'absent'> = {
  left: both('调离、辞退或退休', 'left the team'),
  auxiliary: both('辅助人员', 'auxiliary'),
  'certificate-suspended': both('执法证暂扣', 'certificate suspended'),
  'certificate-withdrawn': both('执法证收回', 'certificate withdrawn'),
  'certificate-cancelled': both('执法证注销', 'certificate cancelled'),
  'certificate-expired': both('执法证到期', 'certificate expired'),
  'certificate-not-yet-issued': both('执法证尚未核发', 'certificate not yet issued'),
  'not-on-duty': both('离岗', 'not on duty'),
  'not-front-line': both('转岗（非一线）', 'no front-line post'),
  'never-docked': both('从未接入', 'never docked'),
  'not-docked-lately': both('近期未接入', 'not docked lately'),
  'no-footage': both('接入但无录像', 'docked without footage'),
  absent: both('不在名册', 'in no roster'),
};

const availabilities = {
  available: both('可用', 'available'),
  damaged: both('已损坏', 'damaged'),
  restricted: both('限制处理', 'restricted'),
  deleted: both('已依规删除', 'lawfully deleted'),
  unknown: both('未知', 'not known'),
} as const satisfies Words<string>;

/** Containers that are no name of a format; others stand as they are. */
const containers = {
  unknown: both('未识别的格式', 'format not recognised'),
  empty: both('空文件', 'empty file'),
} as const satisfies Words<string>;

const engines = {
  native: both('本机引擎（直接读写磁盘）', 'native engine (direct to the disk)'),
  portable: both('通用引擎', 'portable engine'),
} as const satisfies Words<string>;

const actorKinds = {
  system: both('采集站自动', 'station'),
  person: both('人员', 'person'),
} as const satisfies Words<string>;

const findings = {
  'lost-recorder-docked': reviewCodes['lost-recorder-docked'],
  'repair-recorder-docked': reviewCodes['repair-recorder-docked'],
  'scrapped-recorder-docked': reviewCodes['scrapped-recorder-docked'],
  'original-damaged': pair(
    '原始数据损坏',
    '巡检发现证据库中的原始数据与固定时不一致或无法读取；不再提供，可由镜像副本修复。',
    'Original damaged',
    'A scrub found that the original in the vault is not what was sealed, or cannot be read. It is not served; a mirror can put it back.',
  ),
  'copy-damaged': pair(
    '镜像副本损坏',
    '某个镜像中的副本已损坏；证据库中的原始数据不受影响，镜像会重新复制。',
    'Copy in a mirror damaged',
    'The copy in a mirror is damaged. The original in the vault is not concerned, and the mirror gets a new copy.',
  ),
  'video-without-index': pair(
    '录制未正常结束',
    '文件没有索引，多为录制中断电。原始数据照原样固定，可能无法直接播放。',
    'Recording never closed',
    'The file has no index, usually after power loss while recording. It is sealed as it came and may not play.',
  ),
  'video-truncated': pair(
    '视频不完整',
    '容器声明的内容多于文件实有的内容，后段缺失。',
    'Video incomplete',
    'The container promises more than the file holds; the end is missing.',
  ),
  'audio-truncated': pair(
    '音频不完整',
    '容器声明的内容多于文件实有的内容，后段缺失。',
    'Audio incomplete',
    'The container promises more than the file holds; the end is missing.',
  ),
  'zero-tail': pair(
    '文件尾部全为零',
    '末尾一长段没有内容，多为预先占用空间后录制中断。',
    'Ends in zeros',
    'A long run of empty bytes at the end, usually space reserved before recording was cut off.',
  ),
  'content-differs-from-name': pair(
    '内容与扩展名不符',
    '按内容判断的类型与文件扩展名不同，以内容为准。',
    'Content differs from name',
    'The content is of another kind than the extension says; the content counts.',
  ),
  'unreadable-media': pair(
    '内容无法识别',
    '看似视音频，但工具无法读出内容；可能损坏或加密。',
    'Content not readable',
    'It looks like media, but no tool makes sense of it: damaged or encrypted.',
  ),
  'probe-timeout': pair('探测超时', '未能在限定时间内读完内容。', 'Probe timed out', 'Reading it took too long.'),
  'probe-limit': pair(
    '探测超出限额',
    '探测占用的处理器、内存或输出超过上限，已停止。',
    'Probe hit a limit',
    'The probe was ended by its limit of processor time, memory or output.',
  ),
  'empty-file': pair('空文件', '文件长度为零，没有内容。', 'Empty file', 'The file has no content.'),
  'name-time-impossible': pair(
    '文件名时间不存在',
    '文件名中的日期或时间在日历上不存在，未采用。',
    'Impossible time in name',
    'The file name carries a date or time that does not exist; it is not used.',
  ),
  'name-time-implausible': pair(
    '文件名时间不可信',
    '文件名中的时间超出合理范围，多为记录仪时钟被复位。',
    'Implausible time in name',
    "The time in the name is out of range, usually because the recorder's clock was reset.",
  ),
  'original-was-damaged': pair(
    '库中原件曾损坏，已更换',
    '证据库中同一内容的旧文件已损坏，已用本次回读一致的副本替换。',
    'Held original was damaged',
    "The vault's older file of the same content was damaged; this verified copy took its place.",
  ),
  'several-serials': pair(
    '一台记录仪出现多个编号',
    '文件名中的编号与记录仪编号不一致，请核对是否混用存储卡。',
    'Several serials',
    'File names carry another serial than the recorder; check whether cards were swapped.',
  ),
  'default-serial': pair(
    '编号为出厂默认值',
    '无法凭编号区分记录仪，请写入唯一编号。',
    'Factory default serial',
    'Recorders cannot be told apart by it; give each one its own.',
  ),
  'inventory-incomplete': pair(
    '清单不完整',
    '有文件夹无法完整列出，请检查存储卡。',
    'Inventory incomplete',
    'A folder could not be listed whole; check the card.',
  ),
  'card-read-past-kernel': pair(
    '部分文件绕过系统读取',
    '文件名特殊（含斜杠、仅大小写不同、末尾有点等），系统无法可靠打开；已直接从存储卡读取两次并核对一致。',
    'Files read past the system',
    'Their names (a slash, case twins, a dot at the end) cannot be opened reliably; they were read from the card itself, twice, with the same result.',
  ),
  'card-listing-differs': pair(
    '两种清点结果不一致',
    '系统列出的文件在存储卡目录中没有；请再接入一次，仍不一致则更换存储卡。',
    'Listings differ',
    'The system lists a file that the card itself has no entry for; dock it again, and replace the card if it stays so.',
  ),
  'card-entry-unreachable': pair(
    '存储卡上有内容无法取出',
    '文件或文件夹在存储卡上，但读不出来；保留该卡，不要清空，交技术人员处理。',
    'Something on the card cannot be had',
    'It is on the card and cannot be read: keep the card, do not clear it, and have it looked at.',
  ),
  'card-check-failed': pair(
    '清单未能复核',
    '未能直接读取存储卡目录来复核清单，以系统列出的为准。',
    'Inventory not cross-checked',
    "The card's own directory could not be read to check the inventory; it is what the system lists.",
  ),
  'officer-not-in-roster': pair(
    '执法人员不在名册',
    '文件名中的证号不在人员名册中，请核对名册或记录仪设置。',
    'Officer not in roster',
    "The number in the name stands in no roster; check the roster or the recorder's settings.",
  ),
  'officer-differs-from-assignment': pair(
    '执法人员不一致',
    '文件名中的证号与当时的配发不同，请确认由谁录制。',
    'Officers differ',
    'The name and the assignment of that time name different officers; confirm who recorded.',
  ),
  'officer-differs-from-check-out': pair(
    '与领用记录不一致',
    '文件名中的执法证号不是当时领用该记录仪的人。',
    'Differs from the check-out',
    'The name has another officer than the one who had the recorder checked out then.',
  ),
  'claim-differs': pair(
    '认领与其他依据不一致',
    '有人认领了这段录像，但配发、领用或文件名指向他人。',
    'A claim differs',
    'Somebody claimed this recording, but assignment, check-out or name point to another officer.',
  ),
  'officer-link-outdated': pair(
    '人员关联的依据已变',
    '按现在的配发、领用记录不会再关联到此人；请确认或更正。',
    'Officer no longer follows',
    'By the assignments and check-outs known now this officer would not be linked; confirm or correct it.',
  ),
  'case-link-outdated': pair(
    '案件关联的依据已变',
    '自动关联之后资料有变，现在不会再自动关联此案；请确认或更正。',
    'Case no longer follows',
    'What is known has changed since the station linked it: it would not do so any more. Confirm or correct it.',
  ),
  'several-holders': pair(
    '当日有多人持有',
    '当日有多人名下登记了这台记录仪，无法判断由谁录制，请认领或更正配发。',
    'Several holders that day',
    'Several officers had this recorder that day; claim the clip or correct the assignments.',
  ),
  'case-not-known': pair(
    '案号不在案件表',
    '所关联的案号未在案件表中找到，请导入案件或更正案号。',
    'Case not listed',
    'The case number stands in no case list; import the cases or correct the number.',
  ),
  'recorder-not-registered': pair(
    '记录仪未登记',
    '台账中没有这台记录仪，文件照常采集；请运行 evidock recorders add 登记。',
    'Recorder not registered',
    'The list of recorders lacks it; its files were taken all the same. Register it with "evidock recorders add".',
  ),
  'card-changed': pair(
    '存储卡已更换',
    '与上次接入时不是同一张卡；如非正常换卡，请查找原卡。',
    'Another card than last time',
    'The recorder came with another card; unless cards were swapped on purpose, look for the old one.',
  ),
  'card-of-another-recorder': pair(
    '存储卡来自另一台记录仪',
    '这张卡上次在另一台记录仪里，请核对文件由哪台记录仪录制。',
    "Another recorder's card",
    'This card was in another recorder last time; check which recorder made the files.',
  ),
  'not-a-recorder': pair(
    '插入的不是记录仪',
    '采集口上的设备不是记录仪（如键盘、网卡），已拒绝驱动，请查明来源。',
    'Not a recorder',
    'What was plugged into the dock is no recorder (such as a keyboard); it got no driver. Find out whose it is.',
  ),
  'composite-device': pair(
    '设备带有多余接口',
    '除存储外还带有键盘、网卡等接口；只读取了存储，其余接口未启用。',
    'Device with foreign interfaces',
    'Beside storage it shows a keyboard, a network card or the like; only the storage was allowed.',
  ),
  'duplicate-serial': pair(
    '两台记录仪编号相同',
    '两个采集口同时出现同一编号，文件已分开保存，请核对并改正编号。',
    'Two recorders, one serial',
    'Two slots showed the same serial at once; their clips are kept apart. Check and correct the serials.',
  ),
  'slot-has-two-devices': pair(
    '一个采集口有两台设备',
    '同一采集口出现两台设备，只读取一台，请检查校准与接线。',
    'Two devices in one slot',
    'Only one is read; check calibration and cables.',
  ),
  'clearing-failed': pair(
    '清空未能完成',
    '删除中途出错，已停止；已固定的文件都在证据库中，哪些仍在记录仪上见清空凭证。',
    'Clearing could not be finished',
    'Deleting met an error and stopped. What was sealed stays sealed; the certificate says what is still on the recorder.',
  ),
  'volume-unreadable': pair(
    '有分区无法识别',
    '存储卡上有分区的文件系统无法识别，其中的内容未采集。',
    'A partition is unreadable',
    'A partition has no file system that is known here; what lies there was not taken.',
  ),
  'clock-unread': pair(
    '未能读取记录仪时钟',
    '记录仪没有给出可用的时间，时钟偏差只能按文件时间推断。',
    'Clock not read',
    'The recorder gave no usable time; its clock can only be judged by the times of its files.',
  ),
  'clock-not-set': pair(
    '记录仪时钟未能校准',
    '没有确认记录仪接受了采集站的时间，时钟可能仍不准。请查看采集站日志，或在记录仪上手动校时。',
    'Clock not set',
    'The recorder did not confirm the time it was told, so it may still be wrong. See the log, or set it by hand.',
  ),
  'clock-wrong': pair(
    '记录仪时钟不准',
    '与采集站时间相差一分钟以上。文件中的时间照原样保留，另列校正时间。',
    'Clock is off',
    'It differs from the station by more than a minute. Times stay as they are; corrected ones stand beside them.',
  ),
  'clock-ahead': pair(
    '记录仪时钟偏快',
    '存储卡上有晚于采集时刻的时间，记录仪时钟至少快一分钟。',
    'Clock is ahead',
    'The card carries times after the moment it was read: the clock is at least a minute ahead.',
  ),
  'clock-behind': pair(
    '记录仪时钟偏慢',
    '上次采集之后的录制标有更早的时间，记录仪时钟至少慢一分钟。',
    'Clock is behind',
    'Recordings made after the last docking carry earlier times: the clock is at least a minute behind.',
  ),
  'clock-jumped': pair(
    '记录仪时钟中途变动',
    '各项时间互相矛盾，时钟在两次采集之间变动过，因此不给出偏差和校正时间。',
    'Clock jumped',
    'The times contradict each other: the clock was changed between dockings. No offset and no corrected times.',
  ),
  'clock-absurd': pair(
    '记录仪时钟严重错误',
    '时间相差一年以上，多为断电后复位。这些时间不参与排序、到期和清除，也无法校正。',
    'Clock is absurd',
    'It is off by more than a year, usually reset when its battery ran empty. Such times sort, expire and delete nothing.',
  ),
  'case-differs-from-name': pair(
    '案号与文件名不一致',
    '人工关联的案件与文件名中的案号不同，以人工关联为准。',
    'Case differs from name',
    'The case linked by hand is another one than the file name says; the link by hand counts.',
  ),
} as const satisfies Codes;

const previewFailures = {
  'no-index': pair('录制未正常结束，没有索引', '', 'The recording was never closed', ''),
  unreadable: pair('内容无法识别', '', 'No tool makes sense of the content', ''),
  'nothing-playable': pair('没有可播放的画面或声音', '', 'It holds no frame or sound that plays', ''),
  'unsupported-picture': pair('不支持的图片格式', '', 'The picture format is not supported here', ''),
  timeout: pair('制作超时', '', 'Making it took too long', ''),
  'resource-limit': pair('超出处理器或内存限额', '', 'It hit a limit of processor time or memory', ''),
  'too-large': pair('预览过大', '', 'It would be too large', ''),
  'no-space': pair('磁盘空间不足', '', 'Not enough disk space', ''),
  'tool-missing': pair('缺少媒体工具', '', 'A media tool is missing', ''),
  io: pair('读写错误', '', 'A read or write failed', ''),
} as const satisfies Codes;

/** Why an entry of an inventory has its outcome, where it is no trouble with a word of its own among the problems. */
const entryReasons = {
  rule: pair('按配置的规则跳过', '', 'left out by a rule of the configuration', ''),
  'symbolic-link': pair('符号链接不是文件', '', 'a symbolic link is no file', ''),
  fifo: pair('管道不是文件', '', 'a pipe is no file', ''),
  socket: pair('套接字不是文件', '', 'a socket is no file', ''),
  device: pair('设备文件不是录像', '', 'a device node is no file', ''),
  'unreadable-folder': pair(
    '文件夹读不出来',
    '其中的文件未采集；检查存储卡。',
    'The folder cannot be read',
    'What lies in it was not taken; check the card.',
  ),
  'lawfully-deleted': pair(
    '此前已依规删除',
    '同一记录仪的同一内容已依规删除，不再采集；所附编号是删除记录。',
    'Lawfully deleted before',
    'The same bytes of this recorder were lawfully deleted; they are not taken again. The id is that of the deletion.',
  ),
  'same-listing': pair('大小和时间与在库的相同', '', 'size and time as those of the held clip', ''),
  'original-restored': pair('库中原件缺失，已重新放回', '', 'the vault had lost it; it was put back', ''),
} as const satisfies Codes;

const problems = {
  'alarm-open': pair(
    '存证日志有未确认的告警，暂停采集。',
    '请勿取走；请管理员核实并确认告警。',
    'An alarm about the ledger is open: nothing is taken in.',
    'Leave the recorder. The administrator looks into the alarm.',
  ),
  ...helperProblems,
  'recorder-refused': pair(
    '记录仪拒绝了操作。',
    '重启记录仪后重新插入。',
    'The recorder refused.',
    'Restart it and plug it in again.',
  ),
  'flush-failed': helperProblems['helper-flush-failed'],
  'recorder-pulled': pair(
    '采集未完成就被拔出。',
    '插回后从未完成的文件继续。',
    'Pulled out before it was done.',
    'Plug it in again; it goes on.',
  ),
  'taken-urgently': pair(
    '紧急取用，采集提前结束。',
    '未采集的留待下次接入。',
    'Taken urgently before it was done.',
    'The rest follows at the next docking.',
  ),
  'clearing-card-read-only': pair(
    '已固定的文件不受影响；清空时存储卡变为只读，未能清空。',
    '可以拔出；请更换存储卡，并向管理员说明。',
    'What was sealed is safe; the card turned read-only while it was cleared.',
    'It may be pulled out. Change the card, and tell the administrator.',
  ),
  'clearing-card-error': pair(
    '已固定的文件不受影响；清空时存储卡出错，未能清空。',
    '可以拔出；请更换存储卡，并向管理员说明。',
    'What was sealed is safe; the card gave errors while it was cleared.',
    'It may be pulled out. Change the card, and tell the administrator.',
  ),
  'clearing-card-full': pair(
    '已固定的文件不受影响；存储卡没有空间可写，未能清空。',
    '可以拔出；请更换存储卡，并向管理员说明。',
    'What was sealed is safe; the card has no room to be written to and was not cleared.',
    'It may be pulled out. Change the card, and tell the administrator.',
  ),
  'clearing-not-flushed': pair(
    '已固定的文件不受影响；清空后存储卡未能确认写完。',
    '可以拔出；再次接入时会重新核对。',
    'What was sealed is safe; the card did not confirm that clearing was written.',
    'It may be pulled out. The next docking looks again.',
  ),
  'clearing-failed': pair(
    '已固定的文件不受影响，但未能清空。',
    '可以拔出；详见清空凭证，请联系管理员。',
    'What was sealed is safe, but it could not be cleared.',
    'It may be pulled out. See the clearing certificate, and tell the administrator.',
  ),
  'import-folder-unreadable': pair(
    '导入目录无法读取。',
    '检查目录是否存在、是否有权读取。',
    'The import folder cannot be read.',
    'Check that it exists and may be read.',
  ),
  'dock-not-calibrated': pair(
    '采集口尚未校准。',
    '请管理员运行 evidock slots learn。',
    'The dock is not calibrated.',
    'Have "evidock slots learn" run.',
  ),
  'dock-slots-invalid': pair(
    '采集口校准文件有误。',
    '请管理员重新校准。',
    'The calibration file is wrong.',
    'Have the dock calibrated anew.',
  ),
  'helper-unavailable': pair(
    '采集口特权助手未运行。',
    '联系管理员。',
    "The dock's helper does not run.",
    'Call the administrator.',
  ),
  'helper-refused': pair(
    '特权助手拒绝打开此采集口。',
    '联系管理员核对校准。',
    "The dock's helper refused this slot.",
    'Have the calibration checked.',
  ),
  'helper-failed': pair(
    '存储卡未能打开。',
    '重新插入；仍不行就换采集口。',
    'The card could not be opened.',
    'Plug it in again, or try another slot.',
  ),
  'not-a-recorder': pair(
    '这不是记录仪。',
    '请拔出，并向管理员说明。',
    'This is no recorder.',
    'Take it out, and tell the administrator.',
  ),
  'recorder-unknown': pair(
    '无法识别这台设备。',
    '请拔出；若是新记录仪，请管理员登记。',
    'This device is not known.',
    'Take it out; have a new recorder registered.',
  ),
  'recorder-ambiguous': pair(
    '无法确定记录仪型号。',
    '请拔出并联系管理员。',
    'Its model is not clear.',
    'Take it out and call the administrator.',
  ),
  'driver-missing': pair(
    '暂不支持这种记录仪。',
    '请把记录仪切换到存储模式再插入。',
    'This kind of recorder is not supported.',
    'Switch it to storage mode and plug it in again.',
  ),
  'card-missing': pair(
    '没有检测到存储卡。',
    '检查存储卡，开机后重新插入。',
    'No card was found.',
    'Check the card, switch it on, plug it in again.',
  ),
  'card-unreadable': pair(
    '存储卡的文件系统无法识别。',
    '保留存储卡并联系管理员。',
    "The card's file system is not known.",
    'Keep the card and call the administrator.',
  ),
  'card-not-read-only': pair(
    '存储卡无法设为只读，未读取。',
    '联系管理员。',
    'The card could not be made read-only.',
    'It was not read. Call the administrator.',
  ),
  'recorder-unsteady': pair(
    '记录仪反复断开。',
    '检查插头和线缆，或换采集口。',
    'The recorder keeps dropping off.',
    'Check plug and cable, or try another slot.',
  ),
  'recorder-silent': pair(
    '记录仪没有应答。',
    '重启记录仪后重新插入。',
    'The recorder does not answer.',
    'Restart it and plug it in again.',
  ),
  'recorder-password-wrong': pair(
    '记录仪密码不符。',
    '请管理员核对配置中的密码，记录仪不会被锁。',
    "The recorder's password is another one.",
    'Have the passwords checked; it is not locked.',
  ),
  'recorder-still-recording': pair(
    '记录仪仍在录制。',
    '先停止录制，再重新插入。',
    'The recorder is still recording.',
    'Stop recording, then plug it in again.',
  ),
  'recorder-card-missing': pair(
    '记录仪里没有存储卡。',
    '装入存储卡后重新插入。',
    'The recorder has no card.',
    'Put the card in, then plug it in again.',
  ),
  'scan-slow': pair(
    '采集口没有响应。',
    '请稍候；一直如此就联系管理员。',
    'The dock does not answer.',
    'Wait; if it lasts, call the administrator.',
  ),
  'release-failed': pair(
    '采集已结束，但存储卡未能卸下。',
    '请勿拔出；稍候会再试，一直如此就联系管理员。',
    'Read, but the card could not be let go.',
    'Do not pull it out; it is tried again. If it lasts, call the administrator.',
  ),
  'release-slow': pair(
    '采集已结束，正在卸下存储卡，比平时慢。',
    '请勿拔出，请稍候。',
    'Read; letting the card go takes long.',
    'Do not pull it out yet.',
  ),
  'station-stopping': pair(
    '采集站正在停止。',
    '重新启动后再插入。',
    'The station is stopping.',
    'Plug in again after the restart.',
  ),
  'registry-unreadable': pair(
    '登记库无法读取。',
    '请管理员运行 evidock rebuild。',
    'The registry cannot be read.',
    'Have "evidock rebuild" run.',
  ),
  unknown: pair(
    '出现未知错误。',
    '重新插入；反复出现时联系管理员查看日志。',
    'Something unexpected went wrong.',
    'Plug in again; if it recurs, have the log looked at.',
  ),
  EACCES: pair('无权读取记录仪。', '联系管理员。', 'The recorder may not be read.', 'Call the administrator.'),
  EIO: pair(
    '存储卡读取出错。',
    '重新插入再试；仍不行就保留存储卡并报告。',
    'The card gives read errors.',
    'Try once more; else keep the card and report it.',
  ),
  ENOENT: pair(
    '记录仪中途断开。',
    '重新插入，已固定的不会重复采集。',
    'The recorder went away.',
    'Plug it in again; it goes on.',
  ),
  'source-vanished': pair(
    '记录仪中途断开。',
    '重新插入，已固定的不会重复采集。',
    'The recorder went away.',
    'Plug it in again; it goes on.',
  ),
  'source-missing': pair(
    '读不到记录仪的内容。',
    '拔出后重新插入；仍不行就换采集口。',
    'The recorder cannot be read.',
    'Plug it in again, or try another slot.',
  ),
  'source-too-large': pair(
    '文件数超过上限。',
    '联系管理员手工处理。',
    'It holds too many files.',
    'Call the administrator.',
  ),
  'read-error': pair(
    '存储卡读取出错。',
    '重新插入再试；仍不行就保留存储卡并报告。',
    'The card gives read errors.',
    'Try once more; else keep the card and report it.',
  ),
  'reads-differ': pair(
    '两次读取不一致',
    '同一文件两次读出的内容不同，存储卡可能损坏；请更换读卡口再接入一次。',
    'Two readings differ',
    'The card gave other bytes the second time: it may be failing. Dock it again in another slot.',
  ),
  'changed-while-read': pair(
    '读取时文件仍在变化。',
    '先停止录制，再重新插入。',
    'A file changed while it was read.',
    'Stop recording, then plug in again.',
  ),
  'not-permitted': pair('无权读取记录仪。', '联系管理员。', 'The recorder may not be read.', 'Call the administrator.'),
  'read-back-differs': pair(
    '回读与复制不一致。',
    '停用本机并联系管理员检查磁盘。',
    'A copy read back differently.',
    'Stop using this station; have the disk checked.',
  ),
  'vault-full': pair(
    '证据库磁盘空间不足。',
    '请管理员腾出空间，记录仪内容不受影响。',
    "The vault's disk is full.",
    'Have space made; the recorder is untouched.',
  ),
  'vault-write-error': pair(
    '证据库写入失败。',
    '联系管理员检查磁盘。',
    'The vault could not be written.',
    'Have the disk checked.',
  ),
  'too-large-for-vault': pair(
    '文件过大，证据库放不下。',
    '联系管理员。',
    'A file is too large for the vault.',
    'Call the administrator.',
  ),
  'vault-in-memory': pair(
    '证据库在内存中。',
    '把数据目录移到磁盘。',
    'The vault lies in memory.',
    'Move the data folder to a disk.',
  ),
  'vault-no-read-back': pair(
    '磁盘不支持回读。',
    '换用本地磁盘。',
    'Copies cannot be read back here.',
    'Use a local disk.',
  ),
  'ledger-full': pair(
    '磁盘已满，无法存证。',
    '请管理员腾出空间后重新插入。',
    'The disk is full: no records.',
    'Have space made, then plug in again.',
  ),
  'ledger-failed': pair(
    '存证日志写入失败。',
    '停止采集并联系管理员。',
    'The ledger could not be written.',
    'Stop and call the administrator.',
  ),
  'ledger-altered': pair(
    '存证日志校验不通过。',
    '停止采集并联系管理员。',
    'The ledger does not verify.',
    'Stop and call the administrator.',
  ),
  'engine-not-built': pair(
    '复制引擎未编译。',
    '请管理员运行 scripts/setup。',
    'The copy engine is not built.',
    'Have scripts/setup run.',
  ),
  'web-address-refused': pair(
    '网页服务只能监听本机地址。',
    '把地址设为 127.0.0.1 或 ::1。',
    'Pages are served on this machine only.',
    'Use 127.0.0.1 or ::1.',
  ),
  'unit-unknown': pair(
    '名册中没有这个单位。',
    '从配置率页面选择，或按名册中的写法填写。',
    'The roster has no such unit.',
    'Choose one on the coverage page, or write it as the roster does.',
  ),
  'column-unknown': pair(
    '配置 people.columns 中有未知的列。',
    '按提示改用该表的列名（英文表头）。',
    'The setting people.columns names a column that the table does not have.',
    'Use the English heading of one of its columns.',
  ),
  'heading-ambiguous': pair(
    '配置 people.columns 中的表头已用于另一列。',
    '换一个只表示一列的表头。',
    'A heading in people.columns already means another column.',
    'Choose a heading that means one column only.',
  ),
  'import-unknown': pair(
    '没有这次导入。',
    '用 evidock imports 查看导入记录。',
    'There is no such import.',
    'List the imports with "evidock imports".',
  ),
  'import-differs': pair(
    '比对之后，台账又有了变化，尚未写入任何内容。',
    '返回比对页面重新比对，按那时显示的内容确认。',
    'What is known has changed since the file was compared; nothing was written.',
    'Go back, compare again and confirm what is shown then.',
  ),
  'upload-gone': pair(
    '上传的文件已不在本站保留（只保留一段时间，已导入的不再保留）。',
    '在“名册”页面点“导入表格”，重新选择文件。',
    'The uploaded file is no longer kept here: it is kept for a while, and not once it is imported.',
    'Choose it once more under "Import a table" on the roster page.',
  ),
  'import-undone': pair(
    '这次导入已经撤销过了。',
    '用 evidock imports 查看导入记录。',
    'The import was undone before.',
    'List the imports with "evidock imports".',
  ),
  'roster-not-asked': pair(
    '名册没有对此证号提出疑问。',
    '用 evidock roster questions 查看待确认人员。',
    'Nothing is asked about this certificate.',
    'List the questions with "evidock roster questions".',
  ),
  'docking-open': pair(
    '接入尚未结束。',
    '采集口显示“可以拔出”后再取回执。',
    'The docking has not ended.',
    'Take the receipt when the slot says that the recorder may be pulled out.',
  ),
  'docking-unknown': pair(
    '没有这次接入。',
    '从接入记录中选择。',
    'There is no such docking.',
    'Choose one from the list of dockings.',
  ),
  'slot-not-busy': pair(
    '该采集口没有正在进行的采集。',
    '已完成的记录仪可以直接拔出。',
    'Nothing is under way in that slot.',
    'A recorder that is done may be pulled out.',
  ),
  'profile-unknown': pair(
    '没有这个统计口径。',
    '从配置率页面选择一个。',
    'There is no such profile.',
    'Choose one on the coverage page.',
  ),
  ...objectionCodes,
  ...recorderProblems,
} as const satisfies Codes;

const dictionaries = {
  slotState: slotStates,
  dockKind: dockKinds,
  dockingState: dockingStates,
  outcome: outcomes,
  entryType: entryTypes,
  kind: kinds,
  linkBasis: linkBases,
  readBack: readBackModes,
  recorderBasis: recorderBases,
  recordType: recordTypes,
  actorKind: actorKinds,
  availability: availabilities,
  container: containers,
  engine: engines,
  alarm: alarms,
  recorderState: recorderStates,
  assignmentMode: assignmentModes,
  returnBasis: returnBases,
  standing: standings,
  checkState: checkStates,
  checkPoint: checkPointWords,
  outOfCount: standingReasons,
} as const;

const codeDictionaries = {
  finding: findings,
  problem: problems,
  preview: previewFailures,
  gap: gapReasonCodes,
  objection: objectionCodes,
  recorderReview: reviewCodes,
  entryReason: { ...problems, ...entryReasons },
} as const;

/** The word for a code; the code itself when it is not known. */
export function codeWord(dictionary: keyof typeof dictionaries, code: string, language: Language): string {
  const words: { readonly [code: string]: Both<string> | undefined } = dictionaries[dictionary];
  return Object.hasOwn(words, code) ? (words[code]?.[language] ?? code) : code;
}

/** Word and explanation for a code; the code itself and nothing more when it is not known. */
export function codeText(dictionary: keyof typeof codeDictionaries, code: string, language: Language): CodeText {
  const texts: { readonly [code: string]: Both<CodeText> | undefined } = codeDictionaries[dictionary];
  return (Object.hasOwn(texts, code) ? texts[code]?.[language] : undefined) ?? { word: code, more: '' };
}
