/**
 * The ledger (存证日志): an append-only log of records, each chained to the one before and a leaf of an RFC 6962 tree
 * whose signed checkpoint outsiders can verify. Appending returns when the records are durable; syncs are grouped, so
 * many callers share one. It knows nothing of what records mean.
 */
import { StationError } from '../domain/errors.ts';
import { newStationId, type RandomBytes, type StationId } from '../domain/ids.ts';
import type { NewRecord, ReplayedRecord } from '../domain/records.ts';
import { AppendFile } from '../files/append-file.ts';
import { ensureFolder } from '../files/durable-files.ts';
import { recordChecksum, signLeaf } from '../formats/leaf.ts';
import { LedgerCheckpoints } from './ledger-checkpoints.ts';
import { type LedgerKeys, openLedgerKeys } from './ledger-keys.ts';
import { LedgerLayout, recordsPerSegment, segmentOf } from './ledger-layout.ts';
import { LedgerMemory } from './ledger-memory.ts';
import { type OpenedState, readForOpening } from './ledger-opening.ts';
import { listSegments, replayRecords } from './ledger-reading.ts';
import { type BuiltRecord, buildRecord, digestHex } from './record-lines.ts';
import { writeFailed } from './write-failed.ts';

/** One group of records shares a sync; more wait for the next. */
const groupRecordsMax = 256;
/** More records that are queued and not yet durable show a caller that does not wait: a mistake of the program. */
const queuedRecordsMax = 4096;

export interface LedgerDependencies {
  readonly dataFolder: string;
  readonly random: RandomBytes;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds since boot. */
  readonly upMs: () => number;
  /** The kernel's boot id. */
  readonly boot: string;
  /** A checkpoint is signed at most so long after a record. */
  readonly checkpointMs: number;
  /** Called before a group is written; throws when it could not be projected, and changes nothing. */
  readonly rehearse: (records: readonly ReplayedRecord[]) => void;
  /**
   * Called with each durable group, in order, before its callers hear of it: the registry's projection.
   * If it throws, the ledger takes nothing more; the records stay and are projected at the next start.
   */
  readonly onDurable: (records: readonly ReplayedRecord[]) => void;
  /** Called with each new checkpoint once it is durable; witnesses are asked then. */
  readonly onCheckpoint?: () => void;
  /** Told when a background checkpoint failed; the next append will say so too. */
  readonly onTrouble: (error: unknown) => void;
}

interface Waiting {
  readonly requests: readonly NewRecord[];
  readonly resolve: (records: ReplayedRecord[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Records that may be written: they have their form, and the registry can follow. */
interface PreparedGroup {
  /** For each caller its records. */
  readonly results: readonly ReplayedRecord[][];
  readonly built: readonly BuiltRecord[];
  readonly prev: string;
}

export class Ledger {
  readonly #layout: LedgerLayout;
  readonly #keys: LedgerKeys;
  readonly #deps: LedgerDependencies;
  readonly #tiles: OpenedState['tiles'];
  /** Cosignatures, and what is remembered of earlier checkpoints. */
  readonly checkpoints: LedgerCheckpoints;
  readonly station: StationId;
  #records: AppendFile;
  #documents: AppendFile;
  #prev: string;
  #queue: Waiting[] = [];
  #queuedRecords = 0;
  #draining: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: StationError | undefined;

  private constructor(
    deps: LedgerDependencies,
    { keys, memory, state }: { keys: LedgerKeys; memory: LedgerMemory; state: OpenedState },
  ) {
    this.#deps = deps;
    this.#layout = new LedgerLayout(deps.dataFolder);
    this.#keys = keys;
    this.#tiles = state.tiles;
    this.#records = state.records;
    this.#documents = state.documents;
    this.#prev = state.prev;
    const { onCheckpoint } = deps;
    this.checkpoints = new LedgerCheckpoints({ layout: this.#layout, keys, memory, state, onCheckpoint });
    this.station = state.station ?? newStationId(deps.random);
  }

  /**
   * Opens the ledger for appending, verifies it, and writes its first record when it is new.
   * The caller owns the data folder (lock). @throws StationError ledger-altered, key-…
   */
  static async open(deps: LedgerDependencies): Promise<Ledger> {
    const layout = new LedgerLayout(deps.dataFolder);
    for (const folder of ['', layout.records, layout.documents]) await ensureFolder(layout.path(folder));
    const isNew = (await listSegments(layout, layout.records)).length === 0;
    const keys = await openLedgerKeys(deps.dataFolder, layout, isNew);
    const memory = await LedgerMemory.open(deps.dataFolder);
    const state = await readForOpening(layout, keys, memory.checkpoints(keys.origin, keys.logKey));
    const ledger = new Ledger(deps, { keys, memory, state });
    if (ledger.size === 0) {
      await ledger.append({
        type: 'ledger-opened',
        actor: { kind: 'system', id: 'station' },
        body: {
          format: 1,
          origin: keys.origin,
          logKey: keys.logKey.toString('hex'),
          leafKey: keys.leafKey.toString('hex'),
          recordsPerSegment,
        },
      });
    }
    return ledger;
  }

  /** The log's identity for whoever verifies. */
  get publicKeys(): Pick<LedgerKeys, 'origin' | 'logKey' | 'leafKey'> {
    const { origin, logKey, leafKey } = this.#keys;
    return { origin, logKey, leafKey };
  }

  /** How many records there are; the next one gets this sequence. */
  get size(): number {
    return this.#tiles.tree.size;
  }

  /** The tree's root when it had `size` leaves. @throws RangeError when it never was so big */
  rootAt(size: number): Promise<Buffer> {
    return this.#tiles.rootAt(size);
  }

  /** Records from `fromSeq` on, with their documents. Call it before appending, or bound it by `size`. */
  replay(fromSeq: number): AsyncGenerator<ReplayedRecord> {
    return replayRecords(this.#layout, fromSeq);
  }

  /** Appends one record; resolves when it is durable and projected. @throws StationError ledger-full, ledger-failed */
  async append(request: NewRecord): Promise<ReplayedRecord> {
    const [record] = await this.appendAll([request]);
    return record as ReplayedRecord;
  }

  /** Appends records that stand together, at most 256. @throws StationError ledger-full, ledger-failed */
  async appendAll(requests: readonly NewRecord[]): Promise<ReplayedRecord[]> {
    if (requests.length > groupRecordsMax) throw new Error('too many records in one group');
    if (this.#queuedRecords > queuedRecordsMax) throw new Error('the ledger queue overflows: a caller does not wait');
    return new Promise((resolve, reject) => {
      this.#queue.push({ requests, resolve, reject });
      this.#queuedRecords += requests.length;
      this.#startDraining();
    });
  }

  #startDraining(): void {
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
      // What came after the last look at the queue and before this must not wait for the next caller.
      if (this.#queue.length > 0) this.#startDraining();
    });
  }

  async #drain(): Promise<void> {
    // A turn of the event loop lets callers that are ready now share the sync.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      await this.#settle(this.#takeGroup());
    }
  }

  async #settle(group: readonly Waiting[]): Promise<void> {
    let prepared: PreparedGroup;
    try {
      prepared = this.#prepare(group);
    } catch (error) {
      // Nothing is written yet. One caller's bad record must not refuse what others want recorded.
      if (group.length > 1) for (const waiting of group) await this.#settle([waiting]);
      else group[0]?.reject(error);
      return;
    }
    try {
      await this.#write(prepared);
      for (const [at, waiting] of group.entries()) waiting.resolve(prepared.results[at] ?? []);
    } catch (error) {
      for (const waiting of group) waiting.reject(error);
    }
  }

  #takeGroup(): Waiting[] {
    const group: Waiting[] = [];
    let records = 0;
    for (;;) {
      const next = this.#queue[0];
      if (next === undefined || (group.length > 0 && records + next.requests.length > groupRecordsMax)) break;
      this.#queue.shift();
      records += next.requests.length;
      group.push(next);
    }
    this.#queuedRecords -= records;
    return group;
  }

  /** Builds the records and tries their projection; a durable record that cannot be projected would stop every start. */
  #prepare(group: readonly Waiting[]): PreparedGroup {
    if (this.#failure !== undefined) throw this.#failure;
    const results: ReplayedRecord[][] = [];
    const built: BuiltRecord[] = [];
    let prev = this.#prev;
    for (const { requests } of group) {
      const own: ReplayedRecord[] = [];
      for (const request of requests) {
        const one = buildRecord(request, {
          seq: this.size + built.length,
          time: new Date(this.#deps.now()).toISOString(),
          upMs: this.#deps.upMs(),
          boot: this.#deps.boot,
          station: this.station,
          prev,
          random: (bytes) => Buffer.from(this.#deps.random(bytes)).toString('hex'),
        });
        prev = digestHex(one.line);
        built.push(one);
        own.push({ record: one.record, documents: one.documents.map(({ id, body }) => ({ id, body })) });
      }
      results.push(own);
    }
    this.#deps.rehearse(results.flat());
    return { results, built, prev };
  }

  async #write({ results, built, prev }: PreparedGroup): Promise<void> {
    await this.#appendLines(built);
    this.#prev = prev;
    this.#project(results.flat());
    this.#armTimer();
  }

  /** Writes the lines segment by segment: documents first, so that no durable record names a missing document. */
  async #appendLines(built: readonly BuiltRecord[]): Promise<void> {
    for (let at = 0; at < built.length; ) {
      const first = this.size;
      const room = recordsPerSegment - (first % recordsPerSegment);
      const part = built.slice(at, at + room);
      if (first > 0 && first % recordsPerSegment === 0) await this.#openSegment(segmentOf(first));
      try {
        await this.#appendPart(part);
      } catch (error) {
        // Half of a group is durable: its callers cannot be told the truth, so the ledger is read again at a new start.
        throw at === 0 ? error : this.#fail('a group was written in part', error);
      }
      for (const { line } of part) this.#tiles.add(signLeaf(recordChecksum(line), this.#keys.leafSigner), false);
      at += part.length;
    }
  }

  async #openSegment(segment: number): Promise<void> {
    const records = await AppendFile.open(this.#layout.path(this.#layout.recordSegment(segment)), 0);
    const documents = await AppendFile.open(this.#layout.path(this.#layout.documentSegment(segment)), 0);
    await this.#records.close();
    await this.#documents.close();
    this.#records = records;
    this.#documents = documents;
  }

  async #appendPart(part: readonly BuiltRecord[]): Promise<void> {
    const documents = part.flatMap((one) => one.documents.map(({ line }) => line));
    const documentsLength = this.#documents.length;
    try {
      if (documents.length > 0) await this.#documents.append(Buffer.concat(documents));
      await this.#records.append(Buffer.concat(part.map(({ line }) => line)));
    } catch (cause) {
      // Only when the records are surely not there: a record whose sync failed may be, and names its documents.
      if (!this.#documents.broken && !this.#records.broken) await this.#documents.cutBackTo(documentsLength);
      throw this.#appendFailed(cause);
    }
  }

  #appendFailed(cause: unknown): StationError {
    if (this.#records.broken || this.#documents.broken) {
      return this.#fail('the disk did not confirm a write', cause);
    }
    return writeFailed(cause);
  }

  #fail(what: string, cause: unknown): StationError {
    this.#failure = new StationError('ledger-failed', `the ledger takes nothing more: ${what}`, {
      cause,
      next: 'Check the disk, then start again; the ledger is verified at start.',
    });
    return this.#failure;
  }

  #project(records: readonly ReplayedRecord[]): void {
    try {
      this.#deps.onDurable(records);
    } catch (error) {
      throw this.#fail('the registry could not follow', error);
    }
  }

  #armTimer(): void {
    this.#timer ??= setTimeout(() => {
      this.checkpoint().catch(this.#deps.onTrouble);
    }, this.#deps.checkpointMs);
  }

  /** Signs a checkpoint over all durable records and returns the note; the last note when nothing is new. */
  checkpoint(): Promise<string> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.checkpoints.sign();
  }

  /** Signs a last checkpoint and closes the files. */
  async close(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
    try {
      if (this.#failure === undefined) await this.checkpoint();
    } finally {
      clearTimeout(this.#timer);
      await this.#records.close();
      await this.#documents.close();
    }
  }
}
