/** Words of the monthly exchange on the command line. */
import type { Language } from './cli-texts.ts';

interface ExchangeTexts {
  readonly made: (month: string, asOf: string, knownAt: number, seq: number) => string;
  readonly rows: (table: string, rows: number, title: string) => string;
  readonly files: (folder: string) => string;
  readonly cancelled: string;
}

export const exchangeTexts: Readonly<Record<Language, ExchangeTexts>> = {
  zh: {
    made: (month, asOf, knownAt, seq) =>
      `${month} 数据交换：截至 ${asOf}，计入存证日志至第 ${knownAt} 条，已记入第 ${seq} 条`,
    rows: (table, rows, title) => `${table}  ${rows} 行  ${title}`,
    files: (folder) => `文件在 ${folder}，各文件摘要见 exchange.json，列的说明见 schema.json`,
    cancelled: '已取消：没有留下文件，也没有记入存证日志。可以再次执行同一命令。',
  },
  en: {
    made: (month, asOf, knownAt, seq) =>
      `Exchange of ${month}: as of ${asOf}, records up to ${knownAt}, recorded as ${seq}`,
    rows: (table, rows, title) => `${table}  ${rows} rows  ${title}`,
    files: (folder) => `The files are in ${folder}; digests are in exchange.json, the columns in schema.json`,
    cancelled: 'Cancelled: no file is left and nothing is recorded. The same command may be run again.',
  },
};
