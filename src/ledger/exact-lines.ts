/**
 * The exact bytes of some records and of the documents they name, as they lie in the segments: what a proof is about,
 * and what goes into a bag. Erased documents are left out and told.
 */

import type { RecordEnvelope } from '../domain/records.ts';
import { readLines } from '../files/line-reader.ts';
import { type LedgerLayout, recordsPerSegment, segmentOf } from './ledger-layout.ts';
import { ledgerAltered } from './ledger-reading.ts';
import type { LogSpan, LogTable } from './log-table.ts';
import { digestHex, parseDocument, parseRecord } from './record-lines.ts';

export interface ExactRecord {
  readonly record: RecordEnvelope;
  /** Newline included. */
  readonly line: Buffer;
  /** By document id. */
  readonly documents: ReadonlyMap<string, Buffer>;
  /** Ids of documents that were lawfully erased. */
  readonly erased: readonly string[];
}

export interface LogFolder extends LogSpan {
  readonly layout: LedgerLayout;
}

/** The wanted records in order of sequence. @throws StationError ledger-altered when one is not there or not itself */
export async function readExactLines(logs: LogTable<LogFolder>, wanted: readonly number[]): Promise<ExactRecord[]> {
  const found: ExactRecord[] = [];
  for (const [log, indexes] of logs.placesOf(wanted)) {
    for (const [segment, own] of Map.groupBy(indexes, segmentOf)) {
      const sequences = new Set(own.map((index) => log.firstSequence + index));
      found.push(...(await readSegment(log, segment, sequences)));
    }
  }
  return found;
}

async function readSegment(
  { layout, firstSequence }: LogFolder,
  segment: number,
  wanted: ReadonlySet<number>,
): Promise<ExactRecord[]> {
  const records: { seq: number; line: Buffer; record: RecordEnvelope }[] = [];
  let seq = firstSequence + segment * recordsPerSegment;
  for await (const { bytes, complete } of readLines(layout.path(layout.recordSegment(segment)))) {
    if (records.length === wanted.size) break;
    if (complete && wanted.has(seq)) {
      const record = parseRecord(bytes);
      if (record?.seq !== seq) throw ledgerAltered(`record ${seq} is damaged`);
      // A line of its own: the reader's buffer holds a megabyte.
      records.push({ seq, line: Buffer.from(bytes), record });
    }
    seq += 1;
  }
  if (records.length < wanted.size) throw ledgerAltered(`a record of segment ${segment} is missing`);
  const documents = await readDocuments(layout, segment, records);
  return records.map(({ line, record }) => {
    const own = (record.documents ?? []).map(({ id }) => id);
    const present = own.flatMap((id) => {
      const bytes = documents.get(id);
      return bytes === undefined || bytes === 'erased' ? [] : [[id, bytes] as const];
    });
    return { line, record, documents: new Map(present), erased: own.filter((id) => documents.get(id) === 'erased') };
  });
}

async function readDocuments(
  layout: LedgerLayout,
  segment: number,
  records: readonly { readonly record: RecordEnvelope }[],
): Promise<ReadonlyMap<string, Buffer | 'erased'>> {
  const digests = new Map(
    records.flatMap(({ record }) => (record.documents ?? []).map(({ id, sha256 }) => [id as string, sha256] as const)),
  );
  const found = new Map<string, Buffer | 'erased'>();
  for await (const { bytes } of readLines(layout.path(layout.documentSegment(segment)))) {
    if (found.size === digests.size) break;
    const document = parseDocument(bytes);
    const digest = document && digests.get(document.id);
    if (document === undefined || digest === undefined) continue;
    if (document.erasedBy === undefined && digestHex(bytes) !== digest) {
      throw ledgerAltered(`document ${document.id} was altered`);
    }
    found.set(document.id, document.erasedBy === undefined ? Buffer.from(bytes) : 'erased');
  }
  if (found.size < digests.size) throw ledgerAltered(`a document of segment ${segment} is missing`);
  return found;
}
