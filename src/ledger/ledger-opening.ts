/**
 * What happens to the ledger at start: every record is read and the tree over them recomputed and compared with the
 * signed checkpoint. Only an incomplete last line beyond the checkpoint, and documents that no record names yet,
 * are dropped: both are what a crash leaves. Anything else that does not verify stops the start.
 */
import type { StationId } from '../domain/ids.ts';
import { AppendFile } from '../files/append-file.ts';
import { readLines } from '../files/line-reader.ts';
import { leafChecksum, recordChecksum, signLeaf } from '../formats/leaf.ts';
import { type Checkpoint, openCheckpoint } from '../formats/signed-note.ts';
import type { LedgerKeys } from './ledger-keys.ts';
import {
  type LedgerLayout,
  recordsPerSegment,
  segmentOf,
  type TileName,
  tilePath,
  tileWidth,
} from './ledger-layout.ts';
import type { LedgerContradiction, RememberedCheckpoint } from './ledger-memory.ts';
import { ledgerAltered, listSegments, readIfThere } from './ledger-reading.ts';
import type { TileTree } from './merkle-tree.ts';
import { digestHex, noPreviousRecord, parseDocument, parseRecord } from './record-lines.ts';
import { storedLeaf, TileStore } from './tile-store.ts';

export interface OpenedState {
  readonly tiles: TileStore;
  readonly checkpointSize: number;
  readonly checkpointNote: string | undefined;
  readonly station: StationId | undefined;
  /** Hex SHA-256 of the last record's line. */
  readonly prev: string;
  readonly records: AppendFile;
  readonly documents: AppendFile;
  /** Remembered checkpoints that this ledger does not agree with. */
  readonly contradictions: readonly LedgerContradiction[];
}

/** The bundle of the checkpoint that holds the leaf `seq`. */
function bundleOfLeaf(seq: number, checkpointSize: number): TileName {
  const index = Math.floor(seq / tileWidth);
  return { level: 'entries', index, width: Math.min(tileWidth, checkpointSize - index * tileWidth) };
}

async function readCheckpoint(layout: LedgerLayout, keys: LedgerKeys): Promise<[string, Checkpoint] | undefined> {
  const note = (await readIfThere(layout.path(layout.checkpoint)))?.toString('utf8');
  if (note === undefined) return undefined;
  const checkpoint = openCheckpoint(note, keys.origin, keys.logKey);
  if (typeof checkpoint === 'string') throw ledgerAltered(`the checkpoint is not good: ${checkpoint}`);
  return [note, checkpoint];
}

/**
 * @param remembered checkpoints that were signed or cosigned before; differing from them is for an administrator to see
 * @throws StationError ledger-altered
 */
export async function readForOpening(
  layout: LedgerLayout,
  keys: LedgerKeys,
  remembered: readonly RememberedCheckpoint[] = [],
): Promise<OpenedState> {
  const [checkpointNote, checkpoint] = (await readCheckpoint(layout, keys)) ?? [undefined, undefined];
  const comparison = new MemoryComparison(remembered);
  const reader = new OpeningReader(layout, keys, { checkpoint, comparison });
  const segments = await listSegments(layout, layout.records);
  for (const [at, segment] of segments.entries()) {
    if (segment !== at || reader.tiles.tree.size !== segment * recordsPerSegment) {
      throw ledgerAltered(`${layout.recordSegment(at)} is missing or short`);
    }
    await reader.readSegment(segment, segment === segments.length - 1);
  }
  const size = reader.tiles.tree.size;
  const covered = checkpoint?.size ?? 0;
  if (size < covered) throw ledgerAltered(`the checkpoint covers ${covered} records, ${size} are there`);
  // A segment file may have been made for a record that never came: then it is the one that grows.
  const segment = Math.max(segmentOf(Math.max(0, size - 1)), segments.length - 1);
  const documents = await extentOfNamedDocuments(layout, segment, reader);
  return {
    tiles: reader.tiles,
    checkpointSize: covered,
    checkpointNote,
    station: reader.station,
    prev: reader.prev,
    contradictions: comparison.finish(),
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

/** Reads records in order and adds them to the tree; knows after each segment what the next step needs. */
class OpeningReader {
  readonly tiles: TileStore;
  prev = noPreviousRecord;
  station: StationId | undefined;
  /** Of the segment read last: bytes of its complete lines, and the documents that its records name. */
  segmentLength = 0;
  named = new Set<string>();
  /** The same of the records that the checkpoint covers: those were surely synced, the others only written. */
  coveredLength = 0;
  coveredNamed = new Set<string>();
  readonly #layout: LedgerLayout;
  readonly #keys: LedgerKeys;
  readonly #checkpoint: Checkpoint | undefined;
  readonly #comparison: MemoryComparison;
  #bundle: Buffer | undefined;

  constructor(
    layout: LedgerLayout,
    keys: LedgerKeys,
    known: { readonly checkpoint: Checkpoint | undefined; readonly comparison: MemoryComparison },
  ) {
    this.tiles = new TileStore(layout);
    this.#layout = layout;
    this.#keys = keys;
    this.#checkpoint = known.checkpoint;
    this.#comparison = known.comparison;
  }

  async readSegment(segment: number, isLast: boolean): Promise<void> {
    this.segmentLength = 0;
    this.named = new Set();
    this.coveredLength = 0;
    this.coveredNamed = new Set();
    for await (const line of readLines(this.#layout.path(this.#layout.recordSegment(segment)))) {
      if (!line.complete) return;
      const seq = this.tiles.tree.size;
      const covered = seq < (this.#checkpoint?.size ?? 0);
      await this.#addLeaf(seq, line.bytes, covered);
      // The tree proves what the checkpoint covers; only what lies beyond it, and the segment that grows, is parsed.
      if (seq === 0 || !covered || isLast) this.#readRecord(seq, line.bytes, covered);
      this.prev = digestHex(line.bytes);
      this.segmentLength = line.offset + line.bytes.length;
      if (covered) this.coveredLength = this.segmentLength;
      this.#compareRoot();
    }
  }

  async #addLeaf(seq: number, line: Buffer, covered: boolean): Promise<void> {
    const checksum = recordChecksum(line);
    if (!covered) return this.tiles.add(signLeaf(checksum, this.#keys.leafSigner), false);
    if (seq % tileWidth === 0) {
      this.#bundle = await this.#readBundle(bundleOfLeaf(seq, this.#checkpoint?.size ?? 0));
    }
    const leaf = storedLeaf(this.#bundle, seq % tileWidth);
    if (leaf === undefined || Buffer.compare(leafChecksum(leaf), checksum) !== 0) {
      throw ledgerAltered(`record ${seq} and its leaf differ`);
    }
    this.tiles.add(Buffer.from(leaf), true);
  }

  /** The full bundle serves where its part is gone (C2SP tlog-tiles: partial tiles). */
  async #readBundle(tile: TileName): Promise<Buffer | undefined> {
    const part = await readIfThere(this.#layout.path(tilePath(tile)));
    return part ?? readIfThere(this.#layout.path(tilePath({ ...tile, width: tileWidth })));
  }

  #readRecord(seq: number, line: Buffer, covered: boolean): void {
    const record = parseRecord(line);
    if (record === undefined || record.seq !== seq) throw ledgerAltered(`record ${seq} is damaged`);
    if (!covered && record.prev !== this.prev) throw ledgerAltered(`record ${seq} does not follow the one before`);
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
