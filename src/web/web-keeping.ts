/** What the pages about keeping need of the station: plain answers, decided elsewhere. */
import type { StayReason } from '../domain/deletion-run-policy.ts';
import type { HoldKind } from '../domain/hold-policy.ts';
import type { RetentionPeriod } from '../domain/retention-period.ts';
import type { AppliedRule } from '../domain/retention-policy.ts';

export interface ClipKeepingView {
  readonly clip: string;
  readonly path: string;
  readonly winner: AppliedRule | null;
  readonly rules: readonly AppliedRule[];
  readonly isOver: boolean;
  readonly reasons: readonly StayReason[];
  readonly holds: readonly { readonly hold: string; readonly kind: HoldKind; readonly number: string }[];
  readonly deviceMark: boolean;
  readonly humanMark: 'important' | 'not-important' | null;
  readonly category: string | null;
}

export interface HoldLineView {
  readonly hold: string;
  readonly kind: HoldKind;
  readonly number: string;
  readonly placedAt: string;
  readonly placedBy: string;
  readonly namedClips: number;
  readonly caseNumber: string | null;
  readonly officer: string | null;
  /** A day; null where no answer is due. */
  readonly answerBy: string | null;
  readonly daysLeft: number | null;
  readonly releasedAt: string | null;
  readonly releasedBy: string | null;
}

export interface HoldPageView extends HoldLineView {
  readonly reason: string | null;
  readonly receivedOn: string | null;
  readonly recordedFrom: string | null;
  readonly recordedUntil: string | null;
  readonly complaint: string | null;
  readonly releaseReason: string | null;
  readonly clips: readonly string[];
  readonly bag: BagState | null;
}

export type BagState =
  | { readonly state: 'under-way' | 'done'; readonly out: string }
  | { readonly state: 'failed'; readonly out: string; readonly code: string };

export interface RunLineView {
  readonly run: string;
  readonly state: 'proposing' | 'proposed' | 'approved' | 'ended' | 'cancelled';
  readonly asOf: string;
  readonly proposedAt: string;
  readonly proposedBy: string;
  readonly approvedBy: string | null;
  readonly closedBy: string | null;
  readonly reason: string;
  readonly clips: number;
  readonly deleted: number;
  readonly kept: number;
}

export interface RunPageView extends RunLineView {
  readonly lines: readonly {
    readonly clip: string;
    readonly rule: string;
    readonly title: string;
    readonly lastDay: string;
    readonly outcome: 'deleted' | 'kept' | null;
    readonly reasons: readonly string[];
  }[];
}

export interface DeletedClipView {
  readonly clip: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly docking: string;
  readonly deletion: string;
  readonly approvedAt: string;
  readonly approvedSeq: number;
  readonly rule: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly run: string | null;
}

export interface KeepingOverview {
  readonly rules: readonly {
    readonly id: string;
    readonly title: string;
    readonly clause: string;
    readonly period: RetentionPeriod;
  }[];
  /** Clips over their time among those looked at, the oldest first. */
  readonly looked: number;
  readonly isWhole: boolean;
  readonly due: readonly ClipKeepingView[];
  readonly stays: readonly ClipKeepingView[];
  readonly marks: { readonly device: number; readonly human: number; readonly both: number; readonly denied: number };
  readonly holds: readonly HoldLineView[];
  readonly runs: readonly RunLineView[];
}

export interface BagForm {
  readonly hold: string;
  readonly applicant: string;
  readonly approvedBy: string;
  readonly recipient: string;
}

export interface WebKeeping {
  overview(): Promise<KeepingOverview>;
  hold(id: string): Promise<HoldPageView | undefined>;
  run(id: string): RunPageView | undefined;
  clip(id: string): ClipKeepingView | undefined;
  deleted(id: string): DeletedClipView | undefined;
  /** Given where the configuration says where bags go. Begins the export and does not wait for it. @throws StationError */
  readonly makeBag: ((form: BagForm) => Promise<void>) | undefined;
}
