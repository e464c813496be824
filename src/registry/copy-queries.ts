/**
 * Questions about the places where originals lie: which confirmed copies there are, what a mirror lacks, what is
 * damaged, restricted or deleted. Whether that is enough for something is decided by policies.
 */
import type { Database } from 'better-sqlite3';
import type { Sha256Hex } from '../domain/ids.ts';
import type { DamageState } from '../domain/keeping-facts.ts';
import { Statements } from './statements.ts';

/** A place where an original was read back or scrubbed last and was what it must be. */
export interface ConfirmedCopy {
  /** `vault`, or a mirror's id. */
  readonly place: string;
  /** The record that says so. */
  readonly seq: number;
  readonly time: string;
}

export interface MirrorRow {
  readonly mirror: string;
  readonly folder: string;
  readonly addedAt: string;
  readonly copies: number;
  readonly copiedAt: string | null;
  readonly ledgerDiffers: string | null;
  readonly damaged: number;
  /** Deletions that are not carried out there yet. */
  readonly deletionsOpen: number;
}

export interface WaitingOriginal {
  readonly sha256: Sha256Hex;
  readonly bytes: number;
}

export interface SealedRow {
  readonly sha256: Sha256Hex;
  readonly bytes: number;
  readonly sm3: string;
  readonly fsverity: string;
  /** In the order of sealing. */
  readonly clips: readonly string[];
}

export interface Damage {
  readonly place: string;
  readonly sha256: Sha256Hex;
  readonly state: DamageState;
  readonly blocks: string | null;
  readonly seq: number;
}

export interface OpenDeletion {
  readonly deletion: string;
  readonly approvedSeq: number;
}

/** Why the bytes of a clip are not handed out; `available` when they are. */
export type ClipAvailability = 'available' | 'damaged' | 'restricted' | 'deleted' | 'unknown';

const lacking = `FROM originals o WHERE NOT EXISTS (SELECT 1 FROM mirror_copies m WHERE m.mirror = ? AND m.sha256 = o.sha256)
  AND NOT EXISTS (SELECT 1 FROM damaged_originals d WHERE d.place = 'vault' AND d.sha256 = o.sha256)`;

/** Whether an original must be in a place: all in the vault, in a mirror what was copied there or found damaged. */
const isIn = `(? = 'vault' OR EXISTS (SELECT 1 FROM mirror_copies m WHERE m.mirror = ? AND m.sha256 = o.sha256)
  OR EXISTS (SELECT 1 FROM damaged_originals d WHERE d.place = ? AND d.sha256 = o.sha256))`;

export class CopyQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** Confirmed copies of an original, the vault's first; empty when none is known. A damaged copy is none. */
  copiesOf(sha256: string): ConfirmedCopy[] {
    const sql = `SELECT copy.place, max(copy.seq) AS seq, r.time FROM (
        SELECT 'vault' AS place, first_seq AS seq, sha256 FROM originals
        UNION ALL SELECT mirror, seq, sha256 FROM mirror_copies
        UNION ALL SELECT place, seq, sha256 FROM original_checks
      ) copy JOIN records r ON r.seq = copy.seq
      WHERE copy.sha256 = ? AND NOT EXISTS (
        SELECT 1 FROM damaged_originals d WHERE d.sha256 = copy.sha256 AND d.place = copy.place)
      GROUP BY copy.place ORDER BY copy.place <> 'vault', copy.place`;
    return this.#statements.prepare(sql).all(sha256) as ConfirmedCopy[];
  }

  mirrors(): MirrorRow[] {
    const sql = `SELECT m.mirror, m.folder, m.added_at AS addedAt, m.ledger_differs AS ledgerDiffers,
        (SELECT time FROM records WHERE seq = m.copied_seq) AS copiedAt,
        (SELECT count(*) FROM mirror_copies c WHERE c.mirror = m.mirror) AS copies,
        (SELECT count(*) FROM damaged_originals d WHERE d.place = m.mirror) AS damaged,
        (SELECT count(*) FROM deletion_places p WHERE p.place = m.mirror AND p.seq IS NULL) AS deletionsOpen
      FROM mirrors m ORDER BY m.added_seq`;
    return this.#statements.prepare(sql).all() as MirrorRow[];
  }

  /** Originals that a mirror lacks, oldest first; damaged ones are not copied. */
  lackingIn(mirror: string, limit: number): WaitingOriginal[] {
    const sql = `SELECT o.sha256, o.bytes ${lacking} ORDER BY o.first_seq LIMIT ?`;
    return this.#statements.prepare(sql).all(mirror, limit) as WaitingOriginal[];
  }

  behind(mirror: string): { readonly originals: number; readonly bytes: number } {
    const sql = `SELECT count(*) AS originals, coalesce(sum(o.bytes), 0) AS bytes ${lacking}`;
    return this.#statements.prepare(sql).get(mirror) as { originals: number; bytes: number };
  }

  /** An original with its digests and clips; undefined when no clip has it (any more). */
  sealed(sha256: string): SealedRow | undefined {
    return this.#sealedRows('o.sha256 = ?', [sha256], 1)[0];
  }

  /** Originals that a place must have, in the order of digests after one; the empty text begins. */
  sealedIn(place: string, sha256: string, limit: number): SealedRow[] {
    return this.#sealedRows(`o.sha256 > ? AND ${isIn}`, [sha256, place, place, place], limit);
  }

  countIn(place: string): number {
    const sql = `SELECT count(*) FROM originals o WHERE ${isIn}`;
    return this.#statements.prepare(sql).pluck().get(place, place, place) as number;
  }

  /** The digest with which the last scrub of a place ended. */
  lastScrubbed(place: string): string | undefined {
    const sql = 'SELECT last_digest FROM scrubs WHERE place = ?';
    return this.#statements.prepare(sql).pluck().get(place) as string | undefined;
  }

  scrubbedAt(place: string): string | undefined {
    const sql = 'SELECT ended_at FROM scrubs WHERE place = ?';
    return (this.#statements.prepare(sql).pluck().get(place) as string | null | undefined) ?? undefined;
  }

  firstRecordAt(): string {
    return this.#statements.prepare('SELECT time FROM records WHERE seq = 0').pluck().get() as string;
  }

  #sealedRows(where: string, values: readonly string[], limit: number): SealedRow[] {
    const sql = `SELECT o.sha256, o.bytes, o.sm3, o.fsverity,
        (SELECT json_group_array(clip) FROM (SELECT clip FROM clips c WHERE c.sha256 = o.sha256 ORDER BY sealed_seq)) AS clips
      FROM originals o WHERE ${where} ORDER BY o.sha256 LIMIT ?`;
    const rows = this.#statements.prepare(sql).all(...values, limit) as (SealedRow & { readonly clips: unknown })[];
    return rows.map((row) => ({ ...row, clips: JSON.parse(row.clips as unknown as string) as string[] }));
  }

  damage(): Damage[] {
    const sql = 'SELECT place, sha256, state, blocks, seq FROM damaged_originals ORDER BY seq';
    return this.#statements.prepare(sql).all() as Damage[];
  }

  damageOf(sha256: string, place: string): Damage | undefined {
    const sql = 'SELECT place, sha256, state, blocks, seq FROM damaged_originals WHERE sha256 = ? AND place = ?';
    return this.#statements.prepare(sql).get(sha256, place) as Damage | undefined;
  }

  /** Deletions that are not carried out in a place, oldest first. */
  openDeletions(place: string): OpenDeletion[] {
    const sql = `SELECT d.deletion, d.approved_seq AS approvedSeq FROM deletion_places p JOIN deletions d USING (deletion)
      WHERE p.place = ? AND p.seq IS NULL ORDER BY d.approved_seq`;
    return this.#statements.prepare(sql).all(place) as OpenDeletion[];
  }

  /** Clips of a deletion, and their originals. */
  deletedClips(deletion: string): { readonly clip: string; readonly sha256: Sha256Hex }[] {
    const sql = 'SELECT clip, sha256 FROM deleted_clips WHERE deletion = ? ORDER BY clip';
    return this.#statements.prepare(sql).all(deletion) as { clip: string; sha256: Sha256Hex }[];
  }

  availability(clip: string): ClipAvailability {
    const sql = `SELECT CASE WHEN EXISTS (SELECT 1 FROM restricted_clips r WHERE r.clip = c.clip) THEN 'restricted'
        WHEN EXISTS (SELECT 1 FROM damaged_originals d WHERE d.sha256 = c.sha256 AND d.place = 'vault') THEN 'damaged'
        ELSE 'available' END FROM clips c WHERE c.clip = ?
      UNION ALL SELECT 'deleted' FROM deleted_clips WHERE clip = ?`;
    return (this.#statements.prepare(sql).pluck().get(clip, clip) as ClipAvailability | undefined) ?? 'unknown';
  }
}
