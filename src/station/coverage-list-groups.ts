/** Which verdicts a list asks for, as codes, in the groups in which it shows them. */
import { type VerdictCode, verdictCodes } from '../domain/coverage-codes.ts';
import type { CoverageListAsked, CoverageSort } from '../domain/coverage-questions.ts';

export function groupsOf(
  { status, reason }: Pick<CoverageListAsked, 'status' | 'reason'>,
  sort: CoverageSort,
): ReadonlySet<number>[] {
  const wanted = [...verdictCodes.entries()].filter(([, code]) => isWanted(code, { status, reason }));
  if (sort !== 'reason') return [new Set(wanted.map(([index]) => index))];
  const groups = Map.groupBy(wanted, ([, code]) => `${code.status} ${code.reason ?? code.use}`);
  return [...groups.values()].map((list) => new Set(list.map(([index]) => index)));
}

export function isWanted(
  code: Pick<VerdictCode, 'status' | 'reason' | 'use'>,
  { status, reason }: Pick<CoverageListAsked, 'status' | 'reason'>,
): boolean {
  if (status !== undefined && code.status !== status) return false;
  return reason === undefined || code.reason === reason || code.use === reason;
}
