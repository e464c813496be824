/**
 * Asks registry and linking what the policies must know of a clip, and the policies for their answer: how long it is
 * kept and why, who holds it, and what would keep it out of a deletion run. One judge serves one answer: it remembers
 * the cases, certificates and holds of that moment.
 */
import type { ClipFields } from '../domain/clip-fields.ts';
import { clockDoubts, type RunQuestion, reasonsToStay, type StayReason } from '../domain/deletion-run-policy.ts';
import { type Version, versionsAsOf } from '../domain/history.ts';
import type { HeldClip } from '../domain/hold-policy.ts';
import { type CalendarDate, type CaseFacts, getCalendarDate, type OfficerFacts } from '../domain/people-facts.ts';
import { personStandingOn } from '../domain/person-standing.ts';
import {
  decideRetention,
  isOver,
  type RetentionAnswer,
  type RetentionQuestion,
  type RetentionRule,
} from '../domain/retention-policy.ts';
import { instantToLocalDate } from '../domain/station-time.ts';
import type { HoldIndex } from './hold-index.ts';

/** A clip's row, as the registry has it. */
export type JudgedClip = Pick<
  ClipFields,
  | 'clip'
  | 'kind'
  | 'recorder'
  | 'officer'
  | 'caseNumber'
  | 'recordedAt'
  | 'correctedEarliest'
  | 'correctedLatest'
  | 'sealedAt'
  | 'important'
  | 'docking'
  | 'facts'
  | 'isProbed'
  | 'isRestricted'
>;

export interface JudgeRegistry {
  mark(
    clip: string,
  ): { readonly important: 0 | 1; readonly category: string | null; readonly markedAt: string } | undefined;
  findings(clip: string): readonly { readonly code: string }[];
  clockFindings(): readonly { readonly docking: string; readonly code: string }[];
  versionsOfCase(number: string): readonly Version<CaseFacts>[];
  /** Every certificate of whoever holds this one, with all versions. */
  certificatesOfHolder(number: string): readonly Version<OfficerFacts>[];
}

export interface JudgeLinker {
  link(clip: JudgedClip): {
    readonly officer: { readonly number: string } | null;
    readonly case: { readonly number: string } | null;
    readonly namedCase: string | null;
    readonly findings: readonly string[];
  };
}

export interface ClipKeeping<H> {
  readonly clip: string;
  readonly sealedOn: CalendarDate;
  readonly retention: RetentionAnswer;
  /** Whether its time is over on the day that was asked about. */
  readonly isOver: boolean;
  readonly holds: readonly H[];
  /** Why no deletion run may take it; empty: it may go. */
  readonly reasons: readonly StayReason[];
  /** The findings behind those reasons. */
  readonly findings: readonly string[];
  readonly caseNumber: string | null;
  readonly officer: string | null;
}

export interface JudgeParts<H> {
  readonly registry: JudgeRegistry;
  readonly linker: JudgeLinker;
  readonly holds: HoldIndex<H>;
  readonly rules: readonly RetentionRule[];
  readonly timeZone: string;
  /** Whether a case is proposed for it that nobody has answered. */
  readonly hasOpenProposal: (clip: string) => boolean;
  /** One way of writing a case number. */
  readonly foldCase: (number: string) => string;
  /** The day that "over" is asked for. */
  readonly asOf: CalendarDate;
}

/** A recorder that is a day ahead of the station did not just drift. */
const aheadMs = 86_400_000;

export class ClipJudge<H> {
  readonly #parts: JudgeParts<H>;
  readonly #cases = new Map<string, RetentionQuestion['case']>();
  readonly #certificates = new Map<string, boolean>();
  #clocks: ReadonlyMap<string, readonly { readonly code: string }[]> | undefined;

  constructor(parts: JudgeParts<H>) {
    this.#parts = parts;
  }

  judge(clip: JudgedClip): ClipKeeping<H> {
    const { registry, linker, rules, asOf } = this.#parts;
    const link = linker.link(clip);
    const number = caseOf(link);
    const own = registry.findings(clip.clip).map(({ code }) => code);
    const sealedOn = this.#dayOf(clip.sealedAt);
    const mark = registry.mark(clip.clip);
    const retention = decideRetention(rules, {
      sealedOn,
      kind: clip.kind,
      deviceMark: clip.important === 1,
      humanMark:
        mark === undefined
          ? null
          : { important: mark.important === 1, category: mark.category, on: this.#dayOf(mark.markedAt) },
      case: number === null ? null : this.#case(number),
    });
    const holds = this.#parts.holds.of(this.#heldClip(clip, link, own));
    const clockFindings = clockDoubts(this.#clockFindings(clip.docking), clip);
    const reasons = this.#withProposals(clip.clip, {
      isOver: isOver(retention, asOf),
      isHeld: holds.length > 0,
      isRestricted: clip.isRestricted === 1,
      findings: own,
      clockFindings,
      linkFindings: link.findings,
      hasTime: clip.recordedAt !== null,
      isFromFuture: isFromFuture(clip),
      hasOfficer: link.officer !== null,
      isCertificateValid: link.officer === null ? null : this.#isCertificateValid(link.officer.number, clip),
      isProbed: clip.isProbed === 1,
    });
    return {
      clip: clip.clip,
      sealedOn,
      retention,
      isOver: isOver(retention, asOf),
      holds,
      reasons,
      findings: [...own, ...clockFindings, ...link.findings],
      caseNumber: number,
      officer: link.officer?.number ?? null,
    };
  }

  /** Looking for cases takes time, so it is done for what nothing else keeps. */
  #withProposals(clip: string, question: RunQuestion): StayReason[] {
    const reasons = reasonsToStay(question);
    if (reasons.length > 0 || !this.#parts.hasOpenProposal(clip)) return reasons;
    return reasonsToStay({ ...question, linkFindings: ['case-proposed'] });
  }

  /** Whether a hold stands on it, without asking how long it is kept. */
  holdsOf(clip: JudgedClip): H[] {
    if (this.#parts.holds.isEmpty) return [];
    const own = this.#parts.registry.findings(clip.clip).map(({ code }) => code);
    return this.#parts.holds.of(this.#heldClip(clip, this.#parts.linker.link(clip), own));
  }

  /** When it may have been recorded, at the widest; a time that cannot be right limits nothing. */
  #heldClip(clip: JudgedClip, link: ReturnType<JudgeLinker['link']>, own: readonly string[]): HeldClip {
    const isDoubtful = own.some((code) => code.startsWith('name-time-'));
    const number = caseOf(link);
    return {
      clip: clip.clip,
      caseNumber: number === null ? null : this.#parts.foldCase(number),
      officer: link.officer?.number ?? null,
      recorded: isDoubtful ? null : recordedRange(clip),
    };
  }

  #dayOf(instant: string): CalendarDate {
    return getCalendarDate(instantToLocalDate(Date.parse(instant), this.#parts.timeZone));
  }

  #case(number: string): NonNullable<RetentionQuestion['case']> {
    const before = this.#cases.get(number);
    if (before != null) return before;
    const { registry, asOf } = this.#parts;
    const facts = versionsAsOf(registry.versionsOfCase(number), { asOf }).get(number)?.facts;
    const answer = { isKnown: facts !== undefined, kind: facts?.kind ?? null, closedOn: facts?.closedOn ?? null };
    this.#cases.set(number, answer);
    return answer;
  }

  /** By any certificate that the person has; a roster that says nothing of that day raises no question. */
  #isCertificateValid(number: string, { recordedAt }: JudgedClip): boolean | null {
    if (recordedAt === null) return null;
    const day = this.#dayOf(recordedAt);
    const key = `${number} ${day}`;
    const before = this.#certificates.get(key);
    if (before !== undefined) return before;
    const kind = personStandingOn(this.#parts.registry.certificatesOfHolder(number), { asOf: day })?.standing.kind;
    const isValid = kind === 'valid' || kind === 'unknown' || kind === undefined;
    this.#certificates.set(key, isValid);
    return isValid;
  }

  #clockFindings(docking: string): readonly string[] {
    this.#clocks ??= Map.groupBy(this.#parts.registry.clockFindings(), (one) => one.docking);
    return (this.#clocks.get(docking) ?? []).map(({ code }) => code);
  }
}

/** Compared with the correction where there is one. */
function isFromFuture({ recordedAt, correctedEarliest, sealedAt }: JudgedClip): boolean {
  const at = correctedEarliest ?? recordedAt;
  return at !== null && Date.parse(at) > Date.parse(sealedAt) + aheadMs;
}

/** From the earliest possible begin to the latest possible end; null where nobody knows. */
export function recordedRange(
  clip: Pick<JudgedClip, 'recordedAt' | 'correctedEarliest' | 'correctedLatest' | 'facts'>,
): { readonly earliest: string; readonly latest: string } | null {
  const { recordedAt, correctedEarliest, correctedLatest, facts } = clip;
  if (recordedAt === null) return null;
  const isCorrected = correctedEarliest !== null || correctedLatest !== null;
  const begins = [recordedAt, isCorrected ? (correctedEarliest ?? '0000') : recordedAt].sort();
  const ends = [recordedAt, isCorrected ? (correctedLatest ?? '9999') : recordedAt].sort();
  const { durationMs = 0 } = facts === null ? {} : (JSON.parse(facts) as { durationMs?: number });
  const latest = ends[1] as string;
  const end = Date.parse(latest);
  return {
    earliest: begins[0] as string,
    latest: Number.isNaN(end) || latest === '9999' ? latest : new Date(end + durationMs).toISOString(),
  };
}

/** The case that it is tied to, or that its name has while nobody has decided: either keeps it. */
const caseOf = (link: ReturnType<JudgeLinker['link']>): string | null => link.case?.number ?? link.namedCase;
