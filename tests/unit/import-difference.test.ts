/**
 * Goal: a difference says exactly what an import would change and nothing else; the same file twice changes nothing;
 * who is missing stays; and a back-dated file never reaches past a later file that said otherwise.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Version, versionsAsOf } from '../../src/domain/history.ts';
import { type ImportMark, importDifference, pinnedByLaterImports } from '../../src/domain/import-difference.ts';
import { getCalendarDate } from '../../src/domain/people-facts.ts';

type Facts = { readonly post: string; readonly officers?: readonly string[] };
const row = (key: string, post: string) => ({ key, facts: { post } });
const known = (...rows: { key: string; facts: Facts }[]) => new Map(rows.map((each) => [each.key, each]));

describe('the difference', () => {
  it('tells new, changed, unchanged and missing apart', () => {
    const current = known(row('a', '一线'), row('b', '一线'), row('z', '一线'), row('y', '内勤'));
    expect(importDifference({ current, rows: [row('c', '水上'), row('b', '内勤'), row('a', '一线')] })).toEqual({
      added: [row('c', '水上')],
      changed: [
        {
          key: 'b',
          from: { post: '一线' },
          to: { post: '内勤' },
          fields: [{ field: 'post', from: '一线', to: '内勤' }],
        },
      ],
      unchanged: [row('a', '一线')],
      missing: [row('y', '内勤'), row('z', '一线')],
    });
  });

  it('names only the fields that differ, in the order of the facts', () => {
    const from = { certificateNo: '1', name: '张三', unit: '一大队', validUntil: '2026-01-01' };
    const to = { ...from, unit: '二大队', validUntil: '2027-01-01' };
    const current = new Map([['1', { key: '1', facts: from }]]);
    expect(importDifference({ current, rows: [{ key: '1', facts: to }] }).changed[0]?.fields).toEqual([
      { field: 'unit', from: '一大队', to: '二大队' },
      { field: 'validUntil', from: '2026-01-01', to: '2027-01-01' },
    ]);
  });

  it('looks into lists and times, not at the order of keys that a store gave back', () => {
    const from = { officers: ['1', '2'], startedAt: { utc: 'u', local: 'l' }, endedAt: null };
    const same = { endedAt: null, startedAt: { local: 'l', utc: 'u' }, officers: ['1', '2'] };
    const other = { ...same, officers: ['2', '1'] };
    const current = new Map([['k', { key: 'k', facts: from as object }]]);
    expect(importDifference({ current, rows: [{ key: 'k', facts: same }] }).unchanged).toHaveLength(1);
    expect(importDifference({ current, rows: [{ key: 'k', facts: other }] }).changed[0]?.fields).toEqual([
      { field: 'officers', from: ['1', '2'], to: ['2', '1'] },
    ]);
  });

  it('finds everything new in an empty registry, and everybody missing from an empty file', () => {
    expect(importDifference({ current: new Map(), rows: [row('a', 'x')] }).added).toEqual([row('a', 'x')]);
    expect(importDifference({ current: known(row('a', 'x')), rows: [] }).missing).toEqual([row('a', 'x')]);
  });
});

/** A registry that takes imports as the station does: only what is new or changed becomes a version. */
class Registry {
  readonly versions: Version<Facts>[] = [];
  readonly imports: ImportMark[] = [];
  #sequence = 0;

  take(effective: string, rows: { key: string; facts: Facts }[]) {
    const effectiveFrom = getCalendarDate(effective);
    this.#sequence += 1;
    const sequence = this.#sequence;
    const current = versionsAsOf(this.versions, { asOf: effectiveFrom });
    const difference = importDifference({ current, rows });
    const changed = difference.changed.map(({ key }) => key);
    const pins = pinnedByLaterImports({ effectiveFrom, changed, versions: this.versions, imports: this.imports });
    this.versions.push(
      ...difference.added.map(({ key, facts }) => ({ key, facts, effectiveFrom, sequence })),
      ...difference.changed.map(({ key, to }) => ({ key, facts: to, effectiveFrom, sequence })),
      ...pins.map((pin) => ({ ...pin, sequence })),
    );
    this.imports.push({
      import: `i-${sequence}`,
      effectiveFrom,
      sequence,
      missing: new Set(difference.missing.map(({ key }) => key)),
    });
    return { ...difference, pins };
  }

  on(day: string): Record<string, string> {
    const held = versionsAsOf(this.versions, { asOf: getCalendarDate(day) });
    return Object.fromEntries([...held.values()].map(({ key, facts }) => [key, facts.post]));
  }
}

describe('imports one after the other', () => {
  it('changes nothing when the same file comes again, on the same day or later', () => {
    const registry = new Registry();
    const file = [row('a', '一线'), row('b', '内勤')];
    registry.take('2026-01-01', file);
    for (const day of ['2026-01-01', '2026-06-01']) {
      expect(registry.take(day, file)).toMatchObject({ added: [], changed: [], unchanged: file, missing: [] });
    }
    expect(registry.versions).toHaveLength(2);
  });

  it('takes a file dated before all others as news, since nothing was said of those days', () => {
    const registry = new Registry();
    registry.take('2026-06-01', [row('a', '一线')]);
    expect(registry.take('2026-01-01', [row('a', '一线')]).added).toEqual([row('a', '一线')]);
  });

  it('keeps a back-dated correction from reaching past a later file that repeated the old facts', () => {
    const registry = new Registry();
    registry.take('2026-01-01', [row('a', 'old'), row('b', 'old')]);
    registry.take('2026-06-01', [row('a', 'old')]);
    const { pins } = registry.take('2026-03-01', [row('a', 'new'), row('b', 'new')]);
    // b was missing from the June file, which therefore said nothing about it.
    expect(pins).toEqual([{ key: 'a', facts: { post: 'old' }, effectiveFrom: '2026-06-01', says: 'i-2' }]);
    expect(registry.on('2026-02-28')).toEqual({ a: 'old', b: 'old' });
    expect(registry.on('2026-03-01')).toEqual({ a: 'new', b: 'new' });
    expect(registry.on('2026-06-01')).toEqual({ a: 'old', b: 'new' });
  });

  it('pins nothing when a later version takes over before any later file confirmed the old facts', () => {
    const registry = new Registry();
    registry.take('2026-01-01', [row('a', 'old')]);
    registry.take('2026-06-01', [row('a', 'june')]);
    registry.take('2026-09-01', [row('a', 'june')]);
    expect(registry.take('2026-03-01', [row('a', 'march')]).pins).toEqual([]);
    expect(registry.on('2026-07-01')).toEqual({ a: 'june' });
  });

  it('pins nothing for a subject that the later file could not have known', () => {
    const registry = new Registry();
    registry.take('2026-06-01', [row('a', 'old')]);
    registry.take('2026-01-01', [row('b', 'old')]);
    expect(registry.take('2026-03-01', [row('b', 'new')]).pins).toEqual([]);
    expect(registry.on('2026-06-01')).toEqual({ a: 'old', b: 'new' });
  });

  it('pins again what a pin has already moved, when a second correction comes', () => {
    const registry = new Registry();
    for (const day of ['2026-01-01', '2026-01-03', '2026-01-02']) {
      registry.take(day, [row('a', 'old')]);
    }
    registry.take('2026-01-01', [row('a', 'new')]);
    registry.take('2026-01-02', [row('a', 'new')]);
    expect(registry.on('2026-01-02')).toEqual({ a: 'new' });
    expect(registry.on('2026-01-03')).toEqual({ a: 'old' });
  });

  it('lets every day be answered by the last file at or before it that named the subject', () => {
    const day = fc.integer({ min: 1, max: 6 }).map((number) => `2026-01-0${number}`);
    const file = fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y'), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(day, file), { maxLength: 8 }), day, (files, asked) => {
        const registry = new Registry();
        for (const [from, content] of files) {
          registry.take(
            from,
            Object.entries(content).map(([key, post]) => row(key, post)),
          );
        }
        const said: Record<string, string> = {};
        for (const [, content] of files
          .filter(([from]) => from <= asked)
          .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
          Object.assign(said, content);
        }
        expect(registry.on(asked)).toEqual(said);
      }),
      { numRuns: 2000 },
    );
  });
});
