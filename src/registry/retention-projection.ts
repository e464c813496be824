/** What records about marks, holds and deletion runs do to the registry. */
import type {
  ClipMarkedBody,
  HoldDocument,
  HoldExtendedBody,
  HoldPlacedBody,
  HoldReleasedBody,
  MarkDocument,
  ReleaseDocument,
  RunBody,
  RunConsentDocument,
  RunKeptBody,
  RunProposedBody,
  RunProposedDocument,
} from '../domain/retention-facts.ts';
import { bodyOf, type Effect, type Effects } from './effect.ts';
import type { Statements } from './statements.ts';

export function retentionEffects(statements: Statements): Effects {
  const run = (sql: string, ...values: unknown[]): void => {
    statements.prepare(sql).run(...values);
  };

  const clipMarked: Effect = (record, documents) => {
    const body = record.body as unknown as ClipMarkedBody;
    run(
      `INSERT INTO clip_marks SELECT clip, ?, ?, ?, ?, ? FROM clips WHERE clip = ?
       ON CONFLICT DO UPDATE SET seq = excluded.seq, important = excluded.important, category = excluded.category,
         marked_at = excluded.marked_at, reason = excluded.reason`,
      ...[record.seq, body.important ? 1 : 0, body.category ?? null, record.time],
      ...[bodyOf<MarkDocument>(documents)?.reason ?? null, body.clip],
    );
  };

  const holdClips = (hold: string, clips: readonly string[]): void => {
    for (const clip of clips) run('INSERT INTO hold_clips VALUES (?, ?) ON CONFLICT DO NOTHING', hold, clip);
  };

  const holdPlaced: Effect = (record, documents) => {
    const { hold, kind, clips } = record.body as unknown as HoldPlacedBody;
    const document = bodyOf<HoldDocument>(documents);
    run(
      `INSERT INTO holds (hold, kind, number, placed_at, placed_seq, placed_by, reason, received_on, answer_by,
         case_number, officer, recorded_from, recorded_until, complaint)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[hold, kind, document?.number ?? '', record.time, record.seq, document?.placedBy ?? ''],
      ...[document?.reason ?? null, document?.receivedOn ?? null, document?.answerBy ?? null],
      ...[document?.caseNumber ?? null, document?.officer ?? null, document?.from ?? null],
      ...[document?.until ?? null, document?.complaint ?? null],
    );
    holdClips(hold, clips);
  };

  const holdExtended: Effect = (record) => {
    const { hold, clips } = record.body as unknown as HoldExtendedBody;
    holdClips(hold, clips);
  };

  const holdReleased: Effect = (record, documents) => {
    const document = bodyOf<ReleaseDocument>(documents);
    run(
      'UPDATE holds SET released_at = ?, released_seq = ?, released_by = ?, release_reason = ? WHERE hold = ?',
      ...[record.time, record.seq, document?.releasedBy ?? '', document?.reason ?? ''],
      (record.body as unknown as HoldReleasedBody).hold,
    );
  };

  const runProposed: Effect = (record, documents) => {
    const body = record.body as unknown as RunProposedBody;
    const document = bodyOf<RunProposedDocument>(documents);
    run(
      `INSERT INTO deletion_runs (run, as_of, proposed_at, proposed_seq, proposed_by, reason, state)
       VALUES (?, ?, ?, ?, ?, ?, 'proposing') ON CONFLICT DO NOTHING`,
      ...[body.run, body.asOf, record.time, record.seq, document?.proposedBy ?? '', document?.reason ?? ''],
    );
    for (const entry of document?.entries ?? []) {
      run(
        `INSERT INTO deletion_run_clips (run, clip, rule, title, clause, last_day) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING`,
        ...[body.run, entry.clip, entry.rule, entry.title, entry.clause, entry.lastDay],
      );
    }
    if (body.last) run(`UPDATE deletion_runs SET state = 'proposed' WHERE run = ?`, body.run);
  };

  const runApproved: Effect = (record, documents) => {
    run(
      `UPDATE deletion_runs SET state = 'approved', approved_at = ?, approved_seq = ?, approved_by = ?
       WHERE run = ? AND state = 'proposed'`,
      ...[record.time, record.seq, bodyOf<RunConsentDocument>(documents)?.name ?? ''],
      (record.body as unknown as RunBody).run,
    );
  };

  const runClosed =
    (state: 'ended' | 'cancelled'): Effect =>
    (record, documents) => {
      const document = bodyOf<RunConsentDocument>(documents);
      run(
        `UPDATE deletion_runs SET state = ?, closed_at = ?, closed_seq = ?, closed_by = ?, close_reason = ?
         WHERE run = ? AND state IN ('proposed', 'approved')`,
        ...[state, record.time, record.seq, document?.name ?? null, document?.reason ?? null],
        (record.body as unknown as RunBody).run,
      );
    };

  const runKept: Effect = (record) => {
    const body = record.body as unknown as RunKeptBody;
    run(
      `UPDATE deletion_run_clips SET outcome = 'kept', reasons = ? WHERE run = ? AND clip = ? AND outcome IS NULL`,
      ...[JSON.stringify(body.reasons), body.run, body.kept],
    );
  };

  return {
    'clip-marked': clipMarked,
    'hold-placed': holdPlaced,
    'hold-extended': holdExtended,
    'hold-released': holdReleased,
    'deletion-run-proposed': runProposed,
    'deletion-run-approved': runApproved,
    'deletion-run-cancelled': runClosed('cancelled'),
    'deletion-run-kept': runKept,
    'deletion-run-ended': runClosed('ended'),
  };
}

const holdColumns: { readonly [kind: string]: string } = {
  officers: 'officer',
  cases: 'case_number',
  complaints: 'complaint',
};

/** Somebody or something was lawfully forgotten: what a rebuild makes of the documents of holds that named it. */
export function forgetHolds(statements: Statements, kind: string, key: string): void {
  const column = holdColumns[kind];
  if (column === undefined) return;
  const sql = `UPDATE holds SET number = '', placed_by = '', reason = NULL, received_on = NULL, answer_by = NULL,
      case_number = NULL, officer = NULL, recorded_from = NULL, recorded_until = NULL, complaint = NULL,
      released_by = iif(released_seq IS NULL, NULL, ''), release_reason = iif(released_seq IS NULL, NULL, '')
    WHERE ${column} = ?`;
  statements.prepare(sql).run(key);
}
