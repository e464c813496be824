/** What people's spans in the cache say over time: since when a gap is open, what changed between two days. */
import type { CachedSpan } from '../coverage/cache-reader.ts';
import { type VerdictCode, verdictCodes } from '../domain/coverage-codes.ts';
import type { CoverageChanges, CoverageMove, StandingSpan, StandingWord } from '../domain/coverage-questions.ts';
import { endDayNumber, firstDayNumber } from '../domain/coverage-spans.ts';
import { dayNumber, dayOfNumber } from '../domain/day-number.ts';
import type { CalendarDate } from '../domain/people-facts.ts';

type CodedSpan = Pick<CachedSpan, 'from' | 'until' | 'code'>;

const codeOfSpan = ({ code }: CodedSpan): VerdictCode => verdictCodes[code] as VerdictCode;

/** `spans`: all of one person, the earliest first. Null when no gap is open on the day, or it has been for ever. */
export function openGapSince(spans: readonly CodedSpan[], day: number): CalendarDate | null {
  let at = spans.findIndex(({ from, until }) => from <= day && day < until);
  if (at === -1 || codeOfSpan(spans[at] as CodedSpan).status !== 'gap') return null;
  let since = (spans[at] as CodedSpan).from;
  for (at -= 1; at >= 0; at -= 1) {
    const before = spans[at] as CodedSpan;
    if (before.until !== since || codeOfSpan(before).status !== 'gap') break;
    since = before.from;
  }
  return since === firstDayNumber ? null : dayOfNumber(since);
}

/** First days of rosters and of lists of assignments; what would have been before them nobody knows. */
export interface FirstDays {
  readonly officers: CalendarDate | null;
  readonly assignments: CalendarDate | null;
}

export function standingSpans(spans: readonly CachedSpan[], first: FirstDays): StandingSpan[] {
  const told: { -readonly [field in keyof StandingSpan]: StandingSpan[field] }[] = [];
  for (const span of sinceFirst(spans, first.officers)) {
    const { status, reason, use } = codeOfSpan(span);
    const next = {
      from: dayOfNumber(span.from),
      until: span.until === endDayNumber ? null : dayOfNumber(span.until),
      unitKey: span.unit,
      certificateNo: span.certificate,
      standing: status,
      reason: reason ?? (use === 'in-use' ? null : use),
    };
    const last = told.at(-1);
    const isSame =
      last !== undefined &&
      last.until === next.from &&
      (['unitKey', 'certificateNo', 'standing', 'reason'] as const).every((field) => last[field] === next[field]);
    if (isSame) last.until = next.until;
    else told.push(next);
  }
  return told.flatMap((span) => withoutHindsight(span, first));
}

/**
 * Days before the first list of assignments are answered by it: what it says was to begin later nobody had been told of
 * then, and all that is known of such a day is that there was no recorder.
 */
function withoutHindsight(span: StandingSpan, { assignments: first }: FirstDays): StandingSpan[] {
  if (span.reason !== 'starts-later' || first === null || span.from >= first) return [span];
  const before = { ...span, reason: 'no-recorder' } as const;
  if (span.until !== null && span.until <= first) return [before];
  return [
    { ...before, until: first },
    { ...span, from: first },
  ];
}

/** Days before the first roster are answered by it, so that figures have a beginning; no gap was closed in them. */
function sinceFirst(spans: readonly CachedSpan[], firstDay: CalendarDate | null): readonly CachedSpan[] {
  if (firstDay === null) return [];
  const first = dayNumber(firstDay);
  return spans.filter(({ until }) => until > first);
}

/** Whether a span is a gap on any day of the period, both days included. */
export function isGapBetween(
  span: CachedSpan,
  { from, until, units }: { readonly from: number; readonly until: number; readonly units: ReadonlySet<string> | null },
): boolean {
  if (span.from > until || span.until <= from || codeOfSpan(span).status !== 'gap') return false;
  return units === null || units.has(span.unit);
}

export interface ChangePeriod {
  /** The day before the period, and its last day. */
  readonly since: number;
  readonly until: number;
  /** Units that were asked about, by the tree of either day; null for all. */
  readonly unitsBefore: ReadonlySet<string> | null;
  readonly unitsAfter: ReadonlySet<string> | null;
  /** Of the first roster. */
  readonly firstDay: CalendarDate | null;
}

/** `slices`: all spans of everybody of whom a span begins in the period. Between two of them it lets others work. */
export function* changesOf(
  slices: Iterable<readonly (readonly CachedSpan[])[]>,
  period: ChangePeriod,
): Generator<void, Pick<CoverageChanges, 'moves' | 'gapsOpened' | 'gapsClosed' | 'rebounds'>> {
  const moves = new Map<string, CoverageMove>();
  const gross = { gapsOpened: 0, gapsClosed: 0, rebounds: 0 };
  for (const histories of slices) {
    for (const spans of histories) {
      const from = standingOf(spans, period.since, period.unitsBefore);
      const to = standingOf(spans, period.until, period.unitsAfter);
      if (from.word !== to.word || from.reason !== to.reason) {
        const key = `${from.word} ${from.reason} ${to.word} ${to.reason}`;
        const persons = (moves.get(key)?.persons ?? 0) + 1;
        moves.set(key, { from: from.word, to: to.word, fromReason: from.reason, toReason: to.reason, persons });
      }
      addGross(gross, sinceFirst(spans, period.firstDay), period);
    }
    yield;
  }
  return { moves: [...moves.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, move]) => move), ...gross };
}

type MoveReason = CoverageMove['fromReason'];

function standingOf(
  spans: readonly CachedSpan[],
  day: number,
  units: ReadonlySet<string> | null,
): { readonly word: StandingWord; readonly reason: MoveReason } {
  const span = spans.find(({ from, until }) => from <= day && day < until);
  if (span === undefined || (units !== null && !units.has(span.unit))) return { word: 'absent', reason: null };
  const { status, reason } = codeOfSpan(span);
  return { word: status, reason };
}

/** Openings and closings of the period, and openings after an earlier gap had been closed by a recorder. */
function addGross(
  gross: { gapsOpened: number; gapsClosed: number; rebounds: number },
  spans: readonly CachedSpan[],
  { since, until, unitsAfter }: ChangePeriod,
): void {
  let before: CachedSpan | undefined;
  let wasClosed = false;
  for (const span of spans) {
    if (span.from > until) break;
    const isGap = codeOfSpan(span).status === 'gap';
    const wasGap = before !== undefined && before.until === span.from && codeOfSpan(before).status === 'gap';
    const isInside = span.from > since && (unitsAfter === null || unitsAfter.has(span.unit));
    if (isInside && isGap && !wasGap) {
      gross.gapsOpened += 1;
      if (wasClosed) gross.rebounds += 1;
    }
    const isClosedNow = wasGap && codeOfSpan(span).status === 'covered';
    if (isInside && isClosedNow) gross.gapsClosed += 1;
    wasClosed ||= isClosedNow;
    before = span;
  }
}
