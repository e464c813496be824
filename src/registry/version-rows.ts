/** Effective-dated facts as their table has them. */
import type { Version } from '../domain/history.ts';
import type { CalendarDate } from '../domain/people-facts.ts';

export interface VersionRow {
  readonly key: string;
  readonly effectiveFrom: CalendarDate;
  readonly sequence: number;
  readonly undoneSequence: number | null;
  readonly facts: string;
}

/** Of `versions`. */
export const versionColumns =
  'key, effective_from AS effectiveFrom, seq AS sequence, undone_seq AS undoneSequence, facts';

export function parseVersion<F>({ undoneSequence, facts, ...row }: VersionRow): Version<F> {
  const version = { ...row, facts: JSON.parse(facts) as F };
  return undoneSequence === null ? version : { ...version, undoneSequence };
}
