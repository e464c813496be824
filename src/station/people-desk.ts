/**
 * The part of the composition root for people: their imports, the profiles of coverage, linkers. One change at a time,
 * because an import compares with what holds when it starts.
 */
import { join } from 'node:path';
import { type ActList, findActCode } from '../domain/act-list.ts';
import type { CoverageProfile } from '../domain/coverage-profile.ts';
import { StationError } from '../domain/errors.ts';
import { localTimeToInstant } from '../domain/station-time.ts';
import { ClipLinker } from '../linking/clip-linker.ts';
import {
  type CaseUpdateDependencies,
  type CaseUpdateRequest,
  type CaseUpdateResult,
  updateCases,
} from '../people/case-update.ts';
import { headingsOfTables } from '../people/own-headings.ts';
import { PeopleImport, type PeopleImportRequest, type PeopleImportResult } from '../people/people-import.ts';
import type { UnitNames } from './coverage-units.ts';
import { linkRegistry } from './link-registry.ts';
import { random, type StationContext } from './station-context.ts';

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
  unitNames(knownAt?: number): UnitNames {
    return this.#context.registry.people.unitNames(knownAt);
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
}
