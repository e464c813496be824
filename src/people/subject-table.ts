/**
 * From rows to the facts of one kind of subject: what roster, recorders, assignments and cases have in common. Rows
 * that say the same about the same subject count once; rows that contradict each other are all left out, because
 * which of them is right cannot be known. Whether good rows may be taken beside bad ones is the caller's decision.
 */
import { fieldChanges, type KeyedFacts } from '../domain/import-difference.ts';
import { isZip } from '../formats/zip-archive.ts';
import { CellValues } from './cell-values.ts';
import { isJson, readJsonTable } from './json-table.ts';
import type { TableNote, TableProblem } from './table-problems.ts';
import { readTable, type TableColumn, type TableOptions, type TableReading, withOwnHeadings } from './table-reader.ts';

export interface SubjectTable<C extends string, F> {
  readonly columns: readonly TableColumn<C>[];
  /** The facts of a row, or undefined after noting what is wrong with it. */
  readonly toFacts: (cells: CellValues<C>) => F | undefined;
  readonly keyOf: (facts: F) => string;
  /** The column that a contradiction is reported under. */
  readonly keyColumn: C;
  /** Fields of the facts that a column fills, where they are not named like it. */
  readonly fieldsOf?: (column: C) => readonly string[];
  /** The key of a row that is otherwise wrong, where it is one cell. */
  readonly keyOfCells?: (cells: CellValues<C>) => string | undefined;
}

export interface SubjectRow<F> extends KeyedFacts<F> {
  readonly line: number;
}

export interface SubjectReading<F> {
  /** In the order of the file, each key once. Without `problems` these are all there is. */
  readonly rows: readonly SubjectRow<F>[];
  /** By line; those about the whole file first. */
  readonly problems: readonly TableProblem[];
  readonly notes: readonly TableNote[];
  /** Fields that the file says nothing of, for want of a column: they stay as they are known. */
  readonly absentFields: readonly string[];
  readonly absentColumns: readonly string[];
  readonly ignoredColumns: readonly string[];
  readonly encoding: TableReading<string>['encoding'];
  readonly separator: TableReading<string>['separator'];
  readonly sheet: TableReading<string>['sheet'];
  readonly format: 'csv' | 'xlsx' | 'json';
  /** Keys of rows that were left out as wrong, as far as they can be read: the file does name them. */
  readonly wrongKeys: ReadonlySet<string>;
}

export function readSubjects<C extends string, F extends object>(
  bytes: Uint8Array,
  table: SubjectTable<C, F>,
  options: TableOptions = {},
): SubjectReading<F> {
  const columns = withOwnHeadings(table.columns, options.headings);
  const reading = isJson(bytes) ? readJsonTable(bytes, columns, options) : readTable(bytes, columns, options);
  const problems: TableProblem[] = [...reading.problems];
  const notes: TableNote[] = [];
  const rows = new Map<string, SubjectRow<F>>();
  const contradicted = new Set<string>();
  const wrongKeys = new Set<string>();
  const noteWrong = (cells: CellValues<C>): void => {
    const key = table.keyOfCells?.(cells);
    if (key !== undefined && key !== '') wrongKeys.add(key);
  };
  for (const row of reading.wrongRows) noteWrong(new CellValues(row, reading.headings));
  for (const row of reading.rows) {
    const cells = new CellValues(row, reading.headings);
    const facts = table.toFacts(cells);
    problems.push(...cells.problems);
    if (facts === undefined || cells.problems.length > 0) {
      noteWrong(cells);
      continue;
    }
    const key = table.keyOf(facts);
    const earlier = rows.get(key);
    if (earlier === undefined) {
      rows.set(key, { line: row.line, key, facts });
    } else if (fieldChanges(earlier.facts, facts).length === 0) {
      notes.push({ line: row.line, reason: 'repeats-line', otherLine: earlier.line });
    } else {
      contradicted.add(key);
      cells.complain(table.keyColumn, 'differs-from-line', { otherLine: earlier.line });
      problems.push(...cells.problems);
    }
  }
  return {
    rows: [...rows.values()].filter(({ key }) => !contradicted.has(key)),
    problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
    notes,
    absentFields: reading.absentColumns.flatMap((column) => table.fieldsOf?.(column) ?? [column]),
    absentColumns: reading.absentColumns,
    ignoredColumns: reading.ignoredColumns,
    encoding: reading.encoding,
    separator: reading.separator,
    sheet: reading.sheet,
    format: isJson(bytes) ? 'json' : isZip(bytes) ? 'xlsx' : 'csv',
    wrongKeys: new Set([...wrongKeys, ...contradicted]),
  };
}

/** Without what the row does not say: facts that are not known have no key. */
export function told<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
