/**
 * Every text of the custody report (视听资料制作说明), which prints both languages side by side: a court reads the
 * Chinese, an auditor from elsewhere the English. Nothing here claims more than the records can show.
 */
import type { StationClock } from '../domain/station-clock.ts';

export interface BothLanguages {
  readonly zh: string;
  readonly en: string;
}

const both = (zh: string, en: string): BothLanguages => ({ zh, en });

/** `1 小时 02 分 03.4 秒`: hours and minutes only where there are any. */
function span(ms: number): BothLanguages {
  const tenths = Math.round(Math.abs(ms) / 100);
  const hours = Math.floor(tenths / 36_000);
  const minutes = Math.floor((tenths % 36_000) / 600);
  const seconds = ((tenths % 600) / 10).toFixed(1);
  const longer = hours > 0 || minutes > 0;
  return both(
    `${hours > 0 ? `${hours} 小时 ` : ''}${longer ? `${minutes} 分 ` : ''}${seconds} 秒`,
    `${hours > 0 ? `${hours} h ` : ''}${longer ? `${minutes} min ` : ''}${seconds} s`,
  );
}

function offset(ms: number): BothLanguages {
  const { zh, en } = span(ms);
  if (Math.round(ms / 100) === 0) return both('一致', 'no difference');
  return ms > 0 ? both(`快 ${zh}`, `${en} ahead`) : both(`慢 ${zh}`, `${en} behind`);
}

function clockEnds(atLeastMs: number | null, atMostMs: number | null): BothLanguages {
  const least = atLeastMs === null ? null : offset(atLeastMs);
  const most = atMostMs === null ? null : offset(atMostMs);
  if (least !== null && most !== null) {
    return both(`记录仪时钟比采集站：${least.zh} 至 ${most.zh}`, `recorder against station: ${least.en} to ${most.en}`);
  }
  if (least !== null) {
    return both(
      `记录仪时钟比采集站：不少于（${least.zh}），上限不明`,
      `recorder against station: at least ${least.en}; how far beyond is not known`,
    );
  }
  return both(
    `记录仪时钟比采集站：不多于（${most?.zh ?? '?'}），下限不明`,
    `recorder against station: at most ${most?.en ?? '?'}; the other end is not known`,
  );
}

export const custodyTexts = {
  title: both('视音频证据清单与制作说明', 'Evidence list and custody report'),
  lead: both(
    '本说明由采集站按存证日志中的记录生成，随证据包一并移交。',
    'Made by the docking station from the records of its ledger; it belongs to the bag it lies in.',
  ),
  exportHeading: both('一、导出', '1. The export'),
  exportId: both('导出编号', 'Export'),
  station: both('采集站', 'Station'),
  program: both('采集程序', 'Program'),
  made: both('生成时间', 'Made at'),
  purpose: both('用途', 'Purpose'),
  caseNumber: both('案号', 'Case number'),
  basis: both('依据或文号', 'Basis or document number'),
  applicant: both('申请人', 'Applicant'),
  approvedBy: both('批准人', 'Approved by'),
  recipient: both('接收单位（人）', 'Recipient'),
  maker: both('制作人（操作账户）', 'Made by (account)'),
  listHeading: both('二、清单', '2. The list'),
  number: both('序号', 'No.'),
  name: both('文件名（记录仪中）', 'Name on the recorder'),
  kind: both('类别', 'Class'),
  size: both('大小（字节）', 'Size (bytes)'),
  length: both('时长', 'Length'),
  digest: both('完整性校验值', 'Integrity check value'),
  clipHeading: (at: number) => both(`三之${at}、视音频文件`, `3.${at} Clip`),
  clip: both('文件编号', 'Clip'),
  inBag: both('证据包中的文件', 'File in this bag'),
  derived: both('预览（派生文件，仅便于观看，不作证据）', 'Previews (derived, for viewing only, no evidence)'),
  nameBytes: both('文件名（十六进制原样）', 'Name, its exact bytes'),
  holds: both('保全', 'On hold'),
  format: both('格式', 'Format'),
  officer: both('执法人员', 'Officer'),
  recorder: both('记录仪编号', 'Recorder'),
  recordedAt: both('录制时间（记录仪时钟，据文件名）', 'Recorded at (recorder’s clock, by the name)'),
  clockError: both('记录仪时钟误差', 'Error of the recorder’s clock'),
  /** Recorder minus station, milliseconds; null where that end is not known. */
  clockRange: (atLeastMs: number | null, atMostMs: number | null, isRead: boolean) =>
    both(
      `${clockEnds(atLeastMs, atMostMs).zh}（${isRead ? '接入时读取' : '据文件时间推算'}）`,
      `${clockEnds(atLeastMs, atMostMs).en} (${isRead ? 'read when it was docked' : 'from the times of files'})`,
    ),
  correctedAt: both('校正后的录制时间', 'Recorded at, corrected'),
  dockedAt: both('接入时间与地点', 'Docked at'),
  slot: both('采集口', 'slot'),
  sealedAt: both('固定时间（采集站时钟）', 'Sealed at (station’s clock)'),
  stationClock: both('采集站时钟', 'The station’s clock'),
  method: both('提取、固定方法', 'Method'),
  methodText: both(
    '记录仪以只读方式接入，先清点登记全部文件，再逐个复制并同时计算校验值，写入磁盘后绕过缓存回读比对一致，方予固定；固定后文件只读，以校验值命名，任何改动均可发现。',
    'The recorder was opened read-only; all its files were listed first; each was copied and hashed in one pass, read back from the disk and compared, and only then sealed. A sealed file is read-only and named by its digest.',
  ),
  methodByHand: both(
    '由操作人员指定文件夹，先清点登记全部文件，再逐个复制并同时计算校验值，写入磁盘后回读比对一致，方予固定；该文件夹在此之前的情况采集站无从证明。',
    'An operator named a folder; all its files were listed first; each was copied and hashed in one pass, read back and compared, and only then sealed. What happened to that folder before, the station cannot tell.',
  ),
  readBack: both('回读方式', 'Read back'),
  engine: both('复制引擎', 'Copy engine'),
  medium: both('原始载体', 'Original medium'),
  mediumText: both('上述编号记录仪的存储卡', 'the card of the recorder named above'),
  mediumByHand: both(
    '记录仪的存储卡；文件由操作人员指定的文件夹导入，未经采集口读取',
    'the card of the recorder; the files came through a folder that an operator named, not through a slot',
  ),
  volume: both('卷标识', 'Volume'),
  mediumKept: both(
    '至本说明生成时，存证日志中没有清空该记录仪的记录：采集站未删除其中的原始文件',
    'When this was made no record told of a clearing: the station has deleted nothing from the recorder',
  ),
  mediumCleared: (at: string) =>
    both(`采集站已于 ${at} 按规定从记录仪中清除该文件`, `the station cleared this file from the recorder at ${at}`),
  whyNotSealed: both('未封存原始载体的原因', 'Why the medium was not sealed'),
  whyNotSealedText: both(
    '原始载体为日常执法装备，须继续使用，不便封存；已在接入时清点、复制并核对校验值，本文件在法律上为复制件。',
    'The recorder is equipment in daily use. Its content was listed, copied and compared when it was docked; in law this file is a copy.',
  ),
  proves: both('证明对象和内容', 'What it is to prove'),
  findings: both('存疑事项', 'Findings'),
  none: both('无', 'none'),
  notMeasured: both('未测得', 'not measured'),
  notKnown: both('未知', 'not known'),
  notGiven: both('未填写', 'not given'),
  recordsHeading: both('保管链：有关该文件的全部记录', 'Custody: every record about this clip'),
  seq: both('记录', 'Record'),
  time: both('时间', 'Time'),
  act: both('事项', 'Act'),
  actor: both('操作者', 'By'),
  withheld: both(
    '接入时的文件清单涉及其他视音频，未随包提供；其校验值在记录中，需要时可另行调取并核对。',
    'The list of everything on the recorder names other footage and is not in the bag; its digest stands in the record, so it can be asked for and checked.',
  ),
  verifyHeading: both('四、核对', '4. Checking'),
  verifyText: both(
    '在证据包目录中运行 sh verify.sh，或用 evidock verify；逐项方法见 VERIFY.txt。密钥指纹须与书面交接单比对。',
    'Run sh verify.sh in the folder of the bag, or evidock verify; VERIFY.txt has each step. Compare the fingerprints with the printed hand-over sheet.',
  ),
  checkpoint: both('校验点', 'Checkpoint'),
  keys: both('密钥指纹', 'Key fingerprints'),
  limitsHeading: both('五、不能证明的事项', '5. What this cannot prove'),
  signHeading: both('六、签名', '6. Signatures'),
  collector: both('采集（提取）人', 'Collector'),
  holder: both('持有人（提供人）', 'Holder'),
  witness: both('见证人', 'Witness'),
  date: both('日期', 'Date'),
  transcriptHeading: both('附：文字记录', 'Annex: transcript'),
  transcriptHint: both(
    '有声音的视音频应附文字记录；由制作人手工填写。',
    'Footage with speech needs a written transcript; to be filled in by hand.',
  ),
  transcriptTime: both('起止时间', 'From, to'),
  transcriptSpeaker: both('说话人', 'Speaker'),
  transcriptText: both('内容', 'Words'),
} as const;

/** What the product says wherever somebody might believe that it proves more (integrity.md). */
/** What is known of the station's own clock; chrony's figures in seconds. */
export const stationClockText = (clock: StationClock): BothLanguages => {
  if (clock.source === 'none') {
    return both('无校时服务可证', 'No time service of the station says anything about it');
  }
  const { systemTime = '?', rootDispersion = '?', stratum = '?' } = clock;
  return clock.synchronised
    ? both(
        `已校时（chrony，层级 ${stratum}）：偏差 ${systemTime} s，误差界 ${rootDispersion} s`,
        `Synchronised (chrony, stratum ${stratum}): off by ${systemTime} s, dispersion ${rootDispersion} s`,
      )
    : both('chrony 未同步', 'chrony is not synchronised');
};

export const limitTexts: readonly BothLanguages[] = [
  both(
    '接入采集站之前发生的事：记录仪中的文件在接入前是否被删改，采集站无从证明。',
    'What happened before the docking: whether files were changed or deleted on the recorder before, the station cannot tell.',
  ),
  both(
    '采集站与全部见证方串通：若它们一起签署另一份日志，仅凭签名不能发现。',
    'A station and all its witnesses colluding: if they sign another log together, signatures alone do not show it.',
  ),
  both(
    '私钥被盗之后的签名：盗用者自被盗之时起可以签署虚假内容。发现后更换密钥（evidock keys change --reason compromised），旧密钥只证明其日志最后校验点之内的记录；被盗到更换之间所写记录的真伪仍不能证明。',
    'A stolen key: from then on it signs lies as well as truths. Once it is noticed the keys are changed (evidock keys change --reason compromised), and the old key proves only what the last checkpoint of its log covers; whether a record between the theft and the change is true stays unproved.',
  ),
  both(
    '账户背后的真人：记录证明的是账户的操作，不证明坐在机前的是本人。',
    'The right person behind a login: records show what an account did, not who sat there.',
  ),
  both(
    '本包不主张适用区块链存证平台数据的真实性推定；是否采信由办案机关、法院审查认定。',
    'No presumption for data of a blockchain platform is claimed; whether to believe it is for the court to decide.',
  ),
];
