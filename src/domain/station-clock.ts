/**
 * What is known of the station's own clock at a moment, for records. With the record's time, milliseconds since boot
 * and boot id it shows when the clock was turned, and how far a time in the ledger can be relied on.
 */

export interface StationClock {
  /** Who says so: chrony's daemon, or nobody. */
  readonly source: 'chrony' | 'none';
  /** Null where nobody can say. */
  readonly synchronised: boolean | null;
  /** As `chronyc -c tracking` prints them: seconds, decimal, its signs. */
  readonly systemTime?: string;
  readonly rootDelay?: string;
  readonly rootDispersion?: string;
  readonly stratum?: number;
}

export const noStationClock: StationClock = { source: 'none', synchronised: null };

/** Fields of a line of `chronyc -c tracking` (chrony 4: 14 of them); undefined when it is no such line. */
export function readChronyTracking(line: string): StationClock | undefined {
  const fields = line.trim().split(',');
  const [stratum, systemTime, rootDelay, rootDispersion, leap] = [2, 4, 10, 11, 13].map((at) => fields[at]);
  const isSeconds = (text: string | undefined): text is string => /^-?\d{1,10}(\.\d{1,12})?$/.test(text ?? '');
  if (fields.length !== 14 || !/^\d{1,2}$/.test(stratum ?? '') || leap === undefined) return undefined;
  if (!isSeconds(systemTime) || !isSeconds(rootDelay) || !isSeconds(rootDispersion)) return undefined;
  const level = Number(stratum);
  return {
    source: 'chrony',
    // RFC 5905 counts 16 as not synchronised, and chrony says 0 before its first measurement.
    synchronised: leap !== 'Not synchronised' && level > 0 && level < 16,
    systemTime,
    rootDelay,
    rootDispersion,
    stratum: level,
  };
}
