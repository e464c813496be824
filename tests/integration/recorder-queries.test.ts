/**
 * Goal: check-outs, returns, withdrawals and claims of the ledger are in the registry; a document that was lawfully
 * erased leaves no row; forgetting a person or a clip leaves the rows that a rebuild makes afterwards.
 */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RecordEnvelope, ReplayedRecord } from '../../src/domain/records.ts';
import { Registry } from '../../src/registry/registry.ts';

let registry: Registry;
beforeEach(() => {
  registry = Registry.open(':memory:');
});
afterEach(() => registry.close());

function record(seq: number, type: string, body: object, document?: object | 'erased'): ReplayedRecord {
  const id = `x-${seq}` as never;
  return {
    record: {
      v: 1,
      seq,
      type,
      time: `2026-11-20T08:00:${String(seq).padStart(2, '0')}.000Z`,
      upMs: seq,
      boot: 'b',
      station: 's-1' as never,
      nonce: '0',
      prev: '0',
      actor: { kind: 'person', id: 'os-user:0' },
      body: body as RecordEnvelope['body'],
    },
    documents:
      document === undefined ? [] : [document === 'erased' ? { id, erasedBy: 99 } : { id, body: document as never }],
  };
}

const out = (seq: number, checkout: string, certificateNo: string | null): ReplayedRecord =>
  record(
    seq,
    'recorder-checked-out',
    { checkout, recorder: 'R-1', at: `2026-11-20T0${seq}:00:00.000Z` },
    certificateNo === null ? 'erased' : { certificateNo, checks: [{ point: 'card', state: 'ok', figure: 0 }] },
  );
const back = (seq: number, checkout: string): ReplayedRecord =>
  record(seq, 'recorder-returned', { checkout, recorder: 'R-1', at: '2026-11-20T09:00:00.000Z', basis: 'by-hand' });

it('check-outs are told with their return, the first return counts, and what is open is a question of its own', () => {
  const withdrawal = record(5, 'checkout-withdrawn', { checkout: 'k-c' }, { certificateNo: 'A', reason: 'mistyped' });
  registry.apply([
    out(0, 'k-a', 'A'),
    back(1, 'k-a'),
    back(2, 'k-a'),
    out(3, 'k-b', 'B'),
    out(4, 'k-c', 'A'),
    withdrawal,
  ]);
  const rows = registry.recorders.checkoutsOfRecorder('R-1');
  expect(rows.map(({ checkout, returnedSeq, withdrawnSeq }) => [checkout, returnedSeq, withdrawnSeq])).toEqual([
    ['k-a', 1, null],
    ['k-b', null, null],
    ['k-c', null, 5],
  ]);
  expect(rows[0]?.checks).toEqual([{ point: 'card', state: 'ok', figure: 0 }]);
  expect(registry.recorders.openCheckouts().map(({ checkout }) => checkout)).toEqual(['k-b']);
  expect(registry.recorders.checkoutsOfOfficer('A').map(({ checkout }) => checkout)).toEqual(['k-a', 'k-c']);
});

it('claims stand beside each other; none overwrites another', () => {
  const claim = (seq: number, certificateNo: string, statement: string): ReplayedRecord =>
    record(seq, 'clip-claimed', { clip: 'c-1' }, { certificateNo, statement });
  registry.apply([claim(0, 'A', 'mine'), claim(1, 'B', 'no, mine'), claim(2, 'A', '')]);
  expect(registry.recorders.claimsOfClip('c-1').map((one) => [one.certificateNo, one.statement])).toEqual([
    ['A', 'mine'],
    ['B', 'no, mine'],
    ['A', ''],
  ]);
});

it('a forgotten person leaves what a rebuild over the overwritten documents makes', () => {
  const claim = (document: object | 'erased') => record(3, 'clip-claimed', { clip: 'c-1' }, document);
  const approved = (target: object | 'erased'): ReplayedRecord => ({
    ...record(4, 'deletion-approved', { deletion: 'e-1', kind: 'person', clips: [], documents: [] }),
    documents: [
      { id: 'x-40' as never, body: { rule: 'r', reason: 'r', requestedBy: 'a', approvedBy: 'b' } },
      target === 'erased' ? { id: 'x-41' as never, erasedBy: 4 } : { id: 'x-41' as never, body: target as never },
    ],
  });
  const subjects = { subjects: [{ kind: 'officers', key: 'A' }], words: ['A'] };
  registry.apply([
    out(0, 'k-a', 'A'),
    out(1, 'k-b', 'B'),
    back(2, 'k-a'),
    claim({ certificateNo: 'A', statement: '' }),
  ]);
  registry.apply([approved(subjects)]);
  const rebuilt = Registry.open(':memory:');
  rebuilt.apply([out(0, 'k-a', null), out(1, 'k-b', 'B'), back(2, 'k-a'), claim('erased'), approved('erased')]);
  expect(registry.differencesFrom(rebuilt)).toEqual([]);
  expect(registry.recorders.checkoutsOfRecorder('R-1').map(({ checkout }) => checkout)).toEqual(['k-b']);
  rebuilt.close();
});
