/** What the register of recorder use is filled from: dockings of a period and the clips that each brought. */
import type { Database } from 'better-sqlite3';
import { type ClipWith, clipColumns, linkableFields } from './clip-columns.ts';
import { Statements } from './statements.ts';

export interface RegisterDocking {
  readonly docking: string;
  readonly recorder: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

const registerFields = [...linkableFields, 'kind', 'durationMs', 'interrupted'] as const;

export type RegisterClip = ClipWith<typeof registerFields>;

export class RegisterQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** Dockings of known recorders that began at or after `from` and before `to` (ISO UTC), oldest first. */
  dockings(from: string, to: string): RegisterDocking[] {
    const sql = `SELECT d.docking, s.recorder, d.started_at AS startedAt, d.ended_at AS endedAt
      FROM dockings d JOIN sources s USING (source)
      WHERE s.recorder IS NOT NULL AND d.started_at >= ? AND d.started_at < ? ORDER BY d.started_at, d.docking`;
    return this.#statements.prepare(sql).all(from, to) as RegisterDocking[];
  }

  /** In the order of sealing. */
  clipsOf(docking: string): RegisterClip[] {
    const sql = `SELECT ${clipColumns(registerFields)} FROM clips c WHERE c.docking = ? ORDER BY c.sealed_seq`;
    return this.#statements.prepare(sql).all(docking) as RegisterClip[];
  }
}
