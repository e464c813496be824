/**
 * Goal: each alert holds exactly when it should, is told once, and ends by itself; what it says names nobody.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AlertFacts,
  type AlertKind,
  alertSteps,
  alertsOn,
  isRebound,
  type OpenAlert,
  retryDelayMs,
} from '../../src/domain/coverage-alert-policy.ts';
import type { StandingWord } from '../../src/domain/coverage-questions.ts';
import { getCalendarDate as day } from '../../src/domain/people-facts.ts';

const limits = { rosterDaysMax: 31, deadlineDays: [30, 7, 0] };
const quiet: AlertFacts = {
  profile: 'ministry',
  asOf: day('2026-10-01'),
  knownAt: 40,
  deadline: day('2026-12-31'),
  gaps: 3,
  newGaps: [],
  rebounds: [],
  pace: { verdict: 'in-time', daysLeft: 91, gapsAtDeadline: 0 },
  rosterAgeDays: 31,
};

describe('what holds', () => {
  const pace = quiet.pace;
  const table: readonly [string, Partial<AlertFacts>, readonly [AlertKind, number][]][] = [
    ['nothing', {}, []],
    [
      'a new gap, and one that was closed before',
      { newGaps: ['A', 'B', 'A'], rebounds: ['B'] },
      [
        ['new-gap', 3],
        ['rebound', 1],
      ],
    ],
    ['a pace below need', { pace: { ...pace, verdict: 'late', gapsAtDeadline: 2 } }, [['pace-too-slow', 2]]],
    ['gaps that do not fall', { pace: { ...pace, verdict: 'not-falling', gapsAtDeadline: 3 } }, [['pace-too-slow', 3]]],
    ['no history says nothing of the pace', { pace: { ...pace, verdict: 'no-history', gapsAtDeadline: null } }, []],
    ['a roster a day older than a month', { rosterAgeDays: 32 }, [['roster-old', 32]]],
    ['no roster at all', { rosterAgeDays: null }, []],
    ['31 days before the deadline', { pace: { ...pace, daysLeft: 31 } }, []],
    ['30 days before', { pace: { ...pace, daysLeft: 30 } }, [['deadline-near', 30]]],
    ['8 days before: still the step of 30', { pace: { ...pace, daysLeft: 8 } }, [['deadline-near', 8]]],
    ['the deadline day', { pace: { ...pace, daysLeft: 0 } }, [['deadline-near', 0]]],
    ['the day after', { pace: { ...pace, verdict: 'overdue', daysLeft: -1 } }, []],
    ['near, but nobody is missing', { gaps: 0, pace: { ...pace, verdict: 'complete', daysLeft: 5 } }, []],
  ];
  for (const [name, more, expected] of table) {
    it(name, () => {
      const alerts = alertsOn({ ...quiet, ...more }, limits);
      expect(alerts.map(({ kind, count }) => [kind, count])).toEqual(expected);
    });
  }

  it('counts by unit, the most first', () => {
    const [alert] = alertsOn({ ...quiet, newGaps: ['B', 'A', 'C', 'A'] }, limits);
    expect(alert?.units).toEqual([
      { unit: 'A', count: 2 },
      { unit: 'B', count: 1 },
      { unit: 'C', count: 1 },
    ]);
  });

  it('each step before the deadline is told once', () => {
    const keys = [40, 30, 29, 8, 7, 6, 1, 0].map(
      (daysLeft) => alertsOn({ ...quiet, pace: { ...pace, daysLeft } }, limits)[0]?.key ?? null,
    );
    expect(new Set(keys).size).toBe(4);
  });
});

describe('raising and ending', () => {
  const open = (kind: AlertKind, key: string, asOf: string): OpenAlert => ({ kind, key, asOf: day(asOf) });

  it('the same is raised once, what no longer holds ends', () => {
    const holding = alertsOn({ ...quiet, rosterAgeDays: 40, newGaps: ['A'] }, limits);
    const known = [open('roster-old', 'ministry roster-old', '2026-09-30'), open('pace-too-slow', 'x', '2026-09-01')];
    const { raise, end } = alertSteps(quiet.asOf, holding, known);
    expect(raise.map(({ kind }) => kind)).toEqual(['new-gap']);
    expect(end.map(({ kind }) => kind)).toEqual(['pace-too-slow']);
  });

  it('news stands for a week', () => {
    const ends = (asOf: string): number => alertSteps(day(asOf), [], [open('new-gap', 'k', '2026-10-01')]).end.length;
    expect([ends('2026-10-01'), ends('2026-10-07'), ends('2026-10-08')]).toEqual([0, 0, 1]);
  });

  it('a second look at the same facts changes nothing', () => {
    const holding = alertsOn({ ...quiet, rosterAgeDays: 99, newGaps: ['A'], rebounds: ['A'] }, limits);
    const after = holding.map(({ key, kind }) => ({ key, kind, asOf: quiet.asOf }));
    expect(alertSteps(quiet.asOf, holding, after)).toEqual({ raise: [], end: [] });
  });
});

describe('a rebound', () => {
  const table: readonly [readonly StandingWord[], boolean][] = [
    [[], false],
    [['gap'], false],
    [['covered', 'gap'], false],
    [['gap', 'covered', 'gap'], true],
    [['gap', 'covered', 'out', 'gap'], true],
    [['gap', 'out', 'gap'], false],
    [['gap', 'absent', 'out', 'gap'], false],
    [['gap', 'covered', 'gap', 'out', 'gap'], true],
    [['gap', 'covered'], false],
    [['covered', 'out', 'covered', 'gap'], false],
  ];
  for (const [standings, expected] of table) {
    it(`${standings.join(', ')}: ${expected}`, () => {
      expect(isRebound(standings.map((standing) => ({ standing })))).toBe(expected);
    });
  }
});

it('attempts come further and further apart, and never more than six hours', () => {
  expect([1, 2, 3, 4].map(retryDelayMs)).toEqual([60_000, 240_000, 960_000, 3_840_000]);
  fc.assert(fc.property(fc.integer({ min: 0, max: 1e9 }), (n) => retryDelayMs(n) > 0 && retryDelayMs(n) <= 21_600_000));
});
