/**
 * Goal: the exit code of `evidock verify` is the worst of what was found, in the promised order 14, 11, 10, 12, 13, and
 * notes never change it.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classOf, type VerificationCode, verifyExitCode } from '../../src/domain/verification.ts';
import { verificationTexts } from '../../src/texts/export-texts.ts';

const codes = Object.keys(verificationTexts) as VerificationCode[];
const order = ['fork', 'altered', 'missing', 'unproved', 'untrusted', 'note'] as const;
const exitOf = { fork: 14, altered: 11, missing: 10, unproved: 12, untrusted: 13, note: 0 } as const;

const exitFor = (...list: VerificationCode[]): number => verifyExitCode(list.map((code) => ({ code, file: 'x' })));

test('nothing found is 0', () => expect(exitFor()).toBe(0));

test.each(order)('%s alone has its own code', (name) => {
  const own = codes.filter((code) => classOf(code) === name);
  expect(own.length).toBeGreaterThan(0);
  for (const code of own) expect(exitFor(code), code).toBe(exitOf[name]);
});

test('of any findings the worst decides, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...codes), { minLength: 1 }), (list) => {
      const worst = order.find((name) => list.some((code) => classOf(code) === name)) ?? 'note';
      expect(exitFor(...list)).toBe(exitOf[worst]);
    }),
  );
});
