/**
 * How long a clip is kept, and by which rule: every rule that matches counts, the one that keeps longest wins, and what
 * no rule speaks of is kept. Periods run from the sealing by the station's clock, never from what the recorder said.
 * It says only when the time is over; whether anything may then go is decided elsewhere.
 */
import type { CalendarDate } from './people-facts.ts';
import { lastDayOf, type RetentionPeriod } from './retention-period.ts';

/** A mark of importance: by the device as its file name says, by a person, by either of them; `any` does not ask. */
export type MarkedBy = 'any' | 'device' | 'human' | 'either';

export interface RetentionRule {
  readonly id: string;
  /** What the class is called. */
  readonly title: string;
  /** Document and clause that it rests on; may be empty. */
  readonly clause: string;
  readonly case: 'any' | 'linked' | 'none';
  /** Empty: whatever kind of case. Others need a known case of that kind. */
  readonly caseKinds: readonly string[];
  readonly important: MarkedBy;
  /** Categories that a person gave it; empty does not ask. */
  readonly categories: readonly string[];
  /** video, audio, …; empty does not ask. */
  readonly kinds: readonly string[];
  readonly period: RetentionPeriod;
}

/** What a person said of it last; it never takes the device's mark away. */
export interface HumanMark {
  readonly important: boolean;
  readonly category: string | null;
  readonly on: CalendarDate;
}

export interface RetentionQuestion {
  /** The station's day of the sealing. */
  readonly sealedOn: CalendarDate;
  readonly kind: string | null;
  readonly deviceMark: boolean;
  readonly humanMark: HumanMark | null;
  /** The case it is linked to; `closedOn` null while it is open, `isKnown` false when no list has it. */
  readonly case: {
    readonly isKnown: boolean;
    readonly kind: string | null;
    readonly closedOn: CalendarDate | null;
  } | null;
}

/**
 * Why a rule ends on its day, or never does: `case-open` while the case is open, `case-unknown` while no case list has
 * it, `case-file` where no time after the closing is configured.
 */
export type RetentionReason = 'period' | 'permanent' | 'case-open' | 'case-unknown' | 'case-file' | 'case-closed';

export interface AppliedRule {
  readonly id: string;
  readonly title: string;
  readonly clause: string;
  /** The last day on which it keeps; null: no end is known. */
  readonly lastDay: CalendarDate | null;
  readonly reason: RetentionReason;
}

export interface RetentionAnswer {
  /** The rule that won: the clip's class. Null: no rule speaks of it, so it is kept. */
  readonly winner: AppliedRule | null;
  readonly lastDay: CalendarDate | null;
  /** Every rule that matched, in the order of the configuration. */
  readonly applied: readonly AppliedRule[];
}

export function decideRetention(rules: readonly RetentionRule[], question: RetentionQuestion): RetentionAnswer {
  const applied = rules.filter((rule) => matches(rule, question)).map((rule) => apply(rule, question));
  let winner: AppliedRule | null = null;
  for (const rule of applied) if (winner === null || isLater(rule.lastDay, winner.lastDay)) winner = rule;
  return { winner, lastDay: winner?.lastDay ?? null, applied };
}

/** From the day after the last one on nothing but the law's other reasons keeps it. */
export const isOver = ({ lastDay }: Pick<RetentionAnswer, 'lastDay'>, on: CalendarDate): boolean =>
  lastDay !== null && lastDay < on;

const isLater = (day: CalendarDate | null, other: CalendarDate | null): boolean =>
  other !== null && (day === null || day > other);

function matches(rule: RetentionRule, question: RetentionQuestion): boolean {
  const { case: linked, humanMark, kind } = question;
  if (rule.case === 'linked' && linked === null) return false;
  if (rule.case === 'none' && linked !== null) return false;
  if (rule.caseKinds.length > 0 && !rule.caseKinds.includes(linked?.kind ?? '')) return false;
  if (rule.categories.length > 0 && !rule.categories.includes(humanMark?.category ?? '')) return false;
  if (rule.kinds.length > 0 && !rule.kinds.includes(kind ?? '')) return false;
  if (rule.important !== 'any' && !isMarked(rule.important, question)) return false;
  return rule.period.kind !== 'after-mark' || markDay(rule, question) !== null;
}

function isMarked(by: MarkedBy, { deviceMark, humanMark }: RetentionQuestion): boolean {
  const human = humanMark?.important === true;
  return by === 'device' ? deviceMark : by === 'human' ? human : deviceMark || human;
}

/** When the mark was set that a rule counts from; a device sets it before the sealing, so its day is that one. */
function markDay({ important }: RetentionRule, question: RetentionQuestion): CalendarDate | null {
  const { deviceMark, humanMark, sealedOn } = question;
  const human = humanMark !== null && (humanMark.important || humanMark.category !== null) ? humanMark.on : null;
  if (important === 'device') return deviceMark ? sealedOn : null;
  return human ?? (deviceMark && important !== 'human' ? sealedOn : null);
}

function apply(rule: RetentionRule, question: RetentionQuestion): AppliedRule {
  const { id, title, clause } = rule;
  return { id, title, clause, ...endOf(rule, question) };
}

function endOf(rule: RetentionRule, question: RetentionQuestion): Pick<AppliedRule, 'lastDay' | 'reason'> {
  const { period } = rule;
  switch (period.kind) {
    case 'permanent':
      return { lastDay: null, reason: 'permanent' };
    case 'case':
      return caseEnd(period.after, question);
    case 'span':
      return { lastDay: lastDayOf(question.sealedOn, period.span), reason: 'period' };
    case 'after-mark': {
      const from = markDay(rule, question) ?? question.sealedOn;
      return { lastDay: lastDayOf(from, period.span), reason: 'period' };
    }
  }
}

/** A case that was closed before the clip was sealed does not shorten what began with the sealing. */
function caseEnd(
  after: Extract<RetentionPeriod, { kind: 'case' }>['after'],
  { case: linked, sealedOn }: RetentionQuestion,
): Pick<AppliedRule, 'lastDay' | 'reason'> {
  if (linked === null || !linked.isKnown) return { lastDay: null, reason: 'case-unknown' };
  if (linked.closedOn === null) return { lastDay: null, reason: 'case-open' };
  if (after === null) return { lastDay: null, reason: 'case-file' };
  const from = linked.closedOn < sealedOn ? sealedOn : linked.closedOn;
  return { lastDay: lastDayOf(from, after), reason: 'case-closed' };
}
