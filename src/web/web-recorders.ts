/** What the pages need of recorders in people's hands, in their own words; station/ hands an implementation in. */
import type { CheckOutCheck } from '../domain/check-out-policy.ts';
import type { RecorderReviewFinding } from '../domain/recorder-review-policy.ts';
import type {
  OfficerChoice,
  RecorderDetail,
  RecorderMoment,
  RecorderRow,
  UnitChoice,
} from '../domain/recorder-views.ts';

/** What is done with a recorder: assigned for good, or for a shift. */
export type HandOutKind = 'assign' | 'check-out';

export interface ClaimView {
  readonly certificateNo: string;
  readonly name: string | null;
  readonly statement: string;
  readonly at: string;
  readonly seq: number;
}

export interface HandOutRequest {
  readonly kind: HandOutKind;
  readonly serial: string;
  readonly certificateNo: string;
  /** Assignments only. */
  readonly shared: boolean;
  readonly evenSo: string | undefined;
}

export interface WebRecorders {
  list(moment: RecorderMoment): readonly RecorderRow[];
  find(serial: string, moment: RecorderMoment): RecorderDetail | undefined;
  findings(moment: RecorderMoment): readonly RecorderReviewFinding[];
  /** Units with certified officers today, those with officers without a recorder first. */
  units(): readonly UnitChoice[];
  /** Certified officers of a unit today, those without a recorder first. */
  officers(unit: string): readonly OfficerChoice[];
  /** What speaks against it. @throws StationError where it is not possible at all */
  objections(request: Pick<HandOutRequest, 'kind' | 'serial' | 'certificateNo' | 'shared'>): readonly {
    readonly code: string;
  }[];
  selfCheck(serial: string): readonly CheckOutCheck[];
  /** @throws StationError with the code of what speaks against it */
  handOut(request: HandOutRequest): Promise<void>;
  checkIn(serial: string): Promise<void>;
  claim(request: { readonly clip: string; readonly certificateNo: string; readonly statement: string }): Promise<void>;
  claims(clip: string): readonly ClaimView[];
}

export const recorderAddress = (serial: string): string => `/recorders/${encodeURIComponent(serial.toWellFormed())}`;

export function handOutAddress(
  kind: HandOutKind,
  serial: string,
  chosen: { readonly unit?: string; readonly officer?: string; readonly from?: string } = {},
): string {
  return `/hand-out?${new URLSearchParams({ kind, serial, ...chosen })}`;
}
