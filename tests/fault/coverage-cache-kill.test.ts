/**
 * Goal: a coverage cache whose building or updating was killed at any moment is never believed: what is there afterwards
 * is the whole old one or none, and the station answers as the policy does.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import type { CalendarDate } from '../../src/domain/people-facts.ts';
import { Station } from '../../src/station.ts';

const asked = { profile: 'ministry', asOf: '2026-03-10' as CalendarDate, unit: undefined };
const roster = (status: string): string =>
  `执法证号,姓名,单位,岗位,在岗,证件状态,有效期至\n${Array.from(
    { length: 400 },
    (_, at) => `14${10_000 + at},x,大队${at % 7},一线,是,${status},2030-12-31`,
  ).join('\n')}`;

let dataFolder: string;
let station: Station;

/** The work of the thread, in a process that can be killed. */
const program = `
  const { doCoverageWork } = await import(process.argv[1] + '/station/coverage-thread.ts');
  const { CoverageQueries } = await import(process.argv[1] + '/registry/coverage-queries.ts');
  const { openForReading } = await import(process.argv[1] + '/registry/database.ts');
  const { loadCoverageProfiles } = await import(process.argv[1] + '/config/profiles.ts');
  const [, , registry, cacheFile, task, digest] = process.argv;
  const terms = { profiles: [...(await loadCoverageProfiles()).values()], useDays: 30, digest };
  console.log('begins');
  doCoverageWork({ task, cacheFile, terms }, new CoverageQueries(openForReading(registry), 'Asia/Shanghai'), () => {});
`;

function open(): Promise<Station> {
  const configuration = parseConfiguration('engine: { kind: portable }\n', 'test');
  const log = pino({ level: 'silent' });
  return Station.open({ dataFolder, configuration, log, command: 'test', version: 'test' });
}

async function killed(task: 'build' | 'update', cacheFile: string, afterMs: number): Promise<void> {
  // One process owns the folder: the one that is killed.
  await station.close();
  const source = new URL('../../src', import.meta.url).pathname;
  const words = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program, source];
  const child = spawn(process.execPath, [...words, join(dataFolder, 'registry.db'), cacheFile, task, 'another'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  await sleep(afterMs);
  child.kill('SIGKILL');
  await ended;
  station = await open();
}

async function take(status: string, effective: string): Promise<void> {
  await station.people.import({
    kind: 'officers',
    bytes: Buffer.from(roster(status)),
    effective: effective as CalendarDate,
    dryRun: false,
    allowPartial: false,
    actor: { kind: 'person', id: 'os-user:0' },
    onProgress: () => undefined,
  });
}

beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'evidock-coverage-kill-'));
  station = await open();
  await take('有效', '2026-03-01');
});
afterAll(async () => {
  await station.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

describe('a killed coverage cache', () => {
  it.each([0, 20, 60, 150, 400])('is made anew when its building was killed after %i ms', async (afterMs) => {
    const folder = join(dataFolder, 'coverage');
    mkdirSync(folder, { recursive: true });
    const next = 1 + Math.max(0, ...readdirSync(folder).map((name) => Number.parseInt(name, 10)));
    await killed('build', join(folder, `${next}.db`), afterMs);
    expect(await station.coverage.figures(asked)).toMatchObject({ population: 400, covered: 0 });
    expect((await station.coverage.list({ ...asked, page: 8, pageSize: 50 })).rows).toHaveLength(50);
  });

  it('is brought up to date when its updating was killed', async () => {
    await station.coverage.figures(asked);
    await take('暂扣', '2026-03-05');
    const folder = join(dataFolder, 'coverage');
    for (const afterMs of [0, 30, 90]) {
      const newest = Math.max(...readdirSync(folder).map((name) => Number.parseInt(name, 10)));
      await killed('update', join(folder, `${newest}.db`), afterMs);
    }
    expect(await station.coverage.figures(asked)).toMatchObject({ population: 0 });
    expect(await station.coverage.figures({ ...asked, asOf: '2026-03-04' as CalendarDate })).toMatchObject({
      population: 400,
    });
  });
});
