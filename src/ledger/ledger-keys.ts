/**
 * The two key pairs of a log: the log key signs checkpoints, the leaf key signs leaves. Secret keys lie in
 * `DATA/keys/` (folder 0700, files 0600), those of the first log made at first use, those of a later one by the change
 * of keys and named by the public key; public keys lie in the log's `keys/`, as a C2SP verifier key and in OpenSSH
 * form, which is what sigsum's tools read.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { StationError } from '../domain/errors.ts';
import type { LogKeysBody } from '../domain/log-facts.ts';
import { createExclusively, ensureFolder } from '../files/durable-files.ts';
import { readTextIfThere } from '../files/if-there.ts';
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

/** What everyone may know of a log's keys. */
export type PublicLogKeys = Pick<LedgerKeys, 'origin' | 'logKey' | 'leafKey'>;

export function publicLogKeys({ logKey, leafKey }: LogKeysBody): PublicLogKeys {
  const raw = Buffer.from(logKey, 'hex');
  return { origin: originOf(raw), logKey: raw, leafKey: Buffer.from(leafKey, 'hex') };
}

async function loadOrMakeSecret(path: string, mayMake: boolean): Promise<KeyObject> {
  const pem = await readTextIfThere(path);
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
  await createExclusively(path, pemOf(privateKey));
  return privateKey;
}

const pemOf = (secret: KeyObject): Buffer => Buffer.from(secret.export({ type: 'pkcs8', format: 'pem' }));

async function publishKey(path: string, text: string): Promise<void> {
  const present = await readTextIfThere(path);
  if (present === undefined) await createExclusively(path, Buffer.from(text), 0o644);
  else if (present !== text) {
    throw new StationError('key-altered', `the public key ${path} does not belong to the secret key`, {
      next: 'Run "evidock fsck"; put the right key back from the back-up.',
    });
  }
}

/**
 * Loads the keys of the first log, making them when the ledger has no record yet.
 * @throws StationError key-missing, key-unreadable, key-altered
 */
export async function openLedgerKeys(dataFolder: string, layout: LedgerLayout, mayMake: boolean): Promise<LedgerKeys> {
  const secretFolder = await secretFolderOf(dataFolder);
  const keys = keysOf(
    await loadOrMakeSecret(join(secretFolder, 'log.pem'), mayMake),
    await loadOrMakeSecret(join(secretFolder, 'leaf.pem'), mayMake),
  );
  await publishLogKeys(layout.path(layout.keys), keys);
  return keys;
}

/** Makes the keys of a log that is to come. Secret keys that no log comes to use lie there and do no harm. */
export async function makeLogKeys(dataFolder: string): Promise<LedgerKeys> {
  const secretFolder = await secretFolderOf(dataFolder);
  const keys = keysOf(generateKeyPairSync('ed25519').privateKey, generateKeyPairSync('ed25519').privateKey);
  await createExclusively(join(secretFolder, secretName('log', keys.logKey)), pemOf(keys.logSecretKey));
  await createExclusively(join(secretFolder, secretName('leaf', keys.leafKey)), pemOf(keys.leafSigner.secretKey));
  return keys;
}

/** The secret keys that belong to these public ones. @throws StationError key-missing, key-unreadable, key-altered */
export async function loadLogKeys(dataFolder: string, named: LogKeysBody): Promise<LedgerKeys> {
  const secretFolder = await secretFolderOf(dataFolder);
  const wanted = publicLogKeys(named);
  const keys = keysOf(
    await loadOrMakeSecret(join(secretFolder, secretName('log', wanted.logKey)), false),
    await loadOrMakeSecret(join(secretFolder, secretName('leaf', wanted.leafKey)), false),
  );
  if (keys.logKey.equals(wanted.logKey) && keys.leafKey.equals(wanted.leafKey)) return keys;
  throw new StationError('key-altered', `the secret keys in ${secretFolder} are not those of this log`, {
    next: 'Run "evidock fsck"; put the right keys back from the back-up.',
  });
}

/** Into this folder. @throws StationError key-altered */
export async function publishLogKeys(folder: string, { origin, logKey, leafKey }: PublicLogKeys): Promise<void> {
  await ensureFolder(folder, 0o755);
  await publishKey(join(folder, 'log.vkey'), `${verifierKey(origin, logKey)}\n`);
  await publishKey(join(folder, 'log.pub'), openSshText(logKey, 'evidock-log'));
  await publishKey(join(folder, 'leaf.pub'), openSshText(leafKey, 'evidock-leaf'));
}

async function secretFolderOf(dataFolder: string): Promise<string> {
  const folder = join(dataFolder, 'keys');
  await ensureFolder(folder, 0o700);
  return folder;
}

const secretName = (role: 'log' | 'leaf', publicKey: Uint8Array): string =>
  `${role}-${sha256(publicKey).toString('hex').slice(0, 16)}.pem`;

function keysOf(logSecretKey: KeyObject, leafSecretKey: KeyObject): LedgerKeys {
  const logKey = rawPublicKey(createPublicKey(logSecretKey));
  const leafKey = rawPublicKey(createPublicKey(leafSecretKey));
  const leafSigner = { secretKey: leafSecretKey, keyHash: sha256(leafKey) };
  return { origin: originOf(logKey), logKey, leafKey, logSecretKey, leafSigner };
}
