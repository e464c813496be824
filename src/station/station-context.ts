/** What the parts of the composition root share: the open ledger and registry, configuration, log, randomness. */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Configuration } from '../config/schema.ts';
import type { Actor } from '../domain/records.ts';
import type { SigsumPolicy } from '../formats/sigsum-policy.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LogProofs } from '../ledger/log-proofs.ts';
import type { ProofSource } from '../ledger/proof-source.ts';
import type { Registry } from '../registry/registry.ts';

export interface StationOptions {
  readonly dataFolder: string;
  readonly configuration: Configuration;
  readonly log: Logger;
  /** What started the station, for its first record: `ingest`, `run`, … */
  readonly command: string;
  readonly version: string;
  /** Makes the registry anew from the ledger. */
  readonly rebuild?: boolean;
}

export interface StationContext {
  readonly options: StationOptions;
  readonly registry: Registry;
  readonly ledger: Ledger;
  /** The log that goes on, as a public log: tree heads and proofs. Another object after a change of keys. */
  readonly proofs: ProofSource;
  /** The same of every log of the ledger. */
  readonly logProofs: LogProofs;
  /** Which witnesses count. */
  readonly policy: SigsumPolicy;
  /** Called after each new checkpoint is durable. */
  readonly onCheckpoint: Set<() => void>;
  /** Aborted when the station closes. */
  readonly closing: AbortSignal;
}

export const random = (count: number): Uint8Array => randomBytes(count);
export const systemActor: Actor = { kind: 'system', id: 'station' };
