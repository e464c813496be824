/** Questions of clearing: what a docking's files came to, who agreed to what, and which clearing was cut off. */
import type { Database } from 'better-sqlite3';
import type {
  ClearedFile,
  ClearingCertificate,
  ClearingConsentView,
  ClearingView,
} from '../domain/clearing-certificate.ts';
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

export interface ClearingRow
  extends Omit<
    ClearingCertificate,
    'station' | 'flushed' | 'clearedBytes' | 'cleared' | 'stayed' | 'consents' | 'checkpoint'
  > {
  readonly toClear: number;
  readonly flushed: 0 | 1 | null;
}

const consentColumns = `q.request, q.requested_at AS requestedAt, q.requested_seq AS requestedSeq, q.requester, q.reason,
  q.approved_at AS approvedAt, q.approved_seq AS approvedSeq, q.approver, q.approval_reason AS approvalReason,
  (SELECT count(*) FROM clearing_request_clips c WHERE c.request = q.request) AS clips`;

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

  /** Whether two people agreed that the clip may be deleted from its recorder. */
  isApproved(clip: string): boolean {
    const sql = `SELECT 1 FROM clearing_request_clips JOIN clearing_requests USING (request)
      WHERE clip = ? AND approved_seq IS NOT NULL LIMIT 1`;
    return this.#statements.prepare(sql).get(clip) !== undefined;
  }

  clearing(docking: string): ClearingRow | undefined {
    const sql = `SELECT c.docking, s.recorder, d.slot, d.started_at AS startedAt, c.policy, c.copies_wanted AS copiesWanted,
        c.recheck, c.planned_at AS plannedAt, c.planned_seq AS plannedSeq, c.state, c.to_clear AS toClear,
        c.stopped, c.flushed, c.ended_at AS endedAt, c.ended_seq AS endedSeq
      FROM clearings c JOIN dockings d USING (docking) JOIN sources s USING (source) WHERE c.docking = ?`;
    return this.#statements.prepare(sql).get(docking) as ClearingRow | undefined;
  }

  /** Latest first; `cleared` is counted, since a clearing that was cut off says nothing. */
  clearings(limit: number): ClearingView[] {
    const sql = `SELECT c.docking, s.recorder, c.planned_at AS plannedAt, c.state, c.to_clear AS toClear, c.stopped,
        (SELECT count(*) FROM inventory i WHERE i.docking = c.docking AND i.clearing = 'cleared') AS cleared
      FROM clearings c JOIN dockings d USING (docking) JOIN sources s USING (source)
      ORDER BY c.planned_seq DESC LIMIT ?`;
    return this.#statements.prepare(sql).all(limit) as ClearingView[];
  }

  cleared(docking: string): (Omit<ClearedFile, 'path' | 'pathHex'> & { readonly path: Buffer })[] {
    const sql = `SELECT i.path, c.bytes, c.sha256, c.clip, c.sealed_seq AS sealedSeq, i.cleared_seq AS clearedSeq,
        r.time AS clearedAt
      FROM inventory i JOIN clips c ON c.clip = i.clip JOIN records r ON r.seq = i.cleared_seq
      WHERE i.docking = ? AND i.clearing = 'cleared' ORDER BY i.cleared_seq`;
    return this.#statements.prepare(sql).all(docking) as ReturnType<ClearingQueries['cleared']>;
  }

  /** A null reason: planned, and nobody knows. */
  stayed(docking: string): { readonly path: Buffer; readonly bytes: number | null; readonly reason: string | null }[] {
    const sql = `SELECT path, bytes, clearing_reason AS reason FROM inventory
      WHERE docking = ? AND clearing IN ('planned', 'kept') ORDER BY path`;
    return this.#statements.prepare(sql).all(docking) as ReturnType<ClearingQueries['stayed']>;
  }

  request(request: string): ClearingConsentView | undefined {
    const sql = `SELECT ${consentColumns} FROM clearing_requests q WHERE request = ?`;
    return this.#statements.prepare(sql).get(request) as ClearingConsentView | undefined;
  }

  /** Latest first, those that wait for approval before the others. */
  requests(limit: number): ClearingConsentView[] {
    const sql = `SELECT ${consentColumns} FROM clearing_requests q
      ORDER BY approved_seq IS NOT NULL, requested_seq DESC LIMIT ?`;
    return this.#statements.prepare(sql).all(limit) as ClearingConsentView[];
  }

  /** Approved requests that speak of what was cleared in a docking. */
  consentsOf(docking: string): ClearingConsentView[] {
    const sql = `SELECT ${consentColumns} FROM clearing_requests q WHERE approved_seq IS NOT NULL AND EXISTS (
        SELECT 1 FROM clearing_request_clips JOIN inventory i USING (clip)
        WHERE request = q.request AND i.docking = ? AND i.clearing = 'cleared') ORDER BY requested_seq`;
    return this.#statements.prepare(sql).all(docking) as ClearingConsentView[];
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
