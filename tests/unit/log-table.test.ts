/** Goal: sequences and logs belong together in one way only, and what records say of a change of keys is read strictly. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { continuedLogIn, logClosedIn } from '../../src/domain/log-facts.ts';
import { LogTable } from '../../src/ledger/log-table.ts';

const tableOf = (...sizes: number[]): LogTable<{ name: number; firstSequence: number }> => {
  let firstSequence = 0;
  const logs = sizes.map((size, name) => {
    const log = { name, firstSequence };
    firstSequence += size;
    return log;
  });
  return new LogTable(logs);
};

describe('sequences of a ledger of several logs', () => {
  it.each([
    [0, 0, 0],
    [11, 0, 11],
    [12, 1, 0],
    [4107, 1, 4095],
    [4108, 2, 0],
    [9999, 2, 5891],
  ])('sequence %i is record %i:%i', (sequence, name, index) => {
    const place = tableOf(12, 4096, 1).placeOf(sequence);
    expect([place.log.name, place.index]).toEqual([name, index]);
  });

  it('every sequence has one place, and every place one sequence', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 6 }), (sizes) => {
        const table = tableOf(...sizes);
        let sequence = 0;
        for (const [name, size] of sizes.entries()) {
          for (const index of new Set([0, Math.floor(size / 2), size - 1])) {
            const place = table.placeOf(sequence + index);
            expect([place.log.name, place.index]).toEqual([name, index]);
          }
          sequence += size;
        }
        expect(table.placeOf(sequence).log).toBe(table.current);
      }),
    );
  });

  it('several are given log by log, each once and in order', () => {
    const places = tableOf(10, 10, 10).placesOf([25, 3, 19, 3, 10, 20]);
    expect(Array.from(places, ([{ name }, indexes]) => [name, indexes])).toEqual([
      [0, [3]],
      [1, [0, 9]],
      [2, [0, 5]],
    ]);
  });

  it('there is none below the first', () => expect(() => tableOf(1).placeOf(-1)).toThrow(RangeError));
});

describe('what records say of a change of keys', () => {
  const hex = 'ab'.repeat(32);
  const closed = { log: 0, logKey: hex, leafKey: hex, reason: 'routine' };
  const continues = { log: 0, logKeySha256: hex, size: 12, root: hex, checkpoint: 'x', reason: 'compromised' };

  it('is read', () => {
    expect(logClosedIn(closed)).toEqual(closed);
    expect(continuedLogIn({ continues })).toEqual(continues);
  });

  it.each([{ log: '0' }, { logKey: 'ab' }, { leafKey: undefined }, { reason: 'other' }])('not closed: %o', (other) =>
    expect(logClosedIn({ ...closed, ...other })).toBeUndefined(),
  );

  it.each([{ size: -1 }, { size: 1.5 }, { root: 'x' }, { checkpoint: 1 }, { reason: '' }, { logKeySha256: 3 }])(
    'not continued: %o',
    (other) => expect(continuedLogIn({ continues: { ...continues, ...other } })).toBeUndefined(),
  );
});
