/**
 * The second signature over a checkpoint by national algorithms: SM2 over SM3 (GB/T 32918.2) with the default identity
 * of GB/T 35276. The key is a role of its own in `DATA/keys/sm2.pem`; anyone checks with
 * `openssl dgst -sm3 -verify sm2.pem -sigopt distid:1234567812345678 -signature checkpoint.sm2 checkpoint`.
 */
import { dirname, join } from 'node:path';
import { errorCode, StationError } from '../domain/errors.ts';
import { createExclusively, ensureFolder } from '../files/durable-files.ts';
import { readTextIfThere } from '../files/if-there.ts';
import type { LedgerLayout } from './ledger-layout.ts';
import { runOpenssl } from './openssl.ts';

const identity = ['-sigopt', 'distid:1234567812345678'] as const;

export class Sm2Signer {
  readonly #secretPath: string;
  /** PEM, as it lies in `ledger/keys/sm2.pem`. */
  readonly publicKey: string;
  /** The key was made just now, and nobody has been told of it. */
  readonly isNew: boolean;

  private constructor(secretPath: string, publicKey: string, isNew: boolean) {
    this.#secretPath = secretPath;
    this.publicKey = publicKey;
    this.isNew = isNew;
  }

  /** Makes the key at first use. @throws StationError openssl-…, key-altered */
  static async open(dataFolder: string, layout: LedgerLayout): Promise<Sm2Signer> {
    await ensureFolder(join(dataFolder, 'keys'), 0o700);
    await ensureFolder(dirname(layout.stationKey('sm2.pem')), 0o755);
    const secretPath = join(dataFolder, 'keys', 'sm2.pem');
    const isNew = (await readTextIfThere(secretPath)) === undefined;
    if (isNew) {
      const pem = await runOpenssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:SM2']);
      await createExclusively(secretPath, pem);
    }
    const publicKey = (await runOpenssl(['pkey', '-in', secretPath, '-pubout'])).toString('latin1');
    const publicPath = layout.stationKey('sm2.pem');
    const published = await readTextIfThere(publicPath);
    if (published === undefined) await createExclusively(publicPath, Buffer.from(publicKey), 0o644);
    else if (published !== publicKey) {
      throw new StationError('key-altered', `the public key ${publicPath} does not belong to the secret key`, {
        next: 'Put the right key back from the back-up.',
      });
    }
    return new Sm2Signer(secretPath, publicKey, isNew);
  }

  /** DER. @throws StationError openssl-… */
  sign(message: Uint8Array): Promise<Buffer> {
    return runOpenssl(['dgst', '-sm3', '-sign', this.#secretPath, ...identity], message);
  }
}

/** Both are paths of files. False when the signature is not this key's over this message. @throws openssl-missing */
export async function verifySm2(publicKeyPath: string, signaturePath: string, message: Uint8Array): Promise<boolean> {
  try {
    await runOpenssl(['dgst', '-sm3', '-verify', publicKeyPath, ...identity, '-signature', signaturePath], message);
    return true;
  } catch (error) {
    if (errorCode(error) === 'openssl-failed') return false;
    throw error;
  }
}
