/**
 * The figures of a coverage answer, added up from the officers' verdicts alone, so that the figures of a unit, of all
 * units and of the whole can never disagree. It judges nobody.
 */
import type { CoverageProfile, Requirement } from './coverage-profile.ts';
import { type GapReason, gapReasons, type OfficerVerdict, type UseState } from './coverage-verdict.ts';
import { compareText } from './people-facts.ts';

export interface CoverageFigures {
  readonly population: number;
  /** As the profile counts. */
  readonly covered: number;
  /** 0..1, null when nobody must be covered. */
  readonly rate: number | null;
  readonly coveredPersonally: number;
  readonly coveredIncludingShared: number;
  /** What the requirement asks for: everyone who counts, or the share of them, rounded up. */
  readonly required: number;
  /** How many are still lacking: the gap. */
  readonly missing: number;
  /** Of the gaps, each reason that there is. */
  readonly reasons: ReasonCounts;
  /** Of the covered, whose recorder was docked when; all zero where dockings were not asked about. */
  readonly use: UseCounts;
}

export type ReasonCounts = Readonly<Record<GapReason, number>>;
export type UseCounts = Readonly<Record<UseState, number>>;

export interface UnitFigures extends CoverageFigures {
  readonly unit: string;
  /** Code where there is one, else the name. */
  readonly unitKey: string;
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

export type ReportedFigure = 'personal-only' | 'including-shared';

export interface CoverageSummary extends CoverageFigures {
  readonly reported: ReportedFigure;
  readonly units: readonly UnitFigures[];
  /** Posts that the table does not know and that therefore count as front-line; empty when the profile asks for no post. */
  readonly unmappedPosts: readonly UnmappedPost[];
}

export function summarise(profile: CoverageProfile, verdicts: readonly OfficerVerdict[]): CoverageSummary {
  const byUnit = Map.groupBy(verdicts, (verdict) => verdict.unitKey);
  const units = [...byUnit]
    .map(([unitKey, members]) => ({ unit: members[0]?.unit ?? unitKey, unitKey, ...figuresOf(profile, members) }))
    .sort((a, b) => compareText(a.unitKey, b.unitKey));
  return {
    ...figuresOf(profile, verdicts),
    reported: reportedOf(profile),
    units,
    unmappedPosts: profile.population.includes('front-line') ? unmappedPosts(verdicts) : [],
  };
}

export function reportedOf({ requirement }: CoverageProfile): ReportedFigure {
  return requirement.kind === 'recorder-per-officer' && requirement.countsShared ? 'including-shared' : 'personal-only';
}

/** Counts from which all figures follow; they add up over units and persons. */
export interface CoverageCounts {
  readonly population: number;
  readonly covered: number;
  readonly coveredPersonally: number;
  readonly coveredIncludingShared: number;
  readonly reasons: ReasonCounts;
  readonly use: UseCounts;
}

export function figuresOfCounts({ requirement }: CoverageProfile, counts: CoverageCounts): CoverageFigures {
  const required = requiredOf(requirement, counts.population);
  return {
    ...counts,
    rate: counts.population === 0 ? null : counts.covered / counts.population,
    required,
    missing: Math.max(0, required - counts.covered),
  };
}

function requiredOf(requirement: Requirement, population: number): number {
  switch (requirement.kind) {
    case 'recorder-per-officer':
      return population;
    case 'share-of-officers':
      // 0.05 of 20 is 1.0000000000000002 in binary numbers: rounded before it is rounded up.
      return Math.ceil(Math.round(requirement.share * population * 1e6) / 1e6);
  }
}

export function noReasons(): Record<GapReason, number> {
  return Object.fromEntries(gapReasons.map((reason) => [reason, 0])) as Record<GapReason, number>;
}

export function noUse(): Record<UseState, number> {
  return { 'in-use': 0, 'no-footage': 0, 'not-docked-lately': 0, 'never-docked': 0 };
}

function figuresOf(profile: CoverageProfile, verdicts: readonly OfficerVerdict[]): CoverageFigures {
  const reasons = noReasons();
  const use = noUse();
  const counts = { population: 0, covered: 0, coveredPersonally: 0, coveredIncludingShared: 0, reasons, use };
  for (const verdict of verdicts) {
    if (verdict.status === 'out') continue;
    counts.population += 1;
    counts.coveredPersonally += verdict.isCoveredPersonally ? 1 : 0;
    counts.coveredIncludingShared += verdict.isCoveredIncludingShared ? 1 : 0;
    if (verdict.status === 'covered') {
      counts.covered += 1;
      if (verdict.use !== null) use[verdict.use] += 1;
    }
    if (verdict.gap !== null) reasons[verdict.gap.reason] += 1;
  }
  return figuresOfCounts(profile, counts);
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
