/**
 * A mirror: a folder on another disk with the vault's layout and an identity file. The identity is drawn once, so that
 * a wrong disk, an empty one or the bare mount point on the system's disk is never taken for the mirror: without it
 * nothing is written there.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, StationError } from '../domain/errors.ts';
import type { StationId } from '../domain/ids.ts';
import { createExclusively } from '../files/durable-files.ts';

const identityFile = 'evidock-mirror.json';
/** What an empty disk may have. */
const emptyDiskNames: readonly string[] = ['lost+found'];

export interface MirrorIdentity {
  readonly format: 1;
  readonly mirror: string;
  readonly station: StationId;
}

/** What lies at a configured folder. */
export type MirrorLook =
  | { readonly state: 'present'; readonly mirror: string; readonly key: string }
  | { readonly state: 'away' }
  | { readonly state: 'not-initialised' }
  | { readonly state: 'foreign' };

/**
 * Looks at a folder. `away`: it is not there, or nothing is in it while a mirror of this station was made there once;
 * `foreign`: another disk lies there. `key` changes when another file system comes to lie there.
 */
export function lookAtMirror(
  folder: string,
  known: { readonly station: StationId; readonly mirrors: ReadonlySet<string>; readonly wasHere: boolean },
): MirrorLook {
  try {
    const { dev, ino } = statSync(folder, { bigint: true });
    const identity = readIdentity(folder);
    if (identity === undefined) return { state: known.wasHere ? 'away' : 'not-initialised' };
    if (identity.station !== known.station || !known.mirrors.has(identity.mirror)) return { state: 'foreign' };
    return { state: 'present', mirror: identity.mirror, key: `${dev} ${ino}` };
  } catch (error) {
    if (error instanceof SyntaxError) return { state: 'foreign' };
    return { state: 'away' };
  }
}

/** The id of the mirror that lies at a folder; undefined when none is there. */
export function findMirrorId(folder: string): string | undefined {
  try {
    return readIdentity(folder)?.mirror;
  } catch {
    return undefined;
  }
}

function readIdentity(folder: string): MirrorIdentity | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, identityFile), 'utf8')) as MirrorIdentity;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The identity of an initialised folder, for a second try after a crash. @throws StationError mirror-not-empty, … */
export function assertMayBecomeMirror(folder: string, dataFolder: string): MirrorIdentity | undefined {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    throw new StationError('mirror-missing', `the folder ${folder} cannot be read: ${errorCode(cause)}`, {
      cause,
      next: 'Mount the disk first; the folder must be there.',
    });
  }
  const inside = `${folder}/`.startsWith(`${dataFolder}/`) || `${dataFolder}/`.startsWith(`${folder}/`);
  if (inside) {
    throw new StationError('mirror-overlaps-data', `${folder} and the data folder overlap`, {
      next: 'A mirror is a folder on another disk.',
    });
  }
  const identity = names.includes(identityFile) ? readIdentity(folder) : undefined;
  if (identity !== undefined) return identity;
  const others = names.filter((name) => !emptyDiskNames.includes(name));
  if (others.length > 0) {
    throw new StationError('mirror-not-empty', `${folder} is not empty: ${others.slice(0, 3).join(', ')}`, {
      next: 'Give the mirror an empty folder of its own.',
    });
  }
  return undefined;
}

export async function writeMirrorIdentity(folder: string, identity: MirrorIdentity): Promise<void> {
  await createExclusively(join(folder, identityFile), Buffer.from(`${JSON.stringify(identity)}\n`), 0o644);
}

/** A copy on the same disk does not outlive it. */
export function isOnSameDisk(folder: string, dataFolder: string): boolean {
  const [mirror, data] = [folder, dataFolder].map((path) => statSync(path, { throwIfNoEntry: false })?.dev);
  return mirror !== undefined && mirror === data;
}
