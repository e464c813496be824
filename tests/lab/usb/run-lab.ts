/**
 * One trial of the USB laboratory, from the host: a run folder with the guest's disk, the guest, and what it said.
 * Used by scripts/lab and by the short slice in scripts/test.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, makeDiskFolder, removeFolder } from '../../support/disk-folder.ts';
import { labCache, prepareKernel } from './debian-kernel.ts';
import { makeExt4, preparePackages, stageCode } from './guest-code.ts';
import type { LabWish, Step, Verdict } from './scenario.ts';
import { getScenario } from './scenarios.ts';
import { type Acceleration, lastLines, type MachineRun, runMachine } from './virtual-machine.ts';

export interface TrialWish {
  readonly scenario: string;
  readonly recorders: number;
  /** Beside the recorders; what is left out is the default. */
  readonly wish?: Partial<LabWish>;
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

export const defaultWish: Omit<LabWish, 'recorders'> = { undocks: 20, cycles: 200, seed: 1 };

/** The guest's disk is sparse; cards and vault of 24 recorders fit. */
const diskBytes = 16 * 1024 ** 3;
const pollMs = 200;

/**
 * Emulation on several processors crashes Node in the guest once in a while (seen once in some hundred runs). A scenario
 * that died of a signal under emulation is therefore run once more, and that is said; a second death stands.
 * @throws Error when the guest cannot be started at all; what a scenario found is in the trial
 */
export async function runTrial(wish: TrialWish): Promise<Trial> {
  const trial = await runOnce(wish);
  if (trial.verdict !== undefined || trial.machine.acceleration !== 'tcg' || !diedOfSignal(trial)) return trial;
  const told = `lab: ${wish.scenario} died of a signal under emulation; once more\n${trial.words}\n`;
  process.stderr.write(told);
  removeFolder(trial.folder);
  return runOnce(wish);
}

/** The shell of the guest gives 128 and the signal's number. */
const diedOfSignal = (trial: Trial): boolean => Number(textOf(join(trial.results, 'exit-status'))) > 128;

async function runOnce(wish: TrialWish): Promise<Trial> {
  const scenario = getScenario(wish.scenario);
  const say = wish.say ?? ((): void => undefined);
  const kernel = await prepareKernel(labCache(), say);
  const packages = await preparePackages(say);
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
      ...{
        kernel,
        dataDisk,
        packages,
        results,
        consoleLog,
        moreArguments,
        secondsMax: scenario.secondsMax,
        cache: labCache(),
      },
      settings: {
        checkout: checkout.replace(/\/$/u, ''),
        modules: kernel.modules,
        scenario: scenario.name,
        wish: encoded({ ...defaultWish, ...wish.wish, recorders: wish.recorders }),
        sockets: String(scenario.sockets ?? Math.min(24, Math.max(8, wish.recorders))),
      },
      acceleration: wish.acceleration,
      ...(wish.signal === undefined ? {} : { signal: wish.signal }),
    });
    lines.read();
    const { steps, verdict } = lines;
    const said = ['stderr', 'kernel-log']
      .map((name) => textOf(join(results, name)))
      .join('\n')
      .trim();
    const words = verdict === undefined ? `${said}\n${lastLines(consoleLog)}` : said;
    return { machine, kernel: kernel.release, steps, verdict, words, folder, results };
  } catch (error) {
    removeFolder(folder);
    throw error;
  } finally {
    clearInterval(watching);
  }
}

const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** A word for the kernel's command line, which takes quotes for its own. */
const encoded = (wish: LabWish): string => Buffer.from(JSON.stringify(wish)).toString('base64url');

async function makeDataDisk(path: string): Promise<string> {
  const staging = `${path}-content`;
  mkdirSync(staging);
  await stageCode(staging);
  await makeExt4(path, diskBytes, staging);
  removeFolder(staging);
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
