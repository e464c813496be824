/**
 * Which alerts about coverage hold on a day, from figures that others found. Pure; each alert has a key, so that the same
 * is raised once and ended when it no longer holds. It names units and counts, never people: an alert leaves the house.
 */
import type { Pace } from './coverage-pace.ts';
import type { StandingSpan } from './coverage-questions.ts';
import { daysFromTo } from './day-number.ts';
import { type CalendarDate, compareText } from './people-facts.ts';

export type AlertKind = 'new-gap' | 'rebound' | 'pace-too-slow' | 'roster-old' | 'deadline-near';
export const alertKinds: readonly AlertKind[] = ['new-gap', 'rebound', 'pace-too-slow', 'roster-old', 'deadline-near'];

export interface AlertFacts {
  readonly profile: string;
  readonly asOf: CalendarDate;
  /** Up to which record is known: tells two looks of one day apart. */
  readonly knownAt: number;
  readonly deadline: CalendarDate;
  readonly gaps: number;
  /** Units of the persons whose gap is new since the look before; empty on the first one. */
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
  const { asOf, knownAt, deadline, gaps, pace, rosterAgeDays } = facts;
  const alerts: Alert[] = [];
  const raise = (kind: AlertKind, key: string, count: number, units: Alert['units'] = []): void => {
    alerts.push({ kind, key: `${facts.profile} ${kind} ${key}`.trim(), count, units });
  };
  if (facts.newGaps.length > 0) raise('new-gap', `${asOf} ${knownAt}`, facts.newGaps.length, byUnit(facts.newGaps));
  if (facts.rebounds.length > 0) raise('rebound', `${asOf} ${knownAt}`, facts.rebounds.length, byUnit(facts.rebounds));
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

export interface OpenAlert {
  readonly key: string;
  readonly kind: AlertKind;
  readonly asOf: CalendarDate;
}

/** News about gaps stands for so many days; the other alerts end as soon as they no longer hold. */
const newsDays = 7;

export function alertSteps<A extends OpenAlert>(
  asOf: CalendarDate,
  holding: readonly Alert[],
  open: readonly A[],
): { readonly raise: readonly Alert[]; readonly end: readonly A[] } {
  const keys = new Set(holding.map(({ key }) => key));
  const known = new Set(open.map(({ key }) => key));
  const isNews = ({ kind }: OpenAlert): boolean => kind === 'new-gap' || kind === 'rebound';
  const isOver = (alert: A): boolean =>
    isNews(alert) ? daysFromTo(alert.asOf, asOf) >= newsDays : !keys.has(alert.key);
  return { raise: holding.filter(({ key }) => !known.has(key)), end: open.filter(isOver) };
}

/**
 * Whether the gap that is open at the end had been closed by a recorder before (反弹). Being out of the count closes
 * nothing, and a certificate that is renewed is the same person's.
 */
export function isRebound(spans: readonly Pick<StandingSpan, 'standing'>[]): boolean {
  if (spans.at(-1)?.standing !== 'gap') return false;
  const covered = spans.findLastIndex(({ standing }) => standing === 'covered');
  return covered >= 0 && spans.slice(0, covered).some(({ standing }) => standing === 'gap');
}

const minuteMs = 60_000;
const retryMsMax = 6 * 60 * minuteMs;

/** How long to wait after the n-th failed attempt: 1, 4, 16, … minutes, at most six hours. */
export function retryDelayMs(attempts: number): number {
  return Math.min(retryMsMax, minuteMs * 4 ** Math.min(20, Math.max(0, attempts - 1)));
}

function byUnit(units: readonly string[]): Alert['units'] {
  const counts = new Map<string, number>();
  for (const unit of units) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  return [...counts]
    .map(([unit, count]) => ({ unit, count }))
    .sort((a, b) => b.count - a.count || compareText(a.unit, b.unit));
}
