/**
 * Figures that were handed in before the installation (历史上报数) as a table: day or year, profile, unit, how many had to
 * have a recorder, how many had, and the document that says so. They are taken as they stand and compared with nothing.
 */
import type { BaselineRow } from '../domain/coverage-records.ts';
import { findCalendarDate } from '../domain/people-facts.ts';
import type { CellValues } from './cell-values.ts';
import { readSubjects, type SubjectReading, type SubjectTable } from './subject-table.ts';
import type { TableOptions } from './table-reader.ts';

type BaselineColumn = 'day' | 'profile' | 'unit' | 'population' | 'covered' | 'source';

export const baselineTable: SubjectTable<BaselineColumn, BaselineRow> = {
  columns: [
    { name: 'day', headings: ['统计日期', '日期', '年度', 'as_of', 'date', 'year'] },
    { name: 'profile', headings: ['统计口径', '口径', 'profile'] },
    { name: 'unit', headings: ['单位', 'unit'] },
    { name: 'population', headings: ['应配人数', 'population'] },
    { name: 'covered', headings: ['已配人数', 'covered'] },
    { name: 'source', headings: ['来源文件', '文号', 'source', 'document'] },
  ],
  keyOf: ({ profile, unit, asOf }) => `${profile} ${asOf} ${unit}`,
  keyColumn: 'day',
  toFacts: baselineRow,
};

export function readBaseline(bytes: Uint8Array, options?: TableOptions): SubjectReading<BaselineRow> {
  return readSubjects(bytes, baselineTable, options);
}

function baselineRow(cells: CellValues<BaselineColumn>): BaselineRow | undefined {
  // A year alone means its last day.
  const year = /^(\d{4})\s?年?(?:末|底)?$/u.exec(cells.text('day'))?.[1];
  const asOf = year === undefined ? cells.date('day') : findCalendarDate(`${year}-12-31`);
  const profile = cells.requiredText('profile');
  const population = countOf(cells, 'population');
  const covered = countOf(cells, 'covered');
  const source = cells.requiredText('source');
  if (population !== undefined && covered !== undefined && covered > population) {
    cells.complain('covered', 'more-than-all');
  }
  if ([asOf, profile, population, covered, source].includes(undefined)) return undefined;
  const unit = cells.text('unit');
  return {
    asOf: asOf as BaselineRow['asOf'],
    profile: profile as string,
    unit: unit === '全部' || unit === '全部单位' || unit.toLowerCase() === 'all' ? '' : unit,
    population: population as number,
    covered: covered as number,
    source: source as string,
  };
}

function countOf(cells: CellValues<BaselineColumn>, column: BaselineColumn): number | undefined {
  const digits = cells.text(column).replace(/[,\s人]/gu, '');
  if (digits === '') return cells.complain(column, 'empty');
  return /^\d{1,7}$/u.test(digits) ? Number(digits) : cells.complain(column, 'not-a-count');
}
