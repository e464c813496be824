/**
 * What a witness keeps in its folder: its secret key, the logs it knows, and for each of them the last checkpoint that
 * it cosigned. The state is replaced durably before anybody hears of it; it is verified when it is read back.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, StationError } from '../domain/errors.ts';
import { createExclusively, ensureFolder, replaceDurably } from '../files/durable-files.ts';
import { readTextIfThere } from '../files/if-there.ts';
import { verifiedCosignatures, type WitnessSigner } from '../formats/cosignature.ts';
import {
  type Checkpoint,
  openCheckpoint,
  parseNote,
  parseVerifierKey,
  rawPublicKey,
  signatureTypes,
  verifierKey,
} from '../formats/signed-note.ts';

export interface KnownLog {
  readonly origin: string;
  readonly rawKey: Buffer;
}

/** A checkpoint that this witness has cosigned, with the note that carries its cosignature. */
export interface WitnessedState {
  readonly checkpoint: Checkpoint;
  readonly note: string;
}

const logsTemplate = `# The logs that this witness knows: one C2SP verifier key a line (a station's ledger/keys/log.vkey;
# after a change of its keys also the new one, see "evidock keys list"; the old line stays).
`;

export class WitnessFolder {
  readonly signer: WitnessSigner;
  readonly logs: ReadonlyMap<string, KnownLog>;
  readonly #folder: string;

  private constructor(folder: string, signer: WitnessSigner, logs: ReadonlyMap<string, KnownLog>) {
    this.#folder = folder;
    this.signer = signer;
    this.logs = logs;
  }

  /** Makes keys and an empty list of logs. @throws StationError witness-exists, witness-name */
  static async make(folder: string, name: string): Promise<string> {
    if (!/^[^\s+]{1,200}$/.test(name)) {
      throw new StationError('witness-name', `"${name}" cannot be the name of a key: no blanks, no "+"`, {
        next: 'Choose a name such as witness.example.gov/transport.',
      });
    }
    await ensureFolder(folder, 0o700);
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const vkey = verifierKey(name, rawPublicKey(publicKey), signatureTypes.cosignature);
    try {
      // The name is in the key's own file, so that key and name can never come apart.
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
      await createExclusively(join(folder, 'witness.pem'), Buffer.from(`${name}\n${pem}`), 0o600);
    } catch (cause) {
      if (errorCode(cause) !== 'EEXIST') throw cause;
      throw new StationError('witness-exists', `${folder} holds a witness already`, {
        next: 'A witness keeps its key; choose another folder for a new one.',
      });
    }
    await createExclusively(join(folder, 'witness.vkey'), Buffer.from(`${vkey}\n`), 0o644);
    await createExclusively(join(folder, 'logs'), Buffer.from(logsTemplate), 0o644);
    return vkey;
  }

  /** @throws StationError witness-missing, witness-key, witness-logs */
  static async open(folder: string): Promise<WitnessFolder> {
    const signer = await readSigner(join(folder, 'witness.pem'));
    const logs = await readLogs(join(folder, 'logs'));
    await ensureFolder(join(folder, 'state'), 0o700);
    return new WitnessFolder(folder, signer, logs);
  }

  /** The last checkpoint that was cosigned; undefined for a log that is new here. @throws StationError witness-state */
  async state(log: KnownLog): Promise<WitnessedState | undefined> {
    const path = this.#statePath(log);
    const note = await readTextIfThere(path);
    if (note === undefined) return undefined;
    const checkpoint = openCheckpoint(note, log.origin, log.rawKey);
    const parsed = parseNote(note);
    const isOwn =
      typeof parsed !== 'string' &&
      verifiedCosignatures(parsed.text, parsed.signatures, [this.signer.rawKey]).length === 1;
    if (typeof checkpoint === 'string' || !isOwn) {
      throw new StationError('witness-state', `${path} is not what this witness wrote`, {
        next: 'Put the file back from the back-up; a witness that forgets can be lied to.',
      });
    }
    return { checkpoint, note };
  }

  /** Returns only when a power cut can no longer undo it. */
  async store(log: KnownLog, note: string): Promise<void> {
    await replaceDurably(this.#statePath(log), Buffer.from(note), 0o600);
  }

  #statePath({ origin }: KnownLog): string {
    return join(this.#folder, 'state', originHash(origin));
  }
}

/** How the monitoring address names a log: hex SHA-256 of its origin line. */
export const originHash = (origin: string): string => createHash('sha256').update(origin).digest('hex');

async function readSigner(path: string): Promise<WitnessSigner> {
  const mode = await stat(path).then(
    (found) => found.mode,
    () => {
      throw new StationError('witness-missing', `there is no witness here: ${path}`, {
        next: 'Make one with "evidock witness init".',
      });
    },
  );
  if ((mode & 0o077) !== 0) {
    throw new StationError('witness-key', `others may read the secret key ${path}`, {
      next: `Run "chmod 600 ${path}", and make a new witness if others did read it.`,
    });
  }
  const [name = '', ...lines] = (await readFile(path, 'utf8')).split('\n');
  const secretKey = parseSecret(lines.join('\n'));
  if (secretKey?.asymmetricKeyType !== 'ed25519' || name === '') {
    throw new StationError('witness-key', `the secret key ${path} is damaged`, {
      next: 'Put the file back from the back-up.',
    });
  }
  return { name, secretKey, rawKey: rawPublicKey(createPublicKey(secretKey)) };
}

function parseSecret(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

async function readLogs(path: string): Promise<Map<string, KnownLog>> {
  const logs = new Map<string, KnownLog>();
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const key = parseVerifierKey(line);
    if (key === undefined || logs.has(key.name)) {
      throw new StationError('witness-logs', `${path}: not a new verifier key: ${line.slice(0, 100)}`, {
        next: 'Each line is a station\'s log.vkey (see "evidock keys list" there), each log once.',
      });
    }
    logs.set(key.name, { origin: key.name, rawKey: key.rawKey });
  }
  return logs;
}
