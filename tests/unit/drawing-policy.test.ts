/**
 * Goal: at least a fifth of a month's closed penalty cases is drawn, rounded up, and the draw depends on the list and
 * the seed alone, the way that is printed for others to repeat.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subjectsOfDocument } from '../../src/domain/deletion-policy.ts';
import {
  canonicalList,
  closingDay,
  drawCount,
  drawInput,
  drawOrder,
  isPenaltyCase,
  typedNumber,
} from '../../src/domain/drawing-policy.ts';
import type { CaseTime } from '../../src/domain/people-facts.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('how many cases are drawn', () => {
  it.each([
    [0, 20, 0],
    [1, 20, 1],
    [4, 20, 1],
    [5, 20, 1],
    [6, 20, 2],
    [10, 20, 2],
    [11, 20, 3],
    [100, 20, 20],
    [101, 20, 21],
    [3, 100, 3],
    [7, 33, 3],
    [1, 100, 1],
  ])('of %i at %i %%: %i', (count, percent, drawn) => {
    expect(drawCount(count, percent)).toBe(drawn);
  });

  it('is never below the share and never a whole case above it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 20, max: 100 }), (count, percent) => {
        const drawn = drawCount(count, percent);
        expect(drawn).toBeGreaterThanOrEqual(1);
        expect(drawn * 100).toBeGreaterThanOrEqual(count * percent);
        expect((drawn - 1) * 100).toBeLessThan(count * percent);
      }),
    );
  });
});

describe('the order of a draw', () => {
  const keys = ['x-b', 'x-a', 'x-d', 'x-c', 'x-e'];

  it('is what sha256sum says', () => {
    const order = drawOrder(keys, '03 11 17', sha256);
    const theirs = keys
      .map((key) => ({
        key,
        hash: execFileSync('sh', ['-c', `printf '%s\\n%s' "$1" "$2" | sha256sum`, 'sh', '03 11 17', key])
          .toString()
          .slice(0, 64),
      }))
      .sort((a, b) => (a.hash < b.hash ? -1 : 1));
    expect(order).toEqual(theirs);
  });

  it('does not depend on the order of the list, and holds each key once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 30 }), fc.string(), (some, seed) => {
        const order = drawOrder(some, seed, sha256);
        expect(drawOrder([...some].reverse(), seed, sha256)).toEqual(order);
        expect(order.map(({ key }) => key).sort()).toEqual([...some].sort());
        for (const { key, hash } of order) expect(hash).toBe(sha256(drawInput(seed, key)));
        expect(canonicalList([...some].reverse())).toBe(canonicalList(some));
      }),
    );
  });

  it('is another one with another seed', () => {
    const firsts = new Set(Array.from({ length: 50 }, (_, at) => drawOrder(keys, `${at}`, sha256)[0]?.key));
    expect(firsts.size).toBe(keys.length);
  });
});

describe('which cases count', () => {
  const kinds = ['普通程序', '行政处罚'];
  it.each([
    ['普通程序', '1号', true],
    [' 普通程序 ', '1号', true],
    ['行政许可', '晋交罚〔2026〕1号', false],
    ['行政检查', '1号', false],
    [undefined, '晋交罚〔2026〕1号', true],
    ['', '晋交罚〔2026〕1号', true],
    [undefined, '晋交强〔2026〕1号', false],
  ])('kind %s, number %s: %s', (kind, caseNumber, counts) => {
    expect(isPenaltyCase(kind === undefined ? { caseNumber } : { kind, caseNumber }, kinds)).toBe(counts);
  });

  const ended = { local: '2026-10-31T17:00:00', utc: '2026-10-31T09:00:00.000Z' } as CaseTime;
  it.each([
    ['2026-10-05', '办理中', ended, '2026-10-05'],
    [undefined, '已结案', ended, '2026-10-31'],
    [undefined, '办理中', ended, undefined],
    [undefined, '已结案', null, undefined],
  ])('closed on %s, %s', (closedOn, status, endedAt, day) => {
    expect(closingDay({ closedOn: closedOn as never, status, endedAt })).toBe(day);
  });
});

it('a typed number is the same whatever its width and spaces', () => {
  expect(typedNumber(' ０３　11  17 ')).toBe('03 11 17');
});

it.each(['drawing-list-part', 'case-followed-up'])('deleting a case takes the documents of %s along', (type) => {
  const document = { id: 'x-1', body: { case: 'K' } } as never;
  expect(subjectsOfDocument({ type, body: {} } as never, document)).toEqual([{ kind: 'cases', key: 'K' }]);
});
