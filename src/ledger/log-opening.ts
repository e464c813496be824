/**
 * Every log of the ledger at start: those that have ended are read whole and must be what the log after each says of
 * it; the last one is opened to go on.
 */

import type { StationId } from '../domain/ids.ts';
import type { KeyChangeReason } from '../domain/log-facts.ts';
import {
  type LedgerKeys,
  loadLogKeys,
  openLedgerKeys,
  type PublicLogKeys,
  publicLogKeys,
  publishLogKeys,
} from './ledger-keys.ts';
import type { LedgerLayout } from './ledger-layout.ts';
import type { LedgerContradiction, LedgerMemory } from './ledger-memory.ts';
import { firstStart, type LogStart, type OpenedState, readClosedLog, readForOpening } from './ledger-opening.ts';
import { ledgerAltered, listSegments } from './ledger-reading.ts';
import { type LogHead, readLogTable } from './log-table.ts';
import type { TileStore } from './tile-store.ts';

export interface OpenedLog extends OpenedState {
  readonly layout: LedgerLayout;
  readonly keys: LedgerKeys;
  readonly firstSequence: number;
}

export interface EndedLogState extends PublicLogKeys {
  readonly layout: LedgerLayout;
  readonly firstSequence: number;
  readonly size: number;
  readonly closed: KeyChangeReason;
  readonly tiles: TileStore;
}

export interface OpenedLogs {
  readonly closed: readonly EndedLogState[];
  /** Its contradictions are those of all logs. */
  readonly current: OpenedLog;
  readonly station: StationId | undefined;
}

/** @throws StationError ledger-altered, key-… */
export async function openLogs(dataFolder: string, memory: LedgerMemory): Promise<OpenedLogs> {
  const { logs } = await readLogTable(dataFolder);
  const closed: EndedLogState[] = [];
  const contradictions: LedgerContradiction[] = [];
  let start: LogStart = firstStart;
  let station: StationId | undefined;
  for (const [at, head] of logs.entries()) {
    const next = logs[at + 1];
    if (next === undefined) break;
    const ended = await readEnded(head, next, { start, memory });
    closed.push(ended.state);
    contradictions.push(...ended.contradictions);
    station ??= ended.station;
    start = ended.next;
  }
  const head = logs.at(-1) as LogHead;
  if (head.layout.log !== closed.length) throw ledgerAltered(`log ${closed.length} is missing`);
  const keys = await currentKeys(dataFolder, head);
  const remembered = memory.checkpoints(keys.origin, keys.logKey);
  const state = await readForOpening({ layout: head.layout, keys, start, remembered });
  const origins = new Set([...closed.map(({ origin }) => origin), keys.origin]);
  const lost = memory.strangers(origins).map((one) => ({ kind: 'ledger-rolled-back', remembered: one }) as const);
  const current = {
    ...{ ...state, layout: head.layout, keys, firstSequence: start.firstSequence },
    contradictions: [...contradictions, ...state.contradictions, ...lost],
  };
  return { closed, current, station: station ?? state.station };
}

async function readEnded(
  { layout, keys: named }: LogHead,
  next: LogHead,
  known: { readonly start: LogStart; readonly memory: LedgerMemory },
): Promise<{
  readonly state: EndedLogState;
  readonly station: StationId | undefined;
  readonly next: LogStart;
  readonly contradictions: readonly LedgerContradiction[];
}> {
  if (named === undefined) throw ledgerAltered(`the first record of log ${layout.log} names no keys`);
  const keys = publicLogKeys(named);
  const remembered = known.memory.checkpoints(keys.origin, keys.logKey);
  const read = await readClosedLog({ layout, keys, start: known.start, remembered });
  const { size } = read.tiles.tree;
  const { continues } = next;
  const isContinued = continues?.size === size && continues.root === read.tiles.tree.root().toString('hex');
  if (continues === undefined || !isContinued || next.layout.log !== layout.log + 1) {
    throw ledgerAltered(`log ${next.layout.log} does not go on from log ${layout.log}`);
  }
  const { firstSequence } = known.start;
  return {
    state: { ...keys, layout, firstSequence, size, closed: continues.reason, tiles: read.tiles },
    station: read.station,
    next: { firstSequence: firstSequence + size, prev: read.prev },
    contradictions: read.contradictions,
  };
}

async function currentKeys(dataFolder: string, { layout, keys }: LogHead): Promise<LedgerKeys> {
  if (layout.log === 0) {
    const isNew = (await listSegments(layout, layout.records)).length === 0;
    return openLedgerKeys(dataFolder, layout, isNew);
  }
  if (keys === undefined) throw ledgerAltered(`the first record of log ${layout.log} names no keys`);
  const loaded = await loadLogKeys(dataFolder, keys);
  await publishLogKeys(layout.path(layout.keys), loaded);
  return loaded;
}
