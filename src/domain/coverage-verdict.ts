/**
 * What coverage says of one officer: whether they count, whether they are covered, and if not, why not. The words of
 * the reasons are stable: programs test them, and the dictionary has a text for each.
 */
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

export type OutOfPopulationReason =
  | 'certificate-suspended'
  | 'certificate-withdrawn'
  | 'certificate-cancelled'
  | 'certificate-expired'
  | 'not-on-duty'
  | 'not-front-line';

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
}

export type HolderStanding = 'in-population' | 'out-of-population' | 'not-in-roster';

export interface OfficerVerdict {
  readonly certificateNo: string;
  readonly name: string;
  readonly unit: string;
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
}
