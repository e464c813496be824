/**
 * Goal: the coverage cache says of every day exactly what the pure policy says, whatever the history is (undone and
 * back-dated imports, corrections, persons with several certificates, moves between units), after being built and
 * after being brought up to date; and an update leaves the same file as building anew.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCoverageProfiles } from '../../src/config/profiles.ts';
import { buildCache } from '../../src/coverage/cache-builder.ts';
import { CacheFile } from '../../src/coverage/cache-file.ts';
import type { CachedListQuestion, CachedOrder } from '../../src/coverage/cache-pages.ts';
import { CacheReader } from '../../src/coverage/cache-reader.ts';
import { updateCache } from '../../src/coverage/cache-updater.ts';
import type { CacheTerms } from '../../src/coverage/person-batches.ts';
import { factsOfDay } from '../../src/domain/coverage-as-of.ts';
import { codeOf, countsOf, verdictCodes } from '../../src/domain/coverage-codes.ts';
import { coverage } from '../../src/domain/coverage-policy.ts';
import type { CoverageProfile } from '../../src/domain/coverage-profile.ts';
import { dockingUse } from '../../src/domain/coverage-use.ts';
import type { OfficerVerdict } from '../../src/domain/coverage-verdict.ts';
import { dayOfNumber } from '../../src/domain/day-number.ts';
import { type AssignmentFacts, assignmentKey, type CalendarDate } from '../../src/domain/people-facts.ts';
import { CoverageQueries } from '../../src/registry/coverage-queries.ts';
import { firstDay, type History, history, lastOffset } from '../support/coverage-histories.ts';
import { CoverageRegistry, type WrittenVersion } from '../support/coverage-registry.ts';

const shipped = [...(await loadCoverageProfiles()).values()];
const [ministry] = shipped as [CoverageProfile];
const profiles: CoverageProfile[] = [
  ...shipped,
  { ...ministry, name: 'shared', requirement: { kind: 'recorder-per-officer', countsShared: true } },
  {
    ...ministry,
    name: 'reviewers',
    population: ['certified'],
    requirement: { kind: 'share-of-officers', share: 0.05, posts: ['法制审核'] },
  },
];
const terms: CacheTerms = { profiles, useDays: 3, digest: 'test' };
const allCodes = new Set(verdictCodes.keys());

let folder: string;
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidock-coverage-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Truth = ReturnType<typeof truthOf>;

/** What the policy says of days and profiles, each asked once. */
function truthOf(histories: readonly History[]) {
  const known = new Map<string, ReturnType<typeof pure>>();
  return (asOf: CalendarDate, profile: CoverageProfile) => {
    const key = `${asOf} ${profile.name}`;
    const answer = known.get(key) ?? pure(histories, asOf, profile);
    known.set(key, answer);
    return answer;
  };
}

function pure(histories: readonly History[], asOf: CalendarDate, profile: CoverageProfile) {
  const versions = histories.flatMap((one) => one.versions);
  const of = (kind: string) => versions.filter((version) => version.kind === kind) as never[];
  const history = { officers: of('officers'), recorders: of('recorders'), assignments: of('assignments') };
  const dockings = dockingUse(
    terms.useDays,
    histories.flatMap((one) => one.dockings),
  );
  return coverage({ profile, ...factsOfDay(history, asOf, Number.POSITIVE_INFINITY), dockings });
}

function expectAgreement(file: CacheFile, histories: readonly History[]): void {
  const reader = new CacheReader(file);
  const truth = truthOf(histories);
  for (let offset = -2; offset <= lastOffset + 4; offset += 1) {
    const number = firstDay + offset;
    for (const [index, profile] of profiles.entries()) {
      const answer = truth(dayOfNumber(number), profile);
      const at = { profile: index, day: number };
      const byUnit = reader.countsByUnit(at, null);
      for (const unit of answer.units) {
        const { population, covered, coveredPersonally, coveredIncludingShared, reasons, use } = unit;
        expect(countsOf(byUnit.get(unit.unitKey) ?? [])).toEqual({
          population,
          covered,
          coveredPersonally,
          coveredIncludingShared,
          reasons,
          use,
        });
      }
      const known = { units: null, groups: [allCodes], descending: false, offset: 0, limit: 100 };
      const page = reader.page({ ...at, ...known, order: 'unit' });
      expect(page.total).toBe(answer.verdicts.length);
      expect(page.people.map(({ unit, certificate, code }) => [unit, certificate, code])).toEqual(
        answer.verdicts.map((verdict) => [verdict.unitKey, verdict.certificateNo, codeOf(verdict)]),
      );
      const members = reader.memberOfUnits((unit) => unit !== 'U1');
      expect(members.has('U1')).toBe(false);
      for (const { unitKey } of answer.units) expect(members.has(unitKey)).toBe(unitKey !== 'U1');
      if (profile.population.includes('front-line')) {
        const posts = reader.unmappedPosts({ profile: profiles.length, day: number }, null);
        expect(posts).toEqual(new Map(answer.unmappedPosts.map(({ post, officers }) => [post, officers])));
      }
    }
  }
  expectOrders(file, truth);
}

function expectOrders(file: CacheFile, truth: Truth): void {
  for (const reader of [new CacheReader(file), new CacheReader(file, 0)]) {
    for (let number = firstDay - 1; number <= firstDay + lastOffset; number += 4) {
      for (const [index, profile] of profiles.entries()) {
        const known = { profile: index, day: number, groups: [allCodes], descending: false, offset: 1, limit: 2 };
        const { verdicts } = truth(dayOfNumber(number), profile);
        expectSorted(reader, known, verdicts, sinceInTruth(truth, profile, number));
      }
    }
  }
}

/** Before everything that a history speaks of. */
const dayBefore = firstDay - 1;

/** Since when somebody's gap is open, by asking the policy day by day; 9999 where it always was, or there is none. */
function sinceInTruth(truth: Truth, profile: CoverageProfile, day: number): (person: string) => string {
  const gaps = new Map<number, ReadonlySet<string>>();
  const gapsOn = (number: number): ReadonlySet<string> => {
    const { verdicts } = truth(dayOfNumber(number), profile);
    const found = gaps.get(number) ?? new Set(verdicts.flatMap(({ gap, person }) => (gap === null ? [] : person)));
    gaps.set(number, found);
    return found;
  };
  return (person) => {
    let first = day;
    while (first >= dayBefore && gapsOn(first).has(person)) first -= 1;
    return first === day || first < dayBefore ? '9999' : dayOfNumber(first + 1);
  };
}

/** By certificate, by name and by since when, of all units and of some, a page from the middle and either way round. */
function expectSorted(
  reader: CacheReader,
  known: Omit<CachedListQuestion, 'order' | 'units'>,
  verdicts: readonly OfficerVerdict[],
  sinceOf: (person: string) => string,
  someUnits: ReadonlySet<string> = new Set(['U1', '二大队']),
): void {
  const keys: readonly (readonly [CachedOrder, (verdict: OfficerVerdict) => string])[] = [
    ['certificate', ({ certificateNo }) => certificateNo],
    ['name', ({ name, certificateNo }) => `${name} ${certificateNo}`],
    ['since', ({ person, certificateNo }) => `${sinceOf(person)} ${certificateNo}`],
  ];
  const { offset, limit } = known;
  for (const units of [null, someUnits]) {
    const members = verdicts.filter(({ unitKey }) => units === null || units.has(unitKey));
    for (const [order, keyOf] of keys) {
      const keyed = members.map((one) => ({ key: keyOf(one), certificate: one.certificateNo }));
      const inOrder = keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ certificate }) => certificate);
      for (const descending of [false, true]) {
        const page = reader.page({ ...known, units, order, descending });
        const expected = descending ? inOrder.toReversed() : inOrder;
        expect([order, page.total, ...page.people.map(({ certificate }) => certificate)]).toEqual([
          order,
          members.length,
          ...expected.slice(offset, offset + limit),
        ]);
      }
    }
  }
}

const dumpOf = (file: CacheFile): unknown => [
  file.db
    .prepare('SELECT person, certificate, name, unit, from_day, until_day, codes, since FROM spans ORDER BY 1, 5')
    .all(),
  file.db.prepare('SELECT * FROM certificates ORDER BY 1').all(),
];

describe('the coverage cache', () => {
  it('says what the policy says, built and brought up to date', () => {
    fc.assert(
      fc.property(history(1), history(101), (before, after) => {
        count += 1;
        const registry = new CoverageRegistry(join(folder, `${count}.db`));
        const source = new CoverageQueries(registry.db, 'Asia/Shanghai');
        const path = join(folder, `${count}.cache`);
        registry.write(before.versions, before.dockings);
        buildCache(path, source, terms, () => undefined);
        let file = CacheFile.open(path, 'write');
        expectAgreement(file, [before]);
        registry.write(after.versions, after.dockings);
        const updated = updateCache(file, source, terms, () => undefined);
        const anewPath = join(folder, `${count}.anew`);
        buildCache(anewPath, source, terms, () => undefined);
        const anew = CacheFile.open(anewPath, 'write');
        if (updated) expect(dumpOf(file)).toEqual(dumpOf(anew));
        else {
          file.close();
          file = anew;
        }
        expectAgreement(file, [before, after]);
        for (const opened of new Set([file, anew])) opened.close();
        registry.close();
        for (const name of [`${count}.db`, `${count}.cache`, `${count}.anew`]) {
          rmSync(join(folder, name), { force: true });
        }
      }),
      { numRuns: 40 },
    );
  }, 240_000);

  it('finds every page of every order over many blocks, after an update as well', () => {
    const registry = new CoverageRegistry(join(folder, 'many.db'));
    const source = new CoverageQueries(registry.db, 'Asia/Shanghai');
    const before = manyPeople(3_000);
    registry.write(before.versions, before.dockings);
    const path = join(folder, 'many.cache');
    buildCache(path, source, terms, () => undefined);
    const file = CacheFile.open(path, 'write');
    expectPages(file, [before]);
    const after = handedBack(before, 200);
    registry.write(after.versions, after.dockings);
    expect(updateCache(file, source, terms, () => undefined)).toBe(true);
    expectPages(file, [before, after]);
    file.close();
    registry.close();
  }, 240_000);
});

/** Officers of 40 units with few names; two of three have a recorder, and many of those hand it back on one of the days. */
function manyPeople(people: number): History {
  const numbers = Array.from({ length: people }, (_, at) => at);
  const facts = { effectiveFrom: dayOfNumber(firstDay) };
  const officers = numbers.map((at): WrittenVersion => {
    const certificateNo = String(10_000 + ((at * 7_919) % people));
    const written = {
      certificateNo,
      person: `p-${at}`,
      name: ['王', '王强', '李', '赵敏'][(at * 31) % 4],
      unit: `${at % 40}大队`,
      post: at % 11 === 0 ? '内勤' : '一线',
      onDuty: true,
      certificateStatus: 'valid',
      validUntil: '2027-01-01',
    };
    return { ...facts, kind: 'officers', key: certificateNo, origin: 'o', sequence: 1, facts: written };
  });
  const holders = officers.filter((_, at) => at % 3 !== 0);
  const recorders = holders.map(({ key }): WrittenVersion => {
    const written = { serial: `R${key}`, model: 'K9', state: 'in-service' };
    return { ...facts, kind: 'recorders', key: written.serial, origin: 'r', sequence: 2, facts: written };
  });
  const assignments = holders.map(({ key }, at): WrittenVersion => {
    const until = at % 4 === 0 ? null : dayOfNumber(firstDay + (at % lastOffset));
    return handOut(key, { from: dayOfNumber(firstDay), until }, { origin: 'a', sequence: 3 });
  });
  return { versions: [...officers, ...recorders, ...assignments], dockings: [] };
}

function handOut(
  certificateNo: string,
  days: Pick<AssignmentFacts, 'from' | 'until'>,
  brought: { readonly origin: string; readonly sequence: number },
): WrittenVersion {
  const facts: AssignmentFacts = { certificateNo, serial: `R${certificateNo}`, ...days, mode: 'personal' };
  return { kind: 'assignments', key: assignmentKey(facts), effectiveFrom: dayOfNumber(firstDay), ...brought, facts };
}

/** So many of those who kept theirs hand it back, too. */
function handedBack({ versions }: History, people: number): History {
  const kept = versions.filter(
    ({ kind, facts }) => kind === 'assignments' && (facts as AssignmentFacts).until === null,
  );
  const until = dayOfNumber(firstDay + 4);
  const back = kept.slice(0, people).map(({ facts }) => {
    const { certificateNo, from } = facts as AssignmentFacts;
    return handOut(certificateNo, { from, until }, { origin: 'b', sequence: 4 });
  });
  return { versions: back, dockings: [] };
}

function expectPages(file: CacheFile, histories: readonly History[]): void {
  const truth = truthOf(histories);
  const profile = shipped[0] as CoverageProfile;
  const wanted = [
    allCodes,
    new Set([...verdictCodes.entries()].flatMap(([at, { status }]) => (status === 'gap' ? at : []))),
  ];
  for (const number of [firstDay + 3, firstDay + 9]) {
    const { verdicts } = truth(dayOfNumber(number), profile);
    const sinceOf = sinceInTruth(truth, profile, number);
    for (const group of wanted) {
      const asked = verdicts.filter((verdict) => group.has(codeOf(verdict)));
      expect(asked.length).toBeGreaterThan(900);
      for (const offset of [0, 350, asked.length - 20, asked.length + 5]) {
        const known = { profile: 0, day: number, groups: [group], descending: false, offset, limit: 30 };
        for (const reader of [new CacheReader(file), new CacheReader(file, 0)]) {
          expectSorted(reader, known, asked, sinceOf, new Set(Array.from({ length: 25 }, (_, at) => `${at + 3}大队`)));
        }
      }
    }
  }
}
