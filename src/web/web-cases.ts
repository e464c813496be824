/** What the pages about cases ask of the station. */
import type { ReviewAnswer } from '../domain/case-facts.ts';
import type { CaseClock, CaseSummary, CaseView, ClipCheckView, ComplaintView } from '../domain/case-views.ts';

export interface CaseListQuery {
  /** Part of a number, party, plate, unit or place. */
  readonly search?: string | undefined;
  readonly state?: 'open' | 'closed' | undefined;
}

/** Ticks of a reviewer at a page, as the form sent them. */
export interface WebReview {
  readonly case: string;
  /** Ref of the act. */
  readonly act: string;
  readonly answers: { readonly [item: string]: ReviewAnswer };
  readonly note: string;
  readonly reviewer: string;
}

/** The JSON answer of POST /api/cases. */
export interface CaseUpdateAnswer {
  readonly records: readonly number[];
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: number;
  readonly problems: readonly {
    readonly line: number | null;
    readonly column: string | null;
    readonly value: string | null;
    readonly reason: string;
  }[];
}

export interface WebCases {
  list(query: CaseListQuery): readonly CaseSummary[];
  find(number: string): CaseView | undefined;
  findClipCheck(clip: string): ClipCheckView | undefined;
  clocks(): readonly CaseClock[];
  complaints(): readonly ComplaintView[];
  /** @throws StationError case-unknown, act-unknown, item-unknown */
  review(request: WebReview): Promise<number>;
  /** JSON as `evidock cases update` takes it. Nothing is taken of a message with mistakes. */
  update(bytes: Uint8Array): Promise<CaseUpdateAnswer>;
}
