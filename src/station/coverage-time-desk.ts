/**
 * The part of the composition root for coverage over time: asks the engine for the days that the policies in domain/
 * need (pace, moves, years) and puts their answers together. It computes no figure itself.
 */
import { changeParts } from '../domain/coverage-moves.ts';
import {
  type ComingDay,
  type CoverageOverTime,
  type MonthOfCoverage,
  type UnitsByMonth,
  unitsByMonth,
  type YearOfCoverage,
} from '../domain/coverage-over-time.ts';
import { completeSince, countdown, coveragePace, monthEnds, type Pace, yearlyRise } from '../domain/coverage-pace.ts';
import type { CoverageAsked, CoverageEngine, CoverageOfDay, CoverageWaiting } from '../domain/coverage-questions.ts';
import { addDays } from '../domain/day-number.ts';
import { type CalendarDate, getCalendarDate } from '../domain/people-facts.ts';
import type { StationContext } from './station-context.ts';

/** Months that are shown, and years. */
const monthsShown = 13;
const yearsShown = 6;
/** Days to the deadline that are listed one by one. */
const comingMax = 92;

/** What is asked of every day. */
type Known = Omit<CoverageAsked, 'asOf'> & { readonly waiting: CoverageWaiting };

export class CoverageTimeDesk {
  readonly #context: StationContext;
  readonly #engine: CoverageEngine;

  constructor(context: StationContext, engine: CoverageEngine) {
    this.#context = context;
    this.#engine = engine;
  }

  /**
   * With a day and a `knownAt` the answer never changes: every part of it is as known then.
   * @throws StationError profile-unknown, unit-unknown, coverage-building
   */
  async overTime({ asOf, ...rest }: CoverageAsked, waiting: CoverageWaiting = {}): Promise<CoverageOverTime> {
    const known = { ...rest, waiting };
    const days = monthEnds(this.#notBefore(known, firstOfMonth(asOf, 1 - monthsShown), asOf), asOf);
    const series = await this.#series(known, days);
    const today = series.at(-1) as CoverageOfDay;
    const months = await this.#months(known, series);
    const pace = await this.#pace(known, today);
    return {
      today,
      months,
      units: await this.#units(known, series),
      years: await this.#years(known, today),
      pace,
      coming: await this.#coming(known, today, pace),
      completeSince: today.missing > 0 || today.population === 0 ? null : await this.#completeSince(known, months),
    };
  }

  #series({ waiting, ...known }: Known, days: readonly CalendarDate[]): Promise<CoverageOfDay[]> {
    return this.#engine.series(known, days, waiting);
  }

  async #months({ waiting, ...known }: Known, series: readonly CoverageOfDay[]): Promise<MonthOfCoverage[]> {
    const months: MonthOfCoverage[] = [];
    for (const [index, figures] of series.entries()) {
      const before = series[index - 1];
      if (before === undefined) {
        months.push({ figures, change: null });
        continue;
      }
      const since = before.asOf;
      const { moves, ...gaps } = await this.#engine.changes({ ...known, since, asOf: figures.asOf }, waiting);
      const { gapsOpened, gapsClosed, rebounds } = gaps;
      months.push({ figures, change: { since, parts: changeParts(before, moves), gapsOpened, gapsClosed, rebounds } });
    }
    return months;
  }

  /** The units right below the one that was asked about; for all, below what is the only one of its level. */
  async #units(known: Known, series: readonly CoverageOfDay[]): Promise<UnitsByMonth> {
    let shown = series;
    let above: UnitsByMonth['above'] = series.at(-1)?.unitPath.at(-1) ?? null;
    while (known.unit === undefined) {
      const [only, ...others] = shown.at(-1)?.units ?? [];
      if (only === undefined || others.length > 0) break;
      const days = series.map(({ asOf }) => asOf);
      const deeper = await this.#series({ ...known, unit: only.unitKey }, days);
      if (deeper.at(-1)?.units.length === 0) break;
      above = only;
      shown = deeper;
    }
    return unitsByMonth(above === null ? null : { unitKey: above.unitKey, name: above.name }, shown);
  }

  /** Nothing is known of days before the first roster. */
  #notBefore({ knownAt }: Known, day: CalendarDate, asOf: CalendarDate): CalendarDate {
    const first = this.#engine.firstDay(knownAt);
    return first === null || first > asOf ? asOf : first > day ? first : day;
  }

  async #years(known: Known, today: CoverageOfDay): Promise<YearOfCoverage[]> {
    const { coverageBook } = this.#context.registry;
    const year = Number(today.asOf.slice(0, 4));
    const first = this.#engine.firstDay(known.knownAt);
    const ends = Array.from({ length: yearsShown }, (_, index) =>
      getCalendarDate(`${year - yearsShown + index}-12-31`),
    );
    const days = [...ends.filter((day) => first !== null && day >= first), today.asOf];
    const computed = (await this.#series(known, days)).map((figures) => ({
      ...figures,
      origin: 'computed' as const,
    }));
    const unit = today.unitPath.at(-1);
    const handedIn = [unit?.unitKey ?? '', ...(unit === undefined ? [] : [unit.name])]
      .flatMap((key) => coverageBook.baselines(today.profile.name, key, known.knownAt))
      .filter(({ asOf }, index, all) => all.findIndex((other) => other.asOf === asOf) === index)
      .map((entry) => ({ ...entry, origin: 'handed-in' as const }));
    const sources = new Map(handedIn.map(({ asOf, source }) => [asOf, source]));
    return yearlyRise([...computed, ...handedIn]).map((row) => ({
      ...row,
      source: row.origin === 'computed' ? null : (sources.get(row.asOf) ?? null),
    }));
  }

  async #pace(known: Known, today: CoverageOfDay): Promise<Pace> {
    const { paceDays } = this.#context.options.configuration.alerts;
    const day = this.#notBefore(known, addDays(today.asOf, -paceDays), today.asOf);
    const [before] = day < today.asOf ? await this.#series(known, [day]) : [];
    return coveragePace({ today, deadline: today.profile.deadline, before });
  }

  async #coming(known: Known, today: CoverageOfDay, pace: Pace): Promise<ComingDay[]> {
    const days = countdown(pace, today.asOf).slice(0, comingMax);
    const figures = await this.#series(
      known,
      days.map(({ day }) => day),
    );
    return days.map((day, index) => ({
      ...day,
      gapsKnown: figures[index]?.missing ?? 0,
      populationKnown: figures[index]?.population ?? 0,
    }));
  }

  /** Where the months that are shown are all complete, a year further back, and so on to the first roster. */
  async #completeSince(known: Known, shown: readonly MonthOfCoverage[]): Promise<CalendarDate | null> {
    let since: CalendarDate | null = null;
    for (let months = shown; ; ) {
      const run = await this.#completeRun(known, months);
      since = run.since ?? since;
      const oldest = months[0]?.figures.asOf as CalendarDate;
      const from = this.#notBefore(known, firstOfMonth(oldest, -12), oldest);
      if (run.isBroken || from >= oldest) return since;
      const days = [...new Set([from, ...monthEnds(from, oldest)])];
      months = await this.#months(known, await this.#series(known, days));
    }
  }

  /** Months at whose ends somebody was missing, or in which a gap opened or closed, are looked at day by day. */
  async #completeRun(known: Known, months: readonly MonthOfCoverage[]) {
    let since: CalendarDate | null = null;
    for (const { figures, change } of months.toReversed()) {
      const first = change === null ? figures.asOf : addDays(change.since, 1);
      const isQuiet = (change?.gapsOpened ?? 0) === 0 && (change?.gapsClosed ?? 0) === 0;
      if (figures.missing === 0 && figures.population > 0 && isQuiet) {
        since = first;
        continue;
      }
      const within = completeSince(await this.#series(known, daysOf(first, figures.asOf)));
      if (within === null || within > first) return { since: within ?? since, isBroken: true };
      since = within;
    }
    return { since, isBroken: false };
  }
}

function daysOf(from: CalendarDate, until: CalendarDate): CalendarDate[] {
  const days: CalendarDate[] = [];
  for (let day = from; day <= until; day = addDays(day, 1)) days.push(day);
  return days;
}

/** The first day of the month so many months away. */
function firstOfMonth(day: CalendarDate, months: number): CalendarDate {
  const at = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + months, 1));
  return getCalendarDate(at.toISOString().slice(0, 10));
}
