/**
 * How wrong a recorder's clock is, as far as it can be known: offset = recorder's clock minus station's clock. A reading
 * over a protocol gives both bounds. Without one, the newest time on the card bounds it from below (the recorder cannot
 * have written a time that its clock had not reached), and recordings made since the last docking bound it from above.
 * An offset is that of one docking: what contradicts it shows that the clock jumped, and then nothing is claimed.
 * A time of an absurd clock (1970, 2099) is a finding and corrects nothing.
 */
import type { Bracket, ClockReading, ClockSetting } from './recorder-clock.ts';

/** What one file of the recorder says of its clock. Instants are milliseconds since 1970, in the station's time zone. */
export interface FileTime {
  /** From the name, which the recorder wrote when the recording began, cut down to its second. */
  readonly namedMs: number;
  /** Outside the years that the table of names calls plausible. */
  readonly isImplausible: boolean;
  /** When it was last written, by the recorder; null where somebody else may have. */
  readonly writtenMs: number | null;
  /** Not there yet when the same card was last taken in whole. */
  readonly isSinceLastDocking: boolean;
}

export interface ClockEvidence {
  /** From before the first of the settings. */
  readonly reading: ClockReading | null;
  /** Readings from after the first of the settings. */
  readonly laterReadings: readonly ClockReading[];
  /** Since the recorder was last taken in whole, oldest first. */
  readonly settings: readonly ClockSetting[];
  readonly files: readonly FileTime[];
  readonly listedAtMs: number;
  /** When the last docking of the same card that was taken in whole ended; null where there was none. */
  readonly lastDockingEndedAtMs: number | null;
}

/** The offset lies in it, both ends included; null: nothing limits it there. */
export interface OffsetRange {
  readonly atLeastMs: number | null;
  readonly atMostMs: number | null;
}

export type ClockBasis = 'protocol' | 'files' | 'none';

export type ClockFinding = 'clock-absurd' | 'clock-wrong' | 'clock-ahead' | 'clock-behind' | 'clock-jumped';

export interface ClockMeasurement {
  readonly basis: ClockBasis;
  /** What is claimed; both ends null when nothing is. */
  readonly offset: OffsetRange;
  /** What holds for recordings from after the clock was set; null when it was not. */
  readonly afterSetting: { readonly fromMs: number; readonly offset: OffsetRange } | null;
  readonly findings: readonly ClockFinding[];
  /** Which times were used. */
  readonly newestMs: number | null;
  readonly earliestNewMs: number | null;
}

/** From when to when a recording may have begun, by the station's clock; null: nothing limits it there. */
export interface CorrectedTime {
  readonly earliestMs: number | null;
  readonly latestMs: number | null;
}

/** A clock may be so far off before it is a finding, and bounds may contradict each other by so much: clocks drift. */
export const clockToleranceMs = 60_000;
/** Beyond this a clock was not set at all: batteries that ran empty bring 1970, 2000 or 2013 back. */
export const clockAbsurdMs = 366 * 86_400_000;
/** Names are cut down to whole seconds. */
const nameStepMs = 1000;
/** FAT writes times in steps of two seconds, and some recorders round them up. */
export const writtenStepMs = 2000;

const nothing: OffsetRange = { atLeastMs: null, atMostMs: null };

export function measureClock(evidence: ClockEvidence): ClockMeasurement {
  const read = evidence.reading === null ? null : rangeOfReading(evidence.reading);
  const times = judgeFiles(evidence);
  const basis = read !== null ? 'protocol' : isKnown(times.offset) ? 'files' : 'none';
  const offset = read ?? times.offset;
  const findings = new Set<ClockFinding>();
  const isReadingAbsurd = read !== null && distance(read) > clockAbsurdMs;
  if (isReadingAbsurd || times.hasAbsurd) findings.add('clock-absurd');
  // One recorder shows both an absurd and a sane time only when its clock was changed in between.
  if (times.hasAbsurd && !isReadingAbsurd && (read !== null || times.newestMs !== null)) findings.add('clock-jumped');
  if (contradicts(times.offset, times.offset)) findings.add('clock-jumped');
  if (read !== null && !isReadingAbsurd && contradicts(read, times.offset)) findings.add('clock-jumped');
  const isClaimed = findings.size === 0;
  if (isClaimed) for (const finding of judgeOffset(basis, offset)) findings.add(finding);
  const claimed = isClaimed ? withDrift(offset) : nothing;
  return {
    basis,
    offset: claimed,
    afterSetting: afterSetting(evidence, claimed),
    findings: [...findings],
    newestMs: times.newestMs,
    earliestNewMs: times.earliestNewMs,
  };
}

/**
 * When a recording began by the station's clock, beside what its name says; null where nothing can be said. What was
 * recorded after the clock was set carries another offset: where it may be either, the answer covers both.
 */
export function correctedTime(
  { namedMs, isImplausible }: Pick<FileTime, 'namedMs' | 'isImplausible'>,
  { offset, afterSetting: after }: ClockMeasurement,
  listedAtMs: number,
): CorrectedTime | null {
  if (isImplausible || !isKnown(offset)) return null;
  const before = within(namedMs, offset);
  const isBefore = after === null || before.earliestMs === null || before.earliestMs <= after.fromMs;
  const later = after === null ? null : within(namedMs, after.offset);
  const isAfter = after !== null && later !== null && (later.latestMs === null || later.latestMs >= after.fromMs);
  const candidates = [...(isBefore ? [before] : []), ...(isAfter && later !== null ? [later] : [])];
  if (candidates.length === 0) return null;
  const earliestMs = leastOf(candidates.map((each) => each.earliestMs));
  // It was on the card when it was listed, whatever its clock said.
  const latestMs = Math.min(greatestOf(candidates.map((each) => each.latestMs)) ?? listedAtMs, listedAtMs);
  return earliestMs !== null && earliestMs > latestMs ? null : { earliestMs, latestMs };
}

/** The offset in the middle of its range, and how far it may lie from there; null while one end is open. */
export function middleOf({ atLeastMs, atMostMs }: OffsetRange): { offsetMs: number; boundMs: number } | null {
  if (atLeastMs === null || atMostMs === null) return null;
  const boundMs = Math.ceil((atMostMs - atLeastMs) / 2);
  return { offsetMs: Math.round((atLeastMs + atMostMs) / 2), boundMs };
}

export const isKnown = ({ atLeastMs, atMostMs }: OffsetRange): boolean => atLeastMs !== null || atMostMs !== null;

function rangeOfReading(reading: ClockReading): { atLeastMs: number; atMostMs: number } {
  const { earliestMs, latestMs } = spanOf(reading);
  // The recorder cut its time down to its step: it was up to a step later than it said.
  return { atLeastMs: reading.recorderMs - latestMs, atMostMs: reading.recorderMs + reading.resolutionMs - earliestMs };
}

/** Where the moment lay. When somebody turned the wall clock meanwhile, both readings of it may be right. */
function spanOf({ startedAtMs, endedAtMs, tookMs }: Bracket): { earliestMs: number; latestMs: number } {
  return {
    earliestMs: Math.min(startedAtMs, endedAtMs - tookMs),
    latestMs: Math.max(endedAtMs, startedAtMs + tookMs),
  };
}

interface FileJudgement {
  readonly offset: OffsetRange;
  readonly hasAbsurd: boolean;
  readonly newestMs: number | null;
  readonly earliestNewMs: number | null;
}

function judgeFiles(evidence: ClockEvidence): FileJudgement {
  const { files, settings, listedAtMs, lastDockingEndedAtMs: endedAtMs } = evidence;
  const [setting] = settings;
  const set = setting === undefined ? null : spanOf(setting);
  // What the recorder wrote after its clock was set says nothing of the clock before.
  const isBeforeSetting = (ms: number): boolean =>
    set === null || ms < set.earliestMs - writtenStepMs || ms > listedAtMs + writtenStepMs;
  const sinceOf = ({ isSinceLastDocking }: FileTime): number | null => (isSinceLastDocking ? endedAtMs : null);
  const sane = files.filter((file) => !isAbsurd(file, { listedAtMs, sinceMs: sinceOf(file) }));
  const usable = sane.filter(({ namedMs }) => isBeforeSetting(namedMs));
  const written = usable.flatMap(({ writtenMs }) =>
    writtenMs !== null && isBeforeSetting(writtenMs) ? [writtenMs - writtenStepMs] : [],
  );
  const newestMs = extremeOf(Math.max, [...usable.map(({ namedMs }) => namedMs), ...written]);
  const earliestNewMs = extremeOf(
    Math.min,
    usable.filter((file) => sinceOf(file) !== null).map(({ namedMs }) => namedMs),
  );
  // A clock that did not take the time ran on as before.
  const isSet = set !== null && settings.every(({ outcome }) => outcome === 'set');
  const seenMs = isSet ? Math.min(set.latestMs, listedAtMs) : listedAtMs;
  const atLeastMs = newestMs === null ? null : newestMs - seenMs;
  const atMostMs = earliestNewMs === null || endedAtMs === null ? null : earliestNewMs + nameStepMs - endedAtMs;
  return { offset: { atLeastMs, atMostMs }, hasAbsurd: sane.length < files.length, newestMs, earliestNewMs };
}

/** Null of none. Folded, because a card may hold more files than a call takes arguments. */
const extremeOf = (better: (a: number, b: number) => number, values: readonly number[]): number | null =>
  values.reduce<number | null>((best, value) => (best === null ? value : better(best, value)), null);

/** A time long before the last docking is absurd only in a recording from after it: a card may hold old recordings. */
const isAbsurd = (
  { namedMs, isImplausible }: FileTime,
  { listedAtMs, sinceMs }: { listedAtMs: number; sinceMs: number | null },
): boolean =>
  isImplausible || namedMs > listedAtMs + clockAbsurdMs || (sinceMs !== null && namedMs < sinceMs - clockAbsurdMs);

/** Whether no offset, allowing for drift, fits both. */
const contradicts = (a: OffsetRange, b: OffsetRange): boolean =>
  isAbove(a.atLeastMs, b.atMostMs) || isAbove(b.atLeastMs, a.atMostMs);
const isAbove = (atLeastMs: number | null, atMostMs: number | null): boolean =>
  atLeastMs !== null && atMostMs !== null && atLeastMs - atMostMs > clockToleranceMs;

/** Bounds that cross by no more than a clock drifts: it was the one at first and the other at last. */
function withDrift({ atLeastMs, atMostMs }: OffsetRange): OffsetRange {
  if (atLeastMs === null || atMostMs === null || atLeastMs <= atMostMs) return { atLeastMs, atMostMs };
  return { atLeastMs: atMostMs - clockToleranceMs, atMostMs: atLeastMs + clockToleranceMs };
}

function judgeOffset(basis: ClockBasis, { atLeastMs, atMostMs }: OffsetRange): ClockFinding[] {
  const isAhead = atLeastMs !== null && atLeastMs > clockToleranceMs;
  // A lower bound below zero says nothing: the recorder was just not used.
  const isBehind = atMostMs !== null && atMostMs < -clockToleranceMs;
  if (basis === 'protocol') return isAhead || isBehind ? ['clock-wrong'] : [];
  return [...(isAhead ? (['clock-ahead'] as const) : []), ...(isBehind ? (['clock-behind'] as const) : [])];
}

/** How far from zero the offset lies at the least. */
const distance = ({ atLeastMs, atMostMs }: { atLeastMs: number; atMostMs: number }): number =>
  Math.max(0, atLeastMs, -atMostMs);

function afterSetting(
  { settings, laterReadings }: ClockEvidence,
  before: OffsetRange,
): ClockMeasurement['afterSetting'] {
  const [first] = settings;
  if (first === undefined) return null;
  const ranges: OffsetRange[] = laterReadings.map(rangeOfReading);
  for (const setting of settings) {
    const { earliestMs, latestMs } = spanOf(setting);
    // Whether a recorder's own fractions of a second start anew is not known.
    ranges.push({ atLeastMs: setting.toldMs - latestMs, atMostMs: setting.toldMs + 1000 - earliestMs });
    if (setting.outcome !== 'set') ranges.push(before);
  }
  return {
    fromMs: spanOf(first).earliestMs,
    offset: {
      atLeastMs: leastOf(ranges.map(({ atLeastMs }) => atLeastMs)),
      atMostMs: greatestOf(ranges.map(({ atMostMs }) => atMostMs)),
    },
  };
}

const within = (namedMs: number, { atLeastMs, atMostMs }: OffsetRange): CorrectedTime => ({
  earliestMs: atMostMs === null ? null : namedMs - atMostMs,
  latestMs: atLeastMs === null ? null : namedMs + nameStepMs - atLeastMs,
});

/** Null, an open end, wins. */
const leastOf = (ends: readonly (number | null)[]): number | null =>
  ends.reduce((a, b) => (a === null || b === null ? null : Math.min(a, b)));
const greatestOf = (ends: readonly (number | null)[]): number | null =>
  ends.reduce((a, b) => (a === null || b === null ? null : Math.max(a, b)));
