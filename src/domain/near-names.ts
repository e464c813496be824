/**
 * Which known names a mistyped one may have meant: those that share most of their pairs of letters with it, or that
 * contain it. Suggestions only; nothing is ever taken for another name.
 */

const suggestedMax = 3;
/** Half of the pairs shared (Dice); a part of a name counts as near however short it is. */
const nearFrom = 0.5;

/** The nearest first, at most three. */
export function nearNames(typed: string, known: Iterable<string>): string[] {
  const wanted = pairsOf(typed);
  return Array.from(known, (name) => ({ name, nearness: nearness(typed, wanted, name) }))
    .filter((one) => one.nearness >= nearFrom)
    .sort((a, b) => b.nearness - a.nearness || (a.name < b.name ? -1 : 1))
    .slice(0, suggestedMax)
    .map(({ name }) => name);
}

function nearness(typed: string, wanted: ReadonlySet<string>, name: string): number {
  const pairs = pairsOf(name);
  const shared = [...pairs].filter((pair) => wanted.has(pair)).length;
  const dice = pairs.size + wanted.size === 0 ? 0 : (2 * shared) / (pairs.size + wanted.size);
  const isPart = typed !== '' && name.toLowerCase().includes(typed.toLowerCase());
  return isPart ? Math.max(dice, nearFrom) : dice;
}

function pairsOf(text: string): Set<string> {
  const letters = [...text.toLowerCase()];
  return new Set(letters.slice(1).map((letter, at) => `${letters[at] ?? ''}${letter}`));
}
