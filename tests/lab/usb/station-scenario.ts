/**
 * Scenarios with the real daemon: its start and its end around one or several trials, what must hold for all of them
 * (it stops when it is told to, fsck finds nothing, the wall never lied), and what they all do with recorders.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evidock } from '../../support/cli.ts';
import type { CardFile } from './card-image.ts';
import type { Gadget } from './gadget.ts';
import { LedgerView } from './ledger-view.ts';
import type { Lab, Scenario } from './scenario.ts';
import { makeStationFolder, StationProcess } from './station-process.ts';

/** States in which a docking has ended, well or not. */
export const settledStates = ['done', 'attention', 'failed'];

const upSecondsMax = 300;

export interface StationTrial {
  readonly name: string;
  readonly goal: string;
  readonly secondsMax: number;
  /** As of a scenario. */
  readonly sockets?: number;
  /** It minds its own recorders only, so that others may run under the same daemon before and after it. */
  readonly shares?: boolean;
  /** Beside the USB dock and the port, as YAML. */
  readonly config?: string;
  readonly run: (lab: Lab, place: StationPlace) => Promise<void>;
}

/** Where the daemon of a scenario lives. It can die and be started again. */
export class StationPlace {
  readonly sockets = Number(readFileSync('/sys/module/dummy_hcd/parameters/num', 'utf8'));
  readonly data: string;
  readonly #lab: Lab;
  #daemon: StationProcess | undefined;
  readonly #wrong: string[] = [];

  constructor(lab: Lab, config: string) {
    this.#lab = lab;
    this.data = makeStationFolder(lab.folder, this.sockets, config);
  }

  get daemon(): StationProcess {
    if (this.#daemon === undefined) throw new Error('no daemon runs');
    return this.#daemon;
  }

  get ledger(): LedgerView {
    return new LedgerView(this.data);
  }

  async start(): Promise<void> {
    const started = performance.now();
    const daemon = new StationProcess(this.data);
    this.#daemon = daemon;
    const up = await this.#lab.eventually(async () => (await daemon.isUp()) || undefined, upSecondsMax);
    this.#lab.step('the daemon runs', up === true, { upSeconds: secondsSince(started), sockets: this.sockets });
    if (up !== true) throw new Error('the daemon did not come up');
    await this.#lab.eventually(() => daemon.wall.cards.length > 0 || undefined, upSecondsMax);
  }

  async stop(): Promise<void> {
    if (this.#daemon === undefined) return;
    this.#wrong.push(...this.#daemon.wall.wrong);
    const { code, log } = await this.#daemon.stop();
    this.#daemon = undefined;
    this.#keepLog(log);
    this.#lab.step('the daemon stops when it is told to', code === 0, { code, ...(code === 0 ? {} : { log }) });
  }

  /** The daemon, and with `helper` that too, is gone from one moment to the next. */
  async kill(how: { readonly helper: boolean }): Promise<void> {
    const { daemon } = this;
    this.#wrong.push(...daemon.wall.wrong);
    this.#daemon = undefined;
    this.#keepLog(await daemon.kill(how));
  }

  /** After the end: the stores agree, nothing stays mounted, and nobody was told to pull too early. */
  async check(): Promise<void> {
    const mounts = cardMounts();
    this.#lab.step('nothing stays mounted', mounts.length === 0, { mounts });
    this.#lab.step('no recorder that was being read was said to be ready', this.#wrong.length === 0, {
      wrong: this.#wrong,
    });
    const { code, stdout, stderr } = await evidock(['fsck', '--data', this.data, '--json']);
    this.#lab.step('fsck finds nothing', code === 0, { code, said: `${stdout}${stderr}`.slice(-500) });
  }

  #keepLog(log: string): void {
    appendFileSync(join(this.#lab.results, 'daemon.log'), `${log}\n--- end of this daemon\n`);
  }
}

/** One scenario out of trials that share a daemon. */
export function stationScenario(
  name: string,
  trials: readonly [StationTrial, ...StationTrial[]],
  goal: string = trials[0].goal,
): Scenario {
  const secondsMax = trials.reduce((sum, trial) => sum + trial.secondsMax, 0);
  const run = async (lab: Lab): Promise<void> => {
    const place = new StationPlace(lab, trials.map(({ config = '' }) => config).join(''));
    try {
      await place.start();
      for (const trial of trials) {
        if (trials.length > 1) lab.prefix = `${trial.name}: `;
        await trial.run(lab, place).catch((error: unknown) => {
          // The others are still worth their time.
          lab.step('the trial ran to its end', false, { error: error instanceof Error ? error.stack : String(error) });
        });
        lab.prefix = '';
      }
    } finally {
      await place.stop();
    }
    await place.check();
  };
  const wishes = trials.map(({ sockets }) => sockets);
  const sockets = wishes.includes(undefined) ? undefined : trials[0].sockets;
  return { name, goal, secondsMax, run, ...(sockets === undefined ? {} : { sockets }) };
}

export const cardMounts = (): string[] =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('/dev/sd'));

export const secondsSince = (startedMs: number): number => Math.round((performance.now() - startedMs) / 100) / 10;

export const sha256Of = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** One line for each file of a card, as `clipLines` says what is sealed. */
export function fileLines(serial: string, files: readonly CardFile[]): string[] {
  return files.map(({ path, content }) => `${serial} ${path} ${sha256Of(content)}`);
}

/** What the ledger says is sealed, a line a clip. */
export function clipLines(ledger: LedgerView): string[] {
  return ledger.clips.map(({ recorder, path, sha256 }) => `${recorder} ${path} ${sha256}`);
}

/** Every expected line is sealed exactly once, and nothing else of those recorders is, nor of one without a serial. */
export function comparedClips(ledger: LedgerView, expected: readonly string[]) {
  const serialOf = (line: string): string => line.slice(0, line.indexOf(' '));
  const serials = new Set([...expected.map(serialOf), 'null']);
  const sealed = clipLines(ledger).filter((line) => serials.has(serialOf(line)));
  const missing = expected.filter((line) => !sealed.includes(line));
  const foreign = sealed.filter((line) => !expected.includes(line));
  const twice = sealed.filter((line, at) => sealed.indexOf(line) !== at);
  const same = missing.length + foreign.length + twice.length === 0;
  return { same, facts: { sealed: sealed.length, expected: expected.length, missing, foreign, twice } };
}

/** The slot of a gadget's socket, as printed on the housing. */
export const slotOf = (gadget: Gadget): number => (gadget.socket ?? Number.NaN) + 1;

/** Waits until the slot shows one of the states; what it shows then, or last. */
export async function untilState(lab: Lab, place: StationPlace, want: StateWish): Promise<string> {
  const { slot, states, secondsMax } = want;
  const look = (): string => place.daemon.wall.card(slot)?.state ?? 'unknown';
  return (await lab.eventually(() => (states.includes(look()) ? look() : undefined), secondsMax)) ?? look();
}

export interface StateWish {
  readonly slot: number;
  readonly states: readonly string[];
  readonly secondsMax: number;
}
