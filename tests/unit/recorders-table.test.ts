/** Goal: the list of recorders says since when and whose pool, where it has the columns; what it lacks is kept. */
import { expect, test } from 'vitest';
import type { RecorderFacts } from '../../src/domain/people-facts.ts';
import { readRecorders, withoutStaleSince } from '../../src/people/recorders-table.ts';

const read = (text: string) => readRecorders(Buffer.from(text));

test.each([
  ['2026-11-01', '2026-11-01'],
  ['2026年11月1日', '2026-11-01'],
  ['2026/11/1 08:30', '2026-11-01T08:30:00'],
  ['', undefined],
])('a state since "%s"', (written, expected) => {
  const { rows, problems } = read(`记录仪编号,型号,状态,状态日期,公用单位\nR1,M,维修,${written},一大队\n`);
  expect(problems).toEqual([]);
  expect(rows[0]?.facts).toEqual({
    serial: 'R1',
    model: 'M',
    state: 'repair',
    unit: '一大队',
    ...(expected === undefined ? {} : { stateSince: expected }),
  });
});

test('a day that is none is a problem of its row', () => {
  const { problems } = read('记录仪编号,型号,状态,状态日期\nR1,M,维修,2026-13-01\n');
  expect(problems.map(({ line, column }) => [line, column])).toEqual([[2, '状态日期']]);
});

test('a list without the columns says so, and reads as before', () => {
  const { rows, absentFields } = read('recorder_serial,model,state\nR1,M,lost\n');
  expect(rows[0]?.facts).toEqual({ serial: 'R1', model: 'M', state: 'lost' });
  expect(absentFields).toEqual(['stateSince', 'unit']);
});

test.each([
  ['lost', '2026-01-01', 'lost', '2026-01-01'],
  ['lost', '2026-01-01', 'repair', undefined],
  ['lost', undefined, 'repair', undefined],
] as const)('kept from %s since %s, now %s: since %s', (before, since, now, expected) => {
  const of = (state: RecorderFacts['state'], stateSince: string | undefined): RecorderFacts => ({
    serial: 'R1',
    model: 'M',
    state,
    ...(stateSince === undefined ? {} : { stateSince }),
  });
  expect(withoutStaleSince(of(now, since), of(before, since)).stateSince).toBe(expected);
});
