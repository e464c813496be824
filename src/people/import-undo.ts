/**
 * Undoing an import: first what later imports said is written in their name, then the import stops counting. A process
 * that is killed in between leaves statements that were true all the same, and the import as it was.
 */
import { newDocumentId } from '../domain/ids.ts';
import type { ImportMark } from '../domain/import-difference.ts';
import { type PinnedStatement, pinnedByUndo, type StatedVersion } from '../domain/import-undo.ts';
import type { Actor, NewRecord } from '../domain/records.ts';
import type { FactsOf, ImportKind, SubjectKind, VersionDocument } from '../domain/subject-kinds.ts';
import { documentsPerRecord, type RecordingDependencies } from './import-recording.ts';

const recordsPerGroup = 20;

export interface UndoRegistry {
  statedVersions<K extends SubjectKind>(kind: K): StatedVersion<FactsOf[K]>[];
  importMarks(kind: SubjectKind): ImportMark[];
}

export interface UndoRequest {
  readonly import: string;
  readonly kind: ImportKind;
  readonly reason: string;
  readonly actor: Actor;
}

/** @returns how many statements of later imports were written down @throws StationError ledger-full, ledger-failed */
export async function undoImport(
  { ledger, random, registry }: Pick<RecordingDependencies, 'ledger' | 'random'> & { readonly registry: UndoRegistry },
  { import: id, kind, reason, actor }: UndoRequest,
): Promise<number> {
  const marks = registry.importMarks(kind);
  const documents = documentsOf(
    kind,
    pinnedByUndo({ import: id, versions: registry.statedVersions(kind), imports: marks }),
  );
  if (kind === 'officers') {
    // What a roster does not say of units it leaves alone, so each later one stands for all that it knew.
    const imports = marks.map((mark) => ({ ...mark, missing: new Set<string>() }));
    documents.push(
      ...documentsOf('units', pinnedByUndo({ import: id, versions: registry.statedVersions('units'), imports })),
    );
  }
  const record = (type: string, bodies: readonly object[]): NewRecord => ({
    type,
    actor,
    subject: id,
    body: { import: id },
    documents: bodies.map((body) => ({ id: newDocumentId(random), body: body as never })),
  });
  const pins: NewRecord[] = [];
  for (let at = 0; at < documents.length; at += documentsPerRecord) {
    pins.push(record('import-pinned', documents.slice(at, at + documentsPerRecord)));
  }
  for (let at = 0; at < pins.length; at += recordsPerGroup)
    await ledger.appendAll(pins.slice(at, at + recordsPerGroup));
  await ledger.append(record('import-undone', [{ reason }]));
  return documents.length;
}

function documentsOf(kind: SubjectKind, pins: readonly PinnedStatement<FactsOf[SubjectKind]>[]): VersionDocument[] {
  return pins.map(({ key, facts, effectiveFrom, says }) => {
    const document = { kind, key, facts, effectiveFrom };
    return /^r\d+$/u.test(says) ? document : { ...document, says };
  });
}
