/**
 * When a recording was made, as far as it can be known by the station's clock: the corrected range where its docking
 * measured one, else the recorder's own time, as long as what is known of the clock does not contradict it.
 */
export interface ClipTime {
  /** From when to when it may have begun and ended; equal where there is no doubt. Milliseconds since 1970. */
  readonly startMs: readonly [earliest: number, latest: number];
  readonly endMs: readonly [earliest: number, latest: number];
  /** `raw`: by the recorder's own clock, whose error is not known. */
  readonly basis: 'corrected' | 'raw';
}

export interface ClipTimeFacts {
  readonly recordedAt: string | null;
  readonly correctedEarliest: string | null;
  readonly correctedLatest: string | null;
  readonly durationMs: number | null;
}

/** Undefined when nobody can say: no time in the name, or one that the clock's own bounds contradict. */
export function clipTimeOf(facts: ClipTimeFacts): ClipTime | undefined {
  const lengthMs = facts.durationMs ?? 0;
  const ms = (iso: string | null): number | undefined => (iso === null ? undefined : Date.parse(iso));
  const [raw, earliest, latest] = [ms(facts.recordedAt), ms(facts.correctedEarliest), ms(facts.correctedLatest)];
  if (earliest !== undefined && latest !== undefined) {
    return { startMs: [earliest, latest], endMs: [earliest + lengthMs, latest + lengthMs], basis: 'corrected' };
  }
  if (raw === undefined || raw < (earliest ?? raw) || raw > (latest ?? raw)) return undefined;
  return { startMs: [raw, raw], endMs: [raw + lengthMs, raw + lengthMs], basis: 'raw' };
}

/** How surely two spans touch. */
export type Certainty = 'sure' | 'perhaps' | 'no';

/** Whether a recording was running at some moment of `[fromMs, untilMs]`. */
export function overlaps(time: ClipTime, [fromMs, untilMs]: readonly [number, number]): Certainty {
  if (time.endMs[1] < fromMs || time.startMs[0] > untilMs) return 'no';
  return time.endMs[0] >= fromMs && time.startMs[1] <= untilMs ? 'sure' : 'perhaps';
}

export const middleMs = ([from, to]: readonly [number, number]): number => (from + to) / 2;
