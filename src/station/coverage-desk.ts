/**
 * The part of the composition root that answers coverage: figures, lists and changes out of the cache, everything that
 * needs each verdict (exports, stock, the budget) and every older `knownAt` by asking the policy about all of them. A
 * row of a list is judged again before it is shown; where the cache said otherwise it is thrown away.
 */
import { join } from 'node:path';
import type { CachedPage, CachedPerson } from '../coverage/cache-pages.ts';
import type { CacheReader } from '../coverage/cache-reader.ts';
import { personOf, personsBehind, surroundingsOf } from '../coverage/coverage-source.ts';
import { codeOf } from '../domain/coverage-codes.ts';
import { lookupOf } from '../domain/coverage-day.ts';
import type { CoverageProfile } from '../domain/coverage-profile.ts';
import type {
  CaseWithoutRecording,
  CoverageAsked,
  CoverageChanges,
  CoverageChangesAsked,
  CoverageEngine,
  CoverageList,
  CoverageListAsked,
  CoverageOfDay,
  CoverageRow,
  CoverageWaiting,
  EngineStatus,
  FullCoverage,
  GapCourse,
  GapCoursesAsked,
  GapPerson,
  StandingSpan,
  UnitOfTree,
} from '../domain/coverage-questions.ts';
import { firstDayNumber, type SpanTerms, standingOn, verdictsOn } from '../domain/coverage-spans.ts';
import type { BudgetSheet, StockAnswer } from '../domain/coverage-stock.ts';
import { reportedOf } from '../domain/coverage-summary.ts';
import type { HolderStanding, OfficerVerdict } from '../domain/coverage-verdict.ts';
import { dayNumber, dayOfNumber } from '../domain/day-number.ts';
import { errorCode, StationError } from '../domain/errors.ts';
import { countsAt, type Version } from '../domain/history.ts';
import {
  type CalendarDate,
  compareText,
  type OfficerFacts,
  type UnitFacts,
  unitKeyOf,
} from '../domain/people-facts.ts';
import { pathTo, subtreeOf, type UnitTree, unitTreeOn } from '../domain/unit-tree.ts';
import type { CoverageQueries } from '../registry/coverage-queries.ts';
import { casesWithoutRecording } from './coverage-cases.ts';
import { changesOf, isGapBetween, standingSpans } from './coverage-changes.ts';
import { CoverageKeeper, type OpenCache } from './coverage-keeper.ts';
import { groupsOf } from './coverage-list-groups.ts';
import { type KnownCache, OlderCaches } from './coverage-older.ts';
import {
  type CoverageProducts,
  gapCodes,
  isDated,
  type ProductKind,
  type StockProduct,
  withRecorders,
} from './coverage-products.ts';
import { CoverageScan, type ScanQuestion } from './coverage-scan.ts';
import { treeFigures } from './coverage-tree-figures.ts';
import { findUnit } from './coverage-units.ts';
import type { PeopleDesk } from './people-desk.ts';
import type { StationContext } from './station-context.ts';

const treesKept = 32;
/** Names of units, of so many states of knowledge. */
const namesKept = 4;
const blocksAtATime = 16;

/** One question, with the names of the configuration and the roster resolved. */
interface Resolved {
  readonly profile: CoverageProfile;
  readonly index: number;
  readonly asOf: CalendarDate;
  readonly day: number;
  readonly tree: UnitTree;
  readonly unit: string | null;
  /** Null: all. */
  readonly units: ReadonlySet<string> | null;
  readonly names: ReadonlyMap<string, string>;
  /** As asked; the last record that was looked at where nothing was. */
  readonly knownAt: number;
}

export class CoverageDesk implements CoverageEngine {
  readonly profiles: ReadonlyMap<string, CoverageProfile>;
  readonly #context: StationContext;
  readonly #people: PeopleDesk;
  readonly #source: CoverageQueries;
  readonly #keeper: CoverageKeeper;
  readonly #older: OlderCaches;
  readonly #scan: CoverageScan;
  #trees: {
    readonly revision: string;
    readonly units: readonly Version<UnitFacts>[];
    readonly byDay: Map<string, UnitTree>;
  } = { revision: '', units: [], byDay: new Map() };
  /** By revision of a cache. */
  readonly #names = new Map<string, ReadonlyMap<string, string>>();

  constructor(context: StationContext, people: PeopleDesk) {
    this.#context = context;
    this.#people = people;
    this.profiles = people.profiles;
    const { dataFolder, configuration, log } = context.options;
    const { timeZone } = configuration.station;
    const { useDays } = configuration.coverage;
    this.#source = context.registry.coverageSource(timeZone);
    const registryFile = join(dataFolder, 'registry.db');
    const profiles = [...people.profiles.values()];
    const parts = {
      folder: join(dataFolder, 'coverage'),
      registryFile,
      source: this.#source,
      terms: { profiles, useDays },
      timeZone,
      station: context.ledger.station,
      log,
    };
    this.#keeper = new CoverageKeeper(parts);
    this.#older = new OlderCaches(parts);
    this.#scan = new CoverageScan({
      source: this.#source,
      registry: context.registry,
      registryFile,
      useDays,
      timeZone,
    });
  }

  status(knownAt?: number): EngineStatus {
    const older = this.#isOlder({ knownAt }) ? this.#older.find(knownAt as number) : undefined;
    return (older ?? this.#keeper).status();
  }

  /** Brings the cache up to date in the background; trouble is logged, and the next question meets it again. */
  refresh(): void {
    this.#keeper.ensure({ signal: this.#context.closing }).catch((error: unknown) => {
      if (!this.#context.closing.aborted) this.#context.options.log.warn({ err: error }, 'the coverage cache');
    });
  }

  /** After a lawful deletion: nothing that was worked out from what is gone may stay. */
  async forget(): Promise<void> {
    await this.#older.forget();
    await this.#keeper.forget();
  }

  async figures(asked: CoverageAsked, waiting: CoverageWaiting = {}): Promise<CoverageOfDay> {
    if (this.#isOlder(asked)) return this.#scannedFigures(asked, waiting);
    return this.#keeper.ask((cache) => this.#figures(cache, this.#resolve(asked, cache)), waiting);
  }

  series(
    asked: Omit<CoverageAsked, 'asOf'>,
    days: readonly CalendarDate[],
    waiting: CoverageWaiting = {},
  ): Promise<CoverageOfDay[]> {
    return this.#ofKnowledge(asked, (known) =>
      known.keeper.askInSlices((cache) => this.#series(asked, days, { cache, known }), waiting),
    );
  }

  *#series(
    asked: Omit<CoverageAsked, 'asOf'>,
    days: readonly CalendarDate[],
    { cache, known }: { readonly cache: OpenCache; readonly known: KnownCache },
  ): Generator<void, CoverageOfDay[]> {
    const answers: CoverageOfDay[] = [];
    for (const asOf of days) {
      answers.push(this.#figures(cache, this.#resolve({ ...asked, asOf }, cache, known)));
      yield;
    }
    return answers;
  }

  /** The cache of what was known then; where nothing came since, that of now says it. */
  async #ofKnowledge<T>(
    { knownAt }: Pick<CoverageAsked, 'knownAt'>,
    ask: (known: KnownCache) => Promise<T>,
  ): Promise<T> {
    const isOlder = knownAt !== undefined && this.#isOlder({ knownAt });
    return isOlder
      ? this.#older.use(knownAt, ask)
      : ask({ keeper: this.#keeper, source: this.#source, knownAt: undefined });
  }

  firstDay(knownAt: number | undefined): CalendarDate | null {
    const source = knownAt === undefined ? this.#source : this.#source.asKnownAt(knownAt);
    return source.firstDay('officers');
  }

  #figures({ reader, head }: OpenCache, resolved: Resolved): CoverageOfDay {
    const { profile, index, asOf, day, tree, unit, units, names, knownAt } = resolved;
    const counts = reader.countsByUnit({ profile: index, day }, units);
    const { total, below } = treeFigures({ profile, counts, tree, unit, names });
    const posts = profile.population.includes('front-line')
      ? reader.unmappedPosts({ profile: this.profiles.size, day }, units)
      : new Map<string, number>();
    return {
      ...total,
      profile,
      asOf,
      knownAt,
      bases: {
        officers: lookupOf(asOf, head.first.officers).basis,
        recorders: lookupOf(asOf, head.first.recorders).basis,
        assignments: lookupOf(asOf, head.first.assignments).basis,
      },
      reported: reportedOf(profile),
      unitPath: unit === null ? [] : this.#path(tree, unit, names),
      units: below,
      unmappedPosts: Array.from(posts, ([post, officers]) => ({ post, officers })).sort(
        (a, b) => b.officers - a.officers || compareText(a.post, b.post),
      ),
    };
  }

  async #scannedFigures(asked: CoverageAsked, waiting: CoverageWaiting): Promise<CoverageOfDay> {
    const { asOf } = asked;
    const whole = await this.made<'counts'>({ ...asked, unit: undefined }, { kind: 'counts' }, waiting);
    const { profile, bases, knownAt, counts, names } = whole;
    const tree = this.#treeOn(asOf, asked.knownAt);
    const unit = asked.unit === undefined ? null : findUnit(asked.unit, this.#people.unitNames(asked.knownAt));
    const inside = unit === null ? counts : only(counts, subtreeOf(tree, unit));
    const { total, below } = treeFigures({ profile, counts: inside, tree, unit, names });
    const narrowed = unit === null ? whole : await this.made<'counts'>(asked, { kind: 'counts' }, waiting);
    return {
      ...total,
      profile,
      asOf,
      knownAt,
      bases,
      reported: reportedOf(profile),
      unitPath: unit === null ? [] : this.#path(tree, unit, names),
      units: below,
      unmappedPosts: narrowed.unmappedPosts,
    };
  }

  async list(asked: CoverageListAsked, waiting: CoverageWaiting = {}): Promise<CoverageList> {
    if (this.#isOlder(asked)) return this.made<'list'>(asked, { kind: 'list', list: asked }, waiting);
    for (;;) {
      const { resolved, total, people, rows } = await this.#keeper.ask((cache) => {
        const resolved = this.#resolve(asked, cache);
        const { total, people } = peopleOfPage(cache.reader, asked, resolved);
        return { resolved, total, people, rows: this.#rows(cache, people, resolved) };
      }, waiting);
      const wrong = rows.findIndex((row, at) => !isSaidOf(row, people[at]));
      if (wrong === -1) return { asked, knownAt: resolved.knownAt, total, rows: rows as CoverageRow[] };
      this.#keeper.drop(`it was wrong about ${people[wrong]?.person} on ${resolved.asOf}`);
    }
  }

  /** What the policy says of each now; undefined for whom no roster names any more. */
  #rows({ head }: OpenCache, people: readonly CachedPerson[], resolved: Resolved): (CoverageRow | undefined)[] {
    const { profile, asOf } = resolved;
    const known = this.#source.officerVersions(people.map(({ certificate }) => certificate));
    const persons = personsBehind(this.#source, known);
    const shown = people.map(({ certificate }) => persons.get(personOf(certificate, known.get(certificate) ?? [])));
    const around = surroundingsOf(
      this.#source,
      shown.map((certificates) => certificates ?? new Map()),
    );
    const terms = { ...this.#keeper.terms, profiles: [profile], first: head.first };
    const verdicts = around.map((surroundings) => verdictsOn(surroundings, terms, asOf)[0]);
    const standings = this.#holderStandings(verdicts, terms, asOf);
    return verdicts.map((verdict, at) => {
      if (verdict === undefined) return undefined;
      const { gap } = verdict;
      if (gap === null) return { ...verdict, gapSince: null };
      const { since } = people[at] as CachedPerson;
      const gapSince = since === firstDayNumber ? null : dayOfNumber(since);
      const standing = standings.get(gap.heldBy?.certificateNo ?? '');
      if (gap.heldBy === null || standing === undefined) return { ...verdict, gapSince };
      return { ...verdict, gap: { ...gap, heldBy: { ...gap.heldBy, standing } }, gapSince };
    });
  }

  /** Of those who hold what others were given as well, by certificate. */
  #holderStandings(
    verdicts: readonly (OfficerVerdict | undefined)[],
    { first, profiles: [profile] }: SpanTerms,
    asOf: CalendarDate,
  ): Map<string, HolderStanding> {
    const holders = new Set(verdicts.flatMap((verdict) => verdict?.gap?.heldBy?.certificateNo ?? []));
    if (holders.size === 0 || profile === undefined) return new Map();
    const known = this.#source.officerVersions(holders);
    const persons = personsBehind(this.#source, known);
    const standingOf = (certificate: string): HolderStanding => {
      const certificates = persons.get(personOf(certificate, known.get(certificate) ?? []));
      return standingOn([...(certificates?.values() ?? [])], { first, profile }, asOf);
    };
    return new Map(Array.from(holders, (certificate) => [certificate, standingOf(certificate)]));
  }

  async gaps(asked: CoverageAsked, waiting: CoverageWaiting = {}): Promise<Map<string, GapPerson>> {
    if (this.#isOlder(asked)) {
      const people = await this.made<'gaps'>(asked, { kind: 'gaps' }, waiting);
      return new Map(people.map((one) => [one.person, one]));
    }
    return this.#keeper.askInSlices((open) => this.#gaps(open, asked), waiting);
  }

  *#gaps(open: OpenCache, asked: CoverageAsked): Generator<void, Map<string, GapPerson>> {
    const { index: profile, day, units } = this.#resolve(asked, open);
    const gaps = new Map<string, GapPerson>();
    let blocks = 0;
    for (const people of open.reader.people({ profile, day, units, group: gapCodes })) {
      for (const { person, certificate, name, unit } of people) {
        gaps.set(person, { person, certificateNo: certificate, name, unitKey: unit });
      }
      blocks += 1;
      if (blocks % blocksAtATime === 0) yield;
    }
    return gaps;
  }

  changes(asked: CoverageChangesAsked, waiting: CoverageWaiting = {}): Promise<CoverageChanges> {
    return this.#ofKnowledge(asked, (known) =>
      known.keeper.askInSlices((open) => this.#changes(asked, open, known), waiting),
    );
  }

  *#changes(asked: CoverageChangesAsked, open: OpenCache, known: KnownCache): Generator<void, CoverageChanges> {
    const { reader, head } = open;
    const resolved = this.#resolve(asked, open, known);
    const since = dayNumber(asked.since);
    const before = asked.unit === undefined ? null : this.#resolve({ ...asked, asOf: asked.since }, open, known).units;
    const units = resolved.units && before && resolved.units.union(before);
    const histories = reader.changedHistories({ since, until: resolved.day, units }, resolved.index);
    const firstDay = head.first.officers;
    const period = { since, until: resolved.day, unitsBefore: before, unitsAfter: resolved.units, firstDay };
    const changes = yield* changesOf(histories, period);
    return { since: asked.since, asOf: asked.asOf, knownAt: resolved.knownAt, ...changes };
  }

  coursesOfGaps(asked: GapCoursesAsked, waiting: CoverageWaiting = {}): Promise<GapCourse[]> {
    return this.#ofKnowledge(asked, (known) =>
      known.keeper.ask((open) => this.#coursesOfGaps(asked, open, known), waiting),
    );
  }

  #coursesOfGaps(asked: GapCoursesAsked, open: OpenCache, known: KnownCache): GapCourse[] {
    const { reader } = open;
    const { index, day: until, units } = this.#resolve(asked, open, known);
    // Days before the first roster are answered by it: nobody had a gap then.
    const from = dayNumber(laterOf(asked.from, open.head.first.officers));
    const [group = new Set<number>()] = groupsOf({ status: 'gap', reason: undefined }, 'unit');
    const limit = asked.personsMax + 1;
    const persons = reader.personsBetween({ profile: index, from, until, units, group, limit });
    if (persons.length === limit) {
      throw new StationError('form-too-long', `more than ${asked.personsMax} officers had a gap in this period`, {
        next: 'Ask for one unit or a shorter period.',
      });
    }
    const found = persons.flatMap((person) => {
      const spans = reader.spansOf(person, index);
      const gap = spans.findLast((span) => isGapBetween(span, { from, until, units }));
      return gap === undefined ? [] : [{ certificate: gap.certificate, spans }];
    });
    const versions = known.source.officerVersions(found.map(({ certificate }) => certificate));
    return found
      .map(({ certificate, spans }) => ({
        certificateNo: certificate,
        name: nameOn(versions.get(certificate) ?? [], asked.asOf),
        spans: standingSpans(spans, open.head.first),
      }))
      .sort((a, b) => compareText(a.certificateNo, b.certificateNo));
  }

  async spansOf(profile: string | undefined, certificateNo: string): Promise<StandingSpan[]> {
    const { reader, head } = await this.#keeper.ensure();
    const person = reader.personOf(certificateNo);
    if (person === undefined) return [];
    return standingSpans(reader.spansOf(person, this.#index(profile)), head.first);
  }

  async report(asked: CoverageAsked, waiting: CoverageWaiting = {}): Promise<FullCoverage> {
    const { answer, bases, knownAt } = await this.made<'verdicts'>(asked, { kind: 'verdicts' }, waiting);
    const report = { answer, bases, knownAt };
    if (asked.knownAt === undefined) return report;
    return { ...report, correctionsSince: this.#source.laterVersions(asked.asOf, knownAt) };
  }

  /** Something that takes everybody's verdict; of a large roster it is made in a thread. */
  async made<K extends ProductKind>(
    asked: CoverageAsked,
    product: CoverageProducts[K]['asked'],
    waiting: CoverageWaiting = {},
  ): Promise<CoverageProducts[K]['answer']> {
    const profile = this.#people.profile(asked.profile);
    const below = await this.#unitsBelow(asked, waiting);
    const isCached = (isDated(product) || below !== null) && !this.#isOlder(asked);
    const make = async (): Promise<CoverageProducts[K]['answer']> => {
      const cache = isCached ? { ...(await this.#keeper.ensure(waiting)), profile: this.#index(asked.profile) } : null;
      const question: ScanQuestion = {
        profile,
        asOf: asked.asOf,
        knownAt: asked.knownAt ?? this.#source.knownAt(),
        unit: asked.unit === undefined || below === null ? null : { name: asked.unit, below },
        withRecorders: withRecorders(product),
        saysCorrections: asked.knownAt !== undefined,
      };
      return this.#scan.make<K>(question, product, cache, waiting);
    };
    try {
      return await make();
    } catch (error) {
      // The file may have been replaced while the thread read it.
      if (!errorCode(error).startsWith('SQLITE_')) throw error;
      return make();
    }
  }

  /** The unit that is asked about and all below it; null: all. */
  async #unitsBelow(asked: CoverageAsked, waiting: CoverageWaiting): Promise<ReadonlySet<string> | null> {
    const { unit, asOf, knownAt } = asked;
    if (unit === undefined) return null;
    // Looking through a whole roster for names holds everybody up; the cache knows who was in which unit.
    const names = this.#isOlder(asked)
      ? this.#people.unitNames(knownAt)
      : await this.#keeper.ask((cache) => this.#unitNames(cache), waiting);
    return subtreeOf(this.#treeOn(asOf, knownAt), findUnit(unit, names));
  }

  async stock(asked: CoverageAsked, waiting: CoverageWaiting = {}): Promise<StockAnswer> {
    return this.made<'stock'>(asked, { kind: 'stock', ...this.#stockTerms(asked) }, waiting);
  }

  async budget(asked: CoverageAsked): Promise<BudgetSheet> {
    const { recorderPriceYuan, sparePercent, repairDays } = this.#context.options.configuration.coverage;
    const terms = {
      unitPriceFen: recorderPriceYuan === 0 ? null : recorderPriceYuan * 100,
      spareRate: sparePercent / 100,
      repairDays,
      clauses: this.#people.profile(asked.profile).clauses.budget,
    };
    return this.made<'budget'>(asked, { kind: 'budget', ...this.#stockTerms(asked), terms });
  }

  #stockTerms(asked: CoverageAsked): Omit<StockProduct, 'kind'> {
    const { repairDays } = this.#context.options.configuration.coverage;
    const tree = this.#treeOn(asked.asOf, asked.knownAt);
    const names = this.#people.unitNames(asked.knownAt);
    const unit = asked.unit === undefined ? null : findUnit(asked.unit, names);
    return { tree, repairDays, units: unit === null ? null : subtreeOf(tree, unit), names };
  }

  async casesWithoutRecording(asked: CoverageAsked): Promise<CaseWithoutRecording[]> {
    const { useDays } = this.#context.options.configuration.coverage;
    const unit = asked.unit === undefined ? null : findUnit(asked.unit, this.#people.unitNames(asked.knownAt));
    const units = unit === null ? null : subtreeOf(this.#treeOn(asked.asOf, asked.knownAt), unit);
    const knownAt = asked.knownAt ?? this.#source.knownAt();
    const { timeZone } = this.#context.options.configuration.station;
    return casesWithoutRecording(
      { asOf: asked.asOf, knownAt, useDays, units, timeZone },
      { registry: this.#context.registry, linker: this.#people.linker(knownAt) },
    );
  }

  async close(): Promise<void> {
    await this.#scan.close();
    await this.#older.close();
    await this.#keeper.close();
  }

  /** What is known now is in the cache; asking for all that is known by its number is the same question. */
  #isOlder({ knownAt }: Pick<CoverageAsked, 'knownAt'>): boolean {
    return knownAt !== undefined && knownAt < this.#source.knownAt();
  }

  #index(profile: string | undefined): number {
    return [...this.profiles.values()].indexOf(this.#people.profile(profile));
  }

  #resolve(asked: CoverageAsked, cache: OpenCache, known?: KnownCache): Resolved {
    const { asOf } = asked;
    const profile = this.#people.profile(asked.profile);
    const tree = this.#treeOn(asOf, known?.knownAt);
    const names = this.#unitNames(cache, known);
    const unit = asked.unit === undefined ? null : findUnit(asked.unit, names);
    const units = unit === null ? null : subtreeOf(tree, unit);
    const knownAt = asked.knownAt ?? cache.head.knownAt;
    return {
      profile,
      index: this.#index(asked.profile),
      asOf,
      day: dayNumber(asOf),
      tree,
      unit,
      units,
      names,
      knownAt,
    };
  }

  /** Kept for some days while the registry says the same: thousands of units are parsed for each. */
  #treeOn(asOf: CalendarDate, knownAt: number | undefined): UnitTree {
    const { units, byDay } = this.#treesNow();
    const key = `${asOf} ${knownAt}`;
    let tree = byDay.get(key);
    if (tree === undefined) {
      tree = unitTreeOn(units, asOf, knownAt);
      if (byDay.size >= treesKept) byDay.clear();
      byDay.set(key, tree);
    }
    return tree;
  }

  #treesNow() {
    const revision = JSON.stringify(this.#source.revision());
    if (this.#trees.revision !== revision) {
      this.#trees = { revision, units: this.#context.registry.people.versions('units'), byDay: new Map() };
    }
    return this.#trees;
  }

  /**
   * Kept for as long as the registry says the same. Of units that only officers name, one officer's last word is taken:
   * looking through a whole roster for the names takes seconds.
   */
  #unitNames({ reader, head }: OpenCache, known?: KnownCache): ReadonlyMap<string, string> {
    const before = this.#names.get(head.revision);
    if (before !== undefined) return before;
    const names = new Map<string, string>();
    const knownAt = known?.knownAt ?? Number.POSITIVE_INFINITY;
    const units = this.#treesNow().units.filter((version) => countsAt(version, knownAt));
    for (const { key, facts } of units.toSorted((a, b) => compareText(a.effectiveFrom, b.effectiveFrom))) {
      names.set(key, facts.unit);
    }
    const members = reader.memberOfUnits((unit) => !names.has(unit));
    const officers = (known?.source ?? this.#source).officerVersions(members.values());
    for (const [unit, certificate] of members) {
      const facts = officers.get(certificate)?.findLast((version) => unitKeyOf(version.facts) === unit)?.facts;
      if (facts !== undefined) names.set(unit, facts.unit);
    }
    if (this.#names.size >= namesKept) this.#names.clear();
    this.#names.set(head.revision, names);
    return names;
  }

  #path(tree: UnitTree, unit: string, names: ReadonlyMap<string, string>): UnitOfTree[] {
    return pathTo(tree, unit).map((unitKey) => ({
      unitKey,
      name: tree.get(unitKey)?.name ?? names.get(unitKey) ?? unitKey,
      parent: tree.get(unitKey)?.parent ?? null,
    }));
  }
}

function peopleOfPage(reader: CacheReader, asked: CoverageListAsked, resolved: Resolved): CachedPage {
  const { sort = 'unit', descending = false, page, pageSize } = asked;
  const { index: profile, day, units } = resolved;
  return reader.page({
    profile,
    day,
    units,
    groups: groupsOf(asked, sort),
    order: sort === 'reason' ? 'unit' : sort,
    descending,
    offset: (page - 1) * pageSize,
    limit: pageSize,
  });
}

/** Whether the cache and the policy say the same of somebody. */
function isSaidOf(row: CoverageRow | undefined, cached: CachedPerson | undefined): boolean {
  return row !== undefined && codeOf(row) === cached?.code && row.name === cached.name;
}

/** The last name that a roster of the day or before it gives. */
function nameOn(versions: readonly Version<OfficerFacts>[], asOf: CalendarDate): string {
  const [first, ...others] = versions.toSorted(
    (a, b) => compareText(a.effectiveFrom, b.effectiveFrom) || a.sequence - b.sequence,
  );
  return (others.findLast(({ effectiveFrom }) => effectiveFrom <= asOf) ?? first)?.facts.name ?? '';
}

const laterOf = (day: CalendarDate, other: CalendarDate | null): CalendarDate =>
  other !== null && other > day ? other : day;

function only<V>(map: ReadonlyMap<string, V>, keys: ReadonlySet<string>): Map<string, V> {
  return new Map([...map].filter(([key]) => keys.has(key)));
}
