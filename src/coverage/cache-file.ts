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
import { type Block, Blocks } from './cache-blocks.ts';
import { changedRows, dayOfChange, monthOf, type TallyRow, tallyRows } from './tallies.ts';

/** Part of the digest: another number throws old files away. */
export const cacheForm = 2;

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

export interface StoredSpan {
  readonly unitBlock: number;
  readonly certificateBlock: number;
  readonly codes: string;
}

export interface TakenSpan extends Omit<StoredSpan, 'codes'> {
  readonly from: number;
  readonly until: number;
  readonly codes: readonly number[];
}

export class CacheFile {
  readonly db: Database.Database;
  readonly #insertSpan: Database.Statement;
  readonly #insertTally: Database.Statement;
  readonly #deleteSpans: Database.Statement;

  private constructor(db: Database.Database) {
    this.db = db;
    this.#insertSpan = db.prepare('INSERT INTO spans VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#insertTally = db.prepare('INSERT INTO tallies VALUES (?, ?, ?, ?)');
    this.#deleteSpans = db.prepare(
      `DELETE FROM spans WHERE person = ? RETURNING unit_block AS unitBlock, certificate_block AS certificateBlock,
         from_day AS "from", until_day AS until, codes`,
    );
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
  addSpan(person: string, span: PersonSpan, blocks: Blocks): StoredSpan {
    const { certificateNo, unitKey, from, until } = span;
    const unitBlock = this.#blockOf(blocks, { ordering: 0, unit: unitKey, certificate: certificateNo });
    const certificateBlock = this.#blockOf(blocks, { ordering: 1, unit: '', certificate: certificateNo });
    const codes = span.codes.map(codeCharacter).join('');
    this.#insertSpan.run(unitBlock, certificateBlock, person, certificateNo, unitKey, from, until, codes);
    return { unitBlock, certificateBlock, codes };
  }

  /** Removes a person's spans. @returns what they were */
  takeSpans(person: string): TakenSpan[] {
    const rows = this.#deleteSpans.all(person) as (Omit<TakenSpan, 'codes'> & { readonly codes: string })[];
    return rows.map(({ codes, ...row }) => ({ ...row, codes: codesOfText(codes) }));
  }

  #blockOf(blocks: Blocks, at: { ordering: 0 | 1; unit: string; certificate: string }): number {
    const known = blocks.find(at.ordering, at.unit, at.certificate);
    if (known !== undefined) return known;
    const added = this.addBlock({ ordering: at.ordering, unit: at.unit, first: '' });
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

  close(): void {
    this.db.close();
  }
}
