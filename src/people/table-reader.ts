/**
 * From the bytes of a CSV file to rows by column name. It finds encoding, separator and headings by itself, because
 * the people who hand in these files cannot say what their spreadsheet did, and it understands no value: what a cell
 * means is the part of the tables (roster-table.ts and its neighbours). Errors are values, see table-problems.ts.
 */
import { shortened, type TableProblem } from './table-problems.ts';
import { readRecords, type Separator, type TableRecord } from './table-records.ts';
import { decodeTableText, type TableEncoding } from './table-text.ts';

/**
 * A column must be there unless it is optional: an absent column is not an empty one. What a file has no optional
 * column for stays as it is known (`absentColumns`).
 */
export interface TableColumn<C extends string> {
  readonly name: C;
  readonly isOptional?: true;
  /** The first is the one that messages name. */
  readonly headings: readonly string[];
}

export interface TableLimits {
  readonly bytes: number;
  /** Rows below the header. */
  readonly rows: number;
  readonly cellCharacters: number;
  readonly recordCharacters: number;
  /** Rows with broken quotes before the file is given up. */
  readonly brokenRows: number;
}

export const tableLimits: TableLimits = {
  bytes: 128 * 1024 * 1024,
  rows: 1_000_000,
  cellCharacters: 4_000,
  recordCharacters: 64 * 1024,
  brokenRows: 20,
};

export interface TableRow<C extends string> {
  readonly line: number;
  readonly cells: Readonly<Record<C, string>>;
}

export interface TableReading<C extends string> {
  readonly rows: readonly TableRow<C>[];
  readonly problems: readonly TableProblem[];
  /** The headings of the columns as the file writes them. */
  readonly headings: Readonly<Partial<Record<C, string>>>;
  /** Optional columns that the file does not have. */
  readonly absentColumns: readonly C[];
  /** Headings that nobody asked for, in the order of the file. */
  readonly ignoredColumns: readonly string[];
  readonly encoding: TableEncoding | null;
  readonly separator: Separator | null;
}

const separators: readonly Separator[] = [',', ';', '\t'];
/** Enough of the text to hold its header. */
const headerCharacters = 64 * 1024;

export function readTable<C extends string>(
  bytes: Uint8Array,
  columns: readonly TableColumn<C>[],
  limits: TableLimits = tableLimits,
): TableReading<C> {
  if (bytes.byteLength > limits.bytes) {
    return refused({ reason: 'file-too-large', limit: limits.bytes });
  }
  const decoded = decodeTableText(bytes);
  if (decoded === undefined) {
    return refused({ reason: 'not-text' });
  }
  const separator = detectSeparator(decoded.text, columns, limits);
  const { records, problems } = readRecords(decoded.text, separator, limits);
  const [header, ...body] = records;
  if (header === undefined) {
    return refused({ reason: problems[0]?.reason ?? 'no-header', line: problems[0]?.line ?? null });
  }
  const layout = layOut(header, columns);
  const { headings, absent: absentColumns } = layout;
  const found = { headings, absentColumns, ignoredColumns: layout.ignored, encoding: decoded.encoding, separator };
  if (layout.problems.length > 0) {
    return { rows: [], problems: [...layout.problems, ...problems], ...found };
  }
  const rows: TableRow<C>[] = [];
  const rowProblems: TableProblem[] = [...problems];
  for (const record of body) {
    const wrong = problemsOfRecord(record, layout, limits);
    rowProblems.push(...wrong);
    if (wrong.length === 0) {
      rows.push({ line: record.line, cells: cellsOf(record, layout) });
    }
  }
  return { rows, problems: rowProblems, ...found };
}

/** Nothing of the file can be read. */
function refused<C extends string>(problem: Partial<TableProblem> & Pick<TableProblem, 'reason'>): TableReading<C> {
  const headings: Partial<Record<C, string>> = {};
  const problems = [{ line: null, column: null, value: null, ...problem }];
  return { rows: [], problems, headings, absentColumns: [], ignoredColumns: [], encoding: null, separator: null };
}

interface Layout<C extends string> {
  /** Position of each column. */
  readonly places: ReadonlyMap<C, number>;
  /** The header as written, by position. */
  readonly written: readonly string[];
  readonly headings: Readonly<Partial<Record<C, string>>>;
  readonly ignored: readonly string[];
  readonly absent: readonly C[];
  readonly problems: readonly TableProblem[];
}

function layOut<C extends string>(header: TableRecord, columns: readonly TableColumn<C>[]): Layout<C> {
  const known = headingIndex(columns);
  const places = new Map<C, number>();
  const headings: Partial<Record<C, string>> = {};
  const ignored: string[] = [];
  const problems: TableProblem[] = [];
  const written = header.cells.map(tidyHeading);
  for (const [place, heading] of written.entries()) {
    const column = columnOf(heading, known);
    if (column === undefined) {
      ignored.push(...(heading === '' ? [] : [shortened(heading)]));
    } else if (places.has(column)) {
      const { line } = header;
      problems.push({ line, column: heading, value: headings[column] ?? null, reason: 'repeated-column' });
    } else {
      places.set(column, place);
      headings[column] = heading;
    }
  }
  const lacking = columns.filter(({ name }) => !places.has(name));
  for (const column of lacking.filter(({ isOptional }) => isOptional !== true)) {
    const accepted = column.headings;
    problems.push({ line: header.line, column: accepted[0] ?? null, value: null, reason: 'missing-column', accepted });
  }
  const absent = lacking.filter(({ isOptional }) => isOptional === true).map(({ name }) => name);
  return { places, written, headings, ignored, absent, problems };
}

/** A spreadsheet that leaves out empty cells at the end of a row makes it short; those cells are empty. */
function cellsOf<C extends string>(record: TableRecord, layout: Layout<C>): Record<C, string> {
  const cells: Partial<Record<C, string>> = {};
  for (const [name, place] of layout.places) {
    cells[name] = record.cells[place] ?? '';
  }
  for (const name of layout.absent) cells[name] = '';
  return cells as Record<C, string>;
}

function problemsOfRecord<C extends string>(
  { line, cells }: TableRecord,
  { written }: Layout<C>,
  limits: TableLimits,
): TableProblem[] {
  const problems: TableProblem[] = [];
  for (const [place, cell] of cells.entries()) {
    const column = written[place] ?? '';
    const at = { line, column: column === '' ? null : column, value: shortened(cell) };
    if (cell.length > limits.cellCharacters) {
      problems.push({ ...at, reason: 'cell-too-long', limit: limits.cellCharacters });
    } else if (column === '' && cell.trim() !== '') {
      problems.push({ ...at, reason: 'cell-without-heading' });
    } else if (cell.includes('\ufffd')) {
      problems.push({ ...at, reason: 'undecodable' });
    } else if (hasControlCharacter(cell)) {
      problems.push({ ...at, reason: 'control-character' });
    }
  }
  return problems;
}

/** Tabs and line breaks inside a cell are what spreadsheets do; the rest is damage. */
function hasControlCharacter(text: string): boolean {
  return /[^\P{Cc}\t\n]/u.test(text);
}

/** The separator under which the header shows the most known columns; a comma when that does not decide. */
function detectSeparator<C extends string>(
  text: string,
  columns: readonly TableColumn<C>[],
  limits: TableLimits,
): Separator {
  const known = headingIndex(columns);
  const start = firstLines(text);
  let best: Separator = ',';
  let bestFound = 0;
  for (const separator of separators) {
    const header = readRecords(start, separator, limits).records[0];
    const found = header?.cells.filter((cell) => columnOf(tidyHeading(cell), known) !== undefined).length ?? 0;
    if (found > bestFound) {
      best = separator;
      bestFound = found;
    }
  }
  return best;
}

/** The text as far as its first line with something on it; a heading that holds a line break is cut, which only costs one vote. */
function firstLines(text: string): string {
  const start = text.slice(0, headerCharacters);
  const filled = /[^\s\ufeff]/u.exec(start)?.index ?? 0;
  const end = start.indexOf('\n', filled);
  return end < 0 ? start : start.slice(0, end);
}

export function headingIndex<C extends string>(columns: readonly TableColumn<C>[]): ReadonlyMap<string, C> {
  return new Map(columns.flatMap(({ name, headings }) => headings.map((heading) => [foldHeading(heading), name])));
}

/** Headings such as `执法证号/certificate_no` or `姓名 (name)` say one column twice. */
export function columnOf<C extends string>(heading: string, known: ReadonlyMap<string, C>): C | undefined {
  const whole = known.get(foldHeading(heading));
  if (whole !== undefined) {
    return whole;
  }
  const parts = heading
    .normalize('NFKC')
    .split(/[/|()\n]/u)
    .filter((part) => part.trim() !== '')
    .map((part) => known.get(foldHeading(part)));
  return parts.length > 0 && parts.every((part) => part === parts[0]) ? parts[0] : undefined;
}

function tidyHeading(cell: string): string {
  return cell.replace(/[\ufeff\u200b]/gu, '').trim();
}

/** Full-width forms, letter case, spaces, hyphens, underscores and the star of "required" make no other heading. */
function foldHeading(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-*:.]/gu, '');
}
