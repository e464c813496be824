/**
 * Questions about recorders in people's hands: check-outs and claims. Rows are told whole, withdrawn and returned
 * included: `checkOutsKnownAt` of domain/checkout-facts.ts says which count at a moment of the ledger.
 */
import type { Database } from 'better-sqlite3';
import type { CheckOutCheck } from '../domain/check-out-policy.ts';
import type { CheckOut, OfficerClaim, RecorderConditionBody } from '../domain/checkout-facts.ts';
import { Statements } from './statements.ts';

export interface CheckOutRow extends CheckOut {
  readonly checks: readonly CheckOutCheck[];
  readonly evenSo: string | null;
}

const checkOutColumns = `checkout, recorder, certificate_no AS certificateNo, out_at AS outAt, out_seq AS outSeq,
  returned_at AS returnedAt, returned_seq AS returnedSeq, return_basis AS returnBasis, withdrawn_seq AS withdrawnSeq,
  checks, even_so AS evenSo`;
const claimColumns = 'clip, certificate_no AS certificateNo, statement, seq, at';

export interface LastInventory {
  readonly docking: string;
  readonly startedSeq: number;
  readonly state: string;
  /** Null when it was not listed whole. */
  readonly files: number | null;
  readonly cleared: number;
  readonly clearedBytes: number;
  /** Of its clock: recorder minus station. */
  readonly atLeastMs: number | null;
  readonly atMostMs: number | null;
}

export class RecorderQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** All of a recorder, the earliest handed out first. */
  checkoutsOfRecorder(serial: string): CheckOutRow[] {
    return this.#checkOuts('recorder = ? ORDER BY out_at, out_seq', serial);
  }

  checkoutsOfOfficer(certificateNo: string): CheckOutRow[] {
    return this.#checkOuts('certificate_no = ? ORDER BY out_at, out_seq', certificateNo);
  }

  checkout(id: string): CheckOutRow | undefined {
    return this.#checkOuts('checkout = ?', id)[0];
  }

  /** Neither returned nor withdrawn as far as is known today, the earliest first. */
  openCheckouts(): CheckOutRow[] {
    return this.#checkOuts('returned_seq IS NULL AND withdrawn_seq IS NULL ORDER BY out_at, out_seq');
  }

  /** What may have been open at some time since; every row when `since` is before the first. */
  checkoutsSince(since: string): CheckOutRow[] {
    return this.#checkOuts('returned_at IS NULL OR returned_at > ? ORDER BY out_at, out_seq', since);
  }

  /** When each recorder was last docked, of dockings that began by `until` and were known at a sequence; ISO UTC. */
  lastSeen(until: string, knownAt = Number.MAX_SAFE_INTEGER): Map<string, string> {
    const sql = `SELECT s.recorder, max(d.started_at) FROM dockings d JOIN sources s USING (source)
      WHERE s.recorder IS NOT NULL AND d.started_at <= ? AND d.started_seq <= ? GROUP BY s.recorder`;
    return new Map(this.#statements.prepare(sql).raw().all(until, knownAt) as [string, string][]);
  }

  /**
   * Of the last visit, by a moment and a sequence, that brought files of which the name has an officer: the newest file
   * of each officer.
   */
  namedOfficers(
    recorder: string,
    until: string,
    knownAt = Number.MAX_SAFE_INTEGER,
  ): { clip: string; officer: string }[] {
    const sql = `SELECT n.clip, n.officer, max(n.occurred_at) FROM clips n WHERE n.officer IS NOT NULL AND n.docking =
        (SELECT c.docking FROM clips c WHERE c.recorder = ? AND c.officer IS NOT NULL AND c.sealed_at <= ?
          AND c.sealed_seq <= ? ORDER BY c.occurred_at DESC LIMIT 1)
      GROUP BY n.officer ORDER BY n.officer`;
    return this.#statements.prepare(sql).all(recorder, until, knownAt) as { clip: string; officer: string }[];
  }

  /** What its driver and its card said at the last docking that told it. */
  condition(serial: string): RecorderConditionBody | undefined {
    const sql = `SELECT docking, recorder, volumes, battery_percent AS batteryPercent, free_bytes AS freeBytes
      FROM recorder_conditions WHERE recorder = ?`;
    return this.#statements.prepare(sql).get(serial) as RecorderConditionBody | undefined;
  }

  /** The last dockings of a recorder, the last first. */
  lastInventories(source: string, limit: number): LastInventory[] {
    const sql = `SELECT d.docking, d.started_seq AS startedSeq, d.state,
        CASE WHEN d.inventory_complete = 1 THEN d.files END AS files,
        (SELECT count(*) FROM inventory i WHERE i.docking = d.docking AND i.clearing = 'cleared') AS cleared,
        coalesce((SELECT cleared_bytes FROM clearings c WHERE c.docking = d.docking), 0) AS clearedBytes,
        c.at_least_ms AS atLeastMs, c.at_most_ms AS atMostMs
      FROM dockings d LEFT JOIN clocks c ON c.docking = d.docking WHERE d.source = ? ORDER BY d.started_seq DESC LIMIT ?`;
    return this.#statements.prepare(sql).all(source, limit) as LastInventory[];
  }

  /** The last time that a recorder's clock was set, after a sequence: what it was told, and around the command. */
  lastClockSet(
    serial: string,
    afterSeq: number,
  ): { readonly toldAt: string; readonly startedAt: string; readonly endedAt: string } | undefined {
    const sql = `SELECT told_at AS toldAt, started_at AS startedAt, ended_at AS endedAt FROM clock_settings
      WHERE recorder = ? AND outcome = 'set' AND started_at IS NOT NULL AND seq > ? ORDER BY seq DESC LIMIT 1`;
    return this.#statements.prepare(sql).get(serial, afterSeq) as ReturnType<RecorderQueries['lastClockSet']>;
  }

  /** Of one clip, in the order in which they were made. */
  claimsOfClip(clip: string): OfficerClaim[] {
    const sql = `SELECT ${claimColumns} FROM claims WHERE clip = ? ORDER BY seq`;
    return this.#statements.prepare(sql).all(clip) as OfficerClaim[];
  }

  claimsOfOfficer(certificateNo: string): OfficerClaim[] {
    const sql = `SELECT ${claimColumns} FROM claims WHERE certificate_no = ? ORDER BY seq`;
    return this.#statements.prepare(sql).all(certificateNo) as OfficerClaim[];
  }

  #checkOuts(where: string, ...values: unknown[]): CheckOutRow[] {
    const rows = this.#statements.prepare(`SELECT ${checkOutColumns} FROM checkouts WHERE ${where}`).all(...values);
    return (rows as (Omit<CheckOutRow, 'checks'> & { readonly checks: string })[]).map(({ checks, ...row }) => ({
      ...row,
      checks: JSON.parse(checks) as CheckOutCheck[],
    }));
  }
}
