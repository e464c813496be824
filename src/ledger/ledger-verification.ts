/**
 * Verifies a ledger from its public keys alone, and returns everything that is wrong, each with the file that is at
 * fault and no other. Nothing is written, and a station may run beside: the checkpoint is read first, what it covers
 * is verified strictly, what came later only as far as it can be there already. 32 bytes a record are not even kept:
 * memory holds one segment.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreFinding } from '../domain/findings.ts';
import type { DocumentId } from '../domain/ids.ts';
import { type DeletionApprovedBody, type DeletionCarriedOutBody, vaultPlace } from '../domain/keeping-facts.ts';
import type { RecordEnvelope } from '../domain/records.ts';
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
import { LedgerLayout, recordsPerSegment, segmentOf, type TileName, tilePath, tileWidth } from './ledger-layout.ts';
import { readIfThere } from './ledger-reading.ts';
import { recordLine } from './record-alignment.ts';
import { type ChainLink, type SegmentVerdict, verifySegment } from './segment-verification.ts';
import { StampVerification } from './stamp-verification.ts';
import { TreeVerification } from './tree-verification.ts';
import { type VerifiedKeys, verifyKeys } from './verified-keys.ts';

const tilesPerSegment = recordsPerSegment / tileWidth;
/** A running station may be signing its very first checkpoint: it is looked for again so often, with these pauses. */
const checkpointLooks = 10;
const checkpointPauseMs = 200;
const checkpointFile = LedgerLayout.relative('checkpoint');

export interface LedgerVerdict {
  readonly findings: readonly StoreFinding[];
  readonly records: number;
  readonly documents: number;
  readonly tiles: number;
  /** Every record and document can be read and is what was recorded: it can be replayed. */
  readonly isReplayable: boolean;
}

export interface LedgerVerificationOptions {
  readonly signal?: AbortSignal;
  /** Which deletions must have been carried out here: those of the vault, or of the mirror with this id. */
  readonly place?: string;
  /** Called with each sound record, in order. */
  readonly onRecord?: (record: RecordEnvelope) => void;
}

/** @throws the kernel's error when a file cannot be read; the signal's reason when it is aborted */
export async function verifyLedger(
  dataFolder: string,
  options: LedgerVerificationOptions = {},
): Promise<LedgerVerdict> {
  const layout = new LedgerLayout(dataFolder);
  // Before everything else: what it covers is there from now on, whatever a running station adds.
  const note = await readIfThere(layout.path(layout.checkpoint));
  const files = await LedgerFiles.list(layout);
  const keys = await verifyKeys(layout, files);
  const opened = note === undefined || keys.logKey === undefined ? undefined : open(note, keys.logKey);
  const checkpoint = typeof opened === 'string' ? undefined : opened;
  const stamps = await StampVerification.list(layout);
  const verification = new LedgerVerification({ layout, files, keys, checkpoint, stamps }, options);
  const findings: StoreFinding[] = [...keys.findings];
  if (typeof opened === 'string') findings.push({ code: 'checkpoint-altered', file: checkpointFile, detail: opened });
  if (note === undefined && isCheckpointLost(files) && !(await comesSoon(layout.path(layout.checkpoint)))) {
    findings.push({ code: 'checkpoint-missing', file: checkpointFile });
  }
  for (const path of files.foreign) findings.push({ code: 'unexpected-file', file: LedgerLayout.relative(path) });
  return verification.run(findings);
}

const open = (note: Buffer, logKey: Buffer): Checkpoint | string =>
  openCheckpoint(note.toString('utf8'), originOf(logKey), logKey);

interface Subject {
  readonly layout: LedgerLayout;
  readonly files: LedgerFiles;
  readonly keys: VerifiedKeys;
  readonly checkpoint: Checkpoint | undefined;
  readonly stamps: StampVerification;
}

class LedgerVerification {
  readonly #layout: LedgerLayout;
  readonly #files: LedgerFiles;
  readonly #leafKey: Buffer | undefined;
  readonly #checkpoint: Checkpoint | undefined;
  readonly #options: LedgerVerificationOptions;
  readonly #tree: TreeVerification;
  readonly #logKey: Buffer | undefined;
  readonly #stamps: StampVerification;
  readonly #findings: StoreFinding[] = [];
  /** Records of lawful deletions by sequence, those that were carried out, and documents that say they were deleted. */
  readonly #deletions = new Map<number, DeletionApprovedBody>();
  readonly #carriedOut = new Set<string>();
  readonly #erased: ErasedDocument[] = [];
  #previous: ChainLink | undefined;
  #hasDamagedRecords = false;
  #records = 0;
  #documents = 0;
  #tiles = 0;

  constructor({ layout, files, keys, checkpoint, stamps }: Subject, options: LedgerVerificationOptions) {
    this.#layout = layout;
    this.#files = files;
    this.#leafKey = keys.leafKey;
    this.#checkpoint = checkpoint;
    this.#options = options;
    this.#logKey = keys.logKey;
    this.#stamps = stamps;
    this.#tree = new TreeVerification(layout, files, [checkpoint?.size ?? 0, ...stamps.sizes]);
  }

  async run(before: readonly StoreFinding[]): Promise<LedgerVerdict> {
    this.#findings.push(...before);
    await this.#verifyPresence();
    const end = this.#segmentsEnd();
    for (let segment = 0; segment < end; segment += 1) await this.#verifySegment(segment, segment === end - 1);
    await this.#tree.finish();
    this.#findings.push(...this.#tree.findings);
    this.#verifyBeyond(end);
    this.#verifyErased();
    this.#verifyRoot();
    this.#findings.push(...(await this.#stamps.verify(this.#logKey, (size) => this.#tree.rootAt(size))));
    return {
      findings: this.#findings,
      records: this.#records,
      documents: this.#documents,
      tiles: this.#tiles + this.#tree.tiles,
      isReplayable: !this.#findings.some(({ code }) => code.startsWith('record-') || code.startsWith('document-')),
    };
  }

  /** Tiles and bundles of the checkpoint's size; a full tile stands for its parts. */
  async #verifyPresence(): Promise<void> {
    for (const tile of neededTiles(this.#checkpoint?.size ?? 0)) {
      const full = { ...tile, width: tileWidth };
      if (this.#files.has(tile) || this.#files.has(full)) continue;
      // Listed a moment ago: a running station may have filled the tile since.
      if (await this.#isThere(full)) continue;
      this.#findings.push({ code: 'tile-missing', file: LedgerLayout.relative(tilePath(tile)) });
    }
  }

  async #isThere(tile: TileName): Promise<boolean> {
    return (await readIfThere(this.#layout.path(tilePath(tile)))) !== undefined;
  }

  /** Segments that are there, or that the checkpoint or the leaves of the next segment speak of. */
  #segmentsEnd(): number {
    const covered = segmentOf((this.#checkpoint?.size ?? 0) - 1) + 1;
    const present = this.#files.lastRecordSegment + 1;
    const hasNext = this.#files.tiles.some((tile) => isLeafTile(tile) && segmentOf(tile.index * tileWidth) === present);
    return Math.max(covered, present + (hasNext ? 1 : 0));
  }

  async #verifySegment(segment: number, isLast: boolean): Promise<void> {
    const firstSeq = segment * recordsPerSegment;
    const witnesses: TileWitnesses[] = [];
    // Leaves before records: a leaf is only written when its record is durable.
    for (let at = 0; at < tilesPerSegment; at += 1) {
      witnesses.push(await readTileWitnesses(this.#layout, this.#files, segment * tilesPerSegment + at));
    }
    const lines = [];
    const file = this.#layout.recordSegment(segment);
    for await (const { bytes, complete } of readLines(this.#layout.path(file))) lines.push(recordLine(bytes, complete));
    this.#options.signal?.throwIfAborted();
    const tileOf = (seq: number): TileWitnesses | undefined => witnesses[Math.floor((seq - firstSeq) / tileWidth)];
    const requiredEnd = isLast ? (this.#checkpoint?.size ?? 0) : firstSeq + recordsPerSegment;
    const verdict = verifySegment({
      file,
      firstSeq,
      count: Math.min(recordsPerSegment, Math.max(0, requiredEnd - firstSeq, leavesEnd(witnesses) - firstSeq)),
      requiredEnd,
      isLast,
      lines,
      checksums: (seq) => storedChecksums(tileOf(seq), seq % tileWidth),
      trust: (seq, line) =>
        trustLeaf(tileOf(seq), seq % tileWidth, { recordChecksum: line?.checksum, leafKey: this.#leafKey }),
      canVerifyLeaves: this.#leafKey !== undefined,
      previous: this.#previous,
    });
    await this.#takeVerdict(segment, verdict, isLast);
    await this.#compareTiles(witnesses, verdict, firstSeq);
  }

  async #takeVerdict(segment: number, verdict: SegmentVerdict, isLast: boolean): Promise<void> {
    this.#findings.push(...verdict.findings);
    this.#records += verdict.lines;
    this.#previous = verdict.last;
    const isDamaged = verdict.findings.length > 0;
    if (isDamaged) this.#hasDamagedRecords = true;
    for (const record of verdict.sound) {
      this.#stamps.onRecord(record);
      this.#takeDeletion(record);
      this.#options.onRecord?.(record);
    }
    const file = this.#layout.documentSegment(segment);
    const documents = await verifyDocuments({
      file,
      lines: readLines(this.#layout.path(file)),
      records: verdict.sound,
      allowsUnnamed: isDamaged,
      isLast,
    });
    this.#findings.push(...documents.findings);
    this.#erased.push(...documents.erased);
    this.#documents += documents.documents;
  }

  #takeDeletion({ type, seq, body }: RecordEnvelope): void {
    if (type === 'deletion-approved') this.#deletions.set(seq, body as unknown as DeletionApprovedBody);
    const { deletion, place } = body as unknown as DeletionCarriedOutBody;
    if (type === 'deletion-carried-out' && place === (this.#options.place ?? vaultPlace))
      this.#carriedOut.add(deletion);
  }

  async #compareTiles(witnesses: readonly TileWitnesses[], verdict: SegmentVerdict, firstSeq: number): Promise<void> {
    for (const [at, { bundles, hashes }] of witnesses.entries()) {
      this.#options.signal?.throwIfAborted();
      const trusted: readonly TrustedLeaf[] = verdict.trusted.slice(at * tileWidth, (at + 1) * tileWidth);
      const leavesMax = Math.min(tileWidth, verdict.endSeq - firstSeq - at * tileWidth);
      for (const copy of [...bundles, ...hashes]) {
        this.#tiles += 1;
        const finding = copyFinding(copy, trusted, leavesMax);
        if (finding !== undefined) this.#findings.push(finding);
      }
      await this.#addToTree(firstSeq / tileWidth + at, trusted.slice(0, Math.max(0, leavesMax)), hashes);
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
        this.#findings.push({ code: 'tile-altered', file: LedgerLayout.relative(tilePath(tile)), detail });
      }
      return this.#tree.add(undefined);
    }
    for (const hash of hashes) await this.#tree.add(hash);
  }

  /** Files that belong to segments for which there are no records at all. */
  #verifyBeyond(segmentsEnd: number): void {
    const unexpected = (path: string): void => {
      const detail = 'there are no records for it';
      this.#findings.push({ code: 'unexpected-file', file: LedgerLayout.relative(path), detail });
    };
    for (const tile of this.#files.tiles) {
      if (isLeafTile(tile) && segmentOf(tile.index * tileWidth) >= segmentsEnd) unexpected(tilePath(tile));
    }
    for (const segment of this.#files.documentSegments) {
      if (segment >= segmentsEnd) unexpected(this.#layout.documentSegment(segment));
    }
  }

  #verifyErased(): void {
    const erased = new Set<string>();
    for (const { id, finding, erasedBy, namedBy } of this.#erased) {
      erased.add(id);
      const isNamed = this.#deletions.get(erasedBy)?.documents.includes(id as DocumentId) === true;
      // A deletion of a person overwrites its own document that says who.
      if (isNamed && erasedBy >= namedBy) continue;
      // A damaged record may be the one that says so.
      if (this.#hasDamagedRecords) continue;
      this.#findings.push({ ...finding, detail: `${finding.detail}: erased, and no record says so` });
    }
    for (const [seq, { deletion, documents }] of this.#deletions) {
      if (!this.#carriedOut.has(deletion)) continue;
      for (const id of documents.filter((one) => !erased.has(one))) {
        const detail = `document ${id} was to be overwritten by record ${seq}`;
        this.#findings.push({
          code: 'document-not-erased',
          file: LedgerLayout.relative(this.#layout.documents),
          detail,
        });
      }
    }
  }

  #verifyRoot(): void {
    const root = this.#tree.rootAt(this.#checkpoint?.size ?? 0);
    if (this.#checkpoint === undefined || root === undefined || root.equals(this.#checkpoint.root)) return;
    const detail = 'the records make another tree than the one that was signed';
    this.#findings.push({ code: 'tree-differs', file: checkpointFile, detail });
  }
}

async function comesSoon(path: string): Promise<boolean> {
  for (let look = 0; look < checkpointLooks; look += 1) {
    if ((await readIfThere(path)) !== undefined) return true;
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
