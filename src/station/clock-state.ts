/** Asks chrony about the station's clock, where chrony is; a station without it says so in its records. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { noStationClock, readChronyTracking, type StationClock } from '../domain/station-clock.ts';
import { type StationContext, systemActor } from './station-context.ts';

const chronyMs = 2000;
/** A running station records the state of its clock so often. */
export const clockStateMs = 3_600_000;

export async function stationClock(): Promise<StationClock> {
  const answer = await promisify(execFile)('chronyc', ['-c', 'tracking'], { timeout: chronyMs }).catch(() => undefined);
  return (answer === undefined ? undefined : readChronyTracking(answer.stdout)) ?? noStationClock;
}

/** Appends a `clock-state` record. `reason`: `hourly`, `export`, … */
export async function recordClockState({ ledger }: StationContext, reason: string): Promise<void> {
  const body = { reason, stationClock: { ...(await stationClock()) } };
  await ledger.append({ type: 'clock-state', actor: systemActor, body });
}
