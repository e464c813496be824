/**
 * Runs one media tool on hostile input: own process group, lowest CPU and disk priority, resource limits, no
 * standard input, an environment of our own, a wall clock, bounded output. Nothing else in the room starts a
 * process. Every way a tool can end is a value here; only the caller's own cancelling is thrown.
 *
 * prlimit, setpriv, nice and ionice each replace themselves by the next, so the pid we know is the tool's.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { PauseSwitch } from './pause-switch.ts';

export interface ProcessLimits {
  readonly wallMsMax: number;
  readonly cpuSecondsMax: number;
  readonly memoryBytesMax: number;
  readonly openFilesMax: number;
  /** Largest file it may write; 0 for tools that write none. */
  readonly fileBytesMax: number;
  /** Standard output kept; more ends the process. */
  readonly outputBytesMax: number;
}

export interface GuardedRun {
  /** Absolute path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  readonly limits: ProcessLimits;
  readonly signal?: AbortSignal | undefined;
  /** While it is paused the process group is stopped, and its wall clock stands still. */
  readonly pause?: PauseSwitch | undefined;
  /** Called with each piece of standard output instead of collecting it. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

export type GuardedEnd =
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'output-limit' }
  | { readonly kind: 'not-started'; readonly reason: string };

export interface GuardedResult {
  readonly end: GuardedEnd;
  readonly output: Buffer;
  /** The last part of standard error, at most 4 KiB, for logs. */
  readonly complaint: string;
}

const wallTickMs = 100;
const complaintCharsMax = 4096;
/** The wrapping programs speak only when they could not start the next one. */
const wrapperComplaint = /^(?:prlimit|setpriv|nice|ionice): /;
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C.UTF-8' };

/** @throws the signal's reason when it is aborted; the process group is dead by then. */
export async function runGuarded(run: GuardedRun): Promise<GuardedResult> {
  await run.pause?.whenRunning(run.signal);
  run.signal?.throwIfAborted();
  const result = await new Promise<GuardedResult>((resolve) => {
    watch(run, start(run), resolve);
  });
  run.signal?.throwIfAborted();
  return result;
}

/** True when the tool, or the loader before it, ran into the memory limit. */
export function saysOutOfMemory(complaint: string): boolean {
  return /cannot allocate memory|failed to map segment|out of memory/i.test(complaint);
}

function start(run: GuardedRun): ChildProcess {
  const { limits } = run;
  const wrapping = [
    `--cpu=${limits.cpuSecondsMax}`,
    `--as=${limits.memoryBytesMax}`,
    `--fsize=${limits.fileBytesMax}`,
    `--nofile=${limits.openFilesMax}`,
    '--core=0',
    // A station that is killed takes its tools with it, even stopped ones.
    ...['setpriv', '--pdeathsig', 'KILL', '--no-new-privs'],
    ...['nice', '-n', '19', 'ionice', '-c', '3', '-t'],
  ];
  return spawn('/usr/bin/prlimit', [...wrapping, run.program, ...run.args], {
    cwd: '/',
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function watch(run: GuardedRun, child: ChildProcess, resolve: (result: GuardedResult) => void): void {
  const output: Buffer[] = [];
  let outputBytes = 0;
  let complaint = '';
  let ranMs = 0;
  let ownEnd: GuardedEnd | undefined;

  const stop = (end: GuardedEnd): void => {
    ownEnd ??= end;
    signalGroup(child, 'SIGKILL');
  };
  const onAbort = (): void => stop({ kind: 'killed', signal: 'SIGKILL' });
  const clock = setInterval(() => {
    ranMs += run.pause?.paused === true ? 0 : wallTickMs;
    if (ranMs > run.limits.wallMsMax) {
      stop({ kind: 'timeout' });
    }
  }, wallTickMs);
  const unwatchPause = run.pause?.watch((paused) => signalGroup(child, paused ? 'SIGSTOP' : 'SIGCONT'));
  run.signal?.addEventListener('abort', onAbort, { once: true });

  child.stdout?.on('data', (piece: Buffer) => {
    if (run.onOutput !== undefined) {
      run.onOutput(piece.toString('utf8'));
      return;
    }
    outputBytes += piece.length;
    if (outputBytes > run.limits.outputBytesMax) {
      stop({ kind: 'output-limit' });
    } else {
      output.push(piece);
    }
  });
  child.stderr?.on('data', (piece: Buffer) => {
    complaint = (complaint + piece.toString('utf8')).slice(-complaintCharsMax);
  });
  const finish = (end: GuardedEnd): void => {
    clearInterval(clock);
    unwatchPause?.();
    run.signal?.removeEventListener('abort', onAbort);
    resolve({ end: ownEnd ?? end, output: Buffer.concat(output), complaint: complaint.trim() });
  };
  child.once('error', (error) => finish({ kind: 'not-started', reason: error.message }));
  child.once('close', (code, signal) => {
    if (signal !== null) {
      finish({ kind: 'killed', signal });
    } else if (wrapperComplaint.test(complaint)) {
      finish({ kind: 'not-started', reason: complaint.trim() });
    } else {
      finish({ kind: 'ended', code: code ?? -1 });
    }
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group ended in the meantime.
  }
}
