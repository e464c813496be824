/** What imports and single changes of people, recorders and cases do to the registry. */
import { canonicalJson } from '../domain/canonical-json.ts';
import type { CaseFacts } from '../domain/people-facts.ts';
import type { RecordEnvelope, ReplayedDocument } from '../domain/records.ts';
import type { RosterAnswerDocument } from '../domain/roster-questions.ts';
import {
  type ImportFileDocument,
  type ImportStartedBody,
  type ImportUndoneBody,
  isVersionDocument,
  type MissingDocument,
  subjectChanges,
} from '../domain/subject-kinds.ts';
import { bodyOf, type Effect, type Effects } from './effect.ts';
import { noteCase } from './linking-projection.ts';
import type { Statements } from './statements.ts';

export function peopleEffects(statements: Statements): Effects {
  const run = (sql: string, ...values: unknown[]): void => {
    statements.prepare(sql).run(...values);
  };
  const importOf = (record: RecordEnvelope): string => (record.body as unknown as { import: string }).import;

  const importStarted: Effect = (record, documents) => {
    const body = record.body as unknown as ImportStartedBody;
    run(
      `INSERT INTO imports (import, kind, effective_from, file_sha256, file_name, file_bytes, is_whole, rows, added,
         changed, unchanged, missing, started_at, actor, started_seq)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      body.import,
      body.kind,
      body.effectiveFrom,
      body.fileSha256,
      bodyOf<ImportFileDocument>(documents)?.fileName ?? null,
      body.fileBytes,
      body.supplement === true ? 0 : 1,
      body.rows,
      body.added ?? null,
      body.changed ?? null,
      body.unchanged ?? null,
      body.missing ?? null,
      record.time,
      record.actor.id,
      record.seq,
    );
  };

  /** A version in the name of an earlier import counts as that import's own; it goes when that one is undone. */
  const versions = (documents: readonly ReplayedDocument[], by: { origin: string; seq: number | null }): void => {
    for (const document of documents) {
      // A person who was lawfully forgotten leaves no version; a record may have other documents besides.
      if (!('body' in document) || !isVersionDocument(document.body)) continue;
      const { kind, key, effectiveFrom, facts, says } = document.body;
      run(
        'INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, NULL, ?)',
        kind,
        key,
        effectiveFrom,
        says ?? by.origin,
        by.origin,
        by.seq,
        canonicalJson(facts as never),
      );
      if (kind === 'cases') noteCase(statements, key, facts as CaseFacts);
    }
  };

  const importPart: Effect = (record, documents) => versions(documents, { origin: importOf(record), seq: null });

  const subjectChanged: Effect = (record, documents) => {
    versions(documents, { origin: `r${record.seq}`, seq: record.seq });
    for (const document of documents) {
      if (!('body' in document) || !isRosterAnswer(document.body)) continue;
      const { key, answer, reason } = document.body as unknown as RosterAnswerDocument;
      run('INSERT INTO roster_answers VALUES (?, ?, ?, ?)', record.seq, key, answer, reason);
    }
  };

  const importMissing: Effect = (record, documents) => {
    const { keys, unread } = bodyOf<MissingDocument>(documents) ?? { keys: [] };
    for (const key of keys) {
      run(
        'INSERT INTO import_missing VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        importOf(record),
        key,
        unread === true ? 1 : 0,
      );
    }
  };

  const importEnded: Effect = (record) => {
    const id = importOf(record);
    run('UPDATE imports SET ended_seq = ? WHERE import = ?', record.seq, id);
    run('UPDATE versions SET seq = ? WHERE brought_by = ? AND seq IS NULL', record.seq, id);
  };

  const importInterrupted: Effect = (record) => {
    const id = importOf(record);
    run('DELETE FROM versions WHERE brought_by = ? AND seq IS NULL', id);
    for (const table of ['import_missing', 'imports']) run(`DELETE FROM ${table} WHERE import = ?`, id);
  };

  const importUndone: Effect = (record) => {
    const { import: id } = record.body as unknown as ImportUndoneBody;
    run('UPDATE imports SET undone_seq = ? WHERE import = ?', record.seq, id);
    run('UPDATE versions SET undone_seq = ? WHERE origin = ?', record.seq, id);
  };

  return {
    'import-started': importStarted,
    'import-part': importPart,
    'import-missing': importMissing,
    'import-ended': importEnded,
    'import-interrupted': importInterrupted,
    'import-undone': importUndone,
    ...Object.fromEntries(subjectChanges.map((type) => [type, subjectChanged])),
  };
}

const isRosterAnswer = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'answer' in body && 'key' in body;
