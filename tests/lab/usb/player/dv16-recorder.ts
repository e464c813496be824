/**
 * A JieLi DV16 recorder as it is plugged in: first the program of dv16-program.ts behind FunctionFS, and when that was
 * asked for its disk mode it leaves the bus and comes back in the same socket as a plain disk with its card.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Gadget } from '../gadget.ts';
import type { ProgramOptions, ProgramWord } from './dv16-program.ts';
import { ProgramGadget } from './program-gadget.ts';

const leavesAfterMs = 300;
const returnsAfterMs = 1500;

export interface Dv16Wish {
  /** Of the gadget, unique in the guest. */
  readonly name: string;
  readonly options: ProgramOptions;
  /** What it is as a disk; not plugged in yet. */
  readonly disk: Gadget;
}

export class Dv16Recorder {
  readonly disk: Gadget;
  #program!: ProgramGadget<ProgramWord>;
  #socket: number | undefined;
  #changing: Promise<void> = Promise.resolve();

  private constructor(disk: Gadget) {
    this.disk = disk;
  }

  static async make({ name, options, disk }: Dv16Wish): Promise<Dv16Recorder> {
    const recorder = new Dv16Recorder(disk);
    const usb = { vendorId: 0x4c4a, productId: 0x4155, serial: '', manufacturer: 'JieLi', product: 'DV16' };
    const wish = { name, usb, program: 'dv16-program.ts', words: [JSON.stringify(options)] };
    recorder.#program = await ProgramGadget.make<ProgramWord>(wish, ({ event }) => {
      if (event === 'disk-mode') recorder.#changing = recorder.#change();
    });
    return recorder;
  }

  get words(): readonly ProgramWord[] {
    return this.#program.said;
  }

  /** Codes of the vendor commands that it got. */
  get asked(): readonly number[] {
    return this.words.flatMap((word) => (word.event === 'asked' ? [word.command] : []));
  }

  stopRecording(): void {
    this.#program.tell('stop-recording');
  }

  dock(socket: number): void {
    this.#socket = socket;
    this.#program.gadget.dock(socket);
  }

  async undock(): Promise<void> {
    await this.#changing;
    this.#socket = undefined;
    const { gadget } = this.#program;
    if (gadget.socket !== undefined) gadget.undock();
    if (this.disk.socket !== undefined) this.disk.undock();
  }

  /** The disk stays the caller's. */
  async remove(): Promise<void> {
    await this.undock();
    await this.#program.remove();
  }

  async #change(): Promise<void> {
    await sleep(leavesAfterMs);
    this.#program.gadget.undock();
    await sleep(returnsAfterMs);
    if (this.#socket !== undefined) this.disk.dock(this.#socket);
  }
}
