/**
 * `VERIFY.txt`: how to check a bag with programs that nobody here wrote, what each of them says, and what none of them
 * can. Chinese first, then English; commands are the same in both.
 */
import { limitTexts } from './custody-texts.ts';

export interface GuideFacts {
  readonly station: string;
  /** Of each log one record in the bag, and the folder of its keys: `` or `logs/0/` and so on. The last one goes on. */
  readonly examples: readonly { readonly folder: string; readonly record: number }[];
  readonly fingerprints: readonly string[];
  readonly hasTimeStamp: boolean;
  readonly hasSm2: boolean;
  readonly hasPdf: boolean;
  readonly hasDerived: boolean;
}

const endedLogs = `  （采集站更换过密钥：每本日志的密钥在 logs/<n>/。旧日志末条 log-closed 写明新密钥，新日志首条 log-continued 载有旧日志的最后校验点。
  密钥因泄露而更换的，旧密钥只证明该校验点之内的记录。）
  (The station changed its keys: those of each log lie in logs/<n>/. The last record of the old log, log-closed, names
  the new keys; the first of the new one, log-continued, holds the old log's last checkpoint. Where the change was made
  because a key was compromised, the old key proves only what that checkpoint covers.)
`;

export function verifyGuide(facts: GuideFacts): string {
  const { station, examples, fingerprints, hasTimeStamp, hasSm2, hasPdf, hasDerived } = facts;
  const proofs = examples
    .toReversed()
    .map(
      ({ folder, record }) =>
        `  sigsum-verify -k ${folder}leaf.pub -p ${folder}policy proofs/${record}.sigsum < data/records/${record}.json\n`,
    )
    .join('');
  const hasEnded = examples.length > 1;
  const limits = (language: 'zh' | 'en'): string => limitTexts.map((text) => `  - ${text[language]}\n`).join('');
  const token = hasTimeStamp
    ? '  openssl ts -verify -data checkpoint -in checkpoint.tsr -CAfile TSA_CA.pem\n'
    : '  （未附时间戳 / no time stamp goes with this bag）\n';
  const sm2 = hasSm2
    ? '  openssl dgst -sm3 -verify sm2.pem -sigopt distid:1234567812345678 -signature checkpoint.sm2 checkpoint\n'
    : '';
  const stamp = token + sm2;
  return `核对本证据包 / How to check this bag
=====================================

1. 自身一致 / Does it agree with itself (sh, openssl, coreutils)

  sh verify.sh

2. 出自哪个采集站 / Whose is it: 指纹须来自书面交接单 / fingerprints come from the printed hand-over sheet

  sh verify.sh FINGERPRINT...
${fingerprints.map((line) => `    ${line}\n`).join('')}
3. 逐项 / Step by step

  sha256sum -c manifest-sha256.txt
  sha512sum -c manifest-sha512.txt
  cksum -a sm3 -c sm3sums.txt                            (coreutils 9)
  sha256sum -c tagmanifest-sha256.txt
  hashdeep -a -v -r -l -k hashdeep.txt data
  ssh-keygen -Y verify -f allowed_signers -I ${station} -n evidence@station \\
    -s tagmanifest-sha256.txt.sshsig < tagmanifest-sha256.txt
${proofs}${hasEnded ? endedLogs : ''}${stamp}
4. 采集站程序，不需采集站的数据 / The station's own program, without the station's data

  evidock verify . --trust TRUST_FILE

  TRUST_FILE 由采集站另行提供（evidock trust）。 / TRUST_FILE comes from the station another way (evidock trust).
  退出码 / exit codes: 0 一致 good, 10 缺少 missing, 11 改动 altered, 12 未证明 unproved,
  13 密钥不可信 untrusted key, 14 日志分叉 fork.

各文件 / What is what

  data/clips/      原始数据（复制件），逐字节未改动 / originals, byte for byte
  data/records/    存证日志中的记录 / records of the ledger;  proofs/ 其证明 / their proofs
  data/documents/  记录所引的文书 / documents that records name by digest
  data/custody.html 清单与制作说明，可打印 / the custody report, printable${hasPdf ? ';  data/custody.pdf 同一内容 / the same' : ''}
${hasDerived ? '  data/derived/    预览，派生文件，不作证据 / previews: derived, no evidence\n' : ''}  checkpoint       已签名的校验点 / the signed checkpoint
  prov.json        来源（W3C PROV） / provenance
${hasEnded ? '  logs/<n>/        已结束日志的密钥与最后校验点 / keys and last checkpoint of logs that had ended\n' : ''}
不能证明的事项

${limits('zh')}
What it cannot prove

${limits('en')}`;
}
