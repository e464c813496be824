/** Questions that the pages ask: one page of clips, one clip with everything about it, counts. */
import type { Database } from 'better-sqlite3';
import type { ClipId, Sha256Hex } from '../domain/ids.ts';
import { type ClipWith, clipColumns, linkableFields } from './clip-columns.ts';
import { Conditions } from './conditions.ts';
import { lacksCase, lacksOfficer } from './linking-queries.ts';
import { Statements } from './statements.ts';

const pageFields = [
  ...linkableFields,
  'path',
  'sha256',
  'bytes',
  'kind',
  'docking',
  'sealedSeq',
  'important',
  'facts',
  'clockBasis',
  'clockAtLeastMs',
  'clockAtMostMs',
] as const;

export type ClipPageRow = ClipWith<typeof pageFields>;

export interface HistoryRow {
  readonly seq: number;
  readonly type: string;
  readonly time: string;
  readonly actor: string;
  readonly detail: string | null;
}

export interface ClipFilter {
  readonly kind?: string | undefined;
  /** ISO instants: recorded at or after, and before. */
  readonly recordedFrom?: string | undefined;
  readonly recordedTo?: string | undefined;
  /** Part of path, serial, officer or case number as the name has them, or a clip id. */
  readonly search?: string | undefined;
  /** Only clips that are tied to none. */
  readonly lacking?: 'officer' | 'case' | undefined;
}

const columns = clipColumns(pageFields);

/** Of `records r`: about clip @clip, its docking @docking, its original, copies of it, and exports that it is in. */
export const aboutClip = `(r.subject IN (@clip, @docking) OR r.subject = (SELECT sha256 FROM clips WHERE clip = @clip)
  OR r.subject IN (SELECT export FROM export_clips WHERE clip = @clip)
  OR r.seq IN (SELECT m.seq FROM mirror_copies m JOIN clips c USING (sha256) WHERE c.clip = @clip))`;

export class PageQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** Newest seal first. */
  clips(filter: ClipFilter, page: { readonly limit: number; readonly offset: number }): ClipPageRow[] {
    const { where, values } = condition(filter);
    const sql = `SELECT ${columns} FROM clips c ${where} ORDER BY c.sealed_seq DESC LIMIT ? OFFSET ?`;
    return this.#statements.prepare(sql).all(...values, page.limit, page.offset) as ClipPageRow[];
  }

  count(filter: ClipFilter): number {
    const { where, values } = condition(filter);
    return this.#statements
      .prepare(`SELECT count(*) FROM clips c ${where}`)
      .pluck()
      .get(...values) as number;
  }

  clip(id: string): ClipPageRow | undefined {
    return this.#statements.prepare(`SELECT ${columns} FROM clips c WHERE c.clip = ?`).get(id) as
      | ClipPageRow
      | undefined;
  }

  original(sha256: string): { readonly sm3: string; readonly fsverity: string; readonly readBack: string } | undefined {
    return this.#statements
      .prepare('SELECT sm3, fsverity, read_back AS readBack FROM originals WHERE sha256 = ?')
      .get(sha256) as { sm3: string; fsverity: string; readBack: string } | undefined;
  }

  findings(clip: string): { readonly code: string; readonly detail: string | null }[] {
    const sql = `SELECT code, detail FROM (
        SELECT seq, number, code, detail FROM findings WHERE clip = @clip AND (code <> 'case-link-outdated' OR seq >
          (SELECT n.seq FROM link_now n WHERE n.clip = @clip AND n.target = 'case' AND n.basis = 'automatic'))
        UNION ALL SELECT d.seq, 0, CASE d.place WHEN 'vault' THEN 'original-damaged' ELSE 'copy-damaged' END,
          coalesce('4 KiB: ' || d.blocks, d.state)
        FROM damaged_originals d JOIN clips c USING (sha256) WHERE c.clip = @clip
      ) ORDER BY seq, number`;
    return this.#statements.prepare(sql).all({ clip }) as {
      code: string;
      detail: string | null;
    }[];
  }

  /** Clips with a finding of their own; what linking finds is worked out with each answer. */
  clipsWithFinding(): ReadonlySet<string> {
    return new Set(
      this.#statements
        .prepare(
          `SELECT clip FROM findings WHERE clip IS NOT NULL
           UNION SELECT clip FROM clips WHERE sha256 IN (SELECT sha256 FROM damaged_originals)`,
        )
        .pluck()
        .all() as string[],
    );
  }

  docking(
    id: string,
  ):
    | { readonly docking: string; readonly kind: string; readonly startedAt: string; readonly state: string }
    | undefined {
    const sql = 'SELECT docking, kind, started_at AS startedAt, state FROM dockings WHERE docking = ?';
    return this.#statements.prepare(sql).get(id) as ReturnType<PageQueries['docking']>;
  }

  /** The custody history: every record about a clip, in order; `detail` of links by hand. */
  history(clip: string, docking: string): HistoryRow[] {
    const sql = `SELECT r.seq, r.type, r.time, r.actor_kind || ':' || r.actor_id AS actor,
        nullif(l.number || coalesce(': ' || l.reason, ''), '') AS detail
      FROM records r LEFT JOIN links l USING (seq)
      WHERE ${aboutClip} ORDER BY r.seq`;
    return this.#statements.prepare(sql).all({ clip, docking }) as HistoryRow[];
  }

  /** Ids of clips whose content is known and can have a preview, oldest first, after a sequence. */
  previewable(afterSeq: number, limit: number): { clip: ClipId; sha256: Sha256Hex; facts: string; seq: number }[] {
    const sql = `SELECT clip, sha256, facts, sealed_seq AS seq FROM clips
      WHERE kind IN ('video', 'audio', 'picture') AND sealed_seq > ?
        AND sha256 NOT IN (SELECT sha256 FROM damaged_originals WHERE place = 'vault')
        AND clip NOT IN (SELECT clip FROM restricted_clips) ORDER BY sealed_seq LIMIT ?`;
    return this.#statements.prepare(sql).all(afterSeq, limit) as {
      clip: ClipId;
      sha256: Sha256Hex;
      facts: string;
      seq: number;
    }[];
  }

  /** Whether this folder was taken in with this listing, and nothing of it was left out. */
  wasTaken(folderHex: string, listing: string): boolean {
    const sql = `SELECT 1 FROM dockings d JOIN sources s USING (source)
      WHERE s.folder = ? AND d.listing = ? AND d.state = 'ended' AND d.failed = 0 AND d.refused = 0 LIMIT 1`;
    return this.#statements.prepare(sql).get(folderHex, listing) !== undefined;
  }
}

function condition(filter: ClipFilter): Conditions {
  const all = new Conditions();
  if (filter.kind !== undefined) all.add('c.kind = ?', filter.kind);
  if (filter.recordedFrom !== undefined) all.add('c.recorded_at >= ?', filter.recordedFrom);
  if (filter.recordedTo !== undefined) all.add('c.recorded_at < ?', filter.recordedTo);
  if (filter.lacking !== undefined) all.add(filter.lacking === 'officer' ? lacksOfficer : lacksCase);
  if (filter.search !== undefined) {
    const like = `%${filter.search.replaceAll(/[\\%_]/g, '\\$&')}%`;
    all.add(
      `(CAST(c.path AS TEXT) LIKE ? ESCAPE '\\' OR c.recorder LIKE ? ESCAPE '\\' OR c.officer LIKE ? ESCAPE '\\'
        OR c.case_number LIKE ? ESCAPE '\\' OR c.clip = ?)`,
      like,
      like,
      like,
      like,
      filter.search,
    );
  }
  return all;
}
