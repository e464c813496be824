/**
 * Which clips are one recording: recorders cut long recordings into files of a fixed length, and each file begins where
 * the one before ended. Joined are clips of one recorder whose numbers follow each other where names have them, whose
 * ends and beginnings meet, and of which each but the last was cut by length. Whoever stops and starts again makes two.
 */
export interface RecordedPart {
  readonly clip: string;
  readonly kind: string | null;
  /** By the recorder's own clock, which two parts of one recording share, in milliseconds; null: not known. */
  readonly startMs: number | null;
  readonly durationMs: number | null;
  readonly sequence: number | null;
}

export interface Recording<P extends RecordedPart = RecordedPart> {
  /** In order; one for a recording that was never cut. */
  readonly parts: readonly P[];
  /** Between each part and the next, milliseconds: above zero a gap, below it an overlap. */
  readonly gapsMs: readonly number[];
}

/** Names are cut down to seconds, and files take a moment to open; recorders also repeat the last second or two. */
export const joinedGapMsMax = 5000;
export const joinedOverlapMsMax = 10_000;
/** Files cut by length differ by so much. */
const lengthShare = 0.1;

/** Recordings in the order in which they began; clips without a time are recordings of their own, last. */
export function joinRecordings<P extends RecordedPart>(parts: readonly P[]): Recording<P>[] {
  const timed = parts.filter(({ startMs }) => startMs !== null);
  timed.sort((a, b) => startOf(a) - startOf(b) || (a.sequence ?? 0) - (b.sequence ?? 0));
  const open: { parts: P[]; gapsMs: number[] }[] = [];
  const recordings: { parts: P[]; gapsMs: number[] }[] = [];
  for (const part of timed) {
    // Sound and pictures of the same time do not come between the files of a film.
    const before = open.find(({ parts: own }) => own[0]?.kind === part.kind);
    const gapMs = before === undefined ? undefined : gapBetween(before.parts, part);
    if (before !== undefined && gapMs !== undefined) {
      before.parts.push(part);
      before.gapsMs.push(gapMs);
      continue;
    }
    const begun = { parts: [part], gapsMs: [] };
    if (before !== undefined) open.splice(open.indexOf(before), 1);
    open.push(begun);
    recordings.push(begun);
  }
  const untimed = parts.filter(({ startMs }) => startMs === null).map((part) => ({ parts: [part], gapsMs: [] }));
  return [...recordings, ...untimed];
}

const startOf = ({ startMs }: RecordedPart): number => startMs ?? 0;

/** Milliseconds between the last part and the next one when they are one recording. */
function gapBetween(parts: readonly RecordedPart[], next: RecordedPart): number | undefined {
  const last = parts.at(-1);
  if (last === undefined || last.durationMs === null || last.durationMs <= 0 || next.durationMs === null)
    return undefined;
  if (next.kind !== 'video' && next.kind !== 'audio') return undefined;
  const gapMs = startOf(next) - (startOf(last) + last.durationMs);
  if (gapMs > joinedGapMsMax || gapMs < -joinedOverlapMsMax || startOf(next) <= startOf(last)) return undefined;
  if (last.sequence !== null && next.sequence !== null && !follows(last.sequence, next.sequence)) return undefined;
  // Shorter than the one after it: it was not cut by length, somebody had stopped it.
  if (last.durationMs < next.durationMs * (1 - lengthShare)) return undefined;
  // In the middle all have the same length; the first may be longer by what was recorded before the button.
  const [, ...middle] = parts;
  if (middle.some(({ durationMs }) => differs(durationMs ?? 0, middle[0]?.durationMs ?? 0))) return undefined;
  return gapMs;
}

const follows = (before: number, after: number): boolean =>
  after === before + 1 || (after <= 1 && /^9+$/u.test(String(before)));
const differs = (a: number, b: number): boolean => Math.abs(a - b) > lengthShare * Math.max(a, b);
