/**
 * The real daemon in the guest: its data folder with every virtual socket calibrated as a slot, its process and that of
 * its helper, what its slot wall shows, and what its commands answer. Only what anyone could do from outside.
 */
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { callOverSocket } from '../../../src/control/local-socket.ts';
import { type JsonLine, type RunningCli, startEvidock } from '../../support/cli.ts';
import { checkout } from '../../support/disk-folder.ts';
import { WallFeed } from './wall-feed.ts';

const port = 8420;
const pages = `http://127.0.0.1:${port}`;
const askMsMax = 120_000;

/** Socket `n` of the laboratory is slot `n + 1`, whichever half of it a recorder uses. */
export function makeStationFolder(folder: string, sockets: number, moreConfig = ''): string {
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const helper = join(checkout, 'native/helper/build/evidock-dock-helper');
  const usb = `usbDock: { enabled: always, helperProgram: ${helper} }\nweb: { port: ${port} }\n`;
  writeFileSync(join(data, 'config.yaml'), `${usb}${moreConfig}`);
  const lines = Array.from({ length: sockets }, (_, socket) =>
    [`  ${socket + 1}:`, ...[2, 3].map((side) => `    - "platform/dummy_hcd.${socket}/usb${side}/1"`)].join('\n'),
  );
  writeFileSync(join(data, 'dock-slots.yaml'), `slots:\n${lines.join('\n')}\n`);
  return data;
}

export interface ProcessFigures {
  readonly rssKib: number;
  readonly threads: number;
  /** Open descriptors by what they are: `socket`, `pipe`, `inotify`, `file`, … */
  readonly descriptors: { readonly [kind: string]: number };
}

export interface Answer {
  readonly code: number;
  readonly lines: JsonLine[];
  readonly said: string;
}

export class StationProcess {
  readonly data: string;
  readonly wall: WallFeed;
  readonly #process: RunningCli;

  constructor(data: string) {
    this.data = data;
    this.#process = startEvidock(['run', '--data', data]);
    this.wall = new WallFeed(`${pages}/events/slots?lang=en`);
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** The helper that the daemon started; undefined while there is none. */
  get helperPid(): number | undefined {
    return childrenOf(this.pid).find((pid) => commandOf(pid).includes('evidock-dock-helper'));
  }

  /** True once its pages answer. */
  isUp(): Promise<boolean> {
    return new Promise((resolve) => {
      get(`${pages}/healthz`, { agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      }).once('error', () => resolve(false));
    });
  }

  /**
   * What a command of the command line answers with `--json`, over the daemon's own socket: a process for each would
   * cost an emulated guest most of its time.
   */
  async ask(command: string, values: { readonly [option: string]: string } = {}, more: readonly string[] = []) {
    const { socket } = JSON.parse(readFileSync(join(this.data, 'lock'), 'utf8')) as { socket?: string };
    if (socket === undefined) throw new Error('the daemon has no socket yet');
    const lines: JsonLine[] = [];
    const said: string[] = [];
    const call = {
      values: { ...values, json: true },
      lists: {},
      positionals: more,
      language: 'en',
      actorId: 'os-user:0',
    } as const;
    const code = await callOverSocket(
      socket,
      { command, call },
      {
        out: (line) => lines.push(JSON.parse(line) as JsonLine),
        err: (line) => said.push(line),
        bytes: () => undefined,
        progress: () => undefined,
        signal: AbortSignal.timeout(askMsMax),
      },
    );
    if (code === undefined) throw new Error('nobody answers at the socket of the daemon');
    return { code, lines, said: said.join('\n') } satisfies Answer;
  }

  figures(): { readonly daemon: ProcessFigures; readonly helper: ProcessFigures | undefined } {
    const helper = this.helperPid;
    return { daemon: figuresOf(this.pid), helper: helper === undefined ? undefined : figuresOf(helper) };
  }

  /** As the power button does to it; nothing of it is told. With `helper` that dies in the same moment. */
  async kill({ helper }: { readonly helper: boolean }): Promise<string> {
    const helperPid = this.helperPid;
    if (helper && helperPid !== undefined) process.kill(helperPid, 'SIGKILL');
    this.#process.child.kill('SIGKILL');
    await this.wall.close();
    return (await this.#process.result).stderr;
  }

  /** Ends it as the system does, and gives its exit code and its log. */
  async stop(): Promise<{ readonly code: number | null; readonly log: string }> {
    await this.wall.close();
    this.#process.child.kill('SIGTERM');
    const { code, stderr } = await this.#process.result;
    return { code, log: stderr };
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map(Number)
    .filter((pid) => Number(/\) \S (\d+)/u.exec(textOf(`/proc/${pid}/stat`))?.[1]) === parent);
}

const commandOf = (pid: number): string => textOf(`/proc/${pid}/cmdline`);

function figuresOf(pid: number): ProcessFigures {
  const status = textOf(`/proc/${pid}/status`);
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'mu').exec(status)?.[1] ?? 0);
  const descriptors: { [kind: string]: number } = {};
  for (const name of readdirSync(`/proc/${pid}/fd`)) {
    const kind = kindOf(`/proc/${pid}/fd/${name}`);
    descriptors[kind] = (descriptors[kind] ?? 0) + 1;
  }
  return { rssKib: field('VmRSS'), threads: field('Threads'), descriptors };
}

function kindOf(link: string): string {
  try {
    const target = readlinkSync(link);
    return target.startsWith('/') ? 'file' : target.replace(/^anon_inode:\[?([^\]]*)\]?$/u, '$1').replace(/:.*$/u, '');
  } catch {
    return 'gone';
  }
}

/** Empty for a process that has just ended. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
