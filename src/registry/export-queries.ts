/** Questions that an export asks: which records are about a clip, which export is which, which key signs. */
import type { Database } from 'better-sqlite3';
import type { ExportPurpose } from '../domain/export-policy.ts';
import { aboutClip } from './page-queries.ts';
import { Statements } from './statements.ts';

export interface ExportRow {
  readonly export: string;
  readonly purpose: ExportPurpose;
  readonly state: 'open' | 'ended' | 'refused';
  readonly requestedAt: string;
  readonly requestedSeq: number;
  readonly endedAt: string | null;
  readonly tagManifest: string | null;
  readonly clips: number;
  readonly bytes: number;
  readonly details: string | null;
}

const columns = `export, purpose, state, requested_at AS requestedAt, requested_seq AS requestedSeq, ended_at AS endedAt,
  tag_manifest AS tagManifest, clips, bytes, details`;

export class ExportQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** Every record about a clip: its custody history, in order. */
  recordsAbout(clip: string, docking: string): number[] {
    const sql = `SELECT r.seq FROM records r WHERE ${aboutClip} ORDER BY r.seq`;
    return this.#statements.prepare(sql).pluck().all({ clip, docking }) as number[];
  }

  /** The sequence of the record that sealed a clip; it stays when the clip is lawfully deleted. */
  sealRecord(clip: string): number | undefined {
    const sql = `SELECT min(seq) FROM records WHERE subject = ? AND type = 'clip-sealed'`;
    return (this.#statements.prepare(sql).pluck().get(clip) as number | null) ?? undefined;
  }

  clearedAt(clip: string): string | undefined {
    const sql = `SELECT time FROM records WHERE subject = ? AND type = 'clip-cleared' ORDER BY seq DESC LIMIT 1`;
    return this.#statements.prepare(sql).pluck().get(clip) as string | undefined;
  }

  /** Sequences of all records of these types: the ledger's own, which every bag carries. */
  recordsOfType(type: string): number[] {
    return this.#statements
      .prepare('SELECT seq FROM records WHERE type = ? ORDER BY seq')
      .pluck()
      .all(type) as number[];
  }

  export(id: string): ExportRow | undefined {
    return this.#statements.prepare(`SELECT ${columns} FROM exports WHERE export = ?`).get(id) as ExportRow | undefined;
  }

  /** Newest first. */
  exports(limit: number): ExportRow[] {
    const sql = `SELECT ${columns} FROM exports ORDER BY requested_seq DESC LIMIT ?`;
    return this.#statements.prepare(sql).all(limit) as ExportRow[];
  }

  /** The sequence of the record that named this key, undefined when none did. */
  keyRecord(rawHex: string): number | undefined {
    return this.#statements.prepare('SELECT seq FROM export_keys WHERE key = ?').pluck().get(rawHex) as
      | number
      | undefined;
  }

  /** The key that signs bags, hex: the one that was named last. */
  currentKey(): string | undefined {
    const sql = 'SELECT key FROM export_keys ORDER BY seq DESC LIMIT 1';
    return this.#statements.prepare(sql).pluck().get() as string | undefined;
  }
}
