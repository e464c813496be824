/** When each witness cosigned last, from the checkpoints that lie with the ledger; nobody is asked and nothing opened. */
import { publicLogKeys } from './ledger-keys.ts';
import { readLogTable } from './log-table.ts';
import { ProofSource } from './proof-source.ts';

/**
 * Of the log that goes on, and of those before it: a new log is cosigned only once its witnesses know its key.
 * @param witnessKeys raw public keys
 * @returns by key in hex; undefined when there is no ledger
 * @throws StationError ledger-altered
 */
export async function lastCosignatures(
  dataFolder: string,
  witnessKeys: readonly Buffer[],
): Promise<ReadonlyMap<string, Date> | undefined> {
  const last = new Map<string, Date>();
  const { logs, current } = await readLogTable(dataFolder);
  if (current.keys === undefined) return undefined;
  for (const { layout, keys } of logs) {
    if (keys === undefined) continue;
    const source = new ProofSource(dataFolder, { ...publicLogKeys(keys), witnessKeys, log: layout.log });
    for (const head of [await source.head(), await source.cosignedHead()]) {
      for (const { key, time } of head?.cosignatures ?? []) {
        const at = new Date(Number(time) * 1000);
        const hex = Buffer.from(key).toString('hex');
        if (at > (last.get(hex) ?? new Date(0))) last.set(hex, at);
      }
    }
  }
  return last;
}
