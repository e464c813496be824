/**
 * Which cell formats of a workbook show a number as a day or a time, and what such a number means. Excel keeps days as
 * numbers since 1899-12-30 (or 1904-01-01), and only the format tells them from other numbers (ECMA-376, 18.8.30).
 */
import { scanXml, xmlAttribute } from '../formats/xml-scanner.ts';

/** Built-in formats that are dates or times, those of East Asian Excel included. */
const dateFormats: readonly (readonly [from: number, to: number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

/** For each cell style, by its number, whether it shows a day or a time. */
export function readDateStyles(stylesXml: string): readonly boolean[] {
  const custom = new Map<string, boolean>();
  const styles: boolean[] = [];
  let isInCellFormats = false;
  scanXml(stylesXml, {
    open(name, attributes) {
      if (name === 'numFmt') {
        custom.set(
          xmlAttribute(attributes, 'numFmtId') ?? '',
          isDateFormat(xmlAttribute(attributes, 'formatCode') ?? ''),
        );
      } else if (name === 'cellXfs') {
        isInCellFormats = true;
      } else if (name === 'xf' && isInCellFormats) {
        const id = xmlAttribute(attributes, 'numFmtId') ?? '0';
        styles.push(custom.get(id) ?? dateFormats.some(([from, to]) => Number(id) >= from && Number(id) <= to));
      }
    },
    close(name) {
      if (name === 'cellXfs') isInCellFormats = false;
    },
    text() {},
  });
  return styles;
}

/** What remains without quoted words, colours, locales and escaped signs names years, months, days, hours or seconds. */
function isDateFormat(code: string): boolean {
  const plain = code.replace(/"[^"]*"|\\.|_.|\*./gu, '').replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/giu, '');
  return /[ymdhs]/iu.test(plain.replace(/general/giu, ''));
}

const daySeconds = 86_400;

/** `YYYY-MM-DD`, or with ` HH:MM:SS` where the number has a fraction; undefined for what Excel cannot show as a day. */
export function excelDayText(serial: number, epoch: 1900 | 1904): string | undefined {
  const days = epoch === 1904 ? serial + 1462 : serial;
  // Days before March 1900 are off by one in Excel, and no date of ours is that old.
  if (!(days >= 61 && days < 2_958_466)) return undefined;
  const seconds = Math.round(days * daySeconds);
  const text = new Date(Date.UTC(1899, 11, 30) + seconds * 1000).toISOString();
  return seconds % daySeconds === 0 ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ');
}
