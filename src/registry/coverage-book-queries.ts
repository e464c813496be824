/** Questions about what was handed in and told about coverage; what coverage is, is asked elsewhere. */
import type { Database } from 'better-sqlite3';
import type { AlertKind } from '../domain/coverage-alert-policy.ts';
import type {
  AlertDocument,
  BaselineRow,
  CoverageCheckedBody,
  ReportDocument,
  ReportFileDigest,
} from '../domain/coverage-records.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import { Statements } from './statements.ts';

export interface BaselineEntry extends BaselineRow {
  readonly seq: number;
  readonly sourceSha256: string | null;
}

export interface CoverageReportRow {
  readonly report: string;
  readonly seq: number;
  readonly reportedAt: string;
  readonly profile: string;
  readonly month: string;
  readonly asOf: CalendarDate;
  readonly knownAt: number;
  readonly population: number;
  readonly covered: number;
  readonly figuresSha256: string;
  readonly listSha256: string;
  /** Null when the document was lawfully erased. */
  readonly details: ReportDetails | null;
}

export interface ReportDetails extends ReportDocument {
  /** Absent in reports of before files were recorded one by one. */
  readonly files?: readonly ReportFileDigest[];
}

export interface CoverageAlertRow {
  readonly alert: string;
  readonly seq: number;
  readonly raisedAt: string;
  readonly kind: AlertKind;
  readonly profile: string;
  readonly asOf: CalendarDate;
  readonly count: number;
  readonly key: string;
  readonly units: AlertDocument['units'];
  readonly endedAt: string | null;
  readonly delivery: 'none' | 'waiting' | 'sent' | 'not-sent';
  readonly deliveredAt: string | null;
  readonly status: string | null;
}

const reportColumns = `report, seq, reported_at AS reportedAt, profile, month, as_of AS asOf, known_at AS knownAt,
  population, covered, figures_sha256 AS figuresSha256, list_sha256 AS listSha256, details`;
const alertColumns = `alert, seq, raised_at AS raisedAt, kind, profile, as_of AS asOf, count, details,
  ended_at AS endedAt, delivery, delivered_at AS deliveredAt, status`;

type RawReport = Omit<CoverageReportRow, 'details'> & { readonly details: string | null };
type RawAlert = Omit<CoverageAlertRow, 'key' | 'units'> & { readonly details: string | null };

export class CoverageBookQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** The newest figures of each day (up to a record), by day; `unit` empty for all units. */
  baselines(profile: string, unit: string, knownAt = Number.MAX_SAFE_INTEGER): BaselineEntry[] {
    const sql = `SELECT profile, unit, as_of AS asOf, max(seq) AS seq, population, covered, source,
      source_sha256 AS sourceSha256 FROM coverage_baselines WHERE profile = ? AND unit = ? AND seq <= ?
      GROUP BY as_of ORDER BY as_of`;
    return this.#statements.prepare(sql).all(profile, unit, knownAt) as BaselineEntry[];
  }

  allBaselines(): BaselineEntry[] {
    const sql = `SELECT profile, unit, as_of AS asOf, max(seq) AS seq, population, covered, source,
      source_sha256 AS sourceSha256 FROM coverage_baselines GROUP BY profile, unit, as_of ORDER BY profile, as_of, unit`;
    return this.#statements.prepare(sql).all() as BaselineEntry[];
  }

  /** Newest first. */
  reports(limit: number): CoverageReportRow[] {
    const sql = `SELECT ${reportColumns} FROM coverage_reports ORDER BY seq DESC LIMIT ?`;
    return (this.#statements.prepare(sql).all(limit) as RawReport[]).map(parseReport);
  }

  report(id: string): CoverageReportRow | undefined {
    const row = this.#statements.prepare(`SELECT ${reportColumns} FROM coverage_reports WHERE report = ?`).get(id);
    return row === undefined ? undefined : parseReport(row as RawReport);
  }

  /** Reports that have a file with this digest, oldest first. There is one a month: they are looked through. */
  reportsOfDigest(sha256: string): CoverageReportRow[] {
    const sql = `SELECT ${reportColumns} FROM coverage_reports WHERE figures_sha256 = @sha256 OR list_sha256 = @sha256
      OR EXISTS (SELECT 1 FROM json_each(details, '$.files') f WHERE json_extract(f.value, '$.sha256') = @sha256)
      ORDER BY seq`;
    return (this.#statements.prepare(sql).all({ sha256 }) as RawReport[]).map(parseReport);
  }

  lastCheck(profile: string): CoverageCheckedBody | undefined {
    const sql = `SELECT profile, as_of AS asOf, known_at AS knownAt, population, covered FROM coverage_checks
      WHERE profile = ?`;
    return this.#statements.prepare(sql).get(profile) as CoverageCheckedBody | undefined;
  }

  openAlerts(profile: string): CoverageAlertRow[] {
    return this.#alerts('WHERE profile = ? AND ended_at IS NULL ORDER BY seq DESC', profile);
  }

  /** Newest first. */
  alerts(limit: number): CoverageAlertRow[] {
    return this.#alerts('ORDER BY seq DESC LIMIT ?', limit);
  }

  /** What is still to be sent, oldest first. */
  waitingAlerts(limit: number): CoverageAlertRow[] {
    return this.#alerts(`WHERE delivery = 'waiting' ORDER BY seq LIMIT ?`, limit);
  }

  #alerts(rest: string, ...values: unknown[]): CoverageAlertRow[] {
    const rows = this.#statements.prepare(`SELECT ${alertColumns} FROM coverage_alerts ${rest}`).all(...values);
    return (rows as RawAlert[]).map(({ details, ...row }) => {
      const { key = row.alert, units = [] } = details === null ? {} : (JSON.parse(details) as AlertDocument);
      return { ...row, key, units };
    });
  }
}

function parseReport({ details, ...row }: RawReport): CoverageReportRow {
  return { ...row, details: details === null ? null : (JSON.parse(details) as ReportDocument) };
}
