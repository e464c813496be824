/** What records about recorders in people's hands do to the registry: check-outs, returns, claims. */
import type {
  CheckedOutBody,
  CheckOutDocument,
  CheckOutWithdrawnBody,
  ClaimDocument,
  ClaimedBody,
  RecorderConditionBody,
  ReturnBasis,
  ReturnedBody,
} from '../domain/checkout-facts.ts';
import { bodyOf, type Effect, type Effects } from './effect.ts';
import type { Statements } from './statements.ts';

export function recordersEffects(statements: Statements): Effects {
  const run = (sql: string, ...values: unknown[]): void => {
    statements.prepare(sql).run(...values);
  };

  const checkedOut: Effect = (record, documents) => {
    const { checkout, recorder, at, returnedAt, ends } = record.body as unknown as CheckedOutBody;
    const document = bodyOf<CheckOutDocument>(documents);
    if (ends !== undefined) giveBack(ends, { at, seq: record.seq, basis: 'next-check-out' });
    // Whose check-out it was has been forgotten by law: then it says nothing any more.
    if (document === undefined) return;
    run(
      `INSERT INTO checkouts (checkout, recorder, certificate_no, out_at, out_seq, checks, even_so)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      checkout,
      recorder,
      document.certificateNo,
      at,
      record.seq,
      JSON.stringify(document.checks),
      document.evenSo ?? null,
    );
    if (returnedAt !== undefined) giveBack(checkout, { at: returnedAt, seq: record.seq, basis: 'by-hand' });
  };

  const giveBack = (checkout: string, by: { at: string; seq: number; basis: ReturnBasis }): void =>
    run(
      `UPDATE checkouts SET returned_at = ?, returned_seq = ?, return_basis = ?
       WHERE checkout = ? AND returned_seq IS NULL`,
      by.at,
      by.seq,
      by.basis,
      checkout,
    );

  const returned: Effect = (record) => {
    const { checkout, at, basis } = record.body as unknown as ReturnedBody;
    giveBack(checkout, { at, seq: record.seq, basis });
  };

  const withdrawn: Effect = (record) => {
    const { checkout } = record.body as unknown as CheckOutWithdrawnBody;
    run('UPDATE checkouts SET withdrawn_seq = ? WHERE checkout = ? AND withdrawn_seq IS NULL', record.seq, checkout);
  };

  const claimed: Effect = (record, documents) => {
    const { clip } = record.body as unknown as ClaimedBody;
    const document = bodyOf<ClaimDocument>(documents);
    if (document === undefined) return;
    run(
      'INSERT INTO claims (seq, clip, certificate_no, statement, at) VALUES (?, ?, ?, ?, ?)',
      record.seq,
      clip,
      document.certificateNo,
      document.statement,
      record.time,
    );
  };

  const condition: Effect = (record) => {
    const body = record.body as unknown as RecorderConditionBody;
    run(
      `INSERT INTO recorder_conditions VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET docking = excluded.docking,
         volumes = excluded.volumes, battery_percent = excluded.battery_percent, free_bytes = excluded.free_bytes`,
      body.recorder,
      body.docking,
      body.volumes,
      body.batteryPercent,
      body.freeBytes,
    );
  };

  return {
    'recorder-condition': condition,
    'recorder-checked-out': checkedOut,
    'recorder-returned': returned,
    'checkout-withdrawn': withdrawn,
    'clip-claimed': claimed,
  };
}

/** A person who was lawfully forgotten leaves neither check-outs nor claims. */
export function forgetOfficer(statements: Statements, certificateNo: string): void {
  for (const table of ['checkouts', 'claims']) {
    statements.prepare(`DELETE FROM ${table} WHERE certificate_no = ?`).run(certificateNo);
  }
}
