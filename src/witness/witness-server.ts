/**
 * The witness over HTTP (c2sp.org/tlog-witness): one address to ask for a cosignature, one to read what was cosigned.
 * Plain node:http, so that the program of another office stays small; requests are bounded in length and time.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { StationError } from '../domain/errors.ts';
import { requestBytesMax } from '../formats/add-checkpoint.ts';
import type { Witness, WitnessAnswer } from './witness.ts';

const requestMs = 10_000;
const connectionsMax = 64;

export interface WitnessServerOptions {
  readonly witness: Witness;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Told of every request: status and size, nothing else. */
  readonly onAnswer: (line: string) => void;
}

/** Listens until the server is closed. @throws StationError witness-address */
export async function serveWitness(options: WitnessServerOptions): Promise<{ server: Server; address: string }> {
  const server = createServer({ requestTimeout: requestMs }, (request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      options.onAnswer(`500 ${request.method} ${error instanceof Error ? error.message : String(error)}`);
      send(response, { status: 500, body: 'the witness could not store its state\n' });
    });
  });
  server.maxConnections = connectionsMax;
  const { host, port } = options;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new StationError('witness-address', `cannot listen on ${host}:${port}: ${cause.message}`, {
          cause,
          next: 'Choose another --listen HOST:PORT.',
        }),
      );
    });
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port;
  return { server, address: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}` };
}

async function answer(
  { witness, onAnswer }: WitnessServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (request.method === 'POST' && path === '/add-checkpoint') {
    const body = await readBody(request);
    const said: WitnessAnswer =
      body === undefined ? { status: 400, reason: 'the request is too long' } : await witness.addCheckpoint(body);
    onAnswer(`${said.status} add-checkpoint`);
    sendAnswer(response, said);
    return;
  }
  const asked = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1];
  const note = request.method === 'GET' && asked !== undefined ? await witness.checkpointOf(asked) : undefined;
  if (note === undefined) send(response, { status: 404, body: 'there is nothing here\n' });
  else send(response, { status: 200, body: note });
}

function sendAnswer(response: ServerResponse, said: WitnessAnswer): void {
  if (said.status === 200) send(response, { status: 200, body: said.lines });
  else if (said.status === 409) send(response, { status: 409, body: `${said.size}\n`, type: 'text/x.tlog.size' });
  else send(response, { status: said.status, body: `${said.reason}\n` });
}

function send(
  response: ServerResponse,
  { status, body, type = 'text/plain; charset=utf-8' }: { status: number; body: string; type?: string },
): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** @returns undefined when it is longer than a request can be */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > requestBytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
