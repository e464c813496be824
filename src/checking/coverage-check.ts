/**
 * Compares the coverage cache with the registry. It is derived: whatever is found, the folder may be removed while the
 * station is stopped, and it is made anew when somebody asks. A cache that only lags behind is what a stop leaves.
 */
import { errorMessage } from '../domain/errors.ts';
import type { StoreFinding } from '../domain/findings.ts';

export interface CoverageRoom {
  /** Relative to the data folder; undefined while nobody has asked for coverage. */
  newest(): string | undefined;
  /** In words, at most `limit`. @throws SQLite's error when the file is damaged */
  differences(file: string, limit: number): Promise<string[]>;
}

const differencesMax = 20;

export async function checkCoverage(room: CoverageRoom): Promise<StoreFinding[]> {
  const file = room.newest();
  if (file === undefined) return [];
  try {
    const differences = await room.differences(file, differencesMax);
    return differences.map((detail) => ({ code: 'coverage-cache-differs', file, detail }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'SqliteError') throw error;
    return [{ code: 'coverage-cache-unreadable', file, detail: errorMessage(error) }];
  }
}
