/**
 * What must be written down before an import is undone, so that every question is answered as if it had never been,
 * and later imports still say what their files said. An import that found a fact unchanged brought no version of its
 * own; when the version that it confirmed goes, the confirmation must take its place.
 */
import { countsAt, type Version, versionsAsOf } from './history.ts';
import { fieldChanges, type ImportMark } from './import-difference.ts';
import type { CalendarDate } from './people-facts.ts';

export interface StatedVersion<F> extends Version<F> {
  /** Whose statement it is: an import, or the one record that brought it. */
  readonly origin: string;
}

export interface ImportUndo<F> {
  /** The import that is to be undone. */
  readonly import: string;
  /** Of one kind, also those that were undone earlier. */
  readonly versions: readonly StatedVersion<F>[];
  /** Imports of the kind that count, the one in question included. */
  readonly imports: readonly ImportMark[];
}

/** A version in the name of the import that said it. */
export interface PinnedStatement<F> {
  readonly key: string;
  readonly facts: F;
  readonly effectiveFrom: CalendarDate;
  readonly says: string;
}

export function pinnedByUndo<F extends object>(undo: ImportUndo<F>): PinnedStatement<F>[] {
  const counting = undo.versions.filter(({ undoneSequence }) => undoneSequence === undefined);
  const keys = new Set(counting.filter(({ origin }) => origin === undo.import).map(({ key }) => key));
  const others = undo.imports.filter((mark) => mark.import !== undo.import);
  const timelines = Map.groupBy(
    undo.versions.filter(({ key }) => keys.has(key)),
    ({ key }) => key,
  );
  return [...timelines].flatMap(([key, timeline]) => pinsOfKey({ key, timeline, undone: undo.import, others }));
}

interface KeyHistory<F> {
  readonly key: string;
  readonly timeline: readonly StatedVersion<F>[];
  readonly undone: string;
  readonly others: readonly ImportMark[];
}

/** What is said of the subject from a day on; of several the latest said counts. */
interface Statement<F> {
  readonly effectiveFrom: CalendarDate;
  readonly sequence: number;
  readonly facts: F;
  readonly origin: string;
}

function pinsOfKey<F extends object>(history: KeyHistory<F>): PinnedStatement<F>[] {
  const { key } = history;
  const left = history.timeline.filter(
    ({ origin, undoneSequence }) => origin !== history.undone && undoneSequence === undefined,
  );
  const pins: PinnedStatement<F>[] = [];
  const held: Version<F>[] = [...left];
  for (const { effectiveFrom, facts, origin } of winningStatements(history, left)) {
    const actual = versionsAsOf(held, { asOf: effectiveFrom }).get(key);
    if (actual !== undefined && fieldChanges(actual.facts, facts).length === 0) continue;
    pins.push({ key, facts, effectiveFrom, says: origin });
    held.push({ key, facts, effectiveFrom, sequence: Number.MAX_SAFE_INTEGER });
  }
  return pins;
}

/** For each day the statement that counts, earliest day first. */
function winningStatements<F extends object>(
  { key, timeline, others }: KeyHistory<F>,
  left: readonly StatedVersion<F>[],
): Statement<F>[] {
  const saidAt = new Map(others.map((mark) => [mark.import, mark.sequence]));
  const statements: Statement<F>[] = left.map(({ effectiveFrom, sequence, facts, origin }) => ({
    effectiveFrom,
    sequence: saidAt.get(origin) ?? sequence,
    facts,
    origin,
  }));
  for (const mark of others) {
    if (mark.missing.has(key)) continue;
    const known = timeline.filter((version) => countsAt(version, mark.sequence));
    const said = versionsAsOf(known, { asOf: mark.effectiveFrom, knownAt: mark.sequence }).get(key);
    if (said === undefined) continue;
    const { effectiveFrom, sequence } = mark;
    statements.push({ effectiveFrom, sequence, facts: said.facts, origin: mark.import });
  }
  const byDay = new Map<CalendarDate, Statement<F>>();
  for (const statement of statements) {
    const other = byDay.get(statement.effectiveFrom);
    if (other === undefined || other.sequence < statement.sequence) byDay.set(statement.effectiveFrom, statement);
  }
  return [...byDay.values()].sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
}
