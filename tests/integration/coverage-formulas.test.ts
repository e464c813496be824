/**
 * Goal: whatever leaves the station about coverage as a table (figures, lists, stock and budget, every form and register,
 * the monthly report), as CSV or XLSX, has no cell that a spreadsheet would take for a formula, although rosters, lists
 * of recorders, assignments and cases are full of names that begin like one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { pino } from 'pino';
import readExcelFile from 'read-excel-file/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { getCalendarDate as day } from '../../src/domain/people-facts.ts';
import { Station } from '../../src/station.ts';
import { coverageForms } from '../../src/web/web-coverage.ts';

const actor = { kind: 'person', id: 'os-user:0' } as const;
const signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '−', '\u200b='];
const call = "cmd|' /C calc'!A0";
let dataFolder: string;
let station: Station;

async function take(kind: 'officers' | 'recorders' | 'assignments' | 'cases', rows: readonly (readonly string[])[]) {
  const table = rows.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n');
  const { reading } = await station.people.import({
    kind,
    bytes: Buffer.from(table),
    effective: day('2026-03-01'),
    dryRun: false,
    allowPartial: false,
    actor,
    onProgress: () => undefined,
  });
  expect(reading.problems).toEqual([]);
}

beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'evidock-formulas-'));
  const configuration = parseConfiguration(
    'engine: { kind: portable }\ncoverage: { recorderPriceYuan: 999 }\n',
    'test',
  );
  const log = pino({ level: 'silent' });
  station = await Station.open({ dataFolder, configuration, log, command: 'test', version: '0' });
  await take('officers', [
    ['执法证号', '姓名', '单位', '岗位', '在岗', '证件状态', '有效期至'],
    ...signs.map((sign, at) => [
      `14${at}`,
      `${sign}${call}`,
      `${sign}${at}单位`,
      `${sign}岗`,
      '是',
      '有效',
      '2030-12-31',
    ]),
  ]);
  await take('recorders', [
    ['recorder_serial', 'model', 'state'],
    ['R1', `=${call}`, '在用'],
    ['R2', `@${call}`, '维修'],
    ['R3', `＋${call}`, '在用'],
  ]);
  await take('assignments', [
    ['执法证号', '记录仪编号', '起始', '截止', '方式'],
    ['140', 'R1', '2026-03-01', '', '个人'],
    ['141', 'R2', '2026-03-05', '', '个人'],
  ]);
  await take('cases', [
    ['案号', '单位', '开始', '结束', '执法人员', '状态'],
    ...signs.map((sign, at) => [`${sign}${at}号`, `${sign}单位`, '2026-03-08 09:00', '', `14${at}`, '办理中']),
  ]);
});

afterAll(async () => {
  await station?.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

const asked = { profile: 'ministry', asOf: day('2026-03-10'), unit: undefined };

type Format = 'csv' | 'xlsx';
const bytesOf = async (file: Promise<{ readonly bytes: Uint8Array }>): Promise<Buffer> =>
  Buffer.from((await file).bytes);
const made: Readonly<Record<string, (format: Format) => Promise<Buffer>>> = {
  coverage: (format) => bytesOf(station.coverageAnswers.file(asked, format, 'zh')),
  trend: (format) => bytesOf(station.coverageAnswers.trendFile(asked, format, 'zh')),
  stock: (format) => bytesOf(station.coverageAnswers.stockFile(asked, format, 'zh')),
  ...Object.fromEntries(
    coverageForms.map((form) => [
      form,
      async (format: Format) => {
        const sheets = await station.coverageAnswers.formOf(form, asked, 'zh');
        return bytesOf(station.coverageAnswers.made(sheets, format, 'zh'));
      },
    ]),
  ),
  'person-file': (format) =>
    bytesOf(station.coverageAnswers.made(station.coverageAnswers.personFile('140', '2026-03', 'zh'), format, 'zh')),
  'monthly report': async (format) => {
    const { files } = await station.coverageBook.report(
      { ...asked, month: '2026-03', handedInBy: 'x', handedInTo: null, language: 'zh', actor },
      asked.asOf,
    );
    const name = format === 'csv' ? 'list.csv' : 'report.xlsx';
    return files.find((file) => file.name === name)?.bytes ?? expect.fail(`no ${name}`);
  },
};

async function cellsOf(bytes: Buffer, format: Format): Promise<string[]> {
  if (format === 'csv') {
    const rows = parse(bytes.toString(), { bom: true, relax_column_count: true, skip_empty_lines: true }) as string[][];
    return rows.flat().filter((cell) => !/^-?[0-9.]+$/u.test(cell));
  }
  const sheets = await readExcelFile(bytes);
  return sheets.flatMap(({ data }) => data.flat()).filter((cell) => typeof cell === 'string');
}

const isFormula = (cell: string): boolean => /^[\s\p{C}]*[=+\-@＝＋－＠﹦﹢﹣﹫−]|^[\t\r\n]/u.test(cell);

it.each(
  ['coverage', 'trend', 'stock', ...coverageForms, 'person-file', 'monthly report'].flatMap((kind) =>
    (['csv', 'xlsx'] as const).map((format) => [kind, format] as const),
  ),
)('%s as %s has no formula', async (kind, format) => {
  const cells = await cellsOf(await (made[kind] ?? expect.fail(kind))(format), format);
  expect(cells.length).toBeGreaterThan(5);
  expect(cells.filter(isFormula)).toEqual([]);
  // The names are there, as text: in the look-back register within sentences; nobody has used a recorder.
  const isPlain = kind === 'look-back' || kind === 'use-register';
  expect(cells.some((cell) => cell.startsWith("'"))).toBe(!isPlain);
});
