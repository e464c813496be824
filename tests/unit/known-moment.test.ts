/** Goal: known-at is read alike wherever it is written: a record's number, a day to its end, a station time, an instant. */
import { expect, it } from 'vitest';
import { isToCome, type KnownMoment, readKnownMoment } from '../../src/domain/known-moment.ts';

it.each([
  ['2026-11-20', '2026-11-19T16:00:00.000Z', '2026-11-20T15:59:59.999Z'],
  ['2026-11-20T08:30', '2026-11-20T00:30:00.000Z'],
  ['2026-11-20 08:30', '2026-11-20T00:30:00.000Z'],
  ['2026-11-20T08:30:15', '2026-11-20T00:30:15.000Z'],
  ['2026-11-20T08:30Z', '2026-11-20T08:30:00.000Z'],
  ['2026-11-20T08:30:00.5+01:00', '2026-11-20T07:30:00.500Z'],
])('%s', (text, from, until = from) => {
  const moment = readKnownMoment(text, 'Asia/Shanghai');
  expect(moment).toEqual({ from: Date.parse(from), until: Date.parse(until) });
  const at = (ms: number) => isToCome(moment as KnownMoment, { lastRecord: 3, ms });
  expect([at(Date.parse(from) - 1), at(Date.parse(from))]).toEqual([true, false]);
});

it('a number is that of a record, and one that the ledger does not have yet is still to come', () => {
  expect(readKnownMoment('0', 'Asia/Shanghai')).toEqual({ record: 0 });
  expect(readKnownMoment('17503', 'Asia/Shanghai')).toEqual({ record: 17_503 });
  expect([17_502, 17_503].map((lastRecord) => isToCome({ record: 17_503 }, { lastRecord, ms: 0 }))).toEqual([
    true,
    false,
  ]);
});

it.each([
  '',
  ' ',
  '-1',
  '1.5',
  'soon',
  '2026-02-30',
  '2026-11-20T24:00',
  '2026-11-20T08:61Z',
  '20261120083012345',
  '2026-11',
])('"%s" is none', (text) => {
  expect(readKnownMoment(text, 'Asia/Shanghai')).toBeUndefined();
});
