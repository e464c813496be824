/**
 * the copy engines alone: a file to a copy read back from the disk, with and without SM3, one and two at once
 *
 * Runs in this process, so it shows what the engine costs without Node's start, ledger and previews. Each round runs
 * every case once. Before each run the sources are read into the page cache, since a copy drops them. Figures only: it
 * asserts no time. It removes all that it made, also when it is interrupted.
 */
import { randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CopyEngine, ReadBackMode } from '../../src/domain/copy-engine.ts';
import { createCopyEngine } from '../../src/intake/engine/create-engine.ts';
import { describeDisk, describeMachine, describeVersions, machineCpuSeconds } from './parts/machine.ts';

const mebibyte = 1 << 20;
const chunkBytes = 4 * mebibyte;
const exits = { failed: 1, usage: 2, noDisk: 4, interrupted: 130 } as const;

const usage = `Usage: scripts/bench engine [--bytes N] [--files N] [--rounds N] [--engine native|portable] [--json]
  --bytes   size of each file (default 512 MiB)
  --files   files of a case with several (default 4)
  --rounds  times that every case runs (default 3)
  --engine  which engine (default native)
  --json    accepted for the sake of other programs: the output is always JSON
Exit codes: 0 measured, 1 a run failed, 2 usage, 4 no disk to read back from in ${tmpdir()} (TMPDIR), 130 interrupted.
`;

interface Case {
  readonly files: number;
  readonly atOnce: number;
  readonly sm3: boolean;
}

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Cores that others kept busy meanwhile; a figure with much of it says little. */
  readonly othersCores: number;
}

const options = readOptions();
const folder = mkdtempSync(join(tmpdir(), 'evidock-bench-engine-'));
const removeAll = (): void => rmSync(folder, { recursive: true, force: true });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(exits.interrupted));
}
// Also after process.exit: the engine's own exit handler comes later and removes nothing that is gone.
process.once('exit', removeAll);
try {
  process.stdout.write(`${JSON.stringify(await measure(), null, 2)}\n`);
} catch (error) {
  process.stderr.write(`bench engine: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exits.failed;
}

async function measure(): Promise<unknown> {
  const engine = createCopyEngine(options.engine);
  const { mode } = await engine.probeReadBack(folder);
  if (mode === 'none' || mode === 'memory-fs') {
    process.stderr.write(`bench engine: ${folder} has no disk to read back from; set TMPDIR\n`);
    process.exit(exits.noDisk);
  }
  const machine = describeMachine();
  makeSources();
  const cases = [1, 2].flatMap((atOnce) => [true, false].map((sm3) => ({ files: options.files, atOnce, sm3 })));
  cases.unshift({ files: 1, atOnce: 1, sm3: true }, { files: 1, atOnce: 1, sm3: false });
  const runs = cases.map((): Run[] => []);
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [index, oneCase] of cases.entries()) {
      process.stderr.write(`bench engine: round ${round + 1}, case ${index + 1} of ${cases.length}\n`);
      runs[index]?.push(await runCase(engine, oneCase, mode));
    }
  }
  return {
    bench: 'engine',
    engine: engine.name,
    readBack: mode,
    bytes: options.bytes,
    rounds: options.rounds,
    machine,
    versions: describeVersions({}),
    disk: describeDisk(folder),
    cases: cases.map((oneCase, index) => summarize(oneCase, runs[index] ?? [])),
  };
}

async function runCase(engine: CopyEngine, { files, atOnce, sm3 }: Case, readBack: ReadBackMode): Promise<Run> {
  warm(files);
  const [started, cpuBefore, allBefore] = [performance.now(), process.cpuUsage(), machineCpuSeconds()];
  let next = 0;
  const copyInTurn = async (): Promise<void> => {
    while (next < files) {
      const index = next;
      next += 1;
      const source = { root: Buffer.from(folder), path: Buffer.from(`source-${index}`) };
      const target = join(folder, `copy-${index}`);
      await engine.copy({ source, target, blocksTarget: `${target}.blocks`, readBack, sm3 });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, copyInTurn));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpuSeconds = (user + system) / 1e6;
  const others = Math.max(0, machineCpuSeconds() - allBefore - cpuSeconds);
  for (let index = 0; index < files; index += 1) {
    rmSync(join(folder, `copy-${index}`));
    rmSync(join(folder, `copy-${index}.blocks`), { force: true });
  }
  return { seconds, cpuSeconds, othersCores: others / seconds };
}

function summarize({ files, atOnce, sm3 }: Case, runs: readonly Run[]): unknown {
  const seconds = median(runs.map((run) => run.seconds));
  return {
    files,
    atOnce,
    sm3,
    secondsMedian: round(seconds, 3),
    megabytesPerSecond: Math.round((files * options.bytes) / seconds / 1e6),
    cpuSecondsMedian: round(median(runs.map((run) => run.cpuSeconds)), 3),
    runs: runs.map((run) => ({ seconds: round(run.seconds, 3), othersCores: round(run.othersCores, 2) })),
  };
}

function makeSources(): void {
  const block = Buffer.alloc(Math.min(chunkBytes, Math.max(options.bytes, 1)));
  for (let index = 0; index < options.files; index += 1) {
    const fd = openSync(join(folder, `source-${index}`), 'wx');
    for (let left = options.bytes; left > 0; left -= block.length) {
      randomFillSync(block);
      writeSync(fd, block, 0, Math.min(block.length, left));
    }
    fsyncSync(fd);
    closeSync(fd);
  }
}

function warm(files: number): void {
  const block = Buffer.alloc(chunkBytes);
  for (let index = 0; index < files; index += 1) {
    const fd = openSync(join(folder, `source-${index}`), 'r');
    while (readSync(fd, block) > 0);
    closeSync(fd);
  }
}

function readOptions(): { bytes: number; files: number; rounds: number; engine: CopyEngine['name'] } {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const { values } = parseArgs({
      options: { bytes: text, files: text, rounds: text, engine: text, json: flag, help: { ...flag, short: 'h' } },
    });
    if (values.help) {
      process.stdout.write(usage);
      process.exit(0);
    }
    const { engine = 'native' } = values;
    if (engine !== 'native' && engine !== 'portable') {
      throw new Error(`no engine ${engine}`);
    }
    const bytes = countOf(values.bytes, 512 * mebibyte);
    return { bytes, files: countOf(values.files, 4), rounds: countOf(values.rounds, 3), engine };
  } catch (error) {
    process.stderr.write(`bench engine: ${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exit(exits.usage);
  }
}

function countOf(text: string | undefined, otherwise: number): number {
  const count = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new Error(`not a whole number above 0: ${text}`);
  }
  return count;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
