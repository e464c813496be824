/**
 * What coverage says of one officer: whether they count, whether they are covered, and if not, why not. The words of
 * the reasons are stable: programs test them, and the dictionary has a text for each.
 */
import type { CertificateStanding } from './certificate-standing.ts';
import type { CalendarDate } from './people-facts.ts';

export type GapReason =
  | 'in-repair'
  | 'held-by-another'
  | 'lost'
  | 'scrapped'
  | 'shared-only'
  | 'starts-later'
  | 'no-recorder';

/** In the order of precedence, see the table in coverage-policy.ts. */
export const gapReasons: readonly GapReason[] = [
  'in-repair',
  'held-by-another',
  'lost',
  'scrapped',
  'shared-only',
  'starts-later',
  'no-recorder',
];

/** `left`: no longer in the team; `auxiliary`: 辅助人员, whom no profile counts. */
export type OutOfPopulationReason =
  | 'left'
  | 'auxiliary'
  | 'certificate-suspended'
  | 'certificate-withdrawn'
  | 'certificate-cancelled'
  | 'certificate-expired'
  | 'certificate-not-yet-issued'
  | 'not-on-duty'
  | 'not-front-line';

/** In the order in which they are given. */
export const outOfPopulationReasons: readonly OutOfPopulationReason[] = [
  'left',
  'auxiliary',
  'certificate-suspended',
  'certificate-withdrawn',
  'certificate-cancelled',
  'certificate-expired',
  'certificate-not-yet-issued',
  'not-on-duty',
  'not-front-line',
];

/**
 * What becomes of a recorder that covers somebody, since it was given to them and up to the day: docked with footage in
 * the last days of the question; docked in them, but with nothing to keep; docked before, but not in them; never.
 */
export type UseState = 'in-use' | 'no-footage' | 'not-docked-lately' | 'never-docked';
export type UseReason = Exclude<UseState, 'in-use'>;

export const useReasons: readonly UseReason[] = ['never-docked', 'not-docked-lately', 'no-footage'];

/** `counted`: counts, and nobody in particular lacks anything (a share of officers is asked for). */
export type VerdictStatus = 'out' | 'covered' | 'gap' | 'counted';

/**
 * - `certificate-about-to-end`: counts today, and `on` is the last day of the certificate;
 * - `standing-open`: two rosters differ about the certificate without a day: counted as the earlier one said, and a
 *   renewal as without a gap.
 */
export type VerdictNote =
  | { readonly kind: 'certificate-about-to-end'; readonly on: CalendarDate }
  | ({ readonly kind: 'standing-open' } & Omit<Extract<CertificateStanding, { kind: 'open' }>, 'kind'>);

export interface Gap {
  readonly reason: GapReason;
  /** The recorder that the reason speaks of. */
  readonly serial: string | null;
  /** With `held-by-another`: who holds it, and whether they count in this population or are in the roster at all. */
  readonly heldBy: { readonly certificateNo: string; readonly standing: HolderStanding } | null;
  /** With `starts-later`: the first day. */
  readonly startsOn: CalendarDate | null;
  /** With `no-recorder`: a recorder assigned to the officer that stands in no list of recorders. */
  readonly unregisteredSerial: string | null;
  /** The last day on which the gap may be open: the deadline, for a newly certified officer the end of their grace. */
  readonly dueOn: CalendarDate;
  /** Days that it is over since then; 0 while it is not. */
  readonly overdueDays: number;
}

export type HolderStanding = 'in-population' | 'out-of-population' | 'not-in-roster';

export interface OfficerVerdict {
  /** Of the certificate by which the person is judged; see `personsOnDay` for somebody with several. */
  readonly certificateNo: string;
  readonly person: string;
  readonly otherCertificates: readonly string[];
  readonly name: string;
  readonly unit: string;
  /** Code where there is one, else the name. */
  readonly unitKey: string;
  readonly post: string;
  readonly postIsUnmapped: boolean;
  /** Empty: the officer counts. Else every condition that fails. */
  readonly outOfPopulation: readonly OutOfPopulationReason[];
  /** Judged for everyone, also outside the population: recorders with people who do not count are of interest too. */
  readonly isCoveredPersonally: boolean;
  readonly isCoveredIncludingShared: boolean;
  /** The recorder that covers, the personal one first. */
  readonly serial: string | null;
  /** For an officer who counts and is not covered as the profile counts; else null. */
  readonly gap: Gap | null;
  readonly status: VerdictStatus;
  /** Document and clause by which the verdict was reached. */
  readonly clause: string;
  /** Of the recorder that covers; null where none does, or dockings were not asked about. */
  readonly use: UseState | null;
  readonly notes: readonly VerdictNote[];
}
