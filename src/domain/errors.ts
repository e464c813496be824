/**
 * Trouble that a person can do something about. A broken invariant is a plain Error and ends the process;
 * something a check found wrong in the data is a finding (see findings.ts), never an exception.
 */

export interface StationErrorOptions {
  /** What the reader should do next, one sentence. */
  readonly next?: string;
  readonly cause?: unknown;
}

/** `code` is a stable kebab-case word that programs may test; `message` is for people and logs (English). */
export class StationError extends Error {
  readonly code: string;
  readonly next: string | undefined;

  constructor(code: string, message: string, options: StationErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StationError';
    this.code = code;
    this.next = options.next;
  }
}

/** The `code` of a Node system error (`ENOENT`, …) or a StationError; `unknown` for anything else. */
export function errorCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return 'unknown';
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
