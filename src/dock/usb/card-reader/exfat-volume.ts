/**
 * exFAT: the boot sector, the table, the entries of folders, and the volume's own upper case, by which the kernel finds
 * names. Source: Microsoft's exFAT specification, revision 1.00. Checksums are not asked for: an entry whose checksum is
 * wrong is still shown by the kernel, and hiding it would hide a clip.
 */
import { kernelName } from '../../../domain/card-names.ts';
import { CardError, type CardPlace } from '../../../domain/card-reading.ts';
import type { CardBytes } from './card-bytes.ts';
import { type CardVolume, type FolderPlace, type RawEntry, readFolder, runsOf } from './card-volume.ts';

const entryBytes = 32;
const unitsPerName = 15;
const typeFile = 0x85;
const typeUpcase = 0x82;
const typeStream = 0xc0;
const typeName = 0xc1;
const attributeFolder = 0x10;
const flagContiguous = 0x02;
const zoneValid = 0x80;
/** Of a table that maps every unit by itself. */
const upcaseBytesMax = 2 * 65_536;
const sizeMax = BigInt(Number.MAX_SAFE_INTEGER);

/** @throws CardError card-damaged */
export async function openExfat(bytes: CardBytes, timeOffsetMinutes: number): Promise<CardVolume> {
  const { head } = bytes;
  const sectorShift = head[108] as number;
  const clusterShift = head[109] as number;
  const tableOffset = head.readUInt32LE(80) * 2 ** sectorShift;
  const heapOffset = head.readUInt32LE(88) * 2 ** sectorShift;
  const clusterBytes = 2 ** (sectorShift + clusterShift);
  // A device that is too short for the volume takes nothing from the clusters that are on it.
  const clusters = Math.min(head.readUInt32LE(92), Math.floor((bytes.size - heapOffset) / clusterBytes));
  const isPossible = sectorShift >= 9 && sectorShift <= 12 && clusterShift <= 25 - sectorShift && clusters > 0;
  if (!isPossible) throw new CardError('card-damaged', 'its boot sector says what cannot be');
  const rootPlace: CardPlace = { firstCluster: head.readUInt32LE(96), isContiguous: false, validBytes: Infinity };
  const root: FolderPlace = { kind: 'clusters', place: rootPlace, bytes: undefined };
  const volume: CardVolume = {
    clusterBytes,
    clusters,
    heapOffset,
    root,
    nextCluster: async (cluster) => {
      const value = (await bytes.peek(tableOffset + cluster * 4, 4)).readUInt32LE();
      return value >= 0xfffffff7 ? undefined : value;
    },
    entriesOf: (folder) => exfatEntries(folder, timeOffsetMinutes, upcase),
    // A chain ends where it ends, whatever size the folder claims; only contiguous clusters have no other end.
    folderPlace: ({ place }) => ({
      kind: 'clusters',
      place,
      bytes: place.isContiguous ? place.validBytes : undefined,
    }),
  };
  const upcase = await upcaseOf(bytes, volume);
  return volume;
}

type Upcase = ReadonlyMap<number, number>;

function exfatEntries(folder: Buffer, timeOffsetMinutes: number, upcase: Upcase): readonly RawEntry[] {
  const found: RawEntry[] = [];
  for (let at = 0; at + entryBytes <= folder.length; at += entryBytes) {
    const type = folder[at] as number;
    if (type === 0) break;
    if (type !== typeFile) continue;
    // What follows must be its own: a set that is cut short or broken into is no file, in the kernel either.
    const stream = folder.subarray(at + entryBytes, at + 2 * entryBytes);
    if (stream.length < entryBytes || stream[0] !== typeStream) continue;
    found.push(entryOf(folder, at, { stream, timeOffsetMinutes, upcase }));
  }
  return found;
}

function entryOf(
  folder: Buffer,
  at: number,
  context: { readonly stream: Buffer; readonly timeOffsetMinutes: number; readonly upcase: Upcase },
): RawEntry {
  const { stream, timeOffsetMinutes, upcase } = context;
  const file = folder.subarray(at, at + entryBytes);
  const name = nameOf(folder, at + 2 * entryBytes, stream[3] as number);
  const bytes = sizeOf(stream.readBigUInt64LE(24));
  const isFolder = (file.readUInt16LE(4) & attributeFolder) !== 0;
  return {
    name,
    // The volume decides which letters are the same, and a hostile one may say that all are.
    otherKeys: [`\0${raised(kernelName(name), upcase)}`],
    isFolder,
    bytes: isFolder ? 0 : bytes,
    mtimeNs: timeOf(file, timeOffsetMinutes),
    place: {
      firstCluster: stream.readUInt32LE(20),
      isContiguous: ((stream[1] as number) & flagContiguous) !== 0,
      validBytes: isFolder ? bytes : Math.min(bytes, sizeOf(stream.readBigUInt64LE(8))),
    },
  };
}

const sizeOf = (bytes: bigint): number => Number(bytes > sizeMax ? sizeMax : bytes);

function nameOf(folder: Buffer, at: number, length: number): string {
  let name = '';
  for (let entry = at; name.length < length && folder[entry] === typeName; entry += entryBytes) {
    if (entry + entryBytes > folder.length) break;
    const units = Math.min(unitsPerName, length - name.length);
    for (let unit = 0; unit < units; unit += 1) name += String.fromCharCode(folder.readUInt16LE(entry + 2 + unit * 2));
  }
  return name;
}

/** Local time with its own offset to UTC in quarters of an hour where it says one, and steps of 10 ms. */
function timeOf(file: Buffer, timeOffsetMinutes: number): bigint {
  const stamp = file.readUInt32LE(12);
  const zone = file[23] as number;
  const quarters = ((zone & 0x7f) << 25) >> 25;
  const offset = (zone & zoneValid) === 0 ? timeOffsetMinutes : quarters * 15;
  const [date, time] = [stamp >>> 16, stamp & 0xffff];
  const month = Math.max(1, (date >> 5) & 15);
  const day = Math.max(1, date & 31);
  const local = Date.UTC(1980 + (date >> 9), month - 1, day, time >> 11, (time >> 5) & 63, (time & 31) * 2);
  return BigInt(local + (file[21] as number) * 10 - offset * 60_000) * 1_000_000n;
}

/** Of the root's first sets. Without one that can be read the kernel uses its own, which the common fold covers. */
async function upcaseOf(bytes: CardBytes, volume: CardVolume): Promise<Upcase> {
  const { content } = await readFolder(bytes, volume, volume.root);
  for (let at = 0; at + entryBytes <= content.length && content[at] !== 0; at += entryBytes) {
    if (content[at] !== typeUpcase) continue;
    const length = sizeOf(content.readBigUInt64LE(at + 24));
    if (length === 0 || length > upcaseBytesMax) return new Map();
    const place = { firstCluster: content.readUInt32LE(at + 20), isContiguous: false, validBytes: length };
    const pieces: Buffer[] = [];
    try {
      for await (const run of runsOf(volume, place, length)) pieces.push(await bytes.read(run.offset, run.length));
    } catch (error) {
      if (!(error instanceof CardError) || error.code === 'card-gone') throw error;
      return new Map();
    }
    return unpackedUpcase(Buffer.concat(pieces));
  }
  return new Map();
}

/** Only what differs from itself. 0xFFFF and a number skip so many units. */
export function unpackedUpcase(table: Buffer): Upcase {
  const upcase = new Map<number, number>();
  let unit = 0;
  for (let at = 0; at + 2 <= table.length && unit <= 0xffff; at += 2) {
    const value = table.readUInt16LE(at);
    if (value === 0xffff && at + 4 <= table.length) {
      unit += table.readUInt16LE(at + 2);
      at += 2;
    } else {
      if (value !== unit) upcase.set(unit, value);
      unit += 1;
    }
  }
  return upcase;
}

function raised(name: string, upcase: Upcase): string {
  let text = '';
  for (let at = 0; at < name.length; at += 1) {
    const unit = name.charCodeAt(at);
    text += String.fromCharCode(upcase.get(unit) ?? unit);
  }
  return text.replace(/[. ]+$/, '');
}
