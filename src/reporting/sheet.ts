/**
 * A table that leaves the station: written once, by whoever knows its figures, and then made into XLSX, CSV or a sheet
 * of paper. It holds values with their kinds, never markup, and computes nothing.
 */

/**
 * How a value is shown and typed: `rate` is 0..1, `money` yuan, `day` a calendar day `YYYY-MM-DD`, `moment` local time
 * of the station `YYYY-MM-DDTHH:MM:SS`.
 */
export type CellKind = 'text' | 'count' | 'rate' | 'money' | 'day' | 'moment';
export type CellValue = string | number | null;

export interface SheetColumn {
  readonly title: string;
  readonly kind: CellKind;
  /** In characters of Latin letters; a Chinese one takes two. */
  readonly width: number;
}

export interface Sheet {
  /** The tab's name in XLSX. */
  readonly name: string;
  readonly title: string;
  /** Under the title: unit, day, rule. */
  readonly lines: readonly string[];
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly CellValue[])[];
  readonly totals?: readonly CellValue[];
  /** Under the table: what the figures rest on. */
  readonly notes?: readonly string[];
}

/** Digits after the point of a rate, the same everywhere: 100 % is said only when nobody is missing. */
export function rateText(rate: number): string {
  const tenths = rate >= 1 ? 1000 : Math.min(999, Math.round(rate * 1000));
  return `${(tenths / 10).toFixed(1)}%`;
}

export function moneyText(yuan: number): string {
  return yuan.toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/gu, ',');
}
