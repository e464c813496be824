/** Coverage over time as JSON. The names of the keys are a published form: keys may be added, never renamed. */
import type { CoverageOverTime } from '../domain/coverage-over-time.ts';

export function trendJson(time: CoverageOverTime): object {
  const { today, months, units, years, pace, coming, completeSince } = time;
  return {
    event: 'trend',
    profile: today.profile.name,
    as_of: today.asOf,
    known_at: today.knownAt,
    unit: today.unitPath.at(-1)?.unitKey ?? null,
    deadline: today.profile.deadline,
    clause: today.profile.clause,
    reported: today.reported,
    complete_since: completeSince,
    pace,
    months: months.map(({ figures, change }) => ({
      as_of: figures.asOf,
      population: figures.population,
      covered: figures.covered,
      gap: figures.missing,
      rate: figures.rate,
      covered_personal_only: figures.coveredPersonally,
      covered_including_shared: figures.coveredIncludingShared,
      in_use: figures.use['in-use'],
      change,
      units: figures.units.map(({ unitKey, name, population, covered, rate }) => ({
        unit: unitKey,
        name,
        population,
        covered,
        rate,
      })),
    })),
    units_by_month: unitsJson(units),
    years: years.map(({ year, asOf, origin, population, covered, rate, change, rise, source }) => ({
      year,
      as_of: asOf,
      origin,
      population,
      covered,
      rate,
      change,
      rise,
      source,
    })),
    days_to_deadline: coming,
  };
}

/** `unit` of a row is null for the people of the unit above itself. */
function unitsJson({ above, days, rows }: CoverageOverTime['units']): object {
  return {
    above: above?.unitKey ?? null,
    rows: rows.map(({ unit, months }) => ({
      unit: unit?.unitKey ?? null,
      name: unit?.name ?? null,
      months: months.flatMap((figures, index) => {
        if (figures === null) return [];
        const { population, covered, missing, rate } = figures;
        return [{ as_of: days[index], population, covered, gap: missing, rate }];
      }),
    })),
  };
}
