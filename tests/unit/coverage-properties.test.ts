/**
 * Goal: what must hold of coverage whatever the lists say: giving out an idle recorder never lowers it, no recorder
 * counts twice, units add up to the whole, the order of the lists does not matter, and a province is answered at once.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCoverageProfiles } from '../../src/config/profiles.ts';
import { type CoverageQuestion, coverage, coverageOfUnits } from '../../src/domain/coverage-policy.ts';
import type { CoverageProfile } from '../../src/domain/coverage-profile.ts';
import { type AssignmentFacts, getCalendarDate, type OfficerFacts } from '../../src/domain/people-facts.ts';

const shipped = [...(await loadCoverageProfiles()).values()];
const profiles: CoverageProfile[] = shipped.flatMap((profile) => [
  profile,
  { ...profile, requirement: { kind: 'recorder-per-officer', countsShared: true } },
]);

const numbers = ['1', '2', '3', '4', '5', '6'];
const serials = ['R1', 'R2', 'R3', 'R4', 'R5'];
const day = fc.integer({ min: 1, max: 5 }).map((number) => getCalendarDate(`2026-05-0${number}`));

const officers = fc.subarray(numbers).chain((chosen) =>
  fc.tuple(
    ...chosen.map((certificateNo) =>
      fc.record<OfficerFacts>({
        certificateNo: fc.constant(certificateNo),
        name: fc.constant('x'),
        unit: fc.constantFrom('一大队', '二大队'),
        post: fc.constantFrom('一线', '内勤', '别的'),
        onDuty: fc.boolean(),
        certificateStatus: fc.constantFrom('valid', 'valid', 'valid', 'suspended'),
        validUntil: day,
      }),
    ),
  ),
);
const recorders = fc.subarray(serials).chain((chosen) =>
  fc.tuple(
    ...chosen.map((serial) =>
      fc.record({
        serial: fc.constant(serial),
        model: fc.constant(''),
        state: fc.constantFrom('in-service', 'in-service', 'repair', 'lost', 'scrapped'),
      }),
    ),
  ),
);
const assignments = fc.array(
  fc.record<AssignmentFacts>({
    certificateNo: fc.constantFrom(...numbers),
    serial: fc.constantFrom(...serials),
    from: day,
    until: fc.option(day),
    mode: fc.constantFrom('personal', 'shared'),
  }),
  { maxLength: 14 },
);
const question: fc.Arbitrary<CoverageQuestion> = fc.record({
  profile: fc.constantFrom(...profiles),
  asOf: day,
  officers,
  recorders,
  assignments,
});
const runs = { numRuns: 1000 };

describe('coverage', () => {
  it('is never lowered by assigning a recorder in service that nobody holds', () => {
    fc.assert(
      fc.property(question, fc.constantFrom(...numbers), fc.constantFrom('personal', 'shared'), (asked, to, mode) => {
        const idle = { serial: 'NEW', model: '', state: 'in-service' } as const;
        const before = { ...asked, recorders: [...asked.recorders, idle] };
        const assignment = { certificateNo: to, serial: 'NEW', from: asked.asOf, until: null, mode } as const;
        const after = coverage({ ...before, assignments: [...asked.assignments, assignment] });
        const then = coverage(before);
        expect(after.covered).toBeGreaterThanOrEqual(then.covered);
        expect(after.coveredIncludingShared).toBeGreaterThanOrEqual(then.coveredIncludingShared);
      }),
      runs,
    );
  });

  it('never covers more officers than recorders are in service, and counts no recorder for two', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const answer = coverage(asked);
        const inService = asked.recorders.filter(({ state }) => state === 'in-service').length;
        expect(answer.coveredIncludingShared).toBeLessThanOrEqual(inService);
        expect(answer.coveredPersonally).toBeLessThanOrEqual(answer.coveredIncludingShared);
        const used = answer.verdicts.flatMap(({ serial }) => serial ?? []);
        expect(new Set(used).size).toBe(used.length);
      }),
      runs,
    );
  });

  it('is the sum of its units, asked together or one by one', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const answer = coverage(asked);
        const sum = (field: 'population' | 'covered' | 'coveredIncludingShared') =>
          answer.units.reduce((total, unit) => total + unit[field], 0);
        for (const field of ['population', 'covered', 'coveredIncludingShared'] as const) {
          expect(sum(field)).toBe(answer[field]);
        }
        for (const unit of answer.units) {
          const { unitKey, ...figures } = unit;
          expect(coverageOfUnits(answer, unitKey, new Set([unitKey]))).toMatchObject(figures);
        }
      }),
      runs,
    );
  });

  it('explains every officer: out of the population, covered, or a gap', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const answer = coverage(asked);
        expect(answer.verdicts).toHaveLength(asked.officers.length);
        const gaps = answer.verdicts.filter(({ gap }) => gap !== null);
        expect(gaps).toHaveLength(answer.population - answer.covered);
        expect(gaps.every(({ outOfPopulation }) => outOfPopulation.length === 0)).toBe(true);
      }),
      runs,
    );
  });

  it('does not depend on the order of the lists', () => {
    const shuffled = question.chain((asked) =>
      fc.tuple(
        fc.constant(asked),
        fc.record({
          officers: shuffle(asked.officers),
          recorders: shuffle(asked.recorders),
          assignments: shuffle(asked.assignments),
        }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([asked, lists]) => {
        expect(coverage({ ...asked, ...lists })).toEqual(coverage(asked));
      }),
      runs,
    );
  });

  it('answers for 100,000 officers in well under a second', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => `1405${String(i).padStart(8, '0')}`);
    const asked: CoverageQuestion = {
      profile: profiles[0] ?? expect.fail('no profile'),
      asOf: getCalendarDate('2026-05-01'),
      officers: many.map((certificateNo, i) => ({
        certificateNo,
        name: '张三',
        unit: `第${i % 2000}大队`,
        post: ['一线', '路面执法', '内勤', '水上'][i % 4] ?? '',
        onDuty: true,
        certificateStatus: 'valid',
        validUntil: getCalendarDate('2027-01-01'),
      })),
      recorders: many.map((number) => ({ serial: `R${number}`, model: 'K9', state: 'in-service' })),
      assignments: many.map((certificateNo) => ({
        certificateNo,
        serial: `R${certificateNo}`,
        from: getCalendarDate('2025-01-01'),
        until: null,
        mode: 'personal',
      })),
    };
    const start = process.cpuUsage();
    const answer = coverage(asked);
    const { user, system } = process.cpuUsage(start);
    const cpuMs = (user + system) / 1000;
    expect(answer).toMatchObject({ population: 75_000, covered: 75_000, rate: 1 });
    process.stdout.write(`coverage of 100,000 officers: ${cpuMs.toFixed(0)} ms of processor time\n`);
    // Processor time, and a generous limit: other tests run beside this one, and the first call is not compiled yet.
    expect(cpuMs).toBeLessThan(3_000);
  });
});

function shuffle<T>(list: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length });
}
