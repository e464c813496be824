/**
 * The key that signs bags: its own Ed25519 pair beside the ledger's two, so that a lost export key never touches the
 * log. Secret in `DATA/keys/`, made at the first export, and anew when it is asked for with a change of the ledger's
 * keys; the public half stands in `DATA/ledger/keys/` and in a record. The newest such record says which key signs.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { StationError } from '../domain/errors.ts';
import { createExclusively, ensureFolder, replaceDurably } from '../files/durable-files.ts';
import { readTextIfThere } from '../files/if-there.ts';
import { sha256 } from '../formats/merkle-hash.ts';
import { openSshText } from '../formats/open-ssh-key.ts';
import { rawPublicKey } from '../formats/signed-note.ts';

export interface ExportKey {
  readonly secret: KeyObject;
  readonly raw: Buffer;
}

export const exportKeyComment = 'evidock-export';

const firstKeyFile = 'export.pem';
const laterKeyFile = (raw: Uint8Array): string => `export-${sha256(raw).toString('hex').slice(0, 16)}.pem`;

/**
 * Loads the key that signs: `current`, hex, is the one that the newest record names; without one the first is made.
 * @throws StationError key-missing, key-unreadable
 */
export async function openExportKey(dataFolder: string, current: string | undefined): Promise<ExportKey> {
  const folder = join(dataFolder, 'keys');
  await ensureFolder(folder, 0o700);
  const later = current === undefined ? undefined : join(folder, laterKeyFile(Buffer.from(current, 'hex')));
  const laterPem = later === undefined ? undefined : await readTextIfThere(later);
  const path = laterPem === undefined ? join(folder, firstKeyFile) : (later as string);
  const pem = laterPem ?? (await readTextIfThere(path));
  if (pem === undefined && current !== undefined) {
    throw new StationError('key-missing', `the export key ${path} is missing`, {
      next: 'Put the key back from the back-up; a new one would be a stranger to whoever checks.',
    });
  }
  const secret = pem === undefined ? await makeFirstKey(path) : readKey(path, pem);
  const raw = rawPublicKey(createPublicKey(secret));
  await publish(dataFolder, raw);
  return { secret, raw };
}

/** Makes a key that is to follow the one in use. It signs once a record names it. */
export async function makeNextExportKey(dataFolder: string): Promise<ExportKey> {
  const secret = generateKeyPairSync('ed25519').privateKey;
  const raw = rawPublicKey(createPublicKey(secret));
  await ensureFolder(join(dataFolder, 'keys'), 0o700);
  await createExclusively(join(dataFolder, 'keys', laterKeyFile(raw)), pemOf(secret));
  return { secret, raw };
}

const publish = (dataFolder: string, raw: Uint8Array): Promise<void> =>
  replaceDurably(join(dataFolder, 'ledger/keys/export.pub'), Buffer.from(openSshText(raw, exportKeyComment)), 0o644);

const pemOf = (secret: KeyObject): Buffer => Buffer.from(secret.export({ type: 'pkcs8', format: 'pem' }));

async function makeFirstKey(path: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await createExclusively(path, pemOf(privateKey));
  return privateKey;
}

function readKey(path: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new StationError('key-unreadable', `the export key ${path} is damaged`, {
      cause,
      next: 'Put the key back from the back-up.',
    });
  }
}
