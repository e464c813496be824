/** Rows of a table as facts of known subjects: which case a row speaks of, and what it leaves as it is known. */
import { identifyCases } from '../domain/case-identity.ts';
import type { Version } from '../domain/history.ts';
import type { CaseFacts } from '../domain/people-facts.ts';
import type { SubjectReading, SubjectRow } from './subject-table.ts';
import type { TableProblem } from './table-problems.ts';

/** Rows of cases by the case that they speak of; what cannot be told is a problem of its row. */
export function withCaseKeys(
  reading: SubjectReading<CaseFacts>,
  versions: readonly Version<CaseFacts>[],
): SubjectReading<CaseFacts> {
  const { rows, renumbered, repeated } = identifyCases(reading.rows, versions);
  if (renumbered.length === 0 && repeated.length === 0) return { ...reading, rows };
  const about = ({ line, facts }: SubjectRow<CaseFacts>) => ({ line, column: 'case_number', value: facts.caseNumber });
  const problems: TableProblem[] = [
    ...reading.problems,
    ...renumbered.map(({ row, current }) => ({
      ...about(row),
      reason: 'case-renumbered' as const,
      accepted: [current],
    })),
    ...repeated.map(({ row, otherLine }) => ({ ...about(row), reason: 'differs-from-line' as const, otherLine })),
  ];
  return { ...reading, rows, problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

/** What the file has no column for stays as it is known. */
export function withKnownFields<F extends object>(facts: F, held: F | undefined, absentFields: readonly string[]): F {
  if (held === undefined || absentFields.length === 0) return facts;
  const kept = absentFields.filter((field) => Object.hasOwn(held, field));
  return kept.length === 0
    ? facts
    : { ...facts, ...Object.fromEntries(kept.map((field) => [field, Reflect.get(held, field)])) };
}
