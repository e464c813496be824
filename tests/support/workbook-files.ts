/**
 * Workbooks (XLSX) made part by part, so that tests can have what no well-behaved writer makes: old epochs, broken
 * archives, bombs. Everything is in memory.
 */
import { crc32, deflateRawSync } from 'node:zlib';

export interface MadeSheet {
  readonly name: string;
  /** What stands inside `<worksheet>`: `<sheetData>` and what follows it. */
  readonly xml: string;
  readonly state?: 'hidden' | 'veryHidden';
}

export interface MadeWorkbook {
  readonly sheets: readonly MadeSheet[];
  readonly sharedStrings?: readonly string[];
  /** Inside `<styleSheet>`. */
  readonly styles?: string;
  readonly date1904?: boolean;
}

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export function workbookBytes({ sheets, sharedStrings, styles, date1904 }: MadeWorkbook): Buffer {
  const parts = new Map<string, string>();
  const tabs = sheets.map(
    ({ name, state }, at) =>
      `<sheet name="${escaped(name)}" sheetId="${at + 1}"${state === undefined ? '' : ` state="${state}"`} r:id="rId${at + 1}"/>`,
  );
  parts.set(
    'xl/workbook.xml',
    `${head}<workbook xmlns="${main}" xmlns:r="${relations}"><workbookPr${date1904 === true ? ' date1904="1"' : ''}/><sheets>${tabs.join('')}</sheets></workbook>`,
  );
  const targets = sheets.map(
    (_, at) => `<Relationship Id="rId${at + 1}" Type="${relations}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`,
  );
  parts.set('xl/_rels/workbook.xml.rels', `${head}<Relationships>${targets.join('')}</Relationships>`);
  if (sharedStrings !== undefined) {
    const items = sharedStrings.map((text) => `<si>${text.startsWith('<') ? text : `<t>${escaped(text)}</t>`}</si>`);
    parts.set('xl/sharedStrings.xml', `${head}<sst xmlns="${main}">${items.join('')}</sst>`);
  }
  if (styles !== undefined) parts.set('xl/styles.xml', `${head}<styleSheet xmlns="${main}">${styles}</styleSheet>`);
  for (const [at, { xml }] of sheets.entries()) {
    parts.set(`xl/worksheets/sheet${at + 1}.xml`, `${head}<worksheet xmlns="${main}">${xml}</worksheet>`);
  }
  return zipBytes(parts);
}

/** Rows of inline strings; null leaves the cell out, a text that begins with `<c` is the cell itself. */
export function sheetData(rows: readonly (readonly (string | null)[])[], firstRow = 1): string {
  const lines = rows.map((cells, at) => {
    const line = firstRow + at;
    const made = cells.map((cell, column) => (cell === null ? '' : cellXml(cell, `${columnName(column)}${line}`)));
    return `<row r="${line}">${made.join('')}</row>`;
  });
  return `<sheetData>${lines.join('')}</sheetData>`;
}

function cellXml(cell: string, reference: string): string {
  if (cell.startsWith('<c')) return cell.replace('<c', `<c r="${reference}"`);
  return `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
}

function columnName(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : columnName(Math.floor(column / 26) - 1) + last;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A ZIP archive of the parts, deflated. */
export function zipBytes(parts: ReadonlyMap<string, string | Uint8Array>): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of parts) {
    const bytes = Buffer.from(content as string);
    const packed = deflateRawSync(bytes);
    const nameBytes = Buffer.from(name);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(0x0800, 2);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    files.push(Buffer.from('PK\x03\x04', 'latin1'), shared, nameBytes, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, tail, nameBytes);
    offset += 30 + nameBytes.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.size, 8);
  end.writeUInt16LE(parts.size, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, list, end]);
}
