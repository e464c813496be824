/**
 * Which acts of a case are to be seen on a recording, which are, and where a recording of an act breaks off
 * (未录制/中断情况). Times of acts are what people wrote down, in minutes or only as days; those of clips carry the
 * error of the recorder's clock: both show in how sure the answer is. Pure.
 */
import { type ActList, procedureOf } from './act-list.ts';
import { type Certainty, type ClipTime, middleMs, overlaps } from './clip-time.ts';
import { type CaseAct, type CaseFacts, compareText } from './people-facts.ts';

export interface TimedClip {
  readonly clip: string;
  readonly time: ClipTime;
  /** Clips with the same clock (recorder and docking) stand in exact order and distance to each other. */
  readonly clock: string | null;
}

export interface ActTolerance {
  /** A longer pause between two clips is a break. */
  readonly breakMs: number;
  /** A recording may begin so much later than the act, or end so much earlier, since people write minutes. */
  readonly edgeMs: number;
}

/** Acts without an end: clips that go on within so long belong to the same recording. */
const goesOnMs = 5 * 60_000;

export type ActState = 'recorded' | 'perhaps' | 'not-recorded' | 'not-dated' | 'paper';

export type BreakKind = 'pause' | 'begins-late' | 'ends-early';

export interface ActBreak {
  readonly kind: BreakKind;
  readonly fromMs: number;
  readonly untilMs: number;
  /** False where the clocks' error could explain it. */
  readonly isSure: boolean;
  /** The clips before and after it. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface ActRecording {
  /** A code of the list, or the words of the case's file. */
  readonly act: string;
  /** Stable name of this act of the case: `inquiry@2026-03-02T09:30:00`; `inquiry@` when it is not dated. */
  readonly ref: string;
  readonly dated: CaseAct | null;
  /** The procedure asks for it, whatever the case's file says. */
  readonly isRequired: boolean;
  readonly state: ActState;
  readonly clips: readonly { readonly clip: string; readonly certainty: Exclude<Certainty, 'no'> }[];
  readonly breaks: readonly ActBreak[];
}

export interface ActQuestion {
  readonly facts: Pick<CaseFacts, 'kind' | 'acts'>;
  readonly list: ActList;
  readonly clips: readonly TimedClip[];
  /** Clips that a reviewer said show an act, by its ref. */
  readonly byReview: ReadonlyMap<string, readonly string[]>;
  readonly tolerance: ActTolerance;
}

export const actRef = (act: string, dated: CaseAct | null): string => `${act}@${dated?.from.local ?? ''}`;

/** Dated acts in the order of time, then those that are required and have no time. */
export function actRecordings(question: ActQuestion): readonly ActRecording[] {
  const { facts, list } = question;
  const { requires } = procedureOf(list, facts).procedure;
  const dated = [...(facts.acts ?? [])].sort((a, b) => compareText(a.from.utc, b.from.utc));
  const named = new Set(dated.map(({ act }) => act));
  return [
    ...dated.map((act) => ofDatedAct(act, { ...question, isRequired: requires.includes(act.act) })),
    ...requires.filter((act) => !named.has(act)).map((act) => ofUndatedAct(act, question)),
  ];
}

function ofDatedAct(act: CaseAct, question: ActQuestion & { readonly isRequired: boolean }): ActRecording {
  const { list, clips, byReview, tolerance, isRequired } = question;
  const ref = actRef(act.act, act);
  const base = { act: act.act, ref, dated: act, isRequired };
  if (list.acts.get(act.act)?.recorded === false) return { ...base, state: 'paper', clips: [], breaks: [] };
  const [fromMs, untilMs] = spanOf(act);
  const reviewed = new Set(byReview.get(ref) ?? []);
  const isDay = act.from.local.length === 10;
  const shown = clips.flatMap((clip) => {
    if (reviewed.has(clip.clip)) return [{ clip, certainty: 'sure' as const }];
    const certainty = overlaps(clip.time, [fromMs - tolerance.edgeMs, untilMs + tolerance.edgeMs]);
    // That something was recorded on the day of an act does not say that it shows the act.
    return certainty === 'no' ? [] : [{ clip, certainty: isDay ? ('perhaps' as const) : certainty }];
  });
  const isSure = shown.some(({ certainty }) => certainty === 'sure');
  return {
    ...base,
    state: isSure ? 'recorded' : shown.length > 0 ? 'perhaps' : 'not-recorded',
    clips: shown.map(({ clip, certainty }) => ({ clip: clip.clip, certainty })),
    breaks: isDay
      ? []
      : breaksOf(
          act,
          shown.map(({ clip }) => clip),
          question,
        ),
  };
}

function ofUndatedAct(act: string, { byReview, clips }: ActQuestion): ActRecording {
  const ref = actRef(act, null);
  const reviewed = (byReview.get(ref) ?? []).filter((clip) => clips.some((one) => one.clip === clip));
  return {
    act,
    ref,
    dated: null,
    isRequired: true,
    state: reviewed.length > 0 ? 'recorded' : 'not-dated',
    clips: reviewed.map((clip) => ({ clip, certainty: 'sure' })),
    breaks: [],
  };
}

/** A day alone is the whole of it; an act without an end is its beginning. */
function spanOf(act: CaseAct): readonly [number, number] {
  const from = Date.parse(act.from.utc);
  if (act.until !== undefined) return [from, Date.parse(act.until.utc)];
  return [from, act.from.local.length === 10 ? from + 86_400_000 : from];
}

interface Piece {
  readonly clip: TimedClip;
  readonly startMs: number;
  readonly endMs: number;
}

function breaksOf(act: CaseAct, shown: readonly TimedClip[], { clips, tolerance }: ActQuestion): ActBreak[] {
  const [fromMs, untilMs] = spanOf(act);
  const hasEnd = act.until !== undefined;
  const pieces = (hasEnd ? shown : goingOn(shown, clips))
    .map((clip): Piece => ({ clip, startMs: middleMs(clip.time.startMs), endMs: middleMs(clip.time.endMs) }))
    .sort((a, b) => a.startMs - b.startMs);
  const [first] = pieces;
  if (first === undefined) return [];
  const breaks: ActBreak[] = [];
  let last = first;
  if (hasEnd && first.startMs > fromMs + tolerance.edgeMs) {
    const isSure = first.clip.time.startMs[0] > fromMs + tolerance.edgeMs;
    breaks.push({ kind: 'begins-late', fromMs, untilMs: first.startMs, isSure, before: null, after: first.clip.clip });
  }
  for (const piece of pieces.slice(1)) {
    const pauseMs = piece.startMs - last.endMs;
    if (pauseMs > tolerance.breakMs && last.endMs < untilMs + (hasEnd ? 0 : Number.POSITIVE_INFINITY)) {
      breaks.push({
        kind: 'pause',
        fromMs: last.endMs,
        untilMs: piece.startMs,
        isSure: pauseMs - doubtMs(last.clip, piece.clip) > tolerance.breakMs,
        before: last.clip.clip,
        after: piece.clip.clip,
      });
    }
    // Two recorders at once: the longer one counts.
    if (piece.endMs > last.endMs) last = piece;
  }
  if (hasEnd && last.endMs < untilMs - tolerance.edgeMs) {
    const isSure = last.clip.time.endMs[1] < untilMs - tolerance.edgeMs;
    breaks.push({ kind: 'ends-early', fromMs: last.endMs, untilMs, isSure, before: last.clip.clip, after: null });
  }
  return breaks;
}

/** By how much the distance of two clips may be wrong: not at all where the same clock timed both. */
function doubtMs(a: TimedClip, b: TimedClip): number {
  if (a.clock !== null && a.clock === b.clock) return 0;
  const half = ({ time }: TimedClip): number => (time.startMs[1] - time.startMs[0]) / 2;
  return half(a) + half(b);
}

/** The clips of an act that has only a beginning, and those that go on from them. */
function goingOn(shown: readonly TimedClip[], clips: readonly TimedClip[]): readonly TimedClip[] {
  const chain = new Set(shown);
  const rest = clips.filter((clip) => !chain.has(clip)).sort((a, b) => a.time.startMs[0] - b.time.startMs[0]);
  let endMs = Math.max(...shown.map(({ time }) => middleMs(time.endMs)));
  for (const clip of rest) {
    const startMs = middleMs(clip.time.startMs);
    if (chain.size === 0 || startMs < endMs - goesOnMs || startMs > endMs + goesOnMs) continue;
    chain.add(clip);
    endMs = Math.max(endMs, middleMs(clip.time.endMs));
  }
  return [...chain];
}
