/**
 * What FAT and exFAT have in common for a reader: clusters in chains, folders made of 32-byte entries. Everything on the
 * card is hostile: each number is checked where it is used, and every loop has an end that does not depend on the card.
 */
import { CardError, type CardPlace } from '../../../domain/card-reading.ts';
import type { CardBytes } from './card-bytes.ts';

/** One entry of a folder as it lies there, deleted ones left out. */
export interface RawEntry {
  /** UTF-16 as on disk, halves of pairs included. */
  readonly name: string;
  /** Other texts by which the volume finds it: FAT's short name, exFAT's own upper case. */
  readonly otherKeys: readonly string[];
  readonly isFolder: boolean;
  readonly bytes: number;
  readonly mtimeNs: bigint;
  readonly place: CardPlace;
}

export type FolderPlace =
  | { readonly kind: 'extent'; readonly offset: number; readonly bytes: number }
  | { readonly kind: 'clusters'; readonly place: CardPlace; readonly bytes: number | undefined };

export interface CardVolume {
  readonly clusterBytes: number;
  /** Clusters are numbered from 2 to `clusters` + 1. */
  readonly clusters: number;
  readonly heapOffset: number;
  readonly root: FolderPlace;
  /** Undefined at the end of a chain; anything but a cluster's number is a damage that the caller sees. */
  nextCluster(cluster: number): Promise<number | undefined>;
  entriesOf(folder: Buffer): readonly RawEntry[];
  folderPlace(entry: RawEntry): FolderPlace;
}

export interface Run {
  readonly offset: number;
  readonly length: number;
}

/** FAT's own limit is 2 MiB; exFAT's is 256 MiB, which no recorder's card comes near. */
export const folderBytesMax = 16 * 1024 * 1024;
/** The largest there are. */
const sectorBytes = 4096;
/** As the first byte of an entry: deleted on FAT, none of exFAT's files, and no end of the folder on either. */
const passedOver = 0xe5;
/** Neighbouring clusters are read together, up to this. */
const runBytesMax = 1024 * 1024;

/**
 * Where `bytes` bytes lie, in order. @throws CardError card-damaged when the chain ends before, leaves the volume or
 * bites its own tail
 */
export async function* runsOf(volume: CardVolume, place: CardPlace, bytes: number): AsyncGenerator<Run> {
  let left = bytes;
  for await (const run of chainedRuns(volume, place, bytes)) {
    const length = Math.min(left, run.length);
    left -= length;
    yield { offset: run.offset, length };
  }
  if (left > 0) throw new CardError('card-damaged', `its chain of clusters ends ${left} bytes too early`);
}

/** Whole clusters, as many as `bytesMax` needs or the chain has; neighbours together. */
async function* chainedRuns(volume: CardVolume, place: CardPlace, bytesMax: number): AsyncGenerator<Run> {
  const { clusterBytes, heapOffset } = volume;
  let run: { offset: number; length: number } | undefined;
  try {
    for await (const cluster of chainOf(volume, place, Math.ceil(bytesMax / clusterBytes))) {
      const offset = heapOffset + (cluster - 2) * clusterBytes;
      if (run !== undefined && run.offset + run.length === offset && run.length + clusterBytes <= runBytesMax) {
        run.length += clusterBytes;
      } else {
        if (run !== undefined) yield run;
        run = { offset, length: clusterBytes };
      }
    }
  } catch (error) {
    // What came before the break is still there.
    if (run !== undefined) yield run;
    throw error;
  }
  if (run !== undefined) yield run;
}

/** At most `clustersMax` of them. Brent's rule finds a loop without remembering the way. */
async function* chainOf(volume: CardVolume, place: CardPlace, clustersMax: number): AsyncGenerator<number> {
  let cluster: number | undefined = place.firstCluster;
  let mark = 0;
  let nextMark = 1;
  for (let step = 0; step < clustersMax && cluster !== undefined; step += 1) {
    if (cluster < 2 || cluster > volume.clusters + 1 || !Number.isInteger(cluster))
      throw new CardError('card-damaged', `cluster ${cluster} is none of 2 to ${volume.clusters + 1}`);
    if (cluster === mark) throw new CardError('card-damaged', `its chain of clusters comes back to ${cluster}`);
    if (step === nextMark) {
      mark = cluster;
      nextMark *= 2;
    }
    yield cluster;
    if (place.isContiguous) cluster += 1;
    else if (step + 1 < clustersMax) cluster = await volume.nextCluster(cluster);
  }
}

/**
 * A folder's bytes as far as they can be had, and what kept the rest away.
 * @throws CardError card-gone
 */
export async function readFolder(
  bytes: CardBytes,
  volume: CardVolume,
  folder: FolderPlace,
): Promise<{ readonly content: Buffer; readonly trouble: CardError | undefined }> {
  const pieces: Buffer[] = [];
  let trouble: CardError | undefined;
  let got = 0;
  try {
    for await (const run of folderRuns(volume, folder)) {
      const piece = await readAround(bytes, run);
      pieces.push(piece.content);
      trouble ??= piece.trouble;
      got += run.length;
      if (got > folderBytesMax) throw new CardError('card-too-large', tooLarge);
    }
  } catch (error) {
    if (!(error instanceof CardError) || error.code === 'card-gone') throw error;
    trouble ??= error;
  }
  return { content: Buffer.concat(pieces), trouble };
}

const tooLarge = `a folder of more than ${folderBytesMax} bytes`;

function folderRuns(volume: CardVolume, folder: FolderPlace): Iterable<Run> | AsyncIterable<Run> {
  if (folder.kind === 'extent') return [{ offset: folder.offset, length: folder.bytes }];
  // Without a known size the end of the chain is the end of the folder.
  if (folder.bytes === undefined) return chainedRuns(volume, folder.place, folderBytesMax + volume.clusterBytes);
  if (folder.bytes > folderBytesMax) throw new CardError('card-too-large', tooLarge);
  return runsOf(volume, folder.place, folder.bytes);
}

/** A folder with bad sectors gives what lies around them. */
async function readAround(
  bytes: CardBytes,
  { offset, length }: Run,
): Promise<{ readonly content: Buffer; readonly trouble: CardError | undefined }> {
  const isBadSector = (error: unknown): error is CardError =>
    error instanceof CardError && error.code === 'card-read-error';
  try {
    return { content: await bytes.read(offset, length), trouble: undefined };
  } catch (error) {
    if (!isBadSector(error)) throw error;
  }
  const pieces: Buffer[] = [];
  let trouble: CardError | undefined;
  for (let at = 0; at < length; at += sectorBytes) {
    const wanted = Math.min(sectorBytes, length - at);
    try {
      pieces.push(await bytes.read(offset + at, wanted));
    } catch (error) {
      if (!isBadSector(error)) throw error;
      trouble ??= error;
      pieces.push(Buffer.alloc(wanted, passedOver));
    }
  }
  return { content: Buffer.concat(pieces), trouble };
}
