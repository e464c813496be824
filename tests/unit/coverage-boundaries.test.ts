/**
 * Goal: every boundary day of coverage on both sides, under both shipped profiles: the last day of a certificate, the day
 * after an assignment, a recorder lost at noon, the deadline and the days overdue after it, the days of grace of who is
 * newly certified, and the first and last of the days that make a recorder one in use.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCoverageProfiles } from '../../src/config/profiles.ts';
import { factsOfDay } from '../../src/domain/coverage-as-of.ts';
import { completeSince } from '../../src/domain/coverage-pace.ts';
import { coverage } from '../../src/domain/coverage-policy.ts';
import type { CoverageProfile } from '../../src/domain/coverage-profile.ts';
import { type DockingFact, dockingUse } from '../../src/domain/coverage-use.ts';
import { addDays } from '../../src/domain/day-number.ts';
import {
  type AssignmentFacts,
  type CalendarDate,
  getCalendarDate as date,
  type OfficerFacts,
  type RecorderFacts,
} from '../../src/domain/people-facts.ts';

const profiles = [...(await loadCoverageProfiles()).values()];
const first = date('2026-01-01');

interface Story {
  readonly profile: CoverageProfile;
  readonly officer?: Partial<OfficerFacts>;
  readonly assignment?: Partial<AssignmentFacts>;
  /** Lists of recorders, by the day from which they hold. */
  readonly recorders?: readonly (readonly [from: string, facts: Partial<RecorderFacts>])[];
  readonly dockings?: readonly DockingFact[];
  readonly useDays?: number;
}

function on(asOf: string, { profile, officer = {}, assignment = {}, recorders = [['2026-01-01', {}]], ...use }: Story) {
  const version = <F>(key: string, facts: F, effectiveFrom: CalendarDate = first, sequence = 1) => ({
    key,
    effectiveFrom,
    sequence,
    facts,
  });
  const history = {
    officers: [
      version('A', {
        certificateNo: 'A',
        name: 'x',
        unit: '一大队',
        post: '路面执法',
        onDuty: true,
        certificateStatus: 'valid' as const,
        validUntil: date('2030-12-31'),
        ...officer,
      }),
    ],
    recorders: recorders.map(([from, facts], index) =>
      version('R', { serial: 'R', model: 'K9', state: 'in-service' as const, ...facts }, date(from), index + 1),
    ),
    assignments: [
      version('A R', {
        certificateNo: 'A',
        serial: 'R',
        from: first,
        until: null,
        mode: 'personal' as const,
        ...assignment,
      }),
    ],
  };
  const { bases: _, ...facts } = factsOfDay(history, date(asOf), Number.POSITIVE_INFINITY);
  const answer = coverage({ profile, ...facts, dockings: dockingUse(use.useDays ?? 30, use.dockings ?? []) });
  const [verdict] = answer.verdicts;
  return verdict ?? expect.fail('nobody is judged');
}

const outcome = (asOf: string, story: Story): string => {
  const { status, gap, outOfPopulation } = on(asOf, story);
  return status === 'out' ? (outOfPopulation[0] ?? '') : (gap?.reason ?? status);
};

describe.each(profiles.map((profile) => [profile.name, profile] as const))('%s', (_, profile) => {
  it.each<[string, Omit<Story, 'profile'>, Record<string, string>]>([
    [
      'a certificate is valid until the very day',
      { officer: { validUntil: date('2026-05-10') } },
      { '2026-05-09': 'covered', '2026-05-10': 'covered', '2026-05-11': 'certificate-expired' },
    ],
    [
      'an assignment that ended the day before covers no more',
      { assignment: { until: date('2026-05-10') } },
      { '2026-05-10': 'covered', '2026-05-11': 'no-recorder' },
    ],
    [
      'an assignment covers from its first day on',
      { assignment: { from: date('2026-05-10') } },
      { '2026-05-09': 'starts-later', '2026-05-10': 'covered' },
    ],
    [
      'a recorder lost at noon is lost that day, told at once or later',
      {
        recorders: [
          ['2026-01-01', {}],
          ['2026-05-12', { state: 'lost', stateSince: '2026-05-10T12:00:00' }],
        ],
      },
      { '2026-05-09': 'covered', '2026-05-10': 'lost', '2026-05-11': 'lost', '2026-05-12': 'lost' },
    ],
    [
      'a recorder back from repair at noon covers that day',
      {
        recorders: [
          ['2026-01-01', { state: 'repair' }],
          ['2026-05-10', { stateSince: '2026-05-10T12:00:00' }],
        ],
      },
      { '2026-05-09': 'in-repair', '2026-05-10': 'covered' },
    ],
    [
      'a suspension counts on its first and last day',
      { officer: { certificateStatus: 'suspended', statusFrom: date('2026-05-10'), statusUntil: date('2026-05-12') } },
      {
        '2026-05-09': 'covered',
        '2026-05-10': 'certificate-suspended',
        '2026-05-12': 'certificate-suspended',
        '2026-05-13': 'covered',
      },
    ],
    [
      'who leaves counts until the day before',
      { officer: { leftOn: date('2026-05-10') } },
      { '2026-05-09': 'covered', '2026-05-10': 'left' },
    ],
    [
      'the deadline changes nothing about who is covered',
      { assignment: { until: profile.deadline } },
      { '2026-12-31': 'covered', '2027-01-01': 'no-recorder' },
    ],
  ])('%s', (__, story, expected) => {
    const told = Object.keys(expected).map((asOf) => [asOf, outcome(asOf, { ...story, profile })]);
    expect(Object.fromEntries(told)).toEqual(expected);
  });

  it.each<[string, string, number, string | undefined, string, number]>([
    ['long before the deadline', '2026-05-10', 30, undefined, '2026-12-31', 0],
    ['on the deadline', '2026-12-31', 30, undefined, '2026-12-31', 0],
    ['on the day after', '2027-01-01', 30, undefined, '2026-12-31', 1],
    ['a year later', '2027-12-31', 30, undefined, '2026-12-31', 365],
    ['certified so that grace ends on the deadline', '2027-01-01', 30, '2026-12-01', '2026-12-31', 1],
    ['certified a day later', '2027-01-01', 30, '2026-12-02', '2027-01-01', 0],
    ['on the last day of grace', '2027-03-31', 30, '2027-03-01', '2027-03-31', 0],
    ['on the day after grace', '2027-04-01', 30, '2027-03-01', '2027-03-31', 1],
    ['newly certified where no grace is given', '2027-03-02', 0, '2027-03-01', '2026-12-31', 61],
  ])('a gap is due and overdue: %s', (__, asOf, graceDays, issuedOn, dueOn, overdueDays) => {
    const officer = issuedOn === undefined ? {} : { issuedOn: date(issuedOn) };
    const story = { profile: { ...profile, graceDays }, officer, recorders: [] };
    expect(on(asOf, story).gap).toMatchObject({ reason: 'no-recorder', dueOn, overdueDays });
  });

  it('a recorder is in use on the day of a docking with footage and the days after it, so many in all', () => {
    const asked = fc.record({
      useDays: fc.integer({ min: 1, max: 40 }),
      from: fc.integer({ min: 0, max: 60 }),
      dockings: fc.array(fc.record({ day: fc.integer({ min: 0, max: 60 }), hasFootage: fc.boolean() }), {
        maxLength: 6,
      }),
      day: fc.integer({ min: 0, max: 110 }),
    });
    fc.assert(
      fc.property(asked, ({ useDays, from, dockings, day }) => {
        const story: Story = {
          profile,
          useDays,
          assignment: { from: addDays(first, from) },
          dockings: dockings.map((one) => ({ serial: 'R', day: addDays(first, one.day), hasFootage: one.hasFootage })),
        };
        const { status, use } = on(addDays(first, day), story);
        // Its own holder's, up to the day.
        const own = dockings.filter((one) => one.day >= from && one.day <= day);
        const lately = own.filter((one) => day - one.day < useDays);
        const expected =
          own.length === 0
            ? 'never-docked'
            : lately.length === 0
              ? 'not-docked-lately'
              : lately.some(({ hasFootage }) => hasFootage)
                ? 'in-use'
                : 'no-footage';
        expect([status, use]).toEqual(day < from ? ['gap', null] : ['covered', expected]);
      }),
      { numRuns: 400 },
    );
  });

  it('complete since: the first day of the unbroken run, none while somebody is missing or nobody counts', () => {
    const counts = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })), { minLength: 1 });
    fc.assert(
      fc.property(counts, (list) => {
        const days = list.map(([covered, missing], index) => ({
          asOf: addDays(profile.deadline, index - list.length),
          population: covered + missing,
          covered,
        }));
        const isBroken = ([covered, missing]: readonly [number, number]): boolean => missing > 0 || covered === 0;
        const lastBroken = list.findLastIndex(isBroken);
        expect(completeSince(days)).toBe(days[lastBroken + 1]?.asOf ?? null);
      }),
    );
  });
});
