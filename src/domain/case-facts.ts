/**
 * What records and documents about cases say beyond their imports, and when a case counts as closed. Names and words
 * stand in documents only.
 */
import type { CaseFacts } from './people-facts.ts';

export type ReviewAnswer = 'yes' | 'no' | 'unclear';

/** Body of an `act-reviewed` record: somebody ticked what a recording shows (案卷评查). */
export interface ActReviewedBody {
  readonly review: string;
  /** Given when the review is about one clip, whatever it shows. */
  readonly clip?: string;
}

/** Document of an `act-reviewed` record. A later review of the same act or clip replaces its answers item by item. */
export interface ActReviewDocument {
  /** Key of the case; null for a clip without one. */
  readonly case: string | null;
  /** Ref of the act (`inquiry@2026-03-02T09:30:00`); null when it is about a clip. */
  readonly act: string | null;
  readonly answers: { readonly [item: string]: ReviewAnswer };
  /** Clips that show the act, as the reviewer says, in addition to those that its time tells. */
  readonly clips: readonly string[];
  readonly note: string;
  readonly reviewer: string;
}

const closedWords = new Set(['已结案', '结案', '办结', '已办结', 'closed']);

/** By its closing day, or by a status that says so. */
export const isClosedCase = ({ closedOn, status }: Pick<CaseFacts, 'closedOn' | 'status'>): boolean =>
  closedOn !== undefined || closedWords.has(status.trim().toLowerCase());
