/**
 * What a slot says when the dock's helper refused or failed: its own word is more than "refused", so it becomes part of
 * the code. Words that only a fault of this program can bring about stay `helper-refused` and `helper-failed`.
 */
import { errorCode } from './errors.ts';

const told = [
  'already-mounted',
  'authorise-failed',
  'bind-failed',
  'busy',
  'class-refused',
  'device-changed',
  'device-failed',
  'device-gone',
  'driver-missing',
  'driver-unexpected',
  'flush-failed',
  'limit',
  'mount-failed',
  'mounted-writable',
  'mounts-unreadable',
  'not-calibrated',
  'not-read-only',
  'not-usb',
  'peer-refused',
  'read-back-differs',
  'scsi-failed',
  'unmount-failed',
  'version',
] as const;

export type HelperProblem = `helper-${(typeof told)[number]}`;

/** The code of any error; of one of the helper's, with its own word where a person can do something about it. */
export function problemCode(error: unknown): string {
  const code = errorCode(error);
  if (code !== 'helper-refused' && code !== 'helper-failed') return code;
  const word = errorCode((error as { cause?: unknown }).cause);
  return told.some((known) => known === word) ? `helper-${word}` : code;
}
