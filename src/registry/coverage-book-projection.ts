/** What records about coverage do to the registry: baselines, reports that were handed in, daily checks, alerts. */
import { canonicalJson } from '../domain/canonical-json.ts';
import type {
  BaselineBody,
  BaselineDocument,
  CoverageAlertDeliveryBody,
  CoverageAlertEndedBody,
  CoverageAlertedBody,
  CoverageCheckedBody,
  CoverageReportedBody,
} from '../domain/coverage-records.ts';
import type { ReplayedDocument } from '../domain/records.ts';
import { bodyOf, type Effect, type Effects } from './effect.ts';
import type { Statements } from './statements.ts';

export function coverageBookEffects(statements: Statements): Effects {
  const run = (sql: string, ...values: unknown[]): void => {
    statements.prepare(sql).run(...values);
  };
  const delivered =
    (state: 'sent' | 'not-sent'): Effect =>
    (record) => {
      const { alert, status } = record.body as unknown as CoverageAlertDeliveryBody;
      const sql = 'UPDATE coverage_alerts SET delivery = ?, delivered_at = ?, status = ? WHERE alert = ?';
      run(sql, state, record.time, status, alert);
    };
  return {
    'coverage-baseline-imported': (record, documents) => {
      const { sourceSha256 = null } = record.body as unknown as BaselineBody;
      const { rows = [] } = (bodyOf(documents) as BaselineDocument | undefined) ?? {};
      for (const { profile, unit, asOf, population, covered, source } of rows) {
        const sql = 'INSERT INTO coverage_baselines VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING';
        run(sql, profile, unit, asOf, record.seq, population, covered, source, sourceSha256);
      }
    },
    'coverage-reported': (record, documents) => {
      const body = record.body as unknown as CoverageReportedBody;
      run(
        'INSERT INTO coverage_reports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        body.report,
        record.seq,
        record.time,
        body.profile,
        body.month,
        body.asOf,
        body.knownAt,
        body.population,
        body.covered,
        body.figuresSha256,
        body.listSha256,
        textOf(documents, body.files === undefined ? {} : { files: body.files }),
      );
    },
    'coverage-checked': (record) => {
      const { profile, asOf, knownAt, population, covered } = record.body as unknown as CoverageCheckedBody;
      const sql = 'INSERT OR REPLACE INTO coverage_checks VALUES (?, ?, ?, ?, ?, ?)';
      run(sql, profile, record.seq, asOf, knownAt, population, covered);
    },
    'coverage-alerted': (record, documents) => {
      const { alert, kind, profile, asOf, count, webhook } = record.body as unknown as CoverageAlertedBody;
      run(
        `INSERT INTO coverage_alerts (alert, seq, raised_at, kind, profile, as_of, count, details, delivery)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[alert, record.seq, record.time, kind, profile, asOf, count],
        textOf(documents),
        webhook ? 'waiting' : 'none',
      );
    },
    'coverage-alert-ended': (record) => {
      const { alert } = record.body as unknown as CoverageAlertEndedBody;
      run('UPDATE coverage_alerts SET ended_at = ? WHERE alert = ?', record.time, alert);
    },
    'coverage-alert-sent': delivered('sent'),
    'coverage-alert-not-sent': delivered('not-sent'),
  };
}

/** The document with what of the record's body stands beside it; null when it was lawfully erased. */
function textOf(documents: readonly ReplayedDocument[], beside: object = {}): string | null {
  const body = bodyOf<object>(documents);
  return body === undefined ? null : canonicalJson({ ...body, ...beside } as never);
}
