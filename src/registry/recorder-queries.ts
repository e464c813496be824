/**
 * Questions about recorders in people's hands: check-outs and claims. Rows are told whole, withdrawn and returned
 * included: `checkOutsKnownAt` of domain/checkout-facts.ts says which count at a moment of the ledger.
 */
import type { Database } from 'better-sqlite3';
import type { CheckOutCheck } from '../domain/check-out-policy.ts';
import type { CheckOut, OfficerClaim } from '../domain/checkout-facts.ts';
import { Statements } from './statements.ts';

export interface CheckOutRow extends CheckOut {
  readonly checks: readonly CheckOutCheck[];
  readonly evenSo: string | null;
}

const checkOutColumns = `checkout, recorder, certificate_no AS certificateNo, out_at AS outAt, out_seq AS outSeq,
  returned_at AS returnedAt, returned_seq AS returnedSeq, return_basis AS returnBasis, withdrawn_seq AS withdrawnSeq,
  checks, even_so AS evenSo`;
const claimColumns = 'clip, certificate_no AS certificateNo, statement, seq, at';

export class RecorderQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** All of a recorder, the earliest handed out first. */
  checkoutsOfRecorder(serial: string): CheckOutRow[] {
    return this.#checkOuts('recorder = ? ORDER BY out_at, out_seq', serial);
  }

  checkoutsOfOfficer(certificateNo: string): CheckOutRow[] {
    return this.#checkOuts('certificate_no = ? ORDER BY out_at, out_seq', certificateNo);
  }

  checkout(id: string): CheckOutRow | undefined {
    return this.#checkOuts('checkout = ?', id)[0];
  }

  /** Neither returned nor withdrawn as far as is known today, the earliest first. */
  openCheckouts(): CheckOutRow[] {
    return this.#checkOuts('returned_seq IS NULL AND withdrawn_seq IS NULL ORDER BY out_at, out_seq');
  }

  /** What may have been open at some time since; every row when `since` is before the first. */
  checkoutsSince(since: string): CheckOutRow[] {
    return this.#checkOuts('returned_at IS NULL OR returned_at > ? ORDER BY out_at, out_seq', since);
  }

  /** Of one clip, in the order in which they were made. */
  claimsOfClip(clip: string): OfficerClaim[] {
    const sql = `SELECT ${claimColumns} FROM claims WHERE clip = ? ORDER BY seq`;
    return this.#statements.prepare(sql).all(clip) as OfficerClaim[];
  }

  claimsOfOfficer(certificateNo: string): OfficerClaim[] {
    const sql = `SELECT ${claimColumns} FROM claims WHERE certificate_no = ? ORDER BY seq`;
    return this.#statements.prepare(sql).all(certificateNo) as OfficerClaim[];
  }

  #checkOuts(where: string, ...values: unknown[]): CheckOutRow[] {
    const rows = this.#statements.prepare(`SELECT ${checkOutColumns} FROM checkouts WHERE ${where}`).all(...values);
    return (rows as (Omit<CheckOutRow, 'checks'> & { readonly checks: string })[]).map(({ checks, ...row }) => ({
      ...row,
      checks: JSON.parse(checks) as CheckOutCheck[],
    }));
  }
}
