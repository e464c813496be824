/**
 * A gadget whose mass-storage interface is a program of this folder: the FunctionFS mount, the process and what it says,
 * line by line. Docked and undocked like any other.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Gadget, type GadgetWish } from '../gadget.ts';

export interface ProgramGadgetWish {
  /** Of the gadget, unique in the guest. */
  readonly name: string;
  readonly usb: Omit<GadgetWish, 'disks' | 'functionFs'>;
  /** File name of the program, and its arguments after the mount. */
  readonly program: string;
  readonly words: readonly string[];
}

/** `Word` is what the program says; `ready` comes first. */
export class ProgramGadget<Word extends { readonly event: string }> {
  readonly gadget: Gadget;
  readonly said: Word[] = [];
  readonly #mounted: string;
  readonly #program: ChildProcess;

  private constructor(wish: ProgramGadgetWish) {
    const { name, usb, program, words } = wish;
    this.#mounted = `/run/evidock-lab/${name}`;
    this.gadget = new Gadget(name, { ...usb, disks: [], functionFs: { name, mount: this.#mounted } });
    const file = new URL(program, import.meta.url).pathname;
    this.#program = spawn(process.execPath, [file, this.#mounted, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  /** Settles when it may be docked. `onWord` is called for each line. */
  static async make<Word extends { readonly event: string }>(
    wish: ProgramGadgetWish,
    onWord: (word: Word) => void = () => undefined,
  ): Promise<ProgramGadget<Word>> {
    const made = new ProgramGadget<Word>(wish);
    await new Promise<void>((resolve, reject) => {
      made.#program.once('exit', (code) => reject(new Error(`${wish.program} ended with ${code}`)));
      createInterface({ input: made.#program.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        const word = JSON.parse(line) as Word;
        made.said.push(word);
        if (word.event === 'ready') resolve();
        else onWord(word);
      });
    });
    return made;
  }

  tell(line: string): void {
    this.#program.stdin?.write(`${line}\n`);
  }

  async remove(): Promise<void> {
    if (this.gadget.socket !== undefined) this.gadget.undock();
    if (this.#program.exitCode === null && this.#program.signalCode === null) {
      const ended = once(this.#program, 'exit');
      this.#program.kill('SIGKILL');
      await ended;
    }
    execFileSync('umount', [this.#mounted]);
    rmdirSync(this.#mounted);
    this.gadget.remove();
  }
}
