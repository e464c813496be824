/**
 * Reading the ledger back: which segments there are, and records with their documents in order. Used at start, by
 * rebuild and by checks; it never writes.
 */
import { StationError } from '../domain/errors.ts';
import type { DocumentReference, ReplayedDocument, ReplayedRecord } from '../domain/records.ts';
import { namesIn } from '../files/if-there.ts';
import { type FileLine, readLines } from '../files/line-reader.ts';
import { type LedgerLayout, recordsPerSegment, segmentOf, segmentOfName } from './ledger-layout.ts';
import { digestHex, parseDocument, parseRecord } from './record-lines.ts';

/** Numbers of the segments in `folder` (`records` or `documents`), ascending; names that are not ours are left out. */
export async function listSegments(layout: LedgerLayout, folder: string): Promise<number[]> {
  return (await namesIn(layout.path(folder)))
    .map(segmentOfName)
    .filter((segment) => segment !== undefined)
    .sort((a, b) => a - b);
}

export const ledgerAltered = (what: string, cause?: unknown): StationError =>
  new StationError('ledger-altered', `the ledger does not verify: ${what}`, {
    cause,
    next: 'Run "evidock fsck" to see which file it is; the station takes in nothing until it is put right.',
  });

/** Yields each record from sequence `fromSeq` on with its documents. @throws StationError ledger-altered */
export async function* replayRecords(
  logs: readonly { readonly layout: LedgerLayout; readonly firstSequence: number }[],
  fromSeq: number,
): AsyncGenerator<ReplayedRecord> {
  for (const [at, { layout, firstSequence }] of logs.entries()) {
    if ((logs[at + 1]?.firstSequence ?? Number.POSITIVE_INFINITY) <= fromSeq) continue;
    yield* replayLog(layout, { firstSequence, fromIndex: Math.max(0, fromSeq - firstSequence) });
  }
}

async function* replayLog(
  layout: LedgerLayout,
  { firstSequence, fromIndex }: { readonly firstSequence: number; readonly fromIndex: number },
): AsyncGenerator<ReplayedRecord> {
  for (const segment of await listSegments(layout, layout.records)) {
    if (segment < segmentOf(fromIndex)) continue;
    const documents = readLines(layout.path(layout.documentSegment(segment)));
    const file = layout.relative(layout.recordSegment(segment));
    let index = segment * recordsPerSegment;
    try {
      for await (const line of readLines(layout.path(layout.recordSegment(segment)))) {
        if (!line.complete) break;
        if (index >= fromIndex) yield await replayLine(line, firstSequence + index, documents, file);
        index += 1;
      }
    } finally {
      // Also when the caller has seen enough, or a record is damaged.
      await documents.return(undefined);
    }
  }
}

async function replayLine(
  line: FileLine,
  seq: number,
  documents: AsyncGenerator<FileLine>,
  file: string,
): Promise<ReplayedRecord> {
  const record = parseRecord(line.bytes);
  if (record === undefined || record.seq !== seq) throw ledgerAltered(`record ${seq} in ${file} is damaged`);
  const found: ReplayedDocument[] = [];
  for (const reference of record.documents ?? []) found.push(await nextDocument(documents, reference, seq));
  return { record, documents: found };
}

/** Documents lie in the order in which records name them, so one pass over the segment finds them all. */
async function nextDocument(
  documents: AsyncGenerator<FileLine>,
  reference: DocumentReference,
  seq: number,
): Promise<ReplayedDocument> {
  for (;;) {
    const next = await documents.next();
    if (next.done) throw ledgerAltered(`document ${reference.id} of record ${seq} is missing or damaged`);
    const document = parseDocument(next.value.bytes);
    if (document?.id !== reference.id) continue;
    if (document.erasedBy !== undefined) return { id: document.id, erasedBy: document.erasedBy };
    if (document.line === undefined || digestHex(next.value.bytes) !== reference.sha256) {
      throw ledgerAltered(`document ${reference.id} of record ${seq} was altered`);
    }
    return { id: document.id, body: document.line.body };
  }
}
