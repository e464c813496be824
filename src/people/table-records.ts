/**
 * From the text of a table to its records, each with the line on which it begins. It knows separators and quotes but
 * no headings. A record that breaks the rules of quoting is named and left out, and reading goes on with the line
 * after the one on which it began: one forgotten quote must not swallow the rest of the file.
 */
import { CsvError, parse } from 'csv-parse/sync';
import type { TableLimits } from './table-limits.ts';
import { shortened, type TableProblem } from './table-problems.ts';

export type Separator = ',' | ';' | '\t';

export interface TableRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface RecordsReading {
  readonly records: readonly TableRecord[];
  readonly problems: readonly TableProblem[];
}

/** Blank lines and rows of empty cells are no records. */
export function readRecords(text: string, separator: Separator, limits: TableLimits): RecordsReading {
  const records: TableRecord[] = [];
  const problems: TableProblem[] = [];
  let rest = text;
  let line = 1;
  while (rest !== '') {
    const stop = readUntilBroken(rest, { separator, limits, firstLine: line, records });
    if (stop === undefined) {
      return { records, problems };
    }
    if (stop.reason === 'too-many-rows' || problems.length >= limits.brokenRows) {
      const reason = stop.reason === 'too-many-rows' ? stop.reason : 'too-many-broken-rows';
      const limit = reason === 'too-many-rows' ? limits.rows : limits.brokenRows;
      return { records, problems: [...problems, { line: stop.line, column: null, value: null, reason, limit }] };
    }
    const broken = afterLines(rest, stop.line - line);
    const value = shortened(broken.split('\n', 1)[0] ?? '');
    problems.push({ line: stop.line, column: null, value, reason: stop.reason });
    rest = afterLines(broken, 1);
    line = stop.line + 1;
  }
  return { records, problems };
}

interface Stretch {
  readonly separator: Separator;
  readonly limits: TableLimits;
  readonly firstLine: number;
  /** Filled as far as reading gets. */
  readonly records: TableRecord[];
}

interface Stop {
  readonly line: number;
  readonly reason: 'broken-quotes' | 'row-too-long' | 'too-many-rows';
}

class TooManyRows extends Error {}

function readUntilBroken(text: string, { separator, limits, firstLine, records }: Stretch): Stop | undefined {
  let next = firstLine;
  try {
    parse(text, {
      delimiter: separator,
      record_delimiter: '\n',
      relax_column_count: true,
      max_record_size: limits.recordCharacters,
      on_record: (cells: string[], { lines }) => {
        const line = next;
        next = firstLine + lines;
        if (cells.some((cell) => cell.trim() !== '')) {
          if (records.length > limits.rows) {
            next = line;
            throw new TooManyRows();
          }
          records.push({ line, cells });
        }
        // The parser keeps nothing: the rows are ours already.
        return null;
      },
    });
    return undefined;
  } catch (error) {
    if (error instanceof TooManyRows) {
      return { line: next, reason: 'too-many-rows' };
    }
    if (error instanceof CsvError) {
      return { line: next, reason: error.code === 'CSV_MAX_RECORD_SIZE' ? 'row-too-long' : 'broken-quotes' };
    }
    throw error;
  }
}

function afterLines(text: string, count: number): string {
  let start = 0;
  for (let passed = 0; passed < count; passed += 1) {
    const end = text.indexOf('\n', start);
    if (end < 0) {
      return '';
    }
    start = end + 1;
  }
  return text.slice(start);
}
