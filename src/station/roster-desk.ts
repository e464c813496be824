/**
 * The part of the composition root for the roster between imports: which imports there are and undoing them, who is no
 * longer named and what was answered, which posts nobody mapped, when the next roster is due.
 */
import { findPost, type PostTable } from '../domain/coverage-profile.ts';
import { StationError } from '../domain/errors.ts';
import { versionsAsOf } from '../domain/history.ts';
import { newDocumentId } from '../domain/ids.ts';
import { type CalendarDate, compareText, type OfficerFacts, personOf } from '../domain/people-facts.ts';
import type { Actor } from '../domain/records.ts';
import {
  type RosterAge,
  type RosterAnswer,
  type RosterAnswerDocument,
  type RosterQuestion,
  rosterAge,
  rosterQuestions,
} from '../domain/roster-questions.ts';
import type { VersionDocument } from '../domain/subject-kinds.ts';
import { undoImport } from '../people/import-undo.ts';
import type { ImportRow } from '../registry/people-queries.ts';
import type { PeopleDesk } from './people-desk.ts';
import { random, type StationContext } from './station-context.ts';

export interface AnswerRequest {
  readonly certificateNo: string;
  readonly answer: RosterAnswer;
  /** With `left`: the first day on which the officer is no longer in the team. */
  readonly on: CalendarDate | undefined;
  readonly reason: string;
  readonly actor: Actor;
}

export interface UnmappedPost {
  readonly post: string;
  readonly officers: number;
}

export interface RosterStatus extends RosterAge {
  readonly asOf: CalendarDate;
  readonly certificates: number;
  readonly persons: number;
  readonly questions: number;
  readonly unmappedPosts: readonly UnmappedPost[];
}

export class RosterDesk {
  readonly #context: StationContext;
  readonly #people: PeopleDesk;

  constructor(context: StationContext, people: PeopleDesk) {
    this.#context = context;
    this.#people = people;
  }

  imports(): ImportRow[] {
    return this.#context.registry.people.imports();
  }

  /** @returns statements of later imports that were written down first @throws StationError import-unknown, import-undone */
  undo(request: { readonly import: string; readonly reason: string; readonly actor: Actor }): Promise<number> {
    const { registry, ledger } = this.#context;
    return this.#people.inTurn(() => {
      const row = registry.people.findImport(request.import);
      const next = 'List the imports with "evidock imports".';
      if (row === undefined) throw new StationError('import-unknown', `there is no import ${request.import}`, { next });
      if (row.undoneSeq !== null) {
        throw new StationError('import-undone', `${request.import} was undone on ${row.undoneAt}`, { next });
      }
      return undoImport({ ledger, random, registry: registry.people }, { ...request, kind: row.kind });
    });
  }

  questions(today: CalendarDate): RosterQuestion[] {
    const { people } = this.#context.registry;
    const roster = people.newestRoster();
    if (roster === undefined) return [];
    const unnamed = people.unansweredMissing(roster).map((certificateNo) => ({
      certificateNo,
      facts: versionsAsOf(people.versionsOfKey('officers', certificateNo), { asOf: today }).get(certificateNo)?.facts,
    }));
    return rosterQuestions(unnamed, today);
  }

  /** @throws StationError officer-unknown, roster-not-asked */
  answer(request: AnswerRequest, today: CalendarDate): Promise<void> {
    const { registry, ledger } = this.#context;
    const { certificateNo: key, answer, reason, actor } = request;
    return this.#people.inTurn(async () => {
      const held = versionsAsOf(registry.people.versionsOfKey('officers', key), { asOf: today }).get(key);
      if (held === undefined) {
        throw new StationError('officer-unknown', `the roster has no certificate ${key}`, {
          next: 'Write the number as the roster does.',
        });
      }
      const isAsked = this.questions(today).some(({ certificateNo }) => certificateNo === key);
      if (answer === 'stays' && !isAsked && held.facts.leftOn === undefined) {
        throw new StationError('roster-not-asked', `nothing is asked about ${key}`, {
          next: 'List the questions with "evidock roster questions".',
        });
      }
      const why: RosterAnswerDocument = { kind: 'officers', key, answer, reason };
      const facts = answeredFacts(held.facts, request, today);
      const roster = registry.people.newestRoster()?.effectiveFrom;
      const since = isAsked && roster !== undefined && roster > held.effectiveFrom ? roster : held.effectiveFrom;
      const version: VersionDocument = { kind: 'officers', key, effectiveFrom: since, facts };
      await ledger.append({
        type: 'officer-changed',
        actor,
        body: {},
        documents: [version, why].map((body) => ({ id: newDocumentId(random), body: body as never })),
      });
    });
  }

  status(today: CalendarDate): RosterStatus {
    const { registry, options } = this.#context;
    const held = [...versionsAsOf(registry.people.versions('officers'), { asOf: today }).values()];
    const present = held.map(({ facts }) => facts).filter((facts) => isPresent(facts, today));
    const newest = registry.people.newestRoster()?.effectiveFrom ?? null;
    return {
      ...rosterAge(newest, today, options.configuration.people.rosterMonths),
      asOf: today,
      certificates: present.length,
      persons: new Set(present.map(personOf)).size,
      questions: this.questions(today).length,
      unmappedPosts: this.unmappedPosts(present),
    };
  }

  /** Posts that the table of profiles does not know, with how many have them; those count as front-line. */
  unmappedPosts(officers: readonly OfficerFacts[]): UnmappedPost[] {
    return unmappedPosts(officers, [...this.#people.profiles.values()][0]?.posts ?? new Map());
  }
}

export function unmappedPosts(officers: readonly OfficerFacts[], posts: PostTable): UnmappedPost[] {
  const counts = new Map<string, number>();
  for (const { post } of officers) counts.set(post, (counts.get(post) ?? 0) + 1);
  return [...counts]
    .filter(([post]) => findPost(posts, post) === undefined)
    .map(([post, count]) => ({ post, officers: count }))
    .sort((a, b) => b.officers - a.officers || compareText(a.post, b.post));
}

const isPresent = (facts: OfficerFacts, day: CalendarDate): boolean =>
  facts.replacedBy === undefined && (facts.leftOn === undefined || facts.leftOn > day);

function answeredFacts(held: OfficerFacts, { answer, on, reason }: AnswerRequest, today: CalendarDate): OfficerFacts {
  const { leftOn: _, leftReason: __, ...facts } = held;
  return answer === 'stays' ? facts : { ...facts, leftOn: on ?? today, leftReason: reason };
}
