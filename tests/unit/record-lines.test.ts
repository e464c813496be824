/**
 * Goal: a record line is taken only in its one byte form; what merely decodes to the same text is damage.
 */
import { expect, test } from 'vitest';
import { buildRecord, parseRecord } from '../../src/ledger/record-lines.ts';

const { line, record } = buildRecord(
  { type: 'test', actor: { kind: 'system', id: 'station' }, body: { text: '\ufffd' } },
  {
    seq: 0,
    time: '2026-11-21T08:00:00.000Z',
    upMs: 1,
    boot: 'boot',
    station: 's-test' as never,
    prev: '0'.repeat(64),
    random: (bytes) => '0'.repeat(2 * bytes),
  },
);

test('the line that was built is read back as the record', () => {
  expect(parseRecord(line)).toEqual(record);
});

test('invalid UTF-8 that decodes to the same text is no record', () => {
  const at = line.indexOf(Buffer.from('\ufffd'));
  const damaged = Buffer.concat([line.subarray(0, at), Buffer.of(0xff), line.subarray(at + 3)]);
  expect(damaged.toString('utf8')).toBe(line.toString('utf8'));
  expect(parseRecord(damaged)).toBeUndefined();
});

test('a line without its newline, or with a blank more, is no record', () => {
  expect(parseRecord(line.subarray(0, -1))).toBeUndefined();
  expect(parseRecord(Buffer.concat([line.subarray(0, -1), Buffer.from(' \n')]))).toBeUndefined();
});
