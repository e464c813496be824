/**
 * Verifies one log of a ledger from its public keys: records against leaves, leaves against tiles, tiles against the
 * checkpoint. Sequences are those of the whole ledger; tiles and segments are counted from the log's first record.
 * A log that grows is verified strictly as far as its checkpoint goes, one that has ended to its end.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreFinding } from '../domain/findings.ts';
import type { RecordEnvelope } from '../domain/records.ts';
import { readIfThere } from '../files/if-there.ts';
import { readLines } from '../files/line-reader.ts';
import { type Checkpoint, openCheckpoint } from '../formats/signed-note.ts';
import { originOf } from '../formats/tree-origin.ts';
import { type ErasedDocument, verifyDocuments } from './document-verification.ts';
import {
  copyFinding,
  readTileWitnesses,
  storedChecksums,
  type TileCopy,
  type TileWitnesses,
  type TrustedLeaf,
  trustLeaf,
} from './leaf-witnesses.ts';
import { LedgerFiles, neededTiles } from './ledger-files.ts';
import {
  type LedgerLayout,
  recordsPerSegment,
  segmentOf,
  type TileName,
  tilePath,
  tileWidth,
} from './ledger-layout.ts';
import { recordLine } from './record-alignment.ts';
import { type ChainLink, type SegmentVerdict, verifySegment } from './segment-verification.ts';
import { type RecordedStamps, StampVerification } from './stamp-verification.ts';
import { TreeVerification } from './tree-verification.ts';
import { type VerifiedKeys, verifyKeys } from './verified-keys.ts';

const tilesPerSegment = recordsPerSegment / tileWidth;
/** A running station may be signing its very first checkpoint: it is looked for again so often, with these pauses. */
const checkpointLooks = 10;
const checkpointPauseMs = 200;

export interface LogRequest {
  readonly layout: LedgerLayout;
  readonly firstSequence: number;
  /** The record before the first one, as far as it is sound; nothing before the ledger's own first. */
  readonly previous: ChainLink | undefined;
  /** Number of records when the log has ended and the next one has begun. */
  readonly endSize: number | undefined;
  readonly recorded: RecordedStamps;
  readonly signal: AbortSignal | undefined;
  /** Called with each sound record, in order. */
  readonly onRecord: (record: RecordEnvelope) => void;
}

/** One log, once `run` has gone through. */
export class LogVerification {
  readonly layout: LedgerLayout;
  readonly firstSequence: number;
  readonly keys: VerifiedKeys;
  readonly checkpoint: Checkpoint | undefined;
  /** The exact checkpoint, whatever is wrong with it. */
  readonly note: Buffer | undefined;
  readonly findings: StoreFinding[] = [];
  /** Documents that say that they were deleted; the record that says so may stand in a later log. */
  readonly erased: ErasedDocument[] = [];
  records = 0;
  documents = 0;
  hasDamagedRecords = false;
  /** Of the records with nothing wrong. */
  first: RecordEnvelope | undefined;
  last: RecordEnvelope | undefined;
  /** The last record, for the chain. */
  link: ChainLink | undefined;
  readonly #request: LogRequest;
  readonly #files: LedgerFiles;
  readonly #tree: TreeVerification;
  readonly #stamps: StampVerification;
  #tiles = 0;

  private constructor(
    request: LogRequest,
    found: {
      readonly files: LedgerFiles;
      readonly keys: VerifiedKeys;
      readonly note: Buffer | undefined;
      readonly checkpoint: Checkpoint | undefined;
      readonly stamps: StampVerification;
    },
  ) {
    this.#request = request;
    this.layout = request.layout;
    this.firstSequence = request.firstSequence;
    this.#files = found.files;
    this.keys = found.keys;
    this.note = found.note;
    this.checkpoint = found.checkpoint;
    this.#stamps = found.stamps;
    this.link = request.previous;
    this.#tree = new TreeVerification(this.layout, this.#files, [this.checkpoint?.size ?? 0, ...found.stamps.sizes]);
  }

  /** @throws the kernel's error when a file cannot be read; the signal's reason when it is aborted */
  static async run(request: LogRequest): Promise<LogVerification> {
    const { layout, recorded, endSize } = request;
    const checkpointFile = layout.relative(layout.checkpoint);
    // Before everything else: what it covers is there from now on, whatever a running station adds.
    const note = await readIfThere(layout.path(layout.checkpoint));
    const files = await LedgerFiles.list(layout);
    const keys = await verifyKeys(layout, files);
    const opened = note === undefined || keys.logKey === undefined ? undefined : open(note, keys.logKey);
    const checkpoint = typeof opened === 'string' ? undefined : opened;
    const stamps = await StampVerification.list(layout, recorded);
    const log = new LogVerification(request, { files, keys, note, checkpoint, stamps });
    log.findings.push(...keys.findings);
    if (typeof opened === 'string')
      log.findings.push({ code: 'checkpoint-altered', file: checkpointFile, detail: opened });
    const isNeeded = endSize !== undefined || isCheckpointLost(files);
    if (note === undefined && isNeeded && (endSize !== undefined || !(await comesSoon(layout))))
      log.findings.push({ code: 'checkpoint-missing', file: checkpointFile });
    for (const path of files.foreign) log.findings.push({ code: 'unexpected-file', file: layout.relative(path) });
    await log.#run();
    return log;
  }

  get tiles(): number {
    return this.#tiles + this.#tree.tiles;
  }

  /** After the last log was run. */
  verifyStamps(): Promise<readonly StoreFinding[]> {
    return this.#stamps.verify(this.keys.logKey, (size) => this.#tree.rootAt(size));
  }

  /** Records that must be there. What the next log claims is believed as far as it could be; the rest is its finding. */
  get #requiredSize(): number {
    const believable = (this.#files.lastRecordSegment + 2) * recordsPerSegment;
    return Math.max(this.checkpoint?.size ?? 0, Math.min(this.#request.endSize ?? 0, believable));
  }

  async #run(): Promise<void> {
    await this.#verifyPresence();
    const end = this.#segmentsEnd();
    for (let segment = 0; segment < end; segment += 1) await this.#verifySegment(segment, segment === end - 1);
    await this.#tree.finish();
    this.findings.push(...this.#tree.findings);
    this.#verifyBeyond(end);
    this.#verifyRoot();
  }

  /** Tiles and bundles of the checkpoint's size; a full tile stands for its parts. */
  async #verifyPresence(): Promise<void> {
    for (const tile of neededTiles(this.checkpoint?.size ?? 0)) {
      const full = { ...tile, width: tileWidth };
      if (this.#files.has(tile) || this.#files.has(full)) continue;
      // Listed a moment ago: a running station may have filled the tile since.
      if (await this.#isThere(full)) continue;
      this.findings.push({ code: 'tile-missing', file: this.layout.relative(tilePath(tile)) });
    }
  }

  async #isThere(tile: TileName): Promise<boolean> {
    return (await readIfThere(this.layout.path(tilePath(tile)))) !== undefined;
  }

  /** Segments that are there, or that the checkpoint or the leaves of the next segment speak of. */
  #segmentsEnd(): number {
    const covered = segmentOf(this.#requiredSize - 1) + 1;
    const present = this.#files.lastRecordSegment + 1;
    const hasNext = this.#files.tiles.some((tile) => isLeafTile(tile) && segmentOf(tile.index * tileWidth) === present);
    return Math.max(covered, present + (hasNext ? 1 : 0));
  }

  async #verifySegment(segment: number, isLast: boolean): Promise<void> {
    const { firstSequence, endSize, signal } = this.#request;
    const firstIndex = segment * recordsPerSegment;
    const witnesses: TileWitnesses[] = [];
    // Leaves before records: a leaf is only written when its record is durable.
    for (let at = 0; at < tilesPerSegment; at += 1) {
      witnesses.push(await readTileWitnesses(this.layout, this.#files, segment * tilesPerSegment + at));
    }
    const lines = [];
    const file = this.layout.recordSegment(segment);
    for await (const { bytes, complete } of readLines(this.layout.path(file))) lines.push(recordLine(bytes, complete));
    signal?.throwIfAborted();
    const indexOf = (seq: number): number => seq - firstSequence;
    const tileOf = (seq: number): TileWitnesses | undefined =>
      witnesses[Math.floor((indexOf(seq) - firstIndex) / tileWidth)];
    const requiredEnd = isLast ? this.#requiredSize : firstIndex + recordsPerSegment;
    // A log that has ended was written to its end: nothing of it is what a crash may leave.
    const mayGrow = isLast && endSize === undefined;
    const verdict = verifySegment({
      file: this.layout.relative(file),
      firstSeq: firstSequence + firstIndex,
      count: Math.min(recordsPerSegment, Math.max(0, requiredEnd - firstIndex, leavesEnd(witnesses) - firstIndex)),
      requiredEnd: firstSequence + requiredEnd,
      isLast: mayGrow,
      lines,
      checksums: (seq) => storedChecksums(tileOf(seq), indexOf(seq) % tileWidth),
      trust: (seq, line) =>
        trustLeaf(tileOf(seq), indexOf(seq) % tileWidth, {
          recordChecksum: line?.checksum,
          leafKey: this.keys.leafKey,
        }),
      canVerifyLeaves: this.keys.leafKey !== undefined,
      previous: this.link,
    });
    await this.#takeVerdict(segment, verdict, mayGrow);
    await this.#compareTiles(witnesses, verdict, firstIndex);
  }

  async #takeVerdict(segment: number, verdict: SegmentVerdict, mayGrow: boolean): Promise<void> {
    this.findings.push(...verdict.findings);
    this.records += verdict.lines;
    this.link = verdict.last;
    const isDamaged = verdict.findings.length > 0;
    if (isDamaged) this.hasDamagedRecords = true;
    for (const record of verdict.sound) {
      this.#request.recorded.take(record);
      this.#request.onRecord(record);
    }
    if (segment === 0) this.first = verdict.sound[0];
    this.last = verdict.sound.at(-1) ?? this.last;
    const file = this.layout.documentSegment(segment);
    const documents = await verifyDocuments({
      file: this.layout.relative(file),
      lines: readLines(this.layout.path(file)),
      records: verdict.sound,
      allowsUnnamed: isDamaged,
      isLast: mayGrow,
    });
    this.findings.push(...documents.findings);
    this.erased.push(...documents.erased);
    this.documents += documents.documents;
  }

  async #compareTiles(witnesses: readonly TileWitnesses[], verdict: SegmentVerdict, firstIndex: number): Promise<void> {
    for (const [at, { bundles, hashes }] of witnesses.entries()) {
      this.#request.signal?.throwIfAborted();
      const trusted: readonly TrustedLeaf[] = verdict.trusted.slice(at * tileWidth, (at + 1) * tileWidth);
      const end = verdict.endSeq - this.#request.firstSequence - firstIndex;
      const leavesMax = Math.min(tileWidth, end - at * tileWidth);
      for (const copy of [...bundles, ...hashes]) {
        this.#tiles += 1;
        const finding = copyFinding(copy, this.layout, { trusted, leavesMax });
        if (finding !== undefined) this.findings.push(finding);
      }
      await this.#addToTree(firstIndex / tileWidth + at, trusted.slice(0, Math.max(0, leavesMax)), hashes);
    }
  }

  /** Hashes that no leaf confirms count only when the tile above agrees; else it is their own tile that is damaged. */
  async #addToTree(index: number, leaves: readonly TrustedLeaf[], copies: readonly TileCopy[]): Promise<void> {
    const hashes = leaves.map(({ hash }) => hash);
    const known = hashes.filter((hash) => hash !== undefined);
    const isDoubtful = known.length === hashes.length && leaves.some(({ leaf }) => leaf === undefined);
    if (isDoubtful && (await this.#tree.isOwnTile(index, known)) === false) {
      for (const { tile } of copies) {
        const detail = 'neither the leaves nor the tile above confirm it';
        this.findings.push({ code: 'tile-altered', file: this.layout.relative(tilePath(tile)), detail });
      }
      return this.#tree.add(undefined);
    }
    for (const hash of hashes) await this.#tree.add(hash);
  }

  /** Files that belong to segments for which there are no records at all. */
  #verifyBeyond(segmentsEnd: number): void {
    const unexpected = (path: string): void => {
      const detail = 'there are no records for it';
      this.findings.push({ code: 'unexpected-file', file: this.layout.relative(path), detail });
    };
    for (const tile of this.#files.tiles) {
      if (isLeafTile(tile) && segmentOf(tile.index * tileWidth) >= segmentsEnd) unexpected(tilePath(tile));
    }
    for (const segment of this.#files.documentSegments) {
      if (segment >= segmentsEnd) unexpected(this.layout.documentSegment(segment));
    }
  }

  #verifyRoot(): void {
    const root = this.#tree.rootAt(this.checkpoint?.size ?? 0);
    if (this.checkpoint === undefined || root === undefined || root.equals(this.checkpoint.root)) return;
    const detail = 'the records make another tree than the one that was signed';
    this.findings.push({ code: 'tree-differs', file: this.layout.relative(this.layout.checkpoint), detail });
  }
}

const open = (note: Buffer, logKey: Buffer): Checkpoint | string =>
  openCheckpoint(note.toString('utf8'), originOf(logKey), logKey);

async function comesSoon(layout: LedgerLayout): Promise<boolean> {
  for (let look = 0; look < checkpointLooks; look += 1) {
    if ((await readIfThere(layout.path(layout.checkpoint))) !== undefined) return true;
    await sleep(checkpointPauseMs);
  }
  return false;
}

const isLeafTile = (tile: TileName): boolean => tile.level === 0 || tile.level === 'entries';

function leavesEnd(witnesses: readonly TileWitnesses[]): number {
  const copies = witnesses.flatMap(({ bundles, hashes }) => [...bundles, ...hashes]);
  return Math.max(0, ...copies.map(({ tile }) => tile.index * tileWidth + tile.width));
}

/**
 * Whether a checkpoint must have been here. Tiles are written before the first checkpoint, so a crash between may
 * leave them without it: then they are the tiles of one size, and not all of them or a checkpoint half made.
 */
function isCheckpointLost(files: LedgerFiles): boolean {
  if (files.tiles.length === 0) return false;
  const size = Math.max(...files.tiles.filter(isLeafTile).map((tile) => tile.index * tileWidth + tile.width), 0);
  const needed = new Set([...neededTiles(size)].map(tilePath));
  const present = files.tiles.map((tile) => tilePath(tile));
  const isOneSize = present.every((path) => needed.has(path));
  return !isOneSize || (present.length === needed.size && !files.hasNewCheckpoint);
}
