/**
 * Goal: that two certificates are one person's may become known after the clips were looked at, and may be taken back:
 * the clips that this touches, and no others, are looked at anew. What a person said stands, whatever comes, and each
 * change of the station is a record.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { getCalendarDate } from '../../src/domain/people-facts.ts';
import { systemActor } from '../../src/station/station-context.ts';
import { Station } from '../../src/station.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { type PreparedDay, preparedDayOf, takeIn, withRenewals } from '../support/prepared-day.ts';

const folder = makeDiskFolder();
const plain = preparedDayOf({ seed: 40 });
const { before, day } = withRenewals(plain);
const actor = { kind: 'person', id: 'os-user:1' } as const;
let station: Station;
let expected: ReadonlyMap<string, string | undefined>;
let renewal: string;

async function open(name: string): Promise<Station> {
  const dataFolder = join(folder, name);
  mkdirSync(dataFolder);
  return Station.open({
    dataFolder,
    configuration: parseConfiguration('engine: { kind: portable }\n', 'test'),
    log: pino({ level: 'silent' }),
    command: 'test',
    version: 'test',
  });
}

const linksIn = (of: Station): Map<string, string | undefined> =>
  new Map(day.clips.map(({ id }) => [id, of.links.linksOf(id).case?.number]));
const differences = (): string[] =>
  [...linksIn(station)].filter(([id, number]) => number !== expected.get(id)).map(([id]) => id);

async function importOfficers(of: Station, table: string, effective: string): Promise<string> {
  const { import: id } = await of.people.import({
    kind: 'officers',
    bytes: Buffer.from(table),
    effective: getCalendarDate(effective),
    dryRun: false,
    allowPartial: false,
    actor: systemActor,
    onProgress: () => undefined,
  });
  return id ?? '';
}

/** The day by a roster that knows the old certificates only, while its cases have the new ones already. */
const unrenewed: PreparedDay = { ...day, tables: { ...day.tables, officers: before } };

beforeAll(async () => {
  const known = await open('known');
  await takeIn(known, plain);
  await known.links.decide();
  expected = new Map(plain.clips.map(({ id }) => [id, known.links.linksOf(id).case?.number]));
  await known.close();
  station = await open('data');
  await takeIn(station, unrenewed);
  await station.links.decide();
});
afterAll(async () => {
  await station.close();
  removeFolder(folder);
});

const caseLinks = (): number => [...linksIn(station).values()].filter((number) => number !== undefined).length;

test('clips of renewed officers are linked when the renewal becomes known, and only they are looked at', async () => {
  const without = caseLinks();
  expect(differences().length).toBeGreaterThan(10);
  const [own] = differences();
  // A person has spoken about one of them in the meantime.
  const settled = { clips: [own ?? ''], reason: 'patrol', actor };
  await station.links.settle(settled);
  renewal = await importOfficers(station, day.tables.officers, '2026-02-01');
  const seen: number[] = [];
  const result = await station.links.decide((clips) => seen.push(clips));
  expect(result.linkedCases).toBe(caseLinks() - without);
  expect(differences()).toEqual([own]);
  expect(seen.at(-1)).toBe(result.clips);
  expect(result.clips).toBeLessThan(day.clips.length * 0.75);
  expect(await station.links.decide()).toMatchObject({ clips: 0 });
});

test('a roster that changes other things of the same people sets off nothing', async () => {
  await importOfficers(station, day.tables.officers.replaceAll('路面执法', '内勤'), '2026-03-01');
  expect(await station.links.decide()).toMatchObject({ clips: 0 });
});

test('when the renewal is taken back, its links are found outdated, and a person’s word stands', async () => {
  const linked = linksIn(station);
  const ofPerson = [...linked].find(([, number]) => number !== undefined)?.[0] ?? '';
  const number = linked.get(ofPerson) ?? '';
  await station.links.link({ clips: [ofPerson], target: 'case', number, reason: 'seen', actor });
  const { nextSeq } = station.context.registry;
  for (const { import: id, effectiveFrom } of station.context.registry.people.imports()) {
    if (effectiveFrom >= '2026-02-01') await station.roster.undo({ import: id, reason: 'x', actor });
  }
  const result = await station.links.decide();
  expect(renewal).not.toBe('');
  expect(result.outdated).toBeGreaterThan(10);
  expect(linksIn(station)).toEqual(linked);
  const raised: unknown[] = [];
  for await (const { record } of station.context.ledger.replay(nextSeq)) {
    if (record.type === 'finding-raised') raised.push(record.subject);
  }
  expect(raised).toHaveLength(result.outdated);
  expect(raised).not.toContain(ofPerson);
  expect(await station.links.decide()).toMatchObject({ clips: 0 });
});
