/**
 * From the bytes of a table to its text. Spreadsheets in China save GBK by default and UTF-8 or UTF-16 when asked, and
 * nothing in the file says which, so a byte-order mark is believed, then strict UTF-8 is tried, and what is left is
 * read as GB18030, of which GBK is a part. Line ends become \n, so that line numbers mean what an editor shows.
 */
import iconv from 'iconv-lite';

export type TableEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

export interface TableText {
  readonly text: string;
  readonly encoding: TableEncoding;
}

/**
 * Undefined for what is no text at all (a NUL character appears), such as an XLSX file with the wrong ending. Bytes
 * that mean nothing become U+FFFD, so that the row they stand in can be named.
 */
export function decodeTableText(bytes: Uint8Array): TableText | undefined {
  const encoding = detectEncoding(bytes);
  const text = encoding === 'gb18030' ? decodeGb18030(bytes) : new TextDecoder(encoding).decode(bytes);
  if (text.includes('\0')) {
    return undefined;
  }
  return { text: text.replace(/^\ufeff/u, '').replace(/\r\n?/gu, '\n'), encoding };
}

function detectEncoding(bytes: Uint8Array): TableEncoding {
  const mark = Buffer.from(bytes.subarray(0, 3)).toString('hex');
  if (mark.startsWith('fffe')) {
    return 'utf-16le';
  }
  if (mark.startsWith('feff')) {
    return 'utf-16be';
  }
  return mark === 'efbbbf' || isMostlyUtf8(bytes) ? 'utf-8' : 'gb18030';
}

/**
 * Strict UTF-8, or UTF-8 but for a few damaged characters: at least twenty good ones for each bad one. Chinese text in
 * GBK, looked at as UTF-8, is bad nearly everywhere, so the two are never near each other.
 */
function isMostlyUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes);
  let good = 0;
  let bad = 0;
  for (let place = 0; place < text.length; place += 1) {
    const unit = text.charCodeAt(place);
    if (unit === 0xfffd) {
      bad += 1;
    } else if (unit > 0x7f) {
      good += 1;
    }
  }
  return good >= bad * 20;
}

function decodeGb18030(bytes: Uint8Array): string {
  return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 'gb18030');
}
