/** What commands about coverage say: reports that were handed in, figures from before the installation. */
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
  readonly which: { readonly figures: string; readonly list: string };
  readonly reproduced: string;
  readonly notReproduced: string;
  readonly noMatch: string;
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
    files: (folder) => `文件写入 ${folder}：figures.json（统计数）、list.csv（缺口名单）、report.xlsx、report.html。`,
    noReports: '没有上报记录。',
    allUnits: '全部单位',
    match: (report, month, time, seq) => `与 ${month} 月报 ${report} 一致：${time} 上报，存证日志第 ${seq} 条。`,
    which: { figures: '该文件是统计数（JSON）。', list: '该文件是缺口名单（CSV）。' },
    reproduced: '按当时所知重新统计，结果逐字节相同。',
    notReproduced: '现在已不能重新生成相同的文件（口径、程序或依法删除有变化）；上报时的摘要仍在存证日志中。',
    noMatch:
      '本站从未上报过这个文件，或文件已被改动。月报中记入存证日志的是 figures.json 和 list.csv；打印件和 Excel 由它们生成，请核对这两个文件。',
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
    files: (folder) => `Files in ${folder}: figures.json, list.csv (gaps), report.xlsx, report.html.`,
    noReports: 'Nothing was handed in.',
    allUnits: 'all units',
    match: (report, month, time, seq) => `This is report ${report} for ${month}, handed in ${time}, record ${seq}.`,
    which: { figures: 'The file is the figures (JSON).', list: 'The file is the list of gaps (CSV).' },
    reproduced: 'Asked again as known then, the station gives the same bytes.',
    notReproduced:
      'The same bytes cannot be made any more (profile, program or a lawful deletion); their digest stands in the ledger.',
    noMatch:
      'This station never handed in this file, or the file was altered. Of a report, figures.json and list.csv are recorded; papers and spreadsheets are made from them.',
    proveIt: (seq) => `For a proof that others can check: evidock proof ${seq}`,
  },
};
