/**
 * What a certificate was worth on a day, out of everything that rosters said of it: valid, or why not, since when, and
 * where two rosters leave the days between them open. A pure function of (versions, asOf, knownAt). Coverage asks it
 * who counts, the self-check whether a recording was made by somebody certified.
 */
import { type HistoryQuestion, timelineOf, type Version } from './history.ts';
import { type CalendarDate, type CertificateStatus, compareText, type OfficerFacts } from './people-facts.ts';

type Lapse = Exclude<CertificateStatus, 'valid'>;

/**
 * - `open`: two rosters differ and neither says since when: nobody knows for the days after `after` and before `before`;
 *   `was` is what the earlier one said, `becomes` what the later one says;
 * - `replaced`: another certificate speaks for the person since (`since` null where no roster says the day);
 * - `unknown`: no roster had said anything of it by that day (nor, looking back, since when it was issued).
 */
export type CertificateStanding =
  | { readonly kind: 'valid' }
  | { readonly kind: Lapse; readonly since: CalendarDate | null; readonly until: CalendarDate | null }
  | { readonly kind: 'expired'; readonly lastDay: CalendarDate }
  | { readonly kind: 'not-yet-issued'; readonly issuedOn: CalendarDate }
  | { readonly kind: 'left'; readonly since: CalendarDate; readonly reason: string | null }
  | { readonly kind: 'replaced'; readonly by: string; readonly since: CalendarDate | null }
  | OpenStanding
  | { readonly kind: 'unknown' };

export interface OpenStanding {
  readonly kind: 'open';
  readonly after: CalendarDate;
  readonly before: CalendarDate;
  readonly was: CertificateStatus | 'expired';
  readonly becomes: CertificateStatus;
}

/** `versions`: all of one certificate. A day before its first roster is answered from that roster where dates reach it. */
export function certificateStandingOn(
  versions: readonly Version<OfficerFacts>[],
  { asOf, knownAt = Number.POSITIVE_INFINITY }: HistoryQuestion,
): CertificateStanding {
  const timeline = timelineOf(versions, knownAt);
  const at = timeline.findLastIndex(({ effectiveFrom }) => effectiveFrom <= asOf);
  const held = timeline[at];
  const next = timeline[at + 1];
  if (next === undefined) return held === undefined ? { kind: 'unknown' } : standingOfFacts(held.facts, asOf);
  // A later roster that gives the first day of a lapse speaks of the days before it, too.
  const dated = datedLapse(next.facts, asOf);
  if (held === undefined) return beforeFirst(next.facts, asOf, dated);
  const now = standingOfFacts(held.facts, asOf);
  if (now.kind === 'valid') return dated ?? openUntil(next, { held, asOf, was: 'valid' }) ?? now;
  return restored(now, { held, next, asOf }) ?? now;
}

/** What one roster line says of a day: another certificate, leaving, then lapses, then dates of validity. */
export function standingOfFacts(facts: OfficerFacts, asOf: CalendarDate): CertificateStanding {
  if (facts.leftOn !== undefined && facts.leftOn <= asOf) {
    return { kind: 'left', since: facts.leftOn, reason: facts.leftReason ?? null };
  }
  if (facts.replacedBy !== undefined) {
    return { kind: 'replaced', by: facts.replacedBy, since: facts.replacedOn ?? null };
  }
  const { certificateStatus: status, statusFrom, statusUntil } = facts;
  const isOver = statusUntil !== undefined && asOf > statusUntil;
  const isToCome = statusFrom !== undefined && asOf < statusFrom;
  if (status !== 'valid' && !isOver && !isToCome) {
    return { kind: status, since: statusFrom ?? null, until: statusUntil ?? null };
  }
  if (facts.validUntil < asOf) return { kind: 'expired', lastDay: facts.validUntil };
  if (facts.issuedOn !== undefined && asOf < facts.issuedOn)
    return { kind: 'not-yet-issued', issuedOn: facts.issuedOn };
  return { kind: 'valid' };
}

interface Between {
  readonly held: Version<OfficerFacts>;
  readonly next: Version<OfficerFacts>;
  readonly asOf: CalendarDate;
}

/** The next roster tells of a lapse and not since when. The day of the earlier roster itself is what that one said. */
function openUntil(
  next: Version<OfficerFacts>,
  { held, asOf, was }: Omit<Between, 'next'> & Pick<OpenStanding, 'was'>,
): OpenStanding | undefined {
  const { certificateStatus: becomes, statusFrom, replacedBy } = next.facts;
  if (becomes === 'valid' || statusFrom !== undefined || replacedBy !== undefined) return undefined;
  if (asOf <= held.effectiveFrom) return undefined;
  return { kind: 'open', after: held.effectiveFrom, before: next.effectiveFrom, was, becomes };
}

/** The certificate did not count by the earlier roster and does by the next one: renewed, replaced, or given back. */
function restored(now: CertificateStanding, between: Between): CertificateStanding | undefined {
  const { held, next, asOf } = between;
  if (asOf <= held.effectiveFrom || next.facts.leftOn !== undefined) return undefined;
  switch (now.kind) {
    case 'expired':
      return renewed(now.lastDay, between);
    case 'suspended':
    case 'withdrawn':
    case 'cancelled':
      return givenBack(now.kind, between);
    default:
      return undefined;
  }
}

function renewed(lastDay: CalendarDate, { held, next, asOf }: Between): CertificateStanding | undefined {
  const { replacedBy, replacedOn, issuedOn, validUntil } = next.facts;
  const isRenewed = standingOfFacts(next.facts, next.effectiveFrom).kind === 'valid' && asOf <= validUntil;
  if (replacedBy === undefined && !isRenewed) return undefined;
  const since = replacedBy === undefined ? issuedOn : replacedOn;
  if (since !== undefined) return since <= asOf ? { kind: 'valid' } : undefined;
  const after = compareText(lastDay, held.effectiveFrom) > 0 ? lastDay : held.effectiveFrom;
  return { kind: 'open', after, before: next.effectiveFrom, was: 'expired', becomes: 'valid' };
}

function givenBack(was: Lapse, { held, next, asOf }: Between): CertificateStanding | undefined {
  const { certificateStatus: becomes, statusFrom, replacedBy } = next.facts;
  if (becomes !== 'valid' || replacedBy !== undefined) return undefined;
  if (statusFrom !== undefined) return statusFrom <= asOf ? standingOfFacts(next.facts, asOf) : undefined;
  return { kind: 'open', after: held.effectiveFrom, before: next.effectiveFrom, was, becomes };
}

function datedLapse(facts: OfficerFacts, asOf: CalendarDate): CertificateStanding | undefined {
  const isLapseDated = facts.certificateStatus !== 'valid' && facts.statusFrom !== undefined;
  if (!isLapseDated && facts.leftOn === undefined) return undefined;
  const standing = standingOfFacts(facts, asOf);
  return standing.kind === facts.certificateStatus || standing.kind === 'left' ? standing : undefined;
}

/** Only what carries its own dates can be said of days before the first roster. */
function beforeFirst(
  facts: OfficerFacts,
  asOf: CalendarDate,
  dated: CertificateStanding | undefined,
): CertificateStanding {
  if (dated !== undefined && dated.kind !== 'valid') return dated;
  const standing = standingOfFacts(facts, asOf);
  if (standing.kind === 'not-yet-issued' || standing.kind === 'expired') return standing;
  const wasIssued = facts.issuedOn !== undefined && facts.issuedOn <= asOf;
  return wasIssued && standing.kind === 'valid' ? standing : { kind: 'unknown' };
}
