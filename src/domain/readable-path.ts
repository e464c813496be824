/**
 * A recorder's path as text: what people read, what --json prints and what documents keep beside the raw bytes.
 * One text for one byte string and the other way round, so that text is enough to find the file again.
 * It must not depend on the runtime's Unicode tables: a text written today has to mean the same bytes in ten years,
 * hence the fixed list of invisible characters below instead of \p{Cf}.
 */

import { StationError } from './errors.ts';

const BACKSLASH = 0x5c;

/**
 * Code points that a reader cannot see or that reorder what they see, as [first, last]: C1 controls, soft hyphen,
 * joiners and other default-ignorable characters, line and paragraph separators, bidirectional controls,
 * variation selectors, interlinear marks, tags. (Unicode 16, PropList and DerivedCoreProperties.)
 */
const INVISIBLE: readonly (readonly [number, number])[] = [
  [0x80, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfdd0, 0xfdef],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xfffe, 0xffff],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

/**
 * Valid UTF-8 stays as it is (Chinese, spaces, quotes); a backslash is written `\\`, a newline `\n`, a tab `\t`,
 * other ASCII controls and every byte that is not part of valid UTF-8 `\xHH`, invisible characters `\u{…}`.
 */
export function readablePath(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const character = decodeAt(bytes, at);
    if (character === undefined) {
      parts.push(hexEscape(bytes[at] ?? 0));
      at += 1;
    } else {
      parts.push(writeCharacter(character.codePoint));
      at += character.length;
    }
  }
  return parts.join('');
}

/**
 * The bytes that `readablePath` wrote as this text.
 * @throws StationError `readable-path-malformed` when no bytes are written like that (an unknown or needless escape).
 */
export function bytesOfReadablePath(text: string): Uint8Array {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (let at = 0; at < text.length; ) {
    const escaped = text.charCodeAt(at) === BACKSLASH ? readEscape(text, at) : undefined;
    if (escaped !== undefined) {
      bytes.push(
        ...(escaped.byte === undefined ? encoder.encode(String.fromCodePoint(escaped.codePoint)) : [escaped.byte]),
      );
      at += escaped.length;
    } else {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      bytes.push(...encoder.encode(character));
      at += character.length;
    }
  }
  const result = Uint8Array.from(bytes);
  if (readablePath(result) !== text) {
    throw malformed(text);
  }
  return result;
}

/** The path as a plain string when its bytes are valid UTF-8, else undefined. */
export function utf8Path(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function writeCharacter(codePoint: number): string {
  if (codePoint === BACKSLASH) {
    return '\\\\';
  }
  if (codePoint === 0x0a) {
    return '\\n';
  }
  if (codePoint === 0x09) {
    return '\\t';
  }
  if (codePoint < 0x20 || codePoint === 0x7f) {
    return hexEscape(codePoint);
  }
  return isInvisible(codePoint) ? `\\u{${codePoint.toString(16)}}` : String.fromCodePoint(codePoint);
}

function isInvisible(codePoint: number): boolean {
  if (codePoint < 0x80) {
    return false;
  }
  // U+1FFFE, U+1FFFF, … of every plane are noncharacters.
  return (codePoint & 0xfffe) === 0xfffe || INVISIBLE.some(([first, last]) => codePoint >= first && codePoint <= last);
}

function hexEscape(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

interface Escape {
  readonly length: number;
  readonly byte: number | undefined;
  readonly codePoint: number;
}

function readEscape(text: string, at: number): Escape {
  const match = /^\\(?:(?<letter>[\\nt])|x(?<byte>[0-9a-f]{2})|u\{(?<code>[0-9a-f]{1,6})\})/u.exec(
    text.slice(at, at + 10),
  );
  const { letter, byte, code } = match?.groups ?? {};
  const codePoint = code === undefined ? 0 : Number.parseInt(code, 16);
  if (match === null || codePoint > 0x10ffff) {
    throw malformed(text);
  }
  const length = match[0].length;
  if (letter !== undefined) {
    return { length, byte: { '\\': BACKSLASH, n: 0x0a, t: 0x09 }[letter], codePoint: 0 };
  }
  return { length, byte: byte === undefined ? undefined : Number.parseInt(byte, 16), codePoint };
}

function malformed(text: string): StationError {
  return new StationError('readable-path-malformed', `not a path as this program writes it: ${JSON.stringify(text)}`);
}

interface Character {
  readonly codePoint: number;
  readonly length: number;
}

/** Smallest code point that a sequence of this many bytes may carry (shortest form only). */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000] as const;

/** One character of strict UTF-8 (RFC 3629: shortest form, no surrogates, up to U+10FFFF), or undefined. */
function decodeAt(bytes: Uint8Array, at: number): Character | undefined {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) {
    return { codePoint: lead, length: 1 };
  }
  const length = sequenceLength(lead);
  if (length === 0 || at + length > bytes.length) {
    return undefined;
  }
  let codePoint = lead & (0x7f >> length);
  for (const byte of bytes.subarray(at + 1, at + length)) {
    if ((byte & 0xc0) !== 0x80) {
      return undefined;
    }
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  const surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return codePoint < SMALLEST[length] || codePoint > 0x10ffff || surrogate ? undefined : { codePoint, length };
}

function sequenceLength(lead: number): 0 | 2 | 3 | 4 {
  if (lead < 0xc2 || lead > 0xf4) {
    return 0;
  }
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}
