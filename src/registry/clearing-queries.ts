/** Questions of clearing: what a docking's files came to, who agreed to what, and which clearing was cut off. */
import type { Database } from 'better-sqlite3';
import type { Outcome } from '../domain/clip-facts.ts';
import type { ClipId, DockingId, Sha256Hex } from '../domain/ids.ts';
import { Statements } from './statements.ts';

export interface ClearingFileRow {
  readonly path: Buffer;
  readonly type: string;
  readonly bytes: number | null;
  readonly mtimeNs: string | null;
  readonly outcome: Outcome | null;
  /** Of `already-held`: null when its bytes were read and compared. */
  readonly reason: string | null;
  readonly clip: ClipId | null;
  readonly sha256: Sha256Hex | null;
}

export interface ClearingDockingRow {
  readonly state: 'open' | 'ended' | 'cancelled' | 'interrupted';
  readonly inventoryComplete: 0 | 1 | null;
}

export interface OpenClearing {
  readonly docking: DockingId;
  readonly paths: readonly Buffer[];
}

export class ClearingQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  docking(docking: string): ClearingDockingRow | undefined {
    const sql = 'SELECT state, inventory_complete AS inventoryComplete FROM dockings WHERE docking = ?';
    return this.#statements.prepare(sql).get(docking) as ClearingDockingRow | undefined;
  }

  /** The docking's inventory in the order of paths. */
  files(docking: string): ClearingFileRow[] {
    const sql = `SELECT i.path, i.type, i.bytes, i.mtime_ns AS mtimeNs, i.outcome, i.reason, i.clip, c.sha256
      FROM inventory i LEFT JOIN clips c ON c.clip = i.clip WHERE i.docking = ? ORDER BY i.path`;
    return this.#statements.prepare(sql).all(docking) as ClearingFileRow[];
  }

  /** Whether someone asked to keep the clip: the latest word of whoever keeps holds. */
  isHeld(clip: string): boolean {
    const sql = `SELECT type FROM records WHERE subject = ? AND type IN ('clip-held', 'clip-hold-lifted')
      ORDER BY seq DESC LIMIT 1`;
    return this.#statements.prepare(sql).pluck().get(clip) === 'clip-held';
  }

  /** Whether two people agreed that the clip may be deleted from its recorder. */
  isApproved(clip: string): boolean {
    const sql = `SELECT 1 FROM clearing_request_clips JOIN clearing_requests USING (request)
      WHERE clip = ? AND approved_seq IS NOT NULL LIMIT 1`;
    return this.#statements.prepare(sql).get(clip) !== undefined;
  }

  /** Clearings without an end, each with what may be gone. */
  open(): OpenClearing[] {
    const dockings = this.#statements.prepare(`SELECT docking FROM clearings WHERE state = 'open'`).pluck().all();
    const paths = this.#statements
      .prepare(`SELECT path FROM inventory WHERE docking = ? AND clearing = 'planned' ORDER BY path`)
      .pluck();
    return (dockings as DockingId[]).map((docking) => ({ docking, paths: paths.all(docking) as Buffer[] }));
  }
}
