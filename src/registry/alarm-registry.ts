/** Alarms in the registry: what their records do to it, and which are open. */
import type { Database } from 'better-sqlite3';
import type { AcknowledgementDocument, AlarmAcknowledgedBody, AlarmRaisedBody } from '../domain/alarm-facts.ts';
import type { Effects } from './effect.ts';
import { Statements } from './statements.ts';

export interface AlarmRow {
  /** Sequence of the record that raised it; its number for people. */
  readonly alarm: number;
  readonly kind: string;
  readonly evidence: string;
  readonly raisedAt: string;
  readonly acknowledgedAt: string | null;
  /** Null too when the document was lawfully erased. */
  readonly acknowledgedBy: string | null;
  readonly reason: string | null;
}

export function alarmEffects(statements: Statements): Effects {
  return {
    'alarm-raised': (record) => {
      const { kind, evidence } = record.body as unknown as AlarmRaisedBody;
      statements
        .prepare('INSERT INTO alarms (alarm, kind, evidence, raised_at) VALUES (?, ?, ?, ?)')
        .run(record.seq, kind, evidence, record.time);
    },
    'alarm-acknowledged': (record, documents) => {
      const { alarm } = record.body as unknown as AlarmAcknowledgedBody;
      const first = documents[0];
      const said = first !== undefined && 'body' in first ? (first.body as unknown as AcknowledgementDocument) : null;
      statements
        .prepare('UPDATE alarms SET acknowledged_at = ?, acknowledged_by = ?, reason = ? WHERE alarm = ?')
        .run(record.time, said?.by ?? null, said?.reason ?? null, alarm);
    },
  };
}

export class AlarmQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** All alarms, oldest first. */
  all(): AlarmRow[] {
    const sql = `SELECT alarm, kind, evidence, raised_at AS raisedAt, acknowledged_at AS acknowledgedAt,
      acknowledged_by AS acknowledgedBy, reason FROM alarms ORDER BY alarm`;
    return this.#statements.prepare(sql).all() as AlarmRow[];
  }

  open(): AlarmRow[] {
    return this.all().filter(({ acknowledgedAt }) => acknowledgedAt === null);
  }

  /** Whether this was raised before, acknowledged or not. */
  knows(kind: string, evidence: string): boolean {
    return this.all().some((alarm) => alarm.kind === kind && alarm.evidence === evidence);
  }
}
