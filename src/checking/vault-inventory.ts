/**
 * What lies in the vault, by name: originals and block files, and names that nobody here gives. Taken before the
 * ledger is read, so that what a running station seals meanwhile is known by then. What `incoming/` still has a name
 * for is what a crash leaves between placing an original and recording it, and no finding.
 */
import { lstat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { StoreFinding } from '../domain/findings.ts';
import { entriesIn, ifThere } from '../files/if-there.ts';
import { verityBlockBytes } from '../formats/fs-verity.ts';
import type { VaultPlaces } from './original-check.ts';
import type { SealedOriginals } from './sealed-originals.ts';

export interface VaultInventory {
  readonly originals: readonly string[];
  readonly blocks: readonly string[];
  /** Absolute paths. */
  readonly foreign: readonly string[];
  /** Inodes of files in `incoming/`, and digests that names there carry. */
  readonly incoming: ReadonlySet<string>;
}

export async function listVault(places: VaultPlaces): Promise<VaultInventory> {
  const foreign: string[] = [];
  const originals = await listDigests(places.originals, foreign);
  const blocks = await listDigests(places.blocks, foreign);
  const own = [places.originals, places.blocks, places.incoming, places.unsealed, places.damaged];
  for (const entry of await entriesIn(places.folder)) {
    const path = join(places.folder, entry.name);
    if (!entry.isDirectory() || !own.includes(path)) foreign.push(path);
  }
  // After the originals: a name that has gone from incoming by now has its seal record already.
  return { originals, blocks, foreign, incoming: await listIncoming(places.incoming) };
}

/** Digests of files `<2 hex>/<64 hex>` below `folder`. */
async function listDigests(folder: string, foreign: string[]): Promise<string[]> {
  const digests: string[] = [];
  for (const prefix of await entriesIn(folder)) {
    const below = join(folder, prefix.name);
    if (!prefix.isDirectory() || !/^[0-9a-f]{2}$/.test(prefix.name)) {
      foreign.push(below);
      continue;
    }
    for (const entry of await entriesIn(below)) {
      // Anything that is not a plain file under a right name is judged when it is read, not here.
      const isDigest = /^[0-9a-f]{64}$/.test(entry.name) && entry.name.startsWith(prefix.name);
      if (isDigest) digests.push(entry.name);
      else foreign.push(join(below, entry.name));
    }
  }
  return digests;
}

async function listIncoming(folder: string): Promise<Set<string>> {
  const known = new Set<string>();
  for (const { name } of await entriesIn(folder)) {
    const digest = /-([0-9a-f]{64})(?:\.blocks)?$/.exec(name)?.[1];
    if (digest !== undefined) known.add(digest);
    const inode = await inodeOf(join(folder, name));
    if (inode !== undefined) known.add(inode);
  }
  return known;
}

export interface UnknownRequest {
  readonly dataFolder: string;
  readonly places: VaultPlaces;
  readonly inventory: VaultInventory;
  readonly sealed: SealedOriginals;
  /** A damaged record may be the seal of any original, so none can be called unknown. */
  readonly allRecordsSound: boolean;
}

/** Files in the vault that no record speaks of. */
export async function findUnknown(request: UnknownRequest): Promise<StoreFinding[]> {
  const { places, inventory, sealed } = request;
  const file = (path: string): string => relative(request.dataFolder, path);
  const findings: StoreFinding[] = inventory.foreign.map((path) => ({ code: 'unexpected-file', file: file(path) }));
  const isLeft = async (path: string, sha256: string): Promise<boolean> => {
    const inode = await inodeOf(path);
    return inode === undefined || inventory.incoming.has(inode) || inventory.incoming.has(sha256);
  };
  for (const sha256 of request.allRecordsSound ? inventory.originals : []) {
    const path = places.original(sha256);
    if (sealed.get(sha256) !== undefined || (await isLeft(path, sha256))) continue;
    const deletion = sealed.deletionOf(sha256);
    if (deletion === 'approved') continue;
    const code = deletion === 'carried-out' ? 'original-not-deleted' : 'original-unknown';
    findings.push({ code, file: file(path), sha256 });
  }
  findings.push(...(await unknownBlocks(request, isLeft)));
  return findings;
}

/** Block files that no sealed original needs. */
async function unknownBlocks(
  request: UnknownRequest,
  isLeft: (path: string, sha256: string) => Promise<boolean>,
): Promise<StoreFinding[]> {
  const { places, inventory, sealed } = request;
  const findings: StoreFinding[] = [];
  for (const sha256 of inventory.blocks) {
    const path = places.blocksFile(sha256);
    const original = sealed.get(sha256);
    if (original === undefined && !request.allRecordsSound) continue;
    // An approved deletion is carried out by and by, and goes on after a crash.
    if (sealed.deletionOf(sha256) === 'approved') continue;
    if ((original?.bytes ?? 0) > verityBlockBytes || (await isLeft(path, sha256))) continue;
    findings.push({
      code: 'unexpected-file',
      file: relative(request.dataFolder, path),
      sha256,
      detail: 'no sealed original needs block hashes',
    });
  }
  return findings;
}

/** Undefined when it has gone. */
async function inodeOf(path: string): Promise<string | undefined> {
  const found = await ifThere(lstat(path, { bigint: true }));
  return found === undefined ? undefined : `inode ${found.ino}`;
}
