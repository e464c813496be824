/**
 * The logs that a bag speaks of, and what leads from one to another: the record that closed a log names the keys of
 * the next, whose first record holds the last checkpoint of the one before. A verifier who knows the keys of one log
 * can so come to know the others; not past a key that was given up as compromised.
 */

import { type ContinuedLog, continuedLogIn, type LogClosedBody, logClosedIn, logKeysIn } from '../domain/log-facts.ts';
import type { RecordEnvelope } from '../domain/records.ts';
import type { LogKeys } from '../formats/inclusion-proofs.ts';
import { sha256 } from '../formats/merkle-hash.ts';
import type { Checkpoint } from '../formats/signed-note.ts';
import type { TrustedKeys } from './trust-file.ts';

export class BagLog {
  /** Where its checkpoint and keys lie: `` for the log that went on, `logs/0/` and so on for those that had ended. */
  readonly folder: string;
  readonly keys: LogKeys;
  /** What the proofs name it by, hex. */
  readonly hash: string;
  checkpoint: Checkpoint | undefined;
  /** Proven records, by their index in the log. */
  readonly #proven = new Map<string, RecordEnvelope>();
  #closing: LogClosedBody | undefined;

  constructor(folder: string, keys: LogKeys) {
    this.folder = folder;
    this.keys = keys;
    this.hash = sha256(keys.logKey).toString('hex');
  }

  add(index: bigint, record: RecordEnvelope): void {
    this.#proven.set(String(index), record);
    const isLast = this.checkpoint !== undefined && index === BigInt(this.checkpoint.size) - 1n;
    if (record.type === 'log-closed' && isLast) this.#closing = logClosedIn(record.body);
  }

  get #first(): RecordEnvelope | undefined {
    return this.#proven.get('0');
  }

  /** Sequence of its first record, as far as that is in the bag. */
  get firstSequence(): bigint {
    const first = this.#first;
    return first?.type === 'log-continued' ? BigInt(first.seq) : 0n;
  }

  /** The keys that it names as those of the log after it. */
  get closing(): LogClosedBody | undefined {
    return this.#closing;
  }

  get continues(): ContinuedLog | undefined {
    return this.#first?.type === 'log-continued' ? continuedLogIn(this.#first.body) : undefined;
  }

  /** Whether its own first record, which stands in its tree, names this leaf key. */
  get namesOwnLeafKey(): boolean {
    return this.#first !== undefined && logKeysIn(this.#first.body)?.leafKey === this.keys.leafKey.toString('hex');
  }

  *records(): Generator<{ readonly index: bigint; readonly record: RecordEnvelope }> {
    for (const [index, record] of this.#proven) yield { index: BigInt(index), record };
  }
}

/** Whether `next` holds exactly the checkpoint of `ended` that the bag has. */
export function holdsCheckpoint(next: BagLog, ended: BagLog): boolean | undefined {
  const { continues } = next;
  if (continues === undefined || continues.logKeySha256 !== ended.hash || ended.checkpoint === undefined)
    return undefined;
  return continues.size === ended.checkpoint.size && continues.root === ended.checkpoint.root.toString('hex');
}

/** The logs whose keys the trust file has, and those that one of them leads to. */
export function believedLogs(logs: readonly BagLog[], trust: TrustedKeys): Set<BagLog> {
  const believed = new Set(logs.filter(({ keys }) => trust.logs.has(keys.logKey.toString('hex'))));
  // A set goes on to what is added while it is walked through.
  for (const known of believed) {
    for (const other of logs) if (vouches(known, other)) believed.add(other);
  }
  return believed;
}

function vouches(known: BagLog, other: BagLog): boolean {
  const { closing } = known;
  const isNamed =
    closing?.reason === 'routine' &&
    closing.logKey === other.keys.logKey.toString('hex') &&
    closing.leafKey === other.keys.leafKey.toString('hex');
  return isNamed || (holdsCheckpoint(known, other) === true && other.namesOwnLeafKey);
}
