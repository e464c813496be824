/**
 * The witnesses of one leaf: every stored copy of it in bundles, every copy of its hash in level-0 tiles, and the
 * checksum of its record's line. From them follows which leaf to trust, and so which file is at fault: two witnesses
 * that agree are right; where a bundle and a tile disagree the leaf's signature and the record decide.
 */
import type { StoreFinding } from '../domain/findings.ts';
import { readIfThere } from '../files/if-there.ts';
import { entryBytes, leafBytes, leafChecksum } from '../formats/leaf.ts';
import { leafHash, sha256 } from '../formats/merkle-hash.ts';
import type { LedgerFiles } from './ledger-files.ts';
import { type LedgerLayout, type TileName, tilePath, tileWidth } from './ledger-layout.ts';
import { isLeafSigned } from './verified-keys.ts';

const hashBytes = 32;

export interface TileCopy {
  readonly tile: TileName;
  readonly bytes: Buffer;
}

/** Copies of one tile index, each list widest first. */
export interface TileWitnesses {
  readonly bundles: readonly TileCopy[];
  readonly hashes: readonly TileCopy[];
}

export interface TrustedLeaf {
  /** Undefined when every copy is damaged or missing. */
  readonly leaf: Uint8Array | undefined;
  /** Without a leaf it is only what a tile says. */
  readonly hash: Uint8Array | undefined;
  readonly isSigned: boolean;
}

/** A checksum that is one of the stored copies; for finding the record that belongs here. */
export function storedChecksums(witnesses: TileWitnesses | undefined, at: number): Uint8Array[] {
  return copiesAt(witnesses?.bundles ?? [], at, leafAt).map(leafChecksum);
}

export async function readTileWitnesses(
  layout: LedgerLayout,
  files: LedgerFiles,
  index: number,
): Promise<TileWitnesses> {
  return {
    bundles: await readCopies(layout, 'entries', index, files),
    hashes: await readCopies(layout, 0, index, files),
  };
}

async function readCopies(
  layout: LedgerLayout,
  level: TileName['level'],
  index: number,
  files: LedgerFiles,
): Promise<TileCopy[]> {
  const widths = new Set(files.widths(level, index));
  const copies: TileCopy[] = [];
  // A set goes on to what is added while it is walked through.
  for (const width of widths) {
    const tile = { level, index, width };
    const bytes = await readIfThere(layout.path(tilePath(tile)));
    if (bytes !== undefined) copies.push({ tile, bytes });
    // A station that runs beside has filled the tile and removed its parts.
    else widths.add(tileWidth);
  }
  return copies.sort((a, b) => b.tile.width - a.tile.width);
}

/** @param recordChecksum of the line that stands where this leaf's record belongs, if there is one */
export function trustLeaf(
  witnesses: TileWitnesses | undefined,
  at: number,
  evidence: { readonly recordChecksum: Uint8Array | undefined; readonly leafKey: Buffer | undefined },
): TrustedLeaf {
  const leaves = copiesAt(witnesses?.bundles ?? [], at, leafAt);
  // A tile of another length is something else, and witness of nothing.
  const tiles = (witnesses?.hashes ?? []).filter(({ tile, bytes }) => bytes.length === tile.width * hashBytes);
  const hashes = copiesAt(tiles, at, hashAt);
  const { recordChecksum, leafKey } = evidence;
  const isSigned = (leaf: Uint8Array): boolean => leafKey !== undefined && isLeafSigned(leaf, leafKey);
  const isHashed = (leaf: Uint8Array): boolean => hashes.some((hash) => leafHash(leaf).equals(hash));
  const trusted = (leaf: Uint8Array, signed: boolean): TrustedLeaf => ({
    leaf,
    hash: leafHash(leaf),
    isSigned: signed,
  });

  const agreeing = leaves.filter(isHashed);
  const agreed = agreeing.find(isSigned);
  if (agreed !== undefined) return trusted(agreed, true);
  if (agreeing[0] !== undefined) return trusted(agreeing[0], false);
  // A signed leaf of another record is a bundle in the wrong place, so the record must agree.
  const isOwn = (leaf: Uint8Array): boolean =>
    recordChecksum === undefined || Buffer.compare(recordChecksum, leafChecksum(leaf)) === 0;
  const signed = leaves.find((leaf) => (isOwn(leaf) || hashes.length === 0) && isSigned(leaf));
  if (signed !== undefined) return trusted(signed, true);
  const mended = leaves.flatMap((leaf) => mendings(leaf, recordChecksum, leafKey));
  const whole = mended.find((leaf) => isHashed(leaf) || (hashes.length === 0 && isSigned(leaf)));
  if (whole !== undefined) return trusted(whole, isSigned(whole));
  return { leaf: undefined, hash: hashes[0], isSigned: false };
}

/** The leaf as it would be if only its checksum, or only its key hash, were damaged. */
function mendings(leaf: Uint8Array, checksum: Uint8Array | undefined, leafKey: Buffer | undefined): Buffer[] {
  const keyHash = leafKey === undefined ? leaf.subarray(96) : sha256(leafKey);
  return [checksum, leafChecksum(leaf)]
    .filter((one) => one !== undefined)
    .map((one) => Buffer.concat([one, leaf.subarray(32, 96), keyHash]));
}

function copiesAt(
  copies: readonly TileCopy[],
  at: number,
  read: (bytes: Buffer, at: number) => Buffer | undefined,
): Buffer[] {
  const found: Buffer[] = [];
  for (const { tile, bytes } of copies) {
    const copy = at < tile.width ? read(bytes, at) : undefined;
    if (copy !== undefined && !found.some((other) => other.equals(copy))) found.push(copy);
  }
  return found;
}

/** By place alone: a damaged length before a leaf must not hide the leaf. */
function leafAt(bundle: Buffer, at: number): Buffer | undefined {
  const start = at * entryBytes + entryBytes - leafBytes;
  return bundle.length < start + leafBytes ? undefined : bundle.subarray(start, start + leafBytes);
}

function hashAt(tile: Buffer, at: number): Buffer | undefined {
  const start = at * hashBytes;
  return tile.length < start + hashBytes ? undefined : tile.subarray(start, start + hashBytes);
}

/** What is wrong with one copy, given the leaves to trust; `leavesMax`: more than so many leaves cannot be here. */
export function copyFinding(
  { tile, bytes }: TileCopy,
  layout: LedgerLayout,
  { trusted, leavesMax }: { readonly trusted: readonly TrustedLeaf[]; readonly leavesMax: number },
): StoreFinding | undefined {
  const file = layout.relative(tilePath(tile));
  if (tile.width > leavesMax) {
    return { code: 'unexpected-file', file, detail: 'it holds leaves for which there are no records' };
  }
  const step = tile.level === 'entries' ? entryBytes : hashBytes;
  if (bytes.length !== tile.width * step) {
    return { code: 'tile-altered', file, detail: `it has ${bytes.length} bytes instead of ${tile.width * step}` };
  }
  for (let at = 0; at < tile.width; at += 1) {
    const entry = bytes.subarray(at * step, at * step + step);
    if (!isEntrySound(tile, entry, trusted[at])) {
      return { code: 'tile-altered', file, detail: `leaf ${tile.index * tileWidth + at} differs` };
    }
  }
  return undefined;
}

function isEntrySound(tile: TileName, entry: Buffer, trusted: TrustedLeaf | undefined): boolean {
  if (tile.level !== 'entries') return trusted?.hash !== undefined && entry.equals(trusted.hash);
  if (entry[0] !== 0 || entry[1] !== leafBytes) return false;
  // No copy could be trusted, so this one is damaged too.
  return trusted?.leaf !== undefined && entry.subarray(entryBytes - leafBytes).equals(trusted.leaf);
}
