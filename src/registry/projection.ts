/**
 * What each type of record does to the registry. Reads records and documents only: never configuration, a clock or a
 * file, so that a rebuild gives the same rows. A type without an effect still gets its line in `records`.
 */
import type { Database } from 'better-sqlite3';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { ClipDocument, DockingDocument, InventoryDocument, OutcomesDocument } from '../domain/clip-facts.ts';
import { serialOfSource } from '../domain/ids.ts';
import type { ClipSealedBody, DockingStartedBody, InventoryBody, ReplayedRecord } from '../domain/records.ts';
import { alarmEffects } from './alarm-registry.ts';
import { caseEffects } from './case-projection.ts';
import { clearingEffects } from './clearing-projection.ts';
import { clockEffects } from './clock-projection.ts';
import { coverageBookEffects } from './coverage-book-projection.ts';
import { drawingEffects } from './drawing-projection.ts';
import { bodyOf, type Effect, type Effects } from './effect.ts';
import { exportEffects } from './export-projection.ts';
import { keepingEffects } from './keeping-projection.ts';
import { linkingEffects, noteSealed } from './linking-projection.ts';
import { peopleEffects } from './people-projection.ts';
import { recordersEffects } from './recorders-projection.ts';
import { retentionEffects } from './retention-projection.ts';
import { Statements } from './statements.ts';

type Body = { readonly [key: string]: unknown };

/** What a recorder says must never stop the projection: a size that SQLite cannot hold exactly is as good as none. */
const storableBytes = (bytes: number | undefined): number | null =>
  bytes !== undefined && Number.isSafeInteger(bytes) ? bytes : null;

const bytesOfHex = (hex: string): Buffer => Buffer.from(hex, 'hex');

export class Projection {
  readonly #statements: Statements;
  readonly #effects: Effects;

  constructor(db: Database) {
    this.#statements = new Statements(db);
    this.#effects = {
      'docking-started': this.#dockingStarted,
      'inventory-listed': this.#inventoryListed,
      'clip-sealed': this.#clipSealed,
      'clip-probed': this.#clipProbed,
      'outcomes-listed': this.#outcomesListed,
      'docking-ended': this.#dockingEnded,
      'docking-interrupted': this.#dockingInterrupted,
      'finding-raised': this.#findingRaised,
      ...peopleEffects(this.#statements),
      ...keepingEffects(this.#statements),
      ...caseEffects(this.#statements),
      ...clearingEffects(this.#statements),
      ...alarmEffects(this.#statements),
      ...clockEffects(this.#statements),
      ...exportEffects(this.#statements),
      ...coverageBookEffects(this.#statements),
      ...recordersEffects(this.#statements),
      ...retentionEffects(this.#statements),
      ...linkingEffects(this.#statements),
      ...drawingEffects(this.#statements),
    };
  }

  /** Projects records in order. The caller holds the transaction. @throws Error when a sequence is missing */
  apply(records: readonly ReplayedRecord[]): void {
    for (const { record, documents } of records) {
      const { changes } = this.#run(
        'UPDATE applied SET next_seq = next_seq + 1 WHERE one = 1 AND next_seq = ?',
        record.seq,
      );
      if (changes !== 1) throw new Error(`record ${record.seq} does not follow what the registry holds`);
      this.#run(
        'INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)',
        record.seq,
        record.type,
        record.time,
        record.actor.kind,
        record.actor.id,
        record.subject ?? null,
      );
      this.#effects[record.type]?.(record, documents);
    }
  }

  #run(sql: string, ...values: unknown[]): { changes: number } {
    return this.#statements.prepare(sql).run(...values);
  }

  readonly #dockingStarted: Effect = (record, documents) => {
    const body = record.body as unknown as DockingStartedBody;
    const document = bodyOf<DockingDocument>(documents);
    const folder = document?.folderHex ?? null;
    const recorder = serialOfSource(body.source) ?? null;
    this.#run(
      'INSERT INTO sources VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      body.source,
      recorder,
      recorder === null ? (folder ?? `erased:${body.source}`) : null,
    );
    this.#run(
      `INSERT INTO dockings (docking, kind, source, recorder_basis, started_at, started_seq, listing, slot, volume_uuid,
         state)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')`,
      body.docking,
      body.kind,
      body.source,
      body.recorderBasis,
      record.time,
      record.seq,
      body.listing ?? null,
      body.slot ?? null,
      document?.volume?.uuid || null,
    );
  };

  readonly #inventoryListed: Effect = (record, documents) => {
    const body = record.body as unknown as InventoryBody;
    for (const entry of bodyOf<InventoryDocument>(documents)?.entries ?? []) {
      this.#run(
        'INSERT INTO inventory (docking, path, type, bytes, mtime_ns) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
        body.docking,
        bytesOfHex(entry.pathHex),
        entry.type,
        storableBytes(entry.bytes),
        entry.mtimeNs ?? null,
      );
    }
    for (const { sha256 } of record.documents ?? []) {
      this.#run('INSERT INTO inventory_parts VALUES (?, ?, ?)', body.docking, body.part, sha256);
    }
    this.#run('UPDATE dockings SET entries = coalesce(entries, 0) + ? WHERE docking = ?', body.entries, body.docking);
    if (body.last) {
      this.#run(
        'UPDATE dockings SET inventory_complete = ?, files = ?, bytes = ? WHERE docking = ?',
        body.complete ? 1 : 0,
        body.files,
        storableBytes(body.bytes),
        body.docking,
      );
    }
  };

  readonly #clipSealed: Effect = (record, documents) => {
    const body = record.body as unknown as ClipSealedBody;
    const clip = bodyOf<ClipDocument>(documents);
    // The path of a clip that was lawfully deleted is gone; until its deletion is projected it needs one of its own.
    const path = clip === undefined ? Buffer.from(`erased:${body.clip}`) : bytesOfHex(clip.pathHex);
    this.#run(
      'INSERT INTO originals VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      body.sha256,
      body.bytes,
      body.sm3,
      body.fsverity,
      body.readBack,
      record.seq,
    );
    this.#run(
      `INSERT INTO clips (clip, source, docking, path, sha256, bytes, mtime_ns, recorder, officer, case_number,
         recorded_local, recorded_at, important, interrupted, name_pattern, sealed_at, sealed_seq, clock_basis,
         clock_at_least_ms, clock_at_most_ms, corrected_earliest, corrected_latest)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      body.clip,
      body.source,
      body.docking,
      path,
      body.sha256,
      body.bytes,
      clip?.mtimeNs ?? '0',
      clip?.recorder ?? null,
      clip?.name?.officer ?? null,
      clip?.name?.caseNumber ?? null,
      clip?.name?.localTime ?? null,
      clip?.recordedAt ?? null,
      clip?.name?.important ? 1 : 0,
      clip?.name?.interrupted ? 1 : 0,
      clip?.name?.pattern ?? null,
      record.time,
      record.seq,
      clip?.clock?.basis ?? null,
      clip?.clock?.atLeastMs ?? null,
      clip?.clock?.atMostMs ?? null,
      clip?.correctedAt?.earliest ?? null,
      clip?.correctedAt?.latest ?? null,
    );
    noteSealed(this.#statements, { clip: body.clip, sealedAt: record.time, document: clip });
    this.#run(
      `UPDATE inventory SET outcome = 'sealed', clip = ? WHERE docking = ? AND path = ?`,
      body.clip,
      body.docking,
      path,
    );
    this.#clipFindings(record.seq, body.clip, body.findings);
    if (body.original === 'replaced-damaged') {
      this.#run(`DELETE FROM damaged_originals WHERE place = 'vault' AND sha256 = ?`, body.sha256);
    }
  };

  readonly #clipProbed: Effect = (record, documents) => {
    const body = record.body as Body;
    const facts = bodyOf<object>(documents);
    this.#run(
      'UPDATE clips SET kind = ?, facts = ?, probed_seq = ? WHERE clip = ?',
      body.kind,
      facts === undefined ? null : canonicalJson(facts as never),
      record.seq,
      body.clip,
    );
    this.#clipFindings(record.seq, body.clip as string, body.findings as readonly string[]);
  };

  #clipFindings(seq: number, clip: string, codes: readonly string[]): void {
    for (const [number, code] of codes.entries()) {
      this.#run('INSERT INTO findings VALUES (?, ?, ?, NULL, ?, NULL)', seq, number, code, clip);
    }
  }

  readonly #outcomesListed: Effect = (record, documents) => {
    for (const entry of bodyOf<OutcomesDocument>(documents)?.entries ?? []) {
      this.#run(
        'UPDATE inventory SET outcome = ?, reason = ?, clip = ?, detail = ? WHERE docking = ? AND path = ?',
        entry.outcome,
        entry.reason ?? null,
        entry.clip ?? null,
        entry.detail ?? null,
        (record.body as Body).docking,
        bytesOfHex(entry.pathHex),
      );
    }
  };

  readonly #dockingEnded: Effect = (record) => {
    const body = record.body as Body;
    this.#run(
      `UPDATE dockings SET state = ?, ended_at = ?, ended_seq = ?, sealed = ?, held = ?, skipped = ?, refused = ?,
         failed = ? WHERE docking = ?`,
      body.cancelled ? 'cancelled' : 'ended',
      record.time,
      record.seq,
      body.sealed,
      body.held,
      body.skipped,
      body.refused,
      body.failed,
      body.docking,
    );
  };

  readonly #dockingInterrupted: Effect = (record) => {
    this.#run(
      `UPDATE dockings SET state = 'interrupted', ended_at = ?, ended_seq = ? WHERE docking = ?`,
      record.time,
      record.seq,
      (record.body as Body).docking,
    );
  };

  readonly #findingRaised: Effect = (record, documents) => {
    const body = record.body as Body;
    this.#run(
      'INSERT INTO findings VALUES (?, 0, ?, ?, ?, ?)',
      record.seq,
      body.code,
      body.docking ?? null,
      body.clip ?? null,
      bodyOf<{ detail?: string }>(documents)?.detail ?? null,
    );
  };
}
