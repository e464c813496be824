/**
 * Goal: the text of a path is unambiguous and leads back to the very bytes, whatever a hostile card carries, and
 * nothing in it can move the cursor, reorder a line or hide.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOfReadablePath, readablePath, utf8Path } from '../../src/domain/readable-path.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('readable paths', () => {
  const unchanged = [
    'police/video/a.mp4',
    '现场 检查/晋交执罚〔2026〕0123号.mp4',
    `it's "quoted"`,
    '-rf',
    ' lead',
    '𠮷.jpg',
    '',
  ];
  test.each(unchanged)('leaves %j as it is', (text) => {
    expect(readablePath(utf8(text))).toBe(text);
  });

  test.each([
    ['a newline', utf8('a\nb'), 'a\\nb'],
    ['a tab', utf8('a\tb'), 'a\\tb'],
    ['a backslash', utf8('a\\nb'), 'a\\\\nb'],
    ['escape and delete', utf8('\u001b[2J\u007f'), '\\x1b[2J\\x7f'],
    ['a carriage return', utf8('a\r'), 'a\\x0d'],
    ['a C1 control', utf8('\u009b'), '\\u{9b}'],
    ['separators of lines and paragraphs', utf8('\u2028\u2029'), '\\u{2028}\\u{2029}'],
    ['a right-to-left override', utf8('gpj\u202e4pm'), 'gpj\\u{202e}4pm'],
    ['characters of no width', utf8('a\u200bb\ufeff\u00ad'), 'a\\u{200b}b\\u{feff}\\u{ad}'],
    ['tags and variation selectors', utf8('\u{e0041}\ufe0f'), '\\u{e0041}\\u{fe0f}'],
    ['noncharacters', utf8('\uffff\u{1fffe}'), '\\u{ffff}\\u{1fffe}'],
    ['GBK bytes', Uint8Array.of(0xcf, 0xd6, 0x2e, 0x61), '\\xcf\\xd6.a'],
    ['a character cut off', Uint8Array.of(0xe7, 0x8e), '\\xe7\\x8e'],
    ['an overlong slash', Uint8Array.of(0xc0, 0xaf), '\\xc0\\xaf'],
    ['an overlong three-byte form', Uint8Array.of(0xe0, 0x80, 0xaf), '\\xe0\\x80\\xaf'],
    ['a surrogate', Uint8Array.of(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
    ['a code point beyond the last', Uint8Array.of(0xf4, 0x90, 0x80, 0x80), '\\xf4\\x90\\x80\\x80'],
  ])('escapes %s', (_what, bytes, text) => {
    expect(readablePath(bytes)).toBe(text);
    expect(bytesOfReadablePath(text)).toEqual(bytes);
  });

  test.each([
    '\\',
    '\\q',
    '\\x4',
    '\\x41',
    '\\u{4e00}',
    '\\u{110000}',
    '\\xc2\\x80',
    'a\nb',
    '\u202e',
    '\\x0a',
    '\ud800',
  ])('refuses %j, which no bytes are written as', (text) => {
    expect(() => bytesOfReadablePath(text)).toThrow(expect.objectContaining({ code: 'readable-path-malformed' }));
  });

  test('every byte string comes back, and two never share a text', () => {
    const character = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })).map(utf8);
    const bytes = fc.array(fc.oneof(fc.uint8Array({ maxLength: 20 }), character), { maxLength: 8 });
    fc.assert(
      fc.property(bytes, (pieces) => {
        const path = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
        const text = readablePath(path);
        expect(bytesOfReadablePath(text)).toEqual(path);
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      }),
      { numRuns: 3000 },
    );
  });

  test('only valid UTF-8 is a plain string, a byte order mark included', () => {
    expect(utf8Path(utf8('现场.mp4'))).toBe('现场.mp4');
    expect(utf8Path(utf8('\ufeffa'))).toBe('\ufeffa');
    expect(utf8Path(Uint8Array.of(0xcf, 0xd6))).toBeUndefined();
  });

  test('a path of the longest length takes no noticeable time', () => {
    const started = performance.now();
    for (let round = 0; round < 100; round += 1) {
      bytesOfReadablePath(readablePath(new Uint8Array(4096).fill(0xff)));
    }
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
