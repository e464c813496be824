/** The coverage cache as fsck looks at it: a copy, beside a copy of the registry that it was made from. */
import { constants, existsSync, readdirSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CoverageRoom } from '../checking/coverage-check.ts';
import { loadCoverageProfiles } from '../config/profiles.ts';
import { cacheDifferences } from '../coverage/cache-check.ts';
import { CacheFile } from '../coverage/cache-file.ts';
import { addDays, dayNumber } from '../domain/day-number.ts';
import { getCalendarDate } from '../domain/people-facts.ts';
import { today } from '../domain/station-time.ts';
import { replayRecords } from '../ledger/ledger-reading.ts';
import { readLogTable } from '../ledger/log-table.ts';
import { CoverageQueries } from '../registry/coverage-queries.ts';
import { openForReading } from '../registry/database.ts';
import { cacheDigest } from '../station/coverage-keeper.ts';
import type { AloneContext } from './command.ts';

const folderName = 'coverage';
/** Enough to notice a cache that is wrong as a whole; `--coverage` looks at everybody. */
const sample = { persons: 2_000, units: 50 };

export function coverageRoom(
  { dataFolder, configuration }: AloneContext,
  { everybody, signal }: { readonly everybody: boolean; readonly signal: AbortSignal },
): CoverageRoom {
  return {
    newest() {
      const folder = join(dataFolder, folderName);
      const numbers = (existsSync(folder) ? readdirSync(folder) : []).flatMap(
        (name) => /^(\d+)\.db$/u.exec(name)?.[1] ?? [],
      );
      const [newest] = numbers.map(Number).sort((a, b) => b - a);
      return newest === undefined ? undefined : `${folderName}/${newest}.db`;
    },
    async differences(file, limit) {
      const folder = await mkdtemp(join(tmpdir(), 'evidock-fsck-'));
      try {
        const cache = await copyInto(folder, join(dataFolder, file), 'cache.db');
        const registry = await copyInto(folder, join(dataFolder, 'registry.db'), 'registry.db');
        const { timeZone } = configuration.station;
        const { profilesFile, useDays } = configuration.coverage;
        const terms = { profiles: [...(await loadCoverageProfiles(profilesFile ?? undefined)).values()], useDays };
        const station = await stationOf(dataFolder);
        const digest = cacheDigest({ terms, timeZone, station });
        const asOf = getCalendarDate(today(Date.now(), timeZone));
        const db = openForReading(registry);
        try {
          const opened = CacheFile.open(cache, 'read');
          try {
            const source = new CoverageQueries(db, timeZone);
            const days = [dayNumber(asOf), dayNumber(addDays(asOf, -365))];
            const check = { file: opened, source, terms: { ...terms, digest }, days, signal };
            return cacheDifferences({ ...check, sample: everybody ? null : sample }, limit);
          } finally {
            opened.close();
          }
        } finally {
          db.close();
        }
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function copyInto(folder: string, path: string, name: string): Promise<string> {
  for (const suffix of ['', '-wal']) {
    if (existsSync(path + suffix)) {
      await copyFile(path + suffix, join(folder, name + suffix), constants.COPYFILE_FICLONE);
    }
  }
  return join(folder, name);
}

async function stationOf(dataFolder: string): Promise<string> {
  for await (const { record } of replayRecords((await readLogTable(dataFolder)).logs, 0)) return record.station;
  return '';
}
