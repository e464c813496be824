/**
 * Sequences and logs: the only module that knows how they belong together. Sequences count the records of the whole
 * ledger and go on over every change of keys; a log counts its own from 0, and that index is the place of a leaf in
 * its tree. So a log is its number and the sequence it begins with.
 */
import { type ContinuedLog, continuedLogIn, type LogKeysBody, logKeysIn } from '../domain/log-facts.ts';
import { namesIn } from '../files/if-there.ts';
import { readLines } from '../files/line-reader.ts';
import { LedgerLayout, logOfName } from './ledger-layout.ts';
import { parseRecord } from './record-lines.ts';

export interface LogSpan {
  readonly firstSequence: number;
}

/** Where a record stands: its log, and its index in it. */
export interface LogPlace<L extends LogSpan> {
  readonly log: L;
  readonly index: number;
}

export class LogTable<L extends LogSpan> {
  readonly logs: readonly L[];

  /** At least one, in order; the first begins with 0. */
  constructor(logs: readonly L[]) {
    this.logs = logs;
  }

  get current(): L {
    return this.logs.at(-1) as L;
  }

  /** Of any sequence, also of one that is still to come. */
  placeOf(sequence: number): LogPlace<L> {
    const log = this.logs.findLast(({ firstSequence }) => firstSequence <= sequence);
    if (log === undefined) throw new RangeError(`no log has sequence ${sequence}`);
    return { log, index: sequence - log.firstSequence };
  }

  /** The places of several records, log by log; each once, in order. */
  placesOf(sequences: Iterable<number>): Map<L, number[]> {
    const ordered = [...new Set(sequences)].sort((a, b) => a - b).map((sequence) => this.placeOf(sequence));
    const byLog = Map.groupBy(ordered, ({ log }) => log);
    return new Map(Array.from(byLog, ([log, places]) => [log, places.map(({ index }) => index)]));
  }
}

/** The beginning of a log, as its first record says it. */
export interface LogHead extends LogSpan {
  readonly layout: LedgerLayout;
  /** Undefined when there is no first record, or it names none. */
  readonly keys: LogKeysBody | undefined;
  /** What the log goes on from; undefined for the first. */
  readonly continues: ContinuedLog | undefined;
}

/** Numbers of the logs after the first, in order. */
export async function listLaterLogs(dataFolder: string): Promise<number[]> {
  return (await namesIn(new LedgerLayout(dataFolder).logsFolder))
    .map(logOfName)
    .filter((log) => log !== undefined)
    .sort((a, b) => a - b);
}

/** Every log that is there, by its own first record; nothing is verified. */
export async function readLogTable(dataFolder: string): Promise<LogTable<LogHead>> {
  const heads = [await readLogHead(new LedgerLayout(dataFolder))];
  for (const log of await listLaterLogs(dataFolder)) heads.push(await readLogHead(new LedgerLayout(dataFolder, log)));
  return new LogTable(heads);
}

export async function readLogHead(layout: LedgerLayout): Promise<LogHead> {
  const lines = readLines(layout.path(layout.recordSegment(0)));
  const line = (await lines.next()).value;
  await lines.return(undefined);
  const record = line?.complete === true ? parseRecord(line.bytes) : undefined;
  return {
    layout,
    firstSequence: layout.log === 0 ? 0 : (record?.seq ?? Number.NaN),
    keys: record && logKeysIn(record.body),
    continues: record && continuedLogIn(record.body),
  };
}
