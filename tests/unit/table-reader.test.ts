/**
 * Goal: whatever a Chinese spreadsheet makes of a table, its rows arrive with the right line numbers, and whatever
 * cannot be read is named by line, heading and reason instead of being lost or guessed.
 */
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { type TableLimits, tableLimits } from '../../src/people/table-limits.ts';
import { readTable } from '../../src/people/table-reader.ts';

const columns = [
  { name: 'certificateNo', headings: ['执法证号', 'certificate_no'] },
  { name: 'name', headings: ['姓名', 'name'] },
] as const;

const read = (table: string | Uint8Array, limits: Partial<TableLimits> = {}) =>
  readTable(typeof table === 'string' ? Buffer.from(table) : table, columns, { limits: { ...tableLimits, ...limits } });
const row = (line: number, certificateNo: string, name: string) => ({ line, cells: { certificateNo, name } });

const plain = '执法证号,姓名\n1001,张三\n1002,李四\n';
const plainRows = [row(2, '1001', '张三'), row(3, '1002', '李四')];

describe('encodings', () => {
  it.each([
    ['UTF-8', Buffer.from(plain), 'utf-8'],
    ['UTF-8 with a byte-order mark', Buffer.from(`\ufeff${plain}`), 'utf-8'],
    ['GBK', iconv.encode(plain, 'gbk'), 'gb18030'],
    ['UTF-16, little end first', Buffer.from(`\ufeff${plain}`, 'utf16le'), 'utf-16le'],
    ['UTF-16, big end first', Buffer.from(`\ufeff${plain}`, 'utf16le').swap16(), 'utf-16be'],
  ] as const)('reads %s', (_, bytes, encoding) => {
    expect(read(bytes)).toMatchObject({ rows: plainRows, problems: [], encoding });
  });

  it('reads characters that only GB18030 has', () => {
    const rare = '执法证号,姓名\n1001,王㛃䶮𠮷\n';
    expect(read(iconv.encode(rare, 'gb18030')).rows).toEqual([row(2, '1001', '王㛃䶮𠮷')]);
  });

  it('reads a view into a larger buffer without looking beside it', () => {
    const framed = Buffer.concat([Buffer.from('xx'), iconv.encode(plain, 'gbk'), Buffer.from('yy')]);
    expect(read(framed.subarray(2, -2)).rows).toEqual(plainRows);
  });

  it('names the row of a damaged character and does not take the whole file for GBK', () => {
    const bytes = Buffer.concat([
      Buffer.from('执法证号,姓名\n1001,张三丰李四光王五常赵六钱七\n1002,李'),
      Buffer.from([0xe5, 0x9b]),
      Buffer.from('\n1003,王五\n'),
    ]);
    const reading = read(bytes);
    expect(reading.encoding).toBe('utf-8');
    expect(reading.rows.map(({ line }) => line)).toEqual([2, 4]);
    expect(reading.problems).toMatchObject([{ line: 3, column: '姓名', reason: 'undecodable' }]);
  });

  it('names the row of bytes that mean nothing in GBK', () => {
    const bytes = Buffer.concat([iconv.encode('执法证号,姓名\n1001,张三\n1002,', 'gbk'), Buffer.from([0xff, 0x0a])]);
    expect(read(bytes)).toMatchObject({
      rows: [row(2, '1001', '张三')],
      problems: [{ line: 3, column: '姓名', reason: 'undecodable' }],
    });
  });

  it('refuses what is no text', () => {
    const picture = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
    expect(read(picture)).toMatchObject({ rows: [], problems: [{ line: null, reason: 'not-text' }] });
  });

  it('refuses a web page that calls itself a spreadsheet', () => {
    const page = '<html><body><table><tr><td>执法证号</td></tr></table></body></html>';
    expect(read(page)).toMatchObject({ rows: [], problems: [{ line: null, reason: 'web-page' }] });
  });
});

describe('separators, quotes and lines', () => {
  it.each([
    ['commas', ','],
    ['semicolons', ';'],
    ['tabs', '\t'],
  ])('finds %s by the headings', (_, separator) => {
    expect(read(plain.replaceAll(',', separator))).toMatchObject({ rows: plainRows, separator });
  });

  it('is not misled by another separator inside the cells', () => {
    expect(read('执法证号,姓名\n1;2;3,张三\n').rows).toEqual([row(2, '1;2;3', '张三')]);
  });

  it.each([
    ['Windows', '\r\n'],
    ['old Macintosh', '\r'],
  ])('counts lines ended as on %s', (_, end) => {
    expect(read(plain.replaceAll('\n', end)).rows).toEqual(plainRows);
  });

  it('numbers a row by the line on which it begins, after blank lines and cells with line breaks', () => {
    const table = '\r\n执法证号,姓名\r\n\r\n1001,"张\r\n\r\n三"\r\n,\r\n1002,"李""四"""\r\n1003,王五';
    expect(read(table).rows).toEqual([row(4, '1001', '张\n\n三'), row(8, '1002', '李"四"'), row(9, '1003', '王五')]);
  });

  it('names a row with a stray quote and reads on with the next line', () => {
    const reading = read('执法证号,姓名\n1001,"张三"x\n1002,李"四\n1003,王五\n');
    expect(reading.rows).toEqual([row(4, '1003', '王五')]);
    expect(reading.problems).toEqual([
      { line: 2, column: null, value: '1001,"张三"x', reason: 'broken-quotes' },
      { line: 3, column: null, value: '1002,李"四', reason: 'broken-quotes' },
    ]);
  });

  it('loses only its own row to a quote that is never closed', () => {
    const reading = read('执法证号,姓名\n1001,"张三\n1002,李四\n1003,王五\n');
    expect(reading.rows).toEqual([row(3, '1002', '李四'), row(4, '1003', '王五')]);
    expect(reading.problems).toMatchObject([{ line: 2, reason: 'broken-quotes' }]);
  });

  it('gives the file up after too many broken rows', () => {
    const reading = read(`执法证号,姓名\n${'1001,"x"y\n'.repeat(30)}`, { brokenRows: 5 });
    expect(reading.problems.map(({ reason }) => reason)).toEqual([
      ...Array.from({ length: 5 }, () => 'broken-quotes'),
      'too-many-broken-rows',
    ]);
  });

  it('takes the missing cells at the end of a short row as empty', () => {
    expect(read('执法证号,姓名\n1001\n').rows).toEqual([row(2, '1001', '')]);
  });

  it('passes over separators at the end of a row but not over a cell without a heading', () => {
    const reading = read('执法证号,姓名,\n1001,张三,,,\n1002,李四,,住址\n');
    expect(reading.rows).toEqual([row(2, '1001', '张三')]);
    expect(reading.problems).toEqual([{ line: 3, column: null, value: '住址', reason: 'cell-without-heading' }]);
  });
});

describe('headings', () => {
  it.each([
    ['Chinese', '执法证号,姓名'],
    ['English', 'certificate_no,name'],
    ['mixed', 'certificate_no,姓名'],
    ['with blanks of both widths', ' 执法证号　, 姓 名 '],
    ['in full-width forms', 'ｃｅｒｔｉｆｉｃａｔｅ＿ｎｏ,ＮＡＭＥ'],
    ['with capitals and spaces', 'Certificate No.,Name'],
    ['in both languages at once', '执法证号/certificate_no,姓名（name）'],
    ['marked as required', '*执法证号,姓名*'],
    ['quoted', '"执法证号","姓名"'],
  ])('accepts headings %s', (_, header) => {
    expect(read(`${header}\n1001,张三\n`)).toMatchObject({ rows: [row(2, '1001', '张三')], problems: [] });
  });

  it('accepts columns in any order and reports those that nobody asked for', () => {
    const reading = read('序号,姓名,备注,执法证号\n1,张三,新来,1001\n');
    expect(reading.rows).toEqual([row(2, '1001', '张三')]);
    expect(reading.ignoredColumns).toEqual(['序号', '备注']);
  });

  it('keeps the heading as it was written for messages', () => {
    expect(read('Certificate No,姓 名\n').headings).toEqual({ certificateNo: 'Certificate No', name: '姓 名' });
  });

  it('names every missing column with the headings it would have accepted', () => {
    expect(read('foo,bar\n1,2\n')).toMatchObject({
      rows: [],
      problems: [
        { line: 1, column: '执法证号', reason: 'missing-column', accepted: ['执法证号', 'certificate_no'] },
        { line: 1, column: '姓名', reason: 'missing-column', accepted: ['姓名', 'name'] },
      ],
      ignoredColumns: ['foo', 'bar'],
    });
  });

  it('refuses a column that stands there twice, in whichever language', () => {
    expect(read('执法证号,姓名,name\n1001,张三,李四\n')).toMatchObject({
      rows: [],
      problems: [{ line: 1, column: 'name', value: '姓名', reason: 'repeated-column' }],
    });
  });

  it.each([
    ['nothing', ''],
    ['a byte-order mark', '\ufeff'],
    ['blank lines', '\n  \n,,\n'],
  ])('says that there is no header in a file of %s', (_, table) => {
    expect(read(table)).toMatchObject({ rows: [], problems: [{ line: null, reason: 'no-header' }] });
  });

  it('says which line is broken when no header could be read', () => {
    expect(read('执法证号,"姓名\n')).toMatchObject({ rows: [], problems: [{ line: 1, reason: 'broken-quotes' }] });
  });
});

describe('titles above the header', () => {
  it.each([
    ['a title', '执法人员名册\n执法证号,姓名\n1001,张三\n', 3],
    [
      'a title, a blank line and who filled it in',
      '执法人员名册（2026年）,\n\n填报单位：某县,\n执法证号,姓名\n1001,张三\n',
      5,
    ],
    ['a header of two rows', '序号,人员,\n,执法证号,姓名\n1,1001,张三\n', 3],
    ['a header of two rows, one column merged over both', '执法证号,人员\n,姓名\n1001,张三\n', 3],
  ])('finds the header below %s', (_, table, line) => {
    expect(read(table)).toMatchObject({ rows: [row(line, '1001', '张三')], problems: [] });
  });

  it('finds the separator although the title has another one', () => {
    expect(read('名册,2026年,某县\n执法证号;姓名\n1001;张三\n')).toMatchObject({
      rows: [row(3, '1001', '张三')],
      separator: ';',
    });
  });

  it('takes no row of data for a second row of the header', () => {
    expect(read('执法证号,姓名\n姓名,执法证号\n').rows).toEqual([row(2, '姓名', '执法证号')]);
  });
});

describe('limits', () => {
  it('refuses a file over the size limit unread', () => {
    expect(read(plain, { bytes: 20 }).problems).toMatchObject([{ reason: 'file-too-large', limit: 20 }]);
  });

  it('takes as many rows as the limit says and reports one more', () => {
    expect(read(plain, { rows: 2 }).problems).toEqual([]);
    expect(read(plain, { rows: 1 }).problems).toMatchObject([{ line: 3, reason: 'too-many-rows', limit: 1 }]);
  });

  it('refuses a row with an overlong cell and shows only its beginning', () => {
    const reading = read(`执法证号,姓名\n1001,${'长'.repeat(60)}\n1002,李四\n`, { cellCharacters: 50 });
    expect(reading.rows).toEqual([row(3, '1002', '李四')]);
    expect(reading.problems).toEqual([
      { line: 2, column: '姓名', value: `${'长'.repeat(40)}…`, reason: 'cell-too-long', limit: 50 },
    ]);
  });

  it('refuses a row over the record limit and reads on', () => {
    const reading = read(`执法证号,姓名\n1001,${'x'.repeat(300)}\n1002,李四\n`, { recordCharacters: 200 });
    expect(reading.rows).toEqual([row(3, '1002', '李四')]);
    expect(reading.problems).toMatchObject([{ line: 2, reason: 'row-too-long' }]);
  });

  it('refuses a row with a control character', () => {
    expect(read('执法证号,姓名\n1001,张\u0007三\n')).toMatchObject({
      rows: [],
      problems: [{ line: 2, column: '姓名', reason: 'control-character' }],
    });
  });
});

describe('properties', () => {
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const cell = fc.string({ unit: fc.constantFrom('张', 'a', ' ', '"', ',', ';', '\n', '\t', '=', '０'), maxLength: 8 });

  it('brings back any quoted cells, in UTF-8 and in GBK', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), fc.constantFrom('utf8', 'gbk'), (cells, encoding) => {
        const text = ['执法证号,姓名', ...cells.map((pair) => pair.map(quoted).join(','))].join('\r\n');
        const filled = cells.filter((pair) => pair.some((value) => value.trim() !== ''));
        const reading = read(iconv.encode(text, encoding));
        expect(reading.problems).toEqual([]);
        expect(reading.rows.map((each) => [each.cells.certificateNo, each.cells.name])).toEqual(filled);
      }),
    );
  });

  it('never throws, whatever the bytes are', () => {
    const start = iconv.encode('执法证号,姓名\n', 'gbk');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, headed) => {
        const { rows, problems } = read(headed ? Buffer.concat([start, bytes]) : bytes);
        expect(rows.length + problems.length).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
