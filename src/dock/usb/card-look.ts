/**
 * A first look at a card that was just mounted, only to tell whose it may be: folders, some names, an identity file.
 * Bounded in depth, entries and time, because the card may be anything; what cannot be listed is the inventory's
 * finding, not this one's. Nothing is concluded from what is missing.
 */
import { constants, type Dirent } from 'node:fs';
import { open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CardReader } from '../../domain/card-reading.ts';
import { errorCode, errorMessage, StationError } from '../../domain/errors.ts';
import { readablePath } from '../../domain/readable-path.ts';
import type { CardFacts } from '../../domain/recorder-recognition.ts';
import { cleanText } from './sysfs-files.ts';

export interface CardLook extends CardFacts {
  /** What the identity file says, unchecked. */
  readonly identitySerials: readonly string[];
  /** What file names say, unchecked. */
  readonly nameSerials: readonly string[];
}

export interface CardLookParts {
  /** Whether the table of name patterns reads this path, and which serial it finds there. */
  readonly readName: (path: string) => { readonly serial: string | null } | undefined;
  readonly monotonicMs: () => number;
  readonly signal: AbortSignal;
  /** Says what lies on the card where one hostile name keeps the kernel from listing its root. */
  readonly reader?: CardReader | undefined;
}

const depthMax = 4;
const folderDepthShown = 2;
const entriesMax = 2_000;
const entriesPerFolderMax = 500;
/** Of a card that is read past the kernel; all of it is listed then. */
const cardLimits = { maxFiles: 200_000, maxDepth: depthMax };
const lookMsMax = 5_000;
const identityFile = 'station_bind.ini';
const identityBytesMax = 4096;

/** @throws the kernel's error when the root cannot be opened; the signal's reason */
export async function lookAtCard(root: string, label: string, parts: CardLookParts): Promise<CardLook> {
  const seen: Seen = { folders: [], rootFiles: [], nameSerials: new Set(), entries: 0, namedFiles: 0 };
  await lookAround(root, seen, parts);
  const { folders, rootFiles, namedFiles, nameSerials } = seen;
  const identity = rootFiles.find((name) => name.toLowerCase() === identityFile);
  const identitySerials = identity === undefined ? [] : await readIdentity(join(root, identity));
  return { label, folders, rootFiles, namedFiles, identitySerials, nameSerials: [...nameSerials] };
}

async function lookAround(root: string, seen: Seen, parts: CardLookParts): Promise<void> {
  const untilMs = parts.monotonicMs() + lookMsMax;
  const top = await firstEntries(root, '');
  if (top.failure !== undefined && (await isNotedFromCard(seen, parts))) return;
  if (top.failure !== undefined && top.entries.length === 0) throw top.failure;
  const waiting = noteAll(seen, '', top.entries, parts);
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    if (seen.entries >= entriesMax || parts.monotonicMs() > untilMs) return;
    const { entries } = await firstEntries(root, folder);
    waiting.push(...noteAll(seen, folder, entries, parts));
  }
}

/** The folders that are looked into next. */
function noteAll(seen: Seen, folder: string, entries: readonly Dirent[], parts: CardLookParts): string[] {
  parts.signal.throwIfAborted();
  return entries
    .map((entry) => ({ entry, path: folder === '' ? entry.name : `${folder}/${entry.name}` }))
    .filter(({ entry, path }) => note(seen, entry, path, parts) === 'enter')
    .map(({ path }) => path);
}

interface Seen {
  readonly folders: string[];
  readonly rootFiles: string[];
  readonly nameSerials: Set<string>;
  entries: number;
  namedFiles: number;
}

type SeenEntry = Pick<Dirent, 'name' | 'isDirectory' | 'isFile'>;

/** What the card's own directory entries say. False where they cannot be read either. */
async function isNotedFromCard(seen: Seen, { reader, ...parts }: CardLookParts): Promise<boolean> {
  if (reader === undefined) return false;
  try {
    for (const { path, shownAs, type } of await reader.list(cardLimits, parts.signal)) {
      const text = readablePath(shownAs ?? path);
      const name = text.slice(text.lastIndexOf('/') + 1);
      note(seen, { name, isDirectory: () => type === 'folder', isFile: () => type === 'file' }, text, parts);
    }
    return true;
  } catch (error) {
    parts.signal.throwIfAborted();
    if (errorCode(error) === 'card-gone') throw new StationError('recorder-pulled', errorMessage(error));
    return false;
  }
}

/** `enter` for a folder that is looked into. */
function note(seen: Seen, entry: SeenEntry, path: string, { readName }: CardLookParts): 'enter' | 'pass' {
  seen.entries += 1;
  const depth = path.split('/').length;
  if (entry.isDirectory()) {
    if (depth <= folderDepthShown) seen.folders.push(path);
    return depth < depthMax ? 'enter' : 'pass';
  }
  if (!entry.isFile()) return 'pass';
  if (depth === 1) seen.rootFiles.push(entry.name);
  const name = readName(path);
  if (name !== undefined) seen.namedFiles += 1;
  if (name?.serial) seen.nameSerials.add(name.serial);
  return 'pass';
}

async function firstEntries(
  root: string,
  folder: string,
): Promise<{ readonly entries: readonly Dirent[]; readonly failure: unknown }> {
  const entries: Dirent[] = [];
  try {
    for await (const entry of await opendir(join(root, folder))) {
      entries.push(entry);
      if (entries.length >= entriesPerFolderMax) break;
    }
    return { entries, failure: undefined };
  } catch (failure) {
    return { entries, failure };
  }
}

/** `recorder_serial = TA00716` of an ini file; other keys are not our business. */
async function readIdentity(path: string): Promise<readonly string[]> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(identityBytesMax), 0, identityBytesMax, 0);
      const text = buffer.toString('latin1', 0, bytesRead);
      const serial = /^[ \t]*recorder_serial[ \t]*=[ \t]*([^\r\n]{0,200})/im.exec(text)?.[1];
      return serial === undefined ? [] : [cleanText(serial.replace(/^"(.*)"$/, '$1'))];
    } finally {
      await handle.close();
    }
  } catch {
    return [];
  }
}
