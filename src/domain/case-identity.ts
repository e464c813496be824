/**
 * Which case a row speaks of. A case is known by the number under which it first came (its key), and the enforcement
 * system's own key says that it is the same one after its number was changed. Rows whose number was given up since are
 * no case of their own: whoever hands them in must say which case is meant.
 */
import { countsAt, type Version } from './history.ts';
import type { KeyedFacts } from './import-difference.ts';
import type { CaseFacts } from './people-facts.ts';

export interface CaseRow extends KeyedFacts<CaseFacts> {
  readonly line: number;
}

export interface CaseRows<R extends CaseRow> {
  readonly rows: readonly R[];
  /** Rows whose number belongs to a case that has another one now: `current`. */
  readonly renumbered: readonly { readonly row: R; readonly current: string }[];
  /** Rows that speak of the same case as an earlier one, of line `otherLine`. */
  readonly repeated: readonly { readonly row: R; readonly otherLine: number }[];
}

export interface KnownCase {
  readonly key: string;
  /** The newest version that counts. */
  readonly facts: CaseFacts;
  /** Each number the case ever had. */
  readonly numbers: ReadonlySet<string>;
}

/** Every case that counts, by key, with all numbers that it had. */
export function knownCases(versions: readonly Version<CaseFacts>[]): Map<string, KnownCase> {
  const known = new Map<string, { key: string; newest: Version<CaseFacts>; numbers: Set<string> }>();
  for (const version of versions) {
    if (!countsAt(version, Number.POSITIVE_INFINITY)) continue;
    const held = known.get(version.key);
    if (held === undefined) {
      known.set(version.key, { key: version.key, newest: version, numbers: new Set([version.facts.caseNumber]) });
      continue;
    }
    held.numbers.add(version.facts.caseNumber);
    const { effectiveFrom, sequence } = held.newest;
    const isNewer =
      version.effectiveFrom === effectiveFrom ? version.sequence > sequence : version.effectiveFrom > effectiveFrom;
    if (isNewer) held.newest = version;
  }
  return new Map(
    Array.from(known.values(), ({ key, newest, numbers }) => [key, { key, facts: newest.facts, numbers }]),
  );
}

/** Rows with the keys of the cases that they speak of. */
export function identifyCases<R extends CaseRow>(
  rows: readonly R[],
  versions: readonly Version<CaseFacts>[],
): CaseRows<R> {
  const book = new CaseBook(versions);
  const taken = new Map<string, number>();
  const identified: R[] = [];
  const renumbered: { row: R; current: string }[] = [];
  const repeated: { row: R; otherLine: number }[] = [];
  const keep = (row: R, key: string): void => {
    const otherLine = taken.get(key);
    if (otherLine !== undefined) repeated.push({ row, otherLine });
    else {
      taken.set(key, row.line);
      identified.push({ ...row, key });
    }
  };
  for (const row of rows) {
    const found = book.find(row.facts);
    if ('current' in found) renumbered.push({ row, current: found.current });
    else keep(row, found.key ?? freeKey(row.facts.caseNumber, (key) => book.has(key) || taken.has(key)));
  }
  return { rows: identified, renumbered, repeated };
}

/** The known cases by everything that names them. */
class CaseBook {
  readonly #known: ReadonlyMap<string, KnownCase>;
  readonly #byExternal = new Map<string, KnownCase>();
  readonly #byNumber = new Map<string, KnownCase>();
  readonly #byOldNumber = new Map<string, KnownCase>();

  constructor(versions: readonly Version<CaseFacts>[]) {
    this.#known = knownCases(versions);
    for (const one of this.#known.values()) {
      if (one.facts.externalKey !== undefined) this.#byExternal.set(one.facts.externalKey, one);
      this.#byNumber.set(one.facts.caseNumber, one);
      for (const number of one.numbers) if (number !== one.facts.caseNumber) this.#byOldNumber.set(number, one);
    }
  }

  has(key: string): boolean {
    return this.#known.has(key);
  }

  /** The key of the case; null for a new one; the number that the case has now where the row's was given up. */
  find({ caseNumber, externalKey }: CaseFacts): { readonly key: string | null } | { readonly current: string } {
    const sameKey = externalKey === undefined ? undefined : this.#byExternal.get(externalKey);
    if (sameKey !== undefined) return { key: sameKey.key };
    const sameNumber = this.#byNumber.get(caseNumber);
    const isOther = externalKey !== undefined && (sameNumber?.facts.externalKey ?? externalKey) !== externalKey;
    if (sameNumber !== undefined && !isOther) return { key: sameNumber.key };
    const old = this.#byOldNumber.get(caseNumber);
    return old !== undefined && externalKey === undefined ? { current: old.facts.caseNumber } : { key: null };
  }
}

/** The number itself, unless another case is known by it. */
function freeKey(number: string, isTaken: (key: string) => boolean): string {
  let key = number;
  for (let next = 2; isTaken(key); next += 1) key = `${number}~${next}`;
  return key;
}
