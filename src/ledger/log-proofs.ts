/** Proofs from every log of the ledger: which log a record stands in decides which tree head proves it. */
import type { LogView } from './ledger.ts';
import type { LogTable } from './log-table.ts';
import { ProofSource } from './proof-source.ts';

export interface ProvingLogs {
  readonly dataFolder: string;
  /** As they are when asked; a change of keys adds one. */
  readonly logs: () => LogTable<LogView>;
  /** Raw public keys of the witnesses whose cosignatures count. */
  readonly witnessKeys: readonly Buffer[];
}

export interface RecordPlace {
  readonly log: LogView;
  readonly source: ProofSource;
  /** The leaf's index in its tree. */
  readonly index: number;
}

export class LogProofs {
  readonly #logs: ProvingLogs;
  readonly #sources = new Map<number, ProofSource>();

  constructor(logs: ProvingLogs) {
    this.#logs = logs;
  }

  /** The log that goes on. */
  get current(): ProofSource {
    return this.sourceOf(this.#logs.logs().current);
  }

  /** By number; undefined when there is no such log. */
  find(log: number): ProofSource | undefined {
    const found = this.#logs.logs().logs[log];
    return found && this.sourceOf(found);
  }

  sourceOf({ layout: { log }, origin, logKey, leafKey }: LogView): ProofSource {
    const { dataFolder, witnessKeys } = this.#logs;
    const known = this.#sources.get(log) ?? new ProofSource(dataFolder, { log, origin, logKey, leafKey, witnessKeys });
    this.#sources.set(log, known);
    return known;
  }

  placeOf(sequence: number): RecordPlace {
    const { log, index } = this.#logs.logs().placeOf(sequence);
    return { log, source: this.sourceOf(log), index };
  }
}
