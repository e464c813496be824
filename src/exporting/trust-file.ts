/**
 * The station's public keys as they reach a verifier from outside the bag (`evidock trust`): plain lines, one key each,
 * with the newest checkpoint of every log, by which a log that was rewritten since is found out. Files of several
 * stations may be put one behind the other.
 */
import { StationError } from '../domain/errors.ts';
import type { KeyChangeReason } from '../domain/log-facts.ts';
import { keyOfOpenSsh, openSshText } from '../formats/open-ssh-key.ts';
import { type Checkpoint, openCheckpoint, parseVerifierKey, verifierKey } from '../formats/signed-note.ts';
import { sshFingerprint } from '../formats/ssh-signature.ts';
import { originOf } from '../formats/tree-origin.ts';

export interface StationLog {
  /** 0 for the first. */
  readonly log: number;
  readonly logKey: Buffer;
  readonly leafKey: Buffer;
  /** Sequence of its first record. */
  readonly firstSequence: number;
  /** Why it ended; undefined for the log that goes on. */
  readonly closed: KeyChangeReason | undefined;
}

export interface StationKeys {
  /** Oldest first; the last one goes on. */
  readonly logs: readonly StationLog[];
  /** Undefined while nothing was exported. */
  readonly exportKey: Buffer | undefined;
}

/** The same with what only a trust file says. */
export interface AllStationKeys extends StationKeys {
  /** Keys that signed bags before; those withdrawn are not to be believed any more. */
  readonly earlierExportKeys: readonly { readonly key: Buffer; readonly isWithdrawn: boolean }[];
}

/** How far the key of a log is to be believed. */
export interface LogStanding {
  readonly firstSequence: number;
  readonly state: 'going' | 'ended' | 'compromised';
}

export interface TrustedKeys {
  /** Raw public keys, hex. */
  readonly logs: ReadonlySet<string>;
  readonly leaves: ReadonlySet<string>;
  readonly exports: ReadonlySet<string>;
  readonly withdrawnExports: ReadonlySet<string>;
  readonly checkpoints: readonly Checkpoint[];
  /** The log's key by the origin that its checkpoints name. */
  logOf(origin: string): Buffer | undefined;
  /** What the file says of a log beside its key. */
  standingOf(origin: string): LogStanding;
}

export interface KeyFingerprint {
  readonly role: 'export' | 'log' | 'leaf';
  readonly fingerprint: string;
  /** Number of the log whose keys they were, when it has ended. */
  readonly endedLog?: number;
}

/** What a hand-over sheet prints: first what signs now, then the keys of logs that have ended. */
export function fingerprintsOf({ exportKey, logs }: StationKeys): KeyFingerprint[] {
  const ofLog = ({ log, logKey, leafKey, closed }: StationLog): KeyFingerprint[] => {
    const ended = closed === undefined ? {} : { endedLog: log };
    return [
      { role: 'log', fingerprint: sshFingerprint(logKey), ...ended },
      { role: 'leaf', fingerprint: sshFingerprint(leafKey), ...ended },
    ];
  };
  return [
    ...(exportKey === undefined ? [] : [{ role: 'export' as const, fingerprint: sshFingerprint(exportKey) }]),
    ...logs.toReversed().flatMap(ofLog),
  ];
}

/** As plain text names a key; the form of commands and files. */
export const fingerprintLine = ({ role, fingerprint, endedLog }: KeyFingerprint): string =>
  `${role} ${fingerprint}${endedLog === undefined ? '' : ` (log ${endedLog}, ended)`}`;

/** @param notes the newest checkpoint of each log, in the order of the logs */
export function trustFileText(keys: AllStationKeys, station: string, notes: readonly string[]): string {
  const { logs, exportKey, earlierExportKeys } = keys;
  const exportLine = (word: string, key: Buffer): string => `${word} ${openSshText(key, 'evidock-export').trim()}`;
  const lines = [
    `# Public keys of the station ${station} and its newest checkpoint, for: evidock verify PATH --trust THIS_FILE`,
    ...fingerprintsOf(keys).map(({ role, fingerprint, endedLog }) => {
      return `# ${role} key ${fingerprint}${endedLog === undefined ? '' : ` (log ${endedLog}, ended)`}`;
    }),
    ...logs.flatMap(({ logKey, leafKey, firstSequence, closed }) => [
      `log ${verifierKey(originOf(logKey), logKey)}`,
      `leaf ${openSshText(leafKey, 'evidock-leaf').trim()}`,
      `span ${originOf(logKey)} ${firstSequence} ${stateWord(closed)}`,
    ]),
    ...(exportKey === undefined ? [] : [exportLine('export', exportKey)]),
    ...earlierExportKeys.map(({ key, isWithdrawn }) => exportLine(isWithdrawn ? 'withdrawn' : 'export', key)),
    ...notes.map((note) => `checkpoint ${Buffer.from(note).toString('base64')}`),
  ];
  return `${lines.join('\n')}\n`;
}

const stateWord = (closed: KeyChangeReason | undefined): LogStanding['state'] =>
  closed === undefined ? 'going' : closed === 'routine' ? 'ended' : 'compromised';

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
  readonly #withdrawn = new Set<string>();
  readonly #spans = new Map<string, LogStanding>();
  readonly #notes: string[] = [];

  /** False when the line says nothing that is known. */
  take(line: string): boolean {
    const [word, rest] = splitOnce(line);
    if (word === 'checkpoint') this.#notes.push(Buffer.from(rest, 'base64').toString('utf8'));
    else if (word === 'log') return this.#takeLog(rest);
    else if (word === 'span') return this.#takeSpan(rest);
    else if (word === 'leaf' || word === 'export' || word === 'withdrawn') {
      const key = keyOfOpenSsh(rest)?.toString('hex');
      if (key === undefined) return false;
      ({ leaf: this.#leaves, export: this.#exports, withdrawn: this.#withdrawn })[word].add(key);
    } else return false;
    return true;
  }

  #takeSpan(text: string): boolean {
    const [, origin = '', first, state] = /^(\S+) (0|[1-9]\d{0,14}) (going|ended|compromised)$/.exec(text) ?? [];
    if (state === undefined) return false;
    this.#spans.set(origin, { firstSequence: Number(first), state: state as LogStanding['state'] });
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
    const [byOrigin, spans] = [this.#logs, this.#spans];
    return {
      logs,
      leaves: this.#leaves,
      exports: this.#exports,
      withdrawnExports: this.#withdrawn,
      checkpoints,
      logOf: (origin) => byOrigin.get(origin),
      standingOf: (origin) => spans.get(origin) ?? { firstSequence: 0, state: 'going' },
    };
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
