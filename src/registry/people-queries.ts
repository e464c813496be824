/**
 * Questions about people, recorders, assignments and cases: every version by effective date, which imports there were,
 * and links made by hand. Which version holds on a day is decided by domain/history.ts, not in SQL.
 */
import type { Database } from 'better-sqlite3';
import type { Version } from '../domain/history.ts';
import type { ImportMark } from '../domain/import-difference.ts';
import type { StatedVersion } from '../domain/import-undo.ts';
import type { AssignmentFacts, CalendarDate, OfficerFacts } from '../domain/people-facts.ts';
import type { RosterAnswer } from '../domain/roster-questions.ts';
import type { FactsOf, ImportKind, SubjectKind } from '../domain/subject-kinds.ts';
import { Statements } from './statements.ts';
import { parseVersion, type VersionRow, versionColumns } from './version-rows.ts';

export interface ImportRow {
  readonly import: string;
  readonly kind: ImportKind;
  readonly effectiveFrom: CalendarDate;
  readonly fileSha256: string;
  readonly fileName: string | null;
  readonly fileBytes: number;
  readonly isWhole: 0 | 1;
  readonly rows: number;
  /** Null in records of before they were counted. */
  readonly added: number | null;
  readonly changed: number | null;
  readonly unchanged: number | null;
  readonly missing: number | null;
  readonly startedAt: string;
  readonly actor: string;
  readonly endedSeq: number;
  readonly undoneSeq: number | null;
  readonly undoneAt: string | null;
  readonly undoneBy: string | null;
}

export interface RosterAnswerRow {
  readonly seq: number;
  readonly answer: RosterAnswer;
  readonly reason: string;
  readonly time: string;
  readonly actor: string;
}

const importSelect = `SELECT i.import, i.kind, i.effective_from AS effectiveFrom, i.file_sha256 AS fileSha256,
    i.file_name AS fileName, i.file_bytes AS fileBytes, i.is_whole AS isWhole, i.rows, i.added, i.changed, i.unchanged,
    i.missing, i.started_at AS startedAt, i.actor, i.ended_seq AS endedSeq, i.undone_seq AS undoneSeq,
    u.time AS undoneAt, u.actor_id AS undoneBy
  FROM imports i LEFT JOIN records u ON u.seq = i.undone_seq`;

export class PeopleQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** All versions of one kind, also undone ones: history.ts says which count. Imports under way are not in it. */
  versions<K extends SubjectKind>(kind: K): Version<FactsOf[K]>[] {
    const rows = this.#statements
      .prepare(`SELECT ${versionColumns} FROM versions WHERE kind = ? AND seq IS NOT NULL`)
      .all(kind);
    return (rows as VersionRow[]).map((row) => parseVersion(row));
  }

  versionsOfKey<K extends SubjectKind>(kind: K, key: string): Version<FactsOf[K]>[] {
    const sql = `SELECT ${versionColumns} FROM versions WHERE kind = ? AND key = ? AND seq IS NOT NULL`;
    return (this.#statements.prepare(sql).all(kind, key) as VersionRow[]).map((row) => parseVersion(row));
  }

  /** Every certificate of a person, with all versions. */
  certificatesOfPerson(person: string): Version<OfficerFacts>[] {
    const sql = `SELECT ${versionColumns} FROM versions
      WHERE kind = 'officers' AND json_extract(facts, '$.person') = ? AND seq IS NOT NULL`;
    return (this.#statements.prepare(sql).all(person) as VersionRow[]).map((row) => parseVersion(row));
  }

  /** Every certificate of whoever holds this one, with all versions; of one that no person id was given, itself. */
  certificatesOfHolder(certificateNo: string): Version<OfficerFacts>[] {
    const own = this.versionsOfKey('officers', certificateNo);
    const persons = new Set(own.flatMap(({ facts }) => facts.person ?? []));
    if (persons.size === 0) return own;
    const all = [...persons].flatMap((person) => this.certificatesOfPerson(person));
    const keys = new Set([certificateNo, ...all.map(({ key }) => key)]);
    return [...keys].flatMap((key) => (key === certificateNo ? own : this.versionsOfKey('officers', key)));
  }

  /** The numbers of these certificates, by what was known, and not taken back, at a sequence. */
  numbersOfHolder(certificateNo: string, knownAt = Number.MAX_SAFE_INTEGER): string[] {
    // The plus sign keeps SQLite from going through every officer by sequence.
    const counts = (v: string): string =>
      `${v}.kind = 'officers' AND +${v}.seq <= @knownAt AND (${v}.undone_seq IS NULL OR ${v}.undone_seq > @knownAt)`;
    const sql = `SELECT DISTINCT o.key FROM versions v CROSS JOIN versions o WHERE ${counts('v')} AND v.key = @certificateNo
      AND ${counts('o')} AND json_extract(o.facts, '$.person') = json_extract(v.facts, '$.person')`;
    return this.#statements.prepare(sql).pluck().all({ certificateNo, knownAt }) as string[];
  }

  assignmentsOfOfficer(certificateNo: string): Version<AssignmentFacts>[] {
    const sql = `SELECT ${versionColumns} FROM versions
      WHERE kind = 'assignments' AND json_extract(facts, '$.certificateNo') = ? AND seq IS NOT NULL`;
    return (this.#statements.prepare(sql).all(certificateNo) as VersionRow[]).map((row) => parseVersion(row));
  }

  assignmentsOfRecorder(serial: string): Version<AssignmentFacts>[] {
    const sql = `SELECT ${versionColumns} FROM versions
      WHERE kind = 'assignments' AND json_extract(facts, '$.serial') = ? AND seq IS NOT NULL`;
    return (this.#statements.prepare(sql).all(serial) as VersionRow[]).map((row) => parseVersion(row));
  }

  /** The first day of the history of a kind; null when nothing was imported. */
  firstDay(kind: SubjectKind): CalendarDate | null {
    const sql = 'SELECT min(effective_from) FROM versions WHERE kind = ? AND seq IS NOT NULL AND undone_seq IS NULL';
    return this.#statements.prepare(sql).pluck().get(kind) as CalendarDate | null;
  }

  /** Keys and names of every unit that a roster ever had (up to a record), the latest name of each. */
  unitNames(knownAt = Number.MAX_SAFE_INTEGER): Map<string, string> {
    const sql = `SELECT coalesce(json_extract(facts, '$.unitCode'), json_extract(facts, '$.unit')) AS key,
        json_extract(facts, '$.unit') AS name, max(effective_from) FROM versions
      WHERE kind IN ('officers', 'units') AND seq <= @knownAt AND (undone_seq IS NULL OR undone_seq > @knownAt)
      GROUP BY 1 ORDER BY 1`;
    const rows = this.#statements.prepare(sql).all({ knownAt }) as { key: string; name: string }[];
    return new Map(rows.map(({ key, name }) => [key, name]));
  }

  hasAny(kind: SubjectKind): boolean {
    const sql = 'SELECT 1 FROM versions WHERE kind = ? AND seq IS NOT NULL AND undone_seq IS NULL LIMIT 1';
    return this.#statements.prepare(sql).get(kind) !== undefined;
  }

  importMarks(kind: SubjectKind): ImportMark[] {
    const rows = this.#statements
      .prepare(
        `SELECT import, effective_from AS effectiveFrom, ended_seq AS sequence FROM imports
       WHERE kind = ? AND ended_seq IS NOT NULL AND undone_seq IS NULL ORDER BY ended_seq`,
      )
      .all(kind) as { import: string; effectiveFrom: CalendarDate; sequence: number }[];
    const missing = this.#statements.prepare('SELECT key FROM import_missing WHERE import = ?').pluck();
    return rows.map(({ import: id, effectiveFrom, sequence }) => ({
      import: id,
      effectiveFrom,
      sequence,
      missing: new Set(missing.all(id) as string[]),
    }));
  }

  /** All versions of one kind, also undone ones, with whose statement each is. */
  statedVersions<K extends SubjectKind>(kind: K): StatedVersion<FactsOf[K]>[] {
    const sql = `SELECT ${versionColumns}, origin FROM versions WHERE kind = ? AND seq IS NOT NULL`;
    return (this.#statements.prepare(sql).all(kind) as (VersionRow & { origin: string })[]).map(
      (row) => parseVersion(row) as StatedVersion<FactsOf[K]>,
    );
  }

  /** Imports that were completed, newest first, also undone ones. */
  imports(): ImportRow[] {
    return this.#statements
      .prepare(`${importSelect} WHERE i.ended_seq IS NOT NULL ORDER BY i.ended_seq DESC`)
      .all() as ImportRow[];
  }

  findImport(id: string): ImportRow | undefined {
    const sql = `${importSelect} WHERE i.import = ? AND i.ended_seq IS NOT NULL`;
    return this.#statements.prepare(sql).get(id) as ImportRow | undefined;
  }

  /** The newest whole roster by its day, among those of one day the last imported. */
  newestRoster(): ImportRow | undefined {
    const sql = `${importSelect} WHERE i.kind = 'officers' AND i.is_whole = 1 AND i.ended_seq IS NOT NULL
        AND i.undone_seq IS NULL ORDER BY i.effective_from DESC, i.ended_seq DESC LIMIT 1`;
    return this.#statements.prepare(sql).get() as ImportRow | undefined;
  }

  /** Certificates that a roster did not name and that were not answered since. */
  unansweredMissing(roster: ImportRow): string[] {
    const sql = `SELECT key FROM import_missing m WHERE import = ? AND unread = 0 AND NOT EXISTS
        (SELECT 1 FROM roster_answers a WHERE a.certificate_no = m.key AND a.seq > ?) ORDER BY key`;
    return this.#statements.prepare(sql).pluck().all(roster.import, roster.endedSeq) as string[];
  }

  /** When a record was written, ISO UTC. */
  timeOfRecord(sequence: number): string {
    return this.#statements.prepare('SELECT time FROM records WHERE seq = ?').pluck().get(sequence) as string;
  }

  /** What was answered about a certificate, oldest first. */
  rosterAnswers(certificateNo: string): RosterAnswerRow[] {
    const sql = `SELECT a.seq, a.answer, a.reason, r.time, r.actor_id AS actor FROM roster_answers a
        JOIN records r USING (seq) WHERE a.certificate_no = ? ORDER BY a.seq`;
    return this.#statements.prepare(sql).all(certificateNo) as RosterAnswerRow[];
  }

  openImports(): string[] {
    return this.#statements.prepare('SELECT import FROM imports WHERE ended_seq IS NULL').pluck().all() as string[];
  }
}
