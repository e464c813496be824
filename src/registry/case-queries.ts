/** Questions about cases: clips with what ties them to one, reviews, what is known of an original. */
import type { Database } from 'better-sqlite3';
import type { ActReviewDocument } from '../domain/case-facts.ts';
import { type ClipWith, clipColumns, linkableFields } from './clip-columns.ts';
import { Statements } from './statements.ts';

const caseFields = [
  ...linkableFields,
  'docking',
  'path',
  'sha256',
  'kind',
  'durationMs',
  'clockAtLeastMs',
  'clockAtMostMs',
] as const;

export type CaseClipRow = ClipWith<typeof caseFields>;

export interface OriginalState {
  readonly readBack: string;
  /** When the vault's copy was last read and was what it must be. */
  readonly unalteredAt: string;
  readonly damaged: 0 | 1;
}

export interface ReviewRow {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly case: string | null;
  readonly act: string | null;
  readonly clip: string | null;
  readonly document: ActReviewDocument;
}

const columns = clipColumns(caseFields);

export class CaseQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** In the order of sealing. */
  clipsAmong(clips: readonly string[]): CaseClipRow[] {
    const sql = `SELECT ${columns} FROM clips c WHERE clip IN (SELECT value FROM json_each(?)) ORDER BY sealed_seq`;
    return this.#statements.prepare(sql).all(JSON.stringify(clips)) as CaseClipRow[];
  }

  clip(clip: string): CaseClipRow | undefined {
    return this.#statements.prepare(`SELECT ${columns} FROM clips c WHERE clip = ?`).get(clip) as
      | CaseClipRow
      | undefined;
  }

  originalState(sha256: string): OriginalState | undefined {
    const sql = `SELECT o.read_back AS readBack, r.time AS unalteredAt,
        EXISTS (SELECT 1 FROM damaged_originals d WHERE d.sha256 = o.sha256 AND d.place = 'vault') AS damaged
      FROM originals o JOIN records r ON r.seq = max(o.first_seq,
        coalesce((SELECT k.seq FROM original_checks k WHERE k.place = 'vault' AND k.sha256 = o.sha256), 0))
      WHERE o.sha256 = ?`;
    return this.#statements.prepare(sql).get(sha256) as OriginalState | undefined;
  }

  /** Codes of what was found about a clip, or about the clock in its docking. */
  findingCodes(clip: string, docking: string): string[] {
    const sql = `SELECT DISTINCT code FROM findings WHERE clip = ? OR (docking = ? AND clip IS NULL AND code LIKE 'clock-%')`;
    return this.#statements.prepare(sql).pluck().all(clip, docking) as string[];
  }

  /** Oldest first: of a case, with those of its clips. */
  reviewsOf(caseKey: string, clips: readonly string[]): ReviewRow[] {
    const sql = `SELECT v.seq, v.at, r.actor_kind || ':' || r.actor_id AS actor, v.case_key AS "case", v.act, v.clip, v.document
      FROM act_reviews v JOIN records r USING (seq)
      WHERE v.case_key = ? OR v.clip IN (SELECT value FROM json_each(?)) ORDER BY v.seq`;
    return this.#reviews(sql, caseKey, JSON.stringify(clips));
  }

  /** All reviews, oldest first. */
  reviews(): ReviewRow[] {
    return this.#reviews(
      `SELECT v.seq, v.at, r.actor_kind || ':' || r.actor_id AS actor, v.case_key AS "case", v.act, v.clip, v.document
       FROM act_reviews v JOIN records r USING (seq) ORDER BY v.seq`,
    );
  }

  #reviews(sql: string, ...values: string[]): ReviewRow[] {
    const rows = this.#statements.prepare(sql).all(...values) as (ReviewRow & { readonly document: unknown })[];
    return rows.map((row) => ({
      ...row,
      document: JSON.parse(row.document as unknown as string) as ActReviewDocument,
    }));
  }
}
