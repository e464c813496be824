/** What doctor calls each of its checks and states, for people. The names of checks are these keys: none is without words. */
import type { Language } from './cli-texts.ts';

type InBoth = { readonly [L in Language]: string };

export const doctorCheckTexts = {
  node: { zh: 'Node.js 运行环境', en: 'Node.js' },
  engine: { zh: '本机复制引擎', en: 'native copy engine' },
  sqlite: { zh: 'SQLite 数据库', en: 'SQLite' },
  ffmpeg: { zh: 'ffmpeg（生成预览）', en: 'ffmpeg (previews)' },
  ffprobe: { zh: 'ffprobe（识别内容）', en: 'ffprobe (what a file is)' },
  flock: { zh: 'flock（锁定数据目录）', en: 'flock (locks the data folder)' },
  prlimit: { zh: 'prlimit（限制媒体程序）', en: 'prlimit (limits media tools)' },
  setpriv: { zh: 'setpriv（限制媒体程序）', en: 'setpriv (limits media tools)' },
  ionice: { zh: 'ionice（限制媒体程序）', en: 'ionice (limits media tools)' },
  'sha-instructions': { zh: '处理器的 SHA 指令（只影响速度）', en: 'SHA instructions (speed only)' },
  'read-back': { zh: '数据目录：绕过缓存回读', en: 'data folder: reading back past the cache' },
  'secret-keys': { zh: '私钥文件：仅本账户可读', en: 'secret keys: readable by this account only' },
  'free-space': { zh: '数据目录：可用空间', en: 'data folder: free space' },
  'coverage-cache': { zh: '配置率缓存：大小、重建所需空间', en: 'coverage cache: size, and room to make it anew' },
  mirrors: { zh: '镜像（另一块盘上的副本）', en: 'mirrors (copies on other disks)' },
  witnesses: { zh: '见证方副署', en: 'cosignatures of witnesses' },
  clock: { zh: '时钟同步', en: 'clock' },
  'time-zones': { zh: '时区数据', en: 'time zone' },
  font: { zh: '中文字体', en: 'Chinese font' },
  usb: { zh: 'USB 总线', en: 'USB' },
  'dock-slots': { zh: '采集口编号（校准）', en: 'slots of the dock (calibration)' },
  'dock-helper': { zh: '采集口特权助手', en: 'privileged helper of the dock' },
} as const satisfies { readonly [check: string]: InBoth };

export type DoctorCheckName = keyof typeof doctorCheckTexts;

export const doctorStateTexts = {
  ok: { zh: '正常', en: 'ok' },
  missing: { zh: '缺少', en: 'missing' },
  warning: { zh: '注意', en: 'warning' },
  unknown: { zh: '未知', en: 'unknown' },
} as const satisfies { readonly [state: string]: InBoth };

/** `missing`: the station does not work without it; `warning`: it works, less well. */
export type DoctorState = keyof typeof doctorStateTexts;

export const doctorMendText: InBoth = { zh: '修复', en: 'mend' };
