/**
 * The ledger's two key pairs: the log key signs checkpoints, the leaf key signs leaves. Secret keys lie in
 * `DATA/keys/` (folder 0700, files 0600) and are made at first use; public keys lie in `DATA/ledger/keys/`, as a
 * C2SP verifier key and in OpenSSH form, which is what sigsum's tools read.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, StationError } from '../domain/errors.ts';
import { createExclusively, ensureFolder } from '../files/durable-files.ts';
import type { LeafSigner } from '../formats/leaf.ts';
import { sha256 } from '../formats/merkle-hash.ts';
import { openSshText } from '../formats/open-ssh-key.ts';
import { rawPublicKey, verifierKey } from '../formats/signed-note.ts';
import { originOf } from '../formats/tree-origin.ts';
import type { LedgerLayout } from './ledger-layout.ts';

export interface LedgerKeys {
  /** `sigsum.org/v1/tree/<hex SHA-256(log public key)>` */
  readonly origin: string;
  readonly logKey: Buffer;
  readonly leafKey: Buffer;
  readonly logSecretKey: KeyObject;
  readonly leafSigner: LeafSigner;
}

async function loadOrMakeSecret(path: string, mayMake: boolean): Promise<KeyObject> {
  const pem = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (pem === undefined && !mayMake) {
    throw new StationError('key-missing', `the ledger's secret key ${path} is missing`, {
      next: 'Put the key back from the back-up; without it this ledger can be verified but not continued.',
    });
  }
  if (pem !== undefined) {
    try {
      return createPrivateKey(pem);
    } catch (cause) {
      throw new StationError('key-unreadable', `the secret key ${path} is damaged`, {
        cause,
        next: 'Put the key back from the back-up.',
      });
    }
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  await createExclusively(path, Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  return privateKey;
}

async function publishKey(path: string, text: string): Promise<void> {
  const present = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (present === undefined) await createExclusively(path, Buffer.from(text), 0o644);
  else if (present !== text) {
    throw new StationError('key-altered', `the public key ${path} does not belong to the secret key`, {
      next: 'Run "evidock fsck"; put the right key back from the back-up.',
    });
  }
}

/**
 * Loads the keys, making them when the ledger has no record yet.
 * @throws StationError key-missing, key-unreadable, key-altered
 */
export async function openLedgerKeys(dataFolder: string, layout: LedgerLayout, mayMake: boolean): Promise<LedgerKeys> {
  const secretFolder = join(dataFolder, 'keys');
  await ensureFolder(secretFolder, 0o700);
  await ensureFolder(layout.path(layout.keys), 0o755);
  const logSecretKey = await loadOrMakeSecret(join(secretFolder, 'log.pem'), mayMake);
  const leafSecretKey = await loadOrMakeSecret(join(secretFolder, 'leaf.pem'), mayMake);
  const logKey = rawPublicKey(createPublicKey(logSecretKey));
  const leafKey = rawPublicKey(createPublicKey(leafSecretKey));
  const origin = originOf(logKey);
  await publishKey(layout.path('keys/log.vkey'), `${verifierKey(origin, logKey)}\n`);
  await publishKey(layout.path('keys/log.pub'), openSshText(logKey, 'evidock-log'));
  await publishKey(layout.path('keys/leaf.pub'), openSshText(leafKey, 'evidock-leaf'));
  return { origin, logKey, leafKey, logSecretKey, leafSigner: { secretKey: leafSecretKey, keyHash: sha256(leafKey) } };
}
