/**
 * The ledger as a public log, for programs that nobody here wrote: C2SP's tiles and checkpoint, and the four reading
 * routes of Sigsum's log protocol, all below `/log/`, and for each log of the ledger by its number below `/log/<n>/`.
 * Answers are bounded; nothing here needs or gives a session.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';

/** At most so many leaves in one answer; whoever wants more asks again (sigsum-monitor asks for 512). */
const leavesMax = 512;

/** What the log says, in the consumer's words; the text of an answer, or why there is none. */
export interface PublicLedger {
  /** The newest checkpoint's exact bytes. */
  checkpoint(): Promise<string | undefined>;
  /** A tile or bundle by its C2SP path; undefined when the newest checkpoint does not speak of it. */
  tile(path: string): Promise<{ readonly bytes: Uint8Array; readonly isFull: boolean } | undefined>;
  /** Size of the newest checkpoint, 0 before the first. */
  size(): Promise<number>;
  treeHeadText(): Promise<string | undefined>;
  leavesText(start: number, end: number): Promise<string>;
  /** Undefined when no leaf in a tree of `size` has this hash. */
  inclusionText(size: number, leafHash: Uint8Array): Promise<string | undefined>;
  consistencyText(oldSize: number, newSize: number): Promise<string>;
}

/** The log that goes on, and every log by its number; undefined when there is none. */
export interface PublicLogs {
  current(): PublicLedger;
  find(log: number): PublicLedger | undefined;
}

interface OfLog {
  Params: { log?: string };
}

interface Pair {
  Params: { first: string; second: string; log?: string };
}

type Logs = (params: { log?: string }) => PublicLedger | undefined;

export function registerPublicLedger(app: FastifyInstance, logs: PublicLogs): void {
  registerLog(app, '/log', () => logs.current());
  registerLog(app, '/log/:log', ({ log = '' }) =>
    /^(0|[1-9]\d{0,5})$/.test(log) ? logs.find(Number(log)) : undefined,
  );
}

function registerLog(app: FastifyInstance, prefix: string, find: Logs): void {
  registerFiles(app, prefix, find);
  registerProofs(app, prefix, find);
}

function registerFiles(app: FastifyInstance, prefix: string, find: Logs): void {
  app.get<OfLog>(`${prefix}/checkpoint`, async ({ params }, reply) =>
    sendText(reply, await find(params)?.checkpoint()),
  );
  app.get<{ Params: { '*': string; log?: string } }>(`${prefix}/tile/*`, async ({ params }, reply) => {
    const tile = await find(params)?.tile(`tile/${params['*']}`);
    if (tile === undefined) return refuse(reply, 404, 'the newest checkpoint speaks of no such tile');
    // A tile that is full can never hold anything else; the log at /log/ is another one after a change of keys.
    const isForEver = tile.isFull && params.log !== undefined;
    const caching = isForEver ? 'public, max-age=31536000, immutable' : 'public, max-age=3600';
    return reply
      .headers({ 'cache-control': caching, 'content-type': 'application/octet-stream' })
      .send(Buffer.from(tile.bytes));
  });
  app.get<OfLog>(`${prefix}/get-tree-head`, async ({ params }, reply) =>
    sendText(reply, await find(params)?.treeHeadText()),
  );
}

function registerProofs(app: FastifyInstance, prefix: string, find: Logs): void {
  app.get<Pair>(`${prefix}/get-leaves/:first/:second`, async ({ params }, reply) => {
    const ledger = find(params);
    const [start, end] = [sizeOf(params.first), sizeOf(params.second)];
    if (ledger === undefined) return sendText(reply, undefined);
    if (start === undefined || end === undefined || start >= end) return refuse(reply, 400, 'not a range of leaves');
    if (end > (await ledger.size())) return refuse(reply, 400, 'the range is outside of the current tree');
    return sendText(reply, await ledger.leavesText(start, Math.min(end, start + leavesMax)));
  });
  app.get<Pair>(`${prefix}/get-inclusion-proof/:first/:second`, async ({ params }, reply) => {
    const ledger = find(params);
    const [size, hash] = [sizeOf(params.first), params.second];
    if (ledger === undefined) return sendText(reply, undefined);
    if (size === undefined || size < 2) return refuse(reply, 400, 'the size must be a number over one');
    if (!/^[0-9a-fA-F]{64}$/.test(hash)) return refuse(reply, 400, 'not a leaf hash in hex');
    if (size > (await ledger.size())) return refuse(reply, 400, 'the size is outside of the current tree');
    return sendText(reply, await ledger.inclusionText(size, Buffer.from(hash, 'hex')));
  });
  app.get<Pair>(`${prefix}/get-consistency-proof/:first/:second`, async ({ params }, reply) => {
    const ledger = find(params);
    const [oldSize, newSize] = [sizeOf(params.first), sizeOf(params.second)];
    if (ledger === undefined) return sendText(reply, undefined);
    if (oldSize === undefined || newSize === undefined || oldSize < 1 || newSize <= oldSize) {
      return refuse(reply, 400, 'the sizes must grow from at least one');
    }
    if (newSize > (await ledger.size())) return refuse(reply, 400, 'the new size is outside of the current tree');
    return sendText(reply, await ledger.consistencyText(oldSize, newSize));
  });
}

/** A decimal number without leading zeros; more than any ledger can hold is outside of every tree anyway. */
function sizeOf(text: string): number | undefined {
  return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : undefined;
}

function sendText(reply: FastifyReply, text: string | undefined): FastifyReply {
  if (text === undefined) return refuse(reply, 404, 'there is no such thing in the log');
  return reply.headers({ 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' }).send(text);
}

function refuse(reply: FastifyReply, status: 400 | 404, why: string): FastifyReply {
  return reply
    .code(status)
    .headers({ 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' })
    .send(`${why}\n`);
}
