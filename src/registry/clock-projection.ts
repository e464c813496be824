/** What records about recorders' clocks do to the registry. */
import { canonicalJson } from '../domain/canonical-json.ts';
import type { ClockMeasuredBody, ClockSetBody, ClockSettingBody } from '../domain/records.ts';
import type { Effects } from './effect.ts';
import type { Statements } from './statements.ts';

export function clockEffects(statements: Statements): Effects {
  const run = (sql: string, ...values: unknown[]): void => {
    statements.prepare(sql).run(...values);
  };
  return {
    'clock-setting': (record) => {
      const body = record.body as unknown as ClockSettingBody;
      run(
        `INSERT INTO clock_settings (seq, slot, recorder, time, reading, local, told_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        record.seq,
        body.slot,
        body.recorder,
        record.time,
        body.reading === null ? null : canonicalJson(body.reading as never),
        body.local,
        body.toldAt,
      );
    },
    'clock-set': (record) => {
      const body = record.body as unknown as ClockSetBody;
      run(
        `UPDATE clock_settings SET outcome = ?, started_at = ?, ended_at = ?, took_ms = ? WHERE seq =
           (SELECT max(seq) FROM clock_settings WHERE outcome IS NULL AND slot = ? AND told_at = ?)`,
        body.outcome,
        body.startedAt,
        body.endedAt,
        body.tookMs,
        body.slot,
        body.toldAt,
      );
    },
    'clock-measured': (record) => {
      const body = record.body as unknown as ClockMeasuredBody;
      run(
        'INSERT INTO clocks VALUES (?, ?, ?, ?, ?)',
        body.docking,
        record.seq,
        body.basis,
        body.atLeastMs,
        body.atMostMs,
      );
    },
  };
}
