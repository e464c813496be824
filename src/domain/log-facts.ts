/**
 * What records say when the ledger's keys change. `log-closed` is the last record of a log and names the keys of the
 * next one; `log-continued` is the first record of the next log and holds the last checkpoint of the one before. So a
 * verifier can go from either log to the other. Who approved it and why stands in the document of `log-closed`.
 */

/** `compromised`: somebody else may have the old secret keys, so what they sign from then on proves nothing. */
export type KeyChangeReason = 'routine' | 'compromised';

/** Public keys, hex. */
export interface LogKeysBody {
  readonly logKey: string;
  readonly leafKey: string;
}

export interface LogClosedBody extends LogKeysBody {
  /** Number of the log that ends with this record; the keys are those of the next one. */
  readonly log: number;
  readonly reason: KeyChangeReason;
}

export interface KeyChangeDocument {
  readonly approvedBy: string;
  /** As it was typed. */
  readonly reason: string | null;
}

/** `ledger-opened` of the first log has these as well, but for `log` and `continues`. */
export interface LogContinuedBody extends LogKeysBody {
  readonly format: 1;
  readonly log: number;
  readonly origin: string;
  readonly recordsPerSegment: number;
  readonly continues: ContinuedLog;
}

export interface ContinuedLog {
  readonly log: number;
  /** SHA-256 of the raw public log key, hex: what its origin ends in. */
  readonly logKeySha256: string;
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** The exact signed note, with the cosignatures that it had. */
  readonly checkpoint: string;
  readonly reason: KeyChangeReason;
}

const isHexKey = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

type Body = { readonly [key: string]: unknown };

/** The keys that the first record of a log, or the last one before, names; undefined when it names none. */
export function logKeysIn({ logKey, leafKey }: Body): LogKeysBody | undefined {
  return isHexKey(logKey) && isHexKey(leafKey) ? { logKey, leafKey } : undefined;
}

/** @returns undefined when the body does not have its form */
export function logClosedIn(body: Body): LogClosedBody | undefined {
  const keys = logKeysIn(body);
  const { log, reason } = body;
  if (keys === undefined || !Number.isSafeInteger(log)) return undefined;
  return reason === 'routine' || reason === 'compromised' ? { ...keys, log: log as number, reason } : undefined;
}

/** @returns undefined when the body does not say which log it continues */
export function continuedLogIn(body: Body): ContinuedLog | undefined {
  const { continues } = body;
  if (typeof continues !== 'object' || continues === null) return undefined;
  const { log, logKeySha256, size, root, checkpoint, reason } = continues as Body;
  const isSound =
    [log, size].every((count) => Number.isSafeInteger(count) && (count as number) >= 0) &&
    [logKeySha256, root].every(isHexKey) &&
    typeof checkpoint === 'string' &&
    (reason === 'routine' || reason === 'compromised');
  return isSound ? (continues as ContinuedLog) : undefined;
}
