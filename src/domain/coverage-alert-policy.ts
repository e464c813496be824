/**
 * Which alerts about coverage hold on a day, from figures that others found. Pure; each alert has a key, so that the same
 * is raised once and ended when it no longer holds. It names units and counts, never people: an alert leaves the house.
 */
import type { Pace } from './coverage-pace.ts';
import { type CalendarDate, compareText } from './people-facts.ts';

export type AlertKind = 'new-gap' | 'rebound' | 'pace-too-slow' | 'roster-old' | 'deadline-near';
export const alertKinds: readonly AlertKind[] = ['new-gap', 'rebound', 'pace-too-slow', 'roster-old', 'deadline-near'];

export interface AlertFacts {
  readonly profile: string;
  readonly asOf: CalendarDate;
  readonly deadline: CalendarDate;
  readonly gaps: number;
  /** Units of the persons whose gap is new since the check before; empty on the first check. */
  readonly newGaps: readonly string[];
  /** Among those: whose gap had been closed before. */
  readonly rebounds: readonly string[];
  readonly pace: Pick<Pace, 'verdict' | 'daysLeft' | 'gapsAtDeadline'>;
  /** Days since the newest roster; null when there is none. */
  readonly rosterAgeDays: number | null;
}

export interface AlertLimits {
  /** A roster older than this is old: teams update theirs every month. */
  readonly rosterDaysMax: number;
  /** Days before the deadline on which it is told, each once while a gap is open. */
  readonly deadlineDays: readonly number[];
}

export interface Alert {
  readonly kind: AlertKind;
  /** The same key is the same alert. */
  readonly key: string;
  /** Persons for gaps and rebounds, gaps left at the deadline for the pace, days for roster and deadline. */
  readonly count: number;
  readonly units: readonly { readonly unit: string; readonly count: number }[];
}

/** In the order of `alertKinds`. */
export function alertsOn(facts: AlertFacts, limits: AlertLimits): Alert[] {
  const { asOf, deadline, gaps, pace, rosterAgeDays } = facts;
  const alerts: Alert[] = [];
  const raise = (kind: AlertKind, key: string, count: number, units: Alert['units'] = []): void => {
    alerts.push({ kind, key: `${facts.profile} ${kind} ${key}`, count, units });
  };
  // A gap is news on the day on which it is found, and another one on a later day is other news.
  if (facts.newGaps.length > 0) raise('new-gap', asOf, facts.newGaps.length, byUnit(facts.newGaps));
  if (facts.rebounds.length > 0) raise('rebound', asOf, facts.rebounds.length, byUnit(facts.rebounds));
  if (pace.verdict === 'late' || pace.verdict === 'not-falling') {
    raise('pace-too-slow', deadline, pace.gapsAtDeadline ?? gaps);
  }
  if (rosterAgeDays !== null && rosterAgeDays > limits.rosterDaysMax) raise('roster-old', '', rosterAgeDays);
  const step = Math.min(...limits.deadlineDays.filter((days) => pace.daysLeft <= days));
  if (gaps > 0 && pace.daysLeft >= 0 && Number.isFinite(step)) {
    raise('deadline-near', `${deadline} ${step}`, pace.daysLeft);
  }
  return alerts;
}

/** Alerts of a day are over with the next look; the others as soon as they no longer hold. */
export function alertSteps<A extends { readonly key: string }>(
  holding: readonly Alert[],
  open: readonly A[],
): { readonly raise: readonly Alert[]; readonly end: readonly A[] } {
  const keys = new Set(holding.map(({ key }) => key));
  const known = new Set(open.map(({ key }) => key));
  return {
    raise: holding.filter(({ key }) => !known.has(key)),
    end: open.filter(({ key }) => !keys.has(key)),
  };
}

function byUnit(units: readonly string[]): Alert['units'] {
  const counts = new Map<string, number>();
  for (const unit of units) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  return [...counts]
    .map(([unit, count]) => ({ unit, count }))
    .sort((a, b) => b.count - a.count || compareText(a.unit, b.unit));
}
