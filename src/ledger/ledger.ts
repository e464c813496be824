/**
 * The ledger (存证日志): an append-only log of records, each chained to the one before and a leaf of an RFC 6962 tree
 * whose signed checkpoint outsiders can verify. Appending returns when the records are durable; syncs are grouped, so
 * many callers share one. A change of keys ends the log and begins another, in which the records go on. It knows
 * nothing of what records mean but those that begin and end a log.
 */
import { StationError } from '../domain/errors.ts';
import { type DocumentId, newStationId, type RandomBytes, type StationId } from '../domain/ids.ts';
import { type KeyChangeDocument, type KeyChangeReason, type LogClosedBody, logClosedIn } from '../domain/log-facts.ts';
import type { Actor, NewRecord, ReplayedRecord } from '../domain/records.ts';
import { ensureFolder } from '../files/durable-files.ts';
import { recordChecksum, signLeaf } from '../formats/leaf.ts';
import { AppendQueue, type Waiting } from './append-queue.ts';
import { LedgerCheckpoints, storeEndedCosignatures } from './ledger-checkpoints.ts';
import { type LedgerKeys, loadLogKeys, makeLogKeys, type PublicLogKeys } from './ledger-keys.ts';
import { LedgerLayout, recordsPerSegment, segmentOf } from './ledger-layout.ts';
import { type LedgerContradiction, LedgerMemory } from './ledger-memory.ts';
import { readForOpening } from './ledger-opening.ts';
import { replayRecords } from './ledger-reading.ts';
import { beginLog, continuedBody } from './log-change.ts';
import { type OpenedLog, openLogs } from './log-opening.ts';
import { LogTable } from './log-table.ts';
import { type BuiltRecord, buildRecord, digestHex } from './record-lines.ts';
import { SegmentFiles } from './segment-files.ts';
import type { TileStore } from './tile-store.ts';
import { writeFailed } from './write-failed.ts';

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

/** What somebody decided about the keys. */
export interface KeyChange {
  readonly actor: Actor;
  readonly reason: KeyChangeReason;
  readonly document: { readonly id: DocumentId; readonly body: KeyChangeDocument };
  /** Called once the last checkpoint of the old log is signed and before the new log begins; it is not to wait for an append. */
  readonly cosign: () => Promise<void>;
}

/** One log of this ledger, for whoever proves or lists. */
export interface LogView extends PublicLogKeys {
  readonly layout: LedgerLayout;
  readonly firstSequence: number;
  /** Records so far. */
  readonly size: number;
  /** Why it ended; undefined for the log that goes on. */
  readonly closed: KeyChangeReason | undefined;
}

interface ClosedLog extends LogView {
  readonly tiles: TileStore;
}

/** The log that goes on. */
interface OpenLog {
  readonly layout: LedgerLayout;
  readonly firstSequence: number;
  readonly keys: LedgerKeys;
  readonly tiles: TileStore;
  readonly checkpoints: LedgerCheckpoints;
}

/** Records that may be written: they have their form, and the registry can follow. */
interface PreparedGroup {
  /** For each caller its records. */
  readonly results: readonly ReplayedRecord[][];
  readonly built: readonly BuiltRecord[];
  readonly prev: string;
}

export class Ledger {
  readonly #deps: LedgerDependencies;
  readonly #memory: LedgerMemory;
  readonly #closed: ClosedLog[];
  readonly station: StationId;
  #log: OpenLog;
  readonly #files: SegmentFiles;
  #prev: string;
  readonly #queue = new AppendQueue((group) => this.#settle(group));
  #timer: NodeJS.Timeout | undefined;
  #failure: StationError | undefined;

  private constructor(
    deps: LedgerDependencies,
    opened: { readonly memory: LedgerMemory; readonly closed: readonly ClosedLog[]; readonly state: OpenedLog },
  ) {
    const { memory, closed, state } = opened;
    this.#deps = deps;
    this.#memory = memory;
    this.#closed = [...closed];
    this.#files = new SegmentFiles(state.records, state.documents);
    this.#prev = state.prev;
    this.#log = this.#grow(state, state.contradictions);
    this.station = state.station ?? newStationId(deps.random);
  }

  #grow(state: OpenedLog, contradictions: readonly LedgerContradiction[]): OpenLog {
    const { layout, keys, tiles, firstSequence } = state;
    const { onCheckpoint } = this.#deps;
    const checkpoints = new LedgerCheckpoints({
      ...{ layout, keys, memory: this.#memory, onCheckpoint },
      state: { ...state, contradictions },
    });
    return { layout, keys, tiles, firstSequence, checkpoints };
  }

  /**
   * Opens the ledger for appending, verifies it, and writes its first record when it is new. A change of keys that was
   * interrupted is brought to its end; its record then waits for the replay.
   * The caller owns the data folder (lock). @throws StationError ledger-altered, key-…
   */
  static async open(deps: LedgerDependencies): Promise<Ledger> {
    const layout = new LedgerLayout(deps.dataFolder);
    for (const folder of ['', layout.records, layout.documents]) await ensureFolder(layout.path(folder));
    const memory = await LedgerMemory.open(deps.dataFolder);
    const { closed, current, station } = await openLogs(deps.dataFolder, memory);
    const ledger = new Ledger(deps, { memory, closed, state: { ...current, station } });
    if (ledger.size === 0) await ledger.#appendFirst();
    const ending = current.lastRecord?.type === 'log-closed' ? logClosedIn(current.lastRecord.body) : undefined;
    if (ending !== undefined) await ledger.#beginNext(ending, await loadLogKeys(deps.dataFolder, ending));
    return ledger;
  }

  async #appendFirst(): Promise<void> {
    const { keys } = this.#log;
    await this.append({
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

  /** The identity of the log that goes on, for whoever verifies. */
  get publicKeys(): PublicLogKeys {
    const { origin, logKey, leafKey } = this.#log.keys;
    return { origin, logKey, leafKey };
  }

  /** Cosignatures of the log that goes on, and what is remembered of earlier checkpoints. */
  get checkpoints(): LedgerCheckpoints {
    return this.#log.checkpoints;
  }

  /** Every log, oldest first. */
  get logs(): LogTable<LogView> {
    const { layout, firstSequence, tiles } = this.#log;
    const current = { ...this.publicKeys, layout, firstSequence, size: tiles.tree.size, closed: undefined };
    return new LogTable([...this.#closed.map(({ tiles: _tiles, ...view }) => view), current]);
  }

  /** How many records there are; the next one gets this sequence. */
  get size(): number {
    return this.#log.firstSequence + this.#log.tiles.tree.size;
  }

  /** The root that signs the first `size` records: of the log in which the last of them stands. @throws RangeError */
  async rootAt(size: number): Promise<Buffer> {
    return (await this.headAt(size)).root;
  }

  /** The same with the size that this log had then: what its checkpoint would say. @throws RangeError */
  async headAt(size: number): Promise<{ readonly size: number; readonly root: Buffer }> {
    const { log, index } = new LogTable([...this.#closed, this.#log]).placeOf(Math.max(0, size - 1));
    const sizeThen = size === 0 ? 0 : index + 1;
    return { size: sizeThen, root: await log.tiles.rootAt(sizeThen) };
  }

  /** Records from `fromSeq` on, with their documents. Call it before appending, or bound it by `size`. */
  replay(fromSeq: number): AsyncGenerator<ReplayedRecord> {
    return replayRecords(this.logs.logs, fromSeq);
  }

  /** Appends one record; resolves when it is durable and projected. @throws StationError ledger-full, ledger-failed */
  async append(request: NewRecord): Promise<ReplayedRecord> {
    const [record] = await this.appendAll([request]);
    return record as ReplayedRecord;
  }

  /** Appends records that stand together, at most 256. @throws StationError ledger-full, ledger-failed */
  async appendAll(requests: readonly NewRecord[]): Promise<ReplayedRecord[]> {
    return this.#queue.add(requests);
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

  /** Builds the records and tries their projection; a durable record that cannot be projected would stop every start. */
  #prepare(group: readonly Waiting[]): PreparedGroup {
    if (this.#failure !== undefined) throw this.#failure;
    const results: ReplayedRecord[][] = [];
    const built: BuiltRecord[] = [];
    let prev = this.#prev;
    for (const { requests } of group) {
      const own: ReplayedRecord[] = [];
      for (const request of requests) {
        const one = this.#build(request, { seq: this.size + built.length, prev });
        prev = digestHex(one.line);
        built.push(one);
        own.push({ record: one.record, documents: one.documents.map(({ id, body }) => ({ id, body })) });
      }
      results.push(own);
    }
    this.#deps.rehearse(results.flat());
    return { results, built, prev };
  }

  #build(request: NewRecord, place: { readonly seq: number; readonly prev: string }): BuiltRecord {
    return buildRecord(request, {
      ...place,
      time: new Date(this.#deps.now()).toISOString(),
      upMs: this.#deps.upMs(),
      boot: this.#deps.boot,
      station: this.station,
      random: (bytes) => Buffer.from(this.#deps.random(bytes)).toString('hex'),
    });
  }

  async #write({ results, built, prev }: PreparedGroup): Promise<void> {
    await this.#appendLines(built);
    this.#prev = prev;
    this.#project(results.flat());
    this.#armTimer();
  }

  /** Writes the lines segment by segment. */
  async #appendLines(built: readonly BuiltRecord[]): Promise<void> {
    const { layout, tiles, keys } = this.#log;
    for (let at = 0; at < built.length; ) {
      const first = tiles.tree.size;
      const room = recordsPerSegment - (first % recordsPerSegment);
      const part = built.slice(at, at + room);
      if (first > 0 && first % recordsPerSegment === 0) await this.#files.openSegment(layout, segmentOf(first));
      try {
        await this.#appendPart(part);
      } catch (error) {
        // Half of a group is durable: its callers cannot be told the truth, so the ledger is read again at a new start.
        throw at === 0 ? error : this.#fail('a group was written in part', error);
      }
      for (const { line } of part) tiles.add(signLeaf(recordChecksum(line), keys.leafSigner), false);
      at += part.length;
    }
  }

  async #appendPart(part: readonly BuiltRecord[]): Promise<void> {
    try {
      await this.#files.append(part);
    } catch (cause) {
      throw this.#files.broken ? this.#fail('the disk did not confirm a write', cause) : writeFailed(cause);
    }
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

  /**
   * Keeps a note of any log of this ledger with the cosignatures in it; `isEnough`: the policy of witnesses is met.
   * @throws StationError ledger-full, ledger-failed
   */
  async storeCosignatures(note: string, isEnough: boolean): Promise<void> {
    const origin = note.slice(0, note.indexOf('\n'));
    const ended = this.#closed.find((log) => log.origin === origin);
    if (ended === undefined) return this.checkpoints.storeCosignatures(note, isEnough);
    return storeEndedCosignatures(ended.layout, { note, size: ended.size, isEnough });
  }

  /** Signs a checkpoint over all durable records and returns the note; the last note when nothing is new. */
  checkpoint(): Promise<string> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.checkpoints.sign();
  }

  /**
   * Ends this log with a record that names new keys, signs its last checkpoint, and goes on in a new log whose first
   * record holds that checkpoint. Whoever appends meanwhile waits.
   * @throws StationError ledger-full, ledger-failed: before the last record of the old log nothing has changed; after
   * it nothing more is taken until the next start, which goes on here
   */
  changeKeys(change: KeyChange): Promise<void> {
    return this.#queue.exclusively(() => this.#change(change));
  }

  async #change({ actor, reason, document, cosign }: KeyChange): Promise<void> {
    const keys = await makeLogKeys(this.#deps.dataFolder).catch((error: unknown) => {
      throw writeFailed(error);
    });
    const ending: LogClosedBody = {
      log: this.#log.layout.log,
      logKey: keys.logKey.toString('hex'),
      leafKey: keys.leafKey.toString('hex'),
      reason,
    };
    const requests: NewRecord[] = [
      { type: 'log-closed', actor, body: { ...ending }, documents: [{ ...document, body: { ...document.body } }] },
    ];
    await this.#write(this.#prepare([{ requests, resolve: () => undefined, reject: () => undefined }]));
    try {
      await this.checkpoint();
      await cosign();
      const first = await this.#beginNext(ending, keys);
      this.#project([first]);
    } catch (error) {
      throw this.#failure ?? this.#fail('its log is closed and the next one could not be begun', error);
    }
  }

  /** The log is closed: begins the next one and goes on in it. Returns its first record, which is not projected. */
  async #beginNext(ending: LogClosedBody, keys: LedgerKeys): Promise<ReplayedRecord> {
    const note = await this.checkpoint();
    const { layout, firstSequence, tiles } = this.#log;
    const { size } = tiles.tree;
    const ended: ClosedLog = { ...this.publicKeys, layout, firstSequence, size, closed: ending.reason, tiles };
    const next = layout.ofLog(layout.log + 1);
    const body = continuedBody(
      { log: layout.log, keys: ended, size, root: tiles.tree.root(), note, reason: ending.reason },
      keys,
    );
    const actor: Actor = { kind: 'system', id: 'station' };
    const built = this.#build(
      { type: 'log-continued', actor, body: { ...body, continues: { ...body.continues } } },
      {
        seq: this.size,
        prev: this.#prev,
      },
    );
    const first: ReplayedRecord = { record: built.record, documents: [] };
    await beginLog(next, keys, built.line);
    const start = { firstSequence: this.size, prev: this.#prev };
    const state = await readForOpening({ layout: next, keys, start, remembered: [] });
    const { contradictions } = this.checkpoints;
    await this.#files.goOnIn(state.records, state.documents);
    // In one turn: whoever asks sees the old log or the new one.
    this.#closed.push(ended);
    this.#prev = state.prev;
    this.#log = this.#grow({ ...state, layout: next, keys, firstSequence: start.firstSequence }, contradictions);
    if (contradictions.length === 0) await this.#memory.remember({ checkpoint: state.checkpointNote ?? note });
    return first;
  }

  /** Signs a last checkpoint and closes the files. */
  async close(): Promise<void> {
    await this.#queue.idle();
    try {
      if (this.#failure === undefined) await this.checkpoint();
    } finally {
      clearTimeout(this.#timer);
      await this.#files.close();
    }
  }
}
