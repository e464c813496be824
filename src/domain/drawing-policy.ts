/**
 * Drawing closed penalty cases to ask about (案件回访): which cases a month's list holds, how many are drawn, and in which
 * order a seed puts them. The same list and seed give the same draw everywhere; anybody repeats it with `sha256sum`.
 */
import { isClosedCase } from './case-facts.ts';
import type { CaseFacts } from './people-facts.ts';

/** 阳交字 二(二)9: at least 20 % of the month's closed penalty cases. */
export const drawPercentMin = 20;

/** The name of the method in records, so that a later one can stand beside it. */
export const drawMethod = 'sha256-of-seed-newline-key-ascending';

/** Of `count` cases, rounded up, at least one; none of none. */
export const drawCount = (count: number, percent: number): number =>
  Math.min(count, Math.floor((count * percent + 99) / 100));

/** What is committed before the seed is known: the keys in ascending order, each with its newline. */
export const canonicalList = (keys: readonly string[]): string =>
  [...keys]
    .sort()
    .map((key) => `${key}\n`)
    .join('');

/** What is hashed for one key. */
export const drawInput = (seed: string, key: string): string => `${seed}\n${key}`;

export interface DrawLot {
  readonly key: string;
  /** SHA-256 of `drawInput`, lower-case hex. */
  readonly hash: string;
}

/** Every key in the order in which it is drawn; the first `drawCount` of them are. */
export function drawOrder(keys: readonly string[], seed: string, sha256: (text: string) => string): DrawLot[] {
  const lots = keys.map((key) => ({ key, hash: sha256(drawInput(seed, key)) }));
  return lots.sort((a, b) => compare(a.hash, b.hash) || compare(a.key, b.key));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const folded = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/** By its kind; where the list of cases says none, by 罚 in its number. */
export function isPenaltyCase(
  { kind, caseNumber }: Pick<CaseFacts, 'kind' | 'caseNumber'>,
  kinds: readonly string[],
): boolean {
  if (kind === undefined || kind.trim() === '') return caseNumber.includes('罚');
  return kinds.some((word) => folded(word) === folded(kind));
}

/** The closing day; of a case whose status alone says that it is closed, the day of its end; undefined when none is known. */
export function closingDay(facts: Pick<CaseFacts, 'closedOn' | 'status' | 'endedAt'>): string | undefined {
  if (facts.closedOn !== undefined) return facts.closedOn;
  return isClosedCase(facts) && facts.endedAt !== null ? facts.endedAt.local.slice(0, 10) : undefined;
}

/** A public number as it is typed: width and spaces around and between make no other number. */
export const typedNumber = (text: string): string => text.normalize('NFKC').trim().replaceAll(/\s+/gu, ' ');
