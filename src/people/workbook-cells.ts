/**
 * The rows of one sheet as texts. A cell that was merged downwards says its value in each of its rows, because that is
 * what the person who merged it meant; merged across, it stays one cell, as in a title above the table.
 */
import { scanXml, type XmlHandlers, XmlTrouble, xmlAttribute } from '../formats/xml-scanner.ts';
import type { TableLimits } from './table-limits.ts';
import type { TableRecord } from './table-records.ts';
import { excelDayText } from './workbook-styles.ts';

export interface SheetFacts {
  readonly strings: readonly string[];
  readonly dateStyles: readonly boolean[];
  readonly epoch: 1900 | 1904;
}

/** Excel has no more. */
const columnsMax = 16_384;
/** Beyond this a sheet is no table of ours; cells further right are left out of memory. */
const columnsRead = 512;
/** Merged cells do not overlap; what fills more than this is no table. */
const mergedCellsMax = 5_000_000;

interface Row {
  readonly line: number;
  readonly cells: string[];
}

/** At most `limits.rows + 1` records, so that the caller sees when there are more. */
export function readSheetRecords(xml: string, facts: SheetFacts, limits: TableLimits): TableRecord[] {
  const scan = new SheetScan(facts, limits);
  scanXml(xml, scan);
  fillMerged(scan.rows, scan.merges);
  return scan.rows;
}

class SheetScan implements XmlHandlers {
  readonly rows: Row[] = [];
  readonly merges: string[] = [];
  readonly #facts: SheetFacts;
  readonly #limits: TableLimits;
  #line = 0;
  #row: Row | undefined;
  /** Where a cell without a reference stands: right of the one before, empty or not. */
  #column = 0;
  #cell: Cell | undefined;
  #isValue = false;
  #isPhonetic = false;
  #isPast = false;

  constructor(facts: SheetFacts, limits: TableLimits) {
    this.#facts = facts;
    this.#limits = limits;
  }

  isDone = (): boolean => this.#isPast;

  open(name: string, attributes: string): void {
    if (name === 'c') {
      if (this.#row !== undefined) this.#openCell(attributes);
    } else if (name === 'v' || name === 't') {
      this.#isValue = true;
    } else if (name === 'row') {
      this.#openRow(attributes);
    } else if (name === 'rPh') {
      this.#isPhonetic = true;
    } else if (name === 'mergeCell' && this.merges.length < this.#limits.rows) {
      this.merges.push(xmlAttribute(attributes, 'ref') ?? '');
    }
  }

  #openCell(attributes: string): void {
    this.#cell = newCell(attributes, this.#column);
    this.#column = this.#cell.column + 1;
  }

  #openRow(attributes: string): void {
    const written = Number(xmlAttribute(attributes, 'r') ?? this.#line + 1);
    this.#line = Number.isSafeInteger(written) && written > this.#line ? written : this.#line + 1;
    this.#isPast = this.rows.length > this.#limits.rows;
    this.#row = { line: this.#line, cells: [] };
    this.#column = 0;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') {
      this.#isValue = false;
    } else if (name === 'c') {
      if (this.#cell !== undefined && this.#row !== undefined) place(this.#row, this.#cell, this.#facts);
      this.#cell = undefined;
    } else if (name === 'row') {
      if (this.#row?.cells.some((text) => text.trim() !== '')) this.rows.push(this.#row);
      this.#row = undefined;
    } else if (name === 'rPh') {
      this.#isPhonetic = false;
    }
  }

  text(piece: string): void {
    const cell = this.#cell;
    if (cell === undefined || !this.#isValue || this.#isPhonetic) return;
    if (cell.text.length <= this.#limits.cellCharacters) cell.text += piece;
  }
}

interface Cell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  text: string;
}

function newCell(attributes: string, next: number): Cell {
  const reference = xmlAttribute(attributes, 'r');
  return {
    column: reference === undefined ? next : columnOf(reference),
    type: xmlAttribute(attributes, 't') ?? 'n',
    style: Number(xmlAttribute(attributes, 's') ?? 0),
    text: '',
  };
}

/** `C12` is column 2. */
function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const letter = reference.charCodeAt(at) & ~0x20;
    if (letter < 0x41 || letter > 0x5a) break;
    column = column * 26 + letter - 0x40;
    if (column > columnsMax) return columnsMax;
  }
  return column - 1;
}

function place(row: Row, cell: Cell, facts: SheetFacts): void {
  if (cell.text === '' || cell.column < 0 || cell.column >= columnsRead) return;
  while (row.cells.length < cell.column) row.cells.push('');
  row.cells[cell.column] = textOf(cell, facts);
}

function textOf({ type, style, text }: Cell, { strings, dateStyles, epoch }: SheetFacts): string {
  switch (type) {
    case 's':
      return unescaped(strings[Number(text)] ?? '');
    case 'b':
      return text.trim() === '1' ? 'TRUE' : 'FALSE';
    case 'd':
      return text.replace(/T(?:00:00:00(?:\.0+)?)?Z?$/u, '').replace(/(\d)T(\d.*?)Z?$/u, '$1 $2');
    case 'n':
      return numberText(text.trim(), dateStyles[style] === true ? epoch : undefined);
    default:
      return unescaped(text);
  }
}

/** Excel keeps 15 digits; what a longer number was cannot be told any more, and its text shows it. */
function numberText(written: string, dateEpoch: 1900 | 1904 | undefined): string {
  const value = Number(written);
  if (!Number.isFinite(value)) return written;
  if (dateEpoch !== undefined) return excelDayText(value, dateEpoch) ?? written;
  if (Math.abs(value) >= 1e15) return value.toExponential(14).replace(/\.?0*e/u, 'E');
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(15)));
}

/** `_x000D_` is how OOXML writes characters that XML does not have. */
function unescaped(text: string): string {
  if (!text.includes('_x')) return text.replace(/\r\n?/gu, '\n');
  return text
    .replace(/_x([0-9A-Fa-f]{4})_/gu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\r\n?/gu, '\n');
}

/** Only rows that have something of their own are filled: a merged cell makes no row. */
function fillMerged(rows: readonly Row[], merges: readonly string[]): void {
  if (merges.length === 0) return;
  const byLine = new Map(rows.map((row) => [row.line, row]));
  const end = rows.at(-1)?.line ?? 0;
  let left = mergedCellsMax;
  for (const reference of merges) {
    const [from = '', to = ''] = reference.split(':');
    const column = columnOf(from);
    const first = rowOf(from);
    const text = byLine.get(first)?.cells[column] ?? '';
    if (text === '' || column >= columnsRead) continue;
    const last = Math.min(rowOf(to), end);
    left -= Math.max(0, last - first);
    if (left < 0) throw new XmlTrouble('merged cells overlap');
    for (let line = first + 1; line <= last; line += 1) fillCell(byLine.get(line), column, text);
  }
}

const rowOf = (reference: string): number => Number(/\d+$/u.exec(reference)?.[0] ?? 0);

function fillCell(row: Row | undefined, column: number, text: string): void {
  if (row === undefined || (row.cells[column] ?? '') !== '') return;
  while (row.cells.length < column) row.cells.push('');
  row.cells[column] = text;
}
