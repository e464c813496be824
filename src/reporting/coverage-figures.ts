/**
 * The figures of a monthly report as the exact bytes that are handed in and kept: canonical JSON (RFC 8785) and one
 * newline. No person is named in them, so they can be kept for good. Keys may be added in a new format, never renamed.
 */
import { canonicalJson, type Json } from '../domain/canonical-json.ts';
import type { CoverageAnswer } from '../domain/coverage-policy.ts';

export interface MonthlyReportFacts {
  readonly station: string;
  readonly month: string;
  readonly knownAt: number;
  readonly answer: CoverageAnswer;
}

export const monthlyFormat = 'evidock-coverage-report/1';

export function monthlyFigures({ station, month, knownAt, answer }: MonthlyReportFacts): string {
  const { profile, asOf, unit, units, reported, ...rest } = answer;
  const figures: Json = {
    format: monthlyFormat,
    station,
    month,
    as_of: asOf,
    known_at: knownAt,
    profile: profile.name,
    profile_title: profile.title['zh-CN'],
    clause: profile.clause,
    deadline: profile.deadline,
    unit,
    reported,
    ...figuresOf(rest),
    reasons: reasonsOf(answer),
    units: units.map((one) => ({ unit: one.unit, ...figuresOf(one) })),
  };
  return `${canonicalJson(figures)}\n`;
}

type Figures = Pick<CoverageAnswer, 'population' | 'covered' | 'rate' | 'coveredPersonally' | 'coveredIncludingShared'>;

function figuresOf(figures: Figures): { readonly [key: string]: Json } {
  return {
    population: figures.population,
    covered: figures.covered,
    gap: figures.population - figures.covered,
    rate: figures.rate,
    covered_personal_only: figures.coveredPersonally,
    covered_including_shared: figures.coveredIncludingShared,
  };
}

function reasonsOf({ verdicts }: CoverageAnswer): Json {
  const counts: { [reason: string]: number } = {};
  for (const { gap } of verdicts) if (gap !== null) counts[gap.reason] = (counts[gap.reason] ?? 0) + 1;
  return counts;
}
