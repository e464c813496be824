/**
 * The part of the composition root for people: imports, links by hand, coverage. One change at a time, because an
 * import compares with what holds when it starts.
 */
import { join } from 'node:path';
import { type ActList, findActCode } from '../domain/act-list.ts';
import { coverageAsOf, type DatedCoverage } from '../domain/coverage-as-of.ts';
import { coverageOfUnits } from '../domain/coverage-policy.ts';
import type { CoverageProfile } from '../domain/coverage-profile.ts';
import { StationError } from '../domain/errors.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import { localTimeToInstant } from '../domain/station-time.ts';
import { subtreeOf, unitTreeOn } from '../domain/unit-tree.ts';
import { ClipLinker } from '../linking/clip-linker.ts';
import {
  type CaseUpdateDependencies,
  type CaseUpdateRequest,
  type CaseUpdateResult,
  updateCases,
} from '../people/case-update.ts';
import { headingsOfTables } from '../people/own-headings.ts';
import { PeopleImport, type PeopleImportRequest, type PeopleImportResult } from '../people/people-import.ts';
import { findUnit, type UnitNames } from './coverage-units.ts';
import { linkRegistry } from './link-registry.ts';
import { random, type StationContext } from './station-context.ts';

export interface CoverageQuery {
  /** The first profile when not given. */
  readonly profile: string | undefined;
  readonly asOf: CalendarDate;
  readonly unit: string | undefined;
  /** The last sequence that counts; everything known by default. */
  readonly knownAt?: number;
}

export class PeopleDesk {
  readonly #context: StationContext;
  readonly profiles: ReadonlyMap<string, CoverageProfile>;
  readonly #import: PeopleImport;
  readonly #caseUpdate: CaseUpdateDependencies;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(context: StationContext, profiles: ReadonlyMap<string, CoverageProfile>, acts: ActList) {
    this.#context = context;
    this.profiles = profiles;
    const { timeZone } = context.options.configuration.station;
    const reading = {
      ledger: context.ledger,
      random,
      toInstant: (local: string) => localTimeToInstant(local, timeZone),
      actCode: (words: string) => findActCode(acts, words),
    };
    this.#import = new PeopleImport({
      ...reading,
      headings: headingsOfTables(context.options.configuration.people.columns),
      registry: context.registry.people,
      importsFolder: join(context.options.dataFolder, 'imports'),
    });
    this.#caseUpdate = { ...reading, registry: context.registry.people };
  }

  import(request: PeopleImportRequest): Promise<PeopleImportResult> {
    return this.inTurn(() => this.#import.run(request));
  }

  /** For every change of people, recorders and assignments: it compares with what holds when its turn comes. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.catch(() => undefined).then(work);
    this.#turn = turn;
    return turn;
  }

  /** Takes news of some cases. @throws StationError ledger-full, ledger-failed */
  updateCases(request: CaseUpdateRequest): Promise<CaseUpdateResult> {
    const turn = this.#turn.catch(() => undefined).then(() => updateCases(this.#caseUpdate, request));
    this.#turn = turn;
    return turn;
  }

  /** A linker for one answer: it remembers what it read. `knownAt`: as it was known at that sequence of the ledger. */
  linker(knownAt?: number): ClipLinker {
    const { registry, options } = this.#context;
    return new ClipLinker(linkRegistry(registry), options.configuration.station.timeZone, knownAt);
  }

  /** Every unit that any roster ever had: that nobody of a known unit counts on a day is an answer. */
  unitNames(): UnitNames {
    return this.#context.registry.people.unitNames();
  }

  /** The first one when none is named. @throws StationError profile-unknown */
  profile(name: string | undefined): CoverageProfile {
    const profile = name === undefined ? [...this.profiles.values()][0] : this.profiles.get(name);
    if (profile !== undefined) return profile;
    const names = [...this.profiles.keys()].join(', ');
    throw new StationError('profile-unknown', `there is no profile ${name}; there are ${names}`, {
      next: 'Choose one of those.',
    });
  }

  /** @throws StationError profile-unknown, unit-unknown */
  coverage(query: CoverageQuery): DatedCoverage {
    const { people } = this.#context.registry;
    const profile = this.profile(query.profile);
    const dated = coverageAsOf({
      profile,
      asOf: query.asOf,
      ...(query.knownAt === undefined ? {} : { knownAt: query.knownAt }),
      history: {
        officers: people.versions('officers'),
        recorders: people.versions('recorders'),
        assignments: people.versions('assignments'),
      },
    });
    if (query.unit === undefined) return dated;
    const unit = findUnit(query.unit, this.unitNames());
    const below = subtreeOf(unitTreeOn(people.versions('units'), query.asOf, query.knownAt), unit);
    return { ...dated, answer: coverageOfUnits(dated.answer, query.unit, below) };
  }
}
