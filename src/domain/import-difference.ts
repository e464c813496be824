/**
 * What an import would change, before anything is recorded: an upsert by key against the facts that hold on the
 * effective date. Subjects missing from the file stay as they are and are listed. It decides nothing about bad rows
 * and records nothing; the same rows against their own result are all unchanged.
 */
import { countsAt, supersedes, type Version } from './history.ts';
import { type CalendarDate, compareText } from './people-facts.ts';

export interface KeyedFacts<F> {
  readonly key: string;
  readonly facts: F;
}

export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

export interface ChangedSubject<F> {
  readonly key: string;
  readonly from: F;
  readonly to: F;
  /** Only the fields that differ, in the order of the facts. */
  readonly fields: readonly FieldChange[];
}

/** Rows in the order of the file, `missing` in the order of the keys. */
export interface ImportDifference<F> {
  readonly added: readonly KeyedFacts<F>[];
  readonly changed: readonly ChangedSubject<F>[];
  readonly unchanged: readonly KeyedFacts<F>[];
  /** In the registry on the effective date, but not in the file: they stay. */
  readonly missing: readonly KeyedFacts<F>[];
}

export interface ImportComparison<F extends object> {
  /** What holds on the effective date, by key: `versionsAsOf(versions, { asOf: effectiveFrom })`. */
  readonly current: ReadonlyMap<string, KeyedFacts<F>>;
  /** The file's rows, each key once. */
  readonly rows: readonly KeyedFacts<F>[];
}

export function importDifference<F extends object>({ current, rows }: ImportComparison<F>): ImportDifference<F> {
  const added: KeyedFacts<F>[] = [];
  const changed: ChangedSubject<F>[] = [];
  const unchanged: KeyedFacts<F>[] = [];
  const named = new Set<string>();
  for (const row of rows) {
    named.add(row.key);
    const held = current.get(row.key);
    if (held === undefined) {
      added.push(row);
      continue;
    }
    const fields = fieldChanges(held.facts, row.facts);
    if (fields.length === 0) {
      unchanged.push(row);
    } else {
      changed.push({ key: row.key, from: held.facts, to: row.facts, fields });
    }
  }
  const missing = [...current.values()]
    .filter(({ key }) => !named.has(key))
    .map(({ key, facts }) => ({ key, facts }))
    .sort((a, b) => compareText(a.key, b.key));
  return { added, changed, unchanged, missing };
}

export function fieldChanges(from: object, to: object): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const field of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const before: unknown = Reflect.get(from, field);
    const after: unknown = Reflect.get(to, field);
    if (!isSameJson(before, after)) {
      changes.push({ field, from: before, to: after });
    }
  }
  return changes;
}

/** An earlier import of the same kind, as its record tells it. */
export interface ImportMark {
  readonly import: string;
  readonly effectiveFrom: CalendarDate;
  readonly sequence: number;
  /** The keys that its difference listed as missing. */
  readonly missing: ReadonlySet<string>;
}

export interface BackDatedImport<F> {
  readonly effectiveFrom: CalendarDate;
  /** Keys that the import changes. */
  readonly changed: Iterable<string>;
  readonly versions: readonly Version<F>[];
  readonly imports: readonly ImportMark[];
}

export interface PinnedVersion<F> extends KeyedFacts<F> {
  readonly effectiveFrom: CalendarDate;
  /** The import that said it, and in whose name it is recorded. */
  readonly says: string;
}

/**
 * Versions that must be recorded together with a back-dated import, so that it does not reach past a later file.
 * A file that repeated known facts brought no version of its own; without a pin, a correction dated before that file
 * would change what the file said from its own day on. So for each changed subject the facts held so far begin anew
 * on the day of the first later import that confirmed them. Nothing to pin when no later import exists.
 */
export function pinnedByLaterImports<F>(backDated: BackDatedImport<F>): PinnedVersion<F>[] {
  const later = backDated.imports
    .filter((mark) => mark.effectiveFrom > backDated.effectiveFrom)
    .sort((a, b) => compareText(a.effectiveFrom, b.effectiveFrom) || a.sequence - b.sequence);
  if (later.length === 0) {
    return [];
  }
  const keys = new Set(backDated.changed);
  const timelines = Map.groupBy(
    backDated.versions.filter((version) => keys.has(version.key)),
    (version) => version.key,
  );
  const pins: PinnedVersion<F>[] = [];
  for (const [key, timeline] of timelines) {
    const { held, next } = around(timeline, backDated.effectiveFrom);
    const confirming = later.find((mark) => !mark.missing.has(key) && wasKnownTo(mark, timeline));
    if (held !== undefined && confirming !== undefined && (next === undefined || confirming.effectiveFrom < next)) {
      pins.push({ key, facts: held.facts, effectiveFrom: confirming.effectiveFrom, says: confirming.import });
    }
  }
  return pins;
}

/** A subject that the import found in the registry for its day, and did not list as missing, stood in its file. */
function wasKnownTo<F>(mark: ImportMark, timeline: readonly Version<F>[]): boolean {
  return timeline.some(
    (version) =>
      version.sequence < mark.sequence &&
      countsAt(version, mark.sequence) &&
      version.effectiveFrom <= mark.effectiveFrom,
  );
}

/** The version that holds on the day, and the day on which the next one takes over. */
function around<F>(timeline: readonly Version<F>[], day: CalendarDate) {
  let held: Version<F> | undefined;
  let next: CalendarDate | undefined;
  for (const version of timeline) {
    if (version.undoneSequence !== undefined) continue;
    if (version.effectiveFrom > day) {
      next = next === undefined || version.effectiveFrom < next ? version.effectiveFrom : next;
    } else if (held === undefined || supersedes(version, held)) held = version;
  }
  return { held, next };
}

/** Equality of plain JSON values; the order of an object's keys does not matter, that of an array does. */
function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false;
  }
  if (Array.isArray(a) !== Array.isArray(b)) {
    return false;
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSameJson(Reflect.get(a, key), Reflect.get(b, key)))
  );
}
