/**
 * The key that signs bags: its own Ed25519 pair beside the ledger's two, so that a lost export key never touches the
 * log. Secret in `DATA/keys/`, made at the first export; the public half stands in `DATA/ledger/keys/` and in a record.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, StationError } from '../domain/errors.ts';
import { createExclusively, ensureFolder, replaceDurably } from '../files/durable-files.ts';
import { openSshText } from '../formats/open-ssh-key.ts';
import { rawPublicKey } from '../formats/signed-note.ts';

export interface ExportKey {
  readonly secret: KeyObject;
  readonly raw: Buffer;
}

export const exportKeyComment = 'evidock-export';

/** Loads the key; makes it when `mayMake`. @throws StationError key-missing, key-unreadable */
export async function openExportKey(dataFolder: string, mayMake: boolean): Promise<ExportKey> {
  const folder = join(dataFolder, 'keys');
  const path = join(folder, 'export.pem');
  await ensureFolder(folder, 0o700);
  const pem = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (pem === undefined && !mayMake) {
    throw new StationError('key-missing', `the export key ${path} is missing`, {
      next: 'Put the key back from the back-up; a new one would be a stranger to whoever checks.',
    });
  }
  const secret = pem === undefined ? await makeKey(path) : readKey(path, pem);
  const raw = rawPublicKey(createPublicKey(secret));
  await replaceDurably(
    join(dataFolder, 'ledger/keys/export.pub'),
    Buffer.from(openSshText(raw, exportKeyComment)),
    0o644,
  );
  return { secret, raw };
}

async function makeKey(path: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await createExclusively(path, Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })));
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
