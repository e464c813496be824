/**
 * What each StationError means, for people: the code is the key, the English message with its figures follows in
 * print. A code without a line here shows its own message.
 */
import type { Language } from './cli-texts.ts';

const errors: { readonly [code: string]: { readonly [L in Language]: string } } = {
  usage: { zh: '命令用法不对。', en: 'The command line is not right.' },
  'configuration-invalid': { zh: '配置文件有误。', en: 'The configuration is not right.' },
  'folder-in-use': { zh: '数据目录正由另一进程使用。', en: 'Another process uses the data folder.' },
  'folder-missing': { zh: '没有这个数据目录。', en: 'There is no such data folder.' },
  'folder-not-usable': { zh: '数据目录不能使用。', en: 'The data folder cannot be used.' },
  'holder-gone': { zh: '管理数据目录的进程中途结束。', en: 'The process that owned the data folder ended.' },
  'lock-unavailable': { zh: '无法锁定数据目录。', en: 'The data folder could not be locked.' },
  'source-missing': { zh: '找不到来源目录，或无权读取。', en: 'The source folder is missing or may not be read.' },
  'source-overlaps-data': { zh: '来源目录与数据目录互相包含。', en: 'Source and data folder overlap.' },
  'source-too-large': { zh: '来源目录中的文件数超过上限。', en: 'The source holds too many entries.' },
  'vault-in-memory': { zh: '证据库位于内存文件系统，断电即丢失。', en: 'The vault lies in memory.' },
  'vault-no-read-back': { zh: '该文件系统无法绕过缓存回读校验。', en: 'Copies cannot be read back here.' },
  'vault-full': { zh: '证据库所在磁盘空间不足。', en: 'The vault’s disk is full.' },
  'disk-full': { zh: '数据目录所在磁盘已满。', en: 'The disk of the data folder is full.' },
  'ledger-full': { zh: '磁盘已满，存证日志无法写入。', en: 'The disk is full: the ledger cannot grow.' },
  'ledger-failed': { zh: '存证日志写入失败。', en: 'The ledger could not be written.' },
  'ledger-altered': { zh: '存证日志校验不通过。', en: 'The ledger does not verify.' },
  'registry-ahead': { zh: '存证日志比登记库旧，可能被回退。', en: 'The ledger was set back.' },
  'registry-unreadable': { zh: '登记库损坏。', en: 'The registry is damaged.' },
  'registry-newer': { zh: '登记库由更新版本的程序建立。', en: 'The registry is of a newer program.' },
  'key-missing': { zh: '缺少站点私钥。', en: 'A secret key of the station is missing.' },
  'key-unreadable': { zh: '站点私钥损坏。', en: 'A secret key of the station is damaged.' },
  'key-altered': { zh: '公钥与私钥不符。', en: 'A public key does not belong to its secret key.' },
  'mirror-missing': { zh: '找不到镜像目录。', en: 'The folder of the mirror is missing.' },
  'mirror-not-empty': { zh: '镜像目录不是空的。', en: 'The folder of the mirror is not empty.' },
  'mirror-foreign': { zh: '该目录是另一采集站的镜像。', en: 'This is the mirror of another station.' },
  'mirror-overlaps-data': { zh: '镜像目录与数据目录互相包含。', en: 'Mirror and data folder overlap.' },
  'scrub-reader-ended': { zh: '读取原始数据的进程意外结束。', en: 'The process that reads originals ended.' },
  'mirror-away': { zh: '镜像盘已断开。', en: 'The disk of the mirror went away.' },
  'web-port-in-use': { zh: '网页端口已被占用，可能已有采集站或演示在运行。', en: 'The port of the pages is taken.' },
  'alarm-open': {
    zh: '存证日志有未确认的告警，暂停采集。',
    en: 'An alarm about the ledger is open: nothing is taken in.',
  },
  'alarm-unknown': { zh: '没有这个未确认的告警。', en: 'There is no such open alarm.' },
  'policy-invalid': { zh: '见证策略文件有误。', en: 'The policy file of witnesses is not right.' },
  'engine-not-built': { zh: '本机复制引擎尚未编译。', en: 'The native copy engine is not built.' },
};

export function errorText(code: string, language: Language): string | undefined {
  return errors[code]?.[language];
}
