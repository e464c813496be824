/**
 * Asking one witness for its cosignature (c2sp.org/tlog-witness). One question, one answer, both bounded; what an
 * answer means for the station is decided by whoever asked.
 */
import { errorMessage } from '../domain/errors.ts';
import { type Cosignature, verifiedCosignatures } from '../formats/cosignature.ts';
import { type NoteSignature, parseSignatureLine } from '../formats/signed-note.ts';

const answerBytesMax = 16 * 1024;

export interface WitnessQuestion {
  /** The submission prefix, from the policy. */
  readonly url: string;
  /** The witness's raw public key. */
  readonly key: Uint8Array;
  /** The text that is to be cosigned, and the request around it. */
  readonly text: string;
  readonly request: string;
  readonly signal: AbortSignal;
}

export type WitnessReply =
  | { readonly kind: 'cosigned'; readonly cosignature: Cosignature; readonly line: NoteSignature }
  /** The witness has cosigned a checkpoint of this size last. */
  | { readonly kind: 'other-size'; readonly size: number }
  /** 422: what the witness has cosigned is not continued by this checkpoint. */
  | { readonly kind: 'inconsistent' }
  | { readonly kind: 'failed'; readonly why: string };

export async function askWitness(question: WitnessQuestion): Promise<WitnessReply> {
  try {
    const response = await fetch(`${question.url.replace(/\/$/, '')}/add-checkpoint`, {
      method: 'POST',
      body: question.request,
      redirect: 'error',
      signal: question.signal,
    });
    const body = await readBounded(response);
    if (response.status === 200) return readCosignature(body, question);
    if (response.status === 409 && /^(0|[1-9]\d{0,14})\n$/.test(body))
      return { kind: 'other-size', size: Number(body) };
    if (response.status === 422) return { kind: 'inconsistent' };
    return { kind: 'failed', why: `HTTP ${response.status}` };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? `: ${errorMessage(error.cause)}` : '';
    return { kind: 'failed', why: `${errorMessage(error)}${cause}` };
  }
}

/** The witness's own cosignature among the lines of an answer; lines of other keys are ignored. */
export function readCosignature(body: string, { text, key }: Pick<WitnessQuestion, 'text' | 'key'>): WitnessReply {
  const lines = body.split('\n').slice(0, -1).map(parseSignatureLine);
  const wrong = lines.find((line) => typeof line === 'string');
  if (wrong !== undefined || lines.length === 0) return { kind: 'failed', why: wrong ?? 'an empty answer' };
  const sound = lines.filter((line) => typeof line !== 'string');
  const [cosignature] = verifiedCosignatures(text, sound, [key]);
  const line = sound.find((one) => one.line === cosignature?.line);
  if (cosignature === undefined || line === undefined) {
    return { kind: 'failed', why: 'it is not a cosignature by the key of the policy' };
  }
  return { kind: 'cosigned', cosignature, line };
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
