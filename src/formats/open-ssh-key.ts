/** Ed25519 public keys in OpenSSH form (RFC 8709, 4), which is what sigsum's tools read: writing and reading one line. */

/** Two fields with their lengths before them, `ssh-ed25519` and the key; here up to the key itself. */
const prefix = Buffer.concat([Buffer.of(0, 0, 0, 11), Buffer.from('ssh-ed25519'), Buffer.of(0, 0, 0, 32)]);
const keyBytes = 32;

export const openSshText = (rawKey: Uint8Array, comment: string): string =>
  `ssh-ed25519 ${Buffer.concat([prefix, rawKey]).toString('base64')} ${comment}\n`;

/** The 32 raw bytes; undefined when the second word is no key of that length. */
export function keyOfOpenSsh(text: string): Buffer | undefined {
  const blob = Buffer.from(text.split(' ')[1] ?? '', 'base64');
  return blob.length === prefix.length + keyBytes ? blob.subarray(prefix.length) : undefined;
}
