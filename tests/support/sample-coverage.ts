/** A coverage answer for tests of the pages: invented figures that agree with each other, every reason at least once. */
import { gapReasons } from '../../src/domain/coverage-verdict.ts';
import type { CoverageGapView, CoverageQuery, CoverageView } from '../../src/web/web-station.ts';

export interface SampleRoster {
  readonly names: readonly string[];
  readonly units: readonly string[];
  readonly hostile: readonly string[];
  readonly empty: boolean;
}

export function sampleCoverage(query: CoverageQuery, roster: SampleRoster): CoverageView {
  const clause = query.profile === 'ministry' ? '交办法〔2024〕25号 二(四)3' : '阳交字〔2024〕93号 二(五)17';
  const gaps = roster.empty ? [] : gapsOf(query, roster, clause);
  const population = roster.empty ? 0 : 126;
  const covered = population - gaps.length;
  const shared = gaps.filter(({ reason }) => reason === 'shared-only').length;
  return {
    profile: query.profile,
    as_of: query.asOf,
    clause,
    deadline: '2026-12-31',
    population,
    covered,
    rate: population === 0 ? null : covered / population,
    covered_personal_only: covered,
    covered_including_shared: covered + shared,
    reported: 'personal-only',
    basis: roster.empty ? 'no-roster' : query.asOf < '2026-01-01' ? 'before-first-roster' : 'roster',
    gaps,
    unmapped_posts: roster.hostile.length > 0 ? [{ post: roster.hostile[0] ?? '', officers: 2 }] : [],
    by_unit: roster.empty ? [] : unitsOf(roster, gaps),
  };
}

function gapsOf(query: CoverageQuery, { names, units, hostile }: SampleRoster, clause: string): CoverageGapView[] {
  const gaps = Array.from({ length: query.profile === 'ministry' ? 18 : 27 }, (_, index): CoverageGapView => {
    const reason = gapReasons[(index * 5) % gapReasons.length] ?? 'no-recorder';
    const nasty = hostile[index % Math.max(1, hostile.length)];
    return {
      certificate_no: nasty ?? `14052${String(1_000_017 + index * 37)}`,
      name: nasty ?? names[index % names.length] ?? '',
      unit: nasty ?? units[index % units.length] ?? '',
      reason: nasty ?? reason,
      clause: nasty ?? clause,
      ...(reason === 'no-recorder' ? {} : { recorder_serial: nasty ?? `TA00${700 + index}` }),
      ...(reason === 'held-by-another' ? { held_by: `14052${1_000_500 + index}` } : {}),
      ...(reason === 'starts-later' ? { starts_on: '2026-12-15' } : {}),
    };
  });
  return gaps.filter(({ unit }) => query.unit === undefined || unit === query.unit);
}

function unitsOf({ units }: SampleRoster, gaps: readonly CoverageGapView[]): CoverageView['by_unit'] {
  return units.map((unit, index) => {
    const population = index === 0 ? 33 : 31;
    const covered = population - gaps.filter((gap) => gap.unit === unit).length;
    return { unit, population, covered, rate: covered / population };
  });
}
