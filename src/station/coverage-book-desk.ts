/**
 * The part of the composition root for what is handed in about coverage: figures from before the installation, and
 * monthly reports that stand in the ledger with the digests of their exact bytes, so that a figure once reported can be
 * proved. It computes no figure itself.
 */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { coverageCsv } from '../coverage/coverage-report.ts';
import type { DatedCoverage } from '../domain/coverage-as-of.ts';
import { monthEnds } from '../domain/coverage-pace.ts';
import type { CoverageAsked, CoverageEngine } from '../domain/coverage-questions.ts';
import {
  type BaselineBody,
  type BaselineDocument,
  type BaselineRow,
  baselineRowsMax,
  type CoverageReportedBody,
  type ReportDocument,
} from '../domain/coverage-records.ts';
import { StationError } from '../domain/errors.ts';
import { newCoverageReportId, newDocumentId, type Sha256Hex } from '../domain/ids.ts';
import { type CalendarDate, findCalendarDate } from '../domain/people-facts.ts';
import type { Actor } from '../domain/records.ts';
import { createExclusively, ensureFolder } from '../files/durable-files.ts';
import { readBaseline } from '../people/baseline-table.ts';
import type { SubjectReading } from '../people/subject-table.ts';
import type { CoverageReportRow } from '../registry/coverage-book-queries.ts';
import { monthlyFigures } from '../reporting/coverage-figures.ts';
import { codeText } from '../texts/code-texts.ts';
import { random, type StationContext } from './station-context.ts';

export interface BaselineImport {
  readonly bytes: Uint8Array;
  /** The document that the figures stand in, as a file. */
  readonly source: Uint8Array | undefined;
  readonly dryRun: boolean;
  readonly actor: Actor;
}

export interface ReportRequest {
  readonly profile: string | undefined;
  /** `YYYY-MM` */
  readonly month: string;
  readonly unit: string | undefined;
  readonly handedInBy: string;
  readonly handedInTo: string | null;
  readonly actor: Actor;
}

/** What is handed in: the files' exact bytes. */
export interface ReportFiles {
  readonly figures: string;
  readonly list: string;
}

export interface HandedInReport extends ReportFiles {
  readonly row: CoverageReportRow;
  readonly coverage: DatedCoverage;
}

/** `figures`, `list`: what the file is; `isReproduced`: asked again today, the station gives the same bytes. */
export interface ReportMatch {
  readonly row: CoverageReportRow;
  readonly which: 'figures' | 'list';
  readonly isReproduced: boolean;
}

const sha256Of = (bytes: string | Uint8Array): Sha256Hex =>
  createHash('sha256').update(bytes).digest('hex') as Sha256Hex;

export class CoverageBookDesk {
  readonly #context: StationContext;
  readonly #engine: CoverageEngine;

  constructor(context: StationContext, engine: CoverageEngine) {
    this.#context = context;
    this.#engine = engine;
  }

  /** Nothing is recorded for a table with a mistake. @throws StationError baseline-too-long, profile-unknown */
  async importBaseline({ bytes, source, dryRun, actor }: BaselineImport): Promise<SubjectReading<BaselineRow>> {
    const { ledger, options } = this.#context;
    const reading = readBaseline(bytes);
    const rows = reading.rows.map(({ facts }) => facts);
    if (rows.length > baselineRowsMax) {
      throw new StationError(
        'baseline-too-long',
        `a table has at most ${baselineRowsMax} rows, this one ${rows.length}`,
        {
          next: 'Split it into several files.',
        },
      );
    }
    for (const { profile } of rows) this.#assertProfile(profile);
    if (dryRun || reading.problems.length > 0 || rows.length === 0) return reading;
    const folder = join(options.dataFolder, 'imports');
    const name = `y-${randomBytes(10).toString('hex')}`;
    await ensureFolder(folder);
    await createExclusively(join(folder, `${name}.csv`), bytes);
    if (source !== undefined) await createExclusively(join(folder, `${name}.source`), source);
    const body: BaselineBody = {
      fileSha256: sha256Of(bytes),
      rows: rows.length,
      ...(source === undefined ? {} : { sourceSha256: sha256Of(source) }),
    };
    const document: BaselineDocument = { rows };
    await ledger.append({
      type: 'coverage-baseline-imported',
      actor,
      body: { ...body },
      documents: [{ id: newDocumentId(random), body: document as never }],
    });
    return reading;
  }

  /**
   * As of the last day of the month, or of today while it runs, and as known now.
   * @throws StationError month-to-come, roster-missing, profile-unknown, unit-unknown
   */
  async report(request: ReportRequest, today: CalendarDate): Promise<HandedInReport> {
    const { ledger, registry } = this.#context;
    const asOf = dayOfMonth(request.month, today);
    const knownAt = ledger.size - 1;
    const coverage = await this.#engine.report({ profile: request.profile, asOf, unit: request.unit, knownAt });
    if (coverage.bases.officers === 'none') {
      throw new StationError('roster-missing', 'there is no roster to report from', {
        next: 'Import the roster first: evidock roster import FILE.',
      });
    }
    const files = this.#files(coverage, request.month, knownAt);
    const { answer } = coverage;
    const report = newCoverageReportId(random);
    const body: CoverageReportedBody = {
      report,
      profile: answer.profile.name,
      month: request.month,
      asOf,
      knownAt,
      population: answer.population,
      covered: answer.covered,
      coveredPersonally: answer.coveredPersonally,
      coveredIncludingShared: answer.coveredIncludingShared,
      reported: answer.reported,
      figuresSha256: sha256Of(files.figures),
      listSha256: sha256Of(files.list),
      listBytes: Buffer.byteLength(files.list),
    };
    const { handedInBy, handedInTo } = request;
    const document: ReportDocument = { unit: answer.unit, handedInBy, handedInTo, figures: files.figures };
    await ledger.append({
      type: 'coverage-reported',
      actor: request.actor,
      subject: report,
      body: { ...body },
      documents: [{ id: newDocumentId(random), body: document as never }],
    });
    const row = registry.coverageBook.report(report);
    if (row === undefined) throw new Error(`report ${report} is not in the registry`);
    return { row, coverage, ...files };
  }

  /** Newest first. */
  list(limit = 1000): CoverageReportRow[] {
    return this.#context.registry.coverageBook.reports(limit);
  }

  /** What the station would hand in today for the same question. @throws StationError report-unknown */
  async reproduce(report: string): Promise<HandedInReport> {
    const row = this.#context.registry.coverageBook.report(report);
    if (row === undefined) {
      throw new StationError('report-unknown', `there is no report ${report}`, {
        next: 'List them with "evidock coverage report list".',
      });
    }
    const coverage = await this.#engine.report(askedOf(row));
    const files = this.#files(coverage, row.month, row.knownAt);
    // The figures as they were handed in, where they are kept; what would be made today is the list's part to say.
    return { row, coverage, list: files.list, figures: row.details?.figures ?? files.figures };
  }

  /** Reports that these bytes belong to, oldest first: none means that the file was never handed in by this station. */
  async check(bytes: Uint8Array): Promise<ReportMatch[]> {
    const digest = sha256Of(bytes);
    const matches: ReportMatch[] = [];
    for (const row of this.#context.registry.coverageBook.reportsOfDigest(digest)) {
      const which = row.figuresSha256 === digest ? 'figures' : 'list';
      matches.push({ row, which, isReproduced: await this.#isReproduced(row, which, digest) });
    }
    return matches;
  }

  #assertProfile(name: string): void {
    const { profiles } = this.#engine;
    if (profiles.has(name)) return;
    throw new StationError(
      'profile-unknown',
      `there is no profile ${name}; there are ${[...profiles.keys()].join(', ')}`,
      { next: 'Choose one of those.' },
    );
  }

  async #isReproduced(row: CoverageReportRow, which: ReportMatch['which'], digest: Sha256Hex): Promise<boolean> {
    try {
      const coverage = await this.#engine.report(askedOf(row));
      return sha256Of(this.#files(coverage, row.month, row.knownAt)[which]) === digest;
    } catch (error) {
      // The profile or the unit is not there any more: what was handed in stays proved.
      if (error instanceof StationError) return false;
      throw error;
    }
  }

  #files(coverage: DatedCoverage, month: string, knownAt: number): ReportFiles {
    const station = this.#context.ledger.station;
    return {
      figures: monthlyFigures({ station, month, knownAt, answer: coverage.answer }),
      list: coverageCsv(coverage, (reason) => codeText('gap', reason, 'zh').word),
    };
  }
}

const askedOf = ({ profile, asOf, knownAt, details }: CoverageReportRow): CoverageAsked => ({
  profile,
  asOf,
  knownAt,
  unit: details?.unit ?? undefined,
});

function dayOfMonth(month: string, today: CalendarDate): CalendarDate {
  const first = findCalendarDate(`${month}-01`);
  if (first === undefined || first > today) {
    throw new StationError('month-to-come', `${month} has not begun, or is no month`, {
      next: 'Name a month that has begun, YYYY-MM.',
    });
  }
  return monthEnds(first, today)[0] as CalendarDate;
}
