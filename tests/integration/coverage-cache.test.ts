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
import { type CachedListQuestion, CacheReader } from '../../src/coverage/cache-reader.ts';
import { updateCache } from '../../src/coverage/cache-updater.ts';
import type { CacheTerms } from '../../src/coverage/person-batches.ts';
import { coverageAsOf } from '../../src/domain/coverage-as-of.ts';
import { codeOf, countsOf, verdictCodes } from '../../src/domain/coverage-codes.ts';
import type { CoverageProfile } from '../../src/domain/coverage-profile.ts';
import { type DockingFact, dockingUse } from '../../src/domain/coverage-use.ts';
import type { OfficerVerdict } from '../../src/domain/coverage-verdict.ts';
import { dayNumber, dayOfNumber } from '../../src/domain/day-number.ts';
import {
  type AssignmentFacts,
  assignmentKey,
  type CalendarDate,
  type OfficerFacts,
  type RecorderFacts,
} from '../../src/domain/people-facts.ts';
import type { SubjectKind } from '../../src/domain/subject-kinds.ts';
import { CoverageQueries } from '../../src/registry/coverage-queries.ts';
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

const firstDay = dayNumber('2026-05-01' as CalendarDate);
const lastOffset = 12;
const day = fc.integer({ min: 0, max: lastOffset }).map((offset) => dayOfNumber(firstDay + offset));
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 3 });
const certificates = ['1', '2', '3', '4'];
const serials = ['R1', 'R2', 'R3'];

/** Facts that a roster leaves out are absent, as the importer writes them. */
const present = <T extends object>(facts: T): T =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as T;

const officer = fc
  .record({
    certificateNo: fc.constantFrom(...certificates),
    person: maybe(fc.constantFrom('p-1', 'p-2', 'p-3')),
    name: fc.constant('x'),
    unit: fc.constantFrom('一大队', '二大队'),
    unitCode: maybe(fc.constantFrom('U1', 'U2')),
    post: fc.constantFrom('一线', '内勤', '别的', '法制审核'),
    onDuty: fc.boolean(),
    category: maybe(fc.constantFrom('officer' as const, 'auxiliary' as const)),
    certificateStatus: fc.constantFrom('valid' as const, 'valid' as const, 'suspended' as const),
    statusFrom: maybe(day),
    statusUntil: maybe(day),
    issuedOn: maybe(day),
    validUntil: day,
    leftOn: maybe(day),
    replacedBy: maybe(fc.constantFrom(...certificates)),
    replacedOn: maybe(day),
  })
  .map((facts) => ({ kind: 'officers' as const, key: facts.certificateNo, facts: present(facts) as OfficerFacts }));
const recorder = fc
  .record({
    serial: fc.constantFrom(...serials),
    model: fc.constant('K9'),
    state: fc.constantFrom('in-service' as const, 'in-service' as const, 'repair' as const, 'lost' as const),
    stateSince: maybe(day),
  })
  .map((facts) => ({ kind: 'recorders' as const, key: facts.serial, facts: present(facts) as RecorderFacts }));
const assignment = fc
  .record<AssignmentFacts>({
    certificateNo: fc.constantFrom(...certificates),
    serial: fc.constantFrom(...serials),
    from: day,
    until: fc.option(day),
    mode: fc.constantFrom('personal', 'shared'),
  })
  .map((facts) => ({ kind: 'assignments' as const, key: assignmentKey(facts), facts }));

interface History {
  readonly versions: readonly WrittenVersion[];
  readonly dockings: readonly (DockingFact & { readonly sequence: number })[];
}

/** One import after another, each of one kind; some are undone later. */
const history = (from: number): fc.Arbitrary<History> =>
  fc
    .record({
      imports: fc.array(
        fc.record({
          effectiveFrom: day,
          rows: fc.oneof(
            fc.uniqueArray(officer, { selector: ({ key }) => key, maxLength: 4 }),
            fc.uniqueArray(recorder, { selector: ({ key }) => key, maxLength: 3 }),
            fc.uniqueArray(assignment, { selector: ({ key }) => key, maxLength: 4 }),
          ),
          isUndone: fc.integer({ min: 0, max: 5 }).map((number) => number === 0),
        }),
        { maxLength: 10 },
      ),
      dockings: fc.array(fc.record({ serial: fc.constantFrom(...serials), day, hasFootage: fc.boolean() }), {
        maxLength: 8,
      }),
    })
    .map(({ imports, dockings }) => ({
      versions: imports.flatMap(({ effectiveFrom, rows, isUndone }, index) =>
        (rows as { kind: SubjectKind; key: string; facts: object }[]).map((row) => ({
          ...row,
          effectiveFrom,
          origin: `${from + index}`,
          sequence: from + index,
          ...(isUndone ? { undoneSequence: from + 50 } : {}),
        })),
      ),
      dockings: dockings.map((docking, index) => ({ ...docking, sequence: from + 60 + index })),
    }));

function pure(histories: readonly History[], asOf: CalendarDate, profile: CoverageProfile) {
  const versions = histories.flatMap((one) => one.versions);
  const of = (kind: string) => versions.filter((version) => version.kind === kind) as never[];
  return coverageAsOf({
    profile,
    asOf,
    history: { officers: of('officers'), recorders: of('recorders'), assignments: of('assignments') },
    dockings: dockingUse(
      terms.useDays,
      histories.flatMap((one) => one.dockings),
    ),
  }).answer;
}

function expectAgreement(file: CacheFile, histories: readonly History[]): void {
  const reader = new CacheReader(file);
  for (let offset = -2; offset <= lastOffset + 4; offset += 1) {
    const number = firstDay + offset;
    for (const [index, profile] of profiles.entries()) {
      const answer = pure(histories, dayOfNumber(number), profile);
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
      const page = reader.page({ ...at, ...known, ordering: 0 });
      expect(page.total).toBe(answer.verdicts.length);
      expect(page.spans.map(({ unit, certificate, code }) => [unit, certificate, code])).toEqual(
        answer.verdicts.map((verdict) => [verdict.unitKey, verdict.certificateNo, codeOf(verdict)]),
      );
      const byCertificate = reader.page({ ...at, ...known, ordering: 1, descending: true, offset: 1, limit: 2 });
      expect(byCertificate.spans.map(({ certificate }) => certificate)).toEqual(
        answer.verdicts
          .map(({ certificateNo }) => certificateNo)
          .sort()
          .reverse()
          .slice(1, 3),
      );
      const members = reader.memberOfUnits((unit) => unit !== 'U1');
      expect(members.has('U1')).toBe(false);
      for (const { unitKey } of answer.units) expect(members.has(unitKey)).toBe(unitKey !== 'U1');
      expectNarrowed(reader, { ...at, ...known }, answer.verdicts);
      if (profile.population.includes('front-line')) {
        const posts = reader.unmappedPosts({ profile: profiles.length, day: number }, null);
        expect(posts).toEqual(new Map(answer.unmappedPosts.map(({ post, officers }) => [post, officers])));
      }
    }
  }
}

/** A unit's people by certificate, and everybody in no order unless they are too many. */
function expectNarrowed(
  reader: CacheReader,
  known: Omit<CachedListQuestion, 'ordering'>,
  verdicts: readonly OfficerVerdict[],
): void {
  const members = verdicts.filter(({ unitKey }) => unitKey === 'U1').map(({ certificateNo }) => certificateNo);
  const narrowed = reader.page({ ...known, units: new Set(['U1']), ordering: 1, offset: 1, limit: 2 });
  expect(narrowed.total).toBe(members.length);
  expect(narrowed.spans.map(({ certificate }) => certificate)).toEqual(members.sort().slice(1, 3));
  const certificatesOf = (most: number) =>
    reader
      .all(known, most)
      ?.map(({ certificate }) => certificate)
      .sort();
  expect(certificatesOf(verdicts.length)).toEqual(verdicts.map(({ certificateNo }) => certificateNo).sort());
  expect(certificatesOf(verdicts.length - 1)).toBeUndefined();
}

const dumpOf = (file: CacheFile): unknown => [
  file.db.prepare('SELECT person, certificate, unit, from_day, until_day, codes FROM spans ORDER BY 1, 4').all(),
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
});
