/** Questions about marks, holds, deletion runs and deleted clips. What they mean is decided by policies. */
import type { Database } from 'better-sqlite3';
import type { HoldKind } from '../domain/hold-policy.ts';
import { type ClipWith, clipColumns, linkableFields } from './clip-columns.ts';
import { Statements } from './statements.ts';

export interface MarkRow {
  readonly clip: string;
  readonly important: 0 | 1;
  readonly category: string | null;
  readonly markedAt: string;
  readonly reason: string | null;
}

export interface HoldRow {
  readonly hold: string;
  readonly kind: HoldKind;
  readonly number: string;
  readonly placedAt: string;
  readonly placedSeq: number;
  readonly placedBy: string;
  readonly reason: string | null;
  readonly receivedOn: string | null;
  readonly answerBy: string | null;
  readonly caseNumber: string | null;
  readonly officer: string | null;
  readonly recordedFrom: string | null;
  readonly recordedUntil: string | null;
  readonly complaint: string | null;
  readonly releasedAt: string | null;
  readonly releasedBy: string | null;
  readonly releaseReason: string | null;
}

export type RunState = 'proposing' | 'proposed' | 'approved' | 'ended' | 'cancelled';

export interface RunRow {
  readonly run: string;
  readonly asOf: string;
  readonly proposedAt: string;
  readonly proposedSeq: number;
  readonly proposedBy: string;
  readonly reason: string;
  readonly state: RunState;
  readonly approvedAt: string | null;
  readonly approvedBy: string | null;
  readonly closedAt: string | null;
  readonly closedBy: string | null;
  readonly closeReason: string | null;
  readonly clips: number;
  readonly deleted: number;
  readonly kept: number;
}

export interface RunClipRow {
  readonly clip: string;
  readonly rule: string;
  readonly title: string;
  readonly clause: string;
  readonly lastDay: string;
  readonly outcome: 'deleted' | 'kept' | null;
  readonly reasons: readonly string[];
}

const keepableFields = [
  ...linkableFields,
  'kind',
  'sealedSeq',
  'important',
  'docking',
  'bytes',
  'path',
  'facts',
  'isProbed',
  'isRestricted',
] as const;

/** A clip that may be considered, with what the policies ask of its own row. */
export type KeepableRow = ClipWith<typeof keepableFields>;

export interface DeletedClipRow {
  readonly clip: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly docking: string;
  readonly deletion: string;
  readonly approvedAt: string;
  readonly approvedSeq: number;
  readonly rule: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly run: string | null;
}

const holdColumns = `hold, kind, number, placed_at AS placedAt, placed_seq AS placedSeq, placed_by AS placedBy, reason,
  received_on AS receivedOn, answer_by AS answerBy, case_number AS caseNumber, officer, recorded_from AS recordedFrom,
  recorded_until AS recordedUntil, complaint, released_at AS releasedAt, released_by AS releasedBy,
  release_reason AS releaseReason`;

const runColumns = `r.run, r.as_of AS asOf, r.proposed_at AS proposedAt, r.proposed_seq AS proposedSeq,
  r.proposed_by AS proposedBy, r.reason, r.state, r.approved_at AS approvedAt, r.approved_by AS approvedBy,
  r.closed_at AS closedAt, r.closed_by AS closedBy, r.close_reason AS closeReason,
  (SELECT count(*) FROM deletion_run_clips c WHERE c.run = r.run) AS clips,
  (SELECT count(*) FROM deletion_run_clips c WHERE c.run = r.run AND c.outcome = 'deleted') AS deleted,
  (SELECT count(*) FROM deletion_run_clips c WHERE c.run = r.run AND c.outcome = 'kept') AS kept`;

const keepableColumns = clipColumns(keepableFields);

export class RetentionQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  mark(clip: string): MarkRow | undefined {
    const sql = 'SELECT clip, important, category, marked_at AS markedAt, reason FROM clip_marks WHERE clip = ?';
    return this.#statements.prepare(sql).get(clip) as MarkRow | undefined;
  }

  /** How many clips each of them called important, and both. */
  markCounts(): { readonly device: number; readonly human: number; readonly both: number; readonly denied: number } {
    const sql = `SELECT (SELECT count(*) FROM clips WHERE important = 1) AS device,
        (SELECT count(*) FROM clip_marks WHERE important = 1) AS human,
        (SELECT count(*) FROM clip_marks JOIN clips USING (clip) WHERE clip_marks.important = 1 AND clips.important = 1)
          AS both,
        (SELECT count(*) FROM clip_marks WHERE important = 0) AS denied`;
    return this.#statements.prepare(sql).get() as ReturnType<RetentionQueries['markCounts']>;
  }

  hold(hold: string): HoldRow | undefined {
    const sql = `SELECT ${holdColumns} FROM holds WHERE hold = ?`;
    return this.#statements.prepare(sql).get(hold) as HoldRow | undefined;
  }

  /** Those that stand, oldest first. */
  standingHolds(): HoldRow[] {
    const sql = `SELECT ${holdColumns} FROM holds WHERE released_seq IS NULL ORDER BY placed_seq`;
    return this.#statements.prepare(sql).all() as HoldRow[];
  }

  /** Those that were released, the latest release first. */
  releasedHolds(limit: number): HoldRow[] {
    const sql = `SELECT ${holdColumns} FROM holds WHERE released_seq IS NOT NULL ORDER BY released_seq DESC LIMIT ?`;
    return this.#statements.prepare(sql).all(limit) as HoldRow[];
  }

  clipsOfHold(hold: string): string[] {
    const sql = 'SELECT clip FROM hold_clips WHERE hold = ? ORDER BY clip';
    return this.#statements.prepare(sql).pluck().all(hold) as string[];
  }

  run(run: string): RunRow | undefined {
    const sql = `SELECT ${runColumns} FROM deletion_runs r WHERE r.run = ?`;
    return this.#statements.prepare(sql).get(run) as RunRow | undefined;
  }

  /** Latest first; proposals that were cut off are none. */
  runs(limit: number): RunRow[] {
    const sql = `SELECT ${runColumns} FROM deletion_runs r WHERE r.state <> 'proposing'
      ORDER BY r.proposed_seq DESC LIMIT ?`;
    return this.#statements.prepare(sql).all(limit) as RunRow[];
  }

  /** Approved and not ended. */
  openRuns(): string[] {
    const sql = `SELECT run FROM deletion_runs WHERE state = 'approved' ORDER BY approved_seq`;
    return this.#statements.prepare(sql).pluck().all() as string[];
  }

  runClips(run: string): RunClipRow[] {
    const sql = `SELECT clip, rule, title, clause, last_day AS lastDay, outcome, reasons FROM deletion_run_clips
      WHERE run = ? ORDER BY clip`;
    const rows = this.#statements.prepare(sql).all(run) as (Omit<RunClipRow, 'reasons'> & { reasons: string | null })[];
    return rows.map((row) => ({ ...row, reasons: JSON.parse(row.reasons ?? '[]') as string[] }));
  }

  keepable(clip: string): KeepableRow | undefined {
    const sql = `SELECT ${keepableColumns} FROM clips c WHERE c.clip = ?`;
    return this.#statements.prepare(sql).get(clip) as KeepableRow | undefined;
  }

  /** Clips that were sealed before an instant, in the order of sealing, after a sequence. */
  sealedBefore(instant: string, afterSeq: number, limit: number): KeepableRow[] {
    const sql = `SELECT ${keepableColumns} FROM clips c WHERE c.sealed_at < ? AND c.sealed_seq > ?
      ORDER BY c.sealed_seq LIMIT ?`;
    return this.#statements.prepare(sql).all(instant, afterSeq, limit) as KeepableRow[];
  }

  /** Dockings whose clock made all its times doubtful, with what was found. */
  clockFindings(): { readonly docking: string; readonly code: string }[] {
    const sql = `SELECT DISTINCT docking, code FROM findings
      WHERE docking IS NOT NULL AND code IN ('clock-absurd', 'clock-jumped') ORDER BY docking, code`;
    return this.#statements.prepare(sql).all() as { docking: string; code: string }[];
  }

  deletedClip(clip: string): DeletedClipRow | undefined {
    const sql = `SELECT d.clip, d.sha256, d.bytes, d.docking, e.deletion, e.approved_at AS approvedAt,
        e.approved_seq AS approvedSeq, e.rule, e.reason, e.requested_by AS requestedBy, e.approved_by AS approvedBy,
        (SELECT run FROM deletion_run_clips r WHERE r.clip = d.clip AND r.outcome = 'deleted') AS run
      FROM deleted_clips d JOIN deletions e USING (deletion) WHERE d.clip = ?`;
    return this.#statements.prepare(sql).get(clip) as DeletedClipRow | undefined;
  }
}
