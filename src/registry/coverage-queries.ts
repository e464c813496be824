/**
 * What the coverage cache asks the registry: what lies around one person, who is touched by what changed since a
 * sequence, and what of the registry it has seen. Undone versions are left out: the cache knows what counts now, or what
 * counted when the ledger had so many records.
 */
import type { Database } from 'better-sqlite3';
import type { DockingFact } from '../domain/coverage-use.ts';
import type { Version } from '../domain/history.ts';
import type { AssignmentFacts, CalendarDate, OfficerFacts, RecorderFacts, UnitFacts } from '../domain/people-facts.ts';
import { instantToLocalDate } from '../domain/station-time.ts';
import { Statements } from './statements.ts';

/** Kinds that coverage is made of. */
const kinds = ['units', 'officers', 'recorders', 'assignments'] as const;
type Kind = (typeof kinds)[number];

/** What of the registry an answer has seen; equal texts mean equal answers. */
export interface CoverageRevision {
  /** Greatest sequence of a version of each kind, of an undoing, of a person's deletion, of a docking's end. */
  readonly versions: readonly (number | null)[];
  readonly undone: number | null;
  readonly forgotten: number | null;
  readonly dockings: number | null;
}

export interface ChangedSubjects {
  readonly certificates: ReadonlySet<string>;
  readonly serials: ReadonlySet<string>;
}

/** Which versions count: `v` is their table, with a dot, where the question names several. */
const countingNow = (v = ''): string => `${v}seq IS NOT NULL AND ${v}undone_seq IS NULL`;
const countingThen =
  (knownAt: number) =>
  (v = ''): string =>
    `${v}seq <= ${knownAt} AND (${v}undone_seq IS NULL OR ${v}undone_seq > ${knownAt})`;
const columns = 'key, effective_from AS effectiveFrom, seq AS sequence, facts';
const unitOfFacts = `coalesce(json_extract(facts, '$.unitCode'), json_extract(facts, '$.unit'))`;

export class CoverageQueries {
  readonly #db: Database;
  readonly #statements: Statements;
  readonly #timeZone: string;
  readonly #days = new Map<number, CalendarDate>();
  /** Undefined: everything that is known. */
  readonly #knownAt: number | undefined;
  readonly #counting: typeof countingNow;

  /** `knownAt`: the last record that counts; a whole number. */
  constructor(db: Database, timeZone: string, knownAt?: number) {
    this.#db = db;
    this.#statements = new Statements(db);
    this.#timeZone = timeZone;
    this.#knownAt = knownAt;
    this.#counting = knownAt === undefined ? countingNow : countingThen(knownAt);
  }

  /** The same questions about what was known when the ledger ended with a record. */
  asKnownAt(knownAt: number): CoverageQueries {
    return new CoverageQueries(this.#db, this.#timeZone, knownAt);
  }

  /** Runs all questions of one answer on one state of the registry. */
  inOneState<T>(ask: () => T): T {
    return this.#db.transaction(ask).deferred();
  }

  revision(): CoverageRevision {
    const one = (sql: string, ...values: string[]): number | null =>
      this.#statements
        .prepare(sql)
        .pluck()
        .get(...values) as number | null;
    const forgotten = one(`SELECT max(approved_seq) FROM deletions WHERE kind = 'person'`);
    // What was known then stays what it was, but for people who were lawfully forgotten since.
    const then = this.#knownAt;
    if (then !== undefined) return { versions: kinds.map(() => then), undone: then, forgotten, dockings: then };
    return {
      versions: kinds.map((kind) => one('SELECT max(seq) FROM versions WHERE kind = ?', kind)),
      undone: one('SELECT max(undone_seq) FROM imports'),
      forgotten,
      dockings: one('SELECT max(ended_seq) FROM dockings WHERE ended_seq IS NOT NULL'),
    };
  }

  /** The last record that counts. */
  knownAt(): number {
    if (this.#knownAt !== undefined) return this.#knownAt;
    return (this.#statements.prepare('SELECT next_seq FROM applied').pluck().get() as number) - 1;
  }

  /** Versions that hold on the day or before it, and came, or stopped counting, after a state of knowledge. */
  laterVersions(asOf: CalendarDate, knownAt: number): { readonly [kind in Kind]: number } {
    const count = this.#statements
      .prepare(
        `SELECT count(*) FROM versions
         WHERE kind = ? AND effective_from <= ? AND (seq > ? OR (undone_seq > ? AND seq <= ?))`,
      )
      .pluck();
    const entries = kinds.map((kind) => [kind, count.get(kind, asOf, knownAt, knownAt, knownAt)] as const);
    return Object.fromEntries(entries) as { [kind in Kind]: number };
  }

  firstDay(kind: Kind): CalendarDate | null {
    const sql = `SELECT effective_from FROM versions WHERE kind = ? AND ${this.#counting()} ORDER BY effective_from LIMIT 1`;
    return (this.#statements.prepare(sql).pluck().get(kind) as CalendarDate | undefined) ?? null;
  }

  units(): Version<UnitFacts>[] {
    const sql = `SELECT ${columns}, undone_seq AS undoneSequence FROM versions WHERE kind = 'units' AND seq IS NOT NULL`;
    const rows = this.#statements.prepare(sql).raw().all() as [...RawRow, undoneSequence: number | null][];
    return rows.map(([key, effectiveFrom, sequence, facts, undoneSequence]) => ({
      ...parse<UnitFacts>([key, effectiveFrom, sequence, facts]),
      ...(undoneSequence === null ? {} : { undoneSequence }),
    }));
  }

  versionCount(): number {
    return this.#statements
      .prepare(`SELECT count(*) FROM versions WHERE kind IN ('officers', 'assignments', 'recorders')`)
      .pluck()
      .get() as number;
  }

  /** Every unit, certificate and name that ever stood together in a roster, by unit, then certificate. */
  *places(): Generator<{ readonly unit: string; readonly certificate: string; readonly name: string }> {
    const sql = `SELECT DISTINCT ${unitOfFacts} AS unit, key AS certificate, json_extract(facts, '$.name') AS name
      FROM versions WHERE kind = 'officers' AND ${this.#counting()} ORDER BY 1, 2`;
    yield* this.#db.prepare(sql).iterate() as IterableIterator<{ unit: string; certificate: string; name: string }>;
  }

  /** All versions of each certificate, by certificate. */
  *certificates(): Generator<{ readonly certificate: string; readonly versions: Version<OfficerFacts>[] }> {
    const sql = `SELECT ${columns} FROM versions WHERE kind = 'officers' AND ${this.#counting()} ORDER BY key`;
    let versions: Version<OfficerFacts>[] = [];
    for (const row of this.#db.prepare(sql).raw().iterate() as IterableIterator<RawRow>) {
      const last = versions.at(-1)?.key;
      if (last !== undefined && last !== row[0]) {
        yield { certificate: last, versions };
        versions = [];
      }
      versions.push(parse(row));
    }
    const last = versions.at(-1)?.key;
    if (last !== undefined) yield { certificate: last, versions };
  }

  officerVersions(certificates: Iterable<string>): Map<string, Version<OfficerFacts>[]> {
    return this.#grouped(`v.kind = 'officers' AND v.key = j.value`, certificates);
  }

  recorderVersions(serials: Iterable<string>): Map<string, Version<RecorderFacts>[]> {
    return this.#grouped(`v.kind = 'recorders' AND v.key = j.value`, serials);
  }

  assignmentsOfOfficers(certificates: Iterable<string>): Map<string, Version<AssignmentFacts>[]> {
    return this.#grouped(`v.kind = 'assignments' AND json_extract(v.facts, '$.certificateNo') = j.value`, certificates);
  }

  assignmentsOfRecorders(serials: Iterable<string>): Map<string, Version<AssignmentFacts>[]> {
    return this.#grouped(`v.kind = 'assignments' AND json_extract(v.facts, '$.serial') = j.value`, serials);
  }

  /** One question about many: asking about each would take longer than the answers. */
  #grouped<F>(belonging: string, values: Iterable<string>): Map<string, Version<F>[]> {
    const sql = `SELECT j.value, v.key, v.effective_from, v.seq, v.facts FROM json_each(?) j CROSS JOIN versions v
      ON ${belonging} WHERE ${this.#counting('v.')}`;
    const rows = this.#statements.prepare(sql).raw().all(jsonOf(values)) as [value: string, ...RawRow][];
    const grouped = new Map<string, Version<F>[]>();
    for (const [value, ...row] of rows) append(grouped, value, parse<F>(row));
    return grouped;
  }

  /** Certificates to which any counting roster gives these persons. */
  certificatesOfPersons(persons: Iterable<string>): Map<string, string[]> {
    const sql = `SELECT DISTINCT j.value, v.key FROM json_each(?) j CROSS JOIN versions v
      ON v.kind = 'officers' AND json_extract(v.facts, '$.person') = j.value
      WHERE ${this.#counting('v.')}`;
    const grouped = new Map<string, string[]>();
    for (const [person, key] of this.#statements.prepare(sql).raw().all(jsonOf(persons)) as [string, string][]) {
      append(grouped, person, key);
    }
    return grouped;
  }

  /** Dockings that have ended, oldest first. */
  dockingsOf(serials: Iterable<string>): Map<string, DockingFact[]> {
    const sql = `SELECT j.value, d.started_at, ${hasFootage} FROM json_each(?) j
      CROSS JOIN sources s ON s.recorder = j.value CROSS JOIN dockings d ON d.source = s.source
      WHERE d.ended_seq <= ${this.#knownAt ?? Number.MAX_SAFE_INTEGER}`;
    const rows = this.#statements.prepare(sql).raw().all(jsonOf(serials)) as [string, string, number][];
    const grouped = new Map<string, DockingFact[]>();
    for (const [serial, startedAt, footage] of rows) {
      append(grouped, serial, { serial, day: this.#dayOf(startedAt), hasFootage: footage === 1 });
    }
    for (const facts of grouped.values()) facts.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
    return grouped;
  }

  /** Time zones differ by whole quarters of an hour, so one of them has one date: asked once for each. */
  #dayOf(instant: string): CalendarDate {
    const quarter = Math.floor(Date.parse(instant) / 900_000);
    let day = this.#days.get(quarter);
    if (day === undefined) {
      day = instantToLocalDate(quarter * 900_000, this.#timeZone) as CalendarDate;
      if (this.#days.size >= 400_000) this.#days.clear();
      this.#days.set(quarter, day);
    }
    return day;
  }

  /** All dockings that had ended by a sequence. */
  dockings(knownAt: number): DockingFact[] {
    const sql = `SELECT s.recorder AS serial, d.started_at AS startedAt, ${hasFootage} AS hasFootage
      FROM dockings d JOIN sources s ON s.source = d.source WHERE s.recorder IS NOT NULL AND d.ended_seq <= ?`;
    const rows = this.#db.prepare(sql).all(Math.min(knownAt, Number.MAX_SAFE_INTEGER)) as {
      serial: string;
      startedAt: string;
      hasFootage: number;
    }[];
    return rows.map(({ serial, startedAt, hasFootage: footage }) => ({
      serial,
      day: this.#dayOf(startedAt),
      hasFootage: footage === 1,
    }));
  }

  /** Whose facts became known, or stopped counting, after the given revision. */
  changedSince(before: CoverageRevision): ChangedSubjects {
    const certificates = new Set<string>();
    const serials = new Set<string>();
    for (const { kind, key, facts } of this.#changedVersions(before)) {
      if (kind === 'officers') certificates.add(key);
      else if (kind === 'recorders') serials.add(key);
      else if (kind === 'assignments') {
        const { certificateNo, serial } = JSON.parse(facts) as AssignmentFacts;
        certificates.add(certificateNo);
        serials.add(serial);
      }
    }
    const docked = `SELECT DISTINCT s.recorder FROM dockings d JOIN sources s ON s.source = d.source
      WHERE d.ended_seq > ? AND s.recorder IS NOT NULL`;
    for (const serial of this.#db
      .prepare(docked)
      .pluck()
      .all(before.dockings ?? -1) as string[])
      serials.add(serial);
    return { certificates, serials };
  }

  *#changedVersions(before: CoverageRevision): Generator<{ kind: Kind; key: string; facts: string }> {
    type Changed = { kind: Kind; key: string; facts: string };
    const later = this.#db.prepare('SELECT kind, key, facts FROM versions WHERE kind = ? AND seq > ?');
    for (const [index, kind] of kinds.entries()) {
      yield* later.iterate(kind, before.versions[index] ?? -1) as IterableIterator<Changed>;
    }
    // Nothing leads from an import to its versions but looking through them: only where one was undone.
    const undone = this.#db
      .prepare('SELECT import FROM imports WHERE undone_seq > ?')
      .pluck()
      .all(before.undone ?? -1);
    for (const origin of undone) {
      const versions = this.#db.prepare('SELECT kind, key, facts FROM versions WHERE origin = ?');
      yield* versions.iterate(origin) as IterableIterator<Changed>;
    }
  }
}

/** A docking that was cut off has no counts of its own: then what was sealed from it says it. */
const hasFootage = `(coalesce(d.sealed, 0) > 0
  OR (d.sealed IS NULL AND EXISTS (SELECT 1 FROM clips c WHERE c.docking = d.docking)))`;

/** Rows as lists: half the time of rows as objects, and there are millions. */
type RawRow = readonly [key: string, effectiveFrom: CalendarDate, sequence: number, facts: string];

const jsonOf = (values: Iterable<string>): string => JSON.stringify([...values]);

function append<T>(grouped: Map<string, T[]>, key: string, item: T): void {
  const list = grouped.get(key);
  if (list === undefined) grouped.set(key, [item]);
  else list.push(item);
}

function parse<F>([key, effectiveFrom, sequence, facts]: RawRow): Version<F> {
  return { key, effectiveFrom, sequence, facts: JSON.parse(facts) as F };
}
