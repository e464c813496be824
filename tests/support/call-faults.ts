/**
 * Faults of single system calls, by strace: the N-th call of a kind kills the process or fails. `when` counts for each
 * thread by itself, so file calls of Node are put on one thread.
 */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CliOptions, type CliResult, type Ingested, ingested, type RunningCli, startEvidock } from './cli.ts';

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

/** The words before the program that put the fault in. @param log file for what strace says of the calls */
export function straceWords(fault: CallFault, data: string, log = '/dev/null'): string[] {
  // With --seccomp-bpf strace stops the program at the traced calls only, but its signals get lost.
  if (fault.action === 'KILL') return ['strace', '-o', log, ...injecting(fault, 'signal=KILL', data)];
  return ['strace', '--seccomp-bpf', '-o', log, ...injecting(fault, `error=${fault.action}`, data)];
}

function injecting({ call, when, path }: CallFault, effect: string, data: string): string[] {
  const only = path === undefined ? [] : ['-P', path.startsWith('/') ? path : join(data, path)];
  return ['-f', '-qqq', '-e', `trace=${call}`, ...only, '-e', `inject=${call}:${effect}:when=${when}`];
}

/** Longer by far than it takes to kill. */
const holdSeconds = 60;

/**
 * Starts the command line with one fault in it. What is to be killed at a call is held there, before the call begins,
 * and killed by the test: without a stop at every other call, which made a process take six times as long.
 */
export function startWithFault(
  words: readonly string[],
  { fault, data }: { readonly fault: CallFault; readonly data: string },
  options: CliOptions = {},
): RunningCli {
  const isKill = fault.action === 'KILL';
  const holding = ['strace', '--seccomp-bpf', '-o', '|exec cat >&3'];
  const strace = isKill
    ? [...holding, ...injecting(fault, `delay_enter=${holdSeconds}s`, data)]
    : straceWords(fault, data);
  const running = startEvidock(words, {
    ...options,
    env: { UV_THREADPOOL_SIZE: '1', ...options.env },
    before: [...(options.before ?? []), ...strace],
    ...(isKill ? { descriptor3: 'pipe' } : {}),
  });
  if (isKill) killWhereHeld(running.child, fault);
  return running;
}

/** strace writes a call when it begins: the thread that begins it for the `when`-th time is the one that is held. */
function killWhereHeld(strace: ChildProcess, { call, when }: CallFault): void {
  const beginnings = new RegExp(`^(\\d+) +${call}\\(`, 'gm');
  const killed = new Set<string>();
  let text = '';
  strace.stdio[3]?.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const threads = [...text.matchAll(beginnings)].map(([, thread]) => thread as string);
    for (const thread of threads) {
      const begun = threads.filter((one) => one === thread).length;
      if (begun < Number(when) || killed.has(thread) || strace.killed) continue;
      killed.add(thread);
      killProcessOf(Number(thread), strace);
    }
  });
}

function killProcessOf(thread: number, strace: ChildProcess): void {
  const status = readFileSync(`/proc/${thread}/status`, 'latin1');
  process.kill(thread, 'SIGKILL');
  // After the program itself there is nothing left to trace, but strace would wait for the end of the hold.
  if (status.includes(`\nPPid:\t${strace.pid}\n`)) strace.kill('SIGKILL');
}

/** The program that runs under strace, undefined when it has ended. strace passes no signal on to it. */
export function programUnder(strace: number): number | undefined {
  const children = readFileSync(`/proc/${strace}/task/${strace}/children`, 'latin1').trim().split(' ').map(Number);
  return children.find((pid) => pid > 0 && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('main.ts'));
}

/** A moment that stands for the rest must come, or it proves nothing; of every moment some are one too many. */
export function expectCame(fault: CallFault, { signal }: CliResult): void {
  if (fault.action !== 'KILL' || everyMoment || signal === 'SIGKILL') return;
  throw new Error(`the moment ${faultName(fault)} never came: another one must stand for the rest`);
}

/** An ingest with one fault in it. */
export async function ingestWithFault(
  at: { readonly source: string; readonly data: string; readonly more?: readonly string[] },
  fault: CallFault,
  options: CliOptions = {},
): Promise<Ingested> {
  const words = ['ingest', at.source, '--data', at.data, '--json', ...(at.more ?? [])];
  return ingested(await startWithFault(words, { fault, data: at.data }, options).result);
}
