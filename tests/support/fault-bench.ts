/**
 * A bench for tests of single failing calls. Folders are prepared once and laid out anew for each trial; the command
 * with the fault in it is a real process, and what comes after it runs in this one, which need not be killed.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { type CallFault, expectCame, type FaultPoint, faultName, faultsOf, startWithFault } from './call-faults.ts';
import { type FindingLine, runFsck } from './checked-store.ts';
import type { CliResult, JsonLine } from './cli.ts';
import { makeDiskFolder, removeFolder } from './disk-folder.ts';
import { clipsHere, evidockHere, type Said } from './in-process.ts';

export class FaultBench {
  /** For whatever else the trials need. */
  readonly folder = makeDiskFolder();
  readonly data = join(this.folder, 'data');
  readonly #parts: readonly string[];

  /** @param more folders beside the data folder that are laid out anew with it */
  constructor(...more: readonly string[]) {
    this.#parts = ['data', ...more];
  }

  /** What is there now is what trials begin with. */
  keep(state = 'prepared'): void {
    for (const part of this.#parts) {
      cpSync(join(this.folder, part), join(this.folder, state, part), { recursive: true });
    }
  }

  begin(state = 'prepared'): void {
    for (const part of this.#parts) {
      removeFolder(join(this.folder, part));
      cpSync(join(this.folder, state, part), join(this.folder, part), { recursive: true });
    }
  }

  /** A command on the data folder, in a process, with the fault in it. */
  async withFault(words: readonly string[], fault: CallFault): Promise<CliResult> {
    const said = await startWithFault([...words, '--data', this.data], { fault, data: this.data }).result;
    expectCame(fault, said);
    return said;
  }

  /** A command on the data folder, in this process. */
  readonly run = (...words: string[]): Promise<Said> => evidockHere([...words, '--data', this.data]);

  clips(): Promise<JsonLine[]> {
    return clipsHere(this.data);
  }

  /** What fsck finds, once it compared the registry too. */
  async findings(): Promise<readonly FindingLine[]> {
    const { findings, checked } = await runFsck(this.data);
    if (checked.registryCompared !== true) throw new Error('fsck did not compare the registry');
    return findings;
  }

  end(): void {
    removeFolder(this.folder);
  }
}

/** A test for each moment at which the call kills or fails. */
export function testFaults(
  points: readonly FaultPoint[],
  trial: (fault: CallFault) => Promise<void>,
  actions: readonly CallFault['action'][] = ['KILL', 'EIO'],
): void {
  for (const fault of actions.flatMap((action) => faultsOf(points, action))) {
    test(faultName(fault), () => trial(fault));
  }
}
