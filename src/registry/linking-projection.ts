/**
 * What records about links do to the registry: every step is a row, and the newest holds. Beside them what cases and
 * clips are found by, worked out from the same documents, so that a rebuild finds alike.
 */
import type { ClipDocument } from '../domain/clip-facts.ts';
import { occurredAt } from '../domain/linking-clip-time.ts';
import {
  type ClipLinkedBody,
  type ClipUnlinkedBody,
  foldPlate,
  type LinkDocument,
  type LinkSettledBody,
  type LinksDecidedBody,
  looseCaseNumber,
} from '../domain/linking-facts.ts';
import type { CaseFacts } from '../domain/people-facts.ts';
import type { RecordEnvelope } from '../domain/records.ts';
import { bodyOf, type Effect, type Effects } from './effect.ts';
import type { Statements } from './statements.ts';

export function linkingEffects(statements: Statements): Effects {
  const add = (
    record: RecordEnvelope,
    row: { action: string; number: string; basis: string; document: Partial<LinkDocument>; score?: number | undefined },
  ): void => {
    const { clip, target } = record.body as unknown as ClipUnlinkedBody;
    const { reason = '', reasons } = row.document;
    statements
      .prepare('INSERT INTO links VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        record.seq,
        clip,
        target,
        row.action,
        row.number,
        row.basis,
        reason === '' ? null : reason,
        row.score ?? null,
        reasons === undefined ? null : JSON.stringify(reasons),
      );
  };

  const clipLinked: Effect = (record, documents) => {
    const { basis, score } = record.body as unknown as ClipLinkedBody;
    const document = bodyOf<LinkDocument>(documents);
    // A link to somebody who was lawfully forgotten is none.
    if (document === undefined) return;
    add(record, { action: 'linked', number: document.number, basis, document, score });
  };

  const taken =
    (action: 'unlinked' | 'rejected'): Effect =>
    (record, documents) => {
      const document = bodyOf<LinkDocument>(documents);
      if (document !== undefined) add(record, { action, number: document.number, basis: 'by-hand', document });
    };

  const settled: Effect = (record, documents) => {
    const document = bodyOf<{ readonly reason: string }>(documents) ?? { reason: '' };
    if ((record.body as unknown as LinkSettledBody).clip === undefined) return;
    add(record, { action: 'settled', number: '', basis: 'by-hand', document });
  };

  const linksDecided: Effect = (record) => {
    const { throughSeq } = record.body as unknown as LinksDecidedBody;
    statements.prepare('INSERT INTO link_passes VALUES (?, ?)').run(record.seq, throughSeq);
  };

  return {
    'clip-linked': clipLinked,
    'clip-unlinked': taken('unlinked'),
    'link-rejected': taken('rejected'),
    'link-settled': settled,
    'links-decided': linksDecided,
  };
}

/** When a clip is put in order, and the numbers of its name. */
export function noteSealed(
  statements: Statements,
  { clip, sealedAt, document }: { clip: string; sealedAt: string; document: ClipDocument | undefined },
): void {
  const number = document?.name?.caseNumber ?? null;
  const at = occurredAt({
    recordedAt: document?.recordedAt ?? null,
    correctedEarliest: document?.correctedAt?.earliest ?? null,
    correctedLatest: document?.correctedAt?.latest ?? null,
    sealedAt,
  });
  statements
    .prepare('UPDATE clips SET occurred_at = ?, name_sequence = ?, case_fold = ? WHERE clip = ?')
    .run(at, document?.name?.sequence ?? null, number === null ? null : looseCaseNumber(number), clip);
}

const dayMs = 86_400_000;
/** A case without an end, or of months, is found by its officers for so many months after its beginning. */
const monthsMax = 4;
/** And by the day alone only for its first days, and those of its acts. */
const daysMax = 3;

export const monthOf = (ms: number): string => new Date(ms).toISOString().slice(0, 7);
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Makes a case findable by everything that this version of it says. */
export function noteCase(statements: Statements, key: string, facts: CaseFacts): void {
  const insert = statements.prepare('INSERT INTO case_index VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  insert.run('number', looseCaseNumber(facts.caseNumber), key);
  if (facts.plate !== undefined) insert.run('plate', foldPlate(facts.plate), key);
  const startMs = Date.parse(facts.startedAt.utc);
  const endMs = Math.max(startMs, facts.endedAt === null ? startMs + 90 * dayMs : Date.parse(facts.endedAt.utc));
  const actsMs = (facts.acts ?? []).map(({ from }) => Date.parse(from.utc));
  const days = new Set([...stepsBetween(startMs, endMs, daysMax), ...actsMs].map(dayOf));
  for (const day of days) insert.run('day', day, key);
  const months = new Set([...monthsBetween(startMs, endMs), ...actsMs.map(monthOf)]);
  for (const officer of facts.officers) for (const month of months) insert.run('officer', `${officer} ${month}`, key);
}

function stepsBetween(startMs: number, endMs: number, most: number): number[] {
  const steps: number[] = [];
  for (let ms = startMs; ms < endMs + dayMs && steps.length < most; ms += dayMs) steps.push(Math.min(ms, endMs));
  return steps;
}

function monthsBetween(startMs: number, endMs: number): string[] {
  const months: string[] = [];
  const first = new Date(startMs);
  for (let at = 0; at < monthsMax; at += 1) {
    const month = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + at, 1);
    if (month > endMs) break;
    months.push(monthOf(month));
  }
  return months;
}

/** A case that was lawfully forgotten is found by nothing. */
export function forgetCase(statements: Statements, key: string): void {
  statements.prepare('DELETE FROM case_index WHERE key = ?').run(key);
}
