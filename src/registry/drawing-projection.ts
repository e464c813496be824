/** What records of drawings do to the registry. A case that was lawfully deleted leaves its key and nothing else. */
import { canonicalJson } from '../domain/canonical-json.ts';
import type {
  DrawingCaseDocument,
  DrawingListBody,
  DrawingPartBody,
  DrawnBody,
  FollowUpBody,
  FollowUpDocument,
  RedrawBody,
} from '../domain/drawing-facts.ts';
import type { RecordEnvelope, ReplayedDocument } from '../domain/records.ts';
import type { Effects } from './effect.ts';
import type { Statements } from './statements.ts';

export function drawingEffects(statements: Statements): Effects {
  const run = (sql: string, ...values: unknown[]): void => {
    statements.prepare(sql).run(...values);
  };
  const beginRound = (record: RecordEnvelope, round: RedrawBody, documents: readonly ReplayedDocument[]): void =>
    run(
      'INSERT INTO drawing_rounds (list, round, seq, at, seed_from, details) VALUES (?, ?, ?, ?, ?, ?)',
      ...[round.list, round.round, record.seq, record.time, round.seedFrom, textOf(documents[0])],
    );
  return {
    'drawing-list-part': (record, documents) => {
      const { list } = record.body as unknown as DrawingPartBody;
      for (const document of documents) {
        const facts = 'body' in document ? (document.body as unknown as DrawingCaseDocument) : undefined;
        const sql = 'INSERT INTO drawing_cases VALUES (?, ?, ?, ?)';
        run(sql, list, document.id, facts?.case ?? null, facts?.number ?? null);
      }
    },
    'drawing-list-closed': (record, documents) => {
      const body = record.body as unknown as DrawingListBody;
      run(
        'INSERT INTO drawing_lists VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        ...[body.list, body.month, body.count, body.percent, body.sha256, body.knownAt, record.time, record.seq],
      );
      beginRound(record, { list: body.list, round: 1, seedFrom: body.seedFrom }, documents);
    },
    'drawing-redraw-ordered': (record, documents) =>
      beginRound(record, record.body as unknown as RedrawBody, documents),
    'drawing-drawn': (record, documents) => {
      const { list, round, seedSha256, size } = record.body as unknown as DrawnBody;
      run(
        `UPDATE drawing_rounds SET drawn_seq = ?, drawn_at = ?, seed_sha256 = ?, size = ?, result = ?
         WHERE list = ? AND round = ?`,
        ...[record.seq, record.time, seedSha256, size ?? null, textOf(documents[0]), list, round],
      );
    },
    'case-followed-up': (record, documents) => {
      const { list, key } = record.body as unknown as FollowUpBody;
      const [first] = documents;
      const facts = first !== undefined && 'body' in first ? (first.body as unknown as FollowUpDocument) : undefined;
      const sql = 'INSERT INTO case_follow_ups VALUES (?, ?, ?, ?, ?, ?)';
      run(sql, record.seq, list, key, record.time, facts?.case ?? null, textOf(first));
    },
  };
}

/** A case was lawfully deleted: what a rebuild makes of its overwritten documents. */
export function forgetDrawnCase(statements: Statements, key: string): void {
  statements.prepare('UPDATE drawing_cases SET case_key = NULL, number = NULL WHERE case_key = ?').run(key);
  statements.prepare('UPDATE case_follow_ups SET case_key = NULL, details = NULL WHERE case_key = ?').run(key);
}

const textOf = (document: ReplayedDocument | undefined): string | null =>
  document !== undefined && 'body' in document ? canonicalJson(document.body) : null;
