/**
 * Names of FAT and exFAT as bytes. On disk they are UTF-16 and may hold what no path can: a slash, NUL, half of a
 * surrogate pair. Such units are written 0xFF and four hexadecimal digits; 0xFF never occurs in UTF-8, and the kernel
 * shows these file systems in UTF-8 only, so a written name is never a real one. A format that stays (src/README.md).
 */

const escapeByte = 0xff;
const encoder = new TextEncoder();

/** The name as one component of an inventory path; UTF-8 as it is wherever that is enough. */
export function cardPathName(name: string): Uint8Array {
  const isDots = /^\.{0,2}$/.test(name);
  const parts: number[] = name === '' ? [escapeByte] : [];
  for (const character of name) {
    const unit = character.charCodeAt(0);
    const isUnsafe = isDots || unit === 0x2f || unit === 0 || isLoneSurrogate(character);
    if (isUnsafe) parts.push(escapeByte, ...encoder.encode(unit.toString(16).padStart(4, '0')));
    else parts.push(...encoder.encode(character));
  }
  return Uint8Array.from(parts);
}

/** The same for the second, third, … entry of a folder with exactly this name, in the order on disk. */
export function repeatedPathName(name: Uint8Array, number: number): Uint8Array {
  return number === 1 ? name : Uint8Array.from([...name, escapeByte, ...encoder.encode(`#${number}`)]);
}

/** What Linux shows for the name: up to a NUL, without halves of surrogate pairs (utf16s_to_utf8s in fs/nls). */
export function kernelName(name: string): string {
  let shown = '';
  for (const character of name) {
    if (character === '\0') break;
    if (!isLoneSurrogate(character)) shown += character;
  }
  return shown;
}

export function hasLoneSurrogate(name: string): boolean {
  return [...name].some(isLoneSurrogate);
}

/** Names that some reader takes for the same have the same key: case, and dots and blanks at the end, do not count. */
export function foldedName(name: string): string {
  return kernelName(name)
    .replace(/[. ]+$/, '')
    .toUpperCase()
    .toLowerCase();
}

const isLoneSurrogate = (character: string): boolean => /^[\uD800-\uDFFF]$/.test(character);
