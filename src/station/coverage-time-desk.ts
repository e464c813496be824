/**
 * The part of the composition root for coverage over time: asks the engine for the days that the policies in domain/
 * need (pace, moves, years) and puts their answers together. It computes no figure itself.
 */
import { changeParts } from '../domain/coverage-moves.ts';
import type { ComingDay, CoverageOverTime, MonthOfCoverage, YearOfCoverage } from '../domain/coverage-over-time.ts';
import { completeSince, countdown, coveragePace, monthEnds, type Pace, yearlyRise } from '../domain/coverage-pace.ts';
import type { CoverageAsked, CoverageEngine, CoverageOfDay } from '../domain/coverage-questions.ts';
import { addDays } from '../domain/day-number.ts';
import { type CalendarDate, getCalendarDate } from '../domain/people-facts.ts';
import type { StationContext } from './station-context.ts';

/** Months that are shown, and years. */
const monthsShown = 13;
const yearsShown = 6;
/** Days to the deadline that are listed one by one. */
const comingMax = 92;

export class CoverageTimeDesk {
  readonly #context: StationContext;
  readonly #engine: CoverageEngine;

  constructor(context: StationContext, engine: CoverageEngine) {
    this.#context = context;
    this.#engine = engine;
  }

  /** @throws StationError profile-unknown, unit-unknown, coverage-building */
  async overTime(asked: CoverageAsked): Promise<CoverageOverTime> {
    const { asOf, ...rest } = asked;
    const today = await this.#engine.figures(asked);
    const months = await this.#months(rest, asOf);
    const pace = await this.#pace(rest, today);
    // What was known at an older moment is worked out day by day from the history: seconds for each.
    const isOlder = asked.knownAt !== undefined;
    return {
      today,
      months,
      years: await this.#years(rest, today),
      pace,
      coming: isOlder ? [] : await this.#coming(rest, today, pace),
      completeSince:
        isOlder || today.missing > 0 || today.population === 0 ? null : await this.#completeSince(rest, months),
    };
  }

  async #months(known: Omit<CoverageAsked, 'asOf'>, asOf: CalendarDate): Promise<MonthOfCoverage[]> {
    const from = this.#notBefore(firstOfMonth(asOf, 1 - monthsShown), asOf);
    const days = monthEnds(from, asOf);
    const series = await this.#engine.series(known, days);
    const months: MonthOfCoverage[] = [];
    for (const [index, figures] of series.entries()) {
      const before = series[index - 1];
      // What moved is known of today's knowledge only.
      if (before === undefined || known.knownAt !== undefined) {
        months.push({ figures, change: null });
        continue;
      }
      const since = before.asOf;
      const { moves, ...gaps } = await this.#engine.changes({ ...known, since, asOf: figures.asOf });
      const { gapsOpened, gapsClosed, rebounds } = gaps;
      months.push({ figures, change: { since, parts: changeParts(before, moves), gapsOpened, gapsClosed, rebounds } });
    }
    return months;
  }

  /** Nothing is known of days before the first roster. */
  #notBefore(day: CalendarDate, asOf: CalendarDate): CalendarDate {
    const first = this.#context.registry.people.firstDay('officers');
    return first === null || first > asOf ? asOf : first > day ? first : day;
  }

  async #years(known: Omit<CoverageAsked, 'asOf'>, today: CoverageOfDay): Promise<YearOfCoverage[]> {
    const { coverageBook, people } = this.#context.registry;
    const year = Number(today.asOf.slice(0, 4));
    const first = people.firstDay('officers');
    const ends = Array.from({ length: yearsShown }, (_, index) =>
      getCalendarDate(`${year - yearsShown + index}-12-31`),
    );
    const days = [...ends.filter((day) => first !== null && day >= first), today.asOf];
    const computed = (await this.#engine.series(known, days)).map((figures) => ({
      ...figures,
      origin: 'computed' as const,
    }));
    const unit = today.unitPath.at(-1);
    const handedIn = [unit?.unitKey ?? '', ...(unit === undefined ? [] : [unit.name])]
      .flatMap((key) => coverageBook.baselines(today.profile.name, key))
      .filter(({ asOf }, index, all) => all.findIndex((other) => other.asOf === asOf) === index)
      .map((entry) => ({ ...entry, origin: 'handed-in' as const }));
    const sources = new Map(handedIn.map(({ asOf, source }) => [asOf, source]));
    return yearlyRise([...computed, ...handedIn]).map((row) => ({
      ...row,
      source: row.origin === 'computed' ? null : (sources.get(row.asOf) ?? null),
    }));
  }

  async #pace(known: Omit<CoverageAsked, 'asOf'>, today: CoverageOfDay): Promise<Pace> {
    const { paceDays } = this.#context.options.configuration.alerts;
    const day = this.#notBefore(addDays(today.asOf, -paceDays), today.asOf);
    const before = day < today.asOf ? await this.#engine.figures({ ...known, asOf: day }) : undefined;
    return coveragePace({ today, deadline: today.profile.deadline, before });
  }

  async #coming(known: Omit<CoverageAsked, 'asOf'>, today: CoverageOfDay, pace: Pace): Promise<ComingDay[]> {
    const days = countdown(pace, today.asOf).slice(0, comingMax);
    const figures = await this.#engine.series(
      known,
      days.map(({ day }) => day),
    );
    return days.map((day, index) => ({
      ...day,
      gapsKnown: figures[index]?.missing ?? 0,
      populationKnown: figures[index]?.population ?? 0,
    }));
  }

  /** Months at whose ends somebody was missing, or in which a gap opened, are looked at day by day. */
  async #completeSince(
    known: Omit<CoverageAsked, 'asOf'>,
    months: readonly MonthOfCoverage[],
  ): Promise<CalendarDate | null> {
    let since: CalendarDate | null = null;
    for (const { figures, change } of [...months].reverse()) {
      const first = change === null ? figures.asOf : addDays(change.since, 1);
      if (figures.missing === 0 && (change?.gapsOpened ?? 0) === 0 && (change?.gapsClosed ?? 0) === 0) {
        since = first;
        continue;
      }
      const days = await this.#engine.series(known, daysOf(first, figures.asOf));
      const within = completeSince(days);
      if (within === null) return since;
      if (within > first) return within;
      since = within;
    }
    return since;
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
