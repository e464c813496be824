/**
 * Alarms: what says that the ledger is not the one that was signed before. Until an administrator has acknowledged an
 * alarm, nothing more is taken in. Name and reason of the acknowledgement stand in its record's document.
 */

export type AlarmKind =
  /** The ledger is smaller than a checkpoint that was signed or cosigned before. */
  | 'ledger-rolled-back'
  /** It has other records than a checkpoint says that was signed or cosigned before. */
  | 'ledger-differs'
  /** The registry knew records that the ledger does not have: the ledger alone was set back. */
  | 'registry-ahead'
  /** A witness has cosigned a larger ledger than this one. */
  | 'witness-ahead'
  /** A witness has cosigned a ledger that this one does not continue. */
  | 'witness-contradicts';

export interface AlarmRaisedBody {
  readonly kind: AlarmKind;
  /** What is contradicted, as text: size and root, or a witness's key and size. The same is raised only once. */
  readonly evidence: string;
  /** Records that the ledger had. */
  readonly size: number;
}

export interface AlarmAcknowledgedBody {
  /** Sequence of the alarm's record. */
  readonly alarm: number;
}

export interface AcknowledgementDocument {
  readonly by: string;
  readonly reason: string;
}
