/**
 * Goal: rows of a roster are the persons that they name, over renewals, several certificates and files that say less
 * than others; contradictions are told, and the same file after itself is about the same persons.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Version } from '../../src/domain/history.ts';
import { getCalendarDate, type OfficerFacts } from '../../src/domain/people-facts.ts';
import { identifyPersons, replacedCertificates } from '../../src/domain/person-identity.ts';

interface Said {
  readonly certificateNo: string;
  readonly personNo?: string;
  readonly previousCertificateNo?: string;
  readonly person?: string;
  readonly issuedOn?: string;
  readonly validUntil?: string;
}

const facts = (said: Said): OfficerFacts =>
  ({
    name: '张三',
    unit: '一大队',
    post: '',
    onDuty: true,
    certificateStatus: 'valid',
    validUntil: '2030-01-01',
    ...said,
  }) as OfficerFacts;

const known = (...said: Said[]): Version<OfficerFacts>[] =>
  said.map((one, at) => ({
    key: one.certificateNo,
    facts: facts(one),
    effectiveFrom: getCalendarDate('2026-01-01'),
    sequence: at,
  }));

function identify(rows: readonly Said[], versions: readonly Version<OfficerFacts>[] = []) {
  let drawn = 0;
  const answer = identifyPersons({
    rows: rows.map((said, at) => ({ line: at + 2, facts: facts(said) })),
    versions,
    newPerson: () => {
      drawn += 1;
      return `new${drawn}`;
    },
  });
  return {
    persons: Object.fromEntries(answer.rows.map(({ facts: { certificateNo, person } }) => [certificateNo, person])),
    conflicts: answer.conflicts.map(({ row, otherPersonNo }) => `${row.facts.certificateNo} ${otherPersonNo}`),
  };
}

describe('whose certificate a row is', () => {
  it.each<[string, Said[], Said[], Record<string, string>]>([
    ['of somebody new', [{ certificateNo: '1' }], [], { 1: 'new1' }],
    ['of whoever had it', [{ certificateNo: '1' }], [{ certificateNo: '1', person: 'p-a' }], { 1: 'p-a' }],
    [
      'of whoever has the number',
      [{ certificateNo: '2', personNo: 'N' }],
      [{ certificateNo: '1', personNo: 'N', person: 'p-a' }],
      { 2: 'p-a' },
    ],
    [
      'of whoever had the one before',
      [{ certificateNo: '2', previousCertificateNo: '1' }],
      [{ certificateNo: '1', person: 'p-a' }],
      { 2: 'p-a' },
    ],
    [
      'by number before the one before',
      [{ certificateNo: '3', personNo: 'N', previousCertificateNo: '2' }],
      [
        { certificateNo: '1', personNo: 'N', person: 'p-a' },
        { certificateNo: '2', person: 'p-b' },
      ],
      { 3: 'p-a' },
    ],
    [
      'of one person over two rows with one number',
      [
        { certificateNo: '1', personNo: 'N' },
        { certificateNo: '2', personNo: 'N' },
      ],
      [],
      { 1: 'new1', 2: 'new1' },
    ],
    [
      'of one person over a chain of renewals',
      [
        { certificateNo: '3', previousCertificateNo: '2' },
        { certificateNo: '2', previousCertificateNo: '1' },
        { certificateNo: '1' },
      ],
      [],
      { 1: 'new1', 2: 'new1', 3: 'new1' },
    ],
    [
      'of one person by a certificate that only its successors name',
      [{ certificateNo: '3', previousCertificateNo: '1' }],
      [{ certificateNo: '2', previousCertificateNo: '1', person: 'p-a' }],
      { 3: 'p-a' },
    ],
    [
      'of whoever had it before there were ids',
      [{ certificateNo: '2', previousCertificateNo: '1' }, { certificateNo: '1' }],
      [{ certificateNo: '1' }],
      { 1: '1', 2: '1' },
    ],
  ])('%s', (_, rows, before, persons) => {
    expect(identify(rows, known(...before))).toEqual({ persons, conflicts: [] });
  });

  it('forgets what was undone', () => {
    const [version] = known({ certificateNo: '1', personNo: 'N', person: 'p-a' });
    const undone = [{ ...(version as Version<OfficerFacts>), undoneSequence: 9 }];
    expect(identify([{ certificateNo: '2', personNo: 'N' }], undone).persons).toEqual({ 2: 'new1' });
  });

  it.each<[string, Said[], Said[], string[]]>([
    [
      'with the registry',
      [{ certificateNo: '2', personNo: 'N', previousCertificateNo: '1' }],
      [{ certificateNo: '1', personNo: 'M', person: 'p-b' }],
      ['2 M'],
    ],
    [
      'with another row',
      [
        { certificateNo: '1', personNo: 'M' },
        { certificateNo: '2', personNo: 'N', previousCertificateNo: '1' },
      ],
      [],
      ['2 M'],
    ],
    [
      'over a row without a number',
      [
        { certificateNo: '1', personNo: 'M' },
        { certificateNo: '2', previousCertificateNo: '1' },
        { certificateNo: '3', personNo: 'N', previousCertificateNo: '2' },
      ],
      [],
      ['2 M', '3 M'],
    ],
  ])('tells a contradiction %s', (_, rows, before, conflicts) => {
    expect(identify(rows, known(...before)).conflicts).toEqual(conflicts);
  });

  it('finds the same persons when the same file comes again', () => {
    const id = fc.constantFrom('1', '2', '3', '4', '5');
    const row = fc.record(
      { certificateNo: id, personNo: fc.constantFrom('N', 'M', 'O'), previousCertificateNo: id },
      { requiredKeys: ['certificateNo'], noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.uniqueArray(row, { selector: ({ certificateNo }) => certificateNo, maxLength: 5 }), (rows) => {
        const first = identify(rows);
        const taken = rows
          .filter(({ certificateNo }) => first.persons[certificateNo] !== undefined)
          .map((said) => ({ ...said, person: first.persons[said.certificateNo] as string }));
        expect(
          identify(
            taken.map(({ person: _, ...said }) => said),
            known(...taken),
          ).persons,
        ).toEqual(first.persons);
        for (const a of taken) {
          for (const b of taken) {
            if (a.personNo !== undefined && a.personNo === b.personNo) expect(a.person).toBe(b.person);
            if (a.previousCertificateNo === b.certificateNo) expect(a.person).toBe(b.person);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a certificate that the roster no longer names', () => {
  const old = { key: '1', facts: facts({ certificateNo: '1', person: 'p-a' }) };
  const replaced = (rows: Said[], isWhole = true) =>
    replacedCertificates({ unnamed: [old], rows: rows.map((said) => ({ facts: facts(said) })), isWhole }).map(
      ({ facts: { replacedBy, replacedOn } }) => [replacedBy, replacedOn],
    );

  it('is replaced by the newest other one of the person', () => {
    const rows = [
      { certificateNo: '2', person: 'p-a', issuedOn: '2025-01-01' },
      { certificateNo: '3', person: 'p-a', issuedOn: '2026-01-01' },
      { certificateNo: '4', person: 'p-b', issuedOn: '2026-06-01' },
    ];
    expect(replaced(rows)).toEqual([['3', '2026-01-01']]);
  });

  it('is replaced by the one that calls it the one before, in a supplement only by that', () => {
    const rows = [{ certificateNo: '2', person: 'p-a', previousCertificateNo: '1' }];
    expect(replaced(rows)).toEqual([['2', undefined]]);
    expect(replaced(rows, false)).toEqual([['2', undefined]]);
    expect(replaced([{ certificateNo: '2', person: 'p-a' }], false)).toEqual([]);
  });

  it('stays when nothing of the person is named', () => {
    expect(replaced([{ certificateNo: '2', person: 'p-b' }])).toEqual([]);
  });
});
