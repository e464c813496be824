/**
 * Every file of a card with the path it gets and whether a path of the kernel's can be trusted to open it. Folders are
 * read breadth first, each at most once, so that a folder that contains itself ends.
 */
import {
  cardPathName,
  foldedName,
  hasLoneSurrogate,
  kernelName,
  repeatedPathName,
} from '../../../domain/card-names.ts';
import { type CardDoubt, type CardEntry, CardError, type CardListingLimits } from '../../../domain/card-reading.ts';
import type { CardBytes } from './card-bytes.ts';
import { type CardVolume, type FolderPlace, type RawEntry, readFolder } from './card-volume.ts';

interface Folder {
  readonly place: FolderPlace;
  readonly path: Buffer;
  readonly shownAs: Buffer | undefined;
  readonly isDoubtful: boolean;
  readonly depth: number;
  readonly mtimeNs: bigint;
}

const slash = Buffer.from('/');
const nothing = { firstCluster: 0, isContiguous: false, validBytes: 0 };
/** All folders of a card together. */
const foldersBytesMax = 256 * 1024 * 1024;

/** @throws CardError card-gone, card-too-large */
export async function walkCard(
  bytes: CardBytes,
  volume: CardVolume,
  limits: CardListingLimits,
): Promise<readonly CardEntry[]> {
  const found: CardEntry[] = [];
  const seen = new Set<number>();
  const none = Buffer.alloc(0);
  let read = 0;
  const waiting: Folder[] = [
    { place: volume.root, path: none, shownAs: none, isDoubtful: false, depth: 0, mtimeNs: 0n },
  ];
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    const refused = whyNotEntered(folder, seen, limits);
    if (refused !== undefined) {
      found.push(unreadable(folder, refused));
      continue;
    }
    const { content, trouble } = await readFolder(bytes, volume, folder.place);
    read += content.length;
    if (trouble !== undefined) found.push(unreadable(folder, trouble.message));
    const raw = volume.entriesOf(content);
    for (const entry of namedEntries(raw, folder)) {
      found.push(entry.card);
      if (entry.raw.isFolder) {
        waiting.push({
          place: volume.folderPlace(entry.raw),
          path: Buffer.from(entry.card.path),
          shownAs: entry.card.shownAs === undefined ? undefined : Buffer.from(entry.card.shownAs),
          isDoubtful: entry.card.doubt !== undefined,
          depth: folder.depth + 1,
          mtimeNs: entry.raw.mtimeNs,
        });
      }
    }
    if (found.length > limits.maxFiles || read > foldersBytesMax) throw tooMany(limits);
  }
  return found;
}

const tooMany = ({ maxFiles }: CardListingLimits): CardError =>
  new CardError('card-too-large', `the card has more than ${maxFiles} entries, or folders of more than 256 MiB`);

/** The damage that keeps a folder closed; each of its clusters is entered once. */
function whyNotEntered(folder: Folder, seen: Set<number>, { maxDepth }: CardListingLimits): string | undefined {
  if (folder.depth > maxDepth) return `deeper than ${maxDepth} folders`;
  if (folder.place.kind === 'extent') return undefined;
  const { firstCluster } = folder.place.place;
  if (seen.has(firstCluster)) return 'it is the same as another folder';
  seen.add(firstCluster);
  return undefined;
}

const unreadable = ({ path, shownAs, isDoubtful, mtimeNs }: Folder, detail: string): CardEntry => ({
  ...{ path, shownAs, type: 'unreadable-folder', bytes: 0, mtimeNs, place: nothing, detail },
  doubt: isDoubtful ? 'parent' : undefined,
});

function* namedEntries(raw: readonly RawEntry[], folder: Folder): Generator<{ raw: RawEntry; card: CardEntry }> {
  const isTwin = twinsOf(raw);
  const times = new Map<string, number>();
  for (const entry of raw) {
    const time = (times.get(entry.name) ?? 0) + 1;
    times.set(entry.name, time);
    const name = repeatedPathName(cardPathName(entry.name), time);
    const doubt = ownDoubt(entry.name) ?? (isTwin(entry) ? 'twin' : undefined);
    const card: CardEntry = {
      path: below(folder.path, name),
      shownAs: shownAs(entry.name, folder),
      type: entry.isFolder ? 'folder' : 'file',
      bytes: entry.bytes,
      mtimeNs: entry.mtimeNs,
      doubt: folder.isDoubtful ? 'parent' : doubt,
      place: entry.place,
    };
    yield { raw: entry, card };
  }
}

function shownAs(name: string, folder: Folder): Buffer | undefined {
  const shown = name.includes('/') ? '' : kernelName(name);
  return folder.shownAs === undefined || shown === '' ? undefined : below(folder.shownAs, Buffer.from(shown));
}

/** Whether another entry of the folder may be found by a name of this one. */
function twinsOf(raw: readonly RawEntry[]): (entry: RawEntry) => boolean {
  const holders = new Map<string, number>();
  for (const entry of raw) for (const key of keysOf(entry)) holders.set(key, (holders.get(key) ?? 0) + 1);
  return (entry) => [...keysOf(entry)].some((key) => (holders.get(key) ?? 0) > 1);
}

const below = (folder: Buffer, name: Uint8Array): Buffer =>
  folder.length === 0 ? Buffer.from(name) : Buffer.concat([folder, slash, name]);

/** What may be asked for and find this entry: its names, as any reader may compare them. */
const keysOf = ({ name, otherKeys }: RawEntry): Set<string> => new Set([foldedName(name), ...otherKeys.map(keyOf)]);

/** The volume's own upper case is a name space of its own. */
const keyOf = (key: string): string => (key.startsWith('\0') ? key : foldedName(key));

function ownDoubt(name: string): CardDoubt | undefined {
  if (/[/\0]/.test(name)) return 'slash';
  if (/^\.{0,2}$/.test(name)) return 'dot-name';
  if (hasLoneSurrogate(name)) return 'surrogate';
  return /[. ]$/.test(name) ? 'tail' : undefined;
}
