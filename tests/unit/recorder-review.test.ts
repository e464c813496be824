/** Goal: each finding about recorders is told when it holds, at its exact border, and not otherwise. */
import { describe, expect, it } from 'vitest';
import type { CertificateStanding } from '../../src/domain/certificate-standing.ts';
import type { CheckOut } from '../../src/domain/checkout-facts.ts';
import { type AssignmentFacts, getCalendarDate } from '../../src/domain/people-facts.ts';
import {
  type RecorderReview,
  type ReviewedRecorder,
  reviewRecorders,
} from '../../src/domain/recorder-review-policy.ts';
import { instantToLocalTime } from '../../src/domain/station-time.ts';

const date = getCalendarDate;
const asOf = date('2026-11-20');
const recorder = (serial: string, fields: Partial<ReviewedRecorder> = {}): ReviewedRecorder => ({
  serial,
  model: 'M',
  state: 'in-service',
  since: '2026-11-01',
  listedSince: date('2026-11-01'),
  ...fields,
});
const assigned = (certificateNo: string, serial: string, fields: Partial<AssignmentFacts> = {}): AssignmentFacts => ({
  certificateNo,
  serial,
  from: date('2026-01-01'),
  until: null,
  mode: 'personal',
  ...fields,
});
const out = (outAt: string, returnedAt: string | null = null): CheckOut => ({
  checkout: 'k-1',
  recorder: 'R1',
  certificateNo: 'A',
  outAt,
  outSeq: 1,
  returnedAt,
  returnedSeq: returnedAt === null ? null : 2,
  returnBasis: returnedAt === null ? null : 'by-hand',
  withdrawnSeq: null,
});
const review = (fields: Partial<RecorderReview>, standing: CertificateStanding = { kind: 'valid' }): string[] =>
  reviewRecorders({
    asOf,
    now: '2026-11-20T08:00:00.000Z',
    recorders: [recorder('R1'), recorder('R2')],
    assignments: [],
    standingOf: () => standing,
    isOfficer: (certificateNo) => certificateNo !== 'nobody',
    checkOuts: [],
    lastSeen: new Map(),
    named: [],
    toLocal: (instant) => instantToLocalTime(Date.parse(instant), 'Asia/Shanghai'),
    limits: { notSeenDays: 30, checkedOutHours: 24 },
    ...fields,
  }).map(({ code, serial, certificateNo, since }) => [code, serial, certificateNo, since].filter(Boolean).join(' '));

describe('holders', () => {
  const assignments = [assigned('A', 'R1')];
  it.each([
    [{ kind: 'valid' }, []],
    [{ kind: 'unknown' }, []],
    [{ kind: 'left', since: date('2026-10-01'), reason: null }, ['holder-left R1 A 2026-10-01']],
    [{ kind: 'suspended', since: date('2026-10-01'), until: null }, ['holder-not-valid R1 A 2026-10-01']],
    [{ kind: 'withdrawn', since: null, until: null }, ['holder-not-valid R1 A']],
    [{ kind: 'expired', lastDay: date('2026-11-19') }, ['holder-not-valid R1 A 2026-11-19']],
    [
      { kind: 'open', after: date('2026-10-01'), before: date('2026-11-01'), was: 'valid', becomes: 'suspended' },
      ['holder-not-valid R1 A 2026-11-01'],
    ],
  ] as const)('%j', (standing, expected) => {
    expect(review({ assignments }, standing)).toEqual(expected);
  });

  it('over, to come, or of somebody unknown', () => {
    const left: CertificateStanding = { kind: 'left', since: date('2026-10-01'), reason: null };
    expect(review({ assignments: [assigned('A', 'R1', { until: date('2026-11-19') })] }, left)).toEqual([]);
    expect(review({ assignments: [assigned('A', 'R1', { until: asOf })] }, left)).toHaveLength(1);
    expect(review({ assignments: [assigned('A', 'R1', { from: date('2026-11-21') })] }, left)).toEqual([]);
    expect(review({ assignments: [assigned('nobody', 'R1')] })).toEqual(['holder-unknown R1 nobody']);
    expect(review({ assignments: [assigned('A', 'R9')] })).toEqual(['assigned-recorder-unknown R9 A']);
    expect(review({ assignments: [assigned('A', 'R9')], recorders: [] })).toEqual([]);
  });
});

it('file names with another officer than the records have', () => {
  const named = { serial: 'R2', certificateNo: 'B', holders: ['A'], since: '2026-11-19T01:00:00.000Z' };
  expect(review({ named: [{ ...named, differs: true }] })).toEqual([
    'name-officer-differs R2 B 2026-11-19T01:00:00.000Z',
  ]);
  expect(review({ named: [{ ...named, differs: false }] })).toEqual([]);
});

describe('sharing', () => {
  it.each([
    ['two personal', [assigned('A', 'R1'), assigned('A', 'R2')], ['two-personal-recorders R1 A']],
    ['one of them shared', [assigned('A', 'R1'), assigned('A', 'R2', { mode: 'shared' })], []],
    ['one of them over', [assigned('A', 'R1'), assigned('A', 'R2', { until: date('2026-11-19') })], []],
    ['two holders', [assigned('A', 'R1'), assigned('B', 'R1')], ['recorder-two-holders R1 A']],
    [
      'personal and shared',
      [assigned('A', 'R1'), assigned('B', 'R1', { mode: 'shared' })],
      ['recorder-two-holders R1 A'],
    ],
    ['a pool', [assigned('A', 'R1', { mode: 'shared' }), assigned('B', 'R1', { mode: 'shared' })], []],
    ['twice the same', [assigned('A', 'R1'), assigned('A', 'R1', { from: date('2026-02-01') })], []],
  ] as const)('%s', (_name, assignments, expected) => {
    expect(review({ assignments })).toEqual(expected);
  });
});

describe('seen', () => {
  const one = (fields: Partial<ReviewedRecorder>, seen?: string): string[] =>
    review({ recorders: [recorder('R1', fields)], lastSeen: new Map(seen === undefined ? [] : [['R1', seen]]) });

  it('not for N days, by the station’s calendar', () => {
    expect(one({ listedSince: date('2026-10-21') })).toEqual([]);
    expect(one({ listedSince: date('2026-10-20') })).toEqual(['recorder-not-seen R1']);
    const listedSince = date('2026-01-01');
    expect(one({ listedSince }, '2026-10-20T16:00:00.000Z')).toEqual([]);
    expect(one({ listedSince }, '2026-10-20T15:59:59.000Z')).toEqual(['recorder-not-seen R1 2026-10-20T15:59:59.000Z']);
    expect(one({ listedSince, state: 'repair', since: '2026-01-01' })).toEqual([]);
  });

  it.each([
    ['lost', '2026-11-10', '2026-11-10T15:59:00.000Z', []],
    ['lost', '2026-11-10', '2026-11-10T16:00:00.000Z', ['lost-recorder-docked R1 2026-11-10T16:00:00.000Z']],
    ['repair', '2026-11-10T10:00:00', '2026-11-10T01:59:59.000Z', []],
    [
      'repair',
      '2026-11-10T10:00:00',
      '2026-11-10T02:00:01.000Z',
      ['repair-recorder-docked R1 2026-11-10T02:00:01.000Z'],
    ],
    ['scrapped', '2026-11-10', '2026-11-12T00:00:00.000Z', ['scrapped-recorder-docked R1 2026-11-12T00:00:00.000Z']],
  ] as const)('%s since %s, docked %s', (state, since, seen, expected) => {
    expect(one({ state, since }, seen)).toEqual(expected);
  });
});

it.each([
  ['2026-11-19T08:00:00.000Z', null, []],
  ['2026-11-19T07:59:59.999Z', null, ['check-out-overdue R1 A 2026-11-19T07:59:59.999Z']],
  ['2026-11-18T00:00:00.000Z', '2026-11-20T08:00:00.000Z', []],
  ['2026-11-18T00:00:00.000Z', '2026-11-20T08:00:00.001Z', ['check-out-overdue R1 A 2026-11-18T00:00:00.000Z']],
] as const)('checked out %s, returned %s', (outAt, returnedAt, expected) => {
  expect(review({ checkOuts: [out(outAt, returnedAt)] })).toEqual(expected);
});
