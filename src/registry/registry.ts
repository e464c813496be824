/**
 * The registry: one SQLite file that answers questions about clips, dockings and findings. It is the projection of the
 * ledger and never the only copy of anything; whatever lies behind is replayed at start.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { ClipId, DockingId, Sha256Hex, SourceId } from '../domain/ids.ts';
import type { DeletedCandidate, HeldCandidate } from '../domain/intake-plan-policy.ts';
import type { ReplayedRecord } from '../domain/records.ts';
import { AlarmQueries } from './alarm-registry.ts';
import { CaseQueries } from './case-queries.ts';
import { ClearingQueries } from './clearing-queries.ts';
import { type ClipWith, clipColumns, linkableFields } from './clip-columns.ts';
import { ClockQueries } from './clock-queries.ts';
import { CopyQueries } from './copy-queries.ts';
import { CoverageBookQueries } from './coverage-book-queries.ts';
import { CoverageQueries } from './coverage-queries.ts';
import { openDatabase } from './database.ts';
import { DockingQueries } from './docking-queries.ts';
import { DrawingQueries } from './drawing-queries.ts';
import { ExchangeQueries } from './exchange-queries.ts';
import { ExportQueries } from './export-queries.ts';
import { LinkingQueries } from './linking-queries.ts';
import { PageQueries } from './page-queries.ts';
import { PeopleQueries } from './people-queries.ts';
import { Projection } from './projection.ts';
import { RecorderQueries } from './recorder-queries.ts';
import { RegisterQueries } from './register-queries.ts';
import { RetentionQueries } from './retention-queries.ts';

const clipFields = [
  ...linkableFields,
  'source',
  'docking',
  'path',
  'sha256',
  'bytes',
  'kind',
  'clockBasis',
  'clockAtLeastMs',
  'clockAtMostMs',
] as const;

export interface ClipRow extends ClipWith<typeof clipFields> {
  readonly sm3: string;
}

const aheadSuffix = '.ahead';

/** Records that a replay projects in one transaction. */
const replayGroup = 256;

export class Registry {
  readonly #db: Database;
  readonly #projection: Projection;
  readonly people: PeopleQueries;
  readonly pages: PageQueries;
  readonly clocks: ClockQueries;
  readonly copies: CopyQueries;
  readonly dockings: DockingQueries;
  readonly cases: CaseQueries;
  readonly clearing: ClearingQueries;
  readonly alarms: AlarmQueries;
  readonly exports: ExportQueries;
  readonly exchange: ExchangeQueries;
  readonly coverageBook: CoverageBookQueries;
  readonly register: RegisterQueries;
  readonly links: LinkingQueries;
  readonly recorders: RecorderQueries;
  readonly retention: RetentionQueries;
  readonly drawings: DrawingQueries;

  /** What the coverage cache and whoever asks it needs; dockings count on their day in the station's time zone. */
  coverageSource(timeZone: string): CoverageQueries {
    return new CoverageQueries(this.#db, timeZone);
  }

  private constructor(db: Database) {
    this.#db = db;
    this.people = new PeopleQueries(db);
    this.pages = new PageQueries(db);
    this.clocks = new ClockQueries(db);
    this.copies = new CopyQueries(db);
    this.dockings = new DockingQueries(db);
    this.cases = new CaseQueries(db);
    this.clearing = new ClearingQueries(db);
    this.alarms = new AlarmQueries(db);
    this.exchange = new ExchangeQueries(db);
    this.exports = new ExportQueries(db);
    this.coverageBook = new CoverageBookQueries(db);
    this.register = new RegisterQueries(db);
    this.links = new LinkingQueries(db);
    this.recorders = new RecorderQueries(db);
    this.retention = new RetentionQueries(db);
    this.drawings = new DrawingQueries(db);
    this.#projection = new Projection(db);
  }

  /** Opens or creates the file; `:memory:` keeps it in memory. */
  static open(path: string): Registry {
    return new Registry(openDatabase(path));
  }

  static remove(path: string): void {
    for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) rmSync(path + suffix);
  }

  /** A registry that knows more than the ledger: kept under another name, where only the latest such one stays. */
  static setAside(path: string): void {
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, `${path}${aheadSuffix}${suffix}`);
    }
  }

  get nextSeq(): number {
    return this.#db.prepare('SELECT next_seq FROM applied').pluck().get() as number;
  }

  /** Tries the projection and takes it back. @throws Error or SQLite's error when `apply` would */
  rehearse(records: readonly ReplayedRecord[]): void {
    const takenBack = new Error('rehearsed');
    try {
      this.#db.transaction(() => {
        this.#projection.apply(records);
        throw takenBack;
      })();
    } catch (error) {
      if (error !== takenBack) throw error;
    }
  }

  /** Projects records up to `endSeq` (left out), in groups: the ledger's own at start, or all of it for a check. */
  async replay(records: AsyncIterable<ReplayedRecord>, endSeq: number): Promise<void> {
    let group: ReplayedRecord[] = [];
    for await (const record of records) {
      if (record.record.seq >= endSeq) break;
      if (group.push(record) < replayGroup) continue;
      this.apply(group);
      group = [];
    }
    this.apply(group);
  }

  /** Projects records in one transaction. */
  apply(records: readonly ReplayedRecord[]): void {
    this.#db.transaction(() => this.#projection.apply(records))();
  }

  /** After a lawful deletion: what the write-ahead log still has of it goes into the file, overwritten, and the log is cut. */
  dropTraces(): void {
    this.#db.pragma('wal_checkpoint(TRUNCATE)');
    Registry.remove(`${this.#db.name}${aheadSuffix}`);
  }

  heldFrom(source: SourceId, path: Uint8Array): HeldCandidate[] {
    return this.#db
      .prepare(
        `SELECT c.clip, c.sha256, o.sm3, c.bytes, c.mtime_ns AS mtimeNs FROM clips c JOIN originals o USING (sha256)
         WHERE c.source = ? AND c.path = ?`,
      )
      .all(source, Buffer.from(path)) as HeldCandidate[];
  }

  /** Clips from this source that were lawfully deleted and had so many bytes. */
  deletedFrom(source: SourceId, bytes: number): DeletedCandidate[] {
    return this.#db
      .prepare('SELECT deletion, sha256, bytes FROM deleted_clips WHERE source = ? AND bytes = ?')
      .all(source, bytes) as DeletedCandidate[];
  }

  sourceOfFolder(folderHex: string): SourceId | undefined {
    return this.#db.prepare('SELECT source FROM sources WHERE folder = ?').pluck().get(folderHex) as
      | SourceId
      | undefined;
  }

  openDockings(): DockingId[] {
    return this.#db.prepare(`SELECT docking FROM dockings WHERE state = 'open'`).pluck().all() as DockingId[];
  }

  /** Clips whose content nobody has looked at yet, oldest first. */
  unprobedClips(limit: number): { readonly clip: ClipId; readonly sha256: Sha256Hex; readonly path: Buffer }[] {
    return this.#db
      .prepare('SELECT clip, sha256, path FROM clips WHERE probed_seq IS NULL ORDER BY sealed_seq LIMIT ?')
      .all(limit) as { clip: ClipId; sha256: Sha256Hex; path: Buffer }[];
  }

  /** Clips in the order of sealing. */
  clips(): IterableIterator<ClipRow> {
    return this.#db
      .prepare(
        `SELECT ${clipColumns(clipFields)}, o.sm3 FROM clips c JOIN originals o USING (sha256) ORDER BY c.sealed_seq`,
      )
      .iterate() as IterableIterator<ClipRow>;
  }

  hasOriginal(sha256: Sha256Hex): boolean {
    return this.#db.prepare('SELECT 1 FROM originals WHERE sha256 = ?').get(sha256) !== undefined;
  }

  /** The last record whose time is not after this one (ISO UTC). */
  lastRecordUntil(time: string): number | undefined {
    const sql = 'SELECT max(seq) FROM records WHERE time <= ?';
    return (this.#db.prepare(sql).pluck().get(time) as number | null) ?? undefined;
  }

  hasRecordAbout(type: string, subject: string): boolean {
    return this.#db.prepare('SELECT 1 FROM records WHERE type = ? AND subject = ?').get(type, subject) !== undefined;
  }

  counts(): {
    readonly clips: number;
    readonly originals: number;
    readonly dockings: number;
    readonly findings: number;
  } {
    return this.#db
      .prepare(
        `SELECT (SELECT count(*) FROM clips) AS clips, (SELECT count(*) FROM originals) AS originals,
           (SELECT count(*) FROM dockings) AS dockings, (SELECT count(*) FROM findings) AS findings`,
      )
      .get() as ReturnType<Registry['counts']>;
  }

  /** SQLite's own check of the file; empty when it is sound. */
  integrityProblems(): string[] {
    const rows = this.#db.pragma('integrity_check(10)') as { integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  }

  /**
   * Where this registry differs from `expected`, row by row, at most `limit` differences, in words.
   * Both must have applied the same records.
   */
  differencesFrom(expected: Registry, limit = 20): string[] {
    const differences: string[] = [];
    for (const table of expected.#tables()) {
      if (differences.length >= limit) break;
      differences.push(...this.#tableDifferences(expected, table, limit - differences.length));
    }
    return differences;
  }

  #tables(): string[] {
    return this.#db
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
      .pluck()
      .all() as string[];
  }

  *#rows(table: string): Generator<string> {
    const columns = this.#db
      .prepare(`SELECT name FROM pragma_table_info(?) ORDER BY cid`)
      .pluck()
      .all(table) as string[];
    const keys = this.#db
      .prepare(`SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk`)
      .pluck()
      .all(table) as string[];
    const sql = `SELECT ${columns.map((name) => `quote("${name}")`).join(` || ',' || `)} FROM "${table}"
      ORDER BY ${keys.map((name) => `"${name}"`).join(', ')}`;
    yield* this.#db.prepare(sql).pluck().iterate() as IterableIterator<string>;
  }

  #tableDifferences(expected: Registry, table: string, limit: number): string[] {
    if (!this.#tables().includes(table)) return [`table ${table} is missing`];
    const differences: string[] = [];
    const wanted = new Set<string>();
    // Rows are compared as sets: a row that was changed shows as one missing and one unexpected.
    for (const row of expected.#rows(table)) wanted.add(row);
    for (const row of this.#rows(table)) {
      if (!wanted.delete(row) && differences.length < limit)
        differences.push(`${table}: unexpected row ${shorten(row)}`);
    }
    for (const row of wanted) {
      if (differences.length >= limit) break;
      differences.push(`${table}: missing row ${shorten(row)}`);
    }
    return differences;
  }

  close(): void {
    this.#db.close();
  }
}

const shorten = (text: string): string => (text.length <= 160 ? text : `${text.slice(0, 157)}...`);
