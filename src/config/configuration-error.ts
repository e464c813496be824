/**
 * Everything wrong with one configuration, said at once, each with its key and its line. The command line maps the
 * code `configuration-invalid` to exit status 78 (EX_CONFIG of sysexits.h).
 */

import { StationError } from '../domain/errors.ts';

export interface ConfigurationTrouble {
  /** Such as `intake.skip[2].path`; empty for the file as a whole. */
  readonly key: string;
  /** From 1; undefined where there is no text, such as a file that is missing. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly message: string;
}

export class ConfigurationError extends StationError {
  readonly file: string;
  readonly troubles: readonly ConfigurationTrouble[];

  constructor(file: string, troubles: readonly ConfigurationTrouble[]) {
    const count = troubles.length === 1 ? '1 error' : `${troubles.length} errors`;
    const lines = troubles.map((trouble) => `  ${describeTrouble(trouble)}`);
    super('configuration-invalid', [`configuration ${file}: ${count}`, ...lines].join('\n'), {
      next: 'Mend the lines named above; `evidock config --keys` lists every key with its unit, default and range.',
    });
    this.file = file;
    this.troubles = troubles;
  }
}

function describeTrouble({ key, line, column, message }: ConfigurationTrouble): string {
  const place = line === undefined ? [] : [`line ${line}${column === undefined ? '' : `, column ${column}`}`];
  return [...place, ...(key === '' ? [] : [key]), message].join(': ');
}

/** `['intake', 'skip', 2, 'path']` as `intake.skip[2].path`. */
export function keyText(path: readonly (string | number)[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

/** The candidate that a person most likely meant, if one is close: at most a third of its letters differ. */
export function findCloseWord(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((left, right) => left.distance - right.distance);
  return ranked[0]?.candidate;
}

/** Letters inserted, left out, replaced, or swapped with their neighbour (optimal string alignment). */
function editDistance(left: string, right: string): number {
  // A long word is close to nothing, and nobody should wait to hear so.
  const from = left.slice(0, 100);
  const first = Array.from({ length: right.length + 1 }, (_, index) => index);
  const rows = [first];
  for (let at = 0; at < from.length; at += 1) {
    const above = rows[at] ?? first;
    const row = [at + 1];
    for (let column = 0; column < right.length; column += 1) {
      const replaced = (above[column] ?? 0) + (right[column] === from[at] ? 0 : 1);
      const swapped = from[at] === right[column - 1] && from[at - 1] === right[column];
      const beforeSwap = swapped ? (rows[at - 1]?.[column - 1] ?? 0) + 1 : Infinity;
      row.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (row[column] ?? 0) + 1, beforeSwap));
    }
    rows.push(row);
  }
  return rows.at(-1)?.[right.length] ?? 0;
}
