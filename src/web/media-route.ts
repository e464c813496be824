/**
 * Serves previews with byte ranges, so that a player can seek. It never sees an original: the station answers with a
 * preview file or nothing. The file is opened first and judged by its handle, so it cannot change in between.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorCode } from '../domain/errors.ts';
import { readByteRange } from './byte-range.ts';
import type { WebStation } from './web-station.ts';

/** Only what a player or picture needs; anything else is handed out as bytes without meaning. */
const mimes = new Set(['video/mp4', 'video/webm', 'audio/mp4', 'audio/mpeg', 'audio/wav', 'image/jpeg', 'image/png']);

interface MediaRoute {
  Params: { id: string; which: string };
}

export function registerMediaRoute(app: FastifyInstance, station: WebStation): void {
  app.route<MediaRoute>({
    // HEAD by ourselves: the one fastify makes would read the whole file for nothing.
    method: ['GET', 'HEAD'],
    url: '/media/:id/:which',
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const { id, which } = request.params;
      const media = which === 'playable' || which === 'poster' ? station.media(id, which) : undefined;
      const file = media === undefined ? undefined : await openIfThere(media.path);
      if (media === undefined || file === undefined) return reply.callNotFound();
      try {
        // Lists show posters; watching is what the ledger tells of.
        if (which === 'playable' && request.method === 'GET') await station.recordView(id);
      } catch (error) {
        await file.close();
        throw error;
      }
      const mime = mimes.has(media.mime) ? media.mime : 'application/octet-stream';
      return sendFile({ request, reply, file, mime });
    },
  });
}

/** A preview may be deleted at any time; that is no error. */
async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

interface Sending {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly file: FileHandle;
  readonly mime: string;
}

async function sendFile(sending: Sending): Promise<FastifyReply> {
  const { file } = sending;
  let streaming = false;
  try {
    const { size, mtimeMs, ino } = await file.stat();
    const etag = `"${ino.toString(36)}-${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`;
    const answer = head(sending, { etag, bytes: size });
    if (answer === undefined || sending.request.method === 'HEAD' || answer.last < answer.first) {
      return sending.reply.send();
    }
    streaming = true;
    return sending.reply.send(file.createReadStream({ start: answer.first, end: answer.last }));
  } finally {
    if (!streaming) await file.close();
  }
}

/** Status and headers; the bytes to send, or undefined when there are none to speak of. */
function head(
  { request, reply, mime }: Sending,
  { etag, bytes }: { etag: string; bytes: number },
): { readonly first: number; readonly last: number } | undefined {
  void reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-disposition': 'inline',
  });
  if (request.headers['if-none-match'] === etag) {
    void reply.code(304);
    return undefined;
  }
  const ifRange = request.headers['if-range'];
  const range = readByteRange({ range: request.headers.range, ifRange: ifRange?.toString(), etag, bytes });
  if (range.kind === 'unsatisfiable') {
    void reply.code(416).header('content-range', `bytes */${bytes}`);
    return undefined;
  }
  const { first, last } = range.kind === 'part' ? range : { first: 0, last: bytes - 1 };
  void reply.code(range.kind === 'part' ? 206 : 200).headers({
    'content-type': mime,
    'content-length': last - first + 1,
    ...(range.kind === 'part' ? { 'content-range': `bytes ${first}-${last}/${bytes}` } : {}),
  });
  return { first, last };
}
