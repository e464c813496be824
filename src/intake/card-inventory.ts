/**
 * The inventory of a card that a raw reader can check: what the kernel lists, compared with the card's own directory
 * entries, and completed by what the kernel hides or confuses. What two readers do not agree on is a finding, and a card
 * that went away meanwhile has no inventory at all.
 */
import { type CrossCheck, crossCheckCard, hasSize, type ReaderReason } from '../domain/card-cross-check.ts';
import { type CardEntry, CardError, type CardReader } from '../domain/card-reading.ts';
import type { DockFinding } from '../domain/dock.ts';
import { errorCode, errorMessage, StationError } from '../domain/errors.ts';
import { readablePath } from '../domain/readable-path.ts';
import {
  type ListedEntry,
  type ListingLimits,
  listingOf,
  listVolume,
  lookAt,
  rootMissing,
  type VolumeListing,
} from './inventory.ts';

export interface CheckedListing extends VolumeListing {
  readonly findings: readonly DockFinding[];
}

/** So many entries are named one by one; the rest is counted. */
const namedMax = 50;

/** @throws StationError source-missing (also when the card went away), source-too-large; the signal's reason */
export async function listChecked(
  root: Buffer,
  limits: ListingLimits,
  { reader, signal }: { readonly reader: CardReader | undefined; readonly signal: AbortSignal },
): Promise<CheckedListing> {
  if (reader === undefined) return { ...(await listVolume(root, limits, signal)), findings: [] };
  const kernel = await listVolume(root, { ...limits, keepUnlistableRoot: true }, signal);
  let card: readonly CardEntry[];
  try {
    card = await reader.list(limits, signal);
  } catch (error) {
    return unchecked(kernel, error);
  }
  return completed(root, crossCheckCard(kernel.entries, card));
}

/** The kernel's word alone, with the finding that it is. A card that is gone could have looked empty or whole. */
function unchecked(kernel: VolumeListing, error: unknown): CheckedListing {
  const isRefused = error instanceof StationError && error.code === 'helper-refused';
  if (!(error instanceof CardError || isRefused)) throw error;
  if (errorCode(error) === 'card-gone') throw rootMissing('the card went away', error);
  const lost = kernel.entries.find(({ path }) => path.length === 0);
  if (lost !== undefined) throw rootMissing(lost.detail ?? 'unknown', error);
  return { ...kernel, findings: [{ code: 'card-check-failed', detail: errorMessage(error) }] };
}

async function completed(root: Buffer, check: CrossCheck<ListedEntry>): Promise<CheckedListing> {
  const past = [...check.pastKernel];
  const byName: ListedEntry[] = [];
  for (const entry of check.hidden) {
    const looked = await lookAt(root, Buffer.from(entry.path));
    if (looked.type === 'file' && hasSize(entry, looked.bytes)) byName.push(looked);
    else past.push({ entry, reason: 'unopenable' });
  }
  const unlisted = check.unlisted.map(unlistedEntry);
  const listing = listingOf([
    ...check.agreed,
    ...byName,
    ...check.kernelOnly,
    ...past.map(({ entry }) => pastKernelEntry(entry)),
    ...unlisted,
  ]);
  const findings = [
    ...pastKernelFinding(past),
    ...named('card-listing-differs', check.kernelOnly, 'the card itself has no entry'),
    ...named('card-entry-unreachable', unlisted, 'not all of its entries can be listed:'),
  ];
  return { ...listing, complete: listing.complete && check.kernelOnly.length === 0, findings };
}

const pastKernelEntry = (card: CardEntry): ListedEntry => {
  const { path, bytes, mtimeNs } = card;
  return { path: Buffer.from(path), type: 'file', bytes, mtimeNs, card };
};

function unlistedEntry({ path, detail }: ListedEntry | CardEntry): ListedEntry {
  const entry = { path: Buffer.from(path), type: 'unreadable-folder', bytes: 0, mtimeNs: 0n } as const;
  return detail === undefined ? entry : { ...entry, detail };
}

function pastKernelFinding(past: readonly { readonly reason: ReaderReason }[]): DockFinding[] {
  if (past.length === 0) return [];
  const reasons = Object.entries(Object.groupBy(past, ({ reason }) => reason))
    .map(([reason, of]) => `${reason} ${of.length}`)
    .join(', ');
  return [{ code: 'card-read-past-kernel', detail: `${past.length} files, because of: ${reasons}` }];
}

export function named(
  code: string,
  entries: readonly { readonly path: Uint8Array; readonly detail?: string }[],
  what: string,
): DockFinding[] {
  const findings = entries.slice(0, namedMax).map(({ path, detail }) => {
    const why = detail === undefined ? '' : ` (${detail})`;
    return { code, detail: `${what} ${path.length === 0 ? '/' : readablePath(path)}${why}` };
  });
  const rest = entries.length - findings.length;
  return rest === 0 ? findings : [...findings, { code, detail: `and ${rest} more` }];
}
