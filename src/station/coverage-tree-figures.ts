/** Figures of units with everything below them, out of the counts of each unit alone: a unit is its own and its children's. */
import { countsOf, verdictCodes } from '../domain/coverage-codes.ts';
import type { CoverageProfile } from '../domain/coverage-profile.ts';
import type { UnitTreeFigures } from '../domain/coverage-questions.ts';
import { type CoverageFigures, figuresOfCounts } from '../domain/coverage-summary.ts';
import { compareText } from '../domain/people-facts.ts';
import type { UnitTree } from '../domain/unit-tree.ts';

/** Only read. */
const nobody = new Int32Array(verdictCodes.length);

export interface TreeCounts {
  readonly profile: CoverageProfile;
  /** Counts by code of each unit alone; of the asked one and below it where there is one. */
  readonly counts: ReadonlyMap<string, Int32Array>;
  readonly tree: UnitTree;
  readonly unit: string | null;
  readonly names: ReadonlyMap<string, string>;
}

export function treeFigures(asked: TreeCounts): { readonly total: CoverageFigures; readonly below: UnitTreeFigures[] } {
  const { profile, counts, tree, unit, names } = asked;
  const sums = new Map<string, Int32Array>();
  const sumOf = (key: string): Int32Array => {
    const known = sums.get(key);
    if (known !== undefined) return known;
    const children = tree.get(key)?.children ?? [];
    const own = counts.get(key) ?? nobody;
    // Most units have nothing below them: thousands of copies would be most of the work.
    const sum = children.length === 0 ? own : own.slice();
    for (const child of children) add(sum, sumOf(child));
    sums.set(key, sum);
    return sum;
  };
  const figuresOf = (sum: Int32Array): CoverageFigures => figuresOfCounts(profile, countsOf(sum));
  const below = (unit === null ? topsOf(asked) : (tree.get(unit)?.children ?? [])).flatMap((unitKey) => {
    const sum = sumOf(unitKey);
    if (!sum.some((people) => people > 0)) return [];
    const node = tree.get(unitKey);
    const own = figuresOf(counts.get(unitKey) ?? nobody);
    const name = node?.name ?? names.get(unitKey) ?? unitKey;
    return [{ unitKey, name, parent: node?.parent ?? null, own, ...figuresOf(sum) }];
  });
  const total = new Int32Array(verdictCodes.length);
  for (const sum of counts.values()) add(total, sum);
  return { total: figuresOf(total), below };
}

/** The tops of the tree, and units that only officers name. */
function topsOf({ counts, tree }: TreeCounts): string[] {
  const tops = new Set([...tree.values()].filter(({ parent }) => parent === null).map(({ unitKey }) => unitKey));
  for (const key of counts.keys()) if (!tree.has(key)) tops.add(key);
  return [...tops].sort(compareText);
}

function add(sum: Int32Array, other: Int32Array): void {
  if (other === nobody) return;
  for (let code = 0; code < verdictCodes.length; code += 1) {
    sum[code] = (sum[code] as number) + (other[code] as number);
  }
}
