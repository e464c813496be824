/**
 * The tree of units on a day: who is below whom, out of the versions that rosters brought. A unit that only officers
 * name is a top of its own. A ring (A below B below A) is cut at its first unit by key, so every question ends.
 */
import { countsAt, type Version, versionsAsOf } from './history.ts';
import { type CalendarDate, compareText, type UnitFacts } from './people-facts.ts';

export interface UnitNode {
  readonly unitKey: string;
  readonly name: string;
  /** Null at the top. */
  readonly parent: string | null;
  /** By key. */
  readonly children: readonly string[];
}

export type UnitTree = ReadonlyMap<string, UnitNode>;

/** Days before the first version are answered with the first one, as coverage does with rosters. */
export function unitTreeOn(
  versions: readonly Version<UnitFacts>[],
  asOf: CalendarDate,
  knownAt = Number.POSITIVE_INFINITY,
): UnitTree {
  let first: CalendarDate | null = null;
  for (const version of versions) {
    if (countsAt(version, knownAt) && (first === null || version.effectiveFrom < first)) first = version.effectiveFrom;
  }
  if (first === null) return new Map();
  const held = versionsAsOf(versions, { asOf: asOf < first ? first : asOf, knownAt });
  const parents = new Map<string, string | null>();
  for (const [key, { facts }] of held) parents.set(key, facts.parent ?? null);
  for (const parent of [...parents.values()]) if (parent !== null && !parents.has(parent)) parents.set(parent, null);
  cutRings(parents);
  const unnamed = new Set([...parents.keys()].filter((key) => (held.get(key)?.facts.unit ?? key) === key));
  const names = unnamed.size === 0 ? new Map<string, string>() : namesOfOtherDays(versions, unnamed, knownAt);
  const children = Map.groupBy([...parents.keys()].sort(compareText), (key) => parents.get(key) ?? null);
  return new Map(
    Array.from(parents, ([unitKey, parent]) => [
      unitKey,
      {
        unitKey,
        name: names.get(unitKey) ?? held.get(unitKey)?.facts.unit ?? unitKey,
        parent,
        children: children.get(unitKey) ?? [],
      },
    ]),
  );
}

/** Above others on a day without people of its own, a unit bears its code; the last roster that names it is taken. */
function namesOfOtherDays(
  versions: readonly Version<UnitFacts>[],
  unnamed: ReadonlySet<string>,
  knownAt: number,
): Map<string, string> {
  const names = new Map<string, string>();
  const counting = versions.filter((version) => unnamed.has(version.key) && countsAt(version, knownAt));
  for (const { key, facts } of counting.sort((a, b) => compareText(a.effectiveFrom, b.effectiveFrom))) {
    if (facts.unit !== key) names.set(key, facts.unit);
  }
  return names;
}

function cutRings(parents: Map<string, string | null>): void {
  const sound = new Set<string>();
  for (const start of [...parents.keys()].sort(compareText)) {
    const path = new Set<string>();
    let at: string | null = start;
    while (at !== null && !sound.has(at)) {
      if (path.has(at)) {
        parents.set(at, null);
        break;
      }
      path.add(at);
      at = parents.get(at) ?? null;
    }
    for (const key of path) sound.add(key);
  }
}

/** The unit and everything below it; a unit that is not in the tree is alone. */
export function subtreeOf(tree: UnitTree, unitKey: string): Set<string> {
  const found = new Set<string>([unitKey]);
  for (const key of found) for (const child of tree.get(key)?.children ?? []) found.add(child);
  return found;
}

/** From the top down to the unit itself. */
export function pathTo(tree: UnitTree, unitKey: string): string[] {
  const path: string[] = [];
  for (let at: string | null = unitKey; at !== null; at = tree.get(at)?.parent ?? null) path.unshift(at);
  return path;
}

/** Steps up and down the tree from one unit to every other that it is joined with. */
export function distancesFrom(tree: UnitTree, unitKey: string): Map<string, number> {
  const distance = new Map<string, number>([[unitKey, 0]]);
  for (const [key, steps] of distance) {
    const node = tree.get(key);
    if (node === undefined) continue;
    const around = node.parent === null ? node.children : [node.parent, ...node.children];
    for (const other of around) if (!distance.has(other)) distance.set(other, steps + 1);
  }
  return distance;
}
