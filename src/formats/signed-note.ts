/**
 * C2SP signed notes and tlog checkpoints: the text a log signs, and the lines that carry signatures.
 * Formats: c2sp.org/signed-note, c2sp.org/tlog-checkpoint. Keys are Ed25519 only.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { sha256 } from './merkle-hash.ts';

const ed25519Type = 0x01;

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
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
function noteKeyId(name: string, rawKey: Uint8Array): Buffer {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(ed25519Type), rawKey])).subarray(0, 4);
}

/** Verifier key: `name+hex(id)+base64(type || key)`. */
export function verifierKey(name: string, rawKey: Uint8Array): string {
  const typed = Buffer.concat([Uint8Array.of(ed25519Type), rawKey]);
  return `${name}+${noteKeyId(name, rawKey).toString('hex')}+${typed.toString('base64')}`;
}

/** @returns undefined when the text is no Ed25519 verifier key or its id does not fit */
export function parseVerifierKey(text: string): { name: string; rawKey: Buffer } | undefined {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text.trim());
  if (!match) return undefined;
  const [, name = '', id = '', encoded = ''] = match;
  const typed = Buffer.from(encoded, 'base64');
  if (typed.length !== 33 || typed[0] !== ed25519Type) return undefined;
  const rawKey = typed.subarray(1);
  return noteKeyId(name, rawKey).toString('hex') === id ? { name, rawKey } : undefined;
}

export function checkpointText(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root.toString('base64')}\n`;
}

export function signNote(text: string, name: string, secretKey: KeyObject, rawKey: Uint8Array): string {
  const signature = sign(null, Buffer.from(text), secretKey);
  const line = Buffer.concat([noteKeyId(name, rawKey), signature]).toString('base64');
  return `${text}\n\u2014 ${name} ${line}\n`;
}

/**
 * The checkpoint in a note that `name`'s key has signed.
 * @returns the reason in words when the note is malformed or that signature is missing or wrong
 */
export function openCheckpoint(note: string, name: string, rawKey: Uint8Array): Checkpoint | string {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) return 'it is not a signed note';
  const text = note.slice(0, split + 1);
  const keyId = noteKeyId(name, rawKey);
  let signed = false;
  for (const line of note.slice(split + 2, -1).split('\n')) {
    const match = /^\u2014 (\S+) ([A-Za-z0-9+/]+=*)$/.exec(line);
    if (!match) return 'a signature line is malformed';
    const bytes = Buffer.from(match[2] ?? '', 'base64');
    // base64 may be written in several ways; only the canonical one is what was signed and stored.
    if (bytes.toString('base64') !== match[2]) return 'a signature is not canonical base64';
    if (match[1] !== name || !bytes.subarray(0, 4).equals(keyId)) continue;
    if (!verify(null, Buffer.from(text), publicKeyFromRaw(rawKey), bytes.subarray(4))) return 'the signature is wrong';
    signed = true;
  }
  if (!signed) return 'the log has not signed it';
  const parsed = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n/.exec(text);
  if (!parsed) return 'its three lines are malformed';
  const [, origin = '', size = '', root = ''] = parsed;
  if (origin !== name) return 'its origin is another log';
  return { origin, size: Number(size), root: Buffer.from(root, 'base64') };
}
