/**
 * By when recordings must be handed in, and whether they were: counted from the end of duty where a return of the
 * recorder says it, else from the end of the last recording of the shift, at the latest that the clock's error allows.
 * The rule is local and configured; this only computes.
 */
import { dayAfter, instantToLocalDate, localTimeToInstant } from './station-time.ts';

/** `same-day`: before the day of the end of duty is over; otherwise so many hours after it. */
export interface HandInRule {
  readonly rule: 'same-day' | 'hours-after-duty';
  readonly hours: number;
}

export interface ShiftRecording {
  /** Latest moment at which it may have ended, by the station's clock. */
  readonly endedByMs: number;
  readonly startedMs: number;
}

export interface HandIn {
  readonly dutyEndMs: number;
  readonly basis: 'return' | 'last-recording';
  readonly dueMs: number;
  /** Milliseconds that it came too late; 0 when it came in time. */
  readonly lateMs: number;
}

/** A pause longer than this separates two shifts. */
export const shiftPauseMs = 6 * 3_600_000;

export interface HandInQuestion {
  readonly rule: HandInRule;
  readonly timeZone: string;
  /** The recording that is asked about. */
  readonly at: ShiftRecording;
  /** Of the same recorder, its own included, in any order. */
  readonly recordings: readonly ShiftRecording[];
  /** When the recorder was given back after this recording; null: nobody recorded that. */
  readonly returnedAtMs: number | null;
  /** When the station took it in. */
  readonly handedInMs: number;
}

export function handIn({ rule, timeZone, at, recordings, returnedAtMs, handedInMs }: HandInQuestion): HandIn {
  const basis = returnedAtMs === null ? 'last-recording' : 'return';
  // Whatever a clock says, it had ended when it was taken in.
  const dutyEndMs = Math.min(returnedAtMs ?? endOfShift(at, recordings), handedInMs);
  const dueMs = dueBy(rule, dutyEndMs, timeZone);
  return { dutyEndMs, basis, dueMs, lateMs: Math.max(0, handedInMs - dueMs) };
}

function endOfShift(at: ShiftRecording, recordings: readonly ShiftRecording[]): number {
  let end = at.endedByMs;
  const later = recordings.filter(({ startedMs }) => startedMs >= at.startedMs);
  for (const one of later.sort((a, b) => a.startedMs - b.startedMs)) {
    if (one.startedMs - end > shiftPauseMs) break;
    end = Math.max(end, one.endedByMs);
  }
  return end;
}

function dueBy({ rule, hours }: HandInRule, dutyEndMs: number, timeZone: string): number {
  if (rule === 'hours-after-duty') return dutyEndMs + hours * 3_600_000;
  return localTimeToInstant(`${dayAfter(instantToLocalDate(dutyEndMs, timeZone))}T00:00:00`, timeZone);
}
