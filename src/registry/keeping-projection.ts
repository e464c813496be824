/**
 * What records about keeping originals do to the registry: mirrors, scrubs, damage, lawful deletion, restriction.
 * After a deletion the rows must be those that a rebuild makes once the documents are overwritten, so whatever came
 * from an overwritten document goes here.
 */
import type {
  ApprovalDocument,
  DeletionApprovedBody,
  DeletionCarriedOutBody,
  DeletionTargetDocument,
  MirrorAddedBody,
  MirrorDocument,
  MirrorLedgerBody,
  OriginalDamagedBody,
  OriginalMirroredBody,
  OriginalRepairedBody,
  RestrictionBody,
  RestrictionDocument,
  ScrubEndedBody,
  ScrubPartBody,
} from '../domain/keeping-facts.ts';
import type { RecordEnvelope } from '../domain/records.ts';
import { forgetDrawnCase } from './drawing-projection.ts';
import { bodyOf, type Effect, type Effects } from './effect.ts';
import { forgetCase } from './linking-projection.ts';
import { forgetOfficer } from './recorders-projection.ts';
import { forgetHolds } from './retention-projection.ts';
import type { Statements } from './statements.ts';

export function keepingEffects(statements: Statements): Effects {
  const run = (sql: string, ...values: unknown[]): void => {
    statements.prepare(sql).run(...values);
  };

  const mirrorAdded: Effect = (record, documents) => {
    const { mirror } = record.body as unknown as MirrorAddedBody;
    run(
      'INSERT INTO mirrors (mirror, folder, added_at, added_seq) VALUES (?, ?, ?, ?)',
      mirror,
      bodyOf<MirrorDocument>(documents)?.folder ?? '',
      record.time,
      record.seq,
    );
  };

  const originalMirrored: Effect = (record) => {
    const { mirror, originals } = record.body as unknown as OriginalMirroredBody;
    for (const sha256 of originals) {
      run(
        'INSERT INTO mirror_copies VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq',
        mirror,
        sha256,
        record.seq,
      );
      run('DELETE FROM damaged_originals WHERE place = ? AND sha256 = ?', mirror, sha256);
    }
    run('UPDATE mirrors SET copied_seq = ? WHERE mirror = ?', record.seq, mirror);
  };

  const mirrorLedger: Effect = (record) => {
    const { mirror, file } = record.body as unknown as MirrorLedgerBody;
    run('UPDATE mirrors SET ledger_differs = ? WHERE mirror = ?', file ?? null, mirror);
  };

  const keepPlace = (record: RecordEnvelope, place: string, last: string): void => {
    run(
      `INSERT INTO scrubs (place, last_digest, seq) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET last_digest = excluded.last_digest, seq = excluded.seq`,
      place,
      last,
      record.seq,
    );
  };

  const scrubPart: Effect = (record) => {
    const { place, originals, last } = record.body as unknown as ScrubPartBody;
    for (const sha256 of originals) {
      run(
        'INSERT INTO original_checks VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq',
        place,
        sha256,
        record.seq,
      );
      run('DELETE FROM damaged_originals WHERE place = ? AND sha256 = ?', place, sha256);
    }
    keepPlace(record, place, last);
  };

  const scrubEnded: Effect = (record) => {
    const { place, cancelled } = record.body as unknown as ScrubEndedBody;
    if (!cancelled) run('UPDATE scrubs SET ended_at = ? WHERE place = ?', record.time, place);
  };

  const originalDamaged: Effect = (record) => {
    const { place, sha256, state, blocks } = record.body as unknown as OriginalDamagedBody;
    run(
      `INSERT INTO damaged_originals VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET seq = excluded.seq, state = excluded.state, blocks = excluded.blocks`,
      place,
      sha256,
      record.seq,
      state,
      blocks ?? null,
    );
    run('DELETE FROM original_checks WHERE place = ? AND sha256 = ?', place, sha256);
    // No copy any more, so the mirror gets a new one.
    run('DELETE FROM mirror_copies WHERE mirror = ? AND sha256 = ?', place, sha256);
  };

  const originalRepaired: Effect = (record) => {
    const { place = 'vault', sha256 } = record.body as unknown as Partial<OriginalRepairedBody>;
    run('DELETE FROM damaged_originals WHERE place = ? AND sha256 = ?', place, sha256);
  };

  const deletionApproved: Effect = (record, documents) => {
    const body = record.body as unknown as DeletionApprovedBody;
    approve(record, body, bodyOf<ApprovalDocument>(documents));
    for (const clip of body.clips) {
      forgetClip(clip, body.deletion);
      if (body.run !== undefined) {
        run(`UPDATE deletion_run_clips SET outcome = 'deleted' WHERE run = ? AND clip = ?`, body.run, clip);
      }
    }
    const target = bodyOf<DeletionTargetDocument>(documents, 1);
    for (const { kind, key } of target?.subjects ?? []) forgetSubject(kind, key);
  };

  const approve = (
    record: RecordEnvelope,
    body: DeletionApprovedBody,
    approval: ApprovalDocument | undefined,
  ): void => {
    run(
      'INSERT INTO deletions VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      body.deletion,
      body.kind,
      record.time,
      record.seq,
      approval?.rule ?? '',
      approval?.reason ?? '',
      approval?.requestedBy ?? '',
      approval?.approvedBy ?? '',
    );
    run(`INSERT INTO deletion_places VALUES (?, 'vault', NULL)`, body.deletion);
    run('INSERT INTO deletion_places SELECT ?, mirror, NULL FROM mirrors', body.deletion);
  };

  const forgetClip = (clip: string, deletion: string): void => {
    run(
      'INSERT INTO deleted_clips SELECT clip, sha256, ?, docking, source, bytes FROM clips WHERE clip = ?',
      deletion,
      clip,
    );
    run(`UPDATE inventory SET outcome = NULL, clip = NULL WHERE clip = ? AND outcome = 'sealed'`, clip);
    for (const table of ['findings', 'links', 'claims', 'act_reviews', 'restricted_clips', 'clip_marks', 'clips'])
      run(`DELETE FROM ${table} WHERE clip = ?`, clip);
    const orphan = 'SELECT sha256 FROM deleted_clips WHERE clip = ? AND sha256 NOT IN (SELECT sha256 FROM clips)';
    for (const table of ['mirror_copies', 'original_checks', 'damaged_originals', 'originals']) {
      run(`DELETE FROM ${table} WHERE sha256 IN (${orphan})`, clip);
    }
  };

  const forgetSubject = (kind: string, key: string): void => {
    run('DELETE FROM versions WHERE kind = ? AND key = ?', kind, key);
    run(
      'DELETE FROM import_missing WHERE key = ? AND import IN (SELECT import FROM imports WHERE kind = ?)',
      key,
      kind,
    );
    forgetHolds(statements, kind, key);
    if (kind === 'officers') {
      run(`DELETE FROM links WHERE target = 'officer' AND number = ?`, key);
      run('DELETE FROM roster_answers WHERE certificate_no = ?', key);
      forgetOfficer(statements, key);
    }
    if (kind === 'cases') {
      run(`DELETE FROM links WHERE target = 'case' AND number = ?`, key);
      run('DELETE FROM act_reviews WHERE case_key = ?', key);
      forgetCase(statements, key);
      forgetDrawnCase(statements, key);
    }
  };

  const deletionCarriedOut: Effect = (record) => {
    const { deletion, place } = record.body as unknown as DeletionCarriedOutBody;
    run('UPDATE deletion_places SET seq = ? WHERE deletion = ? AND place = ?', record.seq, deletion, place);
  };

  const clipRestricted: Effect = (record, documents) => {
    run(
      `INSERT INTO restricted_clips SELECT clip, ?, ?, ? FROM clips WHERE clip = ?
       ON CONFLICT DO UPDATE SET seq = excluded.seq, since = excluded.since, reason = excluded.reason`,
      record.seq,
      record.time,
      bodyOf<RestrictionDocument>(documents)?.reason ?? null,
      (record.body as unknown as RestrictionBody).clip,
    );
  };

  const restrictionLifted: Effect = (record) => {
    run('DELETE FROM restricted_clips WHERE clip = ?', (record.body as unknown as RestrictionBody).clip);
  };

  return {
    'mirror-added': mirrorAdded,
    'original-mirrored': originalMirrored,
    'mirror-ledger-differs': mirrorLedger,
    'mirror-ledger-agrees': mirrorLedger,
    'scrub-part': scrubPart,
    'scrub-ended': scrubEnded,
    'original-damaged': originalDamaged,
    'original-repaired': originalRepaired,
    // A recorder brought the same bytes again.
    'original-restored': originalRepaired,
    'deletion-approved': deletionApproved,
    'deletion-carried-out': deletionCarriedOut,
    'clip-restricted': clipRestricted,
    'restriction-lifted': restrictionLifted,
  };
}
