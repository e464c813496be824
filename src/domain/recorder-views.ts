/** What lists, commands and pages are told of recorders and who has them: plain values, names included. */
import type { CheckOutCheck } from './check-out-policy.ts';
import type { ReturnBasis } from './checkout-facts.ts';
import type { AssignmentMode, CalendarDate, RecorderState } from './people-facts.ts';
import type { RecorderReviewFinding } from './recorder-review-policy.ts';

/** `knownAt`: the last sequence that counts; by default everything known today. */
export interface RecorderMoment {
  readonly asOf: CalendarDate;
  readonly knownAt?: number;
}

export interface HolderView {
  readonly certificateNo: string;
  /** Null where no roster has the certificate. */
  readonly name: string | null;
  readonly unit: string | null;
  readonly mode: AssignmentMode;
  readonly from: CalendarDate;
  /** Its last day; null while nobody said one. */
  readonly until: CalendarDate | null;
}

export interface CheckOutView {
  readonly checkout: string;
  readonly certificateNo: string;
  readonly name: string | null;
  readonly outAt: string;
  readonly returnedAt: string | null;
  readonly returnBasis: ReturnBasis | null;
}

export interface RecorderRow {
  readonly serial: string;
  /** Null, as state and since, where no list of recorders has it on the day. */
  readonly model: string | null;
  readonly state: RecorderState | null;
  /** A day, or a local time. */
  readonly stateSince: string | null;
  /** Name of the unit whose pool it belongs to. */
  readonly unit: string | null;
  /** Personal holders first; more than one is a finding unless all share it. */
  readonly holders: readonly HolderView[];
  readonly checkOut: CheckOutView | null;
  /** When it was last docked, ISO UTC. */
  readonly lastSeen: string | null;
}

export interface RecorderDetail extends RecorderRow {
  /** By day, then as they became known. */
  readonly states: readonly {
    readonly state: RecorderState;
    readonly since: string;
    readonly unit: string | null;
    readonly sequence: number;
  }[];
  /** The latest first; ended ones included. */
  readonly assignments: readonly HolderView[];
  readonly checkOuts: readonly CheckOutView[];
  readonly findings: readonly RecorderReviewFinding[];
  readonly records: readonly {
    readonly seq: number;
    readonly type: string;
    readonly time: string;
    readonly actor: string;
  }[];
}

/** In service, and nobody has it: neither assigned nor checked out. */
export const isIdle = ({ state, holders, checkOut }: RecorderRow): boolean =>
  state === 'in-service' && holders.length === 0 && checkOut === null;

/** An officer as the kiosk offers them. */
export interface OfficerChoice {
  readonly certificateNo: string;
  readonly name: string;
  readonly post: string;
  /** Serials of their personal recorders. */
  readonly recorders: readonly string[];
}

export interface UnitChoice {
  readonly key: string;
  readonly name: string;
  readonly officers: number;
  readonly withoutRecorder: number;
}

export interface HandedOut {
  readonly checkout: string;
  readonly checks: readonly CheckOutCheck[];
}
