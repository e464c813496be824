/** The records and documents that a clearing writes, in one place; domain/clearing-facts.ts has the types. */
import type {
  ClearingEndedBody,
  ClearingKeptDocument,
  ClearingPlanDocument,
  ClearingPlannedBody,
  ClipClearedBody,
  ClipClearedDocument,
} from '../domain/clearing-facts.ts';
import type { ClearingPolicy, ClearingRecheck } from '../domain/clearing-policy.ts';
import { type DockingId, newDocumentId, type RandomBytes } from '../domain/ids.ts';
import { readablePath } from '../domain/readable-path.ts';
import type { Actor, NewRecord } from '../domain/records.ts';
import type { ClearableEntry, ClearingEntry } from './clearing.ts';
import { entriesPerDocument } from './docking-records.ts';

export interface ClearingContext {
  readonly docking: DockingId;
  readonly actor: Actor;
  readonly policy: ClearingPolicy;
  readonly copiesWanted: number;
  readonly recheck: ClearingRecheck;
  readonly random: RandomBytes;
}

// The types of domain/clearing-facts.ts are JSON by construction.
const record = (
  { docking, actor, random }: ClearingContext,
  type: string,
  body: object,
  document?: object,
): NewRecord => ({
  type,
  actor,
  subject: docking,
  body: body as never,
  ...(document === undefined ? {} : { documents: [{ id: newDocumentId(random), body: document as never }] }),
});

const names = (path: Buffer): { path: string; pathHex: string } => ({
  path: readablePath(path),
  pathHex: path.toString('hex'),
});

/** The plan in parts, the last one saying so; nothing on the recorder gives one empty part. */
export function* clearingPlanned(
  context: ClearingContext,
  entries: readonly ClearingEntry[],
  toClear: readonly ClearableEntry[],
): Generator<NewRecord> {
  const parts = Math.max(1, Math.ceil(entries.length / entriesPerDocument));
  for (let part = 1; part <= parts; part += 1) {
    const some = entries.slice((part - 1) * entriesPerDocument, part * entriesPerDocument);
    const body: ClearingPlannedBody = {
      docking: context.docking,
      policy: context.policy,
      copiesWanted: context.copiesWanted,
      recheck: context.recheck,
      part,
      last: part === parts,
      entries: some.length,
      toClear: toClear.length,
      bytesToClear: toClear.reduce((sum, { bytes }) => sum + bytes, 0),
      toKeep: entries.length - toClear.length,
      singleCopy: toClear.filter(({ copies }) => copies < 2).length,
    };
    const document: ClearingPlanDocument = {
      entries: some.map(({ path, keep, clip }) => ({
        ...names(path),
        keep,
        ...(clip === undefined ? {} : { clip }),
      })),
    };
    yield record(context, 'clearing-planned', body, document);
  }
}

/** Its subject is the clip: that it left the recorder belongs to its custody history. */
export function clipCleared(
  context: ClearingContext,
  { path, clip, sha256, bytes, copies }: ClearableEntry,
  recheck: ClipClearedBody['recheck'],
): NewRecord {
  const body: ClipClearedBody = { clip, docking: context.docking, sha256, bytes, recheck, copies };
  const document: ClipClearedDocument = names(path);
  return { ...record(context, 'clip-cleared', body, document), subject: clip };
}

export interface KeptEntry {
  readonly path: Buffer;
  readonly reason: ClearingKeptDocument['entries'][number]['reason'];
  readonly detail?: string;
}

/** What was planned to be cleared and stayed. */
export function* clearingKept(context: ClearingContext, entries: readonly KeptEntry[]): Generator<NewRecord> {
  for (let at = 0; at < entries.length; at += entriesPerDocument) {
    const some = entries.slice(at, at + entriesPerDocument);
    const document: ClearingKeptDocument = {
      entries: some.map(({ path, reason, detail }) => ({
        ...names(path),
        reason,
        ...(detail === undefined ? {} : { detail }),
      })),
    };
    yield record(context, 'clearing-kept', { docking: context.docking, entries: some.length }, document);
  }
}

export const clearingEnded = (context: ClearingContext, body: Omit<ClearingEndedBody, 'docking'>): NewRecord =>
  record(context, 'clearing-ended', { docking: context.docking, ...body });

export const clearingFinding = (context: ClearingContext, code: string, detail: string): NewRecord =>
  record(context, 'finding-raised', { code, docking: context.docking }, { detail });
