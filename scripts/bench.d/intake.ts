/**
 * whole intakes: a folder to sealed originals, against cp, dc3dd, rclone and sha256sum
 *
 * Every contender takes the same files, as a whole process, once in each round; the rounds begin with another one each
 * time, so that no order favours anybody. Before each run the source is read into the page cache (ours drops it) and
 * the disk is synced. Figures only: it asserts no time. It removes all that it made, also when it is interrupted.
 */
import { execFileSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Contender, ours, peers, programs } from './parts/intake-contenders.ts';
import { describeDisk, describeMachine, describeVersions, loadAverage } from './parts/machine.ts';
import { type Timing, timedRun } from './parts/timed-run.ts';

const kib = 1024;
const mib = 1024 * kib;
const gib = 1024 * mib;
const chunkBytes = 4 * mib;
/** What the vault leaves free (vault.marginBytesMax), and a little. */
const marginBytes = 1.5 * gib;
const exits = { failed: 1, usage: 2, noRoom: 4, interrupted: 130 } as const;
const evidock = join(import.meta.dirname, '../evidock');

const scenarios = {
  large: { files: 4, bytes: 512 * mib },
  small: { files: 400, bytes: mib },
} as const;
type ScenarioName = keyof typeof scenarios;

const usage = `Usage: scripts/bench intake [--scenario large|small] [--rounds N] [--files N] [--bytes N] [--peers LIST]
  --scenario  large: 4 files of 512 MiB (default); small: 400 files of 64 KiB to 1 MiB; random data
  --rounds    times that every contender runs (default 3)
  --files     number of files
  --bytes     size of each file; with small, of the biggest one
  --peers     some of ${peers.map(({ id }) => id).join(',')} (default all; dc3dd takes 0.1 s for any small file)
Exit codes: 0 measured, 1 a run failed, 2 usage, 4 no room or no disk in ${tmpdir()} (TMPDIR), 130 interrupted.
`;

class BenchError extends Error {
  readonly exit: number;
  constructor(exit: number, message: string) {
    super(message);
    this.exit = exit;
  }
}

interface Options {
  readonly scenario: ScenarioName;
  readonly rounds: number;
  readonly sizes: readonly number[];
  readonly peers: readonly Contender[];
}

interface Run extends Timing {
  /** Afterwards, not part of the run: what it had left in memory. */
  readonly syncSeconds: number;
  readonly loadAverage: number;
}

const say = (line: string): void => {
  process.stderr.write(`bench intake: ${line}\n`);
};
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const round = (value: number, digits = 3): number => Number(value.toFixed(digits));

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function readOptions(): Options | 'help' {
  const { values } = (() => {
    try {
      return parseArgs({
        options: {
          scenario: { type: 'string', default: 'large' },
          rounds: { type: 'string', default: '3' },
          files: { type: 'string' },
          bytes: { type: 'string' },
          peers: { type: 'string' },
          help: { type: 'boolean', short: 'h' },
        },
      });
    } catch (error) {
      throw new BenchError(exits.usage, `${(error as Error).message}\n${usage}`);
    }
  })();
  if (values.help === true) return 'help';
  if (!Object.hasOwn(scenarios, values.scenario)) {
    throw new BenchError(exits.usage, `there is no scenario ${values.scenario}\n${usage}`);
  }
  const scenario = values.scenario as ScenarioName;
  const files = wholeNumber('--files', values.files ?? String(scenarios[scenario].files));
  const bytes = wholeNumber('--bytes', values.bytes ?? String(scenarios[scenario].bytes));
  return {
    scenario,
    rounds: wholeNumber('--rounds', values.rounds),
    sizes: sizesOf(scenario, files, bytes),
    peers: values.peers === undefined ? peers : values.peers.split(',').map(peerCalled),
  };
}

function peerCalled(id: string): Contender {
  const peer = peers.find((one) => one.id === id);
  if (peer === undefined) throw new BenchError(exits.usage, `there is no peer ${id}\n${usage}`);
  return peer;
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new BenchError(exits.usage, `${option}: ${text} is no whole number above 0\n${usage}`);
}

/** Large: all alike. Small: spread evenly from a sixteenth to the whole, the same in every run. */
function sizesOf(scenario: ScenarioName, files: number, bytes: number): number[] {
  const smallest = scenario === 'small' ? Math.ceil(bytes / 16) : bytes;
  // A step that has no common factor with most counts mixes big and small files.
  const mixingStep = 37;
  return Array.from({ length: files }, (_, at) =>
    Math.round(smallest + (bytes - smallest) * (((at * mixingStep) % files) / Math.max(1, files - 1))),
  );
}

function assertRoom(folder: string, bytes: number): void {
  const { fileSystem } = describeDisk(folder);
  if (fileSystem === 'tmpfs' || fileSystem === 'ramfs') {
    throw new BenchError(exits.noRoom, `${folder} is memory (${fileSystem}); set TMPDIR to a folder on a disk`);
  }
  const { bavail, bsize } = statfsSync(folder);
  const needed = 2 * bytes + marginBytes;
  if (bavail * bsize >= needed) return;
  const inGib = (size: number) => `${(size / gib).toFixed(1)} GiB`;
  throw new BenchError(exits.noRoom, `${folder} has ${inGib(bavail * bsize)} free, ${inGib(needed)} are needed`);
}

function makeSource(folder: string, sizes: readonly number[], signal: AbortSignal): void {
  mkdirSync(folder);
  const chunk = Buffer.alloc(chunkBytes);
  for (const [at, bytes] of sizes.entries()) {
    signal.throwIfAborted();
    const fd = openSync(join(folder, `clip-${String(at).padStart(5, '0')}.bin`), 'wx');
    for (let done = 0; done < bytes; done += chunkBytes) {
      writeSync(fd, randomFillSync(chunk), 0, Math.min(chunkBytes, bytes - done));
    }
    closeSync(fd);
  }
}

function warm(folder: string): void {
  const chunk = Buffer.alloc(chunkBytes);
  for (const name of readdirSync(folder)) {
    const fd = openSync(join(folder, name), 'r');
    while (readSync(fd, chunk) > 0);
    closeSync(fd);
  }
}

function syncDisk(folder: string): number {
  const before = performance.now();
  execFileSync('sync', ['-f', folder]);
  return (performance.now() - before) / 1000;
}

/** Nobody wins by doing nothing. */
function assertTaken(contender: Contender, target: string, options: Options, output: string): void {
  const bytes = sum(options.sizes);
  if (contender === ours) {
    const lines = readFileSync(output, 'utf8').split('\n');
    const end = JSON.parse(lines.find((line) => line.startsWith('{"event":"docking-ended"')) ?? '{}');
    if (end.sealed === options.sizes.length && end.bytes === bytes) return;
    throw new Error(`${contender.name} sealed ${end.sealed} of ${options.sizes.length} files`);
  }
  const copy = join(target, 'copy');
  const copied = readdirSync(copy).map((name) => statSync(join(copy, name)).size);
  if (copied.length === options.sizes.length && sum(copied) === bytes) return;
  throw new Error(`${contender.name} left ${copied.length} files with ${sum(copied)} bytes`);
}

async function runOnce(contender: Contender, work: string, options: Options, signal: AbortSignal): Promise<Run> {
  const [source, target, scratch] = [join(work, 'source'), join(work, 'target'), join(work, 'scratch')];
  mkdirSync(target);
  mkdirSync(scratch, { recursive: true });
  syncDisk(work);
  warm(source);
  const [load = 0] = loadAverage();
  const environment = { SOURCE: source, TARGET: target, EVIDOCK: evidock };
  const timing = await timedRun({ script: contender.script, environment, scratch, signal });
  const syncSeconds = syncDisk(work);
  assertTaken(contender, target, options, join(scratch, 'output'));
  rmSync(target, { recursive: true });
  return { ...timing, syncSeconds, loadAverage: load };
}

async function measure(work: string, options: Options, signal: AbortSignal): Promise<Map<Contender, Run[]>> {
  const contenders = [ours, ...options.peers];
  const runs = new Map(contenders.map((contender): [Contender, Run[]] => [contender, []]));
  for (let at = 0; at < options.rounds; at += 1) {
    const first = at % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const run = await runOnce(contender, work, options, signal);
      runs.get(contender)?.push(run);
      say(`round ${at + 1} of ${options.rounds}, ${contender.name}: ${run.seconds.toFixed(2)} s`);
    }
  }
  return runs;
}

function summary(contender: Contender, runs: readonly Run[], bytes: number) {
  const medianOf = (pick: (run: Run) => number) => round(median(runs.map(pick)));
  const each = (pick: (run: Run) => number) => runs.map((run) => round(pick(run)));
  return {
    name: contender.name,
    command: contender.script,
    proves: contender.proves,
    seconds: each((run) => run.seconds),
    medianSeconds: medianOf((run) => run.seconds),
    medianMegabytesPerSecond: round(bytes / 1e6 / median(runs.map((run) => run.seconds)), 1),
    medianUserSeconds: medianOf((run) => run.userSeconds),
    medianSystemSeconds: medianOf((run) => run.systemSeconds),
    /** Until a sync of the disk ended that began when the run had ended. */
    medianSyncAfterSeconds: medianOf((run) => run.syncSeconds),
    /** All cores while it ran: the kernel's write-back, and everybody else on this machine. */
    medianMachineCpuSeconds: medianOf((run) => run.machineCpuSeconds),
    loadAverage: each((run) => run.loadAverage),
  };
}

async function bench(options: Options, signal: AbortSignal): Promise<object> {
  const bytes = sum(options.sizes);
  assertRoom(tmpdir(), bytes);
  const machine = describeMachine();
  // Sets up what is out of date, and fills the cache of compiled files.
  execFileSync(evidock, ['--help'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const work = mkdtempSync(join(tmpdir(), 'evidock-bench-'));
  try {
    say(`${options.sizes.length} files, ${(bytes / mib).toFixed(0)} MiB in ${work}`);
    makeSource(join(work, 'source'), options.sizes, signal);
    const runs = await measure(work, options, signal);
    const mine = runs.get(ours) ?? [];
    return {
      bench: 'intake',
      at: new Date().toISOString(),
      machine: { ...machine, loadAverageAfter: loadAverage() },
      disk: describeDisk(work),
      versions: describeVersions(programs),
      scenario: {
        name: options.scenario,
        files: options.sizes.length,
        bytes,
        smallestBytes: Math.min(...options.sizes),
        biggestBytes: Math.max(...options.sizes),
        rounds: options.rounds,
        says: 'Random data. The source is in the page cache, the disk synced before each run, the target folder new.',
      },
      ours: summary(ours, mine, bytes),
      peers: options.peers.map((peer) => {
        const theirs = runs.get(peer) ?? [];
        const seconds = (of: readonly Run[]) => of.map((run) => run.seconds);
        return {
          ...summary(peer, theirs, bytes),
          /** Our seconds over theirs: below 1 we are faster. */
          ratioOfMedians: round(median(seconds(mine)) / median(seconds(theirs))),
          ratioPerRound: seconds(mine).map((own, at) => round(own / (theirs[at]?.seconds ?? Number.NaN))),
        };
      }),
    };
  } finally {
    rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function main(): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  try {
    const options = readOptions();
    if (options === 'help') process.stdout.write(usage);
    else process.stdout.write(`${JSON.stringify(await bench(options, stop.signal), undefined, 2)}\n`);
    return 0;
  } catch (error) {
    if (stop.signal.aborted) {
      say('interrupted; everything is removed');
      return exits.interrupted;
    }
    say((error as Error).message);
    return error instanceof BenchError ? error.exit : exits.failed;
  }
}

process.exitCode = await main();
