/**
 * What the cells of one row mean: numbers of certificates, dates, words of a list. Each reader returns the normalised
 * value or notes a problem with line, heading and reason and returns undefined, so that one row tells all its faults.
 * Forms that spreadsheets and input methods produce (full-width digits, 2026/12/31, a leading apostrophe) are accepted.
 */
import { isRecorderSerial } from '../domain/ids.ts';
import { type CalendarDate, type CaseTime, findCalendarDate } from '../domain/people-facts.ts';
import { dayAfter, isCalendarTime } from '../domain/station-time.ts';
import { type RowReason, shortened, type TableProblem } from './table-problems.ts';
import type { TableReading, TableRow } from './table-reader.ts';
import { excelDayText } from './workbook-styles.ts';

/** Epoch milliseconds of a local time `YYYY-MM-DDTHH:MM:SS` in the station's time zone. */
export type LocalToInstant = (local: string) => number;

/** Each accepted word, folded, with what it stands for. `shown` are the words that messages offer. */
export interface WordList<T> {
  readonly meanings: ReadonlyMap<string, T>;
  readonly shown: readonly string[];
}

/** `entries`: the word that messages offer first, then its other forms. */
export function wordList<T>(
  entries: readonly (readonly [value: T, word: string, ...otherForms: string[]])[],
): WordList<T> {
  const meanings = new Map<string, T>();
  for (const [value, ...words] of entries) {
    for (const word of words) {
      meanings.set(foldWord(word), value);
    }
  }
  return { meanings, shown: entries.map(([, word]) => word) };
}

export class CellValues<C extends string> {
  readonly problems: TableProblem[] = [];
  readonly #row: TableRow<C>;
  readonly #headings: TableReading<C>['headings'];

  constructor(row: TableRow<C>, headings: TableReading<C>['headings']) {
    this.#row = row;
    this.#headings = headings;
  }

  /** As written but for surrounding and doubled blanks; may be empty. A text that begins with `=` stays what it is. */
  text(column: C): string {
    return withoutGuard(tidy(this.#row.cells[column]));
  }

  /** With its line breaks. */
  lines(column: C): string {
    return this.#row.cells[column].split('\n').map(tidy).join('\n');
  }

  /** Whether the file has the column: an absent column says nothing, an empty cell says that there is nothing. */
  has(column: C): boolean {
    return this.#headings[column] !== undefined;
  }

  /** Undefined for an empty cell or an absent column. */
  optionalText(column: C): string | undefined {
    return this.text(column) || undefined;
  }

  requiredText(column: C): string | undefined {
    return this.text(column) || this.complain(column, 'empty');
  }

  /** Brackets and characters belong to a case number, so only blanks and full-width letters and digits are touched. */
  caseNumber(column: C): string | undefined {
    const value = tidy(this.#row.cells[column]).replace(/[０-９Ａ-Ｚａ-ｚ]+/gu, narrowed);
    if (value === '' || isSpreadsheetNumber(value)) {
      return this.complain(column, value === '' ? 'empty' : 'spreadsheet-number');
    }
    return value;
  }

  certificateNo(column: C): string | undefined {
    const value = codeOf(this.#row.cells[column]);
    return this.#certificate(column, value) ? value : undefined;
  }

  /** Null for an empty cell or an absent column. */
  optionalCertificateNo(column: C): string | null | undefined {
    return codeOf(this.#row.cells[column]) === '' ? null : this.certificateNo(column);
  }

  /** A number or code that people or units are known by; null for an empty cell or an absent column. */
  optionalCode(column: C): string | null | undefined {
    const value = codeOf(this.#row.cells[column]);
    if (value === '') return null;
    return isSpreadsheetNumber(value)
      ? this.complain(column, 'spreadsheet-number', { value: shortened(value) })
      : value;
  }

  /** The code of a cell without any judgement of it. */
  peekCode(column: C): string {
    return codeOf(this.#row.cells[column]);
  }

  /** A list of certificate numbers joined by `;` (or 、 and their full-width relatives); may be empty. */
  certificateNos(column: C): string[] | undefined {
    const values = narrowed(this.#row.cells[column])
      .split(/[;,、\n]/u)
      .map(codeOf)
      .filter((value) => value !== '');
    return values.filter((value) => !this.#certificate(column, value)).length === 0 ? [...new Set(values)] : undefined;
  }

  serial(column: C): string | undefined {
    const value = codeOf(this.#row.cells[column]);
    if (value === '' || isSpreadsheetNumber(value)) {
      return this.complain(column, value === '' ? 'empty' : 'spreadsheet-number');
    }
    return isRecorderSerial(value) ? value : this.complain(column, 'not-a-serial');
  }

  /** Degrees with at most `max` on either side of zero; undefined for an empty cell. */
  optionalDegrees(column: C, max: number): number | undefined {
    const value = codeOf(this.#row.cells[column]);
    if (value === '') return undefined;
    const degrees = /^[+-]?\d{1,3}(?:\.\d{1,15})?$/u.test(value) ? Number(value) : Number.NaN;
    return Math.abs(degrees) <= max ? degrees : this.complain(column, 'not-a-coordinate');
  }

  date(column: C): CalendarDate | undefined {
    const value = codeOf(this.#row.cells[column]);
    return value === '' ? this.complain(column, 'empty') : (dateOf(value) ?? this.complain(column, 'not-a-date'));
  }

  /** Null for an empty cell. */
  optionalDate(column: C): CalendarDate | null | undefined {
    return codeOf(this.#row.cells[column]) === '' ? null : this.date(column);
  }

  /** Null for an empty cell or an absent column. */
  optionalChoice<T extends string | boolean>(column: C, list: WordList<T>): T | null | undefined {
    return tidy(this.#row.cells[column]) === '' ? null : this.choice(column, list);
  }

  choice<T>(column: C, list: WordList<T>): T | undefined {
    const value = foldWord(this.#row.cells[column]);
    if (value === '') {
      return this.complain(column, 'empty', { accepted: list.shown });
    }
    return list.meanings.get(value) ?? this.complain(column, 'not-in-list', { accepted: list.shown });
  }

  /** A day or a local time. `edge`: where a mere day is put, at its beginning or at the first moment after it. */
  time(column: C, toInstant: LocalToInstant, edge: 'start' | 'end'): CaseTime | undefined {
    const value = codeOf(this.#row.cells[column]);
    if (value === '') {
      return this.complain(column, 'empty');
    }
    return caseTimeOf(value, toInstant, edge) ?? this.complain(column, 'not-a-time');
  }

  optionalTime(column: C, toInstant: LocalToInstant, edge: 'start' | 'end'): CaseTime | null | undefined {
    return codeOf(this.#row.cells[column]) === '' ? null : this.time(column, toInstant, edge);
  }

  /** Notes the problem; the return value lets a reader end with it. */
  complain(column: C, reason: RowReason, details: Partial<TableProblem> = {}): undefined {
    const value = shortened(this.#row.cells[column]);
    this.problems.push({ line: this.#row.line, column: this.#headings[column] ?? column, value, reason, ...details });
    return undefined;
  }

  #certificate(column: C, value: string): boolean {
    if (value === '') {
      this.complain(column, 'empty');
    } else if (isSpreadsheetNumber(value)) {
      this.complain(column, 'spreadsheet-number', { value: shortened(value) });
    } else if (!/^[\p{L}\p{N}][\p{L}\p{N}._:/()-]{0,63}$/u.test(value)) {
      this.complain(column, 'not-a-certificate-number', { value: shortened(value) });
    } else {
      return true;
    }
    return false;
  }
}

/** Full-width letters, digits and signs of ASCII become ASCII; nothing else changes, unlike with NFKC. */
export function narrowed(text: string): string {
  return text.replace(/[！-～]/gu, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
}

/** Blanks of every width at the ends go, inner runs become one space, invisible marks of copied text vanish. */
function tidy(text: string): string {
  return text
    .replace(/[\ufeff\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** A text without the apostrophe that keeps a spreadsheet from taking it for a formula, as our own files have it. */
const withoutGuard = (text: string): string => text.replace(/^'(?=[=+\-@＝＋－＠])/u, '');

/** A code without the tricks by which spreadsheets are told to keep it as text: `'123` and `="123"`. */
function codeOf(text: string): string {
  const code = narrowed(tidy(text)).trim();
  return /^="([^"]*)"$/u.exec(code)?.[1]?.trim() ?? code.replace(/^'/u, '').trim();
}

/** `1.23E+17`: the digits that the spreadsheet dropped cannot be brought back. */
function isSpreadsheetNumber(code: string): boolean {
  return /^\d(?:[.,]\d+)?E\+\d+$|^\d[.,]\d+E\d+$/iu.test(code);
}

/** A moment as people write it; undefined when it is none. */
export function caseTimeOf(written: string, toInstant: LocalToInstant, edge: 'start' | 'end'): CaseTime | undefined {
  const local = localTimeOf(codeOf(written));
  // The day after the last day of year 9999 cannot be written in the same form.
  if (local === undefined || local.startsWith('9999')) return undefined;
  const isDay = local.length === 10;
  const moment = isDay ? `${edge === 'start' ? local : dayAfter(local)}T00:00:00` : local;
  return { local, utc: new Date(toInstant(moment)).toISOString() };
}

/** Excel's number of a day, from 1954 to 2099: five digits that no other way of writing a day has. */
function excelSerialOf(code: string): string | undefined {
  const serial = /^[2-7]\d{4}(?:\.\d+)?$/u.test(code) ? Number(code) : 0;
  return serial >= 20_000 && serial < 73_051 ? excelDayText(serial, 1900) : undefined;
}

function dateOf(code: string): CalendarDate | undefined {
  const serial = excelSerialOf(code);
  if (serial !== undefined) return findCalendarDate(serial.slice(0, 10));
  const [, year, month, day] =
    /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/u.exec(code)?.filter((_, place) => place !== 2) ??
    /^(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]?$/u.exec(code) ??
    /^((?:19|20)\d{2})(\d{2})(\d{2})$/u.exec(code) ??
    // A spreadsheet or a database that keeps a time beside the day.
    /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/u.exec(code) ??
    [];
  if (year === undefined || month === undefined || day === undefined) {
    return undefined;
  }
  // Earlier years are slips such as 0026; no certificate, recorder or case is that old.
  if (Number(year) < 1900) {
    return undefined;
  }
  return findCalendarDate(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
}

/** `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`; fractions of a second are cut off. */
function localTimeOf(written: string): string | undefined {
  const code = excelSerialOf(written) ?? written;
  const clock =
    /^(.*[\d日])(?: ?T ?| )(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$/iu.exec(code) ??
    /^(.*日) ?(\d{1,2}) ?[:时] ?(\d{1,2})(?: ?分)?(?: ?:?(\d{1,2}) ?秒?)?$/u.exec(code);
  const date = dateOf(clock?.[1]?.trim() ?? code);
  if (clock === null || date === undefined) {
    return date;
  }
  const [hour, minute, second] = clock.slice(2).map((part) => (part ?? '').padStart(2, '0'));
  const local = `${date}T${hour}:${minute}:${second}`;
  return isCalendarTime(local) ? local : undefined;
}

function foldWord(text: string): string {
  return tidy(text)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]/gu, '');
}
