/**
 * Words of imports and links for people: what is wrong with a table, what an import changed. Chinese first, English
 * complete; a reason without a sentence is a type error.
 */
import type { Language } from './cli-texts.ts';

/** What a sentence about a problem may use. */
export interface ProblemFigures {
  readonly value: string | null;
  readonly accepted: readonly string[];
  readonly otherLine: number | undefined;
  readonly limit: number | undefined;
}

type Sentence = string | ((figures: ProblemFigures) => string);
type Pair = { readonly [L in Language]: Sentence };

const listed = (words: readonly string[], separator: string): string => words.join(separator);

export const problemSentences = {
  'file-too-large': {
    zh: ({ limit }) => `文件超过 ${limit} 字节的上限`,
    en: ({ limit }) => `the file is over the limit of ${limit} bytes`,
  },
  'not-json': { zh: '不是 JSON 对象的数组', en: 'this is no JSON array of objects' },
  'not-text': {
    zh: '不是可以读取的表格（应为 XLSX，或 UTF-8、GBK 的 CSV）',
    en: 'this is no table that can be read (XLSX, or CSV in UTF-8 or GBK)',
  },
  'old-workbook': {
    zh: '这是旧版 Excel 文件（.xls）或加了打开密码的文件；请用 Excel 或 WPS 另存为不带密码的 .xlsx 后再导入',
    en: 'this is a workbook of an old Excel (.xls) or one with a password; save it as .xlsx without a password',
  },
  'broken-workbook': {
    zh: 'XLSX 文件已损坏，无法读取；请用 Excel 或 WPS 打开后另存一份再导入',
    en: 'the XLSX file is damaged; open it in a spreadsheet program and save it again',
  },
  'not-a-workbook': {
    zh: '这是压缩文件，但不是 XLSX 工作簿；请另存为 .xlsx 或 CSV',
    en: 'this is an archive but no XLSX workbook; save the table as .xlsx or CSV',
  },
  'workbook-too-large': {
    zh: ({ limit }) => `工作簿解开后超过 ${limit} 字节的上限；请拆成几个文件`,
    en: ({ limit }) => `unpacked, the workbook is over the limit of ${limit} bytes; split it into several files`,
  },
  'web-page': {
    zh: '这是网页格式的表格（常见于系统导出的 .xls）；请用 Excel 或 WPS 打开后另存为 .xlsx',
    en: 'this is a web page, as some systems export it under the name .xls; open it and save it as .xlsx',
  },
  'several-sheets': {
    zh: ({ accepted }) => `有多个工作表带有所需的表头，请用 --sheet 指定其一：${listed(accepted, '、')}`,
    en: ({ accepted }) => `several sheets have the headings; name one with --sheet: ${listed(accepted, ', ')}`,
  },
  'no-such-sheet': {
    zh: ({ accepted }) => `没有这个工作表，文件中有：${listed(accepted, '、')}`,
    en: ({ accepted }) => `there is no such sheet; the file has: ${listed(accepted, ', ')}`,
  },
  'no-header': { zh: '缺少表头行', en: 'there is no header line' },
  'missing-column': {
    zh: ({ accepted }) => `缺少此列，可用的表头：${listed(accepted, '、')}`,
    en: ({ accepted }) => `this column is missing; accepted headings: ${listed(accepted, ', ')}`,
  },
  'repeated-column': { zh: '表头重复出现', en: 'the heading stands there twice' },
  'too-many-rows': {
    zh: ({ limit }) => `超过 ${limit} 行的上限`,
    en: ({ limit }) => `over the limit of ${limit} rows`,
  },
  'too-many-broken-rows': { zh: '损坏的行过多，停止读取', en: 'too many broken rows; reading stopped' },
  'broken-quotes': { zh: '引号不配对', en: 'the quotation marks do not match' },
  'row-too-long': { zh: '该行过长', en: 'the row is too long' },
  'cell-too-long': {
    zh: ({ limit }) => `单元格超过 ${limit} 个字符`,
    en: ({ limit }) => `the cell is over ${limit} characters`,
  },
  'cell-without-heading': { zh: '单元格没有对应的表头', en: 'a cell has no heading' },
  undecodable: { zh: '含有无法识别的字符', en: 'it has characters that cannot be read' },
  'control-character': { zh: '含有控制字符', en: 'it has a control character' },
  'spreadsheet-error': {
    zh: '单元格是电子表格的出错值，请改正公式或填入实际内容',
    en: 'the cell shows an error of the spreadsheet; mend the formula or type the value',
  },
  empty: { zh: '不能为空', en: 'it may not be empty' },
  'spreadsheet-number': {
    zh: '号码被电子表格改成了科学计数，请将该列设为文本后重新导出',
    en: 'a spreadsheet turned the number into a figure; format the column as text and export again',
  },
  'not-a-certificate-number': { zh: '不是执法证号', en: 'this is no certificate number' },
  'not-a-serial': { zh: '不是记录仪编号', en: 'this is no recorder serial' },
  'not-a-date': { zh: '不是日期（可写 2026-12-31、2026/12/31、2026年12月31日）', en: 'this is no date (YYYY-MM-DD)' },
  'not-a-count': { zh: '不是人数（0 或正整数）', en: 'this is no number of people' },
  'more-than-all': { zh: '已配人数多于应配人数', en: 'more are covered than there are' },
  'not-a-time': { zh: '不是日期或时间', en: 'this is no date or time' },
  'not-in-list': {
    zh: ({ accepted }) => `只能是：${listed(accepted, '、')}`,
    en: ({ accepted }) => `it must be one of: ${listed(accepted, ', ')}`,
  },
  'until-before-from': { zh: '截止早于起始', en: 'it ends before it begins' },
  'ended-before-started': { zh: '结束早于开始', en: 'it ended before it started' },
  'not-a-coordinate': { zh: '不是经纬度（十进制度）', en: 'this is no coordinate in decimal degrees' },
  'not-an-act': {
    zh: '执法行为应写作“行为 开始~结束 @地点”，多项以分号隔开',
    en: 'an act is written "ACT START~END @PLACE", several with a semicolon between them',
  },
  'act-ended-before-started': { zh: '执法行为的结束早于开始', en: 'an act ended before it started' },
  'case-renumbered': {
    zh: ({ accepted }) => `该案号已更改为 ${listed(accepted, '、')}；请写现案号或提供系统编号`,
    en: ({ accepted }) => `this case now has the number ${listed(accepted, ', ')}; write that, or give the system key`,
  },
  'previous-of-another-person': {
    zh: ({ accepted }) => `原执法证号属于另一人（人员编号 ${listed(accepted, '、')}），与本行的人员编号矛盾`,
    en: ({ accepted }) => `the certificate before is that of another person (person number ${listed(accepted, ', ')})`,
  },
  'unit-differs-from-line': {
    zh: ({ otherLine }) => `同一单位的其他行不是这样写的，见第 ${otherLine} 行`,
    en: ({ otherLine }) => `other rows of the unit say otherwise, see line ${otherLine}`,
  },
  'parent-ambiguous': {
    zh: '有几个单位叫这个名称，请写上级单位的编码',
    en: 'several units have this name; write the code of the unit above',
  },
  'unit-below-itself': {
    zh: '该单位会成为自己的下级，请检查上级单位',
    en: 'the unit would lie below itself; check the unit above',
  },
  'differs-from-line': {
    zh: ({ otherLine }) => `与第 ${otherLine} 行矛盾`,
    en: ({ otherLine }) => `it contradicts line ${otherLine}`,
  },
} as const satisfies { readonly [reason: string]: Pair };

export function problemSentence(
  reason: keyof typeof problemSentences,
  figures: ProblemFigures,
  language: Language,
): string {
  const sentence: Sentence = problemSentences[reason][language];
  return typeof sentence === 'string' ? sentence : sentence(figures);
}

export interface ImportTexts {
  readonly at: (line: number, column: string | null) => string;
  readonly wholeFile: (column: string | null) => string;
  readonly difference: (added: number, changed: number, unchanged: number, missing: number) => string;
  readonly missingStay: string;
  readonly dryRun: string;
  readonly taken: (effective: string, id: string) => string;
  readonly units: (count: number) => string;
  readonly unmappedPosts: string;
  readonly noPost: string;
  readonly registered: (serial: string, effective: string) => string;
  readonly refused: (problems: number) => string;
  readonly ignored: (columns: string) => string;
}

export const importTexts: { readonly [L in Language]: ImportTexts } = {
  zh: {
    at: (line, column) => `第 ${line} 行${column === null ? '' : `“${column}”`}`,
    wholeFile: (column) => (column === null ? '整个文件' : `表头“${column}”`),
    difference: (added, changed, unchanged, missing) =>
      `新增 ${added}，变更 ${changed}，未变 ${unchanged}，文件中没有 ${missing}。`,
    missingStay: '文件中没有的仍然保留：',
    dryRun: '仅作比对，未写入。',
    taken: (effective, id) => `已导入，自 ${effective} 起生效（导入编号 ${id}）。`,
    units: (count) => `单位新增或变更 ${count} 个。`,
    unmappedPosts: '以下岗位不在对照表中，暂按一线计（岗位与人数）：',
    noPost: '（未填岗位）',
    registered: (serial, effective) => `已登记 ${serial}，自 ${effective} 起生效。`,
    refused: (problems) => `有 ${problems} 处错误，整个文件未导入；改正后重试，或用 --allow-partial 只导入正确的行。`,
    ignored: (columns) => `未使用的列：${columns}`,
  },
  en: {
    at: (line, column) => `line ${line}${column === null ? '' : ` "${column}"`}`,
    wholeFile: (column) => (column === null ? 'the whole file' : `heading "${column}"`),
    difference: (added, changed, unchanged, missing) =>
      `${added} new, ${changed} changed, ${unchanged} unchanged, ${missing} not in the file.`,
    missingStay: 'Not in the file, and kept:',
    dryRun: 'Compared only; nothing was written.',
    taken: (effective, id) => `Imported; it holds from ${effective} (import ${id}).`,
    units: (count) => `${count} units are new or changed.`,
    unmappedPosts: 'Posts that the table does not know, counted as front-line (post and officers):',
    noPost: '(no post)',
    registered: (serial, effective) => `${serial} is registered from ${effective}.`,
    refused: (problems) =>
      `${problems} mistakes, so nothing of the file was taken; correct it, or take the good rows with --allow-partial.`,
    ignored: (columns) => `Columns not used: ${columns}`,
  },
};
