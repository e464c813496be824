/**
 * The station's public keys as they reach a verifier from outside the bag (`evidock trust`): plain lines, one key each,
 * and the newest checkpoint, by which a log that was rewritten since is found out. Files of several stations may be
 * put one behind the other.
 */
import { StationError } from '../domain/errors.ts';
import { keyOfOpenSsh, openSshText } from '../formats/open-ssh-key.ts';
import { type Checkpoint, openCheckpoint, parseVerifierKey, verifierKey } from '../formats/signed-note.ts';
import { sshFingerprint } from '../formats/ssh-signature.ts';
import { originOf } from '../formats/tree-origin.ts';

export interface StationKeys {
  readonly logKey: Buffer;
  readonly leafKey: Buffer;
  /** Undefined while nothing was exported. */
  readonly exportKey: Buffer | undefined;
}

export interface TrustedKeys {
  /** Raw public keys, hex. */
  readonly logs: ReadonlySet<string>;
  readonly leaves: ReadonlySet<string>;
  readonly exports: ReadonlySet<string>;
  readonly checkpoints: readonly Checkpoint[];
  /** The log's key by the origin that its checkpoints name. */
  logOf(origin: string): Buffer | undefined;
}

export interface KeyFingerprint {
  readonly role: 'export' | 'log' | 'leaf';
  readonly fingerprint: string;
}

/** What a hand-over sheet prints. */
export function fingerprintsOf({ exportKey, logKey, leafKey }: StationKeys): KeyFingerprint[] {
  return [
    ...(exportKey === undefined ? [] : [{ role: 'export' as const, fingerprint: sshFingerprint(exportKey) }]),
    { role: 'log', fingerprint: sshFingerprint(logKey) },
    { role: 'leaf', fingerprint: sshFingerprint(leafKey) },
  ];
}

export function trustFileText(keys: StationKeys, station: string, note: string): string {
  const { logKey, leafKey, exportKey } = keys;
  const lines = [
    `# Public keys of the station ${station} and its newest checkpoint, for: evidock verify PATH --trust THIS_FILE`,
    ...fingerprintsOf(keys).map(({ role, fingerprint }) => `# ${role} key ${fingerprint}`),
    `log ${verifierKey(originOf(logKey), logKey)}`,
    `leaf ${openSshText(leafKey, 'evidock-leaf').trim()}`,
    ...(exportKey === undefined ? [] : [`export ${openSshText(exportKey, 'evidock-export').trim()}`]),
    `checkpoint ${Buffer.from(note).toString('base64')}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** @throws StationError trust-file-invalid */
export function parseTrustFile(text: string): TrustedKeys {
  const reading = new TrustReading();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() !== '' && !line.startsWith('#') && !reading.take(line)) throw invalid(at + 1);
  }
  return reading.finish();
}

class TrustReading {
  readonly #logs = new Map<string, Buffer>();
  readonly #leaves = new Set<string>();
  readonly #exports = new Set<string>();
  readonly #notes: string[] = [];

  /** False when the line says nothing that is known. */
  take(line: string): boolean {
    const [word, rest] = splitOnce(line);
    if (word === 'checkpoint') this.#notes.push(Buffer.from(rest, 'base64').toString('utf8'));
    else if (word === 'log') return this.#takeLog(rest);
    else if (word === 'leaf' || word === 'export') {
      const key = keyOfOpenSsh(rest)?.toString('hex');
      if (key === undefined) return false;
      (word === 'leaf' ? this.#leaves : this.#exports).add(key);
    } else return false;
    return true;
  }

  #takeLog(text: string): boolean {
    const log = parseVerifierKey(text);
    if (log === undefined || log.name !== originOf(log.rawKey)) return false;
    this.#logs.set(log.name, log.rawKey);
    return true;
  }

  finish(): TrustedKeys {
    if (this.#logs.size === 0) throw invalid(1);
    const logs = new Set(Array.from(this.#logs.values(), (key) => key.toString('hex')));
    const checkpoints = this.#notes.map((note) => this.#openNote(note));
    const byOrigin = this.#logs;
    return { logs, leaves: this.#leaves, exports: this.#exports, checkpoints, logOf: (origin) => byOrigin.get(origin) };
  }

  #openNote(note: string): Checkpoint {
    const origin = note.slice(0, note.indexOf('\n'));
    const key = this.#logs.get(origin);
    const checkpoint = key === undefined ? 'the log of its checkpoint is not in it' : openCheckpoint(note, origin, key);
    if (typeof checkpoint === 'string') throw invalid(1, checkpoint);
    return checkpoint;
  }
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf(' ');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}

const invalid = (line: number, why = 'it is not what "evidock trust" writes'): StationError =>
  new StationError('trust-file-invalid', `the trust file, line ${line}: ${why}`, {
    next: 'Get the file anew from the station: evidock trust --data DIR --out FILE.',
  });
