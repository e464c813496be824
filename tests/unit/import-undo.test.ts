/**
 * Goal: after an import is undone, every question about any day is answered as if it had never been, and every other
 * import still says what its file said, whatever was imported, corrected and undone before and after.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { versionsAsOf } from '../../src/domain/history.ts';
import { type ImportMark, importDifference, pinnedByLaterImports } from '../../src/domain/import-difference.ts';
import { pinnedByUndo, type StatedVersion } from '../../src/domain/import-undo.ts';
import { type CalendarDate, getCalendarDate } from '../../src/domain/people-facts.ts';

interface Facts {
  readonly post: string;
}
type Rows = Readonly<Record<string, string>>;

/** Imports as the station takes them: only what is new or changed becomes a version. */
class Registry {
  readonly versions: StatedVersion<Facts>[] = [];
  readonly marks: (ImportMark & { undone?: true })[] = [];
  #sequence = 0;

  take(id: string, effectiveFrom: CalendarDate, file: Rows): void {
    this.#sequence += 1;
    const sequence = this.#sequence;
    const rows = Object.entries(file).map(([key, post]) => ({ key, facts: { post } }));
    const difference = importDifference({ current: versionsAsOf(this.versions, { asOf: effectiveFrom }), rows });
    const changed = [...difference.added, ...difference.changed.map(({ key, to }) => ({ key, facts: to }))];
    const pins = pinnedByLaterImports({
      effectiveFrom,
      changed: changed.map(({ key }) => key),
      versions: this.versions,
      imports: this.#counting(),
    });
    this.versions.push(
      ...changed.map((version) => ({ ...version, effectiveFrom, sequence, origin: id })),
      ...pins.map(({ says, ...pin }) => ({ ...pin, sequence, origin: says })),
    );
    const missing = new Set(difference.missing.map(({ key }) => key));
    this.marks.push({ import: id, effectiveFrom, sequence, missing });
  }

  undo(id: string): void {
    this.#sequence += 1;
    const pins = pinnedByUndo({ import: id, versions: this.versions, imports: this.#counting() });
    this.versions.push(...pins.map(({ says, ...pin }) => ({ ...pin, sequence: this.#sequence, origin: says })));
    this.#sequence += 1;
    for (const [at, version] of this.versions.entries()) {
      if (version.origin === id) this.versions[at] = { undoneSequence: this.#sequence, ...version };
    }
    const at = this.marks.findIndex((mark) => mark.import === id);
    const mark = this.marks[at];
    if (mark !== undefined) this.marks[at] = { ...mark, undone: true };
  }

  #counting(): ImportMark[] {
    return this.marks.filter(({ undone }) => undone !== true);
  }

  on(day: CalendarDate): Record<string, string> {
    const held = versionsAsOf(this.versions, { asOf: day });
    return Object.fromEntries([...held.values()].map(({ key, facts }) => [key, facts.post]));
  }
}

interface Said {
  readonly id: string;
  readonly day: CalendarDate;
  readonly file: Rows;
}

/** What must be true: of a subject the latest day's file up to the day counts, of one day the last taken. */
function meant(files: readonly Said[], day: CalendarDate): Record<string, string> {
  const known: Record<string, { day: CalendarDate; post: string }> = {};
  for (const { day: from, file } of files) {
    if (from > day) continue;
    for (const [key, post] of Object.entries(file)) {
      const other = known[key];
      if (other === undefined || other.day <= from) known[key] = { day: from, post };
    }
  }
  return Object.fromEntries(Object.entries(known).map(([key, { post }]) => [key, post]));
}

type Step = { readonly day: CalendarDate; readonly file: Rows } | { readonly undo: number };

/** One step in the registry and in what it must mean; an undo takes one of the imports that still count. */
function act(step: Step, { registry, files, id }: { registry: Registry; files: Said[]; id: string }): void {
  if ('undo' in step) {
    const [gone] = files.length === 0 ? [] : files.splice(step.undo % files.length, 1);
    if (gone !== undefined) registry.undo(gone.id);
    return;
  }
  registry.take(id, step.day, step.file);
  files.push({ id, ...step });
}

const days = ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01'].map(getCalendarDate);

describe('an import that is undone', () => {
  it('leaves what a later file confirmed', () => {
    const registry = new Registry();
    const [january, february, march] = days as [CalendarDate, CalendarDate, CalendarDate];
    registry.take('a', january, { x: '内勤' });
    registry.take('b', february, { x: '一线' });
    registry.take('c', march, { x: '一线' });
    registry.undo('b');
    expect([january, february, march].map((day) => registry.on(day).x)).toEqual(['内勤', '内勤', '一线']);
  });

  it('takes along what only it said, also what a back-dated one wrote in its name', () => {
    const registry = new Registry();
    const [january, february, march, april] = days as [CalendarDate, CalendarDate, CalendarDate, CalendarDate];
    registry.take('a', january, { x: '内勤' });
    registry.take('b', march, { x: '内勤' });
    registry.take('c', february, { x: '一线' });
    expect(registry.on(april).x).toBe('内勤');
    registry.undo('b');
    expect(registry.on(april).x).toBe('一线');
  });

  it('answers as if it had never been, whatever happened before and after', () => {
    const file = fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.constantFrom('一线', '内勤'), {
      noNullPrototype: true,
    });
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ day: fc.constantFrom(...days), file }) },
      { weight: 1, arbitrary: fc.record({ undo: fc.nat(20) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
        const registry = new Registry();
        const files: Said[] = [];
        for (const [number, one] of steps.entries()) {
          act(one, { registry, files, id: `i${number}` });
          for (const day of days) expect(registry.on(day)).toEqual(meant(files, day));
        }
      }),
      { numRuns: 3000 },
    );
  });
});
