/**
 * Coverage over time, person by person: what became of each between two days, which gaps opened, closed or opened
 * again (反弹), and how much of a better rate comes from recorders and how much from people who left the count, so that
 * nobody improves the rate by shrinking the denominator. Persons, not certificates: a renewed certificate opens nothing.
 */
import { addDays, daysFromTo, rateOf } from './coverage-pace.ts';
import type { CalendarDate } from './people-facts.ts';

/** A person on a day: does not count, counts and is covered, or counts and is not. */
export type Standing = 'out' | 'covered' | 'gap';

export interface PersonOnDay {
  readonly person: string;
  readonly unit: string;
  readonly standing: Standing;
  /** Why the person does not count, or is not covered; null when covered, or not known at all. */
  readonly reason: string | null;
}

/**
 * - `issued`, `lost-cover`: counts on both days, and got a recorder or lost it;
 * - `entered-covered`, `entered-gap`, `left-covered`, `left-gap`: joined or left the count;
 * - `moved`: counts on both, in another unit.
 */
export type ChangeKind = 'issued' | 'lost-cover' | 'entered-covered' | 'entered-gap' | 'left-covered' | 'left-gap';

export interface PersonChange {
  readonly person: string;
  /** The unit that the change counts for: of the day on which the person counts, the later one where both do. */
  readonly unit: string;
  readonly kind: ChangeKind;
  /** Of the later day: why out of the count, or why not covered. */
  readonly reason: string | null;
}

export interface RateParts {
  readonly before: number | null;
  readonly after: number | null;
  /** Points of the rate by recorders issued less cover lost, by people who left the count, by people who joined it. */
  readonly byRecorders: number | null;
  readonly byLeaving: number | null;
  readonly byEntering: number | null;
  /** The rate that there would be if those who left still counted as they last did. */
  readonly withoutLeaving: number | null;
}

export interface ChangeTally {
  readonly issued: number;
  readonly lostCover: number;
  readonly enteredCovered: number;
  readonly enteredGap: number;
  readonly leftCovered: number;
  readonly leftGap: number;
}

export interface Changes {
  readonly persons: readonly PersonChange[];
  readonly tally: ChangeTally;
  /** How many left the count for which reason, the commonest first. */
  readonly leftBy: readonly { readonly reason: string; readonly persons: number }[];
  readonly rate: RateParts;
}

/** What became of everyone between two days. A person who is not named on a day is out on it. */
export function changesBetween(before: readonly PersonOnDay[], after: readonly PersonOnDay[]): Changes {
  const earlier = byPerson(before);
  const later = byPerson(after);
  const persons: PersonChange[] = [];
  for (const person of new Set([...earlier.keys(), ...later.keys()])) {
    const [was, is] = [earlier.get(person), later.get(person)];
    const kind = kindOf(was?.standing ?? 'out', is?.standing ?? 'out');
    if (kind === null) continue;
    const unit = (is !== undefined && is.standing !== 'out' ? is.unit : was?.unit) ?? '';
    persons.push({ person, unit, kind, reason: is === undefined ? 'not-in-roster' : is.reason });
  }
  const count = (kind: ChangeKind): number => persons.filter((one) => one.kind === kind).length;
  const tally: ChangeTally = {
    issued: count('issued'),
    lostCover: count('lost-cover'),
    enteredCovered: count('entered-covered'),
    enteredGap: count('entered-gap'),
    leftCovered: count('left-covered'),
    leftGap: count('left-gap'),
  };
  return { persons, tally, leftBy: leavingReasons(persons), rate: rateParts(figuresOf(earlier), tally) };
}

/** Several certificates of one person: covered by any is covered, and a gap counts before being out. */
function byPerson(list: readonly PersonOnDay[]): Map<string, PersonOnDay> {
  const known = new Map<string, PersonOnDay>();
  for (const one of list) {
    const other = known.get(one.person);
    if (other === undefined || rank[one.standing] > rank[other.standing]) known.set(one.person, one);
  }
  return known;
}

const rank: Readonly<Record<Standing, number>> = { out: 0, gap: 1, covered: 2 };

const kinds: Readonly<Record<Standing, Readonly<Record<Standing, ChangeKind | null>>>> = {
  out: { out: null, covered: 'entered-covered', gap: 'entered-gap' },
  covered: { out: 'left-covered', covered: null, gap: 'lost-cover' },
  gap: { out: 'left-gap', covered: 'issued', gap: null },
};

const kindOf = (was: Standing, is: Standing): ChangeKind | null => kinds[was][is];

interface Figures {
  readonly population: number;
  readonly covered: number;
}

function figuresOf(persons: ReadonlyMap<string, PersonOnDay>): Figures {
  let [population, covered] = [0, 0];
  for (const { standing } of persons.values()) {
    if (standing === 'out') continue;
    population += 1;
    if (standing === 'covered') covered += 1;
  }
  return { population, covered };
}

function leavingReasons(persons: readonly PersonChange[]): Changes['leftBy'] {
  const counts = new Map<string, number>();
  for (const { kind, reason } of persons) {
    if (kind !== 'left-covered' && kind !== 'left-gap') continue;
    const key = reason ?? 'not-in-roster';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .map(([reason, count]) => ({ reason, persons: count }))
    .sort((a, b) => b.persons - a.persons || (a.reason < b.reason ? -1 : 1));
}

/** First those who left are taken out, then those who joined are put in, then recorders: the three add up exactly. */
export function rateParts(start: Figures, tally: ChangeTally): RateParts {
  const stayed = {
    population: start.population - tally.leftCovered - tally.leftGap,
    covered: start.covered - tally.leftCovered,
  };
  const joined = {
    population: stayed.population + tally.enteredCovered + tally.enteredGap,
    covered: stayed.covered + tally.enteredCovered,
  };
  const end = { population: joined.population, covered: joined.covered + tally.issued - tally.lostCover };
  const [before, afterLeaving, afterEntering, after] = [start, stayed, joined, end].map(rateOf) as [
    number | null,
    number | null,
    number | null,
    number | null,
  ];
  const less = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b);
  return {
    before,
    after,
    byLeaving: less(afterLeaving, before),
    byEntering: less(afterEntering, afterLeaving),
    byRecorders: less(after, afterEntering),
    withoutLeaving: rateOf({
      population: end.population + tally.leftCovered + tally.leftGap,
      covered: end.covered + tally.leftCovered,
    }),
  };
}

/** One stretch of days in one standing. Stretches of a person follow each other; days between them are `out`. */
export interface Stretch {
  readonly from: CalendarDate;
  /** Last day; null while it goes on. */
  readonly until: CalendarDate | null;
  readonly standing: Standing;
  readonly reason: string | null;
}

export interface GapStretch {
  readonly from: CalendarDate;
  readonly until: CalendarDate | null;
  /** The gap had been closed by a recorder before, and is open again. */
  readonly isRebound: boolean;
  /** With a rebound: when it had been closed. */
  readonly closedOn: CalendarDate | null;
  /** How it ended: a recorder, or leaving the count; null while it is open. */
  readonly endedBy: 'covered' | 'left' | null;
}

/**
 * The gaps of one person, oldest first. Days out of the count between two stretches of gap close nothing: it is the
 * same gap that goes on when the person counts again, so it is not told as a rebound.
 */
export function gapsOfCourse(course: readonly Stretch[]): GapStretch[] {
  const gaps: GapStretch[] = [];
  let closedOn: CalendarDate | null = null;
  for (const [index, stretch] of course.entries()) {
    const previous = course[index - 1];
    const before = gaps.at(-1);
    if (stretch.standing === 'covered') {
      if (before !== undefined) closedOn ??= stretch.from;
      continue;
    }
    if (stretch.standing === 'out') continue;
    const isSame =
      before !== undefined && previous?.standing === 'gap' && previous.until !== null && adjoins(previous, stretch);
    const ended = endOf(course, index);
    if (isSame) gaps[gaps.length - 1] = { ...before, until: stretch.until, endedBy: ended };
    else
      gaps.push({ from: stretch.from, until: stretch.until, isRebound: closedOn !== null, closedOn, endedBy: ended });
    closedOn = null;
  }
  return gaps;
}

const adjoins = (previous: Stretch, next: Stretch): boolean =>
  previous.until !== null && addDays(previous.until, 1) === next.from;

function endOf(course: readonly Stretch[], index: number): GapStretch['endedBy'] {
  const stretch = course[index] as Stretch;
  if (stretch.until === null) return null;
  const next = course[index + 1];
  return next !== undefined && next.standing === 'covered' && adjoins(stretch, next) ? 'covered' : 'left';
}

/**
 * - `before-deadline`: nothing is overdue yet; `in-grace`: the deadline has passed, but not the day it is due for this one;
 * - `overdue`: since the day after the deadline, after the grace, or when the gap opened, whichever is latest.
 */
export interface Overdue {
  readonly state: 'before-deadline' | 'in-grace' | 'overdue';
  /** The last day on which the gap may be open. */
  readonly dueOn: CalendarDate;
  readonly daysOverdue: number;
}

export interface OverdueQuestion {
  readonly asOf: CalendarDate;
  readonly deadline: CalendarDate;
  /** First day of the open gap. */
  readonly gapSince: CalendarDate;
  /** First day on which the person counted without a break up to now. */
  readonly countsSince: CalendarDate;
  /** Days that somebody newly in the count has, that first day not included. */
  readonly graceDays: number;
}

/** Due on the deadline; later for who newly counts, and for a gap that opened later: on the day on which it opened. */
export function overdueOf({ asOf, deadline, gapSince, countsSince, graceDays }: OverdueQuestion): Overdue {
  const dueOn = [addDays(countsSince, graceDays), gapSince].reduce((a, b) => (a > b ? a : b), deadline);
  if (asOf <= deadline) return { state: 'before-deadline', dueOn, daysOverdue: 0 };
  const daysOverdue = Math.max(0, daysFromTo(dueOn, asOf));
  return { state: daysOverdue > 0 ? 'overdue' : 'in-grace', dueOn, daysOverdue };
}

/**
 * Since when nobody is missing: the first day of the unbroken run up to the last one. `days`: figures of days on which
 * something changed, oldest first. Null when somebody is missing now, or nobody has to be covered.
 */
export function completeSince(
  days: readonly { readonly asOf: CalendarDate; readonly population: number; readonly covered: number }[],
): CalendarDate | null {
  let since: CalendarDate | null = null;
  for (const { asOf, population, covered } of days) {
    if (population === 0 || covered < population) since = null;
    else since ??= asOf;
  }
  return since;
}
