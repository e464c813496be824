/**
 * Goal: a workbook arrives as its author sees it, whatever program wrote it, and no file, however hostile, costs more
 * than its limits or is taken for something that it is not.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import writeXlsx from 'write-excel-file/node';
import { readRoster } from '../../src/people/roster-table.ts';
import { tableLimits } from '../../src/people/table-limits.ts';
import { readTable, type TableOptions } from '../../src/people/table-reader.ts';
import { type MadeWorkbook, sheetData, workbookBytes, zipBytes } from '../support/workbook-files.ts';

const columns = [
  { name: 'certificateNo', headings: ['执法证号', 'certificate_no'] },
  { name: 'name', headings: ['姓名', 'name'] },
] as const;

const header = ['执法证号', '姓名'];
const read = (bytes: Uint8Array, options?: TableOptions) => readTable(bytes, columns, options);
const readRows = (...rows: (string | null)[][]) =>
  read(workbookBytes({ sheets: [{ name: '名册', xml: sheetData(rows) }] }));
const row = (line: number, certificateNo: string, name: string) => ({ line, cells: { certificateNo, name } });

describe('cells', () => {
  it('reads what another library wrote', async () => {
    const bytes = await writeXlsx([
      header.map((value) => ({ value })),
      [{ value: '14052200001' }, { value: '张<三>&"李"' }],
      [
        { value: 1002, type: Number },
        { value: new Date('2026-12-31T00:00:00Z'), type: Date, format: 'yyyy/mm/dd' },
      ],
      [{ value: true, type: Boolean }, { value: '  两  格 ' }],
    ]).toBuffer();
    expect(read(bytes)).toMatchObject({
      rows: [row(2, '14052200001', '张<三>&"李"'), row(3, '1002', '2026-12-31'), row(4, 'TRUE', '  两  格 ')],
      problems: [],
    });
  });

  const one = (cell: string, more: Partial<MadeWorkbook> = {}) =>
    read(workbookBytes({ ...more, sheets: [{ name: '名册', xml: sheetData([header, [cell, '张三']]) }] })).rows[0]
      ?.cells.certificateNo;

  it.each([
    ['a shared string', '<c t="s"><v>1</v></c>', '李四'],
    ['rich text without its phonetic hints', '<c t="s"><v>2</v></c>', '王五'],
    ['a formula that gives a text', '<c t="str"><f>A1&amp;"x"</f><v>1001</v></c>', '1001'],
    ['a number', '<c><v>1001</v></c>', '1001'],
    ['a number of 15 digits', '<c><v>140522199001011</v></c>', '140522199001011'],
    ['a number written with an exponent', '<c><v>1.40522E5</v></c>', '140522'],
    ['a fraction without noise', '<c><v>0.10000000000000001</v></c>', '0.1'],
    ['a number of 16 digits, in short', '<c><v>1405221990010112</v></c>', '1.40522199001011E+15'],
    ['a number of 18 digits, in short', '<c><v>1.4052219900101123E+17</v></c>', '1.40522199001011E+17'],
    ['truth', '<c t="b"><v>0</v></c>', 'FALSE'],
    ['a day', '<c s="1"><v>46387</v></c>', '2026-12-31'],
    ['a day with its time', '<c s="1"><v>46387.354166666664</v></c>', '2026-12-31 08:30:00'],
    ['a day in a Chinese form', '<c s="2"><v>46387</v></c>', '2026-12-31'],
    ['a day in the form of East Asian Excel', '<c s="3"><v>46387</v></c>', '2026-12-31'],
    ['a number whose form has letters in quotes', '<c s="4"><v>46387</v></c>', '46387'],
    ['an ISO day', '<c t="d"><v>2026-12-31T00:00:00Z</v></c>', '2026-12-31'],
    ['escaped characters', '<c t="inlineStr"><is><t>a_x000D__x0041_</t></is></c>', 'a\nA'],
    ['character references', '<c t="inlineStr"><is><t>&#x5F20;&#19977;&lt;</t></is></c>', '张三<'],
  ])('reads %s', (_, cell, text) => {
    const styles =
      '<numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/><numFmt numFmtId="177" formatCode="0&quot;days&quot;"/></numFmts>' +
      '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="31"/><xf numFmtId="177"/></cellXfs>';
    const sharedStrings = ['张三', '李四', '<r><t>王</t></r><r><t>五</t></r><rPh><t>ワン</t></rPh>'];
    expect(one(cell, { styles, sharedStrings })).toBe(text);
  });

  it('counts days of old Macintosh workbooks from 1904', () => {
    const styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>';
    expect(one('<c s="1"><v>44925</v></c>', { styles, date1904: true })).toBe('2026-12-31');
  });

  it('names a cell that shows an error of the spreadsheet', () => {
    expect(readRows(header, ['<c t="e"><v>#N/A</v></c>', '张三']).problems).toMatchObject([
      { line: 2, column: '执法证号', value: '#N/A', reason: 'spreadsheet-error' },
    ]);
  });

  it('refuses a certificate number of which Excel kept 15 digits', () => {
    const heads = ['执法证号', '姓名', '单位', '证件状态', '有效期至'];
    const wrong = ['<c><v>1.4052219900101123E+17</v></c>', '张三', '一大队', '有效', '2027年6月30日'];
    const xml = sheetData([heads, wrong, ['140522199001011234', '李四', '一大队', '有效', '２０２７／６／３０']]);
    const reading = readRoster(workbookBytes({ sheets: [{ name: '名册', xml }] }));
    expect(reading.rows.map(({ key, facts }) => [key, facts.validUntil])).toEqual([
      ['140522199001011234', '2027-06-30'],
    ]);
    expect(reading.problems).toMatchObject([
      { line: 2, column: '执法证号', value: '1.40522199001011E+17', reason: 'spreadsheet-number' },
    ]);
  });
});

describe('rows and headers', () => {
  it('numbers rows as Excel does, over gaps and titles', () => {
    const xml = `${sheetData([['某县执法人员名册', null]], 2).replace('</sheetData>', '')}${sheetData([header], 4).slice(11, -12)}${sheetData([['1001', '张三']], 9).slice(11)}<mergeCells><mergeCell ref="A2:B2"/></mergeCells>`;
    expect(read(workbookBytes({ sheets: [{ name: '名册', xml }] }))).toMatchObject({
      rows: [row(9, '1001', '张三')],
      problems: [],
      sheet: '名册',
    });
  });

  it('leaves an empty cell its column, also where no cell has a reference', () => {
    const text = (value: string): string => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
    const lines = [
      ['序号', ...header],
      ['', '1001', '张三'],
      ['2', '', '李四'],
      ['3', '1003', '王五'],
    ];
    const xml = `<sheetData>${lines.map((cells) => `<row>${cells.map(text).join('')}</row>`).join('')}</sheetData>`;
    expect(read(workbookBytes({ sheets: [{ name: '名册', xml }] })).rows).toMatchObject([
      row(2, '1001', '张三'),
      row(3, '', '李四'),
      row(4, '1003', '王五'),
    ]);
  });

  it('gives a value that was merged downwards to each of its rows', () => {
    const xml = `${sheetData([header, ['1001', '张三'], ['1002', null], ['1003', null], ['1004', null]])}<mergeCells><mergeCell ref="B2:B4"/></mergeCells>`;
    expect(read(workbookBytes({ sheets: [{ name: '名册', xml }] })).rows.map(({ cells }) => cells.name)).toEqual([
      '张三',
      '张三',
      '张三',
      '',
    ]);
  });

  it('reads a header of two rows with merged cells', () => {
    const xml = `${sheetData([
      ['序号', '人员', null],
      [null, '执法证号', '姓名'],
      ['1', '1001', '张三'],
    ])}<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/></mergeCells>`;
    expect(read(workbookBytes({ sheets: [{ name: '名册', xml }] })).rows).toEqual([row(3, '1001', '张三')]);
  });
});

describe('sheets', () => {
  const table = sheetData([header, ['1001', '张三']]);
  const notes = sheetData([['说明'], ['填表须知']]);

  it('takes the sheet that has the headings', () => {
    const sheets = [
      { name: '说明', xml: notes },
      { name: '人员', xml: table },
    ];
    expect(read(workbookBytes({ sheets }))).toMatchObject({ rows: [row(2, '1001', '张三')], sheet: '人员' });
  });

  it('prefers a sheet that can be seen', () => {
    const sheets = [
      { name: '旧', xml: table, state: 'hidden' as const },
      { name: '新', xml: table },
    ];
    expect(read(workbookBytes({ sheets })).sheet).toBe('新');
  });

  it('names the sheets when several have the headings, and takes the one that was asked for', () => {
    const bytes = workbookBytes({
      sheets: [
        { name: '一队', xml: table },
        { name: '二队', xml: table },
      ],
    });
    expect(read(bytes)).toMatchObject({
      rows: [],
      problems: [{ reason: 'several-sheets', accepted: ['一队', '二队'] }],
    });
    expect(read(bytes, { sheet: '二队' })).toMatchObject({ rows: [row(2, '1001', '张三')], sheet: '二队' });
    expect(read(bytes, { sheet: '三队' }).problems).toMatchObject([
      { reason: 'no-such-sheet', accepted: ['一队', '二队'] },
    ]);
  });

  it('names the missing columns of the sheet that comes nearest', () => {
    const sheets = [
      { name: '说明', xml: notes },
      { name: '人员', xml: sheetData([['姓名'], ['张三']]) },
    ];
    expect(read(workbookBytes({ sheets })).problems).toMatchObject([{ column: '执法证号', reason: 'missing-column' }]);
  });
});

describe('hostile files', () => {
  const reason = (bytes: Uint8Array, options?: TableOptions) => read(bytes, options).problems[0]?.reason;
  const good = workbookBytes({ sheets: [{ name: '名册', xml: sheetData([header, ['1001', '张三']]) }] });

  it('says what to do with a workbook of an old Excel', () => {
    expect(reason(Buffer.from('d0cf11e0a1b11ae1000000', 'hex'))).toBe('old-workbook');
  });

  it('tells an archive that is no workbook', () => {
    expect(reason(zipBytes(new Map([['readme.txt', 'hello']])))).toBe('not-a-workbook');
  });

  it('stops unpacking at the limit', () => {
    const bomb = workbookBytes({ sheets: [{ name: '名册', xml: `<sheetData>${' '.repeat(30_000_000)}</sheetData>` }] });
    expect(bomb.length).toBeLessThan(100_000);
    expect(reason(bomb, { limits: { ...tableLimits, unpackedBytes: 1_000_000 } })).toBe('workbook-too-large');
  });

  it('takes as many rows as the limit says and reports one more', () => {
    const rows = Array.from({ length: 60 }, (_, number) => [String(1000 + number), '张三']);
    const bytes = workbookBytes({ sheets: [{ name: '名册', xml: sheetData([header, ...rows]) }] });
    expect(reason(bytes, { limits: { ...tableLimits, rows: 30 } })).toBe('too-many-rows');
  });

  it('expands no entities of its own making', () => {
    const parts = new Map([['xl/workbook.xml', '<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>']]);
    expect(reason(zipBytes(parts))).toBe('broken-workbook');
  });

  it('gives up merged cells that overlap without end', () => {
    const rows = Array.from({ length: 3000 }, () => ['1001', '张三']);
    const merges = Array.from({ length: 3000 }, () => '<mergeCell ref="A1:A3000"/>').join('');
    const xml = `${sheetData([header, ...rows])}<mergeCells>${merges}</mergeCells>`;
    expect(reason(workbookBytes({ sheets: [{ name: '名册', xml }] }))).toBe('broken-workbook');
  });

  it('never throws, however the file is damaged', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }), fc.boolean(), (at, byte, cut) => {
        const bytes = Buffer.from(good);
        bytes[at] = byte;
        const { rows, problems } = read(cut ? bytes.subarray(0, at) : bytes);
        expect(rows.length + problems.length).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });
});
