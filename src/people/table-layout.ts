/**
 * Where the headings of a table stand and which column each of them is. Real tables have titles above their header,
 * and headers of two or three rows with merged cells; the rows that together show the most known headings are it.
 */
import { shortened, type TableProblem } from './table-problems.ts';
import type { TableColumn } from './table-reader.ts';
import type { TableRecord } from './table-records.ts';

export interface Layout<C extends string> {
  /** Position of each column. */
  readonly places: ReadonlyMap<C, number>;
  /** The positions that are a column of ours. */
  readonly readPlaces: ReadonlySet<number>;
  /** The header as written, by position. */
  readonly written: readonly string[];
  readonly headings: Readonly<Partial<Record<C, string>>>;
  readonly ignored: readonly string[];
  readonly absent: readonly C[];
  readonly problems: readonly TableProblem[];
}

export interface FoundHeader {
  /** One cell for each position, the lowest known heading where the header has several rows. */
  readonly header: TableRecord;
  /** Records from the first on that are titles or header. */
  readonly records: number;
  /** Different columns that were recognised. */
  readonly known: number;
}

export type HeadingIndex<C extends string> = ReadonlyMap<string, C>;

/** Records among which a header is looked for. */
export const headerRecordsMax = 20;
const headerRowsMax = 3;

export function headingIndex<C extends string>(columns: readonly TableColumn<C>[]): HeadingIndex<C> {
  return new Map(columns.flatMap(({ name, headings }) => headings.map((heading) => [foldHeading(heading), name])));
}

/** The first record when none shows a known heading; undefined when there are no records. */
export function findHeader<C extends string>(
  records: readonly TableRecord[],
  known: HeadingIndex<C>,
): FoundHeader | undefined {
  const tops = records.slice(0, headerRecordsMax);
  let best: FoundHeader | undefined;
  for (const [at] of tops.entries()) {
    for (let rows = 1; rows <= headerRowsMax; rows += 1) {
      const header = joinedHeader(tops.slice(at, at + rows), known);
      if (header === undefined) break;
      const columns = new Set(header.cells.map((cell) => columnOf(tidyHeading(cell), known)));
      columns.delete(undefined);
      if (best === undefined || columns.size > best.known) best = { header, records: at + rows, known: columns.size };
    }
  }
  return best;
}

/** Undefined when the lower rows cannot belong to one header: below a known heading there is only blank or the same. */
function joinedHeader<C extends string>(rows: readonly TableRecord[], known: HeadingIndex<C>): TableRecord | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  let cells = [...first.cells];
  for (const [number, { cells: lower }] of rows.entries()) {
    if (number === 0) continue;
    const joined: string[] = [];
    for (let place = 0; place < Math.max(cells.length, lower.length); place += 1) {
      const above = tidyHeading(cells[place] ?? '');
      const below = tidyHeading(lower[place] ?? '');
      if (below !== '' && below !== above && columnOf(above, known) !== undefined) return undefined;
      joined.push(columnOf(below, known) !== undefined || above === '' ? below : above);
    }
    cells = joined;
  }
  return { line: first.line, cells };
}

export function layOut<C extends string>(
  header: TableRecord,
  columns: readonly TableColumn<C>[],
  known: HeadingIndex<C>,
): Layout<C> {
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
  for (const { headings: accepted } of lacking.filter(({ isOptional }) => isOptional !== true)) {
    problems.push({ line: header.line, column: accepted[0] ?? null, value: null, reason: 'missing-column', accepted });
  }
  const absent = lacking.filter(({ isOptional }) => isOptional === true).map(({ name }) => name);
  return { places, readPlaces: new Set(places.values()), written, headings, ignored, absent, problems };
}

/** Headings such as `执法证号/certificate_no` or `姓名 (name)` say one column twice. */
export function columnOf<C extends string>(heading: string, known: HeadingIndex<C>): C | undefined {
  if (heading === '') return undefined;
  const whole = known.get(foldHeading(heading));
  if (whole !== undefined) return whole;
  const parts = heading
    .normalize('NFKC')
    .split(/[/|()\n]/u)
    .filter((part) => part.trim() !== '')
    .map((part) => known.get(foldHeading(part)));
  return parts.length > 0 && parts.every((part) => part === parts[0]) ? parts[0] : undefined;
}

export function tidyHeading(cell: string): string {
  return cell.replace(/[\ufeff\u200b]/gu, '').trim();
}

/** Full-width forms, letter case, spaces, hyphens, underscores and the star of "required" make no other heading. */
export function foldHeading(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-*:.]/gu, '');
}
