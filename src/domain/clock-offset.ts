/**
 * How wrong a recorder's clock is, as far as it can be known: offset = recorder's clock minus station's clock. A clock
 * that was read over a protocol gives an offset with a bound; a recorder without one only shows that its clock cannot
 * be behind the newest time it wrote. Measured before anything sets the clock, and kept with each clip.
 */

/** A reading of the recorder's clock, bracketed by the station's. Milliseconds since 1970. */
export interface ClockReading {
  /** What the recorder said, turned into an instant by the station's time zone. */
  readonly recorderMs: number;
  /** The recorder's smallest step: 1000 where it says whole seconds. */
  readonly resolutionMs: number;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

export interface ClockEvidence {
  readonly reading?: ClockReading;
  /** The newest time that names or files on the card carry, and the station's time when they were listed. */
  readonly newestFile?: { readonly recorderMs: number; readonly listedAtMs: number };
}

export type ClockOffset =
  /** The true offset lies within `offsetMs` ± `boundMs`. */
  | { readonly basis: 'protocol'; readonly offsetMs: number; readonly boundMs: number }
  /** The true offset is at least `atLeastMs`; nothing limits it from above. */
  | { readonly basis: 'newest-file'; readonly atLeastMs: number }
  | { readonly basis: 'none' };

export type ClockFinding = 'clock-absurd' | 'clock-wrong' | 'clock-ahead';

/** A clock may be so far off before it is a finding. */
export const clockToleranceMs = 60_000;
/** Beyond this a clock was not set at all: batteries that ran empty bring 1970, 2000 or 2013 back. */
export const clockAbsurdMs = 366 * 86_400_000;

export function measureClock(evidence: ClockEvidence): ClockOffset {
  const { reading, newestFile } = evidence;
  if (reading !== undefined) {
    const roundTripMs = Math.max(0, reading.answeredAtMs - reading.askedAtMs);
    const middleMs = reading.askedAtMs + roundTripMs / 2;
    // The recorder cuts its time down to its step: on average it is half a step later than it says.
    const offsetMs = reading.recorderMs + reading.resolutionMs / 2 - middleMs;
    return { basis: 'protocol', offsetMs, boundMs: roundTripMs / 2 + reading.resolutionMs / 2 };
  }
  if (newestFile === undefined) return { basis: 'none' };
  return { basis: 'newest-file', atLeastMs: newestFile.recorderMs - newestFile.listedAtMs };
}

/** What is wrong with the clock, as findings. A lower bound below zero says nothing: the recorder was just not used. */
export function judgeClock(offset: ClockOffset): ClockFinding[] {
  switch (offset.basis) {
    case 'none':
      return [];
    case 'newest-file':
      if (offset.atLeastMs > clockAbsurdMs) return ['clock-absurd'];
      return offset.atLeastMs > clockToleranceMs ? ['clock-ahead'] : [];
    case 'protocol': {
      const surelyOffMs = Math.abs(offset.offsetMs) - offset.boundMs;
      if (surelyOffMs > clockAbsurdMs) return ['clock-absurd'];
      return surelyOffMs > clockToleranceMs ? ['clock-wrong'] : [];
    }
  }
}

/**
 * The corrected time of a recording, beside the one in its name: null where the offset is not known, or so absurd that
 * nobody can tell when the clock jumped.
 */
export function correctedTime(recordedMs: number, offset: ClockOffset): { ms: number; boundMs: number } | null {
  if (offset.basis !== 'protocol' || judgeClock(offset).includes('clock-absurd')) return null;
  return { ms: recordedMs - offset.offsetMs, boundMs: offset.boundMs };
}
