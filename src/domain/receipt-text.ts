/**
 * The code of a receipt (交接回执): one line of capitals and digits that a scanner reads and a person can type. It
 * says what a docking handed in and how the ledger stood, and ends in letters that show a mistyped one. Everything in
 * it follows from the ledger, so the same docking gives the same code for ever. Format: src/README.md.
 */

export interface ReceiptFacts {
  /** First letters of the station's id. */
  readonly station: string;
  readonly docking: string;
  /** When the docking ended, seconds since 1970. */
  readonly endedAtSeconds: number;
  /** Entries of the inventory; those in the vault afterwards; those neither there nor skipped by a rule. */
  readonly listed: number;
  readonly kept: number;
  readonly missing: number;
  /** First letters of the digest of the inventory. */
  readonly inventory: string;
  /** Records up to the docking's end, and the first letters of the tree's root over them. */
  readonly size: number;
  readonly root: string;
}

export type ReceiptReading =
  | { readonly kind: 'receipt'; readonly facts: ReceiptFacts; readonly text: string }
  | { readonly kind: 'wrong'; readonly trouble: 'not-a-receipt' | 'other-version' | 'mistyped' };

const mark = 'EVR1';
export const stationLetters = 6;
/** 50 bits of a digest. */
export const digestLetters = 10;
const dockingLetters = 20;
const checkLetters = 5;
/** Longer than any receipt with blanks between its letters. */
export const receiptTextMax = 400;
/** Crockford's base 32, as ids have it. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function writeReceipt(facts: ReceiptFacts): string {
  const fields = [
    mark,
    facts.station.toUpperCase(),
    facts.docking.replace(/^d-/, '').toUpperCase(),
    ...[facts.endedAtSeconds, facts.listed, facts.kept, facts.missing].map(writeNumber),
    facts.inventory.toUpperCase(),
    writeNumber(facts.size),
    facts.root.toUpperCase(),
  ];
  const text = fields.join('.');
  return `${text}.${checkOf(text)}`;
}

/** Forgives blanks, small letters, O for 0, I and L for 1, and other marks between the fields. */
export function readReceipt(typed: string): ReceiptReading {
  const wrong = (trouble: 'not-a-receipt' | 'other-version' | 'mistyped'): ReceiptReading => ({
    kind: 'wrong',
    trouble,
  });
  if (typed.length > receiptTextMax) return wrong('not-a-receipt');
  const text = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/\s+/gu, '')
    .replaceAll(/[-,/。·_]/gu, '.')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  const fields = text.split('.');
  if (fields[0] !== mark) return wrong(/^EVR\d$/.test(fields[0] ?? '') ? 'other-version' : 'not-a-receipt');
  const check = fields.pop() ?? '';
  if (fields.length !== 10 || checkOf(fields.join('.')) !== check) return wrong('mistyped');
  const facts = factsOf(fields);
  return facts === undefined ? wrong('mistyped') : { kind: 'receipt', facts, text };
}

function factsOf(fields: readonly string[]): ReceiptFacts | undefined {
  const [, station = '', docking = '', ended, listed, kept, missing, inventory = '', size, root = ''] = fields;
  const numbers = [ended, listed, kept, missing, size].map((text) => readNumber(text ?? ''));
  const letters = [
    [station, stationLetters],
    [docking, dockingLetters],
    [inventory, digestLetters],
    [root, digestLetters],
  ] as const;
  if (letters.some(([text, length]) => text.length !== length || !isBase32(text))) return undefined;
  if (!numbers.every((number) => number !== undefined)) return undefined;
  const [endedAtSeconds = 0, listedCount = 0, keptCount = 0, missingCount = 0, sizeCount = 0] = numbers;
  return {
    station: station.toLowerCase(),
    docking: `d-${docking.toLowerCase()}`,
    endedAtSeconds,
    listed: listedCount,
    kept: keptCount,
    missing: missingCount,
    inventory: inventory.toLowerCase(),
    size: sizeCount,
    root: root.toLowerCase(),
  };
}

/** The first `letters` groups of five bits of a digest in hex. */
export function lettersOfDigest(hex: string, letters = digestLetters): string {
  const bits = BigInt(`0x${hex}`);
  const length = BigInt(hex.length * 4);
  return Array.from({ length: letters }, (_, at) => {
    const shift = length - 5n * BigInt(at + 1);
    return alphabet[Number((bits >> shift) & 31n)];
  })
    .join('')
    .toLowerCase();
}

function writeNumber(value: number): string {
  let text = '';
  let rest = value;
  do {
    text = `${alphabet[rest % 32]}${text}`;
    rest = Math.floor(rest / 32);
  } while (rest > 0);
  return text;
}

function readNumber(text: string): number | undefined {
  if (text === '' || text.length > 10 || !isBase32(text)) return undefined;
  return [...text].reduce((sum, letter) => sum * 32 + alphabet.indexOf(letter), 0);
}

const isBase32 = (text: string): boolean => [...text].every((letter) => alphabet.includes(letter));

/** CRC-24 of OpenPGP (RFC 9580, 6.1): one wrong letter, or two that changed places, is always seen. */
function checkOf(text: string): string {
  let crc = 0xb704ce;
  for (const letter of text) {
    crc ^= (letter.codePointAt(0) ?? 0) << 16;
    for (let bit = 0; bit < 8; bit += 1) {
      crc <<= 1;
      if (crc & 0x1000000) crc ^= 0x1864cfb;
    }
  }
  return Array.from({ length: checkLetters }, (_, at) => alphabet[(crc >> (20 - 5 * at)) & 31]).join('');
}
