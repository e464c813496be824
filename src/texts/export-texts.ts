/** What the commands around proofs and bags say to people. */
import type { VerificationClass, VerificationCode } from '../domain/verification.ts';
import type { Language } from './cli-texts.ts';

interface ExportTexts {
  readonly ended: (clips: number, out: string) => string;
  readonly previews: (made: number, clips: number) => string;
  readonly resumed: string;
  readonly cancelled: string;
  readonly handOver: string;
  readonly role: { readonly [R in 'export' | 'log' | 'leaf']: string };
  readonly endedLog: (log: number) => string;
  readonly trustWritten: (file: string) => string;
  readonly good: (what: string) => string;
  readonly validBag: string;
  readonly what: { readonly [W in 'bag' | 'file' | 'proof' | 'ledger']: string };
  readonly counts: (clips: number, records: number) => string;
  readonly limits: string;
  readonly classWord: { readonly [C in VerificationClass]: string };
}

export const exportTexts: { readonly [L in Language]: ExportTexts } = {
  zh: {
    ended: (clips, out) => `已导出 ${clips} 个视音频文件：${out}`,
    previews: (made, clips) =>
      made === clips
        ? `预览随附：${made} / ${clips}`
        : `预览随附：${made} / ${clips}，其余尚未制作或无预览（由 evidock run 制作）`,
    resumed: '接着上次中断的导出继续。',
    cancelled: '已中止；同一命令可接着导出。',
    handOver: '密钥指纹（请印在书面交接单上）：',
    role: { export: '导出密钥', log: '日志密钥', leaf: '记录密钥' },
    endedLog: (log) => `（日志 ${log}，已结束）`,
    trustWritten: (file) => `公钥与最新校验点已写入 ${file}；请以证据包以外的途径交给核对方。`,
    good: (what) => `${what}：一致，已证明。`,
    validBag: '符合 RFC 8493，内容与清单一致；未核对签名与证明。',
    what: { bag: '证据包', file: '文件', proof: '证明', ledger: '存证日志' },
    counts: (clips, records) => `视音频文件 ${clips}，记录 ${records}。`,
    limits: '不能证明：接入前之事、采集站与全部见证方串通、密钥被盗之后的签名、账户背后的真人。',
    classWord: {
      fork: '分叉',
      altered: '改动',
      missing: '缺少',
      unproved: '未证明',
      untrusted: '密钥不可信',
      note: '说明',
    },
  },
  en: {
    previews: (made, clips) =>
      made === clips
        ? `previews: ${made} of ${clips}`
        : `previews: ${made} of ${clips}; the others have none (yet): "evidock run" makes them`,
    ended: (clips, out) => `${clips === 1 ? '1 clip' : `${clips} clips`} exported: ${out}`,
    resumed: 'Going on with the export that was interrupted.',
    cancelled: 'Cancelled; the same command goes on from here.',
    handOver: 'Key fingerprints, for the printed hand-over sheet:',
    role: { export: 'export key', log: 'log key', leaf: 'leaf key' },
    endedLog: (log) => `(log ${log}, ended)`,
    trustWritten: (file) => `Public keys and newest checkpoint written to ${file}; hand it over apart from any bag.`,
    good: (what) => `The ${what} agrees and is proved.`,
    validBag: 'Valid by RFC 8493; no signature and no proof was looked at.',
    what: { bag: 'bag', file: 'file', proof: 'proof', ledger: 'ledger' },
    counts: (clips, records) => `${clips} clips, ${records} records.`,
    limits:
      'It cannot prove what happened before the docking, rule out that a station and all its witnesses collude, tell what was signed with a stolen key, or who sat behind a login.',
    classWord: {
      fork: 'fork',
      altered: 'altered',
      missing: 'missing',
      unproved: 'unproved',
      untrusted: 'untrusted key',
      note: 'note',
    },
  },
};

type Both = { readonly [L in Language]: string };
const both = (zh: string, en: string): Both => ({ zh, en });

/** One sentence for each finding of the offline verifier. */
export const verificationTexts: { readonly [C in VerificationCode]: Both } = {
  'bag-declaration-missing': both('缺少 bagit.txt，不是 BagIt 包。', 'There is no bagit.txt: this is no bag.'),
  'bag-declaration-invalid': both('bagit.txt 格式不对。', 'bagit.txt breaks its form.'),
  'bag-version-unknown': both('未知的 BagIt 版本。', 'The version of BagIt is not known.'),
  'bag-encoding-unknown': both('未知的文字编码。', 'The encoding is not known.'),
  'payload-folder-missing': both('缺少 data 目录。', 'The payload folder is missing.'),
  'manifest-missing': both('缺少清单。', 'A manifest is missing.'),
  'manifest-invalid': both('清单格式不对。', 'A manifest breaks its form.'),
  'manifest-path-unsafe': both('清单中的路径指向包外或不合规定。', 'A manifest names a path that it must not.'),
  'manifest-duplicate': both('清单中有重复条目。', 'A manifest lists a path twice.'),
  'manifest-incomplete': both('清单未列出全部文件。', 'A manifest does not list everything.'),
  'manifest-unreadable': both('没有可以核对的清单算法。', 'No manifest can be checked here.'),
  'algorithm-skipped': both('该清单的算法无法核对，已跳过。', 'The algorithm is not known here; passed over.'),
  'spelling-accepted': both('写法不规范，仍可接受。', 'Written unusually, and accepted.'),
  'name-normalised': both(
    '文件名的 Unicode 形式不同，视为同一文件。',
    'The name has another Unicode form; taken as the same.',
  ),
  'file-missing': both('文件缺失。', 'The file is missing.'),
  'file-altered': both('文件被改动。', 'The file was altered.'),
  'file-added': both('有清单以外的文件。', 'The file is in no manifest.'),
  'file-not-plain': both('不是普通文件。', 'It is no plain file.'),
  'fetch-invalid': both('fetch.txt 有误。', 'fetch.txt is not right.'),
  'fetch-pending': both('文件尚未取回。', 'The file is still to be fetched.'),
  'payload-oxum-differs': both('文件总数或总大小不符。', 'Count or size of the payload differs.'),
  'bag-info-invalid': both('bag-info.txt 格式不对。', 'bag-info.txt breaks its form.'),
  'signature-missing': both('缺少采集站的签名。', 'The station’s signature is missing.'),
  'signature-wrong': both('签名不对。', 'The signature is wrong.'),
  'checkpoint-missing': both('缺少校验点。', 'The checkpoint is missing.'),
  'checkpoint-wrong': both('校验点不对。', 'The checkpoint is wrong.'),
  'record-invalid': both('记录不合格式。', 'The record breaks its form.'),
  'record-unproved': both('记录未获证明。', 'The record is not proved.'),
  'document-altered': both('文书被改动。', 'The document was altered.'),
  'document-unproved': both('文书未获证明。', 'The document is not proved.'),
  'clip-altered': both('视音频文件与固定时不一致。', 'The clip is not what was sealed.'),
  'clip-unproved': both('视音频文件未获证明。', 'The clip is not proved.'),
  'file-unproved': both('该文件没有证明。', 'Nothing proves this file.'),
  'key-missing': both('缺少公钥。', 'A public key is missing.'),
  'key-untrusted': both('密钥未经包外途径确认。', 'Nobody outside vouches for the key.'),
  'log-forked': both('日志出现分叉：同一日志签署了两种历史。', 'The log has forked: it signed two histories.'),
  'ledger-altered': both('存证日志被改动。', 'The ledger was altered.'),
  'ledger-missing': both('存证日志有缺失。', 'Part of the ledger is missing.'),
};
