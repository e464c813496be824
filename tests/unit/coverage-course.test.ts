/**
 * Goal: each month's change is taken apart so that a rate that rose because people left the count is seen to have; a
 * rebound is a gap that a recorder had closed, and nothing else; overdue begins where the rules let it begin.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changesBetween,
  completeSince,
  gapsOfCourse,
  overdueOf,
  type PersonOnDay,
  type Standing,
  type Stretch,
} from '../../src/domain/coverage-course.ts';
import { addDays } from '../../src/domain/coverage-pace.ts';
import { getCalendarDate as day } from '../../src/domain/people-facts.ts';

const at = (person: string, standing: Standing, reason: string | null = null, unit = 'A'): PersonOnDay => ({
  person,
  unit,
  standing,
  reason,
});

describe('what became of each person', () => {
  const standings: readonly Standing[] = ['out', 'covered', 'gap'];
  const expected = {
    out: { out: null, covered: 'entered-covered', gap: 'entered-gap' },
    covered: { out: 'left-covered', covered: null, gap: 'lost-cover' },
    gap: { out: 'left-gap', covered: 'issued', gap: null },
  } as const;
  for (const was of standings) {
    for (const is of standings) {
      it(`${was} to ${is}: ${expected[was][is] ?? 'nothing'}`, () => {
        const { persons } = changesBetween([at('p', was)], [at('p', is)]);
        expect(persons.map(({ kind }) => kind)).toEqual(expected[was][is] === null ? [] : [expected[was][is]]);
      });
    }
  }

  it('who is in no roster any more has left, and why is said', () => {
    const { persons, leftBy } = changesBetween(
      [at('a', 'covered'), at('b', 'gap'), at('c', 'gap')],
      [at('b', 'out', 'certificate-suspended'), at('c', 'out', 'certificate-suspended')],
    );
    expect(persons.map(({ person, kind, reason }) => [person, kind, reason])).toEqual([
      ['a', 'left-covered', 'not-in-roster'],
      ['b', 'left-gap', 'certificate-suspended'],
      ['c', 'left-gap', 'certificate-suspended'],
    ]);
    expect(leftBy).toEqual([
      { reason: 'certificate-suspended', persons: 2 },
      { reason: 'not-in-roster', persons: 1 },
    ]);
  });

  it('a renewed certificate changes nothing: the old one is out, the new one counts, the person is one', () => {
    expect(
      changesBetween([at('p', 'covered')], [at('p', 'out', 'certificate-expired'), at('p', 'covered')]).persons,
    ).toEqual([]);
  });
});

describe('a rate taken apart', () => {
  it('that rose because the uncovered left shows it', () => {
    const before = [...many('c', 5, 'covered'), ...many('g', 5, 'gap')];
    const after = [...many('c', 5, 'covered'), ...many('g', 5, 'out')];
    const { rate, tally } = changesBetween(before, after);
    expect(tally).toMatchObject({ issued: 0, leftGap: 5 });
    expect(rate).toEqual({ before: 0.5, after: 1, byRecorders: 0, byLeaving: 0.5, byEntering: 0, withoutLeaving: 0.5 });
  });

  it('adds up exactly, and the figures of the later day are its own', () => {
    const person = fc.record({
      was: fc.constantFrom('out', 'covered', 'gap'),
      is: fc.constantFrom('out', 'covered', 'gap'),
    });
    fc.assert(
      fc.property(fc.array(person, { maxLength: 60 }), (people) => {
        const before = people.map(({ was }, index) => at(`p${index}`, was as Standing));
        const after = people.map(({ is }, index) => at(`p${index}`, is as Standing));
        const { rate, tally } = changesBetween(before, after);
        const counts = (list: readonly PersonOnDay[]): [number, number] => [
          list.filter(({ standing }) => standing === 'covered').length,
          list.filter(({ standing }) => standing !== 'out').length,
        ];
        const [covered, population] = counts(after);
        expect(rate.after).toBe(population === 0 ? null : covered / population);
        expect(counts(before)[1] + tally.enteredCovered + tally.enteredGap - tally.leftCovered - tally.leftGap).toBe(
          population,
        );
        if (rate.byRecorders !== null && rate.byLeaving !== null && rate.byEntering !== null) {
          const sum = (rate.before ?? 0) + rate.byRecorders + rate.byLeaving + rate.byEntering;
          expect(sum).toBeCloseTo(rate.after ?? 0, 10);
        }
      }),
    );
  });
});

const many = (name: string, count: number, standing: Standing): PersonOnDay[] =>
  Array.from({ length: count }, (_, index) => at(`${name}${index}`, standing));

/** `gap 10` and so on: stretches that follow each other from 1 January; the last one goes on. */
function course(...words: readonly (readonly [Standing, number])[]): Stretch[] {
  let from = day('2026-01-01');
  return words.map(([standing, days], index) => {
    const until = index === words.length - 1 ? null : addDays(from, days - 1);
    const stretch = { from, until, standing, reason: null };
    from = addDays(from, days);
    return stretch;
  });
}

describe('gaps and rebounds of one person', () => {
  const table: readonly [string, Stretch[], readonly (readonly [string, boolean, string | null])[]][] = [
    ['covered all the time', course(['covered', 9]), []],
    ['a gap that is open', course(['gap', 9]), [['2026-01-01', false, null]]],
    ['closed by a recorder', course(['gap', 9], ['covered', 9]), [['2026-01-01', false, 'covered']]],
    ['lost for the first time', course(['covered', 9], ['gap', 9]), [['2026-01-10', false, null]]],
    [
      'closed, then open again',
      course(['gap', 9], ['covered', 9], ['gap', 9]),
      [
        ['2026-01-01', false, 'covered'],
        ['2026-01-19', true, null],
      ],
    ],
    [
      'closed, out of the count, open again',
      course(['gap', 9], ['covered', 9], ['out', 5], ['gap', 9]),
      [
        ['2026-01-01', false, 'covered'],
        ['2026-01-24', true, null],
      ],
    ],
    [
      'out of the count closes nothing',
      course(['gap', 9], ['out', 9], ['gap', 9]),
      [
        ['2026-01-01', false, 'left'],
        ['2026-01-19', false, null],
      ],
    ],
    ['another reason is the same gap', course(['gap', 9], ['gap', 9]), [['2026-01-01', false, null]]],
    ['out of the count with a recorder', course(['covered', 9], ['out', 9], ['covered', 9]), []],
  ];
  for (const [name, stretches, expected] of table) {
    it(name, () => {
      const gaps = gapsOfCourse(stretches);
      expect(gaps.map(({ from, isRebound, endedBy }) => [from, isRebound, endedBy])).toEqual(expected);
    });
  }

  it('a rebound says when the gap had been closed', () => {
    expect(gapsOfCourse(course(['gap', 9], ['covered', 9], ['gap', 9]))[1]?.closedOn).toBe('2026-01-10');
  });
});

describe('overdue', () => {
  const deadline = day('2026-12-31');
  const table = [
    // asOf, gapSince, countsSince, grace: state, due, days
    ['2026-12-31', '2026-01-01', '2020-01-01', 30, 'before-deadline', '2026-12-31', 0],
    ['2027-01-01', '2026-01-01', '2020-01-01', 30, 'overdue', '2026-12-31', 1],
    ['2027-03-01', '2026-01-01', '2020-01-01', 30, 'overdue', '2026-12-31', 60],
    // Newly certified after the deadline: the last day of grace is still one.
    ['2027-02-14', '2027-01-15', '2027-01-15', 30, 'in-grace', '2027-02-14', 0],
    ['2027-02-15', '2027-01-15', '2027-01-15', 30, 'overdue', '2027-02-14', 1],
    // Newly certified just before it: grace passes the deadline.
    ['2027-01-10', '2026-12-28', '2026-12-28', 30, 'in-grace', '2027-01-27', 0],
    // Lost after the deadline: due on the day on which it opened, without grace for who counted before.
    ['2027-05-01', '2027-05-01', '2020-01-01', 30, 'in-grace', '2027-05-01', 0],
    ['2027-05-02', '2027-05-01', '2020-01-01', 30, 'overdue', '2027-05-01', 1],
    ['2027-01-01', '2027-01-01', '2027-01-01', 0, 'in-grace', '2027-01-01', 0],
  ] as const;
  for (const [asOf, gapSince, countsSince, graceDays, state, dueOn, daysOverdue] of table) {
    it(`${asOf}, open since ${gapSince}, counts since ${countsSince}: ${state} ${daysOverdue}`, () => {
      const question = { asOf: day(asOf), deadline, gapSince: day(gapSince), countsSince: day(countsSince), graceDays };
      expect(overdueOf(question)).toEqual({ state, dueOn, daysOverdue });
    });
  }
});

it('complete since the first day of the last unbroken run', () => {
  const figures = (asOf: string, population: number, covered: number) => ({ asOf: day(asOf), population, covered });
  expect(completeSince([])).toBeNull();
  expect(completeSince([figures('2026-01-01', 2, 2), figures('2026-02-01', 3, 3)])).toBe('2026-01-01');
  expect(completeSince([figures('2026-01-01', 2, 2), figures('2026-02-01', 3, 2), figures('2026-03-01', 3, 3)])).toBe(
    '2026-03-01',
  );
  expect(completeSince([figures('2026-01-01', 2, 2), figures('2026-02-01', 3, 2)])).toBeNull();
  expect(completeSince([figures('2026-01-01', 0, 0)])).toBeNull();
});
