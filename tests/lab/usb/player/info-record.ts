/**
 * The info record of the national interface (GA/T 947) as a DV16 keeps it: fixed fields, NUL-terminated, GBK. Written
 * without the driver's code, since it is what the driver is tried against.
 */
import iconv from 'iconv-lite';

export interface InfoRecord {
  readonly serial: string;
  readonly officer: string;
  readonly officerName: string;
  readonly unitCode: string;
  readonly unitName: string;
}

export function encodeGbk({ serial, officer, officerName, unitCode, unitName }: InfoRecord): Buffer {
  const record = Buffer.alloc(8 + 7 + 33 + 13 + 33);
  let at = 0;
  for (const [text, length] of [
    [serial, 8],
    [officer, 7],
    [officerName, 33],
    [unitCode, 13],
    [unitName, 33],
  ] as const) {
    iconv.encode(text, 'gbk').copy(record, at, 0, length - 1);
    at += length;
  }
  return record;
}
