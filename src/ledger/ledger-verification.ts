/**
 * Verifies a ledger from its public keys alone, and returns everything that is wrong, each with the file that is at
 * fault and no other. Nothing is written, and a station may run beside: the checkpoint is read first, what it covers
 * is verified strictly, what came later only as far as it can be there already. 32 bytes a record are not even kept:
 * memory holds one segment. Log after log; then what stands in one log about another.
 */
import type { StoreFinding } from '../domain/findings.ts';
import type { DocumentId } from '../domain/ids.ts';
import { type DeletionApprovedBody, type DeletionCarriedOutBody, vaultPlace } from '../domain/keeping-facts.ts';
import type { RecordEnvelope } from '../domain/records.ts';
import { namesIn, readIfThere } from '../files/if-there.ts';
import { isUnfinishedLog, LedgerLayout, logOfName } from './ledger-layout.ts';
import { linkFindings } from './log-links.ts';
import { type LogHead, readLogTable } from './log-table.ts';
import { LogVerification } from './log-verification.ts';
import { RecordedStamps } from './stamp-verification.ts';

export interface LedgerVerdict {
  readonly findings: readonly StoreFinding[];
  readonly records: number;
  readonly documents: number;
  readonly tiles: number;
  /** Every record and document can be read and is what was recorded: it can be replayed. */
  readonly isReplayable: boolean;
}

export interface LedgerVerificationOptions {
  readonly signal?: AbortSignal;
  /** Which deletions must have been carried out here: those of the vault, or of the mirror with this id. */
  readonly place?: string;
  /** Called with each sound record, in order. */
  readonly onRecord?: (record: RecordEnvelope) => void;
}

/** @throws the kernel's error when a file cannot be read; the signal's reason when it is aborted */
export async function verifyLedger(
  dataFolder: string,
  options: LedgerVerificationOptions = {},
): Promise<LedgerVerdict> {
  const verification = new LedgerVerification(options);
  const { logs } = await readLogTable(dataFolder);
  const findings = await foreignLogs(dataFolder);
  let before: LogVerification | undefined;
  let firstSequence = 0;
  for (const [at, head] of logs.entries()) {
    const endSize = await endSizeOf(head, logs[at + 1], firstSequence);
    const log = await verification.verify(head.layout, { firstSequence, endSize, before });
    findings.push(...linkFindings(before, log));
    before = log;
    firstSequence += endSize ?? log.records;
  }
  return verification.finish(findings);
}

/**
 * How many records a log has that the next one goes on from: by where that one begins, or by the checkpoint where its
 * first record cannot be read. Undefined for the last log.
 */
async function endSizeOf(
  { layout }: LogHead,
  next: LogHead | undefined,
  firstSequence: number,
): Promise<number | undefined> {
  if (next === undefined) return undefined;
  if (next.firstSequence > firstSequence) return next.firstSequence - firstSequence;
  const note = (await readIfThere(layout.path(layout.checkpoint)))?.toString('utf8');
  const size = Number(note?.split('\n')[1]);
  return Number.isSafeInteger(size) && size > 0 ? size : 0;
}

/** Names in the folder of the later logs that no change of keys gives, and numbers that are left out. */
async function foreignLogs(dataFolder: string): Promise<StoreFinding[]> {
  const { logsFolder } = new LedgerLayout(dataFolder);
  const names = await namesIn(logsFolder);
  const numbers = new Set(names.map(logOfName).filter((log) => log !== undefined));
  const findings: StoreFinding[] = [];
  for (const name of names) {
    if (logOfName(name) === undefined && !isUnfinishedLog(name))
      findings.push({ code: 'unexpected-file', file: `ledger/logs/${name}` });
  }
  for (let log = 1; log <= Math.max(0, ...numbers); log += 1) {
    if (!numbers.has(log))
      findings.push({ code: 'record-missing', file: `ledger/logs/${log}`, detail: 'the log is not there' });
  }
  return findings;
}

interface LogsPlace {
  readonly firstSequence: number;
  readonly endSize: number | undefined;
  readonly before: LogVerification | undefined;
}

class LedgerVerification {
  readonly #options: LedgerVerificationOptions;
  readonly #logs: LogVerification[] = [];
  readonly #recorded = new RecordedStamps();
  readonly #findings: StoreFinding[] = [];
  /** Records of lawful deletions by sequence, and those that were carried out. */
  readonly #deletions = new Map<number, DeletionApprovedBody>();
  readonly #carriedOut = new Set<string>();

  constructor(options: LedgerVerificationOptions) {
    this.#options = options;
  }

  async verify(layout: LedgerLayout, { firstSequence, endSize, before }: LogsPlace): Promise<LogVerification> {
    const log = await LogVerification.run({
      ...{ layout, firstSequence, endSize, recorded: this.#recorded, signal: this.#options.signal },
      previous: before?.layout.log === layout.log - 1 ? before.link : undefined,
      onRecord: (record) => {
        this.#takeDeletion(record);
        this.#options.onRecord?.(record);
      },
    });
    this.#logs.push(log);
    return log;
  }

  async finish(findings: readonly StoreFinding[]): Promise<LedgerVerdict> {
    for (const log of this.#logs) this.#findings.push(...log.findings);
    this.#findings.push(...findings);
    this.#verifyErased();
    for (const log of this.#logs) this.#findings.push(...(await log.verifyStamps()));
    const sum = (of: (log: LogVerification) => number): number => this.#logs.reduce((all, log) => all + of(log), 0);
    return {
      findings: this.#findings,
      records: sum(({ records }) => records),
      documents: sum(({ documents }) => documents),
      tiles: sum(({ tiles }) => tiles),
      isReplayable: !this.#findings.some(({ code }) => code.startsWith('record-') || code.startsWith('document-')),
    };
  }

  #takeDeletion({ type, seq, body }: RecordEnvelope): void {
    if (type === 'deletion-approved') this.#deletions.set(seq, body as unknown as DeletionApprovedBody);
    const { deletion, place } = body as unknown as DeletionCarriedOutBody;
    if (type === 'deletion-carried-out' && place === (this.#options.place ?? vaultPlace))
      this.#carriedOut.add(deletion);
  }

  #verifyErased(): void {
    const erased = new Set<string>();
    for (const { id, finding, erasedBy, namedBy } of this.#logs.flatMap(({ erased: own }) => own)) {
      erased.add(id);
      const isNamed = this.#deletions.get(erasedBy)?.documents.includes(id as DocumentId) === true;
      // A deletion of a person overwrites its own document that says who.
      if (isNamed && erasedBy >= namedBy) continue;
      // A damaged record may be the one that says so.
      if (this.#logs.some(({ hasDamagedRecords }) => hasDamagedRecords)) continue;
      this.#findings.push({ ...finding, detail: `${finding.detail}: erased, and no record says so` });
    }
    for (const [seq, { deletion, documents }] of this.#deletions) {
      if (!this.#carriedOut.has(deletion)) continue;
      for (const id of documents.filter((one) => !erased.has(one))) {
        const detail = `document ${id} was to be overwritten by record ${seq}`;
        this.#findings.push({
          code: 'document-not-erased',
          file: this.#logs[0]?.layout.relative('documents') ?? '',
          detail,
        });
      }
    }
  }
}
