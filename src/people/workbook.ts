/**
 * From the bytes of an XLSX workbook to its sheets and their rows as texts (ECMA-376, part 1, 18). Cells arrive as
 * a person would read them: days as YYYY-MM-DD, numbers in full, a number with more digits than Excel keeps in its
 * shortened form, so that nobody takes it for the number it was. Hostile files meet limits before they meet memory.
 */
import { scanXml, XmlTrouble, xmlAttribute } from '../formats/xml-scanner.ts';
import { readZipDirectory, unpackZipEntry, type ZipEntry, ZipTrouble } from '../formats/zip-archive.ts';
import type { TableLimits } from './table-limits.ts';
import type { FileReason } from './table-problems.ts';
import type { TableRecord } from './table-records.ts';
import { readSheetRecords, type SheetFacts } from './workbook-cells.ts';
import { readDateStyles } from './workbook-styles.ts';

export interface WorkbookSheet {
  readonly name: string;
  readonly isHidden: boolean;
  /** Rows from the top, as many as asked for; empty rows are no records. @throws WorkbookTrouble */
  records(rowsMax: number): TableRecord[];
}

/** Nothing of the workbook can be read. */
export class WorkbookTrouble extends Error {
  readonly reason: FileReason;
  readonly limit: number | undefined;

  constructor(reason: FileReason, limit?: number) {
    super(reason);
    this.reason = reason;
    this.limit = limit;
  }
}

const entriesMax = 10_000;

/** A workbook of Excel 97-2003, or one that a password protects: both are compound files (MS-CFB). */
export function isCompoundFile(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 8)).toString('hex') === 'd0cf11e0a1b11ae1';
}

/** The sheets in the order of their tabs. @throws WorkbookTrouble */
export function openWorkbook(bytes: Uint8Array, limits: TableLimits): WorkbookSheet[] {
  return guarded(limits, () => {
    const parts = new Parts(bytes, limits);
    const book = parts.text('xl/workbook.xml');
    if (book === undefined) throw new WorkbookTrouble('not-a-workbook');
    const targets = relationTargets(parts.text('xl/_rels/workbook.xml.rels') ?? '');
    const { sheets, epoch } = readBook(book);
    let facts: SheetFacts | undefined;
    const sheetFacts = (): SheetFacts => {
      facts ??= {
        strings: readSharedStrings(parts.text(targets.sharedStrings) ?? '', limits),
        dateStyles: readDateStyles(parts.text(targets.styles) ?? ''),
        epoch,
      };
      return facts;
    };
    return sheets
      .filter(({ relation }) => targets.sheets.has(relation))
      .map(({ name, isHidden, relation }) => {
        let xml: string | undefined;
        return {
          name,
          isHidden,
          records: (rowsMax) =>
            guarded(limits, () => {
              xml ??= parts.text(targets.sheets.get(relation) ?? '') ?? '';
              return readSheetRecords(xml, sheetFacts(), { ...limits, rows: rowsMax });
            }),
        };
      });
  });
}

function guarded<T>(limits: TableLimits, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof ZipTrouble) {
      throw cause.passedLimit
        ? new WorkbookTrouble('workbook-too-large', limits.unpackedBytes)
        : new WorkbookTrouble('broken-workbook');
    }
    throw cause instanceof XmlTrouble ? new WorkbookTrouble('broken-workbook') : cause;
  }
}

/** The parts of the package, unpacked when they are asked for; all of them share one limit. */
class Parts {
  readonly #bytes: Uint8Array;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  #bytesLeft: number;

  constructor(bytes: Uint8Array, limits: TableLimits) {
    this.#bytes = bytes;
    this.#entries = readZipDirectory(bytes, entriesMax);
    this.#bytesLeft = limits.unpackedBytes;
  }

  text(name: string): string | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const bytes = unpackZipEntry(this.#bytes, entry, this.#bytesLeft);
    this.#bytesLeft -= bytes.length;
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe ? 'utf-16be' : 'utf-8';
    return new TextDecoder(encoding).decode(bytes);
  }
}

interface Targets {
  readonly sheets: ReadonlyMap<string, string>;
  readonly sharedStrings: string;
  readonly styles: string;
}

/** Writers may name the parts as they like; the relations say where they are. */
function relationTargets(xml: string): Targets {
  const sheets = new Map<string, string>();
  let sharedStrings = 'xl/sharedStrings.xml';
  let styles = 'xl/styles.xml';
  scanXml(xml, {
    open(name, attributes) {
      if (name !== 'Relationship') return;
      const target = xmlAttribute(attributes, 'Target') ?? '';
      const path = target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//u, '')}`;
      const type = xmlAttribute(attributes, 'Type') ?? '';
      if (type.endsWith('/worksheet')) sheets.set(xmlAttribute(attributes, 'Id') ?? '', path);
      else if (type.endsWith('/sharedStrings')) sharedStrings = path;
      else if (type.endsWith('/styles')) styles = path;
    },
    close() {},
    text() {},
  });
  return { sheets, sharedStrings, styles };
}

interface BookSheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly relation: string;
}

function readBook(xml: string): { sheets: readonly BookSheet[]; epoch: 1900 | 1904 } {
  const sheets: BookSheet[] = [];
  let epoch: 1900 | 1904 = 1900;
  scanXml(xml, {
    open(name, attributes) {
      if (name === 'sheet') {
        sheets.push({
          name: xmlAttribute(attributes, 'name') ?? '',
          isHidden: /hidden/iu.test(xmlAttribute(attributes, 'state') ?? ''),
          relation: xmlAttribute(attributes, 'id') ?? '',
        });
      } else if (name === 'workbookPr' && /^(?:1|true)$/u.test(xmlAttribute(attributes, 'date1904') ?? '')) {
        epoch = 1904;
      }
    },
    close() {},
    text() {},
  });
  return { sheets, epoch };
}

/** Each string item in order; phonetic hints, which East Asian Excel keeps beside the text, are no part of it. */
function readSharedStrings(xml: string, limits: TableLimits): readonly string[] {
  const strings: string[] = [];
  let text = '';
  let isText = false;
  let isPhonetic = false;
  scanXml(xml, {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 't') isText = true;
      else if (name === 'rPh') isPhonetic = true;
    },
    close(name) {
      if (name === 'si') strings.push(text);
      else if (name === 't') isText = false;
      else if (name === 'rPh') isPhonetic = false;
    },
    text(piece) {
      if (isText && !isPhonetic && text.length <= limits.cellCharacters) text += piece;
    },
  });
  return strings;
}
