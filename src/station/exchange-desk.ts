/**
 * The part of the composition root for the monthly exchange: officers, recorders, assignments, cases, links and
 * coverage as a provincial system takes them, row after row, as files and as pages of the API. What is handed out as
 * files stands in the ledger by digest and counts, without a name.
 */
import { setImmediate } from 'node:timers/promises';
import { isClosedCase } from '../domain/case-facts.ts';
import { holdingsOn } from '../domain/coverage-holders.ts';
import { monthEnds } from '../domain/coverage-pace.ts';
import type { CoverageEngine } from '../domain/coverage-questions.ts';
import { StationError } from '../domain/errors.ts';
import type { ExchangeRow, ExchangeTable } from '../domain/exchange-columns.ts';
import { countsAt, type Version, versionsAsOf } from '../domain/history.ts';
import { type CalendarDate, type CaseFacts, findCalendarDate, isOpenOn, unitKeyOf } from '../domain/people-facts.ts';
import type { Actor } from '../domain/records.ts';
import { dayAfter, localTimeToInstant } from '../domain/station-time.ts';
import type { FactsOf, SubjectKind } from '../domain/subject-kinds.ts';
import { unitTreeOn } from '../domain/unit-tree.ts';
import {
  type ExchangeFileFormat,
  type ExchangeHead,
  type ExchangeManifest,
  writeExchange,
} from '../reporting/exchange-files.ts';
import { assignmentRow, caseRow, coverageRows, linkRow, officerRow, recorderRow } from '../reporting/exchange-rows.ts';
import type { LinkDesk } from './link-desk.ts';
import type { StationContext } from './station-context.ts';

/** Subjects and clips that are looked at in one go; between two others get their turn. */
const rowsAtOnce = 500;

export interface ExchangeAsked {
  /** `YYYY-MM` */
  readonly month: string;
  /** A day of the month; by default its last, or today while it runs. */
  readonly asOf: string | undefined;
  readonly knownAt: number | undefined;
}

/** What was asked, resolved: with these fixed the same rows come again. */
export interface ExchangePeriod {
  readonly month: string;
  readonly firstDay: CalendarDate;
  readonly asOf: CalendarDate;
  readonly knownAt: number;
}

export interface ExchangeRequest {
  readonly out: string;
  readonly tables: readonly ExchangeTable[];
  readonly formats: readonly ExchangeFileFormat[];
  readonly actor: Actor;
  readonly onTable?: (table: ExchangeTable) => void;
  /** Cancels it as long as it does not stand in the ledger. */
  readonly signal: AbortSignal;
}

export interface ExchangeMade {
  readonly manifest: ExchangeManifest;
  readonly manifestSha256: string;
  /** Of the record. */
  readonly seq: number;
}

export class ExchangeDesk {
  readonly #context: StationContext;
  readonly #engine: CoverageEngine;
  readonly #links: LinkDesk;

  constructor(context: StationContext, parts: { readonly engine: CoverageEngine; readonly links: LinkDesk }) {
    this.#context = context;
    this.#engine = parts.engine;
    this.#links = parts.links;
  }

  /** @throws StationError month-to-come, exchange-day-outside */
  period({ month, asOf, knownAt }: ExchangeAsked, today: CalendarDate): ExchangePeriod {
    const firstDay = findCalendarDate(`${month}-01`);
    if (firstDay === undefined || firstDay > today) {
      throw new StationError('month-to-come', `${month} has not begun, or is no month`, {
        next: 'Name a month that has begun, YYYY-MM.',
      });
    }
    const day = asOf === undefined ? monthEnds(firstDay, today)[0] : findCalendarDate(asOf);
    if (day === undefined || !day.startsWith(month) || day > today) {
      throw new StationError('exchange-day-outside', `${asOf} is no day of ${month} up to today`, {
        next: 'Name a day of the month, or leave it out.',
      });
    }
    const last = this.#context.ledger.size - 1;
    return { month, firstDay, asOf: day, knownAt: Math.min(knownAt ?? last, last) };
  }

  head({ month, asOf, knownAt }: ExchangePeriod): ExchangeHead {
    const { ledger, options } = this.#context;
    const { timeZone } = options.configuration.station;
    return { station: ledger.station, month, as_of: asOf, known_at: knownAt, time_zone: timeZone };
  }

  rows(table: ExchangeTable, period: ExchangePeriod, signal?: AbortSignal): AsyncGenerator<ExchangeRow> {
    switch (table) {
      case 'officers':
        return this.#officers(period);
      case 'recorders':
        return this.#recorders(period);
      case 'assignments':
        return this.#assignments(period);
      case 'cases':
        return this.#caseRows(period);
      case 'links':
        return this.#linkRows(period);
      case 'coverage':
        return this.#coverage(period, signal);
    }
  }

  /**
   * Writes the files into a new folder, which gets its name when they stand in the ledger.
   * @throws StationError out-file-taken, exchange-part-left; the signal's reason
   */
  async make(period: ExchangePeriod, request: ExchangeRequest): Promise<ExchangeMade> {
    const { out, tables, formats, actor, onTable, signal } = request;
    const { ledger } = this.#context;
    let seq = -1;
    const made = await writeExchange({
      out,
      head: this.head(period),
      generatedAt: new Date().toISOString(),
      formats,
      tables: tables.map((table) => ({
        table,
        rows: () => {
          onTable?.(table);
          return this.rows(table, period, signal);
        },
      })),
      signal,
      beforeNaming: async ({ manifest, manifestSha256 }) => {
        const rows = Object.fromEntries(manifest.tables.map(({ table, rows: count }) => [table, count]));
        const { month, as_of: asOf, known_at: knownAt, format } = manifest;
        const body = { month, asOf, knownAt, format, manifestSha256, rows };
        const { record } = await ledger.append({ type: 'exchange-made', actor, body });
        seq = record.seq;
      },
    });
    return { ...made, seq };
  }

  async *#officers(period: ExchangePeriod): AsyncGenerator<ExchangeRow> {
    const { asOf, knownAt } = period;
    const held = this.#holding('officers', period);
    const tree = unitTreeOn(this.#context.registry.people.versions('units'), asOf, knownAt);
    for await (const versions of this.#pages('officers')) {
      for (const version of held(versions)) {
        yield officerRow(version, tree.get(unitKeyOf(version.facts))?.parent ?? null);
      }
    }
  }

  async *#recorders(period: ExchangePeriod): AsyncGenerator<ExchangeRow> {
    const { people } = this.#context.registry;
    const { asOf } = period;
    const heldRecorders = this.#holding('recorders', period);
    const heldAssignments = this.#holding('assignments', period);
    for await (const versions of this.#pages('recorders')) {
      const held = heldRecorders(versions);
      const claims = held.flatMap(({ key }) =>
        heldAssignments(people.assignmentsOfRecorder(key)).map(({ facts }) => facts),
      );
      const { recorders } = holdingsOn({ asOf, recorders: held.map(({ facts }) => facts), assignments: claims });
      for (const version of held) yield recorderRow(version, recorders.get(version.facts.serial)?.holder ?? null);
    }
  }

  async *#assignments(period: ExchangePeriod): AsyncGenerator<ExchangeRow> {
    const { asOf, firstDay } = period;
    const held = this.#holding('assignments', period);
    for await (const versions of this.#pages('assignments')) {
      for (const { facts } of held(versions)) {
        const isInMonth = facts.from <= asOf && (facts.until === null || facts.until >= firstDay);
        if (isInMonth || isOpenOn(facts, asOf)) yield assignmentRow(facts);
      }
    }
  }

  async *#caseRows(period: ExchangePeriod): AsyncGenerator<ExchangeRow> {
    for await (const { facts } of this.#cases(period)) yield caseRow(facts);
  }

  /**
   * Open on the day, or begun, changed or closed in the month. A list is often taken in after the days that it speaks
   * of: a case of which no version is as old as the day is told as it first came.
   */
  async *#cases({ asOf, knownAt, firstDay }: ExchangePeriod): AsyncGenerator<Version<CaseFacts>> {
    for await (const versions of this.#pages('cases')) {
      for (const known of Map.groupBy(versions, ({ key }) => key).values()) {
        const counting = known.filter((version) => countsAt(version, knownAt));
        const [held = counting[0]] = versionsAsOf(counting, { asOf }).values();
        if (held === undefined) continue;
        const { startedAt, closedOn } = held.facts;
        const startedOn = startedAt.local.slice(0, 10);
        if (startedOn > asOf) continue;
        const isTouched = startedOn >= firstDay || (closedOn !== undefined && closedOn >= firstDay);
        const isChanged = counting.some(({ effectiveFrom: day }) => day >= firstDay && day <= asOf);
        if (!isClosedCase(held.facts) || isTouched || isChanged) yield held;
      }
    }
  }

  async *#linkRows(period: ExchangePeriod): AsyncGenerator<ExchangeRow> {
    const { registry, options } = this.#context;
    const { timeZone } = options.configuration.station;
    const { knownAt } = period;
    const instant = (day: string) => new Date(localTimeToInstant(`${day}T00:00:00`, timeZone)).toISOString();
    const span = { from: instant(period.firstDay), until: instant(dayAfter(period.asOf)), knownAt };
    const cases = new Set<string>();
    for await (const { key } of this.#cases(period)) cases.add(key);
    const linker = this.#links.linker(knownAt);
    for (let after = -1; ; ) {
      const clips = registry.exchange.clipsAfter(after, span, rowsAtOnce);
      for (const clip of clips) {
        const answer = linker.link(clip);
        const key = answer.case?.number;
        if (clip.sealedAt < span.from && (key === undefined || !cases.has(key))) continue;
        const number = key === undefined ? null : (registry.links.caseFacts(key, knownAt)?.caseNumber ?? key);
        yield linkRow(clip, answer, number);
      }
      if (clips.length < rowsAtOnce) return;
      after = clips.at(-1)?.sealedSeq ?? after;
      await setImmediate();
    }
  }

  async *#coverage({ asOf, knownAt }: ExchangePeriod, signal?: AbortSignal): AsyncGenerator<ExchangeRow> {
    const waiting = signal === undefined ? {} : { signal };
    for (const profile of this.#engine.profiles.keys()) {
      const { answer } = await this.#engine.report({ profile, asOf, unit: undefined, knownAt }, waiting);
      yield* coverageRows(answer);
    }
  }

  async *#pages<K extends SubjectKind>(kind: K): AsyncGenerator<Version<FactsOf[K]>[]> {
    for (let key = ''; ; ) {
      const versions = this.#context.registry.exchange.versionsAfter(kind, key, rowsAtOnce);
      if (versions.length === 0) return;
      yield versions;
      key = versions.at(-1)?.key ?? key;
      await setImmediate();
    }
  }

  /**
   * Which versions hold on the day; as in coverage, days before the first list are answered with the first one. That
   * first day is looked up here, once for a table: it takes a walk through all versions of the kind.
   */
  #holding<K extends SubjectKind>(
    kind: K,
    { asOf, knownAt }: ExchangePeriod,
  ): (versions: readonly Version<FactsOf[K]>[]) => Version<FactsOf[K]>[] {
    const first = this.#context.registry.exchange.firstDay(kind, knownAt);
    if (first === null) return () => [];
    const day = asOf < first ? first : asOf;
    return (versions) => [...versionsAsOf(versions, { asOf: day, knownAt }).values()];
  }
}
