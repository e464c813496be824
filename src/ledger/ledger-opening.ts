/**
 * What happens to the ledger at start: every record is read and the tree over them recomputed and compared with the
 * signed checkpoint. Only an incomplete last line beyond the checkpoint, and documents that no record names yet,
 * are dropped: both are what a crash leaves. Anything else that does not verify stops the start.
 */
import type { StationId } from '../domain/ids.ts';
import type { RecordEnvelope } from '../domain/records.ts';
import { AppendFile } from '../files/append-file.ts';
import { readIfThere } from '../files/if-there.ts';
import { readLines } from '../files/line-reader.ts';
import { type LeafSigner, leafChecksum, recordChecksum, signLeaf } from '../formats/leaf.ts';
import { type Checkpoint, openCheckpoint } from '../formats/signed-note.ts';
import type { LedgerKeys, PublicLogKeys } from './ledger-keys.ts';
import {
  type LedgerLayout,
  recordsPerSegment,
  segmentOf,
  type TileName,
  tilePath,
  tileWidth,
} from './ledger-layout.ts';
import type { LedgerContradiction, RememberedCheckpoint } from './ledger-memory.ts';
import { ledgerAltered, listSegments } from './ledger-reading.ts';
import type { TileTree } from './merkle-tree.ts';
import { digestHex, noPreviousRecord, parseDocument, parseRecord } from './record-lines.ts';
import { storedLeaf, TileStore } from './tile-store.ts';

/** Where a log goes on from: the sequence of its first record, and the digest of the record before it. */
export interface LogStart {
  readonly firstSequence: number;
  readonly prev: string;
}

export const firstStart: LogStart = { firstSequence: 0, prev: noPreviousRecord };

/** A log that was read whole and agrees with its checkpoint. */
export interface ReadLog {
  readonly tiles: TileStore;
  readonly checkpointSize: number;
  readonly checkpointNote: string | undefined;
  readonly station: StationId | undefined;
  /** Hex SHA-256 of the last record's line. */
  readonly prev: string;
  readonly lastRecord: RecordEnvelope | undefined;
  /** Remembered checkpoints that this log does not agree with. */
  readonly contradictions: readonly LedgerContradiction[];
}

export interface OpenedState extends ReadLog {
  readonly records: AppendFile;
  readonly documents: AppendFile;
}

interface LogToRead {
  readonly layout: LedgerLayout;
  /** The leaf signer only of a log that goes on. */
  readonly keys: PublicLogKeys & { readonly leafSigner?: LeafSigner };
  readonly start: LogStart;
  /** Checkpoints that were signed or cosigned before; differing from them is for an administrator to see. */
  readonly remembered: readonly RememberedCheckpoint[];
}

/** The bundle of the checkpoint that holds the leaf `index`. */
function bundleOfLeaf(index: number, checkpointSize: number): TileName {
  const tile = Math.floor(index / tileWidth);
  return { level: 'entries', index: tile, width: Math.min(tileWidth, checkpointSize - tile * tileWidth) };
}

async function readCheckpoint(layout: LedgerLayout, keys: PublicLogKeys): Promise<[string, Checkpoint] | undefined> {
  const note = (await readIfThere(layout.path(layout.checkpoint)))?.toString('utf8');
  if (note === undefined) return undefined;
  const checkpoint = openCheckpoint(note, keys.origin, keys.logKey);
  if (typeof checkpoint === 'string') throw ledgerAltered(`the checkpoint is not good: ${checkpoint}`);
  return [note, checkpoint];
}

/** Reads the log that goes on, and opens its files. @throws StationError ledger-altered */
export async function readForOpening(log: LogToRead & { readonly keys: LedgerKeys }): Promise<OpenedState> {
  const { layout } = log;
  const { reader, segments, ...read } = await readLog(log);
  // A segment file may have been made for a record that never came: then it is the one that grows.
  const segment = Math.max(segmentOf(Math.max(0, read.tiles.tree.size - 1)), segments - 1);
  const documents = await extentOfNamedDocuments(layout, segment, reader);
  return {
    ...read,
    records: await AppendFile.open(
      layout.path(layout.recordSegment(segment)),
      reader.segmentLength,
      reader.coveredLength,
    ),
    documents: await AppendFile.open(
      layout.path(layout.documentSegment(segment)),
      documents.length,
      documents.coveredLength,
    ),
  };
}

/** Reads a log that has ended: its checkpoint covers all of it. @throws StationError ledger-altered */
export async function readClosedLog(log: LogToRead): Promise<ReadLog> {
  const { reader: _reader, segments: _segments, ...read } = await readLog(log);
  const { size } = read.tiles.tree;
  if (size !== read.checkpointSize) throw ledgerAltered(`log ${log.layout.log} has ended and goes on`);
  return read;
}

async function readLog(log: LogToRead): Promise<ReadLog & { readonly reader: OpeningReader; segments: number }> {
  const { layout } = log;
  const [checkpointNote, checkpoint] = (await readCheckpoint(layout, log.keys)) ?? [undefined, undefined];
  const comparison = new MemoryComparison(log.remembered);
  const reader = new OpeningReader(log, { checkpoint, comparison });
  const segments = await listSegments(layout, layout.records);
  for (const [at, segment] of segments.entries()) {
    if (segment !== at || reader.tiles.tree.size !== segment * recordsPerSegment) {
      throw ledgerAltered(`${layout.relative(layout.recordSegment(at))} is missing or short`);
    }
    await reader.readSegment(segment, segment === segments.length - 1);
  }
  const size = reader.tiles.tree.size;
  const covered = checkpoint?.size ?? 0;
  if (size < covered) throw ledgerAltered(`the checkpoint covers ${covered} records, ${size} are there`);
  return {
    tiles: reader.tiles,
    checkpointSize: covered,
    checkpointNote,
    station: reader.station,
    prev: reader.prev,
    lastRecord: reader.lastLine && parseRecord(reader.lastLine),
    contradictions: comparison.finish(),
    reader,
    segments: segments.length,
  };
}

/** Reads records in order and adds them to the tree; knows after each segment what the next step needs. */
class OpeningReader {
  readonly tiles: TileStore;
  prev: string;
  lastLine: Buffer | undefined;
  station: StationId | undefined;
  /** Of the segment read last: bytes of its complete lines, and the documents that its records name. */
  segmentLength = 0;
  named = new Set<string>();
  /** The same of the records that the checkpoint covers: those were surely synced, the others only written. */
  coveredLength = 0;
  coveredNamed = new Set<string>();
  readonly #log: LogToRead;
  readonly #checkpoint: Checkpoint | undefined;
  readonly #comparison: MemoryComparison;
  #bundle: Buffer | undefined;

  constructor(
    log: LogToRead,
    known: { readonly checkpoint: Checkpoint | undefined; readonly comparison: MemoryComparison },
  ) {
    this.tiles = new TileStore(log.layout);
    this.prev = log.start.prev;
    this.#log = log;
    this.#checkpoint = known.checkpoint;
    this.#comparison = known.comparison;
  }

  async readSegment(segment: number, isLast: boolean): Promise<void> {
    this.segmentLength = 0;
    this.named = new Set();
    this.coveredLength = 0;
    this.coveredNamed = new Set();
    const { layout } = this.#log;
    for await (const line of readLines(layout.path(layout.recordSegment(segment)))) {
      if (!line.complete) return;
      const index = this.tiles.tree.size;
      const covered = index < (this.#checkpoint?.size ?? 0);
      await this.#addLeaf(index, line.bytes, covered);
      // The tree proves what the checkpoint covers; only what lies beyond it, and the segment that grows, is parsed.
      if (index === 0 || !covered || isLast) this.#readRecord(index, line.bytes, covered);
      this.prev = digestHex(line.bytes);
      this.lastLine = line.bytes;
      this.segmentLength = line.offset + line.bytes.length;
      if (covered) this.coveredLength = this.segmentLength;
      this.#compareRoot();
    }
  }

  async #addLeaf(index: number, line: Buffer, covered: boolean): Promise<void> {
    const checksum = recordChecksum(line);
    if (!covered) {
      const { leafSigner } = this.#log.keys;
      if (leafSigner === undefined) throw ledgerAltered(`record ${this.#sequence(index)} came after the log had ended`);
      return this.tiles.add(signLeaf(checksum, leafSigner), false);
    }
    if (index % tileWidth === 0) {
      this.#bundle = await this.#readBundle(bundleOfLeaf(index, this.#checkpoint?.size ?? 0));
    }
    const leaf = storedLeaf(this.#bundle, index % tileWidth);
    if (leaf === undefined || Buffer.compare(leafChecksum(leaf), checksum) !== 0) {
      throw ledgerAltered(`record ${this.#sequence(index)} and its leaf differ`);
    }
    this.tiles.add(Buffer.from(leaf), true);
  }

  #sequence(index: number): number {
    return this.#log.start.firstSequence + index;
  }

  /** The full bundle serves where its part is gone (C2SP tlog-tiles: partial tiles). */
  async #readBundle(tile: TileName): Promise<Buffer | undefined> {
    const { layout } = this.#log;
    const part = await readIfThere(layout.path(tilePath(tile)));
    return part ?? readIfThere(layout.path(tilePath({ ...tile, width: tileWidth })));
  }

  #readRecord(index: number, line: Buffer, covered: boolean): void {
    const seq = this.#sequence(index);
    const record = parseRecord(line);
    if (record === undefined || record.seq !== seq) throw ledgerAltered(`record ${seq} is damaged`);
    // The first record of a log is what ties it to the log before.
    const mustFollow = !covered || index === 0;
    if (mustFollow && record.prev !== this.prev) throw ledgerAltered(`record ${seq} does not follow the one before`);
    this.station ??= record.station;
    for (const { id } of record.documents ?? []) {
      this.named.add(id);
      if (covered) this.coveredNamed.add(id);
    }
  }

  #compareRoot(): void {
    const { tree } = this.tiles;
    this.#comparison.look(tree);
    if (tree.size === this.#checkpoint?.size && !tree.root().equals(this.#checkpoint.root)) {
      throw ledgerAltered('the tree over the records is not the one that the checkpoint signs');
    }
  }
}

/** Compares the growing tree with remembered checkpoints, each at its size. */
class MemoryComparison {
  readonly #open: Set<RememberedCheckpoint>;
  readonly #found: LedgerContradiction[] = [];

  constructor(remembered: readonly RememberedCheckpoint[]) {
    this.#open = new Set(remembered.filter(({ size }) => size > 0));
  }

  look(tree: TileTree): void {
    for (const remembered of this.#open) {
      if (remembered.size !== tree.size) continue;
      this.#open.delete(remembered);
      if (!tree.root().equals(remembered.root)) this.#found.push({ kind: 'ledger-differs', remembered });
    }
  }

  /** Whatever was not reached is larger than the ledger that is here. */
  finish(): LedgerContradiction[] {
    const missing = [...this.#open].map((remembered) => ({ kind: 'ledger-rolled-back', remembered }) as const);
    return [...this.#found, ...missing];
  }
}

/**
 * Where the last document ends that a record names, and where the last one of a covered record does. What lies behind
 * belongs to a record that was never written.
 */
async function extentOfNamedDocuments(
  layout: LedgerLayout,
  segment: number,
  { named, coveredNamed }: OpeningReader,
): Promise<{ readonly length: number; readonly coveredLength: number }> {
  let length = 0;
  let coveredLength = 0;
  let found = 0;
  for await (const line of readLines(layout.path(layout.documentSegment(segment)))) {
    const document = line.complete ? parseDocument(line.bytes) : undefined;
    if (document === undefined || !named.has(document.id)) continue;
    found += 1;
    length = line.offset + line.bytes.length;
    if (coveredNamed.has(document.id)) coveredLength = length;
  }
  if (found !== named.size)
    throw ledgerAltered(`a document in ${layout.documentSegment(segment)} is missing or damaged`);
  return { length, coveredLength };
}
