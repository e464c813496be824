/**
 * The request of a log to a witness (c2sp.org/tlog-witness, add-checkpoint): an old size, a consistency proof from it,
 * and the checkpoint to be cosigned. The same text travels over HTTP and on a stick.
 */
import { proofHashesMax } from './merkle-proof.ts';
import { type Checkpoint, parseCheckpoint, parseNote, type SignedNote } from './signed-note.ts';

/** A request is at most this long: 63 hashes, a checkpoint and its signatures. */
export const requestBytesMax = 64 * 1024;

export interface AddCheckpoint {
  readonly oldSize: number;
  readonly path: readonly Uint8Array[];
  readonly note: string;
}

export interface ParsedAddCheckpoint extends AddCheckpoint {
  readonly signed: SignedNote;
  readonly checkpoint: Checkpoint;
}

export function addCheckpointText({ oldSize, path, note }: AddCheckpoint): string {
  const hashes = path.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
  return `old ${oldSize}\n${hashes}\n${note}`;
}

/** @returns the reason in words when the request is malformed */
export function parseAddCheckpoint(text: string): ParsedAddCheckpoint | string {
  const end = text.indexOf('\n\n');
  if (end < 0) return 'there is no empty line before the checkpoint';
  const [first = '', ...lines] = text.slice(0, end).split('\n');
  const old = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1];
  if (old === undefined || !Number.isSafeInteger(Number(old))) return 'the first line is not "old <size>"';
  if (lines.length > proofHashesMax) return `more than ${proofHashesMax} hashes`;
  const path = lines.map((line) => Buffer.from(line, 'base64'));
  if (path.some((hash, at) => hash.length !== 32 || hash.toString('base64') !== lines[at])) {
    return 'a line of the proof is no hash in base64';
  }
  const note = text.slice(end + 2);
  const signed = parseNote(note);
  if (typeof signed === 'string') return signed;
  const checkpoint = parseCheckpoint(signed.text);
  if (checkpoint === undefined) return 'the note is no checkpoint';
  const oldSize = Number(old);
  if (oldSize > checkpoint.size) return 'the old size is larger than the checkpoint';
  return { oldSize, path, note, signed, checkpoint };
}
