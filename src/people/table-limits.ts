/** How much of a table is read, apart from the reader: whoever only asks how large a file may be loads none of it. */

export interface TableLimits {
  readonly bytes: number;
  /** Of all parts of a workbook that are read. */
  readonly unpackedBytes: number;
  /** Rows below the header. */
  readonly rows: number;
  readonly cellCharacters: number;
  readonly recordCharacters: number;
  /** Rows with broken quotes before the file is given up. */
  readonly brokenRows: number;
}

export const tableLimits: TableLimits = {
  bytes: 128 * 1024 * 1024,
  unpackedBytes: 384 * 1024 * 1024,
  rows: 1_000_000,
  cellCharacters: 4_000,
  recordCharacters: 64 * 1024,
  brokenRows: 20,
};
