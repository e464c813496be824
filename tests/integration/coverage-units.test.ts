/**
 * Goal: what is asked about some units alone is what the whole says of them: verdicts, figures and notes out of their
 * people and whoever was ever given one of their recorders, and what changed between two days. A real registry and a
 * real cache, any history.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadCoverageProfiles } from '../../src/config/profiles.ts';
import { buildCache } from '../../src/coverage/cache-builder.ts';
import { CacheFile } from '../../src/coverage/cache-file.ts';
import { CacheReader } from '../../src/coverage/cache-reader.ts';
import { verdictCodes } from '../../src/domain/coverage-codes.ts';
import type { CoverageProfile } from '../../src/domain/coverage-profile.ts';
import { dayOfNumber } from '../../src/domain/day-number.ts';
import { type AssignmentFacts, assignmentKey } from '../../src/domain/people-facts.ts';
import { CoverageQueries } from '../../src/registry/coverage-queries.ts';
import { PeopleQueries } from '../../src/registry/people-queries.ts';
import { changesOf } from '../../src/station/coverage-changes.ts';
import { membersIn, type ScanQuestion, scanCoverage } from '../../src/station/coverage-scan.ts';
import { firstDay, type History, history, lastOffset } from '../support/coverage-histories.ts';
import { CoverageRegistry, type WrittenVersion } from '../support/coverage-registry.ts';

const profiles = [...(await loadCoverageProfiles()).values()];
const terms = { profiles, useDays: 3, digest: 'test' };
const allCodes = new Set(verdictCodes.keys());
const asked = [new Set(['U1']), new Set(['U2', '一大队']), new Set(['二大队'])];

let folder: string;
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidock-units-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Opened {
  readonly registry: CoverageRegistry;
  readonly source: CoverageQueries;
  readonly file: CacheFile;
}

function withRegistry({ versions, dockings }: History, ask: (opened: Opened) => void): void {
  count += 1;
  const registry = new CoverageRegistry(join(folder, `${count}.db`));
  const source = new CoverageQueries(registry.db, 'Asia/Shanghai');
  registry.write(versions, dockings);
  const path = join(folder, `${count}.cache`);
  buildCache(path, source, terms, () => undefined);
  const file = CacheFile.open(path, 'read');
  try {
    ask({ registry, source, file });
  } finally {
    file.close();
    registry.close();
    for (const name of [`${count}.db`, `${count}.cache`]) rmSync(join(folder, name), { force: true });
  }
}

function forAnyHistory(ask: (opened: Opened) => void): void {
  fc.assert(
    fc.property(history(1), history(101), (before, after) => {
      const versions = [...before.versions, ...after.versions];
      withRegistry({ versions, dockings: [...before.dockings, ...after.dockings] }, ask);
    }),
    { numRuns: 60 },
  );
}

function questionOf(below: ReadonlySet<string>, day: number, profile = 0): ScanQuestion {
  return {
    profile: profiles[profile] as CoverageProfile,
    asOf: dayOfNumber(day),
    knownAt: Number.MAX_SAFE_INTEGER,
    unit: { name: 'asked', below },
    withRecorders: false,
    saysCorrections: false,
  };
}

const scanOf = ({ registry, source }: Opened) => ({
  people: new PeopleQueries(registry.db),
  source,
  useDays: terms.useDays,
});

it('units judged by their own people say what everybody says of them', () => {
  forAnyHistory((opened) => {
    const reader = new CacheReader(opened.file);
    for (let day = firstDay - 1; day <= firstDay + lastOffset + 1; day += 2) {
      for (const [profile] of profiles.entries()) {
        for (const units of asked) {
          const people = [...reader.people({ profile, day, units, group: allCodes })].flat();
          const members = new Set(people.map(({ certificate }) => certificate));
          const question = questionOf(units, day, profile);
          const whole = scanCoverage(question, scanOf(opened), () => undefined);
          expect(whole.answer.verdicts).toHaveLength(members.size);
          // One step: it did not fall back to everybody.
          let steps = 0;
          const part = scanCoverage(question, scanOf(opened), () => (steps += 1), members);
          expect([steps, part]).toEqual([1, whole]);
        }
      }
    }
  });
}, 120_000);

it('a recorder that somebody of another unit holds stays held, and whoever is not in the unit is no member', () => {
  withRegistry(twoUnits(12), (opened) => {
    const question = questionOf(new Set(['U1']), firstDay + 1);
    const members = membersIn(opened.file, question, { profile: 0, source: opened.source });
    expect(members).toEqual(new Set(['1', '2']));
    const whole = scanCoverage(question, scanOf(opened), () => undefined);
    const part = scanCoverage(question, scanOf(opened), () => undefined, members);
    expect(part).toEqual(whole);
    const [first, second] = part.answer.verdicts;
    expect(first?.gap).toMatchObject({
      reason: 'held-by-another',
      heldBy: { certificateNo: '3', standing: 'out-of-population' },
    });
    expect(second?.status).toBe('covered');
    expect(scanCoverage(question, scanOf(opened), () => undefined, new Set(['1', '2', '9']))).toEqual(whole);
  });
});

it('the cache is not asked who is in a unit when it is older or newer than the question, or the unit is most of all', () => {
  withRegistry(twoUnits(12), ({ registry, source, file }) => {
    const question = questionOf(new Set(['U1']), firstDay + 1);
    const of = { profile: 0, source };
    expect(membersIn(file, { ...question, knownAt: 1 }, of)).toBeNull();
    expect(membersIn(file, { ...question, withRecorders: true }, of)).toBeNull();
    expect(membersIn(file, { ...question, unit: null }, of)).toBeNull();
    expect(membersIn(file, questionOf(new Set(['U2']), firstDay + 1), of)).toBeNull();
    const { versions } = twoUnits(13);
    registry.write(
      versions.map((version) => ({ ...version, sequence: 9 })),
      [],
    );
    expect(membersIn(file, question, of)).toBeNull();
  });
});

it('what changed in a period is told of everybody whom it touches, in all units and in some', () => {
  forAnyHistory(({ file }) => {
    const reader = new CacheReader(file);
    const persons = file.db.prepare('SELECT DISTINCT person FROM spans').pluck().all() as string[];
    for (const [since, until] of [
      [firstDay, firstDay + 4],
      [firstDay + 2, firstDay + lastOffset],
    ] as const) {
      for (const units of [null, ...asked]) {
        const period = { since, until, unitsBefore: units, unitsAfter: units, firstDay: dayOfNumber(firstDay) };
        const everybody = persons
          .map((person) => reader.spansOf(person, 0))
          .filter((spans) => spans.some(({ from }) => since < from && from <= until));
        const told = endOf(changesOf(reader.changedHistories({ since, until, units }, 0), period));
        expect(told).toEqual(endOf(changesOf([everybody], period)));
      }
    }
  });
}, 120_000);

function endOf<T>(slices: Generator<void, T>): T {
  for (;;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
  }
}

/** Two officers of U1, the others of U2; R1 was given to the first one of U1 after an auxiliary of U2 had got it. */
function twoUnits(people: number): History {
  const brought = { effectiveFrom: dayOfNumber(firstDay), sequence: 2 };
  const numbers = Array.from({ length: people }, (_, at) => String(at + 1));
  const officers = numbers.map((certificateNo): WrittenVersion => {
    const facts = {
      certificateNo,
      name: `王${certificateNo}`,
      unit: Number(certificateNo) > 2 ? '二队' : '一队',
      unitCode: Number(certificateNo) > 2 ? 'U2' : 'U1',
      post: '一线',
      onDuty: true,
      ...(certificateNo === '3' ? { category: 'auxiliary' } : {}),
      certificateStatus: 'valid',
      validUntil: '2027-01-01',
    };
    return { ...brought, kind: 'officers', key: certificateNo, origin: 'o', facts };
  });
  const recorders = ['R1', 'R2'].map((serial): WrittenVersion => {
    return {
      ...brought,
      kind: 'recorders',
      key: serial,
      origin: 'r',
      facts: { serial, model: 'K9', state: 'in-service' },
    };
  });
  const given = [
    ['3', 'R1', 0],
    ['1', 'R1', 1],
    ['2', 'R2', 0],
  ] as const;
  const assignments = given.map(([certificateNo, serial, at]): WrittenVersion => {
    const from = dayOfNumber(firstDay + at);
    const facts: AssignmentFacts = { certificateNo, serial, from, until: null, mode: 'personal' };
    return { ...brought, kind: 'assignments', key: assignmentKey(facts), origin: 'a', facts };
  });
  return { versions: [...officers, ...recorders, ...assignments], dockings: [] };
}
