/**
 * Asking a time stamping authority for a token over a checkpoint (RFC 3161 over HTTP, section 3.4), and believing it
 * only after `openssl ts -verify` has tied it to the question, its nonce and a trusted certificate.
 */
import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage, StationError } from '../domain/errors.ts';
import { createExclusively, replaceDurably } from '../files/durable-files.ts';
import { runOpenssl } from './openssl.ts';

export interface TimeStamperConfig {
  readonly url: string;
  /** PEM of the certificates that are trusted to have issued the authority's. */
  readonly caFile: string;
  readonly digest: 'sha256' | 'sm3';
  readonly timeoutMs: number;
}

export interface TimeStampToken {
  /** The whole response, DER: what `openssl ts` reads. */
  readonly response: Buffer;
  /** The authority's time, ISO. */
  readonly time: string;
}

const responseBytesMax = 64 * 1024;

export class TimeStamper {
  readonly #config: TimeStamperConfig;

  constructor(config: TimeStamperConfig) {
    this.#config = config;
  }

  /**
   * Stamps `checkpoint` in this folder: leaves the question as `checkpoint.tsq` (its nonce is part of the proof) and the
   * verified answer as `checkpoint.tsr`.
   * @throws StationError time-stamp-unavailable, time-stamp-refused, openssl-…
   */
  async stamp(folder: string): Promise<TimeStampToken> {
    const [query, unproved] = [join(folder, 'checkpoint.tsq'), join(folder, 'answer.tsr')];
    const data = ['-data', join(folder, 'checkpoint')];
    const question = await runOpenssl(['ts', '-query', ...data, `-${this.#config.digest}`, '-cert']);
    const response = await this.#post(question);
    await replaceDurably(query, question, 0o644);
    await replaceDurably(unproved, response, 0o644);
    try {
      const time = await this.#verified(query, unproved);
      await createExclusively(join(folder, 'checkpoint.tsr'), response, 0o644);
      return { response, time };
    } finally {
      await unlink(unproved);
    }
  }

  async #post(question: Buffer): Promise<Buffer> {
    const { url, timeoutMs } = this.#config;
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
        body: new Uint8Array(question),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      return await bounded(answer);
    } catch (cause) {
      throw new StationError('time-stamp-unavailable', `the time stamping authority: ${errorMessage(cause)}`, {
        cause,
        next: 'It is asked again later; see ledger.timeStampUrl in the configuration.',
      });
    }
  }

  async #verified(query: string, answer: string): Promise<string> {
    const text = await runOpenssl(['ts', '-reply', '-in', answer, '-text']).catch(refused);
    const trusted = ['-CAfile', this.#config.caFile];
    await runOpenssl(['ts', '-verify', '-queryfile', query, '-in', answer, ...trusted]).catch(refused);
    const said = /^Time stamp: (.+)$/m.exec(text.toString('utf8'))?.[1] ?? '';
    const time = new Date(said);
    if (Number.isNaN(time.getTime())) return refused(new Error(`no time in the answer: ${said}`));
    return time.toISOString();
  }
}

function refused(cause: unknown): never {
  throw new StationError('time-stamp-refused', `the answer is no good token: ${errorMessage(cause)}`, {
    cause,
    next: 'See that ledger.timeStampCaFile is the one of this authority, and that it knows the digest.',
  });
}

async function bounded(answer: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body ?? []) {
    length += piece.length;
    if (length > responseBytesMax) throw new Error('the answer is too long');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Says early and plainly that the file cannot be read. @throws StationError time-stamp-ca-missing */
export async function assertReadableCa(path: string | null): Promise<string> {
  try {
    if (path === null) throw new Error('it is not set');
    await readFile(path);
    return path;
  } catch (cause) {
    throw new StationError('time-stamp-ca-missing', `ledger.timeStampCaFile: ${errorMessage(cause)}`, {
      cause,
      next: 'Put the PEM file of the authority there, or set ledger.timeStampUrl to null.',
    });
  }
}
