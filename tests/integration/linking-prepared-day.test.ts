/**
 * Goal: on prepared days with a known truth no automatic link is wrong, what is proposed has the right case first in
 * at least 95 of 100, a clock two hours off changes nothing of that, and what was decided stands in the ledger as it was.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { Station } from '../../src/station.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { type PreparedDay, preparedDayOf, takeIn } from '../support/prepared-day.ts';
import { seededRandom } from '../support/random.ts';

const folder = makeDiskFolder();
afterAll(() => removeFolder(folder));

async function openStation(name: string): Promise<Station> {
  const dataFolder = join(folder, name);
  mkdirSync(dataFolder, { recursive: true });
  return Station.open({
    dataFolder,
    configuration: parseConfiguration('engine: { kind: portable }\n', 'test'),
    log: pino({ level: 'silent' }),
    command: 'test',
    version: 'test',
  });
}

interface Tally {
  readonly automatic: number;
  readonly wrong: readonly string[];
  /** Clips of a case that people decide about: how many, and of how many the right case is proposed first. */
  readonly proposed: number;
  readonly first: number;
  readonly missed: readonly string[];
  readonly officersWrong: readonly string[];
}

function tally(station: Station, day: PreparedDay): Tally {
  const wrong: string[] = [];
  const missed: string[] = [];
  const officersWrong: string[] = [];
  let automatic = 0;
  let proposed = 0;
  let first = 0;
  for (const clip of day.clips) {
    const links = station.links.linksOf(clip.id);
    if (links.history.some(({ target, number }) => target === 'officer' && number !== clip.officer)) {
      officersWrong.push(clip.path);
    }
    if (links.case !== null) {
      automatic += 1;
      if (links.case.number !== clip.truth) wrong.push(`${clip.path}: ${links.case.number} for ${clip.truth}`);
      continue;
    }
    if (clip.truth === null) continue;
    const [best, second] = station.links.proposals(clip.id);
    proposed += 1;
    if (best?.key === clip.truth) first += 1;
    else missed.push(`${clip.path} (${clip.officer}): ${JSON.stringify([best, second])} for ${clip.truth}`);
  }
  return { automatic, wrong, proposed, first, missed, officersWrong };
}

/** EVIDOCK_DAYS tries more. */
const days = Array.from({ length: Number(process.env.EVIDOCK_DAYS ?? 4) }, (_, at) => at);
const { seed: firstSeed } = seededRandom('prepared days');

describe('prepared days of 200 clips and 60 cases', () => {
  test.each(days)('day %d: every automatic link is right, and proposals have the right case first', async (at) => {
    const seed = firstSeed + at;
    const day = preparedDayOf({ seed });
    expect([day.clips.length, day.cases.length]).toEqual([200, 60]);
    const station = await openStation(`day-${at}`);
    try {
      await takeIn(station, day);
      const result = await station.links.decide();
      const { automatic, wrong, proposed, first, missed, officersWrong } = tally(station, day);
      process.stdout.write(`seed ${seed}: ${automatic} automatic, ${first} of ${proposed} proposals right\n`);
      if (process.env.EVIDOCK_SHOW_MISSED !== undefined) process.stdout.write(`${missed.join('\n')}\n`);
      expect(wrong).toEqual([]);
      expect(officersWrong).toEqual([]);
      expect(result.linkedCases).toBe(automatic);
      expect(automatic).toBeGreaterThan(60);
      expect(first / proposed).toBeGreaterThanOrEqual(0.95);
    } finally {
      await station.close();
    }
  });
});
