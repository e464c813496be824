/**
 * Faults of single system calls, by strace: the N-th call of a kind kills the process or fails. `when` counts for each
 * thread by itself, so file calls of Node are put on one thread.
 */
import { type CliOptions, type Ingested, ingested, startEvidock } from './cli.ts';

export interface CallFault {
  readonly call: string;
  /** `KILL`, or the error that the call gives. */
  readonly action: 'KILL' | 'EIO' | 'ENOSPC' | 'EACCES';
  /** strace's expression: `3`, or `3+` for the third and every later one. */
  readonly when: string;
  /** Only calls on this path, relative to the data folder; or absolute. */
  readonly path?: string;
}

export function faultName({ call, action, when, path }: CallFault): string {
  return `${action} at ${call} ${when}${path === undefined ? '' : ` of ${path}`}`;
}

/** A call that the trial makes, at most how often, and which moments stand for the rest: by kill, by error. */
export interface FaultPoint {
  readonly call: string;
  readonly most: number;
  readonly kills: readonly number[];
  readonly errors: readonly number[];
  readonly path?: string;
}

/** `scripts/lab faults` goes through every moment. */
export const everyMoment = process.env.EVIDOCK_FAULTS === 'all';

/** One fault for each moment that stands for the rest, or for every moment. */
export function faultsOf(points: readonly FaultPoint[], action: CallFault['action']): CallFault[] {
  return points.flatMap(({ call, most, kills, errors, path }) => {
    const chosen = action === 'KILL' ? kills : errors;
    const moments = everyMoment ? Array.from({ length: most }, (_, at) => at + 1) : chosen;
    return moments.map((when) => ({ call, action, when: String(when), ...(path === undefined ? {} : { path }) }));
  });
}

/** The words before the program that put the fault in. */
export function straceWords(fault: CallFault, data: string): string[] {
  const effect = fault.action === 'KILL' ? 'signal=KILL' : `error=${fault.action}`;
  const path = fault.path?.startsWith('/') ? fault.path : `${data}/${fault.path}`;
  return [
    // With --seccomp-bpf strace is faster, but its signals get lost.
    ...['strace', '-f', '-qqq', ...(fault.action === 'KILL' ? [] : ['--seccomp-bpf'])],
    ...['-o', '/dev/null', '-e', `trace=${fault.call}`],
    ...(fault.path === undefined ? [] : ['-P', path]),
    ...['-e', `inject=${fault.call}:${effect}:when=${fault.when}`],
  ];
}

/** An ingest with one fault in it. */
export async function ingestWithFault(
  at: { readonly source: string; readonly data: string; readonly more?: readonly string[] },
  fault: CallFault,
  options: CliOptions = {},
): Promise<Ingested> {
  const running = startEvidock(['ingest', at.source, '--data', at.data, '--json', ...(at.more ?? [])], {
    ...options,
    env: { UV_THREADPOOL_SIZE: '1', ...options.env },
    before: straceWords(fault, at.data),
  });
  return ingested(await running.result);
}
