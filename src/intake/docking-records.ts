/**
 * The records and documents that a docking writes, built from what intake decided. One place, so that the shape in
 * the ledger can be read in one place; domain/records.ts and domain/clip-facts.ts have the types.
 */

import type { CardReader } from '../domain/card-reading.ts';
import type {
  ClipDocument,
  DockingDocument,
  InventoryDocument,
  InventoryEntry,
  OutcomesDocument,
} from '../domain/clip-facts.ts';
import type { ClipName } from '../domain/clip-names.ts';
import type { CopyResult, SealedReadBack } from '../domain/copy-engine.ts';
import type { DockedVolume, DockFinding, DockingCounts } from '../domain/dock.ts';
import { type ClipId, type DockingId, newDocumentId, type RandomBytes, type SourceId } from '../domain/ids.ts';
import { readablePath } from '../domain/readable-path.ts';
import type { RecorderClock } from '../domain/recorder-clock.ts';
import type { Actor, ClipSealedBody, NewRecord } from '../domain/records.ts';
import type { StationClock } from '../domain/station-clock.ts';
import type { ListedEntry, VolumeListing } from './inventory.ts';

/** Entries of one inventory or outcomes document. */
export const entriesPerDocument = 1000;

export interface DockingContext {
  readonly docking: DockingId;
  readonly kind: string;
  readonly source: SourceId;
  readonly serial: string | undefined;
  readonly recorderBasis: string;
  /** Import folders: digest of the listing. */
  readonly listing?: string;
  /** What the dock found wrong before the first file was read. */
  readonly dockFindings?: readonly DockFinding[];
  /** What the dock learnt of the recorder's clock, and told it. */
  readonly clock?: RecorderClock;
  /** What is mounted below `root`, where the dock mounted it. */
  readonly volume?: DockedVolume;
  /** Reads that volume past the kernel. */
  readonly cardReader?: CardReader;
  readonly root: Buffer;
  readonly readBack: SealedReadBack;
  /** The station's own clock now. */
  readonly stationClock: StationClock;
  readonly slot?: string;
  readonly engine: string;
  readonly timeZone: string;
  readonly actor: Actor;
  readonly random: RandomBytes;
}

const document = (context: DockingContext, body: object) => ({
  id: newDocumentId(context.random),
  // The types of domain/clip-facts.ts are JSON by construction.
  body: body as never,
});

export function dockingStarted(context: DockingContext): NewRecord {
  const { docking, kind, source, recorderBasis, readBack, engine } = context;
  const body: DockingDocument = {
    folder: readablePath(context.root),
    folderHex: context.root.toString('hex'),
    ...(context.volume === undefined ? {} : { volume: context.volume }),
  };
  return {
    type: 'docking-started',
    actor: context.actor,
    subject: docking,
    body: {
      docking,
      kind,
      source,
      recorderBasis,
      readBack,
      engine,
      slot: context.slot,
      listing: context.listing,
      stationClock: { ...context.stationClock },
    },
    documents: [document(context, body)],
  };
}

const inventoryEntry = (entry: ListedEntry): InventoryEntry => ({
  path: readablePath(entry.path),
  pathHex: entry.path.toString('hex'),
  type: entry.type,
  ...(entry.type === 'file' ? { bytes: entry.bytes } : {}),
  ...(entry.mtimeNs === 0n ? {} : { mtimeNs: String(entry.mtimeNs) }),
  ...readBy(entry),
});

const readBy = ({ card }: ListedEntry) => (card === undefined ? {} : { readBy: 'fallback-reader' as const });

/** The inventory in parts, the last one saying so and carrying the totals; an empty volume gives one empty part. */
export function* inventoryListed(context: DockingContext, listing: VolumeListing): Generator<NewRecord> {
  const parts = Math.max(1, Math.ceil(listing.entries.length / entriesPerDocument));
  for (let part = 1; part <= parts; part += 1) {
    const entries = listing.entries.slice((part - 1) * entriesPerDocument, part * entriesPerDocument);
    const body: InventoryDocument = { entries: entries.map(inventoryEntry) };
    yield {
      type: 'inventory-listed',
      actor: context.actor,
      subject: context.docking,
      body: {
        docking: context.docking,
        part,
        last: part === parts,
        entries: entries.length,
        files: listing.files,
        bytes: listing.bytes,
        complete: listing.complete,
      },
      documents: [document(context, body)],
    };
  }
}

export interface SealFacts {
  readonly clip: ClipId;
  readonly entry: ListedEntry;
  readonly result: CopyResult;
  readonly original: ClipSealedBody['original'];
  readonly recorder: string | null;
  readonly name: ClipName | null;
  readonly recordedAt: string | null;
  readonly clock?: ClipDocument['clock'];
  readonly correctedAt?: ClipDocument['correctedAt'];
  readonly findings: readonly string[];
}

export function clipSealed(context: DockingContext, facts: SealFacts): NewRecord {
  const { result, entry } = facts;
  const body: ClipDocument = {
    path: readablePath(entry.path),
    pathHex: entry.path.toString('hex'),
    mtimeNs: String(entry.mtimeNs),
    recorder: facts.recorder,
    recorderBasis: context.serial === undefined && facts.recorder !== null ? 'name' : context.recorderBasis,
    name: facts.name,
    recordedAt: facts.recordedAt,
    timeZone: context.timeZone,
    ...readBy(entry),
    clock: facts.clock ?? null,
    correctedAt: facts.correctedAt ?? null,
  };
  return {
    type: 'clip-sealed',
    actor: context.actor,
    subject: facts.clip,
    body: {
      clip: facts.clip,
      docking: context.docking,
      source: context.source,
      bytes: result.bytes,
      sha256: result.sha256,
      sm3: result.sm3,
      fsverity: result.fsverity,
      readBack: context.readBack,
      engine: context.engine,
      original: facts.original,
      findings: facts.findings,
    },
    documents: [document(context, body)],
  };
}

export function* outcomesListed(context: DockingContext, entries: OutcomesDocument['entries']): Generator<NewRecord> {
  for (let at = 0; at < entries.length; at += entriesPerDocument) {
    const body: OutcomesDocument = { entries: entries.slice(at, at + entriesPerDocument) };
    yield {
      type: 'outcomes-listed',
      actor: context.actor,
      subject: context.docking,
      body: { docking: context.docking, entries: body.entries.length },
      documents: [document(context, body)],
    };
  }
}

export function dockingEnded(context: DockingContext, counts: DockingCounts, cancelled: boolean): NewRecord {
  return {
    type: 'docking-ended',
    actor: context.actor,
    subject: context.docking,
    body: { docking: context.docking, ...counts, cancelled },
  };
}

export function dockingInterrupted(context: DockingContext, reason: string): NewRecord {
  return {
    type: 'docking-interrupted',
    actor: context.actor,
    subject: context.docking,
    body: { docking: context.docking, reason },
  };
}

export function findingRaised(context: DockingContext, code: string, detail: string): NewRecord {
  return {
    type: 'finding-raised',
    actor: context.actor,
    subject: context.docking,
    body: { code, docking: context.docking },
    documents: [document(context, { detail })],
  };
}
