/**
 * What can be wrong with a table that somebody hands in, and what is worth telling although nothing is wrong. Problems
 * are values: all of them are returned, none is thrown, and the words for people come from the dictionary by `reason`.
 */

/** About the file as a whole; nothing of it can be taken. */
export type FileReason =
  | 'file-too-large'
  | 'not-text'
  | 'not-json'
  | 'old-workbook'
  | 'broken-workbook'
  | 'not-a-workbook'
  | 'workbook-too-large'
  | 'web-page'
  | 'several-sheets'
  | 'no-such-sheet'
  | 'no-header'
  | 'missing-column'
  | 'repeated-column'
  | 'too-many-rows'
  | 'too-many-broken-rows';

/** About one row or cell; the other rows may be taken when that was asked for. */
export type RowReason =
  | 'broken-quotes'
  | 'row-too-long'
  | 'cell-too-long'
  | 'cell-without-heading'
  | 'undecodable'
  | 'control-character'
  | 'spreadsheet-error'
  | 'empty'
  | 'spreadsheet-number'
  | 'not-a-certificate-number'
  | 'not-a-serial'
  | 'not-a-date'
  | 'not-a-time'
  | 'not-in-list'
  | 'until-before-from'
  | 'ended-before-started'
  | 'not-a-coordinate'
  | 'not-an-act'
  | 'act-ended-before-started'
  | 'case-renumbered'
  | 'not-a-count'
  | 'more-than-all'
  | 'differs-from-line'
  | 'previous-of-another-person'
  | 'unit-differs-from-line'
  | 'parent-ambiguous'
  | 'unit-below-itself';

export type ProblemReason = FileReason | RowReason;

export interface TableProblem {
  /** Where the row begins, 1 being the file's first line; null when the file as a whole is meant. */
  readonly line: number | null;
  /** The heading as the file writes it; for a missing column its first accepted heading. */
  readonly column: string | null;
  /** What stood there, shortened; null where no single cell is meant. */
  readonly value: string | null;
  readonly reason: ProblemReason;
  /** What would have been accepted: headings of a missing column, the words of a list. */
  readonly accepted?: readonly string[];
  /** With `differs-from-line`: the line of the same subject that says something else. */
  readonly otherLine?: number;
  /** The limit that was passed, in the unit that the reason speaks of (bytes, rows, characters). */
  readonly limit?: number;
}

/** `repeats-line`: the row says the same as an earlier one and was counted once. */
export interface TableNote {
  readonly line: number;
  readonly reason: 'repeats-line';
  readonly otherLine: number;
}

const shownCharacters = 40;

/** Short enough for a message, cut between characters and marked by an ellipsis. */
export function shortened(value: string): string {
  const characters = [...value.slice(0, shownCharacters * 2 + 2)];
  return characters.length > shownCharacters ? `${characters.slice(0, shownCharacters).join('')}…` : value;
}
