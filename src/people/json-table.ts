/**
 * A JSON array of objects as a table: what other systems send in place of a file that a spreadsheet made. Keys are the
 * headings of the columns or their names, values become the text that a cell would hold, so that the same checks say
 * the same about both. A row's line is its place in the array, from 1.
 */

import { columnOf, headingIndex } from './table-layout.ts';
import { tableLimits } from './table-limits.ts';
import { shortened, type TableProblem } from './table-problems.ts';
import type { TableColumn, TableOptions, TableReading } from './table-reader.ts';

/** `[` or `{` first: no CSV that has one of our headings begins like that. */
export function isJson(bytes: Uint8Array): boolean {
  const start = new TextDecoder()
    .decode(bytes.subarray(0, 64))
    .replace(/^\ufeff/u, '')
    .trimStart();
  return start.startsWith('[') || start.startsWith('{');
}

export function readJsonTable<C extends string>(
  bytes: Uint8Array,
  columns: readonly TableColumn<C>[],
  { limits = tableLimits }: TableOptions,
): TableReading<C> {
  if (bytes.byteLength > limits.bytes) return refused({ reason: 'file-too-large', limit: limits.bytes });
  const objects = parsed(bytes);
  if (objects === undefined) return refused({ reason: 'not-json' });
  if (objects.length > limits.rows) return refused({ reason: 'too-many-rows', limit: limits.rows });
  const layout = layOut(objects, columns);
  const problems = [...layout.problems];
  const rows: { line: number; cells: Record<C, string> }[] = [];
  const wrongRows: typeof rows = [];
  for (const [index, object] of layout.problems.length > 0 ? [] : objects.entries()) {
    const cells = Object.fromEntries(columns.map(({ name }) => [name, ''])) as Record<C, string>;
    for (const [key, column] of layout.columnOfKey) cells[column] = textOf(object[key]);
    const tooLong = columns.find(({ name }) => cells[name].length > limits.cellCharacters);
    if (tooLong === undefined) rows.push({ line: index + 1, cells });
    else {
      wrongRows.push({ line: index + 1, cells });
      const value = shortened(cells[tooLong.name]);
      problems.push({
        line: index + 1,
        column: tooLong.name,
        value,
        reason: 'cell-too-long',
        limit: limits.cellCharacters,
      });
    }
  }
  const { headings, absentColumns, ignoredColumns } = layout;
  const origin = { encoding: 'utf-8', separator: null, sheet: null } as const;
  return { rows, wrongRows, problems, headings, absentColumns, ignoredColumns, ...origin };
}

type JsonRow = { readonly [key: string]: unknown };

/** An array of objects, alone or as the one array of an object (`{"cases": [...]}`, a file of the exchange), or a single object. */
function parsed(bytes: Uint8Array): readonly JsonRow[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  if (isObject(value)) {
    const arrays = Object.values(value).filter((one) => Array.isArray(one) && one.every(isObject));
    // A station's monthly exchange says beside the rows which question they answer.
    const isExchange = typeof value.format === 'string' && value.format.startsWith('evidock-exchange/');
    const isEnvelope = (Object.keys(value).length === 1 || isExchange) && arrays.length === 1;
    value = isEnvelope ? arrays[0] : [value];
  }
  return Array.isArray(value) && value.every(isObject) ? value : undefined;
}

const isObject = (value: unknown): value is JsonRow =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Layout<C extends string>
  extends Pick<TableReading<C>, 'headings' | 'absentColumns' | 'ignoredColumns' | 'problems'> {
  readonly columnOfKey: ReadonlyMap<string, C>;
}

function layOut<C extends string>(objects: readonly JsonRow[], columns: readonly TableColumn<C>[]): Layout<C> {
  const known = headingIndex(columns.map(({ name, headings }) => ({ name, headings: [...headings, name] })));
  const columnOfKey = new Map<string, C>();
  const headings: Partial<Record<C, string>> = {};
  const ignored: string[] = [];
  const problems: TableProblem[] = [];
  for (const key of new Set(objects.flatMap((object) => Object.keys(object)))) {
    const column = columnOf(key, known);
    if (column === undefined) ignored.push(shortened(key));
    else if (headings[column] !== undefined) {
      problems.push({ line: null, column: shortened(key), value: headings[column], reason: 'repeated-column' });
    } else {
      columnOfKey.set(key, column);
      headings[column] = key;
    }
  }
  const lacking = columns.filter(({ name }) => headings[name] === undefined);
  for (const { headings: accepted } of lacking.filter(({ isOptional }) => isOptional !== true)) {
    problems.push({ line: null, column: accepted[0] ?? null, value: null, reason: 'missing-column', accepted });
  }
  const absentColumns = lacking.filter(({ isOptional }) => isOptional === true).map(({ name }) => name);
  return { columnOfKey, headings, absentColumns, ignoredColumns: ignored, problems };
}

/** Lists join by `;`, an act (`{act, from, until, place}`) becomes what its cell would say. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(textOf).join(';');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (!isObject(value)) return String(value);
  const { act, from, until, place } = value;
  const span = [from, until].filter((one) => one !== undefined && one !== null).map(textOf);
  const at = typeof place === 'string' && place !== '' ? ` @${place}` : '';
  return `${textOf(act)} ${span.join('~')}${at}`;
}

function refused<C extends string>(problem: Partial<TableProblem> & Pick<TableProblem, 'reason'>): TableReading<C> {
  const headings: Partial<Record<C, string>> = {};
  const problems = [{ line: null, column: null, value: null, ...problem }];
  const nothing = { rows: [], wrongRows: [], absentColumns: [], ignoredColumns: [] };
  return { ...nothing, problems, headings, encoding: null, separator: null, sheet: null };
}
