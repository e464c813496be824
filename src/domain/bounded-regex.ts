/**
 * Regular expressions that come from configuration and run over names from hostile cards. A backtracking engine may
 * take exponential time, so an expression is admitted only when the number of ways in which it can match at all is
 * bounded and small. That refuses `*`, `+` and `{n,}`: names have at most 255 characters, so `{0,255}` says the same.
 * It compiles and judges; it does not run anything.
 */

/** Ways of matching, an upper bound of what backtracking can try on one string. */
const WAYS_MAX = 100_000_000;
const SOURCE_CHARACTERS_MAX = 2000;
const REPEAT_MAX = 255;

export interface BoundedRegex {
  readonly regex: RegExp;
  readonly groups: readonly string[];
}

/** The expression, matching whole strings and ignoring case; or, as text, why it is not admitted. */
export function compileBoundedRegex(source: string): BoundedRegex | string {
  if (source.length > SOURCE_CHARACTERS_MAX) {
    return `the expression has more than ${SOURCE_CHARACTERS_MAX} characters`;
  }
  let regex: RegExp;
  try {
    // On its own first: `a)(b` would become valid between the brackets that anchor it.
    new RegExp(source, 'iu');
    regex = new RegExp(`^(?:${source})$`, 'iu');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const scanner = new Scanner(source);
  const ways = scanner.alternatives();
  if (scanner.trouble !== undefined) {
    return scanner.trouble;
  }
  if (ways > WAYS_MAX) {
    return 'the expression can match in too many ways and could take very long on a hostile name';
  }
  return { regex, groups: scanner.groups };
}

/** Counts ways while walking an expression that RegExp has already accepted, so it need not look for errors. */
class Scanner {
  readonly groups: string[] = [];
  trouble: string | undefined;
  private readonly source: string;
  private at = 0;

  constructor(source: string) {
    this.source = source;
  }

  alternatives(): number {
    let ways = this.sequence();
    while (this.source[this.at] === '|') {
      this.at += 1;
      ways += this.sequence();
    }
    return ways;
  }

  private sequence(): number {
    let ways = 1;
    while (this.at < this.source.length && this.source[this.at] !== '|' && this.source[this.at] !== ')') {
      ways *= this.repeated(this.atom());
    }
    return ways;
  }

  private atom(): number {
    const character = this.source[this.at];
    if (character === '(') {
      return this.group();
    }
    if (character === '[') {
      this.skipClass();
      return 1;
    }
    if (character === '\\') {
      this.skipEscape();
      return 1;
    }
    this.at += 1;
    return 1;
  }

  private group(): number {
    const opening = /\((?:\?(?:<(?<name>[^>=!]+)>|<?[=!]|[a-z-]*:))?/uy;
    opening.lastIndex = this.at;
    const match = opening.exec(this.source);
    const name = match?.groups?.name;
    if (name !== undefined) {
      this.groups.push(name);
    } else if (match?.[0].startsWith('(?<')) {
      this.trouble ??= 'looking behind, (?<= or (?<!, is not admitted';
    }
    this.at += match?.[0].length ?? 1;
    const ways = this.alternatives();
    this.at += 1;
    return ways;
  }

  private skipClass(): void {
    for (this.at += 1; this.source[this.at] !== ']'; this.at += 1) {
      if (this.source[this.at] === '\\') {
        this.at += 1;
      }
    }
    this.at += 1;
  }

  private skipEscape(): void {
    const next = this.source[this.at + 1] ?? '';
    if (next === 'k' || /[1-9]/u.test(next)) {
      this.trouble ??= 'referring back to a group, \\1 or \\k, is not admitted';
    }
    const braced = /\\[pPu]\{[^}]*\}/uy;
    braced.lastIndex = this.at;
    this.at += braced.exec(this.source)?.[0].length ?? 2;
  }

  private repeated(ways: number): number {
    const quantifier = /(?:[*+?]|\{(?<min>\d+)(?<comma>,)?(?<max>\d+)?\})\??/uy;
    quantifier.lastIndex = this.at;
    const match = quantifier.exec(this.source);
    if (match === null) {
      return ways;
    }
    this.at += match[0].length;
    const sign = match[0][0];
    const min = sign === '{' ? Number(match.groups?.min) : 0;
    const max = sign === '{' ? Number(match.groups?.max ?? (match.groups?.comma ? Infinity : min)) : 1;
    if (sign === '*' || sign === '+' || max > REPEAT_MAX) {
      this.trouble ??= `${match[0]} repeats without a limit of ${REPEAT_MAX} or less, such as {0,${REPEAT_MAX}}`;
      return ways;
    }
    let sum = 0;
    for (let count = min; count <= max; count += 1) {
      sum += ways ** count;
    }
    return sum;
  }
}
