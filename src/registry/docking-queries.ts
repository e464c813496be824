/**
 * Questions about dockings: the list, one docking, its inventory with what became of each entry. Every answer is a
 * page, found by an index, so that a card with a hundred thousand files costs no more than one with ten.
 */
import type { Database } from 'better-sqlite3';
import type { Outcome } from '../domain/clip-facts.ts';
import type { DockingClock } from '../domain/docking-views.ts';
import type { DockingId } from '../domain/ids.ts';
import { Conditions } from './conditions.ts';
import { Statements } from './statements.ts';

export interface DockingFilter {
  readonly slot?: string | undefined;
  /** A whole serial. */
  readonly recorder?: string | undefined;
  readonly state?: string | undefined;
  /** ISO instants: started at or after, and before. */
  readonly startedFrom?: string | undefined;
  readonly startedTo?: string | undefined;
}

export interface DockingRow {
  readonly docking: DockingId;
  readonly kind: string;
  readonly slot: string | null;
  readonly recorder: string | null;
  readonly recorderBasis: string;
  readonly state: 'open' | 'ended' | 'cancelled' | 'interrupted';
  readonly startedAt: string;
  readonly startedSeq: number;
  readonly endedAt: string | null;
  readonly endedSeq: number | null;
  /** Null until the inventory was recorded. */
  readonly entries: number | null;
  readonly files: number | null;
  readonly bytes: number | null;
  readonly inventoryComplete: 0 | 1 | null;
  readonly volumeUuid: string | null;
  /** Sealed so far; the other counts are null while it runs and after an interruption. */
  readonly sealed: number;
  readonly held: number | null;
  readonly skipped: number | null;
  readonly refused: number | null;
  readonly failed: number | null;
  readonly findings: number;
}

export interface InventoryRow {
  readonly path: Buffer;
  readonly type: string;
  readonly bytes: number | null;
  readonly outcome: Outcome | null;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly clip: string | null;
  /** 0 not taken, 1 skipped by rule, 2 in the vault. */
  readonly standing: number;
}

/** A clip that a docking handed in: sealed by it, or held already. */
export interface HandedInRow {
  readonly clip: string;
  readonly path: Buffer;
  readonly sha256: string;
  readonly bytes: number;
}

export interface RecordRow {
  readonly seq: number;
  readonly type: string;
  readonly time: string;
  readonly actor: string;
}

/** A serial that is shared is told apart by its docking; people know the serial alone. */
const recorder = `CASE WHEN s.recorder LIKE '%/d-____________________'
    THEN substr(s.recorder, 1, length(s.recorder) - 23) ELSE s.recorder END`;
const columns = `d.docking, d.kind, d.slot, ${recorder} AS recorder,
  d.recorder_basis AS recorderBasis, d.state, d.started_at AS startedAt, d.started_seq AS startedSeq,
  d.ended_at AS endedAt, d.ended_seq AS endedSeq, d.entries, d.files, d.bytes,
  d.inventory_complete AS inventoryComplete, d.volume_uuid AS volumeUuid,
  coalesce(d.sealed, (SELECT count(*) FROM clips c WHERE c.docking = d.docking)) AS sealed,
  d.held, d.skipped, d.refused, d.failed,
  (SELECT count(*) FROM findings f WHERE f.docking = d.docking) AS findings`;
const from = 'dockings d JOIN sources s USING (source)';

export class DockingQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** Newest first; `beforeSeq` goes on after the last row of the page before. */
  dockings(
    filter: DockingFilter,
    page: { readonly limit: number; readonly offset?: number; readonly beforeSeq?: number },
  ): DockingRow[] {
    const { where, values } = condition(filter, page.beforeSeq);
    return this.#statements
      .prepare(`SELECT ${columns} FROM ${from} ${where} ORDER BY d.started_seq DESC LIMIT ? OFFSET ?`)
      .all(...values, page.limit, page.offset ?? 0) as DockingRow[];
  }

  count(filter: DockingFilter): number {
    const { where, values } = condition(filter);
    return this.#statements
      .prepare(`SELECT count(*) FROM ${from} ${where}`)
      .pluck()
      .get(...values) as number;
  }

  docking(id: string): DockingRow | undefined {
    return this.#statements.prepare(`SELECT ${columns} FROM ${from} WHERE d.docking = ?`).get(id) as
      | DockingRow
      | undefined;
  }

  /** What was not taken comes first, then by path; `after` is the last row of the page before. */
  inventory(
    docking: string,
    page: { readonly limit: number; readonly offset?: number; readonly after?: InventoryRow | undefined },
  ): InventoryRow[] {
    const after = page.after === undefined ? '' : 'AND (standing, path) > (?, ?)';
    const values = page.after === undefined ? [] : [page.after.standing, page.after.path];
    return this.#statements
      .prepare(
        `SELECT path, type, bytes, outcome, reason, detail, clip, standing FROM inventory
         WHERE docking = ? ${after} ORDER BY standing, path LIMIT ? OFFSET ?`,
      )
      .all(docking, ...values, page.limit, page.offset ?? 0) as InventoryRow[];
  }

  /** Entries whose names are still known: fewer than the inventory had after a lawful deletion. */
  inventoryCount(docking: string): number {
    return this.#statements.prepare('SELECT count(*) FROM inventory WHERE docking = ?').pluck().get(docking) as number;
  }

  findings(docking: string): { readonly code: string; readonly detail: string | null }[] {
    return this.#statements
      .prepare('SELECT code, detail FROM findings WHERE docking = ? ORDER BY seq, number')
      .all(docking) as { code: string; detail: string | null }[];
  }

  /** What the docking measured of the recorder's clock: recorder minus station. */
  clock(docking: string): DockingClock | undefined {
    return this.#statements
      .prepare('SELECT basis, at_least_ms AS atLeastMs, at_most_ms AS atMostMs FROM clocks WHERE docking = ?')
      .get(docking) as DockingClock | undefined;
  }

  /** What the ledger says of the docking itself; seals are about their clips. */
  records(docking: string, limit: number): RecordRow[] {
    return this.#statements
      .prepare(
        `SELECT seq, type, time, actor_kind || ':' || actor_id AS actor FROM records WHERE subject = ?
         ORDER BY seq LIMIT ?`,
      )
      .all(docking, limit) as RecordRow[];
  }

  recordCount(docking: string): number {
    return this.#statements.prepare('SELECT count(*) FROM records WHERE subject = ?').pluck().get(docking) as number;
  }

  /** SHA-256 of the inventory's documents as the records name them, in order. */
  inventoryParts(docking: string): string[] {
    return this.#statements
      .prepare('SELECT document_sha256 FROM inventory_parts WHERE docking = ? ORDER BY part')
      .pluck()
      .all(docking) as string[];
  }

  /** Clips that the docking handed in, by id; of those lawfully deleted since only the id is left, and no path. */
  handedIn(docking: string, page: { readonly limit: number; readonly afterClip: string }): HandedInRow[] {
    return this.#statements
      .prepare(
        `WITH handed_in AS (SELECT clip FROM clips WHERE docking = @docking
            UNION SELECT clip FROM deleted_clips WHERE docking = @docking
            UNION SELECT clip FROM inventory WHERE docking = @docking AND outcome = 'already-held')
         SELECT clip, path, sha256, bytes FROM clips WHERE clip > @afterClip AND clip IN handed_in
         UNION ALL SELECT clip, x'', sha256, 0 FROM deleted_clips WHERE clip > @afterClip AND clip IN handed_in
         ORDER BY clip LIMIT @limit`,
      )
      .all({ docking, ...page }) as HandedInRow[];
  }

  /** Volumes of the last `limit` dockings of this source that had one, the last first. */
  volumesBefore(source: string, limit: number): string[] {
    return this.#statements
      .prepare(
        `SELECT volume_uuid FROM dockings WHERE source = ? AND volume_uuid IS NOT NULL
         ORDER BY started_seq DESC LIMIT ?`,
      )
      .pluck()
      .all(source, limit) as string[];
  }

  /** Who had this volume in last: the serial, undefined when it was never seen. */
  recorderOfVolume(uuid: string): string | undefined {
    return this.#statements
      .prepare(
        `SELECT ${recorder} FROM dockings d JOIN sources s USING (source)
         WHERE d.volume_uuid = ? AND s.recorder IS NOT NULL ORDER BY d.started_seq DESC LIMIT 1`,
      )
      .pluck()
      .get(uuid) as string | undefined;
  }
}

function condition(filter: DockingFilter, beforeSeq?: number): Conditions {
  const all = new Conditions();
  if (filter.slot !== undefined) all.add('d.slot = ?', filter.slot);
  if (filter.state !== undefined) all.add('d.state = ?', filter.state);
  if (filter.startedFrom !== undefined) all.add('d.started_at >= ?', filter.startedFrom);
  if (filter.startedTo !== undefined) all.add('d.started_at < ?', filter.startedTo);
  if (beforeSeq !== undefined) all.add('d.started_seq < ?', beforeSeq);
  if (filter.recorder !== undefined) {
    // A shared serial is followed by the docking's id; "0" comes right after "/".
    all.add(
      `(s.recorder = ? OR (s.recorder >= ? AND s.recorder < ?))`,
      filter.recorder,
      `${filter.recorder}/d-`,
      `${filter.recorder}/d.`,
    );
  }
  return all;
}
