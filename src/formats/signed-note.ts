/**
 * C2SP signed notes and tlog checkpoints: the text a log signs, and the lines that carry signatures.
 * Formats: c2sp.org/signed-note, c2sp.org/tlog-checkpoint. Keys are Ed25519 only.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { sha256 } from './merkle-hash.ts';

/** The kinds of signature, as the key id and a verifier key name them. */
export const signatureTypes = { ed25519: 0x01, cosignature: 0x04 } as const;
export type SignatureType = (typeof signatureTypes)[keyof typeof signatureTypes];

/** The most lines of signatures that a note may have; a longer one is not ours, and nobody should verify it. */
const signaturesMax = 100;

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Buffer;
  /** What follows the key id: 64 bytes of Ed25519, or a time and 64 bytes in a cosignature. */
  readonly signature: Buffer;
  /** The whole line, without its newline. */
  readonly line: string;
}

export interface SignedNote {
  /** What is signed, its last newline included. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** The 32 raw bytes of an Ed25519 public key. */
export function rawPublicKey(key: KeyObject): Buffer {
  const jwk = key.export({ format: 'jwk' });
  return Buffer.from(jwk.x ?? '', 'base64url');
}

export function publicKeyFromRaw(raw: Uint8Array): KeyObject {
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') },
    format: 'jwk',
  });
}

/** First 4 bytes of SHA-256(name || 0x0A || type || key). */
export function noteKeyId(name: string, rawKey: Uint8Array, type: SignatureType = signatureTypes.ed25519): Buffer {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(type), rawKey])).subarray(0, 4);
}

/** Verifier key: `name+hex(id)+base64(type || key)`. */
export function verifierKey(name: string, rawKey: Uint8Array, type: SignatureType = signatureTypes.ed25519): string {
  const typed = Buffer.concat([Uint8Array.of(type), rawKey]);
  return `${name}+${noteKeyId(name, rawKey, type).toString('hex')}+${typed.toString('base64')}`;
}

/** @returns undefined when the text is no Ed25519 verifier key of that type or its id does not fit */
export function parseVerifierKey(
  text: string,
  type: SignatureType = signatureTypes.ed25519,
): { name: string; rawKey: Buffer } | undefined {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text.trim());
  if (!match) return undefined;
  const [, name = '', id = '', encoded = ''] = match;
  const typed = Buffer.from(encoded, 'base64');
  if (typed.length !== 33 || typed[0] !== type) return undefined;
  const rawKey = typed.subarray(1);
  return noteKeyId(name, rawKey, type).toString('hex') === id ? { name, rawKey } : undefined;
}

export function checkpointText(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root.toString('base64')}\n`;
}

/** @returns undefined when the first three lines are no checkpoint; lines behind them are extensions */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const parsed = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n/.exec(text);
  if (!parsed) return undefined;
  const [, origin = '', size = '', root = ''] = parsed;
  const bytes = Buffer.from(root, 'base64');
  if (!Number.isSafeInteger(Number(size)) || bytes.toString('base64') !== root) return undefined;
  return { origin, size: Number(size), root: bytes };
}

export function signatureLine(name: string, keyId: Uint8Array, signature: Uint8Array): string {
  return `\u2014 ${name} ${Buffer.concat([keyId, signature]).toString('base64')}`;
}

export function signNote(text: string, name: string, secretKey: KeyObject, rawKey: Uint8Array): string {
  const signature = sign(null, Buffer.from(text), secretKey);
  return `${text}\n${signatureLine(name, noteKeyId(name, rawKey), signature)}\n`;
}

/** The note in its parts; nothing is verified. @returns the reason in words when it is malformed */
export function parseNote(note: string): SignedNote | string {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) return 'it is not a signed note';
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > signaturesMax) return 'it has too many signatures';
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignatureLine(line);
    if (typeof signature === 'string') return signature;
    signatures.push(signature);
  }
  return { text: note.slice(0, split + 1), signatures };
}

/** @returns the reason in words when the line is malformed */
export function parseSignatureLine(line: string): NoteSignature | string {
  const match = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+=*)$/.exec(line);
  if (!match) return 'a signature line is malformed';
  const [, name = '', encoded = ''] = match;
  const bytes = Buffer.from(encoded, 'base64');
  // base64 may be written in several ways; only the canonical one is what was signed and stored.
  if (bytes.toString('base64') !== encoded) return 'a signature is not canonical base64';
  if (bytes.length <= 4) return 'a signature line is malformed';
  return { name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4), line };
}

/**
 * The signature of `name`'s key on the note; a line of that key that is wrong makes the whole note bad.
 * @returns the reason in words when it is missing or wrong
 */
export function verifyNoteSignature(note: SignedNote, name: string, rawKey: Uint8Array): Buffer | string {
  const keyId = noteKeyId(name, rawKey);
  const own = note.signatures.filter((one) => one.name === name && one.keyId.equals(keyId));
  const key = publicKeyFromRaw(rawKey);
  if (own.some(({ signature }) => !verify(null, Buffer.from(note.text), key, signature))) {
    return 'the signature is wrong';
  }
  return own[0]?.signature ?? 'the log has not signed it';
}

/**
 * The checkpoint in a note that `name`'s key has signed.
 * @returns the reason in words when the note is malformed or that signature is missing or wrong
 */
export function openCheckpoint(note: string, name: string, rawKey: Uint8Array): Checkpoint | string {
  const parsed = parseNote(note);
  if (typeof parsed === 'string') return parsed;
  const signature = verifyNoteSignature(parsed, name, rawKey);
  if (typeof signature === 'string') return signature;
  const checkpoint = parseCheckpoint(parsed.text);
  if (checkpoint === undefined) return 'its three lines are malformed';
  return checkpoint.origin === name ? checkpoint : 'its origin is another log';
}
