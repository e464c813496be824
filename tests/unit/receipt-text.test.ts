/**
 * The receipt code survives typing: what people do to it is forgiven, what they get wrong is seen, and it says the
 * same for ever.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeReceipt, type ReceiptCase } from '../../src/domain/receipt-policy.ts';
import { lettersOfDigest, type ReceiptFacts, readReceipt, writeReceipt } from '../../src/domain/receipt-text.ts';

const facts: ReceiptFacts = {
  station: '8bampf',
  docking: 'd-czbarx5a0erzza0fkke4',
  endedAtSeconds: 1_795_305_238,
  listed: 26,
  kept: 24,
  missing: 2,
  inventory: '5af9zz99nk',
  size: 1234,
  root: '0hvrrr5trp',
};
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe('a receipt code', () => {
  test('is this one for these facts, for ever', () => {
    expect(writeReceipt(facts)).toBe('EVR1.8BAMPF.CZBARX5A0ERZZA0FKKE4.1NG4BRP.T.R.2.5AF9ZZ99NK.16J.0HVRRR5TRP.7XEGY');
  });

  test('reads back what was written', () => {
    const letter = fc.constantFrom(...letters.toLowerCase());
    const text = (length: number) =>
      fc.array(letter, { minLength: length, maxLength: length }).map((all) => all.join(''));
    const count = fc.integer({ min: 0, max: 2 ** 40 });
    const any = fc.record({
      ...{ station: text(6), docking: text(20).map((id) => `d-${id}`), inventory: text(10), root: text(10) },
      ...{ endedAtSeconds: count, listed: count, kept: count, missing: count, size: count },
    });
    fc.assert(
      fc.property(any, (one) => {
        const written = writeReceipt(one);
        expect(readReceipt(written)).toEqual({ kind: 'receipt', facts: one, text: written });
      }),
    );
  });

  test('forgives small letters, blanks, line ends, wide forms, O and I and L, and other marks between', () => {
    const written = writeReceipt(facts);
    const forms = [
      written.toLowerCase(),
      written.replaceAll('.', '-'),
      written.replaceAll('.', ' . '),
      (written.match(/.{1,16}/g) ?? []).join('\n'),
      written.replaceAll('0', 'o').replaceAll('1', 'l'),
      written.replaceAll('1', 'I'),
      written.replaceAll(/[A-Z0-9.]/g, (one) => String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0)),
    ];
    for (const form of forms) expect(readReceipt(form)).toMatchObject({ kind: 'receipt', facts });
  });

  test('shows every single wrong letter and every two neighbours that changed places', () => {
    const written = writeReceipt(facts);
    for (let at = 5; at < written.length; at += 1) {
      for (const letter of `${letters}.`) {
        const typed = written.slice(0, at) + letter + written.slice(at + 1);
        if (typed !== written) expect(readReceipt(typed), typed).toMatchObject({ kind: 'wrong' });
      }
      const turned = written.slice(0, at) + (written[at + 1] ?? '') + written[at] + written.slice(at + 2);
      if (turned !== written) expect(readReceipt(turned), turned).toMatchObject({ kind: 'wrong' });
    }
  });

  test.each([
    ['', 'not-a-receipt'],
    ['https://example.org', 'not-a-receipt'],
    ['EVR2.ABC', 'other-version'],
    ['EVR1.ABC', 'mistyped'],
    [`EVR1${' '.repeat(400)}`, 'not-a-receipt'],
  ])('%s is refused as %s', (typed, trouble) => {
    expect(readReceipt(typed)).toEqual({ kind: 'wrong', trouble });
  });

  test('takes the first bits of a digest', () => {
    expect(lettersOfDigest(`${'0'.repeat(63)}1`)).toBe('0000000000');
    expect(lettersOfDigest(`f8${'0'.repeat(62)}`)).toBe('z000000000');
    expect(lettersOfDigest(`08421084210842${'f'.repeat(50)}`, 11)).toBe('11111111111');
  });
});

describe('checking a receipt', () => {
  const clip = { clip: 'c-1', path: 'a.mp4', bytes: 10, bytesInVault: 10, state: 'kept' } as const;
  const good: ReceiptCase = {
    receipt: facts,
    station: facts.station,
    ledgerSize: 2000,
    rootThen: facts.root,
    today: facts,
    clips: [clip],
  };
  const codes = (more: Partial<ReceiptCase>): string[] => judgeReceipt({ ...good, ...more }).map(({ code }) => code);

  test.each<[string, Partial<ReceiptCase>, readonly string[]]>([
    ['nothing is wrong', {}, []],
    ['another station: nothing else can be said', { station: 'zzzzzz', clips: [] }, ['receipt-of-another-station']],
    [
      'no such docking, and the ledger is shorter',
      { today: undefined, ledgerSize: 9, rootThen: undefined, clips: [] },
      ['receipt-ledger-shorter', 'receipt-docking-unknown'],
    ],
    ['the ledger was rewritten', { rootThen: 'aaaaaaaaaa' }, ['receipt-ledger-differs']],
    ['the ledger has no such root', { rootThen: undefined }, ['receipt-ledger-differs']],
    [
      'inventory and counts differ',
      { today: { ...facts, inventory: 'aaaaaaaaaa', kept: 23 } },
      ['receipt-differs', 'receipt-differs'],
    ],
    ['no clip is known any more', { clips: [] }, ['receipt-clips-fewer']],
    ['lawfully deleted', { clips: [{ ...clip, state: 'deleted', bytesInVault: undefined }] }, ['receipt-clip-deleted']],
    ['gone', { clips: [{ ...clip, bytesInVault: undefined }] }, ['receipt-original-missing']],
    ['of another size', { clips: [clip, { ...clip, bytesInVault: 9 }] }, ['receipt-original-size']],
    ['known to be damaged', { clips: [{ ...clip, state: 'damaged' }] }, ['receipt-original-damaged']],
  ])('%s', (_name, more, expected) => {
    expect(codes(more)).toEqual(expected);
  });
});
