/**
 * What each StationError means, for people: the code is the key, the English message with its figures follows in
 * print. A code without a line here is looked for among the problems of a slot, else it shows its own message.
 */
import type { Language } from './cli-texts.ts';
import type { CodeText } from './code-text.ts';
import { codeText } from './code-texts.ts';

interface ErrorText {
  readonly zh: string;
  readonly en: string;
  /** What to do, in Chinese; the English sentence stands where the error is thrown. */
  readonly next: string;
}

const errors: { readonly [code: string]: ErrorText } = {
  usage: {
    zh: '命令用法不对。',
    en: 'The command line is not right.',
    next: '用法见 evidock COMMAND --help（COMMAND 换成命令名）。',
  },
  'keys-change-cut-off': {
    zh: '更换密钥时中断。',
    en: 'The change of keys was cut off.',
    next: '下次启动时可能自动完成：先排除故障，再用 evidock keys list 查看，勿直接重复。',
  },
  'ledger-copy-name': {
    zh: '这是存证日志，但所在文件夹的名称不是 ledger。',
    en: 'This is a ledger, but its folder is not named "ledger".',
    next: '将文件夹改名为 ledger 后再核对。',
  },
  'configuration-invalid': {
    zh: '配置文件有误。',
    en: 'The configuration is not right.',
    next: '按上面列出的各行改正；evidock config --keys 列出每个键的单位、默认值和范围。',
  },
  'folder-in-use': {
    zh: '数据目录正由另一进程使用。',
    en: 'Another process uses the data folder.',
    next: '等它结束或结束它，再运行同一命令。',
  },
  'folder-missing': {
    zh: '没有这个数据目录。',
    en: 'There is no such data folder.',
    next: '核对 --data；evidock ingest 和 evidock run 会新建目录。',
  },
  'folder-not-usable': {
    zh: '数据目录不能使用。',
    en: 'The data folder cannot be used.',
    next: '以该目录所属的用户运行，并确认目录可写。',
  },
  'holder-gone': {
    zh: '管理数据目录的进程中途结束。',
    en: 'The process that owned the data folder ended.',
    next: '再次运行同一命令，会从停下的地方继续。',
  },
  'lock-unavailable': {
    zh: '无法锁定数据目录。',
    en: 'The data folder could not be locked.',
    next: '安装 util-linux（其中有 flock），并使用本地文件系统。',
  },
  'source-missing': {
    zh: '找不到来源目录，或无权读取。',
    en: 'The source folder is missing or may not be read.',
    next: '核对路径，并确认存储卡已挂载、可以读取。',
  },
  'source-overlaps-data': {
    zh: '来源目录与数据目录互相包含。',
    en: 'Source and data folder overlap.',
    next: '另选一个不在来源目录中的数据目录。',
  },
  'source-too-large': {
    zh: '来源目录中的文件数超过上限。',
    en: 'The source holds too many entries.',
    next: '用别的程序检查存储卡，或调高配置中的 intake.maxFiles。',
  },
  'vault-in-memory': {
    zh: '证据库位于内存文件系统，断电即丢失。',
    en: 'The vault lies in memory.',
    next: '把数据目录放到磁盘上；仅供试用时可设 vault.allowMemoryFileSystem: true。',
  },
  'vault-no-read-back': {
    zh: '该文件系统无法绕过缓存回读校验。',
    en: 'Copies cannot be read back here.',
    next: '使用本地 ext4、XFS 或 Btrfs；仅供试用时可设 vault.allowNoReadBack: true。',
  },
  'vault-full': {
    zh: '证据库所在磁盘空间不足。',
    en: 'The vault’s disk is full.',
    next: '腾出该磁盘的空间或换更大的磁盘，然后重新采集。',
  },
  'disk-full': {
    zh: '数据目录所在磁盘已满。',
    en: 'The disk of the data folder is full.',
    next: '腾出数据目录所在磁盘的空间，再运行同一命令；已固定的保持不变。',
  },
  'ledger-full': {
    zh: '磁盘已满，存证日志无法写入。',
    en: 'The disk is full: the ledger cannot grow.',
    next: '腾出该磁盘的空间，再运行同一命令；已固定的保持不变。',
  },
  'ledger-failed': {
    zh: '存证日志写入失败。',
    en: 'The ledger could not be written.',
    next: '检查磁盘后重新启动；启动时会校验存证日志。',
  },
  'ledger-altered': {
    zh: '存证日志校验不通过。',
    en: 'The ledger does not verify.',
    next: '运行 evidock fsck 查明是哪个文件；恢复之前采集站不再采集。',
  },
  'registry-unreadable': {
    zh: '登记库损坏。',
    en: 'The registry is damaged.',
    next: '没有丢失任何内容：运行 evidock rebuild，由存证日志重建。',
  },
  'registry-newer': {
    zh: '登记库由更新版本的程序建立。',
    en: 'The registry is of a newer program.',
    next: '使用更新的程序，或用本程序重建登记库：evidock rebuild。',
  },
  'key-missing': {
    zh: '缺少站点私钥。',
    en: 'A secret key of the station is missing.',
    next: '从备份中恢复私钥；没有它只能校验、不能续写存证日志。',
  },
  'key-unreadable': { zh: '站点私钥损坏。', en: 'A secret key of the station is damaged.', next: '从备份中恢复私钥。' },
  'key-altered': {
    zh: '公钥与私钥不符。',
    en: 'A public key does not belong to its secret key.',
    next: '运行 evidock fsck，并从备份中恢复正确的密钥。',
  },
  'mirror-missing': {
    zh: '找不到镜像目录。',
    en: 'The folder of the mirror is missing.',
    next: '先挂载磁盘；目录必须存在。',
  },
  'mirror-not-empty': {
    zh: '镜像目录不是空的。',
    en: 'The folder of the mirror is not empty.',
    next: '给镜像一个单独的空目录。',
  },
  'mirror-foreign': {
    zh: '该目录是另一采集站的镜像。',
    en: 'This is the mirror of another station.',
    next: '换一块盘，或清空这一块。',
  },
  'mirror-overlaps-data': {
    zh: '镜像目录与数据目录互相包含。',
    en: 'Mirror and data folder overlap.',
    next: '镜像应是另一块磁盘上的目录。',
  },
  'clip-in-case': {
    zh: '该视音频文件已关联案件，应与案卷同期保存。',
    en: 'The clip is linked to a case, and kept as long as the case file.',
    next: '只有依据也涵盖这种情形时才加 --override。',
  },
  'person-unknown': {
    zh: '没有关于此人的文书。',
    en: 'No document speaks of this person.',
    next: '按名册填写执法证号。',
  },
  'deletion-too-large': {
    zh: '一次删除涉及的文书过多。',
    en: 'The deletion covers too many documents.',
    next: '联系维护人员；一次删除的文书数有上限。',
  },
  'deletion-not-approved': {
    zh: '删除未经他人批准。',
    en: 'The deletion was not approved by another person.',
    next: '需要两个人：一人申请，另一人批准。',
  },
  'mirror-away': {
    zh: '镜像盘已断开。',
    en: 'The disk of the mirror went away.',
    next: '重新接上镜像盘，会自动继续。',
  },
  'web-port-in-use': {
    zh: '网页端口已被占用，可能已有采集站或演示在运行。',
    en: 'The port of the pages is taken.',
    next: '结束占用端口的程序，或在配置中另设 web.port。',
  },
  'policy-invalid': {
    zh: '见证策略文件有误。',
    en: 'The policy file of witnesses is not right.',
    next: '改正文件，或把 ledger.policyFile 设为 null。',
  },
  'docks-not-running': {
    zh: '采集站没有运行。',
    en: 'The station does not run.',
    next: '先用 evidock run 启动采集站。',
  },
  'slot-not-busy': {
    zh: '该采集口没有正在进行的采集。',
    en: 'Nothing is under way in that slot.',
    next: '看采集口画面：已完成的记录仪可以直接拔出。',
  },
  'urgent-slow': {
    zh: '采集口尚未放开，请勿拔出。',
    en: 'The slot is not free yet: do not pull the recorder out.',
    next: '看采集口画面，显示“可以拔出”后再拔。',
  },
  'clip-not-on-case': {
    zh: '没有这样的文件可申请清空。',
    en: 'There is no clip to ask for.',
    next: '用 evidock clips 列出文件，用 --case 时写已导入的案号。',
  },
  'clearing-request-unknown': {
    zh: '没有这个待批准的清空申请。',
    en: 'There is no such request.',
    next: '用 evidock clearing list 列出申请。',
  },
  'clearing-same-person': {
    zh: '申请人与批准人不能是同一人。',
    en: 'The one who asks and the one who approves must be two people.',
    next: '请另一人批准。',
  },
  'clearing-approved-before': {
    zh: '该申请已经批准过。',
    en: 'The request was approved before.',
    next: '无需再批准；下次接入时清空。',
  },
  'clearing-unknown': {
    zh: '这次接入没有清空过。',
    en: 'Nothing was cleared in that docking.',
    next: '用 evidock clearing list --dockings 列出有清空的接入。',
  },
  'engine-not-built': {
    zh: '本机复制引擎尚未编译。',
    en: 'The native copy engine is not built.',
    next: '运行 scripts/setup。',
  },
  'alarm-open': {
    zh: '存证日志有未确认的告警，暂停采集。',
    en: 'An alarm about the ledger is open: nothing is taken in.',
    next: '请管理员核实，再运行 evidock alarm list 和 evidock alarm acknowledge 告警 --by 姓名 --reason 理由。',
  },
  'alarm-unknown': {
    zh: '没有这个未确认的告警。',
    en: 'There is no such open alarm.',
    next: '运行 evidock alarm list 查看告警。',
  },
  'scrub-reader-ended': {
    zh: '读取原始数据的进程意外结束。',
    en: 'The process that reads originals ended.',
    next: '查看日志后再次运行同一命令，会从停下的地方继续。',
  },
  'witness-address': {
    zh: '见证服务无法监听该地址。',
    en: 'The witness cannot listen there.',
    next: '另选一个 --listen 主机:端口。',
  },
  'witness-name': {
    zh: '见证方的名称不能用作密钥名。',
    en: 'This cannot be the name of a witness.',
    next: '换一个不含空格和加号的名称，如 witness.example.gov/transport。',
  },
  'witness-exists': {
    zh: '该目录已有见证方。',
    en: 'There is a witness here already.',
    next: '见证方的密钥不可更换；新建请另选目录。',
  },
  'witness-state': {
    zh: '见证方的状态文件被改动。',
    en: "The witness's state was altered.",
    next: '从备份中恢复该文件；遗忘历史的见证方可能被欺骗。',
  },
  'witness-missing': {
    zh: '这里没有见证方。',
    en: 'There is no witness here.',
    next: '先用 evidock witness init 建立。',
  },
  'witness-key': {
    zh: '见证方的私钥不可用。',
    en: "The witness's secret key is not right.",
    next: '权限过宽时运行 chmod 600；损坏时从备份中恢复。',
  },
  'witness-logs': {
    zh: '见证方的日志清单有误。',
    en: "The witness's list of logs is not right.",
    next: '每行一个采集站的 log.vkey（见 evidock keys list），每本日志一次。',
  },
  'openssl-missing': {
    zh: '本机没有 openssl 程序。',
    en: 'The program openssl is missing.',
    next: '安装 openssl 后再次运行同一命令。',
  },
  'openssl-failed': {
    zh: 'openssl 报错。',
    en: 'The program openssl failed.',
    next: '查看上面的输出；确认 openssl 可以运行。',
  },
  'time-stamp-ca-missing': {
    zh: '缺少时间戳机构的证书文件。',
    en: 'The certificate file of the time stamp authority is missing.',
    next: '把该机构的 PEM 文件放到 ledger.timeStampCaFile 所指的位置，或把 ledger.timeStampUrl 设为 null。',
  },
  'time-stamp-refused': {
    zh: '时间戳机构拒绝了请求。',
    en: 'The time stamp authority refused.',
    next: '核对 ledger.timeStampCaFile 是该机构的证书，且该机构支持所用摘要算法。',
  },
  'time-stamp-unavailable': {
    zh: '联系不上时间戳机构。',
    en: 'The time stamp authority cannot be reached.',
    next: '之后会再试；检查网络和配置中的 ledger.timeStampUrl，存证日志不受影响。',
  },
  'trust-file-invalid': {
    zh: '信任文件有误。',
    en: 'The trust file is not right.',
    next: '向采集站重新索取：evidock trust --data DIR --out FILE。',
  },
  'export-other-begun': {
    zh: '该处有一份以其他条件开始的导出。',
    en: 'Another export was begun there.',
    next: '用完全相同的条件再次导出，或删除该目录重新开始。',
  },
  'webhook-secret-unusable': {
    zh: '推送提醒的密钥文件不能使用。',
    en: 'The secret of the webhook cannot be used.',
    next: '在 alerts.webhookSecretFile 指定的文件中写入至少 16 字节的密钥。',
  },
  'form-too-long': {
    zh: '表中人员过多。',
    en: 'The form would have too many lines.',
    next: '按单位填报，或缩短期间。',
  },
  'nothing-known': {
    zh: '存证日志没有那么早的记录。',
    en: 'The ledger has no record that is so old.',
    next: '写较晚的时间。',
  },
  'not-yet-known': {
    zh: '存证日志还没有这条记录，或这个时间还没有到。',
    en: 'The ledger does not have this record yet, or that time is still to come.',
    next: '写已有的记录序号，或已经过去的时间。',
  },
  'unit-ambiguous': {
    zh: '有几个单位叫这个名称。',
    en: 'Several units have this name.',
    next: '改用单位编码。',
  },
  'out-file-taken': {
    zh: '输出文件已经存在。',
    en: 'The file for the result is there already.',
    next: '换一个新文件名。',
  },
  'out-not-written': {
    zh: '输出文件写不进去。',
    en: 'The file for the result cannot be written.',
    next: '换一个已经存在、可以写入且有剩余空间的文件夹里的文件名。',
  },
  'exchange-part-left': {
    zh: '输出目录的 .part 已经存在：有一次导出正在写入，或曾被强行中止。',
    en: 'The .part of that folder is there: an exchange grows in it, or was killed in it.',
    next: '确认没有导出在运行后删除它，或换一个目录名。',
  },
  'drawing-month-open': {
    zh: '该月份尚未结束，或不是月份。',
    en: 'The month is not over, or is no month.',
    next: '写已经结束的月份，格式 YYYY-MM；不足 20% 的比例不能用。',
  },
  'drawing-no-witness': {
    zh: '没有配置见证方，不能用见证签名作随机数来源。',
    en: 'No witness is configured, so no cosignature can give the seed.',
    next: '用 --public 事先指定一个公开号码（如福利彩票某期），或先配置见证方。',
  },
  'drawing-empty': {
    zh: '该月没有已结的处罚案件，无需抽取。',
    en: 'No penalty case was closed in that month, so there is nothing to draw.',
    next: '核对案件表中的结案日期和案件类型；类型不同时用 --kind 指定。',
  },
  'drawing-month-listed': {
    zh: '该月已结的处罚案件都已在名单中，不能再列一次。',
    en: 'Every penalty case closed in that month stands on a list already; the month is not listed twice.',
    next: '用 evidock drawing list 查看名单；确需重抽的用 evidock drawing redraw 写明理由和批准人。',
  },
  'drawing-unknown': {
    zh: '没有这份抽取名单。',
    en: 'There is no such list.',
    next: '用 evidock drawing list 查看。',
  },
  'drawing-seed-missing': {
    zh: '名单之后还没有见证签名，不能抽取。',
    en: 'No witness has cosigned anything after the list yet, so it cannot be drawn.',
    next: '执行 evidock witness ask 或用 U 盘请见证方签名；签名一到，自动抽取。',
  },
  'drawing-seed-other': {
    zh: '随机数来源与名单写明的不同。',
    en: 'The seed is to come from what the list named.',
    next: '用 evidock drawing show 查看来源：见证签名不填号码；公开号码须由两人填写 --number、--again、--by、--and。',
  },
  'drawing-number-differs': {
    zh: '两人填写的号码不一致，或填写人是同一人。',
    en: 'The two numbers differ, or one person typed both.',
    next: '由两人分别对照公布的号码重新填写。',
  },
  'drawing-drawn-already': {
    zh: '本轮已经抽取。',
    en: 'This round was drawn already.',
    next: '用 evidock drawing show 查看结果；确需重抽的用 evidock drawing redraw 写明理由和批准人。',
  },
  'drawing-not-drawn': {
    zh: '本轮尚未抽取，不能重抽。',
    en: 'This round was not drawn yet, so there is nothing to draw again.',
    next: '先执行 evidock drawing draw。',
  },
  'drawing-case-not-drawn': {
    zh: '该案件没有被这份名单抽中。',
    en: 'The case was not drawn from this list.',
    next: '用 evidock drawing show 查看抽中的案件。',
  },
  'drawing-approver': {
    zh: '重抽不能由提出人自己批准。',
    en: 'Whoever asks for another draw cannot approve it.',
    next: '由另一人批准。',
  },
  'baseline-too-long': {
    zh: '上报数表行数过多。',
    en: 'The table of earlier figures has too many rows.',
    next: '分成几个文件导入。',
  },
  'look-back-empty': {
    zh: '清查期间的起始晚于统计日期。',
    en: 'The look-back begins after its last day.',
    next: '--from 写不晚于统计日期的日期。',
  },
  'month-to-come': {
    zh: '该月份尚未开始，或不是月份。',
    en: 'The month has not begun, or is no month.',
    next: '写已经开始的月份，格式 YYYY-MM。',
  },
  'exchange-day-outside': {
    zh: '该日期不在所选月份内，或尚未到来。',
    en: 'This day is not in the month, or is still to come.',
    next: '写该月份内已到的日期，或省略 --as-of。',
  },
  'roster-missing': {
    zh: '还没有人员名册，无从上报。',
    en: 'There is no roster to report from.',
    next: '先导入名册：evidock roster import 文件。',
  },
  'report-unknown': {
    zh: '没有这个上报记录。',
    en: 'There is no such report.',
    next: '用 evidock coverage report list 查看。',
  },
  'export-out-taken': {
    zh: '导出目标已存在。',
    en: 'The target of the export is taken.',
    next: '另选一个不存在的名称；导出不会写入已有目录。',
  },
  'export-empty': {
    zh: '没有可导出的文件。',
    en: 'There is nothing to export.',
    next: '先把文件关联到案件：evidock link CLIP --case NUMBER --reason TEXT。',
  },
  'export-too-many': {
    zh: '一次导出的文件太多。',
    en: 'Too many clips for one export.',
    next: '按案件或日期分几次导出。',
  },
  'export-out-inside': {
    zh: '导出目标在数据目录之内。',
    en: 'The target lies in the data folder.',
    next: '选择数据目录之外的位置，如接收单位的磁盘。',
  },
  'export-approver-missing': {
    zh: '导出未经批准。',
    en: 'The export was not approved.',
    next: '用 --approved-by 写明批准人（不得为申请人）；本次拒绝已记入存证日志。',
  },
  'export-approver-is-applicant': {
    zh: '申请人与批准人不能是同一人。',
    en: 'The one who asks and the one who approves must be two people.',
    next: '请另一人批准，用 --approved-by 写明；本次拒绝已记入存证日志。',
  },
  'clip-on-hold': {
    zh: '视音频文件正在保全中，不得删除。',
    en: 'The clip is on hold and must not be deleted.',
    next: '先由有权人员解除保全：evidock hold release。',
  },
  'person-on-hold': {
    zh: '该人员的视音频文件正在保全中。',
    en: "A hold stands on this officer's clips.",
    next: '先由有权人员解除保全：evidock hold release。',
  },
  'subject-on-hold': {
    zh: '该案件或投诉举报正在保全中。',
    en: 'A hold stands on this case or complaint.',
    next: '先由有权人员解除保全：evidock hold release。',
  },
  'hold-empty': {
    zh: '保全没有涉及任何视音频文件。',
    en: 'The hold covers nothing.',
    next: '指定 --clip、--case 或 --officer；或先把文件关联到案件。',
  },
  'hold-unknown': {
    zh: '没有这项保全。',
    en: 'There is no such hold.',
    next: '用 evidock hold list 查看。',
  },
  'hold-released-before': {
    zh: '该保全此前已解除。',
    en: 'The hold was released before.',
    next: '用 evidock hold list 查看由谁、何时解除。',
  },
  'complaint-unknown': {
    zh: '没有这件投诉举报。',
    en: 'There is no such complaint.',
    next: '先导入：evidock complaints import FILE。',
  },
  'category-unknown': {
    zh: '配置中没有这个分类。',
    en: 'The configuration has no such category.',
    next: '在配置 keeping.categories 中加上，或改用已有的分类。',
  },
  'run-unknown': {
    zh: '没有这个删除批次。',
    en: 'There is no such deletion run.',
    next: '用 evidock keeping runs 查看。',
  },
  'run-closed': {
    zh: '该删除批次已完成或已取消。',
    en: 'The deletion run has ended or was cancelled.',
    next: '需要时重新提出：evidock keeping run。',
  },
  'run-same-person': {
    zh: '提出人不能批准自己的删除批次。',
    en: 'Whoever proposed a run cannot approve it.',
    next: '由另一人批准。',
  },
  'run-not-approved': {
    zh: '该删除批次未获批准。',
    en: 'The deletion run is not approved.',
    next: '由另一人批准：evidock keeping approve RUN --approved-by 姓名。',
  },
  'run-under-way': {
    zh: '该删除批次正在执行。',
    en: 'The deletion run is being carried out.',
    next: '等它结束；用 evidock keeping runs 查看进度。',
  },
  'run-in-future': {
    zh: '截至日期还没有到。',
    en: 'That day has not come.',
    next: '用 --list 预先查看；删除只按今天已届满的登记。',
  },
  'run-empty': {
    zh: '没有可以因期限届满而删除的文件。',
    en: 'Nothing may be deleted by time.',
    next: '用 evidock keeping run --list 查看保留原因。',
  },
  'run-too-large': {
    zh: '一个删除批次的文件太多。',
    en: 'The deletion run has too many clips.',
    next: '用较早的 --as-of 分批登记。',
  },
  'clip-restricted': {
    zh: '该视音频文件已限制处理，不能导出。',
    en: 'The clip is restricted: it is not exported.',
    next: '须先解除限制：evidock restrict clip ID --reason TEXT --lift。',
  },
  'clip-deleted': {
    zh: '该视音频文件已依规删除，不能导出。',
    en: 'The clip was deleted lawfully: it is not exported.',
    next: '它的记录和证明仍在：evidock proof ID。',
  },
  'original-altered': {
    zh: '原始数据与固定时不一致，未导出任何内容。',
    en: 'An original is not what was sealed: nothing was exported.',
    next: '运行 evidock fsck 查明；有镜像时用 evidock scrub --repair 修复后再导出。',
  },
  'original-missing': {
    zh: '证据库中缺少原始数据，未导出任何内容。',
    en: 'An original is not in the vault: nothing was exported.',
    next: '运行 evidock fsck 查明；有镜像时用 evidock scrub --repair 修复后再导出。',
  },
  'profile-unknown': {
    zh: '没有这个统计口径。',
    en: 'There is no such profile.',
    next: '从上面列出的名称中选一个。',
  },
  'record-unknown': {
    zh: '没有这条记录。',
    en: 'There is no such record.',
    next: '记录从 0 起编号；用 evidock checkpoint 看共有多少条，用 evidock clips 列出文件。',
  },
  'clip-unknown': { zh: '没有这个文件。', en: 'There is no such clip.', next: '用 evidock clips 列出文件。' },
  'act-unknown': {
    zh: '该案件没有这一执法行为，或有不止一次。',
    en: 'The case does not have that act, or has it more than once.',
    next: '用 evidock cases check 查看每个行为的名称（行为@时间）。',
  },
  'item-unknown': {
    zh: '该行为没有这一评查项。',
    en: 'That item is not asked of the act.',
    next: '评查项见 config/acts 的清单。',
  },
  'not-linked': {
    zh: '该文件没有这样的关联。',
    en: 'The clip has no such link.',
    next: '用 evidock links CLIP 查看现有关联。',
  },
  'too-many-clips': {
    zh: '一次给出的文件太多。',
    en: 'Too many clips at once.',
    next: '分几次进行。',
  },
  'case-unknown': {
    zh: '没有这个案件。',
    en: 'There is no such case.',
    next: '先导入案件：evidock cases import FILE。',
  },
  'officer-unknown': {
    zh: '名册中没有这个证号。',
    en: 'The roster lacks this certificate.',
    next: '先导入人员名册：evidock roster import FILE。',
  },
  'profiles-unreadable': {
    zh: '统计口径文件读不出来。',
    en: 'The profiles cannot be read.',
    next: '填写一个存在且采集站有权读取的文件。',
  },
  'profiles-invalid': {
    zh: '统计口径文件有误。',
    en: 'The profiles are not right.',
    next: '改正文件；程序的 config/profiles.yaml 列有每个键。',
  },
  'acts-invalid': {
    zh: '应录制行为清单有误。',
    en: 'The list of acts is not right.',
    next: '改正文件；程序的 config/acts/transport.yaml 列有每个键。',
  },
  'calendar-invalid': {
    zh: '工作日历有误。',
    en: 'The calendar of working days is not right.',
    next: '改正文件；程序的 config/calendar/china.yaml 列有每个键。',
  },
  'recorders-invalid': {
    zh: '记录仪型号表有误。',
    en: 'The table of recorders is not right.',
    next: '改正文件；程序的 config/recorders.yaml 列有每个键。',
  },
  'recorder-registered': {
    zh: '这台记录仪已登记。',
    en: 'This recorder is registered already.',
    next: '要改正台账，用 evidock recorders import FILE。',
  },
  'recorder-text-too-long': {
    zh: '内容超出记录仪可写的长度。',
    en: 'It does not fit the recorder.',
    next: '缩短后再写；记录仪没有更多空间。',
  },
  'port-unknown': {
    zh: '本机没有这个 USB 插口。',
    en: 'There is no such USB port.',
    next: '插入一台设备，从 evidock slots 的输出中取插口。',
  },
  'file-unreadable': { zh: '文件读不出来。', en: 'The file cannot be read.', next: '核对路径；表太大时拆成几个文件。' },
  'dock-slots-invalid': {
    zh: '采集口校准文件有误。',
    en: 'The file of slots is not right.',
    next: '改正文件，或删除后运行 evidock slots learn 重新校准。',
  },
  'web-address-refused': {
    zh: '网页服务只能监听本机地址。',
    en: 'Pages are served on this machine only.',
    next: '把 web.host 设为 127.0.0.1 或 ::1。',
  },
  'import-folder-unreadable': {
    zh: '导入目录无法读取。',
    en: 'The import folder cannot be read.',
    next: '建立目录，或改正配置中的 importFolder.path。',
  },
  'readable-path-malformed': {
    zh: '路径写法不对。',
    en: 'The path is not as this program writes it.',
    next: '照本程序输出的写法原样填写。',
  },
  'helper-unavailable': {
    zh: '采集口特权助手未运行。',
    en: "The dock's helper does not run.",
    next: '运行 systemctl restart evidock-dock-helper.socket evidock-dock-helper.service；再看 journalctl -u evidock-dock-helper。',
  },
  'delete-failed': { zh: '文件未能从记录仪删除。', en: 'The file could not be deleted.', next: '重新插入记录仪再试。' },
};

/** What the error means; of a slot's problem, what the slot says. */
export function errorText(code: string, language: Language): string | undefined {
  return errors[code]?.[language] ?? knownProblem(code, language)?.word;
}

/**
 * What to do next. English errors carry their own sentence, with the names and figures of the case; where they have
 * none, and always in Chinese, it comes from here.
 */
export function errorNext(code: string, language: Language): string | undefined {
  const step = language === 'zh' ? errors[code]?.next : undefined;
  return step ?? (knownProblem(code, language)?.more || undefined);
}

function knownProblem(code: string, language: Language): CodeText | undefined {
  const text = codeText('problem', code, language);
  // A code that nobody knows comes back as its own word.
  return text.word === code ? undefined : text;
}
