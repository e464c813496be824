/**
 * The entries of a FAT folder: 32 bytes each, with long names (UTF-16, 13 units an entry) in front of the short one that
 * they belong to by its checksum. As Linux does it: free entries are passed over, not taken for the end, so that nothing
 * behind them is hidden; a long name that does not fit its short one does not count. Short names are in code page 437,
 * which is what the kernel shows them in, whatever the recorder meant.
 */
import type { RawEntry } from './card-volume.ts';

export interface FatEntryOptions {
  /** FAT32 only; elsewhere these bytes mean something else. */
  readonly hasHighCluster: boolean;
  /** Local time minus UTC. */
  readonly timeOffsetMinutes: number;
}

const entryBytes = 32;
const longAttribute = 0x0f;
const volumeAttribute = 0x08;
const folderAttribute = 0x10;
const longEntriesMax = 20;
const unitsAt = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];
const dotNames = ['.          ', '..         '];

/** From 0x80 on. */
const codePage437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

export function fatEntries(folder: Buffer, options: FatEntryOptions): readonly RawEntry[] {
  const found: RawEntry[] = [];
  let long: LongName | undefined;
  for (let at = 0; at + entryBytes <= folder.length; at += entryBytes) {
    const entry = folder.subarray(at, at + entryBytes);
    const first = entry[0] as number;
    const attributes = entry[11] as number;
    if (first !== 0 && first !== 0xe5 && attributes === longAttribute) {
      long = withLongEntry(long, entry);
      continue;
    }
    const name = long?.left === 0 && long.checksum === shortChecksum(entry) ? longText(long) : undefined;
    long = undefined;
    if (first === 0 || first === 0xe5 || (attributes & volumeAttribute) !== 0) continue;
    const isFolder = (attributes & folderAttribute) !== 0;
    // A file of that name is no link to this or the upper folder, whatever it is.
    if (isFolder && dotNames.includes(entry.toString('latin1', 0, 11))) continue;
    found.push(entryOf(entry, { name, isFolder }, options));
  }
  return found;
}

function entryOf(
  entry: Buffer,
  { name, isFolder }: { readonly name: string | undefined; readonly isFolder: boolean },
  { hasHighCluster, timeOffsetMinutes }: FatEntryOptions,
): RawEntry {
  const short = shortText(entry);
  const high = hasHighCluster ? entry.readUInt16LE(20) : 0;
  const bytes = isFolder ? 0 : entry.readUInt32LE(28);
  return {
    name: name ?? short,
    otherKeys: name === undefined ? [] : [short],
    isFolder,
    bytes,
    mtimeNs: fatTime(entry.readUInt16LE(24), entry.readUInt16LE(22), timeOffsetMinutes),
    place: { firstCluster: high * 0x10000 + entry.readUInt16LE(26), isContiguous: false, validBytes: bytes },
  };
}

interface LongName {
  readonly checksum: number;
  /** How many entries of it are still to come. */
  readonly left: number;
  /** In order of the name, so the last entry read comes first. */
  readonly pieces: readonly string[];
}

function withLongEntry(before: LongName | undefined, entry: Buffer): LongName | undefined {
  const order = entry[0] as number;
  const checksum = entry[13] as number;
  const number = order & 0x3f;
  const piece = String.fromCharCode(...unitsAt.map((at) => entry.readUInt16LE(at)));
  if ((order & 0x40) !== 0) {
    const isPossible = number >= 1 && number <= longEntriesMax && (order & 0x80) === 0;
    return isPossible ? { checksum, left: number - 1, pieces: [piece] } : undefined;
  }
  if (before === undefined || before.left !== number || before.checksum !== checksum) return undefined;
  return { checksum, left: number - 1, pieces: [piece, ...before.pieces] };
}

function longText({ pieces }: LongName): string {
  const text = pieces.join('');
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

function shortChecksum(entry: Buffer): number {
  let sum = 0;
  for (const byte of entry.subarray(0, 11)) sum = (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff;
  return sum;
}

/** With the two bits by which Windows keeps `name` or `ext` in small letters without a long name. */
function shortText(entry: Buffer): string {
  const flags = entry[12] as number;
  const bytes = Buffer.from(entry.subarray(0, 11));
  if (bytes[0] === 0x05) bytes[0] = 0xe5;
  const base = ofCodePage(bytes.subarray(0, 8)).replace(/ +$/, '');
  const extension = ofCodePage(bytes.subarray(8)).replace(/ +$/, '');
  const small = (text: string, bit: number): string => ((flags & bit) === 0 ? text : text.toLowerCase());
  return extension === '' ? small(base, 0x08) : `${small(base, 0x08)}.${small(extension, 0x10)}`;
}

function ofCodePage(bytes: Buffer): string {
  let text = '';
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : (codePage437[byte - 0x80] as string);
  return text;
}

/** Steps of two seconds in local time; a month or day of 0 counts as 1, as in Linux. */
function fatTime(date: number, time: number, offsetMinutes: number): bigint {
  const year = 1980 + (date >> 9);
  const month = Math.max(1, (date >> 5) & 15);
  const day = Math.max(1, date & 31);
  const local = Date.UTC(year, month - 1, day, time >> 11, (time >> 5) & 63, (time & 31) * 2);
  return BigInt(local - offsetMinutes * 60_000) * 1_000_000n;
}
