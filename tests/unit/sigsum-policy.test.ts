/** Goal: Sigsum's policy files are read as sigsum-go reads them, and each way of being wrong is refused with its line. */
import { describe, expect, it } from 'vitest';
import { parseSigsumPolicy } from '../../src/formats/sigsum-policy.ts';

const key = (digit: number): string => String(digit).repeat(64);
const witnesses = [1, 2, 3, 4].map((digit) => `witness w${digit} ${key(digit)}`).join('\n');

function quorumOf(rules: string, keys: readonly number[]): boolean {
  const policy = parseSigsumPolicy(`log ${key(9)} https://log.example/\n${witnesses}\n${rules}\n`);
  if (typeof policy === 'string') throw new Error(policy);
  return policy.isQuorum(new Set(keys.map(key)));
}

describe('a policy of witnesses', () => {
  it.each([
    ['quorum none', [], true],
    ['quorum w1', [], false],
    ['quorum w1', [1], true],
    ['quorum w1', [2, 3], false],
    ['group g any w1 w2\nquorum g', [2], true],
    ['group g any w1 w2\nquorum g', [3], false],
    ['group g all w1 w2\nquorum g', [1], false],
    ['group g all w1 w2\nquorum g', [1, 2], true],
    ['group g 2 w1 w2 w3\nquorum g', [1, 3], true],
    ['group g 2 w1 w2 w3\nquorum g', [1, 4], false],
    ['group a 2 w1 w2 w3\ngroup b all a w4\nquorum b', [1, 2], false],
    ['group a 2 w1 w2 w3\ngroup b all a w4\nquorum b', [1, 2, 4], true],
  ] as const)('%s with %j is %s', (rules, keys, met) => {
    expect(quorumOf(rules, keys)).toBe(met);
  });

  it('knows names, keys and addresses, and takes comments, tabs and blank lines', () => {
    const policy = parseSigsumPolicy(`# ours\n\n log\t${key(9)}  https://a/ \nwitness w ${key(1)} http://b/\nquorum w`);
    expect(policy).toMatchObject({
      logs: [{ key: Buffer.from(key(9), 'hex'), url: 'https://a/' }],
      witnesses: [{ name: 'w', key: Buffer.from(key(1), 'hex'), url: 'http://b/' }],
      needsWitnesses: true,
    });
  });

  it.each([
    ['', 'there is no quorum line'],
    ['quorum none\nquorum none', 'line 2: a second quorum line'],
    ['quorum w1', 'line 1: "w1" is not defined above'],
    ['log 12', 'line 1: log'],
    [`log ${key(1)}\nlog ${key(1)}`, 'line 2: this log is listed twice'],
    [`witness a ${key(1)}\nwitness b ${key(1)}`, 'line 2: this witness is listed twice'],
    [`witness none ${key(1)}`, 'line 1: the name "none" is taken'],
    [`witness a ${key(1)}\nwitness a ${key(2)}`, 'line 2: the name "a" is taken'],
    [`witness a ${key(1)}\ngroup g 2 a`, 'line 2: the threshold is out of range'],
    [`witness a ${key(1)}\ngroup g 0 a`, 'line 2: the threshold is out of range'],
    [`witness a ${key(1)}\ngroup g any a\ngroup h any a`, 'line 3: "a" is in a group already'],
    ['group g any h', 'line 1: "h" is not defined above'],
    ['quorum none\u0007', 'line 1: a control character'],
    ['trust everybody', 'line 1: unknown word "trust"'],
  ])('refuses %j', (text, reason) => {
    const parsed = parseSigsumPolicy(text);
    expect(parsed).toEqual(expect.stringContaining(reason));
  });
});
