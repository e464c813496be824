/**
 * The file of the coverage cache: opening, the one row that says what is in it, and writing spans and tallies. Built in
 * a `.part` file without syncing, then synced and renamed, so that a file that bears its name is whole; updated in
 * transactions. See cache-schema.sql.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { PersonSpan, PostNumber, SpanTerms } from '../domain/coverage-spans.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import { type Block, Blocks, type Ordering, placeIn } from './cache-blocks.ts';
import { firstDayOfYear, type PeopleRow, peopleRows } from './people-columns.ts';
import { changedRows, dayOfChange, monthOf, type TallyRow, tallyRows } from './tallies.ts';

/** Part of the digest: another number throws old files away. */
export const cacheForm = 4;

export interface CacheHead {
  readonly digest: string;
  readonly revision: string;
  readonly knownAt: number;
  readonly first: SpanTerms['first'];
  readonly persons: number;
}

/** So that a number stays one character. */
const postsMax = 5_000;

/** A code as one printable character. */
export const codeCharacter = (code: number): string => String.fromCharCode(48 + code);
export const codesOfText = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0) - 48);

/** Day numbers as texts of one length, so that SQLite finds and reads that of one profile. */
const sinceOffset = 1_000_000;
export const sinceText = (since: number): string => String(since + sinceOffset).padStart(7, '0');
export const sinceAt = (profile: number): number => 1 + 7 * profile;
export const sinceColumn = `CAST(substr(since, @sinceAt, 7) AS INTEGER) - ${sinceOffset}`;

/** A span as it is kept, without whose it is. */
export interface StoredSpan {
  readonly unitBlock: number;
  readonly certificateBlock: number;
  readonly nameBlock: number;
  readonly from: number;
  readonly until: number;
  readonly codes: string;
  readonly since: Int32Array;
}

type StoredRow = Omit<StoredSpan, 'since'> & { readonly since: string };

const storedColumns = `unit_block AS unitBlock, certificate_block AS certificateBlock, name_block AS nameBlock,
  from_day AS "from", until_day AS until, codes, since`;

export class CacheFile {
  readonly db: Database.Database;
  readonly #insertSpan: Database.Statement;
  readonly #insertTally: Database.Statement;
  readonly #deleteSpans: Database.Statement;
  readonly #insertPeople: Database.Statement;

  private constructor(db: Database.Database) {
    this.db = db;
    this.#insertSpan = db.prepare('INSERT INTO spans VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#insertTally = db.prepare('INSERT INTO tallies VALUES (?, ?, ?, ?)');
    this.#deleteSpans = db.prepare(`DELETE FROM spans WHERE person = ? RETURNING ${storedColumns}`);
    this.#insertPeople = db.prepare('INSERT INTO people VALUES (?, ?, ?)');
  }

  /** A new file that nobody else reads yet. */
  static create(path: string): CacheFile {
    const db = new Database(path);
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.pragma('cache_size = -131072');
    db.exec(readFileSync(join(import.meta.dirname, 'cache-schema.sql'), 'utf8'));
    return new CacheFile(db);
  }

  static open(path: string, access: 'read' | 'write'): CacheFile {
    const db = new Database(path, { fileMustExist: true });
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('busy_timeout = 5000');
    db.pragma('cache_size = -65536');
    if (access === 'read') db.pragma('query_only = ON');
    return new CacheFile(db);
  }

  makeIndexes(): void {
    this.db.exec(readFileSync(join(import.meta.dirname, 'cache-indexes.sql'), 'utf8'));
  }

  head(): CacheHead | undefined {
    type Row = Omit<CacheHead, 'first'> & {
      readonly [field in 'officers' | 'recorders' | 'assignments']: string | null;
    };
    const row = this.db
      .prepare(
        `SELECT digest, revision, known_at AS knownAt, first_officers AS officers, first_recorders AS recorders,
           first_assignments AS assignments, persons FROM cache`,
      )
      .get() as Row | undefined;
    if (row === undefined) return undefined;
    const { officers, recorders, assignments, ...head } = row;
    const first = { officers, recorders, assignments } as { [kind in keyof CacheHead['first']]: CalendarDate | null };
    return { ...head, first };
  }

  writeHead({ digest, revision, knownAt, first, persons }: CacheHead): void {
    this.db
      .prepare('INSERT OR REPLACE INTO cache VALUES (1, ?, ?, ?, ?, ?, ?, ?)')
      .run(digest, revision, knownAt, first.officers, first.recorders, first.assignments, persons);
  }

  blocks(): Blocks {
    const rows = this.db
      .prepare('SELECT block, ordering, unit, first FROM blocks ORDER BY ordering, unit, first')
      .all();
    return new Blocks(rows as Block[]);
  }

  /** @returns the block with its number */
  addBlock(block: Omit<Block, 'block'>): Block {
    const { lastInsertRowid } = this.db
      .prepare('INSERT INTO blocks VALUES (NULL, ?, ?, ?)')
      .run(block.ordering, block.unit, block.first);
    return { block: Number(lastInsertRowid), ...block };
  }

  /** Numbers the posts that the table does not know, from 1; what is over the limit shares the last number. */
  posts(): PostNumber {
    const known = new Map(
      (this.db.prepare('SELECT number, post FROM posts').all() as { number: number; post: string }[]).map(
        ({ number, post }) => [post, number] as const,
      ),
    );
    const insert = this.db.prepare('INSERT INTO posts VALUES (?, ?)');
    return ({ post, postIsUnmapped }) => {
      if (!postIsUnmapped) return 0;
      const before = known.get(post);
      if (before !== undefined) return before;
      const number = Math.min(known.size + 1, postsMax);
      if (known.size < postsMax) insert.run(number, post);
      known.set(post, number);
      return number;
    };
  }

  /** Where the person's spans belong; units that are new get a block of their own. */
  addSpan(person: string, span: PersonSpan & { readonly since: Int32Array }, blocks: Blocks): StoredSpan {
    const { certificateNo: certificate, unitKey: unit, name, from, until, since } = span;
    const blockIn = (ordering: Ordering): number =>
      this.#blockOf(blocks, ordering, placeIn(ordering, { unit, certificate, name }));
    const [unitBlock, certificateBlock, nameBlock] = [blockIn(0), blockIn(1), blockIn(2)];
    const codes = span.codes.map(codeCharacter).join('');
    const whose = [person, certificate, name, unit] as const;
    this.#insertSpan.run(
      unitBlock,
      certificateBlock,
      nameBlock,
      ...whose,
      from,
      until,
      codes,
      Array.from(since, sinceText).join(''),
    );
    return { unitBlock, certificateBlock, nameBlock, from, until, codes, since };
  }

  /** The earliest first. */
  spansOf(
    person: string,
  ): (StoredSpan & { readonly certificate: string; readonly name: string; readonly unit: string })[] {
    type Row = StoredRow & { readonly certificate: string; readonly name: string; readonly unit: string };
    const sql = `SELECT ${storedColumns}, certificate, name, unit FROM spans WHERE person = ? ORDER BY from_day`;
    return (this.db.prepare(sql).all(person) as Row[]).map((row) => ({ ...row, ...storedSpan(row) }));
  }

  /** Removes a person's spans. @returns what they were */
  takeSpans(person: string): StoredSpan[] {
    return (this.#deleteSpans.all(person) as StoredRow[]).map(storedSpan).sort((a, b) => a.from - b.from);
  }

  #blockOf(blocks: Blocks, ordering: Ordering, place: ReturnType<typeof placeIn>): number {
    const known = blocks.find(ordering, place);
    if (known !== undefined) return known;
    const added = this.addBlock({ ordering, unit: place.unit, first: '' });
    blocks.add(added);
    return added.block;
  }

  /** `column`: a profile's, or the one of posts. */
  writeTallies(column: number, chunk: number, changes: Iterable<number>): void {
    this.#insertTallies(column, chunk, tallyRows(changes));
  }

  /** What changed since the tallies were written; months before the earliest of it stay as they are. */
  changeTallies(column: number, chunk: number, changes: readonly number[]): void {
    const first = changes.reduce((least, change) => Math.min(least, change), Number.POSITIVE_INFINITY);
    const known = this.db
      .prepare(
        `SELECT month, data FROM tallies WHERE profile = @column AND chunk = @chunk AND month >= coalesce(
           (SELECT max(month) FROM tallies WHERE profile = @column AND chunk = @chunk AND month <= @month), 0)`,
      )
      .all({ column, chunk, month: monthOf(dayOfChange(first)) }) as TallyRow[];
    const [start] = known;
    this.db
      .prepare('DELETE FROM tallies WHERE profile = ? AND chunk = ? AND month >= ?')
      .run(column, chunk, start?.month ?? 0);
    const rows = known.map(({ data }) => data);
    this.#insertTallies(column, chunk, changedRows(rows, changes));
  }

  #insertTallies(column: number, chunk: number, rows: readonly TallyRow[]): void {
    for (const { month, data } of rows) this.#insertTally.run(column, chunk, month, data);
  }

  writePeople(block: number, rows: readonly PeopleRow[]): void {
    for (const { year, data } of rows) this.#insertPeople.run(block, year, data);
  }

  /** Packs the people of a unit's block again, for a year and all after it. */
  changePeople(block: number, profiles: number, fromYear: number): void {
    const rows = this.db
      .prepare(`SELECT ${storedColumns} FROM spans WHERE unit_block = ? AND until_day > ?`)
      .all(block, firstDayOfYear(fromYear)) as StoredRow[];
    const spans = rows.map((row) => ({ ...storedSpan(row), codes: codesOfText(row.codes) }));
    this.db.prepare('DELETE FROM people WHERE block = ? AND year >= ?').run(block, fromYear);
    this.writePeople(block, peopleRows(spans, profiles, fromYear));
  }

  close(): void {
    this.db.close();
  }
}

function storedSpan({ since, ...row }: StoredRow): StoredSpan {
  return { ...row, since: Int32Array.from(since.match(/\d{7}/gu) ?? [], (text) => Number(text) - sinceOffset) };
}
