/** A case with everything that is known of it, as the desk puts it together and command line and pages show it. */
import type { Title } from './act-list.ts';
import type { ActRecording } from './act-recordings.ts';
import type { ReviewAnswer } from './case-facts.ts';
import type { ClipTime } from './clip-time.ts';
import type { LegalClock } from './legal-clocks.ts';
import type { CalendarDate, CaseFacts, CaseTime, ComplaintFacts } from './people-facts.ts';
import type { CheckReason, CheckState, Quality, QualityCheck } from './self-check-policy.ts';

export interface CaseClock extends LegalClock {
  /** Key and present number of the case. */
  readonly case: string;
  readonly number: string;
  readonly unit: string;
  readonly act: string;
  readonly title: Title | null;
  /** Clips that show the act, the sure ones first; empty: it was not recorded. */
  readonly clips: readonly string[];
}

export interface CaseSummary {
  readonly key: string;
  readonly number: string;
  readonly kind: string | null;
  readonly unit: string;
  readonly status: string;
  readonly startedAt: CaseTime;
  readonly isClosed: boolean;
  readonly clips: number;
  readonly notRecorded: number;
  readonly breaks: number;
  /** The running one that ends first. */
  readonly clock: CaseClock | null;
}

export interface ItemView {
  readonly code: string;
  readonly title: Title;
  readonly clause: string | null;
  readonly answer: ReviewAnswer | null;
  readonly by: string | null;
  readonly at: string | null;
}

export interface ActView extends ActRecording {
  /** Null: the list does not know the act, which then is named as the case's file does. */
  readonly title: Title | null;
  readonly stage: Title | null;
  readonly clause: string | null;
  readonly items: readonly ItemView[];
}

export interface ReviewView {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly reviewer: string;
  readonly act: string | null;
  readonly clip: string | null;
  readonly answers: { readonly [item: string]: ReviewAnswer };
  readonly clips: readonly string[];
  readonly note: string;
}

export interface ClipCheckView {
  readonly clip: string;
  readonly path: string;
  readonly recorder: string | null;
  readonly officer: string | null;
  readonly officerName: string | null;
  readonly kind: string | null;
  readonly durationMs: number | null;
  readonly sealedAt: string;
  /** Null: nobody knows when. */
  readonly time: ClipTime | null;
  readonly case: string | null;
  readonly qualities: readonly QualityCheck[];
}

export interface CaseQuality {
  readonly quality: Quality;
  readonly state: CheckState;
  /** Clips of the case by state. */
  readonly clips: { readonly [S in CheckState]: number };
  /** Reasons that are no ground, each with the clips that it holds for. */
  readonly reasons: readonly { readonly reason: CheckReason; readonly clips: readonly string[] }[];
}

export interface CaseOfficer {
  readonly certificateNo: string;
  readonly name: string | null;
}

export interface CaseView {
  readonly key: string;
  readonly facts: CaseFacts;
  /** Numbers that it had before. */
  readonly formerNumbers: readonly string[];
  readonly isClosed: boolean;
  readonly officers: readonly CaseOfficer[];
  readonly procedure: {
    readonly code: string;
    readonly title: Title;
    readonly clause: string | null;
    readonly isAssumed: boolean;
  };
  readonly qualities: readonly CaseQuality[];
  readonly clips: readonly ClipCheckView[];
  readonly acts: readonly ActView[];
  readonly clocks: readonly CaseClock[];
  readonly reviews: readonly ReviewView[];
}

export interface ComplaintView {
  readonly facts: ComplaintFacts;
  readonly since: CalendarDate;
}
