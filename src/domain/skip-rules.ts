/**
 * Which files stay behind by configured rule, and why; every other regular file is evidence. A rule is a glob over
 * the readable path from the volume's root, ignoring case as FAT and exFAT do: `*` and `?` within a name, `**` over
 * folders, a slash at the end for a whole folder. Names come from hostile cards, so no regular expression is made
 * of a rule: matching takes at most the product of the two lengths.
 */

export interface SkipRule {
  readonly id: string;
  readonly path: string;
  readonly reason: string;
}

/** Says which rule matches a path (text, components joined by `/`), the first one winning. */
export type SkipMatcher = (path: string) => SkipRule | undefined;

export function compileSkipRules(rules: readonly SkipRule[]): SkipMatcher {
  const compiled = rules.map((rule) => {
    // Something must lie below: a plain file of the folder's name is not the folder.
    const glob = rule.path.endsWith('/') ? `${rule.path}*/**` : rule.path;
    return { rule, components: glob.toLowerCase().split('/') };
  });
  return (path) => {
    const components = path.toLowerCase().split('/');
    return compiled.find((candidate) => coversPath(candidate.components, components))?.rule;
  };
}

function coversPath(glob: readonly string[], path: readonly string[]): boolean {
  return matchWithStar(glob, path, { isStar: (component) => component === '**', fits: coversName });
}

function coversName(glob: string, name: string): boolean {
  return matchWithStar([...glob], [...name], {
    isStar: (character) => character === '*',
    fits: (character, other) => character === '?' || character === other,
  });
}

interface StarMatching {
  isStar(piece: string): boolean;
  fits(piece: string, subject: string): boolean;
}

/** Pieces against subjects, a star taking any number of them; it is enough ever to go back to the last star. */
function matchWithStar(
  pieces: readonly string[],
  subjects: readonly string[],
  { isStar, fits }: StarMatching,
): boolean {
  let piece = 0;
  let starAt = -1;
  let starTook = 0;
  for (let subject = 0; subject < subjects.length; ) {
    const current = pieces[piece];
    if (current !== undefined && isStar(current)) {
      starAt = piece;
      starTook = subject;
      piece += 1;
    } else if (current !== undefined && fits(current, subjects[subject] ?? '')) {
      piece += 1;
      subject += 1;
    } else if (starAt >= 0) {
      starTook += 1;
      subject = starTook;
      piece = starAt + 1;
    } else {
      return false;
    }
  }
  return pieces.slice(piece).every(isStar);
}
