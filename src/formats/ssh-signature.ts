/**
 * OpenSSH's detached signatures ("SSHSIG", PROTOCOL.sshsig of OpenSSH) with Ed25519 keys and SHA-512: made here, and
 * checked by `ssh-keygen -Y verify` or by openssl, because what is signed is a short message that a shell can build.
 */
import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { publicKeyFromRaw, rawPublicKey } from './signed-note.ts';

const magic = Buffer.from('SSHSIG');
const version = Buffer.of(0, 0, 0, 1);
const keyType = Buffer.from('ssh-ed25519');
const hashName = Buffer.from('sha512');
const armorBegin = '-----BEGIN SSH SIGNATURE-----';
const armorEnd = '-----END SSH SIGNATURE-----';
const armorWidth = 70;

/** A string of the SSH protocol (RFC 4251, 5): its length in four bytes before it. */
function sshString(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

const keyBlob = (rawKey: Uint8Array): Buffer => Buffer.concat([sshString(keyType), sshString(rawKey)]);

/** What `ssh-keygen -l` prints of a key: `SHA256:` and base64 without padding. */
export const sshFingerprint = (rawKey: Uint8Array): string =>
  `SHA256:${hash('sha256', keyBlob(rawKey), 'base64').replace(/=+$/, '')}`;

const signedMessage = (message: Uint8Array, namespace: string): Buffer =>
  Buffer.concat([
    magic,
    sshString(Buffer.from(namespace)),
    sshString(Buffer.alloc(0)),
    sshString(hashName),
    sshString(hash('sha512', message, 'buffer')),
  ]);

const signatureBlob = (namespace: string, rawKey: Uint8Array, signature: Uint8Array): Buffer =>
  Buffer.concat([
    magic,
    version,
    sshString(keyBlob(rawKey)),
    sshString(Buffer.from(namespace)),
    sshString(Buffer.alloc(0)),
    sshString(hashName),
    sshString(Buffer.concat([sshString(keyType), sshString(signature)])),
  ]);

/** The armoured signature, newline included. */
export function signSsh(message: Uint8Array, namespace: string, secretKey: KeyObject): string {
  const signature = sign(null, signedMessage(message, namespace), secretKey);
  const blob = signatureBlob(namespace, rawPublicKey(createPublicKey(secretKey)), signature);
  const lines = blob.toString('base64').match(new RegExp(`.{1,${armorWidth}}`, 'g')) ?? [];
  return `${[armorBegin, ...lines, armorEnd].join('\n')}\n`;
}

/** The raw key that made this signature over the message; undefined when it is malformed or wrong. */
export function keyOfSshSignature(armored: string, message: Uint8Array, namespace: string): Buffer | undefined {
  const lines = armored.split('\n');
  if (lines[0] !== armorBegin || lines.at(-2) !== armorEnd || lines.at(-1) !== '') return undefined;
  const encoded = lines.slice(1, -2).join('');
  const blob = Buffer.from(encoded, 'base64');
  // Only the form that is written here: so no byte of the file can change unseen.
  if (blob.toString('base64') !== encoded) return undefined;
  const keyAt = magic.length + version.length + 4 + 4 + keyType.length + 4;
  const rawKey = blob.subarray(keyAt, keyAt + 32);
  const signature = blob.subarray(-64);
  if (rawKey.length !== 32 || signature.length !== 64) return undefined;
  if (!signatureBlob(namespace, rawKey, signature).equals(blob)) return undefined;
  try {
    return verify(null, signedMessage(message, namespace), publicKeyFromRaw(rawKey), signature) ? rawKey : undefined;
  } catch {
    return undefined;
  }
}
