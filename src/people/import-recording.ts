/**
 * Writing an import into the ledger: what came, part by part, and its end. Nothing counts before the last record is
 * durable, so whatever happens in between, an import is there as a whole or not at all.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { newDocumentId, type RandomBytes } from '../domain/ids.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import type { Actor, NewRecord, ReplayedRecord } from '../domain/records.ts';
import type { ImportFileDocument, ImportKind, MissingDocument, VersionDocument } from '../domain/subject-kinds.ts';
import { createExclusively, ensureFolder } from '../files/durable-files.ts';

/** Documents that one record names: as many as fit its 16 KiB. */
export const documentsPerRecord = 100;
/** Records that share a sync. */
const recordsPerGroup = 20;
/** Keys of one document of missing subjects. */
const keysPerDocument = 1000;

export interface RecordingDependencies {
  readonly ledger: {
    append(request: NewRecord): Promise<ReplayedRecord>;
    appendAll(requests: readonly NewRecord[]): Promise<ReplayedRecord[]>;
  };
  /** Where files are kept as they came. */
  readonly importsFolder: string;
  readonly random: RandomBytes;
}

export interface ImportRecording {
  readonly kind: ImportKind;
  readonly bytes: Uint8Array;
  readonly fileName: string | undefined;
  /** `csv`, `xlsx` or `json`. */
  readonly ending: string;
  readonly effective: CalendarDate;
  readonly isSupplement: boolean;
  readonly actor: Actor;
  readonly onProgress: (done: number, total: number) => void;
  readonly documents: readonly VersionDocument[];
  /** Keys that the registry held and the file did not name. */
  readonly missing: readonly string[];
  /** Keys that it names in rows that could not be taken. */
  readonly unread: readonly string[];
  readonly counts: {
    readonly rows: number;
    readonly added: number;
    readonly changed: number;
    readonly unchanged: number;
    readonly missing: number;
  };
}

/** @returns the import's id @throws StationError ledger-full, ledger-failed; the kernel's error when the file cannot be kept */
export async function recordImport(deps: RecordingDependencies, what: ImportRecording): Promise<string> {
  const { ledger, random, importsFolder } = deps;
  const { kind, bytes, effective, actor, fileName, counts } = what;
  const id = `i-${Buffer.from(random(10)).toString('hex')}`;
  const record = (type: string, body: object = {}, documents: readonly object[] = []): NewRecord => ({
    type,
    actor,
    subject: id,
    body: { import: id, ...body },
    documents: documents.map((each) => ({ id: newDocumentId(random), body: each as never })),
  });
  await ensureFolder(importsFolder);
  await createExclusively(join(importsFolder, `${id}.${what.ending}`), bytes);
  const fileSha256 = createHash('sha256').update(bytes).digest('hex');
  const started = { kind, effectiveFrom: effective, fileSha256, fileBytes: bytes.length, ...counts };
  const name: ImportFileDocument[] = fileName === undefined ? [] : [{ fileName }];
  await ledger.append(record('import-started', what.isSupplement ? { ...started, supplement: true } : started, name));
  try {
    const parts = [...partsOf(what, (bodies) => record('import-part', {}, bodies))];
    for (let at = 0; at < parts.length; at += recordsPerGroup) {
      await ledger.appendAll(parts.slice(at, at + recordsPerGroup));
      const done = (at + recordsPerGroup) * documentsPerRecord;
      what.onProgress(Math.min(done, what.documents.length), what.documents.length);
    }
    const lists = [...listsOf(what.missing, {}), ...listsOf(what.unread, { unread: true })];
    for (let at = 0; at < lists.length; at += recordsPerGroup) {
      await ledger.appendAll(lists.slice(at, at + recordsPerGroup).map((list) => record('import-missing', {}, [list])));
    }
    await ledger.append(record('import-ended'));
  } catch (error) {
    // Where the ledger still takes it, so that the half does not wait for the next start to be cleared away.
    await ledger.append(record('import-interrupted')).catch(() => undefined);
    throw error;
  }
  return id;
}

function* partsOf(
  { documents }: ImportRecording,
  part: (bodies: readonly object[]) => NewRecord,
): Generator<NewRecord> {
  for (let at = 0; at < documents.length; at += documentsPerRecord) {
    yield part(documents.slice(at, at + documentsPerRecord));
  }
}

function* listsOf(keys: readonly string[], about: Pick<MissingDocument, 'unread'>): Generator<MissingDocument> {
  for (let at = 0; at < keys.length; at += keysPerDocument) {
    yield { keys: keys.slice(at, at + keysPerDocument), ...about };
  }
}
