/**
 * Goal: the right population, the right covered officers and the right reason for each gap, for both shipped profiles
 * and on every boundary day; whole truth tables for conditions, reasons and their precedence.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadCoverageProfiles } from '../../src/config/profiles.ts';
import { factsOfDay } from '../../src/domain/coverage-as-of.ts';
import { coverage, coverageOfUnits } from '../../src/domain/coverage-policy.ts';
import type { CoverageProfile } from '../../src/domain/coverage-profile.ts';
import { dockingUse } from '../../src/domain/coverage-use.ts';
import { gapReasons } from '../../src/domain/coverage-verdict.ts';
import {
  type AssignmentFacts,
  type CalendarDate,
  getCalendarDate,
  type OfficerFacts,
  type RecorderFacts,
  type RecorderState,
} from '../../src/domain/people-facts.ts';
import { readAssignments } from '../../src/people/assignments-table.ts';
import { readRecorders } from '../../src/people/recorders-table.ts';
import { readRoster } from '../../src/people/roster-table.ts';

const profiles = await loadCoverageProfiles();
const shipped = (name: string): CoverageProfile => profiles.get(name) ?? expect.fail(`no profile ${name}`);
const ministry = shipped('ministry');
const county = shipped('county');
const sharing: CoverageProfile = { ...ministry, requirement: { kind: 'recorder-per-officer', countsShared: true } };

const day = getCalendarDate('2026-05-01');

const officer = (certificateNo: string, facts: Partial<OfficerFacts> = {}): OfficerFacts => ({
  certificateNo,
  name: `officer ${certificateNo}`,
  unit: '一大队',
  post: '一线',
  onDuty: true,
  certificateStatus: 'valid',
  validUntil: getCalendarDate('2027-12-31'),
  ...facts,
});
const recorder = (serial: string, state: RecorderState = 'in-service'): RecorderFacts => ({
  serial,
  model: 'K9',
  state,
});
const given = (certificateNo: string, serial: string, facts: Partial<AssignmentFacts> = {}): AssignmentFacts => ({
  certificateNo,
  serial,
  from: getCalendarDate('2025-01-01'),
  until: null,
  mode: 'personal',
  ...facts,
});
const date = (text: string): CalendarDate => getCalendarDate(text);

interface Scene {
  readonly profile?: CoverageProfile;
  readonly asOf?: CalendarDate;
  readonly officers?: OfficerFacts[];
  readonly recorders?: RecorderFacts[];
  readonly assignments?: AssignmentFacts[];
}

const ask = (scene: Scene) =>
  coverage({ profile: ministry, asOf: day, officers: [officer('A')], recorders: [], assignments: [], ...scene });
const verdictOf = (scene: Scene, certificateNo = 'A') =>
  ask(scene).verdicts.find((verdict) => verdict.certificateNo === certificateNo) ?? expect.fail('no verdict');
/** `covered`, or the reason of the gap. */
const outcome = (scene: Scene, certificateNo = 'A') => verdictOf(scene, certificateNo).gap?.reason ?? 'covered';

describe('who counts', () => {
  it.each<[string, Partial<OfficerFacts>, string[], string[]]>([
    ['certified, on duty, front-line', {}, [], []],
    ['suspended', { certificateStatus: 'suspended' }, ['certificate-suspended'], ['certificate-suspended']],
    ['withdrawn', { certificateStatus: 'withdrawn' }, ['certificate-withdrawn'], ['certificate-withdrawn']],
    ['cancelled', { certificateStatus: 'cancelled' }, ['certificate-cancelled'], ['certificate-cancelled']],
    [
      'valid until the day before',
      { validUntil: date('2026-04-30') },
      ['certificate-expired'],
      ['certificate-expired'],
    ],
    ['valid until that very day', { validUntil: day }, [], []],
    ['not on duty', { onDuty: false }, ['not-on-duty'], []],
    ['inner post', { post: '内勤' }, ['not-front-line'], []],
    ['legal review', { post: ' 法制审核 ' }, ['not-front-line'], []],
    ['road', { post: '路面执法' }, [], []],
    ['overload station', { post: '治超站' }, [], []],
    ['water', { post: '水上' }, [], []],
    ['a post that the table does not know', { post: '无人机班' }, [], []],
    ['no post', { post: '' }, [], []],
    [
      'everything at once',
      { certificateStatus: 'cancelled', validUntil: date('2020-01-01'), onDuty: false, post: '内勤' },
      ['certificate-cancelled', 'certificate-expired', 'not-on-duty', 'not-front-line'],
      ['certificate-cancelled', 'certificate-expired'],
    ],
  ])('%s', (_, facts, outOfMinistry, outOfCounty) => {
    const officers = [officer('A', facts)];
    expect(verdictOf({ officers, profile: ministry }).outOfPopulation).toEqual(outOfMinistry);
    expect(verdictOf({ officers, profile: county }).outOfPopulation).toEqual(outOfCounty);
    expect(ask({ officers }).population).toBe(outOfMinistry.length === 0 ? 1 : 0);
  });

  it('makes no gap for an officer who does not count', () => {
    expect(verdictOf({ officers: [officer('A', { onDuty: false })] }).gap).toBeNull();
  });

  it('reports posts that the table does not know with their head counts, where posts matter', () => {
    const officers = ['无人机班', '无人机班', '信息', '一线', '内勤'].map((post, i) => officer(`${i}`, { post }));
    expect(ask({ officers }).unmappedPosts).toEqual([
      { post: '无人机班', officers: 2 },
      { post: '信息', officers: 1 },
    ]);
    expect(ask({ officers, profile: county }).unmappedPosts).toEqual([]);
  });

  it('gives no rate when nobody counts', () => {
    expect(ask({ officers: [] })).toMatchObject({ population: 0, covered: 0, rate: null });
  });
});

describe('one assignment', () => {
  it.each<[string, RecorderState | 'unregistered', Partial<AssignmentFacts>, string, string]>([
    ['personal, in service', 'in-service', {}, 'covered', 'covered'],
    ['personal, lost', 'lost', {}, 'lost', 'lost'],
    ['personal, in repair', 'repair', {}, 'in-repair', 'in-repair'],
    ['personal, scrapped', 'scrapped', {}, 'scrapped', 'scrapped'],
    ['personal, in no list of recorders', 'unregistered', {}, 'no-recorder', 'no-recorder'],
    ['shared, in service', 'in-service', { mode: 'shared' }, 'shared-only', 'covered'],
    ['shared, lost', 'lost', { mode: 'shared' }, 'shared-only', 'lost'],
    ['shared, in repair', 'repair', { mode: 'shared' }, 'shared-only', 'in-repair'],
    ['shared, scrapped', 'scrapped', { mode: 'shared' }, 'shared-only', 'scrapped'],
    ['shared, in no list of recorders', 'unregistered', { mode: 'shared' }, 'no-recorder', 'no-recorder'],
    ['first day is that day', 'in-service', { from: day }, 'covered', 'covered'],
    ['first day is the day after', 'in-service', { from: date('2026-05-02') }, 'starts-later', 'starts-later'],
    ['last day is that day', 'in-service', { until: day }, 'covered', 'covered'],
    ['last day was the day before', 'in-service', { until: date('2026-04-30') }, 'no-recorder', 'no-recorder'],
    ['later, and lost until then', 'lost', { from: date('2026-05-02') }, 'starts-later', 'starts-later'],
    ['later, not registered yet', 'unregistered', { from: date('2026-05-02') }, 'starts-later', 'starts-later'],
    ['later and shared', 'in-service', { from: date('2026-05-02'), mode: 'shared' }, 'no-recorder', 'starts-later'],
    ['later, ended before it began to count', 'lost', { until: date('2026-01-31') }, 'no-recorder', 'no-recorder'],
  ])('%s', (_, state, facts, personalOnly, includingShared) => {
    const scene = {
      recorders: state === 'unregistered' ? [] : [recorder('R', state)],
      assignments: [given('A', 'R', facts)],
    };
    expect(outcome(scene)).toBe(personalOnly);
    expect(outcome({ ...scene, profile: sharing })).toBe(includingShared);
  });

  it('names what the reason speaks of', () => {
    const later = date('2026-06-01');
    expect(verdictOf({ recorders: [recorder('R', 'lost')], assignments: [given('A', 'R')] }).gap).toMatchObject({
      reason: 'lost',
      serial: 'R',
    });
    expect(verdictOf({ assignments: [given('A', 'R', { from: later })] }).gap).toMatchObject({
      reason: 'starts-later',
      serial: 'R',
      startsOn: later,
    });
    const unregistered = ask({ assignments: [given('A', 'R')] });
    expect(unregistered.verdicts[0]?.gap).toMatchObject({ reason: 'no-recorder', unregisteredSerial: 'R' });
    expect(unregistered.notes).toEqual([{ kind: 'recorder-not-registered', serial: 'R', certificateNo: 'A' }]);
  });

  it('still covers on the day of the deadline and the day after as the facts say', () => {
    const scene = { recorders: [recorder('R')], assignments: [given('A', 'R', { until: ministry.deadline })] };
    expect(outcome({ ...scene, asOf: ministry.deadline })).toBe('covered');
    expect(outcome({ ...scene, asOf: date('2027-01-01') })).toBe('no-recorder');
  });
});

describe('several assignments of one officer', () => {
  /** Assignments of A that give each reason when they stand alone; B holds R2. */
  const causes: Record<string, AssignmentFacts[]> = {
    'in-repair': [given('A', 'R1')],
    'held-by-another': [given('A', 'R2', { from: date('2025-06-01') })],
    lost: [given('A', 'R3')],
    scrapped: [given('A', 'R4')],
    'shared-only': [given('A', 'R5', { mode: 'shared' })],
    'starts-later': [given('A', 'R6', { from: date('2026-06-01') })],
    'no-recorder': [],
  };
  const scene = (...assignments: AssignmentFacts[]): Scene => ({
    officers: [officer('A'), officer('B')],
    recorders: [
      recorder('R1', 'repair'),
      recorder('R2'),
      recorder('R3', 'lost'),
      recorder('R4', 'scrapped'),
      recorder('R5'),
      recorder('R6'),
      recorder('R7'),
    ],
    assignments: [given('B', 'R2'), ...assignments],
  });

  it('knows every reason', () => {
    expect(Object.keys(causes)).toEqual(gapReasons);
  });

  const pairs = gapReasons.flatMap((first, rank) => gapReasons.slice(rank).map((second) => [first, second] as const));
  it.each(pairs)('gives %s rather than %s', (first, second) => {
    const both = [...(causes[second] ?? []), ...(first === second ? [] : (causes[first] ?? []))];
    expect(outcome(scene(...both))).toBe(first);
    expect(outcome(scene(...both.toReversed()))).toBe(first);
  });

  it('is covered by one working personal recorder, whatever else there is', () => {
    expect(outcome(scene(...Object.values(causes).flat(), given('A', 'R7')))).toBe('covered');
  });

  it('counts an officer with two working recorders once', () => {
    expect(ask(scene(given('A', 'R6'), given('A', 'R7')))).toMatchObject({ population: 2, covered: 2 });
  });

  it('is covered in both figures by a personal and a shared recorder', () => {
    const answer = ask(scene(given('A', 'R7'), given('A', 'R5', { mode: 'shared' })));
    expect(answer.verdicts[0]).toMatchObject({
      isCoveredPersonally: true,
      isCoveredIncludingShared: true,
      serial: 'R7',
    });
  });

  it('names the earliest later assignment also where a shared one counts', () => {
    const shared = given('A', 'R6', { from: date('2026-06-01'), mode: 'shared' });
    const all = scene(given('A', 'R7', { from: date('2026-07-01') }), shared);
    expect(verdictOf(all).gap).toMatchObject({ serial: 'R7', startsOn: '2026-07-01' });
    expect(verdictOf({ ...all, profile: sharing }).gap).toMatchObject({ serial: 'R6', startsOn: '2026-06-01' });
  });

  it('names the assignment that starts first when several start later', () => {
    const gap = verdictOf(
      scene(given('A', 'R6', { from: date('2026-09-01') }), given('A', 'R7', { from: date('2026-07-01') })),
    ).gap;
    expect(gap).toMatchObject({ reason: 'starts-later', serial: 'R7', startsOn: '2026-07-01' });
  });
});

describe('one recorder, several officers', () => {
  const two = [officer('A'), officer('B')];
  const outcomes = (scene: Scene) => ['A', 'B'].map((each) => outcome({ officers: two, ...scene }, each));
  const recorders = [recorder('R')];

  it('covers the officer of the earliest open assignment', () => {
    const assignments = [given('A', 'R', { from: date('2025-06-01') }), given('B', 'R')];
    expect(outcomes({ recorders, assignments })).toEqual(['held-by-another', 'covered']);
    expect(verdictOf({ officers: two, recorders, assignments }).gap?.heldBy).toEqual({
      certificateNo: 'B',
      standing: 'in-population',
    });
  });

  it('goes by certificate number when both began on the same day', () => {
    expect(outcomes({ recorders, assignments: [given('B', 'R'), given('A', 'R')] })).toEqual([
      'covered',
      'held-by-another',
    ]);
  });

  it('passes on when the earlier assignment has ended', () => {
    const assignments = [given('A', 'R', { until: date('2026-04-30') }), given('B', 'R', { from: date('2026-01-01') })];
    expect(outcomes({ recorders, assignments })).toEqual(['no-recorder', 'covered']);
    expect(outcomes({ recorders, assignments, asOf: date('2026-04-30') })).toEqual(['covered', 'held-by-another']);
  });

  it.each<[string, OfficerFacts[], string]>([
    ['does not count', [officer('A'), officer('B', { post: '内勤' })], 'out-of-population'],
    ['is no longer certified', [officer('A'), officer('B', { certificateStatus: 'cancelled' })], 'out-of-population'],
    ['stands in no roster', [officer('A')], 'not-in-roster'],
  ])('stays with an earlier holder who %s, and says so', (_, officers, standing) => {
    const assignments = [given('A', 'R', { from: date('2025-06-01') }), given('B', 'R')];
    const answer = ask({ officers, recorders, assignments });
    const gap = answer.verdicts.find(({ certificateNo }) => certificateNo === 'A')?.gap;
    expect(gap).toMatchObject({ reason: 'held-by-another', heldBy: { certificateNo: 'B', standing } });
    expect(answer.notes).toEqual([
      {
        kind: standing === 'not-in-roster' ? 'officer-not-in-roster' : 'held-outside-population',
        serial: 'R',
        certificateNo: 'B',
      },
    ]);
  });

  it('is worth a note with somebody who does not count only while it could serve another', () => {
    const officers = [officer('B', { onDuty: false })];
    const notes = (state: RecorderState, mode: AssignmentFacts['mode']) =>
      ask({ officers, recorders: [recorder('R', state)], assignments: [given('B', 'R', { mode })] }).notes;
    expect(notes('in-service', 'personal')).toEqual([
      { kind: 'held-outside-population', serial: 'R', certificateNo: 'B' },
    ]);
    expect(notes('lost', 'personal')).toEqual([]);
    expect(notes('in-service', 'shared')).toEqual([]);
  });

  it.each<RecorderState>(['lost', 'repair', 'scrapped'])(
    'is held by another for the second officer although it is %s: mending it would not help them',
    (state) => {
      const assignments = [given('A', 'R', { from: date('2025-06-01') }), given('B', 'R')];
      const first = state === 'repair' ? 'in-repair' : state;
      expect(outcomes({ recorders: [recorder('R', state)], assignments })).toEqual(['held-by-another', first]);
    },
  );

  it('leaves everyone of a pool with a shared recorder only, and covers one of them where shared ones count', () => {
    const assignments = [given('A', 'R', { mode: 'shared' }), given('B', 'R', { mode: 'shared' })];
    expect(outcomes({ recorders, assignments })).toEqual(['shared-only', 'shared-only']);
    expect(outcomes({ recorders, assignments, profile: sharing })).toEqual(['covered', 'held-by-another']);
    expect(ask({ officers: two, recorders, assignments })).toMatchObject({
      covered: 0,
      coveredPersonally: 0,
      coveredIncludingShared: 1,
      reported: 'personal-only',
    });
    expect(ask({ officers: two, recorders, assignments, profile: sharing })).toMatchObject({
      covered: 1,
      reported: 'including-shared',
    });
  });

  it('belongs to the officer it was issued to personally, even when a pool had it before', () => {
    const assignments = [given('B', 'R', { mode: 'shared' }), given('A', 'R', { from: date('2026-01-01') })];
    expect(outcomes({ recorders, assignments })).toEqual(['covered', 'shared-only']);
    expect(outcomes({ recorders, assignments, profile: sharing })).toEqual(['covered', 'held-by-another']);
  });
});

describe('units', () => {
  const officers = [officer('A', { unit: '二大队' }), officer('B'), officer('C', { unit: '二大队', onDuty: false })];
  const recorders = [recorder('R')];
  const assignments = [given('A', 'R', { from: date('2025-06-01') }), given('B', 'R')];

  it('gives the figures of each unit, in a fixed order', () => {
    expect(ask({ officers, recorders, assignments }).units).toMatchObject([
      { unit: '一大队', population: 1, covered: 1, rate: 1, coveredPersonally: 1, coveredIncludingShared: 1 },
      { unit: '二大队', population: 1, covered: 0, rate: 0, coveredPersonally: 0, coveredIncludingShared: 0 },
    ]);
  });

  it('narrows to a unit without letting go of what another unit holds', () => {
    const narrowed = coverageOfUnits(ask({ officers, recorders, assignments }), '二大队', new Set(['二大队']));
    expect(narrowed).toMatchObject({ unit: '二大队', population: 1, covered: 0, rate: 0 });
    expect(narrowed.verdicts.map(({ certificateNo, gap }) => [certificateNo, gap?.reason])).toEqual([
      ['A', 'held-by-another'],
      ['C', undefined],
    ]);
  });

  it('answers for a unit that nobody belongs to', () => {
    expect(coverageOfUnits(ask({ officers }), '三大队', new Set(['三大队']))).toMatchObject({
      population: 0,
      rate: null,
      verdicts: [],
    });
  });
});

describe('the fixture team', () => {
  const fixture = (name: string) => readFileSync(new URL(`../../fixtures/people/${name}`, import.meta.url));
  const imported = <F>(rows: readonly { key: string; facts: F }[], from = '2026-01-01') =>
    rows.map((row, sequence) => ({ ...row, effectiveFrom: getCalendarDate(from), sequence }));
  const history = {
    officers: imported(readRoster(fixture('roster-gbk.csv')).rows),
    recorders: imported(readRecorders(fixture('recorders.csv')).rows),
    assignments: imported(readAssignments(fixture('assignments.csv')).rows),
  };
  const gapsOn = (profile: CoverageProfile, asOf: string) => {
    const { bases, ...facts } = factsOfDay(history, date(asOf), Number.POSITIVE_INFINITY);
    const answer = coverage({ profile, ...facts });
    const gaps = answer.verdicts.flatMap(({ gap, certificateNo }) =>
      gap === null ? [] : [`${certificateNo} ${gap.reason}`],
    );
    return { basis: bases.officers, population: answer.population, covered: answer.covered, gaps };
  };
  const common = ['14052201006 lost'];
  const second = ['14052202001 in-repair', '14052202003 shared-only', '14052202004 shared-only'];

  it.each<[string, CoverageProfile, string, object]>([
    [
      'ministry on the last day of a certificate',
      ministry,
      '2026-03-31',
      {
        population: 8,
        covered: 2,
        gaps: [...common, ...second, '14052202005 starts-later', '14052202006 held-by-another'],
      },
    ],
    [
      'ministry the day after',
      ministry,
      '2026-04-01',
      {
        population: 7,
        covered: 1,
        gaps: [...common, ...second, '14052202005 starts-later', '14052202006 held-by-another'],
      },
    ],
    [
      'county counts the inner post and who is not on duty',
      county,
      '2026-03-31',
      {
        population: 10,
        covered: 3,
        gaps: [
          '14052201005 no-recorder',
          ...common,
          ...second,
          '14052202005 starts-later',
          '14052202006 held-by-another',
        ],
      },
    ],
    [
      'ministry once the later assignment has begun',
      ministry,
      '2026-07-01',
      { population: 7, covered: 2, gaps: [...common, ...second, '14052202006 held-by-another'] },
    ],
    [
      'ministry before the first roster, while an ended assignment was open',
      ministry,
      '2025-12-31',
      { basis: 'before-first', population: 8, covered: 3, gaps: [...common, ...second, '14052202005 starts-later'] },
    ],
  ])('%s', (_, profile, asOf, expected) => {
    expect(gapsOn(profile, asOf)).toEqual({ basis: 'history', ...expected });
  });
});

describe('persons', () => {
  const many = (facts: Partial<OfficerFacts>[]) => facts.map((one, at) => officer(`A${at}`, { person: 'p-1', ...one }));

  it('count once, by the certificate that is worth most', () => {
    const officers = many([{ certificateStatus: 'cancelled' }, {}, { onDuty: false }]);
    expect(ask({ officers })).toMatchObject({ population: 1, covered: 0 });
    expect(ask({ officers }).verdicts).toMatchObject([{ certificateNo: 'A1', otherCertificates: ['A0', 'A2'] }]);
  });

  it('are covered by a recorder that was given to an earlier certificate of theirs', () => {
    const scene = {
      officers: many([{ validUntil: date('2026-01-01') }, {}]),
      recorders: [recorder('R')],
      assignments: [given('A0', 'R')],
    };
    expect(ask(scene)).toMatchObject({ population: 1, covered: 1 });
  });

  it.each<[string, Partial<OfficerFacts>, string[]]>([
    ['an auxiliary', { category: 'auxiliary' }, ['auxiliary']],
    ['somebody who left that day', { leftOn: day }, ['left']],
    ['somebody who leaves the day after', { leftOn: date('2026-05-02') }, []],
    ['a certificate issued that day', { issuedOn: day }, []],
    ['a certificate issued the day after', { issuedOn: date('2026-05-02') }, ['certificate-not-yet-issued']],
    ['a suspension that ended the day before', { certificateStatus: 'suspended', statusUntil: date('2026-04-30') }, []],
    ['the last day of a suspension', { certificateStatus: 'suspended', statusUntil: day }, ['certificate-suspended']],
    ['a suspension from the next day on', { certificateStatus: 'suspended', statusFrom: date('2026-05-02') }, []],
  ])('%s', (_, facts, reasons) => {
    const officers = [officer('A', facts)];
    for (const profile of [ministry, county]) {
      expect(verdictOf({ officers, profile }).outOfPopulation).toEqual(reasons);
    }
  });
});

describe('a recorder over time', () => {
  const version = (effectiveFrom: string, sequence: number, facts: Partial<RecorderFacts>) => ({
    key: 'R',
    effectiveFrom: date(effectiveFrom),
    sequence,
    facts: { ...recorder('R'), ...facts },
  });
  const history = (recorders: ReturnType<typeof version>[]) => ({
    officers: [{ key: 'A', effectiveFrom: date('2026-01-01'), sequence: 1, facts: officer('A') }],
    recorders,
    assignments: [{ key: 'A R', effectiveFrom: date('2026-01-01'), sequence: 1, facts: given('A', 'R') }],
  });
  const on = (asOf: string, recorders: ReturnType<typeof version>[]) => {
    const facts = factsOfDay(history(recorders), date(asOf), Number.POSITIVE_INFINITY);
    const [verdict] = coverage({ profile: ministry, ...facts }).verdicts;
    return verdict?.gap?.reason ?? 'covered';
  };
  const told = [
    version('2026-01-01', 1, {}),
    version('2026-05-12', 2, { state: 'lost', stateSince: '2026-05-05T12:00:00' }),
  ];

  it.each([
    ['2026-05-04', 'covered'],
    ['2026-05-05', 'lost'],
    ['2026-05-11', 'lost'],
    ['2026-05-12', 'lost'],
  ])('lost at noon of the 5th and told on the 12th: on %s %s', (asOf, outcomeThen) => {
    expect(on(asOf, told)).toBe(outcomeThen);
  });

  it('that goes to repair later than its list says is in service until then', () => {
    const ahead = [version('2026-01-01', 1, { state: 'repair', stateSince: '2026-06-01' })];
    expect([on('2026-05-31', ahead), on('2026-06-01', ahead)]).toEqual(['covered', 'in-repair']);
  });
});

describe('when a gap is overdue', () => {
  const overdue = (asOf: string, facts: Partial<OfficerFacts>, graceDays = 30) => {
    const { gap } = verdictOf({
      asOf: date(asOf),
      officers: [officer('A', facts)],
      profile: { ...ministry, graceDays },
    });
    return [gap?.dueOn, gap?.overdueDays];
  };

  it.each<[string, string, Partial<OfficerFacts>, number, string, number]>([
    ['on the deadline', '2026-12-31', {}, 30, '2026-12-31', 0],
    ['on the day after', '2027-01-01', {}, 30, '2026-12-31', 1],
    ['newly certified, within the grace', '2027-01-09', { issuedOn: date('2026-12-10') }, 30, '2027-01-09', 0],
    ['newly certified, a day after it', '2027-01-10', { issuedOn: date('2026-12-10') }, 30, '2027-01-09', 1],
    ['newly certified, and no grace is given', '2027-01-09', { issuedOn: date('2026-12-10') }, 0, '2026-12-31', 9],
    ['certified long ago', '2027-01-02', { issuedOn: date('2020-01-01') }, 30, '2026-12-31', 2],
  ])('%s', (_, asOf, facts, graceDays, dueOn, days) => {
    expect(overdue(asOf, facts, graceDays)).toEqual([dueOn, days]);
  });
});

describe('in use', () => {
  const use = (dockings: [string, boolean][], useDays = 30) => {
    const facts = dockings.map(([at, hasFootage]) => ({ serial: 'R', day: date(at), hasFootage }));
    return coverage({
      profile: ministry,
      asOf: day,
      officers: [officer('A')],
      recorders: [recorder('R')],
      assignments: [given('A', 'R', { from: date('2026-03-01') })],
      dockings: dockingUse(useDays, facts),
    }).verdicts[0]?.use;
  };

  it.each<[string, [string, boolean][], string]>([
    ['docked that day', [['2026-05-01', true]], 'in-use'],
    ['on the first of the last 30 days', [['2026-04-02', true]], 'in-use'],
    ['a day before them', [['2026-04-01', true]], 'not-docked-lately'],
    ['never', [], 'never-docked'],
    ['only before it was given to them', [['2026-02-28', true]], 'never-docked'],
    ['only after the day', [['2026-05-02', true]], 'never-docked'],
    [
      'lately, with nothing on it',
      [
        ['2026-03-10', true],
        ['2026-04-20', false],
      ],
      'no-footage',
    ],
    [
      'with footage before an empty one',
      [
        ['2026-04-10', true],
        ['2026-04-20', false],
      ],
      'in-use',
    ],
  ])('%s', (_, dockings, state) => {
    expect(use(dockings)).toBe(state);
  });
});

describe('a share of officers', () => {
  const reviewers: CoverageProfile = {
    ...county,
    requirement: { kind: 'share-of-officers', share: 0.05, posts: ['法制审核'] },
  };

  it.each([
    [20, 0, 1, 1],
    [20, 1, 1, 0],
    [21, 1, 2, 1],
    [0, 0, 0, 0],
  ])('of %i with %i reviewers asks for %i and lacks %i', (officers, held, required, missing) => {
    const people = Array.from({ length: officers }, (_, at) =>
      officer(`${at}`, { post: at < held ? '法制审核' : '一线' }),
    );
    const answer = ask({ officers: people, profile: reviewers });
    expect(answer).toMatchObject({ population: officers, covered: held, required, missing });
    expect(answer.verdicts.every(({ gap }) => gap === null)).toBe(true);
  });
});
