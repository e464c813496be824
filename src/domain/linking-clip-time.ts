/**
 * When a clip was recorded by the station's clock, as far as linking may rely on it: the range that its docking's
 * measurement of the clock leaves, and a best guess inside it. A recorder whose clock nobody measured is taken at its
 * word, with a doubt, and never decides anything alone.
 */

/** Beginning of a recording; instants in milliseconds. An end that is null is not limited. */
export interface ClipTime {
  readonly guessMs: number;
  readonly earliestMs: number | null;
  readonly latestMs: number | null;
  /** 0 while nobody knows. */
  readonly durationMs: number;
  /** The range is narrow enough to tell one case from the next. */
  readonly isMeasured: boolean;
}

/** Ranges up to this are as good as a reading. */
export const measuredWidthMsMax = 10 * 60_000;
/** A time from before the recorder could have made it, or from long after it was taken in, is no time. */
const implausibleMs = 366 * 86_400_000;

export interface ClipTimeFacts {
  /** ISO UTC, as the recorder's clock had it. */
  readonly recordedAt: string | null;
  readonly correctedEarliest: string | null;
  readonly correctedLatest: string | null;
  readonly sealedAt: string;
  readonly durationMs: number | null;
}

export function clipTime(facts: ClipTimeFacts): ClipTime | null {
  const recordedMs = facts.recordedAt === null ? Number.NaN : Date.parse(facts.recordedAt);
  if (Number.isNaN(recordedMs)) return null;
  const earliestMs = facts.correctedEarliest === null ? null : Date.parse(facts.correctedEarliest);
  const latestMs = facts.correctedLatest === null ? null : Date.parse(facts.correctedLatest);
  const isMeasured = earliestMs !== null && latestMs !== null && latestMs - earliestMs <= measuredWidthMsMax;
  const guessMs = isMeasured
    ? Math.round((earliestMs + latestMs) / 2)
    : Math.min(Math.max(recordedMs, earliestMs ?? recordedMs), latestMs ?? recordedMs);
  const isFuture = guessMs > Date.parse(facts.sealedAt) + implausibleMs;
  if (isFuture || guessMs < Date.parse('2005-01-01T00:00:00Z')) return null;
  return { guessMs, earliestMs, latestMs, durationMs: facts.durationMs ?? 0, isMeasured };
}

/**
 * By when a clip is put in order: its best guess, or when it was sealed where a clock of 1970 or 2099 says nothing.
 * Written into the registry, so that lists by age need no arithmetic.
 */
export function occurredAt(facts: Omit<ClipTimeFacts, 'durationMs'>): string {
  const time = clipTime({ ...facts, durationMs: null });
  const sealedMs = Date.parse(facts.sealedAt);
  if (time === null || time.guessMs > sealedMs || time.guessMs < sealedMs - 10 * implausibleMs) return facts.sealedAt;
  return new Date(time.guessMs).toISOString();
}
