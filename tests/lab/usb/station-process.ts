/**
 * The real daemon in the guest: its data folder with every virtual socket calibrated as a slot, its process, what its
 * slot wall shows, and what its command line says. Only what anyone could do from outside.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evidock, type JsonLine, jsonLines, type RunningCli, startEvidock } from '../../support/cli.ts';
import { checkout } from '../../support/disk-folder.ts';

const port = 8420;
/** Events come every few seconds; emulated guests are slow. */
const wallMsMax = 20_000;

/** As much of a card of the slot wall as a scenario needs. */
export interface WallCard {
  readonly state: string;
  readonly mayPull: boolean;
  readonly texts: { readonly number: string; readonly serial: string; readonly note: string };
}

/** Socket `n` of the laboratory is slot `n + 1`, whichever half of it a recorder uses. */
export function makeStationFolder(folder: string, sockets: number): string {
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const helper = join(checkout, 'native/helper/build/evidock-dock-helper');
  writeFileSync(
    join(data, 'config.yaml'),
    `usbDock: { enabled: always, helperProgram: ${helper} }\nweb: { port: ${port} }\n`,
  );
  const lines = Array.from({ length: sockets }, (_, socket) =>
    [`  ${socket + 1}:`, ...[2, 3].map((side) => `    - "platform/dummy_hcd.${socket}/usb${side}/1"`)].join('\n'),
  );
  writeFileSync(join(data, 'dock-slots.yaml'), `slots:\n${lines.join('\n')}\n`);
  return data;
}

export class StationProcess {
  readonly data: string;
  readonly #process: RunningCli;

  constructor(data: string) {
    this.data = data;
    this.#process = startEvidock(['run', '--data', data]);
  }

  /** True once its pages answer. */
  async isUp(): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    return answer?.ok === true;
  }

  /** The slot wall as it is now: the first event that a page gets is the whole wall. Empty while it cannot be had. */
  async wall(): Promise<readonly WallCard[]> {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), wallMsMax);
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/events/slots`, { signal: stop.signal });
      const decoder = new TextDecoder();
      let text = '';
      for await (const chunk of answer.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        const event = /^data: ?(.+)\n\n/mu.exec(text)?.[1];
        if (event !== undefined) return (JSON.parse(event) as { cards: WallCard[] }).cards;
      }
      return [];
    } catch {
      return [];
    } finally {
      clearTimeout(late);
      stop.abort();
    }
  }

  async clips(): Promise<JsonLine[]> {
    const { stdout } = await evidock(['clips', '--data', this.data, '--json']);
    return jsonLines(stdout);
  }

  /** Ends it as the system does, and gives its exit code and its log. */
  async stop(): Promise<{ readonly code: number | null; readonly log: string }> {
    this.#process.child.kill('SIGTERM');
    const { code, stderr } = await this.#process.result;
    return { code, log: stderr };
  }
}
