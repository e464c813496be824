/**
 * Opening the registry's SQLite file the one right way, and bringing its schema up to date. Migrations only go
 * forward, each in a transaction with `user_version`. SQLite and the file system get no port: tests use real ones.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { errorCode, errorMessage, StationError } from '../domain/errors.ts';

/** The n-th file brings the schema from version n to n + 1. */
const migrations = ['schema-v1.sql', 'schema-v2.sql', 'schema-v3.sql', 'schema-v4.sql'];

/** Opens for writing. @throws StationError registry-newer, registry-unreadable, or SQLite's error */
export function openDatabase(path: string): Database.Database {
  try {
    return openForWriting(path);
  } catch (cause) {
    if (!/^SQLITE_(NOTADB|CORRUPT)/.test(errorCode(cause))) throw cause;
    throw new StationError('registry-unreadable', `${path} is damaged: ${errorMessage(cause)}`, {
      cause,
      next: 'Nothing is lost: run "evidock rebuild", which makes it anew from the ledger.',
    });
  }
}

/** For a thread of its own that only reads, beside the one that writes. */
export function openForReading(path: string): Database.Database {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  db.pragma('busy_timeout = 5000');
  db.pragma('cache_size = -65536');
  return db;
}

function openForWriting(path: string): Database.Database {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  // A reopened WAL database would run at NORMAL, which loses acknowledged commits in a power cut (measured).
  db.pragma('synchronous = FULL');
  if (db.pragma('synchronous', { simple: true }) !== 2) throw new Error('SQLite did not take synchronous=FULL');
  db.pragma('busy_timeout = 5000');
  // The write-ahead log stays small, because it shares the disk's last space with the ledger.
  db.pragma('wal_autocheckpoint = 250');
  guard(db);
  migrate(db);
  return db;
}

function guard(db: Database.Database): void {
  db.pragma('foreign_keys = ON');
  // What is lawfully deleted must not stay readable in free pages.
  db.pragma('secure_delete = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
}

function migrate(db: Database.Database): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > migrations.length) {
    throw new StationError(
      'registry-newer',
      `the registry has schema ${version}, this program knows ${migrations.length}`,
      {
        next: 'Use the newer program, or rebuild the registry with this one: evidock rebuild.',
      },
    );
  }
  for (const [at, file] of migrations.entries()) {
    if (at < version) continue;
    const sql = readFileSync(join(import.meta.dirname, file), 'utf8');
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${at + 1}`);
    })();
  }
}
