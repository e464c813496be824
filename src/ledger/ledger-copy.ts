/**
 * Copies the ledger up to a signed checkpoint into another folder of the same layout. The copy only ever grows: lines
 * that are there must be ours, byte for byte, except where ours was lawfully overwritten since. Where they are not,
 * nothing is written and the file is named. What was written is confirmed by reading it back from the disk.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createExclusively, ensureFolder, replaceDurably, syncFolder } from '../files/durable-files.ts';
import { readIfThere } from '../files/if-there.ts';
import { type FileLine, readLines } from '../files/line-reader.ts';
import { LedgerFiles, neededTiles } from './ledger-files.ts';
import { LedgerLayout, recordsPerSegment, segmentOf, tilePath, tileWidth } from './ledger-layout.ts';
import { ledgerAltered } from './ledger-reading.ts';
import { readLogTable } from './log-table.ts';
import { parseDocument, parseRecord } from './record-lines.ts';

const chunkBytes = 1024 * 1024;

export interface LedgerCopyDependencies {
  /** Data folder of the ledger, and the folder that holds the copy. */
  readonly dataFolder: string;
  readonly targetFolder: string;
  /** SHA-256 of a file as the disk has it, hex. */
  readonly digestOnDisk: (path: string) => Promise<string>;
}

/** A file of the copy that contradicts ours, relative to the folder. */
export interface LedgerDifference {
  readonly file: string;
}

class Differs extends Error {
  readonly file: string;

  /** @param file relative to the folder */
  constructor(file: string) {
    super(`${file} is not what the ledger has`);
    this.file = file;
  }
}

interface Patch {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** What a file of the copy lacks. */
interface Lack {
  readonly from: number;
  readonly length: number;
  readonly patches: readonly Patch[];
  readonly sha256: string;
}

/** One for a folder and as long as the same disk is surely there: it remembers which segments it compared. */
export class LedgerCopy {
  readonly #deps: LedgerCopyDependencies;
  readonly #logs = new Map<number, LogCopy>();

  constructor(deps: LedgerCopyDependencies) {
    this.#deps = deps;
  }

  /** Documents were overwritten: every segment is compared again. */
  forget(): void {
    for (const log of this.#logs.values()) log.forget();
  }

  /**
   * Brings the copy to `note`, the checkpoint of the log that goes on; logs before it are brought to their last one.
   * @throws the kernel's error, StationError ledger-altered
   */
  async bringTo(note: string): Promise<LedgerDifference | undefined> {
    const { logs } = await readLogTable(this.#deps.dataFolder);
    try {
      for (const [at, { layout }] of logs.entries()) {
        const last = (await readIfThere(layout.path(layout.checkpoint)))?.toString('utf8') ?? '';
        // The keys may have been changed since the caller asked for its note.
        const isWanted = at === logs.length - 1 && last.split('\n', 1)[0] === note.split('\n', 1)[0];
        if (last !== '') await this.#logCopy(layout.log).bringTo(isWanted ? note : last);
      }
      return undefined;
    } catch (error) {
      if (error instanceof Differs) return { file: error.file };
      throw error;
    }
  }

  #logCopy(log: number): LogCopy {
    const known = this.#logs.get(log) ?? new LogCopy(this.#deps, log);
    this.#logs.set(log, known);
    return known;
  }
}

class LogCopy {
  readonly #deps: LedgerCopyDependencies;
  readonly #source: LedgerLayout;
  readonly #target: LedgerLayout;
  /** Segments that are full and were found equal, until a document is overwritten. */
  readonly #finished = new Set<number>();
  /** Files whose bytes were confirmed on the disk by this object, with their length. */
  readonly #confirmed = new Map<string, number>();

  constructor(deps: LedgerCopyDependencies, log: number) {
    this.#deps = deps;
    this.#source = new LedgerLayout(deps.dataFolder, log);
    this.#target = new LedgerLayout(deps.targetFolder, log);
  }

  forget(): void {
    this.#finished.clear();
  }

  /** @throws Differs */
  async bringTo(note: string): Promise<void> {
    const size = Number(note.split('\n')[1]);
    const { records, documents, keys } = this.#target;
    for (const folder of ['', records, documents, keys]) await ensureFolder(this.#target.path(folder), 0o700);
    const present = (await readIfThere(this.#target.path(this.#target.checkpoint)))?.toString('utf8');
    if (present !== undefined && Number(present.split('\n')[1]) > size) throw this.#differs(this.#target.checkpoint);
    for (const name of ['log.vkey', 'log.pub', 'leaf.pub']) await this.#copyKey(`${keys}/${name}`);
    for (let segment = 0; segment <= segmentOf(size - 1); segment += 1) await this.#copySegment(segment, size);
    await this.#copyTiles(size);
    if (present !== note) await replaceDurably(this.#target.path(this.#target.checkpoint), Buffer.from(note), 0o644);
  }

  #differs(file: string): Differs {
    return new Differs(this.#target.relative(file));
  }

  async #copyKey(file: string): Promise<void> {
    const ours = await readIfThere(this.#source.path(file));
    const theirs = await readIfThere(this.#target.path(file));
    if (ours === undefined || theirs?.equals(ours)) return;
    if (theirs !== undefined) throw this.#differs(file);
    await createExclusively(this.#target.path(file), ours, 0o644);
  }

  async #copySegment(segment: number, size: number): Promise<void> {
    if (this.#finished.has(segment)) return;
    const count = Math.min(recordsPerSegment, size - segment * recordsPerSegment);
    const named = new Set<string>();
    const records = takeRecords(readLines(this.#source.path(this.#source.recordSegment(segment))), count, named);
    // Compared before anything is written, documents first: no record of the copy names a document that is not there.
    const recordsLack = await this.#compare(this.#source.recordSegment(segment), records, false);
    const documents = takeDocuments(readLines(this.#source.path(this.#source.documentSegment(segment))), named);
    const documentsLack = await this.#compare(this.#source.documentSegment(segment), documents, true);
    await this.#fill(this.#source.documentSegment(segment), documentsLack);
    await this.#fill(this.#source.recordSegment(segment), recordsLack);
    if (count === recordsPerSegment) this.#finished.add(segment);
  }

  /** @throws Differs */
  async #compare(file: string, lines: AsyncIterable<FileLine>, mayBeOverwritten: boolean): Promise<Lack> {
    const theirs = readLines(this.#target.path(file));
    const digest = createHash('sha256');
    const patches: Patch[] = [];
    let length = 0;
    let from: number | undefined;
    try {
      for await (const line of lines) {
        digest.update(line.bytes);
        length += line.bytes.length;
        if (from !== undefined) continue;
        const match = compareLine(line, (await theirs.next()).value, mayBeOverwritten);
        if (match === 'differs') throw this.#differs(file);
        if (match === 'overwritten') patches.push({ offset: line.offset, bytes: line.bytes });
        if (typeof match === 'number') from = match;
      }
      if (from === undefined && !(await theirs.next()).done) throw this.#differs(file);
    } finally {
      await theirs.return(undefined);
    }
    return { from: from ?? length, length, patches, sha256: digest.digest('hex') };
  }

  async #fill(file: string, lack: Lack): Promise<void> {
    const { from, length, patches, sha256 } = lack;
    if (from < length || patches.length > 0 || length === 0) await this.#write(file, lack);
    else if (this.#confirmed.get(file) === length) return;
    if ((await this.#deps.digestOnDisk(this.#target.path(file))) !== sha256) {
      // The cache agrees and the disk does not: what an earlier failed sync left. All of it is written again, once.
      await this.#write(file, { ...lack, from: 0 });
      const again = await this.#deps.digestOnDisk(this.#target.path(file));
      if (again !== sha256) throw new Error(`${this.#target.path(file)} does not keep what is written to it`);
    }
    this.#confirmed.set(file, length);
  }

  async #write(file: string, { from, length, patches }: Lack): Promise<void> {
    this.#confirmed.delete(file);
    const path = this.#target.path(file);
    const target = await openOrCreate(path);
    try {
      for (const { offset, bytes } of patches) await writeAll(target, bytes, offset);
      if (from < length) await copyRange(this.#source.path(file), target, { from, length });
      await target.datasync();
    } finally {
      await target.close();
    }
    await syncFolder(dirname(path));
  }

  /** Tiles never change once they are written; a full tile stands for its parts. */
  async #copyTiles(size: number): Promise<void> {
    const present = await LedgerFiles.list(this.#target);
    for (const tile of neededTiles(size)) {
      if (present.has(tile) || present.widths(tile.level, tile.index).includes(tileWidth)) continue;
      const part = await readIfThere(this.#source.path(tilePath(tile)));
      const meant = part === undefined ? { ...tile, width: tileWidth } : tile;
      const bytes = part ?? (await readIfThere(this.#source.path(tilePath(meant))));
      if (bytes === undefined) throw ledgerAltered(`${tilePath(tile)} is missing`);
      const path = this.#target.path(tilePath(meant));
      await ensureFolder(dirname(path), 0o755);
      await replaceDurably(path, bytes, 0o644);
    }
  }
}

/** `equal`; or where the copy must go on, when it ends before or within this line. */
function compareLine(
  ours: FileLine,
  theirs: FileLine | undefined,
  mayBeOverwritten: boolean,
): 'equal' | 'overwritten' | 'differs' | number {
  if (theirs === undefined) return ours.offset;
  if (theirs.bytes.equals(ours.bytes)) return 'equal';
  if (!theirs.complete) {
    const isBeginning = ours.bytes.subarray(0, theirs.bytes.length).equals(theirs.bytes);
    return isBeginning ? ours.offset + theirs.bytes.length : 'differs';
  }
  const isOverwritten = mayBeOverwritten && parseDocument(ours.bytes)?.erasedBy !== undefined;
  return isOverwritten && theirs.bytes.length === ours.bytes.length ? 'overwritten' : 'differs';
}

async function* takeRecords(
  lines: AsyncGenerator<FileLine>,
  count: number,
  named: Set<string>,
): AsyncGenerator<FileLine> {
  let taken = 0;
  for await (const line of lines) {
    for (const { id } of parseRecord(line.bytes)?.documents ?? []) named.add(id);
    yield line;
    taken += 1;
    if (taken === count) return;
  }
  if (taken < count) throw ledgerAltered('a segment of records is short');
}

/** Documents up to the last one that is named; what lies behind belongs to records that are not copied yet. */
async function* takeDocuments(lines: AsyncGenerator<FileLine>, named: ReadonlySet<string>): AsyncGenerator<FileLine> {
  let left = named.size;
  if (left === 0) return;
  for await (const line of lines) {
    if (named.has(parseDocument(line.bytes)?.id ?? '')) left -= 1;
    yield line;
    if (left === 0) return;
  }
  throw ledgerAltered('a segment of documents is short');
}

async function openOrCreate(path: string): Promise<FileHandle> {
  return open(path, 'r+').catch(() => open(path, 'wx+', 0o600));
}

async function copyRange(
  sourcePath: string,
  target: FileHandle,
  { from, length }: { readonly from: number; readonly length: number },
): Promise<void> {
  const source = await open(sourcePath, 'r');
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (let at = from; at < length; ) {
      const { bytesRead } = await source.read(chunk, 0, Math.min(chunkBytes, length - at), at);
      if (bytesRead === 0) throw ledgerAltered(`${sourcePath} became shorter`);
      await writeAll(target, chunk.subarray(0, bytesRead), at);
      at += bytesRead;
    }
  } finally {
    await source.close();
  }
}

async function writeAll(target: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await target.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}
