/**
 * Histories of rosters, recorders, assignments and dockings of a few days, drawn by fast-check: undone and back-dated
 * imports, corrections, persons with several certificates, moves between units, recorders that several people claim.
 */
import fc from 'fast-check';
import type { DockingFact } from '../../src/domain/coverage-use.ts';
import { dayNumber, dayOfNumber } from '../../src/domain/day-number.ts';
import {
  type AssignmentFacts,
  assignmentKey,
  type CalendarDate,
  type OfficerFacts,
  type RecorderFacts,
} from '../../src/domain/people-facts.ts';
import type { SubjectKind } from '../../src/domain/subject-kinds.ts';
import type { WrittenVersion } from './coverage-registry.ts';

export const firstDay = dayNumber('2026-05-01' as CalendarDate);
export const lastOffset = 12;
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
    name: fc.constantFrom('王', '王强', '李'),
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

export interface History {
  readonly versions: readonly WrittenVersion[];
  readonly dockings: readonly (DockingFact & { readonly sequence: number })[];
}

/** One import after another, each of one kind; some are undone later. */
export const history = (from: number): fc.Arbitrary<History> =>
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
