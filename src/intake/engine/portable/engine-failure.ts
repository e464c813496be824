/**
 * Turns what Node's own file calls throw into the engine's errors: the kernel's code, a positive errno, the path as
 * text and the side. Worker threads pass errors on as plain fields, because structured clones lose them.
 */
import { errorMessage } from '../../../domain/errors.ts';
import { type EngineErrorFields, engineError } from '../engine-error.ts';

export interface Place {
  readonly path: string;
  readonly side: 'source' | 'target';
}

/** Runs one file call; what it throws becomes an engine error about `place`. */
export function attempt<T>(place: Place, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw systemFailure(place, cause);
  }
}

/** A failed sync: SYNC_FAILED, but a full disk keeps its own code. */
export function attemptSync(place: Place, call: () => void): void {
  try {
    call();
  } catch (cause) {
    const failure = systemFailure(place, cause);
    throw failure.code === 'ENOSPC' ? failure : Object.assign(failure, { code: 'SYNC_FAILED' });
  }
}

export function failure(place: Place, code: string, why: string, syscall = ''): Error {
  return engineError({ code, errno: 0, syscall, why, ...place });
}

/** The fields of an engine's error; anything else is a broken invariant of this engine. */
export function fieldsOf(error: unknown): EngineErrorFields {
  const fields = error as Partial<EngineErrorFields>;
  return {
    code: fields.side === undefined ? 'ENGINE_BROKEN' : (fields.code ?? 'ENGINE_BROKEN'),
    errno: fields.errno ?? 0,
    syscall: fields.syscall ?? '',
    path: fields.path ?? '',
    side: fields.side ?? 'target',
    why: errorMessage(error)
      .replace(/^[A-Z_0-9]+: /, '')
      .replace(/, [a-z]* '.*'$/s, ''),
  };
}

function systemFailure(place: Place, cause: unknown): Error & { code: string } {
  const { code = 'UNKNOWN', errno = 0, syscall = '' } = cause as NodeJS.ErrnoException;
  const why = errorMessage(cause)
    .replace(/^[A-Z_0-9]+: /, '')
    .replace(/, .*$/s, '');
  return engineError({ code, errno: Math.abs(errno), syscall, why, ...place });
}
