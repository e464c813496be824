/**
 * Goal: each month's change is taken apart so that a rate that rose because people left the count is seen to have; the
 * parts add up to the whole, whatever moved.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeParts, moveKind, moveKinds } from '../../src/domain/coverage-moves.ts';
import type { CoverageMove, StandingWord } from '../../src/domain/coverage-questions.ts';

const words: readonly StandingWord[] = ['absent', 'out', 'covered', 'gap', 'counted'];
const move = (from: StandingWord, to: StandingWord, persons = 1, toReason: CoverageMove['toReason'] = null) => ({
  from,
  to,
  fromReason: null,
  toReason,
  persons,
});

describe('every move has its kind', () => {
  const outside = { covered: 'entered-covered', gap: 'entered-uncovered', counted: 'entered-uncovered' };
  const uncovered = { absent: 'left-uncovered', out: 'left-uncovered', covered: 'issued' };
  const expected: { readonly [from: string]: { readonly [to: string]: string } } = {
    absent: outside,
    out: outside,
    covered: { absent: 'left-covered', out: 'left-covered', gap: 'lost-cover', counted: 'lost-cover' },
    gap: uncovered,
    counted: uncovered,
  };
  for (const from of words) {
    for (const to of words) {
      const kind = expected[from]?.[to] ?? null;
      it(`${from} to ${to}: ${kind}`, () => expect(moveKind({ from, to })).toBe(kind));
    }
  }
});

it('a rate that rose because the uncovered left shows it', () => {
  const parts = changeParts({ population: 10, covered: 5 }, [
    move('gap', 'out', 3, 'certificate-suspended'),
    move('gap', 'out', 1, 'not-on-duty'),
    move('gap', 'absent', 1),
  ]);
  expect(parts.end).toEqual({ population: 5, covered: 5 });
  expect(parts.rate).toEqual({
    before: 0.5,
    after: 1,
    byLeaving: 0.5,
    byEntering: 0,
    byRecorders: 0,
    withoutLeaving: 0.5,
  });
  expect(parts.onlyByLeaving).toBe(true);
  expect(parts.leftBy).toEqual([
    { reason: 'certificate-suspended', persons: 3 },
    { reason: 'absent', persons: 1 },
    { reason: 'not-on-duty', persons: 1 },
  ]);
});

it('a rate that rose by recorders does not, although some left', () => {
  const parts = changeParts({ population: 10, covered: 5 }, [move('gap', 'covered', 3), move('gap', 'out', 1)]);
  expect(parts.onlyByLeaving).toBe(false);
  expect(parts.rate.withoutLeaving).toBe(0.8);
});

it('parts add up exactly, and nothing is said of nobody', () => {
  const count = fc.integer({ min: 0, max: 40 });
  fc.assert(
    fc.property(fc.record(Object.fromEntries(moveKinds.map((kind) => [kind, count]))), count, count, (tally, c, u) => {
      const at = (kind: string): number => tally[kind] ?? 0;
      // Whoever leaves or loses was there.
      const start = {
        covered: c + at('left-covered') + at('lost-cover'),
        population: c + u + at('left-covered') + at('lost-cover') + at('left-uncovered') + at('issued'),
      };
      const { rate, end } = changeParts(start, [
        move('gap', 'covered', at('issued')),
        move('covered', 'gap', at('lost-cover')),
        move('absent', 'covered', at('entered-covered')),
        move('out', 'gap', at('entered-uncovered')),
        move('covered', 'out', at('left-covered'), 'left'),
        move('counted', 'absent', at('left-uncovered')),
      ]);
      expect(end.covered).toBeLessThanOrEqual(end.population);
      expect(rate.after).toBe(end.population === 0 ? null : end.covered / end.population);
      if (rate.byLeaving !== null && rate.byEntering !== null && rate.byRecorders !== null) {
        const sum = (rate.before ?? 0) + rate.byLeaving + rate.byEntering + rate.byRecorders;
        expect(sum).toBeCloseTo(rate.after ?? 0, 10);
      }
    }),
  );
});
