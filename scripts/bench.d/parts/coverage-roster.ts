/**
 * Writes a made-up roster with years of history into a registry file: officers who move, lose and renew certificates,
 * recorders that break and are lost, hand-outs and returns, dockings. Rows go straight into the projection, because a
 * ledger of as many documents would take hours and is not what is measured. The same seed makes the same rows.
 */
import Database from 'better-sqlite3';
import { addDays, dayNumber, dayOfNumber } from '../../../src/domain/day-number.ts';
import type { CalendarDate } from '../../../src/domain/people-facts.ts';

export interface RosterSize {
  readonly officers: number;
  readonly years: number;
  readonly dockings: number;
  readonly units: number;
}

const lastDay = dayNumber('2026-11-20' as CalendarDate);

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const unitCode = (unit: number): string => `U${String(unit).padStart(6, '0')}`;
const certificateOf = (officer: number): string => `1405${String(officer).padStart(9, '0')}`;
const serialOf = (recorder: number): string => `TA${String(recorder).padStart(8, '0')}`;

/** Units are a tree of ten below each. */
const parentOf = (unit: number): number | null => (unit === 0 ? null : Math.floor((unit - 1) / 10));

export function writeRoster(file: string, size: RosterSize, progress: (text: string) => void): void {
  const db = new Database(file);
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('foreign_keys = OFF');
  db.pragma('cache_size = -262144');
  const indexes = db
    .prepare(
      `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('versions', 'dockings')`,
    )
    .all() as { name: string; sql: string }[];
  for (const { name } of indexes) db.exec(`DROP INDEX "${name}"`);
  db.exec('BEGIN');
  new RosterWriter(db, size, progress).write();
  db.exec('COMMIT');
  progress('indexes');
  for (const { sql } of indexes) db.exec(sql);
  db.exec('ANALYZE');
  db.pragma('journal_mode = WAL');
  db.close();
}

class RosterWriter {
  readonly #db: Database.Database;
  readonly #size: RosterSize;
  readonly #progress: (text: string) => void;
  readonly #random = randomOf(20_261_122);
  readonly #insert: Database.Statement;
  readonly #firstDay: number;
  #recorder = 0;

  constructor(db: Database.Database, size: RosterSize, progress: (text: string) => void) {
    this.#db = db;
    this.#size = size;
    this.#progress = progress;
    this.#insert = db.prepare(
      'INSERT INTO versions (kind, key, effective_from, origin, brought_by, seq, facts) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#firstDay = lastDay - Math.round(size.years * 365.25);
  }

  write(): void {
    const { officers, units, dockings } = this.#size;
    for (let unit = 0; unit < units; unit += 1) {
      const parent = parentOf(unit);
      const facts = {
        unit: `第${unit}大队`,
        unitCode: unitCode(unit),
        ...(parent === null ? {} : { parent: unitCode(parent) }),
      };
      this.#put('units', unitCode(unit), this.#firstDay, facts);
    }
    for (let officer = 0; officer < officers; officer += 1) {
      if (officer % 50_000 === 0) this.#progress(`officers ${officer} of ${officers}`);
      this.#officer(officer);
      this.#assignments(officer);
    }
    this.#progress(`dockings ${dockings}`);
    this.#dockings(dockings);
  }

  #put(kind: string, key: string, day: number, facts: object): void {
    // A monthly import: its sequence grows with the day.
    const month = Math.floor((day - this.#firstDay) / 30);
    const origin = `bench-${kind}-${month}`;
    this.#insert.run(kind, key, dayOfNumber(day), origin, origin, 10 + month * 10, JSON.stringify(facts));
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #between(from: number, to: number): number {
    return from + this.#below(Math.max(1, to - from));
  }

  /** A roster on joining, and one for each change: a move, a renewal, a suspension and its end, another post. */
  #officer(officer: number): void {
    const { units, officers } = this.#size;
    const joined = this.#random() < 0.7 ? this.#firstDay : this.#between(this.#firstDay, lastDay);
    let day = joined;
    let facts = {
      certificateNo: certificateOf(officer),
      person: `p-${officer}`,
      name: `张${officer % 977}`,
      ...this.#unit(Math.floor((officer / officers) * units)),
      post: ['一线', '路面执法', '治超站', '内勤', '水上'][this.#below(5)],
      onDuty: this.#random() < 0.95,
      category: this.#random() < 0.97 ? 'officer' : 'auxiliary',
      certificateStatus: 'valid',
      issuedOn: dayOfNumber(joined - this.#below(700)),
      validUntil: dayOfNumber(joined + 1_000 + this.#below(2_000)),
    };
    while (day <= lastDay) {
      this.#put('officers', facts.certificateNo, day, facts);
      day += 300 + this.#below(2_400);
      const change = this.#random();
      if (change < 0.25) facts = { ...facts, ...this.#unit(this.#below(units)) };
      else if (change < 0.35) facts = { ...facts, certificateStatus: 'suspended' };
      else
        facts = {
          ...facts,
          certificateStatus: 'valid',
          onDuty: this.#random() < 0.95,
          validUntil: dayOfNumber(day + 1_900),
        };
    }
  }

  #unit(unit: number): { unit: string; unitCode: string } {
    return { unit: `第${unit}大队`, unitCode: unitCode(unit) };
  }

  /** Nine in ten have a recorder at a time; each is kept for some years, and now and then goes on to somebody else. */
  #assignments(officer: number): void {
    const certificateNo = certificateOf(officer);
    let day = this.#firstDay + this.#below(900);
    while (day < lastDay) {
      const isUsed = this.#recorder > 0 && this.#random() < 0.2;
      const serial = isUsed ? serialOf(this.#below(this.#recorder)) : this.#newRecorder(day);
      const until = this.#random() < 0.75 ? day + 200 + this.#below(1_800) : null;
      const mode = this.#random() < 0.93 ? 'personal' : 'shared';
      const from = dayOfNumber(day);
      const ends = until === null || until > lastDay ? null : dayOfNumber(until);
      this.#put('assignments', `${certificateNo} ${serial} ${from}`, day, {
        certificateNo,
        serial,
        from,
        until: ends,
        mode,
      });
      if (until === null) return;
      day = until + 1 + this.#below(120);
    }
  }

  #newRecorder(day: number): string {
    const serial = serialOf(this.#recorder);
    this.#recorder += 1;
    const facts = { serial, model: 'DSJ-K9', state: 'in-service', unit: unitCode(this.#below(this.#size.units)) };
    this.#put('recorders', serial, day, facts);
    if (this.#random() < 0.3) {
      const broken = Math.min(lastDay, day + 100 + this.#below(1_500));
      const state = this.#random() < 0.7 ? 'repair' : 'lost';
      this.#put('recorders', serial, broken, { ...facts, state, stateSince: `${dayOfNumber(broken - 2)}T12:00:00` });
      if (state === 'repair' && broken + 40 < lastDay) this.#put('recorders', serial, broken + 40, facts);
    }
    return serial;
  }

  #dockings(count: number): void {
    const source = this.#db.prepare('INSERT OR IGNORE INTO sources VALUES (?, ?, NULL)');
    const docking = this.#db.prepare(
      `INSERT INTO dockings (docking, kind, source, recorder_basis, started_at, started_seq, ended_at, ended_seq, state, sealed)
       VALUES (?, 'slot', ?, 'usb', ?, ?, ?, ?, 'ended', ?)`,
    );
    for (let at = 0; at < count; at += 1) {
      const serial = serialOf(this.#below(Math.max(1, this.#recorder)));
      const day = addDays(dayOfNumber(this.#firstDay), this.#below(lastDay - this.#firstDay));
      source.run(`s-${serial}`, serial);
      docking.run(
        `d-${at}`,
        `s-${serial}`,
        `${day}T04:00:00.000Z`,
        1_000_000 + at,
        `${day}T04:20:00.000Z`,
        2_000_000 + at,
        at % 20 === 0 ? 0 : 3,
      );
    }
  }
}
