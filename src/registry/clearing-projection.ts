/** What the records of a clearing do to the registry; the plan's parts, each deletion, and how it ended. */
import type {
  ClearingConsentDocument,
  ClearingEndedBody,
  ClearingKeptDocument,
  ClearingPlanDocument,
  ClearingPlannedBody,
  ClipClearedBody,
  ClipClearedDocument,
} from '../domain/clearing-facts.ts';
import { bodyOf, type Effects } from './effect.ts';
import type { Statements } from './statements.ts';

const pathOf = ({ pathHex }: { readonly pathHex: string }): Buffer => Buffer.from(pathHex, 'hex');

export function clearingEffects(statements: Statements): Effects {
  const run = (sql: string, ...values: unknown[]) => statements.prepare(sql).run(...values);
  return {
    'clearing-planned': (record, documents) => {
      const body = record.body as unknown as ClearingPlannedBody;
      run(
        `INSERT INTO clearings (docking, policy, copies_wanted, recheck, planned_at, planned_seq, state, to_clear)
         VALUES (?, ?, ?, ?, ?, ?, 'open', ?) ON CONFLICT (docking) DO UPDATE SET planned_seq = excluded.planned_seq`,
        ...[body.docking, body.policy, body.copiesWanted, body.recheck, record.time, record.seq, body.toClear],
      );
      for (const entry of bodyOf<ClearingPlanDocument>(documents)?.entries ?? []) {
        run(
          'UPDATE inventory SET clearing = ?, clearing_reason = ? WHERE docking = ? AND path = ?',
          ...[entry.keep === null ? 'planned' : 'kept', entry.keep, body.docking, pathOf(entry)],
        );
      }
    },
    'clip-cleared': (record, documents) => {
      const body = record.body as unknown as ClipClearedBody;
      const document = bodyOf<ClipClearedDocument>(documents);
      // Where the name was lawfully erased the clip tells the file as well.
      const [column, value] = document === undefined ? ['clip', body.clip] : ['path', pathOf(document)];
      run(
        `UPDATE inventory SET clearing = 'cleared', cleared_seq = ? WHERE docking = ? AND ${column} = ?`,
        ...[record.seq, body.docking, value],
      );
    },
    'clearing-kept': (record, documents) => {
      for (const entry of bodyOf<ClearingKeptDocument>(documents)?.entries ?? []) {
        run(
          `UPDATE inventory SET clearing = 'kept', clearing_reason = ? WHERE docking = ? AND path = ?`,
          ...[entry.reason, record.body.docking, pathOf(entry)],
        );
      }
    },
    'clearing-ended': (record) => {
      const body = record.body as unknown as ClearingEndedBody;
      run(
        `UPDATE clearings SET state = 'ended', cleared = ?, cleared_bytes = ?, kept = ?, stopped = ?, flushed = ?,
           ended_at = ?, ended_seq = ? WHERE docking = ?`,
        ...[body.cleared, body.clearedBytes, body.kept, body.stopped, body.flushed ? 1 : 0],
        ...[record.time, record.seq, body.docking],
      );
    },
    'clearing-interrupted': (record) => {
      run(
        `UPDATE clearings SET state = 'interrupted', ended_at = ?, ended_seq = ? WHERE docking = ?`,
        ...[record.time, record.seq, record.body.docking],
      );
    },
    'clearing-requested': (record, documents) => {
      const consent = bodyOf<ClearingConsentDocument>(documents);
      const { request, clips } = record.body as unknown as { request: string; clips: readonly string[] };
      run(
        `INSERT INTO clearing_requests (request, requested_seq, requested_at, requester, reason)
         VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        ...[request, record.seq, record.time, consent?.name ?? null, consent?.reason ?? null],
      );
      for (const clip of clips)
        run('INSERT INTO clearing_request_clips VALUES (?, ?) ON CONFLICT DO NOTHING', request, clip);
    },
    'clearing-approved': (record, documents) => {
      const consent = bodyOf<ClearingConsentDocument>(documents);
      run(
        `UPDATE clearing_requests SET approved_seq = ?, approved_at = ?, approver = ?, approval_reason = ?
         WHERE request = ? AND approved_seq IS NULL`,
        ...[record.seq, record.time, consent?.name ?? null, consent?.reason ?? null, record.body.request],
      );
    },
  };
}
