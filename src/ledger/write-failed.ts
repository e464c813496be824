/** What a failed write to the ledger's disk means for people: full, or broken. */
import { errorCode, errorMessage, StationError } from '../domain/errors.ts';

export function writeFailed(cause: unknown): StationError {
  if (errorCode(cause) === 'ENOSPC' || errorCode(cause) === 'EDQUOT') {
    return new StationError('ledger-full', 'the disk of the data folder is full: nothing more can be recorded', {
      cause,
      next: 'Free space on that disk, then run the same command again; what was sealed stays sealed.',
    });
  }
  return new StationError('ledger-failed', `the ledger could not be written: ${errorMessage(cause)}`, { cause });
}
