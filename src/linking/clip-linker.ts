/**
 * Asks the registry what the linking policy needs to know about one clip, and the policy for its answer. Numbers of
 * cases are compared in a folded form, because file names and case lists write the same brackets differently.
 */
import { type Version, versionsAsOf } from '../domain/history.ts';
import { type LinkAnswer, linkClip } from '../domain/linking-policy.ts';
import type { AssignmentFacts, CalendarDate, CaseFacts, OfficerFacts } from '../domain/people-facts.ts';
import { instantToLocalDate } from '../domain/station-time.ts';
import type { SubjectKind } from '../domain/subject-kinds.ts';

export interface LinkRegistry {
  versionsOfKey(kind: 'officers', key: string): Version<OfficerFacts>[];
  versionsOfKey(kind: 'cases', key: string): Version<CaseFacts>[];
  assignmentsOfRecorder(serial: string): Version<AssignmentFacts>[];
  firstDay(kind: SubjectKind): CalendarDate | null;
  linkByHand(clip: string, target: 'case' | 'officer'): string | undefined;
  caseNumbers(): readonly { readonly number: string; readonly key: string }[];
}

export interface LinkableClip {
  readonly clip: string;
  readonly recorder: string | null;
  readonly officer: string | null;
  readonly caseNumber: string | null;
  readonly recordedAt: string | null;
}

/** `〔2026〕`, `（2026）`, `[2026]` and `(2026)`, and full-width digits, are one way of writing. */
export function foldCaseNumber(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[〔【［[]/gu, '(')
    .replaceAll(/[〕】］\]]/gu, ')')
    .replaceAll(/\s+/gu, '')
    .toLowerCase();
}

export class ClipLinker {
  readonly #registry: LinkRegistry;
  readonly #timeZone: string;
  /** Folded case number to the one in the list; made anew for each linker, so it never outlives an answer. */
  #cases: Map<string, string> | undefined;
  // What many clips of one answer ask alike, so that looking through thousands of them stays quick.
  readonly #officers = new Map<string, boolean>();
  readonly #ofRecorder = new Map<string, AssignmentFacts[]>();
  #firstDay: CalendarDate | null | undefined;

  constructor(registry: LinkRegistry, timeZone: string) {
    this.#registry = registry;
    this.#timeZone = timeZone;
  }

  link(clip: LinkableClip): LinkAnswer {
    const registry = this.#registry;
    const day =
      clip.recordedAt === null
        ? null
        : (instantToLocalDate(Date.parse(clip.recordedAt), this.#timeZone) as CalendarDate);
    return linkClip({
      day,
      officerInName: clip.officer,
      caseInName: clip.caseNumber === null ? null : (this.findCase(clip.caseNumber) ?? clip.caseNumber),
      officerByHand: registry.linkByHand(clip.clip, 'officer'),
      caseByHand: registry.linkByHand(clip.clip, 'case'),
      assignments: clip.recorder === null || day === null ? [] : this.#assignments(clip.recorder, day),
      isOfficer: (number) => remembered(this.#officers, number, () => this.#isOfficer(number)),
      isCase: (number) => this.findCase(number) !== undefined,
    });
  }

  /** The key of the case that has or had this number, undefined when no case is meant. */
  findCase(number: string): string | undefined {
    this.#cases ??= new Map(
      this.#registry.caseNumbers().map(({ number, key: known }) => [foldCaseNumber(number), known]),
    );
    return this.#cases.get(foldCaseNumber(number));
  }

  #isOfficer(number: string): boolean {
    return this.#registry.versionsOfKey('officers', number).length > 0;
  }

  #assignments(serial: string, day: CalendarDate): AssignmentFacts[] {
    if (this.#firstDay === undefined) this.#firstDay = this.#registry.firstDay('assignments');
    const first = this.#firstDay;
    // Days before the first import are answered with the first import, as coverage does.
    const asOf = first !== null && day < first ? first : day;
    return remembered(this.#ofRecorder, `${asOf}\n${serial}`, () => {
      const holding = versionsAsOf(this.#registry.assignmentsOfRecorder(serial), { asOf });
      return Array.from(holding.values(), ({ facts }) => facts);
    });
  }
}

function remembered<V>(known: Map<string, V>, key: string, ask: () => V): V {
  const before = known.get(key);
  if (before !== undefined) return before;
  const answer = ask();
  known.set(key, answer);
  return answer;
}
