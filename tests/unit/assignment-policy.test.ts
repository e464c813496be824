/**
 * Goal: giving, taking back and handing on are dated versions; whatever is entered afterwards, as of any day the holders
 * are those that were entered for that day, and what was known at an earlier record stays as it was.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alreadyAssigned,
  assignmentObjections,
  assignmentsKnown,
  beginning,
  ending,
  lastDayBefore,
  overlap,
} from '../../src/domain/assignment-policy.ts';
import { answerAsOf, type Version } from '../../src/domain/history.ts';
import { type AssignmentFacts, assignmentKey, getCalendarDate, isOpenOn } from '../../src/domain/people-facts.ts';
import type { VersionDocument } from '../../src/domain/subject-kinds.ts';

const date = getCalendarDate;
const facts = (certificateNo: string, from: string, until: string | null = null): AssignmentFacts => ({
  certificateNo,
  serial: 'R1',
  from: date(from),
  until: until === null ? null : date(until),
  mode: 'personal',
});

/** A history that grows as the desk lets it grow. */
class Book {
  readonly versions: Version<AssignmentFacts>[] = [];
  #sequence = 0;

  record(documents: readonly VersionDocument[]): number {
    this.#sequence += 1;
    for (const { key, effectiveFrom, facts: told } of documents)
      this.versions.push({ key, effectiveFrom, facts: told as AssignmentFacts, sequence: this.#sequence });
    return this.#sequence;
  }

  get firstDay() {
    return this.versions.map(({ effectiveFrom }) => effectiveFrom).sort()[0] ?? null;
  }

  assign(one: AssignmentFacts): number {
    return this.record([beginning(one, this.firstDay)]);
  }

  end(one: AssignmentFacts, lastDay: string): number {
    const versions = this.versions.filter(({ key }) => key === assignmentKey(one));
    return this.record(ending(one, date(lastDay), { versions, firstDay: this.firstDay }));
  }

  holders(asOf: string, knownAt?: number): string[] {
    const day = date(asOf);
    const answer = answerAsOf(this.versions, knownAt === undefined ? { asOf: day } : { asOf: day, knownAt });
    return Array.from(answer.versions.values(), (version) => version.facts)
      .filter((one) => isOpenOn(one, day))
      .map(({ certificateNo }) => certificateNo)
      .sort();
  }
}

describe('an assignment', () => {
  it('is open on its last day and not on the next, and was open before it ended, as known before', () => {
    const book = new Book();
    const one = facts('A', '2026-01-01');
    const begun = book.assign(one);
    book.end(one, '2026-03-31');
    expect(book.holders('2026-03-31')).toEqual(['A']);
    expect(book.holders('2026-04-01')).toEqual([]);
    expect(book.holders('2026-04-01', begun)).toEqual(['A']);
    expect(book.holders('2026-02-01')).toEqual(['A']);
  });

  it('that ended earlier than a later table still said does not come back', () => {
    const book = new Book();
    const one = facts('A', '2026-01-01');
    book.assign(one);
    // A table of June that changed its mode restates it.
    book.record([{ ...beginning(one, null), effectiveFrom: date('2026-06-01') }]);
    book.end(one, '2026-03-31');
    expect(book.holders('2026-06-01')).toEqual([]);
    expect(book.holders('2026-12-31')).toEqual([]);
    expect(book.holders('2026-03-01')).toEqual(['A']);
  });

  it('that was handed on the day on which it began never was', () => {
    const book = new Book();
    const one = facts('A', '2026-01-01');
    const mistaken = book.assign(one);
    book.end(one, lastDayBefore(one.from));
    expect(book.holders('2026-01-01')).toEqual([]);
    expect(book.holders('2026-01-01', mistaken)).toEqual(['A']);
    expect(assignmentsKnown(book.versions)).toEqual([]);
    expect(assignmentsKnown(book.versions, mistaken)).toEqual([one]);
  });

  it('from before the first import is found in the answer for the days before it', () => {
    const book = new Book();
    book.record([
      { kind: 'assignments', key: 'x', effectiveFrom: date('2026-05-01'), facts: facts('X', '2025-01-01') },
    ]);
    book.assign({ ...facts('A', '2025-07-01'), serial: 'R2' });
    expect(book.firstDay).toBe('2026-05-01');
    expect(book.holders('2025-06-01')).toEqual(['X']);
    expect(book.holders('2025-07-01')).toEqual(['A', 'X']);
  });
});

it('a chain of hand-overs has one holder on each day, in whichever order and however late they are entered', () => {
  const day = (at: number): string => new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10);
  const chain = fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(chain, fc.integer({ min: 0, max: 320 }), (cuts, asked) => {
      const days = [0, ...cuts.sort((a, b) => a - b)];
      const book = new Book();
      let held = facts('P0', day(0));
      book.assign(held);
      const known: { readonly seq: number; readonly holder: string }[] = [];
      for (const [at, cut] of days.entries()) {
        if (at > 0) {
          const next = facts(`P${at}`, day(cut));
          const versions = book.versions.filter(({ key }) => key === assignmentKey(held));
          const { firstDay } = book;
          book.record([...ending(held, lastDayBefore(next.from), { versions, firstDay }), beginning(next, firstDay)]);
          held = next;
        }
        const last = days.slice(0, at + 1).findLastIndex((begins) => begins <= asked);
        known.push({ seq: at + 1, holder: `P${last}` });
      }
      for (const { seq, holder } of known) expect(book.holders(day(asked), seq)).toEqual([holder]);
    }),
  );
});

describe('what speaks against it', () => {
  const question = {
    certificateNo: 'A',
    serial: 'R1',
    from: date('2026-05-01'),
    mode: 'personal',
    state: 'in-service',
    standing: 'valid',
    ofRecorder: [],
    ofOfficer: [],
    checkedOutTo: undefined,
  } as const;
  const shared = (one: AssignmentFacts): AssignmentFacts => ({ ...one, mode: 'shared' });
  const other = { ...facts('A', '2026-01-01'), serial: 'R2' };

  it.each([
    ['nothing', {}, []],
    ['another holder', { ofRecorder: [facts('B', '2026-01-01')] }, ['recorder-held']],
    ['a holder to come', { ofRecorder: [facts('B', '2026-09-01')] }, ['recorder-held']],
    ['a holder until the day before', { ofRecorder: [facts('B', '2026-01-01', '2026-04-30')] }, []],
    ['a holder until the day', { ofRecorder: [facts('B', '2026-01-01', '2026-05-01')] }, ['recorder-held']],
    ['several may share', { mode: 'shared', ofRecorder: [shared(facts('B', '2026-01-01'))] }, []],
    ['a personal one is not shared', { mode: 'shared', ofRecorder: [facts('B', '2026-01-01')] }, ['recorder-held']],
    ['a shared one is not personal', { ofRecorder: [shared(facts('B', '2026-01-01'))] }, ['recorder-held']],
    ['another personal recorder', { ofOfficer: [other] }, ['second-personal-recorder']],
    ['a shared one besides', { mode: 'shared', ofOfficer: [other] }, []],
    ['another, over', { ofOfficer: [{ ...other, until: date('2026-04-30') }] }, []],
    ['in repair', { state: 'repair' }, ['recorder-not-in-service']],
    ['lost', { state: 'lost' }, ['recorder-not-in-service']],
    ['suspended', { standing: 'suspended' }, ['certificate-not-valid']],
    ['nobody knows', { standing: 'open' }, ['certificate-not-valid']],
    ['out to another', { checkedOutTo: 'B' }, ['recorder-checked-out']],
    ['out to the same', { checkedOutTo: 'A' }, []],
  ] as const)('%s', (_name, change, expected) => {
    expect(assignmentObjections({ ...question, ...change }).map(({ code }) => code)).toEqual(expected);
  });

  it('the same officer’s own open assignment is no objection but there already', () => {
    const own = facts('A', '2026-01-01', '2026-05-01');
    expect(assignmentObjections({ ...question, ofRecorder: [own], ofOfficer: [own] })).toEqual([]);
    expect(alreadyAssigned([own], facts('A', '2026-05-01'))).toEqual(own);
    expect(alreadyAssigned([own], facts('A', '2026-05-02'))).toBeUndefined();
  });
});

it('overlap is the same both ways', () => {
  const span = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }));
  fc.assert(
    fc.property(span, span, ([a, aLength], [b, bLength]) => {
      const of = (from: number, length: number | null): AssignmentFacts => ({
        ...facts('A', '2026-01-01'),
        from: `2026-01-${String(from + 10)}` as never,
        until: length === null ? null : (`2026-01-${String(from + length + 10)}` as never),
      });
      const one = of(a, aLength);
      const two = of(b, bLength);
      expect(overlap(one, two)).toBe(overlap(two, one));
      const days = Array.from({ length: 22 }, (_, at) => `2026-01-${String(at + 10)}`) as never[];
      expect(overlap(one, two)).toBe(days.some((at) => isOpenOn(one, at) && isOpenOn(two, at)));
    }),
  );
});
