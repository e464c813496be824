/** Questions about drawings: lists, their cases, rounds and follow-ups. */
import type { Database } from 'better-sqlite3';
import type { DrawnDocument, FollowUpDocument, SeedSource } from '../domain/drawing-facts.ts';
import { Statements } from './statements.ts';

export interface DrawingListRow {
  readonly list: string;
  readonly month: string;
  readonly count: number;
  readonly percent: number;
  readonly sha256: string;
  readonly knownAt: number;
  readonly closedAt: string;
  readonly seq: number;
}

/** Case and number are null when the case was lawfully deleted. */
export interface DrawingCaseRow {
  readonly key: string;
  readonly case: string | null;
  readonly number: string | null;
}

/** What began a round: the closed list, or the order to draw again. */
export interface RoundDetails {
  readonly source: string | null;
  readonly kinds?: readonly string[];
  readonly reason?: string;
  readonly requestedBy?: string;
  readonly approvedBy?: string;
}

export interface DrawingRoundRow {
  readonly round: number;
  readonly seq: number;
  readonly at: string;
  readonly seedFrom: SeedSource;
  readonly details: RoundDetails | null;
  readonly drawnSeq: number | null;
  readonly drawnAt: string | null;
  readonly seedSha256: string | null;
  readonly size: number | null;
  readonly result: DrawnDocument | null;
}

export interface FollowUpRow {
  readonly seq: number;
  readonly at: string;
  readonly key: string;
  readonly details: FollowUpDocument | null;
}

const listColumns = 'list, month, count, percent, sha256, known_at AS knownAt, closed_at AS closedAt, seq';

export class DrawingQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** Newest first. */
  lists(): DrawingListRow[] {
    const sql = `SELECT ${listColumns} FROM drawing_lists ORDER BY seq DESC`;
    return this.#statements.prepare(sql).all() as DrawingListRow[];
  }

  list(list: string): DrawingListRow | undefined {
    const sql = `SELECT ${listColumns} FROM drawing_lists WHERE list = ?`;
    return this.#statements.prepare(sql).get(list) as DrawingListRow | undefined;
  }

  /** In the order of their keys. */
  cases(list: string): DrawingCaseRow[] {
    const sql = 'SELECT key, case_key AS "case", number FROM drawing_cases WHERE list = ? ORDER BY key';
    return this.#statements.prepare(sql).all(list) as DrawingCaseRow[];
  }

  /** Cases that some list of the month holds. */
  casesOfMonth(month: string): string[] {
    const sql = `SELECT case_key FROM drawing_cases JOIN drawing_lists USING (list)
      WHERE month = ? AND case_key IS NOT NULL`;
    return this.#statements.prepare(sql).pluck().all(month) as string[];
  }

  rounds(list: string): DrawingRoundRow[] {
    const sql = `SELECT round, seq, at, seed_from AS seedFrom, details, drawn_seq AS drawnSeq, drawn_at AS drawnAt,
      seed_sha256 AS seedSha256, size, result FROM drawing_rounds WHERE list = ? ORDER BY round`;
    const rows = this.#statements.prepare(sql).all(list) as (Omit<DrawingRoundRow, 'details' | 'result'> & {
      readonly details: string | null;
      readonly result: string | null;
    })[];
    return rows.map((row) => ({ ...row, details: parsed(row.details), result: parsed(row.result) }));
  }

  /** Lists whose newest round waits for a witness, oldest first. */
  waitingForWitness(): string[] {
    const sql = `SELECT list FROM drawing_rounds WHERE drawn_seq IS NULL AND seed_from = 'witness' ORDER BY seq`;
    return this.#statements.prepare(sql).pluck().all() as string[];
  }

  /** Oldest first. */
  followUps(list: string): FollowUpRow[] {
    const sql = 'SELECT seq, at, key, details FROM case_follow_ups WHERE list = ? ORDER BY seq';
    const rows = this.#statements.prepare(sql).all(list) as (Omit<FollowUpRow, 'details'> & {
      readonly details: string | null;
    })[];
    return rows.map((row) => ({ ...row, details: parsed(row.details) }));
  }
}

const parsed = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));
