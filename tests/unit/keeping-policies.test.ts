/**
 * Goal: what keeps a clip out of a deletion run, what a hold covers, until when an answer is due, and which clips a
 * complaint touches: whole truth tables.
 */
import { describe, expect, test } from 'vitest';
import { loadWorkingCalendar } from '../../src/config/case-tables.ts';
import {
  type ComplaintClip,
  type ComplaintQuestion,
  foldPlate,
  proposeClips,
} from '../../src/domain/complaint-clips-policy.ts';
import { clockDoubts, type RunQuestion, reasonsToStay } from '../../src/domain/deletion-run-policy.ts';
import { answerDue, type HeldClip, type HoldScope, holdKindOf, isCovered } from '../../src/domain/hold-policy.ts';
import { getCalendarDate } from '../../src/domain/people-facts.ts';

describe('a deletion run', () => {
  const free: RunQuestion = {
    ...{ isOver: true, isHeld: false, isRestricted: false, findings: [], clockFindings: [], linkFindings: [] },
    ...{ hasTime: true, isFromFuture: false, hasOfficer: true, isCertificateValid: true, isProbed: true },
  };

  test('takes what nothing speaks for', () => {
    expect(reasonsToStay(free)).toEqual([]);
    expect(reasonsToStay({ ...free, isCertificateValid: null })).toEqual([]);
  });

  test.each<[Partial<RunQuestion>, string]>([
    [{ isHeld: true }, 'held'],
    [{ isRestricted: true }, 'restricted'],
    [{ isOver: false }, 'not-over'],
    [{ findings: ['name-time-implausible'] }, 'clock-absurd'],
    [{ findings: ['name-time-impossible'] }, 'clock-absurd'],
    [{ clockFindings: ['clock-absurd'] }, 'clock-absurd'],
    [{ clockFindings: ['clock-jumped'] }, 'clock-absurd'],
    [{ isFromFuture: true }, 'clock-absurd'],
    [{ hasTime: false }, 'time-unknown'],
    [{ hasOfficer: false }, 'no-officer'],
    [{ linkFindings: ['several-holders'] }, 'link-open'],
    [{ linkFindings: ['case-not-known'] }, 'link-open'],
    [{ isCertificateValid: false }, 'certificate-open'],
    [{ isProbed: false }, 'not-probed'],
    [{ findings: ['original-damaged'] }, 'original-damaged'],
    [{ findings: ['original-was-damaged'] }, 'original-damaged'],
    [{ findings: ['video-truncated'] }, 'finding'],
  ])('leaves %j: %s', (change, reason) => {
    expect(reasonsToStay({ ...free, ...change })).toEqual([reason]);
  });
});

describe('the clock of a visit', () => {
  const sealedAt = '2026-05-10T08:00:00.000Z';
  test.each<[readonly string[], string | null, readonly string[]]>([
    [['clock-absurd', 'clock-jumped'], '2026-05-10T06:00:00.000Z', []],
    [['clock-absurd', 'clock-jumped'], '2024-05-10T06:00:00.000Z', ['clock-absurd', 'clock-jumped']],
    [['clock-absurd'], null, ['clock-absurd']],
    [['clock-jumped'], '2026-05-10T06:00:00.000Z', ['clock-jumped']],
    [[], '1970-01-01T00:00:00.000Z', []],
  ])('with %j leaves a recording of %s open: %j', (found, recordedAt, doubts) => {
    expect(clockDoubts(found, { recordedAt, sealedAt })).toEqual(doubts);
  });
});

describe('a hold', () => {
  const scope = (change: Partial<HoldScope> = {}): HoldScope => ({
    ...{ clips: new Set<string>(), caseNumber: null, officers: new Set<string>(), from: null, until: null },
    ...change,
  });
  const recorded = { earliest: '2026-05-10T00:00:00.000Z', latest: '2026-05-10T01:00:00.000Z' };
  const clip: HeldClip = { clip: 'c-1', caseNumber: '1', officer: 'A', recorded };
  const officers = new Set(['A', 'B']);

  test.each<[string, HoldScope, HeldClip, boolean]>([
    ['names it', scope({ clips: new Set(['c-1']) }), clip, true],
    ['names another', scope({ clips: new Set(['c-2']) }), clip, false],
    ['names its case', scope({ caseNumber: '1' }), clip, true],
    ['names another case', scope({ caseNumber: '2' }), clip, false],
    ['names a case, and it has none', scope({ caseNumber: '1' }), { ...clip, caseNumber: null }, false],
    ['names its officer', scope({ officers }), clip, true],
    [
      'names its officer, in that time',
      scope({ officers, from: recorded.earliest, until: recorded.latest }),
      clip,
      true,
    ],
    ['begins within it', scope({ officers, from: '2026-05-10T00:30:00.000Z' }), clip, true],
    ['begins after it', scope({ officers, from: '2026-05-10T01:00:00.001Z' }), clip, false],
    ['ends before it', scope({ officers, until: recorded.earliest }), clip, false],
    ['knows no time of it', scope({ officers, from: '2027-01-01T00:00:00.000Z' }), { ...clip, recorded: null }, true],
    ['names an officer, and it has none', scope({ officers }), { ...clip, officer: null }, false],
  ])('that %s', (_words, held, asked, expected) => {
    expect(isCovered(held, asked)).toBe(expected);
  });

  test('has a kind in either language', () => {
    expect(['复议', 'review', '行政诉讼', ' Transfer ', '纪检监察', 'x'].map(holdKindOf)).toEqual([
      ...['review', 'review', 'litigation', 'transfer', 'discipline', undefined],
    ]);
  });

  test('for a review runs ten working days, for a lawsuit fifteen days that do not end on a free one', () => {
    const calendar = loadWorkingCalendar(null);
    const due = (kind: 'review' | 'litigation' | 'case', on: string) => answerDue(kind, getCalendarDate(on), calendar);
    // Free: 25 to 27 September and 1 to 7 October; Saturday the 10th is worked.
    expect(due('review', '2026-09-21')?.day).toBe('2026-10-12');
    expect(due('review', '2026-11-02')?.day).toBe('2026-11-16');
    expect(due('litigation', '2026-11-02')?.day).toBe('2026-11-17');
    expect(due('litigation', '2026-11-06')?.day).toBe('2026-11-23');
    expect(due('case', '2026-11-02')).toBeNull();
    expect(due('review', '2033-03-01')?.unknownYears).toEqual([2033]);
  });
});

describe('a complaint proposes', () => {
  const happened = { earliest: '2026-05-10T00:00:00.000Z', latest: '2026-05-10T02:00:00.000Z' };
  const asked: ComplaintQuestion = {
    ...{ caseNumber: null, plate: null, unit: null, isUnitKnown: true, place: null, position: null, happened },
  };
  const clip: ComplaintClip = {
    ...{ clip: 'c-1', recorded: { earliest: '2026-05-10T01:00:00.000Z', latest: '2026-05-10T01:10:00.000Z' } },
    ...{ caseNumber: null, plate: null, place: null, position: null, units: [] },
  };
  const other = { earliest: '2026-05-11T01:00:00.000Z', latest: '2026-05-11T01:10:00.000Z' };
  const reasons = (
    question: Partial<ComplaintQuestion>,
    known: Partial<ComplaintClip>,
  ): readonly string[] | undefined =>
    proposeClips({ ...asked, ...question }, [{ ...clip, ...known }], 1000)[0]?.reasons;

  test.each<[string, Partial<ComplaintQuestion>, Partial<ComplaintClip>, readonly string[] | undefined]>([
    ['at that time', {}, {}, ['time']],
    ['at another time', {}, { recorded: other }, undefined],
    ['of its case, whenever', { caseNumber: '1' }, { caseNumber: '1', recorded: other }, ['case']],
    ['of its plate at that time', { plate: '晋E1' }, { plate: '晋E1' }, ['plate', 'time']],
    ['of its plate at another time', { plate: '晋E1' }, { plate: '晋E1', recorded: other }, undefined],
    ['of its plate, time unknown', { plate: '晋E1', happened: null }, { plate: '晋E1' }, ['plate']],
    ['of its unit', { unit: '一大队' }, { units: ['一大队', 'U1'] }, ['time', 'unit']],
    ['of another unit at that time', { unit: '一大队' }, { units: ['二大队'] }, undefined],
    ['of a unit that no roster has', { unit: '第一大队', isUnitKnown: false }, { units: ['二大队'] }, ['time']],
    ['of a unit below it', { unit: '支队' }, { units: ['二大队', '支队'] }, ['time', 'unit']],
    ['of nobody at that time', { unit: '一大队' }, {}, ['time']],
    [
      'near in place',
      { position: { latitude: 35.5, longitude: 112.4 } },
      { position: { latitude: 35.505, longitude: 112.4 } },
      ['time', 'place'],
    ],
    [
      'far away at that time',
      { position: { latitude: 35.5, longitude: 112.4 } },
      { position: { latitude: 35.6, longitude: 112.4 } },
      undefined,
    ],
    ['at a place of the same words', { place: '凤城 超限站' }, { place: '凤城超限站' }, ['time', 'place']],
    ['at a place of other words', { place: '凤城超限站' }, { place: '北留' }, ['time']],
    ['without any time', {}, { recorded: null }, undefined],
  ])('a clip %s', (_words, question, known, expected) => {
    expect(reasons(question, known)).toEqual(expected);
  });

  test('the best first', () => {
    const clips = [clip, { ...clip, clip: 'c-0', recorded: other, caseNumber: '1' }, { ...clip, clip: 'c-2' }];
    expect(proposeClips({ ...asked, caseNumber: '1' }, clips, 1000).map((one) => one.clip)).toEqual([
      'c-0',
      'c-1',
      'c-2',
    ]);
    expect(foldPlate('晋E·１２３45')).toBe(foldPlate('晋e12345'));
  });
});
