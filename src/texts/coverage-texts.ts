/** What commands about coverage say: reports that were handed in, figures from before the installation. */
import type { ReportFileName } from '../domain/coverage-records.ts';
import type { Language } from './cli-texts.ts';

export interface CoverageBookTexts {
  readonly baselineTaken: (rows: number) => string;
  readonly baselineCompared: (rows: number) => string;
  readonly baselineRefused: (problems: number) => string;
  /** Before each figure that was handed in: never mixed with computed ones. */
  readonly handedIn: string;
  readonly reported: (report: string, month: string, seq: number) => string;
  readonly figures: (covered: number, population: number, rate: string) => string;
  readonly files: (folder: string) => string;
  readonly noReports: string;
  readonly allUnits: string;
  readonly match: (report: string, month: string, time: string, seq: number) => string;
  readonly which: { readonly [N in ReportFileName]: string };
  readonly reproduced: string;
  readonly notReproduced: string;
  readonly noMatch: (path: string) => string;
  /** After `report show`: files whose bytes are not those that were handed in. */
  readonly madeOtherwise: (names: string) => string;
  readonly folderOf: (report: string, month: string, time: string, seq: number) => string;
  readonly states: {
    readonly [S in 'same' | 'changed' | 'missing' | 'not-recorded' | 'not-of-report']: string;
  };
  readonly digests: (recorded: string, found: string) => string;
  readonly proveIt: (seq: number) => string;
}

export const coverageBookTexts: { readonly [L in Language]: CoverageBookTexts } = {
  zh: {
    baselineTaken: (rows) => `已导入 ${rows} 条上报数；只作对照，不与系统统计数合并。`,
    baselineCompared: (rows) => `可导入 ${rows} 条，未写入。`,
    baselineRefused: (problems) => `有 ${problems} 处错误，整个文件未导入。`,
    handedIn: '上报数',
    reported: (report, month, seq) => `已记录 ${month} 月报 ${report}，存证日志第 ${seq} 条。`,
    figures: (covered, population, rate) => `已配 ${covered} / 应配 ${population}，配置率 ${rate}`,
    files: (folder) =>
      `文件写入 ${folder}：figures.json（统计数）、list.csv（缺口名单）、report.xlsx、report.html，摘要在 SHA256SUMS。`,
    noReports: '没有上报记录。',
    allUnits: '全部单位',
    match: (report, month, time, seq) => `与 ${month} 月报 ${report} 一致：${time} 上报，存证日志第 ${seq} 条。`,
    which: {
      'figures.json': '该文件是统计数（JSON）。',
      'list.csv': '该文件是缺口名单（CSV）。',
      'report.xlsx': '该文件是 Excel 工作簿。',
      'report.html': '该文件是打印件（A4）。',
    },
    reproduced: '按当时所知重新统计，结果逐字节相同。',
    notReproduced: '现在已不能重新生成相同的文件（口径、程序或依法删除有变化）；上报时的摘要仍在存证日志中。',
    noMatch: (path) =>
      `${path}：本站从未上报过，或已被改动。要知道是哪个文件被改动，请核对整个文件夹，或用 --report 指明月报。`,
    madeOtherwise: (names) =>
      `注意：${names} 与上报时不同（程序、口径或依法删除有变化）；上报时的摘要仍在存证日志和 SHA256SUMS 中。`,
    folderOf: (report, month, time, seq) => `对照 ${month} 月报 ${report}：${time} 上报，存证日志第 ${seq} 条。`,
    states: {
      same: '与上报时一致',
      changed: '已被改动',
      missing: '缺少',
      'not-recorded': '上报时未单独记录摘要，无法证明（旧版月报只记录 figures.json 和 list.csv）',
      'not-of-report': '不属于这次月报',
    },
    digests: (recorded, found) => `存证日志 sha256:${recorded}，现为 sha256:${found}`,
    proveIt: (seq) => `取得独立可验证的证明：evidock proof ${seq}`,
  },
  en: {
    baselineTaken: (rows) =>
      `${rows} figures of earlier reports were taken; they are shown beside computed ones, never mixed.`,
    baselineCompared: (rows) => `${rows} rows are good; nothing was written.`,
    baselineRefused: (problems) => `${problems} mistakes, so nothing of the file was taken.`,
    handedIn: 'handed in',
    reported: (report, month, seq) => `Report ${report} for ${month} is record ${seq} of the ledger.`,
    figures: (covered, population, rate) => `covered ${covered} of ${population}, ${rate}`,
    files: (folder) =>
      `Files in ${folder}: figures.json, list.csv (gaps), report.xlsx, report.html; their digests in SHA256SUMS.`,
    noReports: 'Nothing was handed in.',
    allUnits: 'all units',
    match: (report, month, time, seq) => `This is report ${report} for ${month}, handed in ${time}, record ${seq}.`,
    which: {
      'figures.json': 'The file is the figures (JSON).',
      'list.csv': 'The file is the list of gaps (CSV).',
      'report.xlsx': 'The file is the workbook (XLSX).',
      'report.html': 'The file is the paper (A4).',
    },
    reproduced: 'Asked again as known then, the station gives the same bytes.',
    notReproduced:
      'The same bytes cannot be made any more (profile, program or a lawful deletion); their digest stands in the ledger.',
    noMatch: (path) =>
      `${path}: never handed in by this station, or altered. Check the whole folder, or name the report by --report, to see which file was altered.`,
    madeOtherwise: (names) =>
      `Not as handed in: ${names} (program, profile or a lawful deletion); the digests are in the ledger and in SHA256SUMS.`,
    folderOf: (report, month, time, seq) =>
      `Against report ${report} for ${month}, handed in ${time}, record ${seq} of the ledger:`,
    states: {
      same: 'as handed in',
      changed: 'altered',
      missing: 'missing',
      'not-recorded': 'has no digest in the ledger: older reports recorded figures.json and list.csv only',
      'not-of-report': 'not of this report',
    },
    digests: (recorded, found) => `recorded sha256:${recorded}, found sha256:${found}`,
    proveIt: (seq) => `For a proof that others can check: evidock proof ${seq}`,
  },
};
