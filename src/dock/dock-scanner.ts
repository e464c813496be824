/**
 * Looks at one dock at its own pace: at least every `everyMs`, at once after a hint, one scan at a time. A scan that
 * fails or hangs is a problem that is told, never an answer, and never the end of looking.
 */
import type { Dock, DockedRecorder } from '../domain/dock.ts';
import { errorCode } from '../domain/errors.ts';
import type { DockLog } from './dock-log.ts';

/** Why a dock cannot be looked at: the code of its error, or `scan-slow` while it does not answer. */
export interface ScanProblem {
  readonly code: string;
  readonly sinceMs: number;
}

export interface DockScannerParts {
  readonly dock: Dock;
  readonly everyMs: number;
  readonly log: DockLog;
  readonly now: () => number;
  readonly onScan: (recorders: readonly DockedRecorder[]) => void;
  readonly onProblem: () => void;
}

/** However many hints come, scans are this far apart. */
const scanGapMsMin = 50;
/** A scan that takes longer is shown as a problem; it is still waited for, because a second one would hang as well. */
const scanMsMax = 10_000;
/** Failed scans that `confirm` sits through. */
const confirmScansMax = 5;

interface Confirmation {
  readonly settle: (failure: string | undefined) => void;
  scansLeft: number;
}

export class DockScanner {
  readonly #parts: DockScannerParts;
  #confirmations: Confirmation[] = [];
  #problem: ScanProblem | undefined;
  #wake: (() => void) | undefined;
  #hinted = false;
  #stopped = false;
  #ended: Promise<void> = Promise.resolve();
  #stopHints: () => void = () => undefined;

  constructor(parts: DockScannerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stopHints = this.#parts.dock.onHint(() => this.hint());
    this.#ended = this.#run();
  }

  get problem(): ScanProblem | undefined {
    return this.#problem;
  }

  hint(): void {
    this.#hinted = true;
    this.#wake?.();
  }

  /**
   * Settles after a scan that began after this call succeeded, so that what `onScan` heard is newer than the call.
   * Gives the problem's code when the dock stayed silent, and `stopped` when nobody looks any more.
   */
  confirm(): Promise<string | undefined> {
    if (this.#stopped) return Promise.resolve('stopped');
    return new Promise((settle) => {
      this.#confirmations.push({ settle, scansLeft: confirmScansMax });
      this.hint();
    });
  }

  /** Settles when no scan is running. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopHints();
    for (const { settle } of this.#confirmations.splice(0)) settle('stopped');
    this.hint();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#hinted = false;
      const waiting = this.#confirmations.splice(0);
      const failure = await this.#scanOnce();
      for (const confirmation of waiting) this.#settleOrKeep(confirmation, failure);
      await this.#pause(scanGapMsMin);
      if (!this.#hinted) await this.#pause(this.#parts.everyMs - scanGapMsMin);
    }
  }

  async #scanOnce(): Promise<string | undefined> {
    const { dock, log, onScan } = this.#parts;
    const slow = setTimeout(() => this.#setProblem('scan-slow', undefined), scanMsMax);
    try {
      const recorders = await dock.scan();
      if (!this.#stopped) onScan(recorders);
      this.#setProblem(undefined, undefined);
      return undefined;
    } catch (error) {
      const code = errorCode(error);
      // Said once, not every second.
      if (this.#problem?.code !== code) log.warn({ err: error, dock: dock.kind }, 'the dock could not be looked at');
      this.#setProblem(code, error);
      return code;
    } finally {
      clearTimeout(slow);
    }
  }

  #setProblem(code: string | undefined, error: unknown): void {
    const { log, dock, now, onProblem } = this.#parts;
    if (this.#problem?.code === code) return;
    if (code === undefined) log.info({ dock: dock.kind }, 'the dock can be looked at again');
    else if (error === undefined) log.warn({ dock: dock.kind, code }, 'looking at the dock takes very long');
    this.#problem = code === undefined ? undefined : { code, sinceMs: now() };
    onProblem();
  }

  #settleOrKeep(confirmation: Confirmation, failure: string | undefined): void {
    confirmation.scansLeft -= 1;
    if (this.#stopped) confirmation.settle('stopped');
    else if (failure === undefined || confirmation.scansLeft <= 0) confirmation.settle(failure);
    else this.#confirmations.push(confirmation);
  }

  /** Ends early on a hint, but not before the gap between scans is over. */
  async #pause(ms: number): Promise<void> {
    if (ms <= 0 || this.#stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        if (ms <= scanGapMsMin && !this.#stopped) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
