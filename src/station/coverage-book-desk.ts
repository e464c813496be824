/**
 * The part of the composition root for what is handed in about coverage: figures from before the installation, and
 * monthly reports that stand in the ledger with the digests of their exact bytes, so that a figure once reported can be
 * proved. It computes no figure itself.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
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
  type ReportFileDigest,
  type ReportFileName,
  type ReportWording,
  reportFileNames,
} from '../domain/coverage-records.ts';
import { StationError } from '../domain/errors.ts';
import { newCoverageReportId, newDocumentId, type Sha256Hex } from '../domain/ids.ts';
import { type CalendarDate, findCalendarDate } from '../domain/people-facts.ts';
import type { Actor } from '../domain/records.ts';
import { instantToLocalTime } from '../domain/station-time.ts';
import { createExclusively, ensureFolder } from '../files/durable-files.ts';
import { readBaseline } from '../people/baseline-table.ts';
import type { SubjectReading } from '../people/subject-table.ts';
import type { CoverageReportRow } from '../registry/coverage-book-queries.ts';
import type { Language } from '../texts/cli-texts.ts';
import { coverageSheetTexts } from '../texts/coverage-sheet-texts.ts';
import { digestsOf, type ReportFile, reportFiles, sha256Of, sumsFile, sumsFileName } from './coverage-report-files.ts';
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
  /** Of the workbook and the paper. */
  readonly language: Language;
  readonly actor: Actor;
}

export interface HandedInReport {
  readonly row: CoverageReportRow;
  /** What is handed in: the files' exact bytes. */
  readonly files: readonly ReportFile[];
}

/** `isReproduced`: asked again today, the station gives the same bytes. */
export interface ReportMatch {
  readonly row: CoverageReportRow;
  readonly name: ReportFileName;
  readonly isReproduced: boolean;
}

/**
 * - `same`: as it was handed in; `changed`, `missing`: of the report, and not so;
 * - `not-recorded`: of a report of before files were recorded one by one, which names only figures and list;
 * - `not-of-report`: the report never had such a file.
 */
export type CheckedFileState = 'same' | 'changed' | 'missing' | 'not-recorded' | 'not-of-report';

export interface CheckedFile {
  readonly name: string;
  readonly state: CheckedFileState;
  /** What the ledger says; null where it says nothing. */
  readonly recorded: string | null;
  /** What lies there; null for a file that is missing. */
  readonly found: string | null;
}

export interface CheckedReport {
  readonly row: CoverageReportRow;
  readonly files: readonly CheckedFile[];
}

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
    const { answer } = coverage;
    const report = newCoverageReportId(random);
    const wording = this.#wordingAt(Date.now(), request.language);
    const files = await this.#files({ report, month: request.month, knownAt, coverage, wording });
    const digests = digestsOf(files);
    const [figures, list] = digests as [ReportFileDigest, ReportFileDigest];
    const body: Omit<CoverageReportedBody, 'files'> = {
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
      figuresSha256: figures.sha256,
      listSha256: list.sha256,
      listBytes: list.bytes,
    };
    const { handedInBy, handedInTo } = request;
    const document: ReportDocument = {
      unit: answer.unit,
      handedInBy,
      handedInTo,
      figures: (files[0] as ReportFile).bytes.toString(),
      wording,
    };
    await ledger.append({
      type: 'coverage-reported',
      actor: request.actor,
      subject: report,
      body: { ...body, files: digests.map((digest) => ({ ...digest })) },
      documents: [{ id: newDocumentId(random), body: document as never }],
    });
    const row = registry.coverageBook.report(report);
    if (row === undefined) throw new Error(`report ${report} is not in the registry`);
    return { row, files };
  }

  /** Newest first. */
  list(limit = 1000): CoverageReportRow[] {
    return this.#context.registry.coverageBook.reports(limit);
  }

  /**
   * The files once more. Figures come as they were handed in, where they are kept; what of the others differs from what
   * was recorded is told by `check`. @throws StationError report-unknown
   */
  async reproduce(report: string, language: Language): Promise<HandedInReport> {
    const row = this.#row(report);
    const files = await this.#filesOf(row, language);
    const kept = row.details?.figures;
    return {
      row,
      files: files.map((file) =>
        file.name === 'figures.json' && kept !== undefined ? { ...file, bytes: Buffer.from(kept) } : file,
      ),
    };
  }

  /** Reports that a file with this digest belongs to, oldest first: none means that it was never handed in here. */
  async check(digest: Sha256Hex): Promise<ReportMatch[]> {
    const matches: ReportMatch[] = [];
    for (const row of this.#context.registry.coverageBook.reportsOfDigest(digest)) {
      const found = recordedFiles(row).find(({ sha256 }) => sha256 === digest);
      if (found === undefined) continue;
      matches.push({ row, name: found.name, isReproduced: await this.#isReproduced(row, found) });
    }
    return matches;
  }

  /**
   * Every file of a folder against a report: the one that is named, else the one that most of the files belong to.
   * Undefined when none of them does. `digests`: by file name. @throws StationError report-unknown
   */
  checkFolder(digests: ReadonlyMap<string, string>, report: string | undefined): CheckedReport | undefined {
    const row = report === undefined ? this.#reportOf([...digests.values()]) : this.#row(report);
    if (row === undefined) return undefined;
    const recorded = new Map<string, string>(recordedFiles(row).map(({ name, sha256 }) => [name, sha256]));
    const isWhole = row.details?.files !== undefined;
    const files = [...new Set([...recorded.keys(), ...digests.keys()])].map((name): CheckedFile => {
      const found = digests.get(name) ?? null;
      const known = name === sumsFileName && isWhole ? sha256Of(sumsFile(recordedFiles(row))) : recorded.get(name);
      if (known !== undefined) {
        const state = found === null ? 'missing' : found === known ? 'same' : 'changed';
        return { name, state, recorded: known, found };
      }
      const isOlder = !isWhole && reportFileNames.some((one) => one === name);
      return { name, state: isOlder ? 'not-recorded' : 'not-of-report', recorded: null, found };
    });
    return { row, files };
  }

  /** The report to which most of the digests belong, the newest of equals. */
  #reportOf(digests: readonly string[]): CoverageReportRow | undefined {
    const { coverageBook } = this.#context.registry;
    const rows = digests.flatMap((digest) => coverageBook.reportsOfDigest(digest));
    const byReport = [...Map.groupBy(rows, ({ report }) => report).values()];
    return byReport.sort((a, b) => b.length - a.length || (b[0]?.seq ?? 0) - (a[0]?.seq ?? 0))[0]?.[0];
  }

  #row(report: string): CoverageReportRow {
    const row = this.#context.registry.coverageBook.report(report);
    if (row !== undefined) return row;
    throw new StationError('report-unknown', `there is no report ${report}`, {
      next: 'List them with "evidock coverage report list".',
    });
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

  async #isReproduced(row: CoverageReportRow, { name, sha256 }: RecordedFile): Promise<boolean> {
    try {
      const files = await this.#filesOf(row, row.details?.wording?.language ?? 'zh');
      return files.some((file) => file.name === name && sha256Of(file.bytes) === sha256);
    } catch (error) {
      // The profile or the unit is not there any more: what was handed in stays proved.
      if (error instanceof StationError) return false;
      throw error;
    }
  }

  /** What the station would hand in today for the same question. */
  async #filesOf(row: CoverageReportRow, language: Language): Promise<ReportFile[]> {
    const { report, month, knownAt, details } = row;
    const coverage = await this.#engine.report(askedOf(row));
    const wording = details?.wording ?? this.#wordingAt(Date.parse(row.reportedAt), language);
    return this.#files({ report, month, knownAt, coverage, wording });
  }

  #files(of: {
    readonly report: string;
    readonly month: string;
    readonly knownAt: number;
    readonly coverage: DatedCoverage;
    readonly wording: ReportWording;
  }): Promise<ReportFile[]> {
    return reportFiles({ station: this.#context.ledger.station, ...of });
  }

  #wordingAt(ms: number, language: Language): ReportWording {
    const { name, timeZone } = this.#context.options.configuration.station;
    const time = instantToLocalTime(ms, timeZone).replace('T', ' ');
    return { language, made: coverageSheetTexts[language].made(name, time) };
  }
}

type RecordedFile = Pick<ReportFileDigest, 'name' | 'sha256'>;

/** What the ledger says of a report's files. */
export function recordedFiles({ figuresSha256, listSha256, details }: CoverageReportRow): readonly RecordedFile[] {
  return (
    details?.files ?? [
      { name: 'figures.json', sha256: figuresSha256 as Sha256Hex },
      { name: 'list.csv', sha256: listSha256 as Sha256Hex },
    ]
  );
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
