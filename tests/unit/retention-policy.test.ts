/**
 * Goal: how long a clip is kept follows the configured rules as law counts time; the strictest rule wins, a rule that is
 * added never shortens, and what nobody can say has no end.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retentionRules } from '../../src/config/keeping-rules.ts';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { getCalendarDate } from '../../src/domain/people-facts.ts';
import { daysAtLeast, lastDayOf, readPeriod } from '../../src/domain/retention-period.ts';
import {
  decideRetention,
  isOver,
  type RetentionQuestion,
  type RetentionRule,
} from '../../src/domain/retention-policy.ts';

const day = getCalendarDate;
const shipped = retentionRules(parseConfiguration('', 'x').keeping);
const question = (change: Partial<RetentionQuestion> = {}): RetentionQuestion => ({
  ...{ sealedOn: day('2026-01-31'), kind: 'video', deviceMark: false, humanMark: null, case: null },
  ...change,
});
const rule = (keep: string, change: Partial<RetentionRule> = {}): RetentionRule => ({
  ...{ id: keep, title: keep, clause: '', case: 'any', caseKinds: [], important: 'any', categories: [], kinds: [] },
  period: readPeriod(keep) ?? { kind: 'permanent' },
  ...change,
});

describe('the last day of a period', () => {
  test.each([
    ['2026-01-31', '1 months', '2026-02-28'],
    ['2024-01-31', '1 months', '2024-02-29'],
    ['2024-02-29', '1 years', '2025-02-28'],
    ['2024-02-29', '4 years', '2028-02-29'],
    ['2026-03-31', '24 months', '2028-03-31'],
    ['2026-08-31', '6 months', '2027-02-28'],
    ['2026-12-31', '2 months', '2027-02-28'],
    ['2026-12-31', '1 days', '2027-01-01'],
    ['2026-11-22', '1000 years', '3026-11-22'],
  ])('%s and %s: %s', (first, keep, last) => {
    const period = readPeriod(keep);
    expect(period?.kind === 'span' && lastDayOf(day(first), period.span)).toBe(last);
  });

  test('what is no period is none', () => {
    for (const text of ['', '7', '7 day', '0 days', '24 month', 'case + case', ' permanent', '1001 years']) {
      expect(readPeriod(text), text).toBeUndefined();
    }
    expect(readPeriod('case + 5 years')).toEqual({ kind: 'case', after: { count: 5, unit: 'years' } });
    expect(readPeriod('30 days after mark')).toEqual({ kind: 'after-mark', span: { count: 30, unit: 'days' } });
  });

  const span = fc.record({
    count: fc.integer({ min: 1, max: 500 }),
    unit: fc.constantFrom('days' as const, 'months' as const, 'years' as const),
  });
  const anyDay = fc
    .date({ min: new Date('1970-01-01'), max: new Date('2100-12-31'), noInvalidDate: true })
    .map((date) => day(date.toISOString().slice(0, 10)));

  test('months and years end on the same day of the month, or on its last one; a longer span never ends earlier', () => {
    fc.assert(
      fc.property(anyDay, span, (first, { count, unit }) => {
        const last = lastDayOf(first, { count, unit });
        const days = (Date.parse(last) - Date.parse(first)) / 86_400_000;
        expect(days).toBeGreaterThanOrEqual(daysAtLeast({ count, unit }));
        expect(lastDayOf(first, { count: count + 1, unit }) > last).toBe(true);
        if (unit === 'days') {
          expect(days).toBe(count);
          return;
        }
        const isLastOfMonth = new Date(Date.parse(last) + 86_400_000).getUTCDate() === 1;
        expect(last.slice(8) === first.slice(8) || (isLastOfMonth && last.slice(8) < first.slice(8))).toBe(true);
      }),
    );
  });
});

describe('shipped rules', () => {
  test('24 months from the sealing; a clip of a case as long as the case file', () => {
    expect(decideRetention(shipped, question())).toMatchObject({ lastDay: '2028-01-31', winner: { id: 'ordinary' } });
    const known = { isKnown: true, kind: null, closedOn: null };
    const reasons = [known, { ...known, closedOn: day('2026-03-05') }, { ...known, isKnown: false }].map(
      (linked) => decideRetention(shipped, question({ case: linked })).winner,
    );
    expect(reasons.map((winner) => [winner?.id, winner?.lastDay, winner?.reason])).toEqual([
      ['case-file', null, 'case-open'],
      ['case-file', null, 'case-file'],
      ['case-file', null, 'case-unknown'],
    ]);
  });
});

describe('which rules apply', () => {
  const mark = { important: true, category: null, on: day('2026-05-10') };
  const closed = { isKnown: true, kind: '行政处罚', closedOn: day('2026-03-05') };
  test.each<[string, Partial<RetentionRule>, string, Partial<RetentionQuestion>, string | null | undefined]>([
    [
      'case + 1 years',
      { case: 'linked' },
      'closed before the sealing',
      { sealedOn: day('2026-06-01'), case: closed },
      '2027-06-01',
    ],
    ['case + 1 years', { case: 'linked' }, 'closed after the sealing', { case: closed }, '2027-03-05'],
    ['1 years', { case: 'none' }, 'linked', { case: closed }, undefined],
    ['1 years', { case: 'none' }, 'not linked', {}, '2027-01-31'],
    ['1 years', { caseKinds: ['行政处罚'] }, 'of that kind', { case: closed }, '2027-01-31'],
    ['1 years', { caseKinds: ['行政强制'] }, 'of another kind', { case: closed }, undefined],
    ['1 years', { caseKinds: ['行政处罚'] }, 'of no case', {}, undefined],
    ['1 years', { kinds: ['audio'] }, 'another content', {}, undefined],
    ['1 years', { important: 'device' }, 'human mark only', { humanMark: mark }, undefined],
    ['1 years', { important: 'human' }, 'device mark only', { deviceMark: true }, undefined],
    ['1 years', { important: 'either' }, 'device mark', { deviceMark: true }, '2027-01-31'],
    [
      '1 years',
      { important: 'device' },
      'a person denies what the device said',
      { deviceMark: true, humanMark: { ...mark, important: false } },
      '2027-01-31',
    ],
    ['30 days after mark', { important: 'human' }, 'from the mark', { humanMark: mark }, '2026-06-09'],
    ['30 days after mark', { important: 'device' }, 'from the sealing', { deviceMark: true }, '2026-03-02'],
    ['30 days after mark', {}, 'without a mark', {}, undefined],
    [
      '1 years',
      { categories: ['force'] },
      'that category',
      { humanMark: { ...mark, category: 'force' } },
      '2027-01-31',
    ],
    ['1 years', { categories: ['force'] }, 'another category', { humanMark: { ...mark, category: 'talk' } }, undefined],
  ])('%s %j, %s', (keep, change, _words, asked, lastDay) => {
    const answer = decideRetention([rule(keep, change)], question(asked));
    expect(answer.winner === null ? undefined : answer.lastDay).toBe(lastDay);
  });

  test('what no rule matches has no end and is never over', () => {
    const answer = decideRetention([], question());
    expect([answer.winner, answer.lastDay, isOver(answer, day('9999-12-31'))]).toEqual([null, null, false]);
  });

  test('it is over on the day after the last one', () => {
    const answer = decideRetention([rule('1 months')], question());
    expect([isOver(answer, day('2026-02-28')), isOver(answer, day('2026-03-01'))]).toEqual([false, true]);
  });
});

describe('the strictest wins', () => {
  const keeps = fc.constantFrom(
    '6 months',
    '24 months',
    '5 years',
    '90 days',
    'permanent',
    'case',
    'case + 1 years',
    '30 days after mark',
  );
  const anyRule = fc
    .record({ keep: keeps, case: fc.constantFrom('any' as const, 'linked' as const, 'none' as const) })
    .map(({ keep, ...change }) => rule(keep, change));
  const anyQuestion = fc.record({
    deviceMark: fc.boolean(),
    case: fc.option(
      fc.record({ isKnown: fc.boolean(), kind: fc.constant(null), closedOn: fc.constantFrom(null, day('2026-07-01')) }),
    ),
  });

  test('a rule that is added never shortens what another one keeps', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { minLength: 1, maxLength: 6 }), anyRule, anyQuestion, (rules, more, asked) => {
        const before = decideRetention(rules, question(asked));
        const after = decideRetention([...rules, more], question(asked));
        if (before.winner === null) return;
        if (before.lastDay === null) expect(after.lastDay).toBeNull();
        else expect(after.lastDay === null || after.lastDay >= before.lastDay).toBe(true);
      }),
    );
  });

  test('the order of rules changes nothing but the name of the winner among equals', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 6 }), anyQuestion, (rules, asked) => {
        const days = [rules, rules.toReversed()].map((list) => decideRetention(list, question(asked)).lastDay);
        expect(days[0]).toBe(days[1]);
      }),
    );
  });
});

test('a configuration with unknown categories, doubled ids or endless periods is refused with the place', () => {
  const text = [
    'keeping:',
    '  categories: [{ id: force, title: 强制 }]',
    '  rules:',
    '    - { id: a, title: A, keep: 2 years, categories: [talk] }',
    '    - { id: a, title: B, keep: 2000 years }',
    '    - { id: c, title: C, keep: 7 weeks }',
  ].join('\n');
  expect(() => parseConfiguration(text, 'x')).toThrow(/keeping\.rules\[2\]\.keep/);
  expect(() => parseConfiguration(text.replace('7 weeks', '7 days'), 'x')).toThrow(
    /talk[\s\S]*the id a occurs twice[\s\S]*thousand years|thousand years|occurs twice/,
  );
});
