/**
 * From the bytes of a table, CSV or XLSX, to rows by column name. It finds encoding, separator, sheet and headings by
 * itself, because the people who hand in these files cannot say what their spreadsheet did, and it understands no
 * value: what a cell means is the part of the tables (roster-table.ts and its neighbours). Errors are values.
 */
import { isZip } from '../formats/zip-archive.ts';
import { findHeader, headerRecordsMax, headingIndex, type Layout, layOut } from './table-layout.ts';
import { type TableLimits, tableLimits } from './table-limits.ts';
import { type FileReason, shortened, type TableProblem } from './table-problems.ts';
import { readRecords, type Separator, type TableRecord } from './table-records.ts';
import { decodeTableText, type TableEncoding } from './table-text.ts';
import { isCompoundFile, openWorkbook, type WorkbookSheet, WorkbookTrouble } from './workbook.ts';

export interface TableColumn<C extends string> {
  readonly name: C;
  /** The first is the one that messages name. */
  readonly headings: readonly string[];
  /** May be absent, which is not the same as empty: `CellValues.has` tells. A column that may not must be there. */
  readonly isOptional?: true;
}

/** How a table is read when somebody says more than the file does. */
export interface TableOptions {
  readonly limits?: TableLimits;
  /** The sheet of a workbook; by default the one that has the headings. */
  readonly sheet?: string;
  /** Own headings of columns, by column name, accepted beside the known ones. */
  readonly headings?: ReadonlyMap<string, readonly string[]>;
}

export interface TableRow<C extends string> {
  /** Line of a text file, row of a sheet, counted from 1. */
  readonly line: number;
  readonly cells: Readonly<Record<C, string>>;
}

export interface TableReading<C extends string> {
  readonly rows: readonly TableRow<C>[];
  /** Rows that were left out for a cell that cannot be read; `problems` says why. */
  readonly wrongRows: readonly TableRow<C>[];
  readonly problems: readonly TableProblem[];
  /** The headings of the columns as the file writes them; of columns that are there. */
  readonly headings: Readonly<Partial<Record<C, string>>>;
  /** Optional columns that the file does not have. */
  readonly absentColumns: readonly C[];
  /** Headings that nobody asked for, in the order of the file. */
  readonly ignoredColumns: readonly string[];
  readonly encoding: TableEncoding | null;
  readonly separator: Separator | null;
  /** The sheet of a workbook that was read. */
  readonly sheet: string | null;
}

/** What the records came out of. */
type Origin = Pick<TableReading<string>, 'encoding' | 'separator' | 'sheet'>;

interface Source extends Origin {
  readonly records: readonly TableRecord[];
  readonly problems: readonly TableProblem[];
}

const separators: readonly Separator[] = [',', ';', '\t'];
/** Enough of the text to hold its header. */
const headerCharacters = 64 * 1024;

export function readTable<C extends string>(
  bytes: Uint8Array,
  columns: readonly TableColumn<C>[],
  options: TableOptions = {},
): TableReading<C> {
  const limits = options.limits ?? tableLimits;
  if (bytes.byteLength > limits.bytes) return refused({ reason: 'file-too-large', limit: limits.bytes });
  if (isCompoundFile(bytes)) return refused({ reason: 'old-workbook' });
  const source = isZip(bytes) ? workbookSource(bytes, columns, options) : textSource(bytes, columns, limits);
  return 'records' in source ? readSource(source, columns, limits) : refused(source);
}

/** Columns that are known by the headings of this office besides those that everybody uses. */
export function withOwnHeadings<C extends string>(
  columns: readonly TableColumn<C>[],
  own: TableOptions['headings'],
): readonly TableColumn<C>[] {
  if (own === undefined || own.size === 0) return columns;
  return columns.map((column) => ({ ...column, headings: [...column.headings, ...(own.get(column.name) ?? [])] }));
}

function readSource<C extends string>(
  { records, problems, ...origin }: Source,
  columns: readonly TableColumn<C>[],
  limits: TableLimits,
): TableReading<C> {
  const known = headingIndex(columns);
  const found = findHeader(records, known);
  if (found === undefined)
    return refused({ reason: problems[0]?.reason ?? 'no-header', line: problems[0]?.line ?? null });
  const layout = layOut(found.header, columns, known);
  const { headings, absent: absentColumns, ignored: ignoredColumns } = layout;
  const told = { headings, absentColumns, ignoredColumns, ...origin };
  if (layout.problems.length > 0) {
    return { rows: [], wrongRows: [], problems: [...layout.problems, ...problems], ...told };
  }
  const rows: TableRow<C>[] = [];
  const wrongRows: TableRow<C>[] = [];
  const rowProblems: TableProblem[] = [...problems];
  for (const record of records.slice(found.records)) {
    const wrong = problemsOfRecord(record, layout, limits);
    rowProblems.push(...wrong);
    const row = { line: record.line, cells: cellsOf(record, columns, layout) };
    (wrong.length === 0 ? rows : wrongRows).push(row);
  }
  return { rows, wrongRows, problems: rowProblems, ...told };
}

type Refusal = Partial<TableProblem> & Pick<TableProblem, 'reason'>;

/** Nothing of the file can be read. */
function refused<C extends string>(problem: Refusal): TableReading<C> {
  const headings: Partial<Record<C, string>> = {};
  const problems = [{ line: null, column: null, value: null, ...problem }];
  const nothing = { rows: [], wrongRows: [], absentColumns: [], ignoredColumns: [] };
  return { ...nothing, problems, headings, encoding: null, separator: null, sheet: null };
}

function textSource<C extends string>(
  bytes: Uint8Array,
  columns: readonly TableColumn<C>[],
  limits: TableLimits,
): Source | Refusal {
  const decoded = decodeTableText(bytes);
  if (decoded === undefined) return { reason: 'not-text' };
  if (/^\s*<(?:!doctype html|html|table|\?xml|!--)/iu.test(decoded.text)) return { reason: 'web-page' };
  const separator = detectSeparator(decoded.text, columns, limits);
  const reading = readRecords(decoded.text, separator, limits);
  return { ...reading, encoding: decoded.encoding, separator, sheet: null };
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
    const found = findHeader(readRecords(start, separator, limits).records, known)?.known ?? 0;
    if (found > bestFound) {
      best = separator;
      bestFound = found;
    }
  }
  return best;
}

/** The lines among which the header stands; a heading that is cut only costs one vote. */
function firstLines(text: string): string {
  const start = text.slice(0, headerCharacters);
  let end = 0;
  for (let lines = 0; lines < headerRecordsMax * 2; lines += 1) {
    const next = start.indexOf('\n', end);
    if (next < 0) return start;
    end = next + 1;
  }
  return start.slice(0, end);
}

function workbookSource<C extends string>(
  bytes: Uint8Array,
  columns: readonly TableColumn<C>[],
  { limits = tableLimits, sheet }: TableOptions,
): Source | Refusal {
  try {
    const sheets = openWorkbook(bytes, limits);
    const chosen = sheet === undefined ? sheetWithHeader(sheets, columns) : sheets.find(({ name }) => name === sheet);
    if (chosen === undefined) {
      const accepted = sheets.map(({ name }) => name);
      return accepted.length === 0
        ? { reason: 'no-header' }
        : { reason: 'no-such-sheet', value: sheet ?? null, accepted };
    }
    if ('reason' in chosen) return chosen;
    const records = chosen.records(limits.rows + headerRecordsMax);
    const { line } = records[limits.rows + headerRecordsMax] ?? { line: null };
    const problems: TableProblem[] =
      line === null ? [] : [{ line, column: null, value: null, reason: 'too-many-rows', limit: limits.rows }];
    return { records, problems, encoding: null, separator: null, sheet: chosen.name };
  } catch (cause) {
    if (!(cause instanceof WorkbookTrouble)) throw cause;
    return cause.limit === undefined ? { reason: cause.reason } : { reason: cause.reason, limit: cause.limit };
  }
}

/** The one sheet whose header has every column that must be there; hidden sheets only when no other has it. */
function sheetWithHeader<C extends string>(
  sheets: readonly WorkbookSheet[],
  columns: readonly TableColumn<C>[],
): WorkbookSheet | Refusal | undefined {
  const known = headingIndex(columns);
  const seen = sheets.map((sheet) => {
    const found = findHeader(sheet.records(headerRecordsMax), known);
    const isWhole = found !== undefined && layOut(found.header, columns, known).problems.length === 0;
    return { sheet, known: found?.known ?? 0, isWhole };
  });
  const whole = seen.filter(({ isWhole }) => isWhole).map(({ sheet }) => sheet);
  const visible = whole.filter(({ isHidden }) => !isHidden);
  const candidates = visible.length > 0 ? visible : whole;
  if (candidates.length > 1) {
    return { reason: 'several-sheets' satisfies FileReason, accepted: candidates.map(({ name }) => name) };
  }
  // Without a whole header the sheet that comes nearest tells which columns are missing.
  return candidates[0] ?? seen.toSorted((a, b) => b.known - a.known)[0]?.sheet;
}

/** A spreadsheet that leaves out empty cells at the end of a row makes it short; those cells are empty. */
function cellsOf<C extends string>(
  record: TableRecord,
  columns: readonly TableColumn<C>[],
  layout: Layout<C>,
): Record<C, string> {
  const cells: Partial<Record<C, string>> = {};
  for (const { name } of columns) {
    const place = layout.places.get(name);
    cells[name] = place === undefined ? '' : (record.cells[place] ?? '');
  }
  return cells as Record<C, string>;
}

function problemsOfRecord<C extends string>(
  { line, cells }: TableRecord,
  { written, readPlaces }: Layout<C>,
  limits: TableLimits,
): TableProblem[] {
  const problems: TableProblem[] = [];
  for (const [place, cell] of cells.entries()) {
    if (cell === '') continue;
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
    } else if (
      cell.startsWith('#') &&
      readPlaces.has(place) &&
      /^#(?:N\/A|NULL!|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|SPILL!|CALC!)$/u.test(cell.trim())
    ) {
      problems.push({ ...at, reason: 'spreadsheet-error' });
    }
  }
  return problems;
}

/** Tabs and line breaks inside a cell are what spreadsheets do; the rest is damage. */
function hasControlCharacter(text: string): boolean {
  return /[^\P{Cc}\t\n]/u.test(text);
}
