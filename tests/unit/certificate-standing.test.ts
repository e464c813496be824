/**
 * Goal: what a certificate was worth on any day follows from what rosters said of it and from nothing else: dated
 * statements reach back, undated ones leave the days between two rosters open, a renewal leaves no gap.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CertificateStanding,
  certificateStandingOn,
  standingOfFacts,
} from '../../src/domain/certificate-standing.ts';
import type { Version } from '../../src/domain/history.ts';
import { type CalendarDate, getCalendarDate, type OfficerFacts } from '../../src/domain/people-facts.ts';
import { personStandingOn } from '../../src/domain/person-standing.ts';

type Said = { readonly [K in keyof OfficerFacts]?: string };

const base = { certificateNo: '1001', name: '张三', unit: '一大队', post: '路面执法', onDuty: true } as const;
const facts = (said: Said = {}): OfficerFacts =>
  ({ ...base, certificateStatus: 'valid', validUntil: '2026-06-30', ...said }) as OfficerFacts;
const day = (text: string): CalendarDate => getCalendarDate(text);
const rosters = (...said: (readonly [day: string, said: Said])[]): Version<OfficerFacts>[] =>
  said.map(([from, what], at) => ({
    key: (what.certificateNo as string | undefined) ?? '1001',
    effectiveFrom: day(from),
    sequence: at * 10,
    facts: facts(what),
  }));
const on = (versions: readonly Version<OfficerFacts>[], asOf: string) =>
  certificateStandingOn(versions, { asOf: day(asOf) });

describe('one roster', () => {
  it.each<[string, Said, string, CertificateStanding]>([
    ['valid', {}, '2026-03-10', { kind: 'valid' }],
    ['on its last day', {}, '2026-06-30', { kind: 'valid' }],
    ['after its last day', {}, '2026-07-01', { kind: 'expired', lastDay: day('2026-06-30') }],
    ['suspended', { certificateStatus: 'suspended' }, '2026-03-10', { kind: 'suspended', since: null, until: null }],
    [
      'suspended from a day to come',
      { certificateStatus: 'suspended', statusFrom: '2026-03-11' },
      '2026-03-10',
      { kind: 'valid' },
    ],
    [
      'suspended since that day',
      { certificateStatus: 'suspended', statusFrom: '2026-03-10' },
      '2026-03-10',
      { kind: 'suspended', since: day('2026-03-10'), until: null },
    ],
    [
      'on the last day of a suspension',
      { certificateStatus: 'suspended', statusUntil: '2026-03-10' },
      '2026-03-10',
      { kind: 'suspended', since: null, until: day('2026-03-10') },
    ],
    [
      'after a suspension',
      { certificateStatus: 'suspended', statusUntil: '2026-03-10' },
      '2026-03-11',
      { kind: 'valid' },
    ],
    ['cancelled', { certificateStatus: 'cancelled' }, '2026-07-10', { kind: 'cancelled', since: null, until: null }],
    [
      'not issued yet',
      { issuedOn: '2026-04-01' },
      '2026-03-10',
      { kind: 'not-yet-issued', issuedOn: day('2026-04-01') },
    ],
    [
      'left',
      { leftOn: '2026-03-10', leftReason: '退休' },
      '2026-03-10',
      { kind: 'left', since: day('2026-03-10'), reason: '退休' },
    ],
    ['about to leave', { leftOn: '2026-03-11' }, '2026-03-10', { kind: 'valid' }],
    ['replaced', { replacedBy: '2002' }, '2026-03-10', { kind: 'replaced', by: '2002', since: null }],
  ])('%s', (_, said, asOf, standing) => {
    expect(on(rosters(['2026-01-01', said]), asOf)).toEqual(standing);
  });

  it.each<[string, Said, CertificateStanding['kind']]>([
    ['of which it gives no day of issue', {}, 'unknown'],
    ['issued before', { issuedOn: '2020-01-01' }, 'valid'],
    ['issued later', { issuedOn: '2025-12-31' }, 'not-yet-issued'],
    ['suspended since a day before', { certificateStatus: 'suspended', statusFrom: '2025-11-01' }, 'suspended'],
    ['suspended without a day', { certificateStatus: 'suspended', issuedOn: '2020-01-01' }, 'unknown'],
    ['left before', { leftOn: '2025-11-01' }, 'left'],
  ])('a day before it is answered for a certificate %s', (_, said, kind) => {
    expect(on(rosters(['2026-01-01', said]), '2025-12-01').kind).toBe(kind);
  });

  it('knows nothing of a certificate that no roster names', () => {
    expect(on([], '2026-01-01')).toEqual({ kind: 'unknown' });
  });
});

describe('between two rosters', () => {
  const suspended = { certificateStatus: 'suspended' };
  it.each<[string, Said, Said, string, CertificateStanding]>([
    ['nothing changed', {}, {}, '2026-01-15', { kind: 'valid' }],
    [
      'the later one tells of a lapse without a day',
      {},
      suspended,
      '2026-01-15',
      { kind: 'open', after: day('2026-01-01'), before: day('2026-02-01'), was: 'valid', becomes: 'suspended' },
    ],
    ['and on the day of the earlier one', {}, suspended, '2026-01-01', { kind: 'valid' }],
    ['and on the day of the later one', {}, suspended, '2026-02-01', { kind: 'suspended', since: null, until: null }],
    [
      'the later one dates the lapse, before it',
      {},
      { ...suspended, statusFrom: '2026-01-20' },
      '2026-01-19',
      { kind: 'valid' },
    ],
    [
      'the later one dates the lapse, within it',
      {},
      { ...suspended, statusFrom: '2026-01-20' },
      '2026-01-20',
      { kind: 'suspended', since: day('2026-01-20'), until: null },
    ],
    [
      'the later one dates the leaving',
      {},
      { leftOn: '2026-01-20' },
      '2026-01-20',
      { kind: 'left', since: day('2026-01-20'), reason: null },
    ],
    [
      'a lapse ended without a day',
      suspended,
      {},
      '2026-01-15',
      { kind: 'open', after: day('2026-01-01'), before: day('2026-02-01'), was: 'suspended', becomes: 'valid' },
    ],
    [
      'a lapse ended on a day to come',
      suspended,
      { statusFrom: '2026-01-20' },
      '2026-01-19',
      { kind: 'suspended', since: null, until: null },
    ],
    ['a lapse ended on a day', suspended, { statusFrom: '2026-01-20' }, '2026-01-20', { kind: 'valid' }],
    [
      'one lapse became another',
      suspended,
      { certificateStatus: 'cancelled' },
      '2026-01-15',
      { kind: 'suspended', since: null, until: null },
    ],
  ])('%s', (_, first, second, asOf, standing) => {
    expect(on(rosters(['2026-01-01', first], ['2026-02-01', second]), asOf)).toEqual(standing);
  });
});

describe('a renewed certificate', () => {
  const renewed = { validUntil: '2032-06-30' };
  const open = { kind: 'open', after: day('2026-06-30'), before: day('2026-07-10'), was: 'expired', becomes: 'valid' };

  it('under the same number leaves no gap when its first day is known', () => {
    const versions = rosters(['2026-01-01', {}], ['2026-07-10', { ...renewed, issuedOn: '2026-07-01' }]);
    for (const asOf of ['2026-06-30', '2026-07-01', '2026-07-09', '2026-07-10'])
      expect(on(versions, asOf).kind).toBe('valid');
  });

  it('under the same number leaves the days between open when it is not', () => {
    const versions = rosters(['2026-01-01', {}], ['2026-07-10', renewed]);
    expect(on(versions, '2026-06-30').kind).toBe('valid');
    expect(on(versions, '2026-07-05')).toEqual(open);
    expect(on(versions, '2026-07-10').kind).toBe('valid');
  });

  const person = (replaced: Said, fresh: Said) => [
    ...rosters(['2026-01-01', {}], ['2026-07-10', { replacedBy: '2002', ...replaced }]),
    ...rosters(['2026-07-10', { certificateNo: '2002', ...renewed, ...fresh }]),
  ];
  const standings = (versions: readonly Version<OfficerFacts>[], ...days: string[]) =>
    days.map((asOf) => personStandingOn(versions, { asOf: day(asOf) })?.standing.kind);

  it('under a new number is the same person without a gap', () => {
    const versions = person({ replacedOn: '2026-07-01' }, { issuedOn: '2026-07-01' });
    expect(standings(versions, '2026-06-30', '2026-07-01', '2026-07-09', '2026-07-10', '2027-01-01')).toEqual(
      Array.from({ length: 5 }, () => 'valid'),
    );
  });

  it('under a new number without a first day leaves the days between open', () => {
    const versions = person({}, {});
    expect(standings(versions, '2026-06-30', '2026-07-05', '2026-07-10')).toEqual(['valid', 'open', 'valid']);
    expect(on(versions.slice(0, 2), '2026-07-05')).toEqual(open);
  });

  it('does not lend the old one to a new one that is suspended', () => {
    const versions = person({}, { certificateStatus: 'suspended' });
    expect(personStandingOn(versions, { asOf: day('2026-07-10') })).toEqual({
      certificateNo: '2002',
      standing: { kind: 'suspended', since: null, until: null },
    });
  });
});

describe('properties', () => {
  const days = ['2026-01-01', '2026-01-10', '2026-02-01', '2026-03-01', '2026-06-30', '2026-07-01', '2026-08-01'].map(
    day,
  );
  const aDay = fc.constantFrom(...days);
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const someFacts = fc
    .record({
      certificateStatus: fc.constantFrom('valid', 'suspended', 'withdrawn', 'cancelled'),
      validUntil: aDay,
      statusFrom: maybe(aDay),
      statusUntil: maybe(aDay),
      issuedOn: maybe(aDay),
      leftOn: maybe(aDay),
    })
    .map((said) => facts(Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Said));
  const history = fc
    .array(fc.record({ effectiveFrom: aDay, facts: someFacts, undone: fc.boolean() }), { maxLength: 6 })
    .map((all) =>
      all.map(({ undone, ...version }, at): Version<OfficerFacts> => {
        const made = { ...version, key: '1001', sequence: at * 10 };
        return undone ? { ...made, undoneSequence: at * 10 + 5 } : made;
      }),
    );

  it('an undone roster counts as if it had never been', () => {
    fc.assert(
      fc.property(history, aDay, (versions, asOf) => {
        const left = versions.filter(({ undoneSequence }) => undoneSequence === undefined);
        expect(certificateStandingOn(versions, { asOf })).toEqual(certificateStandingOn(left, { asOf }));
      }),
    );
  });

  it('what was answered for a moment of the ledger stays answered', () => {
    fc.assert(
      fc.property(history, aDay, fc.nat(60), (versions, asOf, knownAt) => {
        const then = versions
          .filter(({ sequence }) => sequence <= knownAt)
          .map(({ undoneSequence, ...version }) =>
            undoneSequence === undefined || undoneSequence > knownAt ? version : { ...version, undoneSequence },
          );
        expect(certificateStandingOn(versions, { asOf, knownAt })).toEqual(certificateStandingOn(then, { asOf }));
      }),
    );
  });

  it('after the last roster nothing but that roster speaks', () => {
    fc.assert(
      fc.property(history, someFacts, (versions, last) => {
        const latest = { key: '1001', effectiveFrom: day('2026-09-01'), sequence: 1000, facts: last };
        const asOf = day('2026-10-01');
        expect(certificateStandingOn([...versions, latest], { asOf })).toEqual(standingOfFacts(last, asOf));
      }),
    );
  });

  it('a day is open only strictly between the days that it names', () => {
    fc.assert(
      fc.property(history, aDay, (versions, asOf) => {
        const standing = certificateStandingOn(versions, { asOf });
        if (standing.kind === 'open') expect(standing.after < asOf && asOf < standing.before).toBe(true);
      }),
    );
  });
});
