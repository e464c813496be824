/** The configured headings of columns, by kind of table and by the name that the column has in the program. */
import { StationError } from '../domain/errors.ts';
import type { ImportKind } from '../domain/subject-kinds.ts';
import { assignmentsTable } from './assignments-table.ts';
import { caseColumns } from './cases-table.ts';
import { complaintColumns } from './complaints-table.ts';
import { recordersTable } from './recorders-table.ts';
import { rosterTable } from './roster-table.ts';
import { foldHeading } from './table-layout.ts';
import type { TableColumn } from './table-reader.ts';

export type TableName = 'roster' | Exclude<ImportKind, 'officers'>;

export interface OwnHeading {
  readonly table: TableName;
  /** The column's English heading. */
  readonly column: string;
  readonly headings: readonly string[];
}

export type HeadingsOfTables = ReadonlyMap<ImportKind, ReadonlyMap<string, readonly string[]>>;

/** The columns of each kind of table, as help and configuration name them. */
export const columnsOfTables: { readonly [K in ImportKind]: readonly TableColumn<string>[] } = {
  officers: rosterTable.columns,
  recorders: recordersTable.columns,
  assignments: assignmentsTable.columns,
  cases: caseColumns,
  complaints: complaintColumns,
};

/** @throws StationError column-unknown, heading-ambiguous */
export function headingsOfTables(own: readonly OwnHeading[]): HeadingsOfTables {
  const tables = new Map<ImportKind, Map<string, readonly string[]>>();
  for (const { table, column, headings } of own) {
    const kind = table === 'roster' ? 'officers' : table;
    const columns = columnsOfTables[kind];
    const found = columns.find((each) => each.headings.includes(column));
    if (found === undefined) {
      throw new StationError('column-unknown', `people.columns: the table ${table} has no column ${column}`, {
        next: `Its columns are ${columns.map((each) => each.headings[1]).join(', ')}.`,
      });
    }
    for (const heading of headings) {
      const other = columns.find(
        (each) => each !== found && each.headings.some((known) => foldHeading(known) === foldHeading(heading)),
      );
      if (other === undefined) continue;
      throw new StationError('heading-ambiguous', `people.columns: "${heading}" is a heading of ${other.headings[1]}`, {
        next: 'Choose a heading that means one column only.',
      });
    }
    const known = tables.get(kind) ?? new Map<string, readonly string[]>();
    known.set(found.name, [...(known.get(found.name) ?? []), ...headings]);
    tables.set(kind, known);
  }
  return tables;
}
