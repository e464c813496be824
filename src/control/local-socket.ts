/**
 * The local socket of whoever owns a data folder: other processes hand their commands to it, so that there are never
 * two writers. It lies in a folder of mode 0700, and the peer's user is checked as well. One connection carries one
 * command: a JSON line with the call, then JSON lines with what it prints, then its exit code. Closing cancels it.
 */
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { StringDecoder } from 'node:string_decoder';
import { errorCode, StationError } from '../domain/errors.ts';
import type { Language } from '../texts/cli-texts.ts';
import { type CommandCall, type CommandIo, exitCodes } from './command.ts';
import { reportError } from './error-report.ts';
import type { SocketFolder } from './socket-folder.ts';

/** A call is a line of at most this many characters; longer ones are cut off with the connection. */
const callLengthMax = 256 * 1024;
/** Whoever connects says what they want within this time, so that a silent one never holds up the owner's end. */
const callMsMax = 5_000;

export interface RemoteCall {
  readonly command: string;
  readonly call: CommandCall;
}

type Frame =
  | { readonly kind: 'out' | 'err' | 'progress'; readonly text: string }
  | { readonly kind: 'bytes'; readonly base64: string }
  | { readonly kind: 'exit'; readonly code: number };

export interface SocketServer {
  readonly path: string;
  /** Takes no more calls, waits for those that run. */
  close(): Promise<void>;
}

export interface SocketOptions {
  /** Where the socket goes, as socket-folder.ts found it; it goes with the socket when it is temporary. */
  readonly folder: SocketFolder;
  readonly name: string;
  /** The peer's user id; undefined where it cannot be known (no native addon): then the folder's mode guards alone. */
  readonly peerUid: (fd: number) => number | undefined;
  readonly ownUid: number;
  /** Aborted when the owner is told to stop: then the calls that run are cancelled too. */
  readonly signal: AbortSignal;
  readonly run: (call: RemoteCall, io: CommandIo) => Promise<number>;
}

/** @throws the kernel's error when the socket cannot be made */
export async function serveSocket(options: SocketOptions): Promise<SocketServer> {
  const { folder } = options;
  const path = join(folder.path, options.name);
  // Only the owner of the data folder's lock comes here, so a socket that is there is a dead one's.
  rmSync(path, { force: true });
  const calls = new Set<Promise<void>>();
  const server: Server = createServer((socket) => {
    const call = serveCall(socket, options).finally(() => calls.delete(call));
    calls.add(call);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path }, () => {
      chmodSync(path, 0o600);
      resolve();
    });
  });
  return {
    path,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all(calls);
      await closed;
      if (folder.isTemporary) rmSync(folder.path, { recursive: true, force: true });
    },
  };
}

async function serveCall(socket: Socket, options: SocketOptions): Promise<void> {
  const controller = new AbortController();
  socket.on('error', () => controller.abort());
  socket.on('close', () => controller.abort());
  const send = (frame: Frame): void => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(frame)}\n`);
  };
  let language: Language = 'zh';
  try {
    const fd = (socket as unknown as { _handle: { fd: number } })._handle.fd;
    const uid = options.peerUid(fd);
    if (uid !== undefined && uid !== options.ownUid && uid !== 0) throw new Error(`uid ${uid} may not give commands`);
    const request = JSON.parse(await readCall(socket)) as RemoteCall;
    language = request.call.language;
    const code = await options.run(request, {
      out: (text) => send({ kind: 'out', text }),
      bytes: (content) => send({ kind: 'bytes', base64: Buffer.from(content).toString('base64') }),
      err: (text) => send({ kind: 'err', text }),
      progress: (text) => send({ kind: 'progress', text }),
      signal: AbortSignal.any([controller.signal, options.signal]),
    });
    send({ kind: 'exit', code });
  } catch (error) {
    const { lines, exitCode } = reportError(error, language);
    for (const text of lines) send({ kind: 'err', text });
    send({ kind: 'exit', code: exitCode });
  } finally {
    socket.end();
  }
}

function readCall(socket: Socket): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const decoder = new StringDecoder('utf8');
  let text = '';
  const onData = (chunk: Buffer): void => {
    text += decoder.write(chunk);
    const end = text.indexOf('\n');
    if (end >= 0) {
      socket.off('data', onData);
      socket.resume();
      resolve(text.slice(0, end));
    } else if (text.length > callLengthMax) reject(new Error('the call is too long'));
  };
  const timer = setTimeout(() => reject(new Error('no call came')), callMsMax);
  socket.on('data', onData);
  socket.once('close', () => reject(new Error('the caller hung up')));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.off('data', onData);
  });
}

/**
 * Runs a command in the process that owns the folder.
 * @returns its exit code, or undefined when nobody answers at `path`
 * @throws StationError holder-gone when the process ended before the command did
 */
export async function callOverSocket(path: string, call: RemoteCall, io: CommandIo): Promise<number | undefined> {
  const socket = await openSocket(path);
  if (socket === undefined) return undefined;
  const hangUp = (): void => {
    socket.destroy();
  };
  io.signal.addEventListener('abort', hangUp, { once: true });
  try {
    socket.write(`${JSON.stringify(call)}\n`);
    const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
    // A socket that is destroyed or breaks gives no `end`: without this the loop would wait for ever.
    socket.once('close', () => lines.close());
    for await (const line of lines) {
      const frame = JSON.parse(line) as Frame;
      if (frame.kind === 'exit') return frame.code;
      if (frame.kind === 'bytes') io.bytes(Buffer.from(frame.base64, 'base64'));
      else io[frame.kind](frame.text);
    }
  } catch (error) {
    if (!io.signal.aborted) throw holderGone(error);
  } finally {
    io.signal.removeEventListener('abort', hangUp);
    socket.destroy();
  }
  if (io.signal.aborted) return exitCodes.interrupted;
  throw holderGone();
}

const holderGone = (cause?: unknown): StationError =>
  new StationError('holder-gone', 'the process that owned the data folder ended before the command was done', {
    cause,
    next: 'Run the same command again: it goes on where it stopped.',
  });

function openSocket(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error) => {
      if (['ENOENT', 'ECONNREFUSED'].includes(errorCode(error))) resolve(undefined);
      else reject(error);
    });
  });
}
