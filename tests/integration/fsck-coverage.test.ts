/**
 * Goal: fsck says whether the coverage cache agrees with the registry: verdicts, counts and lists, for a sample and for
 * everybody; one that lags behind or is of another configuration is nothing wrong, and one that is wrong may be removed.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import type { CalendarDate } from '../../src/domain/people-facts.ts';
import { Station } from '../../src/station.ts';
import { runFsck } from '../support/checked-store.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';

let root: string;
let store: string;
let copies = 0;

async function withStation<T>(dataFolder: string, use: (station: Station) => Promise<T>): Promise<T> {
  const configuration = parseConfiguration('engine: { kind: portable }\n', 'test');
  const log = pino({ level: 'silent' });
  const station = await Station.open({ dataFolder, configuration, log, command: 'test', version: '0' });
  try {
    return await use(station);
  } finally {
    await station.close();
  }
}

async function takeRoster(station: Station, people: number, effective: string): Promise<void> {
  const rows = Array.from({ length: people }, (_, at) => `14${100 + at},王${at},大队${at % 3},一线,是,有效,2090-12-31`);
  const result = await station.people.import({
    kind: 'officers',
    bytes: Buffer.from(`执法证号,姓名,单位,岗位,在岗,证件状态,有效期至\n${rows.join('\n')}`),
    effective: effective as CalendarDate,
    dryRun: false,
    allowPartial: false,
    actor: { kind: 'person', id: 'os-user:0' },
    onProgress: () => undefined,
  });
  expect(result.reading.problems).toEqual([]);
}

beforeAll(async () => {
  root = makeDiskFolder();
  store = join(root, 'store');
  mkdirSync(store);
  await withStation(store, async (station) => {
    await takeRoster(station, 40, '2020-03-01');
    const asked = { profile: undefined, asOf: station.today(), unit: undefined };
    expect(await station.coverage.figures(asked)).toMatchObject({ population: 40, missing: 40 });
  });
});
afterAll(() => removeFolder(root));

function copyStore(): { readonly data: string; readonly cache: string; change(sql: string): void } {
  copies += 1;
  const data = join(root, `copy-${copies}`);
  cpSync(store, data, { recursive: true });
  const name = readdirSync(join(data, 'coverage')).find((file) => file.endsWith('.db')) as string;
  const cache = `coverage/${name}`;
  const change = (sql: string): void => {
    const db = new Database(join(data, cache));
    expect(db.prepare(sql).run().changes).toBeGreaterThan(0);
    db.close();
  };
  return { data, cache, change };
}

it('has no finding for a cache as it was made, for some people and for everybody', async () => {
  const { data } = copyStore();
  for (const everybody of [false, true]) {
    expect(await runFsck(data, { coverage: everybody })).toMatchObject({ code: 0, findings: [] });
  }
});

it.each([
  ['a verdict', `UPDATE spans SET codes = '0' || substr(codes, 2) WHERE certificate = '14107'`],
  ['a name', `UPDATE spans SET name = 'x' WHERE certificate = '14107'`],
  ['a date', `UPDATE spans SET since = '1000000' || substr(since, 8) WHERE certificate = '14107'`],
  ['a person', `DELETE FROM certificates WHERE certificate = '14107'`],
  ['a count', 'DELETE FROM tallies WHERE profile = 0'],
  ['a list', 'DELETE FROM people'],
  ['what it has seen', 'UPDATE cache SET known_at = known_at + 1000'],
])('names a cache in which %s is wrong, and what to do', async (_, sql) => {
  const { data, cache, change } = copyStore();
  change(sql);
  const { code, findings } = await runFsck(data);
  expect(code).toBe(1);
  expect(findings.length).toBeGreaterThan(0);
  for (const finding of findings) expect(finding).toMatchObject({ code: 'coverage-cache-differs', file: cache });
  // It is derived: without it nothing is wrong, and the station makes it anew.
  rmSync(join(data, 'coverage'), { recursive: true });
  expect((await runFsck(data)).findings).toEqual([]);
});

it('names one that is damaged', async () => {
  const { data, cache } = copyStore();
  const bytes = readFileSync(join(data, cache));
  writeFileSync(join(data, cache), bytes.fill(0xff, 0, 4096));
  expect((await runFsck(data)).findings).toMatchObject([{ code: 'coverage-cache-unreadable', file: cache }]);
});

it('has no finding where the registry went on, or the profiles are others', async () => {
  const behind = copyStore();
  await withStation(behind.data, (station) => takeRoster(station, 30, '2021-03-01'));
  expect((await runFsck(behind.data)).findings).toEqual([]);
  const other = copyStore();
  other.change(`UPDATE cache SET digest = 'of other profiles'`);
  other.change(`UPDATE spans SET codes = '0' || substr(codes, 2)`);
  expect((await runFsck(other.data)).findings).toEqual([]);
});
