/** What the auditor's page says, Chinese first and English. */
import type { Language } from './cli-texts.ts';

export interface AuditTexts {
  readonly title: string;
  readonly intro: string;
  readonly handover: string;
  readonly head: string;
  readonly station: string;
  readonly records: string;
  readonly checkpoint: string;
  readonly noCheckpoint: string;
  readonly publicAt: string;
  readonly notPublic: string;
  readonly keys: string;
  readonly keysHint: string;
  readonly endedKey: (role: string, log: string) => string;
  readonly endedLogs: string;
  readonly endedLogsHint: string;
  readonly endedLog: (log: string, records: string) => string;
  readonly compromised: string;
  readonly roles: { readonly [R in 'log' | 'leaf' | 'export' | 'sm2']: string };
  readonly witnesses: string;
  readonly noWitness: string;
  readonly cosigned: (size: string, at: string) => string;
  readonly notCosigned: string;
  readonly stamps: string;
  readonly noStamps: string;
  readonly places: string;
  readonly vault: string;
  readonly scrubbed: (at: string) => string;
  readonly neverScrubbed: string;
  readonly behind: (count: string) => string;
  readonly damaged: (count: string) => string;
  readonly absent: string;
  readonly check: string;
  readonly checkHint: string;
  readonly steps: readonly (readonly [command: string, what: string])[];
  readonly limits: string;
}

export const auditTexts: { readonly [L in Language]: AuditTexts } = {
  zh: {
    title: '核验',
    intro: '本页供核验人员使用。不必相信本站：下列数据可用他人编写的程序离线核对。',
    handover: '打印交接单',
    head: '存证日志',
    station: '采集站标识',
    records: '记录数',
    checkpoint: '已签名的校验点',
    noCheckpoint: '尚无校验点。',
    publicAt: '日志可在 /log/ 下直接读取，无需登录：',
    notPublic: '本站未开放日志读取（ledger.publicRead）；请用 evidock checkpoint 与 evidock proof。',
    keys: '公钥指纹',
    keysHint: '请与书面交接单上的指纹核对；只有来自本站之外的指纹才能证明这是同一个采集站。',
    endedKey: (role, log) => `${role}，日志 ${log}（已结束）`,
    endedLogs: '更换密钥前的日志',
    endedLogsHint:
      '更换密钥即另起一本日志：旧日志末条写明新密钥，新日志首条载有旧日志的最后校验点，两本日志的记录连续编号。',
    endedLog: (log, records) => `日志 ${log}，${records} 条，最后校验点：`,
    compromised: '旧密钥已泄露：它只证明这个校验点之内的记录，此后用它签的任何内容都不足为凭。',
    roles: {
      log: '日志密钥（签校验点）',
      leaf: '记录密钥（签每条记录）',
      export: '导出密钥（签证据包）',
      sm2: '国密密钥（SM2）',
    },
    witnesses: '见证方',
    noWitness:
      '未配置见证方：采集站可以整本重写日志而不被发现。请由另一单位运行 evidock witness，并配置 ledger.policyFile。',
    cosigned: (size, at) => `已副署前 ${size} 条，${at}`,
    notCosigned: '尚未副署',
    stamps: '时间戳与国密签名',
    noStamps: '均未配置：校验点的时间只有本站自己的时钟为证。',
    places: '存放处',
    vault: '证据库',
    scrubbed: (at) => `上次巡检 ${at}`,
    neverScrubbed: '尚未巡检',
    behind: (count) => `缺 ${count} 个文件`,
    damaged: (count) => `${count} 个损坏`,
    absent: '盘不在位',
    check: '怎样核对',
    checkHint: '在采集站上或在拿到证据包的任何机器上：',
    steps: [
      ['evidock fsck --data DIR', '重读并重算全部原始数据、记录、树与签名'],
      ['evidock proof CLIP --data DIR', '一个文件或一条记录在日志中的证明，sigsum-verify 可离线核对'],
      ['sh verify.sh', '证据包自带的核对脚本，只需 sh、openssl 与 coreutils'],
      ['evidock verify PATH --trust FILE', '不需本站数据，核对证据包、证明或整本日志'],
    ],
    limits: '不能证明的事项',
  },
  en: {
    title: 'Audit',
    intro:
      'For whoever checks this station. You need not believe it: programs that others wrote verify all of this offline.',
    handover: 'Print the hand-over sheet',
    head: 'Ledger',
    station: 'Station id',
    records: 'Records',
    checkpoint: 'Signed checkpoint',
    noCheckpoint: 'There is no checkpoint yet.',
    publicAt: 'The log can be read below /log/ without a login:',
    notPublic: 'This station does not open its log (ledger.publicRead); use evidock checkpoint and evidock proof.',
    keys: 'Key fingerprints',
    keysHint:
      'Compare them with the printed hand-over sheet: only a fingerprint that came another way shows that it is the same station.',
    endedKey: (role, log) => `${role}, log ${log} (ended)`,
    endedLogs: 'Logs before a change of keys',
    endedLogsHint:
      'A change of keys begins another log: the last record of the old one names the new keys, the first of the new one holds the old one’s last checkpoint, and records are numbered on.',
    endedLog: (log, records) => `Log ${log}, ${records} records, last checkpoint:`,
    compromised:
      'The old key was compromised: it proves the records that this checkpoint covers, and nothing that it signed since.',
    roles: {
      log: 'Log key (signs checkpoints)',
      leaf: 'Leaf key (signs each record)',
      export: 'Export key (signs bags)',
      sm2: 'SM2 key',
    },
    witnesses: 'Witnesses',
    noWitness:
      'There are none: this station could rewrite its whole ledger unseen. Have another office run evidock witness, and set ledger.policyFile.',
    cosigned: (size, at) => `cosigned the first ${size}, ${at}`,
    notCosigned: 'has not cosigned yet',
    stamps: 'Time stamps and SM2',
    noStamps: 'Neither is configured: only the station’s own clock says when a checkpoint was made.',
    places: 'Where originals lie',
    vault: 'Vault',
    scrubbed: (at) => `last scrub ${at}`,
    neverScrubbed: 'not scrubbed yet',
    behind: (count) => `lacks ${count}`,
    damaged: (count) => `${count} damaged`,
    absent: 'disk is away',
    check: 'How to check',
    checkHint: 'At the station, or wherever a bag went:',
    steps: [
      ['evidock fsck --data DIR', 'reads and recomputes every original, record, the tree and its signatures'],
      ['evidock proof CLIP --data DIR', 'the proof of one clip or record, which sigsum-verify checks offline'],
      ['sh verify.sh', 'comes with each bag and needs only sh, openssl and coreutils'],
      ['evidock verify PATH --trust FILE', 'checks a bag, a proof or a whole ledger without the station’s data'],
    ],
    limits: 'What it cannot prove',
  },
};
