/** Questions about recorders' clocks: what a new measurement has to know of the dockings and settings before it. */
import type { Database } from 'better-sqlite3';
import type { SourceId } from '../domain/ids.ts';
import type { ClockReadingBody, EarlierSetting } from '../domain/records.ts';
import { Statements } from './statements.ts';

export class ClockQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** The last docking of this card of this recorder that was listed whole and taken whole. */
  lastWholeDocking(
    source: SourceId,
    volumeUuid: string,
  ): { readonly docking: string; readonly endedAt: string; readonly endedSeq: number } | undefined {
    const sql = `SELECT docking, ended_at AS endedAt, ended_seq AS endedSeq FROM dockings WHERE source = ? AND volume_uuid = ?
      AND state = 'ended' AND inventory_complete = 1 AND failed = 0 ORDER BY started_seq DESC LIMIT 1`;
    return this.#statements.prepare(sql).get(source, volumeUuid) as ReturnType<ClockQueries['lastWholeDocking']>;
  }

  wasListed(docking: string, path: Uint8Array): boolean {
    const sql = 'SELECT 1 FROM inventory WHERE docking = ? AND path = ?';
    return this.#statements.prepare(sql).get(docking, Buffer.from(path)) !== undefined;
  }

  /** Whether a clip of this source with this local time in its name was sealed before: files are renamed when marked. */
  wasRecorded(source: SourceId, local: string, beforeSeq: number): boolean {
    const sql = 'SELECT 1 FROM clips WHERE source = ? AND recorded_local = ? AND sealed_seq < ?';
    return this.#statements.prepare(sql).get(source, local, beforeSeq) !== undefined;
  }

  /**
   * What the recorder was told since its card was last taken in whole (one that was never docked: since the recorder
   * was), and before `before`; oldest first. Too many rather than too few: what was not taken then may be taken now.
   */
  settingsOf(
    recorder: string,
    source: SourceId,
    since: { volumeUuid: string | null; before: string },
  ): EarlierSetting[] {
    const whole = `SELECT max(ended_seq) FROM dockings WHERE source = @source AND state = 'ended' AND failed = 0
      AND inventory_complete = 1 AND ended_at < @before`;
    const sql = `SELECT time, reading, local, told_at AS toldAt, outcome, started_at AS startedAt, ended_at AS endedAt,
        took_ms AS tookMs
      FROM clock_settings WHERE recorder = @recorder AND time < @before AND outcome IS NOT 'not-sent'
        AND seq > coalesce((${whole} AND volume_uuid IS @volumeUuid), CASE WHEN EXISTS (SELECT 1 FROM dockings
          WHERE source = @source AND volume_uuid IS @volumeUuid AND state <> 'open') THEN -1 ELSE (${whole}) END, -1)
      ORDER BY seq`;
    const rows = this.#statements.prepare(sql).all({ recorder, source, ...since }) as (Omit<
      EarlierSetting,
      'reading'
    > & { readonly reading: string | null })[];
    return rows.map((row) => ({
      ...row,
      reading: row.reading === null ? null : (JSON.parse(row.reading) as ClockReadingBody),
    }));
  }
}
