/**
 * The table by which file names are read: the station's own patterns first, then the shipped ones. Own patterns
 * are checked when the configuration is loaded; the shipped file is part of the program, so trouble in it is a bug.
 */

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import {
  type CompiledNameTable,
  compileNameTable,
  type NameTable,
  type NameTableProblem,
} from '../domain/clip-names.ts';
import { StationError } from '../domain/errors.ts';
import type { NamesConfig } from './schema.ts';

const SHIPPED_FILE = new URL('../../config/name-patterns.yaml', import.meta.url);

/** The compiled table. @throws StationError `configuration-invalid` for a slice that did not come from loadConfiguration. */
export function buildNameTable(names: NamesConfig): CompiledNameTable {
  const { table, problems } = compileWithShipped(names);
  const problem = problems[0];
  if (problem !== undefined) {
    throw new StationError(
      'configuration-invalid',
      `names.patterns[${problem.index}].${problem.key}: ${problem.message}`,
    );
  }
  return table;
}

/** What is wrong with the station's own patterns. */
export function findNameProblems(names: NamesConfig): NameTableProblem[] {
  return compileWithShipped(names).problems;
}

function compileWithShipped(names: NamesConfig): { table: CompiledNameTable; problems: NameTableProblem[] } {
  const { plausibleYearMin, plausibleYearMax } = names;
  const source = parse(readFileSync(SHIPPED_FILE, 'utf8')) as Pick<NameTable, 'patterns' | 'mediaWords'>;
  // Its examples hold for the default years; others would make true examples look wrong.
  const shipped = compileNameTable({ ...source, plausibleYearMin: 1970, plausibleYearMax: 9999 });
  if (shipped.problems.length > 0) {
    throw new Error(`config/name-patterns.yaml: ${JSON.stringify(shipped.problems)}`);
  }
  const { mediaWords } = source;
  const own = compileNameTable({ patterns: names.patterns, mediaWords, plausibleYearMin, plausibleYearMax });
  const shippedRows = names.shippedPatterns ? shipped.table.rows : [];
  const taken = new Set(shippedRows.map((row) => row.id));
  const problems = [...own.problems];
  for (const [index, pattern] of names.patterns.entries()) {
    if (taken.has(pattern.id)) {
      problems.push({ index, key: 'id', message: `the id ${pattern.id} belongs to a shipped pattern` });
    }
  }
  return { table: { ...own.table, rows: [...own.table.rows, ...shippedRows] }, problems };
}
