/**
 * What the monthly exchange reads, a page at a time, so that a big roster or a big vault never lies in memory whole and
 * no query stays open while somebody else writes.
 */
import type { Database } from 'better-sqlite3';
import type { Version } from '../domain/history.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import type { FactsOf, SubjectKind } from '../domain/subject-kinds.ts';
import { type ClipWith, clipColumns, linkableFields } from './clip-columns.ts';
import { Statements } from './statements.ts';
import { parseVersion, type VersionRow, versionColumns } from './version-rows.ts';

const exchangeFields = [...linkableFields, 'sha256', 'sealedSeq', 'durationMs'] as const;

export type ExchangeClip = ClipWith<typeof exchangeFields>;

export interface ClipPeriod {
  /** Instants, ISO UTC: sealed from the first on, before the second. */
  readonly from: string;
  readonly until: string;
  readonly knownAt: number;
}

export class ExchangeQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** The first day of the history of a kind, as known at a sequence. */
  firstDay(kind: SubjectKind, knownAt: number): CalendarDate | null {
    const sql = `SELECT min(effective_from) FROM versions
      WHERE kind = ? AND seq <= ? AND (undone_seq IS NULL OR undone_seq > ?)`;
    return this.#statements.prepare(sql).pluck().get(kind, knownAt, knownAt) as CalendarDate | null;
  }

  /** All versions of the next keys in their order, also undone ones; an empty list at the end. */
  versionsAfter<K extends SubjectKind>(kind: K, key: string, keys: number): Version<FactsOf[K]>[] {
    const sql = `SELECT ${versionColumns}
      FROM versions WHERE kind = @kind AND seq IS NOT NULL AND key IN (SELECT DISTINCT key FROM versions
        WHERE kind = @kind AND key > @key AND seq IS NOT NULL ORDER BY key LIMIT @keys)
      ORDER BY key, effective_from, seq`;
    return (this.#statements.prepare(sql).all({ kind, key, keys }) as VersionRow[]).map(parseVersion<FactsOf[K]>);
  }

  /** Clips sealed in the period, and earlier ones that something ties to a case, in the order of sealing. */
  clipsAfter(sealedSeq: number, { from, until, knownAt }: ClipPeriod, limit: number): ExchangeClip[] {
    const sql = `SELECT ${clipColumns(exchangeFields)}
      FROM clips c WHERE c.sealed_seq > @sealedSeq AND c.sealed_seq <= @knownAt AND c.sealed_at < @until
        AND (c.sealed_at >= @from OR c.case_number IS NOT NULL OR EXISTS (SELECT 1 FROM links l
          WHERE l.clip = c.clip AND l.target = 'case' AND l.action = 'linked' AND l.seq <= @knownAt))
      ORDER BY c.sealed_seq LIMIT @limit`;
    return this.#statements.prepare(sql).all({ sealedSeq, from, until, knownAt, limit }) as ExchangeClip[];
  }
}
