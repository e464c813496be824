/** Goal: the tree of units is what most rows say, above by code or name, and never a ring; whoever differs is told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getCalendarDate, type UnitFacts, unitKey } from '../../src/domain/people-facts.ts';
import { monthsAfter, rosterAge, rosterQuestions } from '../../src/domain/roster-questions.ts';
import { unitsOfRoster } from '../../src/domain/roster-units.ts';

type Row = [unit: string, unitCode?: string, parent?: string];

const read = (rows: Row[], ...known: UnitFacts[]) => {
  const { units, problems } = unitsOfRoster(
    rows.map(([unit, unitCode, parent], at) => ({
      line: at + 2,
      unit,
      ...(unitCode ? { unitCode } : {}),
      ...(parent ? { parent } : {}),
    })),
    new Map(known.map((unit) => [unitKey(unit), unit])),
  );
  return {
    tree: Object.fromEntries(units.map((unit) => [unitKey(unit), unit.parent ?? null])),
    names: Object.fromEntries(units.map((unit) => [unitKey(unit), unit.unit])),
    problems: problems.map(({ line, column, reason }) => `${line} ${column} ${reason}`),
  };
};

describe('units of a roster', () => {
  it('finds the unit above by code, by name, or takes it as a new one', () => {
    const rows: Row[] = [
      ['支队', 'A'],
      ['一队', 'B', 'A'],
      ['二队', 'C', '支队'],
      ['三队', '', '总队'],
    ];
    expect(read(rows)).toMatchObject({ tree: { A: null, B: 'A', C: 'A', 三队: '总队', 总队: null }, problems: [] });
  });

  it('keeps what is known of a unit above when the rows do not say', () => {
    const above = { unit: '支队', unitCode: 'A' };
    expect(read([['一队', 'B']], above, { unit: '一队', unitCode: 'B', parent: 'A' }).tree).toEqual({ B: 'A' });
  });

  it('takes what most rows say and tells the others', () => {
    const rows: Row[] = [
      ['一大', 'B', 'A'],
      ['一大队', 'B', 'A'],
      ['一大队', 'B', 'X'],
    ];
    expect(read(rows)).toMatchObject({
      names: { B: '一大队' },
      tree: { B: 'A' },
      problems: ['2 unit unit-differs-from-line', '4 parentUnit unit-differs-from-line'],
    });
  });

  it('tells a name that several units have', () => {
    const rows: Row[] = [
      ['大队', 'A'],
      ['大队', 'B'],
      ['中队', 'C', '大队'],
    ];
    expect(read(rows)).toMatchObject({ tree: { C: null }, problems: ['4 parentUnit parent-ambiguous'] });
  });

  it.each<[string, Row[], string[]]>([
    ['below itself', [['一队', 'A', 'A']], ['2 parentUnit unit-below-itself']],
    [
      'in a ring',
      [
        ['一队', 'A', 'B'],
        ['二队', 'B', 'A'],
      ],
      ['2 parentUnit unit-below-itself', '3 parentUnit unit-below-itself'],
    ],
  ])('tells a unit %s', (_, rows, problems) => {
    expect(read(rows).problems).toEqual(problems);
  });

  it('never gives a ring', () => {
    const code = fc.constantFrom('A', 'B', 'C', 'D');
    fc.assert(
      fc.property(fc.array(fc.tuple(code, code, fc.option(code, { nil: '' }))), (rows) => {
        const { tree } = read(rows as Row[]);
        for (const start of Object.keys(tree)) {
          let at: string | null = start;
          for (let steps = 0; at !== null; steps += 1) {
            expect(steps).toBeLessThan(10);
            at = tree[at] ?? null;
          }
        }
      }),
    );
  });
});

describe('when the next roster is due', () => {
  it.each([
    ['2026-01-15', 1, '2026-02-15'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-12-10', 1, '2027-01-10'],
    ['2026-03-31', 12, '2027-03-31'],
  ])('%s and %i months is %s', (day, months, due) => {
    expect(monthsAfter(getCalendarDate(day), months)).toBe(due);
    expect(rosterAge(getCalendarDate(day), getCalendarDate(due), months).isOverdue).toBe(false);
    expect(rosterAge(getCalendarDate(day), getCalendarDate('2099-01-01'), months).isOverdue).toBe(true);
  });

  it('is not asked before there is one', () => {
    expect(rosterAge(null, getCalendarDate('2026-01-01'), 1)).toEqual({ newest: null, dueOn: null, isOverdue: false });
  });
});

describe('who is asked about', () => {
  const today = getCalendarDate('2026-05-01');
  const facts = (more: object) =>
    ({ certificateNo: '1', unit: 'U', post: '', name: '', onDuty: true, validUntil: today, ...more }) as never;
  it.each<[string, object | undefined, number]>([
    ['somebody present', {}, 1],
    ['somebody who has left', { leftOn: '2026-05-01' }, 0],
    ['somebody who will leave', { leftOn: '2026-05-02' }, 1],
    ['somebody with a newer certificate', { replacedBy: '2' }, 0],
    ['somebody whose import was undone', undefined, 0],
  ])('%s', (_, more, count) => {
    const unnamed = [{ certificateNo: '1', facts: more === undefined ? undefined : facts(more) }];
    expect(rosterQuestions(unnamed, today)).toHaveLength(count);
  });
});
