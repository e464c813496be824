/**
 * Recordings by continuity: files cut by length are one, whatever somebody stopped and started again is two. By when
 * they must be handed in is counted from the end of duty.
 */
import { describe, expect, test } from 'vitest';
import { handIn } from '../../src/domain/linking-hand-in-policy.ts';
import { joinRecordings, type RecordedPart } from '../../src/domain/linking-recording-policy.ts';

const minute = 60_000;
let next = 0;
function part(startMin: number, lengthMin: number, more: Partial<RecordedPart> = {}): RecordedPart {
  next += 1;
  return {
    clip: `c-${next}`,
    kind: 'video',
    startMs: startMin * minute,
    durationMs: lengthMin * minute,
    sequence: null,
    ...more,
  };
}
const lengths = (parts: readonly RecordedPart[]): number[] => joinRecordings(parts).map((one) => one.parts.length);

describe('files of one recording', () => {
  const rows: [string, RecordedPart[], number[]][] = [
    ['cut by length, the last one short', [part(0, 10), part(10, 10), part(20, 3)], [3]],
    ['in any order', [part(20, 3), part(0, 10), part(10, 10)], [3]],
    ['a pause of a minute', [part(0, 10), part(11, 10)], [1, 1]],
    ['four seconds for the next file', [part(0, 10), part(10, 10, { startMs: 10 * minute + 4000 })], [2]],
    ['two seconds recorded twice', [part(0, 10), part(10, 10, { startMs: 10 * minute - 2000 })], [2]],
    ['stopped early and started again at once', [part(0, 4), part(4, 10)], [1, 1]],
    ['the first longer by what was recorded before the button', [part(0, 10.5), part(10.5, 10), part(20.5, 10)], [3]],
    ['numbers that follow', [part(0, 10, { sequence: 7 }), part(10, 10, { sequence: 8 })], [2]],
    ['a number missing', [part(0, 10, { sequence: 7 }), part(10, 10, { sequence: 9 })], [1, 1]],
    ['numbers that begin anew', [part(0, 10, { sequence: 9999 }), part(10, 10, { sequence: 0 })], [2]],
    [
      'sound beside pictures',
      [part(0, 10), part(0, 10, { kind: 'audio' }), part(10, 10), part(10, 10, { kind: 'audio' })],
      [2, 2],
    ],
    ['photographs', [part(0, 0, { kind: 'picture' }), part(0, 0, { kind: 'picture' })], [1, 1]],
    ['nobody knows how long', [part(0, 10, { durationMs: null }), part(10, 10)], [1, 1]],
    ['nobody knows when', [part(0, 10, { startMs: null }), part(10, 10, { startMs: null })], [1, 1]],
  ];
  test.each(rows)('%s', (_what, parts, expected) => expect(lengths(parts)).toEqual(expected));

  test('gap and overlap are told', () => {
    const [one] = joinRecordings([part(0, 10), part(10, 10, { startMs: 10 * minute + 3000 }), part(20, 1)]);
    expect(one?.gapsMs).toEqual([3000, -3000]);
  });
});

describe('hand-in', () => {
  const hour = 60 * minute;
  const duty = Date.parse('2026-11-18T01:00:00Z');
  const recording = (fromH: number, toH: number) => ({ startedMs: duty + fromH * hour, endedByMs: duty + toH * hour });
  const common = {
    timeZone: 'Asia/Shanghai',
    at: recording(0, 1),
    recordings: [recording(0, 1), recording(5, 6), recording(30, 31)],
    returnedAtMs: null,
  };
  test('counts from the last recording of the shift, or from the return where that is known', () => {
    const rule = { rule: 'hours-after-duty', hours: 24 } as const;
    const late = handIn({ ...common, rule, handedInMs: duty + 40 * hour });
    expect([late.basis, late.dutyEndMs - duty, late.lateMs / hour]).toEqual(['last-recording', 6 * hour, 10]);
    const returned = handIn({ ...common, rule, returnedAtMs: duty + 18 * hour, handedInMs: duty + 40 * hour });
    expect([returned.basis, returned.lateMs]).toEqual(['return', 0]);
  });
  test('the same day ends at midnight of the station', () => {
    const rule = { rule: 'same-day', hours: 24 } as const;
    const found = handIn({ ...common, rule, handedInMs: duty + 16 * hour });
    expect([new Date(found.dueMs).toISOString(), found.lateMs / hour]).toEqual(['2026-11-18T16:00:00.000Z', 1]);
    expect(handIn({ ...common, rule, handedInMs: duty + 14 * hour }).lateMs).toBe(0);
  });
});
