/**
 * Holds (保全): what must not be deleted or cleared while one stands, whatever any period says, and by which day the
 * answer to a review or a lawsuit is due. A hold names clips, a case, an officer or several of these; what is linked
 * to its case or officer later is held as well. In doubt it holds.
 */

import type { CalendarDate } from './people-facts.ts';
import {
  type CountedDay,
  calendarDaysAfter,
  type WorkingCalendar,
  workingDayFrom,
  workingDaysAfter,
} from './working-days.ts';

export const holdKinds = ['case', 'complaint', 'review', 'litigation', 'discipline', 'transfer', 'other'] as const;
export type HoldKind = (typeof holdKinds)[number];

/** 案件, 投诉举报, 行政复议, 行政诉讼, 纪检监察, 移送, 其他: a kind may be given in either language. */
export const holdKindWords: { readonly [K in HoldKind]: readonly string[] } = {
  case: ['案件'],
  complaint: ['投诉举报', '投诉', '举报'],
  review: ['行政复议', '复议'],
  litigation: ['行政诉讼', '诉讼'],
  discipline: ['纪检监察', '纪检'],
  transfer: ['移送'],
  other: ['其他', '人工'],
};

export function holdKindOf(text: string): HoldKind | undefined {
  const wanted = text.trim().toLowerCase();
  return holdKinds.find((kind) => kind === wanted || holdKindWords[kind].includes(wanted));
}

/** What a hold covers. Instants are ISO UTC; `from` and `until` limit the officer's clips, null on either side: no limit. */
export interface HoldScope {
  readonly clips: ReadonlySet<string>;
  readonly caseNumber: string | null;
  /** Every certificate of the officer. */
  readonly officers: ReadonlySet<string>;
  readonly from: string | null;
  readonly until: string | null;
}

export interface HeldClip {
  readonly clip: string;
  readonly caseNumber: string | null;
  readonly officer: string | null;
  /** When it may have been recorded, at the widest; null: nobody knows. */
  readonly recorded: { readonly earliest: string; readonly latest: string } | null;
}

export function isCovered({ clips, caseNumber, officers, from, until }: HoldScope, clip: HeldClip): boolean {
  if (clips.has(clip.clip)) return true;
  if (caseNumber !== null && clip.caseNumber === caseNumber) return true;
  if (clip.officer === null || !officers.has(clip.officer)) return false;
  if (clip.recorded === null) return true;
  return (from === null || clip.recorded.latest >= from) && (until === null || clip.recorded.earliest < until);
}

/** 行政复议法 48, 88: ten working days; 行政诉讼法 67, 101: fifteen days, a free last day moves on. The first day does not count. */
const answerDays = { review: 10, litigation: 15 } as const;

/** The last day for the answer to what arrived on a day; null for kinds that no law sets a time for. */
export function answerDue(kind: HoldKind, receivedOn: CalendarDate, calendar: WorkingCalendar): CountedDay | null {
  if (kind === 'review') return workingDaysAfter(calendar, receivedOn, answerDays.review);
  if (kind !== 'litigation') return null;
  return workingDayFrom(calendar, calendarDaysAfter(receivedOn, answerDays.litigation));
}
