/**
 * Goal: a table that leaves the station keeps its types and its characters, and nothing in it can be made to execute:
 * XLSX is read back by another library, CSV by a parser, paper is HTML in which a hostile name is text.
 */

import { inflateRawSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import readExcelFile from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import { spreadsheetText, xmlCellText } from '../../src/domain/spreadsheet-text.ts';
import { csvFile } from '../../src/reporting/csv-file.ts';
import { paperFile } from '../../src/reporting/paper-file.ts';
import { moneyText, rateText, type Sheet } from '../../src/reporting/sheet.ts';
import { xlsxFile } from '../../src/reporting/xlsx-file.ts';

const sheet: Sheet = {
  name: '缺口/清单',
  title: '执法记录仪缺口清单',
  lines: ['单位：交通运输综合执法支队', '统计日期：2026-11-30'],
  columns: [
    { title: '姓名', kind: 'text', width: 12 },
    { title: '人数', kind: 'count', width: 8 },
    { title: '配置率', kind: 'rate', width: 8 },
    { title: '金额', kind: 'money', width: 12 },
    { title: '日期', kind: 'day', width: 12 },
    { title: '时间', kind: 'moment', width: 20 },
  ],
  rows: [
    ['张三', 1234, 0.8571, 1_250_000.5, '2026-11-30', '2026-11-30T17:20:05'],
    ['=1+1', -3, 1, 0, null, null],
    ['', 0, 0.99999, 0, 'unknown', ''],
  ],
  totals: ['合计', 1231, null, 1_250_000.5, null, null],
  notes: ['@注'],
};

describe('XLSX', () => {
  it('has real numbers, rates and days under a heading that stays', async () => {
    const bytes = await xlsxFile([sheet]);
    const [read] = await readExcelFile(bytes);
    expect(read?.sheet).toBe('缺口 清单');
    const rows = read?.data ?? [];
    expect(rows[0]?.[0]).toBe('执法记录仪缺口清单');
    expect(rows[3]).toEqual(['姓名', '人数', '配置率', '金额', '日期', '时间']);
    expect(rows[4]).toEqual([
      '张三',
      1234,
      0.8571,
      1_250_000.5,
      new Date('2026-11-30T00:00:00Z'),
      new Date('2026-11-30T17:20:05Z'),
    ]);
    expect(rows[5]?.slice(0, 4)).toEqual(["'=1+1", -3, 1, 0]);
    expect(rows[6]?.[4]).toBe('unknown');
    expect(rows[7]?.slice(0, 2)).toEqual(['合计', 1231]);
    expect(rows[8]?.[0]).toBe("'@注");
  });

  it('is the same whenever it is made: its entries bear no time', async () => {
    const [bytes, again] = [await xlsxFile([sheet]), await xlsxFile([sheet])];
    const next = (from: number): number => bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]), from);
    let entries = 0;
    for (let at = next(0); at !== -1; at = next(at + 1)) {
      entries += 1;
      const local = bytes.readUInt32LE(at + 42);
      // Midnight of 1 January 1980, in the directory and before the entry itself.
      expect([bytes.readUInt32LE(at + 12), bytes.readUInt32LE(local + 10)]).toEqual([0x210000, 0x210000]);
    }
    expect(entries).toBeGreaterThan(4);
    expect(again.equals(bytes)).toBe(true);
  });

  it('keeps the rows of the heading, and no column, when the list is scrolled', async () => {
    const xml = entryOf(await xlsxFile([sheet]), 'xl/worksheets/sheet1.xml');
    expect(/<sheetView [^>]*>(.*?)<\/sheetView>/u.exec(xml)?.[1]).toBe(
      '<pane ySplit="4" topLeftCell="A5" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>',
    );
  });

  it('holds any text: never a formula, never XML that cannot be opened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), async (texts) => {
        const rows = texts.map((text) => [text]);
        const columns = [{ title: 't', kind: 'text' as const, width: 10 }];
        const [read] = await readExcelFile(await xlsxFile([{ name: 'x', title: 't', lines: [], columns, rows }]));
        for (const [index, text] of texts.entries()) {
          // The reader trims; what it trims is nothing to be kept.
          const cell = read?.data[index + 2]?.[0] ?? '';
          expect(String(cell).trim()).toBe(xmlCellText(text).replaceAll('\r', '').trim());
        }
      }),
      { numRuns: 15, examples: [[['\u{10fffe}\u0000', '']], [['valueOf', '__proto__', 'constructor']]] },
    );
  });
});

/** One file of an archive, found by its directory. */
function entryOf(archive: Buffer, name: string): string {
  const at = archive.lastIndexOf(name) - 46;
  const local = archive.readUInt32LE(at + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const bytes = archive.subarray(start, start + archive.readUInt32LE(at + 20));
  return (archive.readUInt16LE(at + 10) === 0 ? bytes : inflateRawSync(bytes)).toString('utf8');
}

describe('CSV', () => {
  it('opens in a spreadsheet: a mark of its encoding, CRLF, quotes, numbers as they are', () => {
    const text = csvFile(sheet);
    expect(text.startsWith('\ufeff姓名,人数')).toBe(true);
    expect(text.endsWith('\r\n')).toBe(true);
    const rows = parse(text, { bom: true }) as string[][];
    expect(rows[1]).toEqual(['张三', '1234', '0.8571', '1250000.5', '2026-11-30', '2026-11-30T17:20:05']);
    expect(rows[2]?.slice(0, 2)).toEqual(["'=1+1", '-3']);
  });

  it('has no cell of text that begins like a formula', () => {
    for (const start of [
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      '\n',
      '＝',
      '＋',
      '－',
      '＠',
      ' =',
      '　＝',
      '\u0000=',
      '\u200b=',
      '\ufeff@',
      '﹦',
      '﹢',
      '﹣',
      '﹫',
      '−',
    ]) {
      expect(spreadsheetText(`${start}cmd|' /C calc'!A0`).startsWith("'")).toBe(true);
    }
    for (const plain of ['张三', 'a=b', '2026-01-01', '']) expect(spreadsheetText(plain)).toBe(plain);
  });
});

describe('paper', () => {
  const paper = paperFile({
    title: '执法记录仪缺口清单',
    language: 'zh',
    orientation: 'portrait',
    sheets: [{ ...sheet, rows: [...sheet.rows, ['<script>alert(1)</script>', 1, 1, 1, null, null]] }],
    signatures: ['单位（公章）：', '填报人：'],
    made: '采集站',
  });

  it('is a file of its own with unit, day, rule and lines to sign', () => {
    expect(paper).toContain('@page{size:A4 portrait');
    expect(paper).toContain('<li>单位：交通运输综合执法支队</li>');
    expect(paper).toContain('<li>单位（公章）：</li>');
    expect(paper).toContain('<td class="number">85.7%</td>');
    expect(paper).toContain('1,250,000.50');
    expect(paper).not.toMatch(/<script|https?:/u);
    expect(paper).toContain('&lt;script&gt;');
  });

  it('says that a list is empty', () => {
    const empty = { ...sheet, rows: [] };
    const made = { title: 't', language: 'en', orientation: 'landscape', signatures: [], made: '' } as const;
    expect(paperFile({ ...made, sheets: [empty] })).toContain('<td class="none" colspan="6">(none)</td>');
  });
});

it('100 % is said only when nobody is missing', () => {
  expect([0, 0.9996, 0.5, 1].map(rateText)).toEqual(['0.0%', '99.9%', '50.0%', '100.0%']);
  expect([0, 999.5, 1234567].map(moneyText)).toEqual(['0.00', '999.50', '1,234,567.00']);
});
