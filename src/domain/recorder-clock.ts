/**
 * What was learnt of a recorder's clock, and done to it, before the first file was copied: the dock finds it out, intake
 * measures with it. Instants are milliseconds since 1970 by the station's clock unless a name says otherwise.
 */
import type { DockFinding } from './dock.ts';
import type { ClockReadingBody } from './records.ts';

/** A moment of the station, bracketed: the wall clock, which somebody may turn, and one that only goes forward. */
export interface Bracket {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** How long it took by the clock that only goes forward. */
  readonly tookMs: number;
}

/** A reading of the recorder's clock. */
export interface ClockReading extends Bracket {
  /** `YYYY-MM-DDTHH:MM:SS`, as the recorder said it. */
  readonly local: string;
  /** The same as an instant, in the station's time zone. */
  readonly recorderMs: number;
  /** The recorder's smallest step: 1000 where it says whole seconds. */
  readonly resolutionMs: number;
}

/** What the recorder was told, and whether it took it. */
export interface ClockSetting extends Bracket {
  /** No record of this setting is older. */
  readonly plannedAtMs: number;
  readonly local: string;
  readonly toldMs: number;
  /** `failed`: it may or may not have taken it. */
  readonly outcome: 'set' | 'failed';
  /** Code of the error, null when it was set. */
  readonly problem: string | null;
}

export interface RecorderClock {
  /** Null where the protocol cannot, or did not. Always from before the setting. */
  readonly reading: ClockReading | null;
  /** Null where nothing was sent to the recorder. */
  readonly setting: ClockSetting | null;
  /** `clock-unread`, `clock-not-set`. */
  readonly findings: readonly DockFinding[];
  /** Asked in the same breath; null where the recorder does not say. */
  readonly batteryPercent?: number | null;
}

/** A step of setting a clock that goes into the ledger: what is about to be sent, durably before; and how it ended. */
export type ClockStep =
  | {
      readonly step: 'setting';
      readonly serial: string | null;
      readonly reading: ClockReading | null;
      readonly toldMs: number;
      readonly local: string;
    }
  | { readonly step: 'set'; readonly serial: string | null; readonly setting: ClockSetting }
  /** The second was missed, so nothing was sent. */
  | { readonly step: 'not-sent'; readonly serial: string | null; readonly toldMs: number; readonly local: string };

/** A recorder is not told a time that cannot be now: the station's own battery may have run empty. */
const stationYearMin = 2026;
const stationYearMax = 2099;

/** Whether the station's clock may be passed on; `local` is its time in its own zone. */
export function mayBeTold(local: string): boolean {
  const year = Number(local.slice(0, 4));
  return year >= stationYearMin && year <= stationYearMax;
}

/** As records have it: ISO UTC. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();

export const bracketBody = ({ startedAtMs, endedAtMs, tookMs }: Bracket) => ({
  startedAt: isoTime(startedAtMs),
  endedAt: isoTime(endedAtMs),
  tookMs,
});

export const bracketOf = (body: {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly tookMs: number;
}): Bracket => ({
  startedAtMs: Date.parse(body.startedAt),
  endedAtMs: Date.parse(body.endedAt),
  tookMs: body.tookMs,
});

export const readingBody = (reading: ClockReading): ClockReadingBody => ({
  local: reading.local,
  recorderAt: isoTime(reading.recorderMs),
  resolutionMs: reading.resolutionMs,
  ...bracketBody(reading),
});

export const readingOf = (body: ClockReadingBody): ClockReading => ({
  ...bracketOf(body),
  local: body.local,
  recorderMs: Date.parse(body.recorderAt),
  resolutionMs: body.resolutionMs,
});
