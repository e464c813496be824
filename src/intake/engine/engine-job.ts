/**
 * Follows one running job of either engine: polls its progress for the caller, passes on the caller's abort, and
 * settles with the job. A job says where it is in numbers that its own threads write; nobody waits for anybody.
 */
import type { CopyControl, CopyProgress } from '../../domain/copy-engine.ts';
import { engineError } from './engine-error.ts';

const progressIntervalMs = 200;
const phases = ['copying', 'reading-back'] as const;

/** `[index into phases, bytes, total bytes]` */
export type JobNumbers = readonly [number, number, number];

export interface EngineJob<T> {
  readonly done: Promise<T>;
  progress(): JobNumbers;
  cancel(): void;
}

export interface JobSubject {
  readonly path: string;
  readonly side: 'source' | 'target';
}

export async function followJob<T>(start: () => EngineJob<T>, subject: JobSubject, control?: CopyControl): Promise<T> {
  const { signal, onProgress } = control ?? {};
  if (signal?.aborted) {
    throw engineError({ code: 'CANCELLED', errno: 0, syscall: '', why: 'cancelled', ...subject });
  }
  const job = start();
  const cancel = (): void => job.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const report = (): void => onProgress?.(asProgress(job.progress()));
  // The job itself keeps the process alive; a timer that only tells of it must not.
  const timer = onProgress ? setInterval(report, progressIntervalMs).unref() : undefined;
  try {
    const result = await job.done;
    report();
    return result;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

function asProgress([phase, bytes, totalBytes]: JobNumbers): CopyProgress {
  return { phase: phases[phase] ?? 'copying', bytes, totalBytes };
}
