/**
 * Goal: the facts of a day are a function of (versions, as-of, known-at) alone: back-dated imports, corrections on the
 * same day and days before the first import included, and the order in which versions are handed in never matters.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerAsOf, type HistoryQuestion, type Version, versionsAsOf } from '../../src/domain/history.ts';
import { getCalendarDate } from '../../src/domain/people-facts.ts';

const version = (key: string, facts: string, effectiveFrom: string, sequence: number): Version<string> => ({
  key,
  facts,
  effectiveFrom: getCalendarDate(effectiveFrom),
  sequence,
});

const question = (asOf: string, knownAt?: number): HistoryQuestion => ({
  asOf: getCalendarDate(asOf),
  ...(knownAt === undefined ? {} : { knownAt }),
});

/** key=facts of each subject that is there. */
const shown = (versions: ReadonlyMap<string, Version<string>>) =>
  [...versions.values()].map(({ key, facts }) => `${key}=${facts}`).sort();

describe('versions as of a day', () => {
  const versions = [
    version('a', 'january', '2026-01-01', 1),
    version('a', 'june', '2026-06-01', 2),
    // Dated before June, but told last.
    version('a', 'march', '2026-03-01', 3),
    version('a', 'june, corrected', '2026-06-01', 4),
    version('b', 'june', '2026-06-01', 2),
  ];

  it.each([
    ['2025-12-31', undefined, []],
    ['2026-01-01', undefined, ['a=january']],
    ['2026-02-28', undefined, ['a=january']],
    ['2026-03-01', undefined, ['a=march']],
    ['2026-05-31', undefined, ['a=march']],
    ['2026-06-01', undefined, ['a=june, corrected', 'b=june']],
    ['2030-01-01', undefined, ['a=june, corrected', 'b=june']],
    ['2026-05-31', 2, ['a=january']],
    ['2026-06-01', 3, ['a=june', 'b=june']],
    ['2026-06-01', 2, ['a=june', 'b=june']],
    ['2026-06-01', 1, ['a=january']],
    ['2026-06-01', 0, []],
  ])('on %s, known at %s, are %j', (asOf, knownAt, expected) => {
    expect(shown(versionsAsOf(versions, question(asOf, knownAt)))).toEqual(expected);
  });
});

describe('answers before the first import', () => {
  const versions = [
    version('a', 'first', '2026-03-01', 5),
    version('b', 'joined later', '2026-06-01', 6),
    version('a', 'earlier still', '2026-02-01', 7),
  ];

  it.each([
    ['2026-01-01', undefined, 'before-first', '2026-02-01', ['a=earlier still']],
    ['2026-01-01', 6, 'before-first', '2026-03-01', ['a=first']],
    ['2026-02-28', 6, 'before-first', '2026-03-01', ['a=first']],
    ['2026-01-31', undefined, 'before-first', '2026-02-01', ['a=earlier still']],
    ['2026-02-01', undefined, 'history', '2026-02-01', ['a=earlier still']],
    ['2026-02-28', undefined, 'history', '2026-02-28', ['a=earlier still']],
    ['2026-03-01', undefined, 'history', '2026-03-01', ['a=first']],
    ['2026-07-01', undefined, 'history', '2026-07-01', ['a=first', 'b=joined later']],
    ['2026-07-01', 4, 'none', null, []],
  ])('on %s, known at %s: %s, answered with %s', (asOf, knownAt, basis, day, expected) => {
    const answer = answerAsOf(versions, question(asOf, knownAt));
    expect(answer).toMatchObject({ basis, day });
    expect(shown(answer.versions)).toEqual(expected);
  });

  it('knows nothing when nothing was imported', () => {
    expect(answerAsOf([], question('2026-01-01'))).toEqual({ basis: 'none', day: null, versions: new Map() });
  });
});

describe('properties', () => {
  const day = fc.integer({ min: 1, max: 9 }).map((number) => `2026-01-0${number}`);
  const versions = fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), day), { maxLength: 20 })
    .map((list) => list.map(([key, from], sequence) => version(key, `${key}${sequence}`, from, sequence)));

  it('answers the same in whatever order the versions come', () => {
    fc.assert(
      fc.property(versions, day, fc.nat(20), (list, asOf, knownAt) => {
        const backwards = answerAsOf(list.toReversed(), question(asOf, knownAt));
        const forwards = answerAsOf(list, question(asOf, knownAt));
        expect(shown(backwards.versions)).toEqual(shown(forwards.versions));
        expect(backwards).toMatchObject({ basis: forwards.basis, day: forwards.day });
      }),
    );
  });

  it('never changes what was known then by what is told later', () => {
    fc.assert(
      fc.property(versions, day, fc.nat(20), (list, asOf, knownAt) => {
        const then = list.filter(({ sequence }) => sequence <= knownAt);
        expect(shown(answerAsOf(list, question(asOf, knownAt)).versions)).toEqual(
          shown(answerAsOf(then, question(asOf)).versions),
        );
      }),
    );
  });
});
