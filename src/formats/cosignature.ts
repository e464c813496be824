/**
 * Witness cosignatures of checkpoints (c2sp.org/tlog-cosignature, Ed25519 `cosignature/v1`): signing, verifying, and
 * telling which witness a line of a note belongs to. The name in a line is the witness's own; the key decides.
 */
import { type KeyObject, sign, verify } from 'node:crypto';
import {
  type NoteSignature,
  noteKeyId,
  publicKeyFromRaw,
  type SignedNote,
  signatureLine,
  signatureTypes,
} from './signed-note.ts';

const timeBytes = 8;
const signatureBytes = 64;

export interface Cosignature {
  /** The witness's raw public key. */
  readonly key: Buffer;
  /** POSIX seconds. */
  readonly time: bigint;
  readonly signature: Buffer;
  /** The line of the note, without its newline. */
  readonly line: string;
}

export interface WitnessSigner {
  readonly name: string;
  readonly rawKey: Uint8Array;
  readonly secretKey: KeyObject;
}

/** The line (without newline) that cosigns `text`, a checkpoint's whole text. */
export function cosign(text: string, signer: WitnessSigner, timeSeconds: number): string {
  const time = Buffer.alloc(timeBytes);
  time.writeBigUInt64BE(BigInt(timeSeconds));
  const signature = sign(null, cosignedMessage(text, BigInt(timeSeconds)), signer.secretKey);
  const keyId = noteKeyId(signer.name, signer.rawKey, signatureTypes.cosignature);
  return signatureLine(signer.name, keyId, Buffer.concat([time, signature]));
}

/** The cosignatures on `text` that these witnesses made, at most one of each; lines of others are left out. */
export function verifiedCosignatures(
  text: string,
  lines: readonly NoteSignature[],
  witnessKeys: readonly Uint8Array[],
): Cosignature[] {
  return witnessKeys.flatMap((key) => {
    for (const line of lines) {
      const cosignature = verifyLine(text, line, key);
      if (cosignature !== undefined) return [cosignature];
    }
    return [];
  });
}

/** The note with these cosignature lines added; a line of the same key replaces the one that was there. */
export function withCosignatures(note: SignedNote, added: readonly NoteSignature[]): string {
  const isReplaced = (old: NoteSignature): boolean =>
    added.some(({ name, keyId }) => name === old.name && keyId.equals(old.keyId));
  const lines = [...note.signatures.filter((old) => !isReplaced(old)), ...added];
  return `${note.text}\n${lines.map(({ line }) => `${line}\n`).join('')}`;
}

function verifyLine(text: string, line: NoteSignature, key: Uint8Array): Cosignature | undefined {
  if (line.signature.length !== timeBytes + signatureBytes) return undefined;
  if (!noteKeyId(line.name, key, signatureTypes.cosignature).equals(line.keyId)) return undefined;
  const time = line.signature.readBigUInt64BE();
  const signature = line.signature.subarray(timeBytes);
  if (!verify(null, cosignedMessage(text, time), publicKeyFromRaw(key), signature)) return undefined;
  return { key: Buffer.from(key), time, signature, line: line.line };
}

const cosignedMessage = (text: string, time: bigint): Buffer => Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
