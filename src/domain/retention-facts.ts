/**
 * What records about marks, holds and deletion runs say. Bodies hold ids, codes and counts; numbers, names, reasons,
 * cases and officers stand in the records' documents.
 */
import type { HoldKind } from './hold-policy.ts';
import type { CalendarDate } from './people-facts.ts';

/** Body of `clip-marked`; its document is a MarkDocument. The latest one counts. */
export interface ClipMarkedBody {
  readonly clip: string;
  readonly important: boolean;
  /** Id of a category of the configuration. */
  readonly category?: string;
}

export interface MarkDocument {
  readonly reason: string;
}

/** Clips that one record names. */
export const clipsPerRecord = 300;

/** Body of `hold-placed`, subject: the hold. More clips than fit stand in `hold-extended`. */
export interface HoldPlacedBody {
  readonly hold: string;
  readonly kind: HoldKind;
  readonly clips: readonly string[];
}

export interface HoldExtendedBody {
  readonly hold: string;
  readonly clips: readonly string[];
}

/** Document of `hold-placed`. */
export interface HoldDocument {
  readonly number: string;
  readonly placedBy: string;
  readonly reason: string | null;
  /** The day of the paper, or on which it was received: from here the answer's time runs. */
  readonly receivedOn: CalendarDate;
  /** The last day for the answer, as it was worked out when the hold was placed; null where none is due. */
  readonly answerBy: CalendarDate | null;
  /** As the case list writes it. */
  readonly caseNumber: string | null;
  /** Certificate number. */
  readonly officer: string | null;
  /** ISO instants that limit the officer's clips: from, and before. */
  readonly from: string | null;
  readonly until: string | null;
  readonly complaint: string | null;
}

/** Body of `hold-released`; its document is a ReleaseDocument. */
export interface HoldReleasedBody {
  readonly hold: string;
}

export interface ReleaseDocument {
  readonly releasedBy: string;
  readonly reason: string;
}

/** Clips that one `deletion-run-proposed` names, and those of a whole run. */
export const clipsPerRunPart = 200;
export const clipsPerRunMax = 5000;

/** Body of `deletion-run-proposed`, subject: the run. It counts when its last part is there. */
export interface RunProposedBody {
  readonly run: string;
  /** 1, 2, … */
  readonly part: number;
  readonly last: boolean;
  readonly asOf: CalendarDate;
  readonly clips: readonly string[];
}

/** Document of `deletion-run-proposed`: names on every part, so that each stands for itself. */
export interface RunProposedDocument {
  readonly proposedBy: string;
  readonly reason: string;
  readonly entries: readonly RunEntry[];
}

/** Why a clip is in the run: the rule as it was then. */
export interface RunEntry {
  readonly clip: string;
  readonly rule: string;
  readonly title: string;
  readonly clause: string;
  readonly lastDay: CalendarDate;
}

/** Bodies of `deletion-run-approved` and `deletion-run-cancelled`; the document says who and why. */
export interface RunBody {
  readonly run: string;
}

export interface RunConsentDocument {
  readonly name: string;
  readonly reason: string | null;
}

/** Body of `deletion-run-kept`: a clip of the run that stays after all. */
export interface RunKeptBody {
  readonly run: string;
  readonly kept: string;
  readonly reasons: readonly string[];
}

/** Body of `deletion-run-ended`. */
export interface RunEndedBody {
  readonly run: string;
  readonly deleted: number;
  readonly kept: number;
}
