/**
 * What a page or a sheet shows of coverage over time: months, what moved in each, units by month, years, pace, the days
 * to the deadline.
 */
import type { ChangeParts } from './coverage-moves.ts';
import type { CountdownDay, Pace, YearRow } from './coverage-pace.ts';
import { rateOf } from './coverage-pace.ts';
import type { CoverageOfDay, UnitOfTree } from './coverage-questions.ts';
import { type CalendarDate, compareText } from './people-facts.ts';

export interface MonthOfCoverage {
  readonly figures: CoverageOfDay;
  /** Against the end of the month before; null for the first one. */
  readonly change: MonthChange | null;
}

export interface UnitMonthFigures {
  readonly population: number;
  readonly covered: number;
  readonly missing: number;
  readonly rate: number | null;
}

/** One unit with everything below it, in each month; null where nobody was in it. */
export interface UnitOverTime {
  /** Null: the people of the unit above itself. */
  readonly unit: Pick<UnitOfTree, 'unitKey' | 'name'> | null;
  readonly months: readonly (UnitMonthFigures | null)[];
}

export interface UnitsByMonth {
  /** Whose parts these are; null for the tops of the tree. */
  readonly above: Pick<UnitOfTree, 'unitKey' | 'name'> | null;
  readonly days: readonly CalendarDate[];
  /** Units of any of the months, by key; last the people of the unit above itself, where it has any. */
  readonly rows: readonly UnitOverTime[];
}

/** `months`: figures of the same unit (or of all), each with the units right below it that day. */
export function unitsByMonth(above: UnitsByMonth['above'], months: readonly CoverageOfDay[]): UnitsByMonth {
  const names = new Map<string, string>();
  // The latest name counts.
  for (const { units } of months) for (const { unitKey, name } of units) names.set(unitKey, name);
  // Thousands, where no unit says what it belongs to.
  const byUnit = months.map(({ units }) => new Map(units.map((unit) => [unit.unitKey, unitFigures(unit)])));
  const rows = [...names]
    .sort(([a], [b]) => compareText(a, b))
    .map(([unitKey, name]): UnitOverTime => {
      return { unit: { unitKey, name }, months: byUnit.map((units) => units.get(unitKey) ?? null) };
    });
  const own = { unit: null, months: months.map(ownFigures) };
  const hasOwn = above !== null && own.months.some((one) => one !== null);
  return { above, days: months.map(({ asOf }) => asOf), rows: rows.length > 0 && hasOwn ? [...rows, own] : rows };
}

const unitFigures = ({ population, covered, missing, rate }: UnitMonthFigures): UnitMonthFigures => ({
  population,
  covered,
  missing,
  rate,
});

/** What the parts do not have. */
function ownFigures(whole: CoverageOfDay): UnitMonthFigures | null {
  const rest = (of: (one: UnitMonthFigures) => number): number =>
    whole.units.reduce((left, unit) => left - of(unit), of(whole));
  const [population, covered] = [rest((one) => one.population), rest((one) => one.covered)];
  return population === 0
    ? null
    : { population, covered, missing: population - covered, rate: rateOf({ population, covered }) };
}

export interface MonthChange {
  readonly since: CalendarDate;
  readonly parts: ChangeParts;
  readonly gapsOpened: number;
  readonly gapsClosed: number;
  readonly rebounds: number;
}

/** A year end of before the installation, with the document that says so. */
export interface YearOfCoverage extends YearRow {
  /** Null for computed figures. */
  readonly source: string | null;
}

export interface ComingDay extends CountdownDay {
  /** What is already known of the day: certificates that end, assignments that begin. */
  readonly gapsKnown: number;
  readonly populationKnown: number;
}

export interface CoverageOverTime {
  readonly today: CoverageOfDay;
  /** Oldest first; the last one is the day that was asked for. */
  readonly months: readonly MonthOfCoverage[];
  readonly units: UnitsByMonth;
  readonly years: readonly YearOfCoverage[];
  readonly pace: Pace;
  /** Days from the one that was asked for to the deadline, at most so many. */
  readonly coming: readonly ComingDay[];
  /** Null while somebody is missing. */
  readonly completeSince: CalendarDate | null;
}
