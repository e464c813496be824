/** Goal: the schema of the exchange says of each column what it is in both languages, and refuses what is not so. */
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { type ExchangeRow, exchangeColumns, exchangeTables } from '../../src/domain/exchange-columns.ts';
import { columnsOfTables } from '../../src/people/own-headings.ts';
import { csvHead, csvRow } from '../../src/reporting/exchange-files.ts';
import { assignmentRow } from '../../src/reporting/exchange-rows.ts';
import { exchangeSchema, rowSchema } from '../../src/reporting/exchange-schema.ts';

const assignment = assignmentRow({
  certificateNo: '14052201001',
  serial: 'R001',
  from: '2026-01-01' as never,
  until: null,
  mode: 'personal',
});

describe('the schema of the exchange', () => {
  test('has every table, and of every column a Chinese and an English description', () => {
    const { $defs, version } = exchangeSchema() as { $defs: object; version: number };
    expect(version).toBe(1);
    for (const table of exchangeTables) {
      expect($defs).toHaveProperty(table, rowSchema(table));
      for (const { zh, en } of exchangeColumns[table]) {
        expect(zh).toMatch(/[\u4e00-\u9fff]/u);
        expect(en).toMatch(/^[\x20-\x7e’]+$/u);
      }
    }
  });

  test.each([
    ['a day that is none', { from: '2026-13-01' }],
    ['a word that is not in the list', { mode: 'borrowed' }],
    ['nothing where something must be', { certificate_no: null }],
    ['a column that it does not know', { colour: 'red' }],
  ])('refuses %s', (_what, wrong) => {
    const check = Compile(rowSchema('assignments') as never);
    expect(check.Check(assignment)).toBe(true);
    expect(check.Check({ ...assignment, ...wrong })).toBe(false);
  });

  test('names the columns that an import must have as the import does', () => {
    for (const table of ['officers', 'recorders', 'assignments', 'cases'] as const) {
      const names = exchangeColumns[table].map(({ name }) => name);
      for (const { headings, isOptional } of columnsOfTables[table]) {
        if (isOptional !== true) expect(headings.some((heading) => names.includes(heading))).toBe(true);
      }
    }
  });

  test('a row as CSV has no cell that a spreadsheet takes for a formula', () => {
    const row: ExchangeRow = { ...assignment, certificate_no: '=1+1', recorder_serial: 'a,"b' };
    expect(csvRow('assignments', row)).toBe(`'=1+1,"a,""b",2026-01-01,,personal\r\n`);
    expect(csvHead('assignments')).toBe('\ufeffcertificate_no,recorder_serial,from,until,mode\r\n');
  });
});
