/** The public keys that sign for the station, of every log and every export, as verifiers and papers get them. */
import type { ExportKeyBody } from '../domain/export-facts.ts';
import { openExportKey } from '../exporting/export-key.ts';
import type { AllStationKeys, StationKeys, StationLog } from '../exporting/trust-file.ts';
import { readExactLines } from '../ledger/exact-lines.ts';
import type { StationContext } from './station-context.ts';

export const stationLogs = ({ ledger }: StationContext): StationLog[] =>
  ledger.logs.logs.map(({ layout, logKey, leafKey, firstSequence, closed }) => ({
    log: layout.log,
    ...{ logKey, leafKey, firstSequence, closed },
  }));

/** @throws StationError key-missing, key-unreadable */
export async function stationKeys(context: StationContext): Promise<StationKeys> {
  const { registry, options } = context;
  const current = registry.exports.currentKey();
  const exportKey = current === undefined ? undefined : (await openExportKey(options.dataFolder, current)).raw;
  return { logs: stationLogs(context), exportKey };
}

/** With the export keys of before, which only records name. @throws StationError key-…, ledger-altered */
export async function allStationKeys(context: StationContext): Promise<AllStationKeys> {
  const { registry, ledger } = context;
  const current = registry.exports.currentKey();
  const named = await readExactLines(ledger.logs, registry.exports.recordsOfType('export-key-made'));
  const bodies = named.map(({ record }) => record.body as unknown as ExportKeyBody);
  const withdrawn = new Set(bodies.flatMap(({ replaces, reason }) => (reason === 'compromised' ? [replaces] : [])));
  const earlier = bodies.filter(({ key }) => key !== current);
  return {
    ...(await stationKeys(context)),
    earlierExportKeys: earlier.map(({ key }) => ({ key: Buffer.from(key, 'hex'), isWithdrawn: withdrawn.has(key) })),
  };
}
