/** The part of the composition root that answers the pages about the roster. Nobody signs in there. */
import { certificateStandingOn } from '../domain/certificate-standing.ts';
import { findPost, type PostTable } from '../domain/coverage-profile.ts';
import { countsAt, type Version, versionsAsOf } from '../domain/history.ts';
import { fieldChanges } from '../domain/import-difference.ts';
import { type CalendarDate, compareText, type OfficerFacts, unitKeyOf } from '../domain/people-facts.ts';
import { personStandingOn } from '../domain/person-standing.ts';
import type { Actor } from '../domain/records.ts';
import { isAskedAbout, type RosterAge, type RosterQuestion, rosterAge } from '../domain/roster-questions.ts';
import type {
  CertificateHistory,
  OfficerList,
  OfficerRow,
  OfficerStatement,
  PersonDetail,
  UnitRow,
} from '../domain/roster-views.ts';
import { pathTo, subtreeOf, type UnitTree, unitTreeOn } from '../domain/unit-tree.ts';
import type { Station } from '../station.ts';
import type { PeopleQuery, WebPeople } from '../web/web-people.ts';
import type { UnmappedPost } from './roster-desk.ts';

type OfStation = Pick<Station, 'context' | 'people' | 'roster' | 'today'>;

/** The people of one day, as they are shown. */
interface Day {
  /** What it was made of: the day, and how far the registry was. */
  readonly key: string;
  readonly officers: readonly OfficerFacts[];
  readonly tree: UnitTree;
  /** Certificates right in each unit. */
  readonly counts: ReadonlyMap<string, number>;
}

export class PeoplePages implements WebPeople {
  readonly #station: OfStation;
  readonly #actor: Actor;
  /** The day that was asked for last; the same one is paged through and searched. */
  #day: Day | undefined;

  constructor(station: OfStation, actor: Actor) {
    this.#station = station;
    this.#actor = actor;
  }

  get #posts(): PostTable {
    return [...this.#station.people.profiles.values()][0]?.posts ?? new Map();
  }

  list({ asOf, search, unit, page, pageSize }: PeopleQuery): OfficerList {
    const { officers, tree, counts } = this.#of(asOf);
    const within = unit === undefined ? undefined : subtreeOf(tree, unit);
    const text = search.toLowerCase();
    const found = officers.filter(
      (facts) => (within === undefined || within.has(unitKeyOf(facts))) && (text === '' || saysText(facts, text)),
    );
    const row = (unitKey: string): UnitRow => ({
      unitKey,
      name: tree.get(unitKey)?.name ?? unitKey,
      officers: [...subtreeOf(tree, unitKey)].reduce((sum, key) => sum + (counts.get(key) ?? 0), 0),
    });
    const below =
      unit === undefined
        ? [...tree.values()].filter(({ parent }) => parent === null).map(({ unitKey }) => unitKey)
        : (tree.get(unit)?.children ?? []);
    return {
      rows: found.slice((page - 1) * pageSize, page * pageSize).map((facts) => this.#row(facts, asOf)),
      found: found.length,
      all: officers.length,
      path: unit === undefined ? [] : pathTo(tree, unit).map(row),
      units: below.map(row).sort((a, b) => compareText(a.unitKey, b.unitKey)),
    };
  }

  #of(asOf: CalendarDate): Day {
    const { registry } = this.#station.context;
    const key = `${asOf} ${registry.nextSeq}`;
    if (this.#day?.key === key) return this.#day;
    const held = versionsAsOf(registry.people.versions('officers'), { asOf });
    const officers = Array.from(held.values(), ({ facts }) => facts)
      .filter((facts) => isAskedAbout(facts, asOf))
      .sort((a, b) => compareText(a.unit, b.unit) || compareText(a.certificateNo, b.certificateNo));
    const counts = new Map<string, number>();
    const names = new Map<string, string>();
    for (const facts of officers) {
      const unit = unitKeyOf(facts);
      counts.set(unit, (counts.get(unit) ?? 0) + 1);
      names.set(unit, facts.unit);
    }
    const told = unitTreeOn(registry.people.versions('units'), asOf);
    const tree = new Map(told);
    for (const [unitKey, name] of names) {
      if (!tree.has(unitKey)) tree.set(unitKey, { unitKey, name, parent: null, children: [] });
    }
    this.#day = { key, officers, tree, counts };
    return this.#day;
  }

  #row(facts: OfficerFacts, asOf: CalendarDate): OfficerRow {
    const versions = this.#station.context.registry.people.versionsOfKey('officers', facts.certificateNo);
    return {
      facts,
      standing: certificateStandingOn(versions, { asOf }),
      isPostUnmapped: findPost(this.#posts, facts.post) === undefined,
    };
  }

  find(certificateNo: string, asOf: CalendarDate): PersonDetail | undefined {
    const { people } = this.#station.context.registry;
    const versions = people.certificatesOfHolder(certificateNo);
    if (versions.length === 0) return undefined;
    const keys = Map.groupBy(versions, ({ key }) => key);
    const certificates = Array.from(keys.values(), (own) => this.#certificate(own, asOf)).sort((a, b) =>
      compareText(a.row.facts.certificateNo, b.row.facts.certificateNo),
    );
    const own = certificates.find(({ row }) => row.facts.certificateNo === certificateNo);
    return {
      certificateNo,
      name: own?.row.facts.name ?? '',
      standing: personStandingOn(versions, { asOf })?.standing ?? { kind: 'unknown' },
      certificates,
      isAsked: this.questions().some((question) => question.certificateNo === certificateNo),
      answers: people.rosterAnswers(certificateNo),
    };
  }

  #certificate(versions: readonly Version<OfficerFacts>[], asOf: CalendarDate): CertificateHistory {
    const [first] = versions;
    if (first === undefined) throw new Error('a certificate without versions');
    const held = versionsAsOf(versions, { asOf }).get(first.key) ?? first;
    return { row: this.#row(held.facts, asOf), statements: this.#statements(versions) };
  }

  #statements(versions: readonly Version<OfficerFacts>[]): OfficerStatement[] {
    const ordered = [...versions].sort(
      (a, b) => compareText(a.effectiveFrom, b.effectiveFrom) || a.sequence - b.sequence,
    );
    let before: OfficerFacts | undefined;
    const statements = ordered.map((version): OfficerStatement => {
      const changes = fieldChanges(before ?? {}, version.facts).filter(({ field }) => field !== 'person');
      const counts = countsAt(version, Number.POSITIVE_INFINITY);
      if (counts) before = version.facts;
      const { effectiveFrom, sequence } = version;
      const knownSince = this.#station.context.registry.people.timeOfRecord(sequence);
      return { effectiveFrom, sequence, knownSince, undone: !counts, changes };
    });
    return statements.reverse();
  }

  questions(): RosterQuestion[] {
    return this.#station.roster.questions(this.#station.today());
  }

  age(): RosterAge {
    const { registry, options } = this.#station.context;
    const newest = registry.people.newestRoster()?.effectiveFrom ?? null;
    return rosterAge(newest, this.#station.today(), options.configuration.people.rosterMonths);
  }

  unmappedPosts(asOf: CalendarDate): readonly UnmappedPost[] {
    return this.#station.roster.unmappedPosts(this.#of(asOf).officers);
  }

  answer(request: Parameters<WebPeople['answer']>[0]): Promise<void> {
    return this.#station.roster.answer({ ...request, actor: this.#actor }, this.#station.today());
  }
}

function saysText(facts: OfficerFacts, text: string): boolean {
  const { certificateNo, name, unit, unitCode, post, personNo } = facts;
  return [certificateNo, name, unit, unitCode, post, personNo].some(
    (word) => word?.toLowerCase().includes(text) === true,
  );
}
