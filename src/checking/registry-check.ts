/**
 * Compares the registry with what the records say, row by row. It looks at a copy, because even reading SQLite's file
 * writes beside it. A registry that is behind is what a crash leaves; one that is ahead shows a ledger that was set back.
 */
import { errorCode, errorMessage } from '../domain/errors.ts';
import type { StoreFinding } from '../domain/findings.ts';

/** What the check needs of a registry. */
export interface CheckedRegistry<R> {
  readonly nextSeq: number;
  integrityProblems(): string[];
  /** In words, at most `limit`. */
  differencesFrom(expected: R, limit?: number): string[];
  close(): Promise<void>;
}

export interface RegistryRoom<R extends CheckedRegistry<R>> {
  /** Relative to the data folder. */
  readonly file: string;
  isThere(): boolean;
  /** Opens a copy. @throws SQLite's error when the file is damaged */
  openCopy(): Promise<R>;
  /** A new registry with the records before `endSeq`. */
  replay(endSeq: number): Promise<R>;
}

const differencesMax = 20;

/** @param records how many the ledger has; it has no findings */
export async function checkRegistry<R extends CheckedRegistry<R>>(
  room: RegistryRoom<R>,
  records: number,
): Promise<StoreFinding[]> {
  const { file } = room;
  if (!room.isThere()) return records === 0 ? [] : [{ code: 'registry-missing', file }];
  let registry: R | undefined;
  try {
    registry = await room.openCopy();
    const problems = registry.integrityProblems();
    if (problems.length > 0) return [{ code: 'registry-unreadable', file, detail: problems.join('; ') }];
    const { nextSeq } = registry;
    if (nextSeq > records) {
      const detail = `it knows ${nextSeq} records, the ledger has ${records}: the ledger was set back`;
      return [{ code: 'registry-differs', file, detail }];
    }
    return await compare(registry, room, nextSeq);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [{ code: 'registry-unreadable', file, detail: errorMessage(error) }];
  } finally {
    await registry?.close();
  }
}

async function compare<R extends CheckedRegistry<R>>(
  registry: R,
  room: RegistryRoom<R>,
  endSeq: number,
): Promise<StoreFinding[]> {
  const expected = await room.replay(endSeq);
  try {
    return registry
      .differencesFrom(expected, differencesMax)
      .map((detail) => ({ code: 'registry-differs', file: room.file, detail }));
  } finally {
    await expected.close();
  }
}

/** SQLite's own errors, and what the registry makes of a file that it cannot open. */
const isDamage = (error: unknown): boolean =>
  (error instanceof Error && error.name === 'SqliteError') ||
  ['registry-unreadable', 'registry-newer'].includes(errorCode(error));
