/**
 * Running the real command line as a process, to its end or at the test's hand. A process is ended by its own id only.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { checkout } from './disk-folder.ts';
import { asOtherUser, othersCheckout } from './other-user.ts';

/** The plain call of the command line, from a checkout that whoever runs it can read. */
function plainProgram(before: readonly string[]): readonly string[] {
  const home = before === asOtherUser ? othersCheckout() : checkout;
  return [join(home, 'node_modules/.bin/node'), join(home, 'src/main.ts')];
}

export interface CliOptions {
  readonly cwd?: string;
  /** Added to the test's own environment; undefined takes a variable away. */
  readonly env?: { readonly [name: string]: string | undefined };
  /** Words before the program: `strace …`, `setpriv …`, `prlimit …`. */
  readonly before?: readonly string[];
  /** Another program than the plain Node call, such as scripts/evidock. */
  readonly program?: readonly string[];
  /** Where stdout goes instead of the test: an open file descriptor. */
  readonly stdout?: number;
  /** A pipe more, for a word before the program that writes into descriptor 3: the test reads `child.stdio[3]`. */
  readonly descriptor3?: 'pipe';
}

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A line of `ingest --json` or `clips --json`, as loosely as a test reads it. */
export interface JsonLine {
  readonly event?: string;
  readonly path: string;
  readonly pathHex: string;
  readonly reason?: string;
  readonly detail?: string;
  readonly clip?: string;
  readonly bytes?: number;
  readonly sha256?: string;
  readonly sm3?: string;
  readonly [key: string]: unknown;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly result: Promise<CliResult>;
  /** Resolves when stdout holds the text, or the process ended. */
  printed(text: string): Promise<void>;
  /** Resolves when stderr holds the text, or the process ended. */
  said(text: string): Promise<void>;
}

export function startEvidock(args: readonly string[], options: CliOptions = {}): RunningCli {
  const before = options.before ?? [];
  const [program, ...words] = [...before, ...(options.program ?? plainProgram(before)), ...args];
  const env = {
    // The laboratory's guest has a place of its own.
    NODE_COMPILE_CACHE: join(checkout, 'node_modules/.cache/compile'),
    ...process.env,
    LANG: 'en_US.UTF-8',
  };
  const child = spawn(program as string, words, {
    cwd: options.cwd,
    env: withoutUndefined({ ...env, LC_ALL: undefined, LC_MESSAGES: undefined, ...options.env }),
    stdio: [
      'ignore',
      options.stdout ?? 'pipe',
      'pipe',
      ...(options.descriptor3 === undefined ? [] : ['pipe' as const]),
    ],
  });
  const texts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout?.on('data', (chunk: Buffer) => texts.stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => texts.stderr.push(chunk));
  const result = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout: Buffer.concat(texts.stdout).toString('utf8'),
    stderr: Buffer.concat(texts.stderr).toString('utf8'),
  }));
  const seen = (stream: 'stdout' | 'stderr', text: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (Buffer.concat(texts[stream]).toString('utf8').includes(text)) resolve();
      };
      child[stream]?.on('data', look);
      child.once('close', () => resolve());
      look();
    });
  return {
    child,
    pid: child.pid as number,
    result,
    printed: (text) => seen('stdout', text),
    said: (text) => seen('stderr', text),
  };
}

function withoutUndefined(env: { [name: string]: string | undefined }): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

export function evidock(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startEvidock(args, options).result;
}

/** Every line of stdout, which must all be JSON objects. */
export function jsonLines(stdout: string): JsonLine[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonLine);
}

export interface Ingested extends CliResult {
  /** The lines of files, without the end. */
  readonly lines: readonly JsonLine[];
  /** The `docking-ended` line, undefined when there is none. */
  readonly ended: JsonLine | undefined;
}

export async function ingest(source: string, data: string, more: readonly string[] = [], options: CliOptions = {}) {
  return ingested(await evidock(['ingest', source, '--data', data, '--json', ...more], options));
}

/** What an `ingest --json` said. A killed process may leave half a line: it does not count. */
export function ingested(result: CliResult): Ingested {
  const whole = result.stdout.slice(0, result.stdout.lastIndexOf('\n') + 1);
  const lines = jsonLines(whole);
  return {
    ...result,
    lines: lines.filter(({ event }) => event !== 'docking-ended'),
    ended: lines.find(({ event }) => event === 'docking-ended'),
  };
}

export async function clipsOf(data: string): Promise<JsonLine[]> {
  const result = await evidock(['clips', '--data', data, '--json']);
  if (result.code !== 0) throw new Error(`clips ended with ${result.code}: ${result.stderr}`);
  return jsonLines(result.stdout);
}
