/**
 * The cross-check of a card: what the kernel lists against what its directory entries say. For each file one answer: the
 * kernel's path may be trusted, it may be looked for by name, it must be read past the kernel, or nothing can be had.
 * Nothing that either of the two saw is left out.
 */

import type { CardDoubt, CardEntry } from './card-reading.ts';
import type { EntryType } from './clip-facts.ts';

export interface KernelEntry {
  readonly path: Uint8Array;
  readonly type: EntryType;
  readonly bytes: number;
}

/** Why a file is read past the kernel: its name, another size there, or it cannot be opened there. */
export type ReaderReason = CardDoubt | 'size' | 'unopenable';

export interface CrossCheck<Kernel extends KernelEntry> {
  /** As the kernel listed them; they stay. */
  readonly agreed: readonly Kernel[];
  /** The kernel did not list them, because it could not list their folder; their names are plain. */
  readonly hidden: readonly CardEntry[];
  readonly pastKernel: readonly { readonly entry: CardEntry; readonly reason: ReaderReason }[];
  /** The kernel lists them and the card's own entries do not. They stay, as a finding. */
  readonly kernelOnly: readonly Kernel[];
  /** Folders that neither could list whole: the inventory is not complete. */
  readonly unlisted: readonly (Kernel | CardEntry)[];
}

export function crossCheckCard<Kernel extends KernelEntry>(
  kernel: readonly Kernel[],
  card: readonly CardEntry[],
): CrossCheck<Kernel> {
  const left = new Map(kernel.map((entry) => [keyOf(entry.path), entry]));
  const agreed: Kernel[] = [];
  const hidden: CardEntry[] = [];
  const pastKernel: { entry: CardEntry; reason: ReaderReason }[] = [];
  const files = card.filter(({ type }) => type === 'file');
  for (const entry of files) {
    const shown = entry.shownAs === undefined ? undefined : left.get(keyOf(entry.shownAs));
    const reason = reasonOf(entry, shown);
    if (reason !== undefined) pastKernel.push({ entry, reason });
    else if (shown === undefined) hidden.push(entry);
    else agreed.push(shown);
  }
  for (const key of files.flatMap(shownKeys)) left.delete(key);
  return { agreed, hidden, pastKernel, ...unexplained(left, card) };
}

/** What the kernel says beside the files that the card has. */
function unexplained<Kernel extends KernelEntry>(
  left: ReadonlyMap<string, Kernel>,
  card: readonly CardEntry[],
): Pick<CrossCheck<Kernel>, 'kernelOnly' | 'unlisted'> {
  const folders = card.filter(({ type }) => type === 'folder');
  const damaged = card.filter(({ type }) => type === 'unreadable-folder');
  // Below a folder that the kernel may have taken for another one, it lists the other one's files.
  const doubtful = new Set(folders.filter(({ doubt }) => doubt !== undefined).flatMap(shownKeys));
  // What the reader listed whole is among the hidden; what it could not list either is told once.
  const known = new Set(['', ...[...folders, ...damaged].flatMap(shownKeys)]);
  const rest = [...left].filter(([key]) => !isBelow(key, doubtful));
  const isFolder = ([, { type }]: [string, Kernel]): boolean => type === 'unreadable-folder';
  return {
    kernelOnly: rest.filter((pair) => !isFolder(pair)).map(([, entry]) => entry),
    unlisted: [...damaged, ...rest.filter((pair) => isFolder(pair) && !known.has(pair[0])).map(([, entry]) => entry)],
  };
}

function reasonOf(entry: CardEntry, shown: KernelEntry | undefined): ReaderReason | undefined {
  if (entry.doubt !== undefined) return entry.doubt;
  if (shown === undefined) return undefined;
  if (shown.type !== 'file') return 'unopenable';
  return hasSize(entry, shown.bytes) ? undefined : 'size';
}

/** Linux before 6.8 gives exFAT files the length that was written, later ones the whole. */
export const hasSize = (entry: CardEntry, bytes: number): boolean =>
  bytes === entry.bytes || bytes === entry.place.validBytes;

const shownKeys = ({ shownAs }: CardEntry): string[] => (shownAs === undefined ? [] : [keyOf(shownAs)]);

function isBelow(key: string, folders: ReadonlySet<string>): boolean {
  for (let end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) {
    if (folders.has(key.slice(0, end))) return true;
  }
  return folders.has(key);
}

/** One text for one byte string. */
const keyOf = (path: Uint8Array): string => {
  let text = '';
  for (const byte of path) text += String.fromCharCode(byte);
  return text;
};
