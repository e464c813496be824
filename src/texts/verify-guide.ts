/**
 * `VERIFY.txt`: how to check a bag with programs that nobody here wrote, what each of them says, and what none of them
 * can. Chinese first, then English; commands are the same in both.
 */
import { limitTexts } from './custody-texts.ts';

export interface GuideFacts {
  readonly station: string;
  /** Sequences of the records in the bag. */
  readonly records: readonly number[];
  readonly fingerprints: readonly string[];
  readonly hasTimeStamp: boolean;
  readonly hasSm2: boolean;
}

export function verifyGuide({ station, records, fingerprints, hasTimeStamp, hasSm2 }: GuideFacts): string {
  const record = records.at(-1) ?? 0;
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
  sigsum-verify -k leaf.pub -p policy proofs/${record}.sigsum < data/records/${record}.json
${stamp}
4. 采集站程序，不需采集站的数据 / The station's own program, without the station's data

  evidock verify . --trust TRUST_FILE

  TRUST_FILE 由采集站另行提供（evidock trust）。 / TRUST_FILE comes from the station another way (evidock trust).
  退出码 / exit codes: 0 一致 good, 10 缺少 missing, 11 改动 altered, 12 未证明 unproved,
  13 密钥不可信 untrusted key, 14 日志分叉 fork.

各文件 / What is what

  data/clips/      原始数据（复制件），逐字节未改动 / originals, byte for byte
  data/records/    存证日志中的记录 / records of the ledger;  proofs/ 其证明 / their proofs
  data/documents/  记录所引的文书 / documents that records name by digest
  data/custody.html 清单与制作说明，可打印 / the custody report, printable
  checkpoint       已签名的校验点 / the signed checkpoint
  prov.json        来源（W3C PROV） / provenance

不能证明的事项

${limits('zh')}
What it cannot prove

${limits('en')}`;
}
