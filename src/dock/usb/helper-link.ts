/**
 * One connection to the privileged helper: starts it as a child with the connection as descriptor 3, or connects to the
 * socket of the service. It matches replies to requests, gives each a time limit and says when the connection ended. It
 * knows no verbs but `hello`, and never starts anything a second time: that is helper-client.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { errorCode, errorMessage, StationError } from '../../domain/errors.ts';
import type { DockLog } from '../dock-log.ts';
import { settlesWithin } from '../settles-within.ts';
import { type HelperReply, helperProtocolVersion, ReplyReader, requestFrame } from './helper-frames.ts';

export type HelperPlace =
  /** Laboratory: a child of the daemon, which is root then. The program and its arguments, `--fd3` among them. */
  | { readonly kind: 'child'; readonly command: readonly [string, ...string[]] }
  /** The systemd service (config/system). */
  | { readonly kind: 'socket'; readonly path: string };

/** What the helper answered with `refused` or `failed`: its code word, and the errno where a system call failed. */
export class HelperAnswer extends Error {
  readonly code: string;
  readonly errno: number;

  constructor(code: string, errno: number, text: string) {
    super(text);
    this.name = 'HelperAnswer';
    this.code = code;
    this.errno = errno;
  }
}

const startMsMax = 10_000;
const goodbyeMsMax = 5_000;
const exitDelayMs = 200;
const logLineMax = 500;
/** More than 24 slots ever have under way. */
const requestsMax = 256;

interface Waiting {
  resolve(reply: HelperReply): void;
  reject(error: Error): void;
}

export class HelperLink {
  readonly #log: DockLog;
  readonly #stream: Duplex;
  readonly #child: ChildProcess | undefined;
  readonly #reader = new ReplyReader();
  readonly #waiting = new Map<number, Waiting>();
  #lastWords = '';
  #nextId = 1;
  #ended: StationError | undefined;

  private constructor(place: HelperPlace, log: DockLog) {
    this.#log = log;
    if (place.kind === 'socket') {
      this.#stream = createConnection(place.path);
    } else {
      const [program, ...words] = place.command;
      this.#child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], env: {} });
      this.#stream = this.#child.stdio[3] as Duplex;
      this.#child.on('error', (error) => this.#end(`it could not be started: ${errorMessage(error)}`));
      this.#child.on('exit', (code, signal) => this.#end(`it ended (${signal ?? `exit code ${code}`})`));
      this.#readLog(this.#child);
    }
    this.#stream.on('data', (piece: Buffer) => this.#take(piece));
    this.#stream.on('error', (error) => this.#endSoon(`its connection failed: ${errorMessage(error)}`));
    this.#stream.on('close', () => this.#endSoon('its connection was closed'));
  }

  /** @throws StationError helper-unavailable */
  static async open(place: HelperPlace, log: DockLog): Promise<HelperLink> {
    const link = new HelperLink(place, log);
    try {
      await link.request(['hello', String(helperProtocolVersion)], startMsMax);
      return link;
    } catch (cause) {
      await link.close();
      // Not the time limit or the version as such: whatever it was, the helper cannot be used.
      throw unavailable(errorMessage(cause), place, cause);
    }
  }

  get isEnded(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * @returns the results
   * @throws HelperAnswer what the helper refused or failed at; StationError helper-unavailable when it went away,
   * helper-failed when it did not answer in time
   */
  async request(fields: readonly (string | Uint8Array)[], limitMs: number): Promise<readonly Buffer[]> {
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#waiting.size >= requestsMax) throw new StationError('helper-failed', 'too many requests to the helper');
    const id = this.#nextId;
    this.#nextId = (this.#nextId % 999_999_999) + 1;
    const frame = requestFrame(id, fields);
    const { promise, resolve, reject } = Promise.withResolvers<HelperReply>();
    this.#waiting.set(id, { resolve, reject });
    const timer = setTimeout(() => {
      reject(new StationError('helper-failed', `the helper did not answer ${String(fields[0])} in ${limitMs} ms`));
    }, limitMs);
    try {
      this.#stream.write(frame);
      const reply = await promise;
      if (reply.kind === 'ok') return reply.fields;
      throw answerOf(reply);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** The helper then unmounts what this connection mounted. Safe twice. */
  async close(): Promise<void> {
    this.#end('it was closed');
    const child = this.#child;
    this.#stream.end();
    if (child === undefined || child.pid === undefined) {
      this.#stream.destroy();
      return;
    }
    if (
      child.exitCode === null &&
      child.signalCode === null &&
      !(await settlesWithin(once(child, 'exit'), goodbyeMsMax))
    ) {
      this.#log.warn({ pid: child.pid }, 'the dock helper still waits for a card: it is left to end by itself');
      child.unref();
    }
    this.#stream.destroy();
  }

  #take(piece: Buffer): void {
    try {
      for (const reply of this.#reader.take(piece)) {
        // A reply to nobody comes after its time limit; 0 is about the connection.
        if (reply.id === 0) this.#end(`it said: ${answerOf(reply).message}`);
        else this.#waiting.get(reply.id)?.resolve(reply);
      }
    } catch (error) {
      this.#end(`it answered nonsense: ${errorMessage(error)}`);
      this.#stream.destroy();
    }
  }

  /** The exit code of a child says more than the end of its connection, and comes at about the same time. */
  #endSoon(why: string): void {
    if (this.#child === undefined) this.#end(why);
    else setTimeout(() => this.#end(why), exitDelayMs).unref();
  }

  #end(why: string): void {
    if (this.#ended !== undefined) return;
    const words = this.#lastWords === '' ? why : `${why}; its last words: ${this.#lastWords}`;
    const ended = new StationError('helper-unavailable', `the dock helper is not there: ${words}`);
    this.#ended = ended;
    for (const { reject } of this.#waiting.values()) reject(ended);
    this.#waiting.clear();
    this.#stream.end();
  }

  #readLog({ stderr }: ChildProcess): void {
    if (stderr === null) return;
    createInterface({ input: stderr }).on('line', (line) => {
      this.#lastWords = line.slice(0, logLineMax);
      this.#log.info({ helper: true }, this.#lastWords);
    });
  }
}

function answerOf({ kind, fields }: HelperReply): HelperAnswer | StationError {
  const [code = '', errno = '', text = ''] = fields.map((field) => field.toString('utf8'));
  const answer = new HelperAnswer(code, Number(errno) || 0, text);
  const message = text === '' ? code : `${code}: ${text}`;
  return new StationError(kind === 'refused' ? 'helper-refused' : 'helper-failed', message, { cause: answer });
}

/** With the command that mends it. */
export function unavailable(why: string, place: HelperPlace, cause?: unknown): StationError {
  const service = 'systemctl restart evidock-dock-helper.socket evidock-dock-helper.service';
  const next =
    place.kind === 'socket'
      ? `Run: ${service}; then: journalctl -u evidock-dock-helper`
      : errorCode(cause) === 'helper-refused'
        ? 'The helper is of another version. Run: scripts/build-native'
        : 'Run: scripts/build-native; and start the station as root, or use the service in config/system.';
  const text = why.startsWith('the dock helper') ? why : `the dock helper cannot be used: ${why}`;
  return new StationError('helper-unavailable', text, { next, cause });
}
