/**
 * Acts of a case in one cell: `ACT START[~END][ @PLACE]`, several joined by `;` or line breaks, for instance
 * `询问 2026-03-02 09:30~10:15 @治超站; 先行登记保存 2026-03-02 11:00`. An end that names only a time is of the same day.
 */
import type { CaseAct } from '../domain/people-facts.ts';
import { type CellValues, caseTimeOf, type LocalToInstant, narrowed } from './cell-values.ts';

/** The code of an act's words; undefined for words that the list of acts does not have. */
export type ActCode = (words: string) => string | undefined;

const one = /^(?<act>[^\d@]*?(?:\([^()]*\))?[^\d@]*?)\s*(?<span>\d{4}[^@]*?)(?:\s*@\s*(?<place>.+))?$/u;
const between = /\s*(?:~|至|—+|–|--)\s*/u;

/** Undefined after noting what is wrong; an empty list for an empty cell. */
export function readActs<C extends string>(
  cells: CellValues<C>,
  column: C,
  { toInstant, actCode }: { readonly toInstant: LocalToInstant; readonly actCode: ActCode },
): CaseAct[] | undefined {
  const acts: CaseAct[] = [];
  for (const written of narrowed(cells.lines(column)).split(/[;\n]/u)) {
    if (written.trim() === '') continue;
    const act = actOf(written.trim(), toInstant);
    if (act === undefined) return cells.complain(column, 'not-an-act', { value: written.trim().slice(0, 40) });
    if (act.until !== undefined && act.until.utc < act.from.utc)
      return cells.complain(column, 'act-ended-before-started');
    acts.push({ ...act, act: actCode(act.act) ?? act.act });
  }
  return acts;
}

function actOf(written: string, toInstant: LocalToInstant): CaseAct | undefined {
  const { act = '', span = '', place = '' } = one.exec(written)?.groups ?? {};
  const [first = '', last, ...more] = span.trim().split(between);
  if (act.trim() === '' || more.length > 0) return undefined;
  const from = caseTimeOf(first, toInstant, 'start');
  if (from === undefined) return undefined;
  const isClock = last !== undefined && /^\d{1,2}:\d{2}/u.test(last);
  const until =
    last === undefined ? null : caseTimeOf(isClock ? `${from.local.slice(0, 10)} ${last}` : last, toInstant, 'end');
  if (until === undefined) return undefined;
  return {
    act: act.trim(),
    from,
    ...(until === null ? {} : { until }),
    ...(place.trim() === '' ? {} : { place: place.trim() }),
  };
}
