/**
 * Effective-dated history: which version of a subject's facts holds on a day, as far as was known at a moment of the
 * ledger. A pure function of (versions, asOf, knownAt), so with both fixed the answer never changes, whatever is
 * imported afterwards. The registry may answer the same question in SQL; this is the definition it must agree with.
 */
import { type CalendarDate, compareText } from './people-facts.ts';

export interface Version<F> {
  readonly key: string;
  readonly facts: F;
  /** First day on which these facts hold, until a version with a later day. */
  readonly effectiveFrom: CalendarDate;
  /** Sequence of the ledger record that brought the version. */
  readonly sequence: number;
  /** Sequence of the record that undid it; from then on it does not count. */
  readonly undoneSequence?: number;
}

/** Whether the version was known, and not undone, at a sequence of the ledger. */
export function countsAt(version: Version<unknown>, knownAt: number): boolean {
  return version.sequence <= knownAt && (version.undoneSequence === undefined || version.undoneSequence > knownAt);
}

/** Whether all count and stand in the order of their days, one for each: as most lists come, and nothing is to be sorted. */
function isTimeline(versions: readonly Version<unknown>[], knownAt: number): boolean {
  return versions.every((version, at) => {
    const before = versions[at - 1];
    return countsAt(version, knownAt) && (before === undefined || before.effectiveFrom < version.effectiveFrom);
  });
}

/** The versions that count, one for each effective day (the latest known), oldest day first. */
export function timelineOf<F>(versions: readonly Version<F>[], knownAt: number): readonly Version<F>[] {
  if (isTimeline(versions, knownAt)) return versions;
  const byDay = new Map<CalendarDate, Version<F>>();
  for (const version of versions) {
    if (!countsAt(version, knownAt)) continue;
    const other = byDay.get(version.effectiveFrom);
    if (other === undefined || other.sequence < version.sequence) byDay.set(version.effectiveFrom, version);
  }
  return [...byDay.values()].sort((a, b) => compareText(a.effectiveFrom, b.effectiveFrom));
}

/**
 * - `history`: the day lies within the history, the facts held on it;
 * - `before-first`: the day lies before the first import; its facts are given in their place, for want of others;
 * - `none`: nothing was known at all.
 */
export type HistoryBasis = 'history' | 'before-first' | 'none';

export interface HistoryAnswer<F> {
  readonly basis: HistoryBasis;
  /** The day that was looked up: the one asked for, or the first import's; null when nothing was known. */
  readonly day: CalendarDate | null;
  readonly versions: ReadonlyMap<string, Version<F>>;
}

/** `knownAt`: the last sequence that counts; by default everything known today. */
export interface HistoryQuestion {
  readonly asOf: CalendarDate;
  readonly knownAt?: number;
}

/**
 * The facts that a question about a day is answered with. Days before the first import (the smallest effective day
 * of any version) are answered with that first import; subjects that came later are not in it.
 */
export function answerAsOf<F>(versions: readonly Version<F>[], question: HistoryQuestion): HistoryAnswer<F> {
  const first = firstEffectiveDay(versions, question.knownAt ?? Number.POSITIVE_INFINITY);
  if (first === null) {
    return { basis: 'none', day: null, versions: new Map() };
  }
  const before = question.asOf < first;
  const day = before ? first : question.asOf;
  return {
    basis: before ? 'before-first' : 'history',
    day,
    versions: versionsAsOf(versions, { ...question, asOf: day }),
  };
}

/**
 * For each key the version with the greatest `effectiveFrom` on or before the day, among equal days the greatest
 * sequence; a subject without such a version is absent. Imports compare against this, never against `answerAsOf`:
 * an import dated before all others is news, although the days before it were answered for want of better.
 */
export function versionsAsOf<F>(
  versions: readonly Version<F>[],
  { asOf, knownAt = Number.POSITIVE_INFINITY }: HistoryQuestion,
): Map<string, Version<F>> {
  const holding = new Map<string, Version<F>>();
  for (const version of versions) {
    if (!countsAt(version, knownAt) || version.effectiveFrom > asOf) {
      continue;
    }
    const other = holding.get(version.key);
    if (other === undefined || supersedes(version, other)) {
      holding.set(version.key, version);
    }
  }
  return holding;
}

/** Of two versions that hold on a day: the one of the later effective day, of the same day the one that was said later. */
export function supersedes<F>(version: Version<F>, other: Version<F>): boolean {
  return version.effectiveFrom === other.effectiveFrom
    ? version.sequence > other.sequence
    : version.effectiveFrom > other.effectiveFrom;
}

function firstEffectiveDay<F>(versions: readonly Version<F>[], knownAt: number): CalendarDate | null {
  let first: CalendarDate | null = null;
  for (const version of versions) {
    if (countsAt(version, knownAt) && (first === null || version.effectiveFrom < first)) {
      first = version.effectiveFrom;
    }
  }
  return first;
}
