/**
 * What two logs of a ledger say of each other: the last record of the one names the keys of the next, whose first
 * record holds the last checkpoint of the one before. Judged only where both records are sound; what is wrong with
 * them is told already.
 */
import type { StoreFinding } from '../domain/findings.ts';
import { continuedLogIn, logClosedIn } from '../domain/log-facts.ts';
import { sha256 } from '../formats/merkle-hash.ts';
import { openCheckpoint } from '../formats/signed-note.ts';
import { originOf } from '../formats/tree-origin.ts';
import { segmentOf } from './ledger-layout.ts';
import type { LogVerification } from './log-verification.ts';

export function linkFindings(ended: LogVerification | undefined, next: LogVerification): StoreFinding[] {
  if (ended === undefined || ended.layout.log !== next.layout.log - 1) return [];
  return [...closingFindings(ended, next), ...continuingFindings(ended, next)];
}

function closingFindings(ended: LogVerification, next: LogVerification): StoreFinding[] {
  if (ended.hasDamagedRecords || ended.last === undefined) return [];
  const closing = ended.last.type === 'log-closed' ? logClosedIn(ended.last.body) : undefined;
  const { logKey, leafKey } = next.keys;
  const isNamed = closing?.logKey === logKey?.toString('hex') && closing?.leafKey === leafKey?.toString('hex');
  if (closing !== undefined && (isNamed || logKey === undefined || leafKey === undefined)) return [];
  const detail = `its last record does not name the keys of log ${next.layout.log}`;
  const file = ended.layout.relative(ended.layout.recordSegment(segmentOf(Math.max(0, ended.records - 1))));
  return [{ code: 'record-invalid', file, detail }];
}

function continuingFindings(ended: LogVerification, next: LogVerification): StoreFinding[] {
  const { first } = next;
  const { logKey } = ended.keys;
  if (first === undefined || logKey === undefined) return [];
  const file = next.layout.relative(next.layout.recordSegment(0));
  const invalid = (detail: string): StoreFinding[] => [{ code: 'record-invalid', file, detail }];
  const continues = first.type === 'log-continued' ? continuedLogIn(first.body) : undefined;
  if (continues === undefined) return invalid('its first record does not say which log it continues');
  if (continues.log !== ended.layout.log || continues.logKeySha256 !== sha256(logKey).toString('hex'))
    return invalid('its first record continues another log');
  const held = openCheckpoint(continues.checkpoint, originOf(logKey), logKey);
  if (typeof held === 'string') return invalid(`the checkpoint in its first record is not good: ${held}`);
  if (held.size !== continues.size || held.root.toString('hex') !== continues.root)
    return invalid('its first record says another size or root than the checkpoint in it');
  if (first.seq !== ended.firstSequence + held.size)
    return invalid(`its first record is not the one after the ${held.size} of the log before`);
  const { checkpoint } = ended;
  const own = ended.layout.relative(ended.layout.checkpoint);
  if (checkpoint === undefined) return [];
  if (checkpoint.size !== held.size) {
    const detail = `it is not the last one of this log, which covers ${held.size} records`;
    return [{ code: 'checkpoint-altered', file: own, detail }];
  }
  if (checkpoint.root.equals(held.root)) return [];
  return [{ code: 'tree-differs', file: own, detail: `log ${next.layout.log} goes on from another tree` }];
}
