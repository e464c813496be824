/**
 * Starts the reading process of a scrub at the lowest priority for processor and disk, asks it for one original after
 * the other, and stops it for as long as recorders are read.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { StationError } from '../domain/errors.ts';
import type { ReadAnswer, ReadOrder } from './scrub-reader.ts';

const program = join(import.meta.dirname, 'scrub-reader.ts');

export class BackgroundReader {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #ended: Promise<unknown>;

  constructor(engine: string) {
    // -t: where the kernel refuses an I/O class (a container), reading goes on without.
    const words = ['-n', '19', 'ionice', '-c', '3', '-t', process.execPath, program, engine];
    this.#child = spawn('nice', words, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdin?.on('error', () => undefined);
    this.#ended = once(this.#child, 'close').catch(() => undefined);
    if (this.#child.stdout === null) throw new Error('the reader has no output');
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws StationError scrub-reader-ended; the signal's reason */
  async check(order: ReadOrder, signal: AbortSignal): Promise<ReadAnswer> {
    signal.throwIfAborted();
    const stop = (): void => this.#kill();
    signal.addEventListener('abort', stop, { once: true });
    try {
      this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
      const answer = await this.#answers.next();
      signal.throwIfAborted();
      if (answer.done === true) {
        throw new StationError('scrub-reader-ended', 'the process that reads originals ended', {
          next: 'Look at the log, then run the command again; it goes on where it was.',
        });
      }
      return JSON.parse(answer.value) as ReadAnswer;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  #kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** It only reads, so it can be killed at any time. */
  async close(): Promise<void> {
    this.#kill();
    await this.#ended;
  }
}
