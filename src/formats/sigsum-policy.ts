/**
 * Sigsum's policy file: which logs and witnesses are known, and which cosignatures make a checkpoint trusted.
 * Lines `log`, `witness`, `group`, `quorum`; a group names only what stands above it, and each name joins at most one
 * group, so every witness counts in one way. Source: sigsum-go, doc/policy.md.
 */

const linesMax = 1000;

export interface PolicyLog {
  readonly key: Buffer;
  readonly url: string | undefined;
}

export interface PolicyWitness extends PolicyLog {
  readonly name: string;
}

export interface SigsumPolicy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  /** Whether cosignatures by these witnesses (raw keys, hex) are enough. */
  isQuorum(witnessKeys: ReadonlySet<string>): boolean;
  /** False for `quorum none`: then no cosignature is asked for. */
  readonly needsWitnesses: boolean;
}

/** Nobody is asked, nobody has to sign. */
export const policyOfNone: SigsumPolicy = {
  logs: [],
  witnesses: [],
  isQuorum: () => true,
  needsWitnesses: false,
};

type Rule =
  | { readonly kind: 'witness'; readonly key: string }
  | { readonly kind: 'group'; readonly threshold: number; readonly members: readonly Rule[] };

/** @returns the reason in words, with its line, when the text is no policy */
export function parseSigsumPolicy(text: string): SigsumPolicy | string {
  const reader = new PolicyReader();
  const lines = text.split('\n');
  if (lines.length > linesMax) return `it has more than ${linesMax} lines`;
  for (const [at, line] of lines.entries()) {
    const trouble = reader.take(line);
    if (trouble !== undefined) return `line ${at + 1}: ${trouble}`;
  }
  return reader.finish();
}

class PolicyReader {
  readonly #logs: PolicyLog[] = [];
  readonly #witnesses: PolicyWitness[] = [];
  readonly #rules = new Map<string, Rule>();
  readonly #members = new Set<string>();
  #quorum: string | undefined;

  /** @returns what is wrong with the line */
  take(line: string): string | undefined {
    if ([...line].some((character) => character !== '\t' && (character < ' ' || character === '\u007f'))) {
      return 'a control character';
    }
    const [keyword, ...words] = line.split(/[ \t]+/).filter((word) => word !== '');
    if (keyword === undefined || keyword.startsWith('#')) return undefined;
    switch (keyword) {
      case 'log':
        return this.#takeLog(words);
      case 'witness':
        return this.#takeWitness(words);
      case 'group':
        return this.#takeGroup(words);
      case 'quorum':
        return this.#takeQuorum(words);
      default:
        return `unknown word "${keyword}"`;
    }
  }

  finish(): SigsumPolicy | string {
    if (this.#quorum === undefined) return 'there is no quorum line';
    const rule = this.#rules.get(this.#quorum);
    return {
      logs: this.#logs,
      witnesses: this.#witnesses,
      isQuorum: (keys) => rule === undefined || isMet(rule, keys),
      needsWitnesses: rule !== undefined,
    };
  }

  #takeLog([encoded, url, ...more]: readonly string[]): string | undefined {
    const key = parseKey(encoded);
    if (key === undefined || more.length > 0) return 'log <key in hex> [<url>]';
    if (this.#logs.some((log) => log.key.equals(key))) return 'this log is listed twice';
    this.#logs.push({ key, url });
    return undefined;
  }

  #takeWitness([name, encoded, url, ...more]: readonly string[]): string | undefined {
    const key = parseKey(encoded);
    if (name === undefined || key === undefined || more.length > 0) return 'witness <name> <key in hex> [<url>]';
    if (this.#witnesses.some((witness) => witness.key.equals(key))) return 'this witness is listed twice';
    this.#witnesses.push({ name, key, url });
    return this.#define(name, { kind: 'witness', key: key.toString('hex') });
  }

  #takeGroup([name, threshold, ...names]: readonly string[]): string | undefined {
    if (name === undefined || threshold === undefined || names.length === 0) return 'group <name> <k> <name>...';
    const members: Rule[] = [];
    for (const member of names) {
      const rule = this.#rules.get(member);
      if (rule === undefined) return `"${member}" is not defined above`;
      if (this.#members.has(member)) return `"${member}" is in a group already`;
      this.#members.add(member);
      members.push(rule);
    }
    const count = threshold === 'all' ? members.length : threshold === 'any' ? 1 : wholeNumber(threshold);
    if (count < 1 || count > members.length) return 'the threshold is out of range';
    return this.#define(name, { kind: 'group', threshold: count, members });
  }

  #takeQuorum([name, ...more]: readonly string[]): string | undefined {
    if (name === undefined || more.length > 0) return 'quorum <name>';
    if (this.#quorum !== undefined) return 'a second quorum line';
    if (name !== 'none' && !this.#rules.has(name)) return `"${name}" is not defined above`;
    this.#quorum = name;
    return undefined;
  }

  #define(name: string, rule: Rule): string | undefined {
    if (name === 'none' || this.#rules.has(name)) return `the name "${name}" is taken`;
    this.#rules.set(name, rule);
    return undefined;
  }
}

function isMet(rule: Rule, keys: ReadonlySet<string>): boolean {
  if (rule.kind === 'witness') return keys.has(rule.key);
  return rule.members.filter((member) => isMet(member, keys)).length >= rule.threshold;
}

const parseKey = (encoded = ''): Buffer | undefined =>
  /^[0-9a-fA-F]{64}$/.test(encoded) ? Buffer.from(encoded, 'hex') : undefined;

const wholeNumber = (text: string): number => (/^\d{1,4}$/.test(text) ? Number(text) : 0);
