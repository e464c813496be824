/**
 * A verdict as one small number, for questions that count or list very many of them: what figures and filters need of
 * it, and nothing more. The numbers live in the coverage cache only, which is thrown away when this table changes.
 */
import { type CoverageCounts, noReasons, noUse } from './coverage-summary.ts';
import {
  type GapReason,
  gapReasons,
  type OfficerVerdict,
  type OutOfPopulationReason,
  outOfPopulationReasons,
  type UseState,
  type VerdictStatus,
} from './coverage-verdict.ts';

export interface VerdictCode {
  readonly status: VerdictStatus;
  /** Of a gap, or the first of being out. */
  readonly reason: GapReason | OutOfPopulationReason | null;
  readonly isCoveredPersonally: boolean;
  readonly isCoveredIncludingShared: boolean;
  readonly use: UseState | null;
}

const uses: readonly (UseState | null)[] = [null, 'in-use', 'no-footage', 'not-docked-lately', 'never-docked'];
const holdings = [
  { isCoveredPersonally: false, isCoveredIncludingShared: false },
  { isCoveredPersonally: false, isCoveredIncludingShared: true },
  { isCoveredPersonally: true, isCoveredIncludingShared: true },
] as const;
const [none, shared] = holdings;

/** Its index is the code. Where somebody is out, what they hold does not count; a gap is never covered personally. */
export const verdictCodes: readonly VerdictCode[] = [
  ...outOfPopulationReasons.map((reason) => ({ status: 'out', reason, ...none, use: null }) as const),
  ...holdings.map((held) => ({ status: 'counted', reason: null, ...held, use: null }) as const),
  ...gapReasons.flatMap((reason) =>
    [none, shared].map((held) => ({ status: 'gap', reason, ...held, use: null }) as const),
  ),
  ...holdings.flatMap((held) => uses.map((use) => ({ status: 'covered', reason: null, ...held, use }) as const)),
];

const statuses: readonly VerdictStatus[] = ['out', 'counted', 'gap', 'covered'];
const reasons: readonly VerdictCode['reason'][] = [null, ...gapReasons, ...outOfPopulationReasons];
const codes = new Map(verdictCodes.map((code, index) => [signature(code), index]));

/** One number for each combination: millions of them are asked for, and texts would take most of the time. */
function signature({ status, reason, isCoveredPersonally, isCoveredIncludingShared, use }: VerdictCode): number {
  const held = (isCoveredPersonally ? 1 : 0) + (isCoveredIncludingShared ? 2 : 0);
  return ((reasons.indexOf(reason) * 4 + statuses.indexOf(status)) * 4 + held) * 8 + uses.indexOf(use);
}

export function codeOf(verdict: OfficerVerdict): number {
  const { status, isCoveredPersonally, isCoveredIncludingShared } = verdict;
  const code = codes.get(
    signature({
      status,
      reason: verdict.gap?.reason ?? verdict.outOfPopulation[0] ?? null,
      isCoveredPersonally: status !== 'out' && isCoveredPersonally,
      isCoveredIncludingShared: status !== 'out' && isCoveredIncludingShared,
      use: status === 'covered' ? verdict.use : null,
    }),
  );
  if (code === undefined) throw new Error(`no code for a verdict: ${JSON.stringify(verdict)}`);
  return code;
}

/** `counts[code]` people each. */
export function countsOf(counts: ArrayLike<number>): CoverageCounts {
  const reasons = noReasons();
  const use = noUse();
  const sums = { population: 0, covered: 0, coveredPersonally: 0, coveredIncludingShared: 0 };
  for (const [index, code] of verdictCodes.entries()) {
    const people = counts[index] ?? 0;
    if (people === 0 || code.status === 'out') continue;
    sums.population += people;
    if (code.isCoveredPersonally) sums.coveredPersonally += people;
    if (code.isCoveredIncludingShared) sums.coveredIncludingShared += people;
    if (code.status === 'covered') {
      sums.covered += people;
      if (code.use !== null) use[code.use] += people;
    } else if (code.status === 'gap') {
      reasons[code.reason as GapReason] += people;
    }
  }
  return { ...sums, reasons, use };
}
