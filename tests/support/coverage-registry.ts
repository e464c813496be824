/**
 * A real registry file whose versions and dockings are written directly, for tests of coverage over histories that
 * imports would take long to bring.
 */
import Database from 'better-sqlite3';
import type { DockingFact } from '../../src/domain/coverage-use.ts';
import type { Version } from '../../src/domain/history.ts';
import type { SubjectKind } from '../../src/domain/subject-kinds.ts';
import { Registry } from '../../src/registry/registry.ts';

export interface WrittenVersion extends Version<object> {
  readonly kind: SubjectKind;
  /** The import that brought it; an undone one is undone wholly. */
  readonly origin: string;
}

export class CoverageRegistry {
  readonly db: Database.Database;
  #docking = 0;

  constructor(path: string) {
    Registry.open(path).close();
    this.db = new Database(path);
    this.db.pragma('synchronous = OFF');
    this.db.pragma('foreign_keys = OFF');
  }

  write(versions: readonly WrittenVersion[], dockings: readonly (DockingFact & { readonly sequence: number })[]): void {
    const insert = this.db.prepare(
      'INSERT OR REPLACE INTO versions (kind, key, effective_from, origin, brought_by, seq, undone_seq, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    const insertImport = this.db.prepare(
      `INSERT OR IGNORE INTO imports (import, kind, effective_from, file_sha256, file_bytes, is_whole, rows, started_at, actor,
         started_seq, ended_seq) VALUES (?, ?, ?, '', 0, 0, 0, '', '', ?, ?)`,
    );
    this.db.transaction(() => {
      for (const { kind, key, effectiveFrom, origin, sequence, undoneSequence, facts } of versions) {
        if (kind !== 'units') insertImport.run(origin, kind, effectiveFrom, sequence, sequence);
        insert.run(kind, key, effectiveFrom, origin, origin, sequence, undoneSequence ?? null, JSON.stringify(facts));
        if (undoneSequence !== undefined) this.undo(origin, undoneSequence);
        this.#reach(Math.max(sequence, undoneSequence ?? 0));
      }
      for (const docking of dockings) this.#dock(docking);
    })();
  }

  undo(origin: string, sequence: number): void {
    this.db.prepare('UPDATE imports SET undone_seq = ? WHERE import = ?').run(sequence, origin);
    this.db.prepare('UPDATE versions SET undone_seq = ? WHERE origin = ?').run(sequence, origin);
    this.#reach(sequence);
  }

  #reach(sequence: number): void {
    this.db.prepare('UPDATE applied SET next_seq = max(next_seq, ?)').run(sequence + 1);
  }

  /** Noon in Shanghai is four in the morning in UTC. */
  #dock({ serial, day, hasFootage, sequence }: DockingFact & { readonly sequence: number }): void {
    this.#docking += 1;
    const source = `s-${serial}`;
    this.db.prepare('INSERT OR IGNORE INTO sources VALUES (?, ?, NULL)').run(source, serial);
    this.db
      .prepare(
        `INSERT INTO dockings (docking, kind, source, recorder_basis, started_at, started_seq, ended_at, ended_seq, state, sealed)
         VALUES (?, 'slot', ?, 'usb', ?, ?, ?, ?, 'ended', ?)`,
      )
      .run(
        `d-${this.#docking}`,
        source,
        `${day}T04:00:00.000Z`,
        // Every docking needs a start of its own.
        1_000_000_000 + this.#docking,
        `${day}T04:05:00.000Z`,
        sequence,
        hasFootage ? 1 : 0,
      );
    this.#reach(sequence);
  }

  close(): void {
    this.db.close();
  }
}
