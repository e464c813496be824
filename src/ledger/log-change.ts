/**
 * Ending a log and beginning the next one. The new log is made whole in a folder beside its place and gets its name by
 * one rename: before it the old log stands closed and the next start goes on here, after it the new log is the one
 * that grows. Neither log's files are ever moved.
 */
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ContinuedLog, LogContinuedBody } from '../domain/log-facts.ts';
import { createExclusively, ensureFolder, replaceDurably, syncFolder } from '../files/durable-files.ts';
import { recordChecksum, signLeaf } from '../formats/leaf.ts';
import { sha256 } from '../formats/merkle-hash.ts';
import { checkpointText, signNote } from '../formats/signed-note.ts';
import { type LedgerKeys, type PublicLogKeys, publishLogKeys } from './ledger-keys.ts';
import { type LedgerLayout, recordsPerSegment } from './ledger-layout.ts';
import { TileStore } from './tile-store.ts';

/** The log that ends, as it ended. */
export interface EndedLog {
  readonly log: number;
  readonly keys: PublicLogKeys;
  readonly size: number;
  readonly root: Buffer;
  /** Its last checkpoint's exact note. */
  readonly note: string;
  readonly reason: ContinuedLog['reason'];
}

export function continuedBody(ended: EndedLog, keys: PublicLogKeys): LogContinuedBody {
  return {
    format: 1,
    log: ended.log + 1,
    origin: keys.origin,
    logKey: keys.logKey.toString('hex'),
    leafKey: keys.leafKey.toString('hex'),
    recordsPerSegment,
    continues: {
      log: ended.log,
      logKeySha256: sha256(ended.keys.logKey).toString('hex'),
      size: ended.size,
      root: ended.root.toString('hex'),
      checkpoint: ended.note,
      reason: ended.reason,
    },
  };
}

/** Makes the log of `layout` with its first record and a checkpoint over it. @throws the kernel's error */
export async function beginLog(layout: LedgerLayout, keys: LedgerKeys, firstLine: Buffer): Promise<void> {
  const folder = layout.unfinishedFolder;
  await rm(folder, { recursive: true, force: true });
  for (const name of [layout.records, layout.documents]) await ensureFolder(join(folder, name));
  await publishLogKeys(join(folder, layout.keys), keys);
  await createExclusively(join(folder, layout.recordSegment(0)), firstLine);
  await createExclusively(join(folder, layout.documentSegment(0)), Buffer.alloc(0));
  const tiles = new TileStore({ path: (name) => join(folder, name) });
  tiles.add(signLeaf(recordChecksum(firstLine), keys.leafSigner), false);
  await tiles.write();
  const text = checkpointText({ origin: keys.origin, size: 1, root: tiles.tree.root() });
  const note = signNote(text, keys.origin, keys.logSecretKey, keys.logKey);
  await replaceDurably(join(folder, layout.checkpoint), Buffer.from(note), 0o644);
  await rename(folder, layout.folder);
  await syncFolder(dirname(layout.folder));
}
