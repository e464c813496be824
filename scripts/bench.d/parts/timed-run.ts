/**
 * Times one shell script as whole processes, with hyperfine: wall clock, and user and system time of everything it
 * started and waited for. The kernel's own threads (write-back) are nobody's children; `machineCpuSeconds` sees them,
 * and whatever else ran meanwhile.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineCpuSeconds } from './machine.ts';

/** How long a cancelled run may take to end by itself, and how often that is looked at. */
const endingMsMax = 5000;
const endingPollMs = 50;
const complaintCharsMax = 2000;

export interface TimedRequest {
  /** Bash; ends at the first command that fails. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  /** For the script, its output and the figures; must exist. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

export interface Timing {
  readonly seconds: number;
  readonly userSeconds: number;
  readonly systemSeconds: number;
  /** What all cores worked meanwhile, for whomever. */
  readonly machineCpuSeconds: number;
}

/** @throws Error with the end of what the script said when it failed; the signal's reason */
export async function timedRun(request: TimedRequest): Promise<Timing> {
  const { scratch, signal } = request;
  const [script, figures, output] = ['run.sh', 'hyperfine.json', 'output'].map((name) => join(scratch, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(script, `set -euo pipefail\nexec >${output} 2>&1\n${request.script}\n`);
  signal.throwIfAborted();
  const before = machineCpuSeconds();
  // A process group of its own: Ctrl-C reaches only us, and we end all of it.
  const child = spawn(
    'hyperfine',
    ['--shell=none', '--style=none', '--runs=1', '--export-json', figures, `bash ${script}`],
    { detached: true, stdio: ['ignore', 'ignore', 'ignore'], env: { ...process.env, ...request.environment } },
  );
  const onAbort = () => signalGroup(child, 'SIGTERM');
  signal.addEventListener('abort', onAbort, { once: true });
  const code = await ended(child);
  signal.removeEventListener('abort', onAbort);
  if (signal.aborted) {
    await groupGone(child);
    throw signal.reason;
  }
  if (code !== 0)
    throw new Error(readFileSync(output, 'utf8').slice(-complaintCharsMax) || `hyperfine ended with ${code}`);
  const [result] = JSON.parse(readFileSync(figures, 'utf8')).results;
  return {
    seconds: result.mean,
    userSeconds: result.user,
    systemSeconds: result.system,
    machineCpuSeconds: machineCpuSeconds() - before,
  };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    return child.pid !== undefined && process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

/** Waits for the rest of the group, so that nothing writes into a folder that is being removed. */
async function groupGone(child: ChildProcess): Promise<void> {
  for (let waited = 0; waited < endingMsMax; waited += endingPollMs) {
    if (!signalGroup(child, 0)) return;
    await sleep(endingPollMs);
  }
  signalGroup(child, 'SIGKILL');
  await sleep(endingPollMs);
}
