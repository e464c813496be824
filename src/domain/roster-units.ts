/**
 * The tree of units as a roster tells it, row by row: each names its unit, perhaps a code, perhaps the unit above by
 * code or by name. What most rows of a unit say is taken for it; whoever says otherwise is told, and so is a unit that
 * would lie below itself.
 */
import { compareText, type UnitFacts, unitKey } from './people-facts.ts';

export interface UnitRow {
  readonly line: number;
  readonly unit: string;
  readonly unitCode?: string;
  readonly parent?: string;
}

export interface UnitProblem {
  readonly line: number;
  readonly column: 'unit' | 'parentUnit';
  readonly value: string;
  readonly reason: 'unit-differs-from-line' | 'parent-ambiguous' | 'unit-below-itself';
  readonly otherLine?: number;
}

export interface RosterUnits {
  /** In the order of the file; units that are only named as the unit above come last. */
  readonly units: readonly UnitFacts[];
  readonly problems: readonly UnitProblem[];
}

interface SaidUnit {
  readonly line: number;
  readonly unit: UnitFacts;
  /** As written. */
  readonly parent: string | null;
}

/** `known`: the units of the effective day, by key. What the rows do not say of a unit stays as it is known. */
export function unitsOfRoster(rows: readonly UnitRow[], known: ReadonlyMap<string, UnitFacts>): RosterUnits {
  const problems: UnitProblem[] = [];
  const said = saidOfUnits(rows, problems);
  const find = parentFinder([...known.values(), ...Array.from(said.values(), ({ unit }) => unit)]);
  const units = new Map<string, UnitFacts>();
  const onlyAbove = new Map<string, UnitFacts>();
  for (const [key, { line, unit, parent }] of said) {
    const above = parent === null ? known.get(key)?.parent : find(parent);
    if (typeof above === 'object') {
      problems.push({ line, column: 'parentUnit', value: parent ?? '', reason: 'parent-ambiguous' });
    }
    units.set(key, typeof above === 'string' ? { ...unit, parent: above } : unit);
    if (typeof above === 'string' && !said.has(above) && !known.has(above)) onlyAbove.set(above, { unit: above });
  }
  for (const key of ringsOf(units, known)) {
    const { line, parent } = said.get(key) ?? { line: 0, parent: null };
    problems.push({ line, column: 'parentUnit', value: parent ?? '', reason: 'unit-below-itself' });
    const { parent: _, ...alone } = units.get(key) as UnitFacts;
    units.set(key, alone);
  }
  return {
    units: [...units.values(), ...onlyAbove.values()],
    problems: problems.sort((a, b) => a.line - b.line || compareText(a.column, b.column)),
  };
}

function saidOfUnits(rows: readonly UnitRow[], problems: UnitProblem[]): Map<string, SaidUnit> {
  const said = new Map<string, SaidUnit>();
  for (const [key, all] of Map.groupBy(rows, unitKey)) {
    const name = mostSaid(all, ({ unit }) => unit);
    const parent = mostSaid(all, (row) => row.parent);
    problems.push(...differing(all, name, 'unit'), ...differing(all, parent, 'parentUnit'));
    const [first] = all;
    if (first === undefined || name === undefined) continue;
    const { unitCode } = first;
    const unit = { unit: name.value, ...(unitCode === undefined ? {} : { unitCode }) };
    said.set(key, { line: parent?.line ?? first.line, unit, parent: parent?.value ?? null });
  }
  return said;
}

interface Said {
  readonly value: string;
  /** The first line that says it. */
  readonly line: number;
}

function mostSaid(rows: readonly UnitRow[], of: (row: UnitRow) => string | undefined): Said | undefined {
  const counts = new Map<string, { count: number; line: number }>();
  for (const row of rows) {
    const value = of(row);
    if (value === undefined) continue;
    const known = counts.get(value);
    if (known === undefined) counts.set(value, { count: 1, line: row.line });
    else known.count += 1;
  }
  let most: (Said & { readonly count: number }) | undefined;
  for (const [value, { count, line }] of counts) {
    if (most === undefined || count > most.count) most = { value, line, count };
  }
  return most;
}

/** Each different value once, at its first line. */
function differing(rows: readonly UnitRow[], most: Said | undefined, column: UnitProblem['column']): UnitProblem[] {
  if (most === undefined) return [];
  const told = new Set([most.value]);
  return rows.flatMap((row) => {
    const value = column === 'unit' ? row.unit : row.parent;
    if (value === undefined || told.has(value)) return [];
    told.add(value);
    return [{ line: row.line, column, value, reason: 'unit-differs-from-line' as const, otherLine: most.line }];
  });
}

/** The key of the unit that is meant by a code or a name; a list when several units have the name; else the text itself. */
function parentFinder(units: readonly UnitFacts[]): (parent: string) => string | readonly string[] {
  const keys = new Set(units.map(unitKey));
  const byName = Map.groupBy(units, ({ unit }) => unit);
  return (parent) => {
    if (keys.has(parent)) return parent;
    const named = [...new Set((byName.get(parent) ?? []).map(unitKey))];
    return named.length > 1 ? named : (named[0] ?? parent);
  };
}

/** Units of the file from which going up comes back to them. */
function ringsOf(units: ReadonlyMap<string, UnitFacts>, known: ReadonlyMap<string, UnitFacts>): string[] {
  const above = (key: string): string | undefined => (units.get(key) ?? known.get(key))?.parent;
  const ring = new Set<string>();
  const clear = new Set<string>();
  for (const start of units.keys()) {
    const path = new Set<string>();
    let at: string | undefined = start;
    while (at !== undefined && !clear.has(at) && !path.has(at)) {
      path.add(at);
      at = above(at);
    }
    if (at !== undefined && path.has(at)) for (const key of [...path].slice([...path].indexOf(at))) ring.add(key);
    for (const key of path) clear.add(key);
  }
  return [...ring].filter((key) => units.has(key));
}
