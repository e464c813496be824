/**
 * FAT12, FAT16 and FAT32: the boot sector and the table. Source: Microsoft's FAT specification (fatgen103), and Linux
 * where the two differ, because the kernel's listing is what this one is compared with: FAT32 is what has no 16-bit table
 * size, and the first copy of the table counts.
 */
import { CardError } from '../../../domain/card-reading.ts';
import type { CardBytes } from './card-bytes.ts';
import type { CardVolume, FolderPlace, RawEntry } from './card-volume.ts';
import { fatEntries } from './fat-entries.ts';

interface Geometry {
  readonly sectorBytes: number;
  readonly clusterBytes: number;
  readonly tableOffset: number;
  readonly tableBytes: number;
  readonly rootOffset: number;
  readonly rootBytes: number;
  readonly heapOffset: number;
  readonly clusters: number;
  readonly bits: 12 | 16 | 32;
  readonly rootCluster: number;
}

const fat12ClustersMax = 4084;
const fat16ClustersMax = 65_524;
const clusterBytesMax = 512 * 1024;

/** @throws CardError card-unknown when it is no FAT, card-damaged */
export function openFat(bytes: CardBytes, timeOffsetMinutes: number): CardVolume {
  const geometry = geometryOf(bytes);
  const { clusterBytes, clusters, heapOffset, bits, rootOffset, rootBytes, rootCluster } = geometry;
  const root: FolderPlace =
    bits === 32
      ? { kind: 'clusters', place: chainFrom(rootCluster), bytes: undefined }
      : { kind: 'extent', offset: rootOffset, bytes: rootBytes };
  return {
    clusterBytes,
    clusters,
    heapOffset,
    root,
    nextCluster: (cluster) => nextCluster(bytes, geometry, cluster),
    entriesOf: (folder) => fatEntries(folder, { hasHighCluster: bits === 32, timeOffsetMinutes }),
    folderPlace: ({ place }: RawEntry) => ({ kind: 'clusters', place, bytes: undefined }),
  };
}

const chainFrom = (firstCluster: number) => ({ firstCluster, isContiguous: false, validBytes: Infinity });

function geometryOf(bytes: CardBytes): Geometry {
  const { head } = bytes;
  const sectorBytes = head.readUInt16LE(11);
  const perCluster = head[13] as number;
  const reserved = head.readUInt16LE(14);
  const tables = head[16] as number;
  const rootEntries = head.readUInt16LE(17);
  const sectors = head.readUInt16LE(19) || head.readUInt32LE(32);
  const shortTable = head.readUInt16LE(22);
  const tableSectors = shortTable || head.readUInt32LE(36);
  const isPower = (value: number): boolean => value > 0 && (value & (value - 1)) === 0;
  if (!isPower(sectorBytes) || sectorBytes < 512 || sectorBytes > 4096 || !isPower(perCluster) || reserved === 0)
    throw new CardError('card-unknown', 'the first sector is none of FAT');
  if (tables === 0 || tableSectors === 0 || sectors === 0 || sectorBytes * perCluster > clusterBytesMax)
    throw new CardError('card-unknown', 'the first sector is none of FAT');
  const tableOffset = reserved * sectorBytes;
  const tableBytes = tableSectors * sectorBytes;
  const rootOffset = tableOffset + tables * tableBytes;
  const rootBytes = rootEntries * 32;
  const heapOffset = rootOffset + Math.ceil(rootBytes / sectorBytes) * sectorBytes;
  const clusterBytes = sectorBytes * perCluster;
  const said = Math.floor((sectors * sectorBytes - heapOffset) / clusterBytes);
  const bits = shortTable === 0 ? 32 : said > fat12ClustersMax ? 16 : 12;
  // A table or a device that is too short for the volume says nothing about the rest, and takes nothing from the others.
  const held = Math.floor((bytes.size - heapOffset) / clusterBytes);
  const clusters = Math.min(said, held, Math.floor((tableBytes * 8) / bits) - 2);
  if (clusters < 1) throw new CardError('card-damaged', `none of its ${said} clusters is on the device`);
  if (bits === 16 && said > fat16ClustersMax) throw new CardError('card-damaged', `${said} clusters are no FAT16`);
  const rootCluster = bits === 32 ? head.readUInt32LE(44) : 0;
  return {
    ...{ sectorBytes, clusterBytes, tableOffset, tableBytes, rootOffset, rootBytes, heapOffset, clusters, bits },
    rootCluster,
  };
}

/** Marks of the end and of bad clusters end a chain, as in Linux; what follows from it is the caller's to judge. */
async function nextCluster(bytes: CardBytes, geometry: Geometry, cluster: number): Promise<number | undefined> {
  const { bits, tableOffset } = geometry;
  if (bits === 32) {
    const value = (await bytes.peek(tableOffset + cluster * 4, 4)).readUInt32LE() & 0x0fffffff;
    return value >= 0x0ffffff7 ? undefined : value;
  }
  if (bits === 16) {
    const value = (await bytes.peek(tableOffset + cluster * 2, 2)).readUInt16LE();
    return value >= 0xfff7 ? undefined : value;
  }
  // One and a half bytes each.
  const pair = (await bytes.peek(tableOffset + cluster + (cluster >> 1), 2)).readUInt16LE();
  const value = cluster % 2 === 0 ? pair & 0xfff : pair >> 4;
  return value >= 0xff7 ? undefined : value;
}
