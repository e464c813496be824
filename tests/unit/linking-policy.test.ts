/**
 * The linking policy as a truth table: by hand before assignment before name, and every disagreement said.
 */
import { describe, expect, test } from 'vitest';
import { foldCaseNumber } from '../../src/domain/linking-facts.ts';
import { type LinkQuestion, linkClip } from '../../src/domain/linking-policy.ts';
import { type AssignmentFacts, getCalendarDate } from '../../src/domain/people-facts.ts';

const day = getCalendarDate('2026-11-20');

function assignment(certificateNo: string, more: Partial<AssignmentFacts> = {}): AssignmentFacts {
  return {
    certificateNo,
    serial: 'TA00716',
    from: getCalendarDate('2026-01-01'),
    until: null,
    mode: 'personal',
    ...more,
  };
}

function ask(more: Partial<LinkQuestion>): ReturnType<typeof linkClip> {
  return linkClip({
    day,
    officerInName: null,
    caseInName: null,
    range: { earliest: '2026-11-20T01:00:00.000Z', latest: '2026-11-20T01:10:00.000Z' },
    recordedOfficer: undefined,
    recordedCase: undefined,
    isUndecided: true,
    assignments: [],
    checkOuts: [],
    claims: [],
    isOfficer: () => true,
    holderOf: (number) => (number === 'B-new' ? 'B' : number),
    isCase: () => true,
    ...more,
  });
}

describe('the officer', () => {
  const a = assignment('A');
  const rows: [string, Partial<LinkQuestion>, [string, string] | null, string[]][] = [
    ['nothing is known', {}, null, []],
    ['only the name speaks', { officerInName: 'A' }, ['A', 'name'], []],
    ['the assignment speaks', { assignments: [a] }, ['A', 'assignment'], []],
    [
      'a name with the renewed certificate of who holds it',
      { officerInName: 'B-new', assignments: [assignment('B')] },
      ['B', 'assignment'],
      [],
    ],
    [
      'assigned under both certificates of one person',
      { assignments: [assignment('B'), assignment('B-new')] },
      ['B', 'assignment'],
      [],
    ],
    [
      'linked by the station under the certificate before',
      { assignments: [assignment('B-new')], recordedOfficer: { number: 'B', basis: 'assignment' } },
      ['B', 'assignment'],
      [],
    ],
    ['both agree', { officerInName: 'A', assignments: [a] }, ['A', 'assignment'], []],
    [
      'they disagree',
      { officerInName: 'B', assignments: [a] },
      ['A', 'assignment'],
      ['officer-differs-from-assignment'],
    ],
    [
      'a person said so',
      { officerInName: 'A', recordedOfficer: { number: 'C', basis: 'by-hand' } },
      ['C', 'by-hand'],
      [],
    ],
    [
      'a person said so, and the disagreement stays visible',
      { officerInName: 'B', assignments: [a], recordedOfficer: { number: 'C', basis: 'by-hand' } },
      ['C', 'by-hand'],
      ['officer-differs-from-assignment'],
    ],
    [
      'the last day of an assignment counts',
      { assignments: [assignment('A', { until: day })] },
      ['A', 'assignment'],
      [],
    ],
    [
      'the day after it does not',
      { assignments: [assignment('A', { until: getCalendarDate('2026-11-19') })], officerInName: 'B' },
      ['B', 'name'],
      [],
    ],
    [
      'without a time no assignment can be meant',
      { day: null, assignments: [a], officerInName: 'B' },
      ['B', 'name'],
      [],
    ],
    [
      'a personal holder comes before a shared one',
      { assignments: [assignment('S', { mode: 'shared' }), a] },
      ['A', 'assignment'],
      [],
    ],
    [
      'of several holders the name chooses',
      { assignments: [assignment('S', { mode: 'shared' }), assignment('T', { mode: 'shared' })], officerInName: 'T' },
      ['T', 'assignment'],
      [],
    ],
    [
      'several holders and no name: nobody is chosen',
      { assignments: [assignment('S', { mode: 'shared' }), assignment('T', { mode: 'shared' })] },
      null,
      ['several-holders'],
    ],
    [
      'a number that no roster knows',
      { officerInName: 'X', isOfficer: () => false },
      ['X', 'name'],
      ['officer-not-in-roster'],
    ],
  ];
  test.each(rows)('%s', (_what, question, officer, findings) => {
    const answer = ask(question);
    expect(answer.officer).toEqual(officer === null ? null : { number: officer[0], basis: officer[1] });
    expect(answer.findings).toEqual(findings);
  });
});

describe('the case', () => {
  test('comes from the name, else from a person, and a difference is said', () => {
    expect(ask({}).case).toBeNull();
    expect(ask({ caseInName: 'K1' })).toMatchObject({ case: { number: 'K1', basis: 'name' }, findings: [] });
    expect(ask({ caseInName: 'K1', recordedCase: { number: 'K2', basis: 'by-hand' } })).toMatchObject({
      case: { number: 'K2', basis: 'by-hand' },
      findings: ['case-differs-from-name'],
    });
    expect(ask({ caseInName: 'K1', isCase: () => false }).findings).toEqual(['case-not-known']);
  });

  test('brackets, widths and spaces do not make another number', () => {
    const forms = [
      '晋交执罚〔2026〕0231号',
      '晋交执罚[2026]0231号',
      '晋交执罚（2026）0231号',
      '晋交执罚 (２０２６)0231 号',
    ];
    expect(new Set(forms.map(foldCaseNumber)).size).toBe(1);
    expect(foldCaseNumber('晋交执罚〔2026〕0232号')).not.toBe(foldCaseNumber(forms[0] ?? ''));
  });
});
