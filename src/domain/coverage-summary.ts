/**
 * The figures of a coverage answer, added up from the officers' verdicts alone, so that the figures of a unit, of all
 * units and of the whole can never disagree. It judges nobody.
 */
import type { CoverageProfile } from './coverage-profile.ts';
import type { OfficerVerdict } from './coverage-verdict.ts';
import { compareText } from './people-facts.ts';

export interface CoverageFigures {
  readonly population: number;
  /** As the profile counts. */
  readonly covered: number;
  /** 0..1, null when nobody must be covered. */
  readonly rate: number | null;
  readonly coveredPersonally: number;
  readonly coveredIncludingShared: number;
}

export interface UnitFigures extends CoverageFigures {
  readonly unit: string;
}

/**
 * - `recorder-not-registered`: an open assignment names a recorder that stands in no list of recorders;
 * - `officer-not-in-roster`: an open assignment names a certificate that stands in no roster;
 * - `held-outside-population`: a working recorder, personally with someone who does not count.
 */
export interface CoverageNote {
  readonly kind: 'recorder-not-registered' | 'officer-not-in-roster' | 'held-outside-population';
  readonly serial: string;
  readonly certificateNo: string;
}

export interface UnmappedPost {
  readonly post: string;
  readonly officers: number;
}

export interface CoverageSummary extends CoverageFigures {
  readonly reported: 'personal-only' | 'including-shared';
  readonly units: readonly UnitFigures[];
  /** Posts that the table does not know and that therefore count as front-line; empty when the profile asks for no post. */
  readonly unmappedPosts: readonly UnmappedPost[];
}

export function summarise(profile: CoverageProfile, verdicts: readonly OfficerVerdict[]): CoverageSummary {
  const byUnit = Map.groupBy(verdicts, (verdict) => verdict.unit);
  const units = [...byUnit]
    .map(([unit, members]) => ({ unit, ...figuresOf(profile, members) }))
    .sort((a, b) => compareText(a.unit, b.unit));
  return {
    ...figuresOf(profile, verdicts),
    reported: profile.requirement.countsShared ? 'including-shared' : 'personal-only',
    units,
    unmappedPosts: profile.population.includes('front-line') ? unmappedPosts(verdicts) : [],
  };
}

function figuresOf(profile: CoverageProfile, verdicts: readonly OfficerVerdict[]): CoverageFigures {
  let population = 0;
  let coveredPersonally = 0;
  let coveredIncludingShared = 0;
  for (const verdict of verdicts) {
    if (verdict.outOfPopulation.length === 0) {
      population += 1;
      coveredPersonally += verdict.isCoveredPersonally ? 1 : 0;
      coveredIncludingShared += verdict.isCoveredIncludingShared ? 1 : 0;
    }
  }
  const covered = profile.requirement.countsShared ? coveredIncludingShared : coveredPersonally;
  const rate = population === 0 ? null : covered / population;
  return { population, covered, rate, coveredPersonally, coveredIncludingShared };
}

function unmappedPosts(verdicts: readonly OfficerVerdict[]): UnmappedPost[] {
  const counts = new Map<string, number>();
  for (const { post, postIsUnmapped } of verdicts) {
    if (postIsUnmapped) {
      counts.set(post, (counts.get(post) ?? 0) + 1);
    }
  }
  return [...counts]
    .map(([post, officers]) => ({ post, officers }))
    .sort((a, b) => b.officers - a.officers || compareText(a.post, b.post));
}
