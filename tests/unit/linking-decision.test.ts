/**
 * The decision about a clip's case as a truth table: what the station links by itself, what it proposes, what it leaves
 * open. And whatever the evidence, a person's word is never decided over.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CaseOfList, type ClipEvidence, rankCandidates } from '../../src/domain/linking-candidate-policy.ts';
import { clipTime } from '../../src/domain/linking-clip-time.ts';
import { decideCase } from '../../src/domain/linking-decision-policy.ts';
import type { CaseFacts, CaseTime } from '../../src/domain/people-facts.ts';

const at = (clock: string): string => `2026-11-18T${clock}:00.000Z`;
const time = (clock: string): CaseTime => ({ local: `2026-11-18T${clock}:00`, utc: at(clock) });
const day: CaseTime = { local: '2026-11-18', utc: '2026-11-18T00:00:00.000Z' };

function aCase(key: string, more: Partial<CaseFacts> = {}): CaseOfList {
  const facts: CaseFacts = {
    caseNumber: key,
    unit: 'U',
    startedAt: time('09:00'),
    endedAt: time('10:00'),
    officers: ['A', 'B'],
    status: '',
    ...more,
  };
  return { key, facts };
}

/** A clip of ten minutes by a recorder whose clock is known to a second. */
function evidence(from: string, more: Partial<ClipEvidence> = {}): ClipEvidence {
  return {
    time: clipTime({
      recordedAt: at(from),
      correctedEarliest: at(from),
      correctedLatest: at(from),
      sealedAt: at('20:00'),
      durationMs: 600_000,
    }),
    caseInName: null,
    isNamedCaseKnown: false,
    officer: { number: 'A', basis: 'assignment', isSure: true },
    possibleOfficers: [],
    unit: null,
    plates: [],
    place: null,
    neighbours: [],
    companions: [],
    ...more,
  };
}
const unmeasured = clipTime({
  recordedAt: at('09:20'),
  correctedEarliest: null,
  correctedLatest: at('20:00'),
  sealedAt: at('20:00'),
  durationMs: 600_000,
});
const named = { caseInName: 'K1', isNamedCaseKnown: true };
const unsure = { officer: { number: 'A', basis: 'name', isSure: false } } as const;

describe('what follows from the evidence', () => {
  const k1 = aCase('K1');
  const allDay = aCase('K1', { startedAt: day, endedAt: null });
  const daysOnly = aCase('K1', { startedAt: day, endedAt: { ...day, utc: '2026-11-19T00:00:00.000Z' } });
  const rows: [string, ClipEvidence, CaseOfList[], string][] = [
    ['no case at all', evidence('09:20'), [], 'open'],
    ['inside the only case of its officer', evidence('09:20'), [k1], 'automatic time'],
    ['inside, but its end sticks out', evidence('09:55'), [k1], 'suggested'],
    ['inside, but to the very second', evidence('09:00'), [k1], 'suggested'],
    ['inside, but nobody measured the clock', evidence('09:20', { time: unmeasured }), [k1], 'suggested'],
    ['inside, but only the name says who recorded it', evidence('09:20', unsure), [k1], 'suggested'],
    ['inside the case of other officers', evidence('09:20'), [aCase('K1', { officers: ['C'] })], 'open'],
    ['an hour away', evidence('11:00'), [k1], 'suggested'],
    ['over two hours away', evidence('12:20'), [k1], 'open'],
    ['two hours away, without an officer', evidence('12:20', { officer: null }), [k1], 'open'],
    ['two cases of its officer at once', evidence('09:20'), [k1, aCase('K2')], 'suggested'],
    [
      'the next case of its officer ten minutes later',
      evidence('09:45'),
      [k1, aCase('K2', { startedAt: time('10:05'), endedAt: time('11:00') })],
      'suggested',
    ],
    [
      'another case of others at the same time',
      evidence('09:20'),
      [k1, aCase('K2', { officers: ['C', 'D'] })],
      'automatic time',
    ],
    ['a case that lasts all day', evidence('09:20'), [aCase('K1', { startedAt: day, endedAt: null })], 'suggested'],
    [
      'its number in the name, officer and time agree',
      evidence('09:20', { ...named, ...unsure, time: unmeasured }),
      [k1],
      'automatic number',
    ],
    ['its number in the name, and the case has no end', evidence('09:20', named), [allDay], 'suggested'],
    ['its number in the name, and the case has days only', evidence('09:20', named), [daysOnly], 'suggested'],
    [
      'its number in the name of a case with days only, during an act of it',
      evidence('09:20', named),
      [aCase('K1', { ...daysOnly.facts, acts: [{ act: 'inquiry', from: time('09:15'), until: time('09:40') }] })],
      'automatic number',
    ],
    [
      'its number in the name of a case with days only, and the file before it is linked',
      evidence('09:20', { ...named, neighbours: [{ key: 'K1', isByPerson: true, gapMs: 0 }] }),
      [daysOnly],
      'automatic number',
    ],
    [
      'its number in the name of a case with days only, and what a colleague recorded then is linked',
      evidence('09:20', { ...named, companions: [{ officer: 'B', key: 'K1' }] }),
      [daysOnly],
      'automatic number',
    ],
    [
      'its number in the name of a case with days only, a colleague recorded as well',
      evidence('09:20', { ...named, companions: [{ officer: 'B', key: null }] }),
      [daysOnly],
      'suggested',
    ],
    [
      'its number in the name of a case with days only, the file before it is linked, the officer has another that day',
      evidence('09:20', { ...named, neighbours: [{ key: 'K1', isByPerson: true, gapMs: 0 }] }),
      [daysOnly, aCase('K2')],
      'suggested',
    ],
    [
      'its number in the name, other brackets',
      evidence('09:20', { caseInName: '（K）1', isNamedCaseKnown: true }),
      [k1],
      'suggested',
    ],
    [
      'its number in the name, the officer is of no such case',
      evidence('09:20', named),
      [aCase('K1', { officers: ['C'] })],
      'suggested',
    ],
    [
      'its number in the name, nobody knows the officer',
      evidence('09:20', { ...named, officer: null }),
      [k1],
      'suggested',
    ],
    ['its number in the name, three hours off', evidence('13:00', named), [k1], 'suggested'],
    [
      'its number in the name, name and assignment disagree',
      evidence('09:20', {
        ...named,
        officer: { number: 'A', basis: 'assignment', isSure: false },
        possibleOfficers: ['C'],
      }),
      [k1],
      'suggested',
    ],
    [
      "another case's number in the name",
      evidence('09:20', { caseInName: 'K9', isNamedCaseKnown: true }),
      [k1],
      'suggested',
    ],
    ['a number in the name that no list has', evidence('09:20', { caseInName: 'K9' }), [k1], 'suggested'],
    ['its number and another case of its officer at once', evidence('09:20', named), [k1, aCase('K2')], 'suggested'],
    [
      'a person linked the file before it to another case',
      evidence('09:20', { neighbours: [{ key: 'K2', isByPerson: true, gapMs: 0 }] }),
      [k1, aCase('K2', { officers: ['C'], startedAt: time('07:00'), endedAt: time('08:00') })],
      'suggested',
    ],
    ['nobody knows when', evidence('09:20', { ...named, time: null }), [k1], 'suggested'],
  ];
  test.each(rows)('%s', (_what, clip, cases, expected) => {
    const decision = decideCase(clip, rankCandidates(clip, cases), 'none');
    const told = decision.state === 'automatic' ? `automatic ${decision.rule}` : decision.state;
    expect(told).toBe(expected);
    expect(decideCase(clip, rankCandidates(clip, cases), 'persons-word').state).not.toBe('automatic');
  });

  test('why a number alone does not link a case with days only is told', () => {
    const clip = evidence('09:20', named);
    expect(decideCase(clip, rankCandidates(clip, [daysOnly]), 'none')).toEqual({
      state: 'suggested',
      why: 'long-case',
    });
  });

  test('a number that stayed set from the case before comes after the case that fits', () => {
    const later = aCase('K2', { startedAt: time('11:00'), endedAt: time('12:00') });
    const clip = evidence('11:20', named);
    expect(rankCandidates(clip, [aCase('K1'), later]).map(({ key }) => key)).toEqual(['K2', 'K1']);
  });

  test('a clock two hours off is corrected for, and only where it was measured', () => {
    const wrong = { recordedAt: at('11:20'), sealedAt: at('20:00'), durationMs: 600_000 };
    const corrected = clipTime({ ...wrong, correctedEarliest: at('09:20'), correctedLatest: at('09:20') });
    const decided = decideCase(
      evidence('09:20', { time: corrected }),
      rankCandidates(evidence('09:20', { time: corrected }), [aCase('K1')]),
      'none',
    );
    expect(decided.state).toBe('automatic');
  });
});

test('without a matching officer nothing is ever linked by the station', () => {
  const minute = fc.integer({ min: 0, max: 900 });
  const clock = (minutes: number): string =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  fc.assert(
    fc.property(
      minute,
      fc.array(fc.tuple(minute, fc.integer({ min: 5, max: 300 })), { maxLength: 6 }),
      fc.boolean(),
      (from, spans, isNamed) => {
        const cases = spans.map(([start, length], index) =>
          aCase(`K${index}`, { officers: ['C'], startedAt: time(clock(start)), endedAt: time(clock(start + length)) }),
        );
        const clip = evidence(clock(from), isNamed ? { caseInName: 'K0', isNamedCaseKnown: true } : {});
        expect(decideCase(clip, rankCandidates(clip, cases), 'none').state).not.toBe('automatic');
      },
    ),
  );
});
