/**
 * Asks the registry what the linking policy needs to know about one clip, and the policy for its answer, now or as it
 * was known at a sequence of the ledger. Numbers of cases are compared in a folded form, because file names and case
 * lists write the same brackets differently.
 */

import { type CheckOut, checkOutsKnownAt, type InstantRange, type OfficerClaim } from '../domain/checkout-facts.ts';
import type { ClipFields } from '../domain/clip-fields.ts';
import { type Version, versionsAsOf } from '../domain/history.ts';
import { type ClipTime, clipTime } from '../domain/linking-clip-time.ts';
import { foldCaseNumber, type LinkTarget } from '../domain/linking-facts.ts';
import {
  type LinkAnswer,
  type LinkQuestion,
  linkClip,
  type OfficerEvidence,
  officerEvidence,
  type RecordedLink,
} from '../domain/linking-policy.ts';
import type { AssignmentFacts, CalendarDate, CaseFacts, OfficerFacts } from '../domain/people-facts.ts';
import { instantToLocalDate } from '../domain/station-time.ts';

export interface LinkRegistry {
  officerVersions(certificateNo: string): Version<OfficerFacts>[];
  /** Of whoever holds this one, in no order. */
  certificatesOfHolder(certificateNo: string, knownAt: number): readonly string[];
  assignmentsOfRecorder(serial: string): Version<AssignmentFacts>[];
  checkoutsOfRecorder(serial: string): readonly CheckOut[];
  claimsOfClip(clip: string): readonly OfficerClaim[];
  firstAssignmentDay(knownAt: number): CalendarDate | null;
  recorded(clip: string, target: LinkTarget, knownAt: number): RecordedLink | undefined;
  isDecided(clip: string, knownAt: number): boolean;
  casesByNumber(number: string): readonly string[];
  numbersOfCase(key: string): readonly { readonly number: string; readonly seq: number }[];
  caseFacts(key: string, knownAt: number): CaseFacts | undefined;
}

export interface LinkableClip
  extends Pick<
    ClipFields,
    'clip' | 'recorder' | 'officer' | 'caseNumber' | 'recordedAt' | 'correctedEarliest' | 'correctedLatest' | 'sealedAt'
  > {
  readonly durationMs?: number | null;
}

export class ClipLinker {
  readonly #registry: LinkRegistry;
  readonly #timeZone: string;
  readonly #knownAt: number;
  // What many clips of one answer ask alike, so that looking through thousands of them stays quick; made anew for each
  // linker, so it never outlives an answer.
  readonly #cases = new Map<string, string | null>();
  readonly #officers = new Map<string, boolean>();
  readonly #certificates = new Map<string, readonly string[]>();
  readonly #ofRecorder = new Map<string, AssignmentFacts[]>();
  readonly #checkOuts = new Map<string, CheckOut[]>();
  #firstDay: CalendarDate | null | undefined;

  constructor(registry: LinkRegistry, timeZone: string, knownAt = Number.MAX_SAFE_INTEGER) {
    this.#registry = registry;
    this.#timeZone = timeZone;
    this.#knownAt = knownAt;
  }

  link(clip: LinkableClip): LinkAnswer {
    return linkClip(this.#question(clip));
  }

  /** Who recorded it by what is recorded about the recorder, and the name; a person's word aside. */
  officerEvidence(clip: LinkableClip): OfficerEvidence {
    return officerEvidence(this.#question(clip));
  }

  #question(clip: LinkableClip): LinkQuestion {
    const registry = this.#registry;
    const time = clipTime({ ...clip, durationMs: clip.durationMs ?? null });
    const range = rangeOf(time);
    const day = this.#dayOf(clip, time);
    return {
      day,
      range,
      officerInName: clip.officer,
      caseInName: clip.caseNumber === null ? null : (this.findCase(clip.caseNumber) ?? clip.caseNumber),
      recordedOfficer: registry.recorded(clip.clip, 'officer', this.#knownAt),
      recordedCase: registry.recorded(clip.clip, 'case', this.#knownAt),
      isUndecided: clip.caseNumber !== null && !registry.isDecided(clip.clip, this.#knownAt),
      assignments: clip.recorder === null || day === null ? [] : this.#assignments(clip.recorder, day),
      checkOuts: clip.recorder === null || range === null ? [] : this.#checkedOut(clip.recorder),
      claims: registry.claimsOfClip(clip.clip).filter(({ seq }) => seq <= this.#knownAt),
      isOfficer: (number) => remembered(this.#officers, number, () => registry.officerVersions(number).length > 0),
      holderOf: (number) => this.holderOf(number),
      isCase: (number) => registry.caseFacts(number, this.#knownAt) !== undefined,
    };
  }

  /** One name for the holder of a certificate, whichever of theirs it is: the number that sorts first. */
  holderOf(certificateNo: string): string {
    return this.certificatesOf(certificateNo)[0] ?? certificateNo;
  }

  /** All certificates of whoever holds this one, sorted. */
  certificatesOf(certificateNo: string): readonly string[] {
    return remembered(this.#certificates, certificateNo, () =>
      [...new Set([certificateNo, ...this.#registry.certificatesOfHolder(certificateNo, this.#knownAt)])].sort(),
    );
  }

  /** The station's day of the recording by its corrected time where there is one, else as the recorder had it. */
  #dayOf({ recordedAt }: LinkableClip, time: ClipTime | null): CalendarDate | null {
    const ms = time?.isMeasured ? time.guessMs : recordedAt === null ? null : Date.parse(recordedAt);
    return ms === null ? null : (instantToLocalDate(ms, this.#timeZone) as CalendarDate);
  }

  /** The key of the case that has or had this number, undefined when no case is meant. */
  findCase(number: string): string | undefined {
    const found = remembered(this.#cases, number, () => this.#lookForCase(number) ?? null);
    return found ?? undefined;
  }

  #lookForCase(number: string): string | undefined {
    const folded = foldCaseNumber(number);
    const similar: string[] = [];
    let exact: { key: string; seq: number } | undefined;
    for (const key of this.#registry.casesByNumber(number)) {
      const numbers = this.#registry.numbersOfCase(key).filter(({ seq }) => seq <= this.#knownAt);
      if (numbers.length > 0) similar.push(key);
      for (const { number: had, seq } of numbers) {
        // A number that two cases had is now that of the later one.
        if (foldCaseNumber(had) === folded && seq >= (exact?.seq ?? 0)) exact = { key, seq };
      }
    }
    return exact?.key ?? (similar.length === 1 ? similar[0] : undefined);
  }

  #assignments(serial: string, day: CalendarDate): AssignmentFacts[] {
    if (this.#firstDay === undefined) this.#firstDay = this.#registry.firstAssignmentDay(this.#knownAt);
    const first = this.#firstDay;
    // Days before the first import are answered with the first import, as coverage does.
    const asOf = first !== null && day < first ? first : day;
    return remembered(this.#ofRecorder, `${asOf}\n${serial}`, () => {
      const versions = this.#registry.assignmentsOfRecorder(serial);
      return Array.from(versionsAsOf(versions, { asOf, knownAt: this.#knownAt }).values(), ({ facts }) => facts);
    });
  }

  #checkedOut(serial: string): CheckOut[] {
    return remembered(this.#checkOuts, serial, () =>
      checkOutsKnownAt(this.#registry.checkoutsOfRecorder(serial), this.#knownAt),
    );
  }
}

/** From its beginning to its end, with the error of a clock that was measured. */
function rangeOf(time: ClipTime | null): InstantRange | null {
  if (time === null) return null;
  const { guessMs, earliestMs, latestMs, durationMs, isMeasured } = time;
  const from = isMeasured && earliestMs !== null ? earliestMs : guessMs;
  const to = (isMeasured && latestMs !== null ? latestMs : guessMs) + durationMs;
  return { earliest: new Date(from).toISOString(), latest: new Date(to).toISOString() };
}

function remembered<V>(known: Map<string, V>, key: string, ask: () => V): V {
  const before = known.get(key);
  if (before !== undefined) return before;
  const answer = ask();
  known.set(key, answer);
  return answer;
}
