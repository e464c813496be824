/**
 * The part of the composition root that answers coverage: figures, lists and changes out of the cache, everything that
 * needs each verdict (exports, stock, the budget) and every older `knownAt` by asking the policy about all of them. A
 * row of a list is judged again before it is shown; where the cache said otherwise it is thrown away.
 */
import { join } from 'node:path';
import type { CachedPage, CachedPerson } from '../coverage/cache-pages.ts';
import type { CacheReader } from '../coverage/cache-reader.ts';
import { personOf, personsBehind, surroundingsOf } from '../coverage/coverage-source.ts';
import { codeOf, verdictCodes } from '../domain/coverage-codes.ts';
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
  StandingSpan,
  UnitOfTree,
} from '../domain/coverage-questions.ts';
import { firstDayNumber, type SpanTerms, standingOn, verdictsOn } from '../domain/coverage-spans.ts';
import { type BudgetSheet, budgetOf, type StockAnswer } from '../domain/coverage-stock.ts';
import { reportedOf } from '../domain/coverage-summary.ts';
import type { HolderStanding, OfficerVerdict } from '../domain/coverage-verdict.ts';
import { dayNumber, dayOfNumber } from '../domain/day-number.ts';
import { countsAt, type Version } from '../domain/history.ts';
import { type CalendarDate, compareText, type UnitFacts, unitKeyOf } from '../domain/people-facts.ts';
import { pathTo, subtreeOf, type UnitTree, unitTreeOn } from '../domain/unit-tree.ts';
import type { CoverageQueries } from '../registry/coverage-queries.ts';
import { changesOf, openGapSince, standingSpans } from './coverage-changes.ts';
import { CoverageKeeper, type OpenCache } from './coverage-keeper.ts';
import { groupsOf } from './coverage-list-groups.ts';
import { CoverageScan, type ScannedCoverage, type ScanQuestion } from './coverage-scan.ts';
import { treeFigures } from './coverage-tree-figures.ts';
import { findUnit } from './coverage-units.ts';
import type { PeopleDesk } from './people-desk.ts';
import type { StationContext } from './station-context.ts';

const treesKept = 32;

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
}

export class CoverageDesk implements CoverageEngine {
  readonly profiles: ReadonlyMap<string, CoverageProfile>;
  readonly #context: StationContext;
  readonly #people: PeopleDesk;
  readonly #source: CoverageQueries;
  readonly #keeper: CoverageKeeper;
  readonly #scan: CoverageScan;
  #trees: {
    readonly revision: string;
    readonly units: readonly Version<UnitFacts>[];
    readonly byDay: Map<string, UnitTree>;
  } = { revision: '', units: [], byDay: new Map() };
  #units: { readonly revision: string; readonly names: ReadonlyMap<string, string> } | undefined;

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
    this.#keeper = new CoverageKeeper({
      folder: join(dataFolder, 'coverage'),
      registryFile,
      source: this.#source,
      terms: { profiles, useDays },
      timeZone,
      station: context.ledger.station,
      log,
    });
    this.#scan = new CoverageScan({
      source: this.#source,
      registry: context.registry,
      registryFile,
      useDays,
      timeZone,
    });
  }

  status(): EngineStatus {
    return this.#keeper.status();
  }

  /** Brings the cache up to date in the background; trouble is logged, and the next question meets it again. */
  refresh(): void {
    this.#keeper.ensure({ signal: this.#context.closing }).catch((error: unknown) => {
      if (!this.#context.closing.aborted) this.#context.options.log.warn({ err: error }, 'the coverage cache');
    });
  }

  /** After a lawful deletion: nothing that was worked out from what is gone may stay. */
  forget(): Promise<void> {
    return this.#keeper.forget();
  }

  async figures(asked: CoverageAsked, waiting: CoverageWaiting = {}): Promise<CoverageOfDay> {
    if (this.#isOlder(asked)) return this.#scannedFigures(asked, waiting);
    return this.#keeper.ask((cache) => this.#figures(cache, this.#resolve(asked, cache)), waiting);
  }

  async series(asked: Omit<CoverageAsked, 'asOf'>, days: readonly CalendarDate[]): Promise<CoverageOfDay[]> {
    const answers: CoverageOfDay[] = [];
    for (const asOf of days) answers.push(await this.figures({ ...asked, asOf }));
    return answers;
  }

  #figures({ reader, head }: OpenCache, resolved: Resolved): CoverageOfDay {
    const { profile, index, asOf, day, tree, unit, units, names } = resolved;
    const counts = reader.countsByUnit({ profile: index, day }, units);
    const { total, below } = treeFigures({ profile, counts, tree, unit, names });
    const posts = profile.population.includes('front-line')
      ? reader.unmappedPosts({ profile: this.profiles.size, day }, units)
      : new Map<string, number>();
    return {
      ...total,
      profile,
      asOf,
      knownAt: head.knownAt,
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
    const { answer, bases, knownAt } = await this.report({ ...asked, unit: undefined }, waiting);
    const { profile, asOf } = answer;
    const tree = this.#treeOn(asOf, asked.knownAt);
    const counts = new Map<string, Int32Array>();
    const names = new Map<string, string>();
    for (const verdict of answer.verdicts) {
      names.set(verdict.unitKey, verdict.unit);
      const known = counts.get(verdict.unitKey) ?? new Int32Array(verdictCodes.length);
      counts.set(verdict.unitKey, known);
      const code = codeOf(verdict);
      known[code] = (known[code] as number) + 1;
    }
    const unit = asked.unit === undefined ? null : findUnit(asked.unit, this.#people.unitNames());
    const inside = unit === null ? counts : only(counts, subtreeOf(tree, unit));
    const { total, below } = treeFigures({ profile, counts: inside, tree, unit, names });
    const narrowed = asked.unit === undefined ? answer : (await this.report(asked, waiting)).answer;
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
    if (this.#isOlder(asked)) return this.#scan.list(asked, await this.report(asked, waiting));
    for (;;) {
      const { cache, resolved, total, people, rows } = await this.#keeper.ask((cache) => {
        const resolved = this.#resolve(asked, cache);
        const { total, people } = peopleOfPage(cache.reader, asked, resolved);
        return { cache, resolved, total, people, rows: this.#rows(cache, people, resolved) };
      }, waiting);
      const wrong = rows.findIndex((row, at) => !isSaidOf(row, people[at]));
      if (wrong === -1) return { asked, knownAt: cache.head.knownAt, total, rows: rows as CoverageRow[] };
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

  async changes(asked: CoverageChangesAsked): Promise<CoverageChanges> {
    const open = await this.#keeper.ensure();
    const { reader, head } = open;
    const resolved = this.#resolve(asked, open);
    const since = dayNumber(asked.since);
    const before = asked.unit === undefined ? null : this.#resolve({ ...asked, asOf: asked.since }, open).units;
    const persons = reader.changedPersons(since, resolved.day);
    const histories = persons.map((person) => reader.spansOf(person, resolved.index));
    const period = { since, until: resolved.day, unitsBefore: before, unitsAfter: resolved.units };
    return { since: asked.since, asOf: asked.asOf, knownAt: head.knownAt, ...changesOf(histories, period) };
  }

  async spansOf(profile: string | undefined, certificateNo: string): Promise<StandingSpan[]> {
    const { reader } = await this.#keeper.ensure();
    const person = reader.personOf(certificateNo);
    return person === undefined ? [] : standingSpans(reader.spansOf(person, this.#index(profile)));
  }

  async report(asked: CoverageAsked, waiting: CoverageWaiting = {}): Promise<FullCoverage> {
    const { answer, bases, knownAt } = await this.#scanned(asked, 'verdicts', waiting);
    const report = { answer, bases, knownAt };
    if (asked.knownAt === undefined) return report;
    return { ...report, correctionsSince: this.#source.laterVersions(asked.asOf, knownAt) };
  }

  async #scanned(
    asked: CoverageAsked,
    parts: ScanQuestion['parts'],
    waiting: CoverageWaiting = {},
  ): Promise<ScannedCoverage> {
    const profile = this.#people.profile(asked.profile);
    const unit = asked.unit === undefined ? null : findUnit(asked.unit, this.#people.unitNames());
    const below = unit === null ? null : subtreeOf(this.#treeOn(asked.asOf, asked.knownAt), unit);
    const question = { profile, asOf: asked.asOf, knownAt: asked.knownAt ?? this.#source.knownAt() };
    const unitAsked = asked.unit === undefined || below === null ? null : { name: asked.unit, below };
    return this.#scan.report({ ...question, unit: unitAsked, parts }, waiting);
  }

  async stock(asked: CoverageAsked): Promise<StockAnswer> {
    return (await this.#stock(asked)).stock;
  }

  async #stock(asked: CoverageAsked) {
    const report = await this.#scanned(asked, 'stock');
    const gapSince = await this.#gapsSince(asked, report.answer.verdicts);
    const { repairDays } = this.#context.options.configuration.coverage;
    const tree = this.#treeOn(asked.asOf, asked.knownAt);
    const names = this.#people.unitNames();
    const unit = asked.unit === undefined ? null : findUnit(asked.unit, names);
    const units = unit === null ? null : subtreeOf(tree, unit);
    return { report, stock: this.#scan.stock(report, { gapSince, tree, repairDays, units, names }) };
  }

  /** From the cache; of an older state of knowledge nobody has kept it. */
  async #gapsSince(asked: CoverageAsked, verdicts: readonly OfficerVerdict[]): Promise<Map<string, CalendarDate>> {
    const since = new Map<string, CalendarDate>();
    if (this.#isOlder(asked)) return since;
    const { reader } = await this.#keeper.ensure();
    const index = this.#index(asked.profile);
    const day = dayNumber(asked.asOf);
    for (const { gap, person, certificateNo } of verdicts) {
      const from = gap === null ? null : openGapSince(reader.spansOf(person, index), day);
      if (from !== null) since.set(certificateNo, from);
    }
    return since;
  }

  async budget(asked: CoverageAsked): Promise<BudgetSheet> {
    const { report, stock } = await this.#stock(asked);
    const { recorderPriceYuan, sparePercent, repairDays } = this.#context.options.configuration.coverage;
    return budgetOf(report.answer, stock, {
      unitPriceFen: recorderPriceYuan === 0 ? null : recorderPriceYuan * 100,
      spareRate: sparePercent / 100,
      repairDays,
      clauses: report.answer.profile.clauses.budget,
    });
  }

  async casesWithoutRecording(asked: CoverageAsked): Promise<CaseWithoutRecording[]> {
    const { useDays } = this.#context.options.configuration.coverage;
    const unit = asked.unit === undefined ? null : findUnit(asked.unit, this.#people.unitNames());
    const units = unit === null ? null : subtreeOf(this.#treeOn(asked.asOf, asked.knownAt), unit);
    return this.#scan.casesWithoutRecording({ ...asked, useDays, units }, this.#people.linker());
  }

  async close(): Promise<void> {
    await this.#scan.close();
    await this.#keeper.close();
  }

  /** What is known now is in the cache; asking for all that is known by its number is the same question. */
  #isOlder({ knownAt }: CoverageAsked): boolean {
    return knownAt !== undefined && knownAt < this.#source.knownAt();
  }

  #index(profile: string | undefined): number {
    return [...this.profiles.values()].indexOf(this.#people.profile(profile));
  }

  #resolve(asked: CoverageAsked, { reader, head }: OpenCache): Resolved {
    const { asOf } = asked;
    const profile = this.#people.profile(asked.profile);
    const tree = this.#treeOn(asOf, undefined);
    const names = this.#names({ reader, head });
    const unit = asked.unit === undefined ? null : findUnit(asked.unit, names);
    const units = unit === null ? null : subtreeOf(tree, unit);
    return { profile, index: this.#index(asked.profile), asOf, day: dayNumber(asOf), tree, unit, units, names };
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
  #names({ reader, head }: OpenCache): ReadonlyMap<string, string> {
    if (this.#units?.revision === head.revision) return this.#units.names;
    const names = new Map<string, string>();
    const units = this.#treesNow().units.filter((version) => countsAt(version, Number.POSITIVE_INFINITY));
    for (const { key, facts } of units.toSorted((a, b) => compareText(a.effectiveFrom, b.effectiveFrom))) {
      names.set(key, facts.unit);
    }
    const members = reader.memberOfUnits((unit) => !names.has(unit));
    const officers = this.#source.officerVersions(members.values());
    for (const [unit, certificate] of members) {
      const facts = officers.get(certificate)?.findLast((version) => unitKeyOf(version.facts) === unit)?.facts;
      if (facts !== undefined) names.set(unit, facts.unit);
    }
    this.#units = { revision: head.revision, names };
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

function only<V>(map: ReadonlyMap<string, V>, keys: ReadonlySet<string>): Map<string, V> {
  return new Map([...map].filter(([key]) => keys.has(key)));
}
