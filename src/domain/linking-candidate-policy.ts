/**
 * How well a case fits a clip: points for each thing that speaks for it or against it, with the reasons. It only
 * compares; what follows from a score is decided in linking-decision-policy.ts. Points were set so that a time and an
 * officer that both fit outweigh a number in the name that does not fit the time: numbers stay set on recorders.
 */
import type { ClipTime } from './linking-clip-time.ts';
import {
  foldCaseNumber,
  foldPlate,
  isDoubt,
  type LinkBasis,
  type LinkReason,
  looseCaseNumber,
} from './linking-facts.ts';
import { type CaseFacts, type CaseTime, compareText } from './people-facts.ts';

export interface ClipEvidence {
  readonly time: ClipTime | null;
  readonly caseInName: string | null;
  /** Whether a case of the list has the number in the name. */
  readonly isNamedCaseKnown: boolean;
  readonly officer: { readonly number: string; readonly basis: LinkBasis; readonly isSure: boolean } | null;
  /** Who else may have recorded it: other holders of a shared recorder, a name that differs, claims. */
  readonly possibleOfficers: readonly string[];
  /** Name of the officer's unit. */
  readonly unit: string | null;
  /** Folded. */
  readonly plates: readonly string[];
  readonly place: { readonly latitude: number; readonly longitude: number } | null;
  /** Other clips of the same recording that are linked. */
  readonly neighbours: readonly { readonly key: string; readonly isByPerson: boolean; readonly gapMs: number }[];
  /** What others recorded at the same time: by whom, and for which case, as far as is known. */
  readonly companions: readonly { readonly officer: string | null; readonly key: string | null }[];
}

export interface CaseOfList {
  readonly key: string;
  readonly facts: CaseFacts;
}

/** How a recording lies to a case in time. */
export interface TimeFit {
  readonly fit: 'during-act' | 'within' | 'overlaps' | 'in-long-case' | 'near' | 'outside' | 'unknown';
  /** Both ends are given by time of day and lie close enough together to tell something. */
  readonly isPrecise: boolean;
  /** Between recording and case; 0 where they touch. */
  readonly gapMs: number;
  /** The whole range in which the recording may lie is inside, this far at least; null: it is not. */
  readonly marginMs: number | null;
  /** Milliseconds between the recording and the beginning of the case or its nearest act. */
  readonly fromStartMs: number;
}

export interface Candidate {
  readonly key: string;
  readonly number: string;
  readonly score: number;
  readonly reasons: readonly LinkReason[];
  readonly time: TimeFit;
  readonly numberInName: 'exact' | 'similar' | 'none';
  readonly officer: 'same' | 'possible' | 'other' | 'unknown';
}

/** A case whose ends lie further apart says little about one recording. */
export const preciseSpanMsMax = 12 * 3_600_000;
/** An act without an end is taken to last so long on either side. */
const actAroundMs = 15 * 60_000;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Cases in the order in which they are proposed: highest score first, then the nearer beginning, then the number. */
export function rankCandidates(evidence: ClipEvidence, cases: readonly CaseOfList[]): Candidate[] {
  return cases
    .map((one) => candidate(evidence, one))
    .sort((a, b) => b.score - a.score || a.time.fromStartMs - b.time.fromStartMs || compareText(a.key, b.key));
}

export function candidate(evidence: ClipEvidence, { key, facts }: CaseOfList): Candidate {
  const time = timeFit(evidence.time, facts);
  const number = numberInName(evidence.caseInName, facts.caseNumber);
  const officer = officerFit(evidence, facts);
  const parts = [
    numberPoints(evidence, { number, time, officer }),
    officerPoints(evidence, officer),
    timePoints(evidence, facts, time),
    placePoints(evidence, facts),
    otherPoints(evidence, key, facts),
  ];
  return {
    key,
    number: facts.caseNumber,
    score: Math.round(parts.reduce((sum, { points }) => sum + points, 0)),
    reasons: parts.flatMap(({ reasons }) => reasons).sort((a, b) => Number(isDoubt(a)) - Number(isDoubt(b))),
    time,
    numberInName: number,
    officer,
  };
}

interface Points {
  readonly points: number;
  readonly reasons: readonly LinkReason[];
}
const nothing: Points = { points: 0, reasons: [] };

function numberInName(inName: string | null, number: string): Candidate['numberInName'] {
  if (inName === null) return 'none';
  if (foldCaseNumber(inName) === foldCaseNumber(number)) return 'exact';
  const loose = looseCaseNumber(inName);
  return loose !== '' && loose === looseCaseNumber(number) ? 'similar' : 'none';
}

function numberPoints(
  evidence: ClipEvidence,
  { number, time, officer }: { number: Candidate['numberInName']; time: TimeFit; officer: Candidate['officer'] },
): Points {
  if (number === 'none') {
    const isOther = evidence.caseInName !== null && evidence.isNamedCaseKnown;
    return isOther ? { points: -8, reasons: [{ code: 'other-number-in-name' }] } : nothing;
  }
  const full = number === 'exact' ? 50 : 35;
  const isContradicted = officer === 'other' && evidence.officer?.isSure === true;
  const share = Math.min(numberShare(time, evidence.time), isContradicted ? 0.5 : 1);
  return { points: full * share, reasons: [{ code: 'number-in-name', word: number }] };
}

/** A number that was set for an earlier case stays in the names of those after it: what it is worth, the time says. */
function numberShare({ fit, gapMs }: TimeFit, time: ClipTime | null): number {
  if (fit === 'outside' || gapMs > (time?.isMeasured === false ? 5 : 2) * minuteMs) return 0.3;
  // Less than a case of the same officer that lasts just then.
  if (fit === 'in-long-case') return 0.25;
  return gapMs > 0 ? 0.7 : 1;
}

function officerFit({ officer, possibleOfficers }: ClipEvidence, { officers }: CaseFacts): Candidate['officer'] {
  if (officer !== null && officers.includes(officer.number)) return 'same';
  if (possibleOfficers.some((number) => officers.includes(number))) return 'possible';
  return officers.length === 0 || (officer === null && possibleOfficers.length === 0) ? 'unknown' : 'other';
}

function officerPoints({ officer, possibleOfficers }: ClipEvidence, fit: Candidate['officer']): Points {
  const unsure: LinkReason[] =
    officer !== null && possibleOfficers.length > 0 && !officer.isSure ? [{ code: 'officer-unsure' }] : [];
  switch (fit) {
    case 'same':
      return {
        points: samePoints(officer),
        reasons: [{ code: 'same-officer', word: officer?.basis ?? 'name' }, ...unsure],
      };
    case 'possible':
      // Against a check-out or an assignment a name that differs says little.
      return {
        points: isFirm(officer) ? 5 : 15,
        reasons: [{ code: 'possible-officer', figure: possibleOfficers.length }, ...unsure],
      };
    case 'other':
      return { points: officer?.isSure ? -20 : -8, reasons: [{ code: 'other-officer' }] };
    case 'unknown':
      return nothing;
  }
}

type KnownOfficer = ClipEvidence['officer'];
const isFirm = (officer: KnownOfficer): boolean =>
  officer?.basis === 'assignment' || officer?.basis === 'check-out' || officer?.isSure === true;

function samePoints(officer: KnownOfficer): number {
  if (officer?.isSure === true) return 30;
  if (officer?.basis === 'claim') return 14;
  return isFirm(officer) ? 28 : 24;
}

export interface CaseSpan {
  readonly startMs: number;
  readonly endMs: number | null;
  readonly isPrecise: boolean;
}

/** Worked out once for facts that thousands of clips are compared with. */
const spans = new WeakMap<CaseFacts, CaseSpan>();

/** From when to when a case lasts; an end that only names a day, or none, makes it a long one. */
export function caseSpan(facts: CaseFacts): CaseSpan {
  let span = spans.get(facts);
  if (span === undefined) {
    span = workedOutSpan(facts);
    spans.set(facts, span);
  }
  return span;
}

function workedOutSpan(facts: CaseFacts): CaseSpan {
  const startMs = Date.parse(facts.startedAt.utc);
  const ended = facts.endedAt;
  const endMs = ended === null ? null : Date.parse(ended.utc);
  const isPrecise =
    endMs !== null &&
    isByTime(facts.startedAt) &&
    ended !== null &&
    isByTime(ended) &&
    endMs - startMs <= preciseSpanMsMax;
  return { startMs, endMs, isPrecise };
}

const isByTime = ({ local }: CaseTime): boolean => local.includes('T');

/** Acts that a time of day is known of. */
function preciseActs({ acts = [] }: CaseFacts): { act: string; startMs: number; endMs: number }[] {
  return acts
    .filter(({ from }) => isByTime(from))
    .map(({ act, from, until }) => {
      const startMs = Date.parse(from.utc);
      if (until !== undefined && isByTime(until)) return { act, startMs, endMs: Date.parse(until.utc) };
      return { act, startMs: startMs - actAroundMs, endMs: startMs + actAroundMs };
    });
}

export function timeFit(time: ClipTime | null, facts: CaseFacts): TimeFit {
  const { startMs, endMs, isPrecise } = caseSpan(facts);
  const end = endMs ?? Number.POSITIVE_INFINITY;
  if (time === null) return { fit: 'unknown', isPrecise, gapMs: 0, marginMs: null, fromStartMs: 0 };
  const until = time.guessMs + time.durationMs;
  const gapMs = Math.max(0, startMs - until, time.guessMs - end, provenGap(time, startMs, end));
  const acts = preciseActs(facts);
  const isDuringAct = acts.some((act) => act.startMs <= until && time.guessMs <= act.endMs);
  const starts = [startMs, ...acts.map((act) => act.startMs)];
  const common = {
    isPrecise,
    gapMs: isDuringAct ? 0 : gapMs,
    marginMs: marginOf(time, startMs, end),
    fromStartMs: Math.min(...starts.map((ms) => Math.abs(time.guessMs - ms))),
  };
  if (isDuringAct) return { fit: 'during-act', ...common };
  if (gapMs > 0) return { fit: gapMs <= nearMs(time) ? 'near' : 'outside', ...common };
  if (!isPrecise) return { fit: 'in-long-case', ...common };
  const isWithin = startMs <= time.guessMs && until <= end;
  return { fit: isWithin ? 'within' : 'overlaps', ...common };
}

/** What the bounds of the clock prove: however wrong it was, so much lies between them. */
function provenGap({ earliestMs, latestMs, durationMs }: ClipTime, startMs: number, endMs: number): number {
  const after = earliestMs === null ? 0 : earliestMs - endMs;
  const before = latestMs === null ? 0 : startMs - (latestMs + durationMs);
  return Math.max(after, before);
}

function marginOf({ earliestMs, latestMs, durationMs }: ClipTime, startMs: number, endMs: number): number | null {
  if (earliestMs === null || latestMs === null) return null;
  const margin = Math.min(earliestMs - startMs, endMs - (latestMs + durationMs));
  return margin < 0 ? null : margin;
}

const patienceMs = (time: ClipTime): number => (time.isMeasured ? 30 * minuteMs : 90 * minuteMs);
const nearMs = (time: ClipTime): number => 4 * patienceMs(time);

function timePoints({ time }: ClipEvidence, facts: CaseFacts, fit: TimeFit): Points {
  if (time === null) return { points: 0, reasons: [{ code: 'time-unknown' }] };
  const doubt: LinkReason[] = time.isMeasured ? [] : [{ code: 'clock-unmeasured', ...widthOf(time) }];
  const { startMs, endMs } = caseSpan(facts);
  const untilMs = time.guessMs + time.durationMs;
  switch (fit.fit) {
    case 'during-act': {
      const act = preciseActs(facts).find((one) => one.startMs <= untilMs && time.guessMs <= one.endMs);
      return {
        points: 34 + (fit.isPrecise ? closeness(time, startMs, endMs ?? startMs) : 0),
        reasons: [{ code: 'during-act', word: act?.act ?? '' }, ...doubt],
      };
    }
    case 'within': {
      const end = endMs ?? untilMs;
      const inside = Math.min(time.guessMs - startMs, end - untilMs);
      return {
        points: 28 + closeness(time, startMs, end),
        reasons: [{ code: 'within-time', figure: inside }, ...doubt],
      };
    }
    case 'overlaps': {
      const end = endMs ?? untilMs;
      const share = (Math.min(end, untilMs) - Math.max(startMs, time.guessMs)) / Math.max(1000, time.durationMs);
      const points = 14 + 14 * Math.min(1, Math.max(0, share));
      return { points, reasons: [{ code: 'overlaps-time', figure: Math.round(share * 100) }, ...doubt] };
    }
    case 'in-long-case': {
      const points = 10 + 8 * Math.exp(-fit.fromStartMs / dayMs);
      return { points, reasons: [{ code: 'in-long-case', figure: time.guessMs - startMs }, ...doubt] };
    }
    case 'near': {
      const points = 14 * Math.exp(-fit.gapMs / patienceMs(time));
      return { points, reasons: [{ code: 'near-in-time', figure: fit.gapMs }, ...doubt] };
    }
    case 'outside':
      return { points: -20, reasons: [{ code: 'outside-time', figure: fit.gapMs }, ...doubt] };
    case 'unknown':
      return nothing;
  }
}

const widthOf = ({ earliestMs, latestMs }: ClipTime): { figure?: number } =>
  earliestMs === null || latestMs === null ? {} : { figure: latestMs - earliestMs };

/** Of two cases around a recording the shorter one, and the one whose middle is nearer: 0 to 8 points. */
function closeness({ guessMs, durationMs }: ClipTime, startMs: number, endMs: number): number {
  const lengthMs = Math.max(minuteMs, endMs - startMs);
  const off = Math.abs(guessMs + durationMs / 2 - (startMs + endMs) / 2) / (lengthMs / 2);
  return 4 * Math.max(0, 1 - off) + 4 * Math.min(1, (60 * minuteMs) / lengthMs);
}

function placePoints({ place }: ClipEvidence, { latitude, longitude }: CaseFacts): Points {
  if (place === null || latitude === undefined || longitude === undefined) return nothing;
  const metres = Math.round(distanceMetres(place, { latitude, longitude }));
  if (metres <= 300) return { points: 15, reasons: [{ code: 'near-in-place', figure: metres }] };
  if (metres <= 2000) return { points: 6, reasons: [{ code: 'near-in-place', figure: metres }] };
  return metres > 20_000 ? { points: -12, reasons: [{ code: 'far-in-place', figure: metres }] } : nothing;
}

/** Along the great circle of a sphere: good to half a percent. */
export function distanceMetres(
  a: { readonly latitude: number; readonly longitude: number },
  b: { readonly latitude: number; readonly longitude: number },
): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const half = (degrees: number): number => Math.sin(radians(degrees) / 2) ** 2;
  const cosines = Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude));
  const h = half(a.latitude - b.latitude) + cosines * half(a.longitude - b.longitude);
  return 2 * 6_371_000 * Math.asin(Math.min(1, Math.sqrt(h)));
}

function otherPoints(evidence: ClipEvidence, key: string, facts: CaseFacts): Points {
  const { plates, neighbours, unit } = evidence;
  let points = 0;
  const reasons: LinkReason[] = [];
  if (facts.plate !== undefined && plates.includes(foldPlate(facts.plate))) {
    points += 28;
    reasons.push({ code: 'plate-in-name' });
  }
  const own = neighbours.filter((neighbour) => neighbour.key === key);
  const nearest = own.find(({ isByPerson }) => isByPerson) ?? own[0];
  if (nearest !== undefined) {
    points += nearest.isByPerson ? 30 : 15;
    const word = nearest.isByPerson ? 'person' : 'station';
    reasons.push({ code: 'neighbour-linked', figure: nearest.gapMs, word });
  }
  const beside = companionPoints(evidence, key, facts);
  points += beside.points;
  reasons.push(...beside.reasons);
  if (unit !== null && unit === facts.unit) {
    points += 3;
    reasons.push({ code: 'same-unit' });
  }
  return { points, reasons };
}

/** Two officers act together, and often both record. */
function companionPoints({ companions, officer }: ClipEvidence, key: string, { officers }: CaseFacts): Points {
  if (companions.some((one) => one.key === key)) return { points: 12, reasons: [{ code: 'companion-linked' }] };
  const isBeside = companions.some(
    (one) =>
      one.officer !== null && one.officer !== officer?.number && officers.includes(one.officer) && one.key === null,
  );
  return isBeside ? { points: 6, reasons: [{ code: 'companion-recorded' }] } : nothing;
}
