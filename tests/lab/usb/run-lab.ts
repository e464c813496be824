/**
 * One trial of the USB laboratory, from the host: a run folder with the guest's disk, the guest, and what it said.
 * Used by scripts/lab and by the short slice in scripts/test.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkout, makeDiskFolder, removeFolder } from '../../support/disk-folder.ts';
import { labCache, prepareKernel } from './debian-kernel.ts';
import type { Step, Verdict } from './scenario.ts';
import { getScenario } from './scenarios.ts';
import { type Acceleration, lastLines, type MachineRun, runMachine } from './virtual-machine.ts';

const run = promisify(execFile);

export interface TrialWish {
  readonly scenario: string;
  readonly recorders: number;
  readonly acceleration?: Acceleration;
  /** Called for each line as the guest writes it. */
  readonly onLine?: (line: object) => void;
  readonly say?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface Trial {
  readonly machine: MachineRun;
  readonly kernel: string;
  readonly steps: readonly Step[];
  /** Undefined when the guest died or was killed before it could judge. */
  readonly verdict: Verdict | undefined;
  /** What the scenario wrote to stderr, and after a death the end of the console. */
  readonly words: string;
  /** Disk, console and results of the run; the caller removes it. */
  readonly folder: string;
  readonly results: string;
}

/** The guest's disk is sparse; cards and vault of 24 recorders fit. */
const diskBytes = 16 * 1024 ** 3;
const pollMs = 200;

/** @throws Error when the guest cannot be started at all; what a scenario found is in the trial */
export async function runTrial(wish: TrialWish): Promise<Trial> {
  const scenario = getScenario(wish.scenario);
  const kernel = await prepareKernel(labCache(), wish.say ?? (() => undefined));
  const folder = makeDiskFolder();
  const results = join(folder, 'results');
  const lines = new GrowingLines(join(results, 'steps.jsonl'), wish.onLine);
  let watching: NodeJS.Timeout | undefined;
  try {
    mkdirSync(results);
    const dataDisk = await makeDataDisk(join(folder, 'disk'));
    const moreArguments = (await scenario.machine?.(folder)) ?? [];
    watching = setInterval(() => lines.read(), pollMs);
    const consoleLog = join(folder, 'console.log');
    const machine = await runMachine({
      ...{ kernel, dataDisk, results, consoleLog, moreArguments, secondsMax: scenario.secondsMax, cache: labCache() },
      settings: {
        checkout: checkout.replace(/\/$/u, ''),
        modules: kernel.modules,
        scenario: scenario.name,
        recorders: String(wish.recorders),
        sockets: String(Math.min(24, Math.max(8, wish.recorders))),
      },
      acceleration: wish.acceleration,
      ...(wish.signal === undefined ? {} : { signal: wish.signal }),
    });
    lines.read();
    const { steps, verdict } = lines;
    const stderr = join(results, 'stderr');
    const said = existsSync(stderr) ? readFileSync(stderr, 'utf8') : '';
    const words = verdict === undefined ? `${said}\n${lastLines(consoleLog)}` : said;
    return { machine, kernel: kernel.release, steps, verdict, words, folder, results };
  } catch (error) {
    removeFolder(folder);
    throw error;
  } finally {
    clearInterval(watching);
  }
}

async function makeDataDisk(path: string): Promise<string> {
  await writeFile(path, '');
  await truncate(path, diskBytes);
  await run('mkfs.ext4', ['-q', '-F', '-E', 'lazy_itable_init=1,lazy_journal_init=1', path], {
    env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
  });
  return path;
}

/** The guest's JSON lines as they come; the last one is the verdict. */
class GrowingLines {
  readonly steps: Step[] = [];
  verdict: Verdict | undefined;
  readonly #path: string;
  readonly #onLine: ((line: object) => void) | undefined;
  #seen = 0;

  constructor(path: string, onLine: ((line: object) => void) | undefined) {
    this.#path = path;
    this.#onLine = onLine;
  }

  read(): void {
    if (!existsSync(this.#path)) return;
    const whole = readFileSync(this.#path, 'utf8').split('\n').slice(0, -1);
    for (const text of whole.slice(this.#seen)) {
      const line = JSON.parse(text) as Step | Verdict;
      if ('verdict' in line) this.verdict = line as Verdict;
      else this.steps.push(line);
      this.#onLine?.(line);
    }
    this.#seen = whole.length;
  }
}
